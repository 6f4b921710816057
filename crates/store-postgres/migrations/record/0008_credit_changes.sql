-- Changes of credit that wait for a person, because money was agreed to; the id is the conversion's.
CREATE TABLE credit_change (
  owner_id BYTEA NOT NULL,
  id BYTEA NOT NULL,
  program_id BYTEA NOT NULL REFERENCES program (id),
  proposed_at BIGINT NOT NULL,
  change TEXT NOT NULL,
  PRIMARY KEY (owner_id, id)
);
