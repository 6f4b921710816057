//! What plans ask of the world besides the conversion itself: partners, counters, recruiters.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use tributary_commission::{
    Amount, CompiledPlan, CounterKey, CounterOf, CountersBefore, CreditInput, Details,
    EvaluationInput, EventKind, Field, Increment, KnownField, NoCounters, PartnerInput,
    PartnerTotals, PlanDocument, RECRUIT_LEVELS_MAX, RECRUITING_EVENT, Recruiter, Rule, Scope,
    TierMode, Tiers,
};
use tributary_directory::{Partner, Partnership};
use tributary_kernel::{
    CustomerId, FieldError, OrganisationId, PartnerId, PartnershipId, ProgramId, Timestamp, Zone,
};
use tributary_money::Share;
use tributary_store::decision::{CounterPlace, plan_counters};
use tributary_store::engine::Connection;
use tributary_store::{organisation, partnership, touches};

use super::totals;
use super::world::World;
use crate::{App, AppError};

/// What a version of a plan asks for. What none asks for is not read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Needs {
    /// The partnership: its group, tags, option, number, day of joining.
    pub(crate) partnership: bool,
    /// The partner's profile: its country and sort.
    pub(crate) profile: bool,
    /// The path of the link.
    pub(crate) link: bool,
    /// Counters.
    pub(crate) counters: bool,
    /// Who recruited the partner.
    pub(crate) recruiters: bool,
    /// Totals of partners are kept: a version of the program's plan asks for one.
    pub(crate) totals: bool,
}

fn fields(rule: &Rule) -> Vec<KnownField> {
    let tests = rule.when.as_ref().map(tributary_commission::Condition::tests).unwrap_or_default();
    let known = tests.into_iter().filter_map(|test| match &test.field {
        Field::Known(field) => Some(*field),
        Field::Metadata(_) => None,
    });
    known.collect()
}

fn pays_recruiting(rule: &Rule) -> bool {
    rule.events.iter().any(|event| event.as_str() == RECRUITING_EVENT)
}

impl Needs {
    pub(crate) fn of(document: &PlanDocument) -> Self {
        let mut needs = Self {
            counters: !document.caps.is_empty() || !document.bonuses.is_empty(),
            ..Self::default()
        };
        for rule in &document.rules {
            needs.partnership |= rule.option.is_some()
                || matches!(rule.scope, Some(Scope::Group(_) | Scope::Partnership(_)));
            needs.counters |= rule.tiers.is_some()
                || rule.once_per.is_some()
                || rule.first_customers.is_some()
                || !rule.caps.is_empty();
            needs.recruiters |= pays_recruiting(rule);
            for field in fields(rule) {
                needs.totals |= totals::is_total(field);
                needs.partnership |= field.as_str().starts_with("partner");
                needs.profile |=
                    matches!(field, KnownField::PartnerCountry | KnownField::PartnerType);
                needs.link |= field == KnownField::Link;
            }
        }
        needs.with_totals(needs.totals)
    }

    /// With totals kept, whether this version asks for them or another does.
    pub(crate) const fn with_totals(mut self, kept: bool) -> Self {
        self.totals |= kept;
        self.counters |= kept;
        self
    }
}

/// Parts of a plan that the engine knows and this server cannot supply yet, each with its path. A
/// plan with one of them is refused, so that nothing that it says is passed over.
pub fn unsupported(document: &PlanDocument) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let mut refuse = |pointer: String, what: &str| {
        let detail =
            format!("{what} cannot be used yet: this server does not supply it. Leave it out.");
        errors.push(FieldError::new(pointer, "not_supported_yet", detail));
    };
    for (place, rule) in document.rules.iter().enumerate() {
        let at = |rest: &str| format!("/rules/{place}{rest}");
        if let Some(tiers) = rule.tiers.as_ref().filter(|it| it.mode == TierMode::Retroactive) {
            // What a step adds is counted with the conversion that reached it, so that what the
            // partner has earned is not known exactly once one of both is corrected.
            let asks = |rule: &Rule| fields(rule).contains(&KnownField::PartnerCommission);
            if document.rules.iter().any(asks) {
                refuse(
                    at("/tiers/mode"),
                    "A retroactive tier beside a condition on partner.commission",
                );
            }
            if pays_recruiting(rule) {
                refuse(at("/tiers/mode"), "A retroactive tier of commission for recruiting");
            }
            let shared = document.rules.iter().filter(|other| {
                let of = other.tiers.as_ref().and_then(|it| it.counter.as_ref());
                of.unwrap_or(&other.id) == tiers.counter.as_ref().unwrap_or(&rule.id)
            });
            if shared.count() > 1 {
                refuse(at("/tiers/counter"), "A retroactive tier that counts with other rules");
            }
            if !rises(rule.amount, tiers) {
                refuse(at("/tiers/steps"), "A retroactive tier whose steps do not rise");
            }
        }
    }
    if !document.contests.is_empty() {
        refuse("/contests".to_owned(), "A contest");
    }
    errors
}

