-- Every key begins with the owner. Money and time are integers (minor units, microseconds UTC),
-- ids 16 bytes, enums text with a check, JSON text. Tables without an owner are installation-wide.

CREATE TABLE install (
  name TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;

-- Numbers that must not repeat or leave gaps; the row is the lock.
CREATE TABLE sequence (
  name TEXT NOT NULL PRIMARY KEY,
  next INTEGER NOT NULL
) STRICT;

CREATE TABLE organisation (
  id BLOB NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  country TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE app_user (
  id BLOB NOT NULL PRIMARY KEY,
  email TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  language TEXT NOT NULL CHECK (language IN ('en', 'da', 'sv', 'id')),
  password_hash TEXT,
  created_at INTEGER NOT NULL,
  disabled_at INTEGER
) STRICT;

CREATE TABLE membership (
  owner_id BLOB NOT NULL REFERENCES organisation (id),
  user_id BLOB NOT NULL REFERENCES app_user (id),
  role TEXT NOT NULL CHECK (role IN ('administrator', 'manager', 'finance', 'viewer')),
  created_at INTEGER NOT NULL,
  PRIMARY KEY (owner_id, user_id)
) STRICT;
CREATE INDEX membership_by_user ON membership (user_id);

CREATE TABLE partner (
  id BLOB NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('content', 'review', 'technology', 'consultant', 'creator',
    'network', 'customer', 'aggregator', 'brand')),
  email TEXT NOT NULL,
  country TEXT NOT NULL,
  language TEXT NOT NULL CHECK (language IN ('en', 'da', 'sv', 'id')),
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX partner_by_email ON partner (email);

CREATE TABLE partner_user (
  partner_id BLOB NOT NULL REFERENCES partner (id),
  user_id BLOB NOT NULL REFERENCES app_user (id),
  created_at INTEGER NOT NULL,
  PRIMARY KEY (partner_id, user_id)
) STRICT;
CREATE INDEX partner_user_by_user ON partner_user (user_id);

CREATE TABLE program (
  owner_id BLOB NOT NULL REFERENCES organisation (id),
  id BLOB NOT NULL UNIQUE,
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
  window_days INTEGER NOT NULL,
  coupon_over_click INTEGER NOT NULL,
  hold_days INTEGER NOT NULL,
  approve_after_hold INTEGER NOT NULL,
  payout_minimum INTEGER NOT NULL,
  payout_day INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (owner_id, id)
) STRICT;

CREATE TABLE plan (
  owner_id BLOB NOT NULL,
  id BLOB NOT NULL,
  program_id BLOB NOT NULL REFERENCES program (id),
  version INTEGER NOT NULL,
  effective_from INTEGER NOT NULL,
  document TEXT NOT NULL,
  hash BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  PRIMARY KEY (owner_id, id),
  UNIQUE (owner_id, program_id, version)
) STRICT;

CREATE TABLE partnership (
  owner_id BLOB NOT NULL,
  id BLOB NOT NULL UNIQUE,
  program_id BLOB NOT NULL REFERENCES program (id),
  partner_id BLOB NOT NULL REFERENCES partner (id),
  status TEXT NOT NULL CHECK (status IN ('invited', 'applied', 'active', 'paused', 'ended',
    'declined')),
  code TEXT NOT NULL,
  partner_group TEXT,
  joined_at INTEGER,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (owner_id, id),
  UNIQUE (owner_id, program_id, partner_id),
  UNIQUE (owner_id, program_id, code)
) STRICT;
CREATE INDEX partnership_by_partner ON partnership (partner_id, id);

CREATE TABLE link (
  owner_id BLOB NOT NULL,
  id BLOB NOT NULL UNIQUE,
  number INTEGER NOT NULL UNIQUE,
  program_id BLOB NOT NULL REFERENCES program (id),
  partnership_id BLOB NOT NULL REFERENCES partnership (id),
  partner_id BLOB NOT NULL REFERENCES partner (id),
  host TEXT NOT NULL,
  path TEXT NOT NULL,
  destination TEXT,
  campaign TEXT,
  method TEXT,
  status TEXT NOT NULL CHECK (status IN ('active', 'disabled')),
  created_at INTEGER NOT NULL,
  PRIMARY KEY (owner_id, id),
  UNIQUE (host, path)
) STRICT;
CREATE INDEX link_by_partner ON link (partner_id, id);
CREATE INDEX link_by_partnership ON link (partnership_id, number);

CREATE TABLE coupon (
  owner_id BLOB NOT NULL,
  id BLOB NOT NULL,
  program_id BLOB NOT NULL REFERENCES program (id),
  partnership_id BLOB NOT NULL REFERENCES partnership (id),
  partner_id BLOB NOT NULL REFERENCES partner (id),
  code TEXT NOT NULL,
  code_key TEXT NOT NULL,
  valid_from INTEGER,
  valid_until INTEGER,
  status TEXT NOT NULL CHECK (status IN ('active', 'disabled')),
  created_at INTEGER NOT NULL,
  PRIMARY KEY (owner_id, id),
  UNIQUE (owner_id, program_id, code_key)
) STRICT;
CREATE INDEX coupon_by_partner ON coupon (partner_id, id);

-- What the edge must hear of, in one gapless order.
CREATE TABLE snapshot_change (
  seq INTEGER NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('program', 'link', 'partnership', 'keys')),
  id BLOB NOT NULL,
  at INTEGER NOT NULL
) STRICT;

CREATE TABLE click_key (
  id INTEGER NOT NULL PRIMARY KEY,
  sealed BLOB NOT NULL,
  minting INTEGER NOT NULL,
  verify_until INTEGER,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE integration (
  owner_id BLOB NOT NULL,
  id BLOB NOT NULL,
  name TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (owner_id, id),
  UNIQUE (owner_id, name)
) STRICT;

CREATE TABLE api_key (
  owner_id BLOB NOT NULL,
  id BLOB NOT NULL,
  integration_id BLOB NOT NULL,
  name TEXT NOT NULL,
  shown TEXT NOT NULL,
  hash BLOB NOT NULL UNIQUE,
  scopes TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER,
  last_used_at INTEGER,
  revoked_at INTEGER,
  PRIMARY KEY (owner_id, id)
) STRICT;

CREATE TABLE session (
  hash BLOB NOT NULL PRIMARY KEY,
  user_id BLOB NOT NULL REFERENCES app_user (id),
  csrf TEXT NOT NULL,
  agent TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  last_seen_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX session_by_user ON session (user_id);

CREATE TABLE login_code (
  hash BLOB NOT NULL PRIMARY KEY,
  user_id BLOB NOT NULL REFERENCES app_user (id),
  code_hash BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  used_at INTEGER
) STRICT;

-- The customer a visitor turns out to be. Opaque: what is personal lives in person rows.
CREATE TABLE customer (
  owner_id BLOB NOT NULL,
  id BLOB NOT NULL,
  external_id TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (owner_id, id),
  UNIQUE (owner_id, external_id)
) STRICT;

-- What evaluation counts per customer of a program, and whose customer it is. Locked by decisions.
CREATE TABLE customer_program (
  owner_id BLOB NOT NULL,
  program_id BLOB NOT NULL,
  customer_id BLOB NOT NULL,
  partnership_id BLOB,
  assigned_at INTEGER,
  first_payment_at INTEGER,
  payments INTEGER NOT NULL,
  leads INTEGER NOT NULL,
  PRIMARY KEY (owner_id, program_id, customer_id)
) STRICT;

CREATE TABLE customer_click (
  owner_id BLOB NOT NULL,
  customer_id BLOB NOT NULL,
  click_id BLOB NOT NULL,
  seen_at INTEGER NOT NULL,
  PRIMARY KEY (owner_id, customer_id, click_id)
) STRICT;

-- One row per owner, locked by every decision: the heads of its gapless series and its tree.
CREATE TABLE owner_head (
  owner_id BLOB NOT NULL PRIMARY KEY REFERENCES organisation (id),
  booked_seq INTEGER NOT NULL,
  transfer_seq INTEGER NOT NULL,
  outbox_seq INTEGER NOT NULL,
  frontier BLOB NOT NULL
) STRICT;

-- A delivery key's first answer.
CREATE TABLE delivery (
  owner_id BLOB NOT NULL,
  integration_id BLOB NOT NULL,
  delivery_key TEXT NOT NULL,
  content_format INTEGER NOT NULL,
  content_hash BLOB NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('applied', 'duplicate', 'quarantined')),
  subject_id BLOB NOT NULL,
  received_at INTEGER NOT NULL,
  PRIMARY KEY (owner_id, integration_id, delivery_key)
) STRICT;

CREATE TABLE conversion (
  owner_id BLOB NOT NULL,
  id BLOB NOT NULL,
  program_id BLOB NOT NULL,
  type TEXT NOT NULL,
  business_key TEXT NOT NULL,
  integration_id BLOB NOT NULL,
  occurred_at INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  booked_seq INTEGER NOT NULL,
  currency TEXT NOT NULL,
  amount INTEGER NOT NULL,
  net_amount INTEGER,
  quantity INTEGER NOT NULL,
  returned_amount INTEGER NOT NULL,
  customer_id BLOB,
  click_id BLOB,
  coupon_id BLOB,
  status TEXT NOT NULL CHECK (status IN ('pending', 'approved', 'declined', 'reversed',
    'uncredited', 'held')),
  content_format INTEGER NOT NULL,
  content_hash BLOB NOT NULL,
  given TEXT NOT NULL,
  journey TEXT NOT NULL,
  test INTEGER NOT NULL,
  PRIMARY KEY (owner_id, id),
  UNIQUE (owner_id, program_id, type, business_key)
) STRICT;
CREATE INDEX conversion_by_click ON conversion (click_id, owner_id);

-- A refund, chargeback or correction: its own call, its own key, never an edit.
CREATE TABLE adjustment (
  owner_id BLOB NOT NULL,
  id BLOB NOT NULL,
  conversion_id BLOB NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('refund', 'chargeback', 'correction')),
  business_key TEXT NOT NULL,
  amount INTEGER NOT NULL,
  reason TEXT NOT NULL,
  occurred_at INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  booked_seq INTEGER NOT NULL,
  content_hash BLOB NOT NULL,
  PRIMARY KEY (owner_id, id),
  UNIQUE (owner_id, conversion_id, business_key)
) STRICT;

CREATE TABLE commission (
  owner_id BLOB NOT NULL,
  id BLOB NOT NULL,
  conversion_id BLOB NOT NULL,
  program_id BLOB NOT NULL,
  partnership_id BLOB NOT NULL,
  partner_id BLOB NOT NULL,
  link_id BLOB,
  plan_id BLOB NOT NULL,
  rule_id TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('pending', 'approved', 'declined', 'reversed', 'payable',
    'paid')),
  currency TEXT NOT NULL,
  amount INTEGER NOT NULL,
  reversed_amount INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  occurred_at INTEGER NOT NULL,
  local_day INTEGER NOT NULL,
  event TEXT NOT NULL,
  booked_seq INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  record TEXT NOT NULL,
  reason TEXT,
  payout_id BLOB,
  test INTEGER NOT NULL,
  PRIMARY KEY (owner_id, id)
) STRICT;
CREATE INDEX commission_by_conversion ON commission (owner_id, conversion_id);
CREATE INDEX commission_by_partner ON commission (partner_id, id);
CREATE INDEX commission_by_due ON commission (owner_id, state, due_at);
CREATE INDEX commission_by_payout ON commission (owner_id, payout_id);

