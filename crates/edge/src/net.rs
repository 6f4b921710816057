//! Who asked: the peer, or, behind a trusted proxy, whom the proxy names. Forwarded headers from
//! anybody else are ignored, as anybody can write them.

use std::borrow::Cow;
use std::net::IpAddr;
use std::str::FromStr;

use http::HeaderMap;
use http::header::{FORWARDED, HeaderName};

use crate::request::{normal_host, text};

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const X_FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
/// Hops looked at in a list of forwarders; longer chains are somebody's joke.
const HOPS_MAX: usize = 16;

/// A block of addresses, `10.0.0.0/8` or `2001:db8::/32`; an address alone is a block of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cidr {
    network: u128,
    mask: u128,
    is_v4: bool,
}

/// Not an address block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an address block is written like 10.0.0.0/8 or 2001:db8::/32")]
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
    /// Whether the block has this address. An IPv4 address mapped into IPv6 is taken as IPv4.
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

/// The visitor's address: the peer, or the last hop of `X-Forwarded-For` (else of `Forwarded`)
/// that is not itself a trusted proxy.
#[must_use]
pub fn client_address(headers: &HeaderMap, peer: IpAddr, proxies: &[Cidr]) -> IpAddr {
    if !is_trusted(proxies, peer) {
        return peer;
    }
    let mut client = peer;
    let named_by_x = headers.get_all(X_FORWARDED_FOR).iter().rev();
    let mut hops = named_by_x
        .filter_map(|value| value.to_str().ok())
        .flat_map(|list| list.rsplit(','))
        .map(str::trim)
        .peekable();
    if hops.peek().is_some() {
        walk(&mut client, hops.map(hop_address), proxies);
    } else {
        let elements = headers.get_all(FORWARDED).iter().rev();
        let elements = elements
            .filter_map(|value| value.to_str().ok())
            .flat_map(|list| list.rsplit(','))
            .map(|element| forwarded_pair(element, "for").and_then(hop_address));
        walk(&mut client, elements, proxies);
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
    if let Ok(address) = text.parse() {
        return Some(address);
    }
    if let Some(rest) = text.strip_prefix('[') {
        return rest.split(']').next()?.parse().ok();
    }
    text.rsplit_once(':')?.0.parse().ok()
}

/// The value of one pair of a `Forwarded` element (RFC 7239).
fn forwarded_pair<'a>(element: &'a str, name: &str) -> Option<&'a str> {
    element.split(';').find_map(|pair| {
        let (found, value) = pair.split_once('=')?;
        found.trim().eq_ignore_ascii_case(name).then(|| value.trim().trim_matches('"'))
    })
}

/// The host that a trusted proxy says was asked for, normalised. `None` when it does not say.
#[must_use]
pub fn forwarded_host(headers: &HeaderMap) -> Option<Cow<'_, str>> {
    let named = text(headers, &X_FORWARDED_HOST).and_then(|list| list.rsplit(',').next());
    let named = named.or_else(|| {
        let list = text(headers, &FORWARDED)?;
        forwarded_pair(list.rsplit(',').next()?, "host")
    });
    normal_host(named?.trim())
}

#[cfg(test)]
mod tests;
