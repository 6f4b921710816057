use axum::Json;
use tributary_app::directory::enable_link;
use tributary_web::{Caller, PathOf, Problem};

use super::disable::LinkPath;
use super::wire::LinkOut;
use crate::Once;
use crate::doc::Doc;

const ERRORS: &[(u16, &str, &str)] = &[
    (403, "program_only", "What the program may have switched off, only the program switches on."),
    (404, "not_found", "You have no such link."),
];

pub(super) const DOC: Doc = Doc {
    id: "enable_link",
    tag: "links",
    summary: "Switch a link on again",
    detail: "Clicks on it earn again from now on; those before do not.",
    scope: Some("manage"),
    errors: ERRORS,
};

pub(super) async fn handler(
    Once(state): Once,
    caller: Caller,
    PathOf(path): PathOf<LinkPath>,
) -> Result<Json<LinkOut>, Problem> {
    let link = enable_link(state.app(), &caller.actor, path.id).await?;
    Ok(Json(link.into()))
}
