//! Disks that fill, fail and lie.

use tributary_click::{Entry, LossRecord};
use tributary_spool::{AppendError, SpoolState};

use crate::support::{NOW, World, append, block_on, bytes, click, numbers, read_all};

#[test]
fn a_failed_sync_is_final_until_the_spool_is_opened_anew() {
    let world = World::new(1);
    let (spool, _) = world.open();
    append(&spool, 0).expect("the disk is well");
    world.disk.hold_syncs();
    let in_the_sync = spool.append(&bytes(&click(1)));
    world.disk.wait_for_held_sync();
    let behind_it = spool.append(&bytes(&click(2)));
    world.disk.fail_next_sync();
    world.disk.release_syncs();
    assert_eq!(block_on(in_the_sync), Err(AppendError::Failed));
    assert_eq!(block_on(behind_it), Err(AppendError::Failed));
    assert_eq!(append(&spool, 3), Err(AppendError::Failed), "the next sync would have said yes");
    assert_eq!(spool.state(), SpoolState::Failed);
    assert!(spool.failure().expect("it says why").contains("injected sync fault"));
    assert_eq!(spool.close(), SpoolState::Failed);
    world.disk.crash();
    let (spool, _) = world.open();
    append(&spool, 4).expect("the disk is well again");
    drop(spool);
    let read = world.numbers();
    assert_eq!(read.first(), Some(&0), "what was acknowledged is there");
    assert_eq!(read.last(), Some(&4));
    assert!(!read.contains(&2) && !read.contains(&3), "what was never written is not: {read:?}");
}

#[test]
fn a_full_disk_loses_and_counts_until_there_is_space() {
    let world = World::new(2);
    let (spool, _) = world.open();
    let mut kept = Vec::new();
    // The zeros that stand ahead are used up first, so the limit is the file's length by then.
    world.disk.set_capacity(Some(world.disk.used_bytes()));
    let mut lost = Vec::new();
    for number in 0..20_000 {
        match append(&spool, number) {
            Ok(()) => kept.push(number),
            Err(error) => {
                assert_eq!(error, AppendError::Lost);
                lost.push(number);
            }
        }
    }
    assert!(!kept.is_empty() && lost.len() > 10, "{} kept, {} lost", kept.len(), lost.len());
    assert_eq!(spool.state(), SpoolState::Full);
    assert_eq!(spool.stats().lost, lost.len() as u64);
    let end = usize::try_from(spool.committed().offset().byte).expect("small");
    let content = world.disk.content(&world.segment(1)).expect("there");
    assert!(content[end..].iter().all(|byte| *byte == 0), "nothing is left of what was lost");
    world.disk.set_capacity(None);
    for number in 20_000..20_010 {
        append(&spool, number).expect("there is space");
        kept.push(number);
    }
    assert_eq!(spool.state(), SpoolState::Accepting);
    drop(spool);
    let entries = read_all(&world.reader(), 500).expect("nothing is corrupt");
    assert_eq!(numbers(&entries), kept);
    let told: Vec<_> = entries.iter().filter(|entry| matches!(entry, Entry::Loss(_))).collect();
    let at = |number: &u32| NOW.plus_seconds(i64::from(*number));
    let loss = LossRecord {
        from: at(lost.iter().min().expect("some were lost")),
        until: at(lost.iter().max().expect("some were lost")),
        count: lost.len() as u64,
    };
    assert_eq!(told, [&Entry::Loss(loss)], "the gap is on record, once");
}

#[test]
fn a_full_disk_does_not_keep_the_spool_from_opening() {
    let world = World::new(3);
    world.disk.set_capacity(Some(0));
    let (spool, _) = world.open();
    assert_eq!(spool.state(), SpoolState::Full);
    assert_eq!(append(&spool, 1), Err(AppendError::Lost));
    world.disk.set_capacity(None);
    append(&spool, 2).expect("there is space");
    drop(spool);
    assert_eq!(world.numbers(), [2]);
}

#[test]
fn a_segment_that_finds_no_space_is_begun_later() {
    let world = World::new(4).with_segments_of(2_000);
    let (spool, _) = world.open();
    let mut kept = Vec::new();
    for number in 0..640 {
        // Space comes and goes, and stays away for longer than a segment that is ready lasts.
        let full = number % 64 >= 16;
        world.disk.set_capacity(full.then(|| world.disk.used_bytes()));
        if append(&spool, number).is_ok() {
            kept.push(number);
        }
    }
    world.disk.set_capacity(None);
    drop(spool);
    let lost = 640 - kept.len();
    assert!(lost > 20, "{lost} lost");
    assert_eq!(world.numbers(), kept);
}

/// Every operation on the disk fails once, through opening, appending, rolling and closing:
/// whatever was acknowledged is read, in order, and nothing that was never appended.
#[test]
fn the_nth_operation_fails() {
    let clean = {
        let world = World::new(0).with_segments_of(1_500);
        run_with_fault(&world, u64::MAX);
        world.disk.operations()
    };
    assert!(clean > 60, "there is something to fail: {clean}");
    for number in 1..=clean {
        let world = World::new(number).with_segments_of(1_500);
        let acknowledged = run_with_fault(&world, number);
        world.disk.crash();
        let (spool, _) = world.open();
        append(&spool, 1_000).expect("the disk is well again");
        drop(spool);
        let mut read = world.numbers();
        assert_eq!(read.pop(), Some(1_000), "operation {number}");
        assert!(read.is_sorted_by(|a, b| a < b), "operation {number}: {read:?}");
        let found: Vec<_> = read.iter().copied().filter(|n| acknowledged.contains(n)).collect();
        assert_eq!(found, acknowledged, "operation {number}");
    }
}

fn run_with_fault(world: &World, number: u64) -> Vec<u32> {
    world.disk.fail_operation(number);
    let mut acknowledged = Vec::new();
    let Ok((spool, _)) = world.try_open() else { return acknowledged };
    for number in 0..40 {
        match append(&spool, number) {
            Ok(()) => acknowledged.push(number),
            Err(error) => assert_eq!(error, AppendError::Failed, "a broken disk is final"),
        }
    }
    drop(spool);
    acknowledged
}
