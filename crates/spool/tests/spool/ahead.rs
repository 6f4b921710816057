//! The next segment is made while the last is being written.

use tributary_spool::{Offset, SpoolIo, segments};

use crate::support::{NODE, World, append, numbers, read_all};

/// Appends until the segment is more than half full, and waits until the next stands ready.
fn with_next_made(world: &World, spool: &tributary_spool::Spool) -> u32 {
    let mut number = 0;
    while spool.committed().offset().byte < world.config.segment_bytes_max * 2 / 3 {
        append(spool, number).expect("the disk is well");
        number += 1;
    }
    let made = || world.disk.content(&world.segment(2)).map_or(0, |content| content.len() as u64);
    while made() < world.config.segment_bytes_max {
        std::thread::yield_now();
    }
    number
}

fn found(world: &World) -> Vec<u64> {
    segments(&world.disk, &world.config.dir, NODE).expect("lists")
}

#[test]
fn what_was_made_and_never_begun_is_passed_over_and_goes() {
    let world = World::new(1).with_segments_of(4_000);
    let (spool, _) = world.open();
    let count = with_next_made(&world, &spool);
    let all: Vec<u32> = (0..count).collect();
    assert_eq!(found(&world), [1, 2]);
    assert_eq!(world.numbers(), all, "a reader by itself");
    let reader = world.reader().following(spool.committed());
    let batch = reader.read(Offset::START, 1_000).expect("reads");
    assert_eq!(numbers(&batch.entries), all, "and one beside the spool");
    assert_eq!(batch.next.segment, 1);
    assert_eq!(world.reader().lag(batch.next).expect("tells").segments, 1, "the zeros behind it");
    assert_eq!(reader.lag(batch.next).expect("tells").segments, 0);
    assert_eq!(reader.release(Offset { segment: 9, byte: 0 }).expect("releases"), 0);
    assert_eq!(world.reader().release(Offset { segment: 9, byte: 0 }).expect("releases"), 0);
    drop(spool);
    assert_eq!(found(&world), [1], "a spool that is closed leaves none");
}

#[test]
fn entries_go_on_in_the_segment_that_was_made() {
    let world = World::new(2).with_segments_of(4_000);
    let (spool, _) = world.open();
    let count = with_next_made(&world, &spool);
    for number in count..count * 2 {
        append(&spool, number).expect("the disk is well");
    }
    assert!(spool.committed().offset().segment > 1);
    drop(spool);
    let entries = read_all(&world.reader(), 3).expect("reads");
    assert_eq!(numbers(&entries), (0..count * 2).collect::<Vec<_>>());
}

/// The segment before one that was made is the one that a crash tears.
#[test]
fn a_crash_beside_a_made_segment_loses_nothing_acknowledged() {
    for seed in 0..40 {
        let world = World::new(seed).with_segments_of(4_000);
        let (spool, _) = world.open();
        let count = with_next_made(&world, &spool);
        world.disk.hold_syncs();
        let torn: Vec<_> = (0..5).map(|_| spool.append(&[7; 100])).collect();
        world.disk.wait_for_held_sync();
        world.disk.crash();
        drop((torn, spool));
        let (spool, recovery) = world.open();
        assert_eq!((recovery.segments, recovery.corrupt), (1, None), "seed {seed}");
        append(&spool, 1_000).expect("the disk is well");
        drop(spool);
        let mut offset = Offset::START;
        let mut read = Vec::new();
        // What was torn may be there as a whole: bytes that are no entry stop a reader.
        while let Ok(batch) = world.reader().read(offset, 1)
            && !batch.entries.is_empty()
        {
            read.extend(numbers(&batch.entries));
            offset = batch.next;
        }
        assert!(read.len() >= count as usize, "seed {seed}: {read:?} of {count}");
        assert!(read.iter().take(count as usize).copied().eq(0..count), "seed {seed}: {read:?}");
    }
}

/// Zeros where a header was, with frames behind them, are damage and not a segment to be removed.
#[test]
fn a_header_of_zeros_before_entries_is_damage() {
    let world = World::new(3);
    let (spool, _) = world.open();
    append(&spool, 0).expect("the disk is well");
    drop(spool);
    let path = world.segment(1);
    let file = world.disk.open(&path, tributary_spool::OpenMode::Write).expect("opens");
    file.write_all_at(&[0; 72], 0).expect("writes");
    let (spool, recovery) = world.open();
    assert_eq!(recovery.corrupt, Some(Offset { segment: 1, byte: 0 }));
    drop(spool);
    assert!(world.reader().read(Offset::START, 1).is_err());
}
