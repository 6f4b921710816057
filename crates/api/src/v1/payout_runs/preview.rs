use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tributary_app::payout::{PreviewedLeftOut, PreviewedPayout, Rail, preview_run};
use tributary_kernel::{LocalDate, PartnerId, ProgramId};
use tributary_web::{Caller, Problem, QueryOf};

use crate::ApiState;
use crate::doc::Doc;
use crate::wire::MoneyOut;

const ERRORS: &[(u16, &str, &str)] =
    &[(404, "not_found", "You have no such program."), (422, "invalid", "A parameter is wrong.")];

pub(super) const DOC: Doc = Doc {
    id: "preview_payout_run",
    tag: "payouts",
    summary: "See what a payout run would pay",
    detail: "Everything approved in a program, and why the rest stays. Does nothing; approve it \
             with `seen`, which names exactly this run.",
    scope: Some("read"),
    errors: ERRORS,
};

/// Which run.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Query {
    /// Of which program.
    program: ProgramId,
    /// When the bank is asked to pay; left out: the program's next pay day.
    #[serde(default)]
    pay_on: Option<LocalDate>,
}

/// A run as it would be.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "PayoutRunPreview")]
pub(super) struct Preview {
    /// Of which program.
    program: ProgramId,
    /// When the bank is asked to pay.
    pay_on: LocalDate,
    /// Sum of the payouts.
    total: MoneyOut,
    /// Commissions in the payouts.
    commissions: usize,
    /// Who is paid.
    payouts: Vec<PayoutPreview>,
    /// Who is not, and why.
    left_out: Vec<LeftOut>,
    /// `bank_file` or `by_hand`.
    rail: &'static str,
    /// Whether the account that the money leaves is set; without it the run cannot be approved.
    payer_account_set: bool,
    /// Names exactly this run.
    seen: String,
}

/// One payout as it would be.
#[derive(Debug, Serialize, JsonSchema)]
struct PayoutPreview {
    /// To whom.
    partner: PartnerId,
    /// Their name.
    name: String,
    /// To which account, masked.
    account: String,
    /// How much the bank sends: with VAT, without what is withheld.
    total: MoneyOut,
    /// VAT in it.
    vat: MoneyOut,
    /// Withheld from it.
    withheld: MoneyOut,
    /// Whether you write its invoice.
    invoiced: bool,
    /// Owed back and settled.
    recovered: MoneyOut,
    /// Commissions in it.
    commissions: usize,
}

impl From<PreviewedPayout> for PayoutPreview {
    fn from(it: PreviewedPayout) -> Self {
        Self {
            partner: it.partner,
            name: it.name,
            account: it.shown,
            total: it.total.into(),
            vat: it.vat.into(),
            withheld: it.withheld.into(),
            invoiced: it.invoiced,
            recovered: it.recovered.into(),
            commissions: it.commissions,
        }
    }
}

/// Money that stays where it is.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "LeftOutOfRun")]
struct LeftOut {
    /// Whose.
    partner: PartnerId,
    /// Their name.
    name: String,
    /// How much; negative when more is owed back.
    total: MoneyOut,
    /// `below_threshold`, `no_bank_details`, `negative_balance`, ….
    reason: &'static str,
}

impl From<PreviewedLeftOut> for LeftOut {
    fn from(it: PreviewedLeftOut) -> Self {
        let (partner, name) = (it.partner, it.name);
        Self { partner, name, total: it.total.into(), reason: it.reason.code() }
    }
}

pub(super) async fn handler(
    State(state): State<ApiState>,
    caller: Caller,
    QueryOf(query): QueryOf<Query>,
) -> Result<Json<Preview>, Problem> {
    let (app, actor) = (state.app(), &caller.actor);
    let it = preview_run(app, actor, caller.owner, query.program, query.pay_on).await?;
    let (rail, payer_account_set) = match it.rail {
        Rail::BankFile { payer, .. } => ("bank_file", payer.is_some()),
        Rail::ByHand => ("by_hand", true),
    };
    Ok(Json(Preview {
        program: it.program,
        pay_on: it.pay_on,
        total: it.total.into(),
        commissions: it.commissions,
        payouts: it.payouts.into_iter().map(PayoutPreview::from).collect(),
        left_out: it.left_out.into_iter().map(LeftOut::from).collect(),
        rail,
        payer_account_set,
        seen: it.seen,
    }))
}
