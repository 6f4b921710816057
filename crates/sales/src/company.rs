use std::fmt;
use std::str::FromStr;

/// A company's domain, lower case, as the part of an address after the sign. Never one of public
/// mail: whoever has an address there belongs to no company by it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub struct Domain(String);

/// Why a text is no company's domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DomainError {
    /// Not a host name of two parts or more.
    Malformed,
    /// A provider of mail for everybody.
    PublicMail,
}

impl fmt::Display for DomainError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Malformed => "a domain is like example.com",
            Self::PublicMail => "people of every company have addresses there",
        })
    }
}

impl std::error::Error for DomainError {}

const DOMAIN_BYTES_MAX: usize = 253;
const LABEL_BYTES_MAX: usize = 63;

impl FromStr for Domain {
    type Err = DomainError;

    fn from_str(text: &str) -> Result<Self, DomainError> {
        let text = text.trim().trim_end_matches('.').to_lowercase();
        let label = |label: &str| {
            let allowed = |c: char| c.is_alphanumeric() || c == '-';
            let edges = !label.starts_with('-') && !label.ends_with('-');
            (1..=LABEL_BYTES_MAX).contains(&label.len()) && label.chars().all(allowed) && edges
        };
        let numbers =
            text.rsplit('.').next().is_some_and(|it| it.bytes().all(|b| b.is_ascii_digit()));
        if text.len() > DOMAIN_BYTES_MAX
            || !text.contains('.')
            || numbers
            || !text.split('.').all(label)
        {
            return Err(DomainError::Malformed);
        }
        if is_public_mail(&text) {
            return Err(DomainError::PublicMail);
        }
        Ok(Self(text))
    }
}

impl fmt::Display for Domain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> serde::Deserialize<'de> for Domain {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Whether a domain (or one below it) gives addresses to everybody.
#[must_use]
pub fn is_public_mail(domain: &str) -> bool {
    let domain = domain.to_lowercase();
    PUBLIC_MAIL.iter().any(|public| {
        domain.strip_suffix(public).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    })
}

/// Providers of mail for everybody: large ones, and those of the countries we speak to.
const PUBLIC_MAIL: &[&str] = &[
    "gmail.com",
    "googlemail.com",
    "outlook.com",
    "outlook.dk",
    "outlook.co.id",
    "hotmail.com",
    "hotmail.dk",
    "hotmail.se",
    "hotmail.co.uk",
    "hotmail.de",
    "hotmail.fr",
    "live.com",
    "live.dk",
    "live.se",
    "live.no",
    "msn.com",
    "yahoo.com",
    "yahoo.dk",
    "yahoo.se",
    "yahoo.co.id",
    "yahoo.co.uk",
    "yahoo.de",
    "yahoo.fr",
    "ymail.com",
    "rocketmail.com",
    "icloud.com",
    "me.com",
    "mac.com",
    "aol.com",
    "proton.me",
    "protonmail.com",
    "pm.me",
    "tuta.com",
    "tutanota.com",
    "gmx.com",
    "gmx.de",
    "gmx.net",
    "web.de",
    "t-online.de",
    "freenet.de",
    "mail.com",
    "mail.ru",
    "yandex.com",
    "yandex.ru",
    "zoho.com",
    "zohomail.com",
    "fastmail.com",
    "hey.com",
    "qq.com",
    "163.com",
    "126.com",
    "naver.com",
    "hanmail.net",
    "seznam.cz",
    "wp.pl",
    "o2.pl",
    "interia.pl",
    "orange.fr",
    "free.fr",
    "laposte.net",
    "libero.it",
    "telia.com",
    "bredband.net",
    "comhem.se",
    "spray.se",
    "tele2.se",
    "mail.dk",
    "mail.tele.dk",
    "jubii.dk",
    "ofir.dk",
    "stofanet.dk",
    "youmail.dk",
    "privat.dk",
    "sol.dk",
    "online.no",
    "telkom.net",
    "plasa.com",
    "duck.com",
    "relay.firefox.com",
    "privaterelay.appleid.com",
];
