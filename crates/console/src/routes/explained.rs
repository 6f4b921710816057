//! Explanations from the use cases as pages show them: the same for both sides, where the use
//! case has already left out what a partner may not know.

use std::collections::HashMap;

use tributary_app::explain::{
    ExplainedBasis, ExplainedCommission, ExplainedConversion, WhyNothing,
};
use tributary_app::{App, AppError};
use tributary_attribution::Model;
use tributary_click::ClickId;
use tributary_commission::{
    Amount, Clawback, ClawbackTakes, CreditFacts, Explanation, NotPaid as Unpaid, Per, Recurring,
    RuleOutcome, Step as Told, TouchFacts,
};
use tributary_kernel::{PartnershipId, PlanId};
use tributary_ledger::Reason;
use tributary_money::{Money, Share};
use tributary_store::partnership::{by_ids, links_by_number};
use tributary_store::{organisation, program};
use tributary_web::Problem;

use super::lists::stored;
use super::states::worth;
use crate::parts::{
    Arithmetic, NoCredit, NotPaid, Step, Stream, StreamKind, Streams, Touch, TouchChannel,
    manual_key,
};

/// Names that explanations speak of.
#[derive(Debug, Default)]
pub(super) struct Known {
    partnerships: HashMap<PartnershipId, String>,
    links: HashMap<u32, String>,
    versions: HashMap<PlanId, u32>,
}

impl Known {
    /// Those of a journey and the plans that decided.
    pub(super) async fn of(
        app: &App,
        credit: &CreditFacts,
        commissions: &[&ExplainedCommission],
    ) -> Result<Self, Problem> {
        let mut ids: Vec<PartnershipId> =
            credit.touches.iter().filter_map(|it| it.partnership).collect();
        ids.extend(commissions.iter().map(|it| it.commission.partnership));
        ids.sort_unstable();
        ids.dedup();
        let clicks = credit.touches.iter().filter_map(click_of);
        let mut numbers: Vec<u32> = clicks.map(|click| click.link_number()).collect();
        numbers.sort_unstable();
        numbers.dedup();
        let mut programs: Vec<_> =
            commissions.iter().map(|it| (it.commission.owner, it.commission.program)).collect();
        programs.sort_unstable();
        programs.dedup();

        let mut conn = app.record.read().await.map_err(AppError::from)?;
        let partnerships = stored(by_ids(&mut *conn, &ids).await)?;
        let partners: Vec<_> = partnerships.iter().map(|it| it.partner).collect();
        let partners = stored(organisation::partners(&mut *conn, &partners).await)?;
        let links = stored(links_by_number(&mut *conn, &numbers).await)?;
        let plans = stored(program::plans(&mut *conn, &programs).await)?;
        let named = partnerships.iter().filter_map(|it| {
            let partner = partners.iter().find(|partner| partner.id == it.partner)?;
            Some((it.id, partner.name.clone()))
        });
        Ok(Self {
            partnerships: named.collect(),
            links: links.into_iter().map(|it| (it.number, format!("/{}", it.path))).collect(),
            versions: plans.into_iter().map(|it| (it.id, it.version)).collect(),
        })
    }

    /// The number that the program's next version will have.
    pub(super) fn next_version(&self) -> u32 {
        self.versions.values().max().map_or(1, |newest| newest + 1)
    }

    /// Learns the names of partnerships that the journey does not have.
    pub(super) async fn learn(
        &mut self,
        app: &App,
        mut ids: Vec<PartnershipId>,
    ) -> Result<(), Problem> {
        ids.retain(|id| !self.partnerships.contains_key(id));
        ids.sort_unstable();
        ids.dedup();
        if ids.is_empty() {
            return Ok(());
        }
        let mut conn = app.record.read().await.map_err(AppError::from)?;
        let partnerships = stored(by_ids(&mut *conn, &ids).await)?;
        let partners: Vec<_> = partnerships.iter().map(|it| it.partner).collect();
        let partners = stored(organisation::partners(&mut *conn, &partners).await)?;
        self.partnerships.extend(partnerships.iter().filter_map(|it| {
            let partner = partners.iter().find(|partner| partner.id == it.partner)?;
            Some((it.id, partner.name.clone()))
        }));
        Ok(())
    }

    /// Names of partners alone.
    pub(super) async fn of_partnerships(app: &App, ids: &[PartnershipId]) -> Result<Self, Problem> {
        let mut it = Self::default();
        it.learn(app, ids.to_vec()).await?;
        Ok(it)
    }

