//! Extractors and the frame, on a real database in a temporary folder.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Json, Router};
use http::{Request, Response, StatusCode};
use serde_json::{Value, json};
use tower::ServiceExt;
use tributary_app::access::{CreateKey, SetUp, SetUpDone, create_key, open_session, set_up};
use tributary_app::{App, AppError, Secrets};
use tributary_directory::{Actor, Scope};
use tributary_kernel::{Clock, ManualClock, SeededEntropy, Timestamp};
use tributary_store::engine::{Engine, EngineError, MigrationSet};
use tributary_store_sqlite::{SqliteEngine, SqliteOptions};
use tributary_web::{
    Caller, CheckedForm, Context, JsonBody, Problem, QueryOf, Rate, SeatChoice, Session, Web,
    WebConfig, frame, not_allowed, not_found,
};

struct World {
    _folder: tempfile::TempDir,
    clock: Arc<ManualClock>,
    web: Web,
    router: Router,
    done: SetUpDone,
}

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    number: u32,
}

async fn engine(folder: &std::path::Path, name: &str, set: MigrationSet) -> Arc<dyn Engine> {
    let engine = SqliteEngine::open(folder.join(name), SqliteOptions::default()).unwrap();
    engine.migrate(set).await.unwrap();
    Arc::new(engine)
}

async fn world(https: bool) -> World {
    let folder = tempfile::tempdir().unwrap();
    let now: Timestamp = "2026-11-21T12:00:00Z".parse().unwrap();
    let clock = Arc::new(ManualClock::new(now));
    let app = App::new(
        engine(folder.path(), "record.db", MigrationSet::Record).await,
        engine(folder.path(), "touches.db", MigrationSet::Touches).await,
        Arc::clone(&clock) as Arc<dyn Clock>,
        Arc::new(SeededEntropy::new(7)),
        Arc::new(Secrets::new(&[1; 32], [2; 32])),
        tributary_click_keyring(),
    );
    let done = set_up(
        &app,
        None,
        SetUp {
            organisation: "Acme".into(),
            country: "DK".into(),
            name: "Anna".into(),
            email: "anna@acme.example".into(),
            password: None,
            language: "da".into(),
        },
    )
    .await
    .unwrap();
    let config = WebConfig {
        https,
        trusted_proxies: vec!["10.0.0.0/8".parse().unwrap()],
        per_key: Rate { burst: 3, per_minute: 60 },
        failures_per_address: Rate { burst: 2, per_minute: 60 },
        ..WebConfig::default()
    };
    let web = Web::new(app, config);
    World { _folder: folder, clock, router: router(&web), web, done }
}

fn tributary_click_keyring() -> tributary_click::ClickKeyring {
    let key = tributary_click::ClickKey { id: 0, secret: [3; 32], verify_until: None };
    tributary_click::ClickKeyring::new(vec![key], 0).unwrap()
}

fn router(web: &Web) -> Router {
    let whoami = async |session: Session| {
        let seat = session.seat.as_ref().map(|seat| SeatChoice::of(seat).to_string());
        Json(json!({ "user": session.user.id, "seat": seat, "csrf": session.csrf }))
    };
    let away = async || -> Result<(), Problem> {
        Err(AppError::Engine(EngineError::Away("10.9.8.7 is away".into())).into())
    };
    let fault =
        async || -> Result<(), Problem> { Err(AppError::Corrupt("the secret row".into()).into()) };
    let address = async |context: axum::Extension<Context>| context.address.to_string();
    Router::new()
        .route("/key", get(async |caller: Caller| caller.owner.to_string()))
        .route("/json", post(async |JsonBody(it): JsonBody<Wire>| it.number.to_string()))
        .route("/query", get(async |QueryOf(it): QueryOf<Wire>| it.number.to_string()))
        .route("/whoami", get(whoami))
        .route("/form", post(async |form: CheckedForm| format!("{:?}", form.pairs)))
        .route("/away", get(away))
        .route("/fault", get(fault))
        .route("/address", get(address))
        .route("/own", get(async || ([("cache-control", "public")], "x").into_response()))
        .fallback(not_found)
        .method_not_allowed_fallback(not_allowed)
        .layer(axum::middleware::from_fn_with_state(web.clone(), frame))
        .with_state(web.clone())
}

