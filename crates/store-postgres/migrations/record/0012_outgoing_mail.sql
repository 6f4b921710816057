-- Mails that have not left yet. `sealed` names people and may hold a code, so it is kept no longer
-- than the mail waits or is looked at.
CREATE TABLE outgoing_mail (
  id BYTEA NOT NULL PRIMARY KEY,
  sealed BYTEA NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'failed')),
  attempts BIGINT NOT NULL,
  next_at BIGINT NOT NULL,
  expires_at BIGINT,
  reason TEXT,
  created_at BIGINT NOT NULL
);
CREATE INDEX outgoing_mail_by_next ON outgoing_mail (state, next_at);
