//! From the spool to touches, hourly clicks and commissions per click.

#![expect(clippy::unwrap_used, reason = "in a test helper it is a failed test")]

mod clicks;
mod common;
#[macro_use]
mod on_both;

use std::sync::Arc;

use clicks::{Spool, click};
use common::World;
use tributary_app::conversion::{DecidedJourney, redecide_queued};
use tributary_app::directory::{PublishPlan, publish_plan};
use tributary_app::ingest::{
    Ingest, IngestError, book_click_commissions, ingest_batch, tidy_touches,
};
use tributary_app::verify::verify;
use tributary_attribution::Proof;
use tributary_click::{Class, ClickId, ClickRecord, Consent, ConsentRecord, Entry, LossRecord};
use tributary_directory::Link;
use tributary_kernel::{LocalDate, Timestamp};
use tributary_store::engine::{Engine, EngineError};
use tributary_store::rollup::DailyFilter;
use tributary_store::touches::{self, HourlyClicks, StoredTouch};
use tributary_store_sqlite::{SqliteEngine, SqliteOptions};
use tributary_testkit::{FaultEngine, FaultPlan, Moment};

async fn touch(world: &World, id: ClickId) -> Option<StoredTouch> {
    let mut conn = world.app.touches.read().await.unwrap();
    touches::by_clicks(&mut *conn, &[*id.as_bytes()]).await.unwrap().pop()
}

async fn hourly(world: &World) -> Vec<HourlyClicks> {
    let filter = DailyFilter {
        from: LocalDate::from_days(0),
        to: LocalDate::from_days(40_000),
        program: None,
        partner: None,
    };
    let mut conn = world.app.touches.read().await.unwrap();
    let mut rows = touches::daily_clicks(&mut *conn, world.viewer(), filter).await.unwrap();
    rows.sort_unstable_by_key(|it| (it.local_hour, it.partner));
    rows
}

/// What was said of a click later.
fn told(click_id: ClickId, at: Timestamp, state: Consent, previous: Option<ClickId>) -> Entry {
    Entry::Consent(ConsentRecord { click_id, at, state, previous })
}

fn counts(it: &HourlyClicks) -> (i64, i64, i64) {
    (it.clicks, it.unique_clicks, it.machine_clicks)
}

