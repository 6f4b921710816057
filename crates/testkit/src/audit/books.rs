//! What is owed, kept as things happen.

use std::collections::{BTreeMap, HashMap};

use super::amount::{Ratio, Rounding, part_of};
use super::rule::{self, Plan, Rule, Step, TierBy};
use super::totals::Totals;
use super::{AuditedPartner, Fact, Key, Owed, Sort, calendar};

#[derive(Debug, Default, Clone, Copy)]
struct Customer {
    payments: i128,
    leads: i128,
    first_day: Option<i32>,
}

impl Customer {
    const fn seen(self) -> (i128, i128, Option<i32>) {
        (self.payments, self.leads, self.first_day)
    }
}

/// What a conversion earned by one rule, or by a bonus.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) conversion: [u8; 16],
    pub(super) partner: String,
    pub(super) rule: String,
    pub(super) sort: Sort,
    pub(super) plan: usize,
    pub(super) amount: i128,
    pub(super) back: i128,
    /// What steps added later, and what of each was taken back.
    pub(super) raises: Vec<(i128, i128)>,
    pub(super) declined: bool,
    pub(super) fact: Fact,
    /// The day of the customer's first payment before it.
    pub(super) first_day: Option<i32>,
    /// The customer has left, and whether too early.
    pub(super) left: Option<bool>,
    /// The step that pays it, and what the sale added to the tiers' counter.
    step: Option<usize>,
    revenue: i128,
    refunded: i128,
}

impl Line {
    pub(super) fn owed(&self) -> Vec<Owed> {
        let one = |sort, amount, back| Owed {
            conversion: self.conversion,
            partner: self.partner.clone(),
            rule: self.rule.clone(),
            sort,
            amount,
            back,
        };
        let mut all = vec![one(self.sort, self.amount, self.back)];
        all.extend(self.raises.iter().map(|(amount, back)| one(Sort::Tier, *amount, *back)));
        all
    }

    pub(super) fn taken(&self) -> i128 {
        self.back + self.raises.iter().map(|(_, back)| back).sum::<i128>()
    }

    pub(super) fn booked(&self) -> i128 {
        self.amount + self.raises.iter().map(|(amount, _)| amount).sum::<i128>()
    }

    fn is_open(&self) -> bool {
        !self.declined && self.back < self.amount
    }
}

pub(super) struct Books<'a> {
    pub(super) plans: Vec<(i64, Plan)>,
    partners: &'a BTreeMap<String, AuditedPartner>,
    counters: HashMap<Key, i128>,
    customers: HashMap<String, Customer>,
    pub(super) lines: Vec<Line>,
    /// What partners have come to, but for commission.
    pub(super) seen: HashMap<String, Totals>,
    /// Who was credited with which payment.
    pub(super) whose: HashMap<[u8; 16], String>,
}

impl<'a> Books<'a> {
    pub(super) fn new(partners: &'a BTreeMap<String, AuditedPartner>) -> Self {
        Self {
            plans: Vec::new(),
            partners,
            counters: HashMap::new(),
            customers: HashMap::new(),
            lines: Vec::new(),
            seen: HashMap::new(),
            whose: HashMap::new(),
        }
    }

    fn stands(&self, key: &Key) -> i128 {
        self.counters.get(key).copied().unwrap_or(0)
    }

    fn add(&mut self, key: Key, add: i128) {
        *self.counters.entry(key).or_insert(0) += add;
    }

    pub(super) fn book(&mut self, fact: &Fact) -> Result<(), String> {
        let customer = fact
            .customer
            .as_ref()
            .and_then(|id| self.customers.get(id))
            .copied()
            .unwrap_or_default();
        let version = self.plans.iter().rposition(|(from, _)| *from <= fact.at);
        if let (Some(version), Some(partner)) = (version, fact.partner.clone()) {
            let plan = self.plans[version].1.clone();
            self.pay(version, &plan, fact, &partner, customer)?;
        }
        if let Some(partner) = &fact.partner {
            self.see(fact, partner, customer.payments == 0);
        }
        if let Some(id) = &fact.customer {
            let known = self.customers.entry(id.clone()).or_default();
            if fact.payment {
                known.payments += 1;
                known.first_day.get_or_insert(fact.day);
            } else {
                known.leads += 1;
            }
        }
        Ok(())
    }

