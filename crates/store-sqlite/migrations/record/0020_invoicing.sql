-- How an owner writes invoices for its partners: its own details (sealed), the standard rate of VAT in
-- its country, and the series of numbers, which has no gap.
CREATE TABLE invoicing (
  owner_id BLOB NOT NULL PRIMARY KEY,
  sealed BLOB NOT NULL,
  vat_rate TEXT NOT NULL,
  prefix TEXT NOT NULL,
  next_number INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;

-- That a partner lets an owner write its invoices.
CREATE TABLE self_billing (
  owner_id BLOB NOT NULL,
  id BLOB NOT NULL,
  partner_id BLOB NOT NULL REFERENCES partner (id),
  agreed_on INTEGER NOT NULL,
  agreed_at INTEGER NOT NULL,
  agreed_by TEXT NOT NULL,
  ended_at INTEGER,
  ended_by TEXT,
  PRIMARY KEY (owner_id, id)
) STRICT;
CREATE INDEX self_billing_by_partner ON self_billing (partner_id, id);

-- Invoices and credit notes written for partners: once, and for good.
CREATE TABLE tax_document (
  owner_id BLOB NOT NULL,
  id BLOB NOT NULL,
  position INTEGER NOT NULL,
  number TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('invoice', 'credit_note')),
  payout_id BLOB NOT NULL,
  program_id BLOB NOT NULL REFERENCES program (id),
  partner_id BLOB NOT NULL REFERENCES partner (id),
  corrects_id BLOB,
  issued_on INTEGER NOT NULL,
  currency TEXT NOT NULL,
  net INTEGER NOT NULL,
  vat INTEGER NOT NULL,
  category TEXT NOT NULL,
  facts BLOB NOT NULL,
  ubl BLOB NOT NULL,
  ubl_hash BLOB NOT NULL,
  pdf BLOB NOT NULL,
  pdf_hash BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (owner_id, id),
  UNIQUE (owner_id, position),
  UNIQUE (owner_id, number)
) STRICT;
CREATE INDEX tax_document_by_payout ON tax_document (owner_id, payout_id);
CREATE INDEX tax_document_by_partner ON tax_document (partner_id, id);

-- What an owner withholds from payouts, by day; none unless somebody has entered it, with its source.
CREATE TABLE withholding_rule (
  owner_id BLOB NOT NULL,
  id BLOB NOT NULL,
  name TEXT NOT NULL,
  country TEXT NOT NULL,
  persons TEXT NOT NULL,
  number_kind TEXT,
  has_number INTEGER,
  pays_own_tax INTEGER,
  rate TEXT NOT NULL,
  from_day INTEGER NOT NULL,
  until_day INTEGER,
  source TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  PRIMARY KEY (owner_id, id)
) STRICT;
