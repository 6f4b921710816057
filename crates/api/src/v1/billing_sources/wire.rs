use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tributary_app::billing::{BillingSettings, BillingSource};
use tributary_kernel::{IntegrationId, ProgramId, Timestamp};

/// How events are read.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "BillingSettings")]
pub(super) struct SettingsWire {
    /// Keys of metadata that carry a click id; the first that is there wins. Left out:
    /// `tributary_click`, `trib`.
    #[serde(default = "default_click_keys")]
    click_keys: Vec<String>,
    /// Whether a new customer is reported as `signup`. Left out: no.
    #[serde(default)]
    report_signups: bool,
    /// Whether a trial is reported as `trial`. Left out: yes.
    #[serde(default = "default_report_trials")]
    report_trials: bool,
}

fn default_click_keys() -> Vec<String> {
    BillingSettings::default().click_keys
}

fn default_report_trials() -> bool {
    BillingSettings::default().report_trials
}

impl From<SettingsWire> for BillingSettings {
    fn from(it: SettingsWire) -> Self {
        let SettingsWire { click_keys, report_signups, report_trials } = it;
        Self { click_keys, report_signups, report_trials }
    }
}

/// A billing source, without its secrets.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "BillingSource")]
pub(super) struct SourceOut {
    /// Its id: the integration that its facts are keyed by.
    id: IntegrationId,
    /// Whose customers pay there.
    program: ProgramId,
    /// Which system: `stripe`.
    kind: String,
    /// What you call it.
    name: String,
    /// Where the system is to send its events: a path on this host.
    webhook_path: String,
    /// When it was connected.
    created_at: Timestamp,
}

impl From<BillingSource> for SourceOut {
    fn from(it: BillingSource) -> Self {
        Self {
            webhook_path: format!("/hooks/{}/{}", it.kind, it.id),
            id: it.id,
            program: it.program,
            kind: it.kind,
            name: it.name,
            created_at: it.created_at,
        }
    }
}

/// A source in an address.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct SourcePath {
    /// The source's id.
    pub(super) id: IntegrationId,
}
