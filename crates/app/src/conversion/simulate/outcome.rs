//! What a simulation answers.

use tributary_commission::{Explanation, PlanHash, PlanWarning};
use tributary_kernel::{ConversionId, LocalDate, PartnerId, PartnershipId, ProgramId, Timestamp};
use tributary_money::{Currency, Exact, Money, Rounding};

use crate::explain::ExplainedConversion;

/// What a period's conversions cost under two plans. Amounts are minor units of the program's
/// currency, after refunds, and without what was declined by hand under either.
#[derive(Debug, Clone)]
pub struct Simulation {
    /// Of which program.
    pub program: ProgramId,
    /// In which currency.
    pub currency: Currency,
    /// First day.
    pub from: LocalDate,
    /// Last day.
    pub until: LocalDate,
    /// The other plan's name.
    pub plan_name: String,
    /// The identity of its document.
    pub plan_hash: PlanHash,
    /// What a person would have to confirm to publish it.
    pub warnings: Vec<PlanWarning>,
    /// From when its counters have counted.
    pub counted_since: Timestamp,
    /// Conversions of the period that were compared.
    pub conversions: u64,
    /// What their customers have paid and kept, where a partner was credited.
    pub revenue: i64,
    /// Customers who paid for the first time, and whom a partner has brought.
    pub customers: u64,
    /// What they have cost.
    pub now: i64,
    /// What they would have cost.
    pub then: i64,
    /// How many were paid for.
    pub paid_now: u64,
    /// How many would have been.
    pub paid_then: u64,
    /// Every partner with an amount under either, those first whose amount changes most.
    pub partners: Vec<PartnerChange>,
    /// What is not compared.
    pub left_out: LeftOutOfSimulation,
    /// The conversion that was asked for.
    pub compared: Option<Compared>,
}

/// A partner under two plans.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartnerChange {
    /// The partnership.
    pub partnership: PartnershipId,
    /// Its partner.
    pub partner: PartnerId,
    /// The partner's name.
    pub name: String,
    /// What it has earned.
    pub now: i64,
    /// What it would have earned.
    pub then: i64,
}

impl PartnerChange {
    /// What it would earn more, or less.
    #[must_use]
    pub const fn change(&self) -> i64 {
        self.then.saturating_sub(self.now)
    }
}

/// Conversions that are not compared.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LeftOutOfSimulation {
    /// They wait for a person.
    pub held: u64,
    /// The other plan needs what was not reported of them.
    pub unpriced: Vec<Unpriced>,
}

/// Conversions that lack something that the other plan needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unpriced {
    /// Code of what is wrong: `amount_missing`, `deduction_missing`, ….
    pub code: &'static str,
    /// The field of a report.
    pub pointer: String,
    /// How many.
    pub count: u64,
    /// The first of them.
    pub first: ConversionId,
}

/// One conversion under two plans.
#[derive(Debug, Clone)]
pub struct Compared {
    /// Which.
    pub conversion: ConversionId,
    /// What it has earned, and why.
    pub now: Option<ExplainedConversion>,
    /// What it would have earned, and why.
    pub then: Vec<ComparedLine>,
    /// Why it would have earned nothing.
    pub nothing: Option<Explanation>,
}

/// What one partnership would have earned.
#[derive(Debug, Clone)]
pub struct ComparedLine {
    /// Whose.
    pub partnership: PartnershipId,
    /// The rule; of a bonus its name.
    pub rule: String,
    /// How much, before refunds.
    pub amount: Money,
    /// What steps of retroactive tiers that were reached later have added.
    pub raised: i64,
    /// Why; none for a bonus.
    pub explanation: Option<Explanation>,
}

impl Simulation {
    /// An amount in its currency.
    #[must_use]
    pub const fn money(&self, minor: i64) -> Money {
        Money::new(minor, self.currency)
    }

    /// What a new customer has cost, and would have; none if there was none.
    #[must_use]
    pub fn per_customer(&self) -> Option<(i64, i64)> {
        let each = |cost: i64| {
            let customers = i64::try_from(self.customers).ok().filter(|it| *it > 0)?;
            Exact::of(cost).times_ratio(1, customers).ok()?.round(Rounding::HalfEven).ok()
        };
        Some((each(self.now)?, each(self.then)?))
    }

    /// Partners that would earn more.
    pub fn winners(&self) -> impl Iterator<Item = &PartnerChange> {
        self.partners.iter().filter(|it| it.change() > 0)
    }

    /// Partners that would earn less.
    pub fn losers(&self) -> impl Iterator<Item = &PartnerChange> {
        self.partners.iter().filter(|it| it.change() < 0)
    }
}
