use std::fmt;
use std::net::IpAddr;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use tributary_kernel::{Entropy, LocalDate, Timestamp, Zone};

/// A salt is gone from memory, and must be gone from where it is kept, this many days after the
/// day it served began: 48 hours.
const SALT_DAYS: i32 = 2;

/// What stands for a user agent in visitor keys: its SHA-256, which whoever meets the same agents
/// again and again computes once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AgentDigest([u8; 32]);

impl AgentDigest {
    /// The digest of an agent.
    #[must_use]
    pub fn of(agent: &str) -> Self {
        Self(Sha256::digest(agent.as_bytes()).into())
    }
}

/// Makes the visitor keys of one day: the salt is hashed once.
#[derive(Clone)]
pub struct VisitorKeys(Hmac<Sha256>);

impl fmt::Debug for VisitorKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VisitorKeys").finish_non_exhaustive()
    }
}

impl VisitorKeys {
    /// The keys by a day's salt.
    #[must_use]
    pub fn new(daily_salt: &[u8; 32]) -> Self {
        Self(Hmac::new_from_slice(daily_salt).expect("HMAC takes keys of any length"))
    }

    /// The key that stands for a visitor within one day and one owner: the first 16 bytes of
    /// HMAC-SHA256 by the day's salt over owner (16 bytes), length of the address prefix (1 byte),
    /// address prefix, and digest of the agent (32 bytes). Once the salt is destroyed, nobody can
    /// tell who it was or link two days.
    ///
    /// With a /24 or /48 the text and SHA-256's own 9 bytes fit into one block of 64.
    #[must_use]
    pub fn key(&self, owner: &[u8; 16], prefix: AddressPrefix, agent: &AgentDigest) -> [u8; 16] {
        let mut text = [0; 16 + 1 + PREFIX_BYTES_MAX + 32];
        let prefix = prefix.as_bytes();
        let length = u8::try_from(prefix.len()).expect("at most six bytes");
        let (head, tail) = text.split_at_mut(17);
        head[..16].copy_from_slice(owner);
        head[16] = length;
        tail[..prefix.len()].copy_from_slice(prefix);
        tail[prefix.len()..][..32].copy_from_slice(&agent.0);
        let mac = self.0.clone().chain_update(&text[..17 + prefix.len() + 32]);
        let digest = mac.finalize().into_bytes();
        std::array::from_fn(|index| digest[index])
    }
}

/// Bytes of an [`AddressPrefix`] at most.
const PREFIX_BYTES_MAX: usize = 6;

/// The part of an address that goes into a visitor key: a /24 of IPv4, a /48 of IPv6, which is
/// what a household or company keeps while its devices change theirs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AddressPrefix {
    bytes: [u8; PREFIX_BYTES_MAX],
    length: usize,
}

impl AddressPrefix {
    /// The prefix of an address; an IPv4 address mapped into IPv6 is taken as IPv4.
    #[must_use]
    pub fn of(address: IpAddr) -> Self {
        let mut bytes = [0; PREFIX_BYTES_MAX];
        let length = match address.to_canonical() {
            IpAddr::V4(v4) => {
                bytes[..3].copy_from_slice(&v4.octets()[..3]);
                3
            }
            IpAddr::V6(v6) => {
                bytes.copy_from_slice(&v6.octets()[..6]);
                6
            }
        };
        Self { bytes, length }
    }

    /// Its 3 or 6 bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}

/// The salt of one day.
#[derive(Clone, PartialEq, Eq)]
pub struct VisitorSalt {
    /// The day (UTC) it serves.
    pub day: LocalDate,
    /// 32 random bytes.
    pub salt: [u8; 32],
}

impl fmt::Debug for VisitorSalt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VisitorSalt").field("day", &self.day).finish_non_exhaustive()
    }
}

/// The salts that are still alive: today's and at most yesterday's. Whoever keeps them on disk
/// writes the new list over the old whenever [`VisitorSalts::rotate`] says that it changed.
#[derive(Debug, Clone, Default)]
pub struct VisitorSalts(Vec<VisitorSalt>);

impl VisitorSalts {
    /// The salts found where they were kept.
    #[must_use]
    pub const fn restore(salts: Vec<VisitorSalt>) -> Self {
        Self(salts)
    }

    /// Makes today's salt if there is none and drops those whose 48 hours are over, or that are
    /// of days to come (the clock was wrong). True when anything changed.
    pub fn rotate(&mut self, now: Timestamp, entropy: &dyn Entropy) -> bool {
        let today = Zone::utc().date(now);
        let before = self.0.len();
        self.0.retain(|kept| kept.day <= today && kept.day.plus_days(SALT_DAYS) > today);
        let mut changed = self.0.len() != before;
        if !self.0.iter().any(|kept| kept.day == today) {
            let mut salt = [0; 32];
            entropy.fill(&mut salt);
            self.0.push(VisitorSalt { day: today, salt });
            changed = true;
        }
        changed
    }

    /// The salt of the day (UTC) of `at`, if it is alive.
    #[must_use]
    pub fn of(&self, at: Timestamp) -> Option<&[u8; 32]> {
        let day = Zone::utc().date(at);
        self.0.iter().find(|kept| kept.day == day).map(|kept| &kept.salt)
    }

    /// All that are alive, to be kept.
    #[must_use]
    pub fn as_slice(&self) -> &[VisitorSalt] {
        &self.0
    }
}
