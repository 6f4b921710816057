//! Text as every bank takes it. SEPA's rulebooks allow, unless banks agree otherwise, only
//! `a-z A-Z 0-9 / - ? : ( ) . , ' +` and space (EPC217-08); Nordic banks take the same set.

/// A control character (a line break too) in what should be one line of text: somebody pasted
/// more than they meant, so it is refused and not mended in silence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the text has a line break or another control character at character {position}")]
pub struct ControlCharacter {
    /// Which character, counted from 1.
    pub position: usize,
}

/// `text` in the bank's character set: letters lose their accents (`å ä` to `a`, `ö ø` to `o`,
/// `æ` to `ae`, `ß` to `ss`), Greek and Cyrillic are transliterated, `&` becomes `+`, other signs
/// become the nearest that is allowed and anything else a full stop. Spaces are single and inside
/// only. The result has at most `chars_max` characters, may be empty, and is stable: applied to
/// itself it changes nothing.
///
/// # Errors
/// When the text has a control character.
pub fn bank_text(text: &str, chars_max: usize) -> Result<String, ControlCharacter> {
    let mut out = String::with_capacity(text.len());
    for (index, character) in text.trim().chars().enumerate() {
        if character.is_control() || matches!(character, '\u{2028}' | '\u{2029}') {
            return Err(ControlCharacter { position: index + 1 });
        }
        if character.is_whitespace() {
            if !out.ends_with(' ') && !out.is_empty() {
                out.push(' ');
            }
        } else if is_allowed(character) {
            out.push(character);
        } else {
            push_replacement(character, &mut out);
        }
    }
    // Every character is ASCII now, so bytes are characters.
    out.truncate(chars_max);
    out.truncate(out.trim_end().len());
    Ok(out)
}

/// Whether a character may stand in a bank file as it is (space included).
pub(crate) const fn is_allowed(character: char) -> bool {
    character.is_ascii_alphanumeric()
        || matches!(character, '/' | '-' | '?' | ':' | '(' | ')' | '.' | ',' | '\'' | '+' | ' ')
}

/// Each group: the letters, and what all of them become.
const REPLACEMENTS: &[(&str, &str)] = &[
    // Latin
    ("ÀÁÂÃÄÅĀĂĄǍ", "A"),
    ("àáâãäåāăąǎª", "a"),
    ("ÇĆĈĊČ", "C"),
    ("çćĉċč¢", "c"),
    ("ĎĐÐ", "D"),
    ("ďđð", "d"),
    ("ÈÉÊËĒĔĖĘĚ", "E"),
    ("èéêëēĕėęě", "e"),
    ("ĜĞĠĢ", "G"),
    ("ĝğġģ", "g"),
    ("ĤĦ", "H"),
    ("ĥħ", "h"),
    ("ÌÍÎÏĨĪĬĮİǏ", "I"),
    ("ìíîïĩīĭįıǐ", "i"),
    ("Ĵ", "J"),
    ("ĵ", "j"),
    ("Ķ", "K"),
    ("ķĸ", "k"),
    ("ĹĻĽĿŁ£", "L"),
    ("ĺļľŀł", "l"),
    ("ÑŃŅŇŊ", "N"),
    ("ñńņňŋ", "n"),
    ("ÒÓÔÕÖØŌŎŐǑ", "O"),
    ("òóôõöøōŏőǒº", "o"),
    ("ŔŖŘ", "R"),
    ("ŕŗř", "r"),
    ("ŚŜŞŠȘ$", "S"),
    ("śŝşšșſ§", "s"),
    ("ŢŤŦȚ", "T"),
    ("ţťŧț", "t"),
    ("ÙÚÛÜŨŪŬŮŰŲǓ", "U"),
    ("ùúûüũūŭůűųǔµ", "u"),
    ("Ŵ", "W"),
    ("ŵ", "w"),
    ("ÝŶŸ¥", "Y"),
    ("ýÿŷ", "y"),
    ("ŹŻŽ", "Z"),
    ("źżž", "z"),
    ("Æ", "Ae"),
    ("æ", "ae"),
    ("Œ", "Oe"),
    ("œ", "oe"),
    ("ß", "ss"),
    ("ẞ", "SS"),
    ("Þ", "Th"),
    ("þ", "th"),
    ("Ĳ", "IJ"),
    ("ĳ", "ij"),
    ("€", "E"),
    // Signs
    ("&", "+"),
    ("\"`´‘’‚‛“”„«»‹›¨", "'"),
    ("_~‐‑‒–—―−", "-"),
    ("[{<", "("),
    ("]}>", ")"),
    ("\\|¦", "/"),
    (";", ","),
    ("¿", "?"),
    ("*#!¡%@=^°·•…¬", "."),
    // Greek, after ELOT 743 in its plain form
    ("ΑΆ", "A"),
    ("αά", "a"),
    ("Β", "V"),
    ("β", "v"),
    ("Γ", "G"),
    ("γ", "g"),
    ("Δ", "D"),
    ("δ", "d"),
    ("ΕΈ", "E"),
    ("εέ", "e"),
    ("Ζ", "Z"),
    ("ζ", "z"),
    ("ΗΉΙΊΪ", "I"),
    ("ηήιίϊΐ", "i"),
    ("Θ", "Th"),
    ("θ", "th"),
    ("Κ", "K"),
    ("κ", "k"),
    ("Λ", "L"),
    ("λ", "l"),
    ("Μ", "M"),
    ("μ", "m"),
    ("Ν", "N"),
    ("ν", "n"),
    ("Ξ", "X"),
    ("ξ", "x"),
    ("ΟΌΩΏ", "O"),
    ("οόωώ", "o"),
    ("Π", "P"),
    ("π", "p"),
    ("Ρ", "R"),
    ("ρ", "r"),
    ("Σ", "S"),
    ("σς", "s"),
    ("Τ", "T"),
    ("τ", "t"),
    ("ΥΎΫ", "Y"),
    ("υύϋΰ", "y"),
    ("Φ", "F"),
    ("φ", "f"),
    ("Χ", "Ch"),
    ("χ", "ch"),
    ("Ψ", "Ps"),
    ("ψ", "ps"),
    // Cyrillic, after the Bulgarian law on transliteration, with the Serbian and Ukrainian letters
    ("А", "A"),
    ("а", "a"),
    ("Б", "B"),
    ("б", "b"),
    ("В", "V"),
    ("в", "v"),
    ("ГҐ", "G"),
    ("гґ", "g"),
    ("Д", "D"),
    ("д", "d"),
    ("Ђ", "Dj"),
    ("ђ", "dj"),
    ("ЕЁЭЄ", "E"),
    ("еёэє", "e"),
    ("Ж", "Zh"),
    ("ж", "zh"),
    ("З", "Z"),
    ("з", "z"),
    ("ИІЇ", "I"),
    ("иії", "i"),
    ("ЙЫ", "Y"),
    ("йы", "y"),
    ("Ј", "J"),
    ("ј", "j"),
    ("К", "K"),
    ("к", "k"),
    ("Л", "L"),
    ("л", "l"),
    ("Љ", "Lj"),
    ("љ", "lj"),
    ("М", "M"),
    ("м", "m"),
    ("Н", "N"),
    ("н", "n"),
    ("Њ", "Nj"),
    ("њ", "nj"),
    ("О", "O"),
    ("о", "o"),
    ("П", "P"),
    ("п", "p"),
    ("Р", "R"),
    ("р", "r"),
    ("С", "S"),
    ("с", "s"),
    ("Т", "T"),
    ("т", "t"),
    ("Ћ", "C"),
    ("ћ", "c"),
    ("У", "U"),
    ("у", "u"),
    ("Ф", "F"),
    ("ф", "f"),
    ("Х", "H"),
    ("х", "h"),
    ("Ц", "Ts"),
    ("ц", "ts"),
    ("Ч", "Ch"),
    ("ч", "ch"),
    ("Џ", "Dz"),
    ("џ", "dz"),
    ("Ш", "Sh"),
    ("ш", "sh"),
    ("Щ", "Sht"),
    ("щ", "sht"),
    ("Ъ", "A"),
    ("ъ", "a"),
    ("Ь", "Y"),
    ("ь", "y"),
    ("Ю", "Yu"),
    ("ю", "yu"),
    ("Я", "Ya"),
    ("я", "ya"),
];

