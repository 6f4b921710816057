use schemars::JsonSchema;
use serde::Deserialize;
use tributary_app::billing::{BillingSecrets, BillingSettings, ConnectBilling, connect_billing};
use tributary_directory::Permission;
use tributary_kernel::ProgramId;
use tributary_web::{Caller, JsonBody, Problem};

use super::wire::{SettingsWire, SourceOut};
use crate::Once;
use crate::doc::Doc;
use crate::wire::Created;

const ERRORS: &[(u16, &str, &str)] =
    &[(422, "invalid", "A field is wrong; `errors` names each of them.")];

pub(super) const DOC: Doc = Doc {
    id: "connect_billing_source",
    tag: "billing_sources",
    summary: "Connect a billing system",
    detail: "Have the system send its events to `webhook_path` on this host. Secrets are kept \
             sealed and never shown. Events of test mode count in a program in test mode only, \
             and those of live mode in a live one.",
    scope: Some("administer"),
    errors: ERRORS,
};

/// A billing system to connect.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ConnectBillingSource")]
pub(super) struct Body {
    /// Whose customers pay there.
    program: ProgramId,
    /// Which system: `stripe`.
    kind: String,
    /// What you call it; no other integration of yours has this name.
    name: String,
    /// What the system signs its events with; several while one is rotated.
    webhook_secrets: Vec<String>,
    /// How events are read.
    #[serde(default)]
    settings: Option<SettingsWire>,
}

pub(super) async fn handler(
    Once(state): Once,
    caller: Caller,
    JsonBody(body): JsonBody<Body>,
) -> Result<Created<SourceOut>, Problem> {
    caller.require(Permission::Administer)?;
    let input = ConnectBilling {
        owner: caller.owner,
        program: body.program,
        kind: body.kind,
        name: body.name,
        secrets: BillingSecrets { webhook: body.webhook_secrets },
        settings: body.settings.map_or_else(BillingSettings::default, Into::into),
    };
    let made = connect_billing(state.app(), &caller.actor, input).await?;
    Ok(Created(made.into()))
}
