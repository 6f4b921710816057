use async_trait::async_trait;
use tributary_click::Entry;

/// A place in a node's spool. Later places compare greater; the default is before everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct ClickPlace {
    /// Sequence number of the segment; 0: before the first.
    pub segment: u64,
    /// Byte in it.
    pub byte: u64,
}

/// Entries, and where to go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClickBatch {
    /// In the order they were appended; empty: there are no more for now.
    pub entries: Vec<Entry>,
    /// Read from here next.
    pub next: ClickPlace,
}

/// How much there is still to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ClickLag {
    /// Segments with something to read.
    pub segments: u64,
    /// Bytes in them.
    pub bytes: u64,
}

/// Why the spool was not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClickSourceError {
    /// Bytes do not read as they were written: nothing more is taken until a person sets them
    /// aside.
    #[error("the spool is damaged: {0}")]
    Damaged(String),
    /// It cannot be reached; try again.
    #[error("the spool cannot be read: {0}")]
    Away(String),
}

/// A node's spool, wherever it is: implemented over the files, or over an object store, by whoever
/// wires the process.
#[async_trait]
pub trait ClickSource: Send + std::fmt::Debug {
    /// Whose clicks these are, 0 to 63.
    fn node(&self) -> u8;

    /// Up to `entries_max` entries from a place on; only what is durable.
    async fn read(
        &mut self,
        from: ClickPlace,
        entries_max: usize,
    ) -> Result<ClickBatch, ClickSourceError>;

    /// How much there is to read from a place on.
    async fn lag(&mut self, from: ClickPlace) -> Result<ClickLag, ClickSourceError>;
}
