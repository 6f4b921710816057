-- What partners are for tax, one row per version; the newest that nothing took the place of is in
-- use. Sealed, since it holds addresses and numbers of persons.
CREATE TABLE tax_profile (
  partner_id BLOB NOT NULL REFERENCES partner (id),
  id BLOB NOT NULL,
  sealed BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  replaced_at INTEGER,
  PRIMARY KEY (partner_id, id)
) STRICT;

-- What a register of VAT numbers answered to an owner.
CREATE TABLE vat_answer (
  owner_id BLOB NOT NULL,
  id BLOB NOT NULL,
  partner_id BLOB NOT NULL REFERENCES partner (id),
  number TEXT NOT NULL,
  valid INTEGER NOT NULL,
  registered_name TEXT,
  reference TEXT,
  asked_on INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  PRIMARY KEY (owner_id, id)
) STRICT;
CREATE INDEX vat_answer_by_partner ON vat_answer (owner_id, partner_id, id);
