//! The bytes of an [`Entry`].
//!
//! ```text
//! entry   := format (1 byte, now 1)  kind (1 byte)  head  field*
//! click   := kind 1; head = at (i64) link number (u32) class (u8) consent (u8) device (u8) flags (u8)
//! consent := kind 2; head = at (i64) click id (16 bytes) state (u8)
//! loss    := kind 3; head = from (i64) until (i64) count (u64)
//! field   := tag (1 byte)  length (1 or 2 bytes)  value
//! ```
//! Numbers are little-endian. A length under 128 is one byte; a longer one (to 16,383) is its low
//! seven bits with the top bit set, then the rest. Tags ascend, so none is there twice. A reader
//! skips a tag it does not know: what may be overlooked is added as a tag; what may not is a flag,
//! a code or a format, and those a reader refuses when it does not know them.

use tributary_kernel::Timestamp;
use tributary_kernel::limits::{SUB_ID_BYTES_MAX, URL_BYTES_MAX};

use crate::record::{ClickRecord, ConsentRecord, Entry, LossRecord, REFERRER_HOST_BYTES_MAX};
use crate::{Class, ClickId, Consent, Device};

/// The format this build writes, and the newest it reads.
pub const CLICK_FORMAT: u8 = 1;
/// No entry this build writes is longer.
pub const ENTRY_BYTES_MAX: usize = 4 * 1024;

const KIND_CLICK: u8 = 1;
const KIND_CONSENT: u8 = 2;
const KIND_LOSS: u8 = 3;

/// Where the fields of a click begin: after format, kind and head.
const CLICK_FIELDS_AT: usize = 18;

const FLAG_BY_PARAMETER: u8 = 1;
const FLAG_TEST: u8 = 1 << 1;

const TAG_CLICK_ID: u8 = 1;
const TAG_VISITOR_KEY: u8 = 2;
const TAG_COUNTRY: u8 = 3;
const TAG_REFERRER_HOST: u8 = 4;
/// `sub1` to `sub5` are tags 5 to 9.
const TAG_SUB_ID_FIRST: u8 = 5;
const TAG_DESTINATION: u8 = 10;

const TAG_PREVIOUS: u8 = 1;

/// Why bytes are not an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// Written by a newer version, or not an entry at all.
    #[error("entry format {format} is not one this version reads (1)")]
    Format {
        /// The format byte found.
        format: u8,
    },
    /// A kind, class, flag or other code that this version does not know.
    #[error("unknown {what} {code} in an entry")]
    Code {
        /// Which code.
        what: &'static str,
        /// Its value.
        code: u8,
    },
    /// The bytes end within a field.
    #[error("an entry ends in the middle of {what}")]
    Short {
        /// What was being read.
        what: &'static str,
    },
    /// Tags do not ascend.
    #[error("field {tag} of an entry is out of order or there twice")]
    Order {
        /// The tag in the wrong place.
        tag: u8,
    },
    /// A value of the wrong length or alphabet, or past its limit.
    #[error("{what} of an entry has an impossible value")]
    Value {
        /// Which field.
        what: &'static str,
    },
}

impl Entry {
    /// Appends its bytes. Whatever it holds, [`Entry::decode`] reads what is written.
    pub fn encode(&self, into: &mut Vec<u8>) {
        into.push(CLICK_FORMAT);
        match self {
            Self::Click(click) => encode_click(click, into),
            Self::Consent(consent) => encode_consent(consent, into),
            Self::Loss(loss) => encode_loss(loss, into),
        }
    }

    /// Reads one entry, all of `bytes`.
    ///
    /// # Errors
    /// When they are not one; never a panic, whatever they are.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut rest = Bytes(bytes);
        match rest.byte("the format")? {
            CLICK_FORMAT => {}
            format => return Err(DecodeError::Format { format }),
        }
        match rest.byte("the kind")? {
            KIND_CLICK => decode_click(rest).map(Self::Click),
            KIND_CONSENT => decode_consent(rest).map(Self::Consent),
            KIND_LOSS => decode_loss(rest).map(Self::Loss),
            code => Err(DecodeError::Code { what: "kind", code }),
        }
    }

    /// The id that a click's bytes bring, without decoding the rest: for the spool, which asks
    /// this of every entry it writes.
    #[must_use]
    pub fn minted_in(bytes: &[u8]) -> Option<ClickId> {
        let (head, fields) = bytes.split_at_checked(CLICK_FIELDS_AT)?;
        if head[..2] != [CLICK_FORMAT, KIND_CLICK] {
            return None;
        }
        // Tags ascend and the click id's is the lowest.
        let value = fields.strip_prefix(&[TAG_CLICK_ID, 16])?.get(..16)?;
        Some(ClickId::from_bytes(value.try_into().expect("16 bytes were taken")))
    }
}

