use std::collections::BTreeSet;

use axum::extract::State;
use axum::response::Response;
use tributary_app::conversion::list_credit_changes;
use tributary_app::directory::{
    PolicyVersion, PutPolicy, list_policies, policy_in_force, put_policy,
};
use tributary_attribution::{
    Against, Channel, ClickRef, Journey, JourneyTouch, Milestones, Model, ModelSettings, Policy,
    Promoter, Standing, UWeights, WWeights, WindowRule, credit,
};
use tributary_directory::Permission;
use tributary_kernel::{FieldError, PartnerId, PartnershipId, Refusal, Timestamp, Zone};
use tributary_money::{Rate, Share};
use tributary_store::list::PageRequest;
use tributary_web::{CheckedForm, Problem};

use super::Desk;
use super::plan::effective_from;
use crate::pages::{
    AttributionForm, EXAMPLE_DAYS, EXAMPLE_NAMES, ModelExample, PolicyRow, SettingsAttribution,
    WaitingChange,
};
use crate::parts::Field;
use crate::routes::ConsoleState;
use crate::routes::answer::{Answer, done, mendable};
use crate::routes::given::{Given, put_errors};

/// Versions that the page shows; the rest are in the API.
const VERSIONS_SHOWN: usize = 20;
/// Changes of credit that the page names.
const WAITING_SHOWN: u32 = 50;

/// The journey of the example: three partners and an advertisement, the lead before Cleo, the
/// opportunity after.
fn example_journey(at: Timestamp) -> Journey {
    let touches = EXAMPLE_NAMES.into_iter().zip(EXAMPLE_DAYS).zip(1u8..);
    let touch = |((name, days), number): ((Option<&str>, u32), u8)| {
        let (id, at) = ([number; 16], at.plus_days(-i64::from(days)));
        match name {
            None => JourneyTouch::visit(id, at, Channel::PAID_SEARCH),
            Some(_) => {
                let promoter = Promoter {
                    partnership: PartnershipId::from_bytes(id),
                    partner: PartnerId::from_bytes(id),
                    standing: Standing::Active,
                };
                JourneyTouch::click(ClickRef::from_bytes(id), at, promoter)
            }
        }
    };
    let stages = Milestones {
        lead_at: Some(at.plus_days(-5)),
        opportunity_at: Some(at.plus_seconds(-3_600)),
    };
    Journey::new(touches.map(touch).collect()).with_milestones(stages)
}

/// What each model gives the same journey, under the program's weights and channels.
fn examples(policy: &Policy, now: Timestamp) -> Vec<ModelExample> {
    let journey = example_journey(now);
    let one = |model: &Model| {
        let own = Policy {
            model: *model,
            against: policy.against.clone(),
            settings: policy.settings,
            ..Policy::default()
        };
        let answer = credit(&journey, now, &own, &Zone::utc());
        ModelExample {
            model: *model,
            chosen: *model == policy.model,
            shares: answer.verdicts.iter().map(|verdict| verdict.share()).collect(),
        }
    };
    Model::WITHOUT_TABLE.iter().map(one).collect()
}

