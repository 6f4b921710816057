//! Conversions decided anew, one after the other in the order of booking.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet};

use tributary_commission::{
    CommissionRecord, CounterKey, Crossed, EventKind, GivenBack, Line, Outcome, Subjects, TierMode,
    explain, explain_not_paid, given_back, retroactive,
};
use tributary_kernel::{ConversionId, LinkId, OrganisationId, PartnershipId, ProgramId};
use tributary_money::Money;
use tributary_store::decision::{CommissionState, ConversionStatus, StoredConversion};
use tributary_store::recheck::{GivenBackAmount, PaidPart};

use super::lines::{KeptLine, Lines};
use super::outcome::{
    Compared, ComparedLine, LeftOutOfSimulation, PartnerChange, Simulation, Unpriced,
};
use super::{Page, Refunds, Setting, Simulate};
use crate::AppError;
use crate::conversion::agreement::Standing;
use crate::conversion::catalogue::kind_of;
use crate::conversion::journey::{DecidedJourney, amount_reported, event_of};
use crate::conversion::price::price;
use crate::conversion::redecide::Again;
use crate::conversion::totals::{self, Refunded};
use crate::conversion::verdict::Verdict;
use crate::conversion::world::{ProgramWorld, World};
use crate::explain::credit_facts;

/// What partnerships and the period come to.
#[derive(Debug, Default)]
struct Sums {
    partners: HashMap<PartnershipId, (i64, i64)>,
    conversions: u64,
    customers: u64,
    revenue: i64,
    paid_now: u64,
    paid_then: u64,
}

/// A conversion of which something will be refunded.
struct Sale {
    decided: DecidedJourney,
    kind: EventKind,
    amount: i64,
    refunded: i64,
}

/// A conversion on its way, first in the order of booking first.
struct Waiting {
    seq: i64,
    it: Box<StoredConversion>,
    paid: Vec<PaidPart>,
    path: Option<String>,
}

impl PartialEq for Waiting {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Waiting {}

impl PartialOrd for Waiting {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Waiting {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.seq, self.it.id).cmp(&(other.seq, other.it.id))
    }
}

/// See the module.
pub(super) struct Replay {
    owner: OrganisationId,
    of: ProgramId,
    program: ProgramWorld,
    world: World,
    asks_link: bool,
    /// A step can raise one line of a conversion, bounded by what the others have.
    keeps_lines: bool,
    from: tributary_kernel::Timestamp,
    answer: Simulation,
    explain: Option<ConversionId>,
    held_back: usize,
    waiting: BinaryHeap<Reverse<Waiting>>,
    /// The place of the last one that was decided.
    at: i64,
    disordered: bool,
    refunds: std::iter::Peekable<std::vec::IntoIter<GivenBackAmount>>,
    refunded: HashSet<ConversionId>,
    lines: Lines,
    sums: Sums,
    /// What will be refunded, where totals of partners are kept.
    sales: HashMap<ConversionId, Sale>,
}

impl Replay {
    pub(super) fn new(
        setting: &Setting,
        world: World,
        refunds: Refunds,
        input: &Simulate,
        held_back: usize,
    ) -> Self {
        let plan = &setting.plan;
        let answer = Simulation {
            program: input.program,
            currency: plan.currency(),
            from: input.from,
            until: input.until,
            plan_name: plan.document().name.clone(),
            plan_hash: plan.hash(),
            warnings: plan.warnings().to_vec(),
            counted_since: setting.period.from,
            conversions: 0,
            revenue: 0,
            customers: 0,
            now: 0,
            then: 0,
            paid_now: 0,
            paid_then: 0,
            partners: Vec::new(),
            left_out: LeftOutOfSimulation::default(),
            compared: None,
        };
        let refunded = refunds.iter().map(|it| it.conversion).collect();
        Self {
            owner: input.owner,
            of: input.program,
            program: setting.program.clone(),
            world: World {
                programs: HashMap::from([(input.program, setting.program.clone())]),
                ..world
            },
            asks_link: setting.needs.link,
            keeps_lines: plan.rules().iter().any(|rule| {
                rule.tiers.as_ref().is_some_and(|tiers| tiers.mode == TierMode::Retroactive)
            }),
            from: setting.from,
            answer,
            explain: input.explain,
            held_back,
            waiting: BinaryHeap::new(),
            at: i64::MIN,
            disordered: false,
            refunds: refunds.into_iter().peekable(),
            refunded,
            lines: Lines::default(),
            sums: Sums::default(),
            sales: HashMap::new(),
        }
    }

