use super::{CompletedNode, NodeAddress, TreeHash, node_hash};

const FORMAT: u8 = 1;
const HEADER_BYTES: usize = 9;
const HASH_BYTES: usize = 32;

/// The right edge of a tree: its size, and the root of each complete subtree that the size splits
/// into, largest first (one for each bit set).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    edge: Vec<TreeHash>,
}

/// Why bytes are not a frontier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FrontierError {
    /// A format this version does not know.
    #[error("format {format} of a tree frontier is not known here")]
    Format {
        /// The format byte, 0 for no bytes at all.
        format: u8,
    },
    /// Another number of hashes than the size asks for.
    #[error("{length} bytes are not those of a tree frontier of {size} leaves")]
    Length {
        /// Bytes found.
        length: usize,
        /// Leaves it says it has.
        size: u64,
    },
}

impl Frontier {
    /// The tree without leaves.
    #[must_use]
    pub const fn new() -> Self {
        Self { size: 0, edge: Vec::new() }
    }

    /// Leaves so far, which is the number of the next one.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Adds the hash of a leaf. Returns the nodes it completes from the leaf upwards: each node of
    /// the tree is completed once, and never changes after.
    pub fn append(&mut self, leaf: TreeHash) -> Vec<CompletedNode> {
        let node =
            |level: u8, index, hash| CompletedNode { at: NodeAddress { level, index }, hash };
        let mut completed = vec![node(0, self.size, leaf)];
        let (mut hash, mut index) = (leaf, self.size);
        // The subtrees of the edge that the new leaf fills up are those of the size's trailing ones.
        for level in 1..=u8::try_from(self.size.trailing_ones()).unwrap_or(64) {
            let left = self.edge.pop().expect("one subtree for each bit of the size");
            hash = node_hash(&left, &hash);
            index >>= 1;
            completed.push(node(level, index, hash));
        }
        self.edge.push(hash);
        self.size += 1;
        completed
    }

    /// The root over all leaves.
    #[must_use]
    pub fn root(&self) -> TreeHash {
        let mut subtrees = self.edge.iter().rev();
        let Some(smallest) = subtrees.next() else { return TreeHash::of_nothing() };
        subtrees.fold(*smallest, |right, left| node_hash(left, &right))
    }

    /// For keeping: format byte, size in 8 bytes, the hashes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(HEADER_BYTES + self.edge.len() * HASH_BYTES);
        out.push(FORMAT);
        out.extend_from_slice(&self.size.to_be_bytes());
        self.edge.iter().for_each(|hash| out.extend_from_slice(hash.as_bytes()));
        out
    }

    /// Reads what [`Frontier::to_bytes`] wrote.
    ///
    /// # Errors
    /// For another format or length.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, FrontierError> {
        let length = bytes.len();
        let format = bytes.first().copied().unwrap_or(0);
        if format != FORMAT {
            return Err(FrontierError::Format { format });
        }
        let size = bytes.get(1..HEADER_BYTES).and_then(|size| size.try_into().ok());
        let size = u64::from_be_bytes(size.ok_or(FrontierError::Length { length, size: 0 })?);
        let (hashes, rest) = bytes[HEADER_BYTES..].as_chunks::<HASH_BYTES>();
        if hashes.len() != size.count_ones() as usize || !rest.is_empty() {
            return Err(FrontierError::Length { length, size });
        }
        Ok(Self { size, edge: hashes.iter().copied().map(TreeHash::from_bytes).collect() })
    }
}
