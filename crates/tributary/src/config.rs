//! The configuration: one documented file that is the default, one of your own, and the
//! environment over both.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde::Deserialize;

/// The default, as documented.
pub(crate) const DEFAULT: &str = include_str!("../default.toml");
/// What variables of the environment begin with.
const PREFIX: &str = "TRIBUTARY__";

/// All of it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    pub(crate) folder: PathBuf,
    pub(crate) database: Database,
    pub(crate) web: Web,
    pub(crate) edge: EdgeSection,
    pub(crate) mail: Mail,
    pub(crate) jobs: Jobs,
    pub(crate) backup: BackupSection,
    pub(crate) metrics: MetricsSection,
    pub(crate) log: Log,
}

/// Where the record is.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Database {
    pub(crate) url: String,
    pub(crate) connections: u32,
}

/// Pages and API.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Web {
    pub(crate) listen: SocketAddr,
    pub(crate) public_url: String,
    pub(crate) trusted_proxies: Vec<String>,
    pub(crate) requests_per_minute: u32,
}

/// Redirects.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EdgeSection {
    pub(crate) listen: SocketAddr,
    pub(crate) public_url: String,
    pub(crate) threads: usize,
    pub(crate) node: u8,
    pub(crate) durability: Durability,
    pub(crate) fallback_url: String,
    pub(crate) country_header: String,
}

/// When a redirect goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Durability {
    Durable,
    AfterWrite,
}

/// Outgoing mail.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Mail {
    pub(crate) from: String,
    pub(crate) url: String,
}

/// Work in the background.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Jobs {
    pub(crate) interval_seconds: u64,
    pub(crate) ingest_interval_milliseconds: u64,
}

/// Backups.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BackupSection {
    pub(crate) recipient: String,
}

/// Figures for an operator.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MetricsSection {
    pub(crate) listen: SocketAddr,
}

/// What is written about it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Log {
    pub(crate) level: String,
    pub(crate) format: LogFormat,
}

/// For whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LogFormat {
    Text,
    Json,
}

/// Why a configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConfigError {
    #[error("cannot read {path}: {error}", path = path.display())]
    Read { path: PathBuf, error: std::io::Error },
    #[error("{origin}: {error}")]
    Parse { origin: String, error: toml::de::Error },
    #[error("{0} names no key of the configuration")]
    Variable(String),
}

/// Reads the configuration: the default, `file` over it, `variables` over both.
pub(crate) fn load(
    file: Option<&Path>,
    variables: impl Iterator<Item = (String, String)>,
) -> Result<Config, ConfigError> {
    let parse = |text: &str, origin: String| {
        toml::from_str::<toml::Table>(text).map_err(|error| ConfigError::Parse { origin, error })
    };
    let mut merged = parse(DEFAULT, "the default configuration".to_owned())?;
    if let Some(path) = file {
        let text = std::fs::read_to_string(path)
            .map_err(|error| ConfigError::Read { path: path.to_owned(), error })?;
        let own = parse(&text, path.display().to_string())?;
        // Once alone, so that a mistyped key is told with its own file.
        merge(&mut merged, own);
    }
    for (name, value) in variables {
        let Some(rest) = name.strip_prefix(PREFIX) else { continue };
        let keys: Vec<String> = rest.split("__").map(str::to_lowercase).collect();
        if !put(&mut merged, &keys, &value) {
            return Err(ConfigError::Variable(name));
        }
    }
    let origin = file.map_or("the configuration".to_owned(), |path| path.display().to_string());
    merged.try_into().map_err(|error| ConfigError::Parse { origin, error })
}

fn merge(into: &mut toml::Table, from: toml::Table) {
    for (key, value) in from {
        match (into.get_mut(&key), value) {
            (Some(toml::Value::Table(inner)), toml::Value::Table(own)) => merge(inner, own),
            (_, value) => {
                into.insert(key, value);
            }
        }
    }
}

/// Puts a variable's text where its keys lead, in the type that stands there.
fn put(into: &mut toml::Table, keys: &[String], text: &str) -> bool {
    let [key, rest @ ..] = keys else { return false };
    match (into.get_mut(key), rest) {
        (Some(toml::Value::Table(inner)), [_, ..]) => put(inner, rest, text),
        (Some(value), []) => {
            let new = match value {
                toml::Value::Integer(_) => text.parse().ok().map(toml::Value::Integer),
                toml::Value::Boolean(_) => text.parse().ok().map(toml::Value::Boolean),
                toml::Value::Array(_) => Some(toml::Value::Array(
                    text.split(',')
                        .map(str::trim)
                        .filter(|it| !it.is_empty())
                        .map(|it| toml::Value::String(it.to_owned()))
                        .collect(),
                )),
                toml::Value::Table(_) => None,
                _ => Some(toml::Value::String(text.to_owned())),
            };
            new.map(|new| *value = new).is_some()
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
        load(None, variables.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())))
    }

    #[test]
    fn the_documented_file_is_the_default() {
        let config = with(&[]).unwrap();
        assert_eq!(config.web.listen.port(), 8080);
        assert_eq!(config.edge.durability, Durability::Durable);
        assert!(config.web.trusted_proxies.is_empty(), "forwarded headers are ignored");
    }

    #[test]
    fn a_file_and_the_environment_override() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("own.toml");
        std::fs::write(&path, "[web]\nlisten = \"127.0.0.1:9\"\n").unwrap();
        let vars =
            [("TRIBUTARY__EDGE__NODE", "7"), ("TRIBUTARY__WEB__TRUSTED_PROXIES", "10.0.0.0/8")];
        let vars = vars.into_iter().map(|(k, v)| (k.to_owned(), v.to_owned()));
        let config = load(Some(&path), vars).unwrap();
        assert_eq!(config.web.listen.port(), 9);
        assert_eq!(config.edge.node, 7);
        assert_eq!(config.web.trusted_proxies, ["10.0.0.0/8"]);
        assert_eq!(config.database.connections, 8, "what is not named keeps its default");
    }

    #[test]
    fn mistyped_keys_are_refused() {
        let error = with(&[("TRIBUTARY__WEB__LISTNE", "x")]).unwrap_err();
        assert!(error.to_string().contains("TRIBUTARY__WEB__LISTNE"));
        assert!(with(&[("TRIBUTARY__EDGE__NODE", "many")]).is_err());
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("own.toml");
        std::fs::write(&path, "[web]\nlistne = \"x\"\n").unwrap();
        let error = load(Some(&path), std::iter::empty()).unwrap_err();
        assert!(error.to_string().contains("listne"), "{error}");
    }
}
