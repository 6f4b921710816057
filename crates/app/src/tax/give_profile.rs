use tributary_directory::{Actor, Permission};
use tributary_kernel::{OrganisationId, PartnerId, Refusal, TaxProfileId};
use tributary_payout::tax::TaxForm;
use tributary_store::organisation;
use tributary_store::tax::{self, StoredTaxProfile};

use super::read::{TaxProfileView, known};
use super::sealed;
use crate::{App, AppError};

/// What a partner says that it is for tax.
#[derive(Debug, Clone)]
pub struct GiveTaxProfile {
    /// Whose.
    pub partner: PartnerId,
    /// The profile.
    pub form: TaxForm,
}

/// Takes a partner's tax profile from its own user, or from who may pay it while nobody else works
/// with it: the profile is shared by all its programs. It is in use at once; the version before is
/// kept. The same profile again changes nothing.
///
/// # Errors
/// One per wrong field; `shared_profile`; not found for strangers.
pub async fn give_tax_profile(
    app: &App,
    actor: &Actor,
    input: GiveTaxProfile,
) -> Result<TaxProfileView, AppError> {
    crate::app::with_retries(|| give_once(app, actor, &input)).await
}

async fn give_once(
    app: &App,
    actor: &Actor,
    input: &GiveTaxProfile,
) -> Result<TaxProfileView, AppError> {
    let partner = input.partner;
    let mut tx = app.record.begin().await?;
    let owners = organisation::owners_of_partner(&mut *tx, partner).await?;
    known(&mut *tx, actor, partner, &owners).await?;
    may_give(actor, &owners)?;
    let profile = input.form.check().map_err(Refusal::invalid)?;
    // Two changes at once would each see the other's absence; they are rare enough for one lock.
    tributary_store::install::take_numbers(&mut *tx, "tax_profile_change", 1).await?;
    if let Some(before) = tax::tax_profiles(&mut *tx, &[partner]).await?.into_iter().next() {
        let before = TaxProfileView::of(app, before)?;
        if before.profile == profile {
            return Ok(before);
        }
    }
    let it = StoredTaxProfile {
        id: TaxProfileId::new(app.now(), &*app.entropy),
        partner,
        sealed: sealed::seal(app, super::PURPOSE, &profile),
        created_at: app.now(),
        created_by: actor.name(),
    };
    tax::put_tax_profile(&mut *tx, &it).await?;
    // No name, address or number: the trail outlives them.
    let detail = serde_json::json!({
        "partner": partner, "country": profile.country, "person": profile.person,
        "vat": profile.vat,
    });
    for owner in &owners {
        app.audit_in(&mut *tx, *owner, actor, "tax_profile.given", it.id, &detail).await?;
    }
    tx.commit().await?;
    TaxProfileView::of(app, it)
}

fn may_give(actor: &Actor, owners: &[OrganisationId]) -> Result<(), Refusal> {
    let (Actor::Member { owner, .. } | Actor::Key { owner, .. }) = actor else { return Ok(()) };
    actor.require(*owner, Permission::Pay)?;
    if owners.iter().any(|it| it != owner) {
        let detail = "This partner works with others too, so only the partner changes its tax \
                      details: ask it to, on its own page.";
        return Err(Refusal::conflict("shared_profile", detail));
    }
    Ok(())
}
