//! The use cases that are shaken.

use std::collections::BTreeMap;

use async_trait::async_trait;
use tributary_app::conversion::{
    CorrectConversion, RefundConversion, ReportConversion, ReportOutcome, correct_conversion,
    redecide_queued, refund_conversion, report_conversions,
};
use tributary_app::ingest::{
    ClickBatch, ClickLag, ClickPlace, ClickSource, ClickSourceError, Ingest, ingest_batch,
};
use tributary_click::{
    Class, ClickId, ClickRecord, Consent, ConsentRecord, Device, Entry, LossRecord,
};
use tributary_directory::{Link, Partnership};
use tributary_kernel::{ConversionId, Timestamp};
use tributary_store::decision::{AdjustmentKind, CommissionState};
use tributary_store::{redecision, touches};

use crate::common::{World, dkk};
use crate::shaking::{Bench, Scene};

fn words(error: impl std::fmt::Display) -> String {
    error.to_string()
}

/// A batch with something of everything: new and known customers, an order twice, a wrong one, one
/// that waits for a person; with delivery keys and without.
pub(crate) struct Reported {
    link: Link,
    batch: Vec<ReportConversion>,
}

impl Scene for Reported {
    type Answer = Vec<(&'static str, String)>;

    async fn new(world: &World) -> Self {
        Self { link: world.partner("Anna").await.1, batch: Vec::new() }
    }

    async fn prepare(&mut self, world: &World, round: u64) {
        let click = world.click(&self.link).await;
        let sale = |order: &str| world.sale(&format!("{order}/{round}"), 10_000, click);
        let keyed = |report: ReportConversion| ReportConversion {
            delivery_key: Some(format!("key/{}", report.order_id)),
            customer_id: Some(format!("customer/{round}")),
            ..report
        };
        let future = world.app.now().plus_days(30);
        self.batch = vec![
            keyed(sale("first")),
            keyed(sale("second")),
            sale("plain"),
            sale("plain"),
            ReportConversion { code: Some("NOBODY".to_owned()), ..sale("wrong") },
            ReportConversion { occurred_at: Some(future), ..keyed(sale("early")) },
        ];
    }

    async fn call(&mut self, world: &World) -> Result<Self::Answer, String> {
        let batch = self.batch.clone();
        let outcomes = report_conversions(&world.app, &world.admin, batch).await.map_err(words)?;
        for outcome in &outcomes {
            if let ReportOutcome::Failed(fault) = outcome {
                return Err(words(fault.clone()));
            }
        }
        let told = outcomes.into_iter().zip(&self.batch).map(|(outcome, report)| match outcome {
            ReportOutcome::Applied(id) => ("applied", id.to_string()),
            ReportOutcome::Duplicate(id) => {
                assert_eq!(report.delivery_key, None, "the first answer was not that");
                ("applied", id.to_string())
            }
            ReportOutcome::Quarantined { id, .. } => ("quarantined", id.to_string()),
            ReportOutcome::Refused(refusal) => ("refused", refusal.to_string()),
            ReportOutcome::Failed(_) => unreachable!("looked for above"),
        });
        Ok(told.collect())
    }

    async fn settled(&self, bench: &Bench, answer: &Self::Answer) {
        let kinds: Vec<_> = answer.iter().map(|(kind, _)| *kind).collect();
        let expected = ["applied", "applied", "applied", "applied", "refused", "quarantined"];
        assert_eq!(kinds, expected);
        assert_eq!(answer[2], answer[3], "one order, one fact");
        for (report, (kind, id)) in self.batch.iter().zip(answer) {
            let stored = bench.conversions_of(&report.order_id).await;
            assert_eq!(stored, i64::from(*kind == "applied"), "{}", report.order_id);
            if *kind == "applied" {
                let id: ConversionId = id.parse().unwrap();
                let (conversion, commissions) = bench.world.conversion(id).await;
                assert_eq!(conversion.business_key, report.order_id);
                let amounts: Vec<_> = commissions.iter().map(|it| it.amount).collect();
                assert_eq!(amounts, [dkk(2_000)]);
            }
        }
    }
}

/// Part of a sale given back.
pub(crate) struct Refunded {
    link: Link,
    input: Option<RefundConversion>,
}

impl Scene for Refunded {
    type Answer = String;

    async fn new(world: &World) -> Self {
        Self { link: world.partner("Anna").await.1, input: None }
    }

    async fn prepare(&mut self, world: &World, round: u64) {
        let click = world.click(&self.link).await;
        let conversion = world.apply(world.sale(&round.to_string(), 99_999, click)).await;
        self.input = Some(RefundConversion {
            conversion,
            refund_id: "refund".to_owned(),
            amount: Some(dkk(33_333)),
            kind: AdjustmentKind::Refund,
            occurred_at: None,
        });
    }

    async fn call(&mut self, world: &World) -> Result<String, String> {
        let input = self.input.clone().unwrap();
        let done = refund_conversion(&world.app, &world.admin, input).await.map_err(words)?;
        Ok(done.adjustment.to_string())
    }