    fn pay(
        &mut self,
        version: usize,
        plan: &Plan,
        fact: &Fact,
        partner: &str,
        customer: Customer,
    ) -> Result<(), String> {
        let chosen = self.chosen(plan, fact, partner, customer)?;
        // Everything is chosen and priced by what counters stood at before.
        let mut priced = Vec::new();
        for rule in &chosen {
            priced.push(self.priced(plan, rule, fact, partner, customer)?);
        }
        let mut crossed = Vec::new();
        // Limits of the order, and of a customer whom nobody knows, as far as they are used.
        let mut own: HashMap<String, i128> = HashMap::new();
        let first_line = self.lines.len();
        for (rule, (amount, step, revenue)) in chosen.iter().zip(priced) {
            let (paid, counts) = self.capped(plan, rule, fact, partner, amount, &mut own);
            let tier = rule.tiers.as_ref().map(|it| (it, tier_key(rule, partner, fact.day)));
            let before = tier.as_ref().map_or(0, |(_, key)| self.stands(key));
            if amount > 0 {
                self.count(rule, fact, partner, paid, revenue);
                for (key, add) in counts {
                    self.add(key, add);
                }
            }
            if let Some((tiers, key)) = tier {
                let (was, is) = (tiers.stands_at(before), tiers.stands_at(self.stands(&key)));
                if tiers.retroactive && before > 0 && is > was {
                    crossed.push((rule.clone(), key, (was, is)));
                }
            }
            if paid > 0 {
                self.lines.push(Line {
                    conversion: fact.id,
                    partner: partner.to_owned(),
                    rule: rule.id.clone(),
                    sort: Sort::Rule,
                    plan: version,
                    amount: paid,
                    back: 0,
                    raises: Vec::new(),
                    declined: false,
                    fact: fact.clone(),
                    first_day: customer.first_day,
                    left: None,
                    step,
                    revenue,
                    refunded: 0,
                });
            }
        }
        self.bonuses(version, plan, fact, partner, first_line);
        for (rule, key, steps) in crossed {
            self.raise(version, plan, &rule, &key, steps, fact.id)?;
        }
        Ok(())
    }

    /// The rules that pay, those of the closest level.
    fn chosen(
        &self,
        plan: &Plan,
        fact: &Fact,
        partner: &str,
        customer: Customer,
    ) -> Result<Vec<Rule>, String> {
        let about = self.partners.get(partner).cloned().unwrap_or_default();
        let mut matching = Vec::new();
        for rule in plan.in_order(&fact.event) {
            let once = rule.once_per.map(|per| {
                let whose = fact.customer.clone().unwrap_or_default();
                (format!("{} once", rule.id), whose, calendar::begins(per, fact.day))
            });
            let used = fact.customer.is_some() && once.is_some_and(|key| self.stands(&key) > 0);
            let full = rule.first_customers.is_some_and(|most| {
                let own = (
                    format!("{} in", rule.id),
                    fact.customer.clone().unwrap_or_default(),
                    i32::MIN,
                );
                let all = (format!("{} customers", rule.id), partner.to_owned(), i32::MIN);
                let known = fact.customer.is_some() && self.stands(&own) > 0;
                !known && self.stands(&all) >= most
            });
            let totals = || self.totals(partner);
            if rule.applies(fact, partner, &about, customer.seen(), &totals)? && !used && !full {
                matching.push(rule.clone());
            }
        }
        let closest = matching.iter().filter(|it| !it.on_top).map(|it| it.level).min();
        let mut compete: Vec<Rule> =
            matching.iter().filter(|it| !it.on_top && Some(it.level) == closest).cloned().collect();
        match plan.several.as_str() {
            "first" => compete.truncate(1),
            "best" => {
                let mut best: Option<(i128, Rule)> = None;
                for rule in compete {
                    let (amount, ..) = self.priced(plan, &rule, fact, partner, customer)?;
                    if best.as_ref().is_none_or(|(most, _)| amount > *most) {
                        best = Some((amount, rule));
                    }
                }
                compete = best.into_iter().map(|(_, rule)| rule).collect();
            }
            _ => {}
        }
        let keeps = |it: &Rule| it.on_top || compete.iter().any(|of| of.id == it.id);
        Ok(matching.iter().filter(|it| keeps(it)).cloned().collect())
    }

