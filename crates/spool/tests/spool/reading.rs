//! Segments, offsets and lag.

use tributary_spool::{Durability, Lag, Offset, ReadError, SpoolError, segments};

use crate::support::{NODE, World, append, numbers, read_all};

#[test]
fn segments_roll_by_size_and_by_age() {
    let world = World::new(1).with_segments_of(1_000);
    let (spool, _) = world.open();
    for number in 0..40 {
        append(&spool, number).expect("the disk is well");
    }
    drop(spool);
    let found = segments(&world.disk, &world.config.dir, NODE).expect("lists");
    assert!(found.len() >= 4, "{found:?}");
    assert!(found.iter().copied().eq(1..=found.len() as u64), "without gaps: {found:?}");
    for sequence in &found {
        let length = world.disk.content(&world.segment(*sequence)).expect("there").len();
        assert!(length <= 1_100, "segment {sequence} has {length} bytes");
    }
    assert_eq!(world.numbers(), (0..40).collect::<Vec<_>>());

    let world = World::new(2).with_age(3_600);
    let (spool, _) = world.open();
    append(&spool, 0).expect("the disk is well");
    append(&spool, 1).expect("the disk is well");
    assert_eq!(spool.committed().offset().segment, 1);
    world.clock.advance_seconds(3_600);
    append(&spool, 2).expect("the disk is well");
    assert_eq!(spool.committed().offset().segment, 2);
    world.clock.advance_seconds(-7_200);
    append(&spool, 3).expect("a clock that steps back rolls nothing");
    assert_eq!(spool.committed().offset().segment, 2);
}

#[test]
fn an_offset_goes_on_from_where_it_was() {
    let world = World::new(3).with_segments_of(1_200);
    let (spool, _) = world.open();
    let reader = world.reader().following(spool.committed());
    let mut offset = Offset::START;
    let mut read = Vec::new();
    for number in 0..50 {
        append(&spool, number).expect("the disk is well");
        if number % 7 == 0 {
            let batch = reader.read(offset, 5).expect("reads");
            read.extend(numbers(&batch.entries));
            offset = batch.next;
        }
    }
    assert!(reader.lag(offset).expect("tells").bytes > 0);
    while let batch = reader.read(offset, 5).expect("reads")
        && !batch.entries.is_empty()
    {
        read.extend(numbers(&batch.entries));
        offset = batch.next;
    }
    assert_eq!(read, (0..50).collect::<Vec<_>>());
    assert_eq!(reader.lag(offset).expect("tells"), Lag::default(), "all is read");
    assert_eq!(reader.lag(Offset::START).expect("tells").segments, offset.segment);
}

#[test]
fn release_takes_what_was_read_and_only_that() {
    let world = World::new(4).with_segments_of(1_000);
    let (spool, _) = world.open();
    for number in 0..40 {
        append(&spool, number).expect("the disk is well");
    }
    let reader = world.reader().following(spool.committed());
    let batch = reader.read(Offset::START, 20).expect("reads");
    let gone = reader.release(batch.next).expect("releases");
    assert!(gone > 0);
    let rest = reader.read(batch.next, 100).expect("reads on");
    assert_eq!(numbers(&rest.entries), (20..40).collect::<Vec<_>>());
    reader.release(Offset { segment: u64::MAX, byte: 0 }).expect("releases");
    let mut left = segments(&world.disk, &world.config.dir, NODE).expect("lists");
    // The next may have been made already.
    left.retain(|sequence| *sequence <= spool.committed().offset().segment);
    assert_eq!(left, [spool.committed().offset().segment], "the last one stays");
    let behind = reader.read(Offset { segment: 1, byte: 100 }, 10).expect_err("it is gone");
    assert!(matches!(behind, ReadError::Missing { segment: 1 }), "{behind}");
    append(&spool, 40).expect("the disk is well");
    assert_eq!(numbers(&reader.read(rest.next, 10).expect("reads").entries), [40]);
}

#[test]
fn a_missing_segment_is_not_passed_over() {
    let world = World::new(5).with_segments_of(1_000);
    let (spool, _) = world.open();
    for number in 0..30 {
        append(&spool, number).expect("the disk is well");
    }
    drop(spool);
    tributary_spool::SpoolIo::remove(&world.disk, &world.segment(2))
        .expect("removed by a stranger");
    let error = read_all(&world.reader(), 4).expect_err("there is a gap");
    assert!(matches!(error, ReadError::Missing { segment: 2 }), "{error}");
}

#[test]
fn an_unknown_format_is_refused_clearly() {
    let world = World::new(6);
    drop(world.open());
    let path = world.segment(1);
    let mut header = world.disk.content(&path).expect("there")[..36].to_vec();
    header[8] = 2;
    let crc = crc32c::crc32c_append(crc32c::crc32c(&header[..12]), &header[16..]);
    header[12..16].copy_from_slice(&crc.to_le_bytes());
    let file = tributary_spool::SpoolIo::open(&world.disk, &path, tributary_spool::OpenMode::Write);
    let file = file.expect("opens");
    file.write_all_at(&header, 0).expect("writes");
    let opened = world.try_open().expect_err("written by a newer version");
    assert!(matches!(opened, SpoolError::Format { segment: 1, format: 2 }), "{opened}");
    let read = world.reader().read(Offset::START, 1).expect_err("nor is it read");
    assert!(matches!(read, ReadError::Format { segment: 1, format: 2 }), "{read}");
}

/// A reader in another process cannot know what is synced, so it syncs: what it handed out must
/// not be gone after a crash, or its offset would point past the end.
#[test]
fn a_reader_by_itself_makes_sure_of_what_it_hands_out() {
    for seed in 0..20 {
        let mut world = World::new(seed);
        world.config.durability = Durability::AfterWrite;
        let (spool, _) = world.open();
        for number in 0..5 {
            append(&spool, number).expect("written");
        }
        let batch = world.reader().read(Offset::START, 100).expect("reads");
        assert_eq!(numbers(&batch.entries), [0, 1, 2, 3, 4]);
        world.disk.crash();
        drop(spool);
        let (spool, _) = world.open();
        append(&spool, 5).expect("written");
        drop(spool);
        assert_eq!(world.numbers(), [0, 1, 2, 3, 4, 5], "seed {seed}");
        let next = world.reader().read(batch.next, 100).expect("reads on");
        assert_eq!(numbers(&next.entries), [5], "seed {seed}");
    }
}
