//! IBAN (ISO 13616) and BIC (ISO 9362): check digits and lengths.

use tributary_kernel::FieldError;

use super::{DIGITS_NAME_LIMIT, strip_separators, tail};

/// Lengths of the SWIFT IBAN registry, and whether payment service providers of that country take
/// SEPA credit transfers (EPC list of scheme countries, with Albania, Moldova, Montenegro and North
/// Macedonia since October 2025 and Serbia since May 2026). Sorted by code.
const COUNTRIES: &[(&str, u8, bool)] = &[
    ("AD", 24, true),
    ("AE", 23, false),
    ("AL", 28, true),
    ("AT", 20, true),
    ("AZ", 28, false),
    ("BA", 20, false),
    ("BE", 16, true),
    ("BG", 22, true),
    ("BH", 22, false),
    ("BI", 27, false),
    ("BR", 29, false),
    ("BY", 28, false),
    ("CH", 21, true),
    ("CR", 22, false),
    ("CY", 28, true),
    ("CZ", 24, true),
    ("DE", 22, true),
    ("DJ", 27, false),
    ("DK", 18, true),
    ("DO", 28, false),
    ("EE", 20, true),
    ("EG", 29, false),
    ("ES", 24, true),
    ("FI", 18, true),
    ("FK", 18, false),
    ("FO", 18, false),
    ("FR", 27, true),
    ("GB", 22, true),
    ("GE", 22, false),
    ("GI", 23, true),
    ("GL", 18, false),
    ("GR", 27, true),
    ("GT", 28, false),
    ("HN", 28, false),
    ("HR", 21, true),
    ("HU", 28, true),
    ("IE", 22, true),
    ("IL", 23, false),
    ("IQ", 23, false),
    ("IS", 26, true),
    ("IT", 27, true),
    ("JO", 30, false),
    ("KW", 30, false),
    ("KZ", 20, false),
    ("LB", 28, false),
    ("LC", 32, false),
    ("LI", 21, true),
    ("LT", 20, true),
    ("LU", 20, true),
    ("LV", 21, true),
    ("LY", 25, false),
    ("MC", 27, true),
    ("MD", 24, true),
    ("ME", 22, true),
    ("MK", 19, true),
    ("MN", 20, false),
    ("MR", 27, false),
    ("MT", 31, true),
    ("MU", 30, false),
    ("NI", 28, false),
    ("NL", 18, true),
    ("NO", 15, true),
    ("OM", 23, false),
    ("PK", 24, false),
    ("PL", 28, true),
    ("PS", 29, false),
    ("PT", 25, true),
    ("QA", 29, false),
    ("RO", 24, true),
    ("RS", 22, true),
    ("RU", 33, false),
    ("SA", 24, false),
    ("SC", 31, false),
    ("SD", 18, false),
    ("SE", 24, true),
    ("SI", 19, true),
    ("SK", 24, true),
    ("SM", 27, true),
    ("SO", 23, false),
    ("ST", 25, false),
    ("SV", 28, false),
    ("TL", 23, false),
    ("TN", 24, false),
    ("TR", 26, false),
    ("UA", 29, false),
    ("VA", 22, true),
    ("VG", 24, false),
    ("XK", 20, false),
    ("YE", 30, false),
];

/// A checked IBAN: known country, its length, check digits right. The inner structure of the
/// national part (which places are letters) is left to the bank.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Iban(String);

impl Iban {
    /// From text as people write it: any case, with spaces, dots or dashes.
    ///
    /// # Errors
    /// `iban_missing`, `iban_characters`, `iban_country`, `iban_length` or `iban_check_digits`,
    /// all at `/iban`.
    pub fn parse(text: &str) -> Result<Self, FieldError> {
        let error = |code, detail: String| FieldError::new("/iban", code, detail);
        let iban = strip_separators(text).to_ascii_uppercase();
        if iban.is_empty() {
            return Err(error(
                "iban_missing",
                "Enter the IBAN; it stands on the account's statements.".to_owned(),
            ));
        }
        let bytes = iban.as_bytes();
        let well_formed = bytes.len() >= 5
            && bytes.len() <= DIGITS_NAME_LIMIT
            && bytes[..2].iter().all(u8::is_ascii_uppercase)
            && bytes[2..4].iter().all(u8::is_ascii_digit)
            && bytes[4..].iter().all(u8::is_ascii_alphanumeric);
        if !well_formed {
            return Err(error(
                "iban_characters",
                "An IBAN is two letters for the country, two digits, then letters and digits; \
                 enter it as the bank writes it."
                    .to_owned(),
            ));
        }
        let country = &iban[..2];
        let Some((_, length, _)) = country_row(country) else {
            return Err(error(
                "iban_country",
                format!("No country with IBANs has the code {country}; check the first letters."),
            ));
        };
        if iban.len() != usize::from(*length) {
            return Err(error(
                "iban_length",
                format!(
                    "An IBAN of {country} has {length} characters, this one {}; check for missing \
                     or doubled ones.",
                    iban.len()
                ),
            ));
        }
        if mod_97(bytes) != 1 {
            return Err(error(
                "iban_check_digits",
                "The check digits don't match: at least one character is wrong. Compare it with \
                 the bank's own text."
                    .to_owned(),
            ));
        }
        Ok(Self(iban))
    }

    /// Upper case without separators, as files carry it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// ISO 3166 code of the account's country.
    #[must_use]
    pub fn country(&self) -> &str {
        &self.0[..2]
    }

    /// Whether banks of that country take SEPA credit transfers in euro.
    #[must_use]
    pub fn is_sepa(&self) -> bool {
        country_row(self.country()).is_some_and(|(_, _, sepa)| *sepa)
    }

