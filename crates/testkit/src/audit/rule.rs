//! A plan as its document says it.

use serde_json::Value;

use super::amount::{Ratio, Rounding, percent};
use super::calendar::{Per, begins, months_later};
use super::totals::Totals;
use super::{AuditedPartner, Fact, Key};

#[derive(Debug, Clone)]
pub(super) struct Plan {
    pub(super) rounding: Rounding,
    pub(super) several: String,
    pub(super) rules: Vec<Rule>,
    pub(super) caps: Vec<Cap>,
    pub(super) bonuses: Vec<Bonus>,
}

#[derive(Debug, Clone)]
pub(super) struct Rule {
    pub(super) id: String,
    events: Vec<String>,
    pub(super) level: u8,
    scope: Option<(String, String)>,
    tests: usize,
    when: Option<Value>,
    pub(super) on_top: bool,
    pub(super) amount: Amount,
    ages: Vec<(i32, Amount)>,
    pub(super) tiers: Option<Tiers>,
    pub(super) minimum: Option<i128>,
    pub(super) maximum: Option<i128>,
    recurring: Option<Value>,
    pub(super) once_per: Option<Per>,
    pub(super) first_customers: Option<i128>,
    caps: Vec<Cap>,
    pub(super) clawback: Option<Clawback>,
}

