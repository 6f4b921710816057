//! Payouts against their statements and their transfers.

use tributary_directory::Viewer;
use tributary_kernel::{OrganisationId, PayoutId};
use tributary_payout::statement::{Statement, StatementTax};
use tributary_store::engine::Connection;
use tributary_store::list::PageRequest;
use tributary_store::payout::{self, PayoutFilter, PayoutState, StoredPayout};

use super::VerifyReport;
use super::claims::Claims;
use super::subjects::About;
use crate::AppError;

/// What the ledger must say of a payout.
#[derive(Debug, Clone)]
pub(super) struct Expected {
    pub(super) id: PayoutId,
    pub(super) amount: i64,
    pub(super) state: PayoutState,
    /// What its statement says of VAT and tax; none without an invoice.
    pub(super) tax: Option<StatementTax>,
    /// Net of VAT, as its statement says.
    pub(super) net: i64,
}

impl Expected {
    /// Of which payout.
    pub(super) const fn id(&self) -> PayoutId {
        self.id
    }
}

/// Checks statements; what they say of the tree becomes claims.
pub(super) async fn claim(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    claims: &mut Claims,
    report: &mut VerifyReport,
) -> Result<Vec<Expected>, AppError> {
    let mut expected = Vec::new();
    let mut page = PageRequest { limit: u32::MAX, after: None };
    loop {
        let viewer = Viewer::Owner(owner);
        let found = payout::list_payouts(conn, viewer, &PayoutFilter::default(), page).await?;
        for it in &found.items {
            report.payouts += 1;
            let mut of = Expected {
                id: it.id,
                amount: it.amount.minor,
                state: it.state,
                tax: None,
                net: it.amount.minor,
            };
            match Statement::from_bytes(it.statement.as_bytes()) {
                Ok(statement) => {
                    of.net = statement.paid.minor;
                    of.tax.clone_from(&statement.tax);
                    let claim = statement.ledger;
                    claims.add(claim.size, claim.root.0, "statement", it.id.to_string());
                    if let Some(detail) = differs(it, &statement) {
                        report.find("statement", it.id, detail);
                    }
                }
                Err(error) => report.find("statement", it.id, error.to_string()),
            }
            expected.push(of);
        }
        match found.next {
            Some(next) => page.after = Some(next),
            None => return Ok(expected),
        }
    }
}

fn differs(it: &StoredPayout, statement: &Statement) -> Option<String> {
    let lines: i128 = statement.lines.iter().map(|line| i128::from(line.amount.minor)).sum();
    if lines != i128::from(statement.paid.minor) || statement.sent() != it.amount {
        let minor = it.amount.minor;
        return Some(format!("its lines sum to {lines}, the payout is of {minor}"));
    }
    let same = statement.payout == Some(it.id)
        && statement.payer.organisation == it.owner
        && statement.payee.partner == it.partner;
    (!same).then(|| "it is of another payout, owner or partner".to_owned())
}

/// Holds a payout against the transfers about it.
pub(super) fn check(it: &Expected, about: About, report: &mut VerifyReport) {
    let About { payable, paid, vat, withheld, .. } = about;
    let on_its_way = (-it.amount, 0);
    let sent = (0, -it.amount);
    let fits = match it.state {
        PayoutState::Approved => (payable, paid) == on_its_way,
        PayoutState::Sent => [on_its_way, sent].contains(&(payable, paid)),
        PayoutState::Paid => (payable, paid) == sent,
        PayoutState::Returned => [on_its_way, (0, 0)].contains(&(payable, paid)),
        PayoutState::Cancelled => (payable, paid) == (0, 0),
    };
    if !fits {
        let detail = format!(
            "it is {} with {}; its transfers leave {payable} payable and {paid} paid",
            it.state, it.amount
        );
        report.find("payout", it.id, detail);
    }
    let (stated, taken) = it.tax.as_ref().map_or((0, 0), |it| (it.vat.minor, it.withheld.minor));
    let holds = match (payable, paid) {
        // Nothing is left of it.
        (0, 0) => (vat, withheld) == (0, 0),
        _ => (vat, withheld) == (stated, -taken),
    };
    if !holds {
        let detail = format!(
            "its statement has {stated} of VAT and {taken} withheld; its transfers {vat} and {}",
            withheld.saturating_neg()
        );
        report.find("payout", it.id, detail);
    }
}
