use tributary_kernel::{FieldError, Refusal};

use crate::{Language, Texts};

/// What is wrong with one field, for a person: the message of its code, or a general one where no
/// language has that code yet (its English detail is for developers and stays off pages).
#[must_use]
pub fn field_error(language: Language, error: &FieldError) -> String {
    refusal_words(language, error.code)
}

/// Why something was refused as a whole, for a person.
#[must_use]
pub fn refusal(language: Language, refusal: &Refusal) -> String {
    by_code(language, refusal.code).unwrap_or_else(|| Texts::get(language, "refusal-invalid", &[]))
}

/// What a code says of one field, for a person; a general sentence where no language has it.
#[must_use]
pub fn refusal_words(language: Language, code: &str) -> String {
    by_code(language, code).unwrap_or_else(|| Texts::get(language, "refusal-field", &[]))
}

fn by_code(language: Language, code: &str) -> Option<String> {
    Texts::find(language, &format!("refusal-{}", code.replace('_', "-")), &[])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_its_sentence_and_an_unknown_one_a_general_sentence() {
        let required = FieldError::new("/name", "required", "Give a name.");
        assert_eq!(field_error(Language::Da, &required), "Udfyld feltet.");
        let newer = FieldError::new("/name", "not_known_here", "English only.");
        assert_eq!(field_error(Language::Da, &newer), "Feltet er ikke gyldigt.");
        let conflict = Refusal::conflict("not_known_here", "English only.");
        assert_eq!(refusal(Language::Sv, &conflict), "Något stämmer inte. Se fälten nedan.");
    }

    /// Where the codes come from that a page can show: what pages call, and their own.
    const SHOWN: &[&str] = &[
        "app/src/access",
        "app/src/conversion",
        "app/src/directory",
        "app/src/invoicing",
        "app/src/leads",
        "app/src/life",
        "app/src/payout",
        "app/src/tax",
        "app/src/upload",
        "click/src",
        "commission/src/evaluate.rs",
        "commission/src/plan",
        "console/src/routes",
        "directory/src",
        "money/src",
        "payout/src/account",
        "payout/src/tax",
        "sales/src/pipeline.rs",
        "sheet/src",
    ];

    /// Calls that make a mistake, and the how manieth argument its code is.
    const MAKERS: &[(&str, usize)] = &[
        ("CellError::new", 0),
        ("FieldError::new", 1),
        ("Field::wrong", 1),
        ("Issue::new", 1),
        ("Refusal::conflict", 0),
        ("Refusal::forbidden", 0),
        ("add", 1),
        ("bad", 0),
        ("error", 1),
        ("parse", 0),
        ("refusal_flash", 0),
        ("wrong", 1),
    ];

    /// Codes that no page can show, each for the reason beside it.
    const UNSHOWN: &[(&str, &str)] = &[
        ("division_by_zero", "a fault of ours, caught before anybody is asked"),
        ("host_not_granted", "links on one host are made by API only"),
        ("host_taken", "hosts are granted at the terminal"),
        ("idempotency_key_reused", "pages send no such key"),
        ("missing_permission", "a page of its own says so"),
        ("operators_only", "hosts are granted at the terminal"),
        ("payer_only", "a page of its own says so"),
        ("person_only", "about keys, and who looks at a page is a person"),
        ("refund_is_a_call", "about reports of programs"),
        ("shares_over_one", "a fault of ours: credits sum to one"),
        ("unknown_plan", "versions are compared by API only"),
        ("wrong_credentials", "the log-in page says it in its own words"),
    ];

    /// A call that is being read: its name, and how many of its arguments are behind us. Other
    /// brackets have no name.
    struct Open {
        name: String,
        argument: usize,
    }

    /// What is called before an opening bracket: `FieldError::new`, `add`.
    fn callee(before: &str) -> String {
        let mut text = before.trim_end();
        if text.ends_with('>')
            && let Some(at) = text.rfind("::<")
        {
            text = &text[..at];
        }
        let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == ':';
        let name: String = text.chars().rev().take_while(|c| is_part(*c)).collect();
        let name: String = name.chars().rev().collect();
        if text[..text.len() - name.len()].ends_with('.') {
            return name.rsplit("::").next().unwrap_or_default().to_owned();
        }
        let parts: Vec<&str> = name.split("::").collect();
        parts[parts.len().saturating_sub(2)..].join("::")
    }

    fn is_code(text: &str) -> bool {
        text.starts_with(|c: char| c.is_ascii_lowercase())
            && text.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
    }

    /// The codes that a source file makes.
    fn codes_of(source: &str) -> Vec<String> {
        let source = source.split("#[cfg(test)]").next().unwrap_or_default();
        let lines = source.lines().filter(|line| !line.trim_start().starts_with("//"));
        let source = lines.collect::<Vec<_>>().join("\n");
        let mut found = Vec::new();
        let mut open: Vec<Open> = Vec::new();
        let mut at = 0;
        while let Some(c) = source[at..].chars().next() {
            match c {
                '"' => {
                    let mut end = at + 1;
                    while !source[end..].starts_with('"') {
                        let escaped = source[end..].starts_with('\\');
                        end += source[end..].chars().next().map_or(1, char::len_utf8);
                        if escaped {
                            end += source[end..].chars().next().map_or(1, char::len_utf8);
                        }
                    }
                    let text = &source[at + 1..end];
                    let made = open.last().is_some_and(|it| {
                        MAKERS.iter().any(|(name, n)| it.name == *name && it.argument == *n)
                    });
                    let before = source[..at].trim_end();
                    let of_enum = before.ends_with("=>") && in_fn_code(before);
                    let named = before.ends_with("let code =") || before.ends_with("code:");
                    if (made || of_enum || named) && is_code(text) {
                        found.push(text.to_owned());
                    }
                    at = end;
                }
                '\'' if source[at + 1..].chars().nth(1) == Some('\'') => {
                    at += 1 + source[at + 1..].chars().next().map_or(1, char::len_utf8);
                }
                '\'' if source[at + 1..].starts_with('\\') => at += 3,
                '(' => open.push(Open { name: callee(&source[..at]), argument: 0 }),
                '[' | '{' => open.push(Open { name: String::new(), argument: 0 }),
                ')' | ']' | '}' => drop(open.pop()),
                ',' => {
                    if let Some(last) = open.last_mut() {
                        last.argument += 1;
                    }
                }
                _ => {}
            }
            at += source[at..].chars().next().map_or(1, char::len_utf8);
        }
        found
    }

    /// Whether the last function that begins before here is `code`.
    fn in_fn_code(before: &str) -> bool {
        before.rfind("fn ").is_some_and(|at| before[at..].starts_with("fn code("))
    }

    fn sources(path: &std::path::Path, into: &mut Vec<(String, String)>) {
        if path.is_dir() {
            for entry in std::fs::read_dir(path).unwrap() {
                sources(&entry.unwrap().path(), into);
            }
        } else if path.extension().is_some_and(|it| it == "rs") {
            into.push((path.display().to_string(), std::fs::read_to_string(path).unwrap()));
        }
    }

    #[test]
    fn codes_are_found_in_source() {
        let source = r#"
            errors.push(FieldError::new("/name", "length", "Give a name, please."));
            let node = object.parse::<Currency>("currency_unknown", errors);
            list(&["percent", "of", "less"], errors);
            errors.add(&node.pointer, "wrong_type", format!("Expected {expected}, {}.", a(b, "c")));
            let code = "hidden"; // a comment with a " in it is none of ours
        "#;
        let source = source.lines().filter(|line| !line.contains("//")).collect::<Vec<_>>();
        assert_eq!(codes_of(&source.join("\n")), ["length", "currency_unknown", "wrong_type"]);
        let of_enum = "fn code(&self) -> &str { match self { Self::A { .. } => \"a_b\", } }";
        assert_eq!(codes_of(of_enum), ["a_b"]);
        assert!(codes_of("fn word() { match it { A => \"a_b\" } }").is_empty());
    }

    /// Whoever adds a code adds its sentence in four languages, or says why nobody reads it.
    #[test]
    fn every_code_that_a_page_can_show_has_a_sentence() {
        let crates = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
        let mut without = std::collections::BTreeSet::new();
        let mut seen = std::collections::BTreeSet::new();
        for place in SHOWN {
            let mut files = Vec::new();
            sources(&std::path::Path::new(crates).join(place), &mut files);
            assert!(!files.is_empty(), "{place} is not there any more");
            for (file, source) in files {
                for code in codes_of(&source) {
                    if by_code(Language::En, &code).is_none()
                        && !UNSHOWN.iter().any(|(unshown, _)| *unshown == code)
                    {
                        without.insert(format!("{code} ({file})"));
                    }
                    seen.insert(code);
                }
            }
        }
        assert!(seen.len() > 150, "the sources were read: {}", seen.len());
        assert!(without.is_empty(), "codes without a sentence: {without:#?}");
        for (code, reason) in UNSHOWN {
            assert!(seen.contains(*code) && !reason.is_empty(), "{code} is made nowhere");
            assert!(by_code(Language::En, code).is_none(), "{code} has a sentence");
        }
    }
}
