use schemars::JsonSchema;
use serde::Serialize;
use tributary_directory::{Coupon, CouponStatus};
use tributary_kernel::{CouponId, PartnerId, PartnershipId, ProgramId, Timestamp};

/// A code a partner hands out.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Coupon")]
pub(super) struct CouponOut {
    /// Its id.
    id: CouponId,
    /// Which program.
    program: ProgramId,
    /// Whose code.
    partnership: PartnershipId,
    /// That partnership's partner.
    partner: PartnerId,
    /// As shown; compared without case.
    code: String,
    /// First moment it earns; null: at once.
    valid_from: Option<Timestamp>,
    /// First moment it no longer earns; null: never ends.
    valid_until: Option<Timestamp>,
    /// Whether it earns.
    status: CouponStatus,
    /// When it was made.
    created_at: Timestamp,
}

impl From<Coupon> for CouponOut {
    fn from(it: Coupon) -> Self {
        Self {
            id: it.id,
            program: it.program,
            partnership: it.partnership,
            partner: it.partner,
            code: it.code,
            valid_from: it.valid_from,
            valid_until: it.valid_until,
            status: it.status,
            created_at: it.created_at,
        }
    }
}
