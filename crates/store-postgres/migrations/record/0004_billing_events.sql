-- Billing systems that tell what customers paid; the id is the integration's. `sealed` holds
-- secrets.
CREATE TABLE billing_source (
  owner_id BYTEA NOT NULL,
  id BYTEA NOT NULL UNIQUE,
  program_id BYTEA NOT NULL REFERENCES program (id),
  kind TEXT NOT NULL CHECK (kind IN ('stripe')),
  name TEXT NOT NULL,
  settings TEXT NOT NULL,
  sealed BYTEA NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (owner_id, id)
);

-- Each of their events once. The body is sealed, since it names people, and kept while something
-- of it waits.
CREATE TABLE billing_event (
  owner_id BYTEA NOT NULL,
  source_id BYTEA NOT NULL,
  event_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  occurred_at BIGINT NOT NULL,
  received_at BIGINT NOT NULL,
  body BYTEA,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'settled', 'left')),
  reason TEXT,
  attempts BIGINT NOT NULL,
  next_at BIGINT NOT NULL,
  PRIMARY KEY (owner_id, source_id, event_id)
);
CREATE INDEX billing_event_by_next ON billing_event (state, next_at);

-- What events told of ids that later ones name.
CREATE TABLE billing_known (
  owner_id BYTEA NOT NULL,
  source_id BYTEA NOT NULL,
  known_key TEXT NOT NULL,
  at BIGINT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (owner_id, source_id, known_key)
);
