//! The independent auditor over random plans and histories, and over a year of three programs and
//! five hundred partners: what is booked is what it says, to the minor unit.

#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

#[path = "../common/mod.rs"]
mod common;

mod booked;
mod history;
mod plans;
mod year;

use booked::agrees;
use common::World;
use history::{History, Shape};
use plans::{alone, any_plan};

/// Thoroughly instead of quickly.
fn soaking() -> bool {
    std::env::var_os("TRIBUTARY_SOAK").is_some()
}

/// Numbers from a seed: SplitMix64.
#[derive(Debug, Clone)]
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From `low` to `high`, both included.
    fn of(&mut self, low: i64, high: i64) -> i64 {
        let span = u64::try_from(high - low + 1).unwrap();
        low + i64::try_from(self.roll() % span).unwrap()
    }

    fn chance(&mut self, percent: i64) -> bool {
        self.of(1, 100) <= percent
    }

    fn pick<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[usize::try_from(self.of(0, i64::try_from(all.len()).unwrap() - 1)).unwrap()]
    }
}

const SMALL: Shape = Shape { partners: 4, customers: 7, steps: 40, batch_max: 6 };

/// Random plans, random histories: recomputation from the plan's document equals what was booked,
/// a naive run in the order of booking, and no limit in money is passed.
#[tokio::test]
async fn random_plans_and_histories() {
    let cases = if soaking() { 400 } else { 24 };
    for seed in 0..cases {
        let mut dice = Dice(seed);
        let world = World::sqlite().await;
        let mut history = History::begin(&world, world.program.id, SMALL).await;
        history.publish(&any_plan(&mut dice)).await;
        for step in 0..SMALL.steps {
            if step == SMALL.steps / 2 && dice.chance(40) {
                history.publish(&any_plan(&mut dice)).await;
            }
            history.step(&mut dice).await;
        }
        agrees(&world, world.program.id, &history.declines).await.unwrap_or_else(|error| {
            panic!("seed {seed}: {error}\n{}", history.plans.join("\n"));
        });
    }
}

/// Partners that share no counter do not disturb each other: whatever the order in which their
/// conversions are booked, each earns the same.
#[tokio::test]
async fn what_shares_no_counter_commutes() {
    let cases = if soaking() { 100 } else { 6 };
    for seed in 1_000..1_000 + cases {
        let mut dice = Dice(seed);
        let plan = alone(&mut dice);
        let mut runs = Vec::new();
        for turned in [false, true] {
            let world = World::sqlite().await;
            let shape = Shape { partners: 3, customers: 0, steps: 0, batch_max: 1 };
            let mut history = History::begin(&world, world.program.id, shape).await;
            history.publish(&plan).await;
            let mut same = Dice(seed + 7);
            let mut lanes = history.lanes(&mut same, 14);
            if turned {
                // One after the other, instead of by turns.
                lanes.sort_by_key(|(partner, _)| *partner);
            }
            for (_, report) in lanes {
                history.report(vec![report]).await;
            }
            agrees(&world, world.program.id, &history.declines)
                .await
                .unwrap_or_else(|error| panic!("seed {seed}: {error}\n{plan}"));
            runs.push(history.earned_by_order().await);
        }
        assert_eq!(runs[0], runs[1], "seed {seed}: {plan}");
        assert!(runs[0].values().flatten().sum::<i64>() > 0, "seed {seed}");
    }
}
