//! Plans: the versions of a program's agreement.

mod diff;
mod list;
mod publish;
mod schema;
mod simulate;
mod wire;

use aide::axum::ApiRouter;
use aide::axum::routing::{get_with, post_with};

use crate::ApiState;

pub(super) fn routes() -> ApiRouter<ApiState> {
    ApiRouter::new()
        .api_route(
            "/v1/programs/{id}/plans",
            get_with(list::handler, list::DOC.apply())
                .post_with(publish::handler, publish::DOC.apply()),
        )
        .api_route(
            "/v1/programs/{id}/simulations",
            post_with(simulate::handler, simulate::DOC.apply()),
        )
        .api_route("/v1/plans/{id}/diff", get_with(diff::handler, diff::DOC.apply()))
        .api_route("/v1/plan_schema", get_with(schema::handler, schema::DOC.apply()))
}
