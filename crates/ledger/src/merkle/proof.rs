use std::collections::HashMap;

use super::{TreeHash, node_hash};

/// Names a node over `2^level` leaves, all present; the leaves are `index * 2^level` and those
/// after it. Level 0 is the leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeAddress {
    /// Height above the leaves.
    pub level: u8,
    /// Place among the nodes of its level, from the left.
    pub index: u64,
}

/// A node that will never change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CompletedNode {
    /// Where.
    pub at: NodeAddress,
    /// What.
    pub hash: TreeHash,
}

/// Where completed nodes are kept. A store that must wait for its rows fetches those that
/// [`nodes_for_inclusion`] or [`nodes_for_consistency`] name into a [`MemoryNodes`] first.
pub trait NodeSource {
    /// The node, if it is kept.
    fn node(&self, at: NodeAddress) -> Option<TreeHash>;
}

/// Completed nodes in memory.
#[derive(Debug, Clone, Default)]
pub struct MemoryNodes(HashMap<NodeAddress, TreeHash>);

impl NodeSource for MemoryNodes {
    fn node(&self, at: NodeAddress) -> Option<TreeHash> {
        self.0.get(&at).copied()
    }
}

impl Extend<CompletedNode> for MemoryNodes {
    fn extend<I: IntoIterator<Item = CompletedNode>>(&mut self, nodes: I) {
        self.0.extend(nodes.into_iter().map(|node| (node.at, node.hash)));
    }
}

/// Why a proof cannot be made, or does not prove.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// A leaf outside the tree, or an older tree larger than the newer.
    #[error("{smaller} lies outside a tree of {size} leaves")]
    Range {
        /// The leaf or the size of the older tree.
        smaller: u64,
        /// Leaves of the tree.
        size: u64,
    },
    /// The source lacks a node.
    #[error("node {} of level {} is missing", at.index, at.level)]
    Missing {
        /// Which.
        at: NodeAddress,
    },
    /// More or fewer hashes than such a proof has.
    #[error("the proof has {length} hashes, which is not their number for this place")]
    Length {
        /// Hashes found.
        length: usize,
    },
    /// The hashes do not lead to the roots.
    #[error("the proof does not lead to the root")]
    Mismatch,
}

/// Leaves from the first to before the second. Ranges of the recursion of RFC 6962 begin at a
/// multiple of the smallest power of two that holds them.
type Range = (u64, u64);

/// The largest power of two below `count`, which is at least 2.
const fn split(count: u64) -> u64 {
    1 << (63 - (count - 1).leading_zeros())
}

/// `PATH(m, D[n])` of RFC 6962, as ranges, lowest first.
fn inclusion_ranges(index: u64, size: u64) -> Result<Vec<Range>, ProofError> {
    if index >= size {
        return Err(ProofError::Range { smaller: index, size });
    }
    let (mut begin, mut end) = (0, size);
    let mut ranges = Vec::new();
    while end - begin > 1 {
        let middle = begin + split(end - begin);
        if index < middle {
            ranges.push((middle, end));
            end = middle;
        } else {
            ranges.push((begin, middle));
            begin = middle;
        }
    }
    ranges.reverse();
    Ok(ranges)
}

/// `PROOF(m, D[n])` of RFC 6962, as ranges, lowest first. Nothing is needed to extend a tree
/// without leaves, or one by none.
fn consistency_ranges(older: u64, newer: u64) -> Result<Vec<Range>, ProofError> {
    if older > newer {
        return Err(ProofError::Range { smaller: older, size: newer });
    }
    if older == 0 || older == newer {
        return Ok(Vec::new());
    }
    let (mut begin, mut end) = (0, newer);
    let mut ranges = Vec::new();
    while end != older {
        let middle = begin + split(end - begin);
        if older <= middle {
            ranges.push((middle, end));
            end = middle;
        } else {
            ranges.push((begin, middle));
            begin = middle;
        }
    }
    // A subtree that is the whole older tree is its root, which the verifier has.
    if begin != 0 {
        ranges.push((begin, end));
    }
    ranges.reverse();
    Ok(ranges)
}

/// The complete subtrees of a range, left to right.
fn nodes_of((begin, end): Range) -> impl Iterator<Item = NodeAddress> {
    let mut at = begin;
    std::iter::from_fn(move || {
        let left = end - at;
        let level = left.checked_ilog2()?;
        let node = NodeAddress { level: u8::try_from(level).ok()?, index: at >> level };
        at += 1 << level;
        Some(node)
    })
}

fn hash_of(range: Range, source: &dyn NodeSource) -> Result<TreeHash, ProofError> {
    let mut hashes = Vec::new();
    for at in nodes_of(range) {
        hashes.push(source.node(at).ok_or(ProofError::Missing { at })?);
    }
    let fold = |right, left| node_hash(&left, &right);
    Ok(hashes.into_iter().rev().reduce(fold).unwrap_or_else(TreeHash::of_nothing))
}

/// The root of the tree when it had `size` leaves.
///
/// # Errors
/// [`ProofError::Missing`].
pub fn root_of(size: u64, source: &dyn NodeSource) -> Result<TreeHash, ProofError> {
    hash_of((0, size), source)
}

