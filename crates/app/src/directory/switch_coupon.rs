use tributary_directory::{Actor, Coupon, CouponStatus, Permission, Viewer, normalise_code};
use tributary_kernel::{CouponId, Refusal};
use tributary_store::partnership;

use crate::{App, AppError};

/// Switches a code off: what is bought with it from now on earns its partner nothing. What was
/// bought before still does, also when it is reported later. The code stays taken.
pub async fn disable_coupon(app: &App, actor: &Actor, id: CouponId) -> Result<Coupon, AppError> {
    switch_coupon(app, actor, id, CouponStatus::Disabled).await
}

/// Switches a code on again, without an end, as if it had never been off.
pub async fn enable_coupon(app: &App, actor: &Actor, id: CouponId) -> Result<Coupon, AppError> {
    switch_coupon(app, actor, id, CouponStatus::Active).await
}

async fn switch_coupon(
    app: &App,
    actor: &Actor,
    id: CouponId,
    status: CouponStatus,
) -> Result<Coupon, AppError> {
    let viewer = super::viewer_of(actor)?;
    let Viewer::Owner(owner) = viewer else {
        let detail = "The program's manager switches codes off and on.";
        return Err(Refusal::forbidden("managers_only", detail).into());
    };
    actor.require(owner, Permission::Manage)?;
    let now = app.now();
    let mut tx = app.record.begin().await?;
    let Some(mut coupon) = partnership::find_coupon(&mut *tx, viewer, id).await? else {
        return Err(Refusal::not_found("coupon").into());
    };
    let already = match status {
        CouponStatus::Active => coupon.is_open(),
        CouponStatus::Disabled => coupon.status == status,
    };
    if already {
        return Ok(coupon);
    }
    let ended_before = coupon.valid_until;
    let action = match status {
        CouponStatus::Active => {
            coupon.enable();
            "coupon.enabled"
        }
        CouponStatus::Disabled => {
            coupon.disable(now);
            "coupon.disabled"
        }
    };
    let key = normalise_code(&coupon.code)
        .map_err(|error| AppError::Corrupt(format!("{}: {}", coupon.id, error.detail)))?;
    partnership::put_coupon(&mut *tx, &coupon, &key).await?;
    let detail = serde_json::json!({
        "valid_until_before": ended_before, "valid_until": coupon.valid_until,
    });
    app.audit_in(&mut *tx, owner, actor, action, coupon.id, &detail).await?;
    tx.commit().await?;
    Ok(coupon)
}
