//! Journeys of a period: which ways led to conversions, and who would have earned what by which
//! model. From the copies stored with the decisions; nothing is written, nothing decided anew.

use std::collections::{BTreeMap, HashMap};

use tributary_attribution::{Attribution, CreditKey, Model, Policy, TouchVerdict, credit};
use tributary_commission::EventName;
use tributary_directory::{Actor, Permission, Program};
use tributary_kernel::{FieldError, LocalDate, OrganisationId, ProgramId, Refusal, Zone};
use tributary_money::{Currency, Share, allocate};
use tributary_store::decision::{ConversionStatus, StoredConversion};
use tributary_store::recheck;

use crate::conversion::{DecidedJourney, narrowed};
use crate::{App, AppError};

/// Conversions looked at; those reported after are left out, and the report says so.
pub const JOURNEYS_MAX: u64 = 20_000;
/// The longest period.
pub const JOURNEY_DAYS_MAX: i32 = 400;
/// Paths named.
const PATHS_MAX: usize = 25;
/// Different paths told apart; conversions on others are counted as `other_paths`.
const PATHS_TOLD_APART_MAX: usize = 5_000;
/// Steps of a path; longer ones are cut at their beginning.
const STEPS_MAX: usize = 10;
const PAGE_ROWS: u32 = 500;

/// What to look at.
#[derive(Debug, Clone)]
pub struct JourneyRequest {
    /// Whose.
    pub owner: OrganisationId,
    /// Which program's.
    pub program: ProgramId,
    /// First day, in the program's zone.
    pub from: LocalDate,
    /// Last day.
    pub to: LocalDate,
    /// One type of conversion; none: all.
    pub event: Option<String>,
    /// A policy to try; it is judged on what was known at each decision.
    pub what_if: Option<Policy>,
}

/// What somebody earned or would have: shares of conversions and of their amounts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Earned {
    /// Sum of shares, parts of 1,000,000,000 of a conversion.
    pub parts: u64,
    /// Its part of the conversions' gross amounts, in minor units.
    pub value: i64,
}

/// One partnership or channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JourneyParty {
    /// Who.
    pub key: CreditKey,
    /// Conversions that it touched.
    pub touched: u64,
    /// Of these, conversions whose last touch was another's.
    pub assists: u64,
    /// As it was decided.
    pub decided: Earned,
    /// Under each model, with the program's windows, weights and competing channels.
    pub models: BTreeMap<Model, Earned>,
    /// Under the policy that is tried.
    pub what_if: Option<Earned>,
}

/// A way that led to conversions: who touched, neighbours that are the same once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JourneyPath {
    /// From first to last.
    pub steps: Vec<CreditKey>,
    /// How many conversions.
    pub conversions: u64,
    /// Their gross amounts, in minor units.
    pub value: i64,
}

/// Journeys of a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JourneyReport {
    /// The currency of the amounts.
    pub currency: Currency,
    /// Conversions looked at.
    pub conversions: u64,
    /// Whether there were more than are looked at.
    pub truncated: bool,
    /// Conversions that the tried policy would have credited otherwise.
    pub changed: u64,
    /// The commonest paths, most first.
    pub paths: Vec<JourneyPath>,
    /// Conversions on paths that are not told apart.
    pub other_paths: u64,
    /// Conversions by the number of touches: the last place is that many or more.
    pub lengths: Vec<u64>,
    /// Days from the first touch to the conversion: median and ninth decile; none without touches.
    pub days: Option<(u32, u32)>,
    /// Who touched, those with most credit first.
    pub parties: Vec<JourneyParty>,
}

/// Numbers of touches told apart.
const LENGTHS: usize = 10;

/// Looks at the journeys of a period.
///
/// # Errors
/// Refused for a period that ends before it begins or is too long, and for a policy that is absurd;
/// not found; a fault.
pub async fn journeys(
    app: &App,
    actor: &Actor,
    request: &JourneyRequest,
) -> Result<JourneyReport, AppError> {
    actor.require(request.owner, Permission::Read)?;
    check(request)?;
    let mut conn = app.record.read().await?;
    let viewer = tributary_directory::Viewer::Owner(request.owner);
    let found = tributary_store::program::find(&mut *conn, viewer, request.program).await?;
    let program = found.ok_or_else(|| Refusal::not_found("program"))?;
    let mut gatherer = Gatherer::new(&program, request)?;
    let begin = gatherer.zone.start_of(request.from);
    let mut after = first_id_before(begin.plus_days(-1));
    loop {
        let page = recheck::scan_conversions(&mut *conn, request.owner, after, PAGE_ROWS).await?;
        for it in &page {
            if gatherer.report.conversions >= JOURNEYS_MAX {
                gatherer.report.truncated = true;
                return Ok(gatherer.finish());
            }
            gatherer.take(it)?;
        }
        match page.last() {
            Some(last) if page.len() == PAGE_ROWS as usize => after = *last.id.as_bytes(),
            _ => return Ok(gatherer.finish()),
        }
    }
}

