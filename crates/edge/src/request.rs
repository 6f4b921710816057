//! Reading requests: hosts, cookies, sub-ids, the facts that classification looks at.

use std::borrow::Cow;

use http::header::{ACCEPT, COOKIE, HeaderName, REFERER, USER_AGENT};
use http::{HeaderMap, Method};
use tributary_click::{REFERRER_HOST_BYTES_MAX, RequestFacts};
use tributary_kernel::limits::SUB_ID_BYTES_MAX;

use crate::destination::decoded;

/// Bytes of path and query together; longer ones are answered 414.
pub const TARGET_BYTES_MAX: usize = 6 * 1024;
/// Bytes of all headers; longer ones are answered 431.
pub const HEAD_BYTES_MAX: usize = 16 * 1024;
/// Bytes of a host name with its port.
const HOST_BYTES_MAX: usize = 260;

pub(crate) const SEC_GPC: HeaderName = HeaderName::from_static("sec-gpc");
pub(crate) const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const SEC_FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");
const SEC_FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");
const SEC_PURPOSE: HeaderName = HeaderName::from_static("sec-purpose");
const PURPOSE: HeaderName = HeaderName::from_static("purpose");
const X_PURPOSE: HeaderName = HeaderName::from_static("x-purpose");
const X_MOZ: HeaderName = HeaderName::from_static("x-moz");

/// A header as text; `None` when absent or not visible ASCII.
#[must_use]
pub fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// A host in the form in which hosts are compared: lower case, no port, no trailing dot.
/// `None` when it is none.
#[must_use]
pub fn normal_host(host: &str) -> Option<Cow<'_, str>> {
    let host = host.trim();
    if host.len() > HOST_BYTES_MAX {
        return None;
    }
    let name =
        if host.starts_with('[') { &host[..=host.find(']')?] } else { host.split(':').next()? };
    let name = name.strip_suffix('.').unwrap_or(name);
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._[]:".contains(&byte);
    if name.is_empty() {
        return None;
    }
    if !name.bytes().all(allowed) {
        // A configured host may be written in Unicode; requests always come in punycode.
        let ascii = (!name.is_ascii()).then(|| url::Host::parse(name).ok()).flatten()?;
        return Some(Cow::Owned(ascii.to_string()));
    }
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Some(Cow::Owned(name.to_ascii_lowercase()));
    }
    Some(Cow::Borrowed(name))
}

/// What classification looks at.
#[must_use]
pub fn facts<'a>(method: &'a Method, headers: &'a HeaderMap) -> RequestFacts<'a> {
    RequestFacts {
        method: method.as_str(),
        user_agent: agent(headers),
        sec_fetch_dest: text(headers, &SEC_FETCH_DEST),
        sec_fetch_mode: text(headers, &SEC_FETCH_MODE),
        sec_fetch_site: text(headers, &SEC_FETCH_SITE),
        sec_purpose: text(headers, &SEC_PURPOSE),
        purpose: text(headers, &PURPOSE).or_else(|| text(headers, &X_PURPOSE)),
        x_moz: text(headers, &X_MOZ),
        accept: text(headers, &ACCEPT),
    }
}

/// What classification looks at when a script on the landing page speaks for the visitor: its
/// request is a fetch by nature, so only who sends it counts, not how.
#[must_use]
pub fn script_facts<'a>(headers: &'a HeaderMap) -> RequestFacts<'a> {
    RequestFacts { method: "GET", user_agent: agent(headers), ..RequestFacts::default() }
}

/// The `User-Agent`; empty when absent. One with bytes outside ASCII still is somebody's.
pub(crate) fn agent(headers: &HeaderMap) -> &str {
    match headers.get(USER_AGENT) {
        Some(value) => match std::str::from_utf8(value.as_bytes()) {
            Ok(agent) => agent,
            Err(_) => "unreadable",
        },
        None => "",
    }
}

/// Whether the visitor's browser says that nothing is to be shared or sold.
pub(crate) fn says_gpc(headers: &HeaderMap) -> bool {
    headers.get(SEC_GPC).is_some_and(|value| value.as_bytes() == b"1")
}

/// The host of the `Referer`, normalised.
#[must_use]
pub fn referrer_host(headers: &HeaderMap) -> Option<String> {
    host_of_address(text(headers, &REFERER)?)
}

/// The host of an `http` or `https` address (a referrer, an origin), normalised.
#[must_use]
pub fn host_of_address(address: &str) -> Option<String> {
    let rest = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"))?;
    let authority = rest.split(['/', '?', '#', '\\']).next()?;
    let host = authority.rsplit('@').next()?;
    let host = normal_host(host)?;
    (host.len() <= REFERRER_HOST_BYTES_MAX).then(|| host.into_owned())
}

/// The value of a cookie; the first of that name, as browsers send the most specific first.
#[must_use]
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok()).find_map(|list| {
        list.split(';').find_map(|pair| {
            let (found, value) = pair.trim().split_once('=')?;
            (found == name).then_some(value)
        })
    })
}

/// `sub1` to `sub5` of a query: decoded, cut to [`SUB_ID_BYTES_MAX`] at a character; one with
/// control characters, or that does not decode, is left out.
#[must_use]
pub fn sub_ids(query: &str) -> [Option<String>; 5] {
    let mut found = [const { None }; 5];
    if !query.contains("sub") {
        return found;
    }
    for pair in query.split('&') {
        let Some((name, value)) = pair.split_once('=') else { continue };
        let place = match name.as_bytes() {
            [b's', b'u', b'b', digit @ b'1'..=b'5'] => usize::from(digit - b'1'),
            _ => continue,
        };
        if found[place].is_none() {
            found[place] = sub_id(value);
        }
    }
    found
}

fn sub_id(value: &str) -> Option<String> {
    let value = decoded(value)?;
    if value.is_empty() || value.chars().any(char::is_control) {
        return None;
    }
    let end = value.floor_char_boundary(SUB_ID_BYTES_MAX);
    Some(value[..end].to_owned())
}
