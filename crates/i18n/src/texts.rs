use std::borrow::Cow;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use tributary_kernel::LocalDate;
use tributary_money::{Money, Rate};
use unic_langid::{LanguageIdentifier, langid};

use crate::Language;

/// Stands before and after the key where a message is missing or lacks a variable; tests look for
/// it in everything that is rendered.
pub const MISSING_MARK: char = '⟦';

/// Whole numbers up to this are exact in the floating point numbers that plural rules take.
const EXACT_COUNT_MAX: i64 = 1 << 53;

macro_rules! sources {
    ($($code:literal),*) => {[$(
        [
            include_str!(concat!("../locales/", $code, "/common.ftl")),
            include_str!(concat!("../locales/", $code, "/console-manager.ftl")),
            include_str!(concat!("../locales/", $code, "/console-partner.ftl")),
            include_str!(concat!("../locales/", $code, "/console-act.ftl")),
            include_str!(concat!("../locales/", $code, "/console-change.ftl")),
            include_str!(concat!("../locales/", $code, "/people.ftl")),
            include_str!(concat!("../locales/", $code, "/console-finance.ftl")),
            include_str!(concat!("../locales/", $code, "/console-upload.ftl")),
            include_str!(concat!("../locales/", $code, "/cases.ftl")),
            include_str!(concat!("../locales/", $code, "/leads.ftl")),
            include_str!(concat!("../locales/", $code, "/explanation.ftl")),
            include_str!(concat!("../locales/", $code, "/refusal.ftl")),
            include_str!(concat!("../locales/", $code, "/mail.ftl")),
            include_str!(concat!("../locales/", $code, "/documents.ftl")),
            include_str!(concat!("../locales/", $code, "/tax.ftl")),
        ],
    )*]};
}

/// In the order of [`Language::ALL`].
static SOURCES: [[&str; 15]; 4] = sources!["en", "da", "sv", "id"];

type Bundle = FluentBundle<FluentResource>;

static BUNDLES: LazyLock<[Bundle; 4]> = LazyLock::new(|| Language::ALL.map(bundle));

fn bundle(language: Language) -> Bundle {
    let locale: LanguageIdentifier = match language {
        Language::En => langid!("en-GB"),
        Language::Da => langid!("da"),
        Language::Sv => langid!("sv"),
        Language::Id => langid!("id"),
    };
    let mut bundle = FluentBundle::new_concurrent(vec![locale]);
    // Left-to-right only, so no isolation marks, which would also end up in copied text.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(match language {
        Language::En => formatted::<_, 0>,
        Language::Da => formatted::<_, 1>,
        Language::Sv => formatted::<_, 2>,
        Language::Id => formatted::<_, 3>,
    }));
    for source in SOURCES[language as usize] {
        // A test parses every file, so that a slip is found there and never here; what did parse
        // is used in any case.
        let resource = match FluentResource::try_new(source.to_owned()) {
            Ok(resource) | Err((resource, _)) => resource,
        };
        bundle.add_resource_overriding(resource);
    }
    bundle
}

/// Numbers inside messages, in the language's own form.
fn formatted<M, const LANGUAGE: usize>(value: &FluentValue<'_>, _: &M) -> Option<String> {
    match value {
        // Made from a whole number below 2^53, so nothing is cut.
        FluentValue::Number(number) => Some(Language::ALL[LANGUAGE].number(number.value as i64)),
        _ => None,
    }
}

/// A value that a message takes. Each is written as the message's language writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Arg<'a> {
    /// Words, as they are.
    Text(Cow<'a, str>),
    /// A count; chooses the plural form too.
    Number(i64),
    /// An amount with its currency.
    Money(Money),
    /// A rate, shown as per cent.
    Percent(Rate),
    /// A day, like 21 Nov 2026.
    Date(LocalDate),
}

/// What can be given to a message.
pub trait AsArg {
    /// The value as a message takes it.
    fn as_arg(&self) -> Arg<'_>;
}

