use axum::Json;
use axum::extract::State;
use tributary_app::directory::find_partnership;
use tributary_web::{Caller, PathOf, Problem};

use super::wire::{PartnershipOut, PartnershipPath};
use crate::ApiState;
use crate::doc::Doc;

const ERRORS: &[(u16, &str, &str)] = &[(404, "not_found", "You have no such partnership.")];

pub(super) const DOC: Doc = Doc {
    id: "get_partnership",
    tag: "partnerships",
    summary: "Get a partnership",
    detail: "",
    scope: Some("read"),
    errors: ERRORS,
};

pub(super) async fn handler(
    State(state): State<ApiState>,
    caller: Caller,
    PathOf(path): PathOf<PartnershipPath>,
) -> Result<Json<PartnershipOut>, Problem> {
    let found = find_partnership(state.app(), &caller.actor, path.id).await?;
    Ok(Json(found.into()))
}
