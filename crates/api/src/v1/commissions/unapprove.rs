use axum::Json;
use tributary_web::{Caller, PathOf, Problem};

use super::life::{StepIn, change_one};
use super::wire::{CommissionOut, CommissionPath};
use crate::Once;
use crate::doc::Doc;

const ERRORS: &[(u16, &str, &str)] = &[
    (404, "not_found", "You have no such commission."),
    (409, "wrong_state", "It is not in a state in which this can be done."),
];

pub(super) const DOC: Doc = Doc {
    id: "unapprove_commission",
    tag: "commissions",
    summary: "Take an approval back",
    detail: "Before any payout",
    scope: Some("decide"),
    errors: ERRORS,
};

pub(super) async fn handler(
    Once(state): Once,
    caller: Caller,
    PathOf(path): PathOf<CommissionPath>,
) -> Result<Json<CommissionOut>, Problem> {
    let changed = change_one(&state, &caller, StepIn::Unapprove, None, path.id).await?;
    Ok(Json(changed))
}
