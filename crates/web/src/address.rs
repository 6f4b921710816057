//! Who asks: the peer, or, behind a proxy that the configuration trusts, whom that proxy names.

use std::net::IpAddr;
use std::str::FromStr;

use http::HeaderMap;

/// Hops followed backwards; a longer chain ends where it is cut.
const HOPS_MAX: usize = 16;

/// A block of addresses: `10.0.0.0/8`, `2001:db8::/32`, or one address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cidr {
    base: IpAddr,
    prefix_bits: u8,
}

/// Not a block of addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("write an address block like 10.0.0.0/8 or 2001:db8::/32, or one address")]
pub struct CidrError;

impl FromStr for Cidr {
    type Err = CidrError;

    fn from_str(text: &str) -> Result<Self, CidrError> {
        let mut parts = text.trim().splitn(2, '/');
        let base: IpAddr =
            parts.next().and_then(|address| address.parse().ok()).ok_or(CidrError)?;
        let base = base.to_canonical();
        let width = if base.is_ipv4() { 32 } else { 128 };
        let prefix_bits = match parts.next() {
            Some(bits) => bits.parse().ok().filter(|bits| *bits <= width).ok_or(CidrError)?,
            None => width,
        };
        Ok(Self { base, prefix_bits })
    }
}

impl Cidr {
    /// Whether an address lies in the block. IPv4 written as IPv6 counts as IPv4.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        let differing = match (self.base, address.to_canonical()) {
            (IpAddr::V4(base), IpAddr::V4(address)) => {
                (base.to_bits() ^ address.to_bits()).leading_zeros()
            }
            (IpAddr::V6(base), IpAddr::V6(address)) => {
                (base.to_bits() ^ address.to_bits()).leading_zeros()
            }
            _ => return false,
        };
        differing >= u32::from(self.prefix_bits)
    }
}

/// The client's address: the peer, unless it is a trusted proxy; then the nearest hop of
/// `X-Forwarded-For` that is not one. What a stranger writes into the header is never believed.
#[must_use]
pub fn client_address(headers: &HeaderMap, peer: IpAddr, trusted: &[Cidr]) -> IpAddr {
    let is_trusted = |address| trusted.iter().any(|block| block.contains(address));
    let mut client = peer.to_canonical();
    let named: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .collect();
    for hop in named.into_iter().rev().take(HOPS_MAX) {
        if !is_trusted(client) {
            break;
        }
        // A hop that hides itself ends what can be known.
        let Some(address) = hop_address(hop.trim()) else { break };
        client = address;
    }
    client
}

/// An address with or without brackets and port.
fn hop_address(hop: &str) -> Option<IpAddr> {
    let bare = hop.parse::<IpAddr>().ok();
    let with_port = || hop.parse::<std::net::SocketAddr>().ok().map(|it| it.ip());
    let bracketed = || {
        hop.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).and_then(|it| it.parse().ok())
    };
    bare.or_else(with_port).or_else(bracketed).map(|it| it.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks() {
        let table = [
            ("10.0.0.0/8", "10.255.0.1", true),
            ("10.0.0.0/8", "11.0.0.1", false),
            ("10.0.0.0/8", "::ffff:10.0.0.1", true),
            ("192.0.2.7", "192.0.2.7", true),
            ("192.0.2.7", "192.0.2.8", false),
            ("0.0.0.0/0", "203.0.113.5", true),
            ("0.0.0.0/0", "2001:db8::1", false),
            ("2001:db8::/32", "2001:db8:1::1", true),
            ("2001:db8::/32", "2001:db9::1", false),
            ("::1", "::1", true),
        ];
        for (block, address, inside) in table {
            let block: Cidr = block.parse().unwrap();
            assert_eq!(block.contains(address.parse().unwrap()), inside, "{block:?} {address}");
        }
        for text in ["", "10.0.0.0/33", "10.0.0/8", "::/129", "a/8", "10.0.0.0/-1", "10.0.0.0/"] {
            assert_eq!(text.parse::<Cidr>(), Err(CidrError), "{text}");
        }
    }

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        let trusted: Vec<Cidr> = vec!["10.0.0.0/8".parse().unwrap()];
        let table = [
            ("192.0.2.1", "203.0.113.9", "192.0.2.1"),
            ("10.0.0.1", "203.0.113.9", "203.0.113.9"),
            ("10.0.0.1", "6.6.6.6, 203.0.113.9", "203.0.113.9"),
            ("10.0.0.1", "203.0.113.9, 10.0.0.2", "203.0.113.9"),
            ("10.0.0.1", "203.0.113.9, unknown", "10.0.0.1"),
            ("10.0.0.1", "[2001:db8::5]:4711", "2001:db8::5"),
            ("10.0.0.1", "", "10.0.0.1"),
        ];
        for (peer, named, expected) in table {
            let mut headers = HeaderMap::new();
            headers.insert("x-forwarded-for", named.parse().unwrap());
            let found = client_address(&headers, peer.parse().unwrap(), &trusted);
            assert_eq!(found.to_string(), expected, "{peer} {named}");
        }
    }
}
