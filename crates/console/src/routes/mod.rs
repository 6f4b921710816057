//! The handlers of all pages. Each parses, asks who it is (an extractor), calls use cases, fills a
//! view and renders it.
//!
//! **Invariant.** A page that changes something takes a form with its session's token
//! (`CheckedForm`, or `PublicForm` before there is a session); a `GET` changes nothing but small
//! cookies, save that a proof file may have the ledger's head signed. What belongs to others is not
//! found. What was refused comes back on the page it was typed on, with its reasons, and nothing
//! typed is lost but passwords.
//!
//! **Mechanism.** After a change the browser is sent on to a page that says what was done, so that
//! loading it again repeats nothing. [`ROUTES`] is the table that is mounted; tests walk it.

mod answer;
mod bank;
mod cookies;
mod desk;
mod explained;
mod front;
mod given;
mod inquiries;
mod invitation;
mod join;
mod lead_facts;
mod lists;
mod log_in;
mod manage;
mod missing;
mod my;
mod numbers;
mod pocket;
mod profile;
mod rule_words;
mod set_up;
mod state;
mod statement;
mod states;
mod visit;
mod words;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use http::Method;

pub use state::ConsoleState;

/// Who a route is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Anybody, logged in or not.
    Anybody,
    /// Anybody who is logged in.
    SignedIn,
    /// Members of the program's organisation.
    Manager,
    /// Users of a partner.
    Partner,
}

/// A route of the pages.
#[derive(Debug, Clone)]
pub struct Route {
    /// `GET` or `POST`.
    pub method: Method,
    /// Its path in axum's notation.
    pub path: &'static str,
    /// Who it is for.
    pub audience: Audience,
}

macro_rules! routes {
    ($($method:ident $path:literal $audience:ident $handler:path;)*) => {
        /// Every route of the pages.
        pub const ROUTES: &[Route] = &[
            $(Route { method: routes!(@$method), path: $path, audience: Audience::$audience },)*
        ];

        fn mounted() -> Router<ConsoleState> {
            Router::new()$(.route($path, $method($handler)))*
        }
    };
    (@get) => { Method::GET };
    (@post) => { Method::POST };
}

