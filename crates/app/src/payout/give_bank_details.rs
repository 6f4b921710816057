use std::collections::BTreeSet;

use tributary_directory::{Actor, Viewer};
use tributary_kernel::{BankDetailId, OrganisationId, PartnerId, Refusal};
use tributary_store::engine::Connection;
use tributary_store::list::PageRequest;
use tributary_store::partnership::{self, PartnershipFilter};
use tributary_store::payout::{self, BankDetailState, StoredBankDetail};
use tributary_store::{decision, organisation};

use super::bank_details::{self, BankDetailView, PURPOSE, Side};
use super::form::{AccountForm, Details, HolderForm};
use crate::error::refuse_if_any;
use crate::{App, AppError};

/// Where a partner wants its money.
#[derive(Debug, Clone)]
pub struct GiveBankDetails {
    /// Whose.
    pub partner: PartnerId,
    /// The account.
    pub account: AccountForm,
    /// Whose account.
    pub holder: HolderForm,
}

/// Takes a partner's bank details. The first ones are in use at once, if the partner's own user
/// gave them and no money ever went to the partner. All others wait until a second person confirms
/// them, and meanwhile the partner is paid nothing: whoever took over a log-in gets no money by
/// changing an account, and the real partner notices a payout that does not come.
///
/// The same details again change nothing.
///
/// # Errors
/// One per wrong field, with the pointers of the account's kind and `/name`, `/street`,
/// `/post_code`, `/town`, `/country`; not found for strangers.
pub async fn give_bank_details(
    app: &App,
    actor: &Actor,
    input: GiveBankDetails,
) -> Result<BankDetailView, AppError> {
    crate::app::with_retries(|| give_once(app, actor, &input)).await
}

async fn give_once(
    app: &App,
    actor: &Actor,
    input: &GiveBankDetails,
) -> Result<BankDetailView, AppError> {
    let partner = input.partner;
    let mut tx = app.record.begin().await?;
    let side = bank_details::require_access(&mut *tx, actor, partner).await?;
    let mut errors = Vec::new();
    let details = Details::check(&input.account, &input.holder, &mut errors);
    refuse_if_any(errors)?;
    let details = details.ok_or_else(|| Refusal::not_found("account"))?;
    if organisation::partners(&mut *tx, &[partner]).await?.is_empty() {
        return Err(Refusal::not_found("partner").into());
    }
    let payers: Vec<OrganisationId> = payers_of(&mut *tx, partner).await?.into_iter().collect();
    let heads = decision::lock_heads_in(&mut *tx, &payers).await?;
    bank_details::lock_in(&mut *tx).await?;
    let known = payout::bank_details(&mut *tx, &[partner]).await?;
    if let Some(same) = same_as_newest(app, &known, &details)? {
        return BankDetailView::of(app, same);
    }
    let first = !payout::is_known_payee(&mut *tx, partner).await?;
    let state = if first && side == Side::Partner {
        BankDetailState::Active
    } else {
        BankDetailState::Held
    };
    let (now, by) = (app.now(), actor.name());
    for older in known.iter().filter(|it| it.state == BankDetailState::Held) {
        let (held, replaced) = (BankDetailState::Held, BankDetailState::Replaced);
        payout::move_bank_detail(&mut *tx, partner, older.id, held, replaced, now, &by).await?;
    }
    let it = StoredBankDetail {
        id: BankDetailId::new(now, &*app.entropy),
        partner,
        state,
        sealed: details.seal(app, PURPOSE),
        shown: details.account.masked(),
        created_at: now,
        created_by: by,
        settled_at: None,
    };
    payout::insert_bank_detail(&mut *tx, &it).await?;
    let detail = serde_json::json!({ "partner": partner, "state": state, "shown": it.shown });
    for head in &heads {
        app.audit_in(&mut *tx, head.owner, actor, "bank_details.given", it.id, &detail).await?;
        bank_details::tell(app, &mut *tx, head, "bank_details.given", &it).await?;
    }
    tx.commit().await?;
    BankDetailView::of(app, &it)
}

/// The newest details, when they are these already.
fn same_as_newest<'a>(
    app: &App,
    known: &'a [StoredBankDetail],
    given: &Details,
) -> Result<Option<&'a StoredBankDetail>, AppError> {
    let Some(newest) = known.last() else { return Ok(None) };
    let same = Details::open(app, PURPOSE, &newest.sealed)? == *given;
    Ok(same.then_some(newest))
}

/// Whose audit trails a change of a partner's details stands in: the owners of its newest 200
/// partnerships.
async fn payers_of(
    conn: &mut dyn Connection,
    partner: PartnerId,
) -> Result<BTreeSet<OrganisationId>, AppError> {
    let page = PageRequest { limit: tributary_kernel::limits::PAGE_ROWS_MAX, after: None };
    let filter = PartnershipFilter::default();
    let found = partnership::list(conn, Viewer::Partner(partner), &filter, page).await?;
    Ok(found.items.into_iter().map(|it| it.owner).collect())
}
