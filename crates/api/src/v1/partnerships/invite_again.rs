use axum::Json;
use schemars::JsonSchema;
use serde::Serialize;
use tributary_app::directory::invite_partner_again;
use tributary_kernel::PartnershipId;
use tributary_web::{Caller, PathOf, Problem};

use super::wire::PartnershipPath;
use crate::Once;
use crate::doc::Doc;

const ERRORS: &[(u16, &str, &str)] = &[
    (404, "not_found", "You have no such partnership."),
    (409, "status_order", "It was answered already."),
];

pub(super) const DOC: Doc = Doc {
    id: "invite_partner_again",
    tag: "partnerships",
    summary: "Send an invitation again",
    detail: "With a new link. Earlier ones work on until they are used or over.",
    scope: Some("manage"),
    errors: ERRORS,
};

/// An invitation that was sent again.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct InvitedAgain {
    /// Which partnership.
    id: PartnershipId,
    /// Whether the mail left. If not, try again later.
    mailed: bool,
}

pub(super) async fn handler(
    Once(state): Once,
    caller: Caller,
    PathOf(path): PathOf<PartnershipPath>,
) -> Result<Json<InvitedAgain>, Problem> {
    let mailed = invite_partner_again(state.app(), &caller.actor, path.id).await?;
    Ok(Json(InvitedAgain { id: path.id, mailed }))
}
