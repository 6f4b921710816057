//! The layout of ids, and who vouches for them.

use proptest::prelude::*;
use tributary_click::{
    ClickId, ClickIdError, ClickIdTextError, ClickKey, ClickKeyring, ClickMinter, KeyringError,
    LastMinted, MintError,
};
use tributary_kernel::Timestamp;

fn key(id: u8, verify_until: Option<Timestamp>) -> ClickKey {
    ClickKey { id, secret: std::array::from_fn(|at| at as u8 + id), verify_until }
}

fn ring(minting: u8) -> ClickKeyring {
    ClickKeyring::new((0..4).map(|id| key(id, None)).collect(), minting).expect("a ring")
}

fn at(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(ms)
}

/// Ids written down once and for all: those in the world must verify for ever. Each is the third
/// of its node and millisecond. The MACs were computed by another program (Python's `hmac`).
#[test]
fn golden_vectors() {
    let vectors: [(i64, u8, u32, u8, &str, &str); 3] = [
        (1_735_689_600_000, 0, 0, 0, GOLDEN[0].0, GOLDEN[0].1),
        (1_790_000_000_123, 37, 0x0abc_def1, 2, GOLDEN[1].0, GOLDEN[1].1),
        (6_133_736_111_103, 63, (1 << 28) - 1, 3, GOLDEN[2].0, GOLDEN[2].1),
    ];
    for (ms, node, link, key_id, hex, text) in vectors {
        let minter = ClickMinter::new(node, None).expect("a node");
        let keys = ring(key_id);
        let mint = || minter.mint(at(ms), link, &keys).expect("minted");
        let id = [mint(), mint(), mint()][2];
        let bytes: String = id.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(bytes, hex);
        assert_eq!(id.to_string(), text);
        assert_eq!(text.parse(), Ok(id));
        assert_eq!(
            (id.at(), id.node(), id.counter(), id.link_number(), id.key_id()),
            (at(ms), node, 2, link, key_id)
        );
        assert_eq!(keys.verify(&id, at(ms)), Ok(()));
    }
}

const GOLDEN: [(&str, &str); 3] = [
    ("000000000000800280000000e1bf1e65", "clk_0000000000g018000003gvy7k5"),
    ("032949bc1ee58002aaf37bc6fcf9cfd2", "clk_03554vr7q5g01anwvvrvyfkkyj"),
    ("ffffffffffff8002bfffffff651da2e6", "clk_7zzzzzzzzzg01bzzzzzxjhv8q6"),
];

