//! Holds the table of crates: dependencies point down, sideways only where listed. A new crate
//! fails here until it has a place; a new arrow fails until the table, and with it the map in
//! ARCHITECTURE.md, says that it is meant.

use crate::graph::{Arrow, Graph, Kind};

/// A crate's place in the house.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Tier 0 is the bottom, tier 4 the binary. An arrow may point to any lower tier.
    Tier(u8),
    /// May use anything; is used by nothing but tests and other tools.
    Tool,
}
use Place::{Tier, Tool};

struct Row {
    name: &'static str,
    place: Place,
    /// Crates of the same tier that this one may use.
    sideways: &'static [&'static str],
    /// When given, the only crates of ours it may use at all, lower ones included.
    only: Option<&'static [&'static str]>,
}

const fn row(name: &'static str, place: Place, sideways: &'static [&'static str]) -> Row {
    Row { name, place, sideways, only: None }
}

const fn narrow(name: &'static str, place: Place, only: &'static [&'static str]) -> Row {
    Row { name, place, sideways: only, only: Some(only) }
}

const TABLE: &[Row] = &[
    row("tributary-kernel", Tier(0), &[]),
    row("tributary-money", Tier(0), &["tributary-kernel"]),
    row("tributary-i18n", Tier(0), &["tributary-kernel", "tributary-money"]),
    row("tributary-directory", Tier(1), &[]),
    row("tributary-click", Tier(1), &[]),
    row("tributary-attribution", Tier(1), &[]),
    row("tributary-sales", Tier(1), &[]),
    row("tributary-commission", Tier(1), &[]),
    row("tributary-ledger", Tier(1), &[]),
    row("tributary-payout", Tier(1), &[]),
    row("tributary-sheet", Tier(1), &[]),
    row("tributary-store", Tier(2), &[]),
    row("tributary-app", Tier(2), &["tributary-store"]),
    narrow("tributary-store-sqlite", Tier(3), &["tributary-kernel", "tributary-store"]),
    narrow("tributary-store-postgres", Tier(3), &["tributary-kernel", "tributary-store"]),
    narrow("tributary-spool", Tier(3), &["tributary-kernel", "tributary-click"]),
    narrow("tributary-edge", Tier(3), &["tributary-kernel", "tributary-click", "tributary-spool"]),
    // Whoever serves asks use cases, and knows nothing of where things are kept.
    narrow("tributary-web", Tier(3), &["tributary-kernel", "tributary-directory", "tributary-app"]),
    narrow(
        "tributary-api",
        Tier(3),
        &[
            "tributary-kernel",
            "tributary-money",
            "tributary-directory",
            "tributary-attribution",
            "tributary-commission",
            "tributary-ledger",
            "tributary-app",
            "tributary-web",
        ],
    ),
    row("tributary-console", Tier(3), &["tributary-web"]),
    row("tributary-connectors", Tier(3), &[]),
    narrow(
        "tributary-sim",
        Tier(3),
        &[
            "tributary-kernel",
            "tributary-money",
            "tributary-directory",
            "tributary-click",
            "tributary-ledger",
            "tributary-app",
        ],
    ),
    row("tributary", Tier(4), &[]),
    row("tributary-testkit", Tool, &[]),
    row("tributary-bench", Tool, &[]),
    row("xtask", Tool, &[]),
];

/// Concrete databases: named by the binary and by tools only.
const DRIVERS: &[&str] = &["tributary-store-sqlite", "tributary-store-postgres"];

/// What pure crates never reach, not even through a library: IO, HTTP, SQL, pages, executors.
const IMPURE: &[&str] = &[
    "askama",
    "async-trait",
    "axum",
    "http",
    "hyper",
    "lettre",
    "mio",
    "reqwest",
    "rusqlite",
    "rustls",
    "socket2",
    "sqlx",
    "tempfile",
    "tokio",
    "tower",
];

/// What the edge never reaches: it answers while the database is away.
const NOT_ON_THE_EDGE: &[&str] = &[
    "tributary-store",
    "tributary-app",
    "tributary-store-sqlite",
    "tributary-store-postgres",
    "rusqlite",
    "sqlx",
    "axum",
    "askama",
];

/// What use cases never reach: they know no database and no page.
const NOT_IN_USE_CASES: &[&str] = &["rusqlite", "sqlx", "axum", "hyper", "askama"];

fn place(name: &str) -> Option<&'static Row> {
    TABLE.iter().find(|row| row.name == name)
}

/// Every way in which the graph breaks the table, in words.
fn violations(graph: &Graph) -> Vec<String> {
    let mut found = Vec::new();
    for member in &graph.members {
        if place(member).is_none() {
            found.push(format!("{member} has no row in the table"));
        }
    }
    found.extend(graph.arrows.iter().filter_map(arrow_violation));
    for row in TABLE.iter().filter(|row| graph.members.iter().any(|member| member == row.name)) {
        for (reached, road) in graph.reached_by(row.name) {
            if is_forbidden(row, &reached) {
                found.push(format!("{} reaches {reached} by {}", row.name, road.join(" -> ")));
            }
        }
    }
    found
}

fn arrow_violation(arrow: &Arrow) -> Option<String> {
    let (from, to) = (place(&arrow.from)?, place(&arrow.to)?);
    let words = format!("{} -> {} ({:?})", from.name, to.name, arrow.kind);
    if arrow.kind == Kind::Dev || from.place == Tool {
        return None;
    }
    if let Some(only) = from.only
        && !only.contains(&to.name)
    {
        return Some(format!("{words}: it may use only {}", only.join(", ")));
    }
    if DRIVERS.contains(&to.name) && from.place != Tier(4) {
        return Some(format!("{words}: only the binary and tools name a database"));
    }
    match (from.place, to.place) {
        (_, Tool) => Some(format!("{words}: a tool is used by tests only")),
        (Tier(from_tier), Tier(to_tier)) if to_tier > from_tier => {
            Some(format!("{words}: points up"))
        }
        (Tier(from_tier), Tier(to_tier)) if to_tier == from_tier => {
            (!from.sideways.contains(&to.name))
                .then(|| format!("{words}: points sideways and is not listed"))
        }
        _ => None,
    }
}

fn is_forbidden(row: &Row, reached: &str) -> bool {
    let lists: &[&[&str]] = match (row.name, row.place) {
        ("tributary-edge" | "tributary-spool", _) => &[NOT_ON_THE_EDGE],
        ("tributary-store" | "tributary-app", _) => &[NOT_IN_USE_CASES],
        (_, Tier(0 | 1)) => &[IMPURE],
        _ => &[],
    };
    // Spool and edge wait on disks and sockets; what they may not do is in their own list.
    lists.iter().any(|list| list.contains(&reached))
}

#[test]
fn dependencies_point_down() {
    let found = violations(&Graph::of_this_workspace());
    assert!(found.is_empty(), "the dependency table is broken:\n  {}", found.join("\n  "));
}

#[test]
fn every_row_is_a_crate_or_not_yet_begun() {
    // `sim` starts with its first real code; every other row must exist.
    let graph = Graph::of_this_workspace();
    for row in TABLE {
        let waits = row.name == "tributary-sim";
        assert!(waits || graph.members.iter().any(|name| name == row.name), "{} is gone", row.name);
    }
}

type Arrows = &'static [(&'static str, &'static str, Kind)];

/// The rules themselves, on graphs that break them.
#[test]
fn a_broken_graph_is_found() {
    use Kind::{Build, Dev, Normal};
    let cases: &[(Arrows, &str)] = &[
        (&[("tributary-click", "tributary-kernel", Normal)], ""),
        (&[("tributary-app", "tributary-store", Normal)], ""),
        (&[("tributary-api", "tributary-store-sqlite", Dev)], ""),
        (&[("tributary", "tributary-store-sqlite", Normal)], ""),
        (&[("xtask", "tributary-store-sqlite", Normal)], ""),
        (&[("tributary-click", "tributary-store", Normal)], "points up"),
        (&[("tributary-click", "tributary-store", Build)], "points up"),
        (&[("tributary-click", "tributary-ledger", Normal)], "points sideways"),
        (&[("tributary-store", "tributary-app", Normal)], "points sideways"),
        (&[("tributary-console", "tributary-api", Normal)], "points sideways"),
        (&[("tributary-spool", "tributary-money", Normal)], "may use only"),
        (&[("tributary-edge", "tributary-app", Normal)], "may use only"),
        (&[("tributary-api", "tributary-store", Normal)], "may use only"),
        (&[("tributary-console", "tributary-store-sqlite", Normal)], "only the binary"),
        (&[("tributary-app", "tributary-testkit", Normal)], "a tool is used by tests"),
        (&[("tributary-new", "tributary-kernel", Normal)], "has no row"),
        (&[("tributary-ledger", "x", Normal), ("x", "tokio", Normal)], "-> x -> tokio"),
        (&[("tributary-ledger", "x", Dev), ("x", "tokio", Normal)], ""),
        (&[("tributary-edge", "x", Normal), ("x", "sqlx", Normal)], "-> x -> sqlx"),
        (&[("tributary-edge", "tokio", Normal)], ""),
        (&[("tributary-app", "rusqlite", Normal)], "reaches rusqlite"),
    ];
    for (arrows, expected) in cases {
        let found = violations(&Graph::from_arrows(arrows)).join("\n");
        if expected.is_empty() {
            assert_eq!(found, "", "{arrows:?}");
        } else {
            assert!(found.contains(expected), "{arrows:?} gave {found:?}");
        }
    }
}