    async fn settled(&self, bench: &Bench, _: &String) {
        let id = self.input.as_ref().unwrap().conversion;
        let (conversion, commissions) = bench.world.conversion(id).await;
        assert_eq!(conversion.returned_amount, 33_333);
        let remaining: Vec<_> = commissions.iter().map(|it| it.remaining()).collect();
        assert_eq!(remaining, [13_333], "20 % of 666.66");
        assert_eq!(adjustments_of(bench, id).await, 1);
    }
}

async fn adjustments_of(bench: &Bench, id: ConversionId) -> i64 {
    let sql = "SELECT COUNT(*) FROM adjustment WHERE conversion_id = $1";
    bench.count(sql, vec![id.into()]).await
}

/// An amount put right.
pub(crate) struct Corrected {
    link: Link,
    input: Option<CorrectConversion>,
}

impl Scene for Corrected {
    type Answer = String;

    async fn new(world: &World) -> Self {
        Self { link: world.partner("Anna").await.1, input: None }
    }

    async fn prepare(&mut self, world: &World, round: u64) {
        let click = world.click(&self.link).await;
        let conversion = world.apply(world.sale(&round.to_string(), 100_000, click)).await;
        let correction_id = "correction".to_owned();
        let amount = dkk(150_000);
        self.input =
            Some(CorrectConversion { conversion, correction_id, amount, net_amount: None });
    }

    async fn call(&mut self, world: &World) -> Result<String, String> {
        let input = self.input.clone().unwrap();
        let done = correct_conversion(&world.app, &world.admin, input).await.map_err(words)?;
        Ok(done.adjustment.to_string())
    }

    async fn settled(&self, bench: &Bench, _: &String) {
        let id = self.input.as_ref().unwrap().conversion;
        let (conversion, commissions) = bench.world.conversion(id).await;
        assert_eq!(conversion.amount, dkk(150_000));
        let remaining: i64 = commissions.iter().map(|it| it.remaining()).sum();
        assert_eq!((commissions.len(), remaining), (2, 30_000));
        assert_eq!(adjustments_of(bench, id).await, 1);
    }
}

/// Two conversions whose journeys turn out to have had a later touch.
pub(crate) struct Redecided {
    anna: (Partnership, Link),
    bo: (Partnership, Link),
    conversions: Vec<ConversionId>,
}

impl Scene for Redecided {
    type Answer = ();

    async fn new(world: &World) -> Self {
        let (anna, bo) = (world.partner("Anna").await, world.partner("Bo").await);
        Self { anna, bo, conversions: Vec::new() }
    }

    async fn prepare(&mut self, world: &World, round: u64) {
        self.conversions.clear();
        for number in 0..2 {
            let first = world.click(&self.anna.1).await;
            world.clock.advance_seconds(60);
            let second = world.unrecorded_click(&self.bo.1);
            world.record_touch(second, &self.bo.1, None).await;
            world.clock.advance_seconds(60);
            let sale = world.sale(&format!("{round}/{number}"), 100_000, first);
            let id = world.apply(sale).await;
            let mut tx = world.app.touches.begin().await.unwrap();
            let until = first.at().plus_days(90);
            let (click, previous) = (*first.as_bytes(), Some(*second.as_bytes()));
            touches::grant(&mut *tx, click, previous, until).await.unwrap();
            tx.commit().await.unwrap();
            let mut tx = world.app.record.begin().await.unwrap();
            let now = world.app.now();
            redecision::queue_redecision(&mut *tx, &[(world.owner, id)], now).await.unwrap();
            tx.commit().await.unwrap();
            self.conversions.push(id);
        }
    }

    async fn call(&mut self, world: &World) -> Result<(), String> {
        redecide_queued(&world.app, 10).await.map(|_| ()).map_err(words)
    }

    async fn settled(&self, bench: &Bench, (): &()) {
        for id in &self.conversions {
            let (_, commissions) = bench.world.conversion(*id).await;
            let mut now: Vec<_> = commissions.iter().map(|it| (it.partner, it.state)).collect();
            now.sort_unstable_by_key(|(_, state)| *state == CommissionState::Pending);
            let (anna, bo) = (self.anna.0.partner, self.bo.0.partner);
            let expected = [(anna, CommissionState::Reversed), (bo, CommissionState::Pending)];
            assert_eq!(now, expected);
        }
        assert_eq!(bench.count("SELECT COUNT(*) FROM redecision", vec![]).await, 0);
    }
}

/// A spool in memory: the byte of a place is the number of the entry.
#[derive(Debug, Default)]
pub(crate) struct Log(Vec<Entry>);

#[async_trait]
impl ClickSource for Log {
    fn node(&self) -> u8 {
        0
    }

    async fn read(
        &mut self,
        from: ClickPlace,
        entries_max: usize,
    ) -> Result<ClickBatch, ClickSourceError> {
        let rest = &self.0[usize::try_from(from.byte).unwrap()..];
        let entries = rest[..rest.len().min(entries_max)].to_vec();
        if entries.is_empty() {
            return Ok(ClickBatch { entries, next: from });
        }
        let next = ClickPlace { segment: 1, byte: from.byte + entries.len() as u64 };
        Ok(ClickBatch { entries, next })
    }