impl World {
    async fn send(&self, request: http::request::Builder, body: Body) -> Response<Body> {
        let mut request = request.body(body).unwrap();
        if request.extensions().get::<ConnectInfo<SocketAddr>>().is_none() {
            let peer: SocketAddr = "192.0.2.1:4711".parse().unwrap();
            request.extensions_mut().insert(ConnectInfo(peer));
        }
        self.router.clone().oneshot(request).await.unwrap()
    }

    async fn key(&self) -> String {
        let actor = Actor::System { job: "test" };
        let input = CreateKey {
            owner: self.done.owner,
            integration: "shop".into(),
            name: "key".into(),
            scopes: vec![Scope::Read],
            expires_at: None,
        };
        create_key(self.web.app(), &actor, input).await.unwrap().secret
    }
}

async fn text(response: Response<Body>) -> String {
    let bytes = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
    String::from_utf8(bytes.to_vec()).unwrap()
}

async fn document(response: Response<Body>) -> Value {
    assert_eq!(response.headers()["content-type"], "application/problem+json");
    serde_json::from_str(&text(response).await).unwrap()
}

fn with_key(key: &str) -> http::request::Builder {
    Request::get("/key").header("authorization", format!("Bearer {key}"))
}

#[tokio::test]
async fn every_answer_has_an_id_and_the_headers() {
    let world = world(true).await;
    for path in ["/nowhere", "/away", "/own", "/key"] {
        let response = world.send(Request::get(path), Body::empty()).await;
        let headers = response.headers();
        assert!(headers["x-request-id"].to_str().unwrap().starts_with("req_"));
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert_eq!(headers["strict-transport-security"], "max-age=31536000");
        let cache = if path == "/own" { "public" } else { "no-store" };
        assert_eq!(headers["cache-control"], cache);
    }
    let response = world.send(Request::get("/nowhere"), Body::empty()).await;
    let id = response.headers()["x-request-id"].to_str().unwrap().to_owned();
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
    let problem = document(response).await;
    assert_eq!(problem["instance"], id);
    assert_eq!(problem["type"], "/docs#not_found");
    let response = world.send(Request::post("/key"), Body::empty()).await;
    assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(response.headers()["allow"], "GET,HEAD");
    assert_eq!(document(response).await["code"], "method_not_allowed");
}

#[tokio::test]
async fn faults_show_nothing_of_themselves() {
    let world = world(true).await;
    let response = world.send(Request::get("/away"), Body::empty()).await;
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(response.headers()["retry-after"], "2");
    assert!(!text(response).await.contains("10.9.8.7"));
    let response = world.send(Request::get("/fault"), Body::empty()).await;
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert!(!text(response).await.contains("secret"));
}

