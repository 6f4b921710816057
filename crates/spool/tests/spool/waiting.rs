//! Receipts: who waits, for what, and how they are woken.

use std::sync::Arc;

use tributary_spool::{AppendError, Durability, RealIo, Spool, SpoolConfig, SpoolReader};

use crate::support::{NODE, World, append, block_on, bytes, click, numbers, read_all};

#[test]
fn an_entry_is_read_in_order_after_its_receipt() {
    let world = World::new(1);
    let (spool, _) = world.open();
    for number in 0..50 {
        append(&spool, number).expect("the disk is well");
    }
    let reader = world.reader().following(spool.committed());
    let beside = numbers(&read_all(&reader, 9).expect("everything reads"));
    assert_eq!(beside, (0..50).collect::<Vec<_>>());
    drop(spool);
    assert_eq!(world.numbers(), beside, "and the same once it is closed");
}

#[test]
fn a_receipt_waits_for_the_sync_and_others_join_the_next() {
    let world = World::new(2);
    let (spool, _) = world.open();
    world.disk.hold_syncs();
    let first = spool.append(&bytes(&click(0)));
    world.disk.wait_for_held_sync();
    let others: Vec<_> = (1..100).map(|number| spool.append(&bytes(&click(number)))).collect();
    assert_eq!(first.outcome(), None, "written, not synced");
    let reader = world.reader().following(spool.committed());
    assert_eq!(read_all(&reader, 10).expect("reads"), [], "nothing unsynced is read");
    world.disk.release_syncs();
    block_on(async {
        first.await.expect("synced");
        for other in others {
            other.await.expect("synced");
        }
    });
    assert_eq!(spool.stats().commits, 2, "all that gathered shared one sync");
    assert_eq!(read_all(&reader, 1_000).expect("reads").len(), 100);
}

#[test]
fn after_write_does_not_wait_for_the_sync() {
    let mut world = World::new(3);
    world.config.durability = Durability::AfterWrite;
    let (spool, _) = world.open();
    world.disk.hold_syncs();
    append(&spool, 1).expect("written");
    let reader = world.reader().following(spool.committed());
    assert_eq!(read_all(&reader, 10).expect("reads"), [], "readers wait for the sync all the same");
    world.disk.release_syncs();
    drop(spool);
    assert_eq!(world.numbers(), [1], "closing syncs");
}

#[test]
fn a_lane_wakes_hundreds_on_their_own_runtime() {
    let folder = tempfile::tempdir().expect("a folder");
    let config = SpoolConfig::new(folder.path().to_owned(), NODE);
    let clock = Arc::new(tributary_kernel::SystemClock);
    let (spool, _) = Spool::open(config, Arc::new(RealIo), clock).expect("opens");
    let spool = Arc::new(spool);
    let threads: Vec<_> = (0..2)
        .map(|thread| {
            let spool = Arc::clone(&spool);
            std::thread::spawn(move || block_on(append_in_a_crowd(&spool, thread * 100_000)))
        })
        .collect();
    for thread in threads {
        thread.join().expect("all were committed");
    }
    let stats = spool.stats();
    assert_eq!(stats.entries, 2 * 200 * 20);
    assert!(stats.commits < stats.entries, "syncs were shared");
    drop(spool);
    let reader = SpoolReader::new(folder.path().to_owned(), NODE);
    let read = numbers(&read_all(&reader, 5_000).expect("reads"));
    assert_eq!(read.len(), 2 * 200 * 20);
    // Each task waited for its entry before it appended the next, so its own are in order.
    for task in (0..200).chain(1_000..1_200) {
        let own: Vec<_> = read.iter().filter(|number| **number / 100 == task).collect();
        assert!(own.len() == 20 && own.is_sorted(), "task {task}: {own:?}");
    }
}

async fn append_in_a_crowd(spool: &Spool, first: u32) {
    let (lane, driver) = spool.lane();
    let driver = tokio::spawn(driver);
    let mut tasks = tokio::task::JoinSet::new();
    for task in 0..200 {
        let lane = lane.clone();
        tasks.spawn(async move {
            for turn in 0..20 {
                let entry = bytes(&click(first + task * 100 + turn));
                lane.append(&entry).await.expect("committed");
            }
        });
    }
    while let Some(done) = tasks.join_next().await {
        done.expect("no task panics");
    }
    driver.abort();
}

