use std::fmt;
use std::sync::Arc;

use tributary_kernel::{FieldError, PlanId};
use tributary_money::{Currency, Rounding};

use super::{
    Amount, Base, Cap, CapOf, Checks, Condition, EventName, Field, KnownField, Measure, OnceOf,
    Operand, Operator, Period, PlanDocument, PlanHash, PlanWarning, Rule, RuleId, Scope, Several,
    Sources, TierOf, validate,
};

/// One version of a plan, checked against its program and ready to evaluate. Made once and shared.
#[derive(Debug, Clone)]
pub struct CompiledPlan {
    id: PlanId,
    hash: PlanHash,
    currency: Currency,
    document: PlanDocument,
    warnings: Vec<PlanWarning>,
    rules: Vec<CompiledRule>,
    fields: Vec<Field>,
    counters: Vec<CounterSpec>,
    caps: Vec<CapAt>,
    /// Of each bonus, its counter.
    bonuses: Vec<u16>,
    /// Of each event, the places of its rules in the order of precedence.
    events: Vec<(EventName, Vec<u16>)>,
    reads: Reads,
}

/// What evaluating needs besides the document.
#[derive(Debug, Clone)]
pub(crate) struct CompiledRule {
    /// 0 for a partnership, 1 for a group, 2 for a campaign, 3 for everybody.
    pub(crate) level: u8,
    /// The more, the more specific.
    pub(crate) tests: u16,
    pub(crate) scope: Option<Checks>,
    pub(crate) option: Option<Checks>,
    pub(crate) when: Option<Checks>,
    pub(crate) tier: Option<u16>,
    pub(crate) once: Option<u16>,
    /// The customers that were let in, and whether this one was.
    pub(crate) first: Option<(u16, u16)>,
    pub(crate) caps: Vec<CapAt>,
    /// The field of the lead's grade.
    pub(crate) grade: Option<u16>,
}

/// A cap and its counter.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CapAt {
    pub(crate) cap: Cap,
    pub(crate) counter: u16,
}

/// The name of a counter within a plan, kept from version to version: `sale/tier`,
/// `plan/cap/0`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CounterName(pub(crate) Arc<str>);

impl CounterName {
    /// Its text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CounterName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl serde::Serialize for CounterName {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> serde::Deserialize<'de> for CounterName {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        Ok(Self(text.as_ref().into()))
    }
}

/// A counter of the plan.
#[derive(Debug, Clone)]
pub(crate) struct CounterSpec {
    pub(crate) name: CounterName,
    pub(crate) of: SpecOf,
    pub(crate) per: Period,
}

/// Whose a counter is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SpecOf {
    Program,
    Partner,
    Customer,
    Company,
    /// Of one conversion: nothing is kept.
    Order,
}

/// What a plan looks at, so that a record keeps no more.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Reads {
    /// Lines of orders.
    pub(crate) items: bool,
    /// The partner or the partnership, so that those credited can differ.
    pub(crate) partner: bool,
    /// Amounts beyond the base that a record keeps in any case.
    pub(crate) amounts: bool,
}

#[derive(Default)]
struct Making {
    sources: Sources,
    counters: Vec<CounterSpec>,
}

impl Making {
    fn counter(&mut self, name: String, of: SpecOf, per: Period) -> u16 {
        let same = |spec: &CounterSpec| spec.name.as_str() == name;
        let place = self.counters.iter().position(same).unwrap_or_else(|| {
            self.counters.push(CounterSpec { name: CounterName(name.into()), of, per });
            self.counters.len() - 1
        });
        u16::try_from(place).expect("a plan has fewer counters than that")
    }

    fn caps(&mut self, whose: &str, caps: &[Cap]) -> Vec<CapAt> {
        let at = |(place, cap): (usize, &Cap)| {
            let of = match cap.of {
                CapOf::Order => SpecOf::Order,
                CapOf::Customer => SpecOf::Customer,
                CapOf::Partner => SpecOf::Partner,
                CapOf::Program => SpecOf::Program,
            };
            CapAt { cap: *cap, counter: self.counter(format!("{whose}/cap/{place}"), of, cap.per) }
        };
        caps.iter().enumerate().map(at).collect()
    }

