use axum::Json;
use axum::extract::State;
use schemars::JsonSchema;
use serde::Serialize;
use tributary_app::payout::statement_of;
use tributary_kernel::{
    AdjustmentId, CommissionId, LocalDate, PartnerId, PayoutId, ProgramId, StatementId, Timestamp,
    TransferId,
};
use tributary_web::{Caller, PathOf, Problem};

use super::wire::PayoutPath;
use crate::ApiState;
use crate::doc::Doc;
use crate::wire::MoneyOut;

const ERRORS: &[(u16, &str, &str)] = &[(404, "not_found", "You have no such payout.")];

pub(super) const DOC: Doc = Doc {
    id: "get_statement",
    tag: "payouts",
    summary: "Get the statement of a payout",
    detail: "Every commission that it settles, line by line, with the ledger's transfers. Opening \
             + earned = paid + closing.",
    scope: Some("read"),
    errors: ERRORS,
};

/// The document that explains a payout.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Statement")]
pub(super) struct StatementOut {
    /// Its id.
    id: StatementId,
    /// The payout.
    payout: Option<PayoutId>,
    /// When it was made.
    issued_at: Timestamp,
    /// Who pays: name then.
    payer: String,
    /// Who is paid.
    partner: PartnerId,
    /// Their name then.
    payee: String,
    /// The account paid to, masked.
    account: Option<String>,
    /// First day.
    from: LocalDate,
    /// Last day.
    to: LocalDate,
    /// The time zone of the days.
    time_zone: String,
    /// Sum of the lines carried in.
    opening: MoneyOut,
    /// Sum of the period's own lines.
    earned: MoneyOut,
    /// What earlier payouts had paid and was taken back since: the negative lines carried in, as
    /// they lessen this payout. Part of `opening`.
    recovered: MoneyOut,
    /// What was paid for the lines, net of VAT.
    paid: MoneyOut,
    /// What the payout carried besides; null: nothing.
    tax: Option<StatementTaxOut>,
    /// What the bank sends: `paid`, with VAT and without what is withheld.
    sent: MoneyOut,
    /// What is carried on.
    closing: MoneyOut,
    /// One per commission.
    lines: Vec<LineOut>,
    /// Transfers in the ledger when it was made.
    ledger_size: u64,
    /// The root of the ledger's tree then, in hex.
    ledger_root: String,
}

/// What a payout carries besides commissions.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "StatementTax")]
struct StatementTaxOut {
    /// Number of the invoice that you wrote for the partner; null: you wrote none.
    invoice: Option<String>,
    /// VAT on what is paid.
    vat: MoneyOut,
    /// Withheld from it.
    withheld: MoneyOut,
}

/// One commission.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "StatementLine")]
struct LineOut {
    /// Which.
    commission: CommissionId,
    /// Your reference of the conversion, masked.
    conversion: String,
    /// Local day of the conversion.
    date: LocalDate,
    /// The program.
    program: ProgramId,
    /// The plan's rule.
    rule: String,
    /// What the rate was applied to; null for fixed amounts.
    base: Option<MoneyOut>,
    /// The rate, `"0.15"`; null for fixed amounts.
    rate: Option<String>,
    /// As first booked.
    earned: MoneyOut,
    /// Transfers that booked it.
    booked: Vec<TransferId>,
    /// What changed it since.
    adjustments: Vec<StatementAdjustmentOut>,
    /// What the line adds to the balance.
    amount: MoneyOut,
    /// Whether it belongs to an earlier period.
    carried_in: bool,
}

/// What changed a line.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "StatementAdjustment")]
struct StatementAdjustmentOut {
    /// What was reported, if it came from a report.
    adjustment: Option<AdjustmentId>,
    /// Coded reason.
    reason: String,
    /// Signed.
    amount: MoneyOut,
    /// The transfer that booked it.
    transfer: TransferId,
}

pub(super) async fn handler(
    State(state): State<ApiState>,
    caller: Caller,
    PathOf(path): PathOf<PayoutPath>,
) -> Result<Json<StatementOut>, Problem> {
    let it = statement_of(state.app(), &caller.actor, path.id).await?;
    let (recovered, sent) = (it.recovered(), it.sent());
    let lines = it.lines.into_iter().map(|line| LineOut {
        commission: line.commission,
        conversion: line.conversion,
        date: line.date,
        program: line.program,
        rule: line.rule,
        base: line.base.map(MoneyOut::from),
        rate: line.rate.map(|rate| rate.to_string()),
        earned: line.earned.into(),
        booked: line.booked,
        adjustments: line
            .adjustments
            .into_iter()
            .map(|it| StatementAdjustmentOut {
                adjustment: it.adjustment,
                reason: it.reason,
                amount: it.amount.into(),
                transfer: it.transfer,
            })
            .collect(),
        amount: line.amount.into(),
        carried_in: line.carried_in,
    });
    Ok(Json(StatementOut {
        id: it.statement,
        payout: it.payout,
        issued_at: it.issued_at,
        payer: it.payer.name,
        partner: it.payee.partner,
        payee: it.payee.name,
        account: it.payee.account,
        from: it.period.from,
        to: it.period.to,
        time_zone: it.period.zone,
        opening: it.opening.into(),
        earned: it.earned.into(),
        recovered: recovered.into(),
        paid: it.paid.into(),
        tax: it.tax.map(|tax| StatementTaxOut {
            invoice: tax.invoice,
            vat: tax.vat.into(),
            withheld: tax.withheld.into(),
        }),
        sent: sent.into(),
        closing: it.closing.into(),
        lines: lines.collect(),
        ledger_size: it.ledger.size,
        ledger_root: crate::hex::encode(&it.ledger.root.0),
    }))
}
