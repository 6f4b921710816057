use std::fmt;
use std::ops::RangeInclusive;

use tributary_kernel::FieldError;

/// How many characters a referral code has.
pub const REFERRAL_CODE_LENGTH: RangeInclusive<usize> = 3..=40;

/// Words that name, or may come to name, an address or parameter of our own. A code is the first
/// part of a link's path, so it must not take one. Sorted.
const RESERVED: [&str; 42] = [
    "_trib",
    "about",
    "account",
    "admin",
    "api",
    "app",
    "assets",
    "auth",
    "click",
    "consent",
    "console",
    "demo",
    "design",
    "docs",
    "favicon",
    "favicon.ico",
    "fonts",
    "health",
    "healthz",
    "help",
    "img",
    "join",
    "login",
    "logout",
    "metrics",
    "openapi",
    "p.gif",
    "ping",
    "postback",
    "privacy",
    "ready",
    "readyz",
    "ref",
    "robots",
    "robots.txt",
    "setup",
    "static",
    "t.js",
    "terms",
    "trib",
    "via",
    "well-known",
];

/// Whether a word (in lower case) is kept for addresses of our own.
#[must_use]
pub fn is_reserved_word(word: &str) -> bool {
    RESERVED.binary_search(&word).is_ok()
}

/// What a partner is known by in links (`go.acme.dk/anna`, `?via=anna`): 3 to 40 of `a-z`, `0-9`,
/// `_`, `-`, in lower case, neither first nor last a hyphen, not a reserved word.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(transparent)]
pub struct ReferralCode(String);

impl ReferralCode {
    /// Reads a code in any case.
    ///
    /// # Errors
    /// Which rule it breaks; the pointer is empty, the caller puts its field before it.
    pub fn parse(text: &str) -> Result<Self, FieldError> {
        if !REFERRAL_CODE_LENGTH.contains(&text.len()) {
            return Err(refused("referral_code_length", "A code has 3 to 40 characters."));
        }
        let code = text.to_ascii_lowercase();
        let allowed = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-');
        if !code.bytes().all(allowed) {
            let detail = "A code is made of a to z, 0 to 9, underscore and hyphen.";
            return Err(refused("referral_code_characters", detail));
        }
        if code.starts_with('-') || code.ends_with('-') {
            let detail = "A code neither begins nor ends with a hyphen.";
            return Err(refused("referral_code_hyphen", detail));
        }
        if is_reserved_word(&code) {
            let detail = "This word is used by an address of the installation; choose another.";
            return Err(refused("referral_code_reserved", detail));
        }
        Ok(Self(code))
    }

    /// The code, in lower case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn refused(code: &'static str, detail: &'static str) -> FieldError {
    FieldError::new("", code, detail)
}

impl fmt::Display for ReferralCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::str::FromStr for ReferralCode {
    type Err = FieldError;

    fn from_str(text: &str) -> Result<Self, FieldError> {
        Self::parse(text)
    }
}