/// The nodes that [`inclusion_proof`] reads: fewer than 64 times two.
///
/// # Errors
/// [`ProofError::Range`].
pub fn nodes_for_inclusion(index: u64, size: u64) -> Result<Vec<NodeAddress>, ProofError> {
    Ok(inclusion_ranges(index, size)?.into_iter().flat_map(nodes_of).collect())
}

/// The nodes that [`consistency_proof`] reads.
///
/// # Errors
/// [`ProofError::Range`].
pub fn nodes_for_consistency(older: u64, newer: u64) -> Result<Vec<NodeAddress>, ProofError> {
    Ok(consistency_ranges(older, newer)?.into_iter().flat_map(nodes_of).collect())
}

/// The audit path of leaf `index` in the tree of `size` leaves, from the leaf upwards.
///
/// # Errors
/// [`ProofError::Range`], [`ProofError::Missing`].
pub fn inclusion_proof(
    index: u64,
    size: u64,
    source: &dyn NodeSource,
) -> Result<Vec<TreeHash>, ProofError> {
    inclusion_ranges(index, size)?.into_iter().map(|range| hash_of(range, source)).collect()
}

/// The proof that the tree of `newer` leaves extends that of `older`. Empty when there is nothing
/// to prove: an older tree of no leaves, or of as many.
///
/// # Errors
/// [`ProofError::Range`], [`ProofError::Missing`].
pub fn consistency_proof(
    older: u64,
    newer: u64,
    source: &dyn NodeSource,
) -> Result<Vec<TreeHash>, ProofError> {
    consistency_ranges(older, newer)?.into_iter().map(|range| hash_of(range, source)).collect()
}

/// Where the climb from a leaf to the root stands: the place on this level of the node proved, and
/// of the last node.
struct Climb {
    node: u64,
    last: u64,
}

impl Climb {
    /// Whether the next hash of the proof stands left of the node. If the node is the last of an
    /// odd number, it rises to the level where it has a left sibling.
    fn sibling_is_left(&mut self) -> bool {
        if self.node & 1 == 0 && self.node != self.last {
            return false;
        }
        while self.node & 1 == 0 && self.node != 0 {
            self.rise();
        }
        true
    }

    fn rise(&mut self) {
        self.node >>= 1;
        self.last >>= 1;
    }
}

/// Checks an audit path (RFC 9162, section 2.1.3.2, whose tree is that of RFC 6962). Needs nothing
/// but its arguments.
///
/// # Errors
/// When it does not prove that `leaf` is number `index` of the tree with that size and root.
pub fn verify_inclusion(
    leaf: TreeHash,
    index: u64,
    size: u64,
    proof: &[TreeHash],
    root: TreeHash,
) -> Result<(), ProofError> {
    if index >= size {
        return Err(ProofError::Range { smaller: index, size });
    }
    let wrong_length = ProofError::Length { length: proof.len() };
    let mut climb = Climb { node: index, last: size - 1 };
    let mut hash = leaf;
    for sibling in proof {
        if climb.last == 0 {
            return Err(wrong_length);
        }
        hash = if climb.sibling_is_left() {
            node_hash(sibling, &hash)
        } else {
            node_hash(&hash, sibling)
        };
        climb.rise();
    }
    if climb.last != 0 {
        return Err(wrong_length);
    }
    if hash == root { Ok(()) } else { Err(ProofError::Mismatch) }
}

/// Checks a consistency proof (RFC 9162, section 2.1.4.2). Needs nothing but its arguments.
///
/// # Errors
/// When it does not prove that the tree of `older` leaves with its root is the beginning of that of
/// `newer` leaves with its.
pub fn verify_consistency(
    (older, older_root): (u64, TreeHash),
    (newer, newer_root): (u64, TreeHash),
    proof: &[TreeHash],
) -> Result<(), ProofError> {
    if older > newer {
        return Err(ProofError::Range { smaller: older, size: newer });
    }
    let wrong_length = ProofError::Length { length: proof.len() };
    if older == 0 || older == newer {
        let expected = if older == 0 { TreeHash::of_nothing() } else { newer_root };
        if !proof.is_empty() {
            return Err(wrong_length);
        }
        return if older_root == expected { Ok(()) } else { Err(ProofError::Mismatch) };
    }
    // An older tree that is one complete subtree stands for its own first hash.
    let (first, rest) = if older.is_power_of_two() {
        (older_root, proof)
    } else {
        let (first, rest) = proof.split_first().ok_or(wrong_length)?;
        (*first, rest)
    };
    let mut climb = Climb { node: older - 1, last: newer - 1 };
    while climb.node & 1 == 1 {
        climb.rise();
    }
    let (mut to_older, mut to_newer) = (first, first);
    for sibling in rest {
        if climb.last == 0 {
            return Err(wrong_length);
        }
        if climb.sibling_is_left() {
            to_older = node_hash(sibling, &to_older);
            to_newer = node_hash(sibling, &to_newer);
        } else {
            to_newer = node_hash(&to_newer, sibling);
        }
        climb.rise();
    }
    if climb.last != 0 {
        return Err(wrong_length);
    }
    let leads = to_older == older_root && to_newer == newer_root;
    if leads { Ok(()) } else { Err(ProofError::Mismatch) }
}
