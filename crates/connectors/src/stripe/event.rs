use serde_json::Value;
use tributary_kernel::Timestamp;

use super::json;

/// What every event has.
#[derive(Debug, Clone, PartialEq)]
pub struct Envelope {
    /// `evt_…`: one event for ever, however often it is sent.
    pub id: String,
    /// Like `invoice.paid`.
    pub kind: String,
    /// When it happened.
    pub created: Timestamp,
    /// Whether of live mode; false: of test mode.
    pub live: bool,
    /// What it is about, in the form of the endpoint's API version.
    pub object: Value,
}

impl Envelope {
    /// Reads an event that was sent as JSON.
    ///
    /// # Errors
    /// What is missing.
    pub fn read(body: &[u8]) -> Result<Self, String> {
        let value: Value = serde_json::from_slice(body).map_err(|it| format!("not JSON: {it}"))?;
        Self::of(&value)
    }

    /// Reads an event of a list.
    ///
    /// # Errors
    /// What is missing.
    pub fn of(value: &Value) -> Result<Self, String> {
        let need = |name: &str| format!("the event has no `{name}`");
        Ok(Self {
            id: json::text(value, &["id"]).ok_or_else(|| need("id"))?.to_owned(),
            kind: json::text(value, &["type"]).ok_or_else(|| need("type"))?.to_owned(),
            created: json::moment(value, &["created"]).ok_or_else(|| need("created"))?,
            live: json::is_true(value, &["livemode"]),
            object: json::at(value, &["data", "object"])
                .ok_or_else(|| need("data.object"))?
                .clone(),
        })
    }
}
