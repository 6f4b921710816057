use tributary_directory::{Actor, Permission};
use tributary_kernel::{FieldError, OrganisationId, QuarantineId, Refusal, Timestamp};
use tributary_store::decision::{self, QuarantineRow};
use tributary_store::list::{Page, PageRequest};

use super::input::from_given;
use super::report::{ReportOutcome, report_conversions};
use crate::{App, AppError};

/// Facts that wait for a person, newest first.
pub async fn list_quarantined(
    app: &App,
    actor: &Actor,
    owner: OrganisationId,
    waiting_only: bool,
    page: PageRequest,
) -> Result<Page<QuarantineRow>, AppError> {
    actor.require(owner, Permission::Read)?;
    let mut conn = app.record.read().await?;
    let status = waiting_only.then_some("waiting");
    Ok(decision::list_quarantine(&mut *conn, owner, status, page).await?)
}

async fn waiting(
    app: &App,
    owner: OrganisationId,
    id: QuarantineId,
) -> Result<QuarantineRow, AppError> {
    let mut conn = app.record.read().await?;
    let found = decision::find_quarantine(&mut *conn, owner, id).await?;
    let Some(row) = found else { return Err(Refusal::not_found("quarantined fact").into()) };
    if row.status != "waiting" {
        let detail = "Somebody has settled this already.";
        return Err(Refusal::conflict("already_settled", detail).into());
    }
    Ok(row)
}

/// Reports a waiting fact again, with the right date if that was wrong. It is settled when it is
/// applied, or turns out to be known; else it goes on waiting and the answer says why.
pub async fn replay_quarantined(
    app: &App,
    actor: &Actor,
    owner: OrganisationId,
    id: QuarantineId,
    occurred_at: Option<Timestamp>,
) -> Result<ReportOutcome, AppError> {
    actor.require(owner, Permission::Decide)?;
    let row = waiting(app, owner, id).await?;
    if row.reason == "conflict" {
        let detail = "It contradicts a conversion: correct that one, or dismiss this.";
        return Err(Refusal::conflict("replay_conflicts", detail).into());
    }
    let mut report = from_given(&row.given)
        .map_err(|error| AppError::Corrupt(format!("given of {id}: {error}")))?;
    report.occurred_at = occurred_at.or(report.occurred_at);
    // The delivery key makes a second click on the button harmless.
    report.delivery_key = Some(format!("replay/{id}/{}", report.occurred_at.unwrap_or_default()));
    let now = app.now();
    let checked = super::input::check(&report, now)?;
    if let Some(reason) = checked.quarantine {
        let detail = "The date is still not plausible; send occurred_at with the right one.";
        return Err(FieldError::new("/occurred_at", reason, detail).into());
    }
    // Replay runs with the rights of who asks; deciding includes reporting what waits.
    let system = Actor::Key {
        key: tributary_kernel::KeyId::from_bytes([0; 16]),
        integration: row.integration,
        owner,
        scopes: vec![tributary_directory::Scope::Report],
    };
    let outcome = report_conversions(app, &system, vec![report]).await?.pop();
    let outcome = outcome.ok_or_else(|| AppError::Corrupt("a report has no outcome".to_owned()))?;
    if let ReportOutcome::Applied(conversion) | ReportOutcome::Duplicate(conversion) = outcome {
        let mut tx = app.record.begin().await?;
        let by = actor.name();
        let now = app.now();
        decision::settle_quarantine(&mut *tx, owner, id, "replayed", Some(conversion), now, &by)
            .await?;
        let detail = serde_json::json!({ "conversion": conversion });
        app.audit_in(&mut *tx, owner, actor, "quarantine.replayed", id, &detail).await?;
        tx.commit().await?;
    }
    Ok(outcome)
}

/// Puts a waiting fact away for good.
pub async fn dismiss_quarantined(
    app: &App,
    actor: &Actor,
    owner: OrganisationId,
    id: QuarantineId,
) -> Result<(), AppError> {
    actor.require(owner, Permission::Decide)?;
    waiting(app, owner, id).await?;
    let mut tx = app.record.begin().await?;
    let by = actor.name();
    let now = app.now();
    decision::settle_quarantine(&mut *tx, owner, id, "dismissed", None, now, &by).await?;
    app.audit_in(&mut *tx, owner, actor, "quarantine.dismissed", id, &serde_json::json!({}))
        .await?;
    tx.commit().await?;
    Ok(())
}
