//! Payout runs: what is paid on one day, approved as a whole.

mod approve;
mod bank_file;
mod cancel;
mod get;
mod list;
mod paid;
mod preview;
mod sent;
mod table;
mod wire;

use aide::axum::ApiRouter;
use aide::axum::routing::{get_with, post_with};

use crate::ApiState;

pub(super) fn routes() -> ApiRouter<ApiState> {
    ApiRouter::new()
        .api_route(
            "/v1/payout_runs",
            get_with(list::handler, list::DOC.apply())
                .post_with(approve::handler, approve::DOC.apply()),
        )
        .api_route("/v1/payout_runs/preview", get_with(preview::handler, preview::DOC.apply()))
        .api_route("/v1/payout_runs/{id}", get_with(get::handler, get::DOC.apply()))
        .api_route("/v1/payout_runs/{id}/sent", post_with(sent::handler, sent::DOC.apply()))
        .api_route("/v1/payout_runs/{id}/paid", post_with(paid::handler, paid::DOC.apply()))
        .api_route("/v1/payout_runs/{id}/cancel", post_with(cancel::handler, cancel::DOC.apply()))
        .api_route(
            "/v1/payout_runs/{id}/bank_file",
            get_with(bank_file::handler, bank_file::describe),
        )
        .api_route("/v1/payout_runs/{id}/table", get_with(table::handler, table::describe))
}
