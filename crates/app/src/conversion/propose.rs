//! Changes of credit where money was agreed to: found by deciding again, proposed to a person, and
//! booked by adjusting transfers when that person confirms them.

use std::collections::BTreeMap;

use tributary_attribution::{LateTruth, Settled};
use tributary_directory::{Actor, Permission};
use tributary_kernel::{
    CommissionId, ConversionId, OrganisationId, PartnershipId, ProgramId, Refusal, Timestamp,
};
use tributary_store::credit_change::{self, StoredCreditChange};
use tributary_store::decision::{
    CommissionBasis, CommissionState, StoredCommission, StoredConversion,
};
use tributary_store::engine::Connection;
use tributary_store::list::{Page, PageRequest};

use super::journey::DecidedJourney;
use super::redecide::Deciding;
use crate::books::Books;
use crate::{App, AppError};

/// A change of credit that waits for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreditProposal {
    /// Of which conversion.
    pub conversion: ConversionId,
    /// Of which program.
    pub program: ProgramId,
    /// When it was found.
    pub proposed_at: Timestamp,
    /// What changes and why.
    pub change: LateTruth,
}

fn proposal_of(it: &StoredCreditChange) -> Result<CreditProposal, AppError> {
    let change = serde_json::from_str(&it.change)
        .map_err(|error| AppError::Corrupt(format!("change of {}: {error}", it.conversion)))?;
    let (conversion, program, proposed_at) = (it.conversion, it.program, it.proposed_at);
    Ok(CreditProposal { conversion, program, proposed_at, change })
}

/// Changes that wait in an owner's program, or in all of them.
///
/// # Errors
/// A missing right; a fault.
pub async fn list_credit_changes(
    app: &App,
    actor: &Actor,
    owner: OrganisationId,
    program: Option<ProgramId>,
    page: PageRequest,
) -> Result<Page<CreditProposal>, AppError> {
    actor.require(owner, Permission::Read)?;
    let mut conn = app.record.read().await?;
    let page = credit_change::list(&mut *conn, owner, program, page).await?;
    let items = page.items.iter().map(proposal_of).collect::<Result<_, _>>()?;
    Ok(Page { items, next: page.next })
}

/// What waits for a conversion.
///
/// # Errors
/// A missing right; a fault.
pub async fn find_credit_change(
    app: &App,
    actor: &Actor,
    owner: OrganisationId,
    id: ConversionId,
) -> Result<Option<CreditProposal>, AppError> {
    actor.require(owner, Permission::Read)?;
    let mut conn = app.record.read().await?;
    let found = credit_change::find(&mut *conn, owner, id).await?;
    found.as_ref().map(proposal_of).transpose()
}

/// What another decision changes, given how far each partnership's money has come.
pub(super) fn change_of(
    new: &DecidedJourney,
    old: &DecidedJourney,
    commissions: &[StoredCommission],
) -> LateTruth {
    let settled = |of: PartnershipId| {
        let agreed = commissions.iter().any(|it| {
            it.partnership == of
                && matches!(
                    it.state,
                    CommissionState::Approved | CommissionState::Payable | CommissionState::Paid
                )
        });
        if agreed { Settled::Approved } else { Settled::Pending }
    };
    new.change_from(old, settled)
}

/// Keeps what another decision would change for a person to look at; tells whether there is
/// something.
pub(super) async fn propose_in(
    app: &App,
    conn: &mut dyn Connection,
    it: &StoredConversion,
    change: &LateTruth,
) -> Result<bool, AppError> {
    if change.is_nothing() {
        credit_change::remove(conn, it.owner, it.id).await?;
        return Ok(false);
    }
    let stored = StoredCreditChange {
        conversion: it.id,
        owner: it.owner,
        program: it.program,
        proposed_at: app.now(),
        change: serde_json::to_string(change).expect("our types have string keys"),
    };
    credit_change::put(conn, &stored).await?;
    Ok(true)
}

/// Books a proposed change: what is paid otherwise now is taken back with reason `redecided` from
/// wherever its money has got to, and what the new decision pays is owed anew, pending.
///
/// # Errors
/// Refused when nothing is proposed, or when what would change is not what was proposed any more:
/// then the newer change is proposed instead. A fault.
pub async fn confirm_credit_change(
    app: &App,
    actor: &Actor,
    owner: OrganisationId,
    id: ConversionId,
) -> Result<(), AppError> {
    actor.require(owner, Permission::Decide)?;
    let booked = crate::app::with_retries(|| confirm_once(app, actor, owner, id)).await?;
    if booked {
        return Ok(());
    }
    let detail = "More has changed since this was proposed; look at the newer proposal.";
    Err(Refusal::conflict("changed_meanwhile", detail).into())
}

