//! Counters that decide tiers, caps, firsts and bonuses. Whoever books a conversion locks them,
//! hands in what they stood at, and stores what is added.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::hash::BuildHasher;

use tributary_kernel::{LocalDate, PartnershipId, text_enum};

use crate::calendar::period_start;
use crate::plan::{CounterSpec, SpecOf};
use crate::{CompiledPlan, CounterName, EvaluationInput};

/// One counter. Its numbers are counts, or minor units of the program's currency.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CounterKey {
    /// Its name within the plan; the same in every version.
    pub name: CounterName,
    /// Whose.
    pub of: CounterOf,
    /// The first day of its period, in the program's zone; none: for ever.
    pub since: Option<LocalDate>,
}

text_enum! {
    /// What is counted of a partner for conditions, whatever the plan pays.
    pub enum PartnerTotal {
        /// Leads.
        Leads = "leads",
        /// Payments.
        Sales = "sales",
        /// Customers who paid for the first time.
        Customers = "customers",
        /// What customers paid.
        Revenue = "revenue",
        /// What was earned.
        Commission = "commission",
    }
}

/// No counter of a rule has a name with a colon.
const TOTAL: &str = "total:";
const BEGUN: &str = "begun:";

impl CounterKey {
    /// A partner's total.
    #[must_use]
    pub fn total(total: PartnerTotal, partnership: PartnershipId) -> Self {
        Self::of_partner(format!("{TOTAL}{total}"), partnership)
    }

    /// What it stood at when it began to be counted.
    #[must_use]
    pub fn begun(total: PartnerTotal, partnership: PartnershipId) -> Self {
        Self::of_partner(format!("{BEGUN}{total}"), partnership)
    }

    fn of_partner(name: String, partnership: PartnershipId) -> Self {
        let of = CounterOf::Partnership(partnership);
        Self { name: CounterName(name.into()), of, since: None }
    }

    /// Where that is kept of a total which was so before it began to be counted; none: it is no
    /// total.
    #[must_use]
    pub fn as_begun(&self) -> Option<Self> {
        let total = self.name.as_str().strip_prefix(TOTAL)?.parse().ok()?;
        match self.of {
            CounterOf::Partnership(id) => Some(Self::begun(total, id)),
            _ => None,
        }
    }

    /// The same of a stored counter, by its text.
    #[must_use]
    pub fn begun_text(text: &str) -> Option<String> {
        text.strip_prefix(TOTAL).map(|rest| format!("{BEGUN}{rest}"))
    }

    /// Whether a stored counter, by its text, is a total.
    #[must_use]
    pub fn is_total(text: &str) -> bool {
        text.starts_with(TOTAL)
    }

    /// Whether a stored counter, by its text, is of what was before counting began.
    #[must_use]
    pub fn is_begun(text: &str) -> bool {
        text.starts_with(BEGUN)
    }
}

/// Whose a counter is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CounterOf {
    /// The program's.
    Program,
    /// A partnership's.
    Partnership(PartnershipId),
    /// A customer's.
    Customer([u8; 16]),
    /// A company's.
    Company([u8; 16]),
}

/// The stored form: `sale/tier partnership pship_… 2026-01-01`.
impl fmt::Display for CounterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hex = |f: &mut fmt::Formatter<'_>, sort: &str, id: &[u8; 16]| {
            write!(f, " {sort} ")?;
            id.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
        };
        write!(f, "{}", self.name)?;
        match &self.of {
            CounterOf::Program => f.write_str(" program"),
            CounterOf::Partnership(id) => write!(f, " partnership {id}"),
            CounterOf::Customer(id) => hex(f, "customer", id),
            CounterOf::Company(id) => hex(f, "company", id),
        }?;
        self.since.map_or(Ok(()), |since| write!(f, " {since}"))
    }
}

/// What counters stood at before a conversion.
pub trait CountersBefore: fmt::Debug {
    /// Of this one; 0 when nothing was counted yet.
    fn before(&self, key: &CounterKey) -> i64;
}

/// Nothing was counted yet.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoCounters;

impl CountersBefore for NoCounters {
    fn before(&self, _: &CounterKey) -> i64 {
        0
    }
}

impl CountersBefore for BTreeMap<CounterKey, i64> {
    fn before(&self, key: &CounterKey) -> i64 {
        self.get(key).copied().unwrap_or(0)
    }
}

impl<S: BuildHasher> CountersBefore for HashMap<CounterKey, i64, S> {
    fn before(&self, key: &CounterKey) -> i64 {
        self.get(key).copied().unwrap_or(0)
    }
}

/// What a conversion adds to a counter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Increment {
    /// Which.
    pub key: CounterKey,
    /// What it stood at.
    pub before: i64,
    /// What is added; not 0.
    pub add: i64,
}

