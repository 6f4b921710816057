use aide::transform::TransformOperation;
use axum::extract::State;
use axum::response::Response;
use schemars::JsonSchema;
use serde::Deserialize;
use tributary_app::month_end::{ExportFormat, ExportVouchers, export_vouchers};
use tributary_kernel::LocalDate;
use tributary_web::{Caller, Problem, QueryOf};

use crate::ApiState;
use crate::doc::{Doc, answers_file};
use crate::wire::{currency, download, refuse_if_any};

const ERRORS: &[(u16, &str, &str)] = &[(
    422,
    "invalid",
    "A parameter is wrong, a SIE file would be of several currencies (`currency_needed`) or of two \
     fiscal years (`fiscal_year`).",
)];

const DOC: Doc = Doc {
    id: "get_vouchers",
    tag: "finance",
    summary: "Get vouchers for book-keeping",
    detail: "One per day, currency, program and kind of event, balanced. A closed period gives the \
             same vouchers for ever.",
    scope: Some("read"),
    errors: ERRORS,
};

pub(super) fn describe(operation: TransformOperation<'_>) -> TransformOperation<'_> {
    answers_file(DOC.apply()(operation), "text/csv", "The file.")
}

/// Which vouchers.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Query {
    /// First day.
    from: LocalDate,
    /// Last day; at most 366 days.
    through: LocalDate,
    /// `csv` or `sie` (SIE 4, import file); usually `csv`.
    #[serde(default)]
    format: Option<ExportFormat>,
    /// In which currency alone, ISO 4217.
    #[serde(default)]
    currency: Option<String>,
    /// In which language vouchers say what they are: `en`, `da`, `sv`, `id`.
    #[serde(default)]
    language: Option<String>,
}

pub(super) async fn handler(
    State(state): State<ApiState>,
    caller: Caller,
    QueryOf(query): QueryOf<Query>,
) -> Result<Response, Problem> {
    let mut errors = Vec::new();
    let in_currency =
        query.currency.as_deref().and_then(|code| currency("/currency", code, &mut errors));
    refuse_if_any(errors)?;
    let input = ExportVouchers {
        owner: caller.owner,
        from: query.from,
        through: query.through,
        format: query.format.unwrap_or(ExportFormat::Csv),
        currency: in_currency,
        language: query.language,
    };
    let it = export_vouchers(state.app(), &caller.actor, input).await?;
    Ok(download(it.media_type, &it.name, it.content))
}
