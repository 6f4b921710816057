use std::collections::HashMap;

use tributary_directory::{Actor, Permission};
use tributary_kernel::{BankDetailId, OrganisationId, PartnerId, PayoutRunId, Refusal};
use tributary_payout::csv::{PayoutRow, payouts_csv};
use tributary_store::payout::{self, PayoutState};

use super::bank_details::PURPOSE;
use super::form::Details;
use super::read::parsed;
use crate::{App, AppError};

/// The payouts of a run as CSV with whole account numbers: for currencies without a bank file, and
/// for books. Cancelled and returned ones are left out. Every fetch stands in the audit trail.
///
/// # Errors
/// Without the right to pay; not found.
pub async fn payouts_table(
    app: &App,
    actor: &Actor,
    owner: OrganisationId,
    run: PayoutRunId,
) -> Result<Vec<u8>, AppError> {
    actor.require(owner, Permission::Pay)?;
    let mut tx = app.record.begin().await?;
    let Some(of) = payout::find_run(&mut *tx, owner, run).await? else {
        return Err(Refusal::not_found("payout run").into());
    };
    let mut payouts = payout::payouts_of_run(&mut *tx, owner, run).await?;
    payouts.retain(|it| !matches!(it.state, PayoutState::Cancelled | PayoutState::Returned));
    let ids: Vec<(PartnerId, BankDetailId)> =
        payouts.iter().map(|it| (it.partner, it.bank_detail)).collect();
    let mut details: HashMap<BankDetailId, Details> = HashMap::new();
    for it in payout::bank_details_by_id(&mut *tx, &ids).await? {
        details.insert(it.id, Details::open(app, PURPOSE, &it.sealed)?);
    }
    let mut rows = Vec::with_capacity(payouts.len());
    for it in &payouts {
        let details = details
            .get(&it.bank_detail)
            .ok_or_else(|| AppError::Corrupt(format!("bank details of {} are missing", it.id)))?;
        rows.push(PayoutRow {
            run,
            payout: it.id,
            execution_date: of.pay_on,
            partner: it.partner,
            payee: details.party.name.clone(),
            account: details.account.clone(),
            amount: it.amount,
            lines: parsed(it)?.lines.len(),
        });
    }
    let detail = serde_json::json!({ "payouts": rows.len() });
    app.audit_in(&mut *tx, owner, actor, "payouts_table.fetched", run, &detail).await?;
    tx.commit().await?;
    Ok(payouts_csv(&rows))
}
