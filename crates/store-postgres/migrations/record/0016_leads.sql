-- How a program takes leads, and how far a deal can come there.
CREATE TABLE lead_settings (
  owner_id BYTEA NOT NULL,
  program_id BYTEA NOT NULL,
  settings TEXT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (owner_id, program_id)
);

-- A person or company in the pipeline. Contact and note are personal data, and only here.
CREATE TABLE lead (
  owner_id BYTEA NOT NULL,
  id BYTEA NOT NULL,
  program_id BYTEA NOT NULL,
  partnership_id BYTEA,
  partner_id BYTEA,
  source TEXT NOT NULL CHECK (source IN ('partner', 'manager', 'api')),
  state TEXT NOT NULL CHECK (state IN ('registered', 'review', 'refused', 'ended')),
  answer TEXT NOT NULL,
  company TEXT NOT NULL,
  contact_name TEXT,
  contact_email TEXT,
  contact_phone TEXT,
  note TEXT,
  account_id BYTEA,
  mail_key TEXT,
  customer TEXT,
  value BIGINT,
  currency TEXT NOT NULL,
  expected_on BIGINT,
  stage TEXT,
  qualification TEXT NOT NULL,
  grade TEXT,
  registered_at BIGINT NOT NULL,
  protected_until BIGINT,
  ended_at BIGINT,
  steps BIGINT NOT NULL,
  PRIMARY KEY (owner_id, id)
);
CREATE INDEX lead_of_program ON lead (owner_id, program_id, id);
CREATE INDEX lead_of_partner ON lead (partner_id, id);
CREATE INDEX lead_of_account ON lead (owner_id, account_id);
CREATE INDEX lead_of_mail ON lead (owner_id, mail_key);

-- What happened to a lead: appended to, never edited.
CREATE TABLE lead_step (
  owner_id BYTEA NOT NULL,
  lead_id BYTEA NOT NULL,
  seq BIGINT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('stage', 'qualification', 'answer', 'changed')),
  value TEXT NOT NULL,
  reason TEXT,
  at BIGINT NOT NULL,
  told_at BIGINT NOT NULL,
  actor TEXT NOT NULL,
  conversions TEXT NOT NULL,
  PRIMARY KEY (owner_id, lead_id, seq)
);
