-- A customer's departure is an adjustment of its own. SQLite changes no constraint in place.
CREATE TABLE adjustment_new (
  owner_id BLOB NOT NULL,
  id BLOB NOT NULL,
  conversion_id BLOB NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('refund', 'chargeback', 'correction', 'departure')),
  business_key TEXT NOT NULL,
  amount INTEGER NOT NULL,
  reason TEXT NOT NULL,
  occurred_at INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  booked_seq INTEGER NOT NULL,
  content_hash BLOB NOT NULL,
  counted TEXT,
  PRIMARY KEY (owner_id, id),
  UNIQUE (owner_id, conversion_id, business_key)
) STRICT;
INSERT INTO adjustment_new (owner_id, id, conversion_id, kind, business_key, amount, reason, occurred_at, received_at,
  booked_seq, content_hash, counted)
  SELECT owner_id, id, conversion_id, kind, business_key, amount, reason, occurred_at, received_at,
  booked_seq, content_hash, counted FROM adjustment;
DROP TABLE adjustment;
ALTER TABLE adjustment_new RENAME TO adjustment;
