//! The small cookies of pages: language, form token, what is said once, a log-in under way. None
//! of them gives a right, so none is signed.

use http::HeaderValue;
use tributary_i18n::Texts;
use tributary_web::{Web, strict_pairs};

use super::answer::local;
use super::visit::encoded;
use crate::{Flash, FlashStep};

/// The longest step that is kept beside what is said: a cookie holds some 4,000 bytes.
const STEP_BYTES_MAX: usize = 3_000;

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
    let said = match flash.count {
        Some(count) => format!("{good}.{}.{count}", flash.key),
        None => format!("{good}.{}", flash.key),
    };
    match flash.step.as_ref().map(step_value).filter(|step| step.len() <= STEP_BYTES_MAX) {
        Some(step) => format!("{said}!{step}"),
        None => said,
    }
}

/// A step as `key&path&name=value…`, each part encoded as in an address.
fn step_value(step: &FlashStep) -> String {
    let fields = step.fields.iter();
    let fields = fields.map(|(name, value)| format!("&{}={}", encoded(name), encoded(value)));
    format!("{}={}{}", step.key, encoded(&step.path), fields.collect::<String>())
}

/// A step from its cookie: words made for it, and a page of the person's own places.
fn read_step(value: &str) -> Option<FlashStep> {
    let mut pairs = Vec::new();
    for part in value.split('&') {
        pairs.extend(strict_pairs(part).ok()?);
    }
    let mut pairs = pairs.into_iter();
    let (key, path) = pairs.next()?;
    let key = known_key(&key).filter(|key| key.starts_with("step-"))?;
    let own = ["/manage/", "/my"].iter().any(|place| path.starts_with(place));
    let path = local(&path).filter(|_| own)?.to_owned();
    Some(FlashStep { key, path, fields: pairs.collect() })
}

/// A flash from its cookie; only messages that are made to be said there.
pub(super) fn read_flash(value: &str) -> Option<Flash> {
    let (said, step) = match value.split_once('!') {
        Some((said, step)) => (said, read_step(step)),
        None => (value, None),
    };
    let mut parts = said.split('.');
    let good = parts.next()? == "1";
    let key = parts.next()?;
    let key =
        known_key(key).filter(|key| key.starts_with("done-") || key.starts_with("refusal-"))?;
    let count = parts.next().and_then(|count| count.parse().ok());
    Some(Flash { good, key, count, step })
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
        let flash = Flash::good("done-saved");
        assert_eq!(read_flash(&flash_value(&flash)), Some(flash));
        let counted = Flash { count: Some(-3), ..Flash::bad("done-approved") };
        assert_eq!(read_flash(&flash_value(&counted)), Some(counted));
        let next = Flash::good("done-plan").then("step-go-live", "/manage/x?a=1&b=é".into());
        let read = read_flash(&flash_value(&next)).unwrap();
        assert_eq!(read, Flash { step: None, ..next }, "such a path is none of ours");
        let fields = vec![("id", "com_1".to_owned()), ("id", "a;b, \"c\" &=!".to_owned())];
        let back = Flash::good("done-approved").counting(2).undone_by("/manage/x/y".into(), fields);
        let value = flash_value(&back);
        assert!(value.bytes().all(|b| b.is_ascii_graphic() && !b"\",;\\".contains(&b)), "{value}");
        assert_eq!(read_flash(&value), Some(back.clone()));
        let long = vec![("id", "x".repeat(STEP_BYTES_MAX))];
        let long = back.clone().undone_by("/my".into(), long);
        assert_eq!(read_flash(&flash_value(&long)), Some(Flash { step: None, ..back }));
        for step in ["step-undo=//evil.example/my", "nav-home=/my", "step-undo=/logout", "", "&&"] {
            let read = read_flash(&format!("1.done-saved!{step}")).unwrap();
            assert_eq!(read, Flash::good("done-saved"), "{step}");
        }
        for other in ["", "1", "1.nav-home", "1.no-such-message", "1.<b>.2"] {
            assert_eq!(read_flash(other), None, "{other}");
        }
    }
}