impl<T: AsArg + ?Sized> AsArg for &T {
    fn as_arg(&self) -> Arg<'_> {
        (**self).as_arg()
    }
}
impl AsArg for str {
    fn as_arg(&self) -> Arg<'_> {
        Arg::Text(Cow::Borrowed(self))
    }
}
impl AsArg for String {
    fn as_arg(&self) -> Arg<'_> {
        Arg::Text(Cow::Borrowed(self))
    }
}
impl AsArg for Money {
    fn as_arg(&self) -> Arg<'_> {
        Arg::Money(*self)
    }
}
impl AsArg for Rate {
    fn as_arg(&self) -> Arg<'_> {
        Arg::Percent(*self)
    }
}
impl AsArg for LocalDate {
    fn as_arg(&self) -> Arg<'_> {
        Arg::Date(*self)
    }
}
impl AsArg for i64 {
    fn as_arg(&self) -> Arg<'_> {
        Arg::Number(*self)
    }
}
impl AsArg for u32 {
    fn as_arg(&self) -> Arg<'_> {
        Arg::Number(i64::from(*self))
    }
}
impl AsArg for i32 {
    fn as_arg(&self) -> Arg<'_> {
        Arg::Number(i64::from(*self))
    }
}
impl AsArg for usize {
    fn as_arg(&self) -> Arg<'_> {
        Arg::Number(i64::try_from(*self).unwrap_or(i64::MAX))
    }
}
impl AsArg for Arg<'_> {
    fn as_arg(&self) -> Arg<'_> {
        self.clone()
    }
}

impl<'a> Arg<'a> {
    fn into_fluent(self, language: Language) -> FluentValue<'a> {
        match self {
            Self::Text(text) => FluentValue::String(text),
            Self::Number(n) if n.abs() < EXACT_COUNT_MAX => FluentValue::from(n as f64),
            Self::Number(n) => FluentValue::String(language.number(n).into()),
            Self::Money(amount) => FluentValue::String(language.money(amount).into()),
            Self::Percent(rate) => FluentValue::String(language.percent(rate).into()),
            Self::Date(day) => FluentValue::String(language.date(day).into()),
        }
    }
}

/// The messages of all languages.
#[derive(Debug, Clone, Copy)]
pub struct Texts;

