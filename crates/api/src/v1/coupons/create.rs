use schemars::JsonSchema;
use serde::Deserialize;
use tributary_app::directory::{CreateCoupon, create_coupon};
use tributary_directory::Permission;
use tributary_kernel::{PartnershipId, Timestamp};
use tributary_web::{Caller, JsonBody, Problem};

use super::wire::CouponOut;
use crate::Once;
use crate::doc::Doc;
use crate::wire::Created;

const ERRORS: &[(u16, &str, &str)] =
    &[(422, "invalid", "A field is wrong, or the code is taken; `errors` names each of them.")];

pub(super) const DOC: Doc = Doc {
    id: "create_coupon",
    tag: "coupons",
    summary: "Give a partner a code",
    detail: "A code belongs to one partner of a program, for ever.",
    scope: Some("manage"),
    errors: ERRORS,
};

/// A new code.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "CreateCoupon")]
pub(super) struct Body {
    /// Whose.
    partnership: PartnershipId,
    /// The code, 1 to 40 characters; compared without case.
    code: String,
    /// First moment it earns; left out: at once.
    #[serde(default)]
    valid_from: Option<Timestamp>,
    /// First moment it no longer earns; left out: never ends.
    #[serde(default)]
    valid_until: Option<Timestamp>,
}

pub(super) async fn handler(
    Once(state): Once,
    caller: Caller,
    JsonBody(body): JsonBody<Body>,
) -> Result<Created<CouponOut>, Problem> {
    caller.require(Permission::Manage)?;
    let input = CreateCoupon {
        partnership: body.partnership,
        code: body.code,
        valid_from: body.valid_from,
        valid_until: body.valid_until,
    };
    let made = create_coupon(state.app(), &caller.actor, input).await?;
    Ok(Created(made.into()))
}
