-- The companies that customers buy for, what each is known by, and who buys for it.
CREATE TABLE account (
  owner_id BYTEA NOT NULL,
  id BYTEA NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (owner_id, id)
);
CREATE TABLE account_key (
  owner_id BYTEA NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('id', 'number', 'domain')),
  value TEXT NOT NULL,
  account_id BYTEA NOT NULL,
  PRIMARY KEY (owner_id, kind, value)
);
CREATE INDEX account_key_of ON account_key (owner_id, account_id);
CREATE TABLE account_member (
  owner_id BYTEA NOT NULL,
  customer_id BYTEA NOT NULL,
  account_id BYTEA NOT NULL,
  joined_at BIGINT NOT NULL,
  joined_by TEXT NOT NULL CHECK (joined_by IN ('domain', 'number', 'id', 'person')),
  PRIMARY KEY (owner_id, customer_id)
);
CREATE INDEX account_member_of ON account_member (owner_id, account_id);

-- The keyed hashes of mail addresses that customers were reported with.
CREATE TABLE customer_mail (
  owner_id BYTEA NOT NULL,
  mail_key TEXT NOT NULL,
  customer_id BYTEA NOT NULL,
  PRIMARY KEY (owner_id, mail_key, customer_id)
);
CREATE INDEX customer_mail_of ON customer_mail (owner_id, customer_id);
CREATE INDEX conversion_of_customer ON conversion (owner_id, customer_id);
