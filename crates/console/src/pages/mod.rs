//! The views of all pages, with their samples.

mod access;
mod confirm;
mod design;
mod errors;
mod inquiries;
mod invoicing;
mod lead;
mod log_in_link;
mod manager_adjust;
mod manager_attribution;
mod manager_bank_reply;
mod manager_commissions;
mod manager_conversions;
mod manager_finance;
mod manager_journeys;
mod manager_lead_settings;
mod manager_leads;
mod manager_links;
mod manager_overview;
mod manager_partners;
mod manager_payer;
mod manager_payouts;
mod manager_people;
mod manager_quarantine;
mod manager_settings;
mod manager_uploads;
mod missing;
mod own_invoice;
mod partner_amount;
mod partner_bank;
mod partner_earnings;
mod partner_home;
mod partner_leads;
mod partner_links;
mod partner_payouts;
mod partner_profile;
mod plan_form;
mod plan_what_if;
mod profile;
mod program_new;
mod sample;
mod statement;
mod tax;

pub use access::{AcceptInvitation, LogIn, LogInCode, LogInMail, SetUp};
pub use confirm::Confirm;
pub use design::DesignPage;
pub use errors::ErrorPage;
pub use inquiries::{
    InquiryBody, InquiryConfirm, InquiryLine, InquiryRow, ManagerInquiries, ManagerInquiry,
    PartnerInquiries, PartnerInquiry, PartnerInquiryNew,
};
pub use invoicing::{BillingRow, SettingsInvoices};
pub use lead::{LeadFields, LeadRule, LeadStepRow, LeadStepWhat, LeadVerdict};
pub use log_in_link::LogInLink;
pub use manager_adjust::{AdjustAct, AdjustLine, ConversionAdjust};
pub use manager_attribution::{
    AttributionForm, ModelExample, PolicyRow, SettingsAttribution, WaitingChange,
};
pub(crate) use manager_attribution::{EXAMPLE_DAYS, EXAMPLE_NAMES};
pub use manager_bank_reply::{BankReplyPage, BankReplyRow, BankWhy, LookAt, ReplyLineView};
pub use manager_commissions::{
    CommissionRow, CommissionsConfirm, CommissionsList, Decision, DecisionLine, DeclineReason,
};
pub use manager_conversions::{
    CommissionLine, ConversionDetail, ConversionRow, ConversionsList, JourneyCredit, ModelRow,
    ReplacedRow,
};
pub(crate) use manager_finance::DUE;
pub use manager_finance::{FinanceAccounts, FinancePage, ForecastLine, LiabilityLine};
pub use manager_journeys::{JourneysPage, PartyRow, PathRow};
pub use manager_lead_settings::{SettingsLeads, StageRow};
pub use manager_leads::{LeadDetail, LeadForms, LeadNew, LeadRow, LeadsList};
pub use manager_links::{LinkNew, LinkRow, LinksList};
pub use manager_overview::{Figure, FirstSteps, Overview, TopPartner, Waiting};
pub use manager_partners::{
    BankCheck, BankSide, PartnerCode, PartnerDetail, PartnerInvite, PartnerRow, PartnersList,
    StatusMove,
};
pub use manager_payer::{BankFields, SettingsPayer};
pub use manager_payouts::{
    HeldBack, HeldReason, Leaves, PayoutLine, PayoutRunPage, PayoutRunRow, PayoutsList,
};
pub(crate) use manager_people::role_words;
pub use manager_people::{PersonRow, SettingsPeople};
pub use manager_quarantine::{Quarantine, QuarantinedFact};
pub use manager_settings::{
    KeyRow, RuleAmount, RuleSummary, SettingsKeys, SettingsPlan, SettingsProgram,
};
pub(crate) use manager_uploads::UPLOAD_KINDS;
pub use manager_uploads::{
    UploadColumn, UploadIssue, UploadLine, UploadListRow, UploadPage, UploadsPage,
};
pub use missing::{
    ManagerMissing, MissingAnswer, MissingCode, MissingForm, MissingSale, MissingWaiting,
    PartnerMissing,
};
pub use own_invoice::PartnerOwnInvoice;
pub use partner_amount::PartnerAmount;
pub use partner_bank::{PartnerBank, Proof};
pub use partner_earnings::{EarningDetail, EarningRow, EarningsList};
pub use partner_home::{NextPayout, PartnerHome, ProgramLink, WaitingAmount};
pub use partner_leads::{PartnerLead, PartnerLeadNew, PartnerLeadRow, PartnerLeads, StagePassed};
pub use partner_links::{PartnerLinkDetail, PartnerLinkRow, PartnerLinks};
pub use partner_payouts::{PartnerPayoutRow, PartnerPayouts};
pub use partner_profile::{ConfirmAddress, PartnerProfile};
pub use plan_form::PlanForm;
pub use plan_what_if::{PlanWhatIf, WhatIf, WhatIfCompared, WhatIfPartner};
pub use profile::{Join, Profile};
pub use program_new::ProgramNew;
pub use statement::{StatementDocument, StatementLine, StatementPage, StatementTaxRows};
pub use tax::{ManagerPartnerTax, PartnerTax, TaxFacts, VatAnswerRow};