    /// Takes a page, and decides what is far enough behind its end.
    pub(super) fn take(mut self, page: Page) -> Result<Self, AppError> {
        let paths: HashMap<LinkId, String> = page.paths.into_iter().collect();
        let mut paid = page.paid.into_iter().peekable();
        for it in page.conversions {
            while paid.next_if(|row| row.conversion < it.id).is_some() {}
            let mut own = Vec::new();
            while let Some(row) = paid.next_if(|row| row.conversion == it.id) {
                own.push(row);
            }
            let path = match self.asks_link {
                true => DecidedJourney::of(&it)?.counted_for().1.and_then(|id| paths.get(&id)),
                false => None,
            };
            let path = path.cloned();
            let seq = it.booked_seq;
            self.waiting.push(Reverse(Waiting { seq, it: Box::new(it), paid: own, path }));
        }
        while self.waiting.len() > self.held_back && !self.disordered {
            self.next()?;
        }
        Ok(self)
    }

    /// Decides what is left and adds up; none where the order of booking was not kept.
    pub(super) fn finish(mut self) -> Result<Option<Simulation>, AppError> {
        while !self.waiting.is_empty() && !self.disordered {
            self.next()?;
        }
        if self.disordered {
            return Ok(None);
        }
        self.refund_before(i64::MAX)?;
        let mut answer = self.answer;
        let sums = self.sums;
        if let Some(compared) = &mut answer.compared {
            for line in compared.then.iter_mut().filter(|line| line.explanation.is_some()) {
                line.raised = self.lines.raised(compared.conversion, line.partnership);
            }
        }
        (answer.conversions, answer.customers) = (sums.conversions, sums.customers);
        (answer.paid_now, answer.paid_then) = (sums.paid_now, sums.paid_then);
        answer.revenue = sums.revenue;
        for (partnership, (now, then)) in sums.partners {
            answer.now += now;
            answer.then += then;
            let Some(known) = self.world.partnerships.get(&partnership) else { continue };
            if (now, then) != (0, 0) {
                let (partner, name) = (known.partner, String::new());
                answer.partners.push(PartnerChange { partnership, partner, name, now, then });
            }
        }
        answer.partners.sort_by_key(|it| (Reverse(it.change().unsigned_abs()), it.partnership));
        Ok(Some(answer))
    }

    fn next(&mut self) -> Result<(), AppError> {
        let Some(Reverse(next)) = self.waiting.pop() else { return Ok(()) };
        if next.seq < self.at {
            self.disordered = true;
            return Ok(());
        }
        self.at = next.seq;
        self.refund_before(next.seq)?;
        self.decide(next)
    }

    /// Takes back what was refunded, and of whose customers left, before a place in the order.
    fn refund_before(&mut self, seq: i64) -> Result<(), AppError> {
        while let Some(refund) = self.refunds.next_if(|it| it.booked_seq < seq) {
            let plan = &self.program.versions[0].plan;
            let terms = (plan.currency(), plan.rounding());
            let mut counted = Vec::new();
            let all = match refund.left_at {
                Some(at) => {
                    self.lines.leave(refund.conversion, plan, self.program.zone.date(at))?
                }
                None => self.lines.refund(refund.conversion, refund.amount, terms)?,
            };
            for taken in all {
                self.sums.partners.entry(taken.partnership).or_default().1 -= taken.less;
                let Some((record, whose, back)) = taken.back else { continue };
                if self.keeps_totals() {
                    let less = totals::earned(taken.partnership, -back.commission.minor);
                    counted.push((less.key, less.add));
                }
                let back = given_back(plan, &record, whose, back)
                    .map_err(|error| AppError::Corrupt(error.to_string()))?;
                counted.extend(back.into_iter().map(|it| (it.key, it.add)));
            }
            if let Some(sale) = self.sales.get_mut(&refund.conversion) {
                let (before, amount) = (sale.refunded, refund.amount);
                let of = Refunded { sale: sale.amount, before, amount };
                counted.extend(totals::refunded(&sale.decided, sale.kind, of));
                sale.refunded += amount;
            }
            self.count(counted);
        }
        Ok(())
    }

    fn keeps_totals(&self) -> bool {
        self.world.keeps_totals(self.of)
    }

    fn count(&mut self, counted: Vec<(CounterKey, i64)>) {
        let known = self.world.plan_counters.entry(self.of).or_default();
        for (key, add) in counted {
            *known.entry(key).or_insert(0) += add;
        }
    }

