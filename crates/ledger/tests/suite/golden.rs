//! The formats, held to files that were written once. A difference here means that ledgers in the
//! field could not be verified any more: make a new format number instead.
//!
//! Both files are also for others who write a verifier.

use serde_json::{Value, json};
use tributary_kernel::Timestamp;
use tributary_ledger::merkle::{
    Frontier, MemoryNodes, TreeHash, consistency_proof, inclusion_proof, leaf_hash, root_of,
    verify_consistency, verify_inclusion,
};
use tributary_ledger::movement::{
    AdjustLayer, NetLine, Owed, PayoutLine, PayoutOf, ReverseFrom, accrue, add_vat, adjust_down,
    adjust_up, approve, decline, pay, payment_returned, release, return_withheld, reverse,
    take_vat, unapprove, withdraw, withhold,
};
use tributary_ledger::{
    HeadSigner, Reason, Transfer, TransferKind, TreeHead, canonical_bytes, parse_canonical, replay,
};
use tributary_money::{Currency, Money};

use crate::world::{booking, commission, owner, partner, payout, program, transfer_id};

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Compares with the committed file (as JSON: the order of keys means nothing); on a difference
/// writes what was made beside the build, so that a person can look at both.
fn compare(name: &str, made: &Value) {
    let kept = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    let text = std::fs::read_to_string(&kept).unwrap_or_default();
    if serde_json::from_str::<Value>(&text).ok().as_ref() != Some(made) {
        let beside = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::write(&beside, serde_json::to_string_pretty(made).unwrap() + "\n").unwrap();
        panic!("{} differs from {}", kept.display(), beside.display());
    }
}

/// One ledger in which every movement occurs, the adjustments in each layer.
fn every_movement() -> Vec<Transfer> {
    let dkk = |minor| Money::new(minor, Currency::DKK);
    let owed = |minor| Owed { program: program(1), partner: partner(1), amount: dkk(minor) };
    let second = Owed { program: program(3), ..owed(90_000) };
    let of = |number| PayoutOf { payout: payout(number), partner: partner(1) };
    let line = |number, earned, recovered| PayoutLine {
        program: program(number),
        earned: dkk(earned),
        recovered: dkk(recovered),
    };
    let net = |number, minor| NetLine { program: program(number), net: dkk(minor) };
    let com = commission(1);
    let at = transfer_id;
    let made = [
        accrue(booking(0), com, owed(187_500)),
        approve(booking(1), com, owed(187_500)),
        unapprove(booking(2), com, owed(7_500), at(1), Reason::Mistake),
        decline(booking(3), com, owed(2_500), at(0), Reason::NotQualified),
        reverse(booking(4), com, owed(10_000), at(0), ReverseFrom::Approved, Reason::Refund),
        release(booking(5), of(1), &[line(1, 170_000, 0)]),
        withdraw(booking(6), of(1), &[line(1, 170_000, 0)], at(5), Reason::PayoutStopped),
        release(booking(7), of(2), &[line(1, 170_000, 0)]),
        reverse(booking(8), com, owed(20_000), at(0), ReverseFrom::Payable, Reason::Cancelled),
        pay(booking(9), of(2), &[net(1, 150_000)]),
        payment_returned(booking(10), of(2), &[net(1, 150_000)], at(9), Reason::BankReturned),
        pay(booking(11), of(2), &[net(1, 150_000)]),
        reverse(booking(12), com, owed(50_000), at(0), ReverseFrom::Paid, Reason::Chargeback),
        accrue(booking(13), commission(2), second),
        approve(booking(14), commission(2), second),
        release(booking(15), of(3), &[line(1, 0, 40_000), line(3, 90_000, 0)]),
        pay(booking(16), of(3), &[net(1, -40_000), net(3, 90_000)]),
        adjust_up(booking(17), com.into(), owed(5_000), AdjustLayer::Approved, Reason::Bonus),
        adjust_up(booking(18), com.into(), owed(1), AdjustLayer::Pending, Reason::RetroactiveTier),
        adjust_up(booking(19), com.into(), owed(10_000), AdjustLayer::Clawback, Reason::Forgiven),
        adjust_down(booking(20), com.into(), owed(1), AdjustLayer::Pending, Reason::Correction),
        adjust_down(booking(21), com.into(), owed(99), AdjustLayer::Approved, Reason::Correction),
        adjust_down(booking(22), com.into(), owed(1), AdjustLayer::Clawback, Reason::Other),
        add_vat(booking(23), of(3), owed(12_500)),
        withhold(booking(24), of(3), owed(1_000)),
        return_withheld(booking(25), of(3), owed(1_000), at(24), Reason::PayoutStopped),
        take_vat(booking(26), of(3), owed(12_500), at(23), Reason::PayoutStopped),
    ];
    made.map(Result::unwrap).into()
}

