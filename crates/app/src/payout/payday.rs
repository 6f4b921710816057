use tributary_directory::{Actor, Program, Viewer};
use tributary_kernel::{LocalDate, PartnerId, ProgramId, Refusal, Timestamp, Zone};
use tributary_ledger::AccountKind;
use tributary_money::Money;
use tributary_payout::payday::next_pay_date;
use tributary_payout::plan::{BankDetails, HeldReason};
use tributary_store::engine::Connection;
use tributary_store::{ledger, organisation, payout};

use super::bank_details;
use super::planned::{program_in, rhythm_of};
use crate::invoicing::TaxDesk;
use crate::{App, AppError};

/// Days of holds that are told apart; those after them are summed with the last one.
const DUE_DAYS_MAX: u32 = 400;

/// What a partner can expect of a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payday {
    /// Of which program.
    pub program: ProgramId,
    /// Its name.
    pub program_name: String,
    /// The next pay day, in the program's zone.
    pub pay_on: LocalDate,
    /// What is paid then, as things stand; zero when nothing is.
    pub amount: Money,
    /// Everything else, by what it waits for.
    pub waiting: Vec<Waiting>,
}

/// Money that is not there yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// How much; negative only of what is owed back.
    pub amount: Money,
    /// Commissions in it, where they are counted.
    pub commissions: Option<i64>,
    /// For what.
    pub waits_for: WaitsFor,
}

/// What an amount waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WaitsFor {
    /// The end of its hold, and then by the program's terms for nobody.
    Hold {
        /// When it ends.
        until: Timestamp,
    },
    /// The end of its hold, and then the manager's approval.
    HoldAndApproval {
        /// When it ends.
        until: Timestamp,
    },
    /// The manager's approval: the hold is over.
    Approval,
    /// More, to be worth a payment.
    Threshold {
        /// What it must reach.
        least: Money,
    },
    /// Earnings that cover what is owed back.
    Clawback,
    /// Bank details.
    BankDetails,
    /// A second look at the bank details.
    SecondLook,
    /// Tax details with which an invoice can be written.
    TaxDetails,
    /// The bank: it is in a payout.
    Bank,
}

/// The next pay day of a program for a partner, what is paid then, and what all else waits for.
///
/// # Errors
/// Not found unless the actor works for a partner of the program.
pub async fn next_payday(app: &App, actor: &Actor, program: ProgramId) -> Result<Payday, AppError> {
    let Actor::Partner { partner, .. } = actor else {
        return Err(Refusal::not_found("program").into());
    };
    let mut conn = app.record.read().await?;
    let (program, zone) = program_in(&mut *conn, Viewer::Partner(*partner), program).await?;
    let layers = layers_of(&mut *conn, &program, *partner).await?;
    let found = payout::bank_details(&mut *conn, &[*partner]).await?;
    let (bank, _) = bank_details::usable(app, &found)?;
    let mut waiting = pending_of(app, &mut *conn, &program, *partner).await?;
    let mut blocked = blocked_by(&program, &layers, &bank);
    if blocked.is_none() {
        let desk = TaxDesk::load(app, &mut *conn, program.owner, &[*partner]).await?;
        let own = organisation::partners(&mut *conn, &[*partner]).await?.into_iter().next();
        blocked = own.and_then(|own| desk.block(&own)).map(|_| WaitsFor::TaxDetails);
    }
    let net = layers.net();
    if net.minor != 0
        && let Some(waits_for) = blocked
    {
        waiting.push(Waiting { amount: net, commissions: None, waits_for });
    }
    if !layers.payable.is_zero() {
        let waits_for = WaitsFor::Bank;
        waiting.push(Waiting { amount: layers.payable, commissions: None, waits_for });
    }
    let amount = if blocked.is_none() { net } else { Money::zero(net.currency) };
    Ok(Payday {
        program: program.id,
        program_name: program.terms.name.clone(),
        pay_on: pay_on(app, &program, &zone),
        amount,
        waiting,
    })
}

fn pay_on(app: &App, program: &Program, zone: &Zone) -> LocalDate {
    let next = next_pay_date(zone, rhythm_of(program), app.now(), None);
    next.unwrap_or(zone.date(app.now()))
}

/// Balances of a partner in a program, positive when owed to it.
struct Layers {
    approved: Money,
    payable: Money,
    clawback: Money,
}

impl Layers {
    fn net(&self) -> Money {
        let minor = self.approved.minor.saturating_sub(self.clawback.minor);
        Money::new(minor, self.approved.currency)
    }
}

async fn layers_of(
    conn: &mut dyn Connection,
    program: &Program,
    partner: PartnerId,
) -> Result<Layers, AppError> {
    let currency = program.terms.currency;
    let accounts = ledger::accounts_of_partner(conn, partner).await?;
    let balance = |kind: AccountKind| {
        let found = accounts.iter().find(|it| {
            it.program == Some(program.id) && it.currency == currency && it.kind == kind.as_str()
        });
        found.map_or(0, |it| it.balance)
    };
    Ok(Layers {
        approved: Money::new(-balance(AccountKind::PartnerApproved), currency),
        payable: Money::new(-balance(AccountKind::PartnerPayable), currency),
        clawback: Money::new(balance(AccountKind::PartnerClawback), currency),
    })
}

/// Why approved money is not paid on the next pay day, in the order in which a run judges it; none
/// when it is.
fn blocked_by(program: &Program, layers: &Layers, bank: &BankDetails) -> Option<WaitsFor> {
    let net = layers.net();
    let least = Money::new(program.terms.payout_minimum, net.currency);
    if net.minor <= 0 {
        return Some(WaitsFor::Clawback);
    }
    if net.minor < least.minor {
        return Some(WaitsFor::Threshold { least });
    }
    match bank {
        BankDetails::Missing => Some(WaitsFor::BankDetails),
        BankDetails::Held(HeldReason::Changed | HeldReason::Returned | HeldReason::Stopped) => {
            Some(WaitsFor::SecondLook)
        }
        BankDetails::Active(account) => {
            let reached = tributary_payout::pain001::profile_for(net.currency).is_none()
                || account.can_receive(net.currency);
            (!reached).then_some(WaitsFor::BankDetails)
        }
    }
}

/// Pending money by the end of its hold; what is over waits as one.
async fn pending_of(
    app: &App,
    conn: &mut dyn Connection,
    program: &Program,
    partner: PartnerId,
) -> Result<Vec<Waiting>, AppError> {
    let (id, currency) = (program.id, program.terms.currency);
    let now = app.now();
    let mut waiting: Vec<Waiting> = Vec::new();
    for it in payout::pending_by_due(conn, partner, id, currency, DUE_DAYS_MAX).await? {
        let waits_for = match (it.due_at <= now, program.terms.approve_after_hold) {
            (true, _) => WaitsFor::Approval,
            (false, true) => WaitsFor::Hold { until: it.due_at },
            (false, false) => WaitsFor::HoldAndApproval { until: it.due_at },
        };
        match waiting.last_mut().filter(|last| last.waits_for == waits_for) {
            Some(last) => {
                last.amount.minor += it.amount;
                last.commissions = last.commissions.map(|count| count + it.count);
            }
            None => waiting.push(Waiting {
                amount: Money::new(it.amount, currency),
                commissions: Some(it.count),
                waits_for,
            }),
        }
    }
    Ok(waiting)
}
