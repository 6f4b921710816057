-- Files with rows that somebody sent. The rows stand sealed in chunks until they are committed or the
-- upload is some days old; what became of each stays.
CREATE TABLE upload (
  owner_id BYTEA NOT NULL,
  id BYTEA NOT NULL,
  program_id BYTEA NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('conversions', 'refunds', 'corrections', 'departures')),
  name TEXT NOT NULL,
  hash BYTEA NOT NULL,
  bytes BIGINT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('receiving', 'mapping', 'checking', 'checked', 'committing', 'committed',
    'cancelled')),
  format TEXT NOT NULL,
  header TEXT NOT NULL,
  header_hash BYTEA NOT NULL,
  mapping TEXT NOT NULL,
  version BIGINT NOT NULL,
  row_count BIGINT NOT NULL,
  done BIGINT NOT NULL,
  counts TEXT NOT NULL,
  preview TEXT,
  created_at BIGINT NOT NULL,
  created_by TEXT NOT NULL,
  committed_by TEXT,
  committed_at BIGINT,
  finished_at BIGINT,
  rows_gone BIGINT NOT NULL,
  PRIMARY KEY (owner_id, id)
);
CREATE INDEX upload_by_hash ON upload (owner_id, program_id, hash);
CREATE INDEX upload_by_state ON upload (state, id);
CREATE INDEX upload_by_rows ON upload (rows_gone, created_at);

-- Rows from `first_row` on, sealed, and what the preview has to say of those that are not ready.
CREATE TABLE upload_chunk (
  owner_id BYTEA NOT NULL,
  upload_id BYTEA NOT NULL,
  first_row BIGINT NOT NULL,
  row_count BIGINT NOT NULL,
  content BYTEA NOT NULL,
  notes TEXT,
  outcomes TEXT,
  PRIMARY KEY (owner_id, upload_id, first_row)
);

-- What became of rows from `first_row` on.
CREATE TABLE upload_result (
  owner_id BYTEA NOT NULL,
  upload_id BYTEA NOT NULL,
  first_row BIGINT NOT NULL,
  row_count BIGINT NOT NULL,
  notes TEXT NOT NULL,
  outcomes TEXT NOT NULL,
  PRIMARY KEY (owner_id, upload_id, first_row)
);

-- How a program's files with this header were read last.
CREATE TABLE upload_mapping (
  owner_id BYTEA NOT NULL,
  program_id BYTEA NOT NULL,
  kind TEXT NOT NULL,
  header_hash BYTEA NOT NULL,
  mapping TEXT NOT NULL,
  used_at BIGINT NOT NULL,
  PRIMARY KEY (owner_id, program_id, kind, header_hash)
);
