//! For tests only: a throwaway PostgreSQL, an engine that fails when told to, and waiting without
//! sleeping.

mod fault;
mod postgres;
mod wait;

pub use fault::{FaultEngine, FaultPlan, Moment};
pub use postgres::{ServerError, ServerOptions, ThrowawayPostgres};
pub use wait::{until, within};