#[test]
fn receipts_of_a_lane_resolve_when_its_driver_is_gone() {
    let world = World::new(4);
    let (spool, _) = world.open();
    block_on(async {
        let (lane, driver) = spool.lane();
        let driver = tokio::spawn(driver);
        lane.append(&bytes(&click(0))).await.expect("committed");
        world.disk.hold_syncs();
        let waiting = tokio::spawn(lane.append(&bytes(&click(1))));
        tokio::task::yield_now().await;
        driver.abort();
        let _aborted = driver.await;
        world.disk.release_syncs();
        waiting.await.expect("no panic").expect("committed");
        lane.append(&bytes(&click(2))).await.expect("committed without a driver");
    });
}

#[test]
fn a_driver_that_goes_before_its_turn_still_wakes_the_committer() {
    let world = World::new(9);
    let (spool, _) = world.open();
    block_on(async {
        for number in 0..200 {
            let (lane, driver) = spool.lane();
            let driver = tokio::spawn(driver);
            tokio::task::yield_now().await;
            let receipt = lane.append(&bytes(&click(number)));
            driver.abort();
            receipt.await.expect("committed");
        }
    });
}

#[test]
fn a_receipt_may_be_dropped_or_polled_again() {
    let world = World::new(5);
    let (spool, _) = world.open();
    block_on(async {
        let (lane, driver) = spool.lane();
        tokio::spawn(driver);
        world.disk.hold_syncs();
        drop(lane.append(&bytes(&click(0))));
        let mut second = lane.append(&bytes(&click(1)));
        let mut third = lane.append(&bytes(&click(2)));
        for _ in 0..3 {
            // Out of the order in which they were appended, and more than once.
            tokio::select! {
                biased;
                _ = &mut third => panic!("not synced yet"),
                _ = &mut second => panic!("not synced yet"),
                () = tokio::task::yield_now() => {}
            }
        }
        world.disk.release_syncs();
        second.await.expect("committed");
        third.await.expect("committed");
    });
    drop(spool);
    assert_eq!(world.numbers(), [0, 1, 2], "dropping a receipt takes nothing back");
}

#[test]
fn what_cannot_be_an_entry_is_refused() {
    let world = World::new(6);
    let (spool, _) = world.open();
    let append = |bytes: &[u8]| block_on(spool.append(bytes));
    assert_eq!(append(b""), Err(AppendError::Size { bytes: 0 }));
    let too_long = vec![1; tributary_spool::RECORD_BYTES_MAX + 1];
    assert_eq!(append(&too_long), Err(AppendError::Size { bytes: too_long.len() }));
    assert_eq!(append(&too_long[1..]), Ok(()));
}

#[test]
fn a_backlog_that_grows_too_long_loses_and_says_so() {
    let world = World::new(7);
    let (spool, _) = world.open();
    world.disk.hold_syncs();
    let first = spool.append(&bytes(&click(0)));
    world.disk.wait_for_held_sync();
    let long = {
        let mut bytes = bytes(&click(1));
        bytes.extend_from_slice(&[200, 0x80, 120]);
        bytes.resize(bytes.len() + (120 << 7), b'x');
        bytes
    };
    let receipts: Vec<_> = (0..3_000).map(|_| spool.append(&long)).collect();
    let lost = receipts.iter().filter(|r| r.outcome() == Some(Err(AppendError::Lost))).count();
    assert!(lost > 0, "3,000 entries of 15 KiB do not fit");
    world.disk.release_syncs();
    block_on(async {
        first.await.expect("committed");
        let mut kept = 0;
        for receipt in receipts {
            kept += usize::from(receipt.await.is_ok());
        }
        assert_eq!(kept + lost, 3_000, "nothing else is lost");
    });
    assert_eq!(spool.stats().lost, lost as u64);
    drop(spool);
    let entries = read_all(&world.reader(), 100).expect("reads");
    let told: u64 = entries.iter().map(lost_count).sum();
    assert_eq!(told, lost as u64, "the loss is on record");
}

fn lost_count(entry: &tributary_click::Entry) -> u64 {
    match entry {
        tributary_click::Entry::Loss(loss) => loss.count,
        _ => 0,
    }
}

#[test]
fn one_process_per_node() {
    let world = World::new(8);
    let (spool, _) = world.open();
    let second = world.try_open().expect_err("it is open");
    assert!(matches!(second, tributary_spool::SpoolError::Locked { .. }), "{second}");
    drop(spool);
    world.open();
}
