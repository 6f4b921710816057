-- Mails that have not left yet. `sealed` names people and may hold a code, so it is kept no longer
-- than the mail waits or is looked at.
CREATE TABLE outgoing_mail (
  id BLOB NOT NULL PRIMARY KEY,
  sealed BLOB NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'failed')),
  attempts INTEGER NOT NULL,
  next_at INTEGER NOT NULL,
  expires_at INTEGER,
  reason TEXT,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX outgoing_mail_by_next ON outgoing_mail (state, next_at);
