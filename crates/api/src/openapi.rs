//! The OpenAPI document, made from the handlers' own types.

use aide::axum::ApiRouter;
use aide::generate::in_context;
use aide::openapi::{OpenApi, SecurityScheme, Server, Tag};
use axum::Router;
use schemars::generate::SchemaSettings;

use crate::ApiState;

const INTRODUCTION: &str = "\
Everything of a partner program: programs and plans, partners and their links, conversions and \
what is owed for them.

* **Keys.** `Authorization: Bearer trib_…`. Each key has scopes.
* **Money** is a whole number of minor units with its currency: `{\"amount\": 1250000, \
\"currency\": \"DKK\"}`. In what is sent, the amount may also be a decimal string, \
`\"12500.00\"`; a JSON fraction is refused.
* **Moments** are RFC 3339. **Ids** are texts with a prefix: `conv_…`.
* **Lists** are pages, newest first: `?limit=` (at most 200) and `?cursor=`, the `next_cursor` of \
the page before.
* **Noes** are problem documents (RFC 9457) with a stable `code`; `errors` names every field that \
is wrong by a JSON pointer. `instance` is the request's id.
* **Repeating.** Every POST takes an `Idempotency-Key`: sent again with the same content, it does \
nothing again and gets the first answer, with `Idempotency-Replayed: true`; with other content it \
is refused. A no that wrote nothing frees the key. Answers are kept for 7 days; the keys of \
`POST /v1/conversions` for ever.
* **Rates.** `RateLimit` says what is left, `Retry-After` when to come back.
* **Changes** only add: accept fields and words that you do not know.";

const TAGS: &[(&str, &str)] = &[
    ("programs", "An advertiser's offers."),
    ("plans", "The versions of a program's agreement."),
    ("attribution", "Who earned a conversion."),
    ("partners", "Those in your programs, and what they say of themselves."),
    ("partnerships", "Partners in your programs."),
    ("links", "What a partner promotes with."),
    ("coupons", "Codes that partners hand out."),
    ("conversions", "Reported results, their refunds and corrections."),
    ("billing_sources", "Payment systems that tell what customers paid."),
    ("missing_sales", "Why a sale was credited to nobody, or to somebody else."),
    ("leads", "Who might buy, whose that is, and how far it comes."),
    ("inquiries", "Partners' questions about money, answered by a day."),
    ("quarantine", "Facts that wait for a person."),
    ("commissions", "Money owed under a rule."),
    ("payouts", "Money sent."),
    ("finance", "The end of a month: what is owed, vouchers, closed periods."),
    ("reports", "Numbers."),
    ("ledger", "What proves the numbers."),
    ("keys", "What your programs call this API with."),
    ("members", "The people of your organisation."),
    ("postback", "Reporting by address alone."),
];

/// The routes with their description.
pub(crate) fn build() -> (Router<ApiState>, OpenApi) {
    in_context(|ctx| {
        let settings = SchemaSettings::draft2020_12().with(|settings| {
            settings.definitions_path = "/components/schemas".into();
            settings.meta_schema = None;
        });
        ctx.schema = settings.into_generator();
    });
    let mut document = OpenApi::default();
    let routes: ApiRouter<ApiState> =
        ApiRouter::new().merge(crate::v1::routes()).merge(crate::public::routes());
    let router = routes.finish_api_with(&mut document, |api| {
        let mut api = api.title("Tributary").version("1").description(INTRODUCTION);
        for (name, description) in TAGS {
            let tag = Tag {
                name: (*name).to_owned(),
                description: Some((*description).to_owned()),
                ..Tag::default()
            };
            api = api.tag(tag);
        }
        let key = SecurityScheme::Http {
            scheme: "bearer".to_owned(),
            bearer_format: Some("trib_…".to_owned()),
            description: Some("An API key.".to_owned()),
            extensions: Default::default(),
        };
        api.security_scheme("key", key).server(Server { url: "/".to_owned(), ..Server::default() })
    });
    crate::idempotency::describe(&mut document);
    (router, document)
}

/// The document as JSON, every time the same text.
#[must_use]
pub fn document() -> serde_json::Value {
    serde_json::to_value(build().1).expect("the document has string keys")
}
