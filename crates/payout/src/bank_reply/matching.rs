//! A statement held against what was sent.

use tributary_kernel::{LocalDate, PayoutId};
use tributary_money::Money;

use super::camt053::{BankStatement, Booking, BookingDetail, Side};
use super::{Reason, SentPayment};
use crate::pain001::payout_of_reference;

/// What a booking is, seen from the payouts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Matched {
    /// The payment went out.
    Paid,
    /// It came back: the payout opens again.
    Returned(Reason),
    /// It names the payout, but with another amount; for a person.
    OtherAmount {
        /// What was booked.
        booked: Money,
    },
    /// No reference, but it is the only payment sent of that amount, and to that name; for a
    /// person to confirm.
    Likely,
}

/// One payout found in a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementMatch {
    /// Which.
    pub payout: PayoutId,
    /// What happened.
    pub matched: Matched,
    /// When it was booked.
    pub booked_on: Option<LocalDate>,
    /// The bank's reference.
    pub bank_reference: Option<String>,
}

/// The payouts that a statement tells of, in its order, and how many bookings were of something
/// else.
///
/// A payout is found by the end-to-end id, then by its reference within the message to the payee,
/// then, when a file or group is booked in one sum, by that sum. What has neither is told as
/// [`Matched::Likely`] when amount and name fit one payment alone.
#[must_use]
pub fn match_statement(
    statement: &BankStatement,
    sent: &[SentPayment],
) -> (Vec<StatementMatch>, usize) {
    let (mut found, mut others) = (Vec::new(), 0);
    for booking in &statement.bookings {
        let before = found.len();
        for detail in &booking.details {
            found.extend(of_detail(booking, detail, sent));
        }
        if found.len() == before {
            found.extend(of_batch(booking, sent));
        }
        if found.len() == before {
            found.extend(by_amount(booking, sent));
        }
        others += usize::from(found.len() == before);
    }
    (found, others)
}

fn of_detail(
    booking: &Booking,
    detail: &BookingDetail,
    sent: &[SentPayment],
) -> Option<StatementMatch> {
    let payout = named_payout(detail)?;
    let payment = sent.iter().find(|it| it.payout == payout)?;
    let alone = booking.details.len() == 1;
    let booked = detail.amount.or(alone.then_some(booking.amount));
    let back = booking.side == Side::Credit || booking.reversal || detail.returned.is_some();
    let matched = match booked {
        Some(booked) if booked != payment.amount => Matched::OtherAmount { booked },
        _ if back => Matched::Returned(detail.returned.clone().unwrap_or_else(unsaid)),
        _ => Matched::Paid,
    };
    let reference = detail.bank_reference.clone().or_else(|| booking.bank_reference.clone());
    Some(StatementMatch {
        payout,
        matched,
        booked_on: booking.booked_on,
        bank_reference: reference,
    })
}

/// The payout that a detail names: by an id, else within the message to the payee.
pub(super) fn named_payout(detail: &BookingDetail) -> Option<PayoutId> {
    let ids = [&detail.end_to_end_id, &detail.instruction_id];
    let named = ids.into_iter().flatten().find_map(|id| payout_of_reference(id));
    named.or_else(|| detail.message.iter().find_map(|line| payout_within(line)))
}

const fn unsaid() -> Reason {
    Reason { code: String::new(), text: Vec::new() }
}

/// A reference among other words.
fn payout_within(line: &str) -> Option<PayoutId> {
    line.split(|it: char| !it.is_ascii_alphanumeric() && it != '-' && it != '_')
        .find_map(payout_of_reference)
}

/// All payments of a file or group, when the bank books them in one sum.
fn of_batch(booking: &Booking, sent: &[SentPayment]) -> Vec<StatementMatch> {
    if booking.side != Side::Debit || booking.reversal {
        return Vec::new();
    }
    let of_file = |it: &&SentPayment| match (&booking.batch_group, &booking.batch_message) {
        (Some(group), _) => it.group.as_ref() == Some(group),
        (None, Some(message)) => it.message == *message,
        (None, None) => false,
    };
    let payments: Vec<&SentPayment> = sent.iter().filter(of_file).collect();
    let same = payments.iter().all(|it| it.amount.currency == booking.amount.currency);
    let sum: i128 = payments.iter().map(|it| i128::from(it.amount.minor)).sum();
    if payments.is_empty() || !same || sum != i128::from(booking.amount.minor) {
        return Vec::new();
    }
    let paid = |it: &SentPayment| found(booking, it, Matched::Paid);
    payments.into_iter().map(paid).collect()
}

fn by_amount(booking: &Booking, sent: &[SentPayment]) -> Option<StatementMatch> {
    let named = |payment: &SentPayment| {
        let names = booking.details.iter().filter_map(|it| it.counterparty.as_deref());
        names.into_iter().any(|name| name.trim().eq_ignore_ascii_case(payment.payee.trim()))
    };
    let mut fitting = sent.iter().filter(|it| it.amount == booking.amount && named(it));
    let (one, other) = (fitting.next()?, fitting.next());
    let fits = booking.side == Side::Debit && !booking.reversal && other.is_none();
    fits.then(|| found(booking, one, Matched::Likely))
}

fn found(booking: &Booking, payment: &SentPayment, matched: Matched) -> StatementMatch {
    StatementMatch {
        payout: payment.payout,
        matched,
        booked_on: booking.booked_on,
        bank_reference: booking.bank_reference.clone(),
    }
}
