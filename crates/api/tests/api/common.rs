//! A server in a temporary folder, with two owners who know nothing of each other.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use http::{Method, Request, StatusCode};
use serde_json::{Value, json};
use tower::ServiceExt;
use tributary_api::{ApiState, router};
use tributary_app::access::{CreateKey, CreatedKey, SetUp, create_key, set_up};
use tributary_app::conversion::Reporter;
use tributary_app::payout::{
    AccountForm, GiveBankDetails, HolderForm, PutPayerAccount, give_bank_details, put_payer_account,
};
use tributary_app::{App, Secrets};
use tributary_click::{ClickId, ClickKey, ClickKeyring, ClickMinter};
use tributary_directory::{Actor, Scope};
use tributary_kernel::{Clock, ManualClock, OrganisationId, SeededEntropy, Timestamp};
use tributary_store::engine::{Engine, MigrationSet};
use tributary_store_sqlite::{SqliteEngine, SqliteOptions};
use tributary_web::{Rate, Web, WebConfig};

pub(crate) const NOW: &str = "2026-11-21T12:00:00Z";

pub(crate) struct TestApp {
    _folder: tempfile::TempDir,
    pub(crate) app: App,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) record: Arc<SqliteEngine>,
    router: Router,
    pub(crate) ours: Tenant,
    pub(crate) theirs: Tenant,
}

/// An owner with a program that has a plan, a partner, a link and a code.
pub(crate) struct Tenant {
    pub(crate) owner: OrganisationId,
    /// A key that may do everything but postbacks.
    pub(crate) key: String,
    pub(crate) program: String,
    pub(crate) partner: String,
    pub(crate) partnership: String,
    pub(crate) link: String,
    pub(crate) link_number: u32,
    pub(crate) code: String,
    pub(crate) coupon: String,
}

/// An answer, read.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: http::HeaderMap,
    pub(crate) bytes: Vec<u8>,
    /// The body as JSON, or null.
    pub(crate) json: Value,
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    pub(crate) fn str(&self, pointer: &str) -> String {
        let found = self.json.pointer(pointer).and_then(Value::as_str);
        found.unwrap_or_else(|| panic!("no text at {pointer} in {}", self.json)).to_owned()
    }

    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        self
    }

    /// `/pointer code` of the first field that is wrong.
    pub(crate) fn mistake(&self) -> String {
        let error = &self.json["errors"][0];
        let part = |name: &str| error[name].as_str().unwrap_or("-").to_owned();
        format!("{} {}", part("pointer"), part("code"))
    }
}

pub(crate) fn keyring() -> ClickKeyring {
    let key = ClickKey { id: 0, secret: [3; 32], verify_until: None };
    ClickKeyring::new(vec![key], 0).unwrap()
}

async fn engine(folder: &std::path::Path, name: &str, set: MigrationSet) -> Arc<SqliteEngine> {
    let engine = SqliteEngine::open(folder.join(name), SqliteOptions::default()).unwrap();
    engine.migrate(set).await.unwrap();
    Arc::new(engine)
}

pub(crate) fn plan() -> Value {
    json!({
        "format": 1,
        "name": "15 %",
        "rules": [{
            "id": "sale",
            "events": ["sale"],
            "amount": { "percent": "15", "of": "gross" },
        }],
    })
}

impl TestApp {
    pub(crate) async fn new() -> Self {
        Self::with(WebConfig::default()).await
    }

