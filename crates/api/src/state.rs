use axum::extract::FromRef;
use tributary_app::App;
use tributary_app::conversion::Reporter;
use tributary_web::Web;

/// What handlers work with. Cheap to clone.
#[derive(Debug, Clone)]
pub struct ApiState {
    web: Web,
    reporter: Reporter,
}

impl ApiState {
    /// Puts the parts together.
    #[must_use]
    pub const fn new(web: Web, reporter: Reporter) -> Self {
        Self { web, reporter }
    }

    /// The use cases' state.
    #[must_use]
    pub fn app(&self) -> &App {
        self.web.app()
    }

    /// Gathers reports into transactions.
    #[must_use]
    pub const fn reporter(&self) -> &Reporter {
        &self.reporter
    }

    /// Keys, rates, addresses.
    #[must_use]
    pub const fn web(&self) -> &Web {
        &self.web
    }
}

impl FromRef<ApiState> for Web {
    fn from_ref(state: &ApiState) -> Self {
        state.web.clone()
    }
}
