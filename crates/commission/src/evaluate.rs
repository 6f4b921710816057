use std::sync::Arc;

use tributary_kernel::{PartnerId, PartnershipId};
use tributary_money::{Currency, Money, MoneyError, Share};

use crate::bonus::{Award, awards};
use crate::caps::{self, CapCut};
use crate::counters::{Tally, Whose};
use crate::facts::{amounts_given, items_of, kept, put_partner, put_touch, values_of};
use crate::plan::{FactValue, Field};
use crate::price::{Pieces, Subject, Terms, divide, step_above, step_of_count, sum};
use crate::select::{Selection, select};
use crate::{
    AmountFacts, Base, CommissionRecord, CompiledPlan, ConversionFacts, CounterKey, CreditInput,
    Deduction, ENGINE_VERSION, EvaluationInput, Increment, ItemFacts, Measure, MoreFacts, RuleId,
    RuleOutcome, Split, TierMode,
};

/// What one partnership earns by a conversion under one rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Whose it is.
    pub partnership: PartnershipId,
    /// The partner of that partnership.
    pub partner: PartnerId,
    /// How much: above zero.
    pub amount: Money,
    /// The rule's days until it can be approved; none: the program's.
    pub hold_days: Option<u16>,
    /// The cap that took a part of it.
    pub cut: Option<CapCut>,
    /// What its arithmetic was.
    pub record: CommissionRecord,
}

/// Why a conversion pays nothing.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "reason", rename_all = "snake_case", deny_unknown_fields)]
pub enum NotPaid {
    /// Nobody was credited.
    NobodyCredited,
    /// No rule of the plan matches; what became of each is said beside this.
    NoRuleMatched,
    /// The rule's amount is nothing: a free month, or less than half a minor unit.
    AmountZero {
        /// The rule that matched.
        rule: RuleId,
        /// The amount that a percentage was taken of, or the fixed amount.
        base: Money,
        /// What all credited partnerships have together.
        share: Share,
    },
    /// A cap had nothing left.
    CapReached {
        /// The rule that matched.
        rule: RuleId,
        /// What it would have paid.
        amount: Money,
        /// The cap.
        cap: CapCut,
    },
}

/// What a conversion pays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Something: one line per partnership and rule, in the order of the partnerships' ids.
    Paid {
        /// Place of the rule of the first line.
        rule: u16,
        /// The sum of the lines.
        total: Money,
        /// The lines. A partnership whose part comes to nothing has none.
        lines: Vec<Line>,
    },
    /// Nothing, and why.
    Nothing(NotPaid),
}

/// Why a partnership is paid nothing, or nothing by one of the rules that matched, where another
/// is, or another rule does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unpaid {
    /// Whose.
    pub partnership: PartnershipId,
    /// What the choice of the rules hung on.
    pub facts: ConversionFacts,
    /// Why.
    pub reason: NotPaid,
}

/// A step of retroactive tiers was reached: what was paid before in the period is to be adjusted
/// ([`crate::retroactive`]).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crossed {
    /// Place of the rule.
    pub rule: u16,
    /// The counter that reached it.
    pub key: CounterKey,
    /// The step that paid before, 0 being the rule's own amount.
    pub from: u16,
    /// The step that pays now: 1 is the first of the tiers.
    pub step: u16,
}

impl Crossed {
    /// Whether a day is in the period of the tiers that reached the step.
    #[must_use]
    pub fn covers(&self, plan: &CompiledPlan, on: tributary_kernel::LocalDate) -> bool {
        let counter = plan.compiled(self.rule).tier.map(|at| plan.counter(at));
        counter.is_some_and(|it| crate::calendar::period_start(it.per, on) == self.key.since)
    }
}

/// What a conversion pays, and what became of every rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evaluation {
    /// What the choice of the rules hung on, for the first partnership that was credited.
    pub facts: ConversionFacts,
    /// One entry per rule of the plan, in its order, for the first partnership.
    pub considered: Vec<RuleOutcome>,
    /// The answer.
    pub outcome: Outcome,
    /// Where something was paid: what was not.
    pub unpaid: Vec<Unpaid>,
    /// What is added to counters, in the order of their keys.
    pub increments: Vec<Increment>,
    /// Bonuses that were reached.
    pub awards: Vec<Award>,
    /// Retroactive tiers that were reached.
    pub crossed: Vec<Crossed>,
}