    fn decide(&mut self, next: Waiting) -> Result<(), AppError> {
        let Waiting { it, paid, path, .. } = next;
        let counts = it.occurred_at >= self.from;
        if it.status == ConversionStatus::Held {
            self.answer.left_out.held += u64::from(counts);
            return Ok(());
        }
        let mut decided = DecidedJourney::of(&it)?;
        if let Some(path) = path {
            decided.context.get_or_insert_default().link = Some(path);
        }
        let again = Again::of(&it)?;
        let verdict = {
            let shape = again.shape(&it, &self.program, amount_reported(&it), decided.before);
            match price(&self.world, &shape, decided, &[]) {
                Ok(verdict) => verdict,
                Err(refusal) => {
                    if counts {
                        self.unpriced(it.id, &refusal);
                    }
                    return Ok(());
                }
            }
        };
        if counts {
            self.add_now(&it, &verdict, &paid);
        }
        let company = again.asked(&it).company;
        let whose = |partnership| Subjects {
            partnership,
            customer: it.customer.map(|id| *id.as_bytes()),
            company,
        };
        self.add_then(&it, &verdict, &paid, counts, &whose);
        if self.explain == Some(it.id) && counts {
            self.answer.compared = Some(self.compared(it.id, &verdict)?);
        }
        let crossed = verdict.evaluation.as_ref().map(|it| it.crossed.clone());
        if self.keeps_totals() && self.refunded.contains(&it.id) {
            let kind = kind_of(&event_of(&it)?, !it.amount.is_zero());
            let (decided, amount) = (verdict.decided.clone(), it.amount.minor);
            self.sales.insert(it.id, Sale { decided, kind, amount, refunded: 0 });
        }
        let declined = self.declined(&it, &verdict, &paid, &whose)?;
        self.count(verdict.counted);
        self.count(declined);
        for crossed in crossed.unwrap_or_default() {
            self.reach(it.id, &crossed)?;
        }
        Ok(())
    }

    /// What a person has declined uses up no limit: as if it had been declined at once.
    fn declined(
        &self,
        it: &StoredConversion,
        verdict: &Verdict,
        paid: &[PaidPart],
        whose: &dyn Fn(PartnershipId) -> Subjects,
    ) -> Result<Vec<(CounterKey, i64)>, AppError> {
        let plan = &self.program.versions[0].plan;
        let money = |minor| Money::new(minor, plan.currency());
        let mut counted = Vec::new();
        for (partnership, commission, record) in rows_of(verdict) {
            if !is_dead(paid, partnership) {
                continue;
            }
            if self.keeps_totals() {
                let less = totals::earned(partnership, -commission.minor);
                counted.push((less.key, less.add));
            }
            let Some(record) = record else { continue };
            let sale = money(it.amount.minor.max(1));
            let back = GivenBack { commission, sale, refunded_before: money(0), refund: sale };
            let back = given_back(plan, record, whose(partnership), back)
                .map_err(|error| AppError::Corrupt(error.to_string()))?;
            counted.extend(back.into_iter().map(|it| (it.key, it.add)));
        }
        Ok(counted)
    }

    fn unpriced(&mut self, id: ConversionId, refusal: &tributary_kernel::Refusal) {
        let Some(error) = refusal.errors.first() else { return };
        let all = &mut self.answer.left_out.unpriced;
        match all.iter_mut().find(|it| (it.code, &*it.pointer) == (error.code, &*error.pointer)) {
            Some(known) => known.count += 1,
            None => {
                let pointer = error.pointer.to_string();
                all.push(Unpriced { code: error.code, pointer, count: 1, first: id });
            }
        }
    }

    /// What the conversion is, and what it has earned.
    fn add_now(&mut self, it: &StoredConversion, verdict: &Verdict, paid: &[PaidPart]) {
        let sums = &mut self.sums;
        sums.conversions += 1;
        if !verdict.decided.attribution.credits.is_empty() {
            let kind = it.kind.parse().map(|event| kind_of(&event, !it.amount.is_zero()));
            let first = verdict.decided.before.is_none_or(|it| it.first_payment_at.is_none());
            sums.customers += u64::from(kind == Ok(EventKind::Sale) && first);
            sums.revenue += it.amount.minor - it.returned_amount;
        }
        let alive = |it: &&PaidPart| {
            !matches!(it.state, CommissionState::Declined | CommissionState::Reversed)
        };
        let mut any = false;
        for part in paid.iter().filter(alive) {
            let left = part.amount - part.reversed_amount;
            sums.partners.entry(part.partnership).or_default().0 += left;
            any |= left != 0;
        }
        sums.paid_now += u64::from(any);
    }