/// Ids begin with the millisecond at which the row was made; nothing is reported before it
/// happened, but for clocks that differ.
fn first_id_before(at: tributary_kernel::Timestamp) -> [u8; 16] {
    let mut id = [0; 16];
    let milliseconds = u64::try_from(at.as_millisecond()).unwrap_or(0);
    id[..6].copy_from_slice(&milliseconds.to_be_bytes()[2..]);
    id
}

fn check(request: &JourneyRequest) -> Result<(), Refusal> {
    let mut errors = Vec::new();
    let days = request.to.as_days() - request.from.as_days();
    if days < 0 {
        let detail = "The period ends before it begins.";
        errors.push(FieldError::new("/to", "before_from", detail));
    } else if days >= JOURNEY_DAYS_MAX {
        let detail = format!("Look at {JOURNEY_DAYS_MAX} days at most.");
        errors.push(FieldError::new("/to", "out_of_range", detail));
    }
    if let Some(policy) = &request.what_if {
        errors.extend(policy.errors());
    }
    if errors.is_empty() { Ok(()) } else { Err(Refusal::invalid(errors)) }
}

#[derive(Debug, Default)]
struct Party {
    touched: u64,
    assists: u64,
    decided: Earned,
    models: BTreeMap<Model, Earned>,
    what_if: Earned,
}

/// What is gathered conversion by conversion.
struct Gatherer<'a> {
    request: &'a JourneyRequest,
    program: ProgramId,
    zone: Zone,
    report: JourneyReport,
    parties: BTreeMap<CreditKey, Party>,
    paths: HashMap<Vec<CreditKey>, (u64, i64)>,
    days: BTreeMap<u32, u64>,
}

impl<'a> Gatherer<'a> {
    fn new(program: &Program, request: &'a JourneyRequest) -> Result<Self, AppError> {
        let zone = Zone::named(&program.terms.time_zone)
            .map_err(|error| AppError::Corrupt(format!("{}: {error}", program.id)))?;
        let report = JourneyReport {
            currency: program.terms.currency,
            conversions: 0,
            truncated: false,
            changed: 0,
            paths: Vec::new(),
            other_paths: 0,
            lengths: vec![0; LENGTHS + 1],
            days: None,
            parties: Vec::new(),
        };
        Ok(Self {
            request,
            program: program.id,
            zone,
            report,
            parties: BTreeMap::new(),
            paths: HashMap::new(),
            days: BTreeMap::new(),
        })
    }

    fn is_wanted(&self, it: &StoredConversion) -> bool {
        let day = self.zone.date(it.occurred_at);
        it.program == self.program
            && (self.request.from..=self.request.to).contains(&day)
            && self.request.event.as_ref().is_none_or(|event| *event == it.kind)
            && it.kind != "click"
            && !matches!(it.status, ConversionStatus::Reversed | ConversionStatus::Declined)
    }

    fn take(&mut self, it: &StoredConversion) -> Result<(), AppError> {
        if !self.is_wanted(it) {
            return Ok(());
        }
        let decided = DecidedJourney::of(it)?;
        self.report.conversions += 1;
        self.add_path(it, &decided);
        let amount = it.amount.minor;
        self.earned(&decided.attribution, amount, |party| &mut party.decided);
        for &model in Model::WITHOUT_TABLE {
            let policy = Policy { model, table: None, ..decided.policy.clone() };
            let answer = credit(&decided.journey, it.occurred_at, &policy, &self.zone);
            self.earned(&answer, amount, |party| party.models.entry(model).or_default());
        }
        if let Some(policy) = &self.request.what_if {
            let event: EventName = it
                .kind
                .parse()
                .map_err(|error| AppError::Corrupt(format!("type of {}: {error}", it.id)))?;
            let own = narrowed(policy, &event, &decided.journey);
            let answer = credit(&decided.journey, it.occurred_at, &own, &self.zone);
            let differs = answer.by_partnership() != decided.attribution.by_partnership();
            self.report.changed += u64::from(differs);
            self.earned(&answer, amount, |party| &mut party.what_if);
        }
        Ok(())
    }

