-- Every key begins with the owner. Money and time are integers (minor units, microseconds UTC),
-- ids 16 bytes, enums text with a check, JSON text. Tables without an owner are installation-wide.

CREATE TABLE install (
  name TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
);

-- Numbers that must not repeat or leave gaps; the row is the lock.
CREATE TABLE sequence (
  name TEXT NOT NULL PRIMARY KEY,
  next BIGINT NOT NULL
);

CREATE TABLE organisation (
  id BYTEA NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  country TEXT NOT NULL,
  created_at BIGINT NOT NULL
);

CREATE TABLE app_user (
  id BYTEA NOT NULL PRIMARY KEY,
  email TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  language TEXT NOT NULL CHECK (language IN ('en', 'da', 'sv', 'id')),
  password_hash TEXT,
  created_at BIGINT NOT NULL,
  disabled_at BIGINT
);

CREATE TABLE membership (
  owner_id BYTEA NOT NULL REFERENCES organisation (id),
  user_id BYTEA NOT NULL REFERENCES app_user (id),
  role TEXT NOT NULL CHECK (role IN ('administrator', 'manager', 'finance', 'viewer')),
  created_at BIGINT NOT NULL,
  PRIMARY KEY (owner_id, user_id)
);
CREATE INDEX membership_by_user ON membership (user_id);

CREATE TABLE partner (
  id BYTEA NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('content', 'review', 'technology', 'consultant', 'creator',
    'network', 'customer', 'aggregator', 'brand')),
  email TEXT NOT NULL,
  country TEXT NOT NULL,
  language TEXT NOT NULL CHECK (language IN ('en', 'da', 'sv', 'id')),
  created_at BIGINT NOT NULL
);
CREATE INDEX partner_by_email ON partner (email);

CREATE TABLE partner_user (
  partner_id BYTEA NOT NULL REFERENCES partner (id),
  user_id BYTEA NOT NULL REFERENCES app_user (id),
  created_at BIGINT NOT NULL,
  PRIMARY KEY (partner_id, user_id)
);
CREATE INDEX partner_user_by_user ON partner_user (user_id);

CREATE TABLE program (
  owner_id BYTEA NOT NULL REFERENCES organisation (id),
  id BYTEA NOT NULL UNIQUE,
  public_key TEXT NOT NULL UNIQUE,
  mode TEXT NOT NULL CHECK (mode IN ('test', 'live')),
  name TEXT NOT NULL,
  currency TEXT NOT NULL,
  time_zone TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('active', 'paused', 'closed')),
  consent_mode TEXT NOT NULL CHECK (consent_mode IN ('required', 'not_required')),
  consent_basis TEXT,
  landing_url TEXT NOT NULL,
  fallback_url TEXT,
  allowed_domains TEXT NOT NULL,
  link_parameters TEXT NOT NULL,
  click_parameter TEXT NOT NULL,
  cookie_domain TEXT,
  window_days BIGINT NOT NULL,
  coupon_over_click BIGINT NOT NULL,
  hold_days BIGINT NOT NULL,
  approve_after_hold BIGINT NOT NULL,
  payout_minimum BIGINT NOT NULL,
  payout_day BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (owner_id, id)
);

CREATE TABLE plan (
  owner_id BYTEA NOT NULL,
  id BYTEA NOT NULL,
  program_id BYTEA NOT NULL REFERENCES program (id),
  version BIGINT NOT NULL,
  effective_from BIGINT NOT NULL,
  document TEXT NOT NULL,
  hash BYTEA NOT NULL,
  created_at BIGINT NOT NULL,
  created_by TEXT NOT NULL,
  PRIMARY KEY (owner_id, id),
  UNIQUE (owner_id, program_id, version)
);

CREATE TABLE partnership (
  owner_id BYTEA NOT NULL,
  id BYTEA NOT NULL UNIQUE,
  program_id BYTEA NOT NULL REFERENCES program (id),
  partner_id BYTEA NOT NULL REFERENCES partner (id),
  status TEXT NOT NULL CHECK (status IN ('invited', 'applied', 'active', 'paused', 'ended',
    'declined')),
  code TEXT NOT NULL,
  partner_group TEXT,
  joined_at BIGINT,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (owner_id, id),
  UNIQUE (owner_id, program_id, partner_id),
  UNIQUE (owner_id, program_id, code)
);
CREATE INDEX partnership_by_partner ON partnership (partner_id, id);

