//! Journeys to credit, by a formula that both sides can read.
//!
//! - [`credit`] judges every touch of a [`Journey`] under a [`Policy`] and says who earned which
//!   share, and of every other touch why it earned nothing. [`explain`] puts the answer into typed
//!   data for readers, [`compare`] says what another decision of the same conversion changes.
//! - [`paths`] has reports over aggregated paths: heuristic models, Markov chains solved exactly,
//!   Shapley values; and how a report becomes a [`WeightsTable`] that pays.
//! - [`recognise`] tells by which channel a visitor arrived.
//!
//! Everything is a pure function: no clock, chance, disk or network. The formula of each model is
//! in `docs/attribution.md`.
//!
//! ```
//! use tributary_attribution::{ClickRef, Journey, JourneyTouch, Model, Policy, Promoter, Standing, credit};
//! use tributary_attribution::paths::{PathRow, Paths, markov};
//! use tributary_kernel::{PartnerId, PartnershipId, Timestamp, Zone};
//!
//! let promoter = |number| Promoter {
//!     partnership: PartnershipId::from_bytes([number; 16]),
//!     partner: PartnerId::from_bytes([number; 16]),
//!     standing: Standing::Active,
//! };
//! let at = |text: &str| text.parse::<Timestamp>().unwrap();
//! let journey = Journey::new(vec![
//!     JourneyTouch::click(ClickRef::from_bytes([1; 16]), at("2026-03-01T09:00:00Z"), promoter(1)),
//!     JourneyTouch::click(ClickRef::from_bytes([2; 16]), at("2026-03-20T09:00:00Z"), promoter(2)),
//! ]);
//! let policy = Policy { model: Model::LinearTouches, ..Policy::default() };
//! let answer = credit(&journey, at("2026-04-01T12:00:00Z"), &policy, &Zone::utc());
//! assert_eq!(answer.credits.len(), 2);
//! assert_eq!(answer.credits[0].share.get(), 500_000_000);
//!
//! let row = |path: &[&'static str], conversions, nulls| PathRow {
//!     path: path.to_vec(), conversions, value: 0, nulls,
//! };
//! let paths = Paths::new([row(&["search", "blog"], 3, 5), row(&["blog"], 1, 7)])?;
//! let report = markov(&paths, 1)?;
//! // Nobody converts without the blog, and half as many without the search.
//! assert_eq!(report.removal_effects, [1.0, 0.5]);
//! # Ok::<(), tributary_attribution::paths::PathsError>(())
//! ```
//!
//! Invariants: the answer does not depend on the order in which touches or rows were handed in, to
//! the last bit; shares are whole parts of a thousand million and sum to one, or there are none;
//! every touch has exactly one verdict; every input has an answer.
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
    Against, CLICK_WINDOW_DAYS_DEFAULT, People, Policy, Precedence, TOLERANCE_SECONDS_MAX,
    VISIT_WINDOW_DAYS_DEFAULT, WINDOW_DAYS_MAX, WINDOW_RULES_MAX, Window, WindowRule,
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
