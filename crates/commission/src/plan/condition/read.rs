use serde_json::Value;
use tributary_kernel::LocalDate;
use tributary_money::Currency;

use super::super::read::money;
use super::super::reader::{Errors, Node};
use super::{
    All, Any, CONDITION_DEPTH_MAX, CONDITION_TEXT_CHARACTERS_MAX, CONDITION_VALUES_MAX,
    CONDITIONS_PER_RULE_MAX, Condition, Field, FieldType, Operand, Operator, Test,
};

/// Reads a condition; its depth is checked while reading, so that a deep one ends there.
pub(in super::super) fn condition(node: &Node<'_>, errors: &mut Errors) -> Option<Condition> {
    at_depth(node, 1, errors)
}

fn at_depth(node: &Node<'_>, depth: usize, errors: &mut Errors) -> Option<Condition> {
    if depth > CONDITION_DEPTH_MAX {
        let detail = format!("Groups go {CONDITION_DEPTH_MAX} deep.");
        errors.add(&node.pointer, "too_deep", detail);
        return None;
    }
    let has = |name| node.value.get(name).is_some();
    match (has("all"), has("any"), has("field")) {
        (true, false, false) => {
            Some(Condition::All(All { all: parts(node, "all", depth, errors)? }))
        }
        (false, true, false) => {
            Some(Condition::Any(Any { any: parts(node, "any", depth, errors)? }))
        }
        (false, false, true) => test(node, errors).map(Condition::Test),
        (all, any, _) => {
            if node.object(&["all", "any", "field", "is", "value"], errors).is_some() {
                let code = if all || any { "ambiguous" } else { "missing" };
                errors.add(&node.pointer, code, "Expected one of all, any and field.");
            }
            None
        }
    }
}

fn parts(node: &Node<'_>, name: &str, depth: usize, errors: &mut Errors) -> Option<Vec<Condition>> {
    let object = node.object(&[name], errors)?;
    let nodes = object.required(name, errors)?.elements(1, CONDITIONS_PER_RULE_MAX, errors)?;
    let parts: Vec<_> = nodes.iter().map(|node| at_depth(node, depth + 1, errors)).collect();
    parts.into_iter().collect()
}

fn test(node: &Node<'_>, errors: &mut Errors) -> Option<Test> {
    let object = node.object(&["field", "is", "value"], errors)?;
    let field = object.required("field", errors);
    let field = field.and_then(|node| node.parse::<Field>("unknown_field_name", errors));
    let is = object.required("is", errors);
    let operator = is.as_ref().and_then(|node| node.parse::<Operator>("unknown_value", errors));
    let value = object.required("value", errors);
    let (field, operator, value) = (field?, operator?, value?);
    if !field.kind().operators().contains(&operator) {
        errors.add(&is?.pointer, "wrong_operator", wrong_operator(&field));
        return None;
    }
    Some(Test { value: operand(&field, operator, &value, errors)?, field, is: operator })
}

fn wrong_operator(field: &Field) -> String {
    let names: Vec<_> = field.kind().operators().iter().map(|is| is.as_str()).collect();
    format!("{field} is compared by one of: {}.", names.join(", "))
}

fn operand(field: &Field, is: Operator, node: &Node<'_>, errors: &mut Errors) -> Option<Operand> {
    let list = matches!(is, Operator::In | Operator::NotIn);
    let numeric = match field.kind() {
        FieldType::Number => true,
        FieldType::Metadata => {
            let first = if list { node.value.get(0) } else { Some(node.value) };
            orders(is) || first.is_some_and(Value::is_number)
        }
        _ => false,
    };
    match field.kind() {
        FieldType::Money => money(node, errors).map(Operand::Money),
        FieldType::Date => node.parse::<LocalDate>("date", errors).map(Operand::Date),
        _ if list => {
            let nodes = node.elements(1, CONDITION_VALUES_MAX, errors)?;
            if numeric {
                let numbers: Vec<_> = nodes.iter().map(|node| number(node, errors)).collect();
                numbers.into_iter().collect::<Option<_>>().map(Operand::Numbers)
            } else {
                let texts: Vec<_> = nodes.iter().map(|node| text(node, errors)).collect();
                texts.into_iter().collect::<Option<_>>().map(Operand::Texts)
            }
        }
        _ if numeric => number(node, errors).map(Operand::Number),
        _ => text(node, errors).map(Operand::Text),
    }
}

/// Whether the operator needs an order of numbers.
const fn orders(is: Operator) -> bool {
    matches!(
        is,
        Operator::Below
            | Operator::AtMost
            | Operator::Above
            | Operator::AtLeast
            | Operator::MultipleOf
    )
}

