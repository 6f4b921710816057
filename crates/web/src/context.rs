use std::net::IpAddr;
use std::sync::{Arc, Mutex};

use tributary_kernel::{Entropy, Timestamp, crockford};

use crate::Standing;

/// Names one request in answers and logs: `req_` and 26 characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(String);

impl RequestId {
    pub(crate) fn new(now: Timestamp, entropy: &dyn Entropy) -> Self {
        let mut bytes = [0u8; 16];
        entropy.fill(&mut bytes[6..]);
        let milliseconds = u64::try_from(now.as_millisecond()).unwrap_or(0);
        bytes[..6].copy_from_slice(&milliseconds.to_be_bytes()[2..]);
        let text = crockford::encode(&bytes);
        Self(format!("req_{}", String::from_utf8_lossy(&text)))
    }

    /// Its text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What is known of a request before its handler runs, and what extractors leave for the answer's
/// headers.
#[derive(Debug, Clone)]
pub struct Context {
    /// Names the request.
    pub request_id: RequestId,
    /// Who asks; unspecified when the server does not tell.
    pub address: IpAddr,
    standing: Arc<Mutex<Option<Standing>>>,
}

impl Context {
    pub(crate) fn new(request_id: RequestId, address: IpAddr) -> Self {
        Self { request_id, address, standing: Arc::default() }
    }

    /// Leaves a bucket's standing for the `RateLimit` headers.
    pub fn note(&self, standing: Standing) {
        *self.standing.lock().expect("nothing panics while it is held") = Some(standing);
    }

    pub(crate) fn standing(&self) -> Option<Standing> {
        *self.standing.lock().expect("nothing panics while it is held")
    }
}
