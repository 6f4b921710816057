use schemars::JsonSchema;
use serde::Deserialize;
use tributary_app::access::{InviteMember, invite_member};
use tributary_directory::{Permission, Role};
use tributary_web::{Caller, JsonBody, Problem};

use super::wire::InvitedOut;
use crate::Once;
use crate::doc::Doc;
use crate::wire::Created;

const ERRORS: &[(u16, &str, &str)] = &[
    (403, "people_only", "A key gives the roles `manager` and `viewer` alone."),
    (409, "already_member", "This address is in your organisation already."),
    (422, "invalid", "A field is wrong; `errors` names each of them."),
];

pub(super) const DOC: Doc = Doc {
    id: "invite_member",
    tag: "members",
    summary: "Invite somebody into your organisation",
    detail: "Mails them a link to come in by, in their language; it works for 7 days. A known \
             address keeps its name, language and log-in. `administrator` and `finance` are given \
             by an administrator on the page Settings, People: who stole a key must not make \
             themselves somebody who confirms payouts.",
    scope: Some("administer"),
    errors: ERRORS,
};

/// Somebody for your organisation.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "InviteMember")]
pub(super) struct Body {
    /// Where they are written to, and log in with.
    email: String,
    /// What they are called.
    name: String,
    /// `manager` or `viewer`.
    role: Role,
    /// `en`, `da`, `sv` or `id`; usually `en`.
    #[serde(default)]
    language: Option<String>,
}

pub(super) async fn handler(
    Once(state): Once,
    caller: Caller,
    JsonBody(body): JsonBody<Body>,
) -> Result<Created<InvitedOut>, Problem> {
    caller.require(Permission::Administer)?;
    let input = InviteMember {
        owner: caller.owner,
        name: body.name,
        email: body.email,
        language: body.language.unwrap_or_else(|| "en".to_owned()),
        role: body.role,
    };
    let made = invite_member(state.app(), &caller.actor, input).await?;
    Ok(Created(InvitedOut { member: made.member.into(), mailed: made.mailed }))
}
