-- Partners ask about money, and are answered by a deadline.
CREATE TABLE inquiry (
  owner_id BYTEA NOT NULL,
  id BYTEA NOT NULL,
  program_id BYTEA NOT NULL REFERENCES program (id),
  partnership_id BYTEA NOT NULL REFERENCES partnership (id),
  partner_id BYTEA NOT NULL REFERENCES partner (id),
  kind TEXT NOT NULL CHECK (kind IN ('missing_sale', 'wrong_amount', 'declined', 'taken_back',
    'late', 'other')),
  state TEXT NOT NULL CHECK (state IN ('open', 'answered', 'waiting', 'accepted', 'refused',
    'disputed', 'settled')),
  order_id TEXT,
  conversion_id BYTEA,
  commission_id BYTEA,
  claimed BIGINT,
  currency TEXT,
  evidence TEXT NOT NULL,
  opened_at BIGINT NOT NULL,
  opened_by TEXT NOT NULL,
  due_at BIGINT,
  reminders BIGINT NOT NULL,
  decided_at BIGINT,
  decided_by TEXT,
  refusal TEXT,
  outcome TEXT CHECK (outcome IN ('credited', 'amount', 'upheld', 'withdrawn')),
  paid_commission_id BYTEA,
  PRIMARY KEY (owner_id, id)
);
CREATE INDEX inquiry_by_partner ON inquiry (partner_id, id);
CREATE INDEX inquiry_by_due ON inquiry (due_at, id);

-- What was said and done, in order.
CREATE TABLE inquiry_message (
  owner_id BYTEA NOT NULL,
  inquiry_id BYTEA NOT NULL,
  number BIGINT NOT NULL,
  at BIGINT NOT NULL,
  side TEXT NOT NULL CHECK (side IN ('partner', 'owner', 'mediator')),
  author TEXT NOT NULL,
  step TEXT NOT NULL CHECK (step IN ('opened', 'reply', 'answer', 'ask', 'accept', 'refuse',
    'dispute', 'uphold', 'withdraw')),
  words TEXT NOT NULL,
  PRIMARY KEY (owner_id, inquiry_id, number)
);
