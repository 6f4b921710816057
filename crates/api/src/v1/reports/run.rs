use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tributary_app::report::{
    Dimension, Figures, Granularity, Measure, ReportFilter, ReportRequest, ReportRow, run_report,
};
use tributary_kernel::{FieldError, LinkId, LocalDate, PartnerId, ProgramId};
use tributary_money::Money;
use tributary_web::{Caller, Problem, QueryOf};

use crate::ApiState;
use crate::doc::Doc;
use crate::wire::{MoneyOut, refuse_if_any};

const ERRORS: &[(u16, &str, &str)] =
    &[(422, "invalid", "A parameter is wrong, or the answer would be too large.")];

pub(super) const DOC: Doc = Doc {
    id: "run_report",
    tag: "reports",
    summary: "Get numbers",
    detail: "Clicks, unique clicks, conversions, amounts and commissions between two days, divided \
             by what you ask for. Days are each program's own. Currencies are never summed: of \
             every row there is one per currency.",
    scope: Some("read"),
    errors: ERRORS,
};

/// What is asked for.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Query {
    /// First day.
    from: LocalDate,
    /// Last day.
    to: LocalDate,
    /// What to divide by, with commas: `program`, `partner`, `link`, `event`.
    #[serde(default)]
    by: Option<String>,
    /// `total`, `day` or `month`; usually `total`.
    #[serde(default)]
    granularity: Option<Granularity>,
    /// What to count, with commas: `clicks`, `unique_clicks`, `machine_clicks`, `conversions`,
    /// `amount`, `commission`; usually everything. What is not asked for is zero.
    #[serde(default)]
    measures: Option<String>,
    /// Of one program.
    #[serde(default)]
    program: Option<ProgramId>,
    /// Of one partner.
    #[serde(default)]
    partner: Option<PartnerId>,
    /// Through one link.
    #[serde(default)]
    link: Option<LinkId>,
    /// Of one type of conversion; clicks have the type `click`.
    #[serde(default)]
    event: Option<String>,
}

/// An answer.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Report")]
pub(super) struct ReportOut {
    /// By time, then by program, partner, link, type, currency.
    rows: Vec<RowOut>,
    /// The sum of the rows, one per currency.
    totals: Vec<RowOut>,
}

/// One row. Of what the report is divided by, null means nobody's, or through no link.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ReportRow")]
struct RowOut {
    /// The day, or the first of the month.
    period: Option<LocalDate>,
    /// The program.
    program: Option<ProgramId>,
    /// The partner.
    partner: Option<PartnerId>,
    /// The link.
    link: Option<LinkId>,
    /// The type of conversion.
    event: Option<String>,
    /// Clicks of people.
    clicks: i64,
    /// Of these, first of a visitor on a link that day.
    unique_clicks: i64,
    /// Clicks of machines.
    machine_clicks: i64,
    /// Conversions.
    conversions: i64,
    /// Gross amount of conversions.
    amount: MoneyOut,
    /// Commission by where it stands now.
    commission: CommissionOut,
}

/// Commission by where it stands now.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ReportCommission")]
struct CommissionOut {
    /// Waits for approval.
    pending: MoneyOut,
    /// Waits for a payout.
    approved: MoneyOut,
    /// In a payout on its way.
    payable: MoneyOut,
    /// Paid.
    paid: MoneyOut,
    /// Declined.
    declined: MoneyOut,
    /// All but the declined.
    earned: MoneyOut,
}

impl From<ReportRow> for RowOut {
    fn from(it: ReportRow) -> Self {
        let money = |minor| MoneyOut::from(Money::new(minor, it.currency));
        let Figures { clicks, unique_clicks, machine_clicks, conversions, amount, commission } =
            it.figures;
        let commission = CommissionOut {
            pending: money(commission.pending),
            approved: money(commission.approved),
            payable: money(commission.payable),
            paid: money(commission.paid),
            declined: money(commission.declined),
            earned: money(commission.earned()),
        };
        Self {
            period: it.period,
            program: it.program,
            partner: it.partner,
            link: it.link,
            event: it.event,
            clicks,
            unique_clicks,
            machine_clicks,
            conversions,
            amount: money(amount),
            commission,
        }
    }
}

/// Words with commas between them.
fn words<T: std::str::FromStr>(
    pointer: &'static str,
    text: Option<&str>,
    errors: &mut Vec<FieldError>,
) -> Vec<T>
where
    T::Err: std::fmt::Display,
{
    let mut found = Vec::new();
    let texts = text.unwrap_or_default().split(',').map(str::trim);
    for text in texts.filter(|text| !text.is_empty()) {
        match text.parse() {
            Ok(word) => found.push(word),
            Err(error) => {
                errors.push(FieldError::new(pointer, "unknown_value", format!("{error}.")));
            }
        }
    }
    found
}

pub(super) async fn handler(
    State(state): State<ApiState>,
    caller: Caller,
    QueryOf(query): QueryOf<Query>,
) -> Result<Json<ReportOut>, Problem> {
    let mut errors = Vec::new();
    let measures: Vec<Measure> = words("/measures", query.measures.as_deref(), &mut errors);
    let dimensions: Vec<Dimension> = words("/by", query.by.as_deref(), &mut errors);
    refuse_if_any(errors)?;
    let request = ReportRequest {
        measures,
        dimensions,
        granularity: query.granularity.unwrap_or(Granularity::Total),
        from: query.from,
        to: query.to,
        filter: ReportFilter {
            program: query.program,
            partner: query.partner,
            link: query.link,
            event: query.event,
        },
    };
    let report = run_report(state.app(), &caller.actor, &request).await?;
    Ok(Json(ReportOut {
        rows: report.rows.into_iter().map(RowOut::from).collect(),
        totals: report.totals.into_iter().map(RowOut::from).collect(),
    }))
}
