//! What user agents were found to be. Finding out takes over a microsecond, a tenth of a click's
//! cost, and a few hundred agents send most of the clicks; so each thread remembers what it has
//! seen, in a table of fixed size in which a newcomer takes the place of whom it meets.

use std::hash::BuildHasher;
use std::sync::Mutex;

use hashbrown::DefaultHashBuilder;
use http::Method;
use tributary_click::{AgentDigest, Class, Device, RequestFacts, classify, device};

use crate::request::Heads;

/// Agents remembered per thread.
const SLOTS: usize = 2_048;
/// Longer ones are rare and found out anew each time.
const AGENT_BYTES_MAX: usize = 512;
/// An agent that is nobody's, and no machine's: stands for one already known to be a person's.
const PERSON: &str = "a";

/// What is known from an agent alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Verdict {
    is_machine: bool,
    pub(crate) device: Device,
    pub(crate) digest: AgentDigest,
}

impl Verdict {
    fn of(agent: &str) -> Self {
        let alone = RequestFacts { method: "GET", user_agent: agent, ..RequestFacts::default() };
        let is_machine = classify(&alone) == Class::Bot;
        Self { is_machine, device: device(agent), digest: AgentDigest::of(agent) }
    }

    /// The class of a request whose agent this is the verdict on.
    pub(crate) fn class(self, heads: &Heads<'_>, method: &Method) -> Class {
        match (self.is_machine, *method == Method::GET && heads.open_a_page()) {
            // Nothing is left to look at but the agent.
            (true, true) => Class::Bot,
            (false, true) => Class::Countable,
            (is_machine, false) => {
                let user_agent = if is_machine { "" } else { PERSON };
                classify(&RequestFacts { user_agent, ..heads.facts(method) })
            }
        }
    }
}

type Slot = Option<(Box<str>, Verdict)>;

/// The verdicts that one thread remembers.
#[derive(Debug)]
pub(crate) struct Agents {
    slots: Mutex<Vec<Slot>>,
    hasher: DefaultHashBuilder,
}

impl Default for Agents {
    fn default() -> Self {
        Self { slots: Mutex::new(vec![None; SLOTS]), hasher: DefaultHashBuilder::default() }
    }
}

impl Agents {
    pub(crate) fn verdict(&self, agent: &str) -> Verdict {
        if agent.len() > AGENT_BYTES_MAX {
            return Verdict::of(agent);
        }
        let place = self.hasher.hash_one(agent) % SLOTS as u64;
        let place = usize::try_from(place).expect("less than the slots");
        let mut slots = self.slots.lock().expect("nothing panics while it holds the slots");
        match &mut slots[place] {
            Some((known, verdict)) if **known == *agent => *verdict,
            slot => {
                let verdict = Verdict::of(agent);
                *slot = Some((agent.into(), verdict));
                verdict
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_remembered_verdict_classes_a_request_as_the_agent_itself_would() {
        let agents = [
            "",
            "curl/8.5.0",
            "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 \
             (KHTML, like Gecko) Version/17.4 Mobile/15E148 Safari/604.1",
            "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
        ];
        let fields: [(&str, &[&str]); 6] = [
            ("sec-purpose", &["", "prefetch;prerender"]),
            ("x-purpose", &["", "preview"]),
            ("x-moz", &["", "prefetch"]),
            ("sec-fetch-dest", &["", "document", "Document ", "image"]),
            ("sec-fetch-mode", &["", "navigate", "no-cors"]),
            ("accept", &["", "text/html,*/*;q=0.8", "image/png", "*/*"]),
        ];
        let cases: usize = fields.iter().map(|(_, values)| values.len()).product();
        let cache = Agents::default();
        for agent in agents {
            for case in 0..cases {
                let (mut headers, mut rest) = (http::HeaderMap::new(), case);
                for (name, values) in fields {
                    let value = values[rest % values.len()];
                    rest /= values.len();
                    if !value.is_empty() {
                        headers.insert(name, value.parse().unwrap());
                    }
                }
                headers.insert("user-agent", agent.parse().unwrap());
                let heads = Heads::of(&headers);
                for method in [Method::GET, Method::HEAD] {
                    let verdict = cache.verdict(agent);
                    let expected = classify(&heads.facts(&method));
                    assert_eq!(verdict.class(&heads, &method), expected, "{method} {headers:?}");
                    assert_eq!(verdict, Verdict::of(agent));
                }
            }
        }
    }
}