    /// Country, check digits and the last four characters.
    #[must_use]
    pub fn masked(&self) -> String {
        format!("{} {}", &self.0[..4], tail(&self.0))
    }

    /// In groups of four, as the standard prints it.
    #[must_use]
    pub fn grouped(&self) -> String {
        let groups: Vec<&str> = (0..self.0.len())
            .step_by(4)
            .map(|start| &self.0[start..self.0.len().min(start + 4)])
            .collect();
        groups.join(" ")
    }
}

fn country_row(country: &str) -> Option<&'static (&'static str, u8, bool)> {
    let index = COUNTRIES.binary_search_by(|(code, _, _)| (*code).cmp(country)).ok()?;
    COUNTRIES.get(index)
}

/// ISO 7064 MOD 97-10 over the text with its first four characters moved to the end, letters as
/// 10..=35. Digit by digit, so no big numbers. Expects upper-case ASCII letters and digits.
fn mod_97(iban: &[u8]) -> u32 {
    let (head, tail) = iban.split_at(4);
    tail.iter().chain(head).fold(0, |rest, byte| match byte {
        b'0'..=b'9' => (rest * 10 + u32::from(byte - b'0')) % 97,
        _ => (rest * 100 + u32::from(byte.saturating_sub(b'A')) + 10) % 97,
    })
}

/// A BIC of 8 or 11 characters. Only its form is checked: there is no free list of those in use.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bic(String);

impl Bic {
    /// From text as people write it.
    ///
    /// # Errors
    /// `bic_form` at `/bic`.
    pub fn parse(text: &str) -> Result<Self, FieldError> {
        let bic = strip_separators(text).to_ascii_uppercase();
        let bytes = bic.as_bytes();
        let well_formed = matches!(bytes.len(), 8 | 11)
            && bytes.iter().all(u8::is_ascii_alphanumeric)
            && bytes[4..6].iter().all(u8::is_ascii_uppercase);
        if well_formed {
            Ok(Self(bic))
        } else {
            Err(FieldError::new(
                "/bic",
                "bic_form",
                "A BIC has 8 or 11 letters and digits, the country's two letters in places 5 and \
                 6; leave it empty if you don't know it.",
            ))
        }
    }

    /// Upper case, as files carry it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn table_is_sorted_and_lengths_are_possible() {
        assert!(COUNTRIES.is_sorted_by(|a, b| a.0 < b.0));
        assert!(COUNTRIES.iter().all(|(code, length, _)| code.len() == 2 && *length <= 34));
    }

    /// Examples of the registry: one per kind of national part.
    #[test]
    fn known_ibans() {
        for text in [
            "DK50 0040 0440 1162 43",
            "se45 5000 0000 0583 9825 7466",
            "NO93 8601 1117 947",
            "DE89.3704.0044.0532.0130.00",
            "FR14-2004-1010-0505-0001-3M02-606",
            "GB29 NWBK 6016 1331 9268 19",
            "MT84 MALT 0110 0001 2345 MTLC AST0 01S",
            "LC55\u{a0}HEMM 0001 0001 0012 0012 0002 3015",
        ] {
            let iban = Iban::parse(text).unwrap_or_else(|error| panic!("{text}: {error:?}"));
            assert_eq!(Iban::parse(&iban.grouped()), Ok(iban));
        }
    }

    #[test]
    fn each_mistake_has_its_name() {
        let code = |text: &str| Iban::parse(text).unwrap_err().code;
        assert_eq!(code(" - "), "iban_missing");
        assert_eq!(code("50DK0040"), "iban_characters");
        assert_eq!(code("DK50 0040 0440 1162 4€"), "iban_characters");
        assert_eq!(code("ZZ50 0040 0440 1162 43"), "iban_country");
        assert_eq!(code("DK50 0040 0440 1162 431"), "iban_length");
        assert_eq!(code("DK50 0040 0440 1162 34"), "iban_check_digits", "two digits swapped");
        assert_eq!(Bic::parse("NDEADKK").unwrap_err().code, "bic_form");
        assert_eq!(Bic::parse("nde a dk kk xxx").unwrap().as_str(), "NDEADKKKXXX");
    }

    #[test]
    fn sepa_is_a_matter_of_country() {
        assert!(Iban::parse("DK5000400440116243").unwrap().is_sepa());
        assert!(!Iban::parse("FO6264600001631634").unwrap().is_sepa());
    }

    proptest! {
        #[test]
        fn any_text_gives_an_answer(text in any::<String>()) {
            let _ = Iban::parse(&text);
            let _ = Bic::parse(&text);
        }

        /// Check digits computed for a random account are accepted; any single changed digit and
        /// any swap of unequal neighbours is not.
        #[test]
        fn check_digits_find_the_usual_slips(account in 0u64..100_000_000_000_000, at in 4usize..17) {
            let national = format!("{account:014}");
            let bare = format!("DK00{national}");
            let iban = format!("DK{:02}{national}", 98 - mod_97(bare.as_bytes()));
            prop_assert!(Iban::parse(&iban).is_ok());
            let mut changed = iban.clone().into_bytes();
            changed[at] = b'0' + (changed[at] - b'0' + 1) % 10;
            prop_assert!(Iban::parse(std::str::from_utf8(&changed).unwrap()).is_err());
            let mut swapped = iban.into_bytes();
            swapped.swap(at, at + 1);
            let same = swapped[at] == swapped[at + 1];
            prop_assert_eq!(Iban::parse(std::str::from_utf8(&swapped).unwrap()).is_ok(), same);
        }
    }
}
