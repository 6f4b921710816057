use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use tributary_kernel::Timestamp;

use crate::ClickId;

/// Keys a ring can hold: ids have two bits for the key.
pub const KEYS_MAX: usize = 4;

/// Put before the signed bytes, so that a MAC made for anything else with the same key is no MAC
/// of a click id.
const CONTEXT: &[u8] = b"tributary click id 1";

/// One secret that signs click ids.
#[derive(Clone, PartialEq, Eq)]
pub struct ClickKey {
    /// 0 to 3, written into every id it signs.
    pub id: u8,
    /// 32 random bytes.
    pub secret: [u8; 32],
    /// A key that no longer mints verifies before this moment (its last use, plus the longest
    /// window, plus 90 days). `None`: no end set.
    pub verify_until: Option<Timestamp>,
}

impl fmt::Debug for ClickKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClickKey")
            .field("id", &self.id)
            .field("verify_until", &self.verify_until)
            .finish_non_exhaustive()
    }
}

/// Why keys do not make a ring.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyringError {
    /// Ids have two bits for the key.
    #[error("click key ids are 0 to 3, this one is {id}")]
    Id {
        /// The id found.
        id: u8,
    },
    /// Two secrets under one id.
    #[error("two click keys have the id {id}")]
    Repeated {
        /// The id they share.
        id: u8,
    },
    /// The key to mint with is not among them.
    #[error("the click key {minting}, which is to mint, is not in the ring")]
    NoMinting {
        /// The id asked for.
        minting: u8,
    },
}

/// Why an id is not believed. All of these are refused, counted and rate-limited alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ClickIdError {
    /// Not a UUIDv8.
    #[error("this is not a click id")]
    Shape,
    /// Signed with a key this ring does not have.
    #[error("no click key has the id {key_id}")]
    UnknownKey {
        /// The key id in the click id.
        key_id: u8,
    },
    /// Signed with a key whose time is over.
    #[error("the click key {key_id} no longer verifies")]
    ExpiredKey {
        /// The key id in the click id.
        key_id: u8,
    },
    /// The MAC is another one.
    #[error("this click id was not minted here")]
    Mac,
}

#[derive(Clone)]
struct RingKey {
    /// Keyed once; a MAC clones this state instead of hashing the key again.
    keyed: Hmac<Sha256>,
    verify_until: Option<Timestamp>,
}

/// The keys of an installation: one mints, the others still verify what they signed.
#[derive(Clone)]
pub struct ClickKeyring {
    keys: [Option<RingKey>; KEYS_MAX],
    minting: u8,
}

impl fmt::Debug for ClickKeyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClickKeyring").field("minting", &self.minting).finish_non_exhaustive()
    }
}

impl ClickKeyring {
    /// A ring of `keys`, of which the one with the id `minting` signs new ids.
    ///
    /// # Errors
    /// When an id is out of range or repeated, or the minting key is missing.
    pub fn new(keys: Vec<ClickKey>, minting: u8) -> Result<Self, KeyringError> {
        let mut slots: [Option<RingKey>; KEYS_MAX] = [const { None }; KEYS_MAX];
        for key in keys {
            let slot = slots.get_mut(usize::from(key.id)).ok_or(KeyringError::Id { id: key.id })?;
            if slot.is_some() {
                return Err(KeyringError::Repeated { id: key.id });
            }
            let keyed = Hmac::<Sha256>::new_from_slice(&key.secret)
                .expect("HMAC takes keys of any length")
                .chain_update(CONTEXT);
            *slot = Some(RingKey { keyed, verify_until: key.verify_until });
        }
        match slots.get(usize::from(minting)) {
            Some(Some(_)) => Ok(Self { keys: slots, minting }),
            _ => Err(KeyringError::NoMinting { minting }),
        }
    }

    /// The id of the key that signs new ids.
    #[must_use]
    pub const fn minting(&self) -> u8 {
        self.minting
    }

    /// The MAC of an id by the minting key.
    pub(crate) fn sign(&self, id: &ClickId) -> [u8; 4] {
        let key = self.keys[usize::from(self.minting)].as_ref().expect("checked when made");
        let mac = key.keyed.clone().chain_update(id.signed_part()).finalize().into_bytes();
        [mac[0], mac[1], mac[2], mac[3]]
    }

    /// Whether one of these keys signed `id` and still counts at `now`. The MAC is compared in
    /// constant time. A filter, not a proof: 32 bits can be guessed by who may ask often enough.
    ///
    /// # Errors
    /// Which of the checks said no.
    pub fn verify(&self, id: &ClickId, now: Timestamp) -> Result<(), ClickIdError> {
        if !id.is_well_formed() {
            return Err(ClickIdError::Shape);
        }
        let key_id = id.key_id();
        let key =
            self.keys[usize::from(key_id)].as_ref().ok_or(ClickIdError::UnknownKey { key_id })?;
        // The key that mints cannot be past its time: its own fresh ids would be refused.
        if key_id != self.minting && key.verify_until.is_some_and(|until| now >= until) {
            return Err(ClickIdError::ExpiredKey { key_id });
        }
        key.keyed
            .clone()
            .chain_update(id.signed_part())
            .verify_truncated_left(id.mac())
            .map_err(|_| ClickIdError::Mac)
    }
}
