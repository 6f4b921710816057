//! Every link in a Markdown file leads to a tracked file or folder, and to a heading that is there.
//! Links to other sites are not followed: a test needs no network.

use std::collections::BTreeSet;

use crate::tracked::{File, files, paths};

/// Targets of `[text](target)` and `[name]: target`, code left out.
fn targets(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for line in prose(text) {
        let line = without_code(line);
        for (at, _) in line.match_indices("](") {
            let rest = &line[at + 2..];
            let end = rest.find([')', ' ']).unwrap_or(rest.len());
            found.push(rest[..end].trim_matches(['<', '>']).to_owned());
        }
        if line.starts_with('[')
            && let Some((_, target)) = line.split_once("]: ")
        {
            found.push(target.split_whitespace().next().unwrap_or_default().to_owned());
        }
    }
    found
}

/// Lines outside of code fences.
fn prose(text: &str) -> impl Iterator<Item = &str> {
    let mut inside = false;
    text.lines().filter(move |line| {
        let is_fence = line.trim_start().starts_with("```");
        inside ^= is_fence;
        !inside && !is_fence
    })
}

/// The line without its `code`.
fn without_code(line: &str) -> String {
    line.split('`').step_by(2).collect::<Vec<_>>().join("")
}

/// The anchor a heading gets: lower case, blanks to hyphens, punctuation gone.
fn anchor(heading: &str) -> String {
    let kept = heading.trim().chars().filter_map(|c| match c {
        ' ' => Some('-'),
        c if c.is_alphanumeric() || c == '-' || c == '_' => Some(c),
        _ => None,
    });
    kept.flat_map(char::to_lowercase).collect()
}

fn anchors(text: &str) -> BTreeSet<String> {
    let headings = prose(text).filter(|line| line.starts_with('#'));
    headings.map(|line| anchor(line.trim_start_matches('#'))).collect()
}

/// `target` seen from the folder of `from`; `None` when it leaves the tree.
fn resolve(from: &str, target: &str) -> Option<String> {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// Links that lead nowhere.
fn broken(documents: &[File], paths: &[String]) -> Vec<String> {
    let exists = |path: &str| {
        let folder = format!("{path}/");
        paths.iter().any(|known| known == path || known.starts_with(&folder))
    };
    let mut found = Vec::new();
    for document in documents {
        for target in targets(&document.text) {
            if target.contains("://") || target.starts_with("mailto:") {
                continue;
            }
            let (file, fragment) = match target.split_once('#') {
                Some((file, fragment)) => (file, Some(fragment)),
                None => (target.as_str(), None),
            };
            let path = if file.is_empty() {
                Some(document.path.clone())
            } else {
                resolve(&document.path, file).filter(|path| exists(path))
            };
            let Some(path) = path else {
                found.push(format!("{}: {target} is not there", document.path));
                continue;
            };
            let other = documents.iter().find(|other| other.path == path);
            if let (Some(fragment), Some(other)) = (fragment, other)
                && !anchors(&other.text).contains(fragment)
            {
                found.push(format!("{}: {target}: no such heading", document.path));
            }
        }
    }
    found
}

#[test]
fn every_link_leads_somewhere() {
    let documents: Vec<File> =
        files().into_iter().filter(|file| file.has_extension(&["md"])).collect();
    let found = broken(&documents, &paths());
    assert!(found.is_empty(), "broken links:\n  {}", found.join("\n  "));
}

#[test]
fn a_broken_link_is_found() {
    let cases = [
        ("[a](../README.md) [b](pay.md#bank-files) [c](#here-it-is) [d](../docs)", 0),
        ("[a](https://example.com/gone.md) [b](mailto:a@example.com) `[c](gone.md)`", 0),
        ("```\n[a](gone.md)\n```\n", 0),
        ("[a](gone.md)", 1),
        ("[a]: gone.md", 1),
        ("[a](pay.md#gone) [b](#gone)", 2),
        ("[a](../../README.md)", 1),
    ];
    for (text, expected) in cases {
        let documents = [
            File::new("README.md", "# x\n"),
            File::new("docs/a.md", &format!("# Here, it is!\n\n{text}\n")),
            File::new("docs/pay.md", "## Bank files\n"),
        ];
        let paths: Vec<String> = documents.iter().map(|file| file.path.clone()).collect();
        let found = broken(&documents, &paths);
        assert_eq!(found.len(), expected, "{text:?} gave {found:?}");
    }
}
