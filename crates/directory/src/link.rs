use tributary_kernel::{
    FieldError, LinkId, OrganisationId, PartnerId, PartnershipId, ProgramId, Timestamp, limits,
    text_enum,
};
use url::{Host, Url};

text_enum! {
    /// Whether a link earns.
    pub enum LinkStatus {
        /// It does.
        Active = "active",
        /// Switched off: it still leads to the program, without credit.
        Disabled = "disabled",
    }
}

text_enum! {
    /// How the partner promotes with it.
    pub enum PromotionMethod {
        /// An article.
        Article = "article",
        /// A review.
        Review = "review",
        /// A comparison.
        Comparison = "comparison",
        /// A tutorial.
        Tutorial = "tutorial",
        /// A webinar.
        Webinar = "webinar",
        /// A post.
        Post = "post",
        /// A story.
        Story = "story",
        /// A mail.
        Mail = "mail",
        /// An event.
        Event = "event",
    }
}

/// A tracking link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Its id.
    pub id: LinkId,
    /// Its 28-bit number, in every click id; never given twice.
    pub number: u32,
    /// Whose program.
    pub owner: OrganisationId,
    /// Which program.
    pub program: ProgramId,
    /// Whose link.
    pub partnership: PartnershipId,
    /// That partnership's partner.
    pub partner: PartnerId,
    /// Lower-case host it is served on; empty: any host of this installation.
    pub host: String,
    /// `anna` or `anna/crm`; lower-case; unique with the host.
    pub path: String,
    /// Where it leads; none: the program's landing page.
    pub destination: Option<String>,
    /// The partner's own name for the occasion.
    pub campaign: Option<String>,
    /// How it is promoted.
    pub method: Option<PromotionMethod>,
    /// Whether it earns.
    pub status: LinkStatus,
    /// When it was made.
    pub created_at: Timestamp,
}

/// First path segments that the installation answers itself.
pub const RESERVED_PATHS: &[&str] = &[
    "_trib",
    "api",
    "assets",
    "demo",
    "design",
    "docs",
    "health",
    "healthz",
    "invitation",
    "language",
    "login",
    "logout",
    "manage",
    "metrics",
    "my",
    "openapi.json",
    "p.gif",
    "partner",
    "portal",
    "postback",
    "profile",
    "ready",
    "robots.txt",
    "seat",
    "setup",
    "static",
    "t.js",
    "v1",
];

const SEGMENT_CHARACTERS_MAX: usize = 64;

/// A link's path as it is stored: one or two segments of `a-z 0-9 - _ .`, lower-case, without
/// slashes at the ends.
///
/// # Errors
/// Which rule it breaks.
pub fn check_path(path: &str) -> Result<String, FieldError> {
    let path = path.trim().trim_matches('/').to_lowercase();
    let segments: Vec<&str> = path.split('/').collect();
    if path.is_empty() || segments.len() > 2 {
        let detail = "A link's path has one or two parts, like anna or anna/crm.";
        return Err(FieldError::new("", "path_parts", detail));
    }
    for segment in &segments {
        let length = (1..=SEGMENT_CHARACTERS_MAX).contains(&segment.len());
        let characters = segment.bytes().all(|b| {
            b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_' | b'.')
        });
        let dots = segment.bytes().all(|b| b == b'.');
        if !length || !characters || dots {
            let detail = format!(
                "Each part of a link's path has 1 to {SEGMENT_CHARACTERS_MAX} of a-z, 0-9, - _ and \
                 a dot between them."
            );
            return Err(FieldError::new("", "path_characters", detail));
        }
    }
    if RESERVED_PATHS.contains(&segments[0]) {
        let detail = format!("`{}` is used by the installation itself.", segments[0]);
        return Err(FieldError::new("", "path_reserved", detail));
    }
    Ok(path)
}

