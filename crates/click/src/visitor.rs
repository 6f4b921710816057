use std::fmt;
use std::net::IpAddr;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use tributary_kernel::{Entropy, LocalDate, Timestamp, Zone};

/// A salt is gone from memory, and must be gone from where it is kept, this many days after the
/// day it served began: 48 hours.
const SALT_DAYS: i32 = 2;

/// The key that stands for a visitor within one day and one owner: the first 16 bytes of
/// HMAC-SHA256 by the day's salt over owner, address prefix and agent, each with its length
/// before it. Once the salt is destroyed, nobody can tell who it was or link two days.
#[must_use]
pub fn visitor_key(
    daily_salt: &[u8; 32],
    owner: &[u8; 16],
    address_prefix: &[u8],
    agent: &str,
) -> [u8; 16] {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(daily_salt).expect("HMAC takes keys of any length");
    for part in [owner.as_slice(), address_prefix, agent.as_bytes()] {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    let digest = mac.finalize().into_bytes();
    std::array::from_fn(|index| digest[index])
}

/// The part of an address that goes into a visitor key: a /24 of IPv4, a /48 of IPv6, which is
/// what a household or company keeps while its devices change theirs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AddressPrefix {
    bytes: [u8; 6],
    length: usize,
}

impl AddressPrefix {
    /// The prefix of an address; an IPv4 address mapped into IPv6 is taken as IPv4.
    #[must_use]
    pub fn of(address: IpAddr) -> Self {
        let mut bytes = [0; 6];
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
