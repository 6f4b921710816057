//! `GET /_trib/landing?program=KEY&via=CODE`: a landing page was opened with a referral code and
//! tells so. Becomes a click, marked as reported by parameter; the answer has its id.
//!
//! Parameters: `program` (public key), one of the program's referral parameters, `sub1` to
//! `sub5`, `consent` (`granted`, `denied` or `unknown`), `r` (host of the page before). Answer:
//! `{"id": "clk_…" | null}`.

use std::net::IpAddr;

use bytes::Bytes;
use http::request::Parts;
use http::{HeaderValue, Method, StatusCode};
use tributary_click::{ClickRecord, Entry, classify};

use crate::answer::{self, Answer};
use crate::caller::{Caller, caller, readable_origin};
use crate::decision::{Carry, Situation, treat};
use crate::destination::{decoded, parameter};
use crate::link::IdText;
use crate::request::{Heads, normal_host, sub_ids};
use crate::snapshot::{Link, Program, Snapshot};
use crate::worker::{Visitor, Worker};

/// What the answer will be, and the record it may wait for.
struct Landed {
    answer: Answer,
    entry: Option<(Entry, bool)>,
    origin: Option<HeaderValue>,
}

impl Worker {
    pub(crate) async fn landing(&self, parts: &Parts, peer: IpAddr) -> Answer {
        let landed = self.land(parts, peer);
        let mut answer = landed.answer;
        match landed.entry {
            Some((entry, true)) => {
                if let Err(error) = self.append_and_wait(&entry).await {
                    self.shared.count_lost(error);
                    answer = no_id();
                }
            }
            Some((entry, false)) => drop(self.append(&entry)),
            None => {}
        }
        answer::readable_by(answer, landed.origin.as_ref())
    }

    fn land(&self, parts: &Parts, peer: IpAddr) -> Landed {
        let shared = &*self.shared;
        let refused = |status, code| {
            shared.metrics.calls_refused.one();
            Landed { answer: answer::refusal(status, code), entry: None, origin: None }
        };
        let query = parts.uri.query().unwrap_or_default();
        let snapshot = shared.snapshot.load();
        let key = parameter(query, "program").and_then(decoded);
        let Some(program) = key.and_then(|key| snapshot.program_by_key(&key)) else {
            return refused(StatusCode::NOT_FOUND, "unknown_program");
        };
        let heads = Heads::of(&parts.headers);
        let visitor = self.visitor(&parts.headers, &heads, &parts.uri, peer);
        let origin = readable_origin(&parts.headers, program.domains()).cloned();
        if parts.method == Method::OPTIONS {
            return Landed { answer: answer::preflight(origin.as_ref()), entry: None, origin };
        }
        if parts.method != Method::GET {
            return Landed { answer: answer::not_allowed("GET, OPTIONS"), entry: None, origin };
        }
        if !matches!(
            caller(&parts.headers, &visitor.host, program.domains()),
            Caller::OwnHost | Caller::Page
        ) {
            return refused(StatusCode::FORBIDDEN, "foreign_page");
        }
        let link = referred(query, program, &snapshot);
        let Some(link) = link.filter(|link| link.active && program.is_active()) else {
            let refused = refused(StatusCode::NOT_FOUND, "unknown_code");
            return Landed { origin, ..refused };
        };
        let landed = self.click_of_page(&heads, query, &link, &visitor, &snapshot);
        Landed { origin, ..landed }
    }

    fn click_of_page(
        &self,
        heads: &Heads<'_>,
        query: &str,
        link: &Link<'_>,
        visitor: &Visitor<'_>,
        snapshot: &Snapshot,
    ) -> Landed {
        let shared = &*self.shared;
        let program = link.program;
        let now = shared.clock.now();
        let told = parameter(query, "consent");
        let situation = Situation {
            class: classify(&heads.script_facts()),
            // A yes that comes with the landing is as good as a basis that needs none.
            consent_required: program.requires_consent() && told != Some("granted"),
            denied: told == Some("denied") || heads.says_gpc(),
            spool: shared.spooling(),
        };
        let treatment = treat(&situation);
        let minted = (treatment.carry == Carry::ClickId)
            .then(|| snapshot.keyring())
            .flatten()
            .and_then(|ring| shared.minter.mint(now, link.number, ring).ok());
        match (treatment.carry, minted) {
            (Carry::ClickId, Some(_)) => shared.metrics.ids_minted.one(),
            (Carry::ClickId, None) => shared.metrics.ids_refused.one(),
            _ => {}
        }
        shared.metrics.landings.one();
        shared.count_click(&situation, &treatment);
        let verdict = self.agents.verdict(heads.agent());
        let key = treatment
            .visitor_key
            .then(|| shared.visitor_key(now, program, visitor.address, &verdict.digest));
        let before = parameter(query, "r").and_then(decoded);
        let record = ClickRecord {
            click_id: minted,
            at: now,
            link_number: link.number,
            class: situation.class,
            consent: treatment.consent,
            visitor_key: key.flatten(),
            country: visitor.country,
            device: verdict.device,
            referrer_host: before.and_then(|host| normal_host(&host).map(|h| h.into_owned())),
            sub_ids: sub_ids(query),
            destination: None,
            by_parameter: true,
            test: program.is_test(),
        };
        let answer = match &minted {
            Some(id) => {
                let body = format!("{{\"id\":\"{}\"}}", IdText::new(id).as_str());
                answer::json(StatusCode::OK, body)
            }
            None => no_id(),
        };
        let entry = treatment.record.then_some((Entry::Click(record), treatment.wait));
        Landed { answer, entry, origin: None }
    }
}

fn no_id() -> Answer {
    answer::json(StatusCode::OK, Bytes::from_static(br#"{"id":null}"#))
}

/// The link of the first referral parameter that names one.
fn referred<'a>(query: &str, program: &Program, snapshot: &'a Snapshot) -> Option<Link<'a>> {
    program.parameters().iter().find_map(|name| {
        let code = decoded(parameter(query, name)?)?;
        snapshot.referral(program, &code)
    })
}
