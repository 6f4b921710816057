//! A person says whose a conversion is: another decision, with an assignment in its journey that
//! goes before clicks and codes. What others had is taken back by transfers of its own.

use tributary_directory::{Actor, Permission};
use tributary_kernel::{ConversionId, OrganisationId, PartnershipId, Refusal};
use tributary_store::decision::{self, StoredCommission, StoredConversion};
use tributary_store::engine::Connection;
use tributary_store::{credit_change, partnership};

use super::adjust::Ends;
use super::journey::DecidedJourney;
use super::redecide::Deciding;
use crate::books::{Books, lock_head};
use crate::error::refuse_if_any;
use crate::life::Part;
use crate::{App, AppError, text};

/// Whose a conversion is.
#[derive(Debug, Clone)]
pub struct AssignConversion {
    /// In whose program.
    pub owner: OrganisationId,
    /// Which conversion.
    pub conversion: ConversionId,
    /// Whose it is.
    pub partnership: PartnershipId,
    /// Why, in the person's words; for the audit trail.
    pub reason: String,
}

/// What an assignment did, or would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    /// Whether anything changed: `false` when the partner had it already.
    pub changed: bool,
    /// The conversion as it is now.
    pub conversion: StoredConversion,
    /// Its commissions as they were.
    pub before: Vec<StoredCommission>,
    /// Its commissions as they are now.
    pub after: Vec<StoredCommission>,
}

/// Credits a conversion to a partner, whatever was clicked. What others were promised is taken
/// back; what they were paid they owe back.
///
/// # Errors
/// Not found; `already_returned` when money was given back; `already_left`; `already_credited` when
/// it is the partner's and was declined or taken back; `partnership_not_active`; what is wrong with
/// `/reason`; a fault.
pub async fn assign_conversion(
    app: &App,
    actor: &Actor,
    input: &AssignConversion,
) -> Result<Assignment, AppError> {
    crate::app::with_retries(|| assign_once(app, actor, input, Ends::Kept)).await
}

/// What [`assign_conversion`] would do; nothing is kept.
///
/// # Errors
/// As [`assign_conversion`].
pub async fn preview_assignment(
    app: &App,
    actor: &Actor,
    input: &AssignConversion,
) -> Result<Assignment, AppError> {
    crate::app::with_retries(|| assign_once(app, actor, input, Ends::Dropped)).await
}

async fn assign_once(
    app: &App,
    actor: &Actor,
    input: &AssignConversion,
    ends: Ends,
) -> Result<Assignment, AppError> {
    let owner = input.owner;
    actor.require(owner, Permission::Decide)?;
    let mut errors = Vec::new();
    let reason = text::words("/reason", &input.reason, &mut errors);
    refuse_if_any(errors)?;
    let mut tx = app.record.begin().await?;
    let head = lock_head(&mut *tx, owner).await?;
    let mut pen = Books::open(&head, app.now())?;
    let (id, to) = (input.conversion, input.partnership);
    let assigned = assign_in(app, &mut *tx, &mut pen, owner, id, to).await?;
    if ends == Ends::Kept && assigned.changed {
        pen.write_in(&mut *tx).await?;
        let detail = serde_json::json!({ "partnership": to, "reason": reason });
        app.audit_in(&mut *tx, owner, actor, "conversion.assigned", id, &detail).await?;
        tx.commit().await?;
    }
    Ok(assigned)
}

/// The same in the caller's transaction, which holds the owner's head and the pen.
pub(crate) async fn assign_in(
    app: &App,
    conn: &mut dyn Connection,
    pen: &mut Books,
    owner: OrganisationId,
    id: ConversionId,
    to: PartnershipId,
) -> Result<Assignment, AppError> {
    let deciding = Deciding::load(app, conn, owner, id, None, Some(to)).await?;
    let deciding = deciding.ok_or_else(|| Refusal::not_found("conversion"))?;
    let (conversion, before) = (deciding.conversion.clone(), deciding.commissions.clone());
    let whose = partnership::by_ids(conn, &[to]).await?.into_iter().next();
    if whose.is_none_or(|it| (it.owner, it.program) != (owner, conversion.program)) {
        return Err(Refusal::not_found("partnership").into());
    }
    if is_all_of(to, &deciding.old) {
        refuse_declined(to, &before)?;
        return Ok(Assignment { changed: false, conversion, after: before.clone(), before });
    }
    if conversion.returned_amount > 0 {
        let detail = "Part of this conversion was given back; give an amount instead.";
        return Err(Refusal::conflict("already_returned", detail).into());
    }
    if deciding.departed {
        let detail = "The customer has left; give an amount instead.";
        return Err(Refusal::conflict("already_left", detail).into());
    }
    let found = deciding.redecided()?;
    if !is_all_of(to, found.decided()) {
        let detail = "This partnership cannot be credited: it did not earn when this happened.";
        return Err(Refusal::conflict("partnership_not_active", detail).into());
    }
    let (program, world) = deciding.into_world()?;
    found.write_in(app, conn, pen, &program, world).await?;
    // What was proposed before is of a decision that no longer stands.
    credit_change::remove(conn, owner, id).await?;
    let found = decision::conversions_by_id(conn, &[(owner, id)]).await?.into_iter().next();
    let conversion = found.ok_or_else(|| AppError::Corrupt(format!("{id} is missing")))?;
    let after = decision::commissions_of(conn, &[(owner, id)]).await?;
    Ok(Assignment { changed: true, conversion, before, after })
}

/// Whether a decision credits one partnership with all that it credits.
fn is_all_of(to: PartnershipId, decided: &DecidedJourney) -> bool {
    let credits = &decided.attribution.credits;
    !credits.is_empty() && credits.iter().all(|it| it.partnership == to)
}

/// What a person declined or took back is not brought back by an assignment.
fn refuse_declined(to: PartnershipId, commissions: &[StoredCommission]) -> Result<(), AppError> {
    let own = commissions.iter().filter(|it| it.partnership == to);
    let own: Vec<_> = own.filter(|it| !Part::from(*it).replaced).collect();
    if own.is_empty() || own.iter().any(|it| !it.is_closed() && it.remaining() > 0) {
        return Ok(());
    }
    let detail = "It is the partner's, and its commission was declined or taken back: give an \
                  amount instead.";
    Err(Refusal::conflict("already_credited", detail).into())
}
