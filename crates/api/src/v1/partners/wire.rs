use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tributary_directory::{Partner, PartnerKind};
use tributary_kernel::PartnerId;

/// A partner in an address.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct PartnerPath {
    /// The partner's id.
    pub(super) id: PartnerId,
}

/// Who promotes.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Partner")]
pub(in crate::v1) struct PartnerOut {
    /// Its id.
    id: PartnerId,
    /// Name, as on statements.
    name: String,
    /// What sort.
    kind: PartnerKind,
    /// Where it is written to.
    email: String,
    /// ISO 3166-1 alpha-2.
    country: String,
    /// `en`, `da`, `sv` or `id`.
    language: String,
    /// Where it promotes.
    website: Option<String>,
}

impl From<Partner> for PartnerOut {
    fn from(it: Partner) -> Self {
        Self {
            id: it.id,
            name: it.name,
            kind: it.kind,
            email: it.email,
            country: it.country,
            language: it.language,
            website: it.website,
        }
    }
}