#[test]
fn text_is_read_in_both_forms() {
    let id = ClickMinter::new(5, None).unwrap().mint(at(1_790_000_000_000), 77, &ring(1)).unwrap();
    let hex: String = id.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    let uuid = [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-");
    assert_eq!(uuid.parse(), Ok(id));
    assert_eq!(uuid.to_uppercase().parse(), Ok(id));
    assert_eq!(id.to_string().to_uppercase().replace("CLK_", "clk_").parse(), Ok(id));
    let no_text = [
        "",
        "clk_",
        "clk_123",
        "conv_01jd0000000000000000000000",
        &hex,
        &uuid[1..],
        "00000000-0000-8000-8000-00000000000g",
        "000000000-000-8000-8000-000000000000",
        "clk_8zzzzzzzzzzzzzzzzzzzzzzzzz",
        "ééééééééé-ééé",
    ];
    for text in no_text {
        assert_eq!(text.parse::<ClickId>(), Err(ClickIdTextError::Text), "{text}");
    }
    let version_4 = "7c9e6679-7425-40de-944b-e07fc1f90ae7".parse::<ClickId>();
    assert_eq!(version_4, Err(ClickIdTextError::Shape));
    assert_eq!("clk_00000000000000000000000000".parse::<ClickId>(), Err(ClickIdTextError::Shape));
}

#[test]
fn an_old_key_verifies_until_its_date() {
    let now = at(1_790_000_000_000);
    let until = now.plus_days(100);
    let old = ClickKeyring::new(vec![key(0, None)], 0).unwrap();
    let id = ClickMinter::new(1, None).unwrap().mint(now, 9, &old).unwrap();
    let rotated = ClickKeyring::new(vec![key(0, Some(until)), key(1, None)], 1).unwrap();
    assert_eq!(rotated.verify(&id, now), Ok(()));
    assert_eq!(rotated.verify(&id, until.plus_seconds(-1)), Ok(()));
    assert_eq!(rotated.verify(&id, until), Err(ClickIdError::ExpiredKey { key_id: 0 }));
    let gone = ClickKeyring::new(vec![key(1, None)], 1).unwrap();
    assert_eq!(gone.verify(&id, now), Err(ClickIdError::UnknownKey { key_id: 0 }));
    let mut another = key(0, None);
    another.secret[31] ^= 1;
    let another = ClickKeyring::new(vec![another], 0).unwrap();
    assert_eq!(another.verify(&id, now), Err(ClickIdError::Mac));
}

#[test]
fn rings_that_are_none() {
    let made = |keys, minting| ClickKeyring::new(keys, minting).map(|_| ());
    assert_eq!(made(vec![key(4, None)], 4), Err(KeyringError::Id { id: 4 }));
    assert_eq!(made(vec![key(1, None); 2], 1), Err(KeyringError::Repeated { id: 1 }));
    assert_eq!(made(vec![key(1, None)], 0), Err(KeyringError::NoMinting { minting: 0 }));
    assert_eq!(made(vec![], 200), Err(KeyringError::NoMinting { minting: 200 }));
    let shown = format!("{:?} {:?}", key(1, None), ring(1));
    assert!(!shown.contains("secret") && !shown.contains("[1, 2"), "{shown}");
}

proptest! {
    #[test]
    fn fields_come_back(
        ms in 0u64..1 << 42, node in 0u8..64, link in 0u32..1 << 28, minting in 0u8..4, skip in 0u16..50,
    ) {
        let now = at(tributary_click::CLICK_EPOCH_MS + i64::try_from(ms).unwrap());
        let minter = ClickMinter::new(node, None).unwrap();
        for _ in 0..skip {
            minter.mint(now, 0, &ring(0)).unwrap();
        }
        let id = minter.mint(now, link, &ring(minting)).unwrap();
        prop_assert!(id.is_well_formed());
        prop_assert_eq!(id.minted(), LastMinted { ms, counter: skip });
        prop_assert_eq!(id.minted(), LastMinted::unpacked(id.minted().packed()));
        prop_assert_eq!((id.at(), id.node()), (now, node));
        prop_assert_eq!((id.link_number(), id.key_id()), (link, minting));
        prop_assert_eq!(id.to_string().parse(), Ok(id));
        prop_assert_eq!(ring(0).verify(&id, now), Ok(()));
    }

    #[test]
    fn a_changed_bit_is_noticed(bit in 0usize..128, link in 0u32..1 << 28) {
        let now = at(1_790_000_000_000);
        let id = ClickMinter::new(1, None).unwrap().mint(now, link, &ring(2)).unwrap();
        let mut bytes = *id.as_bytes();
        bytes[bit / 8] ^= 0x80 >> (bit % 8);
        prop_assert!(ring(2).verify(&ClickId::from_bytes(bytes), now).is_err());
    }

    #[test]
    fn any_bytes_are_looked_at_calmly(bytes: Vec<u8>, text: String) {
        tributary_click::fuzz::click_id(&bytes);
        tributary_click::fuzz::click_id(text.as_bytes());
        tributary_click::fuzz::request(text.as_bytes());
    }
}

#[test]
fn out_of_range_is_refused() {
    assert_eq!(ClickMinter::new(64, None).map(|_| ()), Err(MintError::Node { node: 64 }));
    let minter = ClickMinter::new(63, None).unwrap();
    let link_number = 1 << 28;
    let too_large = minter.mint(at(1_790_000_000_000), link_number, &ring(0));
    assert_eq!(too_large, Err(MintError::LinkNumber { link_number }));
    for outside in [0, tributary_click::CLICK_EPOCH_MS - 1, 6_133_736_111_104, i64::MAX / 1_000] {
        assert_eq!(minter.mint(at(outside), 1, &ring(0)), Err(MintError::Clock), "{outside}");
    }
}