fn number(node: &Node<'_>, errors: &mut Errors) -> Option<i64> {
    let number = node.value.as_i64();
    if number.is_none() {
        errors.add(&node.pointer, "wrong_type", "Expected a whole number.");
    }
    number
}

fn text(node: &Node<'_>, errors: &mut Errors) -> Option<String> {
    let text = node.text(errors)?;
    match text_mistake(text) {
        Some(detail) => {
            errors.add(&node.pointer, "text", detail);
            None
        }
        None => Some(text.to_owned()),
    }
}

fn text_mistake(text: &str) -> Option<String> {
    let length = text.chars().count();
    let ok = (1..=CONDITION_TEXT_CHARACTERS_MAX).contains(&length);
    (!ok).then(|| format!("Expected 1 to {CONDITION_TEXT_CHARACTERS_MAX} characters."))
}

/// Checks a condition for a program of that currency, one that was not read from JSON too.
pub(in super::super) fn check(
    condition: &Condition,
    currency: Currency,
    error: &mut dyn FnMut(String, &'static str, String),
) {
    let mut count = 0;
    check_at(condition, 1, "", &mut count, currency, error);
    if count > CONDITIONS_PER_RULE_MAX {
        let detail = format!("A rule has at most {CONDITIONS_PER_RULE_MAX} tests and groups.");
        error(String::new(), "too_many", detail);
    }
}

fn check_at(
    condition: &Condition,
    depth: usize,
    pointer: &str,
    count: &mut usize,
    currency: Currency,
    error: &mut dyn FnMut(String, &'static str, String),
) {
    *count += 1;
    let (name, parts) = match condition {
        Condition::Test(test) => return check_test(test, pointer, currency, error),
        Condition::All(All { all }) => ("all", all),
        Condition::Any(Any { any }) => ("any", any),
    };
    if parts.is_empty() {
        error(format!("{pointer}/{name}"), "wrong_length", "Expected at least 1.".to_owned());
    }
    if depth >= CONDITION_DEPTH_MAX && !parts.is_empty() {
        let detail = format!("Groups go {CONDITION_DEPTH_MAX} deep.");
        return error(pointer.to_owned(), "too_deep", detail);
    }
    for (place, part) in parts.iter().enumerate() {
        check_at(part, depth + 1, &format!("{pointer}/{name}/{place}"), count, currency, error);
    }
}

fn check_test(
    test: &Test,
    pointer: &str,
    currency: Currency,
    error: &mut dyn FnMut(String, &'static str, String),
) {
    let kind = test.field.kind();
    if !kind.operators().contains(&test.is) {
        error(format!("{pointer}/is"), "wrong_operator", wrong_operator(&test.field));
        return;
    }
    let list = matches!(test.is, Operator::In | Operator::NotIn);
    let fits = match (&test.value, kind) {
        (Operand::Text(_), FieldType::Text | FieldType::Texts) => !list,
        (Operand::Text(_), FieldType::Metadata) => !list && !orders(test.is),
        (Operand::Texts(texts), FieldType::Text | FieldType::Texts | FieldType::Metadata) => {
            list && (1..=CONDITION_VALUES_MAX).contains(&texts.len())
        }
        (Operand::Number(_), FieldType::Number) => !list,
        (Operand::Number(_), FieldType::Metadata) => {
            !list && !matches!(test.is, Operator::Contains | Operator::Starts | Operator::Ends)
        }
        (Operand::Numbers(numbers), FieldType::Number | FieldType::Metadata) => {
            list && (1..=CONDITION_VALUES_MAX).contains(&numbers.len())
        }
        (Operand::Money(_), FieldType::Money) | (Operand::Date(_), FieldType::Date) => true,
        _ => false,
    };
    let pointer = format!("{pointer}/value");
    if !fits {
        let detail = format!("{} is not compared with such a value.", test.field);
        return error(pointer, "wrong_type", detail);
    }
    if test.is == Operator::MultipleOf
        && matches!(&test.value, Operand::Number(n) | Operand::Money(tributary_money::Money { minor: n, .. }) if *n <= 0)
    {
        error(pointer.clone(), "not_positive", "A multiple is of a number above 0.".to_owned());
    }
    if let Operand::Money(money) = &test.value
        && money.currency != currency
    {
        let detail = format!("The program's currency is {currency}.");
        error(format!("{pointer}/currency"), "currency_mismatch", detail);
    }
    let texts = match &test.value {
        Operand::Text(text) => std::slice::from_ref(text),
        Operand::Texts(texts) => texts,
        _ => &[],
    };
    if let Some(detail) = texts.iter().find_map(|text| text_mistake(text)) {
        error(pointer, "text", detail);
    }
}
