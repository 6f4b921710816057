//! Tries every point of failure of a call.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::Arc;

use tributary_app::verify::verify;
use tributary_store::engine::{Engine, EngineError, Value};
use tributary_store_postgres::{PostgresEngine, PostgresOptions};
use tributary_store_sqlite::{SqliteEngine, SqliteOptions};
use tributary_testkit::{FaultEngine, FaultPlan, Moment, ThrowawayPostgres};

use crate::common::World;

/// A use case, with facts of its own for each time it is tried.
pub(crate) trait Scene: Sized {
    /// What the caller is told, as far as a retry must tell the same.
    type Answer: PartialEq + Debug;

    /// Whatever lasts from round to round.
    async fn new(world: &World) -> Self;
    /// The facts of one round; nothing fails here.
    async fn prepare(&mut self, world: &World, round: u64);
    /// The call. Made again, it is the same call.
    async fn call(&mut self, world: &World) -> Result<Self::Answer, String>;
    /// Panics unless what the call was to do is done, once.
    async fn settled(&self, bench: &Bench, answer: &Self::Answer);
}

/// How operations fail.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fault {
    moment: Moment,
    lasting: bool,
    error: Kind,
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Away,
    Retry,
    Constraint,
    Full,
    Fault,
}

impl Kind {
    fn error(self) -> EngineError {
        let detail = "as planned".to_owned();
        match self {
            Self::Away => EngineError::Away(detail),
            Self::Retry => EngineError::Retry(detail),
            Self::Constraint => EngineError::Constraint { constraint: detail.clone(), detail },
            Self::Full => EngineError::Full(detail),
            Self::Fault => EngineError::Fault(detail),
        }
    }
}

const fn fault(moment: Moment, lasting: bool, error: Kind) -> Fault {
    Fault { moment, lasting, error }
}

/// All that matter. A serialization failure is never told of a commit that was carried out, so
/// there is none that is lost.
pub(crate) const FAULTS: [Fault; 10] = [
    fault(Moment::Before, false, Kind::Away),
    fault(Moment::Before, true, Kind::Away),
    fault(Moment::After, false, Kind::Away),
    fault(Moment::After, true, Kind::Away),
    fault(Moment::Before, false, Kind::Retry),
    fault(Moment::Before, true, Kind::Retry),
    fault(Moment::Before, false, Kind::Constraint),
    fault(Moment::Before, false, Kind::Full),
    fault(Moment::Before, true, Kind::Fault),
    fault(Moment::After, false, Kind::Fault),
];

/// One of each way in which a use case meets a fault.
pub(crate) const SAMPLE: [Fault; 5] = [
    fault(Moment::Before, true, Kind::Away),
    fault(Moment::After, false, Kind::Away),
    fault(Moment::After, true, Kind::Away),
    fault(Moment::Before, false, Kind::Retry),
    fault(Moment::Before, false, Kind::Fault),
];

/// Those whose consequences hang on how the engine rolls back and commits.
pub(crate) const ROLLBACKS: [Fault; 2] =
    [fault(Moment::Before, false, Kind::Away), fault(Moment::After, false, Kind::Away)];

/// A world on engines that can fail.
#[derive(Debug)]
pub(crate) struct Bench {
    pub(crate) world: World,
    /// Record and touches; on PostgreSQL they are one.
    pub(crate) faulty: Vec<Arc<FaultEngine>>,
    /// The same without faults, to look at what is stored.
    plain: Vec<Arc<dyn Engine>>,
}

/// Tables and their rows.
type Dump = BTreeMap<String, Vec<String>>;

