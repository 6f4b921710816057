//! No id twice, none before another, whatever the clock does.

use proptest::prelude::*;
use tributary_click::{
    ClickId, ClickKey, ClickKeyring, ClickMinter, LEAD_MS_MAX, LastMinted, MintError,
};
use tributary_kernel::Timestamp;

const NOW_MS: i64 = 1_790_000_000_000;

fn keys() -> ClickKeyring {
    let key = ClickKey { id: 0, secret: [1; 32], verify_until: None };
    ClickKeyring::new(vec![key], 0).expect("a ring")
}

fn at(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(ms)
}

/// A million ids asked for within five milliseconds, with restarts and clock steps.
#[test]
fn a_million_ids_within_milliseconds() {
    let keys = keys();
    let mut minter = ClickMinter::new(7, None).expect("a node");
    let mut last: Option<ClickId> = None;
    let mut minted = 0;
    for turn in 0..1_000 {
        let ms = NOW_MS + [0, 3, -2, 4, 1, -3, 2][turn % 7];
        for _ in 0..1_000 {
            let id = minter.mint(at(ms), 5, &keys).expect("a million are within the lead");
            assert!(last < Some(id), "strictly increasing, so none twice");
            last = Some(id);
            minted += 1;
        }
        if turn % 150 == 149 {
            minter = ClickMinter::new(7, last.map(|id| id.minted())).expect("a node");
        }
    }
    assert_eq!(minted, 1_000_000);
}

#[test]
fn threads_share_a_minter() {
    let keys = keys();
    let minter = ClickMinter::new(7, None).expect("a node");
    let mut ids: Vec<ClickId> = std::thread::scope(|scope| {
        let mint = || -> Vec<ClickId> {
            (0..20_000).map(|_| minter.mint(at(NOW_MS), 5, &keys).expect("minted")).collect()
        };
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(mint)).collect();
        threads.into_iter().flat_map(|t| t.join().expect("no panic")).collect()
    });
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 80_000);
}

#[test]
fn the_lead_is_bounded() {
    let keys = keys();
    let minter = ClickMinter::new(7, None).expect("a node");
    let first = minter.mint(at(NOW_MS), 1, &keys).expect("minted");
    let lead_max = i64::try_from(LEAD_MS_MAX).expect("small");
    let second = minter.mint(at(NOW_MS - lead_max), 1, &keys).expect("just within the lead");
    assert!(second > first);
    let too_early = minter.mint(at(NOW_MS - lead_max - 1), 1, &keys);
    assert_eq!(too_early, Err(MintError::Ahead { lead_ms: LEAD_MS_MAX + 1 }));
    let third = minter.mint(at(NOW_MS), 1, &keys).expect("the clock is back");
    assert_eq!(third.counter(), 2, "a refusal uses nothing up");
}

#[test]
fn a_used_up_counter_borrows_from_the_next_millisecond() {
    let keys = keys();
    let minter = ClickMinter::new(7, None).expect("a node");
    let ids: Vec<_> =
        (0..4_098).map(|_| minter.mint(at(NOW_MS), 1, &keys).expect("minted")).collect();
    assert_eq!((ids[4_095].at(), ids[4_095].counter()), (at(NOW_MS), 4_095));
    assert_eq!((ids[4_096].at(), ids[4_096].counter()), (at(NOW_MS + 1), 0));
    assert_eq!((ids[4_097].at(), ids[4_097].counter()), (at(NOW_MS + 1), 1));
}

proptest! {
    /// Any clock, any restarts: what is minted increases, and leads by no more than it may.
    #[test]
    fn minted_ids_increase(
        steps in prop::collection::vec((-12_000i64..12_000, 1u32..300, any::<bool>()), 1..40),
    ) {
        let keys = keys();
        let mut minter = ClickMinter::new(0, None).unwrap();
        let mut ms = NOW_MS;
        let mut last: Option<LastMinted> = None;
        for (step, count, restart) in steps {
            ms += step;
            for _ in 0..count {
                match minter.mint(at(ms), 1, &keys) {
                    Ok(id) => {
                        prop_assert!(last < Some(id.minted()));
                        prop_assert!(id.at() >= at(ms), "never behind the clock");
                        let lead_ms = id.at().microseconds_since(at(ms)) / 1_000;
                        prop_assert!(lead_ms <= i64::try_from(LEAD_MS_MAX).unwrap());
                        last = Some(id.minted());
                    }
                    Err(error) => {
                        let ahead = matches!(error, MintError::Ahead { .. });
                        prop_assert!(ahead, "{error}");
                        break;
                    }
                }
            }
            if restart {
                minter = ClickMinter::new(0, last).unwrap();
            }
        }
    }
}
