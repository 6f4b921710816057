-- When a program went live: what was clicked before is of its test, however late it is reported.
ALTER TABLE program ADD COLUMN live_at INTEGER;

-- When a partnership that had joined did not earn, as pairs of times: paused, ended.
ALTER TABLE partnership ADD COLUMN away TEXT;

-- Whose links a host may carry. Hosts that carry links already are their first owner's.
CREATE TABLE link_host (
  host TEXT NOT NULL PRIMARY KEY,
  owner_id BLOB NOT NULL,
  granted_at INTEGER NOT NULL
) STRICT;
INSERT INTO link_host (host, owner_id, granted_at)
  SELECT l.host, l.owner_id, l.created_at FROM link l
  WHERE l.host <> '' AND l.number = (SELECT MIN(m.number) FROM link m WHERE m.host = l.host);
