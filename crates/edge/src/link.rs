//! `GET|HEAD /{slug}` and `/{slug}/{slug}`: a click.
//!
//! Parameters: `to` (a deep link to one of the program's domains), `sub1` to `sub5`, and `utm_*`,
//! which goes on to the destination. Everything else in the query is dropped.

use std::future::Future;
use std::net::IpAddr;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, StatusCode};
use tributary_click::{
    AddressPrefix, AgentDigest, ClickId, ClickRecord, Consent, ConsentRecord, Entry,
};
use tributary_kernel::{Timestamp, crockford};
use tributary_spool::{AppendError, Receipt};

use crate::agents::Verdict;
use crate::answer::{self, Answer};
use crate::commit::{Committed, Waiting};
use crate::decision::{Carry, Situation, Treatment, treat};
use crate::destination::{carries, decoded, decoded_path, deep_link, parameter, with_parameters};
use crate::request::{Heads, sub_ids};
use crate::service::Started;
use crate::snapshot::{Link, Program, Snapshot};
use crate::worker::{Shared, Visitor, Worker};

/// Text of a click id, without an allocation.
pub(crate) struct IdText([u8; 30]);

impl IdText {
    pub(crate) fn new(id: &ClickId) -> Self {
        let mut text = *b"clk_00000000000000000000000000";
        text[4..].copy_from_slice(&crockford::encode(id.as_bytes()));
        Self(text)
    }

    pub(crate) fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("the alphabet is ASCII")
    }
}

/// Where a request goes.
enum Going {
    To { location: HeaderValue, cookie: Option<HeaderValue> },
    Nowhere,
    Malformed,
}

impl Going {
    fn to(location: String) -> Self {
        Self::with_cookie(location, None)
    }

    fn with_cookie(location: String, cookie: Option<HeaderValue>) -> Self {
        // A normalised address is visible ASCII, so this does not fail; if it ever did, nowhere
        // is safer than anywhere.
        match HeaderValue::from_maybe_shared(Bytes::from(location)) {
            Ok(location) => Self::To { location, cookie },
            Err(_) => Self::Nowhere,
        }
    }
}

/// A decision, and what it waits for.
struct Begun {
    going: Going,
    waiting: Option<(Waiting<Receipt, AppendError>, Otherwise)>,
}

/// What it takes to go without the id after all. Owned, as nothing of a request may be kept while
/// it waits: hyper makes room for the next one at once, and reads into the same buffer only if
/// nobody holds a part of it any more.
struct Otherwise {
    link_number: u32,
    deep: Option<String>,
    carried: Option<String>,
}

/// A click that waits for the spool.
pub(crate) struct Redirecting {
    /// The request's header map, empty.
    headers: HeaderMap,
    going: Going,
    waiting: Waiting<Receipt, AppendError>,
    otherwise: Otherwise,
}

impl Redirecting {
    pub(crate) fn poll(&mut self, context: &mut Context<'_>) -> Poll<Committed<AppendError>> {
        Pin::new(&mut self.waiting).poll(context)
    }
}

impl From<Going> for Begun {
    fn from(going: Going) -> Self {
        Self { going, waiting: None }
    }
}

impl Worker {
    /// Begins the answer to a request of a link.
    pub(crate) fn redirect(&self, mut parts: Parts, peer: IpAddr) -> Started {
        let Begun { going, waiting } = self.begin(&parts, peer);
        let mut headers = std::mem::take(&mut parts.headers);
        headers.clear();
        match waiting {
            Some((waiting, otherwise)) => {
                Started::Redirecting(Redirecting { headers, going, waiting, otherwise })
            }
            None => Started::Done(Some(self.send(going, headers))),
        }
    }

    /// Ends it when the wait is over.
    pub(crate) fn finish(
        &self,
        redirecting: &mut Redirecting,
        outcome: Committed<AppendError>,
    ) -> Answer {
        let mut going = std::mem::replace(&mut redirecting.going, Going::Nowhere);
        match outcome {
            Committed::Yes => {}
            Committed::Unconfirmed => self.shared.metrics.unconfirmed.one(),
            Committed::No(error) => {
                self.shared.count_lost(error);
                going = self.shared.without_id(&redirecting.otherwise);
            }
        }
        self.send(going, std::mem::take(&mut redirecting.headers))
    }

    fn send(&self, going: Going, headers: HeaderMap) -> Answer {
        match going {
            Going::To { location, cookie } => {
                self.shared.metrics.redirects.one();
                answer::redirect(headers, location, cookie)
            }
            Going::Nowhere => answer::not_found(&self.shared.config.not_found_page),
            Going::Malformed => answer::empty(StatusCode::BAD_REQUEST),
        }
    }

