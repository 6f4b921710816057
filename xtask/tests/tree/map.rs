//! ARCHITECTURE.md names only what is there, and every crate.

use crate::graph::Graph;
use crate::tracked::{File, files, has_word, paths};

const MAP: &str = "ARCHITECTURE.md";

/// What stands between backticks, code blocks left out.
fn code(text: &str) -> Vec<&str> {
    let blocks = text.split("```").step_by(2);
    blocks.flat_map(|prose| prose.split('`').skip(1).step_by(2)).collect()
}

/// Names like `ledger::movement::pay` and paths like `xtask/tests/tree` that nothing answers to.
fn gone(map: &str, files: &[File], paths: &[String]) -> Vec<String> {
    let mut gone = Vec::new();
    for name in code(map) {
        let is_path =
            ["crates/", "xtask/", "docs/", ".ci/"].iter().any(|top| name.starts_with(top));
        let is_there = if is_path {
            let folder = format!("{name}/");
            paths.iter().any(|path| path == name || path.starts_with(&folder))
        } else if let Some((crate_name, rest)) = name.split_once("::") {
            let sources = format!("crates/{crate_name}/src/");
            let mut sources =
                files.iter().filter(|file| file.path.starts_with(&sources)).peekable();
            // Not a crate of ours: a module of one, or a library.
            sources.peek().is_none() || {
                let sources: Vec<_> = sources.collect();
                rest.split("::").all(|word| sources.iter().any(|file| mentions(file, word)))
            }
        } else {
            true
        };
        if !is_there {
            gone.push(name.to_owned());
        }
    }
    gone
}

/// The file is the module `word` or within it, or has the word in its text.
fn mentions(file: &File, word: &str) -> bool {
    file.path.ends_with(&format!("/{word}.rs"))
        || file.path.contains(&format!("/{word}/"))
        || has_word(&file.text, word)
}

#[test]
fn the_map_names_nothing_that_is_gone() {
    let files = files();
    let map = files.iter().find(|file| file.path == MAP).unwrap();
    let gone = gone(&map.text, &files, &paths());
    assert!(gone.is_empty(), "{MAP} names what is not there: {gone:?}");
}

#[test]
fn the_map_shows_every_crate() {
    let files = files();
    let map = files.iter().find(|file| file.path == MAP).unwrap();
    let shown = code(&map.text);
    for member in Graph::of_this_workspace().members {
        let folder = member.strip_prefix("tributary-").unwrap_or(&member);
        assert!(shown.contains(&folder), "{MAP} does not show `{folder}`");
    }
}

#[test]
fn what_is_gone_is_found() {
    let files = [File::new("crates/ledger/src/movement/pay.rs", "pub fn pay() {}\n")];
    let paths: Vec<String> = files.iter().map(|file| file.path.clone()).collect();
    let gone = |map| gone(map, &files, &paths);
    let map = "`ledger::movement::pay` in `crates/ledger` is `serde::Serialize`, see\n\
               ```\n`docs/gone.md`\n```\n";
    assert_eq!(gone(map), Vec::<String>::new());
    assert_eq!(gone("`ledger::paid` `docs/gone.md`"), ["ledger::paid", "docs/gone.md"]);
}
