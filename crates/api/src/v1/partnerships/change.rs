use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;
use tributary_app::directory::{ChangePartnership, change_partnership, find_partnership};
use tributary_directory::{PartnershipStatus, Permission};
use tributary_web::{Caller, JsonBody, PathOf, Problem};

use super::wire::{PartnershipOut, PartnershipPath};
use crate::ApiState;
use crate::doc::Doc;
use crate::wire::present;

const ERRORS: &[(u16, &str, &str)] = &[
    (404, "not_found", "You have no such partnership."),
    (422, "invalid", "The status cannot follow the one before."),
];

pub(super) const DOC: Doc = Doc {
    id: "change_partnership",
    tag: "partnerships",
    summary: "Change a partnership",
    detail: "Accept, pause, resume or end it, or change its group. What is left out stays.",
    scope: Some("manage"),
    errors: ERRORS,
};

/// What changes of a partnership.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ChangePartnership")]
pub(super) struct Body {
    /// Another status.
    #[serde(default)]
    status: Option<PartnershipStatus>,
    /// Another group; null: none.
    #[serde(default, deserialize_with = "present")]
    #[schemars(with = "Option<String>")]
    group: Option<Option<String>>,
}

pub(super) async fn handler(
    State(state): State<ApiState>,
    caller: Caller,
    PathOf(path): PathOf<PartnershipPath>,
    JsonBody(body): JsonBody<Body>,
) -> Result<Json<PartnershipOut>, Problem> {
    caller.require(Permission::Manage)?;
    let group = body.group.map(Option::unwrap_or_default);
    let change = ChangePartnership { status: body.status, group };
    change_partnership(state.app(), &caller.actor, path.id, change).await?;
    let after = find_partnership(state.app(), &caller.actor, path.id).await?;
    Ok(Json(after.into()))
}
