use tributary_directory::Actor;
use tributary_kernel::{BankDetailId, PartnerId, Refusal};
use tributary_store::decision;
use tributary_store::payout::{self, BankDetailState};

use super::bank_details::{self, BankDetailView, Side};
use crate::{App, AppError};

/// The second look at held bank details: they are the partner's. From now on they are in use, and
/// all others are not.
///
/// # Errors
/// Not found for strangers, `second_person` to whoever gave them, `not_held` when nothing waits.
pub async fn confirm_bank_details(
    app: &App,
    actor: &Actor,
    partner: PartnerId,
    id: BankDetailId,
) -> Result<BankDetailView, AppError> {
    let to = BankDetailState::Active;
    crate::app::with_retries(|| settle_once(app, actor, partner, id, to)).await
}

/// The second look at held bank details: they are not the partner's, or nobody could be asked.
/// Those in use before are in use again.
///
/// # Errors
/// Those of [`confirm_bank_details`].
pub async fn refuse_bank_details(
    app: &App,
    actor: &Actor,
    partner: PartnerId,
    id: BankDetailId,
) -> Result<BankDetailView, AppError> {
    let to = BankDetailState::Refused;
    crate::app::with_retries(|| settle_once(app, actor, partner, id, to)).await
}

async fn settle_once(
    app: &App,
    actor: &Actor,
    partner: PartnerId,
    id: BankDetailId,
    to: BankDetailState,
) -> Result<BankDetailView, AppError> {
    let mut tx = app.record.begin().await?;
    let Side::Payer(owner) = bank_details::require_access(&mut *tx, actor, partner).await? else {
        let detail = "The second look is taken by who pays.";
        return Err(Refusal::forbidden("payer_only", detail).into());
    };
    let heads = decision::lock_heads_in(&mut *tx, &[owner]).await?;
    bank_details::lock_in(&mut *tx).await?;
    let known = payout::bank_details_by_id(&mut *tx, &[(partner, id)]).await?.pop();
    let Some(mut it) = known else { return Err(Refusal::not_found("bank details").into()) };
    if it.state != BankDetailState::Held {
        let detail = format!("These details are {}; nothing waits for a look.", it.state);
        return Err(Refusal::conflict("not_held", detail).into());
    }
    let (now, by) = (app.now(), actor.name());
    if it.created_by == by {
        let detail = "Another person than the one who gave them takes the second look.";
        return Err(Refusal::forbidden("second_person", detail).into());
    }
    if to == BankDetailState::Active {
        for other in payout::bank_details(&mut *tx, &[partner]).await? {
            if other.id != id {
                let (from, replaced) = (other.state, BankDetailState::Replaced);
                payout::move_bank_detail(&mut *tx, partner, other.id, from, replaced, now, &by)
                    .await?;
            }
        }
    }
    payout::move_bank_detail(&mut *tx, partner, id, BankDetailState::Held, to, now, &by).await?;
    it.state = to;
    let action = match to {
        BankDetailState::Active => "bank_details.confirmed",
        _ => "bank_details.refused",
    };
    let detail = serde_json::json!({ "partner": partner, "shown": it.shown });
    app.audit_in(&mut *tx, owner, actor, action, id, &detail).await?;
    for head in &heads {
        bank_details::tell(app, &mut *tx, head, action, &it).await?;
    }
    tx.commit().await?;
    BankDetailView::of(app, &it)
}
