use axum::Json;
use tributary_commission::plan_schema;
use tributary_web::Problem;

use crate::doc::Doc;

pub(super) const DOC: Doc = Doc {
    id: "get_plan_schema",
    tag: "plans",
    summary: "Get the schema of plans",
    detail: "The JSON Schema of a plan's document.",
    scope: None,
    errors: &[],
};

pub(super) async fn handler() -> Result<Json<serde_json::Value>, Problem> {
    Ok(Json(plan_schema().into()))
}
