//! What a click is: its id and the keys that vouch for it, its record and the record of a later
//! consent, how a request is classified, and the rules of referral codes. Pure: no IO, no clock,
//! no chance; both come in as parameters.

mod agents;
mod classify;
mod codec;
mod consent;
mod device;
pub mod fuzz;
mod id;
mod key;
mod mint;
mod record;
mod referral;
mod visitor;

pub use classify::{Class, RequestFacts, classify};
pub use codec::{CLICK_FORMAT, DecodeError, ENTRY_BYTES_MAX};
pub use consent::Consent;
pub use device::{Device, device};
pub use id::{CLICK_EPOCH_MS, ClickId, ClickIdTextError};
pub use key::{ClickIdError, ClickKey, ClickKeyring, KEYS_MAX, KeyringError};
pub use mint::{ClickMinter, LEAD_MS_MAX, LastMinted, MintError, NODE_MAX};
pub use record::{ClickRecord, ConsentRecord, Entry, LossRecord, REFERRER_HOST_BYTES_MAX};
pub use referral::{REFERRAL_CODE_LENGTH, ReferralCode, is_reserved_word};
pub use visitor::{AddressPrefix, AgentDigest, VisitorKeys, VisitorSalt, VisitorSalts};