/// Whether each step pays at least as much as the one before, whatever the sale: only then reaching
/// it takes nothing back.
fn rises(own: Amount, tiers: &Tiers) -> bool {
    let steps = tiers.steps.iter().map(|step| step.amount);
    let amounts: Vec<Amount> = std::iter::once(own).chain(steps).collect();
    amounts.windows(2).all(|pair| match (pair[0], pair[1]) {
        (Amount::Percent(low), Amount::Percent(high)) => {
            (low.of, low.less, low.one_month) == (high.of, high.less, high.one_month)
                && low.percent <= high.percent
        }
        (Amount::Fixed(low), Amount::Fixed(high)) => {
            low.per == high.per && low.fixed.minor <= high.fixed.minor
        }
        _ => false,
    })
}

/// Partners as a plan sees them, with what they lend from.
#[derive(Debug, Default)]
pub(crate) struct LentPartners<'a> {
    known: Vec<(&'a Partnership, Option<&'a Partner>, Vec<&'a str>)>,
}

impl<'a> LentPartners<'a> {
    pub(crate) fn of(world: &'a World, ids: impl Iterator<Item = PartnershipId>) -> Self {
        let one = |id: PartnershipId| {
            let it = world.partnerships.get(&id)?;
            let tags = it.tags.iter().map(String::as_str).collect();
            Some((it, world.profiles.get(&it.partner), tags))
        };
        Self { known: ids.filter_map(one).collect() }
    }

    /// With what their totals stand at, where they are kept.
    pub(crate) fn inputs(
        &self,
        zone: &Zone,
        totals: Option<(&World, &Standing<'_>)>,
    ) -> Vec<PartnerInput<'_>> {
        let one = |known| {
            let mut input = Self::input(known, zone);
            if let Some((world, standing)) = totals {
                let (it, ..) = known;
                let clicks = world.clicks.get(&(it.program, it.partner)).copied().unwrap_or(0);
                input.totals = totals::totals_of(standing, it.id, clicks);
            }
            input
        };
        self.known.iter().map(one).collect()
    }

    fn input<'b>(
        (it, profile, tags): &'b (&'a Partnership, Option<&'a Partner>, Vec<&'a str>),
        zone: &Zone,
    ) -> PartnerInput<'b> {
        PartnerInput {
            partnership: it.id,
            country: profile.map(|it| it.country.as_str()),
            group: it.group.as_deref(),
            kind: profile.map(|it| it.kind.as_str()),
            tags,
            option: it.option.as_deref(),
            number: it.number,
            joined_on: it.joined_at.map(|at| zone.date(at)),
            totals: PartnerTotals::default(),
        }
    }
}

/// A conversion that will be decided, as far as it says what has to be read for it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked {
    pub(crate) owner: OrganisationId,
    pub(crate) program: ProgramId,
    pub(crate) occurred_at: Timestamp,
    pub(crate) customer: Option<CustomerId>,
    pub(crate) company: Option<[u8; 16]>,
}

/// Reads what the plans of these conversions ask for, after partnerships have been read.
pub(crate) async fn load(
    app: &App,
    world: &mut World,
    conn: &mut dyn Connection,
    asked: &[Asked],
) -> Result<(), AppError> {
    let mut needs = Needs::default();
    for it in asked {
        let version =
            world.programs.get(&it.program).and_then(|it_is| it_is.version_at(it.occurred_at));
        if let Some(version) = version {
            needs = needs.and(version.needs);
        }
    }
    world.asks_link |= needs.link;
    if needs.recruiters {
        load_recruiters(world, conn).await?;
    }
    if needs.profile {
        let ids: BTreeSet<PartnerId> = world.partnerships.values().map(|it| it.partner).collect();
        let ids: Vec<_> = ids.into_iter().collect();
        let found = organisation::partners(conn, &ids).await?;
        world.profiles.extend(found.into_iter().map(|it| (it.id, it)));
    }
    if needs.totals {
        load_clicks(app, world).await?;
    }
    if needs.counters {
        load_counters(world, conn, asked).await?;
    }
    Ok(())
}

