use std::fmt;
use std::str::FromStr;

/// A language Tributary speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Language {
    /// English, with day-month-year dates and a 24-hour clock, as read outside the United States.
    #[default]
    En,
    /// Danish.
    Da,
    /// Swedish.
    Sv,
    /// Indonesian.
    Id,
}

/// A code that names none of the four languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownLanguage;

impl fmt::Display for UnknownLanguage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a language is one of en, da, sv, id")
    }
}

impl std::error::Error for UnknownLanguage {}

/// Entries of an `Accept-Language` header that are looked at; the rest is ignored.
const ACCEPT_LANGUAGE_ENTRIES_MAX: usize = 20;

impl Language {
    /// All of them, in the order menus show.
    pub const ALL: [Self; 4] = [Self::En, Self::Da, Self::Sv, Self::Id];

    /// Its BCP 47 code, as in `lang="da"`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Da => "da",
            Self::Sv => "sv",
            Self::Id => "id",
        }
    }

    /// What its own speakers call it.
    #[must_use]
    pub const fn endonym(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::Da => "Dansk",
            Self::Sv => "Svenska",
            Self::Id => "Bahasa Indonesia",
        }
    }

    /// The language that suits an `Accept-Language` header best: highest weight first, earlier
    /// first among equals, region ignored. `None` when the header names none of ours.
    #[must_use]
    pub fn negotiate(accept_language: &str) -> Option<Self> {
        let mut best: Option<(u16, Self)> = None;
        for entry in accept_language.split(',').take(ACCEPT_LANGUAGE_ENTRIES_MAX) {
            let mut parts = entry.split(';');
            let Ok(language) = parts.next().unwrap_or_default().parse::<Self>() else { continue };
            let weight = parts.find_map(|p| p.trim().strip_prefix("q=")).map_or(1_000, weight);
            if weight > 0 && best.is_none_or(|(held, _)| weight > held) {
                best = Some((weight, language));
            }
        }
        best.map(|(_, language)| language)
    }
}

/// A weight in thousandths; what is not a weight counts as the least.
fn weight(text: &str) -> u16 {
    let (whole, fraction) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let digits = format!("{fraction:0<3}");
    match (whole, digits.get(..3).and_then(|d| d.parse::<u16>().ok())) {
        ("1", _) => 1_000,
        ("0", Some(thousandths)) => thousandths,
        _ => 1,
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Language {
    type Err = UnknownLanguage;

    /// Takes a code with or without region and script (`sv`, `sv-FI`, `SV_SE`).
    fn from_str(text: &str) -> Result<Self, UnknownLanguage> {
        let primary = text.trim().split(['-', '_']).next().unwrap_or_default();
        match primary.to_ascii_lowercase().as_str() {
            "en" => Ok(Self::En),
            "da" => Ok(Self::Da),
            "sv" => Ok(Self::Sv),
            // `in` is the code that old Android versions still send for Indonesian.
            "id" | "in" => Ok(Self::Id),
            _ => Err(UnknownLanguage),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_round_trip() {
        for language in Language::ALL {
            assert_eq!(language.code().parse(), Ok(language));
        }
        assert_eq!("sv-FI".parse(), Ok(Language::Sv));
        assert_eq!("".parse::<Language>(), Err(UnknownLanguage));
    }

    #[test]
    fn a_browser_gets_the_language_it_asks_for() {
        let table = "
            da-DK,da;q=0.9,en;q=0.8        -> da
            nb-NO,nb;q=0.9,sv;q=0.4        -> sv
            en;q=0.5, id ; q=0.75          -> id
            in-ID                          -> id
            fr-FR,de                       -> none
            da;q=0,en;q=0.1                -> en
            sv;q=0.5,da;q=0.5              -> sv
            *                              -> none
            ;;;q=,,                        -> none
        ";
        for line in table.lines().filter(|line| !line.trim().is_empty()) {
            let (header, expected) = line.split_once("->").unwrap();
            let expected = expected.trim().parse().ok();
            assert_eq!(Language::negotiate(header), expected, "{header}");
        }
    }
}
