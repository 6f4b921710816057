use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tributary_app::access::Member;
use tributary_directory::Role;
use tributary_kernel::{Timestamp, UserId};

/// A member in an address.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct MemberPath {
    /// The person's id.
    pub(super) id: UserId,
}

/// Somebody who works in your organisation.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Member")]
pub(super) struct MemberOut {
    /// The person's id.
    id: UserId,
    /// Where they are written to, and log in with.
    email: String,
    /// Their name; until they have come in, what they were called in the invitation.
    name: String,
    /// What they may do.
    role: Role,
    /// Since when.
    created_at: Timestamp,
    /// They were invited and have not come in yet.
    invited: bool,
    /// When they last came in; null: not since they are here.
    last_log_in_at: Option<Timestamp>,
    /// Since when they may no longer come in; null: they may.
    disabled_at: Option<Timestamp>,
}

impl From<Member> for MemberOut {
    fn from(it: Member) -> Self {
        Self {
            id: it.user,
            email: it.email,
            name: it.name,
            role: it.role,
            created_at: it.since,
            invited: it.invited,
            last_log_in_at: it.last_log_in,
            disabled_at: it.disabled_at,
        }
    }
}

/// Somebody who was invited.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "InvitedMember")]
pub(super) struct InvitedOut {
    /// Who.
    pub(super) member: MemberOut,
    /// Whether the mail left. If not, `POST /v1/members/{id}/invite` sends it again.
    pub(super) mailed: bool,
}