CREATE TABLE link (
  owner_id BYTEA NOT NULL,
  id BYTEA NOT NULL UNIQUE,
  number BIGINT NOT NULL UNIQUE,
  program_id BYTEA NOT NULL REFERENCES program (id),
  partnership_id BYTEA NOT NULL REFERENCES partnership (id),
  partner_id BYTEA NOT NULL REFERENCES partner (id),
  host TEXT NOT NULL,
  path TEXT NOT NULL,
  destination TEXT,
  campaign TEXT,
  method TEXT,
  status TEXT NOT NULL CHECK (status IN ('active', 'disabled')),
  created_at BIGINT NOT NULL,
  PRIMARY KEY (owner_id, id),
  UNIQUE (host, path)
);
CREATE INDEX link_by_partner ON link (partner_id, id);
CREATE INDEX link_by_partnership ON link (partnership_id, number);

CREATE TABLE coupon (
  owner_id BYTEA NOT NULL,
  id BYTEA NOT NULL,
  program_id BYTEA NOT NULL REFERENCES program (id),
  partnership_id BYTEA NOT NULL REFERENCES partnership (id),
  partner_id BYTEA NOT NULL REFERENCES partner (id),
  code TEXT NOT NULL,
  code_key TEXT NOT NULL,
  valid_from BIGINT,
  valid_until BIGINT,
  status TEXT NOT NULL CHECK (status IN ('active', 'disabled')),
  created_at BIGINT NOT NULL,
  PRIMARY KEY (owner_id, id),
  UNIQUE (owner_id, program_id, code_key)
);
CREATE INDEX coupon_by_partner ON coupon (partner_id, id);

-- What the edge must hear of, in one gapless order.
CREATE TABLE snapshot_change (
  seq BIGINT NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('program', 'link', 'partnership', 'keys')),
  id BYTEA NOT NULL,
  at BIGINT NOT NULL
);

CREATE TABLE click_key (
  id BIGINT NOT NULL PRIMARY KEY,
  sealed BYTEA NOT NULL,
  minting BIGINT NOT NULL,
  verify_until BIGINT,
  created_at BIGINT NOT NULL
);

CREATE TABLE integration (
  owner_id BYTEA NOT NULL,
  id BYTEA NOT NULL,
  name TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (owner_id, id),
  UNIQUE (owner_id, name)
);

CREATE TABLE api_key (
  owner_id BYTEA NOT NULL,
  id BYTEA NOT NULL,
  integration_id BYTEA NOT NULL,
  name TEXT NOT NULL,
  shown TEXT NOT NULL,
  hash BYTEA NOT NULL UNIQUE,
  scopes TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT,
  last_used_at BIGINT,
  revoked_at BIGINT,
  PRIMARY KEY (owner_id, id)
);

CREATE TABLE session (
  hash BYTEA NOT NULL PRIMARY KEY,
  user_id BYTEA NOT NULL REFERENCES app_user (id),
  csrf TEXT NOT NULL,
  agent TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  last_seen_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX session_by_user ON session (user_id);

CREATE TABLE login_code (
  hash BYTEA NOT NULL PRIMARY KEY,
  user_id BYTEA NOT NULL REFERENCES app_user (id),
  code_hash BYTEA NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  attempts BIGINT NOT NULL,
  used_at BIGINT
);

-- The customer a visitor turns out to be. Opaque: what is personal lives in person rows.
CREATE TABLE customer (
  owner_id BYTEA NOT NULL,
  id BYTEA NOT NULL,
  external_id TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (owner_id, id),
  UNIQUE (owner_id, external_id)
);

-- What evaluation counts per customer of a program, and whose customer it is. Locked by decisions.
CREATE TABLE customer_program (
  owner_id BYTEA NOT NULL,
  program_id BYTEA NOT NULL,
  customer_id BYTEA NOT NULL,
  partnership_id BYTEA,
  assigned_at BIGINT,
  first_payment_at BIGINT,
  payments BIGINT NOT NULL,
  leads BIGINT NOT NULL,
  PRIMARY KEY (owner_id, program_id, customer_id)
);

CREATE TABLE customer_click (
  owner_id BYTEA NOT NULL,
  customer_id BYTEA NOT NULL,
  click_id BYTEA NOT NULL,
  seen_at BIGINT NOT NULL,
  PRIMARY KEY (owner_id, customer_id, click_id)
);

-- One row per owner, locked by every decision: the heads of its gapless series and its tree.
CREATE TABLE owner_head (
  owner_id BYTEA NOT NULL PRIMARY KEY REFERENCES organisation (id),
  booked_seq BIGINT NOT NULL,
  transfer_seq BIGINT NOT NULL,
  outbox_seq BIGINT NOT NULL,
  frontier BYTEA NOT NULL
);

-- A delivery key's first answer.
CREATE TABLE delivery (
  owner_id BYTEA NOT NULL,
  integration_id BYTEA NOT NULL,
  delivery_key TEXT NOT NULL,
  content_format BIGINT NOT NULL,
  content_hash BYTEA NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('applied', 'duplicate', 'quarantined')),
  subject_id BYTEA NOT NULL,
  received_at BIGINT NOT NULL,
  PRIMARY KEY (owner_id, integration_id, delivery_key)
);

