//! Attribution: how a program gives credit.

mod credit_changes;
mod journeys;
mod list;
mod preview;
mod put;
mod wire;

use aide::axum::ApiRouter;
use aide::axum::routing::{get_with, post_with};

use crate::ApiState;

pub(super) fn routes() -> ApiRouter<ApiState> {
    ApiRouter::new()
        .api_route(
            "/v1/programs/{id}/attribution",
            get_with(list::handler, list::DOC.apply()).post_with(put::handler, put::DOC.apply()),
        )
        .api_route(
            "/v1/credit_changes",
            get_with(credit_changes::list, credit_changes::LIST.apply()),
        )
        .api_route(
            "/v1/conversions/{id}/credit_change/confirm",
            post_with(credit_changes::confirm, credit_changes::CONFIRM.apply()),
        )
        .api_route(
            "/v1/conversions/{id}/credit_change/dismiss",
            post_with(credit_changes::dismiss, credit_changes::DISMISS.apply()),
        )
        .api_route(
            "/v1/programs/{id}/attribution/preview",
            post_with(preview::handler, preview::DOC.apply()),
        )
        .api_route("/v1/programs/{id}/journeys", get_with(journeys::handler, journeys::DOC.apply()))
}
