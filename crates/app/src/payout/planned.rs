//! What a run would pay, with everything that paying it needs: the base of preview and approval.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

use tributary_directory::{Partner, Program, Viewer};
use tributary_kernel::{
    BankDetailId, FieldError, LocalDate, OrganisationId, PartnerId, PartnershipId, ProgramId,
    Refusal, Zone,
};
use tributary_money::{Currency, Money};
use tributary_payout::pain001::{BankProfile, profile_for};
use tributary_payout::payday::{Rhythm, banking_day_on_or_after, next_pay_date};
use tributary_payout::plan::{
    ApprovedLine, BankDetails, LeftOut, LeftOutReason, PartnerBalance, PlannedPayout,
    RUN_PAYOUTS_MAX, RunPreview, Thresholds, plan_payouts,
};
use tributary_store::engine::Connection;
use tributary_store::{organisation, partnership, payout, program};

use super::bank_details;
use super::form::Details;
use super::owed::{Owed, owed_in};
use super::payer_account::payer_in;
use super::taxes::{self, Taxes, taxes_of};
use crate::invoicing::TaxDesk;
use crate::{App, AppError};

/// How far ahead a bank may be asked to pay.
const PAY_AHEAD_DAYS_MAX: i32 = 60;

/// See the module.
#[derive(Debug)]
pub(super) struct Planned {
    pub(super) program: Program,
    pub(super) zone: Zone,
    pub(super) pay_on: LocalDate,
    /// How bank files of the currency are written; none: it is paid by hand.
    pub(super) profile: Option<&'static BankProfile>,
    pub(super) payer: Option<Details>,
    pub(super) owed: BTreeMap<PartnerId, Owed>,
    pub(super) plan: RunPreview,
    /// Details in use.
    pub(super) details: BTreeMap<PartnerId, (BankDetailId, Details)>,
    pub(super) partners: HashMap<PartnerId, Partner>,
    pub(super) partnerships: HashMap<PartnerId, PartnershipId>,
    /// What payouts carry besides commissions.
    pub(super) taxes: BTreeMap<PartnerId, Taxes>,
    /// Names exactly this: who is paid what for which commissions, to which account, when.
    pub(super) seen: String,
}

impl Planned {
    pub(super) const fn currency(&self) -> Currency {
        self.program.terms.currency
    }

    /// A partner's profile.
    pub(super) fn partner(&self, id: PartnerId) -> Result<&Partner, AppError> {
        self.partners.get(&id).ok_or_else(|| AppError::Corrupt(format!("{id} is missing")))
    }

    /// What the bank sends for a payout.
    pub(super) fn sent(&self, it: &PlannedPayout) -> Result<Money, AppError> {
        taxes::sent(it, self.taxes.get(&it.partner))
    }

    /// What the bank sends in all.
    pub(super) fn total(&self) -> Result<Money, AppError> {
        let mut total = Money::zero(self.currency());
        for it in &self.plan.payouts {
            total = total
                .checked_add(self.sent(it)?)
                .map_err(|error| AppError::Corrupt(format!("run: {error}")))?;
        }
        Ok(total)
    }
}

/// An owner's program with its zone.
pub(super) async fn program_in(
    conn: &mut dyn Connection,
    viewer: Viewer,
    id: ProgramId,
) -> Result<(Program, Zone), AppError> {
    let Some(program) = program::find(conn, viewer, id).await? else {
        return Err(Refusal::not_found("program").into());
    };
    let zone = Zone::named(&program.terms.time_zone)
        .map_err(|error| AppError::Corrupt(format!("{id}: {error}")))?;
    Ok((program, zone))
}

/// The rhythm that a program's terms state.
pub(crate) fn rhythm_of(program: &Program) -> Rhythm {
    Rhythm::Monthly { day: u8::try_from(program.terms.payout_day).unwrap_or(u8::MAX) }
}

