//! What no file of the tree may hold. Each rule names the way out.

use crate::tracked::{File, files};

/// Longest file, in lines: one that is longer holds two ideas.
const LINES_MAX: usize = 600;

/// Hosts that a checkout must not depend on: a registry is reached through its own client, whose
/// settings belong to the machine.
const REGISTRY_HOSTS: &[&str] = &[
    "index.crates.io",
    "static.crates.io",
    "pypi.org",
    "pythonhosted.org",
    "registry.npmjs.org",
    "deb.debian.org",
    "security.debian.org",
    "archive.ubuntu.com",
];

/// Folders that exist on one machine only.
const MACHINE_PATHS: &[&str] = &["/work/", "/root/", "/home/", "/Users/"];

struct Rule {
    advice: &'static str,
    applies: fn(&File) -> bool,
    broken_by: fn(&str) -> bool,
    /// Whether only test code is looked at.
    tests_only: bool,
}

const RULES: &[Rule] = &[
    Rule {
        advice: "say `#[expect(lint, reason = \"…\")]`: it falls when it is no longer needed",
        applies: is_rust,
        broken_by: allows_a_lint,
        tests_only: false,
    },
    Rule {
        advice: "finish it, or leave it out",
        applies: is_rust,
        broken_by: |line| has_macro(line, "todo") || has_macro(line, "unimplemented"),
        tests_only: false,
    },
    Rule {
        advice: "a test that does not run proves nothing: mend it or delete it",
        applies: is_rust,
        broken_by: |line| line.trim_start().starts_with(concat!("#[", "ignore")),
        tests_only: false,
    },
    Rule {
        advice: "wait on the thing itself, or move the clock",
        applies: is_rust,
        // A statement of the database that lasts is a thing to test with, not a way to wait.
        broken_by: |line| {
            line.replace(concat!("pg_sleep", "("), "").contains(concat!("sleep", "("))
        },
        tests_only: true,
    },
    Rule {
        advice: "leave registries to their clients and the machine's settings",
        applies: |file| file.path != "Cargo.lock" && file.path != THIS_FILE,
        broken_by: |line| REGISTRY_HOSTS.iter().any(|host| line.contains(host)),
        tests_only: false,
    },
    Rule {
        advice: "this path exists on one machine only",
        applies: |file| file.path != THIS_FILE,
        broken_by: names_a_machine_path,
        tests_only: false,
    },
    Rule {
        advice: "no trailing whitespace",
        applies: |file| {
            file.has_extension(&["rs", "toml", "md", "sql", "css", "js", "html", "ftl"])
        },
        broken_by: |line| line.ends_with([' ', '\t', '\r']),
        tests_only: false,
    },
];

/// It names what it looks for.
const THIS_FILE: &str = "xtask/tests/tree/tidy.rs";

fn is_rust(file: &File) -> bool {
    file.has_extension(&["rs"])
}

/// `#[allow(…)]`, `#![allow(…)]`, and either inside `cfg_attr`.
fn allows_a_lint(line: &str) -> bool {
    let line = line.trim_start();
    let is_attribute = line.starts_with("#[") || line.starts_with("#![");
    let direct = [concat!("#[", "allow("), concat!("#![", "allow(")];
    is_attribute
        && (direct.iter().any(|start| line.starts_with(start))
            || (line.contains("cfg_attr(") && line.contains(concat!(" allow", "("))))
}

/// A call of `name!(…)`, not a mention in a comment or within a longer name.
fn has_macro(line: &str, name: &str) -> bool {
    let call = format!("{name}!(");
    let code = line.split("//").next().unwrap_or(line);
    code.match_indices(&call).any(|(at, _)| {
        !code[..at].ends_with(|before: char| before.is_alphanumeric() || before == '_')
    })
}

/// A machine's folder at the beginning of a path; `…/work/…` inside a longer path is none.
fn names_a_machine_path(line: &str) -> bool {
    MACHINE_PATHS.iter().any(|path| {
        line.match_indices(path).any(|(at, _)| {
            let before = line[..at].chars().next_back();
            before.is_none_or(|before| {
                !(before.is_alphanumeric() || matches!(before, '.' | '-' | '_' | '}' | '*' | '/'))
            })
        })
    })
}

