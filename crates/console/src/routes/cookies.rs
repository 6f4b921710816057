//! The small cookies of pages: language, form token, what is said once, a log-in under way. None
//! of them gives a right, so none is signed.

use http::HeaderValue;
use tributary_i18n::Texts;
use tributary_web::Web;

use crate::Flash;

/// Names of the cookies; over https they begin with `__Host-`, so that no other host of the domain
/// can set them.
#[derive(Debug, Clone, Copy)]
pub(super) enum Cookie {
    /// The language chosen.
    Language,
    /// What forms of somebody who is not logged in carry too.
    FormToken,
    /// Said on the next page.
    Flash,
    /// A mailed log-in that waits for its code.
    Mail,
}

impl Cookie {
    pub(super) fn name(self, web: &Web) -> &'static str {
        match (self, web.config().https) {
            (Self::Language, true) => "__Host-trib_language",
            (Self::Language, false) => "trib_language",
            (Self::FormToken, true) => "__Host-trib_form",
            (Self::FormToken, false) => "trib_form",
            (Self::Flash, true) => "__Host-trib_flash",
            (Self::Flash, false) => "trib_flash",
            (Self::Mail, true) => "__Host-trib_mail",
            (Self::Mail, false) => "trib_mail",
        }
    }

    /// Seconds that a browser keeps it.
    const fn seconds(self) -> u32 {
        match self {
            Self::Language => 400 * 86_400,
            Self::FormToken => 86_400,
            Self::Flash => 60,
            Self::Mail => 15 * 60,
        }
    }

    /// `Set-Cookie` with a value of letters, digits and `-_.`.
    pub(super) fn set(self, web: &Web, value: &str) -> HeaderValue {
        self.header(web, value, self.seconds())
    }

    /// `Set-Cookie` that takes it away.
    pub(super) fn clear(self, web: &Web) -> HeaderValue {
        self.header(web, "", 0)
    }

    fn header(self, web: &Web, value: &str, seconds: u32) -> HeaderValue {
        let secure = if web.config().https { "; Secure" } else { "" };
        let name = self.name(web);
        let text =
            format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}; Max-Age={seconds}");
        HeaderValue::from_str(&text).expect("names and values are header text")
    }
}

/// What is said once, as a cookie's value.
pub(super) fn flash_value(flash: &Flash) -> String {
    let good = u8::from(flash.good);
    match flash.count {
        Some(count) => format!("{good}.{}.{count}", flash.key),
        None => format!("{good}.{}", flash.key),
    }
}

/// A flash from its cookie; only messages that are made to be said there.
pub(super) fn read_flash(value: &str) -> Option<Flash> {
    let mut parts = value.split('.');
    let good = parts.next()? == "1";
    let key = parts.next()?;
    let key =
        known_key(key).filter(|key| key.starts_with("done-") || key.starts_with("refusal-"))?;
    let count = parts.next().and_then(|count| count.parse().ok());
    Some(Flash { good, key, count })
}

/// The message of that name, if there is one.
pub(super) fn known_key(name: &str) -> Option<&'static str> {
    Texts::keys().find(|key| *key == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flash_survives_its_cookie_and_nothing_else_is_said() {
        let flash = Flash { good: true, key: "done-saved", count: None };
        assert_eq!(read_flash(&flash_value(&flash)), Some(flash));
        let counted = Flash { good: false, key: "done-approved", count: Some(-3) };
        assert_eq!(read_flash(&flash_value(&counted)), Some(counted));
        for other in ["", "1", "1.nav-home", "1.no-such-message", "1.<b>.2"] {
            assert_eq!(read_flash(other), None, "{other}");
        }
    }
}
