//! Random histories of everything allowed.

use std::collections::BTreeMap;

use crate::world::{ACTS, Step, World, booking, currency_of, owner, partner, program};
use proptest::prelude::*;
use tributary_ledger::merkle::{Frontier, leaf_hash};
use tributary_ledger::{
    AccountKey, AccountKind, Balances, Booking, Transfer, TransferKind, canonical_bytes, check,
    parse_canonical, replay,
};

fn histories() -> impl Strategy<Value = Vec<Step>> {
    let step = (0..ACTS, any::<u16>(), 0u32..5_000);
    let step = step.prop_map(|(act, pick, amount)| Step { act, pick, amount });
    proptest::collection::vec(step, 1..120)
}

fn root_of(leaves: impl Iterator<Item = Vec<u8>>) -> tributary_ledger::merkle::TreeHash {
    let mut frontier = Frontier::new();
    leaves.for_each(|bytes| drop(frontier.append(leaf_hash(&bytes))));
    frontier.root()
}

fn layers_add_up(balances: &Balances) -> Result<(), TestCaseError> {
    for number in 1..=3 {
        let currency = currency_of(number);
        let owed: i64 = (1..=2)
            .map(|who| balances.layers(program(number), partner(who), currency))
            .map(|l| l.pending + l.approved + l.payable + l.paid - l.clawback)
            .sum();
        let of = |kind| balances.get(&AccountKey::of_program(kind, program(number), currency));
        let sum = of(AccountKind::CommissionCost)
            + of(AccountKind::InputVat)
            + of(AccountKind::WithheldTax);
        prop_assert_eq!(sum, owed);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn allowed_histories_replay(steps in histories()) {
        let world = World::play(&steps);
        let replayed = replay(owner(), &world.transfers).unwrap();
        let balances = &replayed.balances;
        prop_assert_eq!(balances.differences(), vec![]);
        prop_assert_eq!(balances.iter().map(|(_, balance)| i128::from(balance)).sum::<i128>(), 0);
        layers_add_up(balances)?;
        for (number, who) in (1..=3).flat_map(|number| [(number, 1), (number, 2)]) {
            let layers = balances.layers(program(number), partner(who), currency_of(number));
            let found = (layers.pending, layers.approved, layers.payable, layers.clawback);
            prop_assert_eq!(found, world.expected(number, who));
        }
        for transfer in &world.transfers {
            prop_assert_eq!(check(transfer), Ok(()));
            let mut sums = BTreeMap::new();
            for posting in &transfer.postings {
                *sums.entry(posting.account.currency).or_insert(0) += posting.amount;
            }
            prop_assert!(sums.values().all(|sum| *sum == 0));
        }
    }

    #[test]
    fn taking_all_back_leaves_no_cost(steps in histories()) {
        let mut world = World::play(&steps);
        world.take_all_back();
        let balances = replay(owner(), &world.transfers).unwrap().balances;
        for (number, who) in (1..=3).flat_map(|number| [(number, 1), (number, 2)]) {
            let currency = currency_of(number);
            prop_assert_eq!(balances.get(&AccountKey::cost(program(number), currency)), 0);
            let layers = balances.layers(program(number), partner(who), currency);
            prop_assert_eq!((layers.pending, layers.approved, layers.payable), (0, 0, 0));
        }
        for number in 1..=3 {
            let currency = currency_of(number);
            let of = |kind| balances.get(&AccountKey::of_program(kind, program(number), currency));
            let layers = [1, 2].map(|who| balances.layers(program(number), partner(who), currency));
            let sent: i64 = layers.iter().map(|it| it.paid - it.clawback).sum();
            let tax = of(AccountKind::InputVat) + of(AccountKind::WithheldTax);
            prop_assert_eq!(sent, tax, "what was sent is owed back, but for its tax");
        }
    }

    #[test]
    fn canonical_bytes_round_trip(steps in histories()) {
        for transfer in World::play(&steps).transfers {
            let bytes = canonical_bytes(&transfer);
            prop_assert_eq!(parse_canonical(&bytes), Ok(transfer));
            prop_assert!(parse_canonical(&bytes[1..]).is_err());
            prop_assert!(parse_canonical(&[&bytes[..], &[0]].concat()).is_err());
        }
    }

    #[test]
    fn a_flipped_byte_changes_the_root(
        steps in histories(), which in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(), flip in 1u8..,
    ) {
        let transfers = World::play(&steps).transfers;
        prop_assume!(!transfers.is_empty());
        let leaves: Vec<Vec<u8>> = transfers.iter().map(canonical_bytes).collect();
        let root = replay(owner(), &transfers).unwrap().frontier.root();
        prop_assert_eq!(root_of(leaves.iter().cloned()), root);
        let mut changed = leaves.clone();
        let leaf = &mut changed[which.index(leaves.len())];
        let at = at.index(leaf.len());
        leaf[at] ^= flip;
        if let Ok(read) = parse_canonical(leaf) {
            prop_assert_eq!(&canonical_bytes(&read), leaf, "what is read is what was written");
        }
        prop_assert_ne!(root_of(changed.into_iter()), root);
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        if let Ok(transfer) = parse_canonical(&bytes) {
            prop_assert_eq!(canonical_bytes(&transfer), bytes);
        }
    }

    #[test]
    fn a_left_out_or_exchanged_transfer_is_found(
        steps in histories(), which in any::<prop::sample::Index>(),
    ) {
        let mut transfers = World::play(&steps).transfers;
        prop_assume!(transfers.len() > 1);
        let at = which.index(transfers.len() - 1);
        let mut exchanged = transfers.clone();
        exchanged.swap(at, at + 1);
        prop_assert!(replay(owner(), &exchanged).is_err());
        transfers.remove(at);
        prop_assert!(replay(owner(), &transfers).is_err());
    }

    #[test]
    fn no_single_reversal_grows(steps in histories(), which in any::<prop::sample::Index>()) {
        // The same history with one reversal (of a single commission) made larger than what its
        // original had left.
        let transfers = World::play(&steps).transfers;
        let single: Vec<usize> = (0..transfers.len())
            .filter(|at| transfers[*at].reverses.is_some() && transfers[*at].postings.len() == 2)
            .collect();
        prop_assume!(!single.is_empty());
        let at = single[which.index(single.len())];
        let original = transfers[at].reverses.unwrap();
        let original = transfers.iter().find(|t| t.id == original).unwrap();
        let moved = original.postings[0].amount.abs();
        let mut record = transfers[at].clone().into_record();
        for posting in &mut record.postings {
            posting.amount = posting.amount.signum() * (moved + 1);
        }
        let mut grown = transfers.clone();
        grown[at] = Transfer::restore(record).unwrap();
        let error = replay(owner(), &grown).unwrap_err();
        prop_assert_eq!(error.seq, at as u64);
    }

    #[test]
    fn a_retry_is_told_from_other_content(steps in histories(), seq in 0u64..1_000) {
        for transfer in World::play(&steps).transfers {
            let mut again = transfer.clone().into_record();
            again.seq = seq;
            again.booked_at = booking(seq).booked_at;
            let again = Transfer::restore(again).unwrap();
            prop_assert_eq!(again.is_retry_of(&transfer), Ok(true));
            let mut other = transfer.clone().into_record();
            for posting in &mut other.postings {
                posting.amount *= 2;
            }
            let other = Transfer::restore(other).unwrap();
            prop_assert!(other.is_retry_of(&transfer).is_err());
            let Booking { id, .. } = booking(5_000);
            let mut new = transfer.clone().into_record();
            new.id = id;
            prop_assert_eq!(Transfer::restore(new).unwrap().is_retry_of(&transfer), Ok(false));
        }
    }
}

#[test]
fn the_histories_reach_every_movement() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let mut seen = std::collections::BTreeMap::new();
    for _ in 0..200 {
        let steps = histories().new_tree(&mut runner).unwrap().current();
        for transfer in World::play(&steps).transfers {
            *seen.entry(transfer.kind).or_insert(0) += 1;
        }
    }
    for kind in TransferKind::ALL {
        let adjusts = matches!(kind, TransferKind::AdjustUp | TransferKind::AdjustDown);
        assert!(adjusts || seen.get(kind).is_some_and(|count| *count > 20), "{kind}: {seen:?}");
    }
}
