//! What shops and networks call by address alone: the postback and the image.
//!
//! Both take the fields of a conversion as parameters, with either `token`, a key that can do
//! nothing else, or a signature by any reporting key. Neither has a delivery key: the order is one
//! fact for ever, so that calling twice does no harm.

mod billing_hook;
pub mod fuzz;
mod image;
mod parameters;
mod postback;
mod signature;

use aide::axum::ApiRouter;
use aide::axum::routing::get_with;

use crate::ApiState;

pub(crate) use signature::signature;

pub(crate) fn routes() -> ApiRouter<ApiState> {
    ApiRouter::new()
        .api_route("/postback", get_with(postback::handler, postback::DOC.apply()))
        .api_route("/p.gif", get_with(image::handler, image::describe))
}

/// Routes that the document does not tell of.
pub(crate) fn hooks() -> axum::Router<ApiState> {
    billing_hook::routes()
}