-- The ledger. `canonical` is the truth; the other columns find it. Append-only.
CREATE TABLE transfer (
  owner_id BLOB NOT NULL,
  seq INTEGER NOT NULL,
  id BLOB NOT NULL,
  kind TEXT NOT NULL,
  subject_id BLOB NOT NULL,
  booked_at INTEGER NOT NULL,
  canonical BLOB NOT NULL,
  PRIMARY KEY (owner_id, seq),
  UNIQUE (owner_id, id)
) STRICT;
CREATE INDEX transfer_by_subject ON transfer (owner_id, subject_id);

CREATE TABLE ledger_account (
  owner_id BLOB NOT NULL,
  id BLOB NOT NULL,
  kind TEXT NOT NULL,
  program_id BLOB,
  partner_id BLOB,
  currency TEXT NOT NULL,
  balance INTEGER NOT NULL,
  PRIMARY KEY (owner_id, id)
) STRICT;
CREATE INDEX ledger_account_by_partner ON ledger_account (partner_id, kind);

-- Complete subtrees of the owner's tree, from the level named in the code upwards.
CREATE TABLE tree_node (
  owner_id BLOB NOT NULL,
  level INTEGER NOT NULL,
  position INTEGER NOT NULL,
  hash BLOB NOT NULL,
  PRIMARY KEY (owner_id, level, position)
) STRICT;

