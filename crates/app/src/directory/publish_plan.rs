use tributary_commission::{CompiledPlan, PlanDocument, PlanWarning};
use tributary_directory::{Actor, Permission, Program, Viewer};
use tributary_kernel::{FieldError, OrganisationId, PlanId, ProgramId, Refusal, Timestamp};
use tributary_store::program::{self, StoredPlan};

use crate::books::{Books, lock_head};
use crate::conversion::{Needs, begin_totals};
use crate::{App, AppError};

/// A new version of a program's plan.
#[derive(Debug, Clone)]
pub struct PublishPlan {
    /// Whose.
    pub owner: OrganisationId,
    /// Which program's.
    pub program: ProgramId,
    /// The document as it was sent.
    pub document: Vec<u8>,
    /// From when it holds; none: from now. Never before now: no change rewrites the past. The
    /// first version holds from the beginning.
    pub effective_from: Option<Timestamp>,
    /// Whether the person has read the warnings.
    pub confirmed: bool,
}

/// A version as it was published.
#[derive(Debug, Clone)]
pub struct PublishedPlan {
    /// As stored.
    pub plan: StoredPlan,
    /// What was confirmed.
    pub warnings: Vec<PlanWarning>,
}

/// Publishes a version.
pub async fn publish_plan(
    app: &App,
    actor: &Actor,
    input: PublishPlan,
) -> Result<PublishedPlan, AppError> {
    let (owner, id) = (input.owner, input.program);
    actor.require(owner, Permission::Manage)?;
    let document = PlanDocument::from_json(&input.document)
        .map_err(|errors| under_document(errors, "/document"))?;
    let now = app.now();
    if input.effective_from.is_some_and(|from| from < now) {
        let detail = "A plan holds from now on or later; what was booked stays as it is.";
        return Err(FieldError::new("/effective_from", "in_the_past", detail).into());
    }
    let mut tx = app.record.begin().await?;
    let head = lock_head(&mut *tx, owner).await?;
    let Some(program) = program::find(&mut *tx, Viewer::Owner(owner), id).await? else {
        return Err(Refusal::not_found("program").into());
    };
    let plan_id = PlanId::new(now, &*app.entropy);
    let compiled = CompiledPlan::new(plan_id, document, program.terms.currency)
        .map_err(|errors| under_document(errors, "/document"))?;
    let unsupported = crate::conversion::unsupported(compiled.document());
    if !unsupported.is_empty() {
        return Err(under_document(unsupported, "/document").into());
    }
    let warnings = compiled.warnings().to_vec();
    if !warnings.is_empty() && !input.confirmed {
        return Err(unconfirmed(&warnings).into());
    }
    let versions = program::plans(&mut *tx, &[(owner, id)]).await?;
    let first = versions.is_empty();
    if let Some(newest) = versions.last() {
        if newest.hash == *compiled.hash().as_bytes() {
            let detail = "This is word for word the newest version.";
            return Err(Refusal::conflict("plan_unchanged", detail).into());
        }
        if input.effective_from.unwrap_or(now) < newest.effective_from {
            let detail = "A later version is scheduled already; this one cannot hold before it.";
            return Err(FieldError::new("/effective_from", "before_newest", detail).into());
        }
    }
    let effective_from = match input.effective_from {
        Some(from) => from,
        None if first => Timestamp::from_microsecond(0),
        None => now,
    };
    let plan = StoredPlan {
        id: plan_id,
        owner,
        program: id,
        version: versions.last().map_or(1, |newest| newest.version + 1),
        effective_from,
        document: compiled.document().canonical_json(),
        hash: *compiled.hash().as_bytes(),
        created_at: now,
        created_by: actor.name(),
    };
    if Needs::of(compiled.document()).totals && !asked_before(&versions)? {
        begin_totals(&mut *tx, &program).await?;
    }
    program::insert_plan(&mut *tx, &plan).await?;
    // Partners are told in time: until it holds, the version before does.
    let mut pen = Books::open(&head, now)?;
    let data = serde_json::json!({
        "plan": plan.id, "program": id, "version": plan.version,
        "effective_from": effective_from, "before": versions.last().map(|it| it.id),
    });
    pen.tell("plan.published", *plan.id.as_bytes(), &data, &*app.entropy);
    pen.write_in(&mut *tx).await?;
    let detail = serde_json::json!({ "version": plan.version, "effective_from": effective_from });
    app.audit_in(&mut *tx, owner, actor, "plan.published", plan.id, &detail).await?;
    tx.commit().await?;
    Ok(PublishedPlan { plan, warnings })
}

/// Whether a version asked for totals of partners before: they are kept from then on.
fn asked_before(versions: &[StoredPlan]) -> Result<bool, AppError> {
    for it in versions {
        let document = PlanDocument::from_json(it.document.as_bytes())
            .map_err(|_| AppError::Corrupt(format!("document of {}", it.id)))?;
        if Needs::of(&document).totals {
            return Ok(true);
        }
    }
    Ok(false)
}

fn under_document(errors: Vec<FieldError>, prefix: &str) -> Refusal {
    Refusal::invalid(errors.into_iter().map(|error| error.under(prefix)).collect())
}

fn unconfirmed(warnings: &[PlanWarning]) -> Refusal {
    let errors = warnings.iter().map(|warning| {
        let pointer = format!("/document{}", warning.pointer);
        FieldError::new(pointer, warning.code, warning.detail.clone())
    });
    let mut refusal = Refusal::invalid(errors.collect());
    refusal.code = "needs_confirmation";
    refusal.detail =
        "This plan is unusual; read the warnings and send it with confirmed: true.".into();
    refusal
}

/// A stored version, ready to evaluate.
pub fn compile(plan: &StoredPlan, program: &Program) -> Result<CompiledPlan, AppError> {
    compiled_plan(plan, program.terms.currency)
}

/// A stored version, ready to evaluate, of a program of that currency.
pub fn compiled_plan(
    plan: &StoredPlan,
    currency: tributary_money::Currency,
) -> Result<CompiledPlan, AppError> {
    let corrupt = |errors: Vec<FieldError>| {
        let first = errors.first().map(|error| error.detail.to_string()).unwrap_or_default();
        AppError::Corrupt(format!("{}: {first}", plan.id))
    };
    let document = PlanDocument::from_json(plan.document.as_bytes()).map_err(corrupt)?;
    let compiled = CompiledPlan::new(plan.id, document, currency).map_err(corrupt)?;
    if compiled.hash().as_bytes() != &plan.hash {
        return Err(AppError::Corrupt(format!("{} does not have its hash", plan.id)));
    }
    Ok(compiled)
}
