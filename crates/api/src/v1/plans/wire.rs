use schemars::JsonSchema;
use serde::Serialize;
use tributary_app::AppError;
use tributary_app::directory::StoredPlan;
use tributary_kernel::{PlanId, ProgramId, Timestamp};

/// One version of a plan.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Plan")]
pub(super) struct PlanOut {
    /// Its id.
    id: PlanId,
    /// Which program's.
    program: ProgramId,
    /// 1, 2, 3, ….
    version: u32,
    /// From when it holds. A conversion is paid by the version that held when it occurred.
    effective_from: Timestamp,
    /// The document in its canonical form.
    document: serde_json::Value,
    /// SHA-256 of the canonical document, in hex: its identity.
    hash: String,
    /// When it was published.
    created_at: Timestamp,
}

impl PlanOut {
    /// A stored version as it is answered.
    pub(super) fn of(it: StoredPlan) -> Result<Self, AppError> {
        let document = serde_json::from_str(&it.document)
            .map_err(|error| AppError::Corrupt(format!("document of {}: {error}", it.id)))?;
        Ok(Self {
            id: it.id,
            program: it.program,
            version: it.version,
            effective_from: it.effective_from,
            document,
            hash: crate::hex::encode(&it.hash),
            created_at: it.created_at,
        })
    }
}
