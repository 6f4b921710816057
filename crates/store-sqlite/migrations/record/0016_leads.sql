-- How a program takes leads, and how far a deal can come there.
CREATE TABLE lead_settings (
  owner_id BLOB NOT NULL,
  program_id BLOB NOT NULL,
  settings TEXT NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (owner_id, program_id)
) STRICT;

-- A person or company in the pipeline. Contact and note are personal data, and only here.
CREATE TABLE lead (
  owner_id BLOB NOT NULL,
  id BLOB NOT NULL,
  program_id BLOB NOT NULL,
  partnership_id BLOB,
  partner_id BLOB,
  source TEXT NOT NULL CHECK (source IN ('partner', 'manager', 'api')),
  state TEXT NOT NULL CHECK (state IN ('registered', 'review', 'refused', 'ended')),
  answer TEXT NOT NULL,
  company TEXT NOT NULL,
  contact_name TEXT,
  contact_email TEXT,
  contact_phone TEXT,
  note TEXT,
  account_id BLOB,
  mail_key TEXT,
  customer TEXT,
  value INTEGER,
  currency TEXT NOT NULL,
  expected_on INTEGER,
  stage TEXT,
  qualification TEXT NOT NULL,
  grade TEXT,
  registered_at INTEGER NOT NULL,
  protected_until INTEGER,
  ended_at INTEGER,
  steps INTEGER NOT NULL,
  PRIMARY KEY (owner_id, id)
) STRICT;
CREATE INDEX lead_of_program ON lead (owner_id, program_id, id);
CREATE INDEX lead_of_partner ON lead (partner_id, id);
CREATE INDEX lead_of_account ON lead (owner_id, account_id);
CREATE INDEX lead_of_mail ON lead (owner_id, mail_key);

-- What happened to a lead: appended to, never edited.
CREATE TABLE lead_step (
  owner_id BLOB NOT NULL,
  lead_id BLOB NOT NULL,
  seq INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('stage', 'qualification', 'answer', 'changed')),
  value TEXT NOT NULL,
  reason TEXT,
  at INTEGER NOT NULL,
  told_at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  conversions TEXT NOT NULL,
  PRIMARY KEY (owner_id, lead_id, seq)
) STRICT;
