//! Where a redirect may go. Everything that ends in a `Location` passes through here: addresses
//! are parsed, held against the program's domains by their *parsed* host, and sent in their
//! serialised form, never as the caller wrote them. So what a browser makes of the text cannot
//! differ from what was checked.

use std::borrow::Cow;

use tributary_kernel::limits::URL_BYTES_MAX;
use url::{Host, Url};

/// Why a deep link is not followed. The visitor goes to the link's own destination instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeepLinkRefusal {
    /// Longer than [`URL_BYTES_MAX`].
    TooLong,
    /// Control characters, white space or backslashes, which parsers read differently.
    Characters,
    /// Not an absolute `http` or `https` address without user information.
    Form,
    /// A host outside the program's domains.
    Foreign,
}

/// The hosts that deep links of a program may go to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AllowedDomains(Vec<AllowedDomain>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct AllowedDomain {
    host: Box<str>,
    /// Addresses have no subdomains.
    is_address: bool,
}

impl AllowedDomains {
    /// Takes host names, with or without a leading `*.`, in Unicode or punycode, and addresses.
    /// What is neither is left out, and so is a single label other than `localhost`: it would
    /// open a whole top-level domain.
    #[must_use]
    pub fn new<S: AsRef<str>>(domains: &[S]) -> Self {
        Self(domains.iter().filter_map(|text| AllowedDomain::parse(text.as_ref())).collect())
    }

    /// Whether `host`, as `url` serialises it, is one of these or below one of them.
    #[must_use]
    pub fn contain(&self, host: &str) -> bool {
        self.0.iter().any(|domain| domain.contains(host))
    }

    /// Whether an `Origin` or `Referer` is of one of these.
    #[must_use]
    pub fn contain_origin(&self, origin: &str) -> bool {
        let parsed = Url::parse(origin).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        parsed.and_then(|url| url.host_str().map(|host| self.contain(host))).unwrap_or(false)
    }
}

impl AllowedDomain {
    fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let text = text.strip_prefix("*.").unwrap_or(text);
        match Host::parse(text).ok()? {
            Host::Domain(host) => {
                let named = host.contains('.') || host == "localhost";
                let plain = !host.ends_with('.') && !host.starts_with('.');
                (named && plain).then(|| Self { host: host.into(), is_address: false })
            }
            address => Some(Self { host: address.to_string().into(), is_address: true }),
        }
    }

    fn contains(&self, host: &str) -> bool {
        if host == &*self.host {
            return true;
        }
        let above = host.strip_suffix(&*self.host).and_then(|rest| rest.strip_suffix('.'));
        !self.is_address && above.is_some_and(|label| !label.is_empty())
    }
}

/// The serialised form of an absolute `http` or `https` address without user information; ASCII
/// only. `None` for everything else.
#[must_use]
pub fn normal_destination(text: &str) -> Option<String> {
    parse_destination(text).ok().map(String::from)
}

/// The serialised form of `?to=` if it leads to one of the program's domains.
///
/// # Errors
/// Why it is not followed.
pub fn deep_link(text: &str, domains: &AllowedDomains) -> Result<String, DeepLinkRefusal> {
    let url = parse_destination(text)?;
    let host = url.host_str().ok_or(DeepLinkRefusal::Form)?;
    if !domains.contain(host) {
        return Err(DeepLinkRefusal::Foreign);
    }
    Ok(url.into())
}

fn parse_destination(text: &str) -> Result<Url, DeepLinkRefusal> {
    if text.len() > URL_BYTES_MAX {
        return Err(DeepLinkRefusal::TooLong);
    }
    // `url` follows the browsers: it drops tabs and line breaks and reads `\` as `/`. What needs
    // such mercy was not written by an honest hand.
    if text.chars().any(|c| c.is_control() || c.is_whitespace() || c == '\\') {
        return Err(DeepLinkRefusal::Characters);
    }
    // It also forgives `https:host` and `https:///host`.
    let scheme_end = text.find("://").ok_or(DeepLinkRefusal::Form)?;
    let (scheme, rest) = (&text[..scheme_end], &text[scheme_end + 3..]);
    let web = scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http");
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if !web || authority.is_empty() || authority.contains('@') {
        return Err(DeepLinkRefusal::Form);
    }
    let url = Url::parse(text).map_err(|_| DeepLinkRefusal::Form)?;
    let plain = url.username().is_empty()
        && url.password().is_none()
        && matches!(url.scheme(), "http" | "https")
        && url.host_str().is_some_and(|host| !host.is_empty() && !host.ends_with('.'));
    if !plain {
        return Err(DeepLinkRefusal::Form);
    }
    if url.as_str().len() > URL_BYTES_MAX {
        return Err(DeepLinkRefusal::TooLong);
    }
    Ok(url)
}

