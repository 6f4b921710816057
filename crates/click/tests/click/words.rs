//! Referral codes and visitor keys.

use std::net::IpAddr;

use tributary_click::{
    AddressPrefix, AgentDigest, ReferralCode, VisitorKeys, VisitorSalts, is_reserved_word,
};
use tributary_kernel::{SeededEntropy, Timestamp};

/// What is typed, and what it becomes or why it is refused.
const CODES: &str = "
anna                | anna
Anna-B2B_2026       | anna-b2b_2026
abc                 | abc
123                 | 123
_anna               | _anna
anna--b             | anna--b
tjs                 | tjs
abcdefghijklmnopqrstuvwxyzabcdefghijklmn  | abcdefghijklmnopqrstuvwxyzabcdefghijklmn
ab                  | referral_code_length
abcdefghijklmnopqrstuvwxyzabcdefghijklmno | referral_code_length
-anna               | referral_code_hyphen
anna-               | referral_code_hyphen
anna b              | referral_code_characters
søren               | referral_code_characters
anna/crm            | referral_code_characters
t.js                | referral_code_characters
p.gif               | referral_code_characters
anna%2f             | referral_code_characters
_trib               | referral_code_reserved
_TRIB               | referral_code_reserved
postback            | referral_code_reserved
PostBack            | referral_code_reserved
api                 | referral_code_reserved
via                 | referral_code_reserved
login               | referral_code_reserved
";

#[test]
fn referral_codes() {
    for line in CODES.lines().filter(|line| !line.is_empty()) {
        let (typed, expected) = line.split_once('|').expect("two columns");
        let (typed, expected) = (typed.trim(), expected.trim());
        match ReferralCode::parse(typed) {
            Ok(code) => assert_eq!(code.as_str(), expected, "{typed}"),
            Err(error) => assert_eq!(error.code, expected, "{typed}"),
        }
    }
    for word in ["_trib", "t.js", "p.gif", "postback", "favicon.ico", "robots.txt", "well-known"] {
        assert!(is_reserved_word(word), "{word}");
    }
    assert!(!is_reserved_word("anna"));
}

fn prefix(address: &str) -> AddressPrefix {
    AddressPrefix::of(address.parse::<IpAddr>().expect("an address"))
}

#[test]
fn visitor_keys_tell_apart_what_they_should() {
    let key = |salt: u8, owner: u8, address: &str, agent: &str| {
        VisitorKeys::new(&[salt; 32]).key(&[owner; 16], prefix(address), &AgentDigest::of(agent))
    };
    let one = key(1, 1, "192.0.2.10", "Firefox");
    assert_eq!(one, key(1, 1, "192.0.2.77", "Firefox"), "the same /24");
    assert_eq!(one, key(1, 1, "::ffff:192.0.2.77", "Firefox"), "mapped into IPv6");
    let others = [
        key(2, 1, "192.0.2.10", "Firefox"),
        key(1, 2, "192.0.2.10", "Firefox"),
        key(1, 1, "192.0.3.10", "Firefox"),
        key(1, 1, "192.0.2.10", "Safari"),
        key(1, 1, "192.0.2.10", ""),
    ];
    for other in others {
        assert_ne!(one, other);
    }
    assert_eq!(prefix("2001:db8:1:2::1"), prefix("2001:db8:1:ffff::9"), "the same /48");
    assert_ne!(prefix("2001:db8:1::1"), prefix("2001:db8:2::1"));
    assert_eq!(prefix("2001:db8:1::1").as_bytes(), [0x20, 0x01, 0x0d, 0xb8, 0, 1]);
    // Computed by another program (Python's hmac).
    assert_eq!(hex(&one), GOLDEN_KEY);
    assert_eq!(hex(&key(1, 1, "2001:db8:1::1", "Firefox")), GOLDEN_KEY_OF_IPV6);
}

const GOLDEN_KEY: &str = "3bb2c924c46b24289091e5b213e6db23";
const GOLDEN_KEY_OF_IPV6: &str = "6ad4d64162920a04afdc5b7064fa991b";

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn salts_live_for_48_hours() {
    let entropy = SeededEntropy::new(1);
    let at = |text: &str| text.parse::<Timestamp>().expect("a moment");
    let mut salts = VisitorSalts::default();
    let monday = at("2026-11-23T09:00:00Z");
    assert_eq!(salts.of(monday), None);
    assert!(salts.rotate(monday, &entropy));
    let first = *salts.of(monday).expect("made");
    assert!(!salts.rotate(at("2026-11-23T23:59:59Z"), &entropy), "one a day");
    assert!(salts.rotate(at("2026-11-24T00:00:00Z"), &entropy));
    assert_eq!(salts.of(monday), Some(&first), "a late reader still has yesterday's");
    assert_ne!(salts.of(at("2026-11-24T12:00:00Z")), Some(&first));
    assert!(salts.rotate(at("2026-11-25T00:00:00Z"), &entropy));
    assert_eq!(salts.of(monday), None, "48 hours after its day began it is gone");
    assert_eq!(salts.as_slice().len(), 2);
    let mut restored = VisitorSalts::restore(salts.as_slice().to_vec());
    assert!(!restored.rotate(at("2026-11-25T01:00:00Z"), &entropy), "a restart keeps them");
    assert!(restored.rotate(monday, &entropy), "a clock that was wrong made salts of days to come");
    assert_eq!(restored.as_slice().len(), 1);
    assert!(!format!("{restored:?}").contains("salt:"));
}
