use tributary_app::directory::create_program;
use tributary_directory::Permission;
use tributary_web::{Caller, JsonBody, Problem};

use super::wire::{CreateProgram, ProgramOut};
use crate::Once;
use crate::doc::Doc;
use crate::wire::Created;

const ERRORS: &[(u16, &str, &str)] =
    &[(422, "invalid", "A field is wrong; `errors` names each of them.")];

pub(super) const DOC: Doc = Doc {
    id: "create_program",
    tag: "programs",
    summary: "Start a program",
    detail: "It begins in test mode: conversions are marked and never payable, and are wiped when \
             it goes live. Publish a plan next.",
    scope: Some("manage"),
    errors: ERRORS,
};

pub(super) async fn handler(
    Once(state): Once,
    caller: Caller,
    JsonBody(body): JsonBody<CreateProgram>,
) -> Result<Created<ProgramOut>, Problem> {
    caller.require(Permission::Manage)?;
    let terms = body.into_terms()?;
    let made = create_program(state.app(), &caller.actor, caller.owner, terms).await?;
    Ok(Created(made.into()))
}