/// A destination with parameters put into its query: `own` first (replacing parameters of that
/// name), then those of `carried` that the destination does not have yet. Query order and the
/// fragment stay.
///
/// `destination` is normalised; names and values of `own` are ASCII that needs no escaping;
/// `carried` are raw pairs of the request's query.
#[must_use]
pub fn with_parameters(
    destination: &str,
    own: Option<(&str, &str)>,
    carried: Option<&str>,
) -> String {
    let (base, query, fragment) = parts(destination);
    let added = own.map_or(0, |(name, value)| name.len() + value.len() + 2);
    let mut out =
        String::with_capacity(destination.len() + added + carried.map_or(0, |c| c.len() * 3 + 1));
    out.push_str(base);
    let mut separator = '?';
    for pair in pairs(query).filter(|pair| !pair.is_empty()) {
        if own.is_none_or(|(name, _)| pair_name(pair) != name) {
            out.push(separator);
            out.push_str(pair);
            separator = '&';
        }
    }
    if let Some((name, value)) = own {
        out.push(separator);
        out.push_str(name);
        out.push('=');
        out.push_str(value);
        separator = '&';
    }
    for pair in carried.into_iter().flat_map(carried_pairs) {
        if !query.split('&').any(|there| pair_name(there) == pair_name(pair)) {
            out.push(separator);
            push_escaped(&mut out, pair);
            separator = '&';
        }
    }
    out.push_str(fragment);
    out
}

/// What stands before the query, the query, and the fragment with its `#`.
fn parts(destination: &str) -> (&str, &str, &str) {
    // Looked at to the end, so that many bytes are looked at in one go.
    let marked = |found, byte| found | (byte == b'?') | (byte == b'#');
    if !destination.bytes().fold(false, marked) {
        return (destination, "", "");
    }
    let (rest, fragment) = match destination.find('#') {
        Some(at) => destination.split_at(at),
        None => (destination, ""),
    };
    let (base, query) = rest.split_once('?').unwrap_or((rest, ""));
    (base, query, fragment)
}

/// The pairs of a query as they stand there.
fn pairs(query: &str) -> impl Iterator<Item = &str> {
    // Most queries here are empty, and splitting nothing costs something.
    (!query.is_empty()).then(|| query.split('&')).into_iter().flatten()
}

/// Of a request's query only `utm_*` goes on: campaign names belong to the advertiser's reports.
/// Click ids of advertising platforms do not, as browsers shorten cookies where they see them.
fn carried_pairs(query: &str) -> impl Iterator<Item = &str> {
    pairs(query).filter(|pair| pair.starts_with("utm_") && pair.contains('='))
}

/// Whether a query has anything that [`with_parameters`] would carry on.
#[must_use]
pub fn carries(query: &str) -> bool {
    carried_pairs(query).next().is_some()
}

fn pair_name(pair: &str) -> &str {
    pair.split('=').next().unwrap_or_default()
}

/// Bytes that mean something in a URL or a header beyond themselves are escaped.
fn push_escaped(out: &mut String, pair: &str) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for byte in pair.bytes() {
        let kept = byte.is_ascii_alphanumeric() || b"-._~%+:,;/!*()@$=".contains(&byte);
        if kept {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push(char::from(HEX[usize::from(byte >> 4)]));
            out.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
}

/// Whether a parameter name can stand in a URL as it is.
#[must_use]
pub fn is_parameter_name(name: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    (1..=32).contains(&name.len()) && name.bytes().all(allowed)
}

/// A value of a query, decoded: `+` is a space, `%xx` a byte. `None` when an escape is broken or
/// the bytes are not UTF-8.
#[must_use]
pub fn decoded(value: &str) -> Option<Cow<'_, str>> {
    unescaped(value, true)
}

/// A path, decoded. `None` as by [`decoded`].
#[must_use]
pub fn decoded_path(path: &str) -> Option<Cow<'_, str>> {
    unescaped(path, false)
}

fn unescaped(text: &str, plus_is_space: bool) -> Option<Cow<'_, str>> {
    if !text.bytes().any(|byte| byte == b'%' || plus_is_space && byte == b'+') {
        return Some(Cow::Borrowed(text));
    }
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        out.push(match byte {
            b'+' if plus_is_space => b' ',
            b'%' => {
                let high = char::from(bytes.next()?).to_digit(16)?;
                let low = char::from(bytes.next()?).to_digit(16)?;
                u8::try_from(high << 4 | low).expect("two hexadecimal digits")
            }
            other => other,
        });
    }
    String::from_utf8(out).ok().map(Cow::Owned)
}

/// The raw value of the first parameter called `name` (names are compared as written).
#[must_use]
pub fn parameter<'q>(query: &'q str, name: &str) -> Option<&'q str> {
    pairs(query).find_map(|pair| {
        let (found, value) = pair.split_once('=').unwrap_or((pair, ""));
        (found == name).then_some(value)
    })
}

#[cfg(test)]
mod tests;