routes! {
    get "/" Anybody front::get;
    get "/language" Anybody front::language;
    post "/seat" SignedIn front::seat;
    get "/login" Anybody log_in::password::get;
    post "/login" Anybody log_in::password::post;
    get "/login/mail" Anybody log_in::mail::get;
    post "/login/mail" Anybody log_in::mail::post;
    get "/login/code" Anybody log_in::mail::get_code;
    post "/login/code" Anybody log_in::mail::post_code;
    get "/login/link" Anybody log_in::link::get;
    post "/login/link" Anybody log_in::link::post;
    post "/logout" SignedIn log_in::out::post;
    get "/setup" Anybody set_up::get;
    post "/setup" Anybody set_up::post;
    get "/invitation/{token}" Anybody invitation::get;
    post "/invitation/{token}" Anybody invitation::post;
    get "/login/address/{token}" Anybody my::profile::get_address;
    post "/login/address/{token}" Anybody my::profile::post_address;
    get "/login/join/{token}" Anybody join::get;
    post "/login/join/{token}" Anybody join::post;
    get "/profile" SignedIn profile::get;
    post "/profile" SignedIn profile::post;
    post "/profile/password" SignedIn profile::post_password;
    get "/manage" SignedIn front::manage;
    get "/manage/new" SignedIn set_up::get_program;
    post "/manage/new" SignedIn set_up::post_program;
    get "/manage/{program}" Manager manage::overview::get;
    get "/manage/{program}/partners" Manager manage::partners::get;
    get "/manage/{program}/partners/invite" Manager manage::invite::get;
    post "/manage/{program}/partners/invite" Manager manage::invite::post;
    get "/manage/{program}/partners/{partnership}" Manager manage::partner::get;
    post "/manage/{program}/partners/{partnership}/status" Manager manage::partner::post_status;
    post "/manage/{program}/partners/{partnership}/group" Manager manage::partner::post_group;
    get "/manage/{program}/partners/{partnership}/amount" Manager manage::amount::get;
    post "/manage/{program}/partners/{partnership}/amount" Manager manage::amount::post;
    post "/manage/{program}/partners/{partnership}/bank" Manager manage::partner::post_bank;
    get "/manage/{program}/partners/{partnership}/tax" Manager manage::partner_tax::get;
    post "/manage/{program}/partners/{partnership}/tax" Manager manage::partner_tax::post;
    post "/manage/{program}/partners/{partnership}/billing" Manager manage::partner_tax::post_billing;
    post "/manage/{program}/partners/{partnership}/invite" Manager manage::partner::post_invite;
    post "/manage/{program}/partners/{partnership}/codes" Manager manage::codes::post;
    post "/manage/{program}/partners/{partnership}/codes/{coupon}" Manager manage::codes::post_status;
    get "/manage/{program}/links" Manager manage::links::get;
    get "/manage/{program}/links/new" Manager manage::links::get_new;
    post "/manage/{program}/links/new" Manager manage::links::post_new;
    post "/manage/{program}/links/{link}/status" Manager manage::links::post_status;
    get "/manage/{program}/conversions" Manager manage::conversions::get;
    get "/manage/{program}/conversions/{conversion}" Manager manage::conversion::get;
    post "/manage/{program}/conversions/{conversion}/settle" Manager manage::conversion::settle;
    get "/manage/{program}/inquiries" Manager manage::inquiries::get;
    get "/manage/{program}/inquiries/{inquiry}" Manager manage::inquiries::get_one;
    post "/manage/{program}/inquiries/{inquiry}" Manager manage::inquiries::post_one;
    get "/manage/{program}/missing" Manager manage::missing::get;
    post "/manage/{program}/missing" Manager manage::missing::post;
    get "/manage/{program}/conversions/{conversion}/refund" Manager manage::adjust::get_refund;
    post "/manage/{program}/conversions/{conversion}/refund" Manager manage::adjust::post_refund;
    get "/manage/{program}/conversions/{conversion}/correct" Manager manage::adjust::get_correct;
    post "/manage/{program}/conversions/{conversion}/correct" Manager manage::adjust::post_correct;
    get "/manage/{program}/conversions/{conversion}/departure" Manager manage::adjust::get_departure;
    post "/manage/{program}/conversions/{conversion}/departure" Manager manage::adjust::post_departure;
    get "/manage/{program}/leads" Manager manage::leads::get;
    get "/manage/{program}/leads/new" Manager manage::leads::get_new;
    post "/manage/{program}/leads/new" Manager manage::leads::post_new;
    get "/manage/{program}/leads/{lead}" Manager manage::lead::get;
    post "/manage/{program}/leads/{lead}/answer" Manager manage::lead::post_answer;
    post "/manage/{program}/leads/{lead}/qualify" Manager manage::lead::post_qualify;
    post "/manage/{program}/leads/{lead}/move" Manager manage::lead::post_move;
    post "/manage/{program}/leads/{lead}/change" Manager manage::lead::post_change;
    get "/manage/{program}/commissions" Manager manage::commissions::get;
    post "/manage/{program}/commissions/confirm" Manager manage::commissions::confirm;
    post "/manage/{program}/commissions/decide" Manager manage::commissions::decide;
    get "/manage/{program}/uploads" Manager manage::uploads::get_list;
    post "/manage/{program}/uploads" Manager manage::uploads::post_list;
    get "/manage/{program}/uploads/{upload}" Manager manage::uploads::get;
    get "/manage/{program}/uploads/{upload}/table" Manager manage::uploads::table;
    post "/manage/{program}/uploads/{upload}/mapping" Manager manage::uploads::map;
    post "/manage/{program}/uploads/{upload}/commit" Manager manage::uploads::commit;
    post "/manage/{program}/uploads/{upload}/cancel" Manager manage::uploads::cancel;
    get "/manage/{program}/quarantine" Manager manage::quarantine::get;
    post "/manage/{program}/quarantine/{fact}" Manager manage::quarantine::post;
    get "/manage/{program}/payouts" Manager manage::payouts::get;
    get "/manage/{program}/payouts/preview" Manager manage::payouts::get_preview;
    post "/manage/{program}/payouts/preview" Manager manage::payouts::post_preview;
    get "/manage/{program}/payouts/{run}" Manager manage::payouts::get_run;
    post "/manage/{program}/payouts/{run}/bank-file" Manager manage::payouts::bank_file;
    post "/manage/{program}/payouts/{run}/csv" Manager manage::payouts::csv;
    post "/manage/{program}/payouts/{run}/sent" Manager manage::payouts::sent;
    post "/manage/{program}/payouts/{run}/paid" Manager manage::payouts::paid;
    post "/manage/{program}/payouts/{run}/cancel" Manager manage::payouts::cancel;
    post "/manage/{program}/payouts/{run}/return" Manager manage::payouts::came_back;
    post "/manage/{program}/payouts/replies" Manager manage::bank_replies::post;
    get "/manage/{program}/payouts/replies/{reply}" Manager manage::bank_replies::get;
    post "/manage/{program}/payouts/replies/{reply}" Manager manage::bank_replies::confirm;
    get "/manage/{program}/finance" Manager manage::finance::get;
    get "/manage/{program}/finance/vouchers" Manager manage::finance::vouchers;
    post "/manage/{program}/finance/lock" Manager manage::finance::lock;
    get "/manage/{program}/finance/accounts" Manager manage::finance::get_accounts;
    post "/manage/{program}/finance/accounts" Manager manage::finance::post_accounts;
    get "/manage/{program}/statements/{statement}" Manager statement::manage;
    get "/manage/{program}/statements/{statement}/proof" Manager statement::manage_proof;
    get "/manage/{program}/documents/{document}/pdf" Manager statement::manage_pdf;
    get "/manage/{program}/documents/{document}/ubl" Manager statement::manage_ubl;
    get "/manage/{program}/settings/invoices" Manager manage::invoicing::get;
    post "/manage/{program}/settings/invoices" Manager manage::invoicing::post;
    get "/manage/{program}/settings/account" Manager manage::payer::get;
    post "/manage/{program}/settings/account" Manager manage::payer::post;
    post "/manage/{program}/conversions/{conversion}/credit" Manager manage::conversion::credit;
    get "/manage/{program}/journeys" Manager manage::journeys::get;
    get "/manage/{program}/settings" Manager manage::settings::get;
    post "/manage/{program}/settings" Manager manage::settings::post;
    get "/manage/{program}/settings/live" Manager manage::settings::get_live;
    post "/manage/{program}/settings/live" Manager manage::settings::post_live;
    get "/manage/{program}/settings/plan" Manager manage::plan::get;
    post "/manage/{program}/settings/plan" Manager manage::plan::post;
    get "/manage/{program}/settings/plan/what-if" Manager manage::plan_what_if::get;
    post "/manage/{program}/settings/plan/what-if" Manager manage::plan_what_if::post;
    get "/manage/{program}/settings/attribution" Manager manage::attribution::get;
    post "/manage/{program}/settings/attribution" Manager manage::attribution::post;
    get "/manage/{program}/settings/leads" Manager manage::lead_settings::get;
    post "/manage/{program}/settings/leads" Manager manage::lead_settings::post;
    get "/manage/{program}/settings/keys" Manager manage::keys::get;
    post "/manage/{program}/settings/keys" Manager manage::keys::post;
    post "/manage/{program}/settings/keys/{key}/revoke" Manager manage::keys::post_revoke;
    get "/manage/{program}/settings/people" Manager manage::people::get;
    post "/manage/{program}/settings/people" Manager manage::people::post;
    post "/manage/{program}/settings/people/{member}" Manager manage::people::post_role;
    post "/manage/{program}/settings/people/{member}/disable" Manager manage::people::post_disable;
    post "/manage/{program}/settings/people/{member}/enable" Manager manage::people::post_enable;
    post "/manage/{program}/settings/people/{member}/invite" Manager manage::people::post_invite;
    get "/my" Partner my::home::get;
    get "/my/links" Partner my::links::get;
    post "/my/links" Partner my::links::post;
    get "/my/links/{link}" Partner my::links::get_one;
    post "/my/links/{link}/off" Partner my::links::post_off;
    get "/my/leads" Partner my::leads::get;
    get "/my/leads/new" Partner my::leads::get_new;
    post "/my/leads/new" Partner my::leads::post_new;
    get "/my/leads/{lead}" Partner my::leads::get_one;
    post "/my/leads/{lead}/withdraw" Partner my::leads::withdraw;
    get "/my/earnings" Partner my::earnings::get;
    get "/my/earnings/{commission}" Partner my::earnings::get_one;
    get "/my/inquiries" Partner my::inquiries::get;
    get "/my/inquiries/new" Partner my::inquiries::get_new;
    post "/my/inquiries/new" Partner my::inquiries::post_new;
    get "/my/inquiries/{inquiry}" Partner my::inquiries::get_one;
    post "/my/inquiries/{inquiry}" Partner my::inquiries::post_one;
    get "/my/missing" Partner my::missing::get;
    post "/my/missing" Partner my::missing::post;
    get "/my/payouts" Partner my::payouts::get;
    get "/my/statements/{statement}" Partner statement::my;
    get "/my/statements/{statement}/proof" Partner statement::my_proof;
    get "/my/statements/{statement}/invoice" Partner my::own_invoice::get;
    post "/my/statements/{statement}/invoice" Partner my::own_invoice::post;
    get "/my/profile" Partner my::profile::get;
    post "/my/profile" Partner my::profile::post;
    get "/my/tax" Partner my::tax::get;
    post "/my/tax" Partner my::tax::post;
    post "/my/tax/billing" Partner my::tax::post_billing;
    get "/my/documents/{document}/pdf" Partner statement::my_pdf;
    get "/my/documents/{document}/ubl" Partner statement::my_ubl;
    get "/my/bank" Partner my::bank::get;
    post "/my/bank" Partner my::bank::post;
}

/// All pages, with `/design` and the assets. Put `tributary_web::frame` around it, as around the
/// API.
pub fn router(state: ConsoleState) -> Router {
    mounted()
        .layer(from_fn_with_state(state.clone(), visit::around))
        .with_state(state)
        .merge(crate::design_router())
}

/// The answer for an address that nothing is at: a page for a browser, a problem document for
/// programs. For the outermost router's fallback.
pub async fn not_found_page(
    axum::extract::State(state): axum::extract::State<ConsoleState>,
    request: axum::extract::Request,
) -> axum::response::Response {
    use axum::response::IntoResponse as _;
    let accepts = request.headers().get(http::header::ACCEPT).and_then(|it| it.to_str().ok());
    if accepts.is_some_and(|it| it.contains("text/html")) {
        return visit::missing(&state, &request);
    }
    tributary_web::not_found(request.uri().clone()).await.into_response()
}
