//! Payouts: money sent to one partner, with the statement that explains it.

mod get;
mod list;
mod own_invoice;
mod proof;
mod returned;
mod statement;
pub(super) mod wire;

use aide::axum::ApiRouter;
use aide::axum::routing::{get_with, post_with};

use crate::ApiState;

pub(super) fn routes() -> ApiRouter<ApiState> {
    ApiRouter::new()
        .api_route("/v1/payouts", get_with(list::handler, list::DOC.apply()))
        .api_route("/v1/payouts/{id}", get_with(get::handler, get::DOC.apply()))
        .api_route(
            "/v1/payouts/{id}/partner_invoice",
            get_with(own_invoice::get, own_invoice::GET.apply())
                .post_with(own_invoice::post, own_invoice::POST.apply()),
        )
        .api_route(
            "/v1/payouts/{id}/statement",
            get_with(statement::handler, statement::DOC.apply()),
        )
        .api_route("/v1/payouts/{id}/statement/proof", get_with(proof::handler, proof::describe))
        .api_route("/v1/payouts/{id}/returned", post_with(returned::handler, returned::DOC.apply()))
}