    /// What a rule comes to before limits, its step, and what it adds to a counter of revenue.
    fn priced(
        &self,
        plan: &Plan,
        rule: &Rule,
        fact: &Fact,
        partner: &str,
        customer: Customer,
    ) -> Result<(i128, Option<usize>, i128), String> {
        let Some(tiers) = &rule.tiers else {
            let amount = rule.by_age(fact.day, customer.first_day);
            return Ok((rule.comes_to(amount, fact, plan.rounding)?, None, 0));
        };
        let before = self.stands(&tier_key(rule, partner, fact.day));
        let revenue = match tiers.by {
            TierBy::Revenue => rule.revenue(fact)?,
            TierBy::Count | TierBy::Commission => 0,
        };
        let step = match (tiers.by, tiers.retroactive) {
            (TierBy::Count, _) => tiers.reached(before + 1),
            (TierBy::Revenue, true) => tiers.stands_at(before + revenue),
            (TierBy::Revenue, false) | (TierBy::Commission, _) => tiers.reached(before),
        };
        let spans = tiers.by == TierBy::Revenue && !tiers.retroactive && rule.amount.is_percent();
        if spans && tiers.stands_at(before + revenue) > step {
            let amount = self.spanned(plan, rule, before, revenue);
            return Ok((amount, Some(step), revenue));
        }
        let amount = rule.comes_to(tiers.amount(rule, step), fact, plan.rounding)?;
        Ok((amount, Some(step), revenue))
    }

    /// A sale that lies over several steps, unit by unit of its edges.
    fn spanned(&self, plan: &Plan, rule: &Rule, before: i128, revenue: i128) -> i128 {
        let tiers = rule.tiers.as_ref();
        let steps: &[Step] = tiers.map_or(&[], |it| &it.steps);
        let mut sum = Ratio::of(0);
        let mut from = before;
        let after = before + revenue;
        for (place, edge) in
            steps.iter().map(|it| it.from).chain(std::iter::once(i128::MAX)).enumerate()
        {
            let end = edge.min(after);
            if end > from {
                let amount = tiers.map_or(&rule.amount, |it| it.amount(rule, place));
                sum = sum + amount.of_base(end - from);
                from = end;
            }
        }
        let minor = sum.round(plan.rounding);
        minor.max(rule.minimum.unwrap_or(0)).min(rule.maximum.unwrap_or(i128::MAX))
    }

    /// What limits leave of an amount, and what it adds to them.
    fn capped(
        &self,
        plan: &Plan,
        rule: &Rule,
        fact: &Fact,
        partner: &str,
        amount: i128,
        own: &mut HashMap<String, i128>,
    ) -> (i128, Vec<(Key, i128)>) {
        let caps = rule::caps(rule, plan, partner, fact);
        let mut left = amount;
        for (cap, key) in &caps {
            let stands = match key {
                Some(key) => self.stands(key),
                None => own.get(&cap.name).copied().unwrap_or(0),
            };
            let allowed = match (cap.amount, cap.count) {
                (Some(most), _) => (most - stands).max(0),
                (None, Some(most)) if stands >= most => 0,
                _ => i128::MAX,
            };
            left = left.min(allowed);
        }
        let mut adds = Vec::new();
        for (cap, key) in caps.into_iter().filter(|_| amount > 0) {
            let add = if cap.amount.is_some() { left } else { i128::from(left > 0) };
            match key {
                Some(key) => adds.push((key, add)),
                None => *own.entry(cap.name).or_insert(0) += add,
            }
        }
        (left, adds)
    }

    fn count(&mut self, rule: &Rule, fact: &Fact, partner: &str, paid: i128, revenue: i128) {
        if let Some(tiers) = &rule.tiers {
            let add = match tiers.by {
                TierBy::Count => 1,
                TierBy::Revenue => revenue,
                TierBy::Commission => paid,
            };
            self.add(tier_key(rule, partner, fact.day), add);
        }
        let Some(customer) = fact.customer.clone() else {
            if rule.first_customers.is_some() {
                self.add((format!("{} customers", rule.id), partner.to_owned(), i32::MIN), 1);
            }
            return;
        };
        if let Some(per) = rule.once_per {
            let key =
                (format!("{} once", rule.id), customer.clone(), calendar::begins(per, fact.day));
            self.add(key, 1);
        }
        if rule.first_customers.is_some() {
            let own = (format!("{} in", rule.id), customer, i32::MIN);
            if self.stands(&own) == 0 {
                self.add(own, 1);
                self.add((format!("{} customers", rule.id), partner.to_owned(), i32::MIN), 1);
            }
        }
    }

