use axum::Json;
use axum::extract::State;
use tributary_app::payout::list_replies;
use tributary_web::{Caller, Problem, QueryOf};

use super::wire::SummaryOut;
use crate::ApiState;
use crate::doc::Doc;
use crate::wire::{ListQuery, Page};

pub(super) const DOC: Doc = Doc {
    id: "list_bank_replies",
    tag: "payouts",
    summary: "List banks' answers",
    detail: "Newest first.",
    scope: Some("read"),
    errors: &[],
};

pub(super) async fn handler(
    State(state): State<ApiState>,
    caller: Caller,
    QueryOf(query): QueryOf<ListQuery>,
) -> Result<Json<Page<SummaryOut>>, Problem> {
    let page = query.page()?;
    let found = list_replies(state.app(), &caller.actor, caller.owner, page).await?;
    Ok(Page::of(found, SummaryOut::from))
}
