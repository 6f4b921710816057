//! `POST|GET /_trib/consent`: a visitor has said yes, no, or no longer.
//!
//! Parameters, in the query or as a form in the body: `state` (`granted`, `denied` or
//! `withdrawn`), `id` (click id), `prev` (the id this browser carried before). Through the
//! advertiser's own host a yes sets the cookie and a no deletes it, by HTTP; there `id` may be
//! left out of a no, the cookie has it.
//!
//! Answers: 204; 400 for what is malformed or not our id, 403 for pages of strangers, 429 after
//! too many forged ids, 503 when the record could not be kept (the cookie of a withdrawal is
//! deleted all the same).

use std::borrow::Cow;
use std::net::IpAddr;
use std::time::Duration;

use bytes::Bytes;
use http::header::CONTENT_LENGTH;
use http::request::Parts;
use http::{HeaderValue, Method, StatusCode};
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use tributary_click::{ClickId, Consent, ConsentRecord, Entry};
use tributary_kernel::Timestamp;

use crate::answer::{self, Answer};
use crate::caller::{Caller, caller, readable_origin};
use crate::destination::{AllowedDomains, decoded, parameter};
use crate::link::IdText;
use crate::request::{Heads, text};
use crate::snapshot::{Program, Snapshot};
use crate::worker::{Visitor, Worker};

/// Two ids and a word need no more.
const BODY_BYTES_MAX: usize = 2 * 1024;
const RETRY_SECONDS: u32 = 5;

/// What is to be done before answering.
struct Told {
    record: Option<ConsentRecord>,
    cookie: Option<HeaderValue>,
    origin: Option<HeaderValue>,
}

/// A status and a stable code.
struct Refused(StatusCode, &'static str);

impl Worker {
    pub(crate) async fn consent(&self, parts: &Parts, body: Incoming, peer: IpAddr) -> Answer {
        let read = match parts.method {
            Method::POST => form(parts, body, self.shared.config.head_timeout).await,
            Method::GET => Some(Bytes::new()),
            Method::OPTIONS => return self.consent_preflight(parts),
            _ => return answer::not_allowed("GET, POST, OPTIONS"),
        };
        let Some(form) = read.and_then(|bytes| String::from_utf8(bytes.to_vec()).ok()) else {
            return answer::refusal(StatusCode::BAD_REQUEST, "malformed_body");
        };
        let told = match self.told(parts, &form, peer) {
            Ok(told) => told,
            Err(Refused(status, code)) => {
                self.shared.metrics.calls_refused.one();
                return answer::refusal(status, code);
            }
        };
        let kept = match &told.record {
            Some(record) => self.keep(record).await,
            None => true,
        };
        // A yes that was not kept sets no cookie; a no deletes it whatever the disk says.
        let (answer, cookie) = match (kept, &told.record) {
            (true, _) => (answer::empty(StatusCode::NO_CONTENT), told.cookie),
            (false, Some(record)) if record.state == Consent::Granted => {
                (answer::unavailable(RETRY_SECONDS), None)
            }
            (false, _) => (answer::unavailable(RETRY_SECONDS), told.cookie),
        };
        let answer = match cookie {
            Some(cookie) => answer::with_cookie(answer, cookie),
            None => answer,
        };
        answer::readable_by(answer, told.origin.as_ref())
    }

    async fn keep(&self, record: &ConsentRecord) -> bool {
        let metrics = &self.shared.metrics;
        match record.state {
            Consent::Granted => metrics.consents_granted.one(),
            Consent::Denied | Consent::Unknown => metrics.consents_withdrawn.one(),
        }
        self.append_and_wait(&Entry::Consent(record.clone())).await.is_ok()
    }

    /// A preflight names no id yet, so any program's page is answered; the call itself is held
    /// against its own program.
    fn consent_preflight(&self, parts: &Parts) -> Answer {
        let snapshot = self.shared.snapshot.load();
        let origin = snapshot
            .programs()
            .find_map(|program| readable_origin(&parts.headers, program.domains()));
        answer::preflight(origin)
    }

    fn told(&self, parts: &Parts, form: &str, peer: IpAddr) -> Result<Told, Refused> {
        let shared = &*self.shared;
        let heads = Heads::of(&parts.headers);
        let visitor = self.visitor(&parts.headers, &heads, &parts.uri, peer);
        let now = shared.clock.now();
        if shared.forgeries.refuses(visitor.address, now) {
            shared.metrics.rate_limited.one();
            return Err(Refused(StatusCode::TOO_MANY_REQUESTS, "too_many_forged_ids"));
        }
        let query = parts.uri.query().unwrap_or_default();
        let field = |name: &str| -> Option<Cow<'_, str>> {
            parameter(form, name).or_else(|| parameter(query, name)).and_then(decoded)
        };
        let state = match field("state").as_deref() {
            Some("granted") => Consent::Granted,
            Some("denied" | "withdrawn") => Consent::Denied,
            _ => return Err(Refused(StatusCode::BAD_REQUEST, "unknown_state")),
        };
        let snapshot = shared.snapshot.load();
        let carried = heads.cookie(&shared.config.own_cookie_name);
        let id = field("id");
        let id = match (&id, state) {
            (Some(id), _) => id,
            (None, Consent::Denied) => carried.unwrap_or_default(),
            (None, _) => "",
        };
        let Some(id) = shared.believed(id, &snapshot, now, visitor.address) else {
            return Err(Refused(StatusCode::BAD_REQUEST, "unknown_click_id"));
        };
        let program = snapshot.link_numbered(id.link_number()).map(|link| link.program);
        let (from, origin) = standing(parts, &visitor, program, state)?;
        let own_host = from == Caller::OwnHost;
        if state == Consent::Granted && heads.says_gpc() {
            // A browser that refuses for everybody: there is nothing to keep.
            return Ok(Told { record: None, cookie: None, origin });
        }
        let previous = field("prev").or(carried.filter(|_| own_host).map(Cow::Borrowed));
        let previous = previous
            .and_then(|text| text.parse::<ClickId>().ok())
            .filter(|old| *old != id && is_ours(&snapshot, old, now));
        let set = program.filter(|_| own_host).and_then(|program| {
            let domain = program.cookie_domain(&visitor.host);
            let name = &shared.config.own_cookie_name;
            match state {
                Consent::Granted => {
                    answer::cookie(name, IdText::new(&id).as_str(), program.cookie_days(), domain)
                }
                Consent::Denied | Consent::Unknown => answer::no_cookie(name, domain),
            }
        });
        let record = ConsentRecord { click_id: id, at: now, state, previous };
        Ok(Told { record: Some(record), cookie: set, origin })
    }
}