    async fn lag(&mut self, _: ClickPlace) -> Result<ClickLag, ClickSourceError> {
        Ok(ClickLag::default())
    }
}

/// Clicks of people and machines, a consent, a withdrawal, a loss, and a conversion that was
/// reported before its click was known.
pub(crate) struct Ingested {
    link: Link,
    log: Log,
    ingest: Ingest,
    /// Whether the touch of a click is to be there, and with which consent.
    clicks: BTreeMap<[u8; 16], Option<&'static str>>,
    before: Vec<ClickId>,
    early: Option<ConversionId>,
    rounds: i64,
}

/// Entries per transaction: a round takes several.
const ENTRIES_PER_BATCH: usize = 4;

impl Ingested {
    /// The conversion that came before its touch.
    pub(crate) fn early(&self) -> ConversionId {
        self.early.unwrap()
    }

    /// Takes one batch.
    pub(crate) async fn batch(&mut self, world: &World) -> Result<u64, String> {
        ingest_batch(&world.app, &mut self.ingest, &mut self.log, ENTRIES_PER_BATCH)
            .await
            .map(|taken| taken.entries)
            .map_err(words)
    }
}

fn click_of(id: ClickId, class: Class, visitor: u8) -> Entry {
    Entry::Click(ClickRecord {
        click_id: Some(id),
        at: id.at(),
        link_number: id.link_number(),
        class,
        consent: Consent::Unknown,
        visitor_key: Some([visitor; 16]),
        country: None,
        device: Device::Phone,
        referrer_host: None,
        sub_ids: [const { None }; 5],
        destination: None,
        by_parameter: false,
        test: false,
    })
}

impl Scene for Ingested {
    type Answer = ();

    async fn new(world: &World) -> Self {
        Self {
            link: world.partner("Anna").await.1,
            log: Log::default(),
            ingest: Ingest::new(),
            clicks: BTreeMap::new(),
            before: Vec::new(),
            early: None,
            rounds: 0,
        }
    }

    async fn prepare(&mut self, world: &World, round: u64) {
        let now: Timestamp = world.app.now();
        let ids: Vec<ClickId> = (0..4).map(|_| world.unrecorded_click(&self.link)).collect();
        let tell = |click_id: ClickId, state: Consent| {
            Entry::Consent(ConsentRecord { click_id, at: now, state, previous: None })
        };
        let log = &mut self.log.0;
        // One visitor twice, another once; the same two in every round.
        log.push(click_of(ids[0], Class::Countable, 1));
        log.push(click_of(ids[1], Class::Countable, 1));
        log.push(click_of(ids[2], Class::Countable, 2));
        log.push(click_of(ids[3], Class::Bot, 3));
        log.push(tell(ids[2], Consent::Granted));
        log.push(Entry::Loss(LossRecord { from: now, until: now, count: 5 }));
        self.clicks.extend(ids[..3].iter().map(|id| (*id.as_bytes(), Some("unknown"))));
        self.clicks.insert(*ids[2].as_bytes(), Some("granted"));
        if let [granted, withdrawn, ..] = self.before.as_slice() {
            log.push(tell(*granted, Consent::Granted));
            log.push(tell(*withdrawn, Consent::Denied));
            self.clicks.insert(*granted.as_bytes(), Some("granted"));
            self.clicks.insert(*withdrawn.as_bytes(), None);
        }
        let sale = world.sale(&round.to_string(), 10_000, ids[0]);
        self.early = Some(world.apply(sale).await);
        self.before = ids;
        self.rounds += 1;
        world.clock.advance_seconds(1);
    }

    async fn call(&mut self, world: &World) -> Result<(), String> {
        while self.batch(world).await? > 0 {}
        Ok(())
    }

    async fn settled(&self, bench: &Bench, (): &()) {
        for (click, consent) in &self.clicks {
            let stored = "SELECT COUNT(*) FROM touch WHERE click_id = $1 AND consent = $2";
            let params = vec![(*click).into(), consent.unwrap_or("unknown").into()];
            let found = bench.count_touches(stored, params).await;
            assert_eq!(found, i64::from(consent.is_some()), "{click:?} {consent:?}");
        }
        for (sql, expected) in [
            ("SELECT CAST(SUM(clicks) AS BIGINT) FROM clicks_hourly", self.rounds * 3),
            ("SELECT CAST(SUM(machine_clicks) AS BIGINT) FROM clicks_hourly", self.rounds),
            ("SELECT CAST(SUM(unique_clicks) AS BIGINT) FROM clicks_hourly", 2),
            ("SELECT CAST(SUM(count) AS BIGINT) FROM click_loss", self.rounds * 5),
            ("SELECT entries FROM spool_offset", self.log.0.len() as i64),
        ] {
            assert_eq!(bench.count_touches(sql, vec![]).await, expected, "{sql}");
        }
        let early = self.early();
        let sql = "SELECT COUNT(*) FROM redecision WHERE conversion_id = $1";
        assert_eq!(bench.count(sql, vec![early.into()]).await, 1, "decided before its touch");
    }
}
