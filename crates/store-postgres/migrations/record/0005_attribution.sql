-- How a program gives credit: one row per change, the newest that held at a moment decides. JSON.
CREATE TABLE attribution (
  owner_id BYTEA NOT NULL,
  program_id BYTEA NOT NULL REFERENCES program (id),
  version BIGINT NOT NULL,
  effective_from BIGINT NOT NULL,
  policy TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by TEXT NOT NULL,
  PRIMARY KEY (owner_id, program_id, version)
);

-- The parts in which a customer belongs to several (JSON), and the stages it came to.
ALTER TABLE customer_program ADD COLUMN parts TEXT;
ALTER TABLE customer_program ADD COLUMN lead_at BIGINT;
ALTER TABLE customer_program ADD COLUMN opportunity_at BIGINT;
