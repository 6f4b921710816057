-- Requests that came with an Idempotency-Key, and their first answers.
CREATE TABLE request_key (
  owner_id BLOB NOT NULL REFERENCES organisation (id),
  integration_id BLOB NOT NULL,
  request_key TEXT NOT NULL,
  attempt BLOB NOT NULL,
  content_hash BLOB NOT NULL,
  begun_at INTEGER NOT NULL,
  effected INTEGER NOT NULL,
  subject TEXT,
  status INTEGER,
  answer BLOB,
  PRIMARY KEY (owner_id, integration_id, request_key)
) STRICT;
CREATE INDEX request_key_by_age ON request_key (begun_at);
