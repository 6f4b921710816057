//! What must not be read from a stolen database: one master key seals connector tokens, bank
//! details and click keys; the key that signs tree heads is separate.

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Key, Nonce};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use tributary_kernel::Entropy;

use crate::AppError;

const NONCE_BYTES: usize = 12;

/// The installation's secrets, in memory.
pub struct Secrets {
    cipher: Aes256Gcm,
    mac_key: [u8; 32],
    tree_key: [u8; 32],
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secrets(…)")
    }
}

impl Secrets {
    /// From the two key files' bytes.
    #[must_use]
    pub fn new(master_key: &[u8; 32], tree_key: [u8; 32]) -> Self {
        let key = Key::<Aes256Gcm>::from(*master_key);
        let mac_key = sha256(&[b"mac".as_slice(), master_key].concat());
        Self { cipher: Aes256Gcm::new(&key), mac_key, tree_key }
    }

    /// The key that signs tree heads.
    pub(crate) const fn tree_key(&self) -> &[u8; 32] {
        &self.tree_key
    }

    /// A text that only this installation can derive from `message`, for one purpose.
    pub(crate) fn derive(&self, purpose: &str, message: &str) -> String {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(&self.mac_key).expect("HMAC takes keys of any length");
        mac.update(purpose.as_bytes());
        mac.update(b"\0");
        mac.update(message.as_bytes());
        URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
    }

    /// Seals bytes for one purpose; what is sealed for one does not open for another.
    pub fn seal(&self, purpose: &str, plain: &[u8], entropy: &dyn Entropy) -> Vec<u8> {
        let mut nonce = [0u8; NONCE_BYTES];
        entropy.fill(&mut nonce);
        let payload = Payload { msg: plain, aad: purpose.as_bytes() };
        let sealed = self
            .cipher
            .encrypt(&Nonce::from(nonce), payload)
            .expect("short messages are always sealed");
        [nonce.as_slice(), &sealed].concat()
    }

    /// Opens what [`Secrets::seal`] sealed.
    ///
    /// # Errors
    /// When the master key, the purpose or the bytes are not the ones it was sealed with.
    pub fn open(&self, purpose: &str, sealed: &[u8]) -> Result<Vec<u8>, AppError> {
        let (nonce, rest) = sealed
            .split_at_checked(NONCE_BYTES)
            .ok_or_else(|| AppError::Corrupt(format!("sealed {purpose} is too short")))?;
        let nonce: [u8; NONCE_BYTES] = nonce.try_into().expect("split at its length");
        let payload = Payload { msg: rest, aad: purpose.as_bytes() };
        self.cipher.decrypt(&Nonce::from(nonce), payload).map_err(|_| {
            AppError::Corrupt(format!("sealed {purpose} does not open: other master key?"))
        })
    }
}

/// SHA-256.
#[must_use]
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Random base62 text, every character equally likely.
pub(crate) fn random_base62(characters: usize, entropy: &dyn Entropy) -> String {
    let mut text = String::with_capacity(characters);
    let mut buffer = [0u8; 64];
    while text.len() < characters {
        entropy.fill(&mut buffer);
        for byte in buffer {
            // 248 = 4 * 62: bytes above it would favour the first characters.
            if byte < 248 && text.len() < characters {
                text.push(char::from(BASE62[usize::from(byte % 62)]));
            }
        }
    }
    text
}

/// Six base62 characters of a checksum, so that a mistyped key is refused before any look-up.
pub(crate) fn checksum_base62(text: &str) -> String {
    let digest = sha256(text.as_bytes());
    let mut value = u64::from_be_bytes(digest[..8].try_into().expect("eight of thirty-two"));
    let mut out = String::with_capacity(6);
    for _ in 0..6 {
        out.push(char::from(BASE62[(value % 62) as usize]));
        value /= 62;
    }
    out
}

#[cfg(test)]
mod tests {
    use tributary_kernel::SeededEntropy;

    use super::*;

    #[test]
    fn what_is_sealed_opens_for_its_purpose_alone() {
        let entropy = SeededEntropy::new(1);
        let secrets = Secrets::new(&[7; 32], [8; 32]);
        let sealed = secrets.seal("bank_detail", b"DK50", &entropy);
        assert_eq!(secrets.open("bank_detail", &sealed).unwrap(), b"DK50");
        assert!(secrets.open("click_key", &sealed).is_err());
        assert!(Secrets::new(&[9; 32], [8; 32]).open("bank_detail", &sealed).is_err());
        let mut flipped = sealed.clone();
        *flipped.last_mut().unwrap() ^= 1;
        assert!(secrets.open("bank_detail", &flipped).is_err());
        assert!(secrets.open("bank_detail", &sealed[..5]).is_err());
    }

    #[test]
    fn base62_has_the_length_asked_for() {
        let text = random_base62(30, &SeededEntropy::new(2));
        assert_eq!(text.len(), 30);
        assert!(text.bytes().all(|b| b.is_ascii_alphanumeric()));
        assert_eq!(checksum_base62(&text).len(), 6);
    }
}
