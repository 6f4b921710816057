//! Conversions: reported, decided, given back, put right.

mod adjust;
mod agreement;
mod catalogue;
mod decide;
mod details;
mod input;
mod journey;
mod quarantine;
mod reached;
mod read;
mod redecide;
mod report;
mod reporter;
mod simulate;
mod verdict;
mod world;

pub(crate) use adjust::take_back;
pub use adjust::{
    Adjusted, CorrectConversion, RefundConversion, correct_conversion, refund_conversion,
};
pub use agreement::Counted;
pub(crate) use agreement::unsupported;
pub use details::{ReportedDetails, ReportedItem, ReportedSubscription};
pub use input::ReportConversion;
pub(crate) use input::from_given;
pub use journey::{Before, Context, DecidedJourney, NothingPaid, NothingPaidTo, Rewarded};
pub use quarantine::{dismiss_quarantined, list_quarantined, replay_quarantined};
pub use read::{find_conversion, list_conversions};
pub use redecide::{RedecideReport, Vouch, redecide_queued, settle_held};
pub(crate) use report::{
    CONVERSION_ROW, NOBODY, Submission, accrual_of, commission_delta, conversion_delta,
    decide_group, integration_of,
};
pub use report::{ReportOutcome, report_conversions};
pub use reporter::{GroupSizes, Reporter};
pub use simulate::{
    Compared, ComparedLine, LeftOutOfSimulation, OtherPlan, PartnerChange, Simulate, Simulation,
    Unpriced, simulate,
};
pub use tributary_store::decision::{
    AdjustmentKind, ConversionStatus, QuarantineRow, StoredConversion,
};
pub use tributary_store::work::ConversionFilter;
