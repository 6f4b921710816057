use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tributary_app::directory::PartnerOfProgram;
use tributary_directory::{Partner, Partnership, PartnershipStatus};
use tributary_kernel::{PartnershipId, ProgramId, Timestamp};

use crate::v1::partners::PartnerOut;

/// A partnership in an address.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct PartnershipPath {
    /// The partnership's id.
    pub(super) id: PartnershipId,
}

/// A partner's membership of one program.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Partnership")]
pub(super) struct PartnershipOut {
    /// Its id.
    id: PartnershipId,
    /// Which program.
    program: ProgramId,
    /// Who.
    partner: PartnerOut,
    /// Where it stands.
    status: PartnershipStatus,
    /// Referral code, unique in the program: `?via=anna`.
    code: String,
    /// The manager's group.
    group: Option<String>,
    /// When it began to earn.
    joined_at: Option<Timestamp>,
    /// When it was made.
    created_at: Timestamp,
    /// Your tags: plans can ask for them.
    tags: Vec<String>,
    /// The option of the plan that the partner chose.
    option: Option<String>,
    /// The how manieth partner of the program to join, from 1.
    number: Option<u32>,
    /// The partnership that recruited it.
    recruiter: Option<PartnershipId>,
}

/// A partnership that was made.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "InvitedPartnership")]
pub(super) struct InvitedPartnerOut {
    /// The partnership.
    #[serde(flatten)]
    pub(super) partnership: PartnershipOut,
    /// Whether the invitation left by mail; null: it is active, and nothing was mailed. If not,
    /// `POST /v1/partnerships/{id}/invite` sends it again.
    pub(super) invitation_mailed: Option<bool>,
}

impl PartnershipOut {
    pub(super) fn of(partner: Partner, it: Partnership) -> Self {
        Self {
            id: it.id,
            program: it.program,
            partner: partner.into(),
            status: it.status,
            code: it.code,
            group: it.group,
            joined_at: it.joined_at,
            created_at: it.created_at,
            tags: it.tags,
            option: it.option,
            number: it.number,
            recruiter: it.recruiter,
        }
    }
}

impl From<PartnerOfProgram> for PartnershipOut {
    fn from(it: PartnerOfProgram) -> Self {
        Self::of(it.partner, it.partnership)
    }
}
