-- Up to which day an owner's books are closed, and how many transfers the ledger had then. A lock
-- is never taken back.
CREATE TABLE period_lock (
  owner_id BLOB NOT NULL,
  id BLOB NOT NULL,
  through INTEGER NOT NULL,
  transfer_seq INTEGER NOT NULL,
  locked_at INTEGER NOT NULL,
  locked_by TEXT NOT NULL,
  PRIMARY KEY (owner_id, id),
  UNIQUE (owner_id, through)
) STRICT;

-- How an owner's books are written: accounts by kind (JSON), series of vouchers, the first month of
-- the fiscal year, organisation number.
CREATE TABLE bookkeeping (
  owner_id BLOB NOT NULL PRIMARY KEY,
  accounts TEXT NOT NULL,
  series TEXT NOT NULL,
  year_month INTEGER NOT NULL,
  organisation_number TEXT,
  updated_at INTEGER NOT NULL
) STRICT;