/// What is taken back when the customer leaves within so many months.
#[derive(Debug, Clone, Copy)]
pub(super) struct Clawback {
    pub(super) months: i32,
    pub(super) everything: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Amount {
    Percent { rate: (i128, i128), of: String },
    Fixed { minor: i128, per_item: bool },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TierBy {
    Count,
    Revenue,
    Commission,
}

#[derive(Debug, Clone)]
pub(super) struct Tiers {
    pub(super) by: TierBy,
    pub(super) of_program: bool,
    pub(super) per: Per,
    pub(super) retroactive: bool,
    pub(super) steps: Vec<Step>,
}

#[derive(Debug, Clone)]
pub(super) struct Step {
    pub(super) from: i128,
    amount: Amount,
}

#[derive(Debug, Clone)]
pub(super) struct Cap {
    of: String,
    per: Per,
    pub(super) amount: Option<i128>,
    pub(super) count: Option<i128>,
    pub(super) name: String,
    pub(super) of_plan: bool,
}

#[derive(Debug, Clone)]
pub(super) struct Bonus {
    pub(super) id: String,
    pub(super) events: Vec<String>,
    pub(super) by: TierBy,
    pub(super) per: Per,
    pub(super) at: i128,
    pub(super) repeats: bool,
    pub(super) each: i128,
}

/// Every member of an object must be known.
fn only(value: &Value, known: &[&str]) -> Result<(), String> {
    let object = value.as_object().ok_or_else(|| format!("{value} is no object"))?;
    match object.keys().find(|key| !known.contains(&key.as_str())) {
        Some(key) => Err(format!("the auditor does not know `{key}`")),
        None => Ok(()),
    }
}

fn text(value: &Value) -> Result<String, String> {
    value.as_str().map(str::to_owned).ok_or_else(|| format!("{value} is no text"))
}

fn number(value: &Value) -> Result<i128, String> {
    value.as_i64().map(i128::from).ok_or_else(|| format!("{value} is no whole number"))
}

fn list<T>(value: &Value, read: impl Fn(&Value) -> Result<T, String>) -> Result<Vec<T>, String> {
    value.as_array().map(Vec::as_slice).unwrap_or_default().iter().map(read).collect()
}

fn option<T>(
    value: &Value,
    read: impl Fn(&Value) -> Result<T, String>,
) -> Result<Option<T>, String> {
    if value.is_null() { Ok(None) } else { read(value).map(Some) }
}

/// Minor units; canonical documents have whole numbers of them.
fn money(value: &Value) -> Result<i128, String> {
    match &value["amount"] {
        Value::String(decimal) => {
            let (whole, minor) = decimal.split_once('.').unwrap_or((decimal, "00"));
            let digits = format!("{whole}{minor:0<2}");
            digits.parse().map_err(|_| format!("{decimal:?} is no amount"))
        }
        other => number(other),
    }
}

fn per(value: &Value) -> Result<Per, String> {
    match value.as_str() {
        Some("day") => Ok(Per::Day),
        Some("month") => Ok(Per::Month),
        Some("quarter") => Ok(Per::Quarter),
        Some("year") => Ok(Per::Year),
        Some("life") => Ok(Per::Life),
        _ => Err(format!("{value} is no period")),
    }
}

fn by(value: &Value) -> Result<TierBy, String> {
    match value.as_str() {
        Some("count") => Ok(TierBy::Count),
        Some("revenue") => Ok(TierBy::Revenue),
        Some("commission") => Ok(TierBy::Commission),
        _ => Err(format!("{value} is nothing to count by")),
    }
}

fn amount(value: &Value) -> Result<Amount, String> {
    if value.get("fixed").is_some() {
        only(value, &["fixed", "per"])?;
        let per_item = match value["per"].as_str() {
            None | Some("conversion") => false,
            Some("item") => true,
            _ => return Err(format!("per {}", value["per"])),
        };
        return Ok(Amount::Fixed { minor: money(&value["fixed"])?, per_item });
    }
    only(value, &["percent", "of"])?;
    Ok(Amount::Percent { rate: percent(&text(&value["percent"])?)?, of: text(&value["of"])? })
}

fn tiers(value: &Value) -> Result<Tiers, String> {
    only(value, &["by", "of", "per", "mode", "steps"])?;
    let step = |it: &Value| Ok(Step { from: number(&it["from"])?, amount: amount(&it["amount"])? });
    Ok(Tiers {
        by: by(&value["by"])?,
        of_program: value["of"] == "program",
        per: per(&value["per"])?,
        retroactive: value["mode"] == "retroactive",
        steps: list(&value["steps"], step)?,
    })
}

fn caps_of(value: &Value, whose: &str) -> Result<Vec<Cap>, String> {
    let all = value.as_array().map(Vec::as_slice).unwrap_or_default();
    let mut caps = Vec::new();
    for (place, it) in all.iter().enumerate() {
        only(it, &["of", "per", "amount", "count"])?;
        caps.push(Cap {
            of: text(&it["of"])?,
            per: per(&it["per"])?,
            amount: option(&it["amount"], money)?,
            count: option(&it["count"], number)?,
            name: format!("{whose} cap {place}"),
            of_plan: whose == "plan",
        });
    }
    Ok(caps)
}

fn clawback(value: &Value) -> Result<Clawback, String> {
    only(value, &["months", "takes"])?;
    let months = i32::try_from(number(&value["months"])?).map_err(|it| it.to_string())?;
    Ok(Clawback { months, everything: value["takes"] == "everything" })
}

fn bonus(value: &Value) -> Result<Bonus, String> {
    only(value, &["id", "name", "events", "by", "per", "at", "repeats", "reward"])?;
    only(&value["reward"], &["money"])?;
    Ok(Bonus {
        id: text(&value["id"])?,
        events: list(&value["events"], text)?,
        by: by(&value["by"])?,
        per: per(&value["per"])?,
        at: number(&value["at"])?,
        repeats: value["repeats"] == true,
        each: money(&value["reward"]["money"])?,
    })
}

fn leaves(when: &Value) -> usize {
    let group = when.get("all").or_else(|| when.get("any")).and_then(Value::as_array);
    group.map_or(1, |all| all.iter().map(leaves).sum())
}

impl Plan {
    pub(super) fn read(document: &Value) -> Result<Self, String> {
        let known = [
            "format", "name", "currency", "rounding", "several", "options", "caps", "rules",
            "bonuses", "contests",
        ];
        only(document, &known)?;
        for empty in ["options", "contests"] {
            if document[empty].as_array().is_some_and(|it| !it.is_empty()) {
                return Err(format!("the auditor does not know `{empty}`"));
            }
        }
        let rounding = match document["rounding"].as_str() {
            None | Some("half_even") => Rounding::HalfEven,
            Some("half_away_from_zero") => Rounding::HalfAway,
            Some("half_up") => Rounding::HalfUp,
            Some("down") => Rounding::Down,
            Some(other) => return Err(format!("rounding {other}")),
        };
        Ok(Self {
            rounding,
            several: document["several"].as_str().unwrap_or("first").to_owned(),
            rules: list(&document["rules"], Rule::read)?,
            caps: caps_of(&document["caps"], "plan")?,
            bonuses: list(&document["bonuses"], bonus)?,
        })
    }

    /// The rules for an event: by level, then the most tests, then as they stand.
    pub(super) fn in_order(&self, event: &str) -> Vec<&Rule> {
        let mut rules: Vec<&Rule> =
            self.rules.iter().filter(|rule| rule.events.iter().any(|it| it == event)).collect();
        rules.sort_by_key(|rule| (rule.level, usize::MAX - rule.tests));
        rules
    }
}

impl Rule {
    fn read(value: &Value) -> Result<Self, String> {
        let known = [
            "id",
            "name",
            "events",
            "for",
            "when",
            "on_top",
            "amount",
            "ages",
            "tiers",
            "minimum",
            "maximum",
            "recurring",
            "once_per",
            "first_customers",
            "caps",
            "hold_days",
            "clawback",
        ];
        only(value, &known)?;
        let id = text(&value["id"])?;
        let scope = match value["for"].as_object().and_then(|it| it.iter().next()) {
            Some((sort, name)) => Some((sort.clone(), text(name)?)),
            None => None,
        };
        let level = match scope.as_ref().map(|(sort, _)| sort.as_str()) {
            None => 3,
            Some("group") => 1,
            Some("partnership") => 0,
            Some(other) => return Err(format!("the auditor does not know a rule for {other}")),
        };
        let once_per = match &value["once_per"] {
            Value::Null => None,
            it if it["of"] == "customer" => Some(per(&it["per"])?),
            it => return Err(format!("once per {it}")),
        };
        let first_customers = match &value["first_customers"] {
            Value::Null => None,
            it => {
                only(it, &["count", "of"])?;
                if it["of"] == "program" {
                    return Err("first customers of the program".to_owned());
                }
                Some(number(&it["count"])?)
            }
        };
        let age = |it: &Value| {
            let month = i32::try_from(number(&it["from_month"])?).map_err(|it| it.to_string())?;
            Ok((month, amount(&it["amount"])?))
        };
        Ok(Self {
            events: list(&value["events"], text)?,
            level,
            scope,
            tests: value.get("when").map_or(0, leaves),
            when: value.get("when").cloned(),
            on_top: value["on_top"] == true,
            amount: amount(&value["amount"])?,
            ages: list(&value["ages"], age)?,
            tiers: option(&value["tiers"], tiers)?,
            minimum: option(&value["minimum"], money)?,
            maximum: option(&value["maximum"], money)?,
            recurring: value.get("recurring").cloned(),
            once_per,
            first_customers,
            caps: caps_of(&value["caps"], &id)?,
            clawback: option(&value["clawback"], clawback)?,
            id,
        })
    }

    pub(super) fn applies(
        &self,
        fact: &Fact,
        partner: &str,
        about: &AuditedPartner,
        (payments, leads, first_day): (i128, i128, Option<i32>),
        totals: &dyn Fn() -> Totals,
    ) -> Result<bool, String> {
        let scope = match &self.scope {
            None => true,
            Some((sort, name)) if sort == "group" => {
                about.group.as_ref().is_some_and(|group| group.eq_ignore_ascii_case(name))
            }
            Some((_, id)) => id == partner,
        };
        let when = match &self.when {
            None => true,
            Some(when) => holds(when, fact, about, payments, totals)?,
        };
        let recurs = match &self.recurring {
            None => true,
            Some(Value::String(once)) if once == "life" => true,
            Some(Value::String(_)) => (if fact.payment { payments } else { leads }) == 0,
            Some(it) if it.get("months").is_some() => {
                let months = i32::try_from(number(&it["months"])?).map_err(|it| it.to_string())?;
                first_day.is_none_or(|first| fact.day < months_later(first, months))
            }
            Some(it) => payments < number(&it["payments"])?,
        };
        Ok(scope && when && recurs)
    }

    /// By month of the subscription, from 1.
    pub(super) fn by_age(&self, day: i32, first_day: Option<i32>) -> &Amount {
        let first = first_day.unwrap_or(day);
        let reached = |month: i32| month == 1 || months_later(first, month - 1) <= day;
        let step = self.ages.iter().rev().find(|(month, _)| reached(*month));
        step.map_or(&self.amount, |(_, amount)| amount)
    }

    /// What the rule's own percentage is taken of, or what the customer paid.
    pub(super) fn revenue(&self, fact: &Fact) -> Result<i128, String> {
        match &self.amount {
            Amount::Percent { of, .. } => base(of, fact),
            Amount::Fixed { .. } => Ok(fact.gross.unwrap_or(0)),
        }
    }

    /// An amount of a conversion within the rule's least and most, rounded once.
    pub(super) fn comes_to(
        &self,
        amount: &Amount,
        fact: &Fact,
        rounding: Rounding,
    ) -> Result<i128, String> {
        let exact = match amount {
            Amount::Percent { of, .. } => amount.of_base(base(of, fact)?),
            Amount::Fixed { minor, per_item } => {
                Ratio::of(if *per_item { minor * fact.quantity } else { *minor })
            }
        };
        if let Some(most) = self.maximum.filter(|most| exact.floor() >= *most) {
            return Ok(most);
        }
        let least = self.minimum.filter(|least| exact.floor() < *least && !exact.is_nothing());
        Ok(least.unwrap_or_else(|| exact.round(rounding)))
    }
}

fn base(of: &str, fact: &Fact) -> Result<i128, String> {
    let found = match of {
        "gross" => fact.gross,
        "net" => fact.net,
        other => return Err(format!("the auditor does not know a percentage of {other}")),
    };
    found.ok_or_else(|| format!("no {of} amount"))
}

impl Amount {
    pub(super) const fn is_percent(&self) -> bool {
        matches!(self, Self::Percent { .. })
    }

    pub(super) fn of_base(&self, base: i128) -> Ratio {
        match self {
            Self::Percent { rate: (part, whole), .. } => Ratio::new(base * part, *whole),
            Self::Fixed { minor, .. } => Ratio::of(*minor),
        }
    }
}

impl Tiers {
    /// The step of the n-th, or of the next unit after a total.
    pub(super) fn reached(&self, nth: i128) -> usize {
        self.steps.iter().filter(|step| step.from <= nth).count()
    }

    /// The step of a total: of its last unit.
    pub(super) fn stands_at(&self, total: i128) -> usize {
        match self.by {
            TierBy::Count => self.reached(total),
            _ => self.steps.iter().filter(|step| step.from < total).count(),
        }
    }

    pub(super) fn amount<'a>(&'a self, rule: &'a Rule, step: usize) -> &'a Amount {
        if step == 0 { &rule.amount } else { &self.steps[step - 1].amount }
    }
}

/// The limits of a rule and of its plan, each with its counter; none of an order, and of a customer
/// whom nobody knows.
pub(super) fn caps(
    rule: &Rule,
    plan: &Plan,
    partner: &str,
    fact: &Fact,
) -> Vec<(Cap, Option<Key>)> {
    let key = |cap: &Cap| {
        let whose = match cap.of.as_str() {
            "program" => String::new(),
            "partner" => partner.to_owned(),
            "customer" => fact.customer.clone()?,
            _ => return None,
        };
        Some((cap.name.clone(), whose, begins(cap.per, fact.day)))
    };
    rule.caps.iter().chain(&plan.caps).map(|cap| (cap.clone(), key(cap))).collect()
}

fn holds(
    when: &Value,
    fact: &Fact,
    about: &AuditedPartner,
    payments: i128,
    totals: &dyn Fn() -> Totals,
) -> Result<bool, String> {
    let each = |it: &Value| holds(it, fact, about, payments, totals);
    if let Some(all) = when.get("all").and_then(Value::as_array) {
        return all.iter().try_fold(true, |so_far, it| Ok(so_far & each(it)?));
    }
    if let Some(any) = when.get("any").and_then(Value::as_array) {
        return any.iter().try_fold(false, |so_far, it| Ok(so_far | each(it)?));
    }
    let (field, is, value) = (text(&when["field"])?, text(&when["is"])?, &when["value"]);
    match field.as_str() {
        "order.amount" => Ok(compare(fact.gross, &is, money(value)?)),
        "order.quantity" => Ok(compare(Some(fact.quantity), &is, number(value)?)),
        "customer.sales" => Ok(compare(Some(payments), &is, number(value)?)),
        "customer.country" => words(&fact.country.iter().cloned().collect::<Vec<_>>(), &is, value),
        "customer.state" => {
            let state = if payments > 0 { "returning" } else { "new" };
            words(&[state.to_owned()], &is, value)
        }
        "partner.group" => words(&about.group.iter().cloned().collect::<Vec<_>>(), &is, value),
        "partner.tag" => words(&about.tags, &is, value),
        other => {
            let found = totals().of(other);
            let found = found.ok_or_else(|| format!("the auditor does not know {other}"))?;
            let with = if value.is_object() { money(value)? } else { number(value)? };
            Ok(compare(Some(found), &is, with))
        }
    }
}

fn compare(found: Option<i128>, is: &str, with: i128) -> bool {
    let Some(found) = found else { return is == "not" };
    match is {
        "equals" => found == with,
        "not" => found != with,
        "<" => found < with,
        "<=" => found <= with,
        ">" => found > with,
        ">=" => found >= with,
        "multiple_of" => found != 0 && found % with == 0,
        _ => false,
    }
}

fn words(found: &[String], is: &str, value: &Value) -> Result<bool, String> {
    let wanted: Vec<String> = match value {
        Value::Array(all) => all.iter().map(text).collect::<Result<_, _>>()?,
        one => vec![text(one)?],
    };
    let lower = |it: &String| it.to_ascii_lowercase();
    let any = |fits: &dyn Fn(&str, &str) -> bool| {
        found.iter().any(|own| wanted.iter().any(|it| fits(&lower(own), &lower(it))))
    };
    match is {
        "equals" | "in" => Ok(any(&|own, it| own == it)),
        "not" | "not_in" => Ok(!any(&|own, it| own == it)),
        "contains" => Ok(any(&|own, it| own.contains(it))),
        "starts" => Ok(any(&|own, it| own.starts_with(it))),
        "ends" => Ok(any(&|own, it| own.ends_with(it))),
        other => Err(format!("the auditor does not know `{other}`")),
    }
}
