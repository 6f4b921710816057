//! Lines of the other plan that something later can change: a refund, or a step of retroactive
//! tiers.

use std::collections::HashMap;

use tributary_commission::{
    Beside, CommissionRecord, CompiledPlan, CounterOf, Crossed, Earlier, GivenBack, Subjects,
    clawback, left_early,
};
use tributary_kernel::{ConversionId, LocalDate, PartnershipId};
use tributary_money::{Currency, Money, Rounding};

use crate::AppError;
use crate::conversion::returned::without_sale;

/// One of them.
#[derive(Debug)]
pub(super) struct KeptLine {
    pub(super) conversion: ConversionId,
    pub(super) partnership: PartnershipId,
    /// None of a bonus.
    pub(super) record: Option<CommissionRecord>,
    pub(super) whose: Subjects,
    pub(super) amount: i64,
    /// What refunds have left of it.
    pub(super) left: i64,
    /// What steps have added, and what refunds have left of each.
    pub(super) raises: Vec<(i64, i64)>,
    pub(super) step: Option<u16>,
    pub(super) sale: i64,
    pub(super) refunded: i64,
    /// When the customer left.
    pub(super) left_on: Option<LocalDate>,
    /// Whether its amounts are compared.
    pub(super) counts: bool,
}

impl KeptLine {
    fn booked(&self) -> i64 {
        self.amount + self.raises.iter().map(|(amount, _)| amount).sum::<i64>()
    }

    fn on(&self) -> Option<LocalDate> {
        Some(self.record.as_ref()?.facts.on)
    }

    fn refunded_of(&self, currency: Currency) -> Option<(Money, Money)> {
        let money = |minor| Money::new(minor, currency);
        (self.refunded > 0).then(|| (money(self.refunded), money(self.sale)))
    }
}

/// All of them.
#[derive(Debug, Default)]
pub(super) struct Lines {
    all: Vec<KeptLine>,
    by_conversion: HashMap<ConversionId, Vec<usize>>,
    by_rule: HashMap<u16, Vec<usize>>,
}

/// What a refund takes of a line.
#[derive(Debug)]
pub(super) struct Taken {
    pub(super) partnership: PartnershipId,
    /// What is earned less, where that is compared.
    pub(super) less: i64,
    pub(super) back: Option<(CommissionRecord, Subjects, GivenBack)>,
}

impl Lines {
    /// Keeps a line; `rule` is its retroactive one.
    pub(super) fn keep(&mut self, line: KeptLine, rule: Option<u16>) {
        let at = self.all.len();
        self.by_conversion.entry(line.conversion).or_default().push(at);
        if let Some(rule) = rule {
            self.by_rule.entry(rule).or_default().push(at);
        }
        self.all.push(line);
    }

    /// What steps have added to the lines of a conversion, by partnership.
    pub(super) fn raised(&self, conversion: ConversionId, whose: PartnershipId) -> i64 {
        let own = self.by_conversion.get(&conversion).into_iter().flatten();
        let own = own.map(|at| &self.all[*at]).filter(|it| it.partnership == whose);
        own.flat_map(|it| &it.raises).map(|(amount, _)| amount).sum()
    }

    /// A refund of a conversion, applied to its lines.
    pub(super) fn refund(
        &mut self,
        conversion: ConversionId,
        amount: i64,
        (currency, rounding): (Currency, Rounding),
    ) -> Result<Vec<Taken>, AppError> {
        let money = |minor| Money::new(minor, currency);
        let mut taken = Vec::new();
        for at in self.by_conversion.get(&conversion).into_iter().flatten() {
            let it = &mut self.all[*at];
            let (before, sale, departed) = (it.refunded, it.sale, it.left_on.is_some());
            let share = |own: i64, left: i64, rounding| -> Result<i64, AppError> {
                if sale == 0 || sale == before {
                    return Ok(left);
                }
                // Of what a departure has left, as the refund is of what is left of the sale.
                let (own, sale, before) = match departed {
                    true => (money(left), money(sale - before), money(0)),
                    false => (money(own), money(sale), money(before)),
                };
                let refund = money(amount);
                let share = tributary_commission::refund_share(own, sale, before, refund, rounding);
                let share = share.map_err(|error| AppError::Corrupt(error.to_string()))?;
                Ok(share.minor.min(left))
            };
            let Some(record) = it.record.clone() else { continue };
            let mut less = share(it.amount, it.left, rounding)?;
            it.left -= less;
            for (own, left) in &mut it.raises {
                let part = share(*own, *left, Rounding::HalfEven)?;
                *left -= part;
                less += part;
            }
            it.refunded += amount;
            let back = match sale {
                0 => GivenBack {
                    commission: money(less),
                    sale: money(1),
                    refunded_before: money(0),
                    refund: money(1),
                },
                _ => GivenBack {
                    commission: money(less),
                    sale: money(sale),
                    refunded_before: money(before),
                    refund: money(amount),
                },
            };
            taken.push(Taken {
                partnership: it.partnership,
                less: if it.counts { less } else { 0 },
                back: Some((record, it.whose, back)),
            });
        }
        Ok(taken)
    }

