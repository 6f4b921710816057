use aide::OperationInput;
use aide::generate::GenContext;
use aide::openapi::Operation;
use axum::extract::{FromRequestParts, Path};
use http::request::Parts;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use tributary_kernel::Refusal;

use crate::Problem;

/// The ids in a path. What is no id names nothing: 404, as for an id that nothing has.
#[derive(Debug, Clone)]
pub struct PathOf<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for PathOf<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Path::<T>::from_request_parts(parts, state).await {
            Ok(Path(ids)) => Ok(Self(ids)),
            Err(_) => Err(Refusal::not_found("thing").into()),
        }
    }
}

impl<T: JsonSchema> OperationInput for PathOf<T> {
    fn operation_input(ctx: &mut GenContext, operation: &mut Operation) {
        <Path<T> as OperationInput>::operation_input(ctx, operation);
    }
}
