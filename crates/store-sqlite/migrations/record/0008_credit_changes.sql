-- Changes of credit that wait for a person, because money was agreed to; the id is the conversion's.
CREATE TABLE credit_change (
  owner_id BLOB NOT NULL,
  id BLOB NOT NULL,
  program_id BLOB NOT NULL REFERENCES program (id),
  proposed_at INTEGER NOT NULL,
  change TEXT NOT NULL,
  PRIMARY KEY (owner_id, id)
) STRICT;
