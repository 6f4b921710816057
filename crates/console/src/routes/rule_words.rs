//! What a line of a plan asks for beside its amount, in words that leave nothing out: what cannot be
//! said in a few words is said to be there.

use tributary_commission::{
    Amount, Base, CapOf, ClawbackTakes, Condition, Operand, Operator, Per, Recurring, Rule, Scope,
};

use crate::Frame;

/// All of it, one after the other; none where the line asks for nothing.
pub(super) fn terms_of<A>(page: &Frame<A>, rule: &Rule) -> Option<String> {
    let mut words = Vec::new();
    words.extend(base_of(page, rule.amount));
    words.extend(recurring_of(page, rule));
    if let Some(condition) = &rule.when {
        words.push(page.t1(
            "rule-when",
            "condition",
            condition_of(page, condition, false).as_str(),
        ));
    }
    if let Some(Scope::Group(group)) = &rule.scope {
        words.push(page.t1("rule-group", "group", group.as_str()));
    }
    for cap in &rule.caps {
        if let Some(most) = cap.amount {
            let (of, per) = (cap_of(cap.of), cap.per.as_str());
            let cap = page.t3("rule-cap", "amount", most, "of", of, "per", per);
            words.push(cap.trim_end().to_owned());
        }
    }
    if let Some(clawback) = rule.clawback {
        let key = match clawback.takes {
            ClawbackTakes::Missing => "explanation-clawback-missing",
            ClawbackTakes::Everything => "explanation-clawback-all",
        };
        words.push(page.t1(key, "count", u32::from(clawback.months)));
    }
    if has_more(rule) {
        words.push(page.t("rule-more"));
    }
    (!words.is_empty()).then(|| words.join("; "))
}

fn base_of<A>(page: &Frame<A>, amount: Amount) -> Option<String> {
    match amount {
        Amount::Percent(percent) if percent.one_month => Some(page.t("rule-of-one-month")),
        Amount::Percent(percent) => match percent.of {
            Base::Gross => None,
            Base::Net => Some(page.t("rule-of-net")),
            Base::Margin => Some(page.t("rule-of-margin")),
            Base::Contracted => Some(page.t("rule-of-contracted")),
            Base::Expected => Some(page.t("rule-of-expected")),
            Base::Increase => Some(page.t("rule-of-increase")),
        },
        Amount::Fixed(fixed) => (fixed.per == Per::Item).then(|| page.t("rule-per-item")),
    }
}

fn recurring_of<A>(page: &Frame<A>, rule: &Rule) -> Option<String> {
    Some(match rule.recurring? {
        Recurring::Once => page.t("rule-once"),
        Recurring::Months(months) => page.t1("rule-months", "count", u32::from(months)),
        Recurring::Payments(payments) => page.t1("rule-payments", "count", u32::from(payments)),
        Recurring::Life => page.t("rule-life"),
    })
}

const fn cap_of(of: CapOf) -> &'static str {
    match of {
        CapOf::Order => "order",
        CapOf::Customer => "customer",
        CapOf::Partner => "partner",
        CapOf::Program => "program",
    }
}

/// Whether the line asks for something that is not said here.
fn has_more(rule: &Rule) -> bool {
    let less = matches!(rule.amount, Amount::Percent(it) if it.less != Default::default());
    less || matches!(rule.scope, Some(Scope::Partnership(_) | Scope::Campaign(_)))
        || matches!(rule.amount, Amount::Fixed(it) if it.per == Per::Line)
        || rule.option.is_some()
        || rule.minimum.is_some()
        || rule.maximum.is_some()
        || rule.once_per.is_some()
        || rule.first_customers.is_some()
        || rule.caps.iter().any(|cap| cap.amount.is_none())
        || rule.on_top
}

/// A condition with the plan's own names of fields, which both sides can look up.
fn condition_of<A>(page: &Frame<A>, condition: &Condition, inner: bool) -> String {
    let (parts, word) = match condition {
        Condition::Test(test) => {
            let value = value_of(page, &test.value);
            return format!("{} {} {value}", test.field, sign_of(page, test.is));
        }
        Condition::All(group) => (&group.all, page.t("rule-and")),
        Condition::Any(group) => (&group.any, page.t("rule-or")),
    };
    let parts: Vec<String> = parts.iter().map(|part| condition_of(page, part, true)).collect();
    let words = parts.join(&format!(" {word} "));
    if inner && parts.len() > 1 { format!("({words})") } else { words }
}

fn sign_of<A>(page: &Frame<A>, is: Operator) -> String {
    match is {
        Operator::Equals | Operator::In => "=".to_owned(),
        Operator::Not | Operator::NotIn => "≠".to_owned(),
        Operator::Below => "<".to_owned(),
        Operator::AtMost => "≤".to_owned(),
        Operator::Above => ">".to_owned(),
        Operator::AtLeast => "≥".to_owned(),
        Operator::Contains => page.t("rule-contains"),
        Operator::Starts => page.t("rule-starts"),
        Operator::Ends => page.t("rule-ends"),
        Operator::MultipleOf => page.t("rule-multiple-of"),
    }
}

fn value_of<A>(page: &Frame<A>, value: &Operand) -> String {
    let any = |all: Vec<String>| all.join(" / ");
    match value {
        Operand::Text(text) => text.clone(),
        Operand::Texts(texts) => any(texts.clone()),
        Operand::Number(number) => number.to_string(),
        Operand::Numbers(numbers) => any(numbers.iter().map(ToString::to_string).collect()),
        Operand::Money(money) => page.t1("rule-amount", "amount", *money),
        Operand::Date(day) => page.t1("rule-day", "date", *day),
    }
}
