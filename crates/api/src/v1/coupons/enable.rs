use axum::Json;
use tributary_app::directory::enable_coupon;
use tributary_web::{Caller, PathOf, Problem};

use super::disable::CouponPath;
use super::wire::CouponOut;
use crate::Once;
use crate::doc::Doc;

const ERRORS: &[(u16, &str, &str)] = &[(404, "not_found", "You have no such code.")];

pub(super) const DOC: Doc = Doc {
    id: "enable_coupon",
    tag: "coupons",
    summary: "Switch a code on",
    detail: "Without an end, as if it had never been off.",
    scope: Some("manage"),
    errors: ERRORS,
};

pub(super) async fn handler(
    Once(state): Once,
    caller: Caller,
    PathOf(path): PathOf<CouponPath>,
) -> Result<Json<CouponOut>, Problem> {
    let coupon = enable_coupon(state.app(), &caller.actor, path.id).await?;
    Ok(Json(coupon.into()))
}
