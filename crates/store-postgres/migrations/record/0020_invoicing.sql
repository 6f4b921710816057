-- How an owner writes invoices for its partners: its own details (sealed), the standard rate of VAT in
-- its country, and the series of numbers, which has no gap.
CREATE TABLE invoicing (
  owner_id BYTEA NOT NULL PRIMARY KEY,
  sealed BYTEA NOT NULL,
  vat_rate TEXT NOT NULL,
  prefix TEXT NOT NULL,
  next_number BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);

-- That a partner lets an owner write its invoices.
CREATE TABLE self_billing (
  owner_id BYTEA NOT NULL,
  id BYTEA NOT NULL,
  partner_id BYTEA NOT NULL REFERENCES partner (id),
  agreed_on BIGINT NOT NULL,
  agreed_at BIGINT NOT NULL,
  agreed_by TEXT NOT NULL,
  ended_at BIGINT,
  ended_by TEXT,
  PRIMARY KEY (owner_id, id)
);
CREATE INDEX self_billing_by_partner ON self_billing (partner_id, id);

-- Invoices and credit notes written for partners: once, and for good.
CREATE TABLE tax_document (
  owner_id BYTEA NOT NULL,
  id BYTEA NOT NULL,
  position BIGINT NOT NULL,
  number TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('invoice', 'credit_note')),
  payout_id BYTEA NOT NULL,
  program_id BYTEA NOT NULL REFERENCES program (id),
  partner_id BYTEA NOT NULL REFERENCES partner (id),
  corrects_id BYTEA,
  issued_on BIGINT NOT NULL,
  currency TEXT NOT NULL,
  net BIGINT NOT NULL,
  vat BIGINT NOT NULL,
  category TEXT NOT NULL,
  facts BYTEA NOT NULL,
  ubl BYTEA NOT NULL,
  ubl_hash BYTEA NOT NULL,
  pdf BYTEA NOT NULL,
  pdf_hash BYTEA NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (owner_id, id),
  UNIQUE (owner_id, position),
  UNIQUE (owner_id, number)
);
CREATE INDEX tax_document_by_payout ON tax_document (owner_id, payout_id);
CREATE INDEX tax_document_by_partner ON tax_document (partner_id, id);

-- What an owner withholds from payouts, by day; none unless somebody has entered it, with its source.
CREATE TABLE withholding_rule (
  owner_id BYTEA NOT NULL,
  id BYTEA NOT NULL,
  name TEXT NOT NULL,
  country TEXT NOT NULL,
  persons TEXT NOT NULL,
  number_kind TEXT,
  has_number BIGINT,
  pays_own_tax BIGINT,
  rate TEXT NOT NULL,
  from_day BIGINT NOT NULL,
  until_day BIGINT,
  source TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by TEXT NOT NULL,
  PRIMARY KEY (owner_id, id)
);
