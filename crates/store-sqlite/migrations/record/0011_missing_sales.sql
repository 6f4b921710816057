-- The order that a waiting fact is about, so that who asks for it finds it.
ALTER TABLE quarantine ADD COLUMN order_id TEXT;
UPDATE quarantine SET order_id = json_extract(given, '$.order_id');
CREATE INDEX quarantine_by_order ON quarantine (owner_id, program_id, order_id);

-- Mail addresses that conversions were reported with, as hashes that only this installation makes.
CREATE TABLE conversion_mail (
  owner_id BLOB NOT NULL,
  mail_key TEXT NOT NULL,
  conversion_id BLOB NOT NULL,
  PRIMARY KEY (owner_id, mail_key, conversion_id)
) STRICT;

-- When partners asked after sales: so that orders cannot be tried one by one.
CREATE TABLE sale_question (
  partner_id BLOB NOT NULL,
  id BLOB NOT NULL,
  asked_at INTEGER NOT NULL,
  PRIMARY KEY (partner_id, id)
) STRICT;