on_both! {
    async fn people_are_counted_and_touch_machines_are_only_counted(world: World) {
        let (_, link) = world.partner("Anna").await;
        let now = world.app.now();
        let id = world.unrecorded_click(&link);
        let granted = world.unrecorded_click(&link);
        let in_test = world.unrecorded_click(&link);
        let of_bot = world.unrecorded_click(&link);
        let one = |it: ClickRecord| Entry::Click(it);
        let unknown_link = Link { number: 9_999_999, ..link.clone() };
        let mut spool = Spool {
            entries: vec![
                one(click(&link, Some(id), now, 1)),
                one(ClickRecord {
                    consent: Consent::Granted,
                    ..click(&link, Some(granted), now.plus_seconds(5), 1)
                }),
                one(click(&link, None, now.plus_seconds(6), 2)),
                one(ClickRecord {
                    consent: Consent::Denied,
                    visitor_key: None,
                    ..click(&link, None, now.plus_seconds(7), 0)
                }),
                one(ClickRecord { class: Class::Bot, ..click(&link, Some(of_bot), now, 3) }),
                one(ClickRecord { test: true, ..click(&link, Some(in_test), now, 4) }),
                one(click(&unknown_link, None, now, 5)),
                Entry::Loss(LossRecord { from: now, until: now.plus_seconds(9), count: 12 }),
            ],
            damaged: false,
        };
        let report = spool.drain(&world.app, 3).await;
        assert_eq!((report.clicks, report.unique_clicks, report.machine_clicks), (4, 2, 1));
        assert_eq!((report.touches, report.test_clicks), (3, 1));
        assert_eq!((report.unknown_links, report.lost_clicks, report.entries), (1, 12, 8));

        let rows = hourly(&world).await;
        assert_eq!(rows.iter().map(counts).collect::<Vec<_>>(), [(4, 2, 1)]);
        let day = "2026-03-02".parse::<LocalDate>().unwrap();
        assert_eq!(rows[0].local_hour / 24, i64::from(day.as_days()));
        assert_eq!((rows[0].partner, rows[0].link), (link.partner, link.id));

        let found = touch(&world, id).await.unwrap();
        assert_eq!(found.expires_at, now.plus_seconds(24 * 3_600), "no consent: a day");
        assert_eq!(found.sub_ids.as_deref(), Some(r#"["mail-14",null,null,null,null]"#));
        assert_eq!((found.country.as_deref(), found.device.as_str()), (Some("DK"), "phone"));
        let found = touch(&world, granted).await.unwrap();
        assert_eq!(found.expires_at, found.at.plus_days(90 + 30), "consent: window and margin");
        assert!(touch(&world, in_test).await.unwrap().test);
        assert_eq!(touch(&world, of_bot).await, None, "a machine leaves no touch");
        let mut conn = world.app.touches.read().await.unwrap();
        assert!(touches::was_losing(&mut *conn, 3, now.plus_seconds(4)).await.unwrap());

        // The same visitor on the same day is known; on the next local day it is new.
        let late = World::at("2026-03-02T22:59:00Z");
        spool.entries.extend([
            one(click(&link, None, late, 1)),
            one(click(&link, None, late.plus_seconds(60), 1)),
        ]);
        let report = spool.drain(&world.app, 100).await;
        assert_eq!((report.clicks, report.unique_clicks), (2, 1));
        let rows = hourly(&world).await;
        assert_eq!(rows.iter().map(counts).collect::<Vec<_>>(), [(5, 2, 1), (1, 1, 0)]);
    }
}

on_both! {
    async fn consent_lengthens_a_touch_and_its_withdrawal_ends_it(world: World) {
        let (_, link) = world.partner("Anna").await;
        let now = world.app.now();
        let ids: Vec<ClickId> = (0..6).map(|_| world.unrecorded_click(&link)).collect();
        let clicked = |n: usize| Entry::Click(click(&link, Some(ids[n]), now, 1));
        let (granted, denied) = (Consent::Granted, Consent::Denied);
        let mut spool = Spool {
            entries: vec![
                clicked(0),
                clicked(1),
                told(ids[1], now, granted, Some(ids[0])),
                clicked(2),
                told(ids[2], now, granted, None),
                told(ids[2], now, denied, None),
                clicked(3),
                clicked(4),
            ],
            damaged: false,
        };
        let report = spool.drain(&world.app, 100).await;
        assert_eq!((report.granted, report.withdrawn, report.touches), (1, 1, 4));
        assert_eq!(report.clicks, 5, "a withdrawn click was a click");
        let chained = touch(&world, ids[1]).await.unwrap();
        assert_eq!(chained.previous, Some(*ids[0].as_bytes()));
        assert_eq!((chained.consent.as_str(), chained.expires_at), ("granted", now.plus_days(120)));
        assert_eq!(touch(&world, ids[2]).await, None);

        spool.entries.extend([
            told(ids[3], now, granted, Some(ids[1])),
            told(ids[4], now, denied, None),
            told(ids[5], now, granted, None),
        ]);
        let report = spool.drain(&world.app, 100).await;
        assert_eq!((report.granted, report.withdrawn, report.without_touch), (1, 1, 1));
        let later = touch(&world, ids[3]).await.unwrap();
        assert_eq!((later.consent.as_str(), later.expires_at), ("granted", now.plus_days(120)));
        assert_eq!(later.previous, Some(*ids[1].as_bytes()));
        assert_eq!(touch(&world, ids[4]).await, None);
        assert_eq!(touch(&world, ids[5]).await, None, "consent makes no record of what has none");
    }
}

on_both! {
    async fn a_conversion_that_came_before_its_touch_is_decided_again(world: World) {
        let (_, link) = world.partner("Anna").await;
        let now = world.app.now();
        let id = world.unrecorded_click(&link);
        let before = world.unrecorded_click(&link);
        let known = world.click(&link).await;
        world.clock.advance_seconds(60);
        let early = world.apply(world.sale("1009", 100_000, id)).await;
        world.apply(world.sale("1010", 100_000, known)).await;
        let proof_of = |journey: DecidedJourney| -> Vec<(Proof, bool)> {
            let touches = journey.journey.touches().iter();
            touches.map(|it| (it.proof, it.touch.to_string() == id.to_string())).collect()
        };
        let (conversion, _) = world.conversion(early).await;
        assert_eq!(proof_of(DecidedJourney::of(&conversion).unwrap()), [(Proof::IdOnly, true)]);

        let mut spool = Spool::default();
        spool.entries.push(Entry::Click(click(&link, Some(id), now, 1)));
        // A touch that was known when its conversion came changes nothing.
        spool.entries.push(Entry::Click(click(&link, Some(known), now, 1)));
        assert!(spool.drain(&world.app, 100).await.requeued > 0);
        assert_eq!(redecide_queued(&world.app, 100).await.unwrap().looked_at, 1);
        let (conversion, commissions) = world.conversion(early).await;
        assert_eq!(proof_of(DecidedJourney::of(&conversion).unwrap()), [(Proof::Recorded, true)]);
        assert_eq!(commissions.len(), 1, "the same credit is not booked again");

        // A click before it in the same browser turns up.
        spool.entries.push(Entry::Click(click(&link, Some(before), now, 1)));
        spool.entries.push(told(id, now, Consent::Granted, Some(before)));
        assert!(spool.drain(&world.app, 100).await.requeued > 0);
        assert_eq!(redecide_queued(&world.app, 100).await.unwrap().looked_at, 1);
        let (conversion, _) = world.conversion(early).await;
        assert_eq!(proof_of(DecidedJourney::of(&conversion).unwrap()).len(), 2);
        assert_eq!(spool.drain(&world.app, 100).await.requeued, 0);
        assert_eq!(redecide_queued(&world.app, 100).await.unwrap().looked_at, 0);
    }
}

/// Every operation of either database fails once, before or after it was carried out; whatever was
/// left behind, going on gives what an undisturbed run gives.
#[tokio::test]
async fn entries_are_taken_once_whatever_fails() {
    let folder = tempfile::tempdir().unwrap();
    let open = |name: String| -> Arc<dyn Engine> {
        let path = folder.path().join(name);
        Arc::new(SqliteEngine::open(path, SqliteOptions::default()).unwrap())
    };
    let mut expected = None;
    let mut failures = 0;
    for (record_fails, moment) in
        [(false, Moment::Before), (false, Moment::After), (true, Moment::Before)]
    {
        let mut at = 0;
        loop {
            let name = format!("{record_fails}-{moment:?}-{at}");
            let record = Arc::new(FaultEngine::new(open(format!("{name}-record.db"))));
            let touched = Arc::new(FaultEngine::new(open(format!("{name}-touches.db"))));
            let world = World::on(Arc::clone(&record) as _, Arc::clone(&touched) as _, None).await;
            let (_, link) = world.partner("Anna").await;
            let now = world.app.now();
            let ids: Vec<ClickId> = (0..4).map(|_| world.unrecorded_click(&link)).collect();
            world.apply(world.sale("1009", 100_000, ids[0])).await;
            let mut spool = Spool::default();
            for (n, id) in ids.iter().enumerate() {
                let visitor = u8::try_from(n % 2).unwrap();
                spool.entries.push(Entry::Click(click(&link, Some(*id), now, visitor)));
            }
            spool.entries.push(told(ids[1], now, Consent::Granted, Some(ids[0])));
            spool.entries.push(told(ids[3], now, Consent::Denied, None));

            let failing = if record_fails { &record } else { &touched };
            failing.plan((at > 0).then(|| FaultPlan {
                at,
                moment,
                lasting: false,
                error: EngineError::Fault("injected".to_owned()),
            }));
            let mut ingest = Ingest::new();
            let mut disturbed = false;
            for _ in 0..8 {
                disturbed |= ingest_batch(&world.app, &mut ingest, &mut spool, 3).await.is_err();
            }
            failing.plan(None);
            failures += u32::from(disturbed);
            let queued = redecide_queued(&world.app, 100).await.unwrap();
            assert_eq!(queued.looked_at, 1, "{name}: the early conversion is queued");
            let mut left = Vec::new();
            for id in &ids {
                left.push(touch(&world, *id).await.map(|it| (it.consent, it.previous.is_some())));
            }
            let counted: Vec<_> = hourly(&world).await.iter().map(counts).collect();
            let found = (left, counted);
            assert_eq!(found.1, [(4, 2, 0)], "{name}");
            assert_eq!(expected.get_or_insert_with(|| found.clone()), &found, "{name}");
            if at > 0 && !disturbed {
                break;
            }
            at += 1;
        }
    }
    assert!(failures > 30, "{failures} points of failure were tried");
}

on_both! {
    async fn a_damaged_spool_stops_ingest_and_says_so(world: World) {
        let mut spool = Spool { damaged: true, ..Spool::default() };
        let stopped = ingest_batch(&world.app, &mut Ingest::new(), &mut spool, 10).await;
        assert!(matches!(stopped, Err(IngestError::Source(_))), "{stopped:?}");
    }
}

on_both! {
    async fn touches_expire_and_visitors_are_forgotten(world: World) {
        let (_, link) = world.partner("Anna").await;
        let now = world.app.now();
        let (short, long) = (world.unrecorded_click(&link), world.unrecorded_click(&link));
        let mut spool = Spool::default();
        spool.entries.push(Entry::Click(click(&link, Some(short), now, 1)));
        spool.entries.push(Entry::Click(ClickRecord {
            consent: Consent::Granted,
            ..click(&link, Some(long), now, 2)
        }));
        spool.drain(&world.app, 100).await;
        world.clock.advance_seconds(24 * 3_600 - 1);
        let tidied = tidy_touches(&world.app).await.unwrap();
        assert_eq!((tidied.touches, tidied.visits, tidied.more), (0, 0, false));
        world.clock.advance_seconds(2);
        assert_eq!(tidy_touches(&world.app).await.unwrap().touches, 1);
        assert_eq!(touch(&world, short).await, None);
        world.advance_days(1);
        assert_eq!(tidy_touches(&world.app).await.unwrap().visits, 2);
        world.advance_days(119);
        assert_eq!(tidy_touches(&world.app).await.unwrap().touches, 1);
        assert_eq!(touch(&world, long).await, None);
    }
}

/// 0.50 per click.
const CLICK_PLAN: &str = r#"{
  "format": 1, "name": "Per click",
  "rules": [
    {"id": "click", "events": ["click"],
     "amount": {"fixed": {"amount": 50, "currency": "DKK"}, "per": "item"}}
  ]
}"#;

async fn pay_per_click(world: &World) {
    let plan = PublishPlan {
        owner: world.owner,
        program: world.program.id,
        document: CLICK_PLAN.as_bytes().to_vec(),
        effective_from: None,
        confirmed: true,
    };
    publish_plan(&world.app, &world.admin, plan).await.unwrap();
}

on_both! {
    async fn unique_clicks_of_a_finished_day_are_paid_once(world: World) {
        let (anna, link) = world.partner("Anna").await;
        let (_, other) = world.partner("Bo").await;
        pay_per_click(&world).await;
        let now = world.app.now();
        let mut spool = Spool::default();
        for visitor in [1, 1, 2, 3] {
            spool.entries.push(Entry::Click(click(&link, None, now, visitor)));
        }
        let bot = ClickRecord { class: Class::Bot, ..click(&other, None, now, 9) };
        spool.entries.push(Entry::Click(bot));
        spool.drain(&world.app, 100).await;

        let book = async || book_click_commissions(&world.app).await.unwrap();
        assert_eq!(book().await.applied, 0, "the day is not over");
        // The local day ends at 23:00 UTC; three hours later late clicks are no longer waited for.
        world.clock.set(World::at("2026-03-03T01:59:59Z"));
        assert_eq!(book().await.days, 0);
        world.clock.set(World::at("2026-03-03T02:00:00Z"));
        let report = book().await;
        assert_eq!((report.days, report.applied, report.known, report.refused), (1, 1, 0, 0));
        assert_eq!(book().await.days, 0, "a day is counted once");

        let page = world.first_page();
        let mut conn = world.app.record.read().await.unwrap();
        let filter = tributary_store::work::ConversionFilter::default();
        let found = tributary_store::work::list_conversions(&mut *conn, world.viewer(), &filter, page)
            .await
            .unwrap()
            .items;
        drop(conn);
        let it = &found[0];
        assert_eq!((it.kind.as_str(), it.quantity), ("click", 3));
        assert_eq!(it.business_key, format!("clicks/2026-03-02/{}", anna.id));
        assert_eq!(it.occurred_at, "2026-03-02T22:59:59Z".parse::<Timestamp>().unwrap());
        let (_, commissions) = world.conversion(it.id).await;
        assert_eq!(commissions[0].amount, common::dkk(150));
        assert_eq!(commissions[0].partner, link.partner);

        let report = verify(&world.app, None, &mut |_| {}).await.unwrap();
        assert_eq!(report.findings, []);
        assert_eq!(report.commissions, 1);
    }
}
