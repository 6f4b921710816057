//! The partner's pages: one file per page.

pub(super) mod bank;
pub(super) mod earnings;
pub(super) mod home;
pub(super) mod inquiries;
pub(super) mod leads;
pub(super) mod links;
pub(super) mod missing;
pub(super) mod own_invoice;
pub(super) mod payouts;
pub(super) mod profile;
pub(super) mod tax;

pub(super) use super::pocket::Pocket;
