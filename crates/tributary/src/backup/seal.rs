//! Files that only the holder of one key can read: HPKE (RFC 9180) with X25519, HKDF-SHA256 and
//! AES-256-GCM, in chunks.
//!
//! ```text
//! "TRIBSEAL" 01 | encapsulated key (32) | chunk | chunk | … | last chunk
//! ```
//!
//! A chunk is the ciphertext of 64 KiB and its tag; the last one is shorter or as long, and says
//! that it is the last. Chunks are numbered by HPKE itself, so that none can be left out, moved or
//! repeated, and the file's name is bound to its key, so that no file can stand for another.

use std::convert::Infallible;
use std::io::{self, BufRead, Read, Write};
use std::str::FromStr;

use hpke::aead::{AeadCtxR, AeadCtxS, AesGcm256};
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::rand_core::{TryCryptoRng, TryRng};
use hpke::{Deserializable, Kem, OpModeR, OpModeS, Serializable};
use sha2::{Digest, Sha256};
use tributary_kernel::Entropy;

type Sender = AeadCtxS<AesGcm256, HkdfSha256, X25519HkdfSha256>;
type Receiver = AeadCtxR<AesGcm256, HkdfSha256, X25519HkdfSha256>;
type PublicKey = <X25519HkdfSha256 as Kem>::PublicKey;
type PrivateKey = <X25519HkdfSha256 as Kem>::PrivateKey;
type EncappedKey = <X25519HkdfSha256 as Kem>::EncappedKey;

const MAGIC: &[u8] = b"TRIBSEAL\x01";
const ENCAPPED_BYTES: usize = 32;
/// Plain bytes of a chunk.
const CHUNK_BYTES: usize = 64 * 1024;
const TAG_BYTES: usize = 16;
const MORE: &[u8] = b"more";
const LAST: &[u8] = b"last";

/// To whom backups are sealed: public, stands in the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Recipient(PublicKey);

/// What opens them: kept anywhere but beside the installation.
pub(crate) struct Identity(PrivateKey);

/// Why a text is no key.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum KeyTextError {
    #[error("a backup {0} begins with `{1}`")]
    Prefix(&'static str, &'static str),
    #[error("the backup {0} is mistyped: its check digits do not agree")]
    Mistyped(&'static str),
}

const RECIPIENT: (&str, &str) = ("recipient", "trib_backup_to_");
const IDENTITY: (&str, &str) = ("identity", "trib_backup_key_");

/// 32 bytes in hex with four check bytes: sealed for a mistyped key, a backup is lost.
fn to_text(prefix: &str, key: &[u8]) -> String {
    let check = Sha256::digest([prefix.as_bytes(), key].concat());
    let hex: String = key.iter().chain(&check[..4]).map(|byte| format!("{byte:02x}")).collect();
    format!("{prefix}{hex}")
}

fn from_text(
    (what, prefix): (&'static str, &'static str),
    text: &str,
) -> Result<Vec<u8>, KeyTextError> {
    let hex = text.trim().strip_prefix(prefix).ok_or(KeyTextError::Prefix(what, prefix))?;
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    let bytes: Option<Vec<u8>> = hex.as_bytes().chunks(2).map(byte).collect();
    let key = bytes.filter(|bytes| bytes.len() == 36).map(|bytes| bytes[..32].to_vec());
    let key = key.ok_or(KeyTextError::Mistyped(what))?;
    if to_text(prefix, &key) == text.trim() { Ok(key) } else { Err(KeyTextError::Mistyped(what)) }
}

impl FromStr for Recipient {
    type Err = KeyTextError;

    fn from_str(text: &str) -> Result<Self, KeyTextError> {
        let key = PublicKey::from_bytes(&from_text(RECIPIENT, text)?);
        key.map(Self).map_err(|_| KeyTextError::Mistyped(RECIPIENT.0))
    }
}

impl std::fmt::Display for Recipient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&to_text(RECIPIENT.1, &self.0.to_bytes()))
    }
}

impl FromStr for Identity {
    type Err = KeyTextError;

