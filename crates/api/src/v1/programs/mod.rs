//! Programs: an advertiser's offers.

mod change;
mod create;
mod get;
mod go_live;
mod list;
mod wire;

use aide::axum::ApiRouter;
use aide::axum::routing::{get_with, post_with};

pub(crate) use wire::ProgramPath;

use crate::ApiState;

pub(super) fn routes() -> ApiRouter<ApiState> {
    ApiRouter::new()
        .api_route(
            "/v1/programs",
            get_with(list::handler, list::DOC.apply())
                .post_with(create::handler, create::DOC.apply()),
        )
        .api_route(
            "/v1/programs/{id}",
            get_with(get::handler, get::DOC.apply())
                .patch_with(change::handler, change::DOC.apply()),
        )
        .api_route("/v1/programs/{id}/go_live", post_with(go_live::handler, go_live::DOC.apply()))
}
