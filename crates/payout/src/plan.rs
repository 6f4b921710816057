//! Which approved money is paid in a run, and why the rest is not.

use std::collections::{BTreeMap, BTreeSet};

use tributary_kernel::{CommissionId, PartnerId};
use tributary_money::{Currency, Money, MoneyError};

use crate::BankAccount;
use crate::invoice::TaxBlock;

/// Payouts in one run; those beyond wait for the next one.
pub const RUN_PAYOUTS_MAX: usize = 10_000;
/// Commissions in one run. A caller with more runs program by program.
pub const RUN_LINES_MAX: usize = 1_000_000;

/// One approved commission that no payout has taken yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ApprovedLine {
    /// Which commission.
    pub commission: CommissionId,
    /// What it is worth now; negative after a clawback of money already paid.
    pub amount: Money,
    /// From a program in test mode: shown, never paid.
    pub test: bool,
}

tributary_kernel::text_enum! {
    /// Why bank details may not be used yet.
    pub enum HeldReason {
        /// They were changed and wait for a second look.
        Changed = "changed",
        /// The bank sent a payment back.
        Returned = "returned",
        /// A person stopped them.
        Stopped = "stopped",
    }
}

/// What is known of a partner's account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BankDetails {
    /// May be paid to.
    Active(BankAccount),
    /// There are some, but nothing is paid to them until a person has looked.
    Held(HeldReason),
    /// None were entered.
    Missing,
}

/// Everything of a partner that is approved and unpaid in one currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartnerBalance {
    /// Who.
    pub partner: PartnerId,
    /// In which currency all lines are.
    pub currency: Currency,
    /// Where money of this currency would go.
    pub bank: BankDetails,
    /// In any order.
    pub lines: Vec<ApprovedLine>,
}

/// The least that is worth a payment, per currency; a currency without one pays from its smallest
/// unit on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Thresholds(BTreeMap<Currency, i64>);

impl Thresholds {
    /// From one amount per currency; the last one of a currency counts, negative ones count as 0.
    pub fn new(amounts: impl IntoIterator<Item = Money>) -> Self {
        Self(amounts.into_iter().map(|money| (money.currency, money.minor.max(0))).collect())
    }

    /// The threshold of a currency.
    #[must_use]
    pub fn of(&self, currency: Currency) -> Money {
        Money::new(self.0.get(&currency).copied().unwrap_or(0), currency)
    }
}

/// One payment as it would be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedPayout {
    /// Who is paid.
    pub partner: PartnerId,
    /// In which currency.
    pub currency: Currency,
    /// What it settles, clawbacks included, by commission id.
    pub lines: Vec<(CommissionId, Money)>,
    /// Sum of the lines, always positive.
    pub total: Money,
    /// Where it goes.
    pub account: BankAccount,
}

/// Why money is not paid in this run. Where several hold, the first in this order is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeftOutReason {
    /// A program in test mode.
    TestMoney,
    /// More was clawed back than earned: carried until earnings cover it, never paid.
    NegativeBalance,
    /// Earnings and clawbacks are equal.
    NothingDue,
    /// Too little for a payment; carried.
    BelowThreshold {
        /// What it must reach.
        threshold: Money,
    },
    /// The partner has entered none.
    NoBankDetails,
    /// They wait for a person.
    DetailsHeld(HeldReason),
    /// The account is of a kind that no bank file of this currency reaches.
    AccountCannotReceive,
    /// The run has [`RUN_PAYOUTS_MAX`] payouts already.
    RunFull,
    /// The partner is invoiced for, and no invoice can be written.
    TaxDetails(TaxBlock),
}

impl LeftOutReason {
    /// Stable name for pages, API and files.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TestMoney => "test_money",
            Self::NegativeBalance => "negative_balance",
            Self::NothingDue => "nothing_due",
            Self::BelowThreshold { .. } => "below_threshold",
            Self::NoBankDetails => "no_bank_details",
            Self::DetailsHeld(_) => "details_held",
            Self::AccountCannotReceive => "account_cannot_receive",
            Self::RunFull => "run_full",
            Self::TaxDetails(block) => block.as_str(),
        }
    }
}

/// Money that stays where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// Whose.
    pub partner: PartnerId,
    /// In which currency.
    pub currency: Currency,
    /// What it consists of, by commission id.
    pub lines: Vec<(CommissionId, Money)>,
    /// Sum of the lines; may be negative.
    pub total: Money,
    /// Why.
    pub reason: LeftOutReason,
}

/// What a run would do. Every commission given is in exactly one place here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RunPreview {
    /// By partner id, then currency.
    pub payouts: Vec<PlannedPayout>,
    /// By partner id, then currency, then test money after real.
    pub left_out: Vec<LeftOut>,
}

impl RunPreview {
    /// What would be paid per currency, in order of currency code.
    ///
    /// # Errors
    /// When a sum leaves 64 bits.
    pub fn totals(&self) -> Result<Vec<Money>, MoneyError> {
        let mut totals = BTreeMap::new();
        for payout in &self.payouts {
            let total = totals.entry(payout.currency).or_insert(Money::zero(payout.currency));
            *total = total.checked_add(payout.total)?;
        }
        Ok(totals.into_values().collect())
    }
}

