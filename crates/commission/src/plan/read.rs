use serde_json::Value;
use tributary_kernel::FieldError;
use tributary_money::{Currency, Money, Rounding};

use super::document::half_even;
use super::reader::{Errors, Node, Object, sentence};
use super::{
    Amount, Base, Deduction, Deductions, EVENTS_PER_RULE_MAX, EventName, FixedAmount,
    HOLD_DAYS_MAX, MONTHS_MAX, NAME_CHARACTERS_MAX, PLAN_BYTES_MAX, Per, PercentAmount,
    PlanDocument, PlanFormat, RULES_MAX, Recurring, Rule, Several, condition, read_terms,
};

const FORMATS: &str = "1";

pub(super) fn from_json(json: &[u8]) -> Result<PlanDocument, Vec<FieldError>> {
    if json.len() > PLAN_BYTES_MAX {
        let detail = format!("A plan has at most {PLAN_BYTES_MAX} bytes; this one {}.", json.len());
        return Err(vec![FieldError::new("", "too_large", detail)]);
    }
    let value: Value = serde_json::from_slice(json).map_err(|error| {
        let detail = format!("Not JSON at line {}, column {}.", error.line(), error.column());
        vec![FieldError::new("", "malformed", detail)]
    })?;
    upgrade(&value)
}

/// Reads a document of any known format into the present one. Each older format has a pure
/// function to the next; the stored document stays as it is.
///
/// # Errors
/// Everything that is wrong with its form, each with the path of the field.
pub fn upgrade(value: &Value) -> Result<PlanDocument, Vec<FieldError>> {
    let Some(format) = value.get("format") else {
        let error = if value.is_object() {
            FieldError::new("/format", "missing", "A plan begins with its format, 1.")
        } else {
            FieldError::new("", "wrong_type", "Expected an object.")
        };
        return Err(vec![error]);
    };
    match format.as_u64() {
        Some(1) => {
            let mut errors = Errors::default();
            let document = format_one(&Node::root(value), &mut errors);
            errors.finish(document)
        }
        _ => {
            let detail = format!("Expected one of the known formats: {FORMATS}.");
            Err(vec![FieldError::new("/format", "unknown_format", detail)])
        }
    }
}

fn format_one(node: &Node<'_>, errors: &mut Errors) -> Option<PlanDocument> {
    let known = [
        "format", "name", "currency", "rounding", "several", "options", "caps", "rules", "bonuses",
        "contests",
    ];
    let object = node.object(&known, errors)?;
    let name = object.required("name", errors).and_then(|node| human_name(&node, errors));
    let currency =
        object.optional("currency").map(|node| node.parse::<Currency>("currency_unknown", errors));
    let rounding = match object.optional("rounding") {
        Some(node) => rounding(&node, errors),
        None => Some(half_even()),
    };
    let several = match object.optional("several") {
        Some(node) => node.parse("unknown_value", errors),
        None => Some(Several::First),
    };
    let options = optional(&object, "options", errors, read_terms::options);
    let caps = optional(&object, "caps", errors, read_terms::caps);
    let rules = object.required("rules", errors);
    let rules = rules.and_then(|node| read_terms::list(&node, RULES_MAX, errors, rule));
    let bonuses = optional(&object, "bonuses", errors, read_terms::bonuses);
    let contests = optional(&object, "contests", errors, read_terms::contests);
    Some(PlanDocument {
        format: PlanFormat::One,
        name: name?,
        currency: present(currency)?,
        rounding: rounding?,
        several: several?,
        options: present(options)?.unwrap_or_default(),
        caps: present(caps)?.unwrap_or_default(),
        rules: rules?,
        bonuses: present(bonuses)?.unwrap_or_default(),
        contests: present(contests)?.unwrap_or_default(),
    })
}

