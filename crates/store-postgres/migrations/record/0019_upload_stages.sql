-- Files tell the stages of leads too.
ALTER TABLE upload DROP CONSTRAINT upload_kind_check;
ALTER TABLE upload ADD CONSTRAINT upload_kind_check
  CHECK (kind IN ('conversions', 'refunds', 'corrections', 'departures', 'stages'));
-- The number that was told of a lead's company: what a partner says of it makes no company's key.
ALTER TABLE lead ADD COLUMN company_number TEXT;
CREATE INDEX lead_of_number ON lead (owner_id, company_number);
