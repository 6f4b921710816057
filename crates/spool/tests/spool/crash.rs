//! Power failures, and damage found afterwards.

use proptest::prelude::*;
use tributary_click::{ClickMinter, Entry};
use tributary_spool::{Durability, Offset, ReadError, quarantine};

use crate::support::{
    NODE, NOW, World, append, block_on, bytes, click, find, keys, minted_click, numbers, read_all,
};

/// One thing that happens to a spool.
#[derive(Debug, Clone)]
enum Step {
    /// So many are appended at once and waited for.
    Append(u8),
    /// So many are appended, and the power goes before anyone is told.
    AppendAndCrash(u8),
    /// The power goes while nothing happens.
    Crash,
    /// Closed and opened in order.
    Reopen,
    /// A reader goes on from where it was, and what it has read may go.
    Read(u8),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => (1u8..40).prop_map(Step::Append),
        3 => (1u8..40).prop_map(Step::AppendAndCrash),
        1 => Just(Step::Crash),
        1 => Just(Step::Reopen),
        2 => (1u8..60).prop_map(Step::Read),
    ];
    prop::collection::vec(step, 1..25)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    /// Whatever happens, every acknowledged entry is read exactly once and in order, by a reader
    /// that keeps its offset over all of it, and nothing is read that was not appended.
    #[test]
    fn acknowledged_entries_survive(seed: u64, steps in steps()) {
        let world = World::new(seed).with_segments_of(3_000);
        let (mut spool, _) = world.open();
        let mut next = 0;
        let mut acknowledged = Vec::new();
        let mut read = Vec::new();
        let mut offset = Offset::START;
        for step in steps {
            match step {
                Step::Append(count) => {
                    let numbers: Vec<u32> = (next..next + u32::from(count)).collect();
                    next += u32::from(count);
                    let receipts: Vec<_> =
                        numbers.iter().map(|n| spool.append(&bytes(&click(*n)))).collect();
                    block_on(async {
                        for receipt in receipts {
                            receipt.await.expect("the disk is well");
                        }
                    });
                    acknowledged.extend(numbers);
                }
                Step::AppendAndCrash(count) => {
                    world.disk.hold_syncs();
                    let receipts: Vec<_> = (next..next + u32::from(count))
                        .map(|n| (n, spool.append(&bytes(&click(n)))))
                        .collect();
                    next += u32::from(count);
                    world.disk.wait_for_held_sync();
                    world.disk.crash();
                    for (number, receipt) in receipts {
                        if block_on(receipt).is_ok() {
                            acknowledged.push(number);
                        }
                    }
                    drop(spool);
                    spool = world.open().0;
                }
                Step::Crash => {
                    world.disk.crash();
                    drop(spool);
                    spool = world.open().0;
                }
                Step::Reopen => {
                    drop(spool);
                    spool = world.open().0;
                }
                Step::Read(count) => {
                    let reader = world.reader().following(spool.committed());
                    let batch = reader.read(offset, usize::from(count)).expect("reads");
                    read.extend(numbers(&batch.entries));
                    offset = batch.next;
                    reader.release(offset).expect("releases");
                }
            }
        }
        let reader = world.reader().following(spool.committed());
        loop {
            let batch = reader.read(offset, 50).expect("reads");
            if batch.entries.is_empty() {
                break;
            }
            read.extend(numbers(&batch.entries));
            offset = batch.next;
        }
        prop_assert!(read.is_sorted_by(|a, b| a < b), "in order, none twice: {read:?}");
        prop_assert!(read.iter().all(|number| *number < next), "nothing is invented");
        let found: Vec<_> =
            read.iter().copied().filter(|number| acknowledged.contains(number)).collect();
        prop_assert_eq!(found, acknowledged);
    }

    /// Without waiting for syncs, a crash takes the newest of what a process wrote and leaves a
    /// beginning of it; also when it comes while a segment is being closed.
    #[test]
    fn after_write_keeps_a_beginning(
        seed: u64, lives in prop::collection::vec((1u32..20, any::<bool>()), 1..6),
    ) {
        let mut world = World::new(seed).with_segments_of(3_000);
        world.config.durability = Durability::AfterWrite;
        for (life, (count, closing)) in (0..).zip(&lives) {
            let (spool, _) = world.open();
            for turn in 0..*count {
                append(&spool, life * 100 + turn).expect("written");
            }
            if *closing {
                world.disk.hold_syncs();
                // More than the segment has room for, so that it is closed.
                let more: Vec<_> = (*count..count + 40)
                    .map(|turn| spool.append(&bytes(&click(life * 100 + turn))))
                    .collect();
                world.disk.wait_for_held_sync();
                drop(more);
            }
            world.disk.crash();
            drop(spool);
        }
        drop(world.open());
        let read = world.numbers();
        prop_assert!(read.is_sorted_by(|a, b| a < b), "{read:?}");
        for (life, (count, _)) in (0..).zip(&lives) {
            let left: Vec<u32> = read.iter().copied().filter(|n| n / 100 == life).collect();
            let whole: Vec<u32> = (life * 100..life * 100 + count + 40).collect();
            prop_assert!(whole.starts_with(&left), "life {life}: {left:?}");
        }
    }

    #[test]
    fn any_bytes_are_read_calmly(data: Vec<u8>) {
        tributary_spool::fuzz::segment(&data);
        tributary_spool::fuzz::segment(&[&[0], data.as_slice()].concat());
    }

    /// Any bits of any byte of a closed segment: what is read is a part of what was written, in
    /// order, up to the damage, and after quarantine all but what was damaged is read.
    #[test]
    fn damage_is_never_taken_for_data(seed: u64, place: prop::sample::Index, bits in 1u8..) {
        let world = World::new(seed).with_segments_of(2_000);
        let (spool, _) = world.open();
        for number in 0..30 {
            append(&spool, number).expect("the disk is well");
        }
        drop(spool);
        let path = world.segment(1);
        let length = world.disk.content(&path).expect("there").len();
        world.disk.flip(&path, place.index(length) as u64, bits);
        let reader = world.reader();
        let mut read = Vec::new();
        let mut offset = Offset::START;
        let mut set_aside = 0;
        loop {
            match reader.read(offset, 4) {
                Ok(batch) if batch.entries.is_empty() => break,
                Ok(batch) => {
                    read.extend(numbers(&batch.entries));
                    offset = batch.next;
                }
                Err(ReadError::Corrupt { segment, byte, resume_at }) => {
                    prop_assert_eq!(segment, 1);
                    set_aside += 1;
                    prop_assert!(set_aside <= 2, "quarantine helps");
                    let range = byte..resume_at;
                    quarantine(&world.disk, &world.config.dir, NODE, segment, range)
                        .expect("set aside");
                }
                Err(other) => panic!("{other}"),
            }
        }
        prop_assert!(read.is_sorted_by(|a, b| a < b), "{read:?}");
        prop_assert!(read.len() >= 29, "one frame is lost at most: {read:?}");
        prop_assert!(set_aside > 0 || read.len() == 30, "nothing is lost in silence");
    }
}

