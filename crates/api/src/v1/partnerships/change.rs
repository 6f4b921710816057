use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;
use tributary_app::directory::{
    ChangePartnership, PartnerTerms, change_partnership_and_terms, find_partnership,
};
use tributary_directory::{PartnershipStatus, Permission};
use tributary_kernel::PartnershipId;
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
    detail: "Accept, pause, resume or end it, or say what its terms hang on: group, tags, the \
             plan's option, who recruited it. What is left out stays.",
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
    /// All of your tags: plans can ask for them.
    #[serde(default)]
    tags: Option<Vec<String>>,
    /// The option of the plan that the partner chose at joining; null: none.
    #[serde(default, deserialize_with = "present")]
    #[schemars(with = "Option<String>")]
    option: Option<Option<String>>,
    /// The partnership that recruited it; null: nobody.
    #[serde(default, deserialize_with = "present")]
    #[schemars(with = "Option<PartnershipId>")]
    recruiter: Option<Option<PartnershipId>>,
}

pub(super) async fn handler(
    State(state): State<ApiState>,
    caller: Caller,
    PathOf(path): PathOf<PartnershipPath>,
    JsonBody(body): JsonBody<Body>,
) -> Result<Json<PartnershipOut>, Problem> {
    caller.require(Permission::Manage)?;
    let group = body.group.map(Option::unwrap_or_default);
    let terms = PartnerTerms {
        tags: body.tags,
        option: body.option.map(Option::unwrap_or_default),
        recruiter: body.recruiter,
    };
    let change = ChangePartnership { status: body.status, group };
    change_partnership_and_terms(state.app(), &caller.actor, path.id, change, terms).await?;
    let after = find_partnership(state.app(), &caller.actor, path.id).await?;
    Ok(Json(after.into()))
}
