//! Reports: numbers from the rollups, and counts of what came in.

mod intake;
mod run;

use aide::axum::ApiRouter;
use aide::axum::routing::get_with;

use crate::ApiState;

pub(super) fn routes() -> ApiRouter<ApiState> {
    ApiRouter::new()
        .api_route("/v1/reports", get_with(run::handler, run::DOC.apply()))
        .api_route("/v1/intake", get_with(intake::handler, intake::DOC.apply()))
}