    fn bonuses(&mut self, version: usize, plan: &Plan, fact: &Fact, partner: &str, first: usize) {
        for bonus in plan.bonuses.iter().filter(|it| it.events.contains(&fact.event)) {
            let earned = self.lines[first..].iter().filter(|it| it.sort == Sort::Rule);
            let add = match bonus.by {
                TierBy::Count => 1,
                TierBy::Revenue => fact.gross.unwrap_or(0),
                TierBy::Commission => earned.map(|it| it.amount).sum(),
            };
            let key = (
                format!("{} bonus", bonus.id),
                partner.to_owned(),
                calendar::begins(bonus.per, fact.day),
            );
            let before = self.stands(&key);
            self.add(key, add);
            let reached = |total: i128| {
                let times = total.max(0) / bonus.at;
                if bonus.repeats { times } else { times.min(1) }
            };
            let times = reached(before + add) - reached(before);
            if times > 0 {
                self.lines.push(Line {
                    conversion: fact.id,
                    partner: partner.to_owned(),
                    rule: bonus.id.clone(),
                    sort: Sort::Bonus,
                    plan: version,
                    amount: bonus.each * times,
                    back: 0,
                    raises: Vec::new(),
                    declined: false,
                    fact: fact.clone(),
                    first_day: None,
                    left: None,
                    step: None,
                    revenue: 0,
                    refunded: 0,
                });
            }
        }
    }

    /// A step is reached: what was earned before in the period is brought to it.
    fn raise(
        &mut self,
        version: usize,
        plan: &Plan,
        rule: &Rule,
        key: &Key,
        (was, to): (usize, usize),
        own: [u8; 16],
    ) -> Result<(), String> {
        let Some(tiers) = rule.tiers.clone() else { return Ok(()) };
        for place in 0..self.lines.len() {
            let it = &self.lines[place];
            let here = it.sort == Sort::Rule
                && it.plan == version
                && it.rule == rule.id
                && it.conversion != own
                && it.is_open()
                && it.left != Some(true)
                && tier_key(rule, &it.partner, it.fact.day) == *key;
            let Some(from) = it.step.filter(|_| here) else { continue };
            let at = |step| rule.comes_to(tiers.amount(rule, step), &it.fact, plan.rounding);
            let mut more = at(to)? - at(from.max(was))?;
            if it.refunded > 0 {
                let gross = it.fact.gross.unwrap_or(0);
                more = Ratio::new(more * (gross - it.refunded), gross).round(Rounding::HalfEven);
            }
            let (fact, partner) = (it.fact.clone(), it.partner.clone());
            let lines = self
                .lines
                .iter()
                .filter(|of| of.conversion == fact.id && of.sort == Sort::Rule && !of.declined);
            let of_rule = lines.clone().filter(|of| of.rule == rule.id);
            let of_rule: i128 = of_rule.map(Line::booked).sum();
            let of_all: i128 = lines.map(Line::booked).sum();
            let caps = rule::caps(rule, plan, &partner, &fact);
            if more > 0 {
                for (cap, key) in caps.iter().filter(|(cap, _)| cap.amount.is_some()) {
                    let stands = match key {
                        Some(key) => self.stands(key),
                        None if cap.of_plan => of_all,
                        None => of_rule,
                    };
                    more = more.min((cap.amount.unwrap_or(0) - stands).max(0));
                }
            }
            // What a limit keeps of a step is not made up for at a later one.
            if more == 0 {
                continue;
            }
            self.lines[place].step = Some(to);
            for (cap, key) in caps {
                if let (Some(_), Some(key)) = (cap.amount, key) {
                    self.add(key, more);
                }
            }
            self.lines[place].raises.push((more, 0));
        }
        Ok(())
    }

    pub(super) fn give_back(&mut self, id: [u8; 16], amount: i128) -> Result<(), String> {
        self.unsee(id, amount);
        for place in 0..self.lines.len() {
            let it = &self.lines[place];
            if it.conversion != id || it.sort != Sort::Rule {
                continue;
            }
            let plan = self.plans[it.plan].1.clone();
            let gross = it.fact.gross.unwrap_or(0);
            let (before, after) = (it.refunded, it.refunded + amount);
            let departed = it.left.is_some();
            let share = |own: i128, left: i128, rounding| {
                if gross == before {
                    return left;
                }
                if departed {
                    return part_of(left, amount, gross - before, rounding);
                }
                let part =
                    part_of(own, after, gross, rounding) - part_of(own, before, gross, rounding);
                part.min(left)
            };
            let line = &mut self.lines[place];
            let mut taken = 0;
            if !line.declined {
                taken = share(line.amount, line.amount - line.back, plan.rounding);
                line.back += taken;
            }
            for (own, back) in &mut line.raises {
                let part = share(*own, *own - *back, Rounding::HalfEven);
                *back += part;
                taken += part;
            }
            line.refunded = after;
            // What the sale brought has left the tiers when it was declined.
            let span = (!line.declined).then_some((before, after, gross));
            self.returned(place, taken, span)?;
        }
        Ok(())
    }

