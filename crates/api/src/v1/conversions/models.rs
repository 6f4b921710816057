use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Serialize;
use tributary_app::explain::compare_models;
use tributary_attribution::Model;
use tributary_web::{Caller, PathOf, Problem};

use super::wire::ConversionPath;
use crate::ApiState;
use crate::doc::Doc;

const ERRORS: &[(u16, &str, &str)] = &[(404, "not_found", "You have no such conversion.")];

pub(super) const DOC: Doc = Doc {
    id: "compare_models",
    tag: "conversions",
    summary: "Compare what every model gives a conversion",
    detail: "On the touches and settings of its decision. Nothing is decided by this.",
    scope: Some("read"),
    errors: ERRORS,
};

/// What every model gives.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ModelList {
    /// One entry per model.
    items: Vec<ModelOut>,
}

/// What one model gives.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ModelCredit")]
struct ModelOut {
    /// Which model.
    model: Model,
    /// Whether the conversion was decided by it.
    decided: bool,
    /// Who has a share.
    shares: Vec<ShareOut>,
}

/// A share.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ModelShare")]
struct ShareOut {
    /// `pship_…` or a channel, which nobody is paid for.
    key: String,
    /// Parts of 1,000,000,000.
    share: u32,
}

pub(super) async fn handler(
    State(state): State<ApiState>,
    caller: Caller,
    PathOf(path): PathOf<ConversionPath>,
) -> Result<Json<ModelList>, Problem> {
    let found = compare_models(state.app(), &caller.actor, path.id).await?;
    let items = found.into_iter().map(|it| ModelOut {
        model: it.model,
        decided: it.decided,
        shares: it
            .shares
            .into_iter()
            .map(|(key, share)| ShareOut { key: key.to_string(), share: share.get() })
            .collect(),
    });
    Ok(Json(ModelList { items: items.collect() }))
}