fn encode_click(click: &ClickRecord, into: &mut Vec<u8>) {
    let flags = if click.by_parameter { FLAG_BY_PARAMETER } else { 0 }
        | if click.test { FLAG_TEST } else { 0 };
    into.push(KIND_CLICK);
    into.extend_from_slice(&click.at.as_microsecond().to_le_bytes());
    into.extend_from_slice(&click.link_number.to_le_bytes());
    into.extend_from_slice(&[
        class_code(click.class),
        consent_code(click.consent),
        device_code(click.device),
        flags,
    ]);
    if let Some(id) = &click.click_id {
        put(into, TAG_CLICK_ID, id.as_bytes());
    }
    if let Some(key) = &click.visitor_key {
        put(into, TAG_VISITOR_KEY, key);
    }
    if let Some(country) = click.country.as_ref().filter(|c| is_country(c)) {
        put(into, TAG_COUNTRY, country);
    }
    put_text(into, TAG_REFERRER_HOST, click.referrer_host.as_deref(), REFERRER_HOST_BYTES_MAX);
    for (tag, sub_id) in (TAG_SUB_ID_FIRST..).zip(&click.sub_ids) {
        put_text(into, tag, sub_id.as_deref(), SUB_ID_BYTES_MAX);
    }
    put_text(into, TAG_DESTINATION, click.destination.as_deref(), URL_BYTES_MAX);
}

fn encode_consent(consent: &ConsentRecord, into: &mut Vec<u8>) {
    into.push(KIND_CONSENT);
    into.extend_from_slice(&consent.at.as_microsecond().to_le_bytes());
    into.extend_from_slice(consent.click_id.as_bytes());
    into.push(consent_code(consent.state));
    if let Some(previous) = &consent.previous {
        put(into, TAG_PREVIOUS, previous.as_bytes());
    }
}

fn encode_loss(loss: &LossRecord, into: &mut Vec<u8>) {
    into.push(KIND_LOSS);
    into.extend_from_slice(&loss.from.as_microsecond().to_le_bytes());
    into.extend_from_slice(&loss.until.as_microsecond().to_le_bytes());
    into.extend_from_slice(&loss.count.to_le_bytes());
}

fn decode_click(mut rest: Bytes<'_>) -> Result<ClickRecord, DecodeError> {
    let mut click = ClickRecord {
        click_id: None,
        at: Timestamp::from_microsecond(i64::from_le_bytes(rest.array("the time")?)),
        link_number: u32::from_le_bytes(rest.array("the link number")?),
        class: class_of(rest.byte("the class")?)?,
        consent: consent_of(rest.byte("the consent")?)?,
        device: device_of(rest.byte("the device")?)?,
        visitor_key: None,
        country: None,
        referrer_host: None,
        sub_ids: [const { None }; 5],
        destination: None,
        by_parameter: false,
        test: false,
    };
    let flags = rest.byte("the flags")?;
    if flags & !(FLAG_BY_PARAMETER | FLAG_TEST) != 0 {
        return Err(DecodeError::Code { what: "flag", code: flags });
    }
    click.by_parameter = flags & FLAG_BY_PARAMETER != 0;
    click.test = flags & FLAG_TEST != 0;
    rest.fields(|tag, value| {
        match tag {
            TAG_CLICK_ID => click.click_id = Some(id(value, "the click id")?),
            TAG_VISITOR_KEY => click.visitor_key = Some(exactly(value, "the visitor key")?),
            TAG_COUNTRY => click.country = Some(country(value)?),
            TAG_REFERRER_HOST => {
                click.referrer_host = Some(text(value, REFERRER_HOST_BYTES_MAX, "the referrer")?);
            }
            TAG_SUB_ID_FIRST..TAG_DESTINATION => {
                let sub_id = text(value, SUB_ID_BYTES_MAX, "a sub-id")?;
                click.sub_ids[usize::from(tag - TAG_SUB_ID_FIRST)] = Some(sub_id);
            }
            TAG_DESTINATION => {
                click.destination = Some(text(value, URL_BYTES_MAX, "the destination")?);
            }
            _ => {}
        }
        Ok(())
    })?;
    Ok(click)
}

fn decode_consent(mut rest: Bytes<'_>) -> Result<ConsentRecord, DecodeError> {
    let mut consent = ConsentRecord {
        at: Timestamp::from_microsecond(i64::from_le_bytes(rest.array("the time")?)),
        click_id: ClickId::from_bytes(rest.array("the click id")?),
        state: consent_of(rest.byte("the consent")?)?,
        previous: None,
    };
    rest.fields(|tag, value| {
        if tag == TAG_PREVIOUS {
            consent.previous = Some(id(value, "the previous click id")?);
        }
        Ok(())
    })?;
    Ok(consent)
}

