//! Who may come in: set-up, people of an organisation, keys, log-ins.

mod authenticate_key;
mod change_member;
mod create_key;
mod invite_member;
mod known_keys;
mod log_in;
mod mailed_log_in;
mod members;
mod password;
mod profile;
mod revoke_key;
mod session;
mod set_up;
mod signing_key;

pub use authenticate_key::authenticate_key;
pub use change_member::{ChangeMember, change_member};
pub use create_key::{CreateKey, CreatedKey, create_key, list_keys};
pub use invite_member::{
    InviteMember, InvitedMember, MemberInvitation, accept_member_invitation,
    find_member_invitation, invite_member, invite_member_again,
};
pub(crate) use known_keys::KnownKeys;
pub use log_in::{knows_password, log_in_by_password};
pub use mailed_log_in::{MailRead, MailedLogIn, finish_mailed_log_in, start_mailed_log_in};
pub use members::{Member, find_member, list_members};
pub use profile::{ChangePassword, ChangeProfile, change_password, change_profile};
pub use revoke_key::revoke_key;
pub use session::{NewSession, Seat, SessionInfo, end_session, find_session, open_session, seats};
pub use set_up::{AddUser, SetUp, SetUpDone, add_user, is_set_up, set_up};
pub use signing_key::{SigningKey, find_signing_key};
pub use tributary_store::access::ApiKey;
