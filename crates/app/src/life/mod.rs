//! What becomes of commissions between booking and payout: approved, declined, reversed, and the
//! way back. Always by new transfers, never by an edit. A batch is the primitive, and its items
//! are independent: each has its own answer.

mod approve;
mod approve_due;
mod change;
mod decline;
mod preview;
mod read;
mod reason;
mod reverse;
mod selection;
mod status;
mod unapprove;

pub use approve::approve_commissions;
pub use approve_due::{ApproveDueReport, approve_due};
pub(crate) use change::moved;
pub use change::{Changed, LifeChange};
pub use decline::decline_commissions;
pub use preview::{LifePreview, Skipped, preview_life};
pub use read::{list_commissions, list_due};
pub use reason::{DECISION_REASONS, check_reason};
pub use reverse::reverse_commissions;
pub use selection::{COMMISSIONS_PER_CALL_MAX, Selection};
pub use status::{Part, status_of};
pub use unapprove::unapprove_commissions;

pub use tributary_store::work::CommissionFilter;

pub use tributary_store::decision::{CommissionState, StoredCommission};

/// A step of a commission's life that a person or the end of a hold takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LifeStep {
    /// Pending to approved.
    Approve,
    /// Pending to declined.
    Decline,
    /// Approved back to pending.
    Unapprove,
    /// Approved, payable or paid: taken back in full.
    Reverse,
}

impl LifeStep {
    /// Whether a commission is where this step begins.
    #[must_use]
    pub const fn admits(self, it: &StoredCommission) -> bool {
        use CommissionState::{Approved, Paid, Payable, Pending};
        let in_state = match self {
            Self::Approve | Self::Decline => matches!(it.state, Pending),
            Self::Unapprove => matches!(it.state, Approved),
            Self::Reverse => matches!(it.state, Approved | Payable | Paid),
        };
        in_state && it.remaining() > 0
    }

    /// The state that a filter of this step looks for; the state in which commissions are reversed
    /// is the caller's choice.
    pub(crate) const fn usual_state(self) -> Option<CommissionState> {
        match self {
            Self::Approve | Self::Decline => Some(CommissionState::Pending),
            Self::Unapprove => Some(CommissionState::Approved),
            Self::Reverse => None,
        }
    }

    const fn action(self) -> &'static str {
        match self {
            Self::Approve => "commissions.approved",
            Self::Decline => "commissions.declined",
            Self::Unapprove => "commissions.unapproved",
            Self::Reverse => "commissions.reversed",
        }
    }
}
