//! `/v1`: one folder per noun, one file per endpoint. In each file: its noes, its description, its
//! types, its handler.

mod attribution;
mod bank_replies;
mod billing_sources;
mod commissions;
mod conversions;
mod coupons;
mod explained_touch;
mod explanation;
mod finance;
mod inquiries;
mod keys;
mod leads;
mod ledger;
mod links;
mod members;
mod missing_sales;
mod partners;
mod partnerships;
mod payout_runs;
mod payouts;
mod plans;
mod programs;
mod quarantine;
mod reports;
mod tax;
mod tax_documents;
mod uploads;

use aide::axum::ApiRouter;

use crate::ApiState;

pub(crate) fn routes() -> ApiRouter<ApiState> {
    ApiRouter::new()
        .merge(programs::routes())
        .merge(plans::routes())
        .merge(attribution::routes())
        .merge(partners::routes())
        .merge(tax::routes())
        .merge(partnerships::routes())
        .merge(links::routes())
        .merge(coupons::routes())
        .merge(conversions::routes())
        .merge(uploads::routes())
        .merge(missing_sales::routes())
        .merge(leads::routes())
        .merge(inquiries::routes())
        .merge(quarantine::routes())
        .merge(commissions::routes())
        .merge(payout_runs::routes())
        .merge(payouts::routes())
        .merge(tax_documents::routes())
        .merge(bank_replies::routes())
        .merge(finance::routes())
        .merge(reports::routes())
        .merge(ledger::routes())
        .merge(keys::routes())
        .merge(members::routes())
        .merge(billing_sources::routes())
}
