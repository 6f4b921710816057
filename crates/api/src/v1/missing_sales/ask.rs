use axum::Json;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tributary_app::conversion::ConversionStatus;
use tributary_app::missing::{
    AskSale, Clue, CodeKind, FoundCode, FoundSale, FoundWaiting, SaleAnswer, Searched, Standing,
    ask_for_sale,
};
use tributary_directory::Permission;
use tributary_kernel::{
    ConversionId, FieldError, LocalDate, PartnershipId, ProgramId, QuarantineId, Timestamp,
};
use tributary_web::{Caller, JsonBody, Problem};

use crate::Once;
use crate::doc::Doc;
use crate::v1::explained_touch::ExplainedTouchOut;
use crate::v1::explanation::{ExplainedOut, WhyNothingOut};
use crate::wire::MoneyOut;

const ERRORS: &[(u16, &str, &str)] = &[
    (404, "not_found", "You have no such program."),
    (422, "invalid", "Send exactly one of `order_id`, `email` and `code`; `errors` says more."),
];

pub(super) const DOC: Doc = Doc {
    id: "ask_for_sale",
    tag: "missing_sales",
    summary: "Ask after a missing sale",
    detail: "What is known of an order, of a customer's mail address or of a code: conversions \
             with the verdict of every touch, facts that wait in quarantine, and when each program \
             last heard of anything. Nothing found means: not reported, or refused when it was. A \
             mail address is looked up by its keyed hash and kept nowhere.",
    scope: Some("read"),
    errors: ERRORS,
};

/// What you know of the sale: one of the three.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "MissingSaleQuestion")]
pub(super) struct Body {
    /// In one program; left out: in all.
    #[serde(default)]
    program: Option<ProgramId>,
    /// The order, invoice or lead id.
    #[serde(default)]
    order_id: Option<String>,
    /// The customer's mail address; finds what was reported with `customer_email`.
    #[serde(default)]
    email: Option<String>,
    /// The code that was used.
    #[serde(default)]
    code: Option<String>,
}

/// What is known.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "MissingSaleAnswer")]
pub(super) struct AnswerOut {
    /// Conversions.
    sales: Vec<SaleOut>,
    /// Facts that wait for a person, or were put away by one.
    waiting: Vec<WaitingOut>,
    /// What the code is.
    codes: Vec<CodeOut>,
    /// The programs that were looked through.
    searched: Vec<SearchedOut>,
}

/// A conversion.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "FoundSale")]
struct SaleOut {
    /// Which.
    conversion: ConversionId,
    /// Of which program.
    program: ProgramId,
    /// `sale`, `lead`, … or the program's own word.
    #[serde(rename = "type")]
    kind: String,
    /// The order.
    order_id: String,
    /// When it happened.
    occurred_at: Timestamp,
    /// When it was reported.
    received_at: Timestamp,
    /// Where it stands.
    status: ConversionStatus,
    /// Gross amount.
    amount: Option<MoneyOut>,
    /// Who was credited: `yours` (partners), `channel`, `nobody`, `held`.
    standing: Standing,
    /// Every touch and its verdict, oldest first.
    touches: Vec<ExplainedTouchOut>,
    /// Its commissions.
    commissions: Vec<ExplainedOut>,
    /// Why it pays nothing, when it does not.
    nothing: Option<WhyNothingOut>,
    /// Whether it is of test mode.
    test: bool,
}

/// A fact in quarantine.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "FoundInQuarantine")]
struct WaitingOut {
    /// Its id.
    quarantine: QuarantineId,
    /// For which program.
    program: ProgramId,
    /// When it came.
    received_at: Timestamp,
    /// Why it waits: `conflict`, `occurred_in_the_future`, `occurred_too_long_ago`.
    reason: String,
    /// Whether a person has put it away.
    dismissed: bool,
}

/// What a code is in one program.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "FoundCode")]
struct CodeOut {
    /// Which program; null: in none.
    program: Option<ProgramId>,
    /// What it is.
    kind: CodeKind,
    /// Whose.
    partnership: Option<PartnershipId>,
    /// From when it earns.
    valid_from: Option<Timestamp>,
    /// Until when.
    valid_until: Option<Timestamp>,
}

/// A program that was looked through.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "SearchedProgram")]
struct SearchedOut {
    /// Which.
    program: ProgramId,
    /// The newest day on which something was reported to have happened; null: never.
    last_on: Option<LocalDate>,
}

impl From<FoundSale> for SaleOut {
    fn from(it: FoundSale) -> Self {
        Self {
            conversion: it.conversion,
            program: it.program,
            kind: it.kind,
            order_id: it.reference,
            occurred_at: it.occurred_at,
            received_at: it.received_at,
            status: it.status,
            amount: it.amount.map(MoneyOut::from),
            standing: it.standing,
            touches: it.touches.into_iter().map(ExplainedTouchOut::from).collect(),
            commissions: it.commissions.into_iter().map(ExplainedOut::from).collect(),
            nothing: it.nothing.map(WhyNothingOut::from),
            test: it.test,
        }
    }
}

impl From<FoundWaiting> for WaitingOut {
    fn from(it: FoundWaiting) -> Self {
        Self {
            quarantine: it.id,
            program: it.program,
            received_at: it.received_at,
            reason: it.reason,
            dismissed: it.dismissed,
        }
    }
}

impl From<FoundCode> for CodeOut {
    fn from(it: FoundCode) -> Self {
        Self {
            program: it.program,
            kind: it.kind,
            partnership: it.partnership,
            valid_from: it.valid_from,
            valid_until: it.valid_until,
        }
    }
}

impl From<Searched> for SearchedOut {
    fn from(it: Searched) -> Self {
        Self { program: it.program, last_on: it.last_on }
    }
}

impl From<SaleAnswer> for AnswerOut {
    fn from(it: SaleAnswer) -> Self {
        Self {
            sales: it.sales.into_iter().map(SaleOut::from).collect(),
            waiting: it.waiting.into_iter().map(WaitingOut::from).collect(),
            codes: it.codes.into_iter().map(CodeOut::from).collect(),
            searched: it.searched.into_iter().map(SearchedOut::from).collect(),
        }
    }
}

pub(super) async fn handler(
    Once(state): Once,
    caller: Caller,
    JsonBody(body): JsonBody<Body>,
) -> Result<Json<AnswerOut>, Problem> {
    caller.require(Permission::Read)?;
    let clue = match (body.order_id, body.email, body.code) {
        (Some(order), None, None) => Clue::Order(order),
        (None, Some(mail), None) => Clue::Mail(mail),
        (None, None, Some(code)) => Clue::Code(code),
        _ => {
            let detail = "Send exactly one of order_id, email and code.";
            return Err(FieldError::new("", "one_clue", detail).into());
        }
    };
    let input = AskSale { program: body.program, clue };
    Ok(Json(ask_for_sale(state.app(), &caller.actor, &input).await?.into()))
}
