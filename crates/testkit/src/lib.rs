//! For tests only: a throwaway PostgreSQL, an engine that fails when told to, the program as a
//! process with a client for it, a real browser, the independent auditor, and waiting without sleeping.

pub mod audit;
mod browser;
mod fault;
mod http;
mod postgres;
mod process;
mod wait;

pub use browser::{Browser, BrowserOptions, Screen};
pub use fault::{FaultEngine, FaultPlan, Moment};
pub use http::{HttpAnswer, HttpClient};
pub use postgres::{ServerError, ServerOptions, ThrowawayPostgres};
pub use process::ServerProcess;
pub use wait::{until, within};
