-- Billing systems that tell what customers paid; the id is the integration's. `sealed` holds
-- secrets.
CREATE TABLE billing_source (
  owner_id BLOB NOT NULL,
  id BLOB NOT NULL UNIQUE,
  program_id BLOB NOT NULL REFERENCES program (id),
  kind TEXT NOT NULL CHECK (kind IN ('stripe')),
  name TEXT NOT NULL,
  settings TEXT NOT NULL,
  sealed BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (owner_id, id)
) STRICT;

-- Each of their events once. The body is sealed, since it names people, and kept while something
-- of it waits.
CREATE TABLE billing_event (
  owner_id BLOB NOT NULL,
  source_id BLOB NOT NULL,
  event_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  occurred_at INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  body BLOB,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'settled', 'left')),
  reason TEXT,
  attempts INTEGER NOT NULL,
  next_at INTEGER NOT NULL,
  PRIMARY KEY (owner_id, source_id, event_id)
) STRICT;
CREATE INDEX billing_event_by_next ON billing_event (state, next_at);

-- What events told of ids that later ones name.
CREATE TABLE billing_known (
  owner_id BLOB NOT NULL,
  source_id BLOB NOT NULL,
  known_key TEXT NOT NULL,
  at INTEGER NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (owner_id, source_id, known_key)
) STRICT;