    fn from_str(text: &str) -> Result<Self, KeyTextError> {
        let key = PrivateKey::from_bytes(&from_text(IDENTITY, text)?);
        key.map(Self).map_err(|_| KeyTextError::Mistyped(IDENTITY.0))
    }
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Identity(…)")
    }
}

impl Identity {
    /// A new one.
    pub(crate) fn new(entropy: &dyn Entropy) -> Self {
        let mut seed = [0; 32];
        entropy.fill(&mut seed);
        Self(X25519HkdfSha256::derive_keypair(&seed).0)
    }

    /// Whom to seal for.
    pub(crate) fn recipient(&self) -> Recipient {
        Recipient(X25519HkdfSha256::sk_to_pk(&self.0))
    }

    /// The secret, as a line of text.
    pub(crate) fn to_text(&self) -> String {
        to_text(IDENTITY.1, &self.0.to_bytes())
    }
}

/// Our source of chance as HPKE takes it.
struct Chance<'a>(&'a dyn Entropy);

impl TryRng for Chance<'_> {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.0.fill(&mut bytes);
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, into: &mut [u8]) -> Result<(), Infallible> {
        self.0.fill(into);
        Ok(())
    }
}

impl TryCryptoRng for Chance<'_> {}

fn info(name: &str) -> Vec<u8> {
    [b"tributary backup 1\0", name.as_bytes()].concat()
}

fn fault(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

/// Seals what is written to it. [`SealWriter::finish`] makes it whole.
pub(crate) struct SealWriter<W: Write> {
    into: W,
    context: Sender,
    held: Vec<u8>,
}

impl<W: Write> SealWriter<W> {
    /// Begins a file of a name.
    pub(crate) fn new(
        mut into: W,
        recipient: &Recipient,
        name: &str,
        entropy: &dyn Entropy,
    ) -> io::Result<Self> {
        let (encapped, context) = hpke::setup_sender_with_rng::<
            AesGcm256,
            HkdfSha256,
            X25519HkdfSha256,
        >(
            &OpModeS::Base, &recipient.0, &info(name), &mut Chance(entropy)
        )
        .map_err(|error| io::Error::other(format!("sealing: {error}")))?;
        into.write_all(MAGIC)?;
        into.write_all(&encapped.to_bytes())?;
        Ok(Self { into, context, held: Vec::with_capacity(CHUNK_BYTES) })
    }

    fn chunk(&mut self, end: &[u8]) -> io::Result<()> {
        let sealed = self
            .context
            .seal(&self.held, end)
            .map_err(|error| io::Error::other(format!("sealing: {error}")))?;
        self.held.clear();
        self.into.write_all(&sealed)
    }

    /// Writes the last chunk.
    pub(crate) fn finish(mut self) -> io::Result<W> {
        self.chunk(LAST)?;
        Ok(self.into)
    }
}

impl<W: Write> Write for SealWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // A full chunk waits until something follows it: it may be the last.
        if self.held.len() == CHUNK_BYTES && !bytes.is_empty() {
            self.chunk(MORE)?;
        }
        let taken = bytes.len().min(CHUNK_BYTES - self.held.len());
        self.held.extend_from_slice(&bytes[..taken]);
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.into.flush()
    }
}

