use tributary_directory::{Actor, Permission};
use tributary_kernel::{
    FieldError, LocalDate, OrganisationId, PartnerId, Refusal, SelfBillingId, Timestamp,
};
use tributary_payout::tax::TaxPerson;
use tributary_store::engine::Connection;
use tributary_store::invoicing::{self as store, StoredSelfBilling};
use tributary_store::{organisation, tax};

use crate::books::lock_head;
use crate::tax::TaxProfileView;
use crate::{App, AppError};

/// Where a partner stands with an owner that can write its invoices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SelfBilling {
    /// Which owner.
    pub owner: OrganisationId,
    /// Its name.
    pub name: String,
    /// The day of the agreement; none: there is none.
    pub agreed_on: Option<LocalDate>,
    /// When it was told here.
    pub agreed_at: Option<Timestamp>,
}

/// An agreement to be kept.
#[derive(Debug, Clone)]
pub struct AgreeSelfBilling {
    /// Who writes.
    pub owner: OrganisationId,
    /// For whom.
    pub partner: PartnerId,
    /// The day of an agreement on paper, told by the owner; the partner itself agrees today.
    pub agreed_on: Option<LocalDate>,
}

/// Keeps that a partner lets an owner write its invoices: said by the partner itself, or told by who
/// pays, with the day on which it was agreed elsewhere. From the next payout on.
///
/// # Errors
/// Not found; `invoicing_missing` while the owner has not said how it writes invoices;
/// `tax_profile_missing`, `self_billing_private`; `required` or `in_the_future` at `/agreed_on`.
pub async fn agree_self_billing(
    app: &App,
    actor: &Actor,
    input: AgreeSelfBilling,
) -> Result<SelfBilling, AppError> {
    crate::app::with_retries(|| agree_once(app, actor, &input)).await
}

async fn agree_once(
    app: &App,
    actor: &Actor,
    input: &AgreeSelfBilling,
) -> Result<SelfBilling, AppError> {
    let (owner, partner) = (input.owner, input.partner);
    let mut tx = app.record.begin().await?;
    known(&mut *tx, actor, owner, partner).await?;
    let agreed_on = day_of(app, actor, input.agreed_on)?;
    lock_head(&mut *tx, owner).await?;
    if store::invoicing(&mut *tx, owner).await?.is_none() {
        let detail = "The organisation has not said yet how it writes invoices.";
        return Err(Refusal::conflict("invoicing_missing", detail).into());
    }
    let profile = tax::tax_profiles(&mut *tx, &[partner]).await?.into_iter().next();
    let Some(profile) = profile else {
        let detail = "The partner's tax details come first.";
        return Err(Refusal::conflict("tax_profile_missing", detail).into());
    };
    if TaxProfileView::of(app, profile)?.profile.person == TaxPerson::PrivatePerson {
        let detail = "No invoices are written for a person without a business.";
        return Err(Refusal::conflict("self_billing_private", detail).into());
    }
    let known = store::self_billing_with(&mut *tx, owner, &[partner]).await?.into_iter().next();
    if let Some(known) = known {
        return shown(&mut *tx, owner, Some(&known)).await;
    }
    let it = StoredSelfBilling {
        id: SelfBillingId::new(app.now(), &*app.entropy),
        owner,
        partner,
        agreed_on,
        agreed_at: app.now(),
        agreed_by: actor.name(),
        ended_at: None,
    };
    store::insert_self_billing(&mut *tx, &it).await?;
    let detail = serde_json::json!({ "partner": partner, "agreed_on": agreed_on });
    app.audit_in(&mut *tx, owner, actor, "self_billing.agreed", it.id, &detail).await?;
    let shown = shown(&mut *tx, owner, Some(&it)).await?;
    tx.commit().await?;
    Ok(shown)
}

