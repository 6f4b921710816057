//! The bytes of entries.

use proptest::prelude::*;
use tributary_click::{
    CLICK_FORMAT, Class, ClickId, ClickRecord, Consent, ConsentRecord, DecodeError, Device,
    ENTRY_BYTES_MAX, Entry, LossRecord,
};
use tributary_kernel::Timestamp;

fn encoded(entry: &Entry) -> Vec<u8> {
    let mut bytes = Vec::new();
    entry.encode(&mut bytes);
    bytes
}

fn plain() -> ClickRecord {
    ClickRecord {
        click_id: None,
        at: Timestamp::from_microsecond(1_790_000_000_123_456),
        link_number: 0x0102_0304,
        class: Class::Bot,
        consent: Consent::Denied,
        visitor_key: None,
        country: None,
        device: Device::Tablet,
        referrer_host: None,
        sub_ids: [const { None }; 5],
        destination: None,
        by_parameter: false,
        test: true,
    }
}

/// Spools lie about for years: these bytes must always read as this.
#[test]
fn golden_bytes() {
    let click = ClickRecord {
        click_id: Some(ClickId::from_bytes([0xab; 16])),
        country: Some(*b"DK"),
        sub_ids: [None, Some("x".to_owned()), None, None, None],
        by_parameter: true,
        ..plain()
    };
    #[rustfmt::skip]
    let bytes = [
        1, 1,
        0x40, 0xc2, 0x27, 0xda, 0xfe, 0x5b, 0x06, 0x00,
        4, 3, 2, 1,
        1, 2, 2, 3,
        1, 16, 0xab, 0xab, 0xab, 0xab, 0xab, 0xab, 0xab, 0xab, 0xab, 0xab, 0xab, 0xab, 0xab, 0xab, 0xab, 0xab,
        3, 2, b'D', b'K',
        6, 1, b'x',
    ];
    assert_eq!(encoded(&Entry::Click(click.clone())), bytes);
    assert_eq!(Entry::decode(&bytes), Ok(Entry::Click(click)));
    assert_eq!(Entry::minted_in(&bytes), Some(ClickId::from_bytes([0xab; 16])));
    assert_eq!(Entry::minted_in(&encoded(&Entry::Click(plain()))), None);
}

#[test]
fn what_an_old_reader_may_overlook_it_skips_and_what_not_it_refuses() {
    let entry = Entry::Click(plain());
    let bytes = encoded(&entry);
    let with = |tail: &[u8]| Entry::decode(&[&bytes, tail].concat());
    assert_eq!(with(&[200, 3, 1, 2, 3]), Ok(entry.clone()), "an unknown tag");
    assert_eq!(with(&[200, 0, 201, 0]), Ok(entry), "two, without value");
    assert_eq!(with(&[200, 0, 200, 0]), Err(DecodeError::Order { tag: 200 }));
    assert_eq!(with(&[10, 1, b'x', 4, 1, b'x']), Err(DecodeError::Order { tag: 4 }));
    assert_eq!(with(&[200, 5, 1]), Err(DecodeError::Short { what: "a field" }));
    assert_eq!(with(&[200]), Err(DecodeError::Short { what: "a length" }));
    assert_eq!(with(&[200, 0x80]), Err(DecodeError::Short { what: "a length" }));
    assert_eq!(with(&[200, 0x80, 0x80]), Err(DecodeError::Value { what: "a length" }));
    assert_eq!(with(&[1, 2, 0, 0]), Err(DecodeError::Value { what: "the click id" }));
    assert_eq!(with(&[3, 2, b'd', b'k']), Err(DecodeError::Value { what: "the country" }));
    assert_eq!(with(&[4, 1, 0xff]), Err(DecodeError::Value { what: "the referrer" }));
    let too_long = [&[5, 0x81, 1][..], &[b'x'; 129]].concat();
    assert_eq!(with(&too_long), Err(DecodeError::Value { what: "a sub-id" }));
    let changed = |at: usize, to: u8| {
        let mut bytes = bytes.clone();
        bytes[at] = to;
        Entry::decode(&bytes)
    };
    assert_eq!(changed(0, 2), Err(DecodeError::Format { format: 2 }));
    assert_eq!(changed(1, 9), Err(DecodeError::Code { what: "kind", code: 9 }));
    assert_eq!(changed(14, 5), Err(DecodeError::Code { what: "class", code: 5 }));
    assert_eq!(changed(15, 3), Err(DecodeError::Code { what: "consent", code: 3 }));
    assert_eq!(changed(16, 4), Err(DecodeError::Code { what: "device", code: 4 }));
    assert_eq!(changed(17, 4), Err(DecodeError::Code { what: "flag", code: 4 }));
    assert_eq!(Entry::decode(&[]), Err(DecodeError::Short { what: "the format" }));
    for length in 1..bytes.len() {
        assert!(Entry::decode(&bytes[..length]).is_err(), "cut at {length}");
    }
}