#[test]
fn canonical_bytes_of_each_movement() {
    let transfers = every_movement();
    for kind in TransferKind::ALL {
        assert!(transfers.iter().any(|transfer| transfer.kind == *kind), "{kind}");
    }
    for transfer in &transfers {
        assert_eq!(parse_canonical(&canonical_bytes(transfer)).as_ref(), Ok(transfer));
    }
    let replayed = replay(owner(), &transfers).unwrap();
    let root = replayed.frontier.root();
    let head = TreeHead {
        owner: owner(),
        size: replayed.frontier.size(),
        root,
        at: Timestamp::from_microsecond(1_790_000_100_000_000),
    };
    let signer = HeadSigner::from_seed(&[42; 32]);
    let signed = signer.sign(head);
    assert_eq!(signer.key().verify(&signed), Ok(()));
    let accounts = replayed.balances.iter().map(|(account, balance)| {
        json!({
            "kind": account.kind,
            "canonical": hex(&account.to_bytes()),
            "hash": hex(&account.hash(owner())),
            "balance": balance,
        })
    });
    let made = json!({
        "transfers": transfers.iter().map(|transfer| json!({
            "kind": transfer.kind,
            "canonical": hex(&canonical_bytes(transfer)),
            "leaf": leaf_hash(&canonical_bytes(transfer)).to_string(),
        })).collect::<Vec<_>>(),
        "accounts": accounts.collect::<Vec<_>>(),
        "frontier": hex(&replayed.frontier.to_bytes()),
        "root": root.to_string(),
        "head": {
            "seed": hex(&[42; 32]),
            "public_key": hex(&signer.key().to_bytes()),
            "key_id": hex(&signed.key_id),
            "canonical": hex(&head.to_bytes()),
            "signed": hex(&signed.to_bytes()),
        },
    });
    compare("transfers.json", &made);
}

#[test]
fn roots_and_proofs() {
    let leaves: Vec<Vec<u8>> = every_movement().iter().take(8).map(canonical_bytes).collect();
    let mut frontier = Frontier::new();
    let mut nodes = MemoryNodes::default();
    for leaf in &leaves {
        nodes.extend(frontier.append(leaf_hash(leaf)));
    }
    let text = |hashes: &[TreeHash]| hashes.iter().map(TreeHash::to_string).collect::<Vec<_>>();
    let root = |size| root_of(size, &nodes).unwrap();
    let (mut roots, mut inclusions, mut consistencies) = (vec![], vec![], vec![]);
    for size in 0..=8u64 {
        roots.push(root(size).to_string());
        for index in 0..size {
            let proof = inclusion_proof(index, size, &nodes).unwrap();
            let leaf = leaf_hash(&leaves[usize::try_from(index).unwrap()]);
            assert_eq!(verify_inclusion(leaf, index, size, &proof, root(size)), Ok(()));
            inclusions.push(json!({ "index": index, "size": size, "proof": text(&proof) }));
        }
        for older in 1..=size {
            let proof = consistency_proof(older, size, &nodes).unwrap();
            let (from, to) = ((older, root(older)), (size, root(size)));
            assert_eq!(verify_consistency(from, to, &proof), Ok(()));
            consistencies.push(json!({ "older": older, "newer": size, "proof": text(&proof) }));
        }
    }
    let made = json!({
        "leaves": "the first eight transfers of transfers.json",
        "roots": roots,
        "inclusion": inclusions,
        "consistency": consistencies,
    });
    compare("tree.json", &made);
}
