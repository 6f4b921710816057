//! The bottom of the house: typed ids, timestamps, clock and entropy as parameters, limits and
//! refusals. Everything above leans on it; it leans on nothing of ours.

pub mod crockford;
mod entropy;
mod id;
pub mod limits;
mod refusal;
mod time;

pub use entropy::{Entropy, SeededEntropy, SystemEntropy};
pub use id::{
    AccountId, AuditId, BankDetailId, CampaignId, CommissionId, ConversionId, CouponId, CreativeId,
    CustomerId, DealId, EventId, Id, IdError, IntegrationId, KeyId, LeadId, LinkId, OrganisationId,
    PartnerId, PartnershipId, PayoutId, PayoutRunId, PlanId, ProgramId, QuarantineId, RowId,
    SessionId, StatementId, TransferId, UserId,
};
pub use refusal::{FieldError, Refusal, RefusalKind};
pub use time::{Clock, LocalDate, ManualClock, Stopwatch, SystemClock, TimeError, Timestamp, Zone};