/// Plans a run of everything approved in a program.
pub(super) async fn plan_in(
    app: &App,
    conn: &mut dyn Connection,
    owner: OrganisationId,
    id: ProgramId,
    pay_on: Option<LocalDate>,
) -> Result<Planned, AppError> {
    let (program, zone) = program_in(conn, Viewer::Owner(owner), id).await?;
    let pay_on = pay_day(app, &program, &zone, pay_on)?;
    let currency = program.terms.currency;
    let profile = profile_for(currency);
    let payer = payer_in(app, conn, owner, currency).await?;
    let owed = owed_in(conn, &program).await?;
    let ids: Vec<PartnerId> = owed.keys().copied().collect();
    let partners = organisation::partners(conn, &ids).await?;
    let keys: Vec<_> = ids.iter().map(|partner| (owner, id, *partner)).collect();
    let partnerships = partnership::by_partner(conn, &keys).await?;
    let mut found: BTreeMap<PartnerId, Vec<_>> = BTreeMap::new();
    for it in payout::bank_details(conn, &ids).await? {
        found.entry(it.partner).or_default().push(it);
    }
    let mut details = BTreeMap::new();
    let mut balances = Vec::with_capacity(owed.len());
    for (partner, owed) in &owed {
        let known = found.get(partner).map_or(&[][..], Vec::as_slice);
        let (bank, opened) = bank_details::usable(app, known)?;
        details.extend(opened.map(|opened| (*partner, opened)));
        balances.push(balance(*partner, currency, bank, owed));
    }
    let least = Thresholds::new([Money::new(program.terms.payout_minimum, currency)]);
    let mut plan = plan_payouts(&balances, &least)
        .map_err(|error| AppError::Corrupt(format!("run of {id}: {error}")))?;
    if profile.is_none() {
        pay_by_hand(&mut plan, &details);
    }
    let partners: HashMap<PartnerId, Partner> =
        partners.into_iter().map(|it| (it.id, it)).collect();
    let desk = TaxDesk::load(app, conn, owner, &ids).await?;
    let taxes = taxes_of(&desk, &partners, &mut plan, pay_on)?;
    let mut planned = Planned {
        program,
        zone,
        pay_on,
        profile,
        payer,
        owed,
        plan,
        details,
        partners,
        partnerships: partnerships.into_iter().map(|it| (it.partner, it.id)).collect(),
        taxes,
        seen: String::new(),
    };
    planned.seen = app.secrets.derive("payout_run_seen", &canonical(&planned));
    Ok(planned)
}

/// The next pay day, or the one asked for, moved to a banking day.
fn pay_day(
    app: &App,
    program: &Program,
    zone: &Zone,
    wanted: Option<LocalDate>,
) -> Result<LocalDate, AppError> {
    let today = zone.date(app.now());
    let Some(wanted) = wanted else {
        let next = next_pay_date(zone, rhythm_of(program), app.now(), None);
        return Ok(next.unwrap_or(today));
    };
    if wanted < today || wanted > today.plus_days(PAY_AHEAD_DAYS_MAX) {
        let detail = format!("Give a day from today to {PAY_AHEAD_DAYS_MAX} days ahead.");
        return Err(FieldError::new("/pay_on", "range", detail).into());
    }
    Ok(banking_day_on_or_after(wanted))
}

fn balance(
    partner: PartnerId,
    currency: Currency,
    bank: BankDetails,
    owed: &Owed,
) -> PartnerBalance {
    let lines = owed.lines.iter().map(|(commission, line)| ApprovedLine {
        commission: *commission,
        amount: Money::new(line.amount, currency),
        test: false,
    });
    PartnerBalance { partner, currency, bank, lines: lines.collect() }
}

/// In a currency without bank files no account can be reached by one; there a person pays from the
/// table, to whatever account it is. Everything else was in order with those left out for that.
fn pay_by_hand(plan: &mut RunPreview, details: &BTreeMap<PartnerId, (BankDetailId, Details)>) {
    let mut left_out = Vec::new();
    for it in std::mem::take(&mut plan.left_out) {
        let account = details.get(&it.partner).map(|(_, details)| details.account.clone());
        match account {
            Some(account)
                if it.reason == LeftOutReason::AccountCannotReceive
                    && plan.payouts.len() < RUN_PAYOUTS_MAX =>
            {
                let (partner, currency) = (it.partner, it.currency);
                let (lines, total) = (it.lines, it.total);
                plan.payouts.push(PlannedPayout { partner, currency, lines, total, account });
            }
            Some(_) if it.reason == LeftOutReason::AccountCannotReceive => {
                left_out.push(LeftOut { reason: LeftOutReason::RunFull, ..it });
            }
            _ => left_out.push(it),
        }
    }
    plan.left_out = left_out;
}

/// What is named by [`Planned::seen`], one fact a line.
fn canonical(planned: &Planned) -> String {
    let mut text = format!("1\n{}\n{}\n", planned.program.id, planned.pay_on);
    let write = "a string takes everything";
    for it in &planned.plan.payouts {
        writeln!(text, "{} {} {}", it.partner, it.total, it.account).expect(write);
        for (commission, amount) in &it.lines {
            writeln!(text, "{commission} {}", amount.minor).expect(write);
        }
        if let Some(taxes) = planned.taxes.get(&it.partner) {
            let code = taxes.invoiced.as_ref().map_or("-", |taxed| taxed.category.code());
            let taken = taxes.taken(planned.currency());
            writeln!(text, "tax {code} {} {}", taxes.vat.minor, taken.minor).expect(write);
        }
    }
    if let Some(payer) = &planned.payer {
        writeln!(text, "from {}", payer.account).expect(write);
    }
    text
}