/// The partner agrees today; an owner tells of a day.
fn day_of(app: &App, actor: &Actor, told: Option<LocalDate>) -> Result<LocalDate, AppError> {
    // Somewhere it is tomorrow already.
    let today = tributary_kernel::Zone::utc().date(app.now());
    match (actor, told) {
        (Actor::Partner { .. }, _) => Ok(today),
        (_, Some(day)) if day > today.plus_days(1) => {
            let detail = "Give the day on which it was agreed.";
            Err(FieldError::new("/agreed_on", "in_the_future", detail).into())
        }
        (_, Some(day)) => Ok(day),
        (_, None) => {
            let detail = "Give the day on which it was agreed.";
            Err(FieldError::new("/agreed_on", "required", detail).into())
        }
    }
}

/// Ends an agreement, from either side: from the next payout on no invoice is written. Without one
/// nothing changes.
///
/// # Errors
/// Not found.
pub async fn end_self_billing(
    app: &App,
    actor: &Actor,
    owner: OrganisationId,
    partner: PartnerId,
) -> Result<SelfBilling, AppError> {
    crate::app::with_retries(|| end_once(app, actor, owner, partner)).await
}

async fn end_once(
    app: &App,
    actor: &Actor,
    owner: OrganisationId,
    partner: PartnerId,
) -> Result<SelfBilling, AppError> {
    let mut tx = app.record.begin().await?;
    known(&mut *tx, actor, owner, partner).await?;
    lock_head(&mut *tx, owner).await?;
    for it in store::self_billing_with(&mut *tx, owner, &[partner]).await? {
        let by = actor.name();
        store::end_self_billing(&mut *tx, owner, it.id, app.now(), &by).await?;
        let detail = serde_json::json!({ "partner": partner });
        app.audit_in(&mut *tx, owner, actor, "self_billing.ended", it.id, &detail).await?;
    }
    let shown = shown(&mut *tx, owner, None).await?;
    tx.commit().await?;
    Ok(shown)
}

/// Where a partner stands: as it sees it, with every owner that it works with and that writes
/// invoices; as who pays sees it, with that owner alone.
///
/// # Errors
/// Without the right to pay; not found.
pub async fn self_billing_for(
    app: &App,
    actor: &Actor,
    partner: PartnerId,
) -> Result<Vec<SelfBilling>, AppError> {
    let mut conn = app.record.read().await?;
    let mut owners = organisation::owners_of_partner(&mut *conn, partner).await?;
    if let Some(own) = actor.owner() {
        known(&mut *conn, actor, own, partner).await?;
        owners = vec![own];
    } else if !matches!(actor, Actor::Partner { partner: own, .. } if *own == partner) {
        return Err(Refusal::not_found("partner").into());
    }
    let agreed = store::self_billing_of(&mut *conn, partner).await?;
    let mut all = Vec::new();
    for owner in owners {
        let found = agreed.iter().find(|it| it.owner == owner);
        if found.is_some() || store::invoicing(&mut *conn, owner).await?.is_some() {
            all.push(shown(&mut *conn, owner, found).await?);
        }
    }
    Ok(all)
}

async fn shown(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    it: Option<&StoredSelfBilling>,
) -> Result<SelfBilling, AppError> {
    let found = organisation::find(conn, owner).await?;
    let name = found.ok_or_else(|| AppError::Corrupt(format!("{owner} is missing")))?.name;
    Ok(SelfBilling {
        owner,
        name,
        agreed_on: it.map(|it| it.agreed_on),
        agreed_at: it.map(|it| it.agreed_at),
    })
}

/// Lets through the partner's own users and who may pay at the owner, where both work together.
async fn known(
    conn: &mut dyn Connection,
    actor: &Actor,
    owner: OrganisationId,
    partner: PartnerId,
) -> Result<(), AppError> {
    match actor {
        Actor::Partner { partner: own, .. } if *own == partner => {}
        Actor::Member { .. } | Actor::Key { .. } => actor.require(owner, Permission::Pay)?,
        _ => return Err(Refusal::not_found("partner").into()),
    }
    if organisation::owners_of_partner(conn, partner).await?.contains(&owner) {
        return Ok(());
    }
    Err(Refusal::not_found("partner").into())
}
