use std::fmt;
use std::str::FromStr;

use tributary_kernel::{Timestamp, crockford};

use crate::LastMinted;

/// The moment click ids count from: 2025-01-01T00:00:00Z, in milliseconds since 1970.
pub const CLICK_EPOCH_MS: i64 = 1_735_689_600_000;

/// Prefix of the text form, with its underscore.
const PREFIX: &str = "clk_";

pub(crate) const TIME_BITS: u32 = 42;
pub(crate) const COUNTER_MAX: u16 = (1 << 12) - 1;
const LINK_BITS: u32 = 28;
const LINK_MASK: u32 = (1 << LINK_BITS) - 1;
/// Bytes before the MAC: everything it vouches for.
pub(crate) const SIGNED_BYTES: usize = 12;

/// The id of one click: a UUIDv8 (RFC 9562) of 16 bytes, big-endian, most significant bit first:
///
/// | bits | count | what |
/// |---|---|---|
/// | 0..42 | 42 | milliseconds since 2025-01-01T00:00:00Z ([`CLICK_EPOCH_MS`]); good until 2164 |
/// | 42..48 | 6 | node, 0 to 63 |
/// | 48..52 | 4 | version, `1000` |
/// | 52..64 | 12 | counter within that millisecond and node |
/// | 64..66 | 2 | variant, `10` |
/// | 66..94 | 28 | link number |
/// | 94..96 | 2 | key id |
/// | 96..128 | 32 | MAC: the first 4 bytes of HMAC-SHA256 over a fixed context and bytes 0..12 |
///
/// So the order of bytes is the order of time, and on one node the order of minting. In text it
/// is `clk_` and 26 characters of Crockford base32; the UUID's own text is read too. That an id
/// is well formed says nothing yet: [`ClickKeyring::verify`](crate::ClickKeyring::verify) filters
/// forgeries, and the recorded click is the proof.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClickId([u8; 16]);

/// Why a text is not a click id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ClickIdTextError {
    /// Neither form.
    #[error("a click id is `clk_` and 26 characters of Crockford base32, or a UUID")]
    Text,
    /// 128 bits, but not a UUID of version 8.
    #[error("this is not a click id: its version and variant are another kind of UUID's")]
    Shape,
}

impl ClickId {
    /// An id from its stored bytes, as they are: neither shape nor MAC is looked at.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The stored form.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// Puts the fields together; the MAC is still zero. The caller keeps them within their bits.
    pub(crate) fn unsigned(minted: LastMinted, node: u8, link_number: u32, key_id: u8) -> Self {
        let bits = (u128::from(minted.ms) << 86)
            | (u128::from(node) << 80)
            | (0b1000 << 76)
            | (u128::from(minted.counter) << 64)
            | (0b10 << 62)
            | (u128::from(link_number) << 34)
            | (u128::from(key_id) << 32);
        Self(bits.to_be_bytes())
    }

    pub(crate) fn with_mac(mut self, mac: [u8; 4]) -> Self {
        self.0[SIGNED_BYTES..].copy_from_slice(&mac);
        self
    }

    pub(crate) fn signed_part(&self) -> &[u8] {
        &self.0[..SIGNED_BYTES]
    }

    pub(crate) fn mac(&self) -> &[u8] {
        &self.0[SIGNED_BYTES..]
    }

    /// Whether version and variant are a UUIDv8's.
    #[must_use]
    pub const fn is_well_formed(&self) -> bool {
        self.0[6] >> 4 == 0b1000 && self.0[8] >> 6 == 0b10
    }

    fn bits(&self) -> u128 {
        u128::from_be_bytes(self.0)
    }

    /// The moment it was minted, to the millisecond. It may lead the clock of that moment by up to
    /// [`LEAD_MS_MAX`](crate::LEAD_MS_MAX); the click record holds the clock's own time.
    #[must_use]
    pub fn at(&self) -> Timestamp {
        let ms = i64::try_from(self.minted().ms).expect("42 bits fit");
        Timestamp::from_millisecond(CLICK_EPOCH_MS + ms)
    }

    /// The node that minted it, 0 to 63.
    #[must_use]
    pub fn node(&self) -> u8 {
        self.0[5] & 0x3f
    }

    /// Its place within millisecond and node, 0 to 4,095.
    #[must_use]
    pub fn counter(&self) -> u16 {
        self.minted().counter
    }

    /// The 28-bit number of the link that was clicked.
    #[must_use]
    pub fn link_number(&self) -> u32 {
        u32::try_from((self.bits() >> 34) & u128::from(LINK_MASK)).expect("28 bits fit")
    }

    /// Which key of the keyring signed it, 0 to 3.
    #[must_use]
    pub fn key_id(&self) -> u8 {
        self.0[11] & 0b11
    }

    /// Its place in the sequence of its node.
    #[must_use]
    pub fn minted(&self) -> LastMinted {
        let ms = u64::try_from(self.bits() >> 86).expect("42 bits fit");
        let counter = u16::from_be_bytes([self.0[6] & 0x0f, self.0[7]]);
        LastMinted { ms, counter }
    }
}

impl fmt::Display for ClickId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = crockford::encode(&self.0);
        f.write_str(PREFIX)?;
        f.write_str(std::str::from_utf8(&text).expect("the alphabet is ASCII"))
    }
}

impl fmt::Debug for ClickId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for ClickId {
    type Err = ClickIdTextError;

    fn from_str(text: &str) -> Result<Self, ClickIdTextError> {
        let bytes = match text.strip_prefix(PREFIX) {
            Some(rest) => crockford::decode(rest.as_bytes()),
            None => uuid_bytes(text.as_bytes()),
        };
        let id = Self(bytes.ok_or(ClickIdTextError::Text)?);
        if id.is_well_formed() { Ok(id) } else { Err(ClickIdTextError::Shape) }
    }
}

/// The 16 bytes of `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx`, either case.
fn uuid_bytes(text: &[u8]) -> Option<[u8; 16]> {
    const HYPHENS: [usize; 4] = [8, 13, 18, 23];
    if text.len() != 36 || HYPHENS.iter().any(|&at| text[at] != b'-') {
        return None;
    }
    let mut bits: u128 = 0;
    for (at, &byte) in text.iter().enumerate() {
        if !HYPHENS.contains(&at) {
            let digit = char::from(byte).to_digit(16)?;
            bits = (bits << 4) | u128::from(digit);
        }
    }
    Some(bits.to_be_bytes())
}

impl serde::Serialize for ClickId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for ClickId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
