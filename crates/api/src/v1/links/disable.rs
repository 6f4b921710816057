use axum::Json;
use schemars::JsonSchema;
use serde::Deserialize;
use tributary_app::directory::disable_link;
use tributary_kernel::LinkId;
use tributary_web::{Caller, PathOf, Problem};

use super::wire::LinkOut;
use crate::Once;
use crate::doc::Doc;

const ERRORS: &[(u16, &str, &str)] = &[(404, "not_found", "You have no such link.")];

pub(super) const DOC: Doc = Doc {
    id: "disable_link",
    tag: "links",
    summary: "Switch a link off",
    detail: "It still leads to the program, without credit.",
    scope: Some("manage"),
    errors: ERRORS,
};

/// A link in an address.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct LinkPath {
    /// The link's id.
    pub(super) id: LinkId,
}

pub(super) async fn handler(
    Once(state): Once,
    caller: Caller,
    PathOf(path): PathOf<LinkPath>,
) -> Result<Json<LinkOut>, Problem> {
    let link = disable_link(state.app(), &caller.actor, path.id).await?;
    Ok(Json(link.into()))
}
