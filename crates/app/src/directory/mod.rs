//! Programs, plans, partners, links and codes.

mod attribution;
mod change_partnership;
mod create_coupon;
mod create_link;
mod go_live;
mod invite_partner;
mod link_hosts;
mod partner_invitation;
mod partner_profile;
mod partner_terms;
mod plan_diff;
mod publish_plan;
mod put_program;
mod read;
mod switch_coupon;

pub(crate) use attribution::read_policy;
pub use attribution::{PolicyVersion, PutPolicy, list_policies, policy_in_force, put_policy};
pub use change_partnership::{ChangePartnership, change_partnership, change_partnership_and_terms};
pub use create_coupon::{CreateCoupon, create_coupon};
pub use create_link::{CreateLink, create_link, create_link_in, disable_link, enable_link};
pub use go_live::go_live;
pub use invite_partner::{InvitePartner, Invited, invite_partner};
pub use link_hosts::{grant_link_host, link_hosts, revoke_link_host};
pub use partner_invitation::{PartnerInvitation, invite_partner_again, invite_partner_by_mail};
pub use partner_profile::{
    ChangePartner, ConfirmedEmail, PartnerChanged, change_partner, confirm_partner_email,
    find_partner, waiting_partner_email,
};
pub use partner_terms::{PartnerTerms, put_partner_terms};
pub use plan_diff::{PlanChange, PlanDiff, PlanValueChange, diff_plans};
pub use publish_plan::{PublishPlan, PublishedPlan, compile, compiled_plan, publish_plan};
pub use put_program::{change_program, create_program, update_program};
pub use read::{
    PartnerOfProgram, find_coupon, find_link, find_partnership, find_program, list_coupons,
    list_links, list_partnerships, list_plans, list_programs, partners_by_id, viewer_of,
};
pub use switch_coupon::{disable_coupon, enable_coupon};
pub use tributary_store::partnership::PartnershipFilter;
pub use tributary_store::program::StoredPlan;
