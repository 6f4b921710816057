//! Reads what a rule says besides how much, and what a plan says besides its rules.

use tributary_kernel::LocalDate;

use super::read::{amount, events, human_name, money, present};
use super::reader::{Errors, Node};
use super::{
    AgeStep, BONUSES_MAX, Bonus, CAPS_MAX, CLAWBACK_MONTHS_MAX, Cap, Clawback, Contest, Credits,
    FirstCustomers, Gift, GradeStep, MONTHS_MAX, OPTIONS_MAX, OnPause, OnResume, OncePer,
    PRIZES_MAX, PlanOption, Reward, RuleId, STEPS_MAX, Scope, SubscriptionTerms, TierOf, TierStep,
    Tiers,
};

/// Every element of an array of `min` to `max`, each read even when an earlier one is wrong.
pub(super) fn list<T>(
    node: &Node<'_>,
    max: usize,
    errors: &mut Errors,
    mut each: impl FnMut(&Node<'_>, &mut Errors) -> Option<T>,
) -> Option<Vec<T>> {
    let nodes = node.elements(1, max, errors)?;
    let read: Vec<Option<T>> = nodes.iter().map(|node| each(node, errors)).collect();
    read.into_iter().collect()
}

fn rule_id(node: &Node<'_>, errors: &mut Errors) -> Option<RuleId> {
    node.parse("rule_id", errors)
}

/// A text that people gave: 1 to 40 or 120 characters.
pub(super) fn label(node: &Node<'_>, errors: &mut Errors) -> Option<String> {
    human_name(node, errors)
}

pub(super) fn scope(node: &Node<'_>, errors: &mut Errors) -> Option<Scope> {
    let object = node.object(&["partnership", "group", "campaign"], errors)?;
    let given =
        (object.optional("partnership"), object.optional("group"), object.optional("campaign"));
    match given {
        (Some(node), None, None) => node.parse("partnership", errors).map(Scope::Partnership),
        (None, Some(node), None) => label(&node, errors).map(Scope::Group),
        (None, None, Some(node)) => label(&node, errors).map(Scope::Campaign),
        (None, None, None) => {
            let detail = "Expected one of partnership, group and campaign.";
            errors.add(&node.pointer, "missing", detail);
            None
        }
        _ => {
            errors.add(&node.pointer, "ambiguous", "A rule is for one of them.");
            None
        }
    }
}

pub(super) fn options(node: &Node<'_>, errors: &mut Errors) -> Option<Vec<PlanOption>> {
    list(node, OPTIONS_MAX, errors, |node, errors| {
        let object = node.object(&["id", "name"], errors)?;
        let id = object.required("id", errors).and_then(|node| rule_id(&node, errors));
        let name = object.required("name", errors).and_then(|node| human_name(&node, errors));
        Some(PlanOption { id: id?, name: name? })
    })
}

pub(super) fn grades(node: &Node<'_>, errors: &mut Errors) -> Option<Vec<GradeStep>> {
    list(node, STEPS_MAX, errors, |node, errors| {
        let object = node.object(&["grade", "amount"], errors)?;
        let grade = object.required("grade", errors).and_then(|node| label(&node, errors));
        let pays = object.required("amount", errors).and_then(|node| amount(&node, errors));
        Some(GradeStep { grade: grade?, amount: pays? })
    })
}

pub(super) fn ages(node: &Node<'_>, errors: &mut Errors) -> Option<Vec<AgeStep>> {
    list(node, STEPS_MAX, errors, |node, errors| {
        let object = node.object(&["from_month", "amount"], errors)?;
        let from = object.required("from_month", errors);
        let from = from.and_then(|node| node.integer(2, MONTHS_MAX, errors));
        let pays = object.required("amount", errors).and_then(|node| amount(&node, errors));
        Some(AgeStep { from_month: from?, amount: pays? })
    })
}

pub(super) fn tiers(node: &Node<'_>, errors: &mut Errors) -> Option<Tiers> {
    let object = node.object(&["by", "of", "per", "mode", "counter", "steps"], errors)?;
    let by = object.required("by", errors).and_then(|node| node.parse("unknown_value", errors));
    let of = match object.optional("of") {
        Some(node) => node.parse("unknown_value", errors),
        None => Some(TierOf::Partner),
    };
    let per = object.required("per", errors).and_then(|node| node.parse("unknown_value", errors));
    let mode = object.required("mode", errors).and_then(|node| node.parse("unknown_value", errors));
    let counter = object.optional("counter").map(|node| rule_id(&node, errors));
    let steps = object.required("steps", errors).and_then(|node| {
        list(&node, STEPS_MAX, errors, |node, errors| {
            let object = node.object(&["from", "amount"], errors)?;
            let from = object.required("from", errors);
            let from = from.and_then(|node| node.whole(1, i64::MAX, errors));
            let pays = object.required("amount", errors).and_then(|node| amount(&node, errors));
            Some(TierStep { from: from?, amount: pays? })
        })
    });
    Some(Tiers {
        by: by?,
        of: of?,
        per: per?,
        mode: mode?,
        counter: present(counter)?,
        steps: steps?,
    })
}

pub(super) fn caps(node: &Node<'_>, errors: &mut Errors) -> Option<Vec<Cap>> {
    list(node, CAPS_MAX, errors, |node, errors| {
        let object = node.object(&["of", "per", "amount", "count"], errors)?;
        let of = object.required("of", errors).and_then(|node| node.parse("unknown_value", errors));
        let per =
            object.required("per", errors).and_then(|node| node.parse("unknown_value", errors));
        let most = object.optional("amount").map(|node| money(&node, errors));
        let count = object.optional("count").map(|node| count(&node, errors));
        Some(Cap { of: of?, per: per?, amount: present(most)?, count: present(count)? })
    })
}

fn count(node: &Node<'_>, errors: &mut Errors) -> Option<u32> {
    let count = node.whole(1, i64::from(u32::MAX), errors)?;
    u32::try_from(count).ok()
}

pub(super) fn first_customers(node: &Node<'_>, errors: &mut Errors) -> Option<FirstCustomers> {
    let object = node.object(&["count", "of"], errors)?;
    let number = object.required("count", errors).and_then(|node| count(&node, errors));
    let of = match object.optional("of") {
        Some(node) => node.parse("unknown_value", errors),
        None => Some(TierOf::Partner),
    };
    Some(FirstCustomers { count: number?, of: of? })
}

pub(super) fn once_per(node: &Node<'_>, errors: &mut Errors) -> Option<OncePer> {
    let object = node.object(&["of", "per"], errors)?;
    let of = object.required("of", errors).and_then(|node| node.parse("unknown_value", errors));
    let per = object.required("per", errors).and_then(|node| node.parse("unknown_value", errors));
    Some(OncePer { of: of?, per: per? })
}

pub(super) fn subscription(node: &Node<'_>, errors: &mut Errors) -> Option<SubscriptionTerms> {
    let object = node.object(&["pause", "resume"], errors)?;
    let pause = match object.optional("pause") {
        Some(node) => node.parse("unknown_value", errors),
        None => Some(OnPause::default()),
    };
    let resume = match object.optional("resume") {
        Some(node) => node.parse("unknown_value", errors),
        None => Some(OnResume::default()),
    };
    Some(SubscriptionTerms { pause: pause?, resume: resume? })
}

pub(super) fn clawback(node: &Node<'_>, errors: &mut Errors) -> Option<Clawback> {
    let object = node.object(&["months", "takes"], errors)?;
    let months = object.required("months", errors);
    let months = months.and_then(|node| node.integer(1, CLAWBACK_MONTHS_MAX, errors));
    let takes = object.required("takes", errors);
    let takes = takes.and_then(|node| node.parse("unknown_value", errors));
    Some(Clawback { months: months?, takes: takes? })
}

fn reward(node: &Node<'_>, errors: &mut Errors) -> Option<Reward> {
    let object = node.object(&["money", "credits", "gift"], errors)?;
    match (object.optional("money"), object.optional("credits"), object.optional("gift")) {
        (Some(node), None, None) => money(&node, errors).map(Reward::Money),
        (None, Some(node), None) => {
            let object = node.object(&["count", "unit"], errors)?;
            let number = object.required("count", errors).and_then(|node| count(&node, errors));
            let unit = object.required("unit", errors).and_then(|node| label(&node, errors));
            Some(Reward::Credits(Credits { count: number?, unit: unit? }))
        }
        (None, None, Some(node)) => {
            let object = node.object(&["name", "value"], errors)?;
            let name = object.required("name", errors).and_then(|node| label(&node, errors));
            let value = object.optional("value").map(|node| money(&node, errors));
            Some(Reward::Gift(Gift { name: name?, value: present(value)? }))
        }
        _ => {
            let detail = "Expected one of money, credits and gift.";
            errors.add(&node.pointer, "ambiguous", detail);
            None
        }
    }
}

pub(super) fn bonuses(node: &Node<'_>, errors: &mut Errors) -> Option<Vec<Bonus>> {
    list(node, BONUSES_MAX, errors, |node, errors| {
        let known = ["id", "name", "events", "by", "per", "at", "repeats", "reward"];
        let object = node.object(&known, errors)?;
        let id = object.required("id", errors).and_then(|node| rule_id(&node, errors));
        let name = object.optional("name").map(|node| human_name(&node, errors));
        let events = object.required("events", errors).and_then(|node| events(&node, errors));
        let by = object.required("by", errors).and_then(|node| node.parse("unknown_value", errors));
        let per =
            object.required("per", errors).and_then(|node| node.parse("unknown_value", errors));
        let at = object.required("at", errors).and_then(|node| node.whole(1, i64::MAX, errors));
        let repeats = match object.optional("repeats") {
            Some(node) => node.boolean(errors),
            None => Some(false),
        };
        let reward = object.required("reward", errors).and_then(|node| reward(&node, errors));
        Some(Bonus {
            id: id?,
            name: present(name)?,
            events: events?,
            by: by?,
            per: per?,
            at: at?,
            repeats: repeats?,
            reward: reward?,
        })
    })
}

pub(super) fn contests(node: &Node<'_>, errors: &mut Errors) -> Option<Vec<Contest>> {
    list(node, BONUSES_MAX, errors, |node, errors| {
        let known = ["id", "name", "events", "by", "from", "to", "at_least", "ties", "prizes"];
        let object = node.object(&known, errors)?;
        let id = object.required("id", errors).and_then(|node| rule_id(&node, errors));
        let name = object.optional("name").map(|node| human_name(&node, errors));
        let events = object.required("events", errors).and_then(|node| events(&node, errors));
        let by = object.required("by", errors).and_then(|node| node.parse("unknown_value", errors));
        let from = object.required("from", errors);
        let from = from.and_then(|node| node.parse::<LocalDate>("date", errors));
        let to = object.required("to", errors);
        let to = to.and_then(|node| node.parse::<LocalDate>("date", errors));
        let least = object.optional("at_least").map(|node| node.whole(1, i64::MAX, errors));
        let ties = object.required("ties", errors);
        let ties = ties.and_then(|node| node.parse("unknown_value", errors));
        let prizes = object.required("prizes", errors);
        let prizes = prizes.and_then(|node| list(&node, PRIZES_MAX, errors, reward));
        Some(Contest {
            id: id?,
            name: present(name)?,
            events: events?,
            by: by?,
            from: from?,
            to: to?,
            at_least: present(least)?,
            ties: ties?,
            prizes: prizes?,
        })
    })
}
