use tributary_directory::{Actor, Scope};
use tributary_kernel::{
    CommissionId, ConversionId, FieldError, InquiryId, KeyId, Refusal, Timestamp,
};
use tributary_money::Money;
use tributary_store::decision::{self, StoredCommission, StoredConversion};
use tributary_store::engine::Connection;
use tributary_store::inquiry::{
    InquiryOutcome, InquirySide, InquiryStep, StoredInquiry, put_inquiry,
};

use super::act::{Said, say, side_of};
use super::rules::next;
use super::tell::{Notice, tell_partner};
use crate::books::Books;
use crate::conversion::{
    Assignment, GiveAmount, ManualReason, ReportConversion, ReportOutcome, assign_in, check_amount,
    give_amount_in, integration_of, report_conversions,
};
use crate::error::refuse_if_any;
use crate::{App, AppError, text};

/// What a partner who was right gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Acceptance {
    /// The conversion: it is assigned to the partner, and the plan says what it pays.
    Credit {
        /// Which.
        conversion: ConversionId,
    },
    /// A sale that was never reported: it is recorded now, with the partner named.
    Record {
        /// `sale`, `lead`, … or the program's own.
        kind: String,
        /// Its order id.
        order_id: String,
        /// When it happened; none: now.
        occurred_at: Option<Timestamp>,
        /// Gross amount.
        amount: Option<Money>,
    },
    /// An amount, beside what the plan pays.
    Amount {
        /// How much.
        amount: Money,
    },
}

/// A yes.
#[derive(Debug, Clone)]
pub struct AcceptInquiry {
    /// To which inquiry.
    pub inquiry: InquiryId,
    /// What the partner gets.
    pub gets: Acceptance,
    /// In words.
    pub words: String,
}

/// What a yes would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AcceptPreview {
    /// What the partner gets; nothing when the sale would be recorded first.
    pub gained: Vec<Money>,
    /// What is taken back of others: pending, approved or paid amounts.
    pub taken_back: Vec<StoredCommission>,
    /// Whether the partner has the conversion already.
    pub has_it: bool,
}

/// Says yes, and books what that means, in one transaction. A sale that is recorded for it is
/// recorded before, by its order id: said again, it is the same one.
///
/// # Errors
/// Not found; `inquiry_state`; `mediator_is_another`; fields; those of the report, the assignment
/// or the amount; a fault.
pub async fn accept_inquiry(
    app: &App,
    actor: &Actor,
    input: &AcceptInquiry,
) -> Result<StoredInquiry, AppError> {
    check(input)?;
    let conversion = match &input.gets {
        Acceptance::Record { .. } => Some(record(app, actor, input).await?),
        _ => None,
    };
    crate::app::with_retries(|| async {
        let mut tx = app.record.begin().await?;
        // Deciding again keeps much at hand: on the heap, not within this future.
        let done = Box::pin(accept_in(app, &mut *tx, actor, input, conversion)).await?;
        let Accepted { it, side, pen, .. } = done;
        pen.write_in(&mut *tx).await?;
        put_inquiry(&mut *tx, &it).await?;
        let said = Said { side, step: InquiryStep::Accept, words: &input.words };
        say(app, &mut *tx, actor, &it, &said).await?;
        tell_partner(app, &mut *tx, &it, Notice::Accepted).await?;
        tx.commit().await?;
        Ok(it)
    })
    .await
}

/// Says what a yes would do, and does nothing.
///
/// # Errors
/// As [`accept_inquiry`].
pub async fn preview_acceptance(
    app: &App,
    actor: &Actor,
    input: &AcceptInquiry,
) -> Result<AcceptPreview, AppError> {
    check(input)?;
    let preview = |gained, taken_back, has_it| AcceptPreview { gained, taken_back, has_it };
    if matches!(input.gets, Acceptance::Record { .. }) {
        let mut conn = app.record.read().await?;
        let (it, side) = side_of(&mut *conn, actor, input.inquiry).await?;
        next(it.state, side, InquiryStep::Accept)?;
        return Ok(preview(Vec::new(), Vec::new(), false));
    }
    crate::app::with_retries(|| async {
        let mut tx = app.record.begin().await?;
        let done = Box::pin(accept_in(app, &mut *tx, actor, input, None)).await?;
        let Some(assigned) = done.assigned else {
            let given = match &input.gets {
                Acceptance::Amount { amount } => vec![*amount],
                _ => Vec::new(),
            };
            return Ok(preview(given, Vec::new(), false));
        };
        let was = |id: CommissionId| assigned.before.iter().find(|it| it.id == id);
        let fresh = assigned.after.iter().filter(|it| was(it.id).is_none());
        let gained = fresh.map(|it| it.amount).collect();
        let less = |it: &&StoredCommission| {
            let now = assigned.after.iter().find(|now| now.id == it.id);
            now.is_some_and(|now| now.remaining() < it.remaining())
        };
        let taken_back = assigned.before.iter().filter(less).cloned().collect();
        Ok(preview(gained, taken_back, !assigned.changed))
    })
    .await
}