impl Evaluation {
    /// The lines; none if nothing is paid.
    #[must_use]
    pub fn lines(&self) -> &[Line] {
        match &self.outcome {
            Outcome::Paid { lines, .. } => lines,
            Outcome::Nothing(_) => &[],
        }
    }
}

/// Why a conversion cannot be evaluated: the input lacks something or contradicts itself. Callers
/// refuse or quarantine it; nothing is paid by guess.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EvaluationError {
    /// The rule takes a percentage of an amount that was not reported.
    #[error("rule {rule} pays a percentage of the {base} amount, which was not reported")]
    AmountMissing {
        /// The rule.
        rule: RuleId,
        /// The amount it needs.
        base: Base,
    },
    /// The rule takes something off that was not reported; nothing of it is reported as 0.
    #[error("rule {rule} takes off {deduction}, which was not reported")]
    DeductionMissing {
        /// The rule.
        rule: RuleId,
        /// What it takes off.
        deduction: Deduction,
    },
    /// An amount below zero; refunds are reversals.
    #[error("the {base} amount is negative: a refund is reported as a refund")]
    AmountNegative {
        /// The amount.
        base: Base,
    },
    /// An amount in another currency than the program's.
    #[error("the amount is in {found}, the plan pays in {expected}")]
    CurrencyMismatch {
        /// The program's currency.
        expected: Currency,
        /// The amount's.
        found: Currency,
    },
    /// The credits are more than the whole.
    #[error("the credits sum to more than one")]
    SharesOverOne,
    /// More lines in the order than are looked at.
    #[error("an order has at most {ITEMS_MAX} lines")]
    TooManyItems,
    /// An amount does not fit.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// Lines of an order.
pub const ITEMS_MAX: usize = 128;

impl EvaluationError {
    /// Stable name, `snake_case`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::AmountMissing { .. } => "amount_missing",
            Self::DeductionMissing { .. } => "deduction_missing",
            Self::AmountNegative { .. } => "amount_negative",
            Self::CurrencyMismatch { .. } => "currency_mismatch",
            Self::SharesOverOne => "shares_over_one",
            Self::TooManyItems => "too_many_items",
            Self::Money(error) => error.code(),
        }
    }
}

/// One credited partnership on its way through the plan.
struct Party {
    credit: CreditInput,
    whose: Whose,
    /// What conditions asked for, for the record.
    looked: Arc<[(Field, FactValue)]>,
    selection: Selection,
    terms: Vec<Terms>,
    /// Counters that choosing and pricing asked, and what they said.
    asked: Vec<(u16, i64)>,
}

/// A party's amount under one of its terms, with those it was divided among.
struct Priced {
    party: usize,
    term: usize,
    amount: i64,
    split: Option<Split>,
    /// What those who divide it have together.
    share: Share,
}

/// What a conversion pays under a plan.
///
/// The rules are tried in the order of precedence, for each credited partnership. Partnerships that
/// get the same rule at the same step divide one amount, computed exactly, rounded once, and split
/// by largest remainder. Caps come last.
///
/// # Errors
/// [`EvaluationError`].
pub fn evaluate(
    plan: &CompiledPlan,
    input: &EvaluationInput<'_>,
) -> Result<Evaluation, EvaluationError> {
    check_amounts(plan, input)?;
    let credits = merged(input.credits)?;
    let facts = ConversionFacts::of(input);
    let items = items_of(plan, input);
    let amounts = AmountFacts::of(input);
    let mut tally = Tally::new(plan, input.counters);
    let values = values_of(plan, input, &facts);
    let conversion = Conversion { plan, input, facts, items, amounts };
    if credits.is_empty() {
        return conversion.for_nobody(values);
    }
    let last = credits.len() - 1;
    let mut values = Some(values);
    let mut parties = Vec::with_capacity(credits.len());
    for (place, credit) in credits.iter().enumerate() {
        let own = if place == last { values.take() } else { values.clone() };
        parties.push(conversion.party(*credit, own.unwrap_or_default(), &mut tally)?);
    }
    let priced = conversion.priced(&parties)?;
    conversion.booked(&parties, priced, tally)
}

