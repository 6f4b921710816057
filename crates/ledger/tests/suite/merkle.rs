//! The tree against the recursive definitions of RFC 6962, written down as they stand there.

use proptest::prelude::*;
use sha2::{Digest, Sha256};
use tributary_ledger::merkle::{
    ConsistencyProof, Frontier, FrontierError, InclusionProof, MemoryNodes, NodeSource, ProofError,
    TreeHash, consistency_proof, inclusion_proof, leaf_hash, nodes_for_consistency,
    nodes_for_inclusion, root_of, verify_consistency, verify_inclusion,
};

/// `MTH(D[n])`.
fn mth(leaves: &[Vec<u8>]) -> TreeHash {
    let bytes: [u8; 32] = match leaves {
        [] => Sha256::digest([]).into(),
        [leaf] => Sha256::digest([&[0], &leaf[..]].concat()).into(),
        _ => {
            let (left, right) = leaves.split_at(largest_power_below(leaves.len()));
            let (left, right) = (mth(left), mth(right));
            let node = [&[1], &left.as_bytes()[..], &right.as_bytes()[..]].concat();
            Sha256::digest(node).into()
        }
    };
    TreeHash::from_bytes(bytes)
}

fn largest_power_below(n: usize) -> usize {
    let mut k = 1;
    while k * 2 < n {
        k *= 2;
    }
    k
}

/// `PATH(m, D[n])`.
fn path(m: usize, leaves: &[Vec<u8>]) -> Vec<TreeHash> {
    if leaves.len() == 1 {
        return Vec::new();
    }
    let k = largest_power_below(leaves.len());
    let (left, right) = leaves.split_at(k);
    if m < k {
        [path(m, left), vec![mth(right)]].concat()
    } else {
        [path(m - k, right), vec![mth(left)]].concat()
    }
}

/// `SUBPROOF(m, D[n], b)`.
fn subproof(m: usize, leaves: &[Vec<u8>], whole: bool) -> Vec<TreeHash> {
    if m == leaves.len() {
        return if whole { Vec::new() } else { vec![mth(leaves)] };
    }
    let k = largest_power_below(leaves.len());
    let (left, right) = leaves.split_at(k);
    if m <= k {
        [subproof(m, left, whole), vec![mth(right)]].concat()
    } else {
        [subproof(m - k, right, false), vec![mth(left)]].concat()
    }
}

fn leaves_of(size: usize) -> Vec<Vec<u8>> {
    (0..size).map(|number| format!("leaf {number}").into_bytes()).collect()
}

fn grow(leaves: &[Vec<u8>]) -> (Frontier, MemoryNodes) {
    let mut frontier = Frontier::new();
    let mut nodes = MemoryNodes::default();
    for leaf in leaves {
        nodes.extend(frontier.append(leaf_hash(leaf)));
    }
    (frontier, nodes)
}

#[test]
fn known_roots() {
    // The test tree that implementations of Certificate Transparency share.
    let leaves: Vec<Vec<u8>> = vec![
        vec![],
        vec![0x00],
        vec![0x10],
        vec![0x20, 0x21],
        vec![0x30, 0x31],
        (0x40..0x44).collect(),
        (0x50..0x58).collect(),
        (0x60..0x70).collect(),
    ];
    let roots = [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];
    for (size, root) in roots.iter().enumerate() {
        assert_eq!(grow(&leaves[..size]).0.root().to_string(), *root, "{size} leaves");
    }
}

#[test]
fn every_small_tree_and_proof_is_that_of_the_definition() {
    let leaves = leaves_of(40);
    let (_, nodes) = grow(&leaves);
    for size in 0..=leaves.len() {
        let (frontier, _) = grow(&leaves[..size]);
        let root = mth(&leaves[..size]);
        assert_eq!(frontier.root(), root);
        assert_eq!(root_of(size as u64, &nodes), Ok(root), "an older root, from today's nodes");
        assert_eq!(Frontier::from_bytes(&frontier.to_bytes()), Ok(frontier));
        for index in 0..size {
            let proof = inclusion_proof(index as u64, size as u64, &nodes).unwrap();
            assert_eq!(proof, path(index, &leaves[..size]), "{index} of {size}");
        }
        for older in 1..size {
            let proof = consistency_proof(older as u64, size as u64, &nodes).unwrap();
            assert_eq!(proof, subproof(older, &leaves[..size], true), "{older} to {size}");
        }
    }
}