/// What partners' clicks come to. They are in another database: what it holds may be newer.
pub(super) async fn load_clicks(app: &App, world: &mut World) -> Result<(), AppError> {
    let keys: BTreeSet<_> =
        world.partnerships.values().map(|it| (it.owner, it.program, it.partner)).collect();
    let keys: Vec<_> = keys.into_iter().collect();
    let mut reader = app.touches.read().await?;
    let found = touches::clicks_of(&mut *reader, &keys).await?;
    world
        .clicks
        .extend(found.into_iter().map(|(_, program, partner, it)| ((program, partner), it)));
    Ok(())
}

/// Follows the recruiters of all known partnerships.
async fn load_recruiters(world: &mut World, conn: &mut dyn Connection) -> Result<(), AppError> {
    for _ in 0..RECRUIT_LEVELS_MAX {
        let wanted: BTreeSet<PartnershipId> = world
            .partnerships
            .values()
            .filter_map(|it| it.recruiter)
            .filter(|id| !world.partnerships.contains_key(id))
            .collect();
        if wanted.is_empty() {
            break;
        }
        let wanted: Vec<_> = wanted.into_iter().collect();
        let found = partnership::by_ids(conn, &wanted).await?;
        world.partnerships.extend(found.into_iter().map(|it| (it.id, it)));
    }
    Ok(())
}

/// Stands for a partnership where only counters of others are asked for.
const NOBODY: PartnershipId = PartnershipId::from_bytes([0; 16]);

/// Every counter that deciding these can ask: of the program, of their customers and companies, and
/// of every partnership that can be credited.
async fn load_counters(
    world: &mut World,
    conn: &mut dyn Connection,
    asked: &[Asked],
) -> Result<(), AppError> {
    let mut wanted: HashMap<CounterPlace, CounterKey> = HashMap::new();
    let mut days = HashSet::new();
    for it in asked {
        let Some(program) = world.programs.get(&it.program) else { continue };
        let Some(version) = program.version_at(it.occurred_at) else { continue };
        if !version.needs.counters {
            continue;
        }
        let (plan, zone) = (&*version.plan, &program.zone);
        let day = zone.date(it.occurred_at);
        let mut keys = keys_of(plan, zone, it, &[NOBODY]);
        keys.retain(|key| key.of != CounterOf::Partnership(NOBODY));
        if days.insert((it.program, plan.id(), day)) {
            let here = world.partnerships.values().filter(|of| of.program == it.program);
            let here: Vec<PartnershipId> = here.map(|of| of.id).collect();
            keys.extend(keys_of(plan, zone, it, &here));
            if version.needs.totals {
                keys.extend(here.iter().flat_map(|id| totals::keys_of(*id)));
            }
        }
        for key in keys {
            wanted.insert((it.owner, it.program, key.to_string()), key);
        }
    }
    read_counters(world, conn, wanted).await
}

/// Reads counters that are not known yet.
pub(crate) async fn read_counters(
    world: &mut World,
    conn: &mut dyn Connection,
    mut wanted: HashMap<CounterPlace, CounterKey>,
) -> Result<(), AppError> {
    wanted.retain(|(_, program, _), key| !world.stands_known(*program, key));
    let mut places: Vec<CounterPlace> = wanted.keys().cloned().collect();
    places.sort_unstable();
    let mut stood: HashMap<CounterPlace, i64> =
        plan_counters(conn, &places).await?.into_iter().collect();
    for (place, key) in wanted {
        let value = stood.remove(&place).unwrap_or(0);
        world.plan_counters.entry(place.1).or_default().insert(key, value);
    }
    Ok(())
}