fn percent_of(share: Share) -> String {
    let (whole, rest) = (share.get() / 10_000_000, share.get() % 10_000_000);
    let text = format!("{whole}.{rest:07}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn form_of(policy: &Policy, from: String) -> AttributionForm {
    let tick = |on: bool| if on { Field::of("on") } else { Field::default() };
    let ModelSettings { u, w, .. } = policy.settings;
    let windows = policy.windows.iter().map(|rule| {
        format!("{} {} {}", rule.event.as_deref().unwrap_or("*"), rule.kind, rule.days)
    });
    let (against, channels) = match &policy.against {
        Against::Nobody => ("nobody", Vec::new()),
        Against::EveryChannel => ("every_channel", Vec::new()),
        Against::Channels(listed) => ("listed", listed.iter().map(ToString::to_string).collect()),
    };
    AttributionForm {
        model: Field::of(policy.model.as_str()),
        half_life_days: Field::of(policy.settings.half_life_days.to_string()),
        u: Field::of(format!("{}/{}/{}", u.first, u.inner, u.last)),
        w: Field::of(format!("{}/{}/{}/{}", w.first, w.lead, w.opportunity, w.others)),
        floor: Field::of(percent_of(policy.settings.partner_floor)),
        base: Field::of(policy.settings.partner_first_base.as_str()),
        click_window_days: Field::of(policy.click_window_days.to_string()),
        coupon_window_days: Field::of(policy.coupon_window_days.to_string()),
        windows: Field::of(windows.collect::<Vec<_>>().join("\n")),
        precedence: Field::of(policy.precedence.as_str()),
        customer_stays: tick(policy.customer_stays),
        registration_first: tick(policy.registration_first),
        people: Field::of(policy.people.as_str()),
        against: Field::of(against),
        channels: Field::of(channels.join("\n")),
        from: Field::of(from),
    }
}

async fn view(desk: &Desk, form: Option<AttributionForm>) -> Result<SettingsAttribution, Problem> {
    let app = desk.state.app();
    let versions = list_policies(app, &desk.actor, desk.program.id).await?;
    let now = app.now();
    let in_force = policy_in_force(&versions, now).map(|it| it.policy.clone());
    let in_force = in_force.unwrap_or_default();
    let newest = versions.last().map_or(&in_force, |version| &version.policy);
    let form = form.unwrap_or_else(|| form_of(newest, desk.zone.date(now).to_string()));
    let row = |it: &PolicyVersion| PolicyRow {
        version: it.version,
        from: (it.effective_from.as_microsecond() > 0).then_some(it.effective_from),
        model: it.policy.model,
        window_days: u32::from(it.policy.click_window_days),
    };
    let page = PageRequest { limit: WAITING_SHOWN, after: None };
    let program = Some(desk.program.id);
    let found = list_credit_changes(app, &desk.actor, desk.owner, program, page).await?;
    let waiting = found.items.into_iter().map(|it| WaitingChange {
        conversion: it.conversion.to_string(),
        at: it.proposed_at,
        causes: it.change.causes.into_iter().collect(),
    });
    let set = versions.iter().rev().filter(|version| version.version > 0);
    Ok(SettingsAttribution {
        model: in_force.model,
        examples: examples(&in_force, now),
        versions: set.take(VERSIONS_SHOWN).map(row).collect(),
        waiting: waiting.collect(),
        form,
    })
}

pub(in crate::routes) async fn get(State(_): State<ConsoleState>, desk: Desk) -> Answer {
    Ok(desk.page(view(&desk, None).await?))
}

/// Reads fields and gathers what is wrong with them.
struct Reader<'a> {
    given: &'a Given,
    errors: Vec<FieldError>,
}

impl Reader<'_> {
    fn wrong(&mut self, name: &str, code: &'static str, detail: &'static str) {
        self.errors.push(FieldError::new(format!("/{name}"), code, detail));
    }

    fn number<T: std::str::FromStr + Default>(&mut self, name: &str) -> T {
        self.given.text(name).trim().parse().unwrap_or_else(|_| {
            self.wrong(name, "whole_number", "Give a number.");
            T::default()
        })
    }

    fn choice<T: std::str::FromStr>(&mut self, name: &str, usual: T) -> T {
        self.given.text(name).parse().unwrap_or_else(|_| {
            self.wrong(name, "unknown_choice", "Choose one of the list.");
            usual
        })
    }

    /// Whole numbers between slashes.
    fn weights<const N: usize>(&mut self, name: &str, usual: [u32; N]) -> [u32; N] {
        let text = self.given.text(name);
        let read: Result<Vec<u32>, _> = text.split('/').map(|part| part.trim().parse()).collect();
        match read.ok().and_then(|all| <[u32; N]>::try_from(all).ok()) {
            Some(weights) => weights,
            None => {
                self.wrong(name, "weights_malformed", "Give whole numbers with / between them.");
                usual
            }
        }
    }

    fn floor(&mut self, usual: Share) -> Share {
        let text = self.given.text("floor").trim().replace(',', ".");
        let parts = text.parse::<Rate>().ok().and_then(|rate| parts_of_percent(&rate));
        match parts.and_then(|parts| Share::new(parts).ok()) {
            Some(share) => share,
            None => {
                self.wrong("floor", "out_of_range", "Give 0 to 100 per cent.");
                usual
            }
        }
    }

    /// One per line: the event or `*`, the kind of touch, the days.
    fn windows(&mut self) -> Vec<WindowRule> {
        let mut rules = Vec::new();
        for line in self.given.text("windows").lines().filter(|line| !line.trim().is_empty()) {
            let words: Vec<&str> = line.split_whitespace().collect();
            let rule = match words[..] {
                [event, kind, days] => {
                    kind.parse().ok().zip(days.parse().ok()).map(|(kind, days)| WindowRule {
                        event: (event != "*").then(|| event.to_owned()),
                        kind,
                        days,
                    })
                }
                _ => None,
            };
            match rule {
                Some(rule) => rules.push(rule),
                None => self.wrong("windows", "window_malformed", "Event, kind and days."),
            }
        }
        rules
    }

    fn against(&mut self) -> Against {
        match self.given.text("against") {
            "every_channel" => Against::EveryChannel,
            "listed" => {
                let mut listed = BTreeSet::new();
                let text = self.given.text("channels");
                for word in text.split([',', ' ', '\n', '\r']).filter(|word| !word.is_empty()) {
                    match word.parse::<Channel>() {
                        Ok(channel) => {
                            listed.insert(channel);
                        }
                        Err(_) => self.wrong("channels", "channel_malformed", "a-z, 0-9 and _."),
                    }
                }
                Against::Channels(listed)
            }
            _ => Against::Nobody,
        }
    }
}

