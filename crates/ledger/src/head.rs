use std::fmt;

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};
use tributary_kernel::{OrganisationId, Timestamp};

use crate::merkle::TreeHash;

const FORMAT: u8 = 1;
/// Signed before the head's bytes, so that no other signature of the key passes for one of a head.
const DOMAIN: &[u8] = b"tributary tree head\0";
/// Signed before the SHA-256 of a document that the owner issues.
const DOCUMENT_DOMAIN: &[u8] = b"tributary document\0";

/// What an owner's ledger was at a moment: enough to hold every later state against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TreeHead {
    /// Whose ledger.
    pub owner: OrganisationId,
    /// Transfers in it.
    pub size: u64,
    /// Root of the tree over them.
    pub root: TreeHash,
    /// When it was so.
    pub at: Timestamp,
}

/// A head with the owner's signature (Ed25519).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignedHead {
    /// The head.
    pub head: TreeHead,
    /// Which key signed.
    pub key_id: [u8; 8],
    /// Over a domain text and the head's bytes.
    pub signature: [u8; 64],
}

/// Why a head is not taken for signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HeadError {
    /// Not a public key, or one that proves nothing.
    #[error("not an Ed25519 public key")]
    Key,
    /// Signed by another key.
    #[error("signed by another key")]
    OtherKey,
    /// The signature is not that of this head or document.
    #[error("the signature is of something else")]
    Signature,
    /// Bytes that are no signed head.
    #[error("{length} bytes, or their format, are not those of a signed head")]
    Bytes {
        /// Bytes found.
        length: usize,
    },
}

impl TreeHead {
    /// Bytes of the canonical form.
    pub const BYTES: usize = 65;

    /// Canonical form: format 1, owner 16, size 8, root 32, microseconds since 1970 UTC 8;
    /// big-endian.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; Self::BYTES] {
        let mut out = [FORMAT; Self::BYTES];
        out[1..17].copy_from_slice(self.owner.as_bytes());
        out[17..25].copy_from_slice(&self.size.to_be_bytes());
        out[25..57].copy_from_slice(self.root.as_bytes());
        out[57..].copy_from_slice(&self.at.as_microsecond().to_be_bytes());
        out
    }

    fn message(&self) -> Vec<u8> {
        [DOMAIN, &self.to_bytes()].concat()
    }
}

impl SignedHead {
    /// Bytes of the stored form.
    pub const BYTES: usize = TreeHead::BYTES + 8 + 64;

    /// The head's canonical form, key id 8, signature 64.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; Self::BYTES] {
        let mut out = [0; Self::BYTES];
        out[..TreeHead::BYTES].copy_from_slice(&self.head.to_bytes());
        out[TreeHead::BYTES..TreeHead::BYTES + 8].copy_from_slice(&self.key_id);
        out[TreeHead::BYTES + 8..].copy_from_slice(&self.signature);
        out
    }

    /// Reads what [`SignedHead::to_bytes`] wrote. Whether the signature is right is told by
    /// [`HeadKey::verify`].
    ///
    /// # Errors
    /// [`HeadError::Bytes`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, HeadError> {
        let wrong = HeadError::Bytes { length: bytes.len() };
        let bytes: &[u8; Self::BYTES] = bytes.try_into().map_err(|_| wrong)?;
        if bytes[0] != FORMAT {
            return Err(wrong);
        }
        Ok(Self {
            head: TreeHead {
                owner: OrganisationId::from_bytes(field(bytes, 1)),
                size: u64::from_be_bytes(field(bytes, 17)),
                root: TreeHash::from_bytes(field(bytes, 25)),
                at: Timestamp::from_microsecond(i64::from_be_bytes(field(bytes, 57))),
            },
            key_id: field(bytes, TreeHead::BYTES),
            signature: field(bytes, TreeHead::BYTES + 8),
        })
    }
}

fn field<const N: usize>(bytes: &[u8; SignedHead::BYTES], at: usize) -> [u8; N] {
    bytes[at..at + N].try_into().expect("fields lie within the fixed length")
}

/// The public half of a head key: what partners hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeadKey(VerifyingKey);

impl HeadKey {
    /// From its 32 bytes.
    ///
    /// # Errors
    /// [`HeadError::Key`] for bytes that are no key, or one under which signatures of everything
    /// can be made.
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self, HeadError> {
        let key = VerifyingKey::from_bytes(bytes).map_err(|_| HeadError::Key)?;
        if key.is_weak() { Err(HeadError::Key) } else { Ok(Self(key)) }
    }

