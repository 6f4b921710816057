use axum::Json;
use axum::extract::State;
use tributary_app::access::list_members;
use tributary_web::{Caller, Problem, QueryOf};

use super::wire::MemberOut;
use crate::ApiState;
use crate::doc::Doc;
use crate::wire::{ListQuery, Page};

pub(super) const DOC: Doc = Doc {
    id: "list_members",
    tag: "members",
    summary: "List members",
    detail: "Who became known to the installation last comes first.",
    scope: Some("administer"),
    errors: &[],
};

pub(super) async fn handler(
    State(state): State<ApiState>,
    caller: Caller,
    QueryOf(query): QueryOf<ListQuery>,
) -> Result<Json<Page<MemberOut>>, Problem> {
    let found = list_members(state.app(), &caller.actor, caller.owner, query.page()?).await?;
    Ok(Page::of(found, MemberOut::from))
}