    /// What it would have earned, kept where something later can change it.
    fn add_then(
        &mut self,
        it: &StoredConversion,
        verdict: &Verdict,
        paid: &[PaidPart],
        counts: bool,
        whose: &dyn Fn(PartnershipId) -> Subjects,
    ) {
        let kept = self.refunded.contains(&it.id);
        let mut any = false;
        let rows = rows_of(verdict);
        for (partnership, amount, record) in rows {
            let dead = is_dead(paid, partnership);
            let earns = counts && !dead;
            if earns {
                self.sums.partners.entry(partnership).or_default().1 += amount.minor;
                any = true;
            }
            let plan = &self.program.versions[0].plan;
            let retroactive = record.and_then(|record| plan.place_of(&record.rule)).filter(|at| {
                let tiers = plan.rules()[usize::from(*at)].tiers.as_ref();
                tiers.is_some_and(|tiers| tiers.mode == TierMode::Retroactive)
            });
            let kept = kept || self.keeps_lines;
            if !dead && (kept || retroactive.is_some()) {
                let line = KeptLine {
                    conversion: it.id,
                    partnership,
                    record: record.cloned(),
                    whose: whose(partnership),
                    amount: amount.minor,
                    left: amount.minor,
                    raises: Vec::new(),
                    step: None,
                    sale: it.amount.minor,
                    refunded: 0,
                    left_on: None,
                    counts,
                };
                self.lines.keep(line, retroactive);
            }
        }
        let given_back = it.returned_amount >= it.amount.minor && !it.amount.is_zero();
        self.sums.paid_then += u64::from(any && !given_back);
    }

    /// Raises what was earned before, where a step of retroactive tiers was reached.
    fn reach(&mut self, own: ConversionId, crossed: &Crossed) -> Result<(), AppError> {
        let plan = &self.program.versions[0].plan;
        let (places, earlier) = self.lines.under(crossed, own, plan);
        let standing = Standing::of(&self.world, self.of, &[]);
        let (adjustments, increments) = retroactive(plan, crossed, &earlier, &standing)
            .map_err(|error| AppError::Corrupt(format!("tier of {}: {error}", plan.id())))?;
        let mut counted: Vec<_> = increments.into_iter().map(|it| (it.key, it.add)).collect();
        for it in adjustments {
            let (amount, to) = (it.amount.minor, it.record.to);
            let (partnership, more) = self.lines.raise(places[it.place], amount, to);
            self.sums.partners.entry(partnership).or_default().1 += more;
            if self.keeps_totals() {
                let more = totals::earned(partnership, amount);
                counted.push((more.key, more.add));
            }
        }
        self.count(counted);
        Ok(())
    }

    fn compared(&self, id: ConversionId, verdict: &Verdict) -> Result<Compared, AppError> {
        let plan = &self.program.versions[0].plan;
        let credit = || credit_facts(&verdict.decided);
        let mut then = Vec::new();
        for (partnership, amount, record) in rows_of(verdict) {
            let explanation = match record {
                Some(record) => Some(
                    explain(plan, record, credit(), None)
                        .map_err(|error| AppError::Corrupt(error.to_string()))?,
                ),
                None => None,
            };
            let rule = record.map_or_else(String::new, |it| it.rule.as_str().to_owned());
            then.push(ComparedLine { partnership, rule, amount, raised: 0, explanation });
        }
        let nothing = match verdict.evaluation.as_ref().map(|it| (&it.facts, &it.outcome)) {
            Some((facts, Outcome::Nothing(reason))) => {
                Some(explain_not_paid(plan, facts, credit(), reason.clone()))
            }
            _ => None,
        };
        debug_assert!(self.owner == self.program.program.owner, "one owner's alone");
        Ok(Compared { conversion: id, now: None, then, nothing })
    }
}

/// Everything that a verdict pays: of bonuses without a record.
fn rows_of(
    verdict: &Verdict,
) -> impl Iterator<Item = (PartnershipId, Money, Option<&CommissionRecord>)> {
    let lines = verdict.evaluation.as_ref().map(|it| it.lines()).unwrap_or_default();
    let recruited = verdict.recruited.iter().map(|(_, line)| line);
    let of_line = |line: &'_ Line| (line.partnership, line.amount);
    let lines = lines.iter().chain(recruited).map(move |line| {
        let (partnership, amount) = of_line(line);
        (partnership, amount, Some(&line.record))
    });
    let awards = verdict.awards.iter();
    lines.chain(awards.filter_map(|it| Some((it.partnership, it.money()?, None))))
}

/// Whether a person has decided that a partnership earns nothing of a conversion. What was
/// refunded, corrected or decided again is no such decision.
fn is_dead(paid: &[PaidPart], partnership: PartnershipId) -> bool {
    let own = || paid.iter().filter(|it| it.partnership == partnership && it.basis.is_none());
    // Not by its state alone: what was paid stays so when it is reversed.
    let gone =
        |it: &PaidPart| it.state == CommissionState::Declined || it.reversed_amount >= it.amount;
    let by_hand = |it: &PaidPart| {
        let reason = it.reason.as_deref();
        let others = ["refund", "chargeback", "left_early", "correction", "redecided"];
        it.state == CommissionState::Declined
            || (gone(it) && !reason.is_some_and(|reason| others.contains(&reason)))
    };
    own().any(by_hand) && own().all(gone)
}