    pub(super) fn partner(&self, id: PartnershipId) -> String {
        self.partnerships.get(&id).cloned().unwrap_or_default()
    }

    fn label(&self, touch: &TouchFacts) -> String {
        let link = click_of(touch).and_then(|click| self.links.get(&click.link_number()));
        link.cloned().unwrap_or_default()
    }
}

fn click_of(touch: &TouchFacts) -> Option<ClickId> {
    touch.touch.as_deref()?.parse().ok()
}

/// The stops of a journey, oldest first.
pub(super) fn journey(credit: &CreditFacts, known: &Known) -> Vec<Touch> {
    let stop = |touch: &TouchFacts| {
        let partner = touch.partnership.map(|id| known.partner(id));
        let hidden = is_hidden(touch);
        let channel = match &*touch.channel {
            _ if hidden => TouchChannel::AnotherPartner,
            "coupon" => TouchChannel::Code,
            "registered_lead" => TouchChannel::Lead,
            "customer" => TouchChannel::Customer,
            _ if is_partners(touch) => TouchChannel::Link,
            _ => TouchChannel::Other,
        };
        let label = match channel {
            TouchChannel::AnotherPartner | TouchChannel::Customer | TouchChannel::Lead => {
                String::new()
            }
            TouchChannel::Other => touch.channel.replace('_', " "),
            TouchChannel::Link | TouchChannel::Code => known.label(touch),
        };
        let no_credit = if is_paid(touch) { None } else { Some(verdict(touch)) };
        let (share, other_person) = (touch.share, touch.other_person);
        Touch { at: touch.at, channel, label, partner, other_person, share, no_credit }
    };
    credit.touches.iter().map(stop).collect()
}

/// Whether it is another partner's touch, of which the reader may not know whose: it has lost its
/// id as well.
const fn is_hidden(touch: &TouchFacts) -> bool {
    touch.touch.is_none()
}

fn is_partners(touch: &TouchFacts) -> bool {
    touch.partnership.is_some() || is_hidden(touch)
}

/// Whether it has a share that is a partner's. Of other channels' shares nobody is paid.
fn is_paid(touch: &TouchFacts) -> bool {
    touch.share.is_some() && is_partners(touch)
}

/// Why a touch earned nothing.
fn verdict(touch: &TouchFacts) -> NoCredit {
    match &*touch.verdict {
        "coupon_won" => NoCredit::CodeDecides,
        "click_won" => NoCredit::ClickDecides,
        "assignment_won" => NoCredit::Assigned,
        "outside_window" => NoCredit::OutsideWindow {
            days: touch.age_days.unwrap_or(0),
            window: touch.window_days.map_or(0, u32::from),
        },
        "after_conversion" => NoCredit::AfterConversion,
        "consent_denied" => NoCredit::NoConsent,
        "partnership_not_active" => NoCredit::NotActive,
        "not_a_partner" => NoCredit::NotAPartner,
        "not_used_by_policy" => NoCredit::NotUsed,
        "unrecorded_held" => NoCredit::Unrecorded,
        "rejected" => NoCredit::Rejected,
        "earlier_touch_won" => NoCredit::NotEarliest,
        "channel_won" => NoCredit::ChannelDecides,
        "channel_credited" => NoCredit::PaidToNobody,
        "no_share" => NoCredit::NoShare,
        "waits" => NoCredit::WaitsForOther,
        "duplicate" => NoCredit::Repeated,
        "direct" => NoCredit::Direct,
        "registration_won" => NoCredit::RegistrationDecides,
        "stronger_touch_won" => NoCredit::StrongerDecides,
        _ => NoCredit::NotLast,
    }
}