fn check_amounts(plan: &CompiledPlan, input: &EvaluationInput<'_>) -> Result<(), EvaluationError> {
    if input.details.items.len() > ITEMS_MAX {
        return Err(EvaluationError::TooManyItems);
    }
    for (base, amount) in amounts_given(input) {
        if amount.currency != plan.currency() {
            let (expected, found) = (plan.currency(), amount.currency);
            return Err(EvaluationError::CurrencyMismatch { expected, found });
        }
        // A sale at a loss earns the advertiser less than nothing; it pays nothing.
        if amount.is_negative() && base != Base::Margin {
            return Err(EvaluationError::AmountNegative { base });
        }
    }
    Ok(())
}

/// One credit per partnership, in the order of their ids; those of nothing are left out.
fn merged(credits: &[CreditInput]) -> Result<Vec<CreditInput>, EvaluationError> {
    let mut merged: Vec<CreditInput> =
        credits.iter().filter(|credit| !credit.share.is_zero()).copied().collect();
    merged.sort_unstable_by_key(|credit| (credit.partnership, credit.partner));
    let mut over = false;
    merged.dedup_by(|next, kept| {
        let same = next.partnership == kept.partnership;
        if same {
            match kept.share.checked_add(next.share) {
                Ok(share) => kept.share = share,
                Err(_) => over = true,
            }
        }
        same
    });
    let mut total = Share::ZERO;
    for credit in &merged {
        total = total.checked_add(credit.share).map_err(|_| EvaluationError::SharesOverOne)?;
    }
    if over { Err(EvaluationError::SharesOverOne) } else { Ok(merged) }
}

/// What all partnerships have in common.
struct Conversion<'a> {
    plan: &'a CompiledPlan,
    input: &'a EvaluationInput<'a>,
    facts: ConversionFacts,
    items: Arc<[ItemFacts]>,
    amounts: AmountFacts,
}

