//! Plays a planned year.

mod acts;
mod clicks;
mod facts;
mod join;
mod payouts;
mod rounds;
mod set_up;

use std::collections::HashMap;
use std::time::Duration;

use tributary_app::click_keys::load_click_keys;
use tributary_app::verify::sign_heads;
use tributary_app::{App, AppError};
use tributary_click::CLICK_EPOCH_MS;
use tributary_directory::{Actor, Program};
use tributary_kernel::{
    ConversionId, FieldError, LocalDate, ManualClock, OrganisationId, PartnerId, PartnershipId,
    Stopwatch, Timestamp, UserId, Zone,
};
use tributary_ledger::Reason;

use crate::calendar::YEAR_DAYS;
use crate::cast::{AGENCY, CRM, EVERYWHERE, PROGRAMS};
use crate::options::{Progress, SimCounts, SimOptions, SimProgram, SimUser, SimWorld};
use crate::year::Year;

use self::acts::Schedule;
use self::clicks::Edge;

/// Clicks, reports and jobs of so many seconds are played together.
const STEP_SECONDS: i64 = 6 * 3_600;
const STEPS_PER_DAY: u32 = 4;
/// The organisations are set up so many days before the year begins.
const SET_UP_DAYS: i64 = 2;

/// One program as it stands.
#[derive(Debug)]
struct Owned {
    owner: OrganisationId,
    administrator: Actor,
    /// Approves and declines.
    reviewer: Actor,
    program: Program,
    /// The connection that reports, and a second one that repeats it.
    reporters: [Actor; 2],
    /// By place in the cast; none before they join.
    partners: Vec<Option<Member>>,
    /// The run on its way, if one is.
    unpaid: Option<payouts::Run>,
}

/// One partnership as it stands.
#[derive(Debug)]
struct Member {
    partner: PartnerId,
    partnership: PartnershipId,
    /// Its own user at work.
    actor: Actor,
    /// Numbers of its links, the first one first.
    links: Vec<u32>,
}

/// Everything that playing needs.
#[derive(Debug)]
struct Player<'a> {
    app: &'a App,
    clock: &'a ManualClock,
    year: Year,
    owned: Vec<Owned>,
    edge: Edge,
    /// What became of the year's reports, by key.
    conversions: Vec<Option<ConversionId>>,
    /// Conversions that the manager will decline.
    declined: HashMap<ConversionId, Reason>,
    /// How far the year's reports and adjustments have been sent.
    sent_reports: usize,
    sent_adjustments: usize,
    counts: SimCounts,
    timings: Timings,
}

