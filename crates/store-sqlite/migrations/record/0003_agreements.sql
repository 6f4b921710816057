-- What plans count (tiers, caps, firsts, bonuses): changed under the owner's head, by adding.
CREATE TABLE counter (
  owner_id BLOB NOT NULL,
  program_id BLOB NOT NULL,
  counter_key TEXT NOT NULL,
  value INTEGER NOT NULL,
  PRIMARY KEY (owner_id, program_id, counter_key)
) STRICT;

-- What it gave back to counters: JSON.
ALTER TABLE adjustment ADD COLUMN counted TEXT;

-- What a commission is where it is not what a rule pays of its conversion, and because of which
-- other commission.
ALTER TABLE commission ADD COLUMN basis TEXT CHECK (basis IN ('tier', 'recruiting', 'bonus',
  'prize'));
ALTER TABLE commission ADD COLUMN source_id BLOB;

-- What terms hang on: tags (JSON), the plan's option that was chosen, the how manieth of the
-- program, and the partnership that recruited it.
ALTER TABLE partnership ADD COLUMN tags TEXT;
ALTER TABLE partnership ADD COLUMN plan_option TEXT;
ALTER TABLE partnership ADD COLUMN number INTEGER;
ALTER TABLE partnership ADD COLUMN recruiter_id BLOB;
UPDATE partnership SET number = (
  SELECT count(*) FROM partnership AS before
  WHERE before.program_id = partnership.program_id AND before.joined_at IS NOT NULL
    AND (before.joined_at < partnership.joined_at
      OR (before.joined_at = partnership.joined_at AND before.id <= partnership.id))
) WHERE joined_at IS NOT NULL;
