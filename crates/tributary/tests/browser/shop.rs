//! A shop of its own, on a site of its own: it asks its visitors, carries the script, and reports
//! orders from its server with the click id of its own cookie.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Form, State};
use axum::http::{HeaderMap, header};
use axum::response::Html;
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::{Value, json};
use tributary_testkit::HttpClient;

/// What the shop was told when it was connected.
#[derive(Debug, Clone, Default)]
pub(crate) struct Connection {
    /// The line for its pages, as the page of keys shows it.
    pub(crate) line: String,
    /// The key of its server.
    pub(crate) key: String,
    /// What its server calls the program.
    pub(crate) program: String,
    /// Where its server reaches the API.
    pub(crate) api: Option<SocketAddr>,
}

/// The shop, and what it did.
#[derive(Debug, Default)]
pub(crate) struct Shop {
    pub(crate) connection: Mutex<Connection>,
    /// What was answered to each report.
    pub(crate) reports: Mutex<Vec<Value>>,
}

impl Shop {
    /// Opens it; its address.
    pub(crate) async fn open() -> (Arc<Self>, SocketAddr) {
        let shop = Arc::new(Self::default());
        let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new()
            .route("/crm", get(page))
            .route("/crm/pro", get(page))
            .route("/order", post(order))
            .route("/letter", post(letter))
            .route("/demo", post(demo))
            .with_state(Arc::clone(&shop));
        tokio::spawn(async move { axum::serve(listener, router).await });
        (shop, address)
    }
}

async fn page(State(shop): State<Arc<Shop>>) -> Html<String> {
    let line = shop.connection.lock().unwrap().line.clone();
    Html(format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>Acme CRM</title>{line}</head>\
         <body><h1>Acme CRM</h1>\
         <div id=\"banner\"><p>May we remember who sent you?</p>\
         <button onclick=\"tributary('consent', true); banner.remove()\">Yes, remember</button>\
         <button onclick=\"tributary('consent', false); banner.remove()\">No</button></div>\
         <form method=\"post\"><p>DKK 12,500.00</p>\
         <label for=\"mail\">Work e-mail</label><input id=\"mail\" name=\"mail\">\
         <button formaction=\"/order\">Buy</button>\
         <button formaction=\"/letter\">Write to me</button>\
         <button formaction=\"/demo\">Book a demo</button></form>\
         </body></html>"
    ))
}

/// What a visitor writes.
#[derive(Debug, Deserialize)]
struct Written {
    #[serde(default)]
    mail: String,
}

async fn order(shop: State<Arc<Shop>>, headers: HeaderMap, written: Form<Written>) -> Html<String> {
    let amount = json!({ "amount": 1_250_000, "currency": "DKK" });
    report(&shop, &headers, &written, json!({ "type": "sale", "amount": amount })).await
}

async fn letter(
    shop: State<Arc<Shop>>,
    headers: HeaderMap,
    written: Form<Written>,
) -> Html<String> {
    report(&shop, &headers, &written, json!({ "type": "signup" })).await
}

async fn demo(shop: State<Arc<Shop>>, headers: HeaderMap, written: Form<Written>) -> Html<String> {
    report(&shop, &headers, &written, json!({ "type": "demo" })).await
}

/// Tells the program, with the click of the shop's own cookie and who it was, if they said so.
async fn report(shop: &Shop, headers: &HeaderMap, by: &Written, what: Value) -> Html<String> {
    let cookies = headers.get(header::COOKIE).and_then(|it| it.to_str().ok()).unwrap_or_default();
    let click = cookies.split("; ").find_map(|it| it.strip_prefix("_trib="));
    let number = 1_009 + shop.reports.lock().unwrap().len();
    let connection = shop.connection.lock().unwrap().clone();
    let mut fact = what;
    fact["program"] = json!(connection.program);
    fact["order_id"] = json!(number.to_string());
    fact["click_id"] = json!(click);
    if !by.mail.is_empty() {
        fact["customer_email"] = json!(by.mail);
        fact["customer_id"] = json!(by.mail.replace('@', "-at-"));
    }
    let mut api = HttpClient::new(connection.api.expect("the shop is connected"))
        .with("Authorization", &format!("Bearer {}", connection.key));
    let answer = api.post("/v1/conversions", Some(&number.to_string()), &fact).await.unwrap();
    let told = json!({ "status": answer.status, "body": answer.json(), "click": click });
    shop.reports.lock().unwrap().push(told);
    Html(format!("<!doctype html><title>Thank you</title><h1>Thank you</h1><p>Order {number}</p>"))
}