CREATE TABLE signed_head (
  owner_id BLOB NOT NULL,
  size INTEGER NOT NULL,
  root BLOB NOT NULL,
  at INTEGER NOT NULL,
  key_id BLOB NOT NULL,
  signature BLOB NOT NULL,
  PRIMARY KEY (owner_id, size)
) STRICT;

-- Rollup: exact, kept in the decision's transaction, recounted by verify.
CREATE TABLE daily (
  owner_id BLOB NOT NULL,
  program_id BLOB NOT NULL,
  local_day INTEGER NOT NULL,
  currency TEXT NOT NULL,
  partner_id BLOB NOT NULL,
  link_id BLOB NOT NULL,
  event TEXT NOT NULL,
  state TEXT NOT NULL,
  conversions INTEGER NOT NULL,
  amount INTEGER NOT NULL,
  commission INTEGER NOT NULL,
  PRIMARY KEY (owner_id, program_id, local_day, currency, partner_id, link_id, event, state)
) STRICT;
CREATE INDEX daily_by_partner ON daily (partner_id, local_day);

-- received = applied + duplicate + refused + quarantined + pending, per owner and UTC day.
CREATE TABLE intake (
  owner_id BLOB NOT NULL,
  utc_day INTEGER NOT NULL,
  outcome TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (owner_id, utc_day, outcome)
) STRICT;

