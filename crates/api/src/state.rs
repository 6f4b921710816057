use std::sync::Arc;

use aide::OperationInput;
use axum::extract::{FromRef, FromRequestParts};
use http::request::Parts;
use tributary_app::App;
use tributary_app::billing::BillingReader;
use tributary_app::conversion::Reporter;
use tributary_app::once::Attempt;
use tributary_web::{Problem, Web};

/// What handlers work with. Cheap to clone.
#[derive(Debug, Clone)]
pub struct ApiState {
    app: App,
    web: Web,
    reporter: Reporter,
    billing: Vec<Arc<dyn BillingReader>>,
}

impl ApiState {
    /// Puts the parts together.
    #[must_use]
    pub fn new(web: Web, reporter: Reporter) -> Self {
        Self { app: web.app().clone(), web, reporter, billing: Vec::new() }
    }

    /// Takes events of a billing system at its webhook too.
    #[must_use]
    pub fn with_billing(mut self, reader: Arc<dyn BillingReader>) -> Self {
        self.billing.push(reader);
        self
    }

    pub(crate) fn billing_reader(&self, name: &str) -> Option<&dyn BillingReader> {
        self.billing.iter().find(|it| it.name() == name).map(|it| &**it)
    }

    /// The use cases' state.
    #[must_use]
    pub const fn app(&self) -> &App {
        &self.app
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

/// The state as a request that changes something works with it: when it came with an
/// `Idempotency-Key`, all that it commits is marked as that key's.
#[derive(Debug, Clone)]
pub(crate) struct Once(pub(crate) ApiState);

impl FromRequestParts<ApiState> for Once {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, Problem> {
        let mut state = state.clone();
        if let Some(attempt) = parts.extensions.get::<Attempt>() {
            state.app = state.app.under(attempt);
        }
        Ok(Self(state))
    }
}

impl OperationInput for Once {}
