//! Everything a group of reports hangs on, read in one go under the owners' locks.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use tributary_attribution::{Journey, People, Policy};
use tributary_click::ClickId;
use tributary_commission::{CompiledPlan, CounterKey, EventName};
use tributary_directory::{Coupon, Link, Partner, Partnership, Program};
use tributary_kernel::{
    CustomerId, IntegrationId, OrganisationId, PartnerId, PartnershipId, ProgramId, Timestamp, Zone,
};
use tributary_store::decision::{
    BusinessKey, CounterPlace, CustomerClick, CustomerCounters, Delivery, StoredConversion,
    conversions_by_business_key, counters, customer_clicks, customers_in, deliveries,
};
use tributary_store::engine::Connection;
use tributary_store::touches::{self, StoredTouch};
use tributary_store::{attribution, lead, partnership, program};

use super::agreement::{self, Asked, Counted, Needs};
use super::company;
use super::customer::Assigned;
use super::input::Checked;
use super::journey::policy_of;
use super::people::{self, Buyer, Known};
use super::redecide::Vouch;
use crate::directory::read_policy;
use crate::ingest::was_withdrawn;
use crate::{App, AppError};

/// One well-formed report on its way to a decision.
#[derive(Debug, Clone)]
pub(crate) struct Item {
    pub(crate) owner: OrganisationId,
    pub(crate) integration: IntegrationId,
    /// Whether the advertiser itself reports it.
    pub(crate) trusted: bool,
    pub(crate) checked: Checked,
}

/// A program with what deciding needs of it.
#[derive(Debug, Clone)]
pub(crate) struct ProgramWorld {
    pub(crate) program: Program,
    pub(crate) zone: Zone,
    /// Oldest first.
    pub(crate) versions: Vec<Version>,
    /// How it gives credit; oldest first, none while its terms alone say it.
    pub(crate) policies: Vec<PolicyFrom>,
    /// Whether it takes leads.
    pub(crate) takes_leads: bool,
}

/// A version of a program's policy.
#[derive(Debug, Clone)]
pub(crate) struct PolicyFrom {
    pub(crate) from: Timestamp,
    pub(crate) policy: Arc<Policy>,
}

/// A version of a plan.
#[derive(Debug, Clone)]
pub(crate) struct Version {
    /// When it begins to hold.
    pub(crate) from: Timestamp,
    pub(crate) plan: Arc<CompiledPlan>,
    /// What it asks of the world.
    pub(crate) needs: Needs,
}

impl ProgramWorld {
    /// The version that holds at a moment.
    pub(crate) fn version_at(&self, at: Timestamp) -> Option<&Version> {
        self.versions.iter().rev().find(|version| version.from <= at)
    }

    /// How credit is given for what occurs at a moment: by the newest version that holds then.
    pub(crate) fn policy_at(&self, at: Timestamp) -> Cow<'_, Policy> {
        match self.policies.iter().rev().find(|version| version.from <= at) {
            Some(version) => Cow::Borrowed(&version.policy),
            None => Cow::Owned(policy_of(&self.program)),
        }
    }

    /// The same for one event, with no more of a table of weights than a journey asks.
    pub(crate) fn policy_for(&self, event: &EventName, at: Timestamp, journey: &Journey) -> Policy {
        narrowed(&self.policy_at(at), event, journey)
    }
}

/// A policy as it is stored with a decision.
pub(crate) fn narrowed(policy: &Policy, event: &EventName, journey: &Journey) -> Policy {
    let own = policy.for_event(event.as_str());
    match &policy.table {
        Some(table) => Policy { table: Some(table.excerpt(journey)), ..own },
        None => own,
    }
}

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct World {
    pub(crate) programs: HashMap<ProgramId, ProgramWorld>,
    pub(crate) deliveries: HashMap<(OrganisationId, IntegrationId, String), Delivery>,
    pub(crate) conversions: HashMap<BusinessKey, StoredConversion>,
    pub(crate) touches: HashMap<[u8; 16], StoredTouch>,
    pub(crate) links: HashMap<u32, Link>,
    pub(crate) partnerships: HashMap<PartnershipId, Partnership>,
    pub(crate) coupons: HashMap<(ProgramId, String), Coupon>,
    pub(crate) customers: HashMap<(OrganisationId, String), CustomerId>,
    pub(crate) counters: HashMap<(OrganisationId, ProgramId, CustomerId), CustomerCounters>,
    pub(crate) customer_clicks: HashMap<(OrganisationId, CustomerId), BTreeSet<[u8; 16]>>,
    /// Clicks of moments when their node was losing records.
    pub(crate) lost_clicks: BTreeSet<[u8; 16]>,
    /// Clicks whose visitors took their consent back.
    pub(crate) withdrawn_clicks: BTreeSet<[u8; 16]>,
    /// What a person said of the lost ones.
    pub(crate) vouch: Option<Vouch>,
    /// Profiles of partners, where plans ask for them.
    pub(crate) profiles: HashMap<PartnerId, Partner>,
    /// What plans' counters stand at, with what was decided since.
    pub(crate) plan_counters: HashMap<ProgramId, HashMap<CounterKey, i64>>,
    /// What is to be added to the stored counters.
    pub(crate) counted: BTreeMap<CounterPlace, i64>,
    /// Clicks of partners in programs, where plans ask for them.
    pub(crate) clicks: HashMap<(ProgramId, PartnerId), i64>,
    /// Who is one person, and who buys for one company.
    pub(crate) people: Known,
    /// Whether a plan asks for the path of links.
    pub(crate) asks_link: bool,
}

