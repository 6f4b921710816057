//! What a fuzzer calls. Each takes any bytes and panics only if an invariant is broken.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use http::{HeaderMap, HeaderValue};
use url::Url;

use crate::destination::{AllowedDomains, deep_link, normal_destination, with_parameters};
use crate::net::{Cidr, client_address, forwarded_host};
use crate::request::{Heads, host_of_address, normal_host, sub_ids};
use crate::snapshot::{PlainKeys, SnapshotFile};

/// Deep links: whatever is asked for, what is sent leads to the allowed host, and is a header
/// value that reads one way only.
///
/// # Panics
/// When it does not.
pub fn deep_links(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let domains = AllowedDomains::new(&["acme.dk"]);
    let Ok(taken) = deep_link(text, &domains) else { return };
    let sent = with_parameters(&taken, Some(("trib", "clk_1")), Some(text));
    let url = Url::parse(&sent).expect("what is sent is an address");
    let host = url.host_str().expect("with a host");
    assert!(host == "acme.dk" || host.ends_with(".acme.dk"), "{sent}");
    assert!(sent.bytes().all(|byte| byte.is_ascii_graphic()), "{sent:?}");
    assert!(HeaderValue::try_from(&sent).is_ok(), "{sent:?}");
}

/// Destinations of links: what is normal stays as it is.
///
/// # Panics
/// When it does not.
pub fn destinations(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Some(normal) = normal_destination(text) {
        assert_eq!(normal_destination(&normal).as_deref(), Some(normal.as_str()));
    }
}

/// Headers and query of a request.
///
/// # Panics
/// When reading them does.
pub fn requests(bytes: &[u8]) {
    if let Ok(value) = HeaderValue::from_bytes(bytes) {
        let mut headers = HeaderMap::new();
        for name in ["cookie", "user-agent", "referer", "x-forwarded-for", "forwarded"] {
            headers.insert(name, value.clone());
        }
        let heads = Heads::of(&headers);
        let _ = (heads.cookie("_trib"), heads.agent(), heads.referrer_host());
        let everybody: Vec<Cidr> = "0.0.0.0/0".parse().into_iter().collect();
        let _ = client_address(&headers, IpAddr::V4(Ipv4Addr::LOCALHOST), &everybody);
        let _ = forwarded_host(&headers);
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = (normal_host(text), host_of_address(text), sub_ids(text));
    }
}

/// The kept snapshot.
///
/// # Panics
/// When reading it, or looking something up in it, does.
pub fn snapshot_file(bytes: &[u8]) {
    let file = SnapshotFile::new("unused".into(), Arc::new(PlainKeys));
    if let Ok((snapshot, _)) = file.read_from(bytes) {
        let _ = (snapshot.link("go.example", "anna"), snapshot.link_numbered(1));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn targets_take_anything(bytes: Vec<u8>, text: String) {
            for bytes in [bytes.as_slice(), text.as_bytes()] {
                super::deep_links(bytes);
                super::destinations(bytes);
                super::requests(bytes);
                super::snapshot_file(bytes);
            }
        }
    }
}
