use schemars::JsonSchema;
use serde::Deserialize;
use tributary_app::directory::{CreateLink, create_link};
use tributary_directory::{Permission, PromotionMethod};
use tributary_kernel::PartnershipId;
use tributary_web::{Caller, JsonBody, Problem};

use super::wire::LinkOut;
use crate::Once;
use crate::doc::Doc;
use crate::wire::Created;

const ERRORS: &[(u16, &str, &str)] =
    &[(422, "invalid", "A field is wrong, or the path is taken; `errors` names each of them.")];

pub(super) const DOC: Doc = Doc {
    id: "create_link",
    tag: "links",
    summary: "Make a link",
    detail: "For one of your partners. It may lead only to the program's domains.",
    scope: Some("manage"),
    errors: ERRORS,
};

/// A new link.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "CreateLink")]
pub(super) struct Body {
    /// Whose.
    partnership: PartnershipId,
    /// `anna` or `anna/crm`; left out: the referral code.
    #[serde(default)]
    path: Option<String>,
    /// Host it is served on; left out: any host of this installation.
    #[serde(default)]
    host: Option<String>,
    /// Where it leads; left out: the landing page.
    #[serde(default)]
    destination: Option<String>,
    /// A name for the occasion.
    #[serde(default)]
    campaign: Option<String>,
    /// How it is promoted.
    #[serde(default)]
    method: Option<PromotionMethod>,
}

pub(super) async fn handler(
    Once(state): Once,
    caller: Caller,
    JsonBody(body): JsonBody<Body>,
) -> Result<Created<LinkOut>, Problem> {
    caller.require(Permission::Manage)?;
    let input = CreateLink {
        partnership: body.partnership,
        path: body.path,
        host: body.host,
        destination: body.destination,
        campaign: body.campaign,
        method: body.method,
    };
    let made = create_link(state.app(), &caller.actor, input).await?;
    Ok(Created(made.into()))
}
