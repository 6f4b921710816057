//! Commissions: money owed under a rule.

mod approve;
mod bulk;
mod decline;
mod get;
mod give;
mod life;
mod list;
mod preview;
mod reverse;
mod unapprove;
pub(super) mod wire;

use aide::axum::ApiRouter;
use aide::axum::routing::{get_with, post_with};

use crate::ApiState;

pub(super) fn routes() -> ApiRouter<ApiState> {
    ApiRouter::new()
        .api_route(
            "/v1/commissions",
            get_with(list::handler, list::DOC.apply()).post_with(give::handler, give::DOC.apply()),
        )
        .api_route("/v1/commissions/bulk", post_with(bulk::handler, bulk::DOC.apply()))
        .api_route("/v1/commissions/preview", post_with(preview::handler, preview::DOC.apply()))
        .api_route("/v1/commissions/{id}", get_with(get::handler, get::DOC.apply()))
        .api_route(
            "/v1/commissions/{id}/approve",
            post_with(approve::handler, approve::DOC.apply()),
        )
        .api_route(
            "/v1/commissions/{id}/unapprove",
            post_with(unapprove::handler, unapprove::DOC.apply()),
        )
        .api_route(
            "/v1/commissions/{id}/decline",
            post_with(decline::handler, decline::DOC.apply()),
        )
        .api_route(
            "/v1/commissions/{id}/reverse",
            post_with(reverse::handler, reverse::DOC.apply()),
        )
}
