//! Crockford base32 of 128 bits: 26 lower-case characters, most significant first, so that text
//! order equals byte order.

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Length of the text form of 16 bytes.
pub const TEXT_LEN: usize = 26;

/// Encodes 16 bytes as 26 lower-case characters.
#[must_use]
pub fn encode(bytes: &[u8; 16]) -> [u8; TEXT_LEN] {
    let mut rest = u128::from_be_bytes(*bytes);
    let mut out = [b'0'; TEXT_LEN];
    for slot in out.iter_mut().rev() {
        *slot = ALPHABET[(rest & 31) as usize];
        rest >>= 5;
    }
    out
}

/// Decodes 26 characters (either case; `i`, `l` read as 1 and `o` as 0). `None` when the length,
/// a character, or the two bits above the 128th are wrong.
#[must_use]
pub fn decode(text: &[u8]) -> Option<[u8; 16]> {
    if text.len() != TEXT_LEN {
        return None;
    }
    // Groups of at most 60 bits, as arithmetic on 128 bits is several times dearer.
    let [high, middle, low] = [&text[..2], &text[2..14], &text[14..]].map(group);
    let (high, middle, low) = (high?, middle?, low?);
    if high > 0xff {
        return None;
    }
    let value = u128::from(high) << 120 | u128::from(middle) << 60 | u128::from(low);
    Some(value.to_be_bytes())
}

/// The digits of up to twelve characters.
fn group(text: &[u8]) -> Option<u64> {
    let (mut value, mut wrong) = (0, 0);
    for byte in text {
        let digit = DIGITS[usize::from(*byte)];
        wrong |= digit;
        value = value << 5 | u64::from(digit & 31);
    }
    (wrong & NO_DIGIT == 0).then_some(value)
}

const NO_DIGIT: u8 = 0x80;

/// What each byte counts as; [`NO_DIGIT`] for those that are none.
static DIGITS: [u8; 256] = digits();

const fn digits() -> [u8; 256] {
    let mut table = [NO_DIGIT; 256];
    let mut value = 0;
    while value < ALPHABET.len() {
        let byte = ALPHABET[value];
        table[byte as usize] = value as u8;
        table[byte.to_ascii_uppercase() as usize] = value as u8;
        value += 1;
    }
    let (mut at, read_as) = (0, [(b'i', 1), (b'l', 1), (b'o', 0)]);
    while at < read_as.len() {
        let (byte, digit): (u8, u8) = read_as[at];
        table[byte as usize] = digit;
        table[byte.to_ascii_uppercase() as usize] = digit;
        at += 1;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_values() {
        assert_eq!(&encode(&[0; 16]), b"00000000000000000000000000");
        assert_eq!(&encode(&[0xff; 16]), b"7zzzzzzzzzzzzzzzzzzzzzzzzz");
        assert_eq!(decode(b"8zzzzzzzzzzzzzzzzzzzzzzzzz"), None, "more than 128 bits");
        assert_eq!(decode(b"0000000000000000000000000u"), None, "u is not in the alphabet");
        assert_eq!(decode(b"OIL00000000000000000000000"), decode(b"01100000000000000000000000"));
    }

    proptest! {
        #[test]
        fn round_trip_keeps_order(a in any::<[u8; 16]>(), b in any::<[u8; 16]>()) {
            prop_assert_eq!(decode(&encode(&a)), Some(a));
            prop_assert_eq!(encode(&a).cmp(&encode(&b)), a.cmp(&b));
        }
    }
}
