-- The companies that customers buy for, what each is known by, and who buys for it.
CREATE TABLE account (
  owner_id BLOB NOT NULL,
  id BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (owner_id, id)
) STRICT;
CREATE TABLE account_key (
  owner_id BLOB NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('id', 'number', 'domain')),
  value TEXT NOT NULL,
  account_id BLOB NOT NULL,
  PRIMARY KEY (owner_id, kind, value)
) STRICT;
CREATE INDEX account_key_of ON account_key (owner_id, account_id);
CREATE TABLE account_member (
  owner_id BLOB NOT NULL,
  customer_id BLOB NOT NULL,
  account_id BLOB NOT NULL,
  joined_at INTEGER NOT NULL,
  joined_by TEXT NOT NULL CHECK (joined_by IN ('domain', 'number', 'id', 'person')),
  PRIMARY KEY (owner_id, customer_id)
) STRICT;
CREATE INDEX account_member_of ON account_member (owner_id, account_id);

-- The keyed hashes of mail addresses that customers were reported with.
CREATE TABLE customer_mail (
  owner_id BLOB NOT NULL,
  mail_key TEXT NOT NULL,
  customer_id BLOB NOT NULL,
  PRIMARY KEY (owner_id, mail_key, customer_id)
) STRICT;
CREATE INDEX customer_mail_of ON customer_mail (owner_id, customer_id);
CREATE INDEX conversion_of_customer ON conversion (owner_id, customer_id);
