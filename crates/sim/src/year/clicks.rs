//! Clicks of a program: of partners that have joined, in the program's rhythm, in bursts after
//! posts, a tenth of them by machines.

use tributary_click::{Class, Device};

use super::{Answer, PlannedClick, Stage, Year};
use crate::calendar::Day;
use crate::cast::{PROGRAMS, PartnerCast};
use crate::dice::{Dice, PPM};

/// Days until a partner that joins has its full traffic.
const RAMP_DAYS: i32 = 30;
/// How often a partner that works by posts posts on a day.
const POST_PPM: u64 = 70_000;
/// Traffic on the day of a post and the days after it, in tenths of the usual between posts.
const BURST_TENTHS: [u64; 4] = [70, 34, 16, 10];
const QUIET_TENTHS: u64 = 6;
/// How often the visitor of the click before comes again.
const SAME_VISITOR_PPM: u64 = 130_000;

const CLASSES: [(Class, u64); 5] = [
    (Class::Countable, 884),
    (Class::Bot, 62),
    (Class::Prefetch, 34),
    (Class::Head, 12),
    (Class::Hidden, 8),
];
const DEVICES: [(Device, u64); 4] =
    [(Device::Phone, 52), (Device::Desktop, 40), (Device::Tablet, 7), (Device::Other, 1)];
const DESK_DEVICES: [(Device, u64); 4] =
    [(Device::Phone, 24), (Device::Desktop, 72), (Device::Tablet, 3), (Device::Other, 1)];
const PLACEMENTS: [&str; 5] = ["top", "table", "box", "footer", "mail"];

/// The traffic of each partner on each day, relative.
pub(super) struct Traffic {
    days: Vec<Vec<u64>>,
}

impl Traffic {
    fn of(stage: &Stage, dice: &mut Dice) -> Self {
        let partners = PROGRAMS[stage.program].partners;
        let mut since_post = vec![BURST_TENTHS.len(); partners.len()];
        let days = stage
            .days
            .iter()
            .map(|day| {
                partners
                    .iter()
                    .zip(&mut since_post)
                    .map(|(it, since)| {
                        *since = if dice.chance(POST_PPM) { 0 } else { *since + 1 };
                        let burst = BURST_TENTHS.get(*since).copied().unwrap_or(QUIET_TENTHS);
                        let tenths = if it.posts { burst } else { 10 };
                        it.traffic * ramp(it, day) * tenths
                    })
                    .collect()
            })
            .collect();
        Self { days }
    }
}

/// In thousandths: nothing before a partner joins, all after a month.
fn ramp(it: &PartnerCast, day: &Day) -> u64 {
    let over = it.stops().is_some_and(|stops| day.number >= stops);
    // The first link is a day old before anybody clicks it.
    let days = day.number - it.joins;
    if !it.promotes() || over || days < 1 {
        return 0;
    }
    u64::try_from(1_000 * days.min(RAMP_DAYS) / RAMP_DAYS).unwrap_or(0)
}

pub(super) fn plan(stage: &Stage, dice: &mut Dice, year: &mut Year) {
    let cast = PROGRAMS[stage.program];
    let traffic = Traffic::of(stage, dice);
    let all: u64 = stage.days.iter().map(|day| day.weight).sum();
    for (day, weights) in stage.days.iter().zip(&traffic.days) {
        let usual =
            u128::from(stage.scaled(cast.clicks)) * u128::from(day.weight) / u128::from(all.max(1));
        let noise = u128::from(dice.below(500) + 750);
        let count = dice.count(u64::try_from(usual * noise / 1_000).unwrap_or(0));
        let mut last_visitor = None;
        for _ in 0..count {
            let Some(partner) = dice.weighted(weights) else { break };
            let click = one(stage, day, partner, last_visitor, dice);
            last_visitor = Some(click.visitor);
            if stage.has_happened(click.at) {
                year.clicks.push(click);
            }
        }
    }
}

