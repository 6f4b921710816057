use axum::Json;
use schemars::JsonSchema;
use serde::Deserialize;
use tributary_app::directory::disable_coupon;
use tributary_kernel::CouponId;
use tributary_web::{Caller, PathOf, Problem};

use super::wire::CouponOut;
use crate::Once;
use crate::doc::Doc;

const ERRORS: &[(u16, &str, &str)] = &[(404, "not_found", "You have no such code.")];

pub(super) const DOC: Doc = Doc {
    id: "disable_coupon",
    tag: "coupons",
    summary: "Switch a code off",
    detail: "What is bought with it from now on earns nothing; what was bought before still does, also when it is reported later. `valid_until` says when. The code stays taken.",
    scope: Some("manage"),
    errors: ERRORS,
};

/// A code in an address.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct CouponPath {
    /// The code's id.
    pub(super) id: CouponId,
}

pub(super) async fn handler(
    Once(state): Once,
    caller: Caller,
    PathOf(path): PathOf<CouponPath>,
) -> Result<Json<CouponOut>, Problem> {
    let coupon = disable_coupon(state.app(), &caller.actor, path.id).await?;
    Ok(Json(coupon.into()))
}
