//! API keys that were looked up a moment ago, so that not every request asks the database.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tributary_kernel::Timestamp;
use tributary_store::access::ApiKey;

/// For how long a look-up is believed. The bound within which a key that was revoked by *another*
/// process stops working here; revoked by this one, it stops at once.
const BELIEVED_MICROSECONDS: i64 = 5_000_000;
/// Keys kept; beyond that all are forgotten and looked up again.
const KEYS_MAX: usize = 10_000;

/// See the module. Shared by all clones of an `App`.
///
/// Invariant: what was read before a revocation is not believed after it. Whoever looks a key up
/// takes the [`Generation`] first and hands it in with what was found; a revocation begins a new
/// one, so that a look-up it overtook is not kept.
#[derive(Debug, Default)]
pub(crate) struct KnownKeys(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    generation: u64,
    keys: HashMap<[u8; 32], (Timestamp, Arc<ApiKey>)>,
}

/// Between two revocations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Generation(u64);

impl KnownKeys {
    /// A key by its secret's hash, if it was looked up a moment ago; else the generation to look
    /// it up in.
    pub(crate) fn find(&self, hash: &[u8; 32], now: Timestamp) -> Result<Arc<ApiKey>, Generation> {
        let known = self.lock();
        let found = known.keys.get(hash).filter(|(read_at, _)| {
            // A clock that was set back believes nothing it has from the future.
            (0..BELIEVED_MICROSECONDS).contains(&now.microseconds_since(*read_at))
        });
        match found {
            Some((_, key)) => Ok(Arc::clone(key)),
            None => Err(Generation(known.generation)),
        }
    }

    /// Keeps what was looked up since `generation` was taken; `read_at` is from before the look-up.
    pub(crate) fn keep(
        &self,
        generation: Generation,
        hash: [u8; 32],
        read_at: Timestamp,
        key: &Arc<ApiKey>,
    ) {
        let mut known = self.lock();
        if known.generation != generation.0 {
            return;
        }
        if known.keys.len() >= KEYS_MAX {
            known.keys.clear();
        }
        known.keys.insert(hash, (read_at, Arc::clone(key)));
    }

    /// To be called after a key's change is committed and before anybody is told of it.
    pub(crate) fn forget_all(&self) {
        let mut known = self.lock();
        known.generation += 1;
        known.keys.clear();
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use tributary_kernel::{IntegrationId, KeyId, OrganisationId};

    use super::*;

    fn at(microseconds: i64) -> Timestamp {
        Timestamp::from_microsecond(1_800_000_000_000_000 + microseconds)
    }

    fn key() -> Arc<ApiKey> {
        Arc::new(ApiKey {
            id: KeyId::from_bytes([1; 16]),
            owner: OrganisationId::from_bytes([2; 16]),
            integration: IntegrationId::from_bytes([3; 16]),
            name: String::new(),
            shown: String::new(),
            scopes: Vec::new(),
            created_at: at(0),
            expires_at: None,
            last_used_at: None,
            revoked_at: None,
        })
    }

    #[test]
    fn a_look_up_is_believed_for_a_while_and_never_from_the_future() {
        let known = KnownKeys::default();
        let generation = known.find(&[7; 32], at(0)).unwrap_err();
        known.keep(generation, [7; 32], at(0), &key());
        assert!(known.find(&[7; 32], at(BELIEVED_MICROSECONDS - 1)).is_ok());
        assert!(known.find(&[7; 32], at(BELIEVED_MICROSECONDS)).is_err());
        assert!(known.find(&[7; 32], at(-1)).is_err());
        assert!(known.find(&[8; 32], at(0)).is_err());
    }

    #[test]
    fn what_was_read_before_a_revocation_is_not_kept_after_it() {
        let known = KnownKeys::default();
        let before = known.find(&[7; 32], at(0)).unwrap_err();
        known.keep(before, [7; 32], at(0), &key());
        known.forget_all();
        assert!(known.find(&[7; 32], at(1)).is_err(), "forgotten");
        known.keep(before, [7; 32], at(1), &key());
        assert!(known.find(&[7; 32], at(2)).is_err(), "it was read before");
    }

    #[test]
    fn it_does_not_grow_without_end() {
        let known = KnownKeys::default();
        let generation = known.find(&[0; 32], at(0)).unwrap_err();
        let hash = |n: usize| {
            let mut hash = [0; 32];
            hash[..8].copy_from_slice(&n.to_be_bytes());
            hash
        };
        for n in 0..=KEYS_MAX {
            known.keep(generation, hash(n), at(0), &key());
        }
        assert_eq!(known.lock().keys.len(), 1);
        assert!(known.find(&hash(KEYS_MAX), at(0)).is_ok());
    }
}
