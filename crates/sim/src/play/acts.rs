//! What people do in the year, and when: join, give bank details, look at commissions, pay.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use tributary_app::AppError;
use tributary_app::directory::{PublishPlan, publish_plan};
use tributary_kernel::{Timestamp, Zone};

use super::Player;
use crate::calendar::{YEAR_DAYS, days};
use crate::cast::{Account, Fate, PROGRAMS, ProgramCast};
use crate::options::SimOptions;

const HOUR: i64 = 3_600;
/// Days from joining until bank details are given.
const BANK_AFTER: i32 = 4;
/// Days before the end on which a partner gives other bank details.
const BANK_CHANGED_AGO: i64 = 10;
/// Days before a pay day on which commissions are looked at: twice a month.
const REVIEWS_BEFORE: [i32; 2] = [18, 4];
/// A run for a pay day at most so many days ago is not with the bank yet. Pay days end at the 28th,
/// so the shop's last one may be three days earlier than the cast wants it.
const UNSENT_DAYS: i32 = 6;
/// No pay day in a program's first weeks.
const FIRST_PAY_DAY: i32 = 45;

/// Something that a person does. Programs and partners by their places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Act {
    /// The manager asks a partner.
    Invite(usize, usize),
    /// The partner answers, and makes links.
    Answer(usize, usize),
    /// The partner gives its bank details.
    GiveBank(usize, usize),
    /// The partner gives others, at which nobody has looked yet.
    ChangeBank(usize, usize),
    /// The manager pauses a partner.
    Pause(usize, usize),
    /// Another version of the plan begins to hold.
    Publish(usize),
    /// The manager approves and declines what is due.
    Review(usize),
    /// A payout run for the next pay day is approved.
    Run(usize),
    /// Its file goes to the bank.
    Send(usize),
    /// The bank says that it has paid.
    Settle(usize),
}

/// The acts of the year by their moment.
#[derive(Debug)]
pub(super) struct Schedule {
    acts: BinaryHeap<Reverse<(Timestamp, Act)>>,
    first: Timestamp,
}

/// The day of the month on which a program pays, so that its pay days are where the cast wants
/// them from today.
pub(super) fn pay_day_of_month(cast: &ProgramCast, zone: &Zone, until: Timestamp) -> u32 {
    let day = zone.date(until.plus_days(cast.pay_day_offset)).civil().day();
    u32::from(day.unsigned_abs()).min(28)
}

impl Schedule {
    pub(super) fn new(options: &SimOptions) -> Self {
        let mut schedule = Self { acts: BinaryHeap::new(), first: options.until };
        for (program, cast) in PROGRAMS.into_iter().enumerate() {
            let zone = Zone::named(cast.time_zone).expect("the cast's zones exist");
            let days = days(&zone, &cast.rhythm, options.until);
            schedule.first = schedule.first.min(days[0].start);
            let at = |day: i32, hour: i64| {
                zone.start_of(days[0].date.plus_days(day)).plus_seconds(hour * HOUR)
            };
            for place in 0..cast.partners.len() {
                schedule.add_partner((program, place), options.until, at);
            }
            if let Some((day, _)) = cast.second_plan {
                schedule.add(at(day, 0), Act::Publish(program));
            }
            schedule.add_pay_days(program, &zone, options.until);
        }
        schedule.acts.retain(|Reverse((at, _))| *at < options.until);
        schedule
    }

    fn add(&mut self, at: Timestamp, act: Act) {
        self.acts.push(Reverse((at, act)));
    }

    fn add_partner(
        &mut self,
        (program, place): (usize, usize),
        until: Timestamp,
        at: impl Fn(i32, i64) -> Timestamp,
    ) {
        let cast = &PROGRAMS[program].partners[place];
        self.add(at(cast.joins, 9), Act::Invite(program, place));
        if cast.fate != Fate::Unanswered {
            self.add(at(cast.joins, 19), Act::Answer(program, place));
        }
        // Who is in several programs gives its details once.
        let earlier = PROGRAMS[..program].iter().flat_map(|it| it.partners);
        let known = earlier.into_iter().any(|it| it.email == cast.email);
        if cast.account != Account::None && !known {
            self.add(at(cast.joins + BANK_AFTER, 18), Act::GiveBank(program, place));
        }
        match cast.fate {
            Fate::ChangesBank(_) => {
                self.add(until.plus_days(-BANK_CHANGED_AGO), Act::ChangeBank(program, place));
            }
            Fate::PausedOn(day) => self.add(at(day, 0), Act::Pause(program, place)),
            _ => {}
        }
    }

