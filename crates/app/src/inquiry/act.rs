use tributary_directory::{Actor, Permission, Viewer};
use tributary_kernel::{FieldError, InquiryId, Refusal};
use tributary_store::decision::lock_heads_in;
use tributary_store::engine::Connection;
use tributary_store::inquiry::{
    InquiryOutcome, InquirySide, InquiryState, InquiryStep, StoredInquiry, StoredMessage,
    count_messages, find_inquiry, insert_message, put_inquiry,
};

use super::rules::{REFUSALS, may_decide, next};
use super::tell::{Notice, tell_deciders, tell_partner};
use crate::directory::viewer_of;
use crate::error::refuse_if_any;
use crate::{App, AppError, text};

/// Messages of one inquiry.
pub(super) const MESSAGES_MAX: u32 = 500;

/// A step with words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InquiryAct {
    /// The partner tells more.
    Reply,
    /// The program answers.
    Answer,
    /// The program asks the partner for more.
    Ask,
    /// The program says no, by a code of [`REFUSALS`](super::REFUSALS); in a dispute the mediator
    /// does, and that holds.
    Refuse(String),
    /// The partner does not agree to the no.
    Dispute,
    /// The partner no longer asks.
    Withdraw,
}

/// What is said, by whom, and what that does.
pub(super) struct Said<'a> {
    pub(super) side: InquirySide,
    pub(super) step: InquiryStep,
    pub(super) words: &'a str,
}

/// Writes a message and the trail, in the caller's transaction.
pub(super) async fn say(
    app: &App,
    conn: &mut dyn Connection,
    actor: &Actor,
    it: &StoredInquiry,
    said: &Said<'_>,
) -> Result<(), AppError> {
    let now = app.now();
    let before = count_messages(conn, it.owner, it.id).await?;
    if before >= MESSAGES_MAX {
        let detail = format!("An inquiry has at most {MESSAGES_MAX} messages.");
        return Err(Refusal::too_many("too_many_messages", detail).into());
    }
    let message = StoredMessage {
        owner: it.owner,
        inquiry: it.id,
        number: before + 1,
        at: now,
        side: said.side,
        author: actor.name(),
        step: said.step,
        words: said.words.trim().to_owned(),
    };
    insert_message(conn, &message).await?;
    let detail = serde_json::json!({
        "step": said.step, "state": it.state, "refusal": it.refusal, "outcome": it.outcome,
        "commission": it.paid,
    });
    app.audit_in(conn, it.owner, actor, "inquiry.moved", it.id, &detail).await?;
    Ok(())
}

/// With whose eyes somebody acts: a partner, or whoever may decide in the organisation.
pub(super) fn viewer_to_act(actor: &Actor) -> Result<Viewer, Refusal> {
    let Some(owner) = actor.owner() else { return viewer_of(actor) };
    actor.require(owner, Permission::Decide)?;
    Ok(Viewer::Owner(owner))
}

/// For whom an actor speaks in an inquiry; whoever may not see it does not find it.
pub(super) async fn side_of(
    conn: &mut dyn Connection,
    actor: &Actor,
    id: InquiryId,
) -> Result<(StoredInquiry, InquirySide), AppError> {
    let viewer = viewer_to_act(actor)?;
    let it = find_inquiry(conn, viewer, id).await?;
    let it = it.ok_or_else(|| Refusal::not_found("inquiry"))?;
    let side = match viewer {
        Viewer::Partner(_) => InquirySide::Partner,
        Viewer::Owner(_) => match it.state == InquiryState::Disputed && may_decide(actor, &it) {
            true => InquirySide::Mediator,
            false => InquirySide::Owner,
        },
    };
    Ok((it, side))
}

/// Takes a step that moves no money.
///
/// # Errors
/// Not found; `inquiry_state` when it is not possible from where the inquiry stands;
/// `dispute_too_late`; `mediator_is_another`; `/words` and `/reason`; a fault.
pub async fn act_on_inquiry(
    app: &App,
    actor: &Actor,
    id: InquiryId,
    act: &InquiryAct,
    words: &str,
) -> Result<StoredInquiry, AppError> {
    let mut errors = Vec::new();
    text::words("/words", words, &mut errors);
    if let InquiryAct::Refuse(code) = act
        && !REFUSALS.contains(&code.as_str())
    {
        let detail = format!("Give one of: {}.", REFUSALS.join(", "));
        errors.push(FieldError::new("/reason", "reason_not_allowed", detail));
    }
    refuse_if_any(errors)?;
    crate::app::with_retries(|| act_once(app, actor, id, act, words)).await
}

async fn act_once(
    app: &App,
    actor: &Actor,
    id: InquiryId,
    act: &InquiryAct,
    words: &str,
) -> Result<StoredInquiry, AppError> {
    let now = app.now();
    let mut tx = app.record.begin().await?;
    let (found, _) = side_of(&mut *tx, actor, id).await?;
    // Two people who act at once: the second sees what the first has done.
    lock_heads_in(&mut *tx, &[found.owner]).await?;
    let (mut it, side) = side_of(&mut *tx, actor, id).await?;
    let step = match (act, side) {
        (InquiryAct::Reply, _) => InquiryStep::Reply,
        (InquiryAct::Answer, _) => InquiryStep::Answer,
        (InquiryAct::Ask, _) => InquiryStep::Ask,
        (InquiryAct::Refuse(_), InquirySide::Mediator) => InquiryStep::Uphold,
        (InquiryAct::Refuse(_), _) => InquiryStep::Refuse,
        (InquiryAct::Dispute, _) => InquiryStep::Dispute,
        (InquiryAct::Withdraw, _) => InquiryStep::Withdraw,
    };
    let (state, days) = next(it.state, side, step)?;
    if step == InquiryStep::Dispute && it.due_at.is_some_and(|due| due < now) {
        let detail = "The days within which a no can be disputed are over.";
        return Err(Refusal::conflict("dispute_too_late", detail).into());
    }
    it.state = state;
    it.due_at = days.map(|days| now.plus_days(days));
    it.reminders = 0;
    if let InquiryAct::Refuse(code) = act {
        it.refusal = Some(code.clone());
        it.decided_at = Some(now);
        it.decided_by = Some(actor.name());
    }
    match step {
        InquiryStep::Uphold => it.outcome = Some(InquiryOutcome::Upheld),
        InquiryStep::Withdraw => it.outcome = Some(InquiryOutcome::Withdrawn),
        _ => {}
    }
    put_inquiry(&mut *tx, &it).await?;
    say(app, &mut *tx, actor, &it, &Said { side, step, words }).await?;
    match step {
        InquiryStep::Reply => tell_deciders(app, &mut *tx, &it, Notice::Replied).await?,
        InquiryStep::Dispute => tell_deciders(app, &mut *tx, &it, Notice::Disputed).await?,
        InquiryStep::Withdraw => {
            tell_deciders(app, &mut *tx, &it, Notice::Withdrawn).await?;
        }
        InquiryStep::Ask => tell_partner(app, &mut *tx, &it, Notice::Asked).await?,
        InquiryStep::Refuse => tell_partner(app, &mut *tx, &it, Notice::Refused).await?,
        InquiryStep::Uphold => tell_partner(app, &mut *tx, &it, Notice::Upheld).await?,
        _ => tell_partner(app, &mut *tx, &it, Notice::Answered).await?,
    }
    tx.commit().await?;
    Ok(it)
}
