use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;
use tributary_app::directory::{ChangePartner, change_partner};
use tributary_directory::{PartnerKind, Permission};
use tributary_web::{Caller, JsonBody, PathOf, Problem};

use super::wire::{PartnerOut, PartnerPath};
use crate::ApiState;
use crate::doc::Doc;
use crate::wire::present;

const ERRORS: &[(u16, &str, &str)] = &[
    (404, "not_found", "There is no such partner in your programs."),
    (409, "shared_profile", "It works with others too: only the partner changes its profile."),
    (422, "invalid", "A field is wrong; `errors` names each of them."),
];

pub(super) const DOC: Doc = Doc {
    id: "change_partner",
    tag: "partners",
    summary: "Change a partner's profile",
    detail: "Only while it is in programs of yours alone. Its address the partner itself changes, \
             on its own page, since whoever reads that logs in for it. What is left out stays.",
    scope: Some("manage"),
    errors: ERRORS,
};

/// What changes of a partner's profile.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ChangePartner")]
pub(super) struct Body {
    /// Name, as on statements.
    #[serde(default)]
    name: Option<String>,
    /// What sort.
    #[serde(default)]
    kind: Option<PartnerKind>,
    /// ISO 3166-1 alpha-2.
    #[serde(default)]
    #[schemars(example = &"DK")]
    country: Option<String>,
    /// `en`, `da`, `sv` or `id`.
    #[serde(default)]
    language: Option<String>,
    /// Where it promotes; null: nowhere that is known.
    #[serde(default, deserialize_with = "present")]
    #[schemars(with = "Option<String>")]
    website: Option<Option<String>>,
}

pub(super) async fn handler(
    State(state): State<ApiState>,
    caller: Caller,
    PathOf(path): PathOf<PartnerPath>,
    JsonBody(body): JsonBody<Body>,
) -> Result<Json<PartnerOut>, Problem> {
    caller.require(Permission::Manage)?;
    let change = ChangePartner {
        name: body.name,
        kind: body.kind,
        country: body.country,
        language: body.language,
        website: body.website.map(Option::unwrap_or_default),
        email: None,
    };
    let changed = change_partner(state.app(), &caller.actor, path.id, change).await?;
    Ok(Json(changed.partner.into()))
}
