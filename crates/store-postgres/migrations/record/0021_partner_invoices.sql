-- Invoices that partners wrote themselves, each matched with a payout; the newest that nothing took the
-- place of counts.
CREATE TABLE partner_invoice (
  owner_id BYTEA NOT NULL,
  id BYTEA NOT NULL,
  payout_id BYTEA NOT NULL,
  partner_id BYTEA NOT NULL REFERENCES partner (id),
  number TEXT NOT NULL,
  issued_on BIGINT NOT NULL,
  currency TEXT NOT NULL,
  net BIGINT NOT NULL,
  vat BIGINT NOT NULL,
  given_at BIGINT NOT NULL,
  given_by TEXT NOT NULL,
  replaced_at BIGINT,
  PRIMARY KEY (owner_id, id)
);
CREATE INDEX partner_invoice_by_payout ON partner_invoice (owner_id, payout_id);
CREATE INDEX partner_invoice_by_partner ON partner_invoice (partner_id, id);
