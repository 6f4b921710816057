//! Entry points for fuzzing: each takes any bytes and panics only when a promise is broken.

use std::str::FromStr;

use tributary_kernel::Timestamp;

use crate::{ClickId, ClickKey, ClickKeyring, Entry, ReferralCode, RequestFacts, classify, device};

/// Decoding never panics, and what decodes survives another round.
///
/// # Panics
/// When a decoded entry does not survive encoding and decoding.
pub fn entry(data: &[u8]) {
    if let Ok(entry) = Entry::decode(data) {
        let mut again = Vec::new();
        entry.encode(&mut again);
        assert_eq!(Entry::decode(&again), Ok(entry), "an entry survives a round");
    }
}

/// Reading and verifying a click id never panics, and its text reads as itself.
///
/// # Panics
/// When a text that was read is written as something else.
pub fn click_id(data: &[u8]) {
    let key = ClickKey { id: 0, secret: [7; 32], verify_until: None };
    let keys = ClickKeyring::new(vec![key], 0).expect("one key makes a ring");
    if let Some(id) = std::str::from_utf8(data).ok().and_then(|t| ClickId::from_str(t).ok()) {
        assert_eq!(id.to_string().parse(), Ok(id), "a click id reads as itself");
    }
    if let Ok(bytes) = <[u8; 16]>::try_from(data) {
        let id = ClickId::from_bytes(bytes);
        let _verdict = keys.verify(&id, Timestamp::from_millisecond(0));
        let _fields = (id.at(), id.node(), id.counter(), id.link_number(), id.key_id());
    }
}

/// Classifying any agent and reading any code never panics, and a code reads as itself.
///
/// # Panics
/// When a code that was read is written as something else.
pub fn request(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let facts = RequestFacts { method: "GET", user_agent: &text, ..RequestFacts::default() };
    let _verdict = (classify(&facts), device(&text));
    if let Ok(code) = ReferralCode::parse(&text) {
        assert_eq!(ReferralCode::parse(code.as_str()).as_ref(), Ok(&code));
    }
}