/// Whether `host` is one of the allowed domains or lies below one.
#[must_use]
pub fn host_is_allowed(host: &str, allowed_domains: &[String]) -> bool {
    allowed_domains.iter().any(|domain| {
        host == domain || host.strip_suffix(domain.as_str()).is_some_and(|rest| rest.ends_with('.'))
    })
}

/// A destination as it is stored: http or https, a host of the program's domains, no credentials.
///
/// # Errors
/// Which rule it breaks, and the domains that are allowed.
pub fn check_destination(text: &str, allowed_domains: &[String]) -> Result<String, FieldError> {
    let url = check_url(text)?;
    let host = url.host_str().unwrap_or_default();
    if host_is_allowed(host, allowed_domains) {
        return Ok(url.into());
    }
    let detail = format!(
        "`{host}` is not a domain of this program; allowed: {}.",
        allowed_domains.join(", ")
    );
    Err(FieldError::new("", "domain_not_allowed", detail))
}

/// A partner's own web site, as it is kept.
///
/// # Errors
/// What is wrong with it, under no pointer: it is no whole web address.
pub fn check_website(text: &str) -> Result<String, FieldError> {
    check_url(text).map(Into::into)
}

/// An absolute http(s) address with a host name and without credentials.
pub(crate) fn check_url(text: &str) -> Result<Url, FieldError> {
    let text = text.trim();
    let bad = |code, detail| Err(FieldError::new("", code, detail));
    if text.len() > limits::URL_BYTES_MAX {
        return bad("url_length", "An address has at most 2,048 characters.");
    }
    if text.contains(|c: char| c.is_control() || c == '\\') {
        return bad("url_characters", "An address has no control characters or backslashes.");
    }
    let Ok(url) = Url::parse(text) else {
        return bad("url_malformed", "Write the whole address, like https://example.com/page.");
    };
    if !matches!(url.scheme(), "http" | "https") {
        return bad("url_scheme", "An address begins with https:// (or http://).");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return bad("url_credentials", "An address carries no user name or password.");
    }
    match url.host() {
        Some(Host::Domain(name)) if !name.is_empty() => Ok(url),
        Some(Host::Ipv4(address)) if address.is_loopback() => Ok(url),
        Some(Host::Ipv6(address)) if address.is_loopback() => Ok(url),
        _ => bad("url_host", "An address needs a host name, not a number."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths() {
        for (given, expected) in
            [("Anna", "anna"), ("/anna/CRM/", "anna/crm"), ("a.b-c_d", "a.b-c_d")]
        {
            assert_eq!(check_path(given).unwrap(), expected);
        }
        let table = [
            ("", "path_parts"),
            ("a/b/c", "path_parts"),
            ("a//b", "path_parts"),
            ("å", "path_characters"),
            ("a b", "path_characters"),
            ("..", "path_characters"),
            ("a/", "ok"),
            ("_trib/x", "path_reserved"),
            ("t.js", "path_reserved"),
        ];
        for (given, code) in table {
            let found = check_path(given).map_or_else(|error| error.code, |_| "ok");
            assert_eq!(found, code, "{given:?}");
        }
    }

    #[test]
    fn destinations_stay_on_the_programs_domains() {
        let allowed = vec!["acme.dk".to_owned(), "shop.example".to_owned()];
        let table = [
            ("https://acme.dk/crm?a=1#b", "ok"),
            ("https://www.ACME.dk", "ok"),
            ("https://evilacme.dk/", "domain_not_allowed"),
            ("https://acme.dk.evil.example/", "domain_not_allowed"),
            ("https://acme.dk@evil.example/", "url_credentials"),
            ("//acme.dk/", "url_malformed"),
            ("javascript:alert(1)", "url_scheme"),
            ("https://acme.dk\\@evil.example", "url_characters"),
            ("https://192.168.0.1/", "url_host"),
            ("https://", "url_malformed"),
        ];
        for (given, code) in table {
            let found =
                check_destination(given, &allowed).map_or_else(|error| error.code, |_| "ok");
            assert_eq!(found, code, "{given:?}");
        }
    }
}