fn push_replacement(character: char, out: &mut String) {
    // A letter may arrive as base letter and combining accent: the accent goes, the letter stays.
    let invisible = matches!(
        character,
        '\u{0300}'..='\u{036f}' | '\u{00ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}'
    );
    if invisible {
        return;
    }
    let found = REPLACEMENTS.iter().find(|(letters, _)| letters.contains(character));
    out.push_str(found.map_or(".", |(_, replacement)| replacement));
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    #[test]
    fn names_of_the_people_who_are_paid() {
        let cases = [
            ("Søren Ærøskøbing & Sønner ApS", "Soren Aeroskobing + Sonner ApS"),
            ("Åsa Öberg–Lindström", "Asa Oberg-Lindstrom"),
            ("  Café  „Zoë“\u{a0}GmbH ", "Cafe 'Zoe' GmbH"),
            ("Cafe\u{301} A\u{30a}ngby", "Cafe Angby"),
            ("Łódź Šiauliai Țăndărei", "Lodz Siauliai Tandarei"),
            ("Straße 5; Haus #3", "Strasse 5, Haus .3"),
            ("Щерю Ъгълов", "Shteryu Agalov"),
            ("Γιώργος Ψαράς", "Giorgos Psaras"),
            ("anna@acme.dk_x", "anna.acme.dk-x"),
            ("小林", ".."),
            ("", ""),
        ];
        for (text, expected) in cases {
            assert_eq!(bank_text(text, 70).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn a_line_break_inside_is_refused() {
        assert_eq!(bank_text("Anna\nBerg", 70), Err(ControlCharacter { position: 5 }));
        assert_eq!(bank_text("\tAnna Berg\r\n", 70).as_deref(), Ok("Anna Berg"), "around: trimmed");
        assert_eq!(bank_text("a\u{0}b", 70), Err(ControlCharacter { position: 2 }));
    }

    #[test]
    fn cut_at_the_limit_without_a_trailing_space() {
        assert_eq!(bank_text("Anna Berg", 5).as_deref(), Ok("Anna"));
        assert_eq!(bank_text("ææ", 3).as_deref(), Ok("aea"));
    }

    #[test]
    fn no_letter_has_two_replacements_and_none_is_outside_the_set() {
        let mut seen = BTreeSet::new();
        for (letters, replacement) in REPLACEMENTS {
            assert!(replacement.chars().all(is_allowed), "{replacement}");
            for letter in letters.chars() {
                assert!(!is_allowed(letter), "{letter} needs no replacement");
                assert!(seen.insert(letter), "{letter} stands twice");
            }
        }
    }

    proptest! {
        #[test]
        fn only_allowed_characters_come_out(text in any::<String>(), chars_max in 0usize..80) {
            if let Ok(out) = bank_text(&text, chars_max) {
                prop_assert!(out.chars().all(is_allowed));
                prop_assert!(out.len() <= chars_max);
                prop_assert_eq!(out.trim(), &out);
                prop_assert!(!out.contains("  "));
                prop_assert_eq!(bank_text(&out, chars_max), Ok(out.clone()));
            } else {
                let control = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
                prop_assert!(text.contains(control));
            }
        }
    }
}
