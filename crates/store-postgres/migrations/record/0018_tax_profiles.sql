-- What partners are for tax, one row per version; the newest that nothing took the place of is in
-- use. Sealed, since it holds addresses and numbers of persons.
CREATE TABLE tax_profile (
  partner_id BYTEA NOT NULL REFERENCES partner (id),
  id BYTEA NOT NULL,
  sealed BYTEA NOT NULL,
  created_at BIGINT NOT NULL,
  created_by TEXT NOT NULL,
  replaced_at BIGINT,
  PRIMARY KEY (partner_id, id)
);

-- What a register of VAT numbers answered to an owner.
CREATE TABLE vat_answer (
  owner_id BYTEA NOT NULL,
  id BYTEA NOT NULL,
  partner_id BYTEA NOT NULL REFERENCES partner (id),
  number TEXT NOT NULL,
  valid BIGINT NOT NULL,
  registered_name TEXT,
  reference TEXT,
  asked_on BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by TEXT NOT NULL,
  PRIMARY KEY (owner_id, id)
);
CREATE INDEX vat_answer_by_partner ON vat_answer (owner_id, partner_id, id);
