use std::net::IpAddr;
use std::sync::Arc;

use tributary_app::App;
use tributary_kernel::KeyId;

use crate::{Cidr, Limiter, Rate, RequestId};

/// What the configuration says about the web.
#[derive(Debug, Clone)]
pub struct WebConfig {
    /// Proxies whose forwarded headers are believed; none by default.
    pub trusted_proxies: Vec<Cidr>,
    /// Whether people reach the pages by https. Without it (http on loopback, for development)
    /// cookies are not `Secure` and have plain names.
    pub https: bool,
    /// Requests of one API key.
    pub per_key: Rate,
    /// Requests without a key of one address: documents, log-ins, images.
    pub per_address: Rate,
    /// Wrong keys and passwords of one address: slow, since each is a guess.
    pub failures_per_address: Rate,
}

impl Default for WebConfig {
    fn default() -> Self {
        Self {
            trusted_proxies: Vec::new(),
            https: true,
            per_key: Rate { burst: 2_000, per_minute: 60_000 },
            per_address: Rate { burst: 200, per_minute: 1_200 },
            failures_per_address: Rate { burst: 20, per_minute: 20 },
        }
    }
}

/// What extractors and [`crate::frame`] work with. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Web {
    parts: Arc<Parts>,
}

#[derive(Debug)]
struct Parts {
    app: App,
    config: WebConfig,
    keys: Limiter<KeyId>,
    addresses: Limiter<IpAddr>,
    failures: Limiter<IpAddr>,
}

impl Web {
    /// All buckets full.
    #[must_use]
    pub fn new(app: App, config: WebConfig) -> Self {
        let keys = Limiter::new(config.per_key);
        let addresses = Limiter::new(config.per_address);
        let failures = Limiter::new(config.failures_per_address);
        Self { parts: Arc::new(Parts { app, config, keys, addresses, failures }) }
    }

    /// The use cases' state.
    #[must_use]
    pub fn app(&self) -> &App {
        &self.parts.app
    }

    /// The configuration.
    #[must_use]
    pub fn config(&self) -> &WebConfig {
        &self.parts.config
    }

    /// Buckets of API keys.
    #[must_use]
    pub fn keys(&self) -> &Limiter<KeyId> {
        &self.parts.keys
    }

    /// Buckets of addresses that ask without a key.
    #[must_use]
    pub fn addresses(&self) -> &Limiter<IpAddr> {
        &self.parts.addresses
    }

    /// Buckets of addresses that failed to prove who they are.
    #[must_use]
    pub fn failures(&self) -> &Limiter<IpAddr> {
        &self.parts.failures
    }

    pub(crate) fn request_id(&self) -> RequestId {
        RequestId::new(self.parts.app.now(), &*self.parts.app.entropy)
    }
}