    pub(crate) async fn with(config: WebConfig) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let now: Timestamp = NOW.parse().unwrap();
        let clock = Arc::new(ManualClock::new(now));
        let record = engine(folder.path(), "record.db", MigrationSet::Record).await;
        let app = App::new(
            Arc::clone(&record) as Arc<dyn Engine>,
            engine(folder.path(), "touches.db", MigrationSet::Touches).await,
            Arc::clone(&clock) as Arc<dyn Clock>,
            Arc::new(SeededEntropy::new(7)),
            Arc::new(Secrets::new(&[1; 32], [2; 32])),
            keyring(),
        );
        let config = WebConfig {
            failures_per_address: Rate { burst: 10_000, per_minute: 60_000 },
            ..config
        };
        let state = ApiState::new(Web::new(app.clone(), config), Reporter::start(app.clone()))
            .with_billing(Arc::new(crate::billing::PlainReader));
        let router = router(state);
        let ours = Tenant::bare(&app, "Acme").await;
        let theirs = Tenant::bare(&app, "Other").await;
        let mut it = Self { _folder: folder, app, clock, record, router, ours, theirs };
        it.ours = it.furnish(&it.ours).await;
        it.theirs = it.furnish(&it.theirs).await;
        it
    }

    /// Gives a tenant its program, plan, partner, link and code, all over the API.
    async fn furnish(&self, bare: &Tenant) -> Tenant {
        let key = &bare.key;
        let name = bare.owner.to_string();
        let terms = json!({
            "name": "CRM", "currency": "DKK", "time_zone": "Europe/Copenhagen",
            "landing_url": "https://www.acme.example/crm",
        });
        let program = self.post(key, "/v1/programs", terms).await.expect(201).str("/id");
        let plans = format!("/v1/programs/{program}/plans");
        self.post(key, &plans, json!({ "document": plan() })).await.expect(201);
        let partner = json!({
            "program": program, "name": "Anna", "email": format!("{name}@partner.example"),
            "kind": "creator", "country": "DK", "active": true,
        });
        let made = self.post(key, "/v1/partnerships", partner).await.expect(201);
        let partnership = made.str("/id");
        let link = json!({ "partnership": partnership, "path": format!("a-{name}") });
        let link = self.post(key, "/v1/links", link).await.expect(201);
        let code = json!({ "partnership": partnership, "code": "ANNA10" });
        let coupon = self.post(key, "/v1/coupons", code).await.expect(201);
        Tenant {
            owner: bare.owner,
            key: key.clone(),
            program,
            partner: made.str("/partner/id"),
            partnership,
            link: link.str("/id"),
            link_number: u32::try_from(link.json["number"].as_u64().unwrap()).unwrap(),
            code: "ANNA10".to_owned(),
            coupon: coupon.str("/id"),
        }
    }

    pub(crate) async fn key(&self, owner: OrganisationId, scopes: &[Scope]) -> CreatedKey {
        key(&self.app, owner, scopes).await
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, 1 << 26).await.unwrap().to_vec();
        let json = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Answer { status: parts.status, headers: parts.headers, bytes, json }
    }

    pub(crate) async fn call(
        &self,
        method: Method,
        key: Option<&str>,
        path: &str,
        body: Option<Vec<u8>>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(key) = key {
            request = request.header("authorization", format!("Bearer {key}"));
        }
        if body.is_some() {
            request = request.header("content-type", "application/json");
        }
        let body = body.map_or_else(Body::empty, Body::from);
        self.send(request.body(body).unwrap()).await
    }

    pub(crate) async fn get(&self, key: &str, path: &str) -> Answer {
        self.call(Method::GET, Some(key), path, None).await
    }

    pub(crate) async fn post(&self, key: &str, path: &str, body: Value) -> Answer {
        self.call(Method::POST, Some(key), path, Some(body.to_string().into_bytes())).await
    }

    pub(crate) async fn post_raw(&self, key: &str, path: &str, body: &[u8]) -> Answer {
        self.call(Method::POST, Some(key), path, Some(body.to_vec())).await
    }

    /// The tables that are not as they were.
    pub(crate) async fn changed_since(&self, before: &[(String, String)]) -> Vec<String> {
        let now = self.rows().await;
        let differing = now.iter().zip(before).filter(|(now, before)| now != before);
        differing.map(|(now, _)| now.0.clone()).collect()
    }

    /// Goes live, sells, and approves a payout run over the API; the run's and payout's ids. The
    /// accounts are given by people, as no key may.
    pub(crate) async fn paid_out(&self) -> (String, String) {
        let ours = &self.ours;
        let live = format!("/v1/programs/{}/go_live", ours.program);
        self.post(&ours.key, &live, json!({})).await.expect(200);
        self.post(&ours.key, "/v1/conversions", ours.sale("paid-1")).await.expect(201);
        let approve = json!({ "step": "approve", "filter": {} });
        self.post(&ours.key, "/v1/commissions/bulk", approve).await.expect(200);
        self.give_accounts().await;
        let preview = format!("/v1/payout_runs/preview?program={}", ours.program);
        let preview = self.get(&ours.key, &preview).await.expect(200);
        let seen = json!({ "program": ours.program, "seen": preview.str("/seen") });
        let made = self.post(&ours.key, "/v1/payout_runs", seen).await.expect(201);
        (made.str("/run/id"), made.str("/payouts/0/id"))
    }

    /// Says how invoices are written, and that our partner lets us write its own.
    pub(crate) async fn lets_invoice(&self) {
        let put = |path: String, body: Value| {
            let body = Some(body.to_string().into_bytes());
            async move { self.call(Method::PUT, Some(&self.ours.key), &path, body).await }
        };
        let company = json!({
            "name": "Acme A/S", "town": "København", "country": "DK",
            "company_number": "88146328", "vat": "registered", "vat_number": "DK88146328",
            "vat_percent": "25", "prefix": "SB-",
        });
        put("/v1/finance/invoicing".to_owned(), company).await.expect(200);
        let partner = format!("/v1/partners/{}", self.ours.partner);
        let profile = json!({
            "person": "sole_trader", "name": "Anna Holm", "town": "Aarhus", "country": "DK",
            "company_number": "13585628", "vat": "registered", "vat_number": "DK13585628",
        });
        put(format!("{partner}/tax_profile"), profile).await.expect(200);
        let agreed = json!({ "agreed_on": "2026-11-01" });
        let path = format!("{partner}/self_billing");
        self.post(&self.ours.key, &path, agreed).await.expect(200);
    }

    /// What the bank says of the only payout of a run, 1,875.00 DKK.
    pub(crate) fn status_report(&self, run: &str, payout: &str, status: &str) -> String {
        let message = format!("{}-DKK", run.replace('_', "-"));
        let reference = payout.replace('_', "-");
        format!(
            "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.002.001.10\"><CstmrPmtStsRpt>\
             <GrpHdr><MsgId>REP-1</MsgId></GrpHdr><OrgnlGrpInfAndSts>\
             <OrgnlMsgId>{message}</OrgnlMsgId></OrgnlGrpInfAndSts><OrgnlPmtInfAndSts>\
             <OrgnlPmtInfId>{message}1</OrgnlPmtInfId><TxInfAndSts>\
             <OrgnlEndToEndId>{reference}</OrgnlEndToEndId><TxSts>{status}</TxSts>\
             <StsRsnInf><Rsn><Cd>AC04</Cd></Rsn></StsRsnInf></TxInfAndSts></OrgnlPmtInfAndSts>\
             </CstmrPmtStsRpt></Document>"
        )
    }

    async fn give_accounts(&self) {
        let holder = |name: &str| HolderForm {
            name: name.into(),
            street: Some("Strædet 5".into()),
            post_code: Some("1456".into()),
            town: "København".into(),
            country: "DK".into(),
        };
        let danish = |account: &str| AccountForm::Danish {
            registration: "0040".into(),
            account: account.into(),
        };
        let partner = self.ours.partner.parse().unwrap();
        let mut conn = self.app.record.read().await.unwrap();
        let sql = "SELECT user_id FROM partner_user WHERE partner_id = $1";
        let id: tributary_kernel::PartnerId = partner;
        let user = conn.query(sql, vec![id.into()]).await.unwrap()[0].id(0).unwrap();
        drop(conn);
        let details =
            GiveBankDetails { partner, account: danish("440116243"), holder: holder("Anna") };
        give_bank_details(&self.app, &Actor::Partner { user, partner }, details).await.unwrap();
        let payer = PutPayerAccount {
            owner: self.ours.owner,
            currency: tributary_money::Currency::DKK,
            account: danish("440000001"),
            holder: holder("Acme A/S"),
            bic: Some("NDEADKKK".into()),
            number_at_bank: Some("12345678".into()),
        };
        let role = tributary_directory::Role::Administrator;
        let boss = Actor::Member { user, owner: self.ours.owner, role };
        put_payer_account(&self.app, &boss, payer).await.unwrap();
    }

    /// A click id of a link, as the edge would mint it an hour ago.
    pub(crate) fn click(&self, link_number: u32) -> String {
        let at = self.clock.now().plus_seconds(-3_600);
        let minter = ClickMinter::new(1, None).unwrap();
        let id: ClickId = minter.mint(at, link_number, &keyring()).unwrap();
        id.to_string()
    }

    /// What every table of the record holds, to show that nothing was written. Left out is what
    /// notes an attempt (counts of what came in, when a key was last used), and the frontier of a
    /// tree, which an attempt may write anew as it was: its transfers and nodes are compared.
    pub(crate) async fn rows(&self) -> Vec<(String, String)> {
        self.rows_where("", "").await
    }

    /// The same of our tenant alone.
    pub(crate) async fn rows_of_ours(&self) -> Vec<(String, String)> {
        let hex: String = self.ours.owner.as_bytes().iter().map(|b| format!("{b:02X}")).collect();
        let owned = "AND EXISTS (SELECT 1 FROM pragma_table_info(m.name) o \
                     WHERE o.name = 'owner_id')";
        self.rows_where(owned, &format!("WHERE owner_id = X'{hex}'")).await
    }

    async fn rows_where(&self, tables: &str, rows: &str) -> Vec<(String, String)> {
        let mut conn = self.app.record.read().await.unwrap();
        let columns = conn
            .query_built(
                format!(
                    "SELECT m.name, group_concat('quote(' || c.name || ')', '||') \
                 FROM sqlite_schema m JOIN pragma_table_info(m.name) c \
                 WHERE m.type = 'table' AND m.name NOT IN ('intake', 'sqlite_sequence') \
                 AND c.name NOT IN ('last_used_at', 'frontier') {tables} GROUP BY m.name \
                 ORDER BY m.name"
                ),
                Vec::new(),
            )
            .await
            .unwrap();
        let mut tables = Vec::new();
        for row in columns {
            let (name, columns) = (row.text(0).unwrap().to_owned(), row.text(1).unwrap());
            let sql = format!("SELECT {columns} FROM \"{name}\" {rows} ORDER BY 1");
            let rows = conn.query_built(sql, Vec::new()).await.unwrap();
            let content: Vec<&str> = rows.iter().map(|row| row.text(0).unwrap()).collect();
            tables.push((name, content.join("\n")));
        }
        tables
    }
}