    /// Counters get amounts back, not places. `span` is what was refunded before and after, of
    /// what; none, if nothing of the sale itself comes back.
    pub(super) fn returned(
        &mut self,
        place: usize,
        taken: i128,
        span: Option<(i128, i128, i128)>,
    ) -> Result<(), String> {
        let it = &self.lines[place];
        let plan = self.plans[it.plan].1.clone();
        let found = plan.rules.iter().find(|rule| rule.id == it.rule);
        let rule = found.ok_or_else(|| format!("no rule {}", it.rule))?.clone();
        let (fact, partner, revenue) = (it.fact.clone(), it.partner.clone(), it.revenue);
        for (cap, key) in rule::caps(&rule, &plan, &partner, &fact) {
            if let (Some(_), Some(key)) = (cap.amount, key) {
                self.add(key, -taken);
            }
        }
        if let Some(tiers) = &rule.tiers {
            let less = match (tiers.by, span) {
                (TierBy::Count, _) | (TierBy::Revenue, None) => 0,
                (TierBy::Commission, _) => taken,
                (TierBy::Revenue, Some((.., 0))) => revenue,
                (TierBy::Revenue, Some((before, after, gross))) => {
                    let part = |of| part_of(revenue, of, gross, Rounding::Down);
                    part(after) - part(before)
                }
            };
            self.add(tier_key(&rule, &partner, fact.day), -less);
        }
        Ok(())
    }

    /// A person declines what is left of a conversion's lines: to counters it is given back.
    pub(super) fn decline(&mut self, id: [u8; 16]) -> Result<(), String> {
        for place in 0..self.lines.len() {
            let line = &mut self.lines[place];
            if line.conversion != id || line.sort != Sort::Rule || line.declined {
                continue;
            }
            let gross = line.fact.gross.unwrap_or(0);
            let taken = line.amount - line.back;
            line.declined = true;
            line.back = line.amount;
            let span = (line.refunded, gross.max(line.refunded), gross);
            self.returned(place, taken, Some(span))?;
        }
        Ok(())
    }

    /// No limit in money was ever passed.
    pub(super) fn caps_hold(&self) -> Result<(), String> {
        let mut sums: HashMap<Key, (i128, i128)> = HashMap::new();
        let mut orders: HashMap<([u8; 16], String), (i128, i128)> = HashMap::new();
        for it in self.lines.iter().filter(|it| it.sort == Sort::Rule) {
            let plan = &self.plans[it.plan].1;
            let Some(rule) = plan.rules.iter().find(|rule| rule.id == it.rule) else { continue };
            let left = it.booked() - it.taken();
            for (cap, key) in rule::caps(rule, plan, &it.partner, &it.fact) {
                let Some(most) = cap.amount else { continue };
                if let Some(key) = key {
                    // Another version can have another limit: the larger one holds for both.
                    let sum = sums.entry(key).or_insert((0, most));
                    *sum = (sum.0 + left, sum.1.max(most));
                } else if !it.declined {
                    let sum = orders.entry((it.conversion, cap.name)).or_insert((0, most));
                    sum.0 += it.booked();
                }
            }
        }
        if let Some((key, (sum, most))) = orders.into_iter().find(|(_, (sum, most))| sum > most) {
            return Err(format!("the order {key:?} comes to {sum}, above {most}"));
        }
        match sums.into_iter().find(|(_, (sum, most))| sum > most) {
            Some((key, (sum, most))) => Err(format!("{key:?} comes to {sum}, above {most}")),
            None => Ok(()),
        }
    }
}

fn tier_key(rule: &Rule, partner: &str, day: i32) -> Key {
    let tiers = rule.tiers.as_ref();
    let whose = match tiers {
        Some(tiers) if tiers.of_program => String::new(),
        _ => partner.to_owned(),
    };
    let since = tiers.map_or(i32::MIN, |tiers| calendar::begins(tiers.per, day));
    (format!("{} tier", rule.id), whose, since)
}
