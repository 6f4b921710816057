//! A request with a key has one effect and one answer: repeated, at the same time, and after a crash
//! at any point.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;
#[macro_use]
mod on_both;

use std::sync::Arc;

use common::World;
use tributary_app::directory::{create_program, list_programs};
use tributary_app::once::{
    ANSWERS_DAYS, Answer, Attempt, Begun, RUN_SECONDS_MAX, begin_request, end_request,
    prune_answers,
};
use tributary_app::{App, AppError};
use tributary_directory::{Actor, Program, ProgramTerms};
use tributary_money::Currency;
use tributary_store::engine::EngineError;
use tributary_testkit::{FaultEngine, FaultPlan, Moment};

const CONTENT: [u8; 32] = [7; 32];

async fn begin(world: &World, key: &str) -> Result<Begun, AppError> {
    begin_request(&world.app, &world.admin, key, CONTENT).await
}

async fn first(world: &World, key: &str) -> Attempt {
    match begin(world, key).await.unwrap() {
        Begun::First(attempt) => attempt,
        other => panic!("not the first: {other:?}"),
    }
}

fn code(result: Result<Begun, AppError>) -> &'static str {
    match result {
        Err(AppError::Refused(refusal)) => refusal.code,
        other => panic!("not refused: {other:?}"),
    }
}

/// What the requests of these tests do.
async fn effect(app: &App, world: &World) -> Result<Program, AppError> {
    let terms = ProgramTerms::usual(
        "Second",
        Currency::DKK,
        "Europe/Copenhagen",
        "https://www.acme.example/second",
    );
    create_program(app, &world.admin, world.owner, terms).await
}

async fn programs(world: &World) -> usize {
    let page = world.first_page();
    list_programs(&world.app, &world.admin, page).await.unwrap().items.len()
}

fn answer(status: u16) -> Answer {
    Answer { status, body: b"{\"secret\":1}".to_vec() }
}

on_both! {
    async fn a_repetition_gets_the_first_answer(world: World) {
        let attempt = first(&world, "k").await;
        effect(&world.app.under(&attempt), &world).await.unwrap();
        assert!(matches!(begin(&world, "k").await.unwrap(), Begun::Running));
        end_request(&world.app, &attempt, &answer(201)).await.unwrap();
        let Begun::Answered(again) = begin(&world, "k").await.unwrap() else { panic!() };
        assert_eq!(again, answer(201));
        let other = begin_request(&world.app, &world.admin, "k", [8; 32]).await;
        assert_eq!(code(other), "idempotency_key_reused");
        // Another integration's key of the same name is another key.
        let partner = Actor::Key {
            key: tributary_kernel::KeyId::from_bytes([1; 16]),
            integration: tributary_kernel::IntegrationId::from_bytes([1; 16]),
            owner: world.owner,
            scopes: vec![],
        };
        let theirs = begin_request(&world.app, &partner, "k", [8; 32]).await.unwrap();
        assert!(matches!(theirs, Begun::First(_)));
        for key in ["", "a\u{7}", "å", &"x".repeat(201)] {
            assert_eq!(code(begin(&world, key).await), "invalid", "{key}");
        }

        world.advance_days(ANSWERS_DAYS);
        assert_eq!(prune_answers(&world.app).await.unwrap(), 0, "not yet");
        world.advance_days(1);
        assert_eq!(prune_answers(&world.app).await.unwrap(), 2);
        first(&world, "k").await;
        assert_eq!(programs(&world).await, 2);
    }

    async fn a_no_frees_the_key_and_what_was_done_keeps_it(world: World) {
        let attempt = first(&world, "k").await;
        end_request(&world.app, &attempt, &answer(422)).await.unwrap();
        // Other content may use the freed key.
        let next = begin_request(&world.app, &world.admin, "k", [8; 32]).await.unwrap();
        let Begun::First(next) = next else { panic!() };
        end_request(&world.app, &next, &answer(503)).await.unwrap();

        // A no after something was committed is the answer for good.
        let attempt = first(&world, "k").await;
        effect(&world.app.under(&attempt), &world).await.unwrap();
        end_request(&world.app, &attempt, &answer(409)).await.unwrap();
        assert!(matches!(begin(&world, "k").await.unwrap(), Begun::Answered(it) if it.status == 409));
    }

    async fn a_crash_before_the_effect_lets_the_next_one_run_and_the_first_never_again(world: World) {
        let crashed = first(&world, "k").await;
        assert!(matches!(begin(&world, "k").await.unwrap(), Begun::Running));
        world.clock.advance_seconds(RUN_SECONDS_MAX);
        let next = first(&world, "k").await;
        // The first was only slow, not dead.
        let late = effect(&world.app.under(&crashed), &world).await;
        assert!(late.unwrap_err().is_passing());
        assert_eq!(programs(&world).await, 1, "its effect was not committed");
        end_request(&world.app, &crashed, &answer(503)).await.unwrap();
        effect(&world.app.under(&next), &world).await.unwrap();
        end_request(&world.app, &next, &answer(201)).await.unwrap();
        assert!(matches!(begin(&world, "k").await.unwrap(), Begun::Answered(_)));
        assert_eq!(programs(&world).await, 2);
    }

    async fn a_crash_after_the_effect_says_so_and_does_nothing_again(world: World) {
        let attempt = first(&world, "k").await;
        let made = effect(&world.app.under(&attempt), &world).await.unwrap();
        assert!(matches!(begin(&world, "k").await.unwrap(), Begun::Running), "it may still answer");
        world.clock.advance_seconds(RUN_SECONDS_MAX);
        for _ in 0..2 {
            let Err(AppError::Refused(refusal)) = begin(&world, "k").await else { panic!() };
            assert_eq!(refusal.code, "idempotency_answer_lost");
            assert!(refusal.detail.contains(&made.id.to_string()), "{}", refusal.detail);
        }
        assert_eq!(programs(&world).await, 2);
    }
}

