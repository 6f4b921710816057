use tributary_app::directory::{PutPolicy, list_policies, put_policy};
use tributary_directory::Permission;
use tributary_web::{Caller, JsonBody, PathOf, Problem};

use super::wire::{AttributionIn, AttributionOut};
use crate::Once;
use crate::doc::Doc;
use crate::v1::programs::ProgramPath;
use crate::wire::Created;

const ERRORS: &[(u16, &str, &str)] = &[
    (404, "not_found", "You have no such program."),
    (409, "policy_unchanged", "The program does this already."),
    (422, "invalid", "A field is wrong; `errors` names each of them."),
];

pub(super) const DOC: Doc = Doc {
    id: "set_attribution",
    tag: "attribution",
    summary: "Set how a program gives credit",
    detail: "Makes a new version; what is left out is as in the newest. It decides what occurs \
             from `effective_from` on. The formula of each model is in the documentation.",
    scope: Some("manage"),
    errors: ERRORS,
};

pub(super) async fn handler(
    Once(state): Once,
    caller: Caller,
    PathOf(path): PathOf<ProgramPath>,
    JsonBody(body): JsonBody<AttributionIn>,
) -> Result<Created<AttributionOut>, Problem> {
    caller.require(Permission::Manage)?;
    let versions = list_policies(state.app(), &caller.actor, path.id).await?;
    let newest = versions.into_iter().next_back().map(|it| it.policy).unwrap_or_default();
    let effective_from = body.effective_from;
    let policy = body.apply(newest)?;
    let input = PutPolicy { owner: caller.owner, program: path.id, policy, effective_from };
    Ok(Created(put_policy(state.app(), &caller.actor, input).await?.into()))
}
