//! Reading requests: hosts, cookies, sub-ids, the facts that classification looks at.

use std::borrow::Cow;

use http::header::{HeaderName, HeaderValue};
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

pub(crate) const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

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
    let name = if host.starts_with('[') { &host[..=host.find(']')?] } else { before(host, b":") };
    let name = name.strip_suffix('.').unwrap_or(name);
    if name.is_empty() || name.starts_with('.') || name.ends_with('.') {
        return None;
    }
    // One look at each byte: every request comes by here.
    let found = name.bytes().fold(0, |found, byte| found | HOST_BYTES[usize::from(byte)]);
    let has_upper = found & UPPER != 0;
    if found & NOT_PLAIN != 0 {
        // A configured host may be written in Unicode; requests always come in punycode.
        let ascii = (!name.is_ascii()).then(|| url::Host::parse(name).ok()).flatten()?;
        return Some(Cow::Owned(ascii.to_string()));
    }
    if has_upper {
        return Some(Cow::Owned(name.to_ascii_lowercase()));
    }
    Some(Cow::Borrowed(name))
}

const UPPER: u8 = 1;
const NOT_PLAIN: u8 = 2;

/// What a byte is in a host.
static HOST_BYTES: [u8; 256] = host_bytes();

const fn host_bytes() -> [u8; 256] {
    let mut table = [NOT_PLAIN; 256];
    let mut byte: u8 = 0;
    while byte < 128 {
        table[byte as usize] = match byte {
            b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'[' | b']' | b':' => 0,
            b'A'..=b'Z' => UPPER,
            _ => NOT_PLAIN,
        };
        byte += 1;
    }
    table
}

/// The part of a text before the first of some ASCII characters.
fn before<'a>(text: &'a str, ends: &[u8]) -> &'a str {
    let end = text.bytes().position(|byte| ends.contains(&byte));
    &text[..end.unwrap_or(text.len())]
}

/// The headers of a request that a click looks at, found in one pass: asking a header map for each
/// hashes its name each time. Of a header that is there twice the first counts.
#[derive(Debug, Default)]
pub struct Heads<'a> {
    host: Option<&'a HeaderValue>,
    user_agent: Option<&'a HeaderValue>,
    accept: Option<&'a HeaderValue>,
    referer: Option<&'a HeaderValue>,
    cookie: Option<&'a HeaderValue>,
    sec_gpc: Option<&'a HeaderValue>,
    sec_fetch_dest: Option<&'a HeaderValue>,
    sec_fetch_mode: Option<&'a HeaderValue>,
    sec_fetch_site: Option<&'a HeaderValue>,
    sec_purpose: Option<&'a HeaderValue>,
    purpose: Option<&'a HeaderValue>,
    x_purpose: Option<&'a HeaderValue>,
    x_moz: Option<&'a HeaderValue>,
}

impl<'a> Heads<'a> {
    /// Finds them.
    #[must_use]
    pub fn of(headers: &'a HeaderMap) -> Self {
        let mut heads = Self::default();
        for (name, value) in headers {
            let place = match name.as_str() {
                "host" => &mut heads.host,
                "user-agent" => &mut heads.user_agent,
                "accept" => &mut heads.accept,
                "referer" => &mut heads.referer,
                "cookie" => &mut heads.cookie,
                "sec-gpc" => &mut heads.sec_gpc,
                "sec-fetch-dest" => &mut heads.sec_fetch_dest,
                "sec-fetch-mode" => &mut heads.sec_fetch_mode,
                "sec-fetch-site" => &mut heads.sec_fetch_site,
                "sec-purpose" => &mut heads.sec_purpose,
                "purpose" => &mut heads.purpose,
                "x-purpose" => &mut heads.x_purpose,
                "x-moz" => &mut heads.x_moz,
                _ => continue,
            };
            place.get_or_insert(value);
        }
        heads
    }

    /// The `Host` as sent.
    #[must_use]
    pub fn host(&self) -> Option<&'a str> {
        readable(self.host)
    }

    /// Whether the browser says in so many words that a person opens a page, as it does for most
    /// clicks: short of the agent there is nothing that would make it anything else.
    #[must_use]
    pub(crate) fn open_a_page(&self) -> bool {
        let is = |value: Option<&HeaderValue>, word: &str| value.is_some_and(|it| *it == *word);
        let early = [self.sec_purpose, self.purpose, self.x_purpose, self.x_moz];
        is(self.sec_fetch_dest, "document")
            && is(self.sec_fetch_mode, "navigate")
            && self.accept.is_none_or(|kinds| kinds.as_bytes().starts_with(b"text/html"))
            && early.iter().all(Option::is_none)
    }

    /// What classification looks at.
    #[must_use]
    pub fn facts(&self, method: &'a Method) -> RequestFacts<'a> {
        RequestFacts {
            method: method.as_str(),
            user_agent: self.agent(),
            sec_fetch_dest: readable(self.sec_fetch_dest),
            sec_fetch_mode: readable(self.sec_fetch_mode),
            sec_fetch_site: readable(self.sec_fetch_site),
            sec_purpose: readable(self.sec_purpose),
            purpose: readable(self.purpose.or(self.x_purpose)),
            x_moz: readable(self.x_moz),
            accept: readable(self.accept),
        }
    }

    /// What classification looks at when a script on the landing page speaks for the visitor: its
    /// request is a fetch by nature, so only who sends it counts, not how.
    #[must_use]
    pub fn script_facts(&self) -> RequestFacts<'a> {
        RequestFacts { method: "GET", user_agent: self.agent(), ..RequestFacts::default() }
    }

    /// The `User-Agent`; empty when absent. One with bytes outside UTF-8 still is somebody's.
    #[must_use]
    pub fn agent(&self) -> &'a str {
        match self.user_agent.map(|value| std::str::from_utf8(value.as_bytes())) {
            Some(Ok(agent)) => agent,
            Some(Err(_)) => "unreadable",
            None => "",
        }
    }

    /// Whether the visitor's browser says that nothing is to be shared or sold.
    #[must_use]
    pub fn says_gpc(&self) -> bool {
        self.sec_gpc.is_some_and(|value| value.as_bytes() == b"1")
    }

    /// The host of the `Referer`, normalised.
    #[must_use]
    pub fn referrer_host(&self) -> Option<String> {
        host_of_address(readable(self.referer)?)
    }

    /// The value of a cookie; the first of that name, as browsers send the most specific first.
    #[must_use]
    pub fn cookie(&self, name: &str) -> Option<&'a str> {
        readable(self.cookie)?.split(';').find_map(|pair| {
            let (found, value) = pair.trim().split_once('=')?;
            (found == name).then_some(value)
        })
    }
}

/// A value as text. Not `to_str`, which looks at each byte by itself: that the bytes are no
/// control characters hyper has already seen to.
fn readable(value: Option<&HeaderValue>) -> Option<&str> {
    std::str::from_utf8(value?.as_bytes()).ok()
}

/// The host of an `http` or `https` address (a referrer, an origin), normalised.
#[must_use]
pub fn host_of_address(address: &str) -> Option<String> {
    let rest = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"))?;
    let authority = before(rest, b"/?#\\");
    let host = authority.rsplit('@').next()?;
    let host = normal_host(host)?;
    (host.len() <= REFERRER_HOST_BYTES_MAX).then(|| host.into_owned())
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

#[cfg(test)]
mod tests;
