//! A person answers whose a lead is; a partner gives one up.

use tributary_directory::{Actor, Permission, Viewer};
use tributary_kernel::{LeadId, OrganisationId, Refusal, Timestamp, Zone, text_enum};
use tributary_sales::Answer;
use tributary_store::decision::lock_heads_in;
use tributary_store::engine::Connection;
use tributary_store::lead::{self, LeadState, LeadStepKind, StoredLead};
use tributary_store::{account, program, redecision};

use super::advance::{advance_first, reason_of};
use super::register::{Sought, people_in};
use super::settings::needed_in;
use super::step::{Step, append};
use crate::books::{Books, lock_head};
use crate::{App, AppError};

text_enum! {
    /// What a person says of a lead that waits.
    pub enum LeadAnswer {
        /// It is the partner's.
        Accept = "accept",
        /// It is not.
        Refuse = "refuse",
    }
}

/// Answers a lead that waits for a person. Accepted, it is protected since it was registered, and
/// what the company did since then is decided once more.
///
/// # Errors
/// `lead_not_waiting`; not found; a fault.
pub async fn answer_lead(
    app: &App,
    actor: &Actor,
    owner: OrganisationId,
    id: LeadId,
    (answer, reason): (LeadAnswer, Option<String>),
) -> Result<StoredLead, AppError> {
    actor.require(owner, Permission::Decide)?;
    let reason = reason_of(reason.as_deref())?;
    if answer == LeadAnswer::Refuse && reason.is_none() {
        let detail = "Say why: the partner reads it.";
        return Err(tributary_kernel::FieldError::new("/reason", "missing", detail).into());
    }
    let mut tx = app.record.begin().await?;
    let head = lock_head(&mut *tx, owner).await?;
    let Some(mut it) = lead::find(&mut *tx, Viewer::Owner(owner), id).await? else {
        return Err(Refusal::not_found("lead").into());
    };
    if it.state != LeadState::Review {
        let detail = "This lead waits for no answer.";
        return Err(Refusal::conflict("lead_not_waiting", detail).into());
    }
    let settings = needed_in(&mut *tx, owner, it.program).await?;
    let now = app.now();
    match answer {
        LeadAnswer::Refuse => it.state = LeadState::Refused,
        LeadAnswer::Accept => {
            it.state = LeadState::Registered;
            let days = i32::from(settings.rules.protection_days);
            let until = protected(&mut *tx, &it, days).await?;
            it.protected_until = Some(until);
            let answer = Answer::Registered { protected_until: until };
            it.answer = serde_json::to_string(&answer).expect("our types have string keys");
        }
    }
    let step = Step { kind: LeadStepKind::Answer, value: answer.as_str(), reason };
    append(&mut *tx, actor, &mut it, step, now).await?;
    if answer == LeadAnswer::Accept {
        queue_open(&mut *tx, &it, now).await?;
    }
    let mut pen = Books::open(&head, now)?;
    let data = serde_json::json!({ "lead": id, "program": it.program, "state": it.state });
    pen.tell("lead.answered", *id.as_bytes(), &data, &*app.entropy);
    pen.write_in(&mut *tx).await?;
    let detail = serde_json::json!({ "answer": answer });
    app.audit_in(&mut *tx, owner, actor, "lead.answered", id, &detail).await?;
    tx.commit().await?;
    match it.state {
        LeadState::Registered => advance_first(app, actor, it, &settings).await,
        _ => Ok(it),
    }
}

async fn protected(
    conn: &mut dyn Connection,
    it: &StoredLead,
    days: i32,
) -> Result<Timestamp, AppError> {
    let Some(program) = program::find(conn, Viewer::Owner(it.owner), it.program).await? else {
        return Err(AppError::Corrupt(format!("{} is missing", it.program)));
    };
    let zone = Zone::named(&program.terms.time_zone)
        .map_err(|error| AppError::Corrupt(format!("{}: {error}", it.program)))?;
    Ok(zone.plus_days(it.registered_at, days))
}

/// What a lead's people did that is not settled may be its partner's now.
async fn queue_open(
    conn: &mut dyn Connection,
    it: &StoredLead,
    now: Timestamp,
) -> Result<(), AppError> {
    let people = people_in(conn, &Sought::of(it)).await?;
    let people: Vec<_> = people.into_iter().map(|customer| (it.owner, customer)).collect();
    if !people.is_empty() {
        let open = account::open_conversions_of_customers(conn, &people).await?;
        if !open.is_empty() {
            redecision::queue_redecision(conn, &open, now).await?;
        }
    }
    Ok(())
}

/// A partner gives a lead up: others may register it. What was paid for it stays.
///
/// # Errors
/// `lead_ended`; not found; a fault.
pub async fn withdraw_lead(app: &App, actor: &Actor, id: LeadId) -> Result<StoredLead, AppError> {
    let Actor::Partner { partner, .. } = actor else {
        return Err(Refusal::not_found("lead").into());
    };
    let viewer = Viewer::Partner(*partner);
    let mut tx = app.record.begin().await?;
    let Some(found) = lead::find(&mut *tx, viewer, id).await? else {
        return Err(Refusal::not_found("lead").into());
    };
    lock_heads_in(&mut *tx, &[found.owner]).await?;
    let Some(mut it) = lead::find(&mut *tx, viewer, id).await? else {
        return Err(Refusal::not_found("lead").into());
    };
    if !matches!(it.state, LeadState::Registered | LeadState::Review) {
        let detail = "This lead is over already.";
        return Err(Refusal::conflict("lead_ended", detail).into());
    }
    let now = app.now();
    it.state = LeadState::Ended;
    it.ended_at = Some(now);
    let step = Step { kind: LeadStepKind::Answer, value: "withdrawn", reason: None };
    append(&mut *tx, actor, &mut it, step, now).await?;
    let detail = serde_json::json!({});
    app.audit_in(&mut *tx, it.owner, actor, "lead.withdrawn", id, &detail).await?;
    tx.commit().await?;
    Ok(it)
}