fn check(input: &AcceptInquiry) -> Result<(), AppError> {
    let mut errors = Vec::new();
    text::words("/words", &input.words, &mut errors);
    if let Acceptance::Amount { amount } = &input.gets
        && amount.minor <= 0
    {
        errors.push(FieldError::new("/amount", "amount_zero", "Give more than zero."));
    }
    refuse_if_any(errors)
}

/// What a yes has done so far.
struct Accepted {
    it: StoredInquiry,
    side: InquirySide,
    pen: Books,
    assigned: Option<Assignment>,
}

async fn accept_in(
    app: &App,
    conn: &mut dyn Connection,
    actor: &Actor,
    input: &AcceptInquiry,
    recorded: Option<ConversionId>,
) -> Result<Accepted, AppError> {
    let now = app.now();
    let (found, _) = side_of(conn, actor, input.inquiry).await?;
    let heads = decision::lock_heads_in(conn, &[found.owner]).await?;
    let head = heads.first();
    let head = head.ok_or_else(|| AppError::Corrupt(format!("{} has no head", found.owner)))?;
    let mut pen = Books::open(head, now)?;
    // Two people who act at once: the second sees what the first has done.
    let (mut it, side) = side_of(conn, actor, input.inquiry).await?;
    let (state, _) = next(it.state, side, InquiryStep::Accept)?;
    let mut assigned = None;
    match (&input.gets, &recorded) {
        (Acceptance::Amount { amount }, _) => {
            let given = give(app, conn, &mut pen, actor, &it, *amount, &input.words).await?;
            it.paid = Some(given.id);
            it.outcome = Some(InquiryOutcome::Amount);
        }
        (Acceptance::Credit { conversion }, _) | (Acceptance::Record { .. }, Some(conversion)) => {
            let own = |of: &StoredConversion| of.program == it.program;
            let key = [(it.owner, *conversion)];
            let found = decision::conversions_by_id(conn, &key).await?.into_iter().next();
            found.filter(own).ok_or_else(|| Refusal::not_found("conversion"))?;
            let to = it.partnership;
            let done = assign_in(app, conn, &mut pen, it.owner, *conversion, to).await?;
            let mut own = done.after.iter().rev();
            let own = own.find(|own| own.partnership == to && own.remaining() > 0);
            it.paid = own.map(|own| own.id);
            it.outcome = Some(InquiryOutcome::Credited);
            it.conversion = Some(*conversion);
            assigned = Some(done);
        }
        (Acceptance::Record { .. }, None) => return Err(Refusal::not_found("conversion").into()),
    }
    it.state = state;
    it.due_at = None;
    it.decided_at = Some(now);
    it.decided_by = Some(actor.name());
    Ok(Accepted { it, side, pen, assigned })
}

/// The amount that an inquiry ends in, once.
async fn give(
    app: &App,
    conn: &mut dyn Connection,
    pen: &mut Books,
    actor: &Actor,
    it: &StoredInquiry,
    amount: Money,
    words: &str,
) -> Result<StoredCommission, AppError> {
    let input = GiveAmount {
        owner: it.owner,
        partnership: it.partnership,
        amount,
        reason: ManualReason::Inquiry,
        note: words.to_owned(),
        about: it.conversion,
        key: Some(it.id.to_string()),
    };
    check_amount(&input)?;
    give_amount_in(app, conn, pen, actor, &input, Some(it.id)).await
}

/// Records the sale that nobody reported. Who may decide may say that it happened.
async fn record(app: &App, actor: &Actor, input: &AcceptInquiry) -> Result<ConversionId, AppError> {
    let mut conn = app.record.read().await?;
    let (it, side) = side_of(&mut *conn, actor, input.inquiry).await?;
    next(it.state, side, InquiryStep::Accept)?;
    drop(conn);
    let Acceptance::Record { kind, order_id, occurred_at, amount } = &input.gets else {
        return Err(Refusal::not_found("sale").into());
    };
    let report = ReportConversion {
        program: Some(it.program),
        kind: kind.clone(),
        order_id: order_id.clone(),
        occurred_at: *occurred_at,
        amount: *amount,
        partner: Some(it.partner),
        ..ReportConversion::default()
    };
    let outcome = report_conversions(app, &reporter(actor, &it), vec![report]).await?.pop();
    match outcome {
        Some(ReportOutcome::Applied(id) | ReportOutcome::Duplicate(id)) => Ok(id),
        Some(ReportOutcome::Quarantined { .. }) => {
            let detail = "The date is not plausible, or the order is known with another amount.";
            Err(FieldError::new("/occurred_at", "not_recorded", detail).into())
        }
        Some(ReportOutcome::Refused(refusal)) => Err(refusal.into()),
        Some(ReportOutcome::Failed(fault)) => Err(fault),
        None => Err(AppError::Corrupt("a report has no outcome".to_owned())),
    }
}

/// A report with the rights of deciding, under the integration of whoever decides.
fn reporter(actor: &Actor, it: &StoredInquiry) -> Actor {
    Actor::Key {
        key: KeyId::from_bytes([0; 16]),
        integration: integration_of(actor),
        owner: it.owner,
        scopes: vec![Scope::Report],
    }
}