impl World {
    /// Whether a counter was read.
    pub(crate) fn stands_known(&self, program: ProgramId, key: &CounterKey) -> bool {
        self.plan_counters.get(&program).is_some_and(|known| known.contains_key(key))
    }

    /// Whose touches count for what a report tells.
    fn people_of(&self, it: &Item) -> People {
        let checked = &it.checked;
        let program = self.programs.get(&checked.program);
        program.map_or(People::Customer, |it| it.policy_at(checked.occurred_at).people)
    }

    /// The hash of the mail address where nothing else tells who bought, and people count.
    fn only_mail<'a>(&self, it: &'a Item) -> Option<&'a str> {
        let mail = it.checked.mail_key.as_deref();
        mail.filter(|_| it.checked.customer.is_none() && self.people_of(it) != People::Customer)
    }

    /// The owner's id of the customer of a report. Somebody of whom only a mail address is known
    /// goes by its hash, unless that is of a known customer.
    fn customer_name(&self, it: &Item) -> Option<String> {
        if let Some(name) = &it.checked.customer {
            return Some(name.clone());
        }
        let mail = self.only_mail(it)?;
        let unknown = self.people.by_mail(it.owner, mail).is_none();
        unknown.then(|| format!("mail:{mail}"))
    }

    /// The customer of a report.
    pub(crate) fn customer_of(&self, it: &Item) -> Option<CustomerId> {
        match self.customer_name(it) {
            Some(name) => self.customers.get(&(it.owner, name)).copied(),
            None => self.people.by_mail(it.owner, self.only_mail(it)?),
        }
    }

    /// What a report says of who bought.
    pub(crate) fn buyer(&self, it: &Item) -> Buyer {
        let checked = &it.checked;
        let details = checked.details.as_deref();
        Buyer {
            owner: it.owner,
            program: checked.program,
            customer: self.customer_of(it),
            mail: checked.mail_key.clone(),
            company: details.map_or_else(Vec::new, |told| company::places(it.owner, told)),
            people: self.people_of(it),
            takes_leads: self.programs.get(&checked.program).is_some_and(|it| it.takes_leads),
            lead: checked.lead,
            trusted: it.trusted,
        }
    }

    /// What people clicked, and whose each click is.
    pub(crate) fn clicks_of(
        &self,
        owner: OrganisationId,
        people: &BTreeSet<CustomerId>,
    ) -> BTreeMap<[u8; 16], CustomerId> {
        let of = |id: &CustomerId| Some((*id, self.customer_clicks.get(&(owner, *id))?));
        let clicks = people.iter().filter_map(of);
        clicks.flat_map(|(id, clicks)| clicks.iter().map(move |click| (*click, id))).collect()
    }

    /// Whose customers people are: of several what is longest so.
    pub(crate) fn assigned_of(
        &self,
        owner: OrganisationId,
        program: ProgramId,
        people: &BTreeSet<CustomerId>,
    ) -> Option<Assigned> {
        let of = |id: &CustomerId| self.counters.get(&(owner, program, *id));
        let all = people.iter().filter_map(of).filter_map(Assigned::of);
        all.min_by_key(|it| it.at)
    }

    /// Whether totals of a program's partners are kept.
    pub(crate) fn keeps_totals(&self, program: ProgramId) -> bool {
        let known = self.programs.get(&program);
        known.is_some_and(|it| it.versions.iter().any(|version| version.needs.totals))
    }

    /// Carries what was added to counters into the world, and to what will be written.
    pub(crate) fn count(
        &mut self,
        owner: OrganisationId,
        program: ProgramId,
        counted: &[(CounterKey, i64)],
    ) {
        for (key, add) in counted {
            let known = self.plan_counters.entry(program).or_default();
            *known.entry(key.clone()).or_insert(0) += add;
            *self.counted.entry((owner, program, key.to_string())).or_insert(0) += add;
        }
    }

    /// Takes what an earlier decision has counted back. What counters stand at is not changed: who
    /// decides again leaves it out by itself.
    pub(crate) fn uncount(
        &mut self,
        owner: OrganisationId,
        program: ProgramId,
        counted: &[Counted],
    ) {
        for it in counted {
            *self.counted.entry((owner, program, it.key.clone())).or_insert(0) -= it.add;
        }
    }

    /// Takes what an earlier decision has counted out of what counters stand at.
    pub(crate) fn settle(&mut self, program: ProgramId, counted: &[Counted]) {
        let Some(known) = self.plan_counters.get_mut(&program) else { return };
        for it in counted {
            if let Some((_, stands)) = known.iter_mut().find(|(key, _)| key.to_string() == it.key) {
                *stands -= it.add;
            }
        }
    }

    /// What is to be written.
    pub(crate) fn take_counted(&mut self) -> Vec<(CounterPlace, i64)> {
        let counted = std::mem::take(&mut self.counted);
        counted.into_iter().filter(|(_, add)| *add != 0).collect()
    }
}