    fn rule(&mut self, rule: &Rule) -> CompiledRule {
        let id = &rule.id;
        let one =
            |field, text: String| Condition::test(field, Operator::Equals, Operand::Text(text));
        let (level, scope) = match &rule.scope {
            None => (3, None),
            Some(Scope::Campaign(name)) => (2, Some(one(KnownField::Campaign, name.clone()))),
            Some(Scope::Group(name)) => (1, Some(one(KnownField::PartnerGroup, name.clone()))),
            Some(Scope::Partnership(id)) => (0, Some(one(KnownField::Partnership, id.to_string()))),
        };
        let scope = scope.map(|scope| Checks::of(&scope, &mut self.sources));
        let option = rule.option.as_ref().map(|option| {
            let test = one(KnownField::PartnerOption, option.to_string());
            Checks::of(&test, &mut self.sources)
        });
        let when = rule.when.as_ref().map(|when| Checks::of(when, &mut self.sources));
        let tests = when.as_ref().map_or(0, |when| when.tests) + u16::from(option.is_some());
        let of = |of| match of {
            TierOf::Partner => SpecOf::Partner,
            TierOf::Program => SpecOf::Program,
        };
        let tier = rule.tiers.as_ref().map(|tiers| {
            let name = format!("{}/tier", tiers.counter.as_ref().unwrap_or(id));
            self.counter(name, of(tiers.of), tiers.per)
        });
        let once = rule.once_per.map(|once| {
            let of = match once.of {
                OnceOf::Company => SpecOf::Company,
                OnceOf::Customer => SpecOf::Customer,
            };
            self.counter(format!("{id}/once"), of, once.per)
        });
        let first = rule.first_customers.map(|first| {
            let all = self.counter(format!("{id}/customers"), of(first.of), Period::Life);
            (all, self.counter(format!("{id}/customer"), SpecOf::Customer, Period::Life))
        });
        let caps = self.caps(id.as_str(), &rule.caps);
        let grade = (!rule.grades.is_empty()).then(|| self.sources.slot(&KnownField::Grade.into()));
        CompiledRule { level, tests, scope, option, when, tier, once, first, caps, grade }
    }
}

impl CompiledPlan {
    /// Checks a document for a program of that currency.
    ///
    /// # Errors
    /// As [`validate`].
    pub fn new(
        id: PlanId,
        document: PlanDocument,
        program_currency: Currency,
    ) -> Result<Self, Vec<FieldError>> {
        let warnings = validate(&document, program_currency)?;
        let hash = document.hash();
        let mut making = Making::default();
        let rules: Vec<_> = document.rules.iter().map(|rule| making.rule(rule)).collect();
        let caps = making.caps("plan", &document.caps);
        let bonus = |bonus: &super::Bonus| {
            making.counter(format!("{}/bonus", bonus.id), SpecOf::Partner, bonus.per)
        };
        let bonuses = document.bonuses.iter().map(bonus).collect();
        let fields = making.sources.fields;
        let reads = Reads::of(&document, &rules, &fields);
        Ok(Self {
            id,
            hash,
            currency: program_currency,
            events: by_event(&document, &rules),
            document,
            warnings,
            rules,
            fields,
            counters: making.counters,
            caps,
            bonuses,
            reads,
        })
    }

    /// The plan version.
    #[must_use]
    pub const fn id(&self) -> PlanId {
        self.id
    }

    /// The identity of its document.
    #[must_use]
    pub const fn hash(&self) -> PlanHash {
        self.hash
    }

    /// The currency of everything it pays.
    #[must_use]
    pub const fn currency(&self) -> Currency {
        self.currency
    }

    /// How its amounts are rounded.
    #[must_use]
    pub const fn rounding(&self) -> Rounding {
        self.document.rounding
    }

    /// What it was made of.
    #[must_use]
    pub const fn document(&self) -> &PlanDocument {
        &self.document
    }