    fn add_path(&mut self, it: &StoredConversion, decided: &DecidedJourney) {
        let touches = decided.journey.touches().iter().zip(&decided.attribution.verdicts);
        let counted: Vec<_> = touches.filter(|(_, verdict)| is_on_the_way(verdict)).collect();
        let mut steps: Vec<CreditKey> =
            counted.iter().map(|(touch, _)| CreditKey::of(touch)).collect();
        self.report.lengths[steps.len().min(LENGTHS)] += 1;
        if let Some((first, _)) = counted.first() {
            let days = it.occurred_at.microseconds_since(first.at).max(0) / 86_400_000_000;
            *self.days.entry(u32::try_from(days).unwrap_or(u32::MAX)).or_insert(0) += 1;
        }
        let last = steps.last().cloned();
        let distinct: std::collections::BTreeSet<_> = steps.iter().cloned().collect();
        for key in distinct {
            let assisted = last.as_ref() != Some(&key);
            let party = self.parties.entry(key).or_default();
            party.touched += 1;
            party.assists += u64::from(assisted);
        }
        steps.dedup();
        steps.drain(..steps.len().saturating_sub(STEPS_MAX));
        if self.paths.len() >= PATHS_TOLD_APART_MAX && !self.paths.contains_key(&steps) {
            self.report.other_paths += 1;
            return;
        }
        let sum = self.paths.entry(steps).or_insert((0, 0));
        sum.0 += 1;
        sum.1 = sum.1.saturating_add(it.amount.minor);
    }

    /// Adds what an answer gives to everybody; amounts are divided by largest remainder.
    fn earned(
        &mut self,
        answer: &Attribution,
        amount: i64,
        place: impl Fn(&mut Party) -> &mut Earned,
    ) {
        let credits =
            answer.credits.iter().map(|it| (CreditKey::Partnership(it.partnership), it.share));
        let channels =
            answer.channels.iter().map(|it| (CreditKey::Channel(it.channel.clone()), it.share));
        let mut sums: BTreeMap<CreditKey, u64> = BTreeMap::new();
        for (key, share) in credits.chain(channels) {
            *sums.entry(key).or_insert(0) += u64::from(share.get());
        }
        let weights: Vec<u64> = sums.values().copied().collect();
        for ((key, parts), value) in sums.into_iter().zip(allocate(amount, &weights)) {
            let earned = place(self.parties.entry(key).or_default());
            earned.parts += parts;
            earned.value = earned.value.saturating_add(value);
        }
    }

    fn finish(self) -> JourneyReport {
        let Self { request, mut report, parties, paths, days, .. } = self;
        let mut paths: Vec<JourneyPath> = paths
            .into_iter()
            .map(|(steps, (conversions, value))| JourneyPath { steps, conversions, value })
            .collect();
        paths.sort_by(|a, b| {
            (b.conversions, b.value)
                .cmp(&(a.conversions, a.value))
                .then_with(|| a.steps.cmp(&b.steps))
        });
        report.paths = paths;
        report.paths.truncate(PATHS_MAX);
        report.days = quantile(&days, 50).zip(quantile(&days, 90));
        let tried = request.what_if.is_some();
        report.parties = parties
            .into_iter()
            .map(|(key, party)| JourneyParty {
                key,
                touched: party.touched,
                assists: party.assists,
                decided: party.decided,
                models: party.models,
                what_if: tried.then_some(party.what_if),
            })
            .collect();
        report.parties.sort_by(|a, b| {
            let most = |it: &JourneyParty| (it.decided.parts, it.touched);
            most(b).cmp(&most(a)).then_with(|| a.key.cmp(&b.key))
        });
        report
    }
}

/// The least value that so many per cent are not above.
fn quantile(counts: &BTreeMap<u32, u64>, percent: u64) -> Option<u32> {
    let total: u64 = counts.values().sum();
    let wanted = (total * percent).div_ceil(100).max(1);
    let mut seen = 0;
    counts.iter().find_map(|(value, count)| {
        seen += count;
        (seen >= wanted).then_some(*value)
    })
}

/// Whether a touch was a step of the way: what came too early, too late, twice or against the
/// visitor's will was not.
const fn is_on_the_way(verdict: &TouchVerdict) -> bool {
    !matches!(
        verdict,
        TouchVerdict::OutsideWindow { .. }
            | TouchVerdict::AfterConversion
            | TouchVerdict::ConsentDenied
            | TouchVerdict::Duplicate { .. }
            | TouchVerdict::Rejected
            | TouchVerdict::NotUsedByPolicy
    )
}

impl Earned {
    /// Shares as conversions, in thousandths, rounded down.
    #[must_use]
    pub const fn thousandths(&self) -> u64 {
        self.parts / (Share::PARTS as u64 / 1_000)
    }
}
