-- Requests that came with an Idempotency-Key, and their first answers.
CREATE TABLE request_key (
  owner_id BYTEA NOT NULL REFERENCES organisation (id),
  integration_id BYTEA NOT NULL,
  request_key TEXT NOT NULL,
  attempt BYTEA NOT NULL,
  content_hash BYTEA NOT NULL,
  begun_at BIGINT NOT NULL,
  effected BIGINT NOT NULL,
  subject TEXT,
  status BIGINT,
  answer BYTEA,
  PRIMARY KEY (owner_id, integration_id, request_key)
);
CREATE INDEX request_key_by_age ON request_key (begun_at);
