//! Who asked: the peer, or, behind a trusted proxy, whom the proxy names. Forwarded headers from
//! anybody else are ignored, as anybody can write them.

use std::borrow::Cow;
use std::net::IpAddr;

use http::HeaderMap;
use http::header::{FORWARDED, HeaderName};
use tributary_kernel::net::{self, forwarded_pair};
pub use tributary_kernel::net::{Cidr, CidrError, is_trusted};

use crate::request::{normal_host, text};

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const X_FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");

/// The visitor's address: the peer, or whom a trusted proxy names; see [`net::client_address`].
#[must_use]
pub fn client_address(headers: &HeaderMap, peer: IpAddr, proxies: &[Cidr]) -> IpAddr {
    let values = |name| headers.get_all(name).into_iter().filter_map(|it| it.to_str().ok());
    net::client_address(peer, values(X_FORWARDED_FOR), values(FORWARDED), proxies)
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