async fn confirm_once(
    app: &App,
    actor: &Actor,
    owner: OrganisationId,
    id: ConversionId,
) -> Result<bool, AppError> {
    let mut tx = app.record.begin().await?;
    let head = crate::books::lock_head(&mut *tx, owner).await?;
    let Some(stored) = credit_change::find(&mut *tx, owner, id).await? else {
        return Err(Refusal::not_found("credit_change").into());
    };
    let proposed = proposal_of(&stored)?.change;
    let Some(deciding) = Deciding::load(app, &mut *tx, owner, id, None, None).await? else {
        return Err(Refusal::not_found("conversion").into());
    };
    let may = deciding.may_propose();
    let found = deciding.redecided()?;
    let change = change_of(found.decided(), &found.old, &found.commissions);
    if !may || change.changes != proposed.changes || change.held_changed {
        let kept = may && propose_in(app, &mut *tx, &found.conversion, &change).await?;
        if !kept {
            credit_change::remove(&mut *tx, owner, id).await?;
        }
        tx.commit().await?;
        return Ok(false);
    }
    let mut pen = Books::open(&head, app.now())?;
    let (program, world) = deciding.into_world()?;
    found.write_in(app, &mut *tx, &mut pen, &program, world).await?;
    credit_change::remove(&mut *tx, owner, id).await?;
    pen.write_in(&mut *tx).await?;
    let detail = serde_json::json!({ "changes": proposed.changes });
    app.audit_in(&mut *tx, owner, actor, "credit_change.confirmed", id, &detail).await?;
    tx.commit().await?;
    Ok(true)
}

/// Leaves a conversion as it was decided.
///
/// # Errors
/// Refused when nothing is proposed; a fault.
pub async fn dismiss_credit_change(
    app: &App,
    actor: &Actor,
    owner: OrganisationId,
    id: ConversionId,
) -> Result<(), AppError> {
    actor.require(owner, Permission::Decide)?;
    let mut tx = app.record.begin().await?;
    if credit_change::remove(&mut *tx, owner, id).await? == 0 {
        return Err(Refusal::not_found("credit_change").into());
    }
    let detail = serde_json::json!({});
    app.audit_in(&mut *tx, owner, actor, "credit_change.dismissed", id, &detail).await?;
    tx.commit().await?;
    Ok(())
}

/// Of commissions that stand and those of a new decision: which of the former say the same, so that
/// nothing about them moves. What they say the same as is taken out of the new ones, and what hangs
/// on it hangs on them. While everything is pending nothing is kept: it is written anew as a whole.
pub(super) fn kept(
    standing: &[StoredCommission],
    fresh: &mut Vec<StoredCommission>,
) -> BTreeMap<CommissionId, CommissionId> {
    let agreed = standing.iter().any(|it| {
        !matches!(
            it.state,
            CommissionState::Pending | CommissionState::Reversed | CommissionState::Declined
        )
    });
    let mut same: BTreeMap<CommissionId, CommissionId> = BTreeMap::new();
    if !agreed {
        return same;
    }
    for of in standing {
        let whole = of.remaining() == of.amount.minor
            && !matches!(of.state, CommissionState::Reversed | CommissionState::Declined);
        // What recruiters earn hangs on other commissions, and is written anew with them.
        if !whole || matches!(of.basis, Some(CommissionBasis::Tier | CommissionBasis::Recruiting)) {
            continue;
        }
        let says = |it: &StoredCommission| {
            (it.partnership, it.link, it.plan, it.rule.clone(), it.basis, it.amount)
        };
        let found = fresh.iter().find(|it| says(it) == says(of) && it.source == of.source);
        if let Some(found) = found.map(|it| it.id).filter(|id| !same.contains_key(id)) {
            same.insert(found, of.id);
        }
    }
    fresh.retain(|it| !same.contains_key(&it.id));
    for it in fresh {
        if let Some(of) = it.source.and_then(|source| same.get(&source)) {
            it.source = Some(*of);
        }
    }
    same
}
