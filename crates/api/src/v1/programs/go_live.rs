use axum::Json;
use tributary_app::directory::go_live;
use tributary_web::{Caller, PathOf, Problem};

use super::wire::{ProgramOut, ProgramPath};
use crate::Once;
use crate::doc::Doc;

const ERRORS: &[(u16, &str, &str)] = &[
    (404, "not_found", "You have no such program."),
    (409, "already_live", "It is live already."),
    (409, "no_plan", "It has no plan, so nothing would be paid."),
];

pub(super) const DOC: Doc = Doc {
    id: "go_live",
    tag: "programs",
    summary: "End test mode",
    detail: "Wipes everything that was reported in test mode. From now on money is real; there is \
             no way back.",
    scope: Some("manage"),
    errors: ERRORS,
};

pub(super) async fn handler(
    Once(state): Once,
    caller: Caller,
    PathOf(path): PathOf<ProgramPath>,
) -> Result<Json<ProgramOut>, Problem> {
    let live = go_live(state.app(), &caller.actor, caller.owner, path.id).await?;
    Ok(Json(live.into()))
}
