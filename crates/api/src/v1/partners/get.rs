use axum::Json;
use axum::extract::State;
use tributary_app::directory::find_partner;
use tributary_web::{Caller, PathOf, Problem};

use super::wire::{PartnerOut, PartnerPath};
use crate::ApiState;
use crate::doc::Doc;

const ERRORS: &[(u16, &str, &str)] =
    &[(404, "not_found", "There is no such partner in your programs.")];

pub(super) const DOC: Doc = Doc {
    id: "get_partner",
    tag: "partners",
    summary: "Get a partner's profile",
    detail: "What it says of itself to every program it is in.",
    scope: Some("read"),
    errors: ERRORS,
};

pub(super) async fn handler(
    State(state): State<ApiState>,
    caller: Caller,
    PathOf(path): PathOf<PartnerPath>,
) -> Result<Json<PartnerOut>, Problem> {
    let found = find_partner(state.app(), &caller.actor, path.id).await?;
    Ok(Json(found.into()))
}