    /// The customer of a conversion has left.
    pub(super) fn leave(
        &mut self,
        conversion: ConversionId,
        plan: &CompiledPlan,
        left_on: LocalDate,
    ) -> Result<Vec<Taken>, AppError> {
        let money = |minor| Money::new(minor, plan.currency());
        let mut taken = Vec::new();
        for at in self.by_conversion.get(&conversion).into_iter().flatten() {
            let it = &mut self.all[*at];
            it.left_on = Some(left_on);
            let Some(record) = it.record.clone() else { continue };
            let share = |left: i64| -> Result<i64, AppError> {
                let facts = clawback(plan, &record, money(left), left_on);
                let facts = facts.map_err(|error| AppError::Corrupt(error.to_string()))?;
                Ok(facts.map_or(0, |facts| facts.amount.minor))
            };
            let mut less = share(it.left)?;
            it.left -= less;
            for (_, left) in &mut it.raises {
                let part = share(*left)?;
                *left -= part;
                less += part;
            }
            taken.push(Taken {
                partnership: it.partnership,
                less: if it.counts { less } else { 0 },
                back: Some((record, it.whose, without_sale(money(less)))),
            });
        }
        Ok(taken)
    }

    /// The lines that a step which was reached raises, and their places.
    pub(super) fn under(
        &self,
        crossed: &Crossed,
        own: ConversionId,
        plan: &CompiledPlan,
    ) -> (Vec<usize>, Vec<Earlier<'_>>) {
        let currency = plan.currency();
        let of = match crossed.key.of {
            CounterOf::Partnership(id) => Some(id),
            _ => None,
        };
        let lines = self.by_rule.get(&crossed.rule).into_iter().flatten();
        let mut places = Vec::new();
        let mut earlier = Vec::new();
        for at in lines {
            let it = &self.all[*at];
            let Some(record) = &it.record else { continue };
            let here = of.is_none_or(|id| id == it.partnership)
                && it.on().is_some_and(|on| crossed.covers(plan, on))
                && it.conversion != own
                && it.left > 0
                && it.left_on.is_none_or(|on| left_early(plan, record, on).is_none());
            if here {
                places.push(*at);
                let booked = Money::new(it.booked(), currency);
                let (whose, step, refunded) = (it.whose, it.step, it.refunded_of(currency));
                let beside = self.beside(*at);
                earlier.push(Earlier { record, whose, booked, step, refunded, beside });
            }
        }
        (places, earlier)
    }

    /// What else of its conversion is kept.
    fn beside(&self, at: usize) -> Beside {
        let it = &self.all[at];
        let mut beside = Beside { conversion: *it.conversion.as_bytes(), rule: 0, all: 0 };
        for place in self.by_conversion.get(&it.conversion).into_iter().flatten() {
            let of = &self.all[*place];
            let Some(record) = of.record.as_ref().filter(|_| *place != at) else { continue };
            beside.all += of.booked();
            if it.record.as_ref().is_some_and(|own| own.rule == record.rule) {
                beside.rule += of.booked();
            }
        }
        beside
    }

    /// Adds what a step gives to a line. Returns whose it is, and what of it is compared.
    pub(super) fn raise(&mut self, at: usize, amount: i64, step: u16) -> (PartnershipId, i64) {
        let it = &mut self.all[at];
        it.raises.push((amount, amount));
        it.step = Some(step);
        (it.partnership, if it.counts { amount } else { 0 })
    }
}
