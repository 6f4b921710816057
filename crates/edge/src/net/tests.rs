use http::HeaderValue;
use proptest::prelude::*;

use super::*;

fn address(text: &str) -> IpAddr {
    text.parse().unwrap()
}

#[test]
fn the_client_is_the_last_hop_that_a_trusted_one_names() {
    let proxies: Vec<Cidr> = vec!["10.0.0.0/8".parse().unwrap(), "2001:db8::/32".parse().unwrap()];
    let x = "x-forwarded-for";
    let f = "forwarded";
    for (peer, headers, expected) in [
        ("203.0.113.1", vec![(x, "198.51.100.9")], "203.0.113.1"),
        ("10.0.0.1", vec![], "10.0.0.1"),
        ("10.0.0.1", vec![(x, "198.51.100.9")], "198.51.100.9"),
        ("10.0.0.1", vec![(x, "6.6.6.6, 198.51.100.9, 10.0.0.2")], "198.51.100.9"),
        ("10.0.0.1", vec![(x, "6.6.6.6"), (x, "198.51.100.9")], "198.51.100.9"),
        ("10.0.0.1", vec![(x, "10.0.0.3, 10.0.0.2")], "10.0.0.3"),
        ("10.0.0.1", vec![(x, "6.6.6.6, nonsense, 10.0.0.2")], "10.0.0.2"),
        ("10.0.0.1", vec![(x, "198.51.100.9:4711")], "198.51.100.9"),
        ("10.0.0.1", vec![(x, "[2001:db9::1]:80")], "2001:db9::1"),
        ("10.0.0.1", vec![(x, "2001:db9::1")], "2001:db9::1"),
        ("10.0.0.1", vec![(f, "for=192.0.2.60;proto=http;by=203.0.113.43")], "192.0.2.60"),
        ("10.0.0.1", vec![(f, "for=6.6.6.6, For=\"[2001:db9::17]:4711\"")], "2001:db9::17"),
        ("10.0.0.1", vec![(f, "for=6.6.6.6, for=_hidden")], "10.0.0.1"),
        ("::ffff:10.0.0.1", vec![(x, "198.51.100.9")], "198.51.100.9"),
    ] {
        let mut map = HeaderMap::new();
        for (name, value) in &headers {
            map.append(*name, HeaderValue::from_static(value));
        }
        let found = client_address(&map, address(peer), &proxies);
        assert_eq!(found, address(expected), "{peer} {headers:?}");
    }
}

proptest! {
    #[test]
    fn forwarded_headers_never_panic(
        x in prop::collection::vec(any::<u8>(), 0..80),
        f in "[a-z=;,\\[\\]:\".0-9 ]{0,80}",
    ) {
        let proxies: Vec<Cidr> = vec!["0.0.0.0/0".parse().unwrap()];
        let mut map = HeaderMap::new();
        if let Ok(value) = HeaderValue::from_bytes(&x) {
            map.insert(X_FORWARDED_FOR, value.clone());
            map.insert(X_FORWARDED_HOST, value);
        }
        map.insert(FORWARDED, HeaderValue::from_str(&f).unwrap());
        let _ = client_address(&map, address("10.0.0.1"), &proxies);
        let _ = forwarded_host(&map);
    }
}