fn decode_loss(mut rest: Bytes<'_>) -> Result<LossRecord, DecodeError> {
    let loss = LossRecord {
        from: Timestamp::from_microsecond(i64::from_le_bytes(rest.array("the time")?)),
        until: Timestamp::from_microsecond(i64::from_le_bytes(rest.array("the time")?)),
        count: u64::from_le_bytes(rest.array("the count")?),
    };
    rest.fields(|_, _| Ok(()))?;
    Ok(loss)
}

/// What is still to be read.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, count: usize, what: &'static str) -> Result<&'a [u8], DecodeError> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(DecodeError::Short { what })?;
        self.0 = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self, what: &'static str) -> Result<[u8; N], DecodeError> {
        exactly(self.take(N, what)?, what)
    }

    fn byte(&mut self, what: &'static str) -> Result<u8, DecodeError> {
        Ok(self.array::<1>(what)?[0])
    }

    fn length(&mut self) -> Result<usize, DecodeError> {
        let low = self.byte("a length")?;
        if low < 0x80 {
            return Ok(usize::from(low));
        }
        let high = self.byte("a length")?;
        if high >= 0x80 {
            return Err(DecodeError::Value { what: "a length" });
        }
        Ok((usize::from(high) << 7) | usize::from(low & 0x7f))
    }

    fn fields(
        mut self,
        mut each: impl FnMut(u8, &'a [u8]) -> Result<(), DecodeError>,
    ) -> Result<(), DecodeError> {
        let mut last_tag = None;
        while !self.0.is_empty() {
            let tag = self.byte("a tag")?;
            if last_tag.is_some_and(|last| tag <= last) {
                return Err(DecodeError::Order { tag });
            }
            last_tag = Some(tag);
            let length = self.length()?;
            each(tag, self.take(length, "a field")?)?;
        }
        Ok(())
    }
}

fn put(into: &mut Vec<u8>, tag: u8, value: &[u8]) {
    into.push(tag);
    // Every caller's limit is under 2^14, so the length fits in two times seven bits.
    let low = (value.len() & 0x7f) as u8;
    let high = (value.len() >> 7) as u8;
    if high == 0 {
        into.push(low);
    } else {
        into.extend_from_slice(&[low | 0x80, high]);
    }
    into.extend_from_slice(value);
}

fn put_text(into: &mut Vec<u8>, tag: u8, text: Option<&str>, bytes_max: usize) {
    if let Some(text) = text {
        put(into, tag, &text.as_bytes()[..text.floor_char_boundary(bytes_max)]);
    }
}

fn exactly<const N: usize>(value: &[u8], what: &'static str) -> Result<[u8; N], DecodeError> {
    value.try_into().map_err(|_| DecodeError::Value { what })
}

fn id(value: &[u8], what: &'static str) -> Result<ClickId, DecodeError> {
    exactly(value, what).map(ClickId::from_bytes)
}

fn text(value: &[u8], bytes_max: usize, what: &'static str) -> Result<String, DecodeError> {
    let text = std::str::from_utf8(value).ok().filter(|text| text.len() <= bytes_max);
    text.map(str::to_owned).ok_or(DecodeError::Value { what })
}

fn is_country(code: &[u8; 2]) -> bool {
    code.iter().all(u8::is_ascii_uppercase)
}

fn country(value: &[u8]) -> Result<[u8; 2], DecodeError> {
    let what = "the country";
    exactly(value, what).and_then(|code| {
        if is_country(&code) { Ok(code) } else { Err(DecodeError::Value { what }) }
    })
}

const fn class_code(class: Class) -> u8 {
    match class {
        Class::Countable => 0,
        Class::Bot => 1,
        Class::Head => 2,
        Class::Prefetch => 3,
        Class::Hidden => 4,
    }
}

const fn class_of(code: u8) -> Result<Class, DecodeError> {
    Ok(match code {
        0 => Class::Countable,
        1 => Class::Bot,
        2 => Class::Head,
        3 => Class::Prefetch,
        4 => Class::Hidden,
        code => return Err(DecodeError::Code { what: "class", code }),
    })
}

const fn consent_code(consent: Consent) -> u8 {
    match consent {
        Consent::Unknown => 0,
        Consent::Granted => 1,
        Consent::Denied => 2,
    }
}

const fn consent_of(code: u8) -> Result<Consent, DecodeError> {
    Ok(match code {
        0 => Consent::Unknown,
        1 => Consent::Granted,
        2 => Consent::Denied,
        code => return Err(DecodeError::Code { what: "consent", code }),
    })
}

const fn device_code(device: Device) -> u8 {
    match device {
        Device::Desktop => 0,
        Device::Phone => 1,
        Device::Tablet => 2,
        Device::Other => 3,
    }
}

const fn device_of(code: u8) -> Result<Device, DecodeError> {
    Ok(match code {
        0 => Device::Desktop,
        1 => Device::Phone,
        2 => Device::Tablet,
        3 => Device::Other,
        code => return Err(DecodeError::Code { what: "device", code }),
    })
}
