//! Pages and API on one listener.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tributary_api::ApiState;
use tributary_app::App;
use tributary_app::conversion::Reporter;
use tributary_connectors::stripe::Stripe;
use tributary_console::{ConsoleState, not_found_page};
use tributary_web::{Cidr, Rate, Web, WebConfig, frame, not_allowed};

use super::demo::DemoLogIn;
use super::metrics::{Metrics, measured};
use crate::Failure;
use crate::config::Config;

/// Seconds of its rate that a caller may use at once.
const BURST_SECONDS: u32 = 2;

/// All routes.
pub(crate) fn router(
    app: &App,
    reporter: Reporter,
    config: &Config,
    metrics: Arc<Metrics>,
    log_ins: Vec<DemoLogIn>,
) -> Result<Router, Failure> {
    let trusted_proxies = trusted_proxies(config)?;
    let links = &config.edge.public_url;
    let requests = Arc::clone(&metrics.requests);
    let per_minute = config.web.requests_per_minute;
    let rate = Rate { burst: (per_minute / 60 * BURST_SECONDS).max(20), per_minute };
    let web = Web::new(
        app.clone(),
        WebConfig {
            trusted_proxies,
            https: config.web.public_url.starts_with("https://"),
            per_key: rate,
            per_address: rate,
            ..WebConfig::default()
        },
    );
    let operator = Router::new()
        .route("/health", get(|| async { "ok" }))
        .route("/ready", get(ready))
        .with_state((app.clone(), metrics));
    let mut console = ConsoleState::new(web.clone(), links);
    // Codes on the page are for whoever tries it out alone: anybody who may type an address would
    // be let in.
    if config.mail.url.is_empty() && config.web.listen.ip().is_loopback() {
        console = console.showing_codes();
    }
    let api = ApiState::new(web.clone(), reporter).with_billing(Arc::new(Stripe));
    let api = tributary_api::routes(api);
    let demo = super::demo::router(app, &web, log_ins);
    let framed = axum::middleware::from_fn_with_state(web, frame);
    let pages = tributary_console::router(console.clone());
    let nowhere = get(not_found_page).fallback(not_found_page).with_state(console);
    Ok(Router::new()
        .merge(api)
        .merge(pages)
        .merge(operator)
        .merge(demo)
        .fallback_service(nowhere)
        .method_not_allowed_fallback(not_allowed)
        .layer(framed)
        .layer(axum::middleware::from_fn_with_state(requests, measured)))
}

/// Whose forwarded headers are believed.
pub(crate) fn trusted_proxies(config: &Config) -> Result<Vec<Cidr>, Failure> {
    let parse = |text: &String| {
        text.parse::<Cidr>()
            .map_err(|error| format!("web.trusted_proxies `{text}`: {error}").into())
    };
    config.web.trusted_proxies.iter().map(parse).collect()
}

/// The figures, on a listener of their own: they are the operator's business alone.
pub(crate) fn figures_router(metrics: Arc<Metrics>) -> Router {
    Router::new().route("/metrics", get(figures)).with_state(metrics)
}

type Operator = (App, Arc<Metrics>);

/// Ready when the record answers and clicks can be recorded; redirects go on without the record.
async fn ready(State((app, metrics)): State<Operator>) -> impl IntoResponse {
    let record = app.record.read().await.is_ok();
    let spool = metrics.spool_accepts();
    let status = if record && spool { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, axum::Json(serde_json::json!({ "record": record, "spool": spool })))
}

async fn figures(State(metrics): State<Arc<Metrics>>) -> impl IntoResponse {
    match tokio::task::spawn_blocking(move || metrics.render()).await {
        Ok(text) => ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// Serves until it is time to stop; requests under way are finished.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    mut stopping: watch::Receiver<bool>,
) {
    let stopped = async move {
        let _ = stopping.wait_for(|stop| *stop).await;
    };
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    if let Err(error) = axum::serve(listener, service).with_graceful_shutdown(stopped).await {
        tracing::error!(%error, "web.ended");
    }
}
