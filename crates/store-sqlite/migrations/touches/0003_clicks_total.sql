-- All clicks of a partner in a program: what a plan's condition asks for, without adding up hours.
CREATE TABLE clicks_total (
  owner_id BLOB NOT NULL,
  program_id BLOB NOT NULL,
  partner_id BLOB NOT NULL,
  clicks INTEGER NOT NULL,
  PRIMARY KEY (owner_id, program_id, partner_id)
) STRICT, WITHOUT ROWID;
INSERT INTO clicks_total (owner_id, program_id, partner_id, clicks)
  SELECT owner_id, program_id, partner_id, SUM(clicks) FROM clicks_hourly
  GROUP BY owner_id, program_id, partner_id;
