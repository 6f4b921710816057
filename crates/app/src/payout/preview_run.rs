use tributary_directory::{Actor, Permission};
use tributary_kernel::{LocalDate, OrganisationId, PartnerId, PartnershipId, ProgramId};
use tributary_money::Money;
use tributary_payout::plan::LeftOutReason;

use super::payer_account::PayerAccountView;
use super::planned::{Planned, plan_in};
use crate::{App, AppError};

/// A run as it would be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreviewedRun {
    /// Of which program.
    pub program: ProgramId,
    /// Its name.
    pub program_name: String,
    /// When the bank is asked to pay.
    pub pay_on: LocalDate,
    /// Who is paid, by partner id.
    pub payouts: Vec<PreviewedPayout>,
    /// Who is not, by partner id.
    pub left_out: Vec<PreviewedLeftOut>,
    /// Sum of the payouts.
    pub total: Money,
    /// Commissions in the payouts.
    pub commissions: usize,
    /// How the money leaves.
    pub rail: Rail,
    /// Names exactly this run; approval asks for it, so that what is approved is what was seen.
    pub seen: String,
}

/// How a run's money leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rail {
    /// By a bank file.
    BankFile {
        /// Name of the profile.
        profile: &'static str,
        /// The account it is paid from; none: it must be set before the run can be approved.
        payer: Option<PayerAccountView>,
    },
    /// No bank file pays this currency: a person pays from the table of payouts.
    ByHand,
}

/// One payout as it would be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreviewedPayout {
    /// To whom.
    pub partner: PartnerId,
    /// Their partnership.
    pub partnership: Option<PartnershipId>,
    /// Their name.
    pub name: String,
    /// To which account, masked.
    pub shown: String,
    /// How much the bank sends, with VAT and without what is withheld.
    pub total: Money,
    /// Of that, VAT.
    pub vat: Money,
    /// Withheld from it.
    pub withheld: Money,
    /// Whether it gets an invoice that the owner writes.
    pub invoiced: bool,
    /// Owed back and settled, so that it is less than was earned.
    pub recovered: Money,
    /// Commissions in it.
    pub commissions: usize,
}

/// Money that stays where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreviewedLeftOut {
    /// Whose.
    pub partner: PartnerId,
    /// Their partnership.
    pub partnership: Option<PartnershipId>,
    /// Their name.
    pub name: String,
    /// How much; negative when more is owed back.
    pub total: Money,
    /// Why.
    pub reason: LeftOutReason,
}

/// Says what a run of everything approved in a program would pay, and why the rest stays. Without
/// `pay_on` it is the program's next pay day.
///
/// # Errors
/// Without the right to read; `range` at `/pay_on`.
pub async fn preview_run(
    app: &App,
    actor: &Actor,
    owner: OrganisationId,
    program: ProgramId,
    pay_on: Option<LocalDate>,
) -> Result<PreviewedRun, AppError> {
    actor.require(owner, Permission::Read)?;
    let mut conn = app.record.read().await?;
    let planned = plan_in(app, &mut *conn, owner, program, pay_on).await?;
    shown(&planned)
}

fn shown(planned: &Planned) -> Result<PreviewedRun, AppError> {
    let currency = planned.currency();
    let mut payouts = Vec::with_capacity(planned.plan.payouts.len());
    for it in &planned.plan.payouts {
        let recovered = planned.owed.get(&it.partner).map_or(0, |owed| owed.recovered);
        let taxes = planned.taxes.get(&it.partner);
        let zero = Money::zero(currency);
        payouts.push(PreviewedPayout {
            partner: it.partner,
            partnership: planned.partnerships.get(&it.partner).copied(),
            name: planned.partner(it.partner)?.name.clone(),
            shown: it.account.masked(),
            total: planned.sent(it)?,
            vat: taxes.map_or(zero, |taxes| taxes.vat),
            withheld: taxes.map_or(zero, |taxes| taxes.taken(currency)),
            invoiced: taxes.is_some_and(|taxes| taxes.invoiced.is_some()),
            recovered: Money::new(recovered, currency),
            commissions: it.lines.len(),
        });
    }
    let mut left_out = Vec::with_capacity(planned.plan.left_out.len());
    for it in &planned.plan.left_out {
        left_out.push(PreviewedLeftOut {
            partner: it.partner,
            partnership: planned.partnerships.get(&it.partner).copied(),
            name: planned.partner(it.partner)?.name.clone(),
            total: it.total,
            reason: it.reason,
        });
    }
    let payer = planned.payer.as_ref().map(|it| PayerAccountView::of(currency, it));
    Ok(PreviewedRun {
        program: planned.program.id,
        program_name: planned.program.terms.name.clone(),
        pay_on: planned.pay_on,
        commissions: payouts.iter().map(|it| it.commissions).sum(),
        payouts,
        left_out,
        total: planned.total()?,
        rail: planned
            .profile
            .map_or(Rail::ByHand, |profile| Rail::BankFile { profile: profile.name, payer }),
        seen: planned.seen.clone(),
    })
}
