//! What both sides' pages of inquiries share.

use tributary_app::AppError;
use tributary_app::inquiry::{
    InquiryKind, InquiryOutcome, InquiryState, InquiryStep, InquiryThread, REFUSALS, StoredInquiry,
    StoredMessage,
};
use tributary_kernel::{FieldError, LocalDate, Timestamp};
use tributary_money::{Currency, Money};

use crate::Frame;
use crate::pages::{InquiryBody, InquiryLine, InquiryRow};
use crate::parts::{Choice, Field, InquiryState as Shown};

/// A state as it is shown.
pub(super) const fn shown(state: InquiryState) -> Shown {
    match state {
        InquiryState::Open => Shown::Open,
        InquiryState::Answered => Shown::Answered,
        InquiryState::Waiting => Shown::AwaitsPartner,
        InquiryState::Accepted => Shown::Accepted,
        InquiryState::Refused => Shown::Refused,
        InquiryState::Disputed => Shown::Disputed,
        InquiryState::Settled => Shown::Settled,
    }
}

const fn kind_key(kind: InquiryKind) -> &'static str {
    match kind {
        InquiryKind::MissingSale => "inquiry-kind-missing-sale",
        InquiryKind::WrongAmount => "inquiry-kind-wrong-amount",
        InquiryKind::Declined => "inquiry-kind-declined",
        InquiryKind::TakenBack => "inquiry-kind-taken-back",
        InquiryKind::Late => "inquiry-kind-late",
        InquiryKind::Other => "inquiry-kind-other",
    }
}

const fn step_key(step: InquiryStep) -> &'static str {
    match step {
        InquiryStep::Opened => "inquiry-step-opened",
        InquiryStep::Reply => "inquiry-step-reply",
        InquiryStep::Answer => "inquiry-step-answer",
        InquiryStep::Ask => "inquiry-step-ask",
        InquiryStep::Accept => "inquiry-step-accept",
        InquiryStep::Refuse => "inquiry-step-refuse",
        InquiryStep::Dispute => "inquiry-step-dispute",
        InquiryStep::Uphold => "inquiry-step-uphold",
        InquiryStep::Withdraw => "inquiry-step-withdraw",
    }
}

fn refusal_key(code: &str) -> &'static str {
    match code {
        "not_tracked" => "inquiry-refusal-not-tracked",
        "outside_window" => "inquiry-refusal-outside-window",
        "no_consent" => "inquiry-refusal-no-consent",
        "another_partner" => "inquiry-refusal-another-partner",
        "not_qualified" => "inquiry-refusal-not-qualified",
        "terms_broken" => "inquiry-refusal-terms-broken",
        "paid_already" => "inquiry-refusal-paid-already",
        "not_proved" => "inquiry-refusal-not-proved",
        _ => "inquiry-refusal-other",
    }
}

const fn outcome_key(outcome: InquiryOutcome) -> &'static str {
    match outcome {
        InquiryOutcome::Credited => "inquiry-outcome-credited",
        InquiryOutcome::Amount => "inquiry-outcome-amount",
        InquiryOutcome::Upheld => "inquiry-outcome-upheld",
        InquiryOutcome::Withdrawn => "inquiry-outcome-withdrawn",
    }
}

/// Kinds to choose from.
pub(super) fn kinds<A>(frame: &Frame<A>) -> Vec<Choice> {
    let choice = |kind: &InquiryKind| Choice::new(kind.as_str(), frame.t(kind_key(*kind)));
    InquiryKind::ALL.iter().map(choice).collect()
}

/// Reasons of a no to choose from.
pub(super) fn reasons<A>(frame: &Frame<A>) -> Vec<Choice> {
    REFUSALS.iter().map(|code| Choice::new(*code, frame.t(refusal_key(code)))).collect()
}

/// The last day of a deadline that ends at a moment.
fn day<A>(frame: &Frame<A>, due: Option<Timestamp>) -> Option<LocalDate> {
    due.map(|at| frame.zone.date(at))
}

fn overdue<A>(frame: &Frame<A>, due: Option<Timestamp>) -> bool {
    due.is_some_and(|at| at < frame.now)
}

/// A row of a list, whose inquiries are at `base`.
pub(super) fn row<A>(frame: &Frame<A>, it: &StoredInquiry, with: String, base: &str) -> InquiryRow {
    // A no that nobody disputed in time is over, not late.
    let due = it.due_at.filter(|_| it.state != InquiryState::Refused);
    InquiryRow {
        href: format!("{base}/{}", it.id),
        kind_key: kind_key(it.kind),
        order: it.order.clone(),
        with,
        state: shown(it.state),
        at: it.opened_at,
        due: day(frame, due),
        overdue: overdue(frame, due),
    }
}

/// Where things of an inquiry are for who looks.
pub(super) struct Addresses {
    pub(super) paid: Option<String>,
    pub(super) subject: Option<String>,
}

/// The inquiry as it is shown. `with` is the other side's name, `names` tells who spoke; empty: the
/// reader.
pub(super) fn body<A>(
    frame: &Frame<A>,
    thread: &InquiryThread,
    with: String,
    names: impl Fn(&StoredMessage) -> String,
    addresses: Addresses,
) -> InquiryBody {
    let it = &thread.inquiry;
    let due = it.due_at.filter(|due| it.state != InquiryState::Refused || *due > frame.now);
    let lines = thread.messages.iter().map(|message| InquiryLine {
        at: message.at,
        who: names(message),
        step_key: step_key(message.step),
        words: message.words.clone(),
    });
    InquiryBody {
        id: it.id.to_string(),
        kind_key: kind_key(it.kind),
        with,
        order: it.order.clone(),
        state: shown(it.state),
        at: it.opened_at,
        claimed: it.claimed,
        evidence: it.evidence.clone(),
        due: day(frame, due),
        overdue: overdue(frame, due),
        refusal_key: it
            .refusal
            .as_deref()
            .filter(|_| {
                !matches!(it.outcome, Some(InquiryOutcome::Credited | InquiryOutcome::Amount))
            })
            .map(refusal_key),
        outcome_key: it.outcome.map(outcome_key),
        paid_href: addresses.paid,
        subject_href: addresses.subject,
        lines: lines.collect(),
    }
}

/// An amount as people type it; none when nothing is typed.
pub(super) fn amount(
    pointer: &'static str,
    text: &str,
    currency: Currency,
) -> Result<Option<Money>, AppError> {
    let text = text.trim().replace(' ', "").replace(',', ".");
    if text.is_empty() {
        return Ok(None);
    }
    let parsed = Money::parse_decimal(&text, currency);
    let wrong = |_| FieldError::new(pointer, "amount_malformed", "Give an amount like 500.00.");
    Ok(Some(parsed.map_err(wrong)?))
}

/// A field with something in it, as a form begins.
pub(super) fn begun(text: Option<&str>) -> Field {
    text.map_or_else(Field::default, Field::of)
}
