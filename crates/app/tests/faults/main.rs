//! What use cases leave behind when an operation of the database fails: for each operation that a
//! call makes, in turn, it is not carried out, or its answer is lost. The caller then does what
//! callers do, and sends the same again. Afterwards everything stands exactly once, `verify` finds
//! nothing, and the answer is the one that the first call gave or would have given.

#![expect(clippy::unwrap_used, reason = "in a test helper it is a failed test")]

#[path = "../common/mod.rs"]
mod common;
mod scenes;
mod shaking;

use scenes::{Corrected, Ingested, Redecided, Refunded, Reported};
use shaking::{Bench, FAULTS, Fault, ROLLBACKS, SAMPLE, Scene, shake};
use tributary_app::AppError;
use tributary_app::conversion::{ReportConversion, ReportOutcome, Reporter, report_conversions};
use tributary_store::engine::EngineError;
use tributary_store::redecision;
use tributary_testkit::{FaultPlan, Moment};

/// In a soak every fault, else the given ones.
fn faults(usual: &'static [Fault]) -> &'static [Fault] {
    if std::env::var_os("TRIBUTARY_SOAK").is_some() { &FAULTS } else { usual }
}

/// The faults at every operation on SQLite; on PostgreSQL those that hang on the engine.
macro_rules! shaken {
    ($($name:ident: $scene:ty, $usual:expr;)*) => {$(
        mod $name {
            use super::*;

            #[tokio::test]
            async fn on_sqlite() {
                for fault in faults($usual) {
                    shake::<$scene>(&Bench::sqlite().await, *fault).await;
                }
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn on_postgres() {
                for fault in faults(&ROLLBACKS) {
                    shake::<$scene>(&Bench::postgres().await, *fault).await;
                }
            }
        }
    )*};
}

shaken! {
    reports: Reported, &FAULTS;
    refunds: Refunded, &FAULTS;
    corrections: Corrected, &FAULTS;
    redecisions: Redecided, &SAMPLE;
    ingest: Ingested, &SAMPLE;
}

/// Makes the database refuse one order, whatever else is with it.
const POISON: &str = "CREATE TRIGGER poison BEFORE INSERT ON conversion \
     WHEN NEW.business_key = 'poison' BEGIN SELECT RAISE(ABORT, 'poison'); END";
const ANTIDOTE: &str = "DROP TRIGGER poison";

async fn run(bench: &Bench, sql: &'static str) {
    let mut tx = bench.world.app.record.begin().await.unwrap();
    tx.execute(sql, vec![]).await.unwrap();
    tx.commit().await.unwrap();
}

/// One report that the database refuses spoils no other: of its own request all others are booked,
/// and requests gathered with it are answered as if they had been alone.
#[tokio::test]
async fn a_report_that_cannot_be_stored_stands_alone() {
    let bench = Bench::sqlite().await;
    let world = &bench.world;
    let (_, link) = world.partner("Anna").await;
    let click = world.click(&link).await;
    run(&bench, POISON).await;
    let reporter = Reporter::start(world.app.clone());
    // All are in the queue before the reporter looks, so it takes them together.
    let requests = [vec!["a"], vec!["b", "poison", "c"], vec!["d", "e"], vec!["f"]];
    let mut tasks = tokio::task::JoinSet::new();
    for orders in requests {
        let (reporter, actor) = (reporter.clone(), world.admin.clone());
        let reports: Vec<_> = orders.iter().map(|it| world.sale(it, 10_000, click)).collect();
        tasks.spawn(async move { (orders, reporter.report(&actor, reports).await) });
    }
    for (orders, answer) in tasks.join_all().await {
        for (order, outcome) in orders.iter().zip(answer.unwrap()) {
            let applied = matches!(outcome, ReportOutcome::Applied(_));
            let failed = matches!(outcome, ReportOutcome::Failed(AppError::Engine(_)));
            assert_eq!((applied, failed), (*order != "poison", *order == "poison"), "{outcome:?}");
        }
    }
    let alone = vec![world.sale("poison", 10_000, click)];
    let alone = reporter.report(&world.admin, alone).await;
    assert!(alone.is_err(), "when nothing has an outcome, the request has failed: {alone:?}");
    for order in ["a", "b", "c", "d", "e", "f"] {
        assert_eq!(bench.conversions_of(order).await, 1, "{order}");
    }
    bench.verified().await;

    let again: Vec<_> =
        ["b", "poison", "c"].iter().map(|it| world.sale(it, 10_000, click)).collect();
    run(&bench, ANTIDOTE).await;
    let outcomes = report_conversions(&world.app, &world.admin, again).await.unwrap();
    assert!(matches!(outcomes[0], ReportOutcome::Duplicate(_)));
    assert!(matches!(outcomes[1], ReportOutcome::Applied(_)), "once it can be stored, it is");
    assert!(matches!(outcomes[2], ReportOutcome::Duplicate(_)));
    bench.verified().await;
}

/// A group that is being split, as one of its reports cannot be stored, meets a database that goes
/// away: the halves that are booked stay booked, and the retry gets their first answers.
#[tokio::test]
async fn the_database_goes_away_while_a_group_is_split() {
    let bench = Bench::sqlite().await;
    let world = &bench.world;
    let (_, link) = world.partner("Anna").await;
    let click = world.click(&link).await;
    let batch = |round: usize| -> Vec<ReportConversion> {
        let report = |number: usize| ReportConversion {
            delivery_key: Some(format!("{round}/{number}")),
            ..world.sale(&format!("{round}/{number}"), 10_000, click)
        };
        let poison = ReportConversion { delivery_key: None, ..world.sale("poison", 1, click) };
        vec![report(0), report(1), poison, report(2)]
    };
    for round in 1.. {
        run(&bench, POISON).await;
        let engine = &bench.faulty[0];
        engine.plan(Some(FaultPlan {
            at: round as u64,
            moment: Moment::Before,
            lasting: true,
            error: EngineError::Away("as planned".to_owned()),
        }));
        let first = report_conversions(&world.app, &world.admin, batch(round)).await;
        let reached = engine.operations().len() >= round;
        engine.plan(None);
        let failed = |it: &ReportOutcome| matches!(it, ReportOutcome::Failed(_));
        assert!(first.is_err() || failed(&first.unwrap()[2]), "the poison fails at the least");
        run(&bench, ANTIDOTE).await;
        let retried = report_conversions(&world.app, &world.admin, batch(round)).await.unwrap();
        assert!(
            [0, 1, 3].iter().all(|place| matches!(retried[*place], ReportOutcome::Applied(_))),
            "with a delivery key the first answer: {retried:?}"
        );
        for number in 0..3 {
            assert_eq!(bench.conversions_of(&format!("{round}/{number}")).await, 1);
        }
        // The poison is a fact now; the next round poisons another.
        run(
            &bench,
            "UPDATE conversion SET business_key = business_key || '-' || booked_seq \
             WHERE business_key = 'poison'",
        )
        .await;
        if !reached {
            assert!(round > 40, "a split group makes more operations than {round}");
            return;
        }
    }
}

/// A conversion that was being decided while its touch was recorded is found by the look after the
/// batch, even when that look fails at first.
#[tokio::test]
async fn a_failed_look_for_late_touches_is_made_again() {
    let bench = Bench::sqlite().await;
    let world = &bench.world;
    let mut scene = Ingested::new(world).await;
    scene.prepare(world, 1).await;
    let early = scene.early();
    let engine = &bench.faulty[0];
    for at in 1.. {
        let error = EngineError::Away("as planned".to_owned());
        let plan = FaultPlan { at, moment: Moment::Before, lasting: true, error };
        engine.plan(Some(plan));
        let failed = scene.batch(world).await.is_err();
        engine.plan(None);
        assert!(failed, "the look after the batch was not reached");
        let taken = "SELECT COUNT(*) FROM spool_offset WHERE entries > 0";
        if bench.count_touches(taken, vec![]).await == 1 {
            break;
        }
    }
    // As if the look before the batch had come too early for this conversion.
    let mut tx = world.app.record.begin().await.unwrap();
    redecision::unqueue_redecision(&mut *tx, world.owner, early).await.unwrap();
    tx.commit().await.unwrap();
    scene.call(world).await.unwrap();
    scene.settled(&bench, &()).await;
}
