use std::sync::atomic::{AtomicU64, Ordering};

use tributary_kernel::{Timestamp, limits::LINK_NUMBER_MAX};

use crate::id::{CLICK_EPOCH_MS, COUNTER_MAX, TIME_BITS};
use crate::{ClickId, ClickKeyring};

/// Nodes have six bits.
pub const NODE_MAX: u8 = 63;
/// How far ids may run ahead of the clock. Past it minting refuses, and redirects go by referral
/// code: ids that lie about their time would do more harm than ids that are missing.
pub const LEAD_MS_MAX: u64 = 10_000;
/// A restart begins this far past the last id on record: a redirect that did not wait for its
/// sync (it waits 250 ms at most) may have carried a later id than the record knows of.
const RESTART_GAP_MS: u64 = 1_000;

const COUNTER_BITS: u32 = 12;

/// The place of an id in the sequence of its node; later ids compare greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LastMinted {
    /// Milliseconds since 2025-01-01, 42 bits.
    pub ms: u64,
    /// Counter within the millisecond, 12 bits.
    pub counter: u16,
}

impl LastMinted {
    /// Both in one number of 54 bits that orders like the pair.
    #[must_use]
    pub const fn packed(self) -> u64 {
        (self.ms << COUNTER_BITS) | self.counter as u64
    }

    /// Back from [`LastMinted::packed`].
    #[must_use]
    pub const fn unpacked(packed: u64) -> Self {
        Self { ms: packed >> COUNTER_BITS, counter: (packed & COUNTER_MAX as u64) as u16 }
    }
}

/// Why no id was minted. Nothing is used up by a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MintError {
    /// Nodes are 0 to 63.
    #[error("a node is 0 to 63, this one is {node}")]
    Node {
        /// The node asked for.
        node: u8,
    },
    /// Link numbers have 28 bits.
    #[error("link numbers end at 268435455, this one is {link_number}")]
    LinkNumber {
        /// The number asked for.
        link_number: u32,
    },
    /// The clock stands before 2025 or after 2164.
    #[error("the clock stands outside the years of click ids (2025 to 2164)")]
    Clock,
    /// The clock stepped back too far, or ids were asked for faster than there are numbers.
    #[error("click ids lead the clock by {lead_ms} ms, more than 10 s")]
    Ahead {
        /// The lead the next id would have had.
        lead_ms: u64,
    },
}

/// Mints the ids of one node. Shared by all threads of an edge: it takes no lock.
///
/// Invariant: each id's (millisecond, counter) is greater than that of every id minted before, by
/// this minter and by those before it whose last id was given to [`ClickMinter::new`], whatever
/// the clock does. Two minters must never run for one node at a time.
#[derive(Debug)]
pub struct ClickMinter {
    node: u8,
    /// The next place that is free, packed so that adding one carries from counter to time.
    next: AtomicU64,
}

impl ClickMinter {
    /// A minter for `node` (0 to 63) that begins past `after`, the last id its node is known to
    /// have minted.
    ///
    /// # Errors
    /// When the node is out of range.
    pub fn new(node: u8, after: Option<LastMinted>) -> Result<Self, MintError> {
        if node > NODE_MAX {
            return Err(MintError::Node { node });
        }
        let first = after.map_or(0, |last| {
            LastMinted { ms: last.ms.saturating_add(RESTART_GAP_MS), counter: 0 }.packed()
        });
        Ok(Self { node, next: AtomicU64::new(first) })
    }

    /// The node it mints for.
    #[must_use]
    pub const fn node(&self) -> u8 {
        self.node
    }

    /// A new id. It takes the clock's millisecond, or the next free place when that is later: the
    /// counter is used up, or the clock stepped back.
    ///
    /// # Errors
    /// When the clock is out of range, the lead over it too long, or the link number too large.
    pub fn mint(
        &self,
        now: Timestamp,
        link_number: u32,
        keys: &ClickKeyring,
    ) -> Result<ClickId, MintError> {
        if link_number > LINK_NUMBER_MAX {
            return Err(MintError::LinkNumber { link_number });
        }
        let place = self.take_place(clock_ms(now)?)?;
        let id = ClickId::unsigned(place, self.node, link_number, keys.minting());
        Ok(id.with_mac(keys.sign(&id)))
    }

    fn take_place(&self, clock_ms: u64) -> Result<LastMinted, MintError> {
        let earliest = LastMinted { ms: clock_ms, counter: 0 }.packed();
        // The counter alone carries the guarantee, and only through this one variable, so no
        // ordering with other memory is needed.
        let mut seen = self.next.load(Ordering::Relaxed);
        loop {
            let place = LastMinted::unpacked(seen.max(earliest));
            let lead_ms = place.ms - clock_ms;
            if lead_ms > LEAD_MS_MAX {
                return Err(MintError::Ahead { lead_ms });
            }
            if place.ms >> TIME_BITS != 0 {
                return Err(MintError::Clock);
            }
            match self.next.compare_exchange_weak(
                seen,
                place.packed() + 1,
                Ordering::Relaxed,
                Ordering::Relaxed,
            ) {
                Ok(_) => return Ok(place),
                Err(now_seen) => seen = now_seen,
            }
        }
    }
}

fn clock_ms(now: Timestamp) -> Result<u64, MintError> {
    let ms = now.as_millisecond() - CLICK_EPOCH_MS;
    u64::try_from(ms).ok().filter(|ms| ms >> TIME_BITS == 0).ok_or(MintError::Clock)
}
