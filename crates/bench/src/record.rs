//! `docs/benchmarks.md`: one section per bench, replaced by `--record`.

use std::path::Path;

use crate::error::{BenchError, During};
use crate::machine::root;

const DOCUMENT: &str = "docs/benchmarks.md";

/// Replaces the section of `bench` with `body`.
pub(crate) fn replace(bench: &str, body: &str) -> Result<(), BenchError> {
    let path = root().join(DOCUMENT);
    let document = read(&path)?;
    let changed = replaced(&document, bench, body).ok_or_else(|| {
        BenchError::Unfit(format!("{DOCUMENT} has no section between {:?}", markers(bench)))
    })?;
    std::fs::write(&path, changed).during(DOCUMENT)
}

fn read(path: &Path) -> Result<String, BenchError> {
    std::fs::read_to_string(path).during(DOCUMENT)
}

fn markers(bench: &str) -> (String, String) {
    (format!("<!-- figures: {bench} -->"), format!("<!-- end of figures: {bench} -->"))
}

fn replaced(document: &str, bench: &str, body: &str) -> Option<String> {
    let (begin, end) = markers(bench);
    let (before, rest) = document.split_once(&begin)?;
    let (_, after) = rest.split_once(&end)?;
    Some(format!("{before}{begin}\n{}\n{end}{after}", body.trim_end()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_its_own_section_changes() {
        let document = "# x\n<!-- figures: a -->\nold\n<!-- end of figures: a -->\n\
                        <!-- figures: b -->\nkept\n<!-- end of figures: b -->\n";
        let changed = replaced(document, "a", "new\n").unwrap();
        assert_eq!(changed, document.replace("old", "new"));
        assert_eq!(replaced(document, "c", "new"), None);
    }

    #[test]
    fn the_document_has_its_sections() {
        let document = read(&root().join(DOCUMENT)).unwrap();
        for bench in [
            "redirect",
            "growth",
            "conversions",
            "commission",
            "start",
            "ingest",
            "verify",
            "simulate",
            "upload",
        ] {
            assert!(replaced(&document, bench, "new").is_some(), "{bench}");
        }
    }
}