/// Whether the caller may say this for the visitor. A yes must come from a page of the program,
/// or, with nothing that points to another page, from a server by POST. A no is believed from
/// anybody but a stranger's page, and for links that are gone from anybody.
fn standing(
    parts: &Parts,
    visitor: &Visitor<'_>,
    program: Option<&Program>,
    state: Consent,
) -> Result<(Caller, Option<HeaderValue>), Refused> {
    let none = AllowedDomains::default();
    let domains = program.map_or(&none, Program::domains);
    let from = caller(&parts.headers, &visitor.host, domains);
    let is_no = state != Consent::Granted;
    let allowed = match from {
        Caller::OwnHost | Caller::Page => true,
        Caller::Silent => is_no || (program.is_some() && parts.method == Method::POST),
        Caller::Foreign => is_no && program.is_none(),
    };
    if !allowed {
        return Err(Refused(StatusCode::FORBIDDEN, "foreign_page"));
    }
    Ok((from, readable_origin(&parts.headers, domains).cloned()))
}

fn is_ours(snapshot: &Snapshot, id: &ClickId, now: Timestamp) -> bool {
    snapshot.keyring().is_some_and(|ring| ring.verify(id, now).is_ok())
}

async fn form(parts: &Parts, body: Incoming, patience: Duration) -> Option<Bytes> {
    let declared = text(&parts.headers, &CONTENT_LENGTH).and_then(|n| n.parse::<usize>().ok());
    if declared.is_some_and(|bytes| bytes > BODY_BYTES_MAX) {
        return None;
    }
    let collected = Limited::new(body, BODY_BYTES_MAX).collect();
    let collected = tokio::time::timeout(patience, collected).await.ok()?.ok()?;
    Some(collected.to_bytes())
}
