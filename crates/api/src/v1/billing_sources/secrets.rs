use axum::Json;
use schemars::JsonSchema;
use serde::Deserialize;
use tributary_app::billing::{BillingSecrets, replace_billing_secrets};
use tributary_directory::Permission;
use tributary_web::{Caller, JsonBody, PathOf, Problem};

use super::wire::{SourceOut, SourcePath};
use crate::Once;
use crate::doc::Doc;

const ERRORS: &[(u16, &str, &str)] = &[
    (404, "not_found", "You have no such billing source."),
    (422, "invalid", "A field is wrong; `errors` names each of them."),
];

pub(super) const DOC: Doc = Doc {
    id: "replace_billing_secrets",
    tag: "billing_sources",
    summary: "Replace a billing system's secrets",
    detail: "All of them at once. To rotate one: send the old and the new, change it in the \
             system, then send the new alone.",
    scope: Some("administer"),
    errors: ERRORS,
};

/// Secrets in place of those that are kept.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ReplaceBillingSecrets")]
pub(super) struct Body {
    /// What the system signs its events with.
    webhook_secrets: Vec<String>,
}

pub(super) async fn handler(
    Once(state): Once,
    caller: Caller,
    PathOf(path): PathOf<SourcePath>,
    JsonBody(body): JsonBody<Body>,
) -> Result<Json<SourceOut>, Problem> {
    caller.require(Permission::Administer)?;
    let secrets = BillingSecrets { webhook: body.webhook_secrets };
    let source =
        replace_billing_secrets(state.app(), &caller.actor, caller.owner, path.id, secrets).await?;
    Ok(Json(source.into()))
}
