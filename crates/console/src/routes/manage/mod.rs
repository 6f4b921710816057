//! The manager's pages: one file per page.

pub(super) mod adjust;
pub(super) mod amount;
pub(super) mod attribution;
pub(super) mod bank_replies;
pub(super) mod codes;
pub(super) mod commissions;
pub(super) mod conversion;
pub(super) mod conversions;
pub(super) mod finance;
pub(super) mod inquiries;
pub(super) mod invite;
pub(super) mod invoicing;
pub(super) mod journeys;
pub(super) mod keys;
pub(super) mod lead;
pub(super) mod lead_settings;
pub(super) mod leads;
pub(super) mod links;
pub(super) mod missing;
pub(super) mod overview;
pub(super) mod partner;
pub(super) mod partner_tax;
pub(super) mod partners;
pub(super) mod payer;
pub(super) mod payouts;
pub(super) mod people;
pub(super) mod plan;
mod plan_form;
pub(super) mod plan_what_if;
pub(super) mod quarantine;
pub(super) mod settings;
pub(super) mod uploads;

pub(super) use super::desk::Desk;