impl Texts {
    /// The message `key` in `language`, with its variables filled.
    ///
    /// A missing message or variable gives the key between marks ([`MISSING_MARK`]) instead of a
    /// failure: a page with one odd word serves better than no page, and tests find the mark.
    #[must_use]
    pub fn get(language: Language, key: &str, args: &[(&str, Arg<'_>)]) -> String {
        Self::find(language, key, args).unwrap_or_else(|| format!("{MISSING_MARK}{key}⟧"))
    }

    /// As [`Self::get`], but `None` where the message is missing or lacks a variable.
    #[must_use]
    pub fn find(language: Language, key: &str, args: &[(&str, Arg<'_>)]) -> Option<String> {
        let bundle = &BUNDLES[language as usize];
        let pattern = bundle.get_message(key)?.value()?;
        let mut values = FluentArgs::with_capacity(args.len());
        for (name, value) in args {
            values.set(*name, value.clone().into_fluent(language));
        }
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, Some(&values), &mut errors);
        errors.is_empty().then(|| text.into_owned())
    }

    /// Every key there is.
    pub fn keys() -> impl Iterator<Item = &'static str> {
        SOURCES[0].iter().flat_map(|source| catalogue(source)).map(|(key, _)| key)
    }
}

/// Keys of one file with the text of each, in the file's order. The files hold plain messages
/// only: no terms, no attributes.
fn catalogue(source: &'static str) -> Vec<(&'static str, String)> {
    let mut found: Vec<(&'static str, String)> = Vec::new();
    for line in source.lines() {
        let begins = line.starts_with(|c: char| c.is_ascii_lowercase());
        match (line.split_once(" ="), found.last_mut()) {
            (Some((key, rest)), _) if begins => found.push((key, rest.to_owned())),
            (_, Some((_, text))) if line.starts_with(' ') => {
                text.push('\n');
                text.push_str(line);
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, BTreeSet};

    fn variables(text: &str) -> BTreeSet<String> {
        let name = |rest: &str| {
            rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect::<String>()
        };
        text.split('$').skip(1).map(name).collect()
    }

    fn all(language: Language) -> BTreeMap<&'static str, BTreeSet<String>> {
        let mut keys = BTreeMap::new();
        for (key, text) in SOURCES[language as usize].iter().flat_map(|s| catalogue(s)) {
            assert!(keys.insert(key, variables(&text)).is_none(), "{language}: {key} twice");
        }
        keys
    }

    #[test]
    fn every_file_parses() {
        for language in Language::ALL {
            for source in SOURCES[language as usize] {
                if let Err((_, errors)) = FluentResource::try_new(source.to_owned()) {
                    panic!("{language}: {errors:?}");
                }
            }
        }
    }

    #[test]
    fn every_language_has_the_same_messages_with_the_same_variables() {
        let english = all(Language::En);
        assert!(english.len() > 300, "the catalogue was read: {}", english.len());
        for language in Language::ALL {
            let other = all(language);
            for (key, variables) in &english {
                let held = other.get(key).unwrap_or_else(|| panic!("{language} lacks {key}"));
                assert_eq!(held, variables, "{language} {key}");
                assert!(BUNDLES[language as usize].has_message(key), "{language} {key}");
            }
            for key in other.keys() {
                assert!(english.contains_key(key), "{language} alone has {key}");
            }
        }
    }

    #[test]
    fn no_message_shouts() {
        for language in Language::ALL {
            for (key, text) in SOURCES[language as usize].iter().flat_map(|s| catalogue(s)) {
                assert!(!text.contains('!'), "{language} {key}: calm voice, no exclamation marks");
                assert!(!text.trim().is_empty(), "{language} {key} is empty");
            }
        }
    }

    /// Walks the workspace for string literals: a message that nobody names is dead weight, and a
    /// literal that is passed to a text function must be a message.
    #[test]
    fn every_message_is_used_and_every_used_message_exists() {
        let mut code = String::new();
        let crates = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
        read_sources(std::path::Path::new(crates), &mut code);
        assert!(code.len() > 10_000, "the sources were read");
        let keys: BTreeSet<&str> = Texts::keys().collect();
        let literals: BTreeSet<&str> = code.split('"').collect();
        let unused: Vec<&&str> = keys
            .iter()
            .filter(|key| !key.starts_with("refusal-") && !literals.contains(**key))
            .collect();
        assert!(unused.is_empty(), "messages nobody names: {unused:?}");
        for call in [".t(\"", ".t1(\"", ".t2(\"", ".t3(\"", "key!(\""] {
            for used in code.split(call).skip(1) {
                let key = used.split('"').next().unwrap_or_default();
                assert!(keys.contains(key), "{call}{key}\" names no message");
            }
        }
    }

    fn read_sources(folder: &std::path::Path, into: &mut String) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let skipped = ["locales", "target", "tests"].contains(&name.as_str());
            if path.is_dir() && !skipped {
                read_sources(&path, into);
            } else if name.ends_with(".rs") || name.ends_with(".html") {
                into.push_str(&std::fs::read_to_string(&path).unwrap());
            }
        }
    }

    #[test]
    fn numbers_in_messages_follow_the_language() {
        let text = |language, n: i64| {
            Texts::get(language, "count-conversions", &[("count", Arg::Number(n))])
        };
        assert_eq!(text(Language::En, 1), "1 conversion");
        assert_eq!(text(Language::Da, 12_500), "12.500 konverteringer");
        assert_eq!(text(Language::Sv, 12_500), "12\u{a0}500 konverteringar");
        assert_eq!(text(Language::Id, 1), "1 konversi");
        let most = text(Language::En, i64::MAX);
        assert!(most.starts_with("9,223,372,036,854,775,807 "), "{most}");
    }

    #[test]
    fn a_missing_message_or_variable_is_marked() {
        assert_eq!(Texts::get(Language::Da, "no-such-message", &[]), "⟦no-such-message⟧");
        assert_eq!(Texts::get(Language::Da, "count-conversions", &[]), "⟦count-conversions⟧");
    }
}
