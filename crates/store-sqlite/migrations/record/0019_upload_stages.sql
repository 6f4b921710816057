-- Files tell the stages of leads too. SQLite changes no constraint in place.
CREATE TABLE upload_new (
  owner_id BLOB NOT NULL,
  id BLOB NOT NULL,
  program_id BLOB NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('conversions', 'refunds', 'corrections', 'departures', 'stages')),
  name TEXT NOT NULL,
  hash BLOB NOT NULL,
  bytes INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('receiving', 'mapping', 'checking', 'checked', 'committing', 'committed',
    'cancelled')),
  format TEXT NOT NULL,
  header TEXT NOT NULL,
  header_hash BLOB NOT NULL,
  mapping TEXT NOT NULL,
  version INTEGER NOT NULL,
  row_count INTEGER NOT NULL,
  done INTEGER NOT NULL,
  counts TEXT NOT NULL,
  preview TEXT,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  committed_by TEXT,
  committed_at INTEGER,
  finished_at INTEGER,
  rows_gone INTEGER NOT NULL,
  PRIMARY KEY (owner_id, id)
) STRICT;
INSERT INTO upload_new (owner_id, id, program_id, kind, name, hash, bytes, state, format, header, header_hash, mapping, version,
  row_count, done, counts, preview, created_at, created_by, committed_by, committed_at, finished_at, rows_gone)
  SELECT owner_id, id, program_id, kind, name, hash, bytes, state, format, header, header_hash, mapping, version,
  row_count, done, counts, preview, created_at, created_by, committed_by, committed_at, finished_at, rows_gone FROM upload;
DROP TABLE upload;
ALTER TABLE upload_new RENAME TO upload;
CREATE INDEX upload_by_hash ON upload (owner_id, program_id, hash);
CREATE INDEX upload_by_state ON upload (state, id);
CREATE INDEX upload_by_rows ON upload (rows_gone, created_at);
-- The number that was told of a lead's company: what a partner says of it makes no company's key.
ALTER TABLE lead ADD COLUMN company_number TEXT;
CREATE INDEX lead_of_number ON lead (owner_id, company_number);