async fn key(app: &App, owner: OrganisationId, scopes: &[Scope]) -> CreatedKey {
    let input = CreateKey {
        owner,
        integration: "shop".into(),
        name: "test".into(),
        scopes: scopes.to_vec(),
        expires_at: None,
    };
    create_key(app, &Actor::System { job: "test" }, input).await.unwrap()
}

impl Tenant {
    async fn bare(app: &App, name: &str) -> Self {
        let input = SetUp {
            organisation: name.into(),
            country: "DK".into(),
            name: "Boss".into(),
            email: format!("boss@{}.example", name.to_lowercase()),
            password: None,
            language: "en".into(),
        };
        let done = set_up(app, Some(&Actor::System { job: "test" }), input).await.unwrap();
        let scopes: Vec<Scope> =
            Scope::ALL.iter().copied().filter(|it| *it != Scope::Postback).collect();
        let key = key(app, done.owner, &scopes).await.secret;
        let empty = String::new;
        Self {
            owner: done.owner,
            key,
            program: empty(),
            partner: empty(),
            partnership: empty(),
            link: empty(),
            link_number: 0,
            code: empty(),
            coupon: empty(),
        }
    }

    /// A sale that follows a click, with an id of its own.
    pub(crate) fn sale(&self, order: &str) -> Value {
        json!({
            "program": self.program, "type": "sale", "order_id": order,
            "amount": { "amount": 1_250_000, "currency": "DKK" }, "code": self.code,
        })
    }
}