impl Bench {
    pub(crate) async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let open = |name: &str| -> Arc<dyn Engine> {
            let options = SqliteOptions { readers: 2, ..SqliteOptions::default() };
            Arc::new(SqliteEngine::open(folder.path().join(name), options).unwrap())
        };
        Self::on(vec![open("record.db"), open("touches.db")], Some(folder)).await
    }

    pub(crate) async fn postgres() -> Self {
        let url = ThrowawayPostgres::shared().database().await;
        let engine = PostgresEngine::connect(&url, PostgresOptions::default()).await.unwrap();
        Self::on(vec![Arc::new(engine)], None).await
    }

    async fn on(plain: Vec<Arc<dyn Engine>>, folder: Option<tempfile::TempDir>) -> Self {
        let faulty: Vec<_> =
            plain.iter().map(|it| Arc::new(FaultEngine::new(Arc::clone(it)))).collect();
        let (record, touches) = (Arc::clone(&faulty[0]), Arc::clone(&faulty[faulty.len() - 1]));
        let world = World::on(record, touches, folder).await;
        Self { world, faulty, plain }
    }

    /// Everything that is stored.
    async fn dump(&self) -> Dump {
        let mut dump = Dump::new();
        for engine in &self.plain {
            let mut conn = engine.read().await.unwrap();
            let names = match engine.name() {
                "sqlite" => "SELECT name FROM sqlite_master WHERE type = 'table'",
                _ => "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
            };
            for row in conn.query(names, vec![]).await.unwrap() {
                let table = row.text(0).unwrap().to_owned();
                let rows = conn.query_built(format!("SELECT * FROM {table}"), vec![]).await;
                let mut rows: Vec<String> =
                    rows.unwrap().iter().map(|row| format!("{:?}", row.values())).collect();
                rows.sort_unstable();
                dump.insert(table, rows);
            }
        }
        dump
    }

    /// The one number that a query of the record finds.
    pub(crate) async fn count(&self, sql: &'static str, params: Vec<Value>) -> i64 {
        let mut conn = self.plain[0].read().await.unwrap();
        conn.query(sql, params).await.unwrap()[0].int(0).unwrap()
    }

    /// The one number that a query of the touches finds.
    pub(crate) async fn count_touches(&self, sql: &'static str, params: Vec<Value>) -> i64 {
        let mut conn = self.plain[self.plain.len() - 1].read().await.unwrap();
        conn.query(sql, params).await.unwrap()[0].int(0).unwrap()
    }

    pub(crate) async fn conversions_of(&self, order: &str) -> i64 {
        let sql = "SELECT COUNT(*) FROM conversion WHERE business_key = $1";
        self.count(sql, vec![order.into()]).await
    }

    /// Panics unless ledger, heads, balances, rollup and intake are what they should be.
    pub(crate) async fn verified(&self) {
        self.world.audited().await;
        let report = verify(&self.world.app, None, &mut |_| {}).await.unwrap();
        assert!(report.is_green(), "{:#?}", report.findings);
    }
}

/// What a retry of a call that was carried out may still add to: it is counted as received.
const COUNTED_AGAIN: [&str; 1] = ["intake"];

/// Tries the fault at each operation of each engine, until the call makes none of that number.
pub(crate) async fn shake<S: Scene>(bench: &Bench, fault: Fault) {
    let mut scene = S::new(&bench.world).await;
    let mut round = 0;
    for (place, engine) in bench.faulty.iter().enumerate() {
        for at in 1.. {
            round += 1;
            scene.prepare(&bench.world, round).await;
            if !shake_once(bench, &mut scene, engine, fault, at).await {
                assert!(place > 0 || at > 10, "{} operations of the record", at - 1);
                break;
            }
        }
    }
}

/// One round; `false` if the call made fewer operations.
async fn shake_once<S: Scene>(
    bench: &Bench,
    scene: &mut S,
    engine: &FaultEngine,
    fault: Fault,
    at: u64,
) -> bool {
    let world = &bench.world;
    let before = bench.dump().await;
    engine.plan(Some(FaultPlan {
        at,
        moment: fault.moment,
        lasting: fault.lasting,
        error: fault.error.error(),
    }));
    for it in &bench.faulty {
        if !std::ptr::eq(&raw const **it, engine) {
            it.plan(None);
        }
    }
    let first = scene.call(world).await;
    let operations = engine.operations();
    let reached = operations.len() as u64 >= at;
    let what = format!("{fault:?} at {at}, {:?}", operations.get(at as usize - 1));
    let committed: usize = bench.faulty.iter().map(|it| commits(it, engine, fault, at)).sum();
    engine.plan(None);
    if first.is_err() && committed == 0 {
        same(&before, &bench.dump().await, &[], &format!("{what}: half-written"));
    }
    assert!(reached || first.is_ok(), "{what}: nothing failed, {first:?}");

    let second = scene.call(world).await.unwrap_or_else(|error| panic!("{what}: {error}"));
    if let Ok(first) = &first {
        assert_eq!(*first, second, "{what}: another answer");
    }
    scene.settled(bench, &second).await;
    let settled = bench.dump().await;
    assert_eq!(scene.call(world).await.as_ref(), Ok(&second), "{what}: another answer");
    same(&settled, &bench.dump().await, &COUNTED_AGAIN, &format!("{what}: done twice"));
    bench.verified().await;
    reached
}

/// Commits that an engine has carried out.
fn commits(it: &FaultEngine, failing: &FaultEngine, fault: Fault, at: u64) -> usize {
    let fails = |number: u64| {
        std::ptr::eq(it, failing)
            && fault.moment == Moment::Before
            && (number == at || (fault.lasting && number > at))
    };
    let operations = it.operations();
    (1..).zip(&operations).filter(|(number, name)| *name == "commit" && !fails(*number)).count()
}

/// Panics unless two dumps agree, naming the rows that are in one only.
fn same(one: &Dump, other: &Dump, except: &[&str], what: &str) {
    for (table, rows) in one {
        let now = &other[table];
        if rows != now && !except.contains(&table.as_str()) {
            let gone: Vec<_> = rows.iter().filter(|row| !now.contains(row)).collect();
            let new: Vec<_> = now.iter().filter(|row| !rows.contains(row)).collect();
            panic!("{what}: {table} changed\n gone: {gone:#?}\n new: {new:#?}");
        }
    }
}