#[expect(clippy::option_option, reason = "absent, wrong and right are three things")]
fn optional<T>(
    object: &Object<'_>,
    name: &str,
    errors: &mut Errors,
    read: impl FnOnce(&Node<'_>, &mut Errors) -> Option<T>,
) -> Option<Option<T>> {
    object.optional(name).map(|node| read(&node, errors))
}

/// What an optional field holds: absent is fine, present and wrong is not.
#[expect(clippy::option_option, reason = "absent, wrong and right are three things")]
pub(super) fn present<T>(field: Option<Option<T>>) -> Option<Option<T>> {
    match field {
        None => Some(None),
        Some(None) => None,
        Some(value) => Some(value),
    }
}

const RULE_FIELDS: [&str; 20] = [
    "id",
    "name",
    "events",
    "for",
    "option",
    "when",
    "on_top",
    "amount",
    "grades",
    "ages",
    "tiers",
    "minimum",
    "maximum",
    "recurring",
    "subscription",
    "once_per",
    "first_customers",
    "caps",
    "clawback",
    "hold_days",
];

fn rule(node: &Node<'_>, errors: &mut Errors) -> Option<Rule> {
    let object = node.object(&RULE_FIELDS, errors)?;
    let id = object.required("id", errors).and_then(|node| node.parse("rule_id", errors));
    let name = optional(&object, "name", errors, human_name);
    let events = object.required("events", errors).and_then(|node| events(&node, errors));
    let scope = optional(&object, "for", errors, read_terms::scope);
    let option = object.optional("option").map(|node| node.parse("rule_id", errors));
    let when = optional(&object, "when", errors, condition::condition);
    let on_top = optional(&object, "on_top", errors, |node, errors| node.boolean(errors));
    let amount = object.required("amount", errors).and_then(|node| amount(&node, errors));
    let grades = optional(&object, "grades", errors, read_terms::grades);
    let ages = optional(&object, "ages", errors, read_terms::ages);
    let tiers = optional(&object, "tiers", errors, read_terms::tiers);
    let minimum = optional(&object, "minimum", errors, money);
    let maximum = optional(&object, "maximum", errors, money);
    let recurring = optional(&object, "recurring", errors, recurring);
    let subscription = optional(&object, "subscription", errors, read_terms::subscription);
    let once_per = optional(&object, "once_per", errors, read_terms::once_per);
    let first_customers = optional(&object, "first_customers", errors, read_terms::first_customers);
    let caps = optional(&object, "caps", errors, read_terms::caps);
    let clawback = optional(&object, "clawback", errors, read_terms::clawback);
    let hold_days = object.optional("hold_days").map(|node| node.integer(0, HOLD_DAYS_MAX, errors));
    Some(Rule {
        id: id?,
        name: present(name)?,
        events: events?,
        scope: present(scope)?,
        option: present(option)?,
        when: present(when)?,
        on_top: present(on_top)?.unwrap_or_default(),
        amount: amount?,
        grades: present(grades)?.unwrap_or_default(),
        ages: present(ages)?.unwrap_or_default(),
        tiers: present(tiers)?,
        minimum: present(minimum)?,
        maximum: present(maximum)?,
        recurring: present(recurring)?,
        subscription: present(subscription)?,
        once_per: present(once_per)?,
        first_customers: present(first_customers)?,
        caps: present(caps)?.unwrap_or_default(),
        clawback: present(clawback)?,
        hold_days: present(hold_days)?,
    })
}

fn rounding(node: &Node<'_>, errors: &mut Errors) -> Option<Rounding> {
    let text = node.text(errors)?;
    let name = |mode: &Rounding| serde_json::to_value(mode).ok();
    let found = Rounding::ALL.iter().find(|mode| name(mode).as_ref() == Some(node.value));
    if found.is_none() {
        let names: Vec<_> = Rounding::ALL.iter().filter_map(name).collect();
        let names: Vec<_> = names.iter().filter_map(serde_json::Value::as_str).collect();
        let detail = format!("{text:?} is none of: {}.", names.join(", "));
        errors.add(&node.pointer, "unknown_value", detail);
    }
    found.copied()
}

pub(super) fn human_name(node: &Node<'_>, errors: &mut Errors) -> Option<String> {
    let text = node.text(errors)?;
    match name_mistake(text) {
        Some(detail) => {
            errors.add(&node.pointer, "name", detail);
            None
        }
        None => Some(text.to_owned()),
    }
}

/// What is wrong with a name that people read.
pub(super) fn name_mistake(text: &str) -> Option<String> {
    let length_ok = (1..=NAME_CHARACTERS_MAX).contains(&text.chars().count());
    let text_ok = text.trim() == text && !text.chars().any(char::is_control);
    (!length_ok || !text_ok).then(|| {
        format!(
            "A name is 1 to {NAME_CHARACTERS_MAX} characters in one line, without spaces around it."
        )
    })
}

pub(super) fn events(node: &Node<'_>, errors: &mut Errors) -> Option<Vec<EventName>> {
    let nodes = node.elements(1, EVENTS_PER_RULE_MAX, errors)?;
    let events: Vec<Option<EventName>> =
        nodes.iter().map(|node| node.parse("event_name", errors)).collect();
    events.into_iter().collect()
}

pub(super) fn amount_from_value(value: &Value) -> Result<Amount, String> {
    let mut errors = Errors::default();
    let amount = amount(&Node::root(value), &mut errors);
    errors.finish(amount).map_err(|errors| {
        let text: Vec<_> =
            errors.iter().map(|error| format!("{}: {}", error.pointer, error.detail)).collect();
        text.join("; ")
    })
}

pub(super) fn amount(node: &Node<'_>, errors: &mut Errors) -> Option<Amount> {
    let has = |name| node.value.get(name).is_some();
    match (has("percent"), has("fixed")) {
        (true, false) => {
            let object = node.object(&["percent", "of", "less", "one_month"], errors)?;
            let percent = object.required("percent", errors);
            let percent = percent.and_then(|node| node.parse("percent", errors));
            let of = object.required("of", errors);
            let of = of.and_then(|node| node.parse::<Base>("unknown_value", errors));
            let less = optional(&object, "less", errors, deductions);
            let one_month =
                optional(&object, "one_month", errors, |node, errors| node.boolean(errors));
            Some(Amount::Percent(PercentAmount {
                percent: percent?,
                of: of?,
                less: present(less)?.unwrap_or_default(),
                one_month: present(one_month)?.unwrap_or_default(),
            }))
        }
        (false, true) => {
            let object = node.object(&["fixed", "per"], errors)?;
            let fixed = object.required("fixed", errors).and_then(|node| money(&node, errors));
            let per = match object.optional("per") {
                Some(node) => node.parse("unknown_value", errors),
                None => Some(Per::Conversion),
            };
            Some(Amount::Fixed(FixedAmount { fixed: fixed?, per: per? }))
        }
        (both, _) => {
            let known = ["percent", "of", "less", "one_month", "fixed", "per"];
            if node.object(&known, errors).is_some() {
                let code = if both { "ambiguous" } else { "missing" };
                let detail = "Expected either percent and of, or fixed.";
                errors.add(&node.pointer, code, detail);
            }
            None
        }
    }
}

pub(super) fn money(node: &Node<'_>, errors: &mut Errors) -> Option<Money> {
    let object = node.object(&["amount", "currency"], errors)?;
    let currency = object.required("currency", errors);
    let currency = currency.and_then(|node| node.parse::<Currency>("currency_unknown", errors));
    let amount = object.required("amount", errors);
    let (currency, amount) = (currency?, amount?);
    match amount.value {
        Value::String(text) => Money::parse_decimal(text, currency)
            .map_err(|error| {
                errors.add(&amount.pointer, error.code(), sentence(&error.to_string()))
            })
            .ok(),
        value => {
            let minor = value.as_i64().filter(|_| value.is_i64() || value.is_u64());
            if minor.is_none() {
                let detail = "Expected a whole number of minor units, or a decimal string.";
                errors.add(&amount.pointer, "wrong_type", detail);
            }
            Some(Money::new(minor?, currency))
        }
    }
}

/// In any order, each once.
fn deductions(node: &Node<'_>, errors: &mut Errors) -> Option<Deductions> {
    let all = Deduction::ALL.len();
    let list = read_terms::list(node, all, errors, |node, errors| {
        node.parse::<Deduction>("unknown_value", errors)
    })?;
    Some(list.into_iter().collect())
}

fn recurring(node: &Node<'_>, errors: &mut Errors) -> Option<Recurring> {
    match node.value {
        Value::String(text) if text == "once" => Some(Recurring::Once),
        Value::String(text) if text == "life" => Some(Recurring::Life),
        Value::Object(_) => {
            let object: Object<'_> = node.object(&["months", "payments"], errors)?;
            if let Some(payments) = object.optional("payments") {
                if object.optional("months").is_some() {
                    errors.add(&node.pointer, "ambiguous", "Expected either months or payments.");
                    return None;
                }
                return payments.integer(1, MONTHS_MAX, errors).map(Recurring::Payments);
            }
            let months = object.required("months", errors)?;
            months.integer(1, MONTHS_MAX, errors).map(Recurring::Months)
        }
        _ => {
            let detail = "Expected \"once\", \"life\", {\"months\": 24} or {\"payments\": 12}.";
            errors.add(&node.pointer, "unknown_value", detail);
            None
        }
    }
}
