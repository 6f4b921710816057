//! Conversions: reported results, what was decided about them, and their refunds, corrections and
//! departures.

mod assign;
mod correct;
mod depart;
mod explain;
mod get;
mod list;
mod models;
mod refund;
pub(super) mod report;
pub(super) mod wire;

use aide::axum::ApiRouter;
use aide::axum::routing::{get_with, post_with};

pub(crate) use wire::ConversionPath;

use crate::ApiState;

pub(super) fn routes() -> ApiRouter<ApiState> {
    ApiRouter::new()
        .api_route(
            "/v1/conversions",
            get_with(list::handler, list::DOC.apply()).post_with(report::handler, report::describe),
        )
        .api_route("/v1/conversions/{id}", get_with(get::handler, get::DOC.apply()))
        .api_route(
            "/v1/conversions/{id}/explanation",
            get_with(explain::handler, explain::DOC.apply()),
        )
        .api_route("/v1/conversions/{id}/models", get_with(models::handler, models::DOC.apply()))
        .api_route("/v1/conversions/{id}/assign", post_with(assign::handler, assign::DOC.apply()))
        .api_route("/v1/conversions/{id}/refunds", post_with(refund::handler, refund::DOC.apply()))
        .api_route(
            "/v1/conversions/{id}/corrections",
            post_with(correct::handler, correct::DOC.apply()),
        )
        .api_route(
            "/v1/conversions/{id}/departures",
            post_with(depart::handler, depart::DOC.apply()),
        )
}
