//! Which page a call of the tracking endpoints comes from.
//!
//! These calls make clicks, extend their life and set cookies, so a page of a stranger must not
//! cause them: an image on a partner's blog whose address is the advertiser's consent endpoint
//! would otherwise put that partner's click into every reader's browser (cookie stuffing).
//! `Sec-Fetch-Site` and `Origin` cannot be set by page script; `Referer` can be left out by it,
//! but not be made to name another host.

use http::HeaderMap;
use http::header::{HeaderName, HeaderValue, ORIGIN, REFERER};

use crate::destination::AllowedDomains;
use crate::request::{SEC_FETCH_SITE, host_of_address, text};

/// Where a call comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caller {
    /// A page of the program's, calling through its own host: a cookie may be set.
    OwnHost,
    /// A page of the program's, calling across hosts.
    Page,
    /// No page is named: a server, or a browser that says nothing.
    Silent,
    /// A page of somebody else.
    Foreign,
}

/// Tells where a call comes from that reached us under `host` (normalised).
#[must_use]
pub fn caller(headers: &HeaderMap, host: &str, domains: &AllowedDomains) -> Caller {
    let site = text(headers, &SEC_FETCH_SITE);
    let named = headers.get(ORIGIN).or_else(|| headers.get(REFERER));
    let Some(named) = named else {
        return match site {
            // The proxy of the own host may have left out the referrer, but then the host is
            // all there is to go by.
            Some("same-origin") if domains.contain(host) => Caller::OwnHost,
            None | Some("none") => Caller::Silent,
            Some(_) => Caller::Foreign,
        };
    };
    let page = named.to_str().ok().and_then(host_of_address);
    let Some(page) = page.filter(|page| domains.contain(page)) else {
        return Caller::Foreign;
    };
    match site {
        // The browser's word that page and called host are one holds whatever name the proxy
        // between them uses for us.
        Some("same-origin") => Caller::OwnHost,
        // Browsers that do not send it: the names must be one.
        None if page == host => Caller::OwnHost,
        _ => Caller::Page,
    }
}

/// The `Origin` to name in the answer, when it is one of the program's.
pub(crate) fn readable_origin<'a>(
    headers: &'a HeaderMap,
    domains: &AllowedDomains,
) -> Option<&'a HeaderValue> {
    let name: HeaderName = ORIGIN;
    let origin = headers.get(name)?;
    origin.to_str().is_ok_and(|text| domains.contain_origin(text)).then_some(origin)
}
