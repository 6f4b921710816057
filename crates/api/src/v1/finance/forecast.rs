use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Serialize;
use tributary_app::month_end::cash_forecast_of;
use tributary_web::{Caller, Problem};

use crate::ApiState;
use crate::doc::Doc;
use crate::wire::MoneyOut;

pub(super) const DOC: Doc = Doc {
    id: "get_cash_forecast",
    tag: "finance",
    summary: "What you have to pay in the next 90 days",
    detail: "As things stand: payouts on their way, approved money on its program's next pay day, \
             pending money on the first pay day after its hold. Least amounts are not waited for.",
    scope: Some("read"),
    errors: &[],
};

/// What has to be paid, by currency.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "CashForecast")]
pub(super) struct Out {
    /// By currency.
    rows: Vec<RowOut>,
}

/// One currency.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "CashNeed")]
struct RowOut {
    /// Due today or before.
    due: MoneyOut,
    /// In 1 to 30 days.
    days_1_30: MoneyOut,
    /// In 31 to 60 days.
    days_31_60: MoneyOut,
    /// In 61 to 90 days.
    days_61_90: MoneyOut,
    /// Later.
    later: MoneyOut,
}

pub(super) async fn handler(
    State(state): State<ApiState>,
    caller: Caller,
) -> Result<Json<Out>, Problem> {
    let found = cash_forecast_of(state.app(), &caller.actor, caller.owner).await?;
    let rows = found.into_values().map(|it| RowOut {
        due: it.due.into(),
        days_1_30: it.in_30.into(),
        days_31_60: it.in_60.into(),
        days_61_90: it.in_90.into(),
        later: it.later.into(),
    });
    Ok(Json(Out { rows: rows.collect() }))
}