    /// Its 32 bytes.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; 32] {
        self.0.to_bytes()
    }

    /// Names it: the first 8 bytes of SHA-256 of its bytes.
    #[must_use]
    pub fn id(&self) -> [u8; 8] {
        let digest: [u8; 32] = Sha256::digest(self.to_bytes()).into();
        let mut id = [0; 8];
        id.copy_from_slice(&digest[..8]);
        id
    }

    /// Checks who signed a head.
    ///
    /// # Errors
    /// [`HeadError::OtherKey`], [`HeadError::Signature`].
    pub fn verify(&self, signed: &SignedHead) -> Result<(), HeadError> {
        if signed.key_id != self.id() {
            return Err(HeadError::OtherKey);
        }
        let signature = Signature::from_bytes(&signed.signature);
        let verified = self.0.verify_strict(&signed.head.message(), &signature);
        verified.map_err(|_| HeadError::Signature)
    }

    /// Its whole SHA-256, for people to compare: 64 hexadecimal digits that begin with
    /// [`HeadKey::id`].
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let digest: [u8; 32] = Sha256::digest(self.to_bytes()).into();
        TreeHash::from_bytes(digest).to_string()
    }

    /// Checks who issued a document.
    ///
    /// # Errors
    /// [`HeadError::Signature`].
    pub fn verify_document(&self, document: &[u8], signature: &[u8; 64]) -> Result<(), HeadError> {
        let signature = Signature::from_bytes(signature);
        let verified = self.0.verify_strict(&document_message(document), &signature);
        verified.map_err(|_| HeadError::Signature)
    }
}

fn document_message(document: &[u8]) -> Vec<u8> {
    [DOCUMENT_DOMAIN, &Sha256::digest(document)].concat()
}

/// The secret half of a head key.
pub struct HeadSigner(SigningKey);

impl HeadSigner {
    /// From its 32 secret bytes.
    #[must_use]
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(seed))
    }

    /// The public half.
    #[must_use]
    pub fn key(&self) -> HeadKey {
        HeadKey(self.0.verifying_key())
    }

    /// Signs a head; the same head gives the same signature.
    #[must_use]
    pub fn sign(&self, head: TreeHead) -> SignedHead {
        let signature = self.0.sign(&head.message()).to_bytes();
        SignedHead { head, key_id: self.key().id(), signature }
    }

    /// Signs a document that the owner issues, a statement for one: what no tree holds. The same
    /// document gives the same signature.
    #[must_use]
    pub fn sign_document(&self, document: &[u8]) -> [u8; 64] {
        self.0.sign(&document_message(document)).to_bytes()
    }
}

impl fmt::Debug for HeadSigner {
    /// Names the key and shows nothing of it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("HeadSigner").field(&self.key().id()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head() -> TreeHead {
        TreeHead {
            owner: OrganisationId::from_bytes([3; 16]),
            size: 7,
            root: TreeHash::from_bytes([5; 32]),
            at: Timestamp::from_microsecond(1_790_000_000_000_000),
        }
    }

    #[test]
    fn a_signature_holds_for_its_head_and_key_alone() {
        let signer = HeadSigner::from_seed(&[1; 32]);
        let signed = signer.sign(head());
        let key = HeadKey::from_bytes(&signer.key().to_bytes()).unwrap();
        assert_eq!(key.verify(&signed), Ok(()));
        assert_eq!(SignedHead::from_bytes(&signed.to_bytes()), Ok(signed));
        let other = HeadSigner::from_seed(&[2; 32]).key();
        assert_eq!(other.verify(&signed), Err(HeadError::OtherKey));
        let forged = SignedHead { key_id: other.id(), ..signed };
        assert_eq!(other.verify(&forged), Err(HeadError::Signature));
        assert_eq!(HeadKey::from_bytes(&[0; 32]), Err(HeadError::Key), "a weak key");
        assert!(!format!("{signer:?}").contains("1, 1, 1, 1, 1, 1, 1, 1"));
    }

    #[test]
    fn a_document_is_signed_apart_from_heads() {
        let signer = HeadSigner::from_seed(&[1; 32]);
        let signature = signer.sign_document(b"owed: 5");
        assert_eq!(signer.key().verify_document(b"owed: 5", &signature), Ok(()));
        let other = signer.key().verify_document(b"owed: 6", &signature);
        assert_eq!(other, Err(HeadError::Signature));
        let of_head = signer.sign(head());
        let as_document = signer.key().verify_document(&head().to_bytes(), &of_head.signature);
        assert_eq!(as_document, Err(HeadError::Signature));
        let id: String = signer.key().id().iter().map(|byte| format!("{byte:02x}")).collect();
        assert!(signer.key().fingerprint().starts_with(&id));
    }

    #[test]
    fn every_flipped_byte_is_found() {
        let signer = HeadSigner::from_seed(&[1; 32]);
        let bytes = signer.sign(head()).to_bytes();
        for at in 0..bytes.len() {
            let mut flipped = bytes;
            flipped[at] ^= 0x40;
            let found =
                SignedHead::from_bytes(&flipped).and_then(|head| signer.key().verify(&head));
            assert!(found.is_err(), "byte {at}");
        }
        assert!(SignedHead::from_bytes(&bytes[1..]).is_err());
    }
}
