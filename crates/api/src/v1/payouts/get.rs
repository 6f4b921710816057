use axum::Json;
use axum::extract::State;
use tributary_app::payout::find_payout;
use tributary_web::{Caller, PathOf, Problem};

use super::wire::{PayoutOut, PayoutPath};
use crate::ApiState;
use crate::doc::Doc;

const ERRORS: &[(u16, &str, &str)] = &[(404, "not_found", "You have no such payout.")];

pub(super) const DOC: Doc = Doc {
    id: "get_payout",
    tag: "payouts",
    summary: "Get a payout",
    detail: "",
    scope: Some("read"),
    errors: ERRORS,
};

pub(super) async fn handler(
    State(state): State<ApiState>,
    caller: Caller,
    PathOf(path): PathOf<PayoutPath>,
) -> Result<Json<PayoutOut>, Problem> {
    let it = find_payout(state.app(), &caller.actor, path.id).await?;
    Ok(Json(PayoutOut::from(&it)))
}
