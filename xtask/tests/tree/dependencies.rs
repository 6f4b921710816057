//! Every direct dependency has its reason in `docs/dependencies.md`, and is used.

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::DependencyKind;

use crate::graph::{metadata, root};
use crate::tracked::{File, files, has_word};

const DOCUMENT: &str = "docs/dependencies.md";

/// Dependencies that no source names, with the reason they are there all the same.
const USED_UNNAMED: &[(&str, &str)] = &[];

/// Names in the first column of the document's tables, with the text of the others.
fn reasons(document: &str) -> BTreeMap<String, String> {
    let rows = document.lines().filter_map(|line| {
        let (name, reason) = line.strip_prefix("| `")?.split_once("` |")?;
        Some((name.to_owned(), reason.trim_matches(['|', ' ']).to_owned()))
    });
    rows.collect()
}

/// Direct dependencies of all our packages that come from outside.
fn direct() -> BTreeSet<String> {
    let metadata = metadata();
    let packages = metadata.workspace_packages();
    let dependencies = packages.iter().flat_map(|package| &package.dependencies);
    dependencies.filter(|d| d.path.is_none()).map(|d| d.name.clone()).collect()
}

#[test]
fn every_dependency_has_its_reason() {
    let document = std::fs::read_to_string(root().join(DOCUMENT)).unwrap();
    let reasons = reasons(&document);
    let direct = direct();
    let without: Vec<_> =
        direct.iter().filter(|name| reasons.get(*name).is_none_or(String::is_empty)).collect();
    assert!(without.is_empty(), "{DOCUMENT} gives no reason for {without:?}");
    let gone: Vec<_> = reasons.keys().filter(|name| !direct.contains(*name)).collect();
    assert!(gone.is_empty(), "{DOCUMENT} speaks of {gone:?}, which nothing uses");
}

#[test]
fn the_workspace_names_no_dependency_that_nobody_takes() {
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let manifest: toml::Table = manifest.parse().unwrap();
    let named = manifest["workspace"]["dependencies"].as_table().unwrap();
    let metadata = metadata();
    let packages = metadata.workspace_packages();
    let taken: BTreeSet<_> = packages
        .iter()
        .flat_map(|package| package.dependencies.iter().map(|d| d.name.as_str()))
        .collect();
    let foreign = named.keys().filter(|name| !name.starts_with("tributary-"));
    let idle: Vec<_> = foreign.filter(|name| !taken.contains(name.as_str())).collect();
    assert!(idle.is_empty(), "[workspace.dependencies] has {idle:?}, which no crate takes");
}

#[test]
fn every_dependency_is_used() {
    let files = files();
    let mut unused = Vec::new();
    for package in metadata().workspace_packages() {
        let folder = package.manifest_path.parent().unwrap().strip_prefix(root()).unwrap();
        let sources: Vec<&File> = files
            .iter()
            .filter(|file| file.path.starts_with(&format!("{folder}/")))
            .filter(|file| file.has_extension(&["rs", "html"]))
            .collect();
        for dependency in &package.dependencies {
            let name = dependency.rename.as_ref().unwrap_or(&dependency.name).replace('-', "_");
            let excused = USED_UNNAMED.iter().any(|(excused, _)| *excused == dependency.name);
            if !excused && !sources.iter().any(|source| has_word(&source.text, &name)) {
                unused.push(format!("{} takes {}", package.name, dependency.name));
            }
        }
    }
    assert!(unused.is_empty(), "named in Cargo.toml, not in the code:\n  {}", unused.join("\n  "));
}

#[test]
fn words_and_rows() {
    assert!(has_word("use url::Url;", "url"));
    assert!(!has_word("let curl = my_url;", "url"));
    let rows = reasons("| crate | why |\n|---|---|\n| `url` | parses |\n| `http` | |\n");
    assert_eq!(rows["url"], "parses");
    assert_eq!(rows["http"], "");
    assert_eq!(rows.len(), 2);
}

/// The fuzz targets are a workspace of their own with a lock file of their own, which nothing else
/// in the checks reads: it falls behind when one of our crates takes or leaves a dependency.
#[test]
fn the_lock_of_the_fuzz_targets_is_current() {
    let lock = std::fs::read_to_string(root().join("fuzz/Cargo.lock")).unwrap();
    let lock: toml::Table = lock.parse().unwrap();
    let locked: BTreeMap<&str, BTreeSet<&str>> = lock["package"]
        .as_array()
        .unwrap()
        .iter()
        .map(|package| {
            let named = package.get("dependencies").and_then(toml::Value::as_array);
            // `name`, or `name version` where there are several versions.
            let names = named.into_iter().flatten().filter_map(toml::Value::as_str);
            let names = names.filter_map(|it| it.split(' ').next()).collect();
            (package["name"].as_str().unwrap(), names)
        })
        .collect();
    let metadata = metadata();
    for package in metadata.workspace_packages() {
        let Some(known) = locked.get(package.name.as_str()) else { continue };
        let usual = package.dependencies.iter().filter(|it| it.kind != DependencyKind::Development);
        let taken: BTreeSet<&str> = usual.map(|it| it.name.as_str()).collect();
        assert_eq!(
            *known, taken,
            "fuzz/Cargo.lock knows other dependencies of {}: cd fuzz && cargo update --workspace",
            package.name
        );
    }
}
