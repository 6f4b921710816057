//! A seeded year of three programs, played through the use cases under a clock that is moved by
//! hand: the demo, and a world for tests. A CRM vendor pays for leads and subscriptions, a shop
//! pays creators with links and codes, a travel brand pays other brands.
//!
//! The year is first planned ([`Year::plan`], pure: clicks, reports, refunds with their moments),
//! then played ([`play_year`]) in steps of some hours: whoever joins joins, clicks come through
//! ingest, reports are decided, people approve and pay. Nothing is written past a use case, so
//! that everything true of a real installation is true of this one.

mod calendar;
mod cast;
mod dice;
mod options;
mod play;
mod year;

pub use calendar::YEAR_DAYS;
pub use cast::referral_code;
pub use options::{Progress, SimCounts, SimOptions, SimProgram, SimUser, SimWorld};
pub use play::play_year;
pub use year::{
    Answer, Change, ClickKey, Clue, PlannedAdjustment, PlannedClick, PlannedReport, ReportKey, Year,
};