#[test]
fn each_node_is_completed_once() {
    let mut frontier = Frontier::new();
    let mut seen = std::collections::BTreeSet::new();
    for number in 0..1_000u32 {
        let completed = frontier.append(leaf_hash(&number.to_be_bytes()));
        assert_eq!((completed[0].at.level, completed[0].at.index), (0, u64::from(number)));
        for node in completed {
            assert!(seen.insert(node.at), "{:?}", node.at);
        }
    }
    let expected: u32 = (0..10).map(|level| 1_000 >> level).sum();
    assert_eq!(seen.len(), expected as usize);
}

#[test]
fn what_lies_outside_is_refused() {
    let leaves = leaves_of(7);
    let (frontier, nodes) = grow(&leaves);
    let root = frontier.root();
    let range = ProofError::Range { smaller: 7, size: 7 };
    assert_eq!(inclusion_proof(7, 7, &nodes), Err(range));
    assert_eq!(verify_inclusion(leaf_hash(&leaves[0]), 7, 7, &[], root), Err(range));
    let range = ProofError::Range { smaller: 8, size: 7 };
    assert_eq!(consistency_proof(8, 7, &nodes), Err(range));
    assert_eq!(verify_consistency((8, root), (7, root), &[]), Err(range));
    assert!(matches!(inclusion_proof(0, 8, &nodes), Err(ProofError::Missing { .. })));
    let nothing = (0, TreeHash::of_nothing());
    assert_eq!(verify_consistency(nothing, (7, root), &[]), Ok(()));
    assert_eq!(verify_consistency((0, root), (7, root), &[]), Err(ProofError::Mismatch));
    assert_eq!(verify_consistency((7, root), (7, root), &[]), Ok(()));
    assert_eq!(
        verify_consistency((7, root), (7, root), &[root]),
        Err(ProofError::Length { length: 1 })
    );
}

#[test]
fn a_frontier_is_read_strictly() {
    let bytes = grow(&leaves_of(11)).0.to_bytes();
    assert_eq!(bytes.len(), 9 + 3 * 32);
    assert_eq!(Frontier::from_bytes(&[]), Err(FrontierError::Format { format: 0 }));
    assert_eq!(Frontier::from_bytes(&[1]), Err(FrontierError::Length { length: 1, size: 0 }));
    for wrong in [&bytes[..bytes.len() - 1], &[&bytes[..], &[0; 32]].concat()] {
        let length = wrong.len();
        assert_eq!(Frontier::from_bytes(wrong), Err(FrontierError::Length { length, size: 11 }));
    }
}

#[test]
fn the_largest_trees_have_short_paths() {
    for (index, size) in [(0, u64::MAX), (u64::MAX - 1, u64::MAX), (1 << 62, (1 << 63) + 1)] {
        assert!(nodes_for_inclusion(index, size).unwrap().len() < 128);
        assert!(nodes_for_consistency(index.max(1), size).unwrap().len() < 128);
    }
}