#[test]
fn too_long_texts_are_cut_at_a_character() {
    let long = |count: usize| Some("ø".repeat(count));
    let click = ClickRecord {
        click_id: Some(ClickId::from_bytes([1; 16])),
        visitor_key: Some([2; 16]),
        country: Some(*b"d!"),
        referrer_host: long(500),
        sub_ids: std::array::from_fn(|_| long(500)),
        destination: Some("x".repeat(5_000)),
        ..plain()
    };
    let bytes = encoded(&Entry::Click(click));
    assert!(bytes.len() <= ENTRY_BYTES_MAX);
    let Ok(Entry::Click(read)) = Entry::decode(&bytes) else { panic!("it reads") };
    assert_eq!(read.country, None, "no country");
    assert_eq!(read.referrer_host, long(126), "253 bytes would cut one in two");
    assert_eq!(read.sub_ids, std::array::from_fn(|_| long(64)));
    assert_eq!(read.destination.map(|url| url.len()), Some(2_048));
}

fn clicks() -> impl Strategy<Value = Entry> {
    let text = || prop::option::of("\\PC{0,30}");
    let codes = (
        prop::sample::select(Class::ALL),
        prop::sample::select(Consent::ALL),
        prop::sample::select(Device::ALL),
    );
    let ids = (any::<Option<[u8; 16]>>(), any::<Option<[u8; 16]>>(), prop::option::of("[A-Z]{2}"));
    let texts = (text(), prop::array::uniform5(text()), prop::option::of("\\PC{0,400}"));
    (any::<i64>(), any::<u32>(), codes, ids, texts, any::<(bool, bool)>()).prop_map(
        |(us, link_number, (class, consent, device), ids, texts, (by_parameter, test))| {
            Entry::Click(ClickRecord {
                click_id: ids.0.map(ClickId::from_bytes),
                at: Timestamp::from_microsecond(us),
                link_number,
                class,
                consent,
                visitor_key: ids.1,
                country: ids.2.map(|code| code.as_bytes().try_into().expect("two letters")),
                device,
                referrer_host: texts.0,
                sub_ids: texts.1,
                destination: texts.2,
                by_parameter,
                test,
            })
        },
    )
}

fn others() -> impl Strategy<Value = Entry> {
    let consent = (
        any::<[u8; 16]>(),
        any::<i64>(),
        prop::sample::select(Consent::ALL),
        any::<Option<[u8; 16]>>(),
    )
        .prop_map(|(id, us, state, previous)| {
            Entry::Consent(ConsentRecord {
                click_id: ClickId::from_bytes(id),
                at: Timestamp::from_microsecond(us),
                state,
                previous: previous.map(ClickId::from_bytes),
            })
        });
    let loss = any::<(i64, i64, u64)>().prop_map(|(from, until, count)| {
        let (from, until) = (Timestamp::from_microsecond(from), Timestamp::from_microsecond(until));
        Entry::Loss(LossRecord { from, until, count })
    });
    prop_oneof![consent, loss]
}

proptest! {
    #[test]
    fn entries_come_back(entry in prop_oneof![clicks(), others()], tail in 20u8..) {
        let mut bytes = encoded(&entry);
        prop_assert!(bytes.len() <= ENTRY_BYTES_MAX);
        prop_assert_eq!(Entry::decode(&bytes), Ok(entry.clone()));
        let minted = match &entry {
            Entry::Click(click) => click.click_id,
            _ => None,
        };
        prop_assert_eq!(Entry::minted_in(&bytes), minted);
        bytes.extend_from_slice(&[tail, 2, 0, 0]);
        prop_assert_eq!(Entry::decode(&bytes), Ok(entry));
    }

    #[test]
    fn any_bytes_decode_or_not(mut bytes: Vec<u8>, kind in 1u8..4) {
        tributary_click::fuzz::entry(&bytes);
        // With a beginning that gets further in.
        bytes.splice(..0, [CLICK_FORMAT, kind]);
        tributary_click::fuzz::entry(&bytes);
        let _id = Entry::minted_in(&bytes);
    }

    #[test]
    fn damaged_entries_decode_or_not(
        entry in prop_oneof![clicks(), others()], place: prop::sample::Index, to: u8, cut: prop::sample::Index,
    ) {
        let mut bytes = encoded(&entry);
        let at = place.index(bytes.len());
        bytes[at] = to;
        tributary_click::fuzz::entry(&bytes);
        tributary_click::fuzz::entry(&bytes[..cut.index(bytes.len())]);
    }
}
