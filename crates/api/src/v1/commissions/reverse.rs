use axum::Json;
use tributary_directory::Permission;
use tributary_web::{Caller, JsonBody, PathOf, Problem};

use super::life::{ReasonInput, StepIn, change_one};
use super::wire::{CommissionOut, CommissionPath};
use crate::Once;
use crate::doc::Doc;

const ERRORS: &[(u16, &str, &str)] = &[
    (404, "not_found", "You have no such commission."),
    (409, "wrong_state", "It is not in a state in which this can be done."),
];

pub(super) const DOC: Doc = Doc {
    id: "reverse_commission",
    tag: "commissions",
    summary: "Take a commission back",
    detail: "All that is left of an agreed commission. One that is in a payout stays in it, and the partner owes the amount back.",
    scope: Some("decide"),
    errors: ERRORS,
};

pub(super) async fn handler(
    Once(state): Once,
    caller: Caller,
    PathOf(path): PathOf<CommissionPath>,
    JsonBody(body): JsonBody<ReasonInput>,
) -> Result<Json<CommissionOut>, Problem> {
    caller.require(Permission::Decide)?;
    let changed = change_one(&state, &caller, StepIn::Reverse, Some(body.reason), path.id).await?;
    Ok(Json(changed))
}