CREATE TABLE conversion (
  owner_id BYTEA NOT NULL,
  id BYTEA NOT NULL,
  program_id BYTEA NOT NULL,
  type TEXT NOT NULL,
  business_key TEXT NOT NULL,
  integration_id BYTEA NOT NULL,
  occurred_at BIGINT NOT NULL,
  received_at BIGINT NOT NULL,
  booked_seq BIGINT NOT NULL,
  currency TEXT NOT NULL,
  amount BIGINT NOT NULL,
  net_amount BIGINT,
  quantity BIGINT NOT NULL,
  returned_amount BIGINT NOT NULL,
  customer_id BYTEA,
  click_id BYTEA,
  coupon_id BYTEA,
  status TEXT NOT NULL CHECK (status IN ('pending', 'approved', 'declined', 'reversed',
    'uncredited', 'held')),
  content_format BIGINT NOT NULL,
  content_hash BYTEA NOT NULL,
  given TEXT NOT NULL,
  journey TEXT NOT NULL,
  test BIGINT NOT NULL,
  PRIMARY KEY (owner_id, id),
  UNIQUE (owner_id, program_id, type, business_key)
);
CREATE INDEX conversion_by_click ON conversion (click_id, owner_id);

-- A refund, chargeback or correction: its own call, its own key, never an edit.
CREATE TABLE adjustment (
  owner_id BYTEA NOT NULL,
  id BYTEA NOT NULL,
  conversion_id BYTEA NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('refund', 'chargeback', 'correction')),
  business_key TEXT NOT NULL,
  amount BIGINT NOT NULL,
  reason TEXT NOT NULL,
  occurred_at BIGINT NOT NULL,
  received_at BIGINT NOT NULL,
  booked_seq BIGINT NOT NULL,
  content_hash BYTEA NOT NULL,
  PRIMARY KEY (owner_id, id),
  UNIQUE (owner_id, conversion_id, business_key)
);

CREATE TABLE commission (
  owner_id BYTEA NOT NULL,
  id BYTEA NOT NULL,
  conversion_id BYTEA NOT NULL,
  program_id BYTEA NOT NULL,
  partnership_id BYTEA NOT NULL,
  partner_id BYTEA NOT NULL,
  link_id BYTEA,
  plan_id BYTEA NOT NULL,
  rule_id TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('pending', 'approved', 'declined', 'reversed', 'payable',
    'paid')),
  currency TEXT NOT NULL,
  amount BIGINT NOT NULL,
  reversed_amount BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  occurred_at BIGINT NOT NULL,
  local_day BIGINT NOT NULL,
  event TEXT NOT NULL,
  booked_seq BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  record TEXT NOT NULL,
  reason TEXT,
  payout_id BYTEA,
  test BIGINT NOT NULL,
  PRIMARY KEY (owner_id, id)
);
CREATE INDEX commission_by_conversion ON commission (owner_id, conversion_id);
CREATE INDEX commission_by_partner ON commission (partner_id, id);
CREATE INDEX commission_by_due ON commission (owner_id, state, due_at);
CREATE INDEX commission_by_payout ON commission (owner_id, payout_id);

-- The ledger. `canonical` is the truth; the other columns find it. Append-only.
CREATE TABLE transfer (
  owner_id BYTEA NOT NULL,
  seq BIGINT NOT NULL,
  id BYTEA NOT NULL,
  kind TEXT NOT NULL,
  subject_id BYTEA NOT NULL,
  booked_at BIGINT NOT NULL,
  canonical BYTEA NOT NULL,
  PRIMARY KEY (owner_id, seq),
  UNIQUE (owner_id, id)
);
CREATE INDEX transfer_by_subject ON transfer (owner_id, subject_id);

CREATE TABLE ledger_account (
  owner_id BYTEA NOT NULL,
  id BYTEA NOT NULL,
  kind TEXT NOT NULL,
  program_id BYTEA,
  partner_id BYTEA,
  currency TEXT NOT NULL,
  balance BIGINT NOT NULL,
  PRIMARY KEY (owner_id, id)
);
CREATE INDEX ledger_account_by_partner ON ledger_account (partner_id, kind);

-- Complete subtrees of the owner's tree, from the level named in the code upwards.
CREATE TABLE tree_node (
  owner_id BYTEA NOT NULL,
  level BIGINT NOT NULL,
  position BIGINT NOT NULL,
  hash BYTEA NOT NULL,
  PRIMARY KEY (owner_id, level, position)
);

