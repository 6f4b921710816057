-- What banks answered: each file once, as it was read. The file itself is not kept, since account
-- statements tell of others too.
CREATE TABLE bank_reply (
  owner_id BLOB NOT NULL,
  id BLOB NOT NULL,
  hash BLOB NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('status_report', 'statement')),
  name TEXT NOT NULL,
  bank_id TEXT NOT NULL,
  reading TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  confirmed_at INTEGER,
  confirmed_by TEXT,
  PRIMARY KEY (owner_id, id),
  UNIQUE (owner_id, hash)
) STRICT;

-- The bank's reference of a payment, and why it refused it or sent it back: a code and its words.
ALTER TABLE payout ADD COLUMN bank_reference TEXT;
ALTER TABLE payout ADD COLUMN bank_code TEXT;
ALTER TABLE payout ADD COLUMN bank_text TEXT;
CREATE INDEX payout_on_its_way ON payout (owner_id, state, id);
