//! What if: the conversions of a period under another plan, beside what they have earned. Nothing
//! is written.
//!
//! Every conversion keeps who was credited for it and what its customer had done before; the other
//! plan is asked anew with both, in the order of booking, refunds at their place among them.
//! Counters of the other plan begin where its periods begin ([`CompiledPlan::counts_since`]), as
//! if it had held from there on. So a version of a plan that was in force all the time comes to
//! what was booked, but for what people have done since: amounts that were corrected count as
//! right from the beginning, and partners are as they are today.

mod lines;
mod outcome;
mod replay;

use std::collections::BTreeSet;
use std::sync::Arc;

use tributary_commission::ready::ReadyPlan;
use tributary_commission::{CompiledPlan, PlanDocument};
use tributary_directory::{Actor, Mode, Permission, Viewer};
use tributary_kernel::{
    ConversionId, FieldError, LinkId, LocalDate, OrganisationId, PlanId, ProgramId, Refusal,
    Timestamp, Zone,
};
use tributary_store::decision::StoredConversion;
use tributary_store::engine::Connection;
use tributary_store::list::PageRequest;
use tributary_store::recheck::{self, GivenBackAmount, PaidPart, ProgramPeriod};
use tributary_store::{organisation, partnership, program};

pub use outcome::{
    Compared, ComparedLine, LeftOutOfSimulation, PartnerChange, Simulation, Unpriced,
};

use super::agreement::{self, Needs};
use super::journey::DecidedJourney;
use super::reached::first_id_after;
use super::world::{ProgramWorld, Version, World};
use crate::directory::compiled_plan;
use crate::explain::explain_conversion;
use crate::verify::aside;
use crate::{App, AppError};
use replay::Replay;

const PAGE_CONVERSIONS: u32 = 2_000;
/// Conversions held back, so that those of one moment come in the order of their booking.
const HELD_BACK: usize = 4_096;

/// What is asked.
#[derive(Debug, Clone)]
pub struct Simulate {
    /// Whose.
    pub owner: OrganisationId,
    /// Which program's.
    pub program: ProgramId,
    /// The other plan.
    pub plan: OtherPlan,
    /// First day, in the program's zone.
    pub from: LocalDate,
    /// Last day.
    pub until: LocalDate,
    /// One conversion of the period to be explained under both.
    pub explain: Option<ConversionId>,
    /// The most conversions that are looked at; none: all.
    pub conversions_max: Option<u64>,
}

/// A plan that the conversions are held against.
#[derive(Debug, Clone)]
pub enum OtherPlan {
    /// A draft, as it would be published.
    Document(Vec<u8>),
    /// A ready plan by its name.
    Ready(String),
    /// A version of the program's.
    Version(PlanId),
}

/// Decides a period's conversions under another plan, and compares.
///
/// # Errors
/// What is wrong with the plan (under `/document`), the period (`/until`) or the conversion
/// (`/conversion`); `too_many_conversions`.
pub async fn simulate(app: &App, actor: &Actor, input: Simulate) -> Result<Simulation, AppError> {
    actor.require(input.owner, Permission::Read)?;
    if input.from > input.until {
        let detail = "The last day is the first one or later.";
        return Err(FieldError::new("/until", "before_from", detail).into());
    }
    let setting = Setting::read(app, &input).await?;
    let mut held_back = HELD_BACK;
    let mut found = loop {
        match setting.run(app, &input, held_back).await? {
            Some(found) => break found,
            // Something was booked long before or after others of its moment.
            None => held_back = held_back.saturating_mul(32),
        }
    };
    if let Some(id) = input.explain {
        let Some(compared) = &mut found.compared else {
            let detail = "This conversion is not one of the program's in this period.";
            return Err(FieldError::new("/conversion", "not_in_period", detail).into());
        };
        compared.now = Some(explain_conversion(app, actor, id).await?);
    }
    let ids: Vec<_> = found.partners.iter().map(|it| it.partner).collect();
    let mut conn = app.record.read().await?;
    for known in organisation::partners(&mut *conn, &ids).await? {
        let own = found.partners.iter_mut().filter(|it| it.partner == known.id);
        own.for_each(|it| it.name.clone_from(&known.name));
    }
    Ok(found)
}

/// What does not change while conversions are read.
struct Setting {
    program: ProgramWorld,
    needs: Needs,
    plan: Arc<CompiledPlan>,
    /// What is read: from where counters begin.
    period: ProgramPeriod,
    /// From where amounts are compared.
    from: Timestamp,
}

impl Setting {
    async fn read(app: &App, input: &Simulate) -> Result<Self, AppError> {
        let mut conn = app.record.read().await?;
        let (owner, id) = (input.owner, input.program);
        let Some(found) = program::find(&mut *conn, Viewer::Owner(owner), id).await? else {
            return Err(Refusal::not_found("program").into());
        };
        let zone = Zone::named(&found.terms.time_zone)
            .map_err(|error| AppError::Corrupt(format!("{id}: {error}")))?;
        let plan = other_plan(app, &mut *conn, input, &found).await?;
        let needs = Needs::of(plan.document());
        let from = zone.start_of(input.from);
        // Totals of partners are of all their time.
        let since = plan.counts_since(input.from).filter(|_| !needs.totals);
        let begin = since.map(|day| zone.start_of(day));
        let period = ProgramPeriod {
            owner,
            program: id,
            from: begin.unwrap_or(Timestamp::from_microsecond(0)).min(from),
            until: zone.start_of(input.until.plus_days(1)),
            test: found.mode == Mode::Test,
        };
        let version =
            Version { from: Timestamp::from_microsecond(0), plan: Arc::clone(&plan), needs };
        let program = ProgramWorld {
            program: found,
            zone,
            versions: vec![version],
            policies: Vec::new(),
            takes_leads: false,
        };
        Ok(Self { program, needs, plan, period, from })
    }