CREATE TABLE quarantine (
  owner_id BLOB NOT NULL,
  id BLOB NOT NULL,
  program_id BLOB NOT NULL,
  integration_id BLOB NOT NULL,
  received_at INTEGER NOT NULL,
  reason TEXT NOT NULL,
  given TEXT NOT NULL,
  conversion_id BLOB,
  status TEXT NOT NULL CHECK (status IN ('waiting', 'replayed', 'dismissed')),
  settled_at INTEGER,
  settled_by TEXT,
  PRIMARY KEY (owner_id, id)
) STRICT;
CREATE INDEX quarantine_waiting ON quarantine (owner_id, status, id);

CREATE TABLE outbox (
  owner_id BLOB NOT NULL,
  seq INTEGER NOT NULL,
  id BLOB NOT NULL,
  type TEXT NOT NULL,
  version INTEGER NOT NULL,
  occurred_at INTEGER NOT NULL,
  aggregate_id BLOB NOT NULL,
  data TEXT NOT NULL,
  PRIMARY KEY (owner_id, seq)
) STRICT;

CREATE TABLE audit (
  owner_id BLOB NOT NULL,
  id BLOB NOT NULL,
  at INTEGER NOT NULL,
  actor_kind TEXT NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  detail TEXT NOT NULL,
  PRIMARY KEY (owner_id, id)
) STRICT;

-- Conversions that a late touch may change.
CREATE TABLE redecision (
  owner_id BLOB NOT NULL,
  conversion_id BLOB NOT NULL,
  queued_at INTEGER NOT NULL,
  PRIMARY KEY (owner_id, conversion_id)
) STRICT;

CREATE TABLE bank_detail (
  partner_id BLOB NOT NULL REFERENCES partner (id),
  id BLOB NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('held', 'active', 'replaced', 'refused')),
  sealed BLOB NOT NULL,
  shown TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  settled_at INTEGER,
  settled_by TEXT,
  PRIMARY KEY (partner_id, id)
) STRICT;

CREATE TABLE payout_run (
  owner_id BLOB NOT NULL,
  id BLOB NOT NULL,
  program_id BLOB NOT NULL,
  currency TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('approved', 'sent', 'cancelled')),
  pay_on INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  PRIMARY KEY (owner_id, id)
) STRICT;

CREATE TABLE payout (
  owner_id BLOB NOT NULL,
  id BLOB NOT NULL,
  run_id BLOB NOT NULL,
  program_id BLOB NOT NULL,
  partner_id BLOB NOT NULL,
  currency TEXT NOT NULL,
  amount INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('approved', 'sent', 'paid', 'returned', 'cancelled')),
  bank_detail_id BLOB NOT NULL,
  shown TEXT NOT NULL,
  statement TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  paid_at INTEGER,
  PRIMARY KEY (owner_id, id)
) STRICT;
CREATE INDEX payout_by_run ON payout (owner_id, run_id);
CREATE INDEX payout_by_partner ON payout (partner_id, id);

CREATE TABLE bank_file (
  owner_id BLOB NOT NULL,
  run_id BLOB NOT NULL,
  profile TEXT NOT NULL,
  name TEXT NOT NULL,
  content BLOB NOT NULL,
  hash BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (owner_id, run_id, profile)
) STRICT;