/// How many clicks back a browser's chain is followed.
const CHAIN_CLICKS_MAX: usize = 20;

/// Reads programs with their plans; those of other owners are left out.
pub(crate) async fn programs_in(
    app: &App,
    conn: &mut dyn Connection,
    wanted: &BTreeSet<(OrganisationId, ProgramId)>,
) -> Result<HashMap<ProgramId, ProgramWorld>, AppError> {
    let ids: Vec<ProgramId> = wanted.iter().map(|(_, id)| *id).collect();
    let found = program::by_ids(conn, &ids).await?;
    let found: Vec<Program> =
        found.into_iter().filter(|it| wanted.contains(&(it.owner, it.id))).collect();
    let keys: Vec<_> = found.iter().map(|it| (it.owner, it.id)).collect();
    let mut plans: HashMap<ProgramId, Vec<Version>> = HashMap::new();
    for stored in program::plans(conn, &keys).await? {
        let Some(of) = found.iter().find(|it| it.id == stored.program) else { continue };
        let compiled = app.compiled(&stored, of.terms.currency)?;
        let needs = Needs::of(compiled.document());
        let version = Version { from: stored.effective_from, plan: compiled, needs };
        plans.entry(stored.program).or_default().push(version);
    }
    let mut policies: HashMap<ProgramId, Vec<PolicyFrom>> = HashMap::new();
    for stored in attribution::versions(conn, &keys).await? {
        let policy = Arc::new(read_policy(&stored)?);
        let version = PolicyFrom { from: stored.effective_from, policy };
        policies.entry(stored.program).or_default().push(version);
    }
    let leads = lead::settings::<serde::de::IgnoredAny>(conn, &keys).await?;
    let leads: BTreeSet<ProgramId> = leads.into_iter().map(|(program, _)| program).collect();
    let mut worlds = HashMap::new();
    for program in found {
        let zone = Zone::named(&program.terms.time_zone)
            .map_err(|error| AppError::Corrupt(format!("{}: {error}", program.id)))?;
        let mut versions = plans.remove(&program.id).unwrap_or_default();
        let totals = versions.iter().any(|version| version.needs.totals);
        versions.iter_mut().for_each(|it| it.needs = it.needs.with_totals(totals));
        let policies = policies.remove(&program.id).unwrap_or_default();
        let takes_leads = leads.contains(&program.id);
        let it = ProgramWorld { program, zone, versions, policies, takes_leads };
        worlds.insert(it.program.id, it);
    }
    Ok(worlds)
}

