-- Written by ingest alone; no transaction spans this and the record.

CREATE TABLE touch (
  click_id BYTEA NOT NULL PRIMARY KEY,
  link_number BIGINT NOT NULL,
  at BIGINT NOT NULL,
  consent TEXT NOT NULL CHECK (consent IN ('granted', 'denied', 'unknown')),
  device TEXT NOT NULL,
  country TEXT,
  referrer TEXT,
  sub_ids TEXT,
  previous_click BYTEA,
  expires_at BIGINT NOT NULL,
  test BIGINT NOT NULL
);
CREATE INDEX touch_by_expiry ON touch (expires_at);

-- The first eight bytes of a visitor's key suffice within a link and day, and halve the rows.
CREATE TABLE unique_visit (
  local_day BIGINT NOT NULL,
  link_number BIGINT NOT NULL,
  visitor BIGINT NOT NULL,
  PRIMARY KEY (local_day, link_number, visitor)
);

-- Clicks per link and local hour: hour = hours since 1970 on the program's wall clock.
CREATE TABLE clicks_hourly (
  owner_id BYTEA NOT NULL,
  program_id BYTEA NOT NULL,
  local_hour BIGINT NOT NULL,
  partner_id BYTEA NOT NULL,
  link_id BYTEA NOT NULL,
  clicks BIGINT NOT NULL,
  unique_clicks BIGINT NOT NULL,
  machine_clicks BIGINT NOT NULL,
  PRIMARY KEY (owner_id, program_id, local_hour, partner_id, link_id)
);
CREATE INDEX clicks_hourly_by_partner ON clicks_hourly (partner_id, local_hour);

CREATE TABLE spool_offset (
  node BIGINT NOT NULL PRIMARY KEY,
  segment BIGINT NOT NULL,
  byte BIGINT NOT NULL,
  entries BIGINT NOT NULL,
  at BIGINT NOT NULL
);

-- Moments when a node lost clicks: a good id of such a moment has no record.
CREATE TABLE click_loss (
  node BIGINT NOT NULL,
  lost_from BIGINT NOT NULL,
  lost_until BIGINT NOT NULL,
  count BIGINT NOT NULL,
  PRIMARY KEY (node, lost_from)
);
