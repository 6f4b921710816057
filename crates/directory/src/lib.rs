//! Organisations, programs, partners, partnerships, links, coupons, roles and permissions: what
//! they are, what makes their input valid, and who may do what. Pure: no storage, no clock.

mod actor;
mod coupon;
mod link;
mod organisation;
mod partner;
mod program;
mod role;
mod scope;

pub use actor::{Actor, Viewer};
pub use coupon::{Coupon, CouponStatus, normalise_code};
pub use link::{
    Link, LinkStatus, PromotionMethod, RESERVED_PATHS, check_destination, check_path,
    check_website, host_is_allowed,
};
pub use organisation::{Environment, Membership, Organisation, Partner, PartnerKind, User};
pub use partner::{Partnership, PartnershipStatus};
pub use program::{ConsentMode, Mode, Program, ProgramStatus, ProgramTerms};
pub use role::{Permission, Role};
pub use scope::Scope;