/// Where the time goes.
#[derive(Debug, Default)]
struct Timings(Vec<(&'static str, Duration)>);

impl Timings {
    fn add(&mut self, what: &'static str, watch: Stopwatch) {
        match self.0.iter_mut().find(|(name, _)| *name == what) {
            Some((_, sum)) => *sum += watch.elapsed(),
            None => self.0.push((what, watch.elapsed())),
        }
    }
}

/// Plays a year into an empty installation. `clock` must be the one that `app` reads; at the end
/// it stands at `options.until`.
///
/// The installation's databases are migrated; its click keys are made here if there are none.
/// Use cases run one after the other, so that the same seeds give the same ledger.
///
/// # Errors
/// A fault of the database; a refusal at `/until` when the year would begin before there were
/// click ids, or another one that the plan of the year did not expect.
pub async fn play_year(
    app: &App,
    clock: &ManualClock,
    options: SimOptions,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<SimWorld, AppError> {
    let schedule = Schedule::new(&options);
    let first = schedule.first_day();
    if first < Timestamp::from_millisecond(CLICK_EPOCH_MS) {
        let detail = "Click ids begin in 2025, so a year can end in January 2026 at the earliest.";
        return Err(FieldError::new("/until", "too_early", detail).into());
    }
    let watch = Stopwatch::start();
    let year = Year::plan(&options);
    let mut timings = Timings::default();
    timings.add("plan", watch);
    clock.set(first.plus_days(-SET_UP_DAYS));
    load_click_keys(app).await?;
    let conversions = vec![None; year.reports.len()];
    let edge = Edge::new(year.clicks.len())?;
    let mut player = Player {
        app,
        clock,
        year,
        owned: Vec::new(),
        edge,
        conversions,
        declined: HashMap::new(),
        sent_reports: 0,
        sent_adjustments: 0,
        counts: SimCounts::default(),
        timings,
    };
    let watch = Stopwatch::start();
    let agency = player.set_up(&options).await?;
    player.timings.add("set-up", watch);
    // Boxed: it holds all that a use case waits with.
    Box::pin(player.play(schedule, first, &options, progress)).await?;
    clock.set(options.until);
    player.world(agency).await
}

impl Player<'_> {
    async fn play(
        &mut self,
        mut schedule: Schedule,
        first: Timestamp,
        options: &SimOptions,
        progress: &mut (dyn FnMut(Progress) + Send),
    ) -> Result<(), AppError> {
        let days = YEAR_DAYS.unsigned_abs() + 1;
        let mut end = first;
        let mut step = 0;
        while end < options.until {
            end = end.plus_seconds(STEP_SECONDS).min(options.until);
            step += 1;
            let date = Zone::utc().date(end);
            self.step(&mut schedule, end, step % STEPS_PER_DAY == 0).await?;
            if step % STEPS_PER_DAY == 0 || end == options.until {
                progress(self.progress((step / STEPS_PER_DAY).min(days), days, date));
            }
        }
        sign_heads(self.app).await?;
        Ok(())
    }

    const fn progress(&self, day: u32, days: u32, date: LocalDate) -> Progress {
        Progress { day, days, date, counts: self.counts }
    }

    /// Plays until `end`: what people do at its own moment, then all that machines sent.
    async fn step(
        &mut self,
        schedule: &mut Schedule,
        end: Timestamp,
        nightly: bool,
    ) -> Result<(), AppError> {
        while let Some((at, act)) = schedule.next_before(end) {
            self.clock.set(at);
            Box::pin(self.act(act)).await?;
        }
        self.clock.set(end);
        let watch = Stopwatch::start();
        self.ingest_until(end).await?;
        self.timings.add("clicks", watch);
        let watch = Stopwatch::start();
        self.report_until(end).await?;
        self.timings.add("conversions", watch);
        let watch = Stopwatch::start();
        self.adjust_until(end).await?;
        self.timings.add("refunds", watch);
        if nightly {
            let watch = Stopwatch::start();
            self.jobs().await?;
            self.timings.add("jobs", watch);
        }
        Ok(())
    }

    async fn world(mut self, agency: UserId) -> Result<SimWorld, AppError> {
        let person = |user, name: &str, email: &str| SimUser {
            user,
            name: name.to_owned(),
            email: email.to_owned(),
        };
        let vendor = PROGRAMS[CRM];
        let place = vendor.partners.iter().position(|it| it.email == EVERYWHERE);
        let member = place.and_then(|place| self.owned[CRM].partners[place].take());
        let Some((member, place)) = member.zip(place) else {
            return Err(AppError::Corrupt("the partner of all programs never joined".to_owned()));
        };
        let programs = self.owned.iter().map(|it| SimProgram {
            owner: it.owner,
            program: it.program.id,
            name: it.program.terms.name.clone(),
            administrator: it.administrator.clone(),
        });
        let manager = user_of(&self.owned[CRM].administrator);
        let whose = &vendor.partners[place];
        Ok(SimWorld {
            programs: programs.collect(),
            manager: person(manager, vendor.administrator.name, vendor.administrator.email),
            agency: person(agency, AGENCY.name, AGENCY.email),
            partner: person(user_of(&member.actor), whose.name, whose.email),
            partner_id: member.partner,
            counts: self.counts,
            timings: self.timings.0,
        })
    }
}

/// The user behind an actor of this world, which are people all.
fn user_of(actor: &Actor) -> UserId {
    match actor {
        Actor::Member { user, .. } | Actor::Partner { user, .. } => *user,
        Actor::Key { .. } | Actor::System { .. } => UserId::from_bytes([0; 16]),
    }
}