/// The counters that a conversion can ask if these are credited.
pub(crate) fn keys_of(
    plan: &CompiledPlan,
    zone: &Zone,
    it: &Asked,
    partnerships: &[PartnershipId],
) -> Vec<CounterKey> {
    let event = RECRUITING_EVENT.parse().expect("it is a name of an event");
    let partner = PartnerId::from_bytes([0; 16]);
    let credit = |partnership: &PartnershipId| CreditInput {
        partnership: *partnership,
        partner,
        share: Share::ONE,
    };
    let credits: Vec<CreditInput> = partnerships.iter().map(credit).collect();
    plan.counter_keys(&EvaluationInput {
        event: &event,
        kind: EventKind::Sale,
        occurred_at: it.occurred_at,
        zone,
        gross: None,
        net: None,
        quantity: 1,
        customer: None,
        credits: &credits,
        details: Details {
            customer: it.customer.map(|id| *id.as_bytes()),
            company: it.company,
            ..Details::default()
        },
        partners: &[],
        counters: &NoCounters,
    })
}

impl Needs {
    const fn and(self, other: Self) -> Self {
        Self {
            partnership: self.partnership || other.partnership,
            profile: self.profile || other.profile,
            link: self.link || other.link,
            counters: self.counters || other.counters,
            recruiters: self.recruiters || other.recruiters,
            totals: self.totals || other.totals,
        }
    }
}

/// Counters as the world knows them, with what one conversion has added already, and without what
/// it added when it was decided before.
#[derive(Debug)]
pub(crate) struct Standing<'a> {
    known: Option<&'a HashMap<CounterKey, i64>>,
    added: BTreeMap<CounterKey, i64>,
    without: HashMap<String, i64>,
}

impl<'a> Standing<'a> {
    pub(crate) fn of(world: &'a World, program: ProgramId, without: &[Counted]) -> Self {
        // A decision and what followed from it can have counted the same.
        let mut sums: HashMap<String, i64> = HashMap::new();
        for it in without {
            *sums.entry(it.key.clone()).or_insert(0) += it.add;
        }
        let known = world.plan_counters.get(&program);
        Self { known, added: BTreeMap::new(), without: sums }
    }

    pub(crate) fn add(&mut self, increments: &[Increment]) {
        for it in increments {
            *self.added.entry(it.key.clone()).or_insert(0) += it.add;
        }
    }

    /// Everything that was added, as it is kept.
    pub(crate) fn counted(self) -> Vec<(CounterKey, i64)> {
        self.added.into_iter().filter(|(_, add)| *add != 0).collect()
    }
}

impl CountersBefore for Standing<'_> {
    fn before(&self, key: &CounterKey) -> i64 {
        let known = self.known.and_then(|known| known.get(key)).copied().unwrap_or(0);
        let without = match self.without.is_empty() {
            true => 0,
            false => self.without.get(&key.to_string()).copied().unwrap_or(0),
        };
        known + self.added.get(key).copied().unwrap_or(0) - without
    }
}

/// What a decision added to a counter, as it is kept with it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Counted {
    /// The text of the counter's key.
    pub key: String,
    /// How much; below zero where something was given back.
    pub add: i64,
}

impl Counted {
    /// What was there of a total when it began to be counted, as far as this took it back.
    pub(super) fn begun_of(&self) -> Option<Self> {
        let key = CounterKey::begun_text(&self.key)?;
        Some(Self { key, add: -self.add })
    }

    pub(crate) fn all(counted: &[(CounterKey, i64)]) -> Vec<Self> {
        counted.iter().map(|(key, add)| Self { key: key.to_string(), add: *add }).collect()
    }
}

/// Who recruited a partnership, and who did them. The chain ends at one who earns nothing now, and
/// before it would come back to itself.
pub(crate) fn chain_of(world: &World, of: PartnershipId) -> Vec<&Partnership> {
    let mut chain: Vec<&Partnership> = Vec::new();
    let mut at = world.partnerships.get(&of);
    while chain.len() < usize::from(RECRUIT_LEVELS_MAX)
        && let Some(next) = at.and_then(|it| it.recruiter)
        && let Some(next) = world.partnerships.get(&next)
        && next.status.earns()
        && next.id != of
        && chain.iter().all(|it| it.id != next.id)
    {
        chain.push(next);
        at = Some(next);
    }
    chain
}

/// A chain as the commission crate takes it.
pub(crate) fn recruiters<'a>(
    chain: &[&Partnership],
    about: &'a [PartnerInput<'a>],
) -> Vec<Recruiter<'a>> {
    let one = |it: &&Partnership| Recruiter {
        partnership: it.id,
        partner: it.partner,
        about: about.iter().find(|about| about.partnership == it.id).copied(),
    };
    chain.iter().map(one).collect()
}
