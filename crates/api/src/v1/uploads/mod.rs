//! Files with rows: sent, looked at, recorded.

mod cancel;
mod commit;
mod get;
mod list;
mod map;
mod receive;
mod rows;

mod table;
mod wire;

use aide::axum::ApiRouter;
use aide::axum::routing::{get_with, post_with, put_with};

use crate::ApiState;

pub(super) fn routes() -> ApiRouter<ApiState> {
    ApiRouter::new()
        .api_route(
            "/v1/programs/{id}/uploads",
            get_with(list::handler, list::DOC.apply())
                .post_with(receive::handler, receive::describe),
        )
        .api_route("/v1/programs/{id}/uploads/{upload}", get_with(get::handler, get::DOC.apply()))
        .api_route(
            "/v1/programs/{id}/uploads/{upload}/mapping",
            put_with(map::handler, map::DOC.apply()),
        )
        .api_route(
            "/v1/programs/{id}/uploads/{upload}/commit",
            post_with(commit::handler, commit::DOC.apply()),
        )
        .api_route(
            "/v1/programs/{id}/uploads/{upload}/cancel",
            post_with(cancel::handler, cancel::DOC.apply()),
        )
        .api_route(
            "/v1/programs/{id}/uploads/{upload}/rows",
            get_with(rows::handler, rows::DOC.apply()),
        )
        .api_route(
            "/v1/programs/{id}/uploads/{upload}/table",
            get_with(table::handler, table::describe),
        )
}
