//! Conversions: reported, decided, given back, put right.

mod adjust;
mod agreement;
mod assign;
mod catalogue;
mod company;
mod context;
mod correct;
mod customer;
mod daily;
mod decide;
mod depart;
mod details;
mod foresee;
mod input;
mod journey;
mod manual;
mod people;
mod price;
mod propose;
mod quarantine;
mod reached;
mod read;
mod redecide;
mod refund;
mod report;
mod reporter;
mod returned;
mod simulate;
mod totals;
mod verdict;
mod world;
mod writes;

pub use adjust::Adjusted;
pub(crate) use adjust::take_back;
pub(crate) use agreement::Needs;
pub use agreement::{Counted, unsupported};
pub(crate) use assign::assign_in;
pub use assign::{AssignConversion, Assignment, assign_conversion, preview_assignment};
pub use company::{
    company_number_at, domain_error, domain_of_mail, normalise_company_number, number_error,
};
pub use context::{Context, ContextFor};
pub use correct::{CorrectConversion, correct_conversion, preview_correction};
pub(crate) use daily::{CONVERSION_ROW, NOBODY, commission_delta, conversion_deltas};
pub use depart::{DepartCustomer, depart_customer, preview_departure};
pub(crate) use details::AMOUNT_MAX;
pub use details::{ReportedDetails, ReportedItem, ReportedSubscription, ReportedVisit};
pub(crate) use foresee::{Foreseen, foresee};
pub use input::ReportConversion;
pub(crate) use input::from_given;
pub(crate) use journey::policy_of;
pub use journey::{Before, DecidedJourney, NothingPaid, NothingPaidTo, Replaced, Rewarded};
pub use manual::{GiveAmount, ManualReason, ManualRecord, give_amount, preview_amount};
pub(crate) use manual::{check as check_amount, give_amount_in};
pub(crate) use people::company_in;
pub use propose::{
    CreditProposal, confirm_credit_change, dismiss_credit_change, find_credit_change,
    list_credit_changes,
};
pub use quarantine::{dismiss_quarantined, list_quarantined, replay_quarantined};
pub use read::{find_conversion, list_conversions};
pub use redecide::{RedecideReport, Vouch, redecide_queued, settle_held};
pub use refund::{RefundConversion, preview_refund, refund_conversion};
pub use report::{ReportOutcome, report_conversions};
pub(crate) use report::{
    Submission, Tail, accrual_of, decide_group, decide_with, integration_of, may_be_one_report,
};
pub use reporter::{GroupSizes, Reporter};
pub(crate) use returned::decline_in_counters;
pub use simulate::{
    Compared, ComparedLine, LeftOutOfSimulation, OtherPlan, PartnerChange, Simulate, Simulation,
    Unpriced, simulate,
};
pub(crate) use totals::begin_totals;
pub use tributary_store::decision::{
    AdjustmentKind, ConversionStatus, QuarantineRow, StoredConversion,
};
pub use tributary_store::work::ConversionFilter;
pub(crate) use world::narrowed;
