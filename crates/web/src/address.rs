use std::net::IpAddr;

use http::HeaderMap;
use http::header::{FORWARDED, HeaderName};
use tributary_kernel::net::{self, Cidr};

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The client's address: the peer, or whom a trusted proxy names; see [`net::client_address`].
#[must_use]
pub fn client_address(headers: &HeaderMap, peer: IpAddr, trusted: &[Cidr]) -> IpAddr {
    let values = |name| headers.get_all(name).into_iter().filter_map(|it| it.to_str().ok());
    net::client_address(peer, values(X_FORWARDED_FOR), values(FORWARDED), trusted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        let trusted: Vec<Cidr> = vec!["10.0.0.0/8".parse().unwrap()];
        let table = [
            ("192.0.2.1", "x-forwarded-for", "203.0.113.9", "192.0.2.1"),
            ("10.0.0.1", "x-forwarded-for", "203.0.113.9", "203.0.113.9"),
            ("10.0.0.1", "x-forwarded-for", "6.6.6.6, 203.0.113.9", "203.0.113.9"),
            ("10.0.0.1", "forwarded", "for=203.0.113.9", "203.0.113.9"),
            ("10.0.0.1", "x-forwarded-for", "", "10.0.0.1"),
        ];
        for (peer, name, value, expected) in table {
            let mut headers = HeaderMap::new();
            headers.insert(name, value.parse().unwrap());
            let found = client_address(&headers, peer.parse().unwrap(), &trusted);
            assert_eq!(found.to_string(), expected, "{peer} {name} {value}");
        }
    }
}
