//! What comes between a decision's look at the touches and its commit: no transaction spans both
//! databases, so these orders are forced here, one by one.

#![expect(clippy::unwrap_used, reason = "in a test helper it is a failed test")]

mod clicks;
mod common;
#[macro_use]
mod on_both;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use clicks::{Spool, click};
use common::World;
use tokio::sync::Notify;
use tributary_app::App;
use tributary_app::conversion::{
    DecidedJourney, ReportConversion, ReportOutcome, redecide_queued, report_conversions,
};
use tributary_attribution::Proof;
use tributary_click::{ClickId, Consent, ConsentRecord, Entry};
use tributary_kernel::ConversionId;
use tributary_store::engine::{
    Connection, Engine, EngineError, Insert, Lookup, MigrationReport, MigrationSet, Row,
    Transaction, Value,
};
use tributary_testkit::within;

/// Far more than any step takes; a step that waits for another for ever ends the test with it.
const PATIENCE: Duration = Duration::from_secs(60);

/// An engine that tells when somebody wants to write, and whose commits wait for leave.
#[derive(Debug)]
struct Gated {
    inner: Arc<dyn Engine>,
    gate: Arc<Gate>,
}

#[derive(Debug, Default)]
struct Gate {
    wants_to_write: Notify,
    before_commit: Notify,
    leave: Notify,
}

struct GatedTransaction {
    inner: Box<dyn Transaction>,
    gate: Arc<Gate>,
}

#[async_trait]
impl Engine for Gated {
    fn name(&self) -> &'static str {
        self.inner.name()
    }

    async fn begin(&self) -> Result<Box<dyn Transaction>, EngineError> {
        self.gate.wants_to_write.notify_one();
        let inner = self.inner.begin().await?;
        Ok(Box::new(GatedTransaction { inner, gate: Arc::clone(&self.gate) }))
    }

    async fn read(&self) -> Result<Box<dyn Connection>, EngineError> {
        self.inner.read().await
    }

    async fn migrate(&self, folder: MigrationSet) -> Result<MigrationReport, EngineError> {
        self.inner.migrate(folder).await
    }

    async fn schema_version(&self, folder: MigrationSet) -> Result<u32, EngineError> {
        self.inner.schema_version(folder).await
    }

    async fn close(&self) -> Result<(), EngineError> {
        self.inner.close().await
    }
}

#[async_trait]
impl Connection for GatedTransaction {
    async fn execute(&mut self, sql: &'static str, params: Vec<Value>) -> Result<u64, EngineError> {
        self.inner.execute(sql, params).await
    }

    async fn query(
        &mut self,
        sql: &'static str,
        params: Vec<Value>,
    ) -> Result<Vec<Row>, EngineError> {
        self.inner.query(sql, params).await
    }

    async fn query_built(
        &mut self,
        sql: String,
        params: Vec<Value>,
    ) -> Result<Vec<Row>, EngineError> {
        self.inner.query_built(sql, params).await
    }

    async fn lookup(
        &mut self,
        lookup: &'static Lookup,
        keys: Vec<Vec<Value>>,
    ) -> Result<Vec<Row>, EngineError> {
        self.inner.lookup(lookup, keys).await
    }

    async fn insert(
        &mut self,
        insert: &'static Insert,
        rows: Vec<Vec<Value>>,
    ) -> Result<u64, EngineError> {
        self.inner.insert(insert, rows).await
    }
}

#[async_trait]
impl Transaction for GatedTransaction {
    async fn commit(self: Box<Self>) -> Result<(), EngineError> {
        self.gate.before_commit.notify_one();
        self.gate.leave.notified().await;
        self.inner.commit().await
    }
}

/// The world's app over a gated record.
fn gated(world: &World) -> (App, Arc<Gate>) {
    let gate = Arc::new(Gate::default());
    let record = Gated { inner: Arc::clone(&world.app.record), gate: Arc::clone(&gate) };
    let mut app = world.app.clone();
    app.record = Arc::new(record);
    (app, gate)
}