/// Whom a counter of each sort is of, in one conversion and for one partnership.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Whose {
    pub(crate) partnership: PartnershipId,
    pub(crate) customer: Option<[u8; 16]>,
    pub(crate) company: Option<[u8; 16]>,
    pub(crate) on: LocalDate,
}

impl Whose {
    /// The counter; none where it is nobody's: of an unknown customer, or of the order alone.
    pub(crate) fn key(&self, spec: &CounterSpec) -> Option<CounterKey> {
        let of = match spec.of {
            SpecOf::Order => return None,
            SpecOf::Program => CounterOf::Program,
            SpecOf::Partner => CounterOf::Partnership(self.partnership),
            SpecOf::Customer => CounterOf::Customer(self.customer?),
            SpecOf::Company => match self.company {
                Some(company) => CounterOf::Company(company),
                None => CounterOf::Customer(self.customer?),
            },
        };
        let since = period_start(spec.per, self.on);
        Some(CounterKey { name: spec.name.clone(), of, since })
    }
}

impl CompiledPlan {
    /// Every counter that deciding this conversion may ask, each once, in the order in which they
    /// are to be locked.
    #[must_use]
    pub fn counter_keys(&self, input: &EvaluationInput<'_>) -> Vec<CounterKey> {
        let on = input.zone.date(input.occurred_at);
        let mut keys: Vec<CounterKey> = Vec::new();
        for credit in input.credits {
            let whose = Whose {
                partnership: credit.partnership,
                customer: input.details.customer,
                company: input.details.company,
                on,
            };
            keys.extend(self.counters().iter().filter_map(|spec| whose.key(spec)));
        }
        keys.sort_unstable();
        keys.dedup();
        keys
    }
}

impl CompiledPlan {
    /// The first day whose conversions can stand in the counters of a day; none: of all days
    /// before. The day itself, if the plan counts nothing.
    #[must_use]
    pub fn counts_since(&self, on: LocalDate) -> Option<LocalDate> {
        let kept = self.counters().iter().filter(|spec| spec.of != SpecOf::Order);
        kept.map(|spec| period_start(spec.per, on)).min().unwrap_or(Some(on))
    }
}

/// The counters as one conversion sees them: what they stood at, and what it has added itself.
#[derive(Debug)]
pub(crate) struct Tally<'a> {
    plan: &'a CompiledPlan,
    before: &'a dyn CountersBefore,
    entries: Vec<Increment>,
    /// Counters of the order itself and of unknown customers.
    own: Vec<(u16, i64)>,
}

impl<'a> Tally<'a> {
    pub(crate) fn new(plan: &'a CompiledPlan, before: &'a dyn CountersBefore) -> Self {
        Self { plan, before, entries: Vec::new(), own: Vec::new() }
    }

    fn at(&mut self, counter: u16, whose: &Whose) -> Option<usize> {
        let key = whose.key(self.plan.counter(counter))?;
        let known = self.entries.iter().position(|entry| entry.key == key);
        Some(known.unwrap_or_else(|| {
            let before = self.before.before(&key);
            self.entries.push(Increment { key, before, add: 0 });
            self.entries.len() - 1
        }))
    }

    /// What it stood at before the conversion.
    pub(crate) fn before(&mut self, counter: u16, whose: &Whose) -> i64 {
        self.at(counter, whose).map_or(0, |at| self.entries[at].before)
    }

    /// With what the conversion has added so far.
    pub(crate) fn now(&mut self, counter: u16, whose: &Whose) -> i64 {
        match self.at(counter, whose) {
            Some(at) => self.entries[at].before.saturating_add(self.entries[at].add),
            None => self.own.iter().find(|(own, _)| *own == counter).map_or(0, |(_, now)| *now),
        }
    }

    pub(crate) fn add(&mut self, counter: u16, whose: &Whose, add: i64) {
        match self.at(counter, whose) {
            Some(at) => self.entries[at].add = self.entries[at].add.saturating_add(add),
            None => match self.own.iter_mut().find(|(own, _)| *own == counter) {
                Some((_, now)) => *now = now.saturating_add(add),
                None => self.own.push((counter, add)),
            },
        }
    }

    /// Counts the conversion, once however many of its lines do.
    pub(crate) fn count_once(&mut self, counter: u16, whose: &Whose) {
        if let Some(at) = self.at(counter, whose)
            && self.entries[at].add == 0
        {
            self.entries[at].add = 1;
        }
    }

    pub(crate) fn increments(self) -> Vec<Increment> {
        let mut entries = self.entries;
        entries.retain(|entry| entry.add != 0);
        entries.sort_unstable_by(|a, b| a.key.cmp(&b.key));
        entries
    }
}
