use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tributary_app::payout::{BankReply, BankReplyKind, Effect, ReplyLine, StoredBankReply};
use tributary_kernel::{BankReplyId, LocalDate, PartnerId, PayoutId, PayoutRunId, Timestamp};

use crate::v1::payouts::wire::BankReasonOut;
use crate::wire::MoneyOut;

/// A bank's answer in an address.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct ReplyPath {
    /// The answer's id.
    pub(super) id: BankReplyId,
}

/// A bank's answer without its lines.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "BankReplySummary")]
pub(super) struct SummaryOut {
    /// Its id.
    id: BankReplyId,
    /// `status_report` (pain.002) or `statement` (camt.053).
    kind: BankReplyKind,
    /// What you called the file.
    name: String,
    /// The bank's id of it.
    bank_id: String,
    /// When it was given.
    created_at: Timestamp,
    /// When it was confirmed; null: nothing of it is booked.
    confirmed_at: Option<Timestamp>,
}

impl From<StoredBankReply> for SummaryOut {
    fn from(it: StoredBankReply) -> Self {
        Self {
            id: it.id,
            kind: it.kind,
            name: it.name,
            bank_id: it.bank_id,
            created_at: it.created_at,
            confirmed_at: it.confirmed_at,
        }
    }
}

/// A bank's answer, and what it does.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "BankReply")]
pub(super) struct ReplyOut {
    #[serde(flatten)]
    summary: SummaryOut,
    /// What it says of your payouts, in its order.
    lines: Vec<LineOut>,
    /// References in the form of ours that name no payout of yours; at most 200.
    unknown_references: Vec<String>,
    /// Bookings of something else.
    other_bookings: usize,
}

/// What a bank says of a payout.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "BankReplyLine")]
struct LineOut {
    /// Which.
    payout: PayoutId,
    /// Of which run.
    run: PayoutRunId,
    /// To whom.
    partner: PartnerId,
    /// Their name.
    name: String,
    /// How much was sent.
    amount: MoneyOut,
    /// `accepted`, `paid`, `returned`, `other_amount`, `likely` or `contradiction`.
    told: &'static str,
    /// Why it came back.
    reason: Option<BankReasonOut>,
    /// What was booked, where it is another amount than was sent.
    booked: Option<MoneyOut>,
    /// Day of the booking.
    booked_on: Option<LocalDate>,
    /// The bank's own reference.
    bank_reference: Option<String>,
    /// What confirming does, or did: `sends`, `pays`, `returns`, `known` (nothing new), `look` (a
    /// person has to; nothing is booked).
    effect: Effect,
}

impl From<ReplyLine> for LineOut {
    fn from(it: ReplyLine) -> Self {
        Self {
            payout: it.payout,
            run: it.run,
            partner: it.partner,
            name: it.name,
            amount: it.amount.into(),
            told: it.told,
            reason: it.reason.as_ref().map(BankReasonOut::of),
            booked: it.booked.map(MoneyOut::from),
            booked_on: it.booked_on,
            bank_reference: it.reference,
            effect: it.effect,
        }
    }
}

impl From<BankReply> for ReplyOut {
    fn from(it: BankReply) -> Self {
        Self {
            summary: SummaryOut {
                id: it.id,
                kind: it.kind,
                name: it.name,
                bank_id: it.bank_id,
                created_at: it.created_at,
                confirmed_at: it.confirmed_at,
            },
            lines: it.lines.into_iter().map(LineOut::from).collect(),
            unknown_references: it.unknown,
            other_bookings: it.others,
        }
    }
}
