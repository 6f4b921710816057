//! A status report held against what was sent.

use std::collections::BTreeMap;

use tributary_kernel::PayoutId;

use super::pain002::{GroupStatus, Status, StatusReport, TransactionStatus};
use super::{Reason, SentPayment};

/// What a report says of a payment that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// On its way.
    Accepted,
    /// Booked at the bank.
    Executed,
    /// Refused: nothing was paid, and the money is to be paid anew.
    Rejected(Vec<Reason>),
    /// Cancelled: likewise.
    Cancelled(Vec<Reason>),
    /// The report does not mention it, or only in a code that says nothing.
    Unmentioned,
    /// The report contradicts itself or what was sent; for a person.
    Contradiction(&'static str),
}

impl Outcome {
    /// Whether the payment will never arrive.
    #[must_use]
    pub const fn is_final_no(&self) -> bool {
        matches!(self, Self::Rejected(_) | Self::Cancelled(_))
    }
}

/// Of which payout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentOutcome {
    /// Of which payout.
    pub payout: PayoutId,
    /// What.
    pub outcome: Outcome,
    /// The bank's own reference.
    pub bank_reference: Option<String>,
}

/// One outcome for each payment of the file that the report is about, in the order sent. What is
/// said of a payment comes before what is said of its group, and that before what is said of the
/// file. Empty when the report is of another file.
#[must_use]
pub fn outcomes(report: &StatusReport, sent: &[SentPayment]) -> Vec<PaymentOutcome> {
    let mut said: BTreeMap<PayoutId, Vec<&TransactionStatus>> = BTreeMap::new();
    for it in &report.transactions {
        if let Some(payout) = it.payout {
            said.entry(payout).or_default().push(it);
        }
    }
    let own = sent.iter().filter(|it| it.message == report.file.id);
    own.map(|payment| {
        let found = said.get(&payment.payout).map_or(&[][..], Vec::as_slice);
        PaymentOutcome {
            payout: payment.payout,
            outcome: outcome_of(report, payment, found),
            bank_reference: found.iter().find_map(|it| it.bank_reference.clone()),
        }
    })
    .collect()
}

fn outcome_of(
    report: &StatusReport,
    payment: &SentPayment,
    found: &[&TransactionStatus],
) -> Outcome {
    if found.iter().any(|it| it.amount.is_some_and(|amount| amount != payment.amount)) {
        return Outcome::Contradiction("another amount");
    }
    let mut statuses = found.iter().filter_map(|it| Some((it.status?, &it.reasons)));
    if let Some((status, reasons)) = statuses.next() {
        if statuses.any(|(other, _)| other != status) {
            return Outcome::Contradiction("two statuses");
        }
        return told(status, reasons).unwrap_or(Outcome::Unmentioned);
    }
    let of = |group: &GroupStatus| group.status.and_then(|status| told(status, &group.reasons));
    let group = payment.group.as_ref();
    let group = group.and_then(|id| report.groups.iter().find(|it| it.id == *id));
    group.and_then(of).or_else(|| of(&report.file)).unwrap_or(Outcome::Unmentioned)
}

/// `PART` and unknown codes say nothing of a single payment.
fn told(status: Status, reasons: &[Reason]) -> Option<Outcome> {
    match status {
        Status::Accepted => Some(Outcome::Accepted),
        Status::Executed => Some(Outcome::Executed),
        Status::Rejected => Some(Outcome::Rejected(reasons.to_vec())),
        Status::Cancelled => Some(Outcome::Cancelled(reasons.to_vec())),
        Status::Partly | Status::Unknown => None,
    }
}