/// Reports a sale whose decision has read the touches and waits before its commit while ingest
/// takes all there is: until it has ended, or must wait for the decision.
async fn sell_while_ingest_runs(
    world: &World,
    sale: ReportConversion,
    spool: Spool,
) -> ConversionId {
    let (slow, decision) = gated(world);
    let admin = world.admin.clone();
    let selling =
        tokio::spawn(async move { report_conversions(&slow, &admin, vec![sale]).await.unwrap() });
    within(PATIENCE, "the decision", decision.before_commit.notified()).await;
    let (app, gate) = gated(world);
    let mut taking = tokio::spawn(async move {
        let mut spool = spool;
        spool.drain(&app, 100).await
    });
    let wants_to_write = gate.wants_to_write.notified();
    let ended = within(PATIENCE, "ingest to end or wait", async {
        tokio::select! {
            _ = &mut taking => true,
            () = wants_to_write => false,
        }
    })
    .await;
    decision.leave.notify_one();
    let outcome = within(PATIENCE, "the commit", selling).await.unwrap().pop().unwrap();
    let ReportOutcome::Applied(id) = outcome else { panic!("{outcome:?}") };
    if !ended {
        // What it queues may be committed at once, whatever it is.
        let queued = async {
            loop {
                gate.before_commit.notified().await;
                gate.leave.notify_one();
            }
        };
        tokio::select! {
            taken = within(PATIENCE, "ingest", &mut taking) => drop(taken.unwrap()),
            () = queued => unreachable!("it never ends"),
        }
    }
    redecide_queued(&world.app, 100).await.unwrap();
    id
}

/// The clicks of a journey with what proves each.
async fn proofs(world: &World, id: ConversionId) -> Vec<Proof> {
    let (conversion, _) = world.conversion(id).await;
    let decided = DecidedJourney::of(&conversion).unwrap();
    decided.journey.touches().iter().map(|touch| touch.proof).collect()
}

fn consent(click_id: ClickId, previous: ClickId, world: &World) -> Entry {
    let at = world.app.now();
    Entry::Consent(ConsentRecord {
        click_id,
        at,
        state: Consent::Granted,
        previous: Some(previous),
    })
}

on_both! {
    async fn a_click_recorded_while_its_sale_is_decided_is_in_the_journey(world: World) {
        let (_, link) = world.partner("Anna").await;
        let id = world.unrecorded_click(&link);
        let entries = vec![Entry::Click(click(&link, Some(id), world.app.now(), 1))];
        let spool = Spool { entries, ..Spool::default() };
        let sale = world.sale("1009", 10_000, id);
        let conversion = sell_while_ingest_runs(&world, sale, spool).await;
        assert_eq!(proofs(&world, conversion).await, [Proof::Recorded]);
    }

    async fn a_chain_known_while_its_sale_is_decided_is_in_the_journey(world: World) {
        let (_, link) = world.partner("Anna").await;
        let before = world.click(&link).await;
        let id = world.click(&link).await;
        let spool = Spool { entries: vec![consent(id, before, &world)], ..Spool::default() };
        let sale = world.sale("1009", 10_000, id);
        let conversion = sell_while_ingest_runs(&world, sale, spool).await;
        assert_eq!(proofs(&world, conversion).await, [Proof::Recorded, Proof::Recorded]);
    }

    /// The process ends between the commit of a touch and the look for its conversions; or a
    /// backup holds a younger copy of the touches than of the record.
    async fn what_was_not_looked_for_is_found_by_the_next_process(world: World) {
        let (_, link) = world.partner("Anna").await;
        let other = world.unrecorded_click(&link);
        let mut spool = Spool {
            entries: vec![Entry::Click(click(&link, Some(other), world.app.now(), 1))],
            ..Spool::default()
        };
        spool.drain(&world.app, 100).await;
        let id = world.unrecorded_click(&link);
        let conversion = world.apply(world.sale("1009", 10_000, id)).await;
        let customers = ReportConversion {
            customer_id: Some("c-1".to_owned()),
            ..world.sale("1010", 10_000, other)
        };
        let known = world.apply(customers).await;
        world.record_touch(id, &link, None).await;
        redecide_queued(&world.app, 100).await.unwrap();
        assert_eq!(proofs(&world, conversion).await, [Proof::IdOnly]);

        let taken = spool.drain(&world.app, 100).await;
        assert_eq!((taken.entries, taken.requeued), (0, 1));
        redecide_queued(&world.app, 100).await.unwrap();
        assert_eq!(proofs(&world, conversion).await, [Proof::Recorded]);
        assert_eq!(proofs(&world, known).await, [Proof::Recorded]);
        assert_eq!(spool.drain(&world.app, 100).await.requeued, 0, "nothing is left to find");
    }
}
