//! Numbers from the rollups: exact, by the program's own days, for owners and for partners.

mod intake;
mod journeys;
mod overview;
mod request;
mod run;

pub use intake::{Intake, intake_since};
pub use journeys::{
    Earned, JOURNEY_DAYS_MAX, JOURNEYS_MAX, JourneyParty, JourneyPath, JourneyReport,
    JourneyRequest, journeys,
};
pub use overview::{CurrencyOverview, DayFigures, Overview, TopPartner, overview};
pub use request::{
    CommissionSums, Dimension, Figures, Granularity, Measure, REPORT_DAYS_MAX, REPORT_ROWS_MAX,
    Report, ReportFilter, ReportRequest, ReportRow,
};
pub use run::run_report;
