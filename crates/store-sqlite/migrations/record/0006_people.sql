-- People of an organisation: since when they may no longer come in, what whoever invited them
-- called them, and when they last came in.
ALTER TABLE membership ADD COLUMN disabled_at INTEGER;
ALTER TABLE membership ADD COLUMN invited_as TEXT;
ALTER TABLE app_user ADD COLUMN last_log_in_at INTEGER;

-- Where a partner promotes.
ALTER TABLE partner ADD COLUMN website TEXT;
