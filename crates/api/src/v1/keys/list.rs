use axum::Json;
use axum::extract::State;
use tributary_app::access::list_keys;
use tributary_web::{Caller, Problem, QueryOf};

use super::wire::KeyOut;
use crate::ApiState;
use crate::doc::Doc;
use crate::wire::{ListQuery, Page};

pub(super) const DOC: Doc = Doc {
    id: "list_keys",
    tag: "keys",
    summary: "List keys",
    detail: "Newest first, without their secrets.",
    scope: Some("administer"),
    errors: &[],
};

pub(super) async fn handler(
    State(state): State<ApiState>,
    caller: Caller,
    QueryOf(query): QueryOf<ListQuery>,
) -> Result<Json<Page<KeyOut>>, Problem> {
    let found = list_keys(state.app(), &caller.actor, caller.owner, query.page()?).await?;
    Ok(Page::of(found, KeyOut::from))
}
