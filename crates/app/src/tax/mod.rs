//! What partners are for tax: the profile that a partner gives of itself, one for all its
//! programs, and what registers of VAT numbers answered to those who pay it.

mod give_profile;
mod read;
pub(crate) mod sealed;
mod vat_answer;
mod withholding;

const PURPOSE: &str = "tax_profile";

pub use give_profile::{GiveTaxProfile, give_tax_profile};
pub use read::{TaxProfileView, tax_profile_of};
pub use tributary_payout::tax::NumberKind;
pub use tributary_payout::tax::{TaxForm, TaxPerson, TaxProfile, VatStanding};
pub use tributary_store::tax::StoredVatAnswer;
pub use tributary_store::tax::StoredWithholdingRule;
pub use vat_answer::{KeepVatAnswer, keep_vat_answer, list_vat_answers};
pub(crate) use withholding::book_in;
pub use withholding::{
    AddWithholdingRule, add_withholding_rule, end_withholding_rule, list_withholding_rules,
};
