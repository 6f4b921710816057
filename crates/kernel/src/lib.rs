//! The bottom of the house: typed ids, timestamps, clock and entropy as parameters, limits and
//! refusals. Everything above leans on it; it leans on nothing of ours.

pub mod crockford;
mod entropy;
mod from_text;
mod id;
pub mod limits;
pub mod net;
mod refusal;
mod text_enum;
mod time;

pub use entropy::{Entropy, SeededEntropy, SystemEntropy};
pub use from_text::from_text;
pub use id::{
    AccountId, AdjustmentId, AuditId, BankDetailId, BankReplyId, CampaignId, CommissionId,
    ConversionId, CouponId, CreativeId, CustomerId, DealId, EventId, Id, IdError, InquiryId,
    IntegrationId, KeyId, LeadId, LinkId, MailId, OrganisationId, PartnerId, PartnerInvoiceId,
    PartnershipId, PayoutId, PayoutRunId, PeriodLockId, PlanId, ProgramId, QuarantineId, RowId,
    SelfBillingId, SessionId, StatementId, TaxDocumentId, TaxProfileId, TransferId, UploadId,
    UserId, VatAnswerId, WithholdingRuleId,
};
pub use refusal::{FieldError, Refusal, RefusalKind};
pub use text_enum::UnknownText;
pub use time::{Clock, LocalDate, ManualClock, Stopwatch, SystemClock, TimeError, Timestamp, Zone};

#[doc(hidden)]
pub use schemars as __schemars;
#[doc(hidden)]
pub use serde as __serde;