    /// Reads and decides page by page; none where more has to be held back.
    async fn run(
        &self,
        app: &App,
        input: &Simulate,
        held_back: usize,
    ) -> Result<Option<Simulation>, AppError> {
        let mut conn = app.record.read().await?;
        let world = self.world(app, &mut *conn).await?;
        let refunds = recheck::given_back_in(&mut *conn, self.period).await?;
        let mut replay = Replay::new(self, world, refunds, input, held_back);
        let mut page = Page::read(&mut *conn, self, first_id_after(self.period.from)).await?;
        let mut read = page.conversions.len() as u64;
        loop {
            if input.conversions_max.is_some_and(|most| read > most) {
                let detail = "This period has too many conversions to replay while you wait; \
                              choose a shorter one, or use `tributary simulate`.";
                return Err(FieldError::new("/from", "too_many_conversions", detail).into());
            }
            let (last, taken) = (page.last, page);
            let next = async {
                match last {
                    Some(last) => Page::read(&mut *conn, self, *last.as_bytes()).await.map(Some),
                    None => Ok(None),
                }
            };
            let (done, next) = tokio::join!(aside(move || replay.take(taken)), next);
            replay = done??;
            match next? {
                Some(next) => page = next,
                None => break,
            }
            read += page.conversions.len() as u64;
        }
        aside(move || replay.finish()).await?
    }

    /// The program's partners as they are today.
    async fn world(&self, app: &App, conn: &mut dyn Connection) -> Result<World, AppError> {
        let mut world = World { asks_link: self.needs.link, ..World::default() };
        let filter = partnership::PartnershipFilter {
            program: Some(self.period.program),
            ..partnership::PartnershipFilter::default()
        };
        let mut page = PageRequest { limit: 1_000, after: None };
        loop {
            let viewer = Viewer::Owner(self.period.owner);
            let found = partnership::list(conn, viewer, &filter, page).await?;
            world.partnerships.extend(found.items.into_iter().map(|it| (it.id, it)));
            match found.next {
                Some(next) => page.after = Some(next),
                None => break,
            }
        }
        if self.needs.totals {
            agreement::load_clicks(app, &mut world).await?;
        }
        if self.needs.profile {
            let ids: Vec<_> = world.partnerships.values().map(|it| it.partner).collect();
            let found = organisation::partners(conn, &ids).await?;
            world.profiles.extend(found.into_iter().map(|it| (it.id, it)));
        }
        Ok(world)
    }
}

/// The plan that is asked for, checked as if it were to be published.
async fn other_plan(
    app: &App,
    conn: &mut dyn Connection,
    input: &Simulate,
    program: &tributary_directory::Program,
) -> Result<Arc<CompiledPlan>, AppError> {
    let currency = program.terms.currency;
    let under = |errors: Vec<FieldError>| {
        Refusal::invalid(errors.into_iter().map(|error| error.under("/document")).collect())
    };
    let document = match &input.plan {
        OtherPlan::Version(id) => {
            let found = tributary_store::program::plans_by_id(conn, &[(input.owner, *id)]).await?;
            let found = found.into_iter().find(|it| it.program == program.id);
            let unknown = || FieldError::new("/plan", "unknown_plan", "There is no such version.");
            return Ok(Arc::new(compiled_plan(&found.ok_or_else(unknown)?, currency)?));
        }
        OtherPlan::Ready(name) => {
            let found = ReadyPlan::named(name).and_then(|it| it.document(currency));
            let unknown = || FieldError::new("/ready", "unknown_plan", "There is no such plan.");
            found.ok_or_else(unknown)?
        }
        OtherPlan::Document(json) => PlanDocument::from_json(json).map_err(under)?,
    };
    let id = PlanId::new(app.now(), &*app.entropy);
    let compiled = CompiledPlan::new(id, document, currency).map_err(under)?;
    let unsupported = super::unsupported(compiled.document());
    if !unsupported.is_empty() {
        return Err(under(unsupported).into());
    }
    Ok(Arc::new(compiled))
}

/// Some conversions with what they have earned.
#[derive(Default)]
struct Page {
    conversions: Vec<StoredConversion>,
    /// In the order of the conversions.
    paid: Vec<PaidPart>,
    /// Paths of the links that were credited, where the plan asks for them.
    paths: Vec<(LinkId, String)>,
    /// After which the next page begins; none: there is none.
    last: Option<ConversionId>,
}

impl Page {
    async fn read(
        conn: &mut dyn Connection,
        setting: &Setting,
        after: [u8; 16],
    ) -> Result<Self, AppError> {
        let period = setting.period;
        let conversions = recheck::conversions_in(conn, period, after, PAGE_CONVERSIONS).await?;
        let Some(last) = conversions.last().map(|it| it.id) else { return Ok(Self::default()) };
        let paid = recheck::paid_parts(conn, period.owner, after, last).await?;
        let mut paths = Vec::new();
        if setting.needs.link {
            let mut ids = BTreeSet::new();
            for it in &conversions {
                ids.extend(DecidedJourney::of(it)?.counted_for().1);
            }
            let ids: Vec<_> = ids.into_iter().collect();
            let links = partnership::links_by_id(conn, &ids).await?;
            paths.extend(links.into_iter().map(|it| (it.id, it.path)));
        }
        let whole = conversions.len() == PAGE_CONVERSIONS as usize;
        Ok(Self { conversions, paid, paths, last: whole.then_some(last) })
    }
}

/// What is read besides the conversions.
type Refunds = Vec<GivenBackAmount>;