/// A fault in what the caller gave; nothing may be paid from it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// The same commission twice would be paid twice.
    #[error("commission {commission} is given twice")]
    CommissionTwice {
        /// Which.
        commission: CommissionId,
    },
    /// Two entries for one balance would make two payouts, each judged by half of it.
    #[error("the {currency} balance of partner {partner} is given twice")]
    BalanceTwice {
        /// Whose.
        partner: PartnerId,
        /// Which.
        currency: Currency,
    },
    /// A line that is not of its balance's currency.
    #[error("commission {commission} is not in the currency of its balance")]
    Currency {
        /// Which.
        commission: CommissionId,
    },
    /// More than [`RUN_LINES_MAX`].
    #[error("{lines} commissions in one run; at most {RUN_LINES_MAX}: run program by program")]
    TooManyLines {
        /// How many were given.
        lines: usize,
    },
    /// A sum leaves 64 bits.
    #[error("the balance of partner {partner} cannot be summed")]
    Sum {
        /// Whose.
        partner: PartnerId,
        /// Why.
        source: MoneyError,
    },
}

/// Decides a payout run: per partner and currency one payout of everything approved, clawbacks
/// netted, or a reason why not. The answer depends on the values alone, not on their order.
///
/// # Errors
/// When the input contradicts itself; see [`PlanError`].
pub fn plan_payouts(
    balances: &[PartnerBalance],
    thresholds: &Thresholds,
) -> Result<RunPreview, PlanError> {
    check(balances)?;
    let mut sorted: Vec<&PartnerBalance> = balances.iter().collect();
    sorted.sort_by_key(|balance| (balance.partner, balance.currency));
    let mut preview = RunPreview::default();
    for balance in sorted {
        for test in [false, true] {
            place(balance, test, thresholds, &mut preview)?;
        }
    }
    Ok(preview)
}

fn check(balances: &[PartnerBalance]) -> Result<(), PlanError> {
    let lines = balances.iter().map(|balance| balance.lines.len()).sum();
    if lines > RUN_LINES_MAX {
        return Err(PlanError::TooManyLines { lines });
    }
    let mut seen = BTreeSet::new();
    let mut commissions = BTreeSet::new();
    for balance in balances {
        let (partner, currency) = (balance.partner, balance.currency);
        if !seen.insert((partner, currency)) {
            return Err(PlanError::BalanceTwice { partner, currency });
        }
        for line in &balance.lines {
            if line.amount.currency != currency {
                return Err(PlanError::Currency { commission: line.commission });
            }
            if !commissions.insert(line.commission) {
                return Err(PlanError::CommissionTwice { commission: line.commission });
            }
        }
    }
    Ok(())
}

/// Puts the real or the test lines of a balance, if there are any, where they belong.
fn place(
    balance: &PartnerBalance,
    test: bool,
    thresholds: &Thresholds,
    preview: &mut RunPreview,
) -> Result<(), PlanError> {
    let (partner, currency) = (balance.partner, balance.currency);
    let of_kind = balance.lines.iter().filter(|line| line.test == test);
    let mut lines: Vec<_> = of_kind.map(|line| (line.commission, line.amount)).collect();
    if lines.is_empty() {
        return Ok(());
    }
    lines.sort_by_key(|(commission, _)| *commission);
    let total = sum(currency, &lines).map_err(|source| PlanError::Sum { partner, source })?;
    let full = preview.payouts.len() >= RUN_PAYOUTS_MAX;
    match decide(&balance.bank, total, test, thresholds.of(currency), full) {
        Ok(account) => {
            let account = account.clone();
            preview.payouts.push(PlannedPayout { partner, currency, lines, total, account });
        }
        Err(reason) => preview.left_out.push(LeftOut { partner, currency, lines, total, reason }),
    }
    Ok(())
}

/// Wide, because a sum may pass the limit on the way and come back by a clawback.
fn sum(currency: Currency, lines: &[(CommissionId, Money)]) -> Result<Money, MoneyError> {
    let sum: i128 = lines.iter().map(|(_, amount)| i128::from(amount.minor)).sum();
    i64::try_from(sum).map(|minor| Money::new(minor, currency)).map_err(|_| MoneyError::Overflow)
}

fn decide(
    bank: &BankDetails,
    total: Money,
    test: bool,
    threshold: Money,
    full: bool,
) -> Result<&BankAccount, LeftOutReason> {
    if test {
        return Err(LeftOutReason::TestMoney);
    }
    if total.is_negative() {
        return Err(LeftOutReason::NegativeBalance);
    }
    if total.is_zero() {
        return Err(LeftOutReason::NothingDue);
    }
    if total.minor < threshold.minor {
        return Err(LeftOutReason::BelowThreshold { threshold });
    }
    match bank {
        BankDetails::Missing => Err(LeftOutReason::NoBankDetails),
        BankDetails::Held(reason) => Err(LeftOutReason::DetailsHeld(*reason)),
        BankDetails::Active(account) if !account.can_receive(total.currency) => {
            Err(LeftOutReason::AccountCannotReceive)
        }
        BankDetails::Active(_) if full => Err(LeftOutReason::RunFull),
        BankDetails::Active(account) => Ok(account),
    }
}

#[cfg(test)]
#[path = "plan_tests.rs"]
mod tests;
