-- Written by ingest alone; no transaction spans this and the record.

CREATE TABLE touch (
  click_id BLOB NOT NULL PRIMARY KEY,
  link_number INTEGER NOT NULL,
  at INTEGER NOT NULL,
  consent TEXT NOT NULL CHECK (consent IN ('granted', 'denied', 'unknown')),
  device TEXT NOT NULL,
  country TEXT,
  referrer TEXT,
  sub_ids TEXT,
  previous_click BLOB,
  expires_at INTEGER NOT NULL,
  test INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX touch_by_expiry ON touch (expires_at);

-- The first eight bytes of a visitor's key suffice within a link and day, and halve the rows.
CREATE TABLE unique_visit (
  local_day INTEGER NOT NULL,
  link_number INTEGER NOT NULL,
  visitor INTEGER NOT NULL,
  PRIMARY KEY (local_day, link_number, visitor)
) STRICT, WITHOUT ROWID;

-- Clicks per link and local hour: hour = hours since 1970 on the program's wall clock.
CREATE TABLE clicks_hourly (
  owner_id BLOB NOT NULL,
  program_id BLOB NOT NULL,
  local_hour INTEGER NOT NULL,
  partner_id BLOB NOT NULL,
  link_id BLOB NOT NULL,
  clicks INTEGER NOT NULL,
  unique_clicks INTEGER NOT NULL,
  machine_clicks INTEGER NOT NULL,
  PRIMARY KEY (owner_id, program_id, local_hour, partner_id, link_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX clicks_hourly_by_partner ON clicks_hourly (partner_id, local_hour);

CREATE TABLE spool_offset (
  node INTEGER NOT NULL PRIMARY KEY,
  segment INTEGER NOT NULL,
  byte INTEGER NOT NULL,
  entries INTEGER NOT NULL,
  at INTEGER NOT NULL
) STRICT;

-- Moments when a node lost clicks: a good id of such a moment has no record.
CREATE TABLE click_loss (
  node INTEGER NOT NULL,
  lost_from INTEGER NOT NULL,
  lost_until INTEGER NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (node, lost_from)
) STRICT;