/// Parts of the whole of a percentage: exact to the part.
fn parts_of_percent(rate: &Rate) -> Option<u32> {
    let text = rate.to_string();
    let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
    if rest.len() > 7 {
        return None;
    }
    let whole: u32 = whole.parse().ok()?;
    let rest: u32 = format!("{rest:0<7}").parse().ok()?;
    whole.checked_mul(10_000_000)?.checked_add(rest)
}

/// The policy that a form says; what it does not say stays.
fn policy_of(given: &Given, before: Policy) -> Result<Policy, Refusal> {
    let mut it = Reader { given, errors: Vec::new() };
    let old = before.settings;
    let u = it.weights("u", [old.u.first, old.u.inner, old.u.last]);
    let w = it.weights("w", [old.w.first, old.w.lead, old.w.opportunity, old.w.others]);
    let settings = ModelSettings {
        half_life_days: it.number("half_life_days"),
        u: UWeights { first: u[0], inner: u[1], last: u[2] },
        w: WWeights { first: w[0], lead: w[1], opportunity: w[2], others: w[3] },
        partner_floor: it.floor(old.partner_floor),
        partner_first_base: it.choice("base", old.partner_first_base),
    };
    let policy = Policy {
        model: it.choice("model", before.model),
        click_window_days: it.number("click_window_days"),
        coupon_window_days: it.number("coupon_window_days"),
        precedence: it.choice("precedence", before.precedence),
        customer_stays: given.ticked("customer_stays"),
        registration_first: given.ticked("registration_first"),
        people: it.choice("people", before.people),
        against: it.against(),
        windows: it.windows(),
        settings,
        ..before
    };
    if it.errors.is_empty() { Ok(policy) } else { Err(Refusal::invalid(it.errors)) }
}

async fn save(desk: &Desk, given: &Given) -> Result<(), tributary_app::AppError> {
    let app = desk.state.app();
    let versions = list_policies(app, &desk.actor, desk.program.id).await?;
    let newest = versions.into_iter().next_back().map(|it| it.policy).unwrap_or_default();
    let policy = policy_of(given, newest)?;
    let effective_from = effective_from(desk, given.text("from"))?;
    let input = PutPolicy { owner: desk.owner, program: desk.program.id, policy, effective_from };
    put_policy(app, &desk.actor, input).await.map(|_| ())
}

pub(in crate::routes) async fn post(
    State(state): State<ConsoleState>,
    desk: Desk,
    form: CheckedForm,
) -> Answer {
    let given = Given::from(form);
    desk.require(Permission::Manage)?;
    match save(&desk, &given).await {
        Ok(()) => Ok(done(&state, &desk.at("/settings/attribution"), "done-attribution")),
        Err(error) => again(&desk, &given, &mendable(error)?).await,
    }
}

async fn again(desk: &Desk, given: &Given, refusal: &Refusal) -> Result<Response, Problem> {
    let field = |name: &str| given.field(name);
    let mut form = AttributionForm {
        model: field("model"),
        half_life_days: field("half_life_days"),
        u: field("u"),
        w: field("w"),
        floor: field("floor"),
        base: field("base"),
        click_window_days: field("click_window_days"),
        coupon_window_days: field("coupon_window_days"),
        windows: field("windows"),
        precedence: field("precedence"),
        customer_stays: field("customer_stays"),
        registration_first: field("registration_first"),
        people: field("people"),
        against: field("against"),
        channels: field("channels"),
        from: field("from"),
    };
    // The use case names what the form has under other names.
    let renamed = |error: &FieldError| {
        let pointer = match &*error.pointer {
            "/settings/partner_floor" => "/floor".to_owned(),
            "/against/channels" => "/channels".to_owned(),
            "/effective_from" => "/from".to_owned(),
            "/table" => "/model".to_owned(),
            other => other.strip_prefix("/settings").unwrap_or(other).to_owned(),
        };
        FieldError { pointer: pointer.into(), ..error.clone() }
    };
    let refusal =
        Refusal { errors: refusal.errors.iter().map(renamed).collect(), ..refusal.clone() };
    let flash = put_errors(
        &refusal,
        &mut [
            ("model", &mut form.model),
            ("half_life_days", &mut form.half_life_days),
            ("u", &mut form.u),
            ("w", &mut form.w),
            ("floor", &mut form.floor),
            ("base", &mut form.base),
            ("click_window_days", &mut form.click_window_days),
            ("coupon_window_days", &mut form.coupon_window_days),
            ("windows", &mut form.windows),
            ("precedence", &mut form.precedence),
            ("against", &mut form.against),
            ("channels", &mut form.channels),
            ("from", &mut form.from),
        ],
    );
    Ok(desk.refused(view(desk, Some(form)).await?, flash))
}