/// Many at once, again and again: one effect per key, and everybody who is answered is told the
/// same.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn at_the_same_time_on_postgres() {
    let world = Arc::new(World::postgres().await);
    for round in 0..10 {
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..8 {
            let world = Arc::clone(&world);
            tasks.spawn(async move {
                let begun = begin(&world, &format!("k{round}")).await.unwrap();
                let Begun::First(attempt) = begun else { return 0 };
                effect(&world.app.under(&attempt), &world).await.unwrap();
                end_request(&world.app, &attempt, &answer(201)).await.unwrap();
                1
            });
        }
        assert_eq!(tasks.join_all().await.into_iter().sum::<u32>(), 1);
        assert_eq!(programs(&world).await, 2 + round);
    }
    // Those who take over a dead run's key at the same moment are one.
    drop(first(&world, "dead").await);
    world.clock.advance_seconds(RUN_SECONDS_MAX);
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let world = Arc::clone(&world);
        tasks.spawn(async move { matches!(begin(&world, "dead").await.unwrap(), Begun::First(_)) });
    }
    assert_eq!(tasks.join_all().await.into_iter().filter(|first| *first).count(), 1);
}

/// Every operation of the whole request fails once, before it or after it was carried out (the
/// answer of a commit is lost, too); then the same request comes until it is answered.
#[tokio::test]
async fn every_operation_fails_once() {
    let folder = tempfile::tempdir().unwrap();
    let open = |name: &str| {
        let options = tributary_store_sqlite::SqliteOptions::default();
        let path = folder.path().join(name);
        Arc::new(tributary_store_sqlite::SqliteEngine::open(path, options).unwrap())
    };
    let faulty = Arc::new(FaultEngine::new(open("record.db")));
    let record = Arc::clone(&faulty) as _;
    let world = World::on(record, open("touches.db"), None).await;
    let mut expected = 1;
    for moment in [Moment::Before, Moment::After] {
        for at in 1.. {
            let key = format!("{moment:?}/{at}");
            let error = EngineError::Away("as planned".to_owned());
            faulty.plan(Some(FaultPlan { at, moment, lasting: false, error }));
            let done = request(&world, &key).await;
            let reached = faulty.operations().len() as u64 >= at;
            faulty.plan(None);
            if done.is_err() {
                world.clock.advance_seconds(RUN_SECONDS_MAX);
                match request(&world, &key).await {
                    Ok(()) => {}
                    Err(AppError::Refused(it)) => assert_eq!(it.code, "idempotency_answer_lost"),
                    Err(other) => panic!("{key}: {other}"),
                }
            }
            expected += 1;
            assert_eq!(programs(&world).await, expected.min(50), "{key}");
            if !reached {
                assert!(at > 10, "a request makes more operations than {at}");
                break;
            }
        }
    }
}

/// A whole request, as the API carries it out. A fault of its effect is answered, and so ends it.
async fn request(world: &World, key: &str) -> Result<(), AppError> {
    match begin(world, key).await? {
        Begun::First(attempt) => {
            let done = effect(&world.app.under(&attempt), world).await;
            let status = if done.is_ok() { 201 } else { 503 };
            end_request(&world.app, &attempt, &answer(status)).await?;
            done.map(drop)
        }
        Begun::Answered(_) => Ok(()),
        Begun::Running => Err(AppError::Engine(EngineError::Away("running".to_owned()))),
    }
}