/// Opens a sealed file into `into`.
///
/// # Errors
/// `InvalidData` when the identity is another, or the bytes are not what was sealed under this
/// name; else those of reading and writing.
pub(crate) fn open(
    mut from: impl BufRead,
    identity: &Identity,
    name: &str,
    into: &mut impl Write,
) -> io::Result<()> {
    let mut head = [0; MAGIC.len() + ENCAPPED_BYTES];
    from.read_exact(&mut head).map_err(|_| fault("it is too short to be sealed"))?;
    let encapped = head.strip_prefix(MAGIC).ok_or_else(|| fault("it is not sealed"))?;
    let encapped = EncappedKey::from_bytes(encapped).map_err(|_| fault("its key is damaged"))?;
    let mut context: Receiver = hpke::setup_receiver::<AesGcm256, HkdfSha256, X25519HkdfSha256>(
        &OpModeR::Base,
        &identity.0,
        &encapped,
        &info(name),
    )
    .map_err(|_| fault("its key is damaged"))?;
    let mut sealed = Vec::with_capacity(CHUNK_BYTES + TAG_BYTES);
    loop {
        sealed.clear();
        from.by_ref().take((CHUNK_BYTES + TAG_BYTES) as u64).read_to_end(&mut sealed)?;
        let last = from.fill_buf()?.is_empty();
        let plain = context
            .open(&sealed, if last { LAST } else { MORE })
            .map_err(|_| fault("it does not open: it was damaged, or sealed for another key"))?;
        into.write_all(&plain)?;
        if last {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use tributary_kernel::SeededEntropy;

    use super::*;

    fn sealed(plain: &[u8], identity: &Identity, name: &str) -> Vec<u8> {
        let chance = SeededEntropy::new(1);
        let mut writer = SealWriter::new(Vec::new(), &identity.recipient(), name, &chance).unwrap();
        writer.write_all(plain).unwrap();
        writer.finish().unwrap()
    }

    fn opened(sealed: &[u8], identity: &Identity, name: &str) -> io::Result<Vec<u8>> {
        let mut plain = Vec::new();
        open(sealed, identity, name, &mut plain).map(|()| plain)
    }

    #[test]
    fn what_is_sealed_opens_for_its_identity_and_name_alone() {
        let identity = Identity::new(&SeededEntropy::new(2));
        let other = Identity::new(&SeededEntropy::new(3));
        for length in [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES] {
            let plain: Vec<u8> = (0..length).map(|it| u8::try_from(it % 251).unwrap()).collect();
            let bytes = sealed(&plain, &identity, "a");
            assert_eq!(opened(&bytes, &identity, "a").unwrap(), plain, "{length}");
            assert!(opened(&bytes, &other, "a").is_err(), "another identity");
            assert!(opened(&bytes, &identity, "b").is_err(), "another name");
        }
    }

    #[test]
    fn every_change_is_noticed() {
        let identity = Identity::new(&SeededEntropy::new(2));
        let plain = vec![7; 2 * CHUNK_BYTES + 10];
        let bytes = sealed(&plain, &identity, "a");
        let head = MAGIC.len() + ENCAPPED_BYTES;
        let whole = CHUNK_BYTES + TAG_BYTES;
        for place in [0, MAGIC.len() - 1, MAGIC.len(), head, head + whole, bytes.len() - 1] {
            let mut wrong = bytes.clone();
            wrong[place] ^= 1;
            assert!(opened(&wrong, &identity, "a").is_err(), "byte {place}");
        }
        for length in [0, head, head + whole, head + 2 * whole, bytes.len() - 1] {
            assert!(opened(&bytes[..length], &identity, "a").is_err(), "cut to {length}");
        }
        let mut swapped = bytes.clone();
        swapped[head..head + 2 * whole].rotate_left(whole);
        assert!(opened(&swapped, &identity, "a").is_err(), "chunks change places");
        assert!(opened(&[bytes, vec![0]].concat(), &identity, "a").is_err(), "something follows");
    }

    #[test]
    fn keys_as_text_say_when_they_are_mistyped() {
        let identity = Identity::new(&SeededEntropy::new(2));
        let (public, secret) = (identity.recipient().to_string(), identity.to_text());
        assert_eq!(public.parse::<Recipient>().unwrap(), identity.recipient());
        let again: Identity = format!("{secret}\n").parse().unwrap();
        assert_eq!(again.recipient(), identity.recipient());
        let wrong = public.replace(&public[20..21], if &public[20..21] == "0" { "1" } else { "0" });
        assert_eq!(wrong.parse::<Recipient>(), Err(KeyTextError::Mistyped("recipient")));
        assert!(matches!(secret.parse::<Recipient>(), Err(KeyTextError::Prefix(..))));
        assert!(matches!(
            format!("{public}00").parse::<Recipient>(),
            Err(KeyTextError::Mistyped(_))
        ));
        assert!("trib_backup_to_æøå".parse::<Recipient>().is_err());
    }
}
