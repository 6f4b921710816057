//! Missing sales: what is known of an order, a mail address or a code.

mod ask;

use aide::axum::ApiRouter;
use aide::axum::routing::post_with;

use crate::ApiState;

pub(super) fn routes() -> ApiRouter<ApiState> {
    ApiRouter::new().api_route("/v1/missing_sales", post_with(ask::handler, ask::DOC.apply()))
}
