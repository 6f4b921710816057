use tributary_commission::EventName;
use tributary_directory::{Actor, Permission};
use tributary_kernel::{FieldError, OrganisationId, ProgramId, Refusal};
use tributary_sales::{Ending, PROTECTION_DAYS_MAX, Pipeline, RegistrationRules};
use tributary_store::engine::Connection;
use tributary_store::{lead, program};

use crate::{App, AppError};

/// How a program takes leads.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LeadSettings {
    /// Whose a lead is that somebody else knows already.
    pub rules: RegistrationRules,
    /// How far a deal can come.
    pub pipeline: Pipeline,
}

impl LeadSettings {
    fn errors(&self) -> Vec<FieldError> {
        let mut errors: Vec<_> =
            self.pipeline.errors().into_iter().map(|error| error.under("/pipeline")).collect();
        if self.rules.protection_days > PROTECTION_DAYS_MAX {
            let detail = format!("Protection lasts 0 to {PROTECTION_DAYS_MAX} days.");
            errors.push(FieldError::new("/rules/protection_days", "out_of_range", detail));
        }
        let mut events: Vec<&str> = Vec::new();
        for (place, stage) in self.pipeline.stages.iter().enumerate() {
            let Some(event) = stage.event.as_deref() else { continue };
            let pointer = format!("/pipeline/stages/{place}/event");
            match event.parse::<EventName>() {
                Err(error) => {
                    errors.push(FieldError::new(pointer, "event_name", error.to_string()));
                }
                Ok(name) if name.is_refund() || name.is_click() => {
                    let detail = "A stage is reported as a lead, a sale or a type of your own.";
                    errors.push(FieldError::new(pointer, "event_name", detail));
                }
                Ok(_) if events.contains(&event) => {
                    let detail = "Another stage is reported as this: a lead is each once.";
                    errors.push(FieldError::new(pointer, "duplicate", detail));
                }
                Ok(_) if stage.ending == Ending::Lost => {
                    let detail = "A lost deal is nothing that a plan pays: leave the type out.";
                    errors.push(FieldError::new(pointer, "lost_pays", detail));
                }
                Ok(_) => events.push(event),
            }
        }
        errors
    }
}

/// How a program takes leads; none: it takes none. Read by whoever sees the program.
///
/// # Errors
/// Not found; a fault.
pub async fn lead_settings(
    app: &App,
    actor: &Actor,
    program: ProgramId,
) -> Result<Option<LeadSettings>, AppError> {
    let found = crate::directory::find_program(app, actor, program).await?;
    let mut conn = app.record.read().await?;
    settings_in(&mut *conn, found.owner, program).await
}

pub(super) async fn settings_in(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    program: ProgramId,
) -> Result<Option<LeadSettings>, AppError> {
    let found = lead::settings(conn, &[(owner, program)]).await?;
    Ok(found.into_iter().next().map(|(_, settings)| settings))
}

/// The settings of a program that takes leads.
pub(crate) async fn needed_in(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    program: ProgramId,
) -> Result<LeadSettings, AppError> {
    let found = settings_in(conn, owner, program).await?;
    found.ok_or_else(|| {
        let detail = "This program takes no leads: its manager sets how at Settings, Leads.";
        Refusal::conflict("leads_not_taken", detail).into()
    })
}

/// Sets how a program takes leads; from the first time on it takes them. Leads keep the answers
/// they got.
///
/// # Errors
/// A refusal names the fields; not found; a fault.
pub async fn put_lead_settings(
    app: &App,
    actor: &Actor,
    owner: OrganisationId,
    id: ProgramId,
    settings: LeadSettings,
) -> Result<LeadSettings, AppError> {
    actor.require(owner, Permission::Manage)?;
    let errors = settings.errors();
    if !errors.is_empty() {
        return Err(Refusal::invalid(errors).into());
    }
    let mut tx = app.record.begin().await?;
    let Some(program) = program::lock_in(&mut *tx, owner, id).await? else {
        return Err(Refusal::not_found("program").into());
    };
    let text = serde_json::to_string(&settings).expect("our types have string keys");
    lead::put_settings(&mut *tx, owner, id, text.as_str().into(), app.now()).await?;
    let detail = serde_json::json!({
        "protection_days": settings.rules.protection_days,
        "stages": settings.pipeline.stages.len(),
    });
    app.audit_in(&mut *tx, owner, actor, "lead_settings.changed", program.id, &detail).await?;
    tx.commit().await?;
    Ok(settings)
}