    /// Finds the link, decides, and hands the record to the spool.
    fn begin(&self, parts: &Parts, peer: IpAddr) -> Begun {
        let shared = &*self.shared;
        let heads = Heads::of(&parts.headers);
        let visitor = self.visitor(&parts.headers, &heads, &parts.uri, peer);
        let Some(path) = decoded_path(parts.uri.path()) else {
            return Going::Malformed.into();
        };
        let snapshot = shared.snapshot.load();
        let path = path.strip_prefix('/').unwrap_or(&path);
        let path = path.strip_suffix('/').unwrap_or(path);
        let Some(link) = snapshot.link(&visitor.host, path) else {
            shared.metrics.unknown_links.one();
            return shared.fallback.clone().map_or(Going::Nowhere, Going::to).into();
        };
        if !link.active || !link.program.is_active() {
            shared.metrics.paused_links.one();
            return shared.without_credit(&link).into();
        }
        let query = parts.uri.query().unwrap_or_default();
        let deep = shared.deep_link(query, link.program);
        let Some(base) = deep.as_deref().or(link.destination).or(link.program.landing()) else {
            return shared.without_credit(&link).into();
        };
        let known_denied = heads.cookie(&shared.config.own_cookie_name) == Some("denied");
        let verdict = self.agents.verdict(heads.agent());
        let situation = Situation {
            class: verdict.class(&heads, &parts.method),
            consent_required: link.program.requires_consent(),
            denied: known_denied || heads.says_gpc(),
            spool: shared.spooling(),
        };
        let click = Click {
            treatment: treat(&situation),
            situation,
            now: shared.clock.now(),
            link,
            verdict,
            heads: &heads,
            query,
        };
        shared.count_click(&click.situation, &click.treatment);
        let minted = shared.mint(&click, &snapshot);
        let waiting = self.record(&click, minted, &visitor, deep.as_deref());
        let location = click.location(base, minted);
        let cookie = shared.own_cookie(&click, minted, &visitor);
        if let (Some(id), true) = (minted, cookie.is_some()) {
            self.chain(&click, id, &snapshot, &visitor);
        }
        let carried = carries(query).then(|| query.to_owned());
        let otherwise = Otherwise { link_number: click.link.number, deep, carried };
        let waiting = waiting.map(|waiting| (waiting, otherwise));
        Begun { going: Going::with_cookie(location, cookie), waiting }
    }

    /// Writes the record, if there is to be one.
    fn record(
        &self,
        click: &Click<'_>,
        minted: Option<ClickId>,
        visitor: &Visitor<'_>,
        deep: Option<&str>,
    ) -> Option<Waiting<Receipt, AppendError>> {
        let (shared, treatment) = (&*self.shared, &click.treatment);
        if !treatment.record {
            return None;
        }
        let key = treatment.visitor_key.then(|| {
            let agent = &click.verdict.digest;
            shared.visitor_key(click.now, click.link.program, visitor.address, agent)
        });
        let record = ClickRecord {
            click_id: minted,
            at: click.now,
            link_number: click.link.number,
            class: click.situation.class,
            consent: treatment.consent,
            visitor_key: key.flatten(),
            country: visitor.country,
            device: click.verdict.device,
            referrer_host: click.heads.referrer_host(),
            sub_ids: sub_ids(click.query),
            destination: deep.map(str::to_owned),
            by_parameter: false,
            test: click.link.program.is_test(),
        };
        let receipt = self.append(&Entry::Click(record));
        treatment.wait.then(|| self.wait(receipt))
    }

    /// Where the edge has its own cookie, a browser's older click and this one are one journey.
    fn chain(
        &self,
        click: &Click<'_>,
        click_id: ClickId,
        snapshot: &Snapshot,
        visitor: &Visitor<'_>,
    ) {
        let shared = &*self.shared;
        let Some(old) = click.heads.cookie(&shared.config.own_cookie_name) else { return };
        let Some(previous) = shared.believed(old, snapshot, click.now, visitor.address) else {
            return;
        };
        let told = ConsentRecord {
            click_id,
            at: click.now,
            state: Consent::Granted,
            previous: Some(previous),
        };
        // Behind the click in the spool, so never without it. Losing it costs a link between two
        // clicks and no click; nobody waits for it.
        drop(self.append(&Entry::Consent(told)));
    }
}

/// A click on its way.
struct Click<'a> {
    situation: Situation,
    treatment: Treatment,
    now: Timestamp,
    link: Link<'a>,
    verdict: Verdict,
    heads: &'a Heads<'a>,
    query: &'a str,
}

