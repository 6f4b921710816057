use axum::Json;
use tributary_app::payout::return_payout;
use tributary_web::{Caller, PathOf, Problem};

use super::wire::{PayoutOut, PayoutPath};
use crate::Once;
use crate::doc::Doc;

const ERRORS: &[(u16, &str, &str)] =
    &[(404, "not_found", "You have no such payout."), (409, "wrong_state", "It was not sent.")];

pub(super) const DOC: Doc = Doc {
    id: "mark_payout_returned",
    tag: "payouts",
    summary: "Say that a payout came back",
    detail: "Its commissions are approved again and go into the next run; the bank details it went \
             to wait for a second look.",
    scope: Some("pay"),
    errors: ERRORS,
};

pub(super) async fn handler(
    Once(state): Once,
    caller: Caller,
    PathOf(path): PathOf<PayoutPath>,
) -> Result<Json<PayoutOut>, Problem> {
    let it = return_payout(state.app(), &caller.actor, caller.owner, path.id).await?;
    Ok(Json(PayoutOut::from(&it)))
}
