use tributary_directory::{Actor, Mode, Permission, Program, ProgramTerms};
use tributary_kernel::{FieldError, OrganisationId, ProgramId, Refusal};
use tributary_store::{install, program};

use crate::secrets::random_base62;
use crate::{App, AppError};

const PUBLIC_KEY_CHARACTERS: usize = 20;

/// Starts a program, in test mode.
pub async fn create_program(
    app: &App,
    actor: &Actor,
    owner: OrganisationId,
    terms: ProgramTerms,
) -> Result<Program, AppError> {
    actor.require(owner, Permission::Manage)?;
    let terms = terms.check().map_err(Refusal::invalid)?;
    let now = app.now();
    let program = Program {
        id: ProgramId::new(now, &*app.entropy),
        owner,
        public_key: random_base62(PUBLIC_KEY_CHARACTERS, &*app.entropy),
        mode: Mode::Test,
        terms,
        created_at: now,
        live_at: None,
    };
    let mut tx = app.record.begin().await?;
    program::put(&mut *tx, &program).await?;
    install::note_change(&mut *tx, "program", program.id, now).await?;
    let detail = serde_json::json!({ "currency": program.terms.currency });
    app.audit_in(&mut *tx, owner, actor, "program.created", program.id, &detail).await?;
    tx.commit().await?;
    Ok(program)
}

/// Replaces a program's terms. The currency stays: what was booked is in it.
pub async fn update_program(
    app: &App,
    actor: &Actor,
    owner: OrganisationId,
    id: ProgramId,
    terms: ProgramTerms,
) -> Result<Program, AppError> {
    change_program(app, actor, owner, id, |_| Ok(terms)).await
}

/// Replaces a program's terms by what `change` makes of them, in one transaction: of two changes at
/// the same time each sees what the other has left.
pub async fn change_program(
    app: &App,
    actor: &Actor,
    owner: OrganisationId,
    id: ProgramId,
    change: impl FnOnce(ProgramTerms) -> Result<ProgramTerms, Refusal> + Send,
) -> Result<Program, AppError> {
    actor.require(owner, Permission::Manage)?;
    let now = app.now();
    let mut tx = app.record.begin().await?;
    let Some(mut program) = program::lock_in(&mut *tx, owner, id).await? else {
        return Err(Refusal::not_found("program").into());
    };
    let terms = change(program.terms.clone())?.check().map_err(Refusal::invalid)?;
    if program.terms.currency != terms.currency {
        let detail = "A program's currency never changes; start another program for another one.";
        return Err(FieldError::new("/currency", "currency_fixed", detail).into());
    }
    if program.mode == Mode::Live && program.terms.time_zone != terms.time_zone {
        let detail = "A live program keeps its time zone: what was booked lies in its days.";
        return Err(FieldError::new("/time_zone", "zone_fixed", detail).into());
    }
    super::attribution::follow_terms_in(app, &mut *tx, actor, &program, &terms).await?;
    program.terms = terms;
    program::put(&mut *tx, &program).await?;
    install::note_change(&mut *tx, "program", program.id, now).await?;
    let detail = serde_json::json!({ "status": program.terms.status });
    app.audit_in(&mut *tx, owner, actor, "program.updated", program.id, &detail).await?;
    tx.commit().await?;
    Ok(program)
}
