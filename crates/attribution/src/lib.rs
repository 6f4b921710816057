//! Journeys to credit.
//!
//! A [`Journey`] is the copy of the touches before a conversion that the decision stores; explain,
//! replay and verify read only that copy. [`credit`] judges every touch of it under a [`Policy`]
//! and says who earned which share, and of every other touch why it earned nothing.
//!
//! Invariants: the answer does not depend on the order in which the touches were handed in; the
//! shares of the credits sum to one or there are none; every touch has exactly one verdict.
//!
//! What is absent: identity (who the visitor is), reading touches, and other models than the last
//! partner click. A model that spreads credit gives several [`Credit`]s; nothing else changes.

mod credit;
mod journey;
mod policy;
mod touch;
mod verdict;

pub use credit::{Attribution, Credit, credit};
pub use journey::Journey;
pub use policy::{CLICK_WINDOW_DAYS_DEFAULT, Model, Policy, Precedence, WINDOW_DAYS_MAX};
pub use touch::{
    CHANNEL_BYTES_MAX, Channel, ChannelError, ClickRef, Consent, JourneyTouch, Promoter, Proof,
    Standing, TouchKind, TouchRef, TouchRefError,
};
pub use verdict::TouchVerdict;