fn one(
    stage: &Stage,
    day: &Day,
    partner: usize,
    last_visitor: Option<[u8; 16]>,
    dice: &mut Dice,
) -> PlannedClick {
    let cast = PROGRAMS[stage.program];
    let it = &cast.partners[partner];
    let class = choose(dice, &CLASSES);
    let devices = if stage.program == crate::cast::CRM { &DESK_DEVICES } else { &DEVICES };
    let answer = match dice.below(100) {
        0..66 => Answer::Granted { after: dice.between(2, 40), previous: None },
        66..91 => Answer::Never,
        _ => Answer::Denied,
    };
    let links = it.links.len() as u64;
    // Most clicks are of what was made for an occasion.
    let link = if links > 0 && dice.chance(600_000) { 1 + dice.below(links) } else { 0 };
    PlannedClick {
        at: cast.rhythm.moment(day, dice),
        program: stage.program,
        partner,
        link: usize::try_from(link).unwrap_or(0),
        class,
        answer,
        lost: false,
        visitor: last_visitor
            .filter(|_| dice.chance(SAME_VISITOR_PPM))
            .unwrap_or_else(|| dice.bytes()),
        country: *choose(dice, cast.countries),
        device: choose(dice, devices),
        sub_id: dice.chance(PPM / 4).then(|| *dice.pick(&PLACEMENTS)),
    }
}

fn choose<T: Copy>(dice: &mut Dice, table: &[(T, u64)]) -> T {
    let weights: Vec<u64> = table.iter().map(|(_, weight)| *weight).collect();
    table[dice.weighted(&weights).unwrap_or(0)].0
}

/// Brings all clicks into the order of time, and chains some to the browser's click before: of
/// another partner of the same program, some days earlier.
pub(super) fn sort(year: &mut Year) {
    year.clicks.sort_by_key(|it| (it.at, it.program, it.partner, it.visitor));
    let mut last: [Option<usize>; 3] = [None; 3];
    for key in 0..year.clicks.len() {
        let click = &year.clicks[key];
        if !click.has_id() || click.lost {
            continue;
        }
        let program = click.program;
        // Every ninth browser came by the program's click before this one.
        let chained = click.visitor[0].is_multiple_of(9);
        let previous = last[program].filter(|_| chained);
        if let Answer::Granted { previous: chain, .. } = &mut year.clicks[key].answer {
            *chain = previous;
            last[program] = Some(key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SimOptions;
    use crate::cast::{CRM, SHOP};

    fn small() -> SimOptions {
        SimOptions { seed: 5, scale: 0.05, until: "2026-11-21T09:30:00Z".parse().unwrap() }
    }

    #[test]
    fn machines_are_a_tenth_and_nothing_comes_before_its_partner() {
        let year = Year::plan(&small());
        let machines = year.clicks.iter().filter(|it| !it.class.counts()).count();
        let per_mille = machines * 1_000 / year.clicks.len();
        assert!((50..200).contains(&per_mille), "{per_mille}");
        for program in [CRM, SHOP] {
            let stage = Stage::new(program, &small());
            for click in year.clicks.iter().filter(|it| it.program == program) {
                let it = &PROGRAMS[program].partners[click.partner];
                assert!(click.at >= stage.day(it.joins + 1), "{}", it.name);
                assert!(click.at < small().until);
            }
        }
        assert!(year.clicks.is_sorted_by_key(|it| it.at));
    }

    #[test]
    fn a_browsers_click_before_is_before() {
        let year = Year::plan(&small());
        let mut chained = 0;
        for (key, click) in year.clicks.iter().enumerate() {
            if let Answer::Granted { previous: Some(previous), .. } = click.answer {
                assert!(previous < key && year.clicks[previous].program == click.program);
                assert!(year.clicks[previous].has_id());
                chained += 1;
            }
        }
        assert!(chained > 50, "{chained}");
    }

    /// Black Week sells more than the week before it.
    #[test]
    fn peaks_are_seen() {
        let year = Year::plan(&SimOptions { scale: 0.3, ..small() });
        let between = |from: &str, to: &str| {
            let (from, to) = (from.parse().unwrap(), to.parse().unwrap());
            let in_week = |it: &&PlannedClick| it.program == SHOP && (from..to).contains(&it.at);
            year.clicks.iter().filter(in_week).count()
        };
        let before = between("2026-11-09T00:00:00Z", "2026-11-16T00:00:00Z");
        let last_year = between("2025-11-24T00:00:00Z", "2025-12-01T00:00:00Z");
        assert!(last_year > before, "{last_year} {before}");
    }
}
