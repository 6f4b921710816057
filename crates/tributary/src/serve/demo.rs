//! Log-ins by one click, in a demo only: the route exists nowhere else.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tributary_app::App;
use tributary_app::access::open_session;
use tributary_kernel::UserId;
use tributary_web::{LogInCookies, Web};

/// A person of the simulated world who can be entered as.
#[derive(Debug, Clone)]
pub(crate) struct DemoLogIn {
    /// What they are and how they are called.
    pub(crate) name: String,
    /// Last part of the address.
    pub(crate) token: String,
    /// Who.
    pub(crate) user: UserId,
}

#[derive(Debug, Clone)]
struct Door {
    app: App,
    web: Web,
    log_ins: Arc<Vec<DemoLogIn>>,
}

/// The route, when there is somebody to enter as.
pub(crate) fn router(app: &App, web: &Web, log_ins: Vec<DemoLogIn>) -> Router {
    if log_ins.is_empty() {
        return Router::new();
    }
    let door = Door { app: app.clone(), web: web.clone(), log_ins: Arc::new(log_ins) };
    Router::new().route("/demo/{token}", get(enter)).with_state(door)
}

async fn enter(
    State(door): State<Door>,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Response {
    let Some(known) = door.log_ins.iter().find(|it| it.token == token) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let agent = headers.get(header::USER_AGENT).and_then(|it| it.to_str().ok()).unwrap_or("");
    match open_session(&door.app, known.user, agent).await {
        Ok(session) => {
            let cookie = LogInCookies::of(&door.web).begin(&session.secret);
            (StatusCode::SEE_OTHER, [(header::SET_COOKIE, cookie)], [(header::LOCATION, "/")])
                .into_response()
        }
        Err(error) => {
            tracing::error!(%error, "demo.log_in_failed");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}
