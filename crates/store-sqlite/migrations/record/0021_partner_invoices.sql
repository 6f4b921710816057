-- Invoices that partners wrote themselves, each matched with a payout; the newest that nothing took the
-- place of counts.
CREATE TABLE partner_invoice (
  owner_id BLOB NOT NULL,
  id BLOB NOT NULL,
  payout_id BLOB NOT NULL,
  partner_id BLOB NOT NULL REFERENCES partner (id),
  number TEXT NOT NULL,
  issued_on INTEGER NOT NULL,
  currency TEXT NOT NULL,
  net INTEGER NOT NULL,
  vat INTEGER NOT NULL,
  given_at INTEGER NOT NULL,
  given_by TEXT NOT NULL,
  replaced_at INTEGER,
  PRIMARY KEY (owner_id, id)
) STRICT;
CREATE INDEX partner_invoice_by_payout ON partner_invoice (owner_id, payout_id);
CREATE INDEX partner_invoice_by_partner ON partner_invoice (partner_id, id);
