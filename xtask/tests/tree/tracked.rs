//! The files under version control, as they stand in the checkout.

use std::process::Command;

use crate::graph::root;

/// A tracked text file.
#[derive(Debug)]
pub(crate) struct File {
    /// From the root, with `/`.
    pub(crate) path: String,
    pub(crate) text: String,
}

impl File {
    /// A made-up file, for the tests of the rules.
    pub(crate) fn new(path: &str, text: &str) -> Self {
        Self { path: path.into(), text: text.into() }
    }

    pub(crate) fn has_extension(&self, extensions: &[&str]) -> bool {
        self.path.rsplit_once('.').is_some_and(|(_, own)| extensions.contains(&own))
    }
}

/// Paths of all tracked files, those deleted in the checkout left out.
pub(crate) fn paths() -> Vec<String> {
    // A checkout that belongs to another user (a container's mount) is no reason to refuse.
    let output = Command::new("git")
        .args(["-c", "safe.directory=*", "ls-files", "-z"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "git: {}", String::from_utf8_lossy(&output.stderr));
    let paths = String::from_utf8(output.stdout).unwrap();
    let paths = paths.split('\0').filter(|path| !path.is_empty() && root().join(path).exists());
    paths.map(str::to_owned).collect()
}

/// All tracked files that are text.
pub(crate) fn files() -> Vec<File> {
    let read = |path: String| {
        let bytes = std::fs::read(root().join(&path)).ok()?;
        Some(File { text: String::from_utf8(bytes).ok()?, path })
    };
    let files: Vec<File> = paths().into_iter().filter_map(read).collect();
    assert!(files.iter().any(|file| file.path == "Cargo.toml"), "not the whole tree: {files:?}");
    files
}

/// `word` stands in `text` with no letter, digit or underscore beside it.
pub(crate) fn has_word(text: &str, word: &str) -> bool {
    let joins = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word)
        .any(|(at, _)| !text[..at].ends_with(joins) && !text[at + word.len()..].starts_with(joins))
}
