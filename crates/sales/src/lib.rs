//! Sales that take months: who is one person and one company, whose lead it is, how far a deal came.
//!
//! - [`Identities`] folds recorded joins into persons and accounts, explained and reversible.
//! - [`register`] answers a partner's registration of a lead: accepted with protection, or not,
//!   with the rule, what stood in its way and since when.
//! - [`Pipeline`] and [`Progress`] are a program's stages and one deal's way through them.
//!
//! Everything is a pure function of what was recorded. What is absent: storage, forms, and credit,
//! which is the business of the attribution crate.

mod company;
mod identity;
mod pipeline;
mod registration;

pub use company::{Domain, DomainError, is_public_mail};
pub use identity::{
    AccountKey, Consent, Fact, Identities, KEY_BYTES_MAX, Key, NotApplied, PersonKey, Recorded,
};
pub use pipeline::{
    Ending, Grade, Method, Move, PIPELINE_STAGES_MAX, Pipeline, Progress, Qualification, Stage,
};
pub use registration::{
    Answer, Claim, Existing, PROTECTION_DAYS_MAX, RegistrationRules, Rule, Treatment, register,
};
