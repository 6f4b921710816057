//! Conversions: reported, decided, given back, put right.

mod catalogue;
mod decide;
mod input;
mod journey;
mod report;
mod reporter;
mod world;

pub use input::ReportConversion;
pub use journey::{DecidedJourney, NothingPaid};
pub use report::{ReportOutcome, report_conversions};
pub use reporter::Reporter;
