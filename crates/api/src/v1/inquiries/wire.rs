use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tributary_app::inquiry::{
    InquiryKind, InquiryOutcome, InquirySide, InquiryState, InquiryStep, InquiryThread,
    StoredInquiry, StoredMessage, Turn, turn_of,
};
use tributary_kernel::{
    CommissionId, ConversionId, InquiryId, PartnerId, PartnershipId, ProgramId, Timestamp,
};

use crate::wire::MoneyOut;

/// An inquiry in an address.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct InquiryPath {
    /// Its id.
    pub(super) id: InquiryId,
}

/// A partner's question about money.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Inquiry")]
pub(super) struct InquiryOut {
    /// Its id.
    id: InquiryId,
    /// In which program.
    program: ProgramId,
    /// Which partnership asks.
    partnership: PartnershipId,
    /// That partnership's partner.
    partner: PartnerId,
    /// What is asked about.
    kind: InquiryKind,
    /// Where it stands.
    state: InquiryState,
    /// Who has to act.
    turn: Turn,
    /// By when; null: nobody has to.
    due_at: Option<Timestamp>,
    /// The order, as the partner knows it.
    order_id: Option<String>,
    /// The conversion, when it is known.
    conversion: Option<ConversionId>,
    /// The partner's commission, when it is about one.
    commission: Option<CommissionId>,
    /// What the partner says it is owed.
    claimed: Option<MoneyOut>,
    /// What the partner has to show.
    evidence: Vec<String>,
    /// When it was opened.
    opened_at: Timestamp,
    /// When it was last decided.
    decided_at: Option<Timestamp>,
    /// Code of why it was refused.
    refusal: Option<String>,
    /// How it ended.
    outcome: Option<InquiryOutcome>,
    /// The commission it ended in.
    paid_commission: Option<CommissionId>,
}

impl From<StoredInquiry> for InquiryOut {
    fn from(it: StoredInquiry) -> Self {
        Self {
            id: it.id,
            program: it.program,
            partnership: it.partnership,
            partner: it.partner,
            kind: it.kind,
            state: it.state,
            turn: turn_of(it.state),
            due_at: it.due_at,
            order_id: it.order,
            conversion: it.conversion,
            commission: it.commission,
            claimed: it.claimed.map(MoneyOut::from),
            evidence: it.evidence,
            opened_at: it.opened_at,
            decided_at: it.decided_at,
            refusal: it.refusal,
            outcome: it.outcome,
            paid_commission: it.paid,
        }
    }
}

/// Something said and done.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "InquiryMessage")]
pub(super) struct MessageOut {
    /// When.
    at: Timestamp,
    /// For whom.
    side: InquirySide,
    /// What was done.
    step: InquiryStep,
    /// The words.
    words: String,
}

impl From<StoredMessage> for MessageOut {
    fn from(it: StoredMessage) -> Self {
        Self { at: it.at, side: it.side, step: it.step, words: it.words }
    }
}

/// An inquiry with all that was said and done.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "InquiryThread")]
pub(super) struct ThreadOut {
    #[serde(flatten)]
    inquiry: InquiryOut,
    /// Oldest first, at most 500.
    messages: Vec<MessageOut>,
}

impl From<InquiryThread> for ThreadOut {
    fn from(it: InquiryThread) -> Self {
        Self {
            inquiry: it.inquiry.into(),
            messages: it.messages.into_iter().map(MessageOut::from).collect(),
        }
    }
}

/// The noes that every step has.
pub(super) const STEP_ERRORS: &[(u16, &str, &str)] = &[
    (404, "not_found", "You have no such inquiry."),
    (409, "mediator_is_another", "A dispute is decided by a person, and not by who refused."),
    (409, "inquiry_state", "This is not possible from where the inquiry stands."),
    (422, "invalid", "A field is wrong; `errors` names each of them."),
];
