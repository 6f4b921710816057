-- What visitors said about a click, under a hash of its id: that they took their consent back, so
-- that the id earns nothing any more; or that they agree, when that came before the click itself.
CREATE TABLE told_consent (
  click_hash BYTEA NOT NULL PRIMARY KEY,
  state TEXT NOT NULL CHECK (state IN ('granted', 'denied')),
  previous_click BYTEA,
  forget_at BIGINT NOT NULL
);
CREATE INDEX told_consent_by_age ON told_consent (forget_at);
