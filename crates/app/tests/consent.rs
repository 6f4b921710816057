//! What a visitor said decides what a click id can earn, whenever it is told and whichever node
//! tells it.

#![expect(clippy::unwrap_used, reason = "in a test helper it is a failed test")]

mod clicks;
mod common;
#[macro_use]
mod on_both;

use clicks::{Spool, click};
use common::World;
use tributary_app::conversion::{DecidedJourney, redecide_queued};
use tributary_app::explain::explain_conversion;
use tributary_app::ingest::tidy_touches;
use tributary_app::verify::verify;
use tributary_attribution::Proof;
use tributary_click::{ClickId, Consent, ConsentRecord, Entry};
use tributary_kernel::ConversionId;
use tributary_store::decision::ConversionStatus;
use tributary_store::touches::{self, StoredTouch};

async fn touch(world: &World, id: ClickId) -> Option<StoredTouch> {
    let mut conn = world.app.touches.read().await.unwrap();
    touches::by_clicks(&mut *conn, &[*id.as_bytes()]).await.unwrap().pop()
}

fn told(world: &World, click_id: ClickId, state: Consent, previous: Option<ClickId>) -> Entry {
    Entry::Consent(ConsentRecord { click_id, at: world.app.now(), state, previous })
}

async fn take(world: &World, entries: Vec<Entry>) {
    let mut spool = Spool::default();
    // Another spool each time, as if another node's.
    let mut tx = world.app.touches.begin().await.unwrap();
    tx.execute("DELETE FROM spool_offset", vec![]).await.unwrap();
    tx.commit().await.unwrap();
    spool.entries = entries;
    spool.drain(&world.app, 100).await;
}

/// Verdicts and proofs of a conversion's touches, and what it is.
async fn decided(
    world: &World,
    id: ConversionId,
) -> (ConversionStatus, Vec<(&'static str, Proof)>) {
    let (conversion, _) = world.conversion(id).await;
    let it = DecidedJourney::of(&conversion).unwrap();
    let verdicts = it.attribution.verdicts.iter().map(|it| it.code());
    let proofs = it.journey.touches().iter().map(|it| it.proof);
    (conversion.status, verdicts.zip(proofs).collect())
}

const DENIED: (ConversionStatus, &str) = (ConversionStatus::Uncredited, "consent_denied");

on_both! {
    async fn an_id_whose_consent_was_taken_back_earns_nothing(world: World) {
        let (_, link) = world.partner("Anna").await;
        let now = world.app.now();
        let ids: Vec<ClickId> = (0..4).map(|_| world.unrecorded_click(&link)).collect();
        let clicked = |n: usize| Entry::Click(click(&link, Some(ids[n]), now, 1));
        let (granted, denied) = (Consent::Granted, Consent::Denied);
        // Later; in the same batch; before the click comes; and told again after it was taken back.
        take(&world, vec![
            clicked(0),
            told(&world, ids[0], granted, None),
            clicked(1),
            told(&world, ids[1], denied, None),
            told(&world, ids[2], denied, None),
        ])
        .await;
        take(&world, vec![
            told(&world, ids[0], denied, None),
            clicked(2),
            told(&world, ids[1], granted, None),
        ])
        .await;
        take(&world, vec![told(&world, ids[0], granted, None), clicked(1)]).await;
        for (place, id) in ids.iter().take(3).enumerate() {
            assert_eq!(touch(&world, *id).await, None, "{place}");
        }
        world.advance_days(60);
        tidy_touches(&world.app).await.unwrap();
        for (place, id) in ids.iter().take(3).enumerate() {
            let sale = world.apply(world.sale(&format!("s{place}"), 100_000, *id)).await;
            let (status, touches) = decided(&world, sale).await;
            assert_eq!((status, touches[0].0), DENIED, "{place}");
        }
        // Who said nothing may still be recognised by the id alone.
        let sale = world.apply(world.sale("s3", 100_000, ids[3])).await;
        assert_eq!(decided(&world, sale).await, (ConversionStatus::Pending, vec![("credited", Proof::IdOnly)]));
        // Of the ids themselves nothing is kept; what is, goes when no id can verify any more.
        let mut conn = world.app.touches.read().await.unwrap();
        let rows = conn.query("SELECT click_hash FROM told_consent", vec![]).await.unwrap();
        assert_eq!(rows.len(), 3);
        for row in rows {
            assert!(ids.iter().all(|id| *id.as_bytes() != row.array::<16>(0).unwrap()));
        }
        drop(conn);
        world.advance_days(490);
        assert_eq!(tidy_touches(&world.app).await.unwrap().consents, 3);
        assert_eq!(verify(&world.app, None, &mut |_| {}).await.unwrap().findings, []);
    }

    async fn a_consent_that_comes_before_its_click_waits_for_it(world: World) {
        let (_, link) = world.partner("Anna").await;
        let now = world.app.now();
        let ids: Vec<ClickId> = (0..3).map(|_| world.unrecorded_click(&link)).collect();
        let granted = Consent::Granted;
        take(&world, vec![
            told(&world, ids[1], granted, Some(ids[0])),
            told(&world, ids[2], granted, None),
        ])
        .await;
        let early = world.apply(world.sale("1009", 100_000, ids[1])).await;
        assert_eq!(decided(&world, early).await.1, [("credited", Proof::IdOnly)]);
        take(&world, vec![
            Entry::Click(click(&link, Some(ids[0]), now, 1)),
            Entry::Click(click(&link, Some(ids[1]), now, 1)),
        ])
        .await;
        let chained = touch(&world, ids[1]).await.unwrap();
        assert_eq!(chained.consent, "granted");
        assert_eq!(chained.previous, Some(*ids[0].as_bytes()));
        assert_eq!(chained.expires_at, now.plus_days(120));
        assert_eq!(redecide_queued(&world.app, 100).await.unwrap().looked_at, 1);
        assert_eq!(decided(&world, early).await.1.len(), 2, "with the click before it");

        // One whose click never comes is forgotten, and nothing else.
        world.advance_days(3);
        assert_eq!(tidy_touches(&world.app).await.unwrap().consents, 2);
        take(&world, vec![Entry::Click(click(&link, Some(ids[2]), now, 1))]).await;
        assert_eq!(touch(&world, ids[2]).await.unwrap().consent, "unknown");
    }

    /// Whether the job has deleted a touch that is over makes no difference.
    async fn a_touch_that_is_over_is_none_and_its_id_says_so(world: World) {
        let (_, link) = world.partner("Anna").await;
        let now = world.app.now();
        let id = world.unrecorded_click(&link);
        take(&world, vec![Entry::Click(click(&link, Some(id), now, 1))]).await;
        let young = world.apply(world.sale("young", 100_000, id)).await;
        assert_eq!(decided(&world, young).await.1, [("credited", Proof::Recorded)]);
        world.clock.advance_seconds(24 * 3_600 + 1);
        let before = world.apply(world.sale("before", 100_000, id)).await;
        assert!(touch(&world, id).await.is_some(), "the job has not run");
        assert_eq!(tidy_touches(&world.app).await.unwrap().touches, 1);
        let after = world.apply(world.sale("after", 100_000, id)).await;
        for sale in [before, after] {
            let expected = (ConversionStatus::Pending, vec![("credited", Proof::IdOnly)]);
            assert_eq!(decided(&world, sale).await, expected);
            let explained = explain_conversion(&world.app, &world.admin, sale).await.unwrap();
            assert_eq!(explained.credit.touches[0].proof, "id_only", "the explanation says so");
        }
        assert_eq!(verify(&world.app, None, &mut |_| {}).await.unwrap().findings, []);
    }
}