CREATE TABLE signed_head (
  owner_id BYTEA NOT NULL,
  size BIGINT NOT NULL,
  root BYTEA NOT NULL,
  at BIGINT NOT NULL,
  key_id BYTEA NOT NULL,
  signature BYTEA NOT NULL,
  PRIMARY KEY (owner_id, size)
);

-- Rollup: exact, kept in the decision's transaction, recounted by verify.
CREATE TABLE daily (
  owner_id BYTEA NOT NULL,
  program_id BYTEA NOT NULL,
  local_day BIGINT NOT NULL,
  currency TEXT NOT NULL,
  partner_id BYTEA NOT NULL,
  link_id BYTEA NOT NULL,
  event TEXT NOT NULL,
  state TEXT NOT NULL,
  conversions BIGINT NOT NULL,
  amount BIGINT NOT NULL,
  commission BIGINT NOT NULL,
  PRIMARY KEY (owner_id, program_id, local_day, currency, partner_id, link_id, event, state)
);
CREATE INDEX daily_by_partner ON daily (partner_id, local_day);

-- received = applied + duplicate + refused + quarantined + pending, per owner and UTC day.
CREATE TABLE intake (
  owner_id BYTEA NOT NULL,
  utc_day BIGINT NOT NULL,
  outcome TEXT NOT NULL,
  count BIGINT NOT NULL,
  PRIMARY KEY (owner_id, utc_day, outcome)
);

CREATE TABLE quarantine (
  owner_id BYTEA NOT NULL,
  id BYTEA NOT NULL,
  program_id BYTEA NOT NULL,
  integration_id BYTEA NOT NULL,
  received_at BIGINT NOT NULL,
  reason TEXT NOT NULL,
  given TEXT NOT NULL,
  conversion_id BYTEA,
  status TEXT NOT NULL CHECK (status IN ('waiting', 'replayed', 'dismissed')),
  settled_at BIGINT,
  settled_by TEXT,
  PRIMARY KEY (owner_id, id)
);
CREATE INDEX quarantine_waiting ON quarantine (owner_id, status, id);

CREATE TABLE outbox (
  owner_id BYTEA NOT NULL,
  seq BIGINT NOT NULL,
  id BYTEA NOT NULL,
  type TEXT NOT NULL,
  version BIGINT NOT NULL,
  occurred_at BIGINT NOT NULL,
  aggregate_id BYTEA NOT NULL,
  data TEXT NOT NULL,
  PRIMARY KEY (owner_id, seq)
);

CREATE TABLE audit (
  owner_id BYTEA NOT NULL,
  id BYTEA NOT NULL,
  at BIGINT NOT NULL,
  actor_kind TEXT NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  detail TEXT NOT NULL,
  PRIMARY KEY (owner_id, id)
);

-- Conversions that a late touch may change.
CREATE TABLE redecision (
  owner_id BYTEA NOT NULL,
  conversion_id BYTEA NOT NULL,
  queued_at BIGINT NOT NULL,
  PRIMARY KEY (owner_id, conversion_id)
);

CREATE TABLE bank_detail (
  partner_id BYTEA NOT NULL REFERENCES partner (id),
  id BYTEA NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('held', 'active', 'replaced', 'refused')),
  sealed BYTEA NOT NULL,
  shown TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by TEXT NOT NULL,
  settled_at BIGINT,
  settled_by TEXT,
  PRIMARY KEY (partner_id, id)
);

CREATE TABLE payout_run (
  owner_id BYTEA NOT NULL,
  id BYTEA NOT NULL,
  program_id BYTEA NOT NULL,
  currency TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('approved', 'sent', 'cancelled')),
  pay_on BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by TEXT NOT NULL,
  PRIMARY KEY (owner_id, id)
);

CREATE TABLE payout (
  owner_id BYTEA NOT NULL,
  id BYTEA NOT NULL,
  run_id BYTEA NOT NULL,
  program_id BYTEA NOT NULL,
  partner_id BYTEA NOT NULL,
  currency TEXT NOT NULL,
  amount BIGINT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('approved', 'sent', 'paid', 'returned', 'cancelled')),
  bank_detail_id BYTEA NOT NULL,
  shown TEXT NOT NULL,
  statement TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  paid_at BIGINT,
  PRIMARY KEY (owner_id, id)
);
CREATE INDEX payout_by_run ON payout (owner_id, run_id);
CREATE INDEX payout_by_partner ON payout (partner_id, id);

CREATE TABLE bank_file (
  owner_id BYTEA NOT NULL,
  run_id BYTEA NOT NULL,
  profile TEXT NOT NULL,
  name TEXT NOT NULL,
  content BYTEA NOT NULL,
  hash BYTEA NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (owner_id, run_id, profile)
);
