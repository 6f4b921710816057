//! Proofs as values that travel: each with the place it is of and one byte form.

use super::{
    NodeSource, ProofError, TreeHash, consistency_proof, inclusion_proof, verify_consistency,
    verify_inclusion,
};

const FORMAT_INCLUSION: u8 = 1;
const FORMAT_CONSISTENCY: u8 = 2;
const HEADER_BYTES: usize = 17;
const HASH_BYTES: usize = 32;

/// The most hashes a proof can have: one per level and one more.
pub const PATH_HASHES_MAX: usize = 65;

/// That a leaf is number `index` of the tree with `size` leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InclusionProof {
    /// The leaf's number, from 0.
    pub index: u64,
    /// Leaves of the tree.
    pub size: u64,
    /// Siblings from the leaf upwards.
    pub path: Vec<TreeHash>,
}

/// That the tree of `newer` leaves begins with that of `older`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsistencyProof {
    /// Leaves of the older tree.
    pub older: u64,
    /// Leaves of the newer tree.
    pub newer: u64,
    /// The nodes that both trees are made of, as RFC 6962 orders them.
    pub path: Vec<TreeHash>,
}

impl InclusionProof {
    /// Made from kept nodes (see [`nodes_for_inclusion`](super::nodes_for_inclusion)).
    ///
    /// # Errors
    /// For a leaf outside the tree, or when a node is missing.
    pub fn of(index: u64, size: u64, source: &dyn NodeSource) -> Result<Self, ProofError> {
        Ok(Self { index, size, path: inclusion_proof(index, size, source)? })
    }

    /// Whether it proves that `leaf` stands there in the tree with this root.
    ///
    /// # Errors
    /// When it does not.
    pub fn verify(&self, leaf: TreeHash, root: TreeHash) -> Result<(), ProofError> {
        verify_inclusion(leaf, self.index, self.size, &self.path, root)
    }

    /// Format byte 1, index 8, size 8, then the hashes; big-endian.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        write(FORMAT_INCLUSION, self.index, self.size, &self.path)
    }

    /// Reads what [`InclusionProof::to_bytes`] wrote; what it proves is for
    /// [`InclusionProof::verify`] to say.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (index, size, path) = read(FORMAT_INCLUSION, bytes)?;
        Some(Self { index, size, path })
    }
}

impl ConsistencyProof {
    /// Made from kept nodes (see [`nodes_for_consistency`](super::nodes_for_consistency)).
    ///
    /// # Errors
    /// When the older tree is the larger, or a node is missing.
    pub fn of(older: u64, newer: u64, source: &dyn NodeSource) -> Result<Self, ProofError> {
        Ok(Self { older, newer, path: consistency_proof(older, newer, source)? })
    }

    /// Whether it proves that the tree with the newer root begins with that of the older.
    ///
    /// # Errors
    /// When it does not.
    pub fn verify(&self, older_root: TreeHash, newer_root: TreeHash) -> Result<(), ProofError> {
        verify_consistency((self.older, older_root), (self.newer, newer_root), &self.path)
    }

    /// Format byte 2, size of the older tree 8, of the newer 8, then the hashes; big-endian.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        write(FORMAT_CONSISTENCY, self.older, self.newer, &self.path)
    }

    /// Reads what [`ConsistencyProof::to_bytes`] wrote.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (older, newer, path) = read(FORMAT_CONSISTENCY, bytes)?;
        Some(Self { older, newer, path })
    }
}

fn write(format: u8, first: u64, second: u64, path: &[TreeHash]) -> Vec<u8> {
    let mut out = Vec::with_capacity(HEADER_BYTES + path.len() * HASH_BYTES);
    out.push(format);
    out.extend_from_slice(&first.to_be_bytes());
    out.extend_from_slice(&second.to_be_bytes());
    path.iter().for_each(|hash| out.extend_from_slice(hash.as_bytes()));
    out
}

fn read(format: u8, bytes: &[u8]) -> Option<(u64, u64, Vec<TreeHash>)> {
    let header: &[u8; HEADER_BYTES] = bytes.first_chunk()?;
    let number = |at: usize| header[at..at + 8].try_into().ok().map(u64::from_be_bytes);
    let (hashes, rest) = bytes[HEADER_BYTES..].as_chunks::<HASH_BYTES>();
    if header[0] != format || !rest.is_empty() || hashes.len() > PATH_HASHES_MAX {
        return None;
    }
    let path = hashes.iter().copied().map(TreeHash::from_bytes).collect();
    Some((number(1)?, number(9)?, path))
}
