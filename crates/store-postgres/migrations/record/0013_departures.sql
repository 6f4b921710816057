-- A customer's departure is an adjustment of its own.
ALTER TABLE adjustment DROP CONSTRAINT adjustment_kind_check;
ALTER TABLE adjustment ADD CONSTRAINT adjustment_kind_check
  CHECK (kind IN ('refund', 'chargeback', 'correction', 'departure'));
