//! Slow, full and broken disks.

use std::sync::Arc;
use std::time::Duration;

use tributary_click::Entry;
use tributary_edge::SpoolFailed;
use tributary_spool::faults::FaultDisk;

use crate::world::{World, block_on, wait_for};

const BY_CODE: &str = "https://www.acme.dk/start?via=anna";
const BY_ID: &str = "https://www.acme.dk/start?trib=ID";

#[test]
fn an_answer_waits_for_the_sync_but_not_for_ever() {
    let disk = FaultDisk::new(1);
    let world = World::on(Arc::new(disk.clone()), |config| config.redirect_wait_ms_max = 30);
    disk.hold_syncs();
    let reply = world.get("/anna").send();
    assert_eq!(reply.shape(), BY_ID, "it goes with its id, unconfirmed");
    assert_eq!(world.metrics().unconfirmed.get(), 1);
    disk.release_syncs();
    let click = world.only_click();
    assert_eq!(click.click_id.unwrap().to_string(), reply.id().unwrap(), "and is kept after all");
}

#[test]
fn no_answer_before_the_sync() {
    let disk = FaultDisk::new(2);
    let world = World::on(Arc::new(disk.clone()), |_| {});
    disk.hold_syncs();
    let mut client = world.connect();
    client.write(world.get("/anna").text().as_bytes());
    disk.wait_for_held_sync();
    assert_eq!(world.metrics().redirects.get(), 0);
    disk.release_syncs();
    assert_eq!(client.reply(false).shape(), BY_ID);
    assert_eq!(world.metrics().unconfirmed.get(), 0);
}

#[test]
fn a_full_disk_gives_no_ids_loses_no_redirect_and_recovers() {
    let disk = FaultDisk::new(3);
    let world = World::on(Arc::new(disk.clone()), |_| {});
    assert_eq!(world.get("/anna").send().shape(), BY_ID);
    disk.set_capacity(Some(0));
    let mut lost = 0;
    wait_for("loss", || {
        let reply = world.get("/anna").send();
        lost = world.metrics().lost_full.get();
        assert!(lost == 0 || reply.shape() == BY_CODE, "an id of a lost click: {reply:?}");
        lost > 0
    });
    assert_eq!(world.get("/anna").send().location(), BY_CODE);
    assert_eq!(world.metrics().lost_full.get(), lost + 1);
    assert_eq!(world.get("/_trib/ready").send().status, 503);
    disk.set_capacity(None);
    // The first finds out that there is room; it is recorded, but has no id.
    assert_eq!(world.get("/anna").send().location(), BY_CODE);
    assert_eq!(world.get("/anna").send().shape(), BY_ID);
    assert_eq!(world.get("/_trib/ready").send().status, 200);
    let metrics = world.metrics();
    let clicks = world.entries(1).iter().filter(|e| matches!(e, Entry::Click(_))).count();
    assert_eq!(clicks as u64, metrics.clicks_countable.get(), "recorded = counted as recorded");
    assert_eq!(
        metrics.requests.get() - 2,
        metrics.clicks_countable.get() + metrics.lost_full.get()
    );
}

#[test]
fn a_failed_sync_ends_ids_drains_and_asks_for_a_restart() {
    let disk = FaultDisk::new(4);
    let world = World::on(Arc::new(disk.clone()), |config| {
        config.spool_failed_drain = Duration::from_millis(1_500);
    });
    let confirmed = world.get("/anna").send();
    assert_eq!(confirmed.shape(), BY_ID);
    disk.fail_next_sync();
    let failed = world.edge.spool_failed();
    assert_eq!(world.get("/anna").send().location(), BY_CODE, "the id went with the sync");
    for _ in 0..10 {
        assert_eq!(world.get("/anna").send().location(), BY_CODE);
    }
    assert_eq!(world.get("/_trib/ready").send().status, 503);
    assert_eq!(world.get("/_trib/health").send().status, 200);
    wait_for("end of keep-alive", || {
        world.get("/anna").send().header("connection") == Some("close")
    });
    assert_eq!(block_on(failed), SpoolFailed);
    assert!(world.spool().failure().is_some());
    let metrics = world.metrics();
    assert_eq!(metrics.ids_minted.get(), 2, "none after the failure");
    assert_eq!(metrics.clicks_countable.get(), 1);
    assert_eq!(metrics.lost_failed.get(), metrics.redirects.get() - 1);
}

#[test]
fn a_consent_that_cannot_be_kept_is_not_confirmed() {
    let disk = FaultDisk::new(5);
    let world = World::on(Arc::new(disk.clone()), |_| {});
    let id = world.get("/anna").send().id().unwrap();
    disk.fail_next_sync();
    let tell = |state: &str| {
        world
            .get(&format!("/_trib/consent?state={state}&id={id}"))
            .host("www.acme.dk")
            .header("Sec-Fetch-Site", "same-origin")
            .send()
    };
    let yes = tell("granted");
    assert_eq!((yes.status, yes.header("set-cookie")), (503, None));
    assert_eq!(yes.header("retry-after"), Some("5"));
    let no = tell("withdrawn");
    assert_eq!(no.status, 503);
    assert!(no.header("set-cookie").unwrap().contains("Max-Age=0"), "{no:?}");
}