/// Reads the world of a group. Customers that the owner names for the first time are added.
pub(crate) async fn load(
    app: &App,
    conn: &mut dyn Connection,
    items: &[Item],
) -> Result<World, AppError> {
    let mut world = World::default();
    let programs = items.iter().map(|it| (it.owner, it.checked.program)).collect();
    world.programs = programs_in(app, conn, &programs).await?;
    load_keys(&mut world, conn, items).await?;
    load_customers(app, &mut world, conn, items).await?;
    let buyers: Vec<Buyer> = items.iter().map(|it| world.buyer(it)).collect();
    // Boxed: what waits in it would make every caller large.
    Box::pin(people::load(app, &mut world, conn, &buyers)).await?;

    let mut clicks: BTreeSet<[u8; 16]> =
        items.iter().filter_map(|it| it.checked.click.map(|id| *id.as_bytes())).collect();
    clicks.extend(world.customer_clicks.values().flatten());
    load_clicks(app, &mut world, conn, clicks).await?;
    load_partnerships(&mut world, conn, items).await?;
    let mut versions = world.programs.values().flat_map(|program| &program.versions);
    if versions.any(|version| version.needs != Needs::default()) {
        let asked: Vec<Asked> = items.iter().map(|it| asked_by(&world, it)).collect();
        agreement::load(app, &mut world, conn, &asked).await?;
    }
    Ok(world)
}

/// As much of the world as says whether reports can be booked, and nothing is written: no customers,
/// no journeys.
pub(super) async fn load_outline(
    app: &App,
    conn: &mut dyn Connection,
    items: &[Item],
) -> Result<World, AppError> {
    let mut world = World::default();
    let programs = items.iter().map(|it| (it.owner, it.checked.program)).collect();
    world.programs = programs_in(app, conn, &programs).await?;
    load_keys(&mut world, conn, items).await?;
    let numbers: BTreeSet<u32> =
        items.iter().filter_map(|it| it.checked.click.map(|id| id.link_number())).collect();
    let numbers: Vec<u32> = numbers.into_iter().collect();
    for link in partnership::links_by_number(conn, &numbers).await? {
        world.links.insert(link.number, link);
    }
    load_partnerships(&mut world, conn, items).await?;
    let leads = items.iter().filter_map(|it| Some((it.owner, it.checked.lead?))).collect();
    people::load_told_leads(&mut world, conn, leads).await?;
    Ok(world)
}

fn asked_by(world: &World, it: &Item) -> Asked {
    let checked = &it.checked;
    Asked {
        owner: it.owner,
        program: checked.program,
        occurred_at: checked.occurred_at,
        customer: world.customer_of(it),
        company: checked.details.as_ref().and_then(|details| details.company(it.owner)),
    }
}

async fn load_keys(
    world: &mut World,
    conn: &mut dyn Connection,
    items: &[Item],
) -> Result<(), AppError> {
    let keys: Vec<_> = items
        .iter()
        .filter_map(|it| Some((it.owner, it.integration, it.checked.delivery_key.as_deref()?)))
        .collect();
    if !keys.is_empty() {
        for it in deliveries(conn, &keys).await? {
            world.deliveries.insert((it.owner, it.integration, it.key.clone()), it);
        }
    }
    let keys: Vec<BusinessKey> = items.iter().map(business_key).collect();
    for it in conversions_by_business_key(conn, &keys).await? {
        let key = (it.owner, it.program, it.kind.clone(), it.business_key.clone());
        world.conversions.insert(key, it);
    }
    Ok(())
}

/// The business key of a report.
pub(crate) fn business_key(it: &Item) -> BusinessKey {
    let checked = &it.checked;
    (it.owner, checked.program, checked.event.as_str().to_owned(), checked.order_id.clone())
}

async fn load_customers(
    app: &App,
    world: &mut World,
    conn: &mut dyn Connection,
    items: &[Item],
) -> Result<(), AppError> {
    let now = app.now();
    let mails = items.iter().filter_map(|it| Some((it.owner, world.only_mail(it)?.to_owned())));
    let mails = mails.collect();
    people::load_mails(world, conn, mails).await?;
    let named: BTreeMap<(OrganisationId, String), CustomerId> = items
        .iter()
        .filter_map(|it| Some((it.owner, world.customer_name(it)?)))
        .map(|key| (key, CustomerId::new(now, &*app.entropy)))
        .collect();
    let wanted: Vec<_> = named.into_iter().map(|((owner, id), new)| (owner, id, new)).collect();
    if !wanted.is_empty() {
        for (owner, external, id) in customers_in(conn, &wanted, now).await? {
            world.customers.insert((owner, external), id);
        }
    }
    let of = |it: &Item| Some((it.owner, it.checked.program, world.customer_of(it)?));
    let keys: BTreeSet<_> = items.iter().filter_map(of).collect();
    let keys: Vec<_> = keys.into_iter().collect();
    if keys.is_empty() {
        return Ok(());
    }
    world.counters = counters(conn, &keys)
        .await?
        .into_iter()
        .map(|it| ((it.owner, it.program, it.customer), it))
        .collect();
    let keys: BTreeSet<_> = keys.iter().map(|(owner, _, customer)| (*owner, *customer)).collect();
    let keys: Vec<_> = keys.into_iter().collect();
    for CustomerClick { owner, customer, click, .. } in customer_clicks(conn, &keys).await? {
        world.customer_clicks.entry((owner, customer)).or_default().insert(click);
    }
    Ok(())
}

