//! Leads and deals: a partner, a manager or another system says who might buy; whose that is, is
//! answered by the program's rules; how far it comes, is reported as the conversions that the
//! stages of its pipeline name, so that a plan pays at them. A lead with a value is a deal.

mod advance;
mod answer;
mod contact;
mod follow;
mod read;
mod register;
mod settings;
mod step;

pub use advance::{AdvanceLead, Advanced, QualifyLead, advance_lead, qualify_lead};
pub use answer::{LeadAnswer, answer_lead, withdraw_lead};
pub use contact::{ChangeLead, change_lead};
pub(crate) use follow::{Candidates, Followed, Taken, Told, Unclear};
pub use read::{LeadView, conversions_of, find_lead, lead_settings_of_partner, list_leads};
pub use register::{RegisterLead, Registered, register_lead};
pub(crate) use settings::needed_in;
pub use settings::{LeadSettings, lead_settings, put_lead_settings};
pub use tributary_sales::{
    Answer, Ending, Method, Pipeline, Qualification, RegistrationRules, Rule, Stage, Treatment,
};
pub use tributary_store::lead::{
    LeadFilter, LeadSource, LeadState, LeadStepKind, StoredLead, StoredLeadStep,
};
