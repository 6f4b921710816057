//! Journeys to credit.
//!
//! A [`Journey`] is the copy of the touches before a conversion that the decision stores; explain,
//! replay and verify read only that copy. [`credit`] judges every touch of it under a [`Policy`]
//! and says who earned which share, and of every other touch why it earned nothing.
//!
//! Invariants: the answer does not depend on the order in which the touches were handed in; the
//! shares of the credits sum to one or there are none; every touch has exactly one verdict.
//!
//! What is absent: identity (who the visitor is), and reading touches.

mod change;
mod channel;
mod credit;
mod explain;
mod journey;
mod model;
pub mod paths;
mod policy;
mod recognise;
mod table;
mod touch;
mod verdict;
mod weigh;
mod window;

pub use change::{Action, Cause, CreditChange, Decided, LateTruth, Settled, compare};
pub use channel::{CHANNEL_BYTES_MAX, Channel, ChannelError};
pub use credit::{Attribution, ChannelCredit, Credit, credit};
pub use explain::{ExplainedTouch, Explanation, Note, Outcome, Role, TableUsed, explain};
pub use journey::{Journey, Milestones};
pub use model::{Base, Model, ModelSettings, UWeights, WWeights};
pub use policy::{
    Against, CLICK_WINDOW_DAYS_DEFAULT, Policy, Precedence, TOLERANCE_SECONDS_MAX,
    VISIT_WINDOW_DAYS_DEFAULT, WINDOW_DAYS_MAX, Window, WindowRule,
};
pub use recognise::{
    Arrival, ChannelTable, Condition, RULE_WORDS_MAX, RULES_MAX, Recognised, Rule, default_table,
    recognise,
};
pub use table::{CreditKey, Fitted, TABLE_WEIGHT_MAX, WeightsDraft, WeightsTable};
pub use touch::{
    ClickRef, Consent, JourneyTouch, Noted, Promoter, Proof, Standing, TouchKind, TouchRef,
    TouchRefError,
};
pub use verdict::TouchVerdict;