    fn add_pay_days(&mut self, program: usize, zone: &Zone, until: Timestamp) {
        let today = zone.date(until);
        let day_of_month = pay_day_of_month(PROGRAMS[program], zone, until);
        let first = FIRST_PAY_DAY - YEAR_DAYS;
        // The reviews before the next pay day may have been already.
        for date in (first..40).map(|days| today.plus_days(days)) {
            if u32::from(date.civil().day().unsigned_abs()) != day_of_month {
                continue;
            }
            let at = |days: i32, hour: i64| {
                zone.start_of(date.plus_days(days)).plus_seconds(hour * HOUR)
            };
            for before in REVIEWS_BEFORE {
                self.add(at(-before, 9), Act::Review(program));
            }
            self.add(at(-1, 10), Act::Run(program));
            if date.plus_days(UNSENT_DAYS) <= today {
                self.add(at(-1, 14), Act::Send(program));
                // A pay day on a Saturday is paid on Monday.
                self.add(at(3, 9), Act::Settle(program));
            }
        }
    }

    /// The first local day of the year anywhere.
    pub(super) const fn first_day(&self) -> Timestamp {
        self.first
    }

    /// The next act before a moment.
    pub(super) fn next_before(&mut self, end: Timestamp) -> Option<(Timestamp, Act)> {
        let Reverse((at, _)) = self.acts.peek()?;
        if *at < end { self.acts.pop().map(|Reverse(it)| it) } else { None }
    }
}

impl Player<'_> {
    pub(super) async fn act(&mut self, act: Act) -> Result<(), AppError> {
        let watch = tributary_kernel::Stopwatch::start();
        let what = match act {
            Act::Invite(program, place) => {
                self.invite(program, place).await?;
                "partners"
            }
            Act::Answer(program, place) => {
                self.answer(program, place).await?;
                "partners"
            }
            Act::Pause(program, place) => {
                self.pause(program, place).await?;
                "partners"
            }
            Act::Publish(program) => {
                self.publish(program).await?;
                "set-up"
            }
            Act::GiveBank(program, place) => {
                self.give_bank(program, place).await?;
                "bank details"
            }
            Act::ChangeBank(program, place) => {
                self.change_bank(program, place).await?;
                "bank details"
            }
            Act::Review(program) => {
                self.review(program).await?;
                "reviews"
            }
            Act::Run(program) => {
                self.run(program).await?;
                "payouts"
            }
            Act::Send(program) => {
                self.send(program).await?;
                "payouts"
            }
            Act::Settle(program) => {
                self.settle(program).await?;
                "payouts"
            }
        };
        self.timings.add(what, watch);
        Ok(())
    }

    async fn publish(&self, program: usize) -> Result<(), AppError> {
        let Some((_, document)) = PROGRAMS[program].second_plan else { return Ok(()) };
        let owned = &self.owned[program];
        let input = PublishPlan {
            owner: owned.owner,
            program: owned.program.id,
            document: document.as_bytes().to_vec(),
            effective_from: None,
            confirmed: false,
        };
        publish_plan(self.app, &owned.administrator, input).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cast::{CRM, SHOP, TRAVEL};

    /// On whatever day the year ends: the shop's last run waits for the bank, the other programs'
    /// runs are paid, and each has looked at its commissions within three weeks.
    #[test]
    fn how_a_year_ends() {
        let noon: Timestamp = "2026-11-21T11:00:00Z".parse().unwrap();
        for day in 0..400 {
            let until = noon.plus_days(day).plus_seconds(day * 3_457);
            let mut schedule = Schedule::new(&SimOptions { seed: 1, scale: 1.0, until });
            let (mut runs, mut settled, mut reviewed) = ([0; 3], [0; 3], [None; 3]);
            while let Some((at, act)) = schedule.next_before(until) {
                match act {
                    Act::Run(program) => runs[program] += 1,
                    Act::Settle(program) => settled[program] += 1,
                    Act::Review(program) => reviewed[program] = Some(at),
                    _ => {}
                }
            }
            assert!(runs.iter().all(|runs| (9..=11).contains(runs)), "{until} {runs:?}");
            assert_eq!(settled[SHOP] + 1, runs[SHOP], "{until}");
            assert_eq!((settled[CRM], settled[TRAVEL]), (runs[CRM], runs[TRAVEL]), "{until}");
            let late = until.plus_days(-21);
            assert!(reviewed.iter().all(|at| at.is_some_and(|at| at > late)), "{until}");
        }
    }
}
