use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tributary_app::month_end::{LiabilityRow, OwedState, liability_of};
use tributary_kernel::LocalDate;
use tributary_web::{Caller, Problem, QueryOf};

use crate::ApiState;
use crate::doc::Doc;
use crate::wire::MoneyOut;

const ERRORS: &[(u16, &str, &str)] = &[(422, "invalid", "A parameter is wrong.")];

pub(super) const DOC: Doc = Doc {
    id: "get_liability",
    tag: "finance",
    summary: "What you owe your partners on a day",
    detail: "At the end of the day, by currency and state, and how old it is. Summed from the \
             whole ledger.",
    scope: Some("read"),
    errors: ERRORS,
};

/// On which day.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Query {
    /// The day; left out: today.
    #[serde(default)]
    as_of: Option<LocalDate>,
}

/// What is owed.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Liability")]
pub(super) struct Out {
    /// At the end of which day.
    as_of: LocalDate,
    /// The last closed day.
    closed_through: Option<LocalDate>,
    /// By currency and state.
    rows: Vec<RowOut>,
}

/// One currency and state.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "LiabilityRow")]
struct RowOut {
    /// `pending`, `approved`, `payable`, or `clawback`, which is owed back and below zero.
    state: OwedState,
    /// All together.
    total: MoneyOut,
    /// Of it, earned 0 to 30 days before.
    days_0_30: MoneyOut,
    /// 31 to 60 days before.
    days_31_60: MoneyOut,
    /// 61 to 90 days before.
    days_61_90: MoneyOut,
    /// Earlier.
    older: MoneyOut,
}

impl From<LiabilityRow> for RowOut {
    fn from(it: LiabilityRow) -> Self {
        let [a, b, c, d] = it.aged.by_age;
        Self {
            state: it.state,
            total: it.aged.total.into(),
            days_0_30: a.into(),
            days_31_60: b.into(),
            days_61_90: c.into(),
            older: d.into(),
        }
    }
}

pub(super) async fn handler(
    State(state): State<ApiState>,
    caller: Caller,
    QueryOf(query): QueryOf<Query>,
) -> Result<Json<Out>, Problem> {
    let it = liability_of(state.app(), &caller.actor, caller.owner, query.as_of).await?;
    Ok(Json(Out {
        as_of: it.as_of,
        closed_through: it.closed_through,
        rows: it.rows.into_iter().map(RowOut::from).collect(),
    }))
}
