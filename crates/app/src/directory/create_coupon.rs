use tributary_directory::{Actor, Coupon, CouponStatus, Permission, Viewer, normalise_code};
use tributary_kernel::{CouponId, FieldError, PartnershipId, Timestamp};
use tributary_store::partnership;

use crate::{App, AppError};

/// A new code.
#[derive(Debug, Clone)]
pub struct CreateCoupon {
    /// Whose.
    pub partnership: PartnershipId,
    /// The code.
    pub code: String,
    /// First moment it earns; none: at once.
    pub valid_from: Option<Timestamp>,
    /// First moment it no longer earns; none: never ends.
    pub valid_until: Option<Timestamp>,
}

/// Gives a partner a code. A code belongs to one partner of a program, for ever.
pub async fn create_coupon(
    app: &App,
    actor: &Actor,
    input: CreateCoupon,
) -> Result<Coupon, AppError> {
    let viewer = super::viewer_of(actor)?;
    if let Viewer::Owner(owner) = viewer {
        actor.require(owner, Permission::Manage)?;
    } else {
        let detail = "The program's manager gives codes.";
        return Err(tributary_kernel::Refusal::forbidden("managers_only", detail).into());
    }
    let key = normalise_code(&input.code).map_err(|error| error.under("/code"))?;
    if let (Some(from), Some(until)) = (input.valid_from, input.valid_until)
        && from >= until
    {
        let detail = "The code would end before it begins.";
        return Err(FieldError::new("/valid_until", "before_start", detail).into());
    }
    let now = app.now();
    let mut tx = app.record.begin().await?;
    let Some(partnership) = partnership::find(&mut *tx, viewer, input.partnership).await? else {
        let detail = "There is no such partnership here.";
        return Err(FieldError::new("/partnership", "unknown_partnership", detail).into());
    };
    let place = (partnership.owner, partnership.program, key.clone());
    if !partnership::coupons_by_code(&mut *tx, &[place]).await?.is_empty() {
        let detail = "This code is taken in this program; codes differ by more than case.";
        return Err(FieldError::new("/code", "coupon_taken", detail).into());
    }
    let coupon = Coupon {
        id: CouponId::new(now, &*app.entropy),
        owner: partnership.owner,
        program: partnership.program,
        partnership: partnership.id,
        partner: partnership.partner,
        code: input.code.trim().to_owned(),
        valid_from: input.valid_from,
        valid_until: input.valid_until,
        status: CouponStatus::Active,
        created_at: now,
    };
    partnership::put_coupon(&mut *tx, &coupon, &key).await?;
    let detail = serde_json::json!({ "partnership": partnership.id });
    app.audit_in(&mut *tx, coupon.owner, actor, "coupon.created", coupon.id, &detail).await?;
    tx.commit().await?;
    Ok(coupon)
}
