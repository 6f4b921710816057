use axum::Json;
use tributary_app::payout::cancel_run;
use tributary_web::{Caller, PathOf, Problem};

use super::wire::{RunOut, RunPath};
use crate::Once;
use crate::doc::Doc;

const ERRORS: &[(u16, &str, &str)] = &[
    (404, "not_found", "You have no such run."),
    (409, "wrong_state", "It is not in a state in which this can be done."),
];

pub(super) const DOC: Doc = Doc {
    id: "cancel_payout_run",
    tag: "payouts",
    summary: "Take a run back",
    detail: "Before it is sent: its commissions are approved again and go into the next run.",
    scope: Some("pay"),
    errors: ERRORS,
};

pub(super) async fn handler(
    Once(state): Once,
    caller: Caller,
    PathOf(path): PathOf<RunPath>,
) -> Result<Json<RunOut>, Problem> {
    let run = cancel_run(state.app(), &caller.actor, caller.owner, path.id).await?;
    Ok(Json(RunOut::from(&run)))
}
