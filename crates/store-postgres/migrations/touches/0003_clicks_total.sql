-- All clicks of a partner in a program: what a plan's condition asks for, without adding up hours.
CREATE TABLE clicks_total (
  owner_id BYTEA NOT NULL,
  program_id BYTEA NOT NULL,
  partner_id BYTEA NOT NULL,
  clicks BIGINT NOT NULL,
  PRIMARY KEY (owner_id, program_id, partner_id)
);
INSERT INTO clicks_total (owner_id, program_id, partner_id, clicks)
  SELECT owner_id, program_id, partner_id, CAST(SUM(clicks) AS BIGINT) FROM clicks_hourly
  GROUP BY owner_id, program_id, partner_id;
