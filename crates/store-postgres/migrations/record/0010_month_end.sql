-- Up to which day an owner's books are closed, and how many transfers the ledger had then. A lock
-- is never taken back.
CREATE TABLE period_lock (
  owner_id BYTEA NOT NULL,
  id BYTEA NOT NULL,
  through BIGINT NOT NULL,
  transfer_seq BIGINT NOT NULL,
  locked_at BIGINT NOT NULL,
  locked_by TEXT NOT NULL,
  PRIMARY KEY (owner_id, id),
  UNIQUE (owner_id, through)
);

-- How an owner's books are written: accounts by kind (JSON), series of vouchers, the first month of
-- the fiscal year, organisation number.
CREATE TABLE bookkeeping (
  owner_id BYTEA NOT NULL PRIMARY KEY,
  accounts TEXT NOT NULL,
  series TEXT NOT NULL,
  year_month BIGINT NOT NULL,
  organisation_number TEXT,
  updated_at BIGINT NOT NULL
);