#[test]
fn a_torn_end_is_cut() {
    let mut torn = 0;
    for seed in 0..40 {
        let world = World::new(seed);
        let (spool, _) = world.open();
        append(&spool, 0).expect("the disk is well");
        world.disk.hold_syncs();
        let receipts: Vec<_> = (1..40).map(|n| spool.append(&bytes(&click(n)))).collect();
        world.disk.wait_for_held_sync();
        world.disk.crash();
        drop((receipts, spool));
        let (spool, recovery) = world.open();
        assert_eq!(recovery.corrupt, None, "seed {seed}");
        torn += u32::from(recovery.truncated_bytes > 0);
        let length = world.disk.content(&world.segment(1)).expect("there").len();
        assert!(length < 10_000, "seed {seed}: nor are the zeros kept, {length} bytes");
        append(&spool, 100).expect("the disk is well");
        drop(spool);
        let read = world.numbers();
        assert_eq!((read.first(), read.last()), (Some(&0), Some(&100)), "seed {seed}");
        assert!(read.is_sorted_by(|a, b| a < b), "seed {seed}: {read:?}");
    }
    assert!(torn > 5, "some of these crashes tear: {torn}");
}

#[test]
fn a_flipped_byte_in_the_middle_stops_reading_until_quarantine() {
    let world = World::new(1);
    let (spool, _) = world.open();
    for number in 0..10 {
        append(&spool, number).expect("the disk is well");
    }
    let path = world.segment(1);
    world.disk.flip(&path, find(&world.disk, &path, b"letter-4"), 0x20);
    let beside = world.reader().following(spool.committed());
    let alone = world.reader();
    for reader in [&beside, &alone] {
        let batch = reader.read(Offset::START, 100).expect("the entries before it");
        assert_eq!(numbers(&batch.entries), [0, 1, 2, 3]);
        let error = reader.read(batch.next, 100).expect_err("then it stops");
        assert!(matches!(error, ReadError::Corrupt { segment: 1, .. }), "{error}");
    }
    append(&spool, 10).expect("the edge goes on");
    drop(spool);
    let (spool, recovery) = world.open();
    let damaged = recovery.corrupt.expect("opening sees it, and cuts nothing");
    assert_eq!(recovery.truncated_bytes, 0);
    drop(spool);
    let batch = alone.read(Offset::START, 100).expect("the entries before it");
    let Err(ReadError::Corrupt { segment, byte, resume_at }) = alone.read(batch.next, 100) else {
        panic!("still corrupt")
    };
    assert_eq!((segment, byte), (damaged.segment, damaged.byte));
    let kept = quarantine(&world.disk, &world.config.dir, NODE, segment, byte..resume_at);
    let kept = world.disk.content(&kept.expect("set aside")).expect("the file is there");
    assert_eq!(kept.len() as u64, resume_at - byte, "the bytes are kept");
    assert_eq!(world.numbers(), [0, 1, 2, 3, 5, 6, 7, 8, 9, 10], "all but the damaged one");
    let out_of_range = quarantine(&world.disk, &world.config.dir, NODE, 1, 5..1 << 40);
    assert!(out_of_range.is_err());
}

