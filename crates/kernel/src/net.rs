//! Who asks: the peer, or, behind a proxy that the configuration trusts, whom that proxy names. What
//! anybody else writes into a header is never believed.

use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

/// Hops followed backwards; a longer chain ends where it is cut.
const HOPS_MAX: usize = 16;

/// A block of addresses: `10.0.0.0/8`, `2001:db8::/32`, or one address. IPv4 written as IPv6 counts
/// as IPv4.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cidr {
    network: u128,
    mask: u128,
    is_v4: bool,
}

/// Not a block of addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("write an address block like 10.0.0.0/8 or 2001:db8::/32, or one address")]
pub struct CidrError;

impl FromStr for Cidr {
    type Err = CidrError;

    fn from_str(text: &str) -> Result<Self, CidrError> {
        let (address, length) = match text.split_once('/') {
            Some((address, length)) => (address, Some(length)),
            None => (text, None),
        };
        let address: IpAddr = address.trim().parse().map_err(|_| CidrError)?;
        let (bits, is_v4) = address_bits(address);
        let width = if is_v4 { 32 } else { 128 };
        let length: u32 = match length {
            Some(length) => length.trim().parse().map_err(|_| CidrError)?,
            None => width,
        };
        if length > width {
            return Err(CidrError);
        }
        let mask = u128::MAX.checked_shl(width - length).unwrap_or(0);
        Ok(Self { network: bits & mask, mask, is_v4 })
    }
}

impl Cidr {
    /// Whether an address lies in the block.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        let (bits, is_v4) = address_bits(address);
        is_v4 == self.is_v4 && bits & self.mask == self.network
    }
}

fn address_bits(address: IpAddr) -> (u128, bool) {
    match address.to_canonical() {
        IpAddr::V4(v4) => (u128::from(v4.to_bits()), true),
        IpAddr::V6(v6) => (v6.to_bits(), false),
    }
}

/// Whether a peer's forwarded headers are believed.
#[must_use]
pub fn is_trusted(proxies: &[Cidr], peer: IpAddr) -> bool {
    proxies.iter().any(|block| block.contains(peer))
}

/// The client's address: the peer, unless it is a trusted proxy; then the nearest hop of
/// `X-Forwarded-For` (without one, of `Forwarded`) that is not one. Both are given as the header's
/// values in their order.
#[must_use]
pub fn client_address<'a>(
    peer: IpAddr,
    x_forwarded_for: impl DoubleEndedIterator<Item = &'a str>,
    forwarded: impl DoubleEndedIterator<Item = &'a str>,
    proxies: &[Cidr],
) -> IpAddr {
    let mut client = peer.to_canonical();
    if !is_trusted(proxies, client) {
        return client;
    }
    let mut hops = x_forwarded_for.rev().flat_map(|list| list.rsplit(',')).peekable();
    if hops.peek().is_some() {
        walk(&mut client, hops.map(hop_address), proxies);
    } else {
        let elements = forwarded.rev().flat_map(|list| list.rsplit(','));
        let hops = elements.map(|element| forwarded_pair(element, "for").and_then(hop_address));
        walk(&mut client, hops, proxies);
    }
    client
}

/// Goes back along the hops while each was named by a trusted one.
fn walk(client: &mut IpAddr, hops: impl Iterator<Item = Option<IpAddr>>, proxies: &[Cidr]) {
    for hop in hops.take(HOPS_MAX) {
        // An unknown or hidden hop ends the chain: what stands before it is hearsay.
        let Some(address) = hop else { return };
        *client = address;
        if !is_trusted(proxies, address) {
            return;
        }
    }
}

/// `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]:80`, in quotes or not.
fn hop_address(text: &str) -> Option<IpAddr> {
    let text = text.trim().trim_matches('"');
    let bare = text.parse::<IpAddr>().ok();
    let with_port = || text.parse::<SocketAddr>().ok().map(|it| it.ip());
    let bracketed = || text.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    bare.or_else(with_port).or_else(bracketed).map(|it| it.to_canonical())
}

