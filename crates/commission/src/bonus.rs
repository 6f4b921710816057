//! Bonuses for reaching something.

use tributary_kernel::{PartnerId, PartnershipId};
use tributary_money::{Exact, Money, Rounding};

use crate::counters::{Tally, Whose};
use crate::{
    Bonus, CompiledPlan, CounterKey, CreditInput, EvaluationError, EvaluationInput, Line, Measure,
    Reward, RuleId,
};

/// A bonus that a partner reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Award {
    /// Whose.
    pub partnership: PartnershipId,
    /// The partner of that partnership.
    pub partner: PartnerId,
    /// What is given, as often as [`AwardRecord::times`] says.
    pub reward: Reward,
    /// The counter that reached it.
    pub key: CounterKey,
    /// What it rests on.
    pub record: AwardRecord,
}

/// What an award rests on; stored with it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AwardRecord {
    /// The bonus.
    pub bonus: RuleId,
    /// What the counter stood at: conversions, or minor units.
    pub before: i64,
    /// What it stands at.
    pub after: i64,
    /// How often it was reached by this conversion.
    pub times: u32,
}

impl Award {
    /// What it comes to in money; none for credits and gifts.
    #[must_use]
    pub fn money(&self) -> Option<Money> {
        match &self.reward {
            Reward::Money(each) => {
                let minor = each.minor.saturating_mul(i64::from(self.record.times));
                Some(Money::new(minor, each.currency))
            }
            Reward::Credits(_) | Reward::Gift(_) => None,
        }
    }
}

/// How often a bonus is reached between two totals.
#[must_use]
pub fn times_reached(bonus: &Bonus, before: i64, after: i64) -> u32 {
    let reached = |total: i64| {
        let times = total.max(0) / bonus.at.max(1);
        if bonus.repeats { times } else { times.min(1) }
    };
    u32::try_from(reached(after) - reached(before)).unwrap_or(0)
}

/// Whether an award follows from its record under the plan that gave it.
#[must_use]
pub fn award_holds(plan: &CompiledPlan, record: &AwardRecord) -> bool {
    let bonus = plan.document().bonuses.iter().find(|bonus| bonus.id == record.bonus);
    bonus.is_some_and(|it| times_reached(it, record.before, record.after) == record.times)
}

/// Counts a conversion for the plan's bonuses.
pub(crate) fn awards(
    plan: &CompiledPlan,
    input: &EvaluationInput<'_>,
    parties: impl Iterator<Item = (CreditInput, Whose)> + Clone,
    lines: &[Line],
    tally: &mut Tally<'_>,
) -> Result<Vec<Award>, EvaluationError> {
    let mut awards = Vec::new();
    for (place, bonus) in plan.document().bonuses.iter().enumerate() {
        if !bonus.events.contains(input.event) {
            continue;
        }
        let counter = plan.bonus_counter(place);
        for (credit, whose) in parties.clone() {
            let add = match bonus.by {
                Measure::Count => 1,
                Measure::Revenue => {
                    let gross = input.gross.map_or(0, |gross| gross.minor);
                    Exact::of(gross).times_share(credit.share)?.round(Rounding::Down)?
                }
                Measure::Commission => {
                    let own = lines.iter().filter(|line| line.partnership == credit.partnership);
                    own.map(|line| line.amount.minor).sum()
                }
            };
            let Some(key) = whose.key(plan.counter(counter)) else { continue };
            let before = tally.before(counter, &whose);
            tally.add(counter, &whose, add);
            let after = before.saturating_add(add);
            let times = times_reached(bonus, before, after);
            if times > 0 {
                let record = AwardRecord { bonus: bonus.id.clone(), before, after, times };
                awards.push(Award {
                    partnership: credit.partnership,
                    partner: credit.partner,
                    reward: bonus.reward.clone(),
                    key,
                    record,
                });
            }
        }
    }
    Ok(awards)
}
