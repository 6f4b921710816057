use axum::Json;
use axum::extract::State;
use tributary_app::directory::list_coupons;
use tributary_web::{Caller, Problem, QueryOf};

use super::wire::CouponOut;
use crate::ApiState;
use crate::doc::Doc;
use crate::v1::links::list::Query;
use crate::wire::{Page, page_of};

pub(super) const DOC: Doc = Doc {
    id: "list_coupons",
    tag: "coupons",
    summary: "List codes",
    detail: "Newest first.",
    scope: Some("read"),
    errors: &[],
};

pub(super) async fn handler(
    State(state): State<ApiState>,
    caller: Caller,
    QueryOf(query): QueryOf<Query>,
) -> Result<Json<Page<CouponOut>>, Problem> {
    let page = page_of(query.cursor.as_deref(), query.limit)?;
    let found = list_coupons(state.app(), &caller.actor, &query.filter(), page).await?;
    Ok(Page::of(found, CouponOut::from))
}
