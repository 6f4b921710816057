use schemars::JsonSchema;
use serde::Serialize;
use tributary_directory::{Link, LinkStatus, PromotionMethod};
use tributary_kernel::{LinkId, PartnerId, PartnershipId, ProgramId, Timestamp};

/// A tracking link.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Link")]
pub(super) struct LinkOut {
    /// Its id.
    id: LinkId,
    /// Its number, in every click id.
    number: u32,
    /// Which program.
    program: ProgramId,
    /// Whose link.
    partnership: PartnershipId,
    /// That partnership's partner.
    partner: PartnerId,
    /// Host it is served on; null: any host of this installation.
    host: Option<String>,
    /// `anna` or `anna/crm`.
    path: String,
    /// Where it leads; null: the program's landing page.
    destination: Option<String>,
    /// The partner's own name for the occasion.
    campaign: Option<String>,
    /// How it is promoted.
    method: Option<PromotionMethod>,
    /// Whether it earns.
    status: LinkStatus,
    /// When it was made.
    created_at: Timestamp,
}

impl From<Link> for LinkOut {
    fn from(it: Link) -> Self {
        Self {
            id: it.id,
            number: it.number,
            program: it.program,
            partnership: it.partnership,
            partner: it.partner,
            host: Some(it.host).filter(|host| !host.is_empty()),
            path: it.path,
            destination: it.destination,
            campaign: it.campaign,
            method: it.method,
            status: it.status,
            created_at: it.created_at,
        }
    }
}