impl Conversion<'_> {
    fn subject<'b>(&'b self, values: &'b [FactValue], share: Share) -> Subject<'b> {
        let (facts, items, amounts) = (&self.facts, &*self.items, self.amounts);
        Subject { facts, values, items, amounts, share }
    }

    fn for_nobody(&self, values: Vec<FactValue>) -> Result<Evaluation, EvaluationError> {
        let subject = self.subject(&values, Share::ZERO);
        let selection = select(self.plan, &subject, &mut |_| 0)?;
        Ok(Evaluation {
            facts: self.facts_of(&kept(self.plan, values), Vec::new()),
            considered: selection.outcomes,
            outcome: Outcome::Nothing(NotPaid::NobodyCredited),
            unpaid: Vec::new(),
            increments: Vec::new(),
            awards: Vec::new(),
            crossed: Vec::new(),
        })
    }

    fn party(
        &self,
        credit: CreditInput,
        mut values: Vec<FactValue>,
        tally: &mut Tally<'_>,
    ) -> Result<Party, EvaluationError> {
        let on = self.facts.on;
        put_touch(self.plan, &mut values, credit.partnership, self.input);
        if self.plan.reads().partner {
            let mut partners = self.input.partners.iter();
            let partner = partners.find(|partner| partner.partnership == credit.partnership);
            put_partner(self.plan, &mut values, credit.partnership, partner, on);
        }
        let details = &self.input.details;
        let (customer, company) = (details.customer, details.company);
        let whose = Whose { partnership: credit.partnership, customer, company, on };
        let mut asked: Vec<(u16, i64)> = Vec::new();
        let mut ask = |counter: u16| {
            let before = tally.before(counter, &whose);
            if !asked.iter().any(|(known, _)| *known == counter) {
                asked.push((counter, before));
            }
            before
        };
        let subject = self.subject(&values, credit.share);
        let selection = select(self.plan, &subject, &mut ask)?;
        let chosen = selection.chosen.iter();
        let terms = chosen.map(|chosen| subject.terms(self.plan, *chosen, &mut ask, None));
        let terms = terms.collect::<Result<_, _>>()?;
        let looked = kept(self.plan, values);
        Ok(Party { credit, whose, looked, selection, terms, asked })
    }

    /// Every party's amount under each of its rules, before caps.
    fn priced(&self, parties: &[Party]) -> Result<Vec<Priced>, EvaluationError> {
        let mut priced: Vec<Priced> = Vec::new();
        for (party, own) in parties.iter().enumerate() {
            for (term, terms) in own.terms.iter().enumerate() {
                let Pieces::One(amount) = terms.pieces else {
                    let share = own.credit.share;
                    let amount = terms.spanned(self.plan, share)?;
                    priced.push(Priced { party, term, amount, split: None, share });
                    continue;
                };
                let known = |it: &Priced| (it.party, it.term) == (party, term);
                if priced.iter().any(known) {
                    continue; // Divided with an earlier party.
                }
                let same = |other: &Party| other.terms.iter().position(|it| terms.is_paid_with(it));
                let members: Vec<(usize, usize)> = (party..parties.len())
                    .filter_map(|at| Some((at, same(&parties[at])?)))
                    .collect();
                let shares: Vec<Share> =
                    members.iter().map(|(at, _)| parties[*at].credit.share).collect();
                let share = sum(&shares)?;
                let minor = terms.undivided(self.plan, amount, share)?;
                let parts = divide(minor, &shares);
                for (place, ((party, term), amount)) in (0u16..).zip(members.iter().zip(parts)) {
                    let several = shares.len() > 1;
                    let split = several.then(|| Split { shares: shares.clone(), place });
                    priced.push(Priced { party: *party, term: *term, amount, split, share });
                }
            }
        }
        priced.sort_by_key(|it| (it.party, it.term));
        Ok(priced)
    }

    /// Caps, counters, lines.
    fn booked(
        &self,
        parties: &[Party],
        priced: Vec<Priced>,
        mut tally: Tally<'_>,
    ) -> Result<Evaluation, EvaluationError> {
        let mut lines: Vec<Line> = Vec::with_capacity(priced.len());
        let mut unpaid = Vec::new();
        let mut rule = None;
        for it in priced {
            let (own, terms) = (&parties[it.party], &parties[it.party].terms[it.term]);
            let mut asked = own.asked.clone();
            let (amount, cut) = caps::bounded(self.plan, terms.rule, it.amount, &mut |counter| {
                let now = tally.now(counter, &own.whose);
                asked.push((counter, now));
                now
            });
            if it.amount > 0 {
                self.count(own, terms, amount, &mut tally);
            }
            let facts = self.facts_of(&own.looked, asked);
            if amount > 0 {
                rule.get_or_insert(terms.rule);
                lines.push(self.line(own, terms, &it, amount, cut, facts));
            } else {
                let (partnership, reason) = (own.credit.partnership, self.why(terms, &it, cut));
                unpaid.push(Unpaid { partnership, facts, reason });
            }
        }
        for own in parties.iter().filter(|party| party.terms.is_empty()) {
            let facts = self.facts_of(&own.looked, own.asked.clone());
            let (partnership, reason) = (own.credit.partnership, NotPaid::NoRuleMatched);
            unpaid.push(Unpaid { partnership, facts, reason });
        }
        let awards = awards(self.plan, self.input, parties_of(parties), &lines, &mut tally)?;
        let crossed = self.crossed(parties, &mut tally);
        let first = &parties[0];
        let considered = first.selection.outcomes.clone();
        let (facts, outcome) = match rule {
            Some(rule) => {
                let total = lines.iter().try_fold(0i64, |sum, line| {
                    sum.checked_add(line.amount.minor).ok_or(MoneyError::Overflow)
                })?;
                let total = Money::new(total, self.plan.currency());
                (lines[0].record.facts.clone(), Outcome::Paid { rule, total, lines })
            }
            None => {
                let at = unpaid.iter().position(|it| it.partnership == first.credit.partnership);
                let nothing = unpaid.swap_remove(at.unwrap_or(0));
                (nothing.facts, Outcome::Nothing(nothing.reason))
            }
        };
        let increments = tally.increments();
        Ok(Evaluation { facts, considered, outcome, unpaid, increments, awards, crossed })
    }

    fn line(
        &self,
        own: &Party,
        terms: &Terms,
        it: &Priced,
        amount: i64,
        cut: Option<CapCut>,
        facts: ConversionFacts,
    ) -> Line {
        let (plan, rule) = (self.plan, self.plan.rule(terms.rule));
        Line {
            partnership: own.credit.partnership,
            partner: own.credit.partner,
            amount: Money::new(amount, plan.currency()),
            hold_days: rule.hold_days,
            cut,
            record: CommissionRecord {
                engine_version: ENGINE_VERSION,
                plan: plan.id(),
                plan_hash: plan.hash(),
                rule: rule.id.clone(),
                facts,
                base: Money::new(terms.base, plan.currency()),
                rounding: plan.rounding(),
                share: own.credit.share,
                split: it.split.clone(),
            },
        }
    }

    fn why(&self, terms: &Terms, it: &Priced, cut: Option<CapCut>) -> NotPaid {
        let (rule, currency) = (self.plan.rule(terms.rule).id.clone(), self.plan.currency());
        match cut {
            Some(cap) => NotPaid::CapReached { rule, amount: Money::new(it.amount, currency), cap },
            None => {
                let base = Money::new(terms.base, currency);
                NotPaid::AmountZero { rule, base, share: it.share }
            }
        }
    }

    /// Counts a line: `paid` is what caps left of it.
    fn count(&self, own: &Party, terms: &Terms, paid: i64, tally: &mut Tally<'_>) {
        let (rule, compiled) = (self.plan.rule(terms.rule), self.plan.compiled(terms.rule));
        let whose = &own.whose;
        if let (Some(counter), Some(tiers), Some(at)) = (compiled.tier, &rule.tiers, terms.tier) {
            match tiers.by {
                Measure::Count => tally.count_once(counter, whose),
                Measure::Revenue => tally.add(counter, whose, at.adds),
                Measure::Commission => tally.add(counter, whose, paid),
            }
        }
        if let Some(once) = compiled.once {
            tally.count_once(once, whose);
        }
        if let Some((all, own)) = compiled.first
            && tally.now(own, whose) == 0
        {
            tally.add(own, whose, 1);
            tally.add(all, whose, 1);
        }
        for (_, _, at) in caps::of_rule(self.plan, terms.rule) {
            let add = caps::adds(&at.cap, paid);
            if add != 0 {
                tally.add(at.counter, whose, add);
            }
        }
    }

    /// Retroactive tiers that stand higher now than for the conversion before this one.
    fn crossed(&self, parties: &[Party], tally: &mut Tally<'_>) -> Vec<Crossed> {
        let mut crossed: Vec<Crossed> = Vec::new();
        let all = parties.iter().flat_map(|own| own.terms.iter().map(move |terms| (own, terms)));
        for (own, terms) in all {
            let rule = self.plan.rule(terms.rule);
            let Some(tiers) = rule.tiers.as_ref().filter(|it| it.mode == TierMode::Retroactive)
            else {
                continue;
            };
            let Some(counter) = self.plan.compiled(terms.rule).tier else { continue };
            let (before, now) = (tally.before(counter, &own.whose), tally.now(counter, &own.whose));
            let step = |total| match tiers.by {
                Measure::Count => step_of_count(tiers, total),
                Measure::Revenue | Measure::Commission => step_above(tiers, total),
            };
            let Some(key) = own.whose.key(self.plan.counter(counter)) else { continue };
            let (rule, from, to) = (terms.rule, step(before), step(now));
            let known = |it: &Crossed| it.key == key && it.rule == rule;
            if before > 0 && to > from && !crossed.iter().any(known) {
                crossed.push(Crossed { rule, key, from, step: to });
            }
        }
        crossed
    }

    /// The facts with what the plan looked at; none more where it looked at nothing.
    fn facts_of(
        &self,
        looked: &Arc<[(Field, FactValue)]>,
        asked: Vec<(u16, i64)>,
    ) -> ConversionFacts {
        let mut facts = self.facts.clone();
        let amounts = self.plan.reads().amounts.then_some(self.amounts);
        let name =
            |(counter, before): (u16, i64)| (self.plan.counter(counter).name.clone(), before);
        let more = MoreFacts {
            values: Arc::clone(looked),
            items: Arc::clone(&self.items),
            amounts,
            counters: asked.into_iter().map(name).collect(),
        };
        let nothing =
            more.values.is_empty() && more.counters.is_empty() && !self.plan.looks_further();
        facts.more = (!nothing).then(|| Arc::new(more));
        facts
    }
}

fn parties_of(parties: &[Party]) -> impl Iterator<Item = (CreditInput, Whose)> + Clone {
    parties.iter().map(|party| (party.credit, party.whose))
}
