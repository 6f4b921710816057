use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Deserialize;
use tributary_app::directory::PartnershipFilter;
use tributary_app::directory::list_links;
use tributary_kernel::{PartnerId, ProgramId};
use tributary_web::{Caller, Problem, QueryOf};

use super::wire::LinkOut;
use crate::ApiState;
use crate::doc::Doc;
use crate::wire::{Page, page_of};

pub(super) const DOC: Doc = Doc {
    id: "list_links",
    tag: "links",
    summary: "List links",
    detail: "Newest first.",
    scope: Some("read"),
    errors: &[],
};

/// Which links or codes.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::v1) struct Query {
    /// Of one program.
    #[serde(default)]
    program: Option<ProgramId>,
    /// Of one partner.
    #[serde(default)]
    partner: Option<PartnerId>,
    /// The `next_cursor` of the page before.
    #[serde(default)]
    pub(in crate::v1) cursor: Option<String>,
    /// Rows in a page, 1 to 200; usually 50.
    #[serde(default)]
    pub(in crate::v1) limit: Option<u32>,
}

impl Query {
    pub(in crate::v1) fn filter(&self) -> PartnershipFilter {
        let (program, partner) = (self.program, self.partner);
        PartnershipFilter { program, partner, ..PartnershipFilter::default() }
    }
}

pub(super) async fn handler(
    State(state): State<ApiState>,
    caller: Caller,
    QueryOf(query): QueryOf<Query>,
) -> Result<Json<Page<LinkOut>>, Problem> {
    let page = page_of(query.cursor.as_deref(), query.limit)?;
    let found = list_links(state.app(), &caller.actor, &query.filter(), page).await?;
    Ok(Page::of(found, LinkOut::from))
}
