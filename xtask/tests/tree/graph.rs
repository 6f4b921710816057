//! The graph of packages, as `cargo metadata` tells it.

use std::collections::{BTreeMap, VecDeque};
use std::path::{Path, PathBuf};

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Normal,
    Build,
    Dev,
}

/// One package uses another.
#[derive(Debug, Clone)]
pub(crate) struct Arrow {
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) kind: Kind,
}

/// Members of the workspace, and arrows between all packages that take part in building it.
#[derive(Debug)]
pub(crate) struct Graph {
    pub(crate) members: Vec<String>,
    pub(crate) arrows: Vec<Arrow>,
}

/// The checkout's root folder.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// What cargo says about this workspace, for Linux alone: packages of other systems need not have
/// been downloaded.
pub(crate) fn metadata() -> Metadata {
    MetadataCommand::new()
        .manifest_path(PathBuf::from(root()).join("Cargo.toml"))
        .other_options(["--filter-platform".into(), "x86_64-unknown-linux-gnu".into()])
        .exec()
        .unwrap()
}

impl Graph {
    pub(crate) fn of_this_workspace() -> Self {
        let metadata = metadata();
        let name = |id: &cargo_metadata::PackageId| metadata[id].name.to_string();
        let members = metadata.workspace_members.iter().map(name).collect();
        let mut arrows = Vec::new();
        for node in &metadata.resolve.as_ref().unwrap().nodes {
            for dependency in &node.deps {
                for kind in &dependency.dep_kinds {
                    let kind = match kind.kind {
                        DependencyKind::Development => Kind::Dev,
                        DependencyKind::Build => Kind::Build,
                        _ => Kind::Normal,
                    };
                    arrows.push(Arrow { from: name(&node.id), to: name(&dependency.pkg), kind });
                }
            }
        }
        Self { members, arrows }
    }

    /// A made-up graph, of which every package called `tributary…` or `xtask` is a member.
    pub(crate) fn from_arrows(arrows: &[(&str, &str, Kind)]) -> Self {
        let arrows: Vec<Arrow> = arrows
            .iter()
            .map(|&(from, to, kind)| Arrow { from: from.into(), to: to.into(), kind })
            .collect();
        let is_ours = |name: &&String| name.starts_with("tributary") || *name == "xtask";
        let names = arrows.iter().flat_map(|arrow| [&arrow.from, &arrow.to]);
        Self { members: names.filter(is_ours).cloned().collect(), arrows }
    }

    /// Every package that `name` reaches through normal arrows, with one shortest road to it.
    pub(crate) fn reached_by(&self, name: &str) -> BTreeMap<String, Vec<String>> {
        let mut roads = BTreeMap::new();
        let mut waiting = VecDeque::from([vec![name.to_owned()]]);
        while let Some(road) = waiting.pop_front() {
            let end = road.last().unwrap();
            for arrow in &self.arrows {
                if arrow.kind == Kind::Normal
                    && arrow.from == *end
                    && !roads.contains_key(&arrow.to)
                {
                    let mut longer = road.clone();
                    longer.push(arrow.to.clone());
                    roads.insert(arrow.to.clone(), longer.clone());
                    waiting.push_back(longer);
                }
            }
        }
        roads
    }
}
