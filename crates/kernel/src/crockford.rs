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
    let mut value: u128 = 0;
    for (index, byte) in text.iter().enumerate() {
        let digit = digit(*byte)?;
        if index == 0 && digit > 7 {
            return None;
        }
        value = (value << 5) | u128::from(digit);
    }
    Some(value.to_be_bytes())
}

fn digit(byte: u8) -> Option<u8> {
    Some(match byte.to_ascii_lowercase() {
        b @ b'0'..=b'9' => b - b'0',
        b @ b'a'..=b'h' => b - b'a' + 10,
        b'i' | b'l' => 1,
        b @ (b'j' | b'k') => b - b'j' + 18,
        b @ (b'm' | b'n') => b - b'm' + 20,
        b'o' => 0,
        b @ b'p'..=b't' => b - b'p' + 22,
        b @ b'v'..=b'z' => b - b'v' + 27,
        _ => return None,
    })
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