#[tokio::test]
async fn a_key_is_good_within_its_rate() {
    let world = world(true).await;
    let key = world.key().await;
    for left in [2, 1, 0] {
        let response = world.send(with_key(&key), Body::empty()).await;
        assert_eq!(response.status(), StatusCode::OK);
        let limit = response.headers()["ratelimit"].to_str().unwrap().to_owned();
        assert!(limit.starts_with(&format!("\"default\";r={left};t=")), "{limit}");
        assert_eq!(response.headers()["ratelimit-policy"], "\"default\";q=3");
        assert_eq!(text(response).await, world.done.owner.to_string());
    }
    let response = world.send(with_key(&key), Body::empty()).await;
    assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(response.headers()["retry-after"], "1");
    assert_eq!(document(response).await["code"], "rate_limited");
    world.clock.advance_seconds(1);
    assert_eq!(world.send(with_key(&key), Body::empty()).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn guessing_keys_is_slow_for_an_address_and_for_no_other() {
    let world = world(true).await;
    let key = world.key().await;
    let mut wrong = key.clone();
    wrong.replace_range(10..11, if &key[10..11] == "a" { "b" } else { "a" });
    for _ in 0..2 {
        let response = world.send(with_key(&wrong), Body::empty()).await;
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
        assert_eq!(response.headers()["www-authenticate"], "Bearer");
    }
    let response = world.send(with_key(&wrong), Body::empty()).await;
    assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
    let peer: SocketAddr = "192.0.2.2:1".parse().unwrap();
    let elsewhere = with_key(&key).extension(ConnectInfo(peer));
    assert_eq!(world.send(elsewhere, Body::empty()).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn the_address_is_the_peers_unless_a_trusted_proxy_names_another() {
    let world = world(true).await;
    for (peer, expected) in [("192.0.2.1:1", "192.0.2.1"), ("10.1.1.1:1", "203.0.113.9")] {
        let peer: SocketAddr = peer.parse().unwrap();
        let request = Request::get("/address")
            .header("x-forwarded-for", "203.0.113.9")
            .extension(ConnectInfo(peer));
        assert_eq!(text(world.send(request, Body::empty()).await).await, expected);
    }
}

#[tokio::test]
async fn bodies_and_queries_that_cannot_be_read() {
    let world = world(true).await;
    let post = |kind: &str| Request::post("/json").header("content-type", kind);
    let large = vec![b' '; tributary_kernel::limits::API_BODY_BYTES_MAX + 1];
    let announced = post("application/json").header("content-length", large.len());
    let table: Vec<(http::request::Builder, Body, u16, &str)> = vec![
        (post("text/plain"), Body::from("{}"), 415, ""),
        (post("application/json"), Body::from("{"), 400, ""),
        (post("application/json; charset=utf-8"), Body::from("{}"), 422, "/number"),
        (post("application/x+json"), Body::from(r#"{"number":-1}"#), 422, "/number"),
        (post("application/json"), Body::from(large), 413, ""),
        (announced, Body::empty(), 413, ""),
        (Request::get("/query?number=x"), Body::empty(), 422, "/number"),
        (Request::get("/query?number=%ff"), Body::empty(), 422, "/number"),
    ];
    for (request, body, status, pointer) in table {
        let response = world.send(request, body).await;
        assert_eq!(response.status().as_u16(), status);
        let problem = document(response).await;
        if status != 415 {
            assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
        }
    }
    let good = world.send(post("application/json"), Body::from(r#"{"number":7}"#)).await;
    assert_eq!(text(good).await, "7");
}

#[tokio::test]
async fn a_session_gives_its_user_and_seat_and_its_forms_need_the_token() {
    for (https, cookie) in [(true, "__Host-trib"), (false, "trib_session")] {
        let world = world(https).await;
        let opened = open_session(world.web.app(), world.done.administrator, "a browser").await;
        let header = format!("{cookie}={}", opened.unwrap().secret);
        let request = Request::get("/whoami").header("cookie", &header);
        let response = world.send(request, Body::empty()).await;
        let me: Value = serde_json::from_str(&text(response).await).unwrap();
        assert_eq!(me["user"], world.done.administrator.to_string());
        assert_eq!(me["seat"], world.done.owner.to_string());
        let csrf = me["csrf"].as_str().unwrap();

        let form = |token: &str| {
            let request = Request::post("/form")
                .header("cookie", &header)
                .header("content-type", "application/x-www-form-urlencoded");
            (request, Body::from(format!("csrf={token}&pick=1&pick=2&note=a+b")))
        };
        let (request, body) = form("wrong");
        let refused = world.send(request, body).await;
        assert_eq!(refused.status(), StatusCode::FORBIDDEN);
        assert_eq!(document(refused).await["code"], "csrf");
        let (request, body) = form(csrf);
        let taken = text(world.send(request, body).await).await;
        assert_eq!(taken, r#"[("pick", "1"), ("pick", "2"), ("note", "a b")]"#);
        let (request, body) = form(csrf);
        let foreign = request.header("sec-fetch-site", "cross-site");
        assert_eq!(world.send(foreign, body).await.status(), StatusCode::FORBIDDEN);

        let stranger = world.send(Request::get("/whoami"), Body::empty()).await;
        assert_eq!(document(stranger).await["code"], "not_logged_in");
    }
}