/// How a commission's amount came about, as it stands now.
pub(super) fn arithmetic(it: &ExplainedCommission, known: &Known) -> Arithmetic {
    let version = known.versions.get(&it.explanation.plan).copied().unwrap_or(0);
    let mut steps = steps(&it.explanation, version);
    let commission = &it.commission;
    if let Some(ExplainedBasis::Manual { record, author }) = &it.basis {
        let (author, reason_key) = (author.clone(), manual_key(record.reason));
        steps.push(Step::Given { author, reason_key, amount: record.amount });
        steps.push(Step::Words { words: record.note.clone() });
    }
    let result = Money::new(worth(commission), commission.amount.currency);
    if commission.reversed_amount > 0 {
        let gone = commission.amount.minor - result.minor;
        let left = left_early(it).min(gone);
        let amount = |minor: i64| Money::new(-minor, result.currency);
        if gone > left {
            steps.push(Step::Returned { amount: amount(gone - left) });
        }
        if left > 0 {
            steps.push(Step::LeftEarly { amount: amount(left) });
        }
    } else if let Some(Clawback { months, takes }) = it.clawback {
        let everything = takes == ClawbackTakes::Everything;
        steps.push(Step::Clawback { months, everything });
    }
    Arithmetic { steps, result }
}

/// What was taken back because the customer left. Test money has no transfers: there the last reason
/// says it.
fn left_early(it: &ExplainedCommission) -> i64 {
    let reason = Reason::LeftEarly.as_str();
    let commission = &it.commission;
    if commission.test {
        let left = commission.reason.as_deref() == Some(reason);
        return if left { commission.reversed_amount } else { 0 };
    }
    it.transfers.iter().filter(|it| it.reason == reason).map(|it| it.amount.minor).sum()
}

/// The steps of an explanation, under a version of the plan.
pub(super) fn steps(explanation: &Explanation, version: u32) -> Vec<Step> {
    let mut steps = Vec::new();
    // A sale over several tiers, or a least or most, is told by what it came to.
    let (mut in_pieces, mut bounded) = (false, false);
    // Told before the value that it is of.
    let mut portion = None;
    for told in &explanation.steps {
        match told {
            Told::RuleChosen { rule, name, .. } => steps.push(Step::Rule {
                name: name.clone().unwrap_or_else(|| rule.to_string()),
                version,
            }),
            Told::Recurring { recurring, nth, .. } => steps.push(Step::Payment {
                number: *nth,
                of: match recurring {
                    Recurring::Once => Some(1),
                    Recurring::Payments(payments) => Some(u32::from(*payments)),
                    Recurring::Months(_) | Recurring::Life => None,
                },
            }),
            Told::Items { lines, of } => {
                steps.push(Step::Items { lines: u32::from(*lines), of: u32::from(*of) })
            }
            Told::Tier { reached, .. } => steps.push(Step::Tier { step: u32::from(*reached) }),
            Told::Portion { times, of } => portion = Some((*times, *of)),
            Told::Piece { amount: Amount::Percent(percent), base } => {
                steps.extend(portion.take().map(|(times, of)| Step::Portion {
                    times,
                    of,
                    amount: None,
                }));
                steps.push(Step::Piece { rate: percent.percent.rate(), base: *base });
                in_pieces = true;
            }
            Told::Bounded { .. } => bounded = true,
            Told::Capped { to, .. } => steps.push(Step::Capped { result: *to }),
            Told::Arithmetic { result, .. } if in_pieces => {
                steps.push(Step::Rounded { result: *result });
            }
            Told::Arithmetic { base, amount, result, .. } if bounded => {
                steps.push(match amount {
                    Amount::Percent(_) => Step::Base { amount: *base },
                    Amount::Fixed(_) => Step::Fixed { amount: *base },
                });
                steps.extend(portion.take().map(|(times, of)| portion_of(*base, times, of)));
                steps.push(Step::Bounded { result: *result });
            }
            Told::Arithmetic { base, amount, quantity, share, result, .. } => {
                let at = steps.len();
                computed(&mut steps, *base, *amount, *quantity, *share, *result);
                if let Some((times, of)) = portion.take() {
                    steps.insert(at + 1, portion_of(*base, times, of));
                }
            }
            Told::Split { share, of, amount, .. } if share != of => {
                steps.push(Step::Credit { share: *share, result: *amount });
            }
            _ => {}
        }
    }
    steps
}

fn portion_of(base: Money, times: i64, of: i64) -> Step {
    let whole = base.minor.checked_mul(times).filter(|all| of != 0 && all % of == 0);
    let amount = whole.map(|all| Money::new(all / of, base.currency));
    Step::Portion { times, of, amount }
}