impl Click<'_> {
    fn location(&self, base: &str, minted: Option<ClickId>) -> String {
        let carried = carries(self.query).then_some(self.query);
        let text = minted.as_ref().map(IdText::new);
        match (&text, self.treatment.carry) {
            (Some(text), _) => {
                let own = (self.link.program.click_parameter(), text.as_str());
                with_parameters(base, Some(own), carried)
            }
            (None, Carry::Nothing) => with_parameters(base, None, carried),
            // Also when an id was meant but could not be minted.
            (None, Carry::ClickId | Carry::ReferralCode) => {
                let location = by_code(&self.link, base, carried);
                if !self.situation.denied {
                    return location;
                }
                // This click is counted; the landing page's script must not count it again.
                let name = format!("{}{COUNTED_SUFFIX}", self.link.program.click_parameter());
                with_parameters(&location, Some((&name, "1")), None)
            }
        }
    }
}

/// Ends the parameter that tells the page script: this visitor said no, and the click that led
/// here is counted already. `t.js` knows it too.
const COUNTED_SUFFIX: &str = "_seen";

/// A destination with the partner's code, if there is one.
fn by_code(link: &Link<'_>, base: &str, carried: Option<&str>) -> String {
    let code = Some(link.referral_code).filter(|code| !code.is_empty());
    with_parameters(base, code.map(|code| (&*link.program.parameters()[0], code)), carried)
}

impl Shared {
    /// Where a link leads that earns nobody anything: the program's fallback, or the page it would
    /// lead to, without credit. The installation's is for requests that name no link.
    fn without_credit(&self, link: &Link<'_>) -> Going {
        let destination = link.program.fallback().or(link.destination).or(link.program.landing());
        let installation = || self.fallback.as_deref();
        let destination = destination.or_else(installation);
        destination.map_or(Going::Nowhere, |to| Going::to(to.to_owned()))
    }

    /// Where a click goes whose id will never be on record.
    fn without_id(&self, otherwise: &Otherwise) -> Going {
        let snapshot = self.snapshot.load();
        let Some(link) = snapshot.link_numbered(otherwise.link_number) else {
            return self.fallback.clone().map_or(Going::Nowhere, Going::to);
        };
        let base = otherwise.deep.as_deref().or(link.destination).or(link.program.landing());
        let carried = otherwise.carried.as_deref();
        base.map_or(Going::Nowhere, |base| Going::to(by_code(&link, base, carried)))
    }

    fn deep_link(&self, query: &str, program: &Program) -> Option<String> {
        let raw = parameter(query, "to")?;
        let taken = decoded(raw).and_then(|text| deep_link(&text, program.domains()).ok());
        if taken.is_none() {
            self.metrics.deep_links_refused.one();
        }
        taken
    }

    fn mint(&self, click: &Click<'_>, snapshot: &Snapshot) -> Option<ClickId> {
        if click.treatment.carry != Carry::ClickId {
            return None;
        }
        let minted = snapshot
            .keyring()
            .and_then(|ring| self.minter.mint(click.now, click.link.number, ring).ok());
        match minted {
            Some(_) => self.metrics.ids_minted.one(),
            None => self.metrics.ids_refused.one(),
        }
        minted
    }

    pub(crate) fn visitor_key(
        &self,
        now: Timestamp,
        program: &Program,
        address: IpAddr,
        agent: &AgentDigest,
    ) -> Option<[u8; 16]> {
        let prefix = AddressPrefix::of(address);
        let key = self.salts.visitor_key(now, program.owner(), prefix, agent);
        if key.is_none() {
            self.metrics.salts_missing.one();
        }
        key
    }

    fn own_cookie(
        &self,
        click: &Click<'_>,
        minted: Option<ClickId>,
        visitor: &Visitor<'_>,
    ) -> Option<HeaderValue> {
        if !click.treatment.cookie {
            return None;
        }
        let text = IdText::new(&minted?);
        let program = click.link.program;
        let domain = program.cookie_domain(&visitor.host);
        let name = &self.config.own_cookie_name;
        answer::cookie(name, text.as_str(), program.cookie_days(), domain)
    }

    /// Counts a click by what is meant to become of it.
    pub(crate) fn count_click(&self, situation: &Situation, treatment: &Treatment) {
        let metrics = &self.metrics;
        match (situation.class.counts(), treatment.lost) {
            (false, _) if treatment.record => metrics.clicks_machine.one(),
            (false, _) => {}
            (true, true) => metrics.lost_failed.one(),
            (true, false) => metrics.clicks_countable.one(),
        }
        if situation.class.counts() && situation.denied {
            metrics.clicks_denied.one();
        }
    }

    /// A click that was counted as recorded is not.
    pub(crate) fn count_lost(&self, error: AppendError) {
        self.metrics.clicks_countable.less_one();
        match error {
            AppendError::Lost => self.metrics.lost_full.one(),
            AppendError::Failed | AppendError::Closed | AppendError::Size { .. } => {
                self.metrics.lost_failed.one();
            }
        }
    }
}