proptest! {
    #[test]
    fn proofs_verify_and_prove_nothing_else(
        size in 1u64..600, index in any::<prop::sample::Index>(),
        older in any::<prop::sample::Index>(), other in any::<prop::sample::Index>(),
        flip in any::<prop::sample::Index>(),
    ) {
        let leaves = leaves_of(usize::try_from(size).unwrap());
        let (frontier, nodes) = grow(&leaves);
        let root = frontier.root();
        let index = index.index(leaves.len());
        let leaf = leaf_hash(&leaves[index]);
        let proof = inclusion_proof(index as u64, size, &nodes).unwrap();
        prop_assert_eq!(verify_inclusion(leaf, index as u64, size, &proof, root), Ok(()));

        let wrong = other.index(leaves.len());
        if wrong != index {
            let other = leaf_hash(&leaves[wrong]);
            let result = verify_inclusion(other, index as u64, size, &proof, root);
            prop_assert_eq!(result, Err(ProofError::Mismatch), "another leaf in its place");
            prop_assert!(verify_inclusion(leaf, wrong as u64, size, &proof, root).is_err());
        }
        let longer = [&proof[..], &[root]].concat();
        prop_assert!(verify_inclusion(leaf, index as u64, size, &longer, root).is_err());
        if !proof.is_empty() {
            let shorter = &proof[1..];
            prop_assert!(verify_inclusion(leaf, index as u64, size, shorter, root).is_err());
            let mut broken = proof.clone();
            let at = flip.index(proof.len());
            broken[at] = leaf_hash(broken[at].as_bytes());
            prop_assert!(verify_inclusion(leaf, index as u64, size, &broken, root).is_err());
        }

        let older = older.index(leaves.len()) as u64 + 1;
        let old_root = root_of(older, &nodes).unwrap();
        let proof = consistency_proof(older, size, &nodes).unwrap();
        prop_assert_eq!(verify_consistency((older, old_root), (size, root), &proof), Ok(()));
        let result = verify_consistency((older, leaf), (size, root), &proof);
        prop_assert!(result.is_err() || old_root == leaf, "another history");
        for at in 0..proof.len() {
            let mut broken = proof.clone();
            broken[at] = leaf_hash(broken[at].as_bytes());
            prop_assert!(verify_consistency((older, old_root), (size, root), &broken).is_err());
        }
        let longer = [&proof[..], &[root]].concat();
        prop_assert!(verify_consistency((older, old_root), (size, root), &longer).is_err());
    }

    #[test]
    fn the_nodes_named_are_enough(size in 1u64..600, index in any::<prop::sample::Index>()) {
        let (_, all) = grow(&leaves_of(usize::try_from(size).unwrap()));
        let index = index.index(usize::try_from(size).unwrap()) as u64;
        let fetch = |named: Vec<tributary_ledger::merkle::NodeAddress>| {
            let mut fetched = MemoryNodes::default();
            fetched.extend(named.into_iter().map(|at| tributary_ledger::merkle::CompletedNode {
                at,
                hash: all.node(at).unwrap(),
            }));
            fetched
        };
        let fetched = fetch(nodes_for_inclusion(index, size).unwrap());
        prop_assert_eq!(inclusion_proof(index, size, &fetched), inclusion_proof(index, size, &all));
        let fetched = fetch(nodes_for_consistency(index, size).unwrap());
        prop_assert_eq!(
            consistency_proof(index, size, &fetched),
            consistency_proof(index, size, &all)
        );
    }
}

proptest! {
    /// What travels says the same after the journey, and no changed bit of it proves anything.
    #[test]
    fn proofs_travel(size in 1u64..200, at in any::<prop::sample::Index>(), flip in any::<prop::sample::Index>()) {
        let leaves: Vec<Vec<u8>> = (0..size).map(|n| n.to_be_bytes().to_vec()).collect();
        let mut nodes = MemoryNodes::default();
        let mut frontier = Frontier::new();
        leaves.iter().for_each(|leaf| nodes.extend(frontier.append(leaf_hash(leaf))));
        let root = frontier.root();
        let index = at.index(leaves.len());
        let leaf = leaf_hash(&leaves[index]);
        let proof = InclusionProof::of(index as u64, size, &nodes).unwrap();
        prop_assert_eq!(proof.verify(leaf, root), Ok(()));
        let bytes = proof.to_bytes();
        prop_assert_eq!(InclusionProof::from_bytes(&bytes), Some(proof));
        let mut flipped = bytes.clone();
        flipped[flip.index(bytes.len())] ^= 0x10;
        let read = InclusionProof::from_bytes(&flipped);
        // A size that gives the same path is no lie about the leaf's place; the head names the size.
        let lies = read.is_some_and(|it| it.size == size && it.verify(leaf, root).is_ok());
        prop_assert!(!lies);

        let older = at.index(leaves.len()) as u64 + 1;
        let older_root = root_of(older, &nodes).unwrap();
        let proof = ConsistencyProof::of(older, size, &nodes).unwrap();
        prop_assert_eq!(proof.verify(older_root, root), Ok(()));
        prop_assert_eq!(ConsistencyProof::from_bytes(&proof.to_bytes()), Some(proof.clone()));
        prop_assert_eq!(InclusionProof::from_bytes(&proof.to_bytes()), None);
        let rewritten = leaf_hash(b"another past");
        prop_assert!(proof.verify(rewritten, root).is_err());
        prop_assert_eq!(root.to_string().parse(), Ok(root));
    }
}