#[test]
fn an_entry_of_the_future_stops_reading_too() {
    let world = World::new(2);
    let (spool, _) = world.open();
    append(&spool, 0).expect("the disk is well");
    block_on(spool.append(b"\x63 format 99")).expect("the spool takes any bytes");
    append(&spool, 1).expect("the disk is well");
    let reader = world.reader().following(spool.committed());
    let batch = reader.read(Offset::START, 100).expect("the entry before it");
    assert_eq!(numbers(&batch.entries), [0]);
    let Err(ReadError::Entry { segment, byte, resume_at, .. }) = reader.read(batch.next, 100)
    else {
        panic!("it does not decode")
    };
    quarantine(&world.disk, &world.config.dir, NODE, segment, byte..resume_at).expect("set aside");
    assert_eq!(numbers(&reader.read(batch.next, 100).expect("reads").entries), [1]);
}

#[test]
fn a_segment_without_its_close_or_header_stops_reading() {
    for damage in ["close", "header"] {
        let world = World::new(3).with_segments_of(1_000);
        let (spool, _) = world.open();
        for number in 0..30 {
            append(&spool, number).expect("the disk is well");
        }
        drop(spool);
        let path = world.segment(2);
        let length = world.disk.content(&path).expect("there").len() as u64;
        if damage == "close" {
            world.disk.flip(&path, length - 1, 1);
        } else {
            // Both copies.
            world.disk.flip(&path, 20, 1);
            world.disk.flip(&path, 60, 1);
        }
        let all = read_all(&world.reader(), 3);
        let Err(ReadError::Corrupt { segment: 2, byte, resume_at }) = all else {
            panic!("{damage}: {all:?}")
        };
        quarantine(&world.disk, &world.config.dir, NODE, 2, byte..resume_at).expect("set aside");
        let read = world.numbers();
        assert!(read.contains(&0) && read.contains(&29), "{damage}: {read:?}");
        assert!(damage != "close" || read.len() == 30, "the close holds no entry: {read:?}");
    }
}

#[test]
fn ids_are_minted_past_those_on_record() {
    let world = World::new(5).with_segments_of(600);
    let (spool, recovery) = world.open();
    assert_eq!(recovery.last_minted, None);
    let minter = ClickMinter::new(NODE, None).expect("a node");
    let mut ids = Vec::new();
    for number in 0..20 {
        let entry = minted_click(&minter, NOW, number);
        let Entry::Click(click) = &entry else { unreachable!("it is a click") };
        ids.extend(click.click_id);
        block_on(spool.append(&bytes(&entry))).expect("the disk is well");
    }
    // All that is closed is read and released, then the power goes and the clock steps back.
    let reader = world.reader().following(spool.committed());
    let batch = reader.read(Offset::START, 1_000).expect("reads");
    assert!(reader.release(batch.next).expect("releases") > 2);
    world.disk.crash();
    drop(spool);
    let (spool, recovery) = world.open();
    let highest = ids.iter().max().expect("ids were minted").minted();
    assert_eq!(recovery.last_minted, Some(highest));
    drop(spool);
    // Twice, so that the id is known from a header alone.
    let (spool, recovery) = world.open();
    assert_eq!(recovery.last_minted, Some(highest));
    drop(spool);
    let minter = ClickMinter::new(NODE, recovery.last_minted).expect("a node");
    let id = minter.mint(NOW.plus_seconds(-5), 1, &keys()).expect("within the lead");
    assert!(id.minted() > highest);
}
