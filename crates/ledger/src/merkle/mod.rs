//! The Merkle tree of RFC 6962, section 2.1, over an owner's transfers in order.
//!
//! Leaf `i` is SHA-256 of a zero byte and the canonical bytes of transfer `i`; a node is SHA-256 of
//! a one byte and its two children; a tree that is not full is split at the largest power of two
//! below its size. A [`Frontier`] is all that appending needs (at most 64 hashes); the complete
//! nodes it hands out never change, and are all that proofs need.

mod frontier;
mod hash;
mod proof;
mod typed;

pub use frontier::{Frontier, FrontierError};
pub use hash::{NotAHash, TreeHash, leaf_hash, node_hash};
pub use proof::{
    CompletedNode, MemoryNodes, NodeAddress, NodeSource, ProofError, consistency_proof,
    inclusion_proof, nodes_for_consistency, nodes_for_inclusion, root_of, verify_consistency,
    verify_inclusion,
};
pub use typed::{ConsistencyProof, InclusionProof, PATH_HASHES_MAX};