/// Zero-based line from which the rest of a file is test code.
fn first_test_line(file: &File) -> usize {
    let is_test_file = file.path.contains("/tests/") || file.path.ends_with("/tests.rs");
    if is_test_file {
        return 0;
    }
    let begins = |line: &str| line.trim_start().starts_with("#[cfg(test)]");
    file.text.lines().position(begins).unwrap_or(usize::MAX)
}

fn findings(files: &[File]) -> Vec<String> {
    let mut found = Vec::new();
    for file in files {
        for rule in RULES.iter().filter(|rule| (rule.applies)(file)) {
            let first = if rule.tests_only { first_test_line(file) } else { 0 };
            for (index, line) in file.text.lines().enumerate().skip(first) {
                if (rule.broken_by)(line) {
                    found.push(format!("{}:{}: {}", file.path, index + 1, rule.advice));
                }
            }
        }
        let lines = file.text.lines().count();
        if file.has_extension(&["rs", "js", "css", "html", "sh"]) && lines > LINES_MAX {
            found.push(format!("{}: {lines} lines, at most {LINES_MAX}: split it", file.path));
        }
        if !file.text.is_empty() && !file.text.ends_with('\n') && is_rust(file) {
            found.push(format!("{}: the last line has no end", file.path));
        }
    }
    found
}

#[test]
fn the_tree_is_tidy() {
    let found = findings(&files());
    assert!(found.is_empty(), "{} findings:\n  {}", found.len(), found.join("\n  "));
}

/// The rules themselves, on lines that break them and lines that only look so.
#[test]
fn an_untidy_file_is_found() {
    let host = format!("curl https://{}/x\n", REGISTRY_HOSTS[0]);
    let home = format!("dir = \"{}anna/x\"\n", MACHINE_PATHS[2]);
    let long = "x\n".repeat(LINES_MAX + 1);
    let cases: &[(&str, &str, usize)] = &[
        ("crates/a/src/a.rs", concat!("#[", "allow(dead_code)]\n"), 1),
        ("crates/a/src/a.rs", concat!("    #![", "allow(dead_code)]\n"), 1),
        ("crates/a/src/a.rs", concat!("#[cfg_attr(test,", " allow", "(dead_code))]\n"), 1),
        ("crates/a/src/a.rs", "#[expect(dead_code, reason = \"x\")]\nfn is_allow(x: X) {}\n", 0),
        ("crates/a/src/a.rs", concat!("fn a() { todo", "!() }\n"), 1),
        ("crates/a/src/a.rs", concat!("// no todo", "!() here\nmy_todo", "!(1);\n"), 0),
        ("crates/a/src/a.rs", concat!("fn a() { unimplemented", "!() }\n"), 1),
        ("crates/a/src/a.rs", concat!("#[test]\n    #[", "ignore = \"slow\"]\n"), 1),
        ("crates/a/tests/a.rs", concat!("tokio::time::sleep", "(second).await;\n"), 1),
        ("crates/a/src/a.rs", concat!("#[cfg(test)]\nmod tests {\nsleep", "(x);\n}\n"), 1),
        ("crates/a/src/a.rs", concat!("clock.sleep", "(x);\n#[cfg(test)]\nmod tests {}\n"), 0),
        ("docs/install.md", &host, 1),
        ("Cargo.lock", &host, 0),
        (".ci/run", &home, 1),
        ("docs/a.md", "https://example.com/work/1 and src/root/x and $x/home/y\n", 0),
        ("docs/a.md", "a line with a blank at its end \n", 1),
        ("crates/a/src/a.rs", &long, 1),
        ("crates/a/src/a.sql", &long, 0),
        ("crates/a/src/a.rs", "fn main() {}", 1),
    ];
    for (path, text, expected) in cases {
        let found = findings(&[File::new(path, text)]);
        assert_eq!(found.len(), *expected, "{path} with {text:?} gave {found:?}");
    }
}
