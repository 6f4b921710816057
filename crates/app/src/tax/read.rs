use tributary_directory::{Actor, Permission};
use tributary_kernel::{OrganisationId, PartnerId, Refusal, TaxProfileId, Timestamp};
use tributary_payout::tax::TaxProfile;
use tributary_store::engine::Connection;
use tributary_store::organisation;
use tributary_store::tax::{self, StoredTaxProfile};

use super::sealed;
use crate::{App, AppError};

/// A partner's tax profile as a page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaxProfileView {
    /// This version.
    pub id: TaxProfileId,
    /// Whose.
    pub partner: PartnerId,
    /// The profile.
    pub profile: TaxProfile,
    /// When it was given.
    pub given_at: Timestamp,
    /// By whom (opaque).
    pub given_by: String,
}

impl TaxProfileView {
    pub(crate) fn of(app: &App, it: StoredTaxProfile) -> Result<Self, AppError> {
        Ok(Self {
            id: it.id,
            partner: it.partner,
            profile: sealed::open(app, super::PURPOSE, &it.sealed)?,
            given_at: it.created_at,
            given_by: it.created_by,
        })
    }
}

/// A partner's tax profile, once it gave one: for the partner's own users and for who may pay it.
///
/// # Errors
/// Without the right to pay; not found for strangers.
pub async fn tax_profile_of(
    app: &App,
    actor: &Actor,
    partner: PartnerId,
) -> Result<Option<TaxProfileView>, AppError> {
    let mut conn = app.record.read().await?;
    let owners = organisation::owners_of_partner(&mut *conn, partner).await?;
    known(&mut *conn, actor, partner, &owners).await?;
    let found = tax::tax_profiles(&mut *conn, &[partner]).await?;
    found.into_iter().next().map(|it| TaxProfileView::of(app, it)).transpose()
}

/// Lets through the partner's own users, and who may pay at an owner that works with it.
pub(super) async fn known(
    conn: &mut dyn Connection,
    actor: &Actor,
    partner: PartnerId,
    owners: &[OrganisationId],
) -> Result<(), AppError> {
    match actor {
        Actor::Partner { partner: own, .. } if *own == partner => {}
        Actor::Member { owner, .. } | Actor::Key { owner, .. } if owners.contains(owner) => {
            actor.require(*owner, Permission::Pay)?;
        }
        _ => return Err(Refusal::not_found("partner").into()),
    }
    if organisation::partners(conn, &[partner]).await?.is_empty() {
        return Err(Refusal::not_found("partner").into());
    }
    Ok(())
}