/// Reads touches, following each browser's chain backwards, and the links they are of. Touches are
/// another database: what it holds may be newer or older than the record, never torn.
pub(crate) async fn load_clicks(
    app: &App,
    world: &mut World,
    conn: &mut dyn Connection,
    clicks: BTreeSet<[u8; 16]>,
) -> Result<(), AppError> {
    if clicks.is_empty() {
        return Ok(());
    }
    let now = app.now();
    let mut reader = app.touches.read().await?;
    let mut wanted: Vec<[u8; 16]> = clicks.iter().copied().collect();
    for _ in 0..CHAIN_CLICKS_MAX {
        if wanted.is_empty() {
            break;
        }
        let mut found = touches::by_clicks(&mut *reader, &wanted).await?;
        // Whether the job has deleted it already must make no difference.
        found.retain(|it| it.expires_at >= now);
        let previous: BTreeSet<[u8; 16]> = found.iter().filter_map(|it| it.previous).collect();
        world.touches.extend(found.into_iter().map(|it| (it.click, it)));
        wanted = previous.into_iter().filter(|id| !world.touches.contains_key(id)).collect();
    }
    let named = world.touches.values().filter_map(|it| it.previous).chain(clicks.iter().copied());
    let missing: BTreeSet<[u8; 16]> =
        named.filter(|bytes| !world.touches.contains_key(bytes)).collect();
    world.withdrawn_clicks.extend(was_withdrawn(&mut *reader, &missing).await?);
    for bytes in missing.difference(&world.withdrawn_clicks).filter(|it| clicks.contains(*it)) {
        let id = ClickId::from_bytes(*bytes);
        if touches::was_losing(&mut *reader, id.node(), id.at()).await? {
            world.lost_clicks.insert(*bytes);
        }
    }
    drop(reader);
    let mut numbers: BTreeSet<u32> = world.touches.values().map(|it| it.link_number).collect();
    numbers.extend(clicks.iter().map(|bytes| ClickId::from_bytes(*bytes).link_number()));
    let numbers: Vec<u32> = numbers.into_iter().collect();
    for link in partnership::links_by_number(conn, &numbers).await? {
        world.links.insert(link.number, link);
    }
    Ok(())
}

async fn load_partnerships(
    world: &mut World,
    conn: &mut dyn Connection,
    items: &[Item],
) -> Result<(), AppError> {
    let codes: Vec<_> = items
        .iter()
        .filter_map(|it| Some((it.owner, it.checked.program, it.checked.code_key.clone()?)))
        .collect();
    if !codes.is_empty() {
        for coupon in partnership::coupons_by_code(conn, &codes).await? {
            let key = normalised(&coupon)?;
            world.coupons.insert((coupon.program, key), coupon);
        }
    }
    let partners: Vec<_> = items
        .iter()
        .filter_map(|it| Some((it.owner, it.checked.program, it.checked.partner?)))
        .collect();
    let mut found = Vec::new();
    if !partners.is_empty() {
        found.extend(partnership::by_partner(conn, &partners).await?);
    }
    let vias: Vec<_> = items
        .iter()
        .filter_map(|it| Some((it.owner, it.checked.program, it.checked.via.clone()?)))
        .collect();
    if !vias.is_empty() {
        found.extend(partnership::by_code(conn, &vias).await?);
    }
    let mut ids: BTreeSet<PartnershipId> = world.links.values().map(|it| it.partnership).collect();
    ids.extend(world.coupons.values().map(|it| it.partnership));
    ids.extend(world.people.registrars());
    ids.extend(world.counters.values().filter_map(|it| it.partnership));
    ids.extend(world.counters.values().flat_map(|it| &it.parts).map(|(id, _)| *id));
    let ids: Vec<_> = ids.into_iter().collect();
    found.extend(partnership::by_ids(conn, &ids).await?);
    world.partnerships = found.into_iter().map(|it| (it.id, it)).collect();
    Ok(())
}

fn normalised(coupon: &Coupon) -> Result<String, AppError> {
    tributary_directory::normalise_code(&coupon.code)
        .map_err(|error| AppError::Corrupt(format!("{}: {}", coupon.id, error.detail)))
}