/// The value of one pair of a `Forwarded` element (RFC 7239).
#[must_use]
pub fn forwarded_pair<'a>(element: &'a str, name: &str) -> Option<&'a str> {
    element.split(';').find_map(|pair| {
        let (found, value) = pair.split_once('=')?;
        found.trim().eq_ignore_ascii_case(name).then(|| value.trim().trim_matches('"'))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn blocks_contain_their_addresses() {
        for (block, inside, outside) in [
            ("10.0.0.0/8", "10.255.1.2", "11.0.0.0"),
            ("10.0.0.0/8", "::ffff:10.0.0.1", "2001:db8::1"),
            ("192.0.2.7", "192.0.2.7", "192.0.2.8"),
            ("192.0.2.7/32", "::ffff:192.0.2.7", "192.0.2.6"),
            ("0.0.0.0/0", "255.255.255.255", "::1"),
            ("2001:db8::/32", "2001:db8:ffff::1", "2001:db9::"),
            ("::1", "::1", "::2"),
            ("::/0", "::1", "127.0.0.1"),
            ("10.1.2.3/8", "10.0.0.1", "9.0.0.1"),
        ] {
            let block: Cidr = block.parse().unwrap();
            assert!(block.contains(address(inside)), "{block:?} {inside}");
            assert!(!block.contains(address(outside)), "{block:?} {outside}");
        }
        for none in ["", "10.0.0.0/33", "10.0.0", "::/129", "10.0.0.0/-1", "x/8", "10.0.0.0/"] {
            assert_eq!(none.parse::<Cidr>(), Err(CidrError), "{none:?}");
        }
    }

    #[test]
    fn the_client_is_the_last_hop_that_a_trusted_one_names() {
        let proxies: Vec<Cidr> =
            vec!["10.0.0.0/8".parse().unwrap(), "2001:db8::/32".parse().unwrap()];
        for (peer, x, forwarded, expected) in [
            ("203.0.113.1", vec!["198.51.100.9"], vec![], "203.0.113.1"),
            ("10.0.0.1", vec![], vec![], "10.0.0.1"),
            ("10.0.0.1", vec![""], vec![], "10.0.0.1"),
            ("10.0.0.1", vec!["198.51.100.9"], vec!["for=6.6.6.6"], "198.51.100.9"),
            ("10.0.0.1", vec!["6.6.6.6, 198.51.100.9, 10.0.0.2"], vec![], "198.51.100.9"),
            ("10.0.0.1", vec!["6.6.6.6", "198.51.100.9"], vec![], "198.51.100.9"),
            ("10.0.0.1", vec!["10.0.0.3, 10.0.0.2"], vec![], "10.0.0.3"),
            ("10.0.0.1", vec!["6.6.6.6, nonsense, 10.0.0.2"], vec![], "10.0.0.2"),
            ("10.0.0.1", vec!["198.51.100.9:4711"], vec![], "198.51.100.9"),
            ("10.0.0.1", vec!["[2001:db9::1]:80"], vec![], "2001:db9::1"),
            ("10.0.0.1", vec!["[2001:db9::1]"], vec![], "2001:db9::1"),
            ("10.0.0.1", vec!["::ffff:192.0.2.1"], vec![], "192.0.2.1"),
            ("10.0.0.1", vec![], vec!["for=192.0.2.60;by=203.0.113.43"], "192.0.2.60"),
            ("10.0.0.1", vec![], vec!["for=6.6.6.6, For=\"[2001:db9::17]:1\""], "2001:db9::17"),
            ("10.0.0.1", vec![], vec!["for=6.6.6.6, for=_hidden"], "10.0.0.1"),
            ("::ffff:10.0.0.1", vec!["198.51.100.9"], vec![], "198.51.100.9"),
        ] {
            let (named, also) = (x.iter().copied(), forwarded.iter().copied());
            let found = client_address(address(peer), named, also, &proxies);
            assert_eq!(found, address(expected), "{peer} {x:?} {forwarded:?}");
        }
        let long = vec!["10.0.0.9"; HOPS_MAX + 1].join(",");
        let hidden = format!("198.51.100.9,{long}");
        let none = std::iter::empty();
        let found =
            client_address(address("10.0.0.1"), [hidden.as_str()].into_iter(), none, &proxies);
        assert_eq!(found, address("10.0.0.9"), "a longer chain is cut");
    }

    proptest! {
        #[test]
        fn forwarded_headers_never_panic(x in "\\PC{0,80}", f in "[a-z=;,\\[\\]:\".0-9 ]{0,80}") {
            let proxies: Vec<Cidr> = vec!["0.0.0.0/0".parse().unwrap()];
            let peer = address("10.0.0.1");
            let one = |text: &'static str| std::iter::once(text);
            let _ = client_address(peer, [x.as_str()].into_iter(), one(""), &proxies);
            let _ = client_address(peer, std::iter::empty(), [f.as_str()].into_iter(), &proxies);
        }
    }
}
