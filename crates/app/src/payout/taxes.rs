//! What the payouts of a run carry besides commissions: VAT on top, tax withheld.

use std::collections::{BTreeMap, HashMap};

use tributary_directory::Partner;
use tributary_kernel::{LocalDate, PartnerId};
use tributary_money::{Currency, Money};
use tributary_payout::plan::{LeftOut, LeftOutReason, PlannedPayout, RunPreview};
use tributary_payout::tax::WithheldAmount;

use crate::AppError;
use crate::invoicing::{TaxDesk, Taxed};

/// What one payout carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Taxes {
    /// How it is invoiced for; none: no invoice is written.
    pub(super) invoiced: Option<Taxed>,
    /// VAT on it.
    pub(super) vat: Money,
    /// What is withheld from it.
    pub(super) withheld: Option<WithheldAmount>,
}

impl Taxes {
    /// What is withheld, zero where nothing is.
    pub(super) fn taken(&self, currency: Currency) -> Money {
        self.withheld.as_ref().map_or(Money::zero(currency), |it| it.amount)
    }
}

/// By partner; those whose payout carries nothing are not in it. Who cannot be judged is left out of
/// the plan, and so is one from whom all would be withheld.
pub(super) fn taxes_of(
    desk: &TaxDesk,
    partners: &HashMap<PartnerId, Partner>,
    plan: &mut RunPreview,
    pay_on: LocalDate,
) -> Result<BTreeMap<PartnerId, Taxes>, AppError> {
    let mut taxes = BTreeMap::new();
    let mut payouts = Vec::with_capacity(plan.payouts.len());
    for it in std::mem::take(&mut plan.payouts) {
        let partner = partners
            .get(&it.partner)
            .ok_or_else(|| AppError::Corrupt(format!("{} is missing", it.partner)))?;
        if let Some(block) = desk.block(partner) {
            plan.left_out.push(left_out(it, LeftOutReason::TaxDetails(block)));
            continue;
        }
        let found = carried(desk, &it, pay_on)?;
        let sent = sent(&it, found.as_ref())?;
        if sent.minor <= 0 {
            plan.left_out.push(left_out(it, LeftOutReason::NothingDue));
            continue;
        }
        taxes.extend(found.map(|found| (it.partner, found)));
        payouts.push(it);
    }
    plan.payouts = payouts;
    plan.left_out.sort_by_key(|it| it.partner);
    Ok(taxes)
}

fn left_out(it: PlannedPayout, reason: LeftOutReason) -> LeftOut {
    let PlannedPayout { partner, currency, lines, total, .. } = it;
    LeftOut { partner, currency, lines, total, reason }
}

/// What one payout carries; none: nothing.
fn carried(
    desk: &TaxDesk,
    it: &PlannedPayout,
    pay_on: LocalDate,
) -> Result<Option<Taxes>, AppError> {
    let wrong = |error: &dyn std::fmt::Display| {
        AppError::Corrupt(format!("tax on the payout of {}: {error}", it.partner))
    };
    let invoiced = desk.taxed(it.partner).and_then(|it| it.as_ref().ok()).cloned();
    let vat = match &invoiced {
        Some(taxed) => taxed.category.tax_on(it.total).map_err(|error| wrong(&error))?,
        None => Money::zero(it.currency),
    };
    let withheld = match desk.rules_for(it.partner) {
        Some((book, profile)) => {
            book.withhold(profile, pay_on, it.total).map_err(|error| wrong(&error))?
        }
        None => None,
    };
    let withheld = withheld.filter(|it| !it.amount.is_zero());
    let any = invoiced.is_some() || withheld.is_some();
    Ok(any.then_some(Taxes { invoiced, vat, withheld }))
}

/// What the bank sends for a payout.
pub(super) fn sent(it: &PlannedPayout, taxes: Option<&Taxes>) -> Result<Money, AppError> {
    let Some(taxes) = taxes else { return Ok(it.total) };
    let sent = it.total.checked_add(taxes.vat);
    let sent = sent.and_then(|sum| sum.checked_sub(taxes.taken(it.currency)));
    sent.map_err(|error| AppError::Corrupt(format!("payout of {}: {error}", it.partner)))
}