    /// What a person should have confirmed.
    #[must_use]
    pub fn warnings(&self) -> &[PlanWarning] {
        &self.warnings
    }

    /// Its rules, in the order of the document.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.document.rules
    }

    /// The place of a rule.
    #[must_use]
    pub fn place_of(&self, id: &RuleId) -> Option<u16> {
        let place = self.document.rules.iter().position(|rule| rule.id == *id)?;
        u16::try_from(place).ok()
    }

    /// Places of the rules for an event in the order of precedence.
    pub(crate) fn order(&self, event: &EventName) -> &[u16] {
        let found = self.events.iter().find(|(name, _)| name == event);
        found.map_or(&[], |(_, order)| order)
    }

    pub(crate) fn compiled(&self, place: u16) -> &CompiledRule {
        &self.rules[usize::from(place)]
    }

    pub(crate) fn rule(&self, place: u16) -> &Rule {
        &self.document.rules[usize::from(place)]
    }

    pub(crate) fn counter(&self, place: u16) -> &CounterSpec {
        &self.counters[usize::from(place)]
    }

    pub(crate) fn counters(&self) -> &[CounterSpec] {
        &self.counters
    }

    /// What conditions ask about, in the order of a conversion's values.
    pub(crate) fn fields(&self) -> &[Field] {
        &self.fields
    }

    pub(crate) fn caps(&self) -> &[CapAt] {
        &self.caps
    }

    pub(crate) fn bonus_counter(&self, place: usize) -> u16 {
        self.bonuses[place]
    }

    /// Whether records keep lines of orders or amounts.
    pub(crate) const fn looks_further(&self) -> bool {
        self.reads.items || self.reads.amounts
    }

    pub(crate) const fn reads(&self) -> Reads {
        self.reads
    }
}

impl Reads {
    fn of(document: &PlanDocument, rules: &[CompiledRule], fields: &[Field]) -> Self {
        let items = rules.iter().any(|rule| rule.when.as_ref().is_some_and(|when| when.of_items))
            || document.rules.iter().any(|rule| rule.amounts().any(|(_, amount)| by_line(amount)));
        let known = |field: &Field| match field {
            Field::Known(field) => Some(*field),
            Field::Metadata(_) => None,
        };
        let partner = fields.iter().filter_map(known).any(KnownField::of_partner);
        let plain = |rule: &Rule| {
            let by_revenue = rule.tiers.as_ref().is_some_and(|tiers| tiers.by == Measure::Revenue);
            let mut bases = rule.amounts().filter_map(|(_, amount)| match amount {
                Amount::Percent(amount) => Some(amount),
                Amount::Fixed(_) => None,
            });
            let first = bases.next();
            let simple = first.is_none_or(|first| {
                matches!(first.of, Base::Gross | Base::Net)
                    && first.less == super::Deductions::NONE
                    && !first.one_month
            });
            let same = bases.all(|it| {
                first.is_some_and(|first| {
                    (first.of, first.less, first.one_month) == (it.of, it.less, it.one_month)
                })
            });
            simple && same && !by_revenue
        };
        let amounts =
            items || document.several == Several::Best || !document.rules.iter().all(plain);
        Self { items, partner, amounts }
    }
}

const fn by_line(amount: Amount) -> bool {
    matches!(amount, Amount::Fixed(fixed) if matches!(fixed.per, super::Per::Line))
}

/// Of each event, its rules: by level, then the most tests, then the order of the document.
fn by_event(document: &PlanDocument, rules: &[CompiledRule]) -> Vec<(EventName, Vec<u16>)> {
    let mut events: Vec<(EventName, Vec<u16>)> = Vec::new();
    for (place, rule) in (0u16..).zip(&document.rules) {
        for event in &rule.events {
            match events.iter_mut().find(|(name, _)| name == event) {
                Some((_, places)) => places.push(place),
                None => events.push((event.clone(), vec![place])),
            }
        }
    }
    for (_, places) in &mut events {
        places.sort_by_key(|&place| {
            let rule = &rules[usize::from(place)];
            (rule.level, std::cmp::Reverse(rule.tests), place)
        });
    }
    events
}