fn computed(
    steps: &mut Vec<Step>,
    base: Money,
    amount: Amount,
    quantity: u32,
    share: Share,
    result: Money,
) {
    let whole = share == Share::ONE;
    match amount {
        Amount::Percent(percent) => {
            steps.push(Step::Base { amount: base });
            let rate = percent.percent.rate();
            if whole {
                steps.push(Step::Percent { rate, result });
            } else {
                steps.push(Step::Rate { rate });
            }
        }
        Amount::Fixed(fixed) => {
            steps.push(Step::Fixed { amount: fixed.fixed });
            if fixed.per == Per::Item && quantity != 1 && whole {
                steps.push(Step::Times { count: quantity, result });
            }
        }
    }
    if !whole {
        steps.push(Step::Credit { share, result });
    }
}

/// What was not paid: touches that earned nothing, then why the conversion did not. The journey
/// says the same at each stop; here it is gathered.
pub(super) fn not_paid(
    credit: &CreditFacts,
    nothing: Option<&WhyNothing>,
    event: &str,
    known: &Known,
) -> Vec<NotPaid> {
    let mut lines: Vec<NotPaid> = Vec::new();
    for touch in credit.touches.iter().filter(|touch| touch.share.is_none()) {
        let Some(partnership) = touch.partnership else { continue };
        if is_credited(credit, partnership) {
            continue;
        }
        let line = NotPaid { label: known.partner(partnership), reason: verdict(touch) };
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    match nothing {
        Some(WhyNothing::NoPlan) => {
            lines.push(NotPaid { label: event.to_owned(), reason: NoCredit::NoPlan });
        }
        Some(WhyNothing::NotPaid(explanation)) => {
            for step in &explanation.steps {
                if let Some((label, reason)) = unpaid(step, event) {
                    lines.push(NotPaid { label, reason });
                }
            }
        }
        None => {}
    }
    lines
}

/// Whether a partnership has credit by another touch.
fn is_credited(credit: &CreditFacts, partnership: PartnershipId) -> bool {
    credit.touches.iter().any(|it| it.partnership == Some(partnership) && it.share.is_some())
}

/// What a partnership has by all its touches.
pub(super) fn share_of(credit: &CreditFacts, partnership: PartnershipId) -> Share {
    let own = credit.touches.iter().filter(|it| it.partnership == Some(partnership));
    let parts = own.filter_map(|it| it.share).map(Share::get).sum();
    Share::new(parts).unwrap_or(Share::ONE)
}

/// The model by which a conversion was decided.
pub(super) fn model(credit: &CreditFacts) -> Model {
    credit.model.parse().unwrap_or(Model::LastPartnerClick)
}

/// A step that says why nothing is paid. Lines of the plan that are for other events are not told
/// one by one.
fn unpaid(step: &Told, event: &str) -> Option<(String, NoCredit)> {
    match step {
        Told::RuleSkipped { rule, name, why, .. } => {
            let reason = match why {
                RuleOutcome::NotFirst { .. } => NoCredit::NotFirst,
                RuleOutcome::PastWindow { .. } => NoCredit::MonthsOver,
                RuleOutcome::EarlierRuleWon { .. } => NoCredit::EarlierRule,
                RuleOutcome::CloserRuleWon { .. } => NoCredit::CloserRule,
                RuleOutcome::BetterRuleWon { .. } => NoCredit::BetterRule,
                RuleOutcome::OtherScope => NoCredit::OtherScope,
                RuleOutcome::OtherOption => NoCredit::OtherOption,
                RuleOutcome::ConditionFailed { .. } => NoCredit::Condition,
                RuleOutcome::PaymentsOver { limit } => {
                    NoCredit::PaymentsOver { of: u32::from(*limit) }
                }
                RuleOutcome::SubscriptionEnded { .. } => NoCredit::SubscriptionEnded,
                RuleOutcome::OnceAlready => NoCredit::OnceAlready,
                RuleOutcome::CustomersFull { limit } => NoCredit::CustomersFull { of: *limit },
                RuleOutcome::OtherEvent | RuleOutcome::Chosen => return None,
            };
            Some((name.clone().unwrap_or_else(|| rule.to_string()), reason))
        }
        Told::NotPaid(Unpaid::NobodyCredited) => Some((event.to_owned(), NoCredit::Nobody)),
        Told::NotPaid(Unpaid::NoRuleMatched) => Some((event.to_owned(), NoCredit::NoRule)),
        Told::NotPaid(Unpaid::AmountZero { .. }) => Some((event.to_owned(), NoCredit::Nothing)),
        Told::NotPaid(Unpaid::CapReached { .. }) => Some((event.to_owned(), NoCredit::CapReached)),
        _ => None,
    }
}

/// A conversion's money as a figure: who brought how much of it. None when nothing is owed.
pub(super) fn streams(it: &ExplainedConversion, known: &Known) -> Option<Streams> {
    let own = |partnership| {
        it.commissions.iter().find(move |it| it.commission.partnership == partnership)
    };
    let first = it.commissions.first()?;
    let total = it.commissions.iter().map(|it| worth(&it.commission)).sum();
    if total == 0 {
        return None;
    }
    let mut streams = Vec::new();
    let mut drawn: Vec<PartnershipId> = Vec::new();
    for touch in &it.credit.touches {
        // Somebody who brought it is not drawn as having brought nothing, too, and is drawn once.
        if let Some(id) = touch.partnership
            && is_credited(&it.credit, id)
        {
            if touch.share.is_none() || drawn.contains(&id) {
                continue;
            }
            drawn.push(id);
        }
        let partner = touch.partnership.map(|id| known.partner(id));
        let hidden = is_hidden(touch);
        let label = partner.or_else(|| (!hidden).then(|| touch.channel.replace('_', " ")));
        let amount = touch
            .partnership
            .and_then(own)
            .filter(|_| touch.share.is_some())
            .map(|it| Money::new(worth(&it.commission), it.commission.amount.currency));
        let kind = match (is_paid(touch), hidden) {
            (false, _) => StreamKind::Dry,
            (true, true) => StreamKind::Other,
            (true, false) => StreamKind::Own,
        };
        let share = match touch.partnership {
            Some(id) => share_of(&it.credit, id),
            None => touch.share.unwrap_or(Share::ZERO),
        };
        let stream = Stream { label, share, amount, kind };
        if !streams.contains(&stream) {
            streams.push(stream);
        }
    }
    let total = Money::new(total, first.commission.amount.currency);
    Some(Streams { total_key: "metric-commission", total, streams })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::sample_frame;
    use tributary_i18n::Language;

    fn outcomes() -> Vec<RuleOutcome> {
        let day = tributary_kernel::LocalDate::from_days(20_000);
        vec![
            RuleOutcome::EarlierRuleWon { winner: 0 },
            RuleOutcome::CloserRuleWon { winner: 0 },
            RuleOutcome::BetterRuleWon { winner: 0 },
            RuleOutcome::OtherScope,
            RuleOutcome::OtherOption,
            RuleOutcome::ConditionFailed { test: 0 },
            RuleOutcome::NotFirst { before: 1 },
            RuleOutcome::PastWindow { first_payment_on: day, window_end: day },
            RuleOutcome::PaymentsOver { limit: 12 },
            RuleOutcome::SubscriptionEnded { resumed_on: day },
            RuleOutcome::OnceAlready,
            RuleOutcome::CustomersFull { limit: 50 },
        ]
    }

    fn nothing_paid() -> Vec<Unpaid> {
        let (rule, amount) =
            ("sale".parse().expect("a name"), Money::zero(tributary_money::Currency::DKK));
        let cap = tributary_commission::CapCut {
            of: tributary_commission::CapOf::Program,
            of_plan: true,
            place: 0,
            before: 0,
            limit: 0,
            left: 0,
        };
        vec![
            Unpaid::NobodyCredited,
            Unpaid::NoRuleMatched,
            Unpaid::AmountZero { rule, base: amount, share: Share::ONE },
            Unpaid::CapReached { rule: "sale".parse().expect("a name"), amount, cap },
        ]
    }

    /// Whatever the engine says of a rule, or of a conversion, is told in every language, and no two
    /// reasons read the same.
    #[test]
    fn every_reason_has_its_words() {
        for language in Language::ALL {
            let frame = sample_frame::<crate::SignedIn>(language, "/");
            let skipped = outcomes().into_iter().map(|why| Told::RuleSkipped {
                rule: "sale".parse().expect("a name"),
                place: 0,
                name: None,
                why,
            });
            let steps = skipped.chain(nothing_paid().into_iter().map(Told::NotPaid));
            let mut said: Vec<String> = Vec::new();
            for step in steps {
                let (_, reason) = unpaid(&step, "sale").expect("it is told");
                let words = frame.no_credit(&reason);
                assert!(words.contains(' ') && !said.contains(&words), "{step:?}: {words}");
                said.push(words);
            }
        }
    }
}
