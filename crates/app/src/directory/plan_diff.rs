use std::collections::BTreeMap;

use serde_json::Value;
use tributary_directory::{Actor, Permission};
use tributary_kernel::{FieldError, PlanId, Refusal};
use tributary_store::program::{self, StoredPlan};

use crate::{App, AppError};

/// What is different between two versions of a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanDiff {
    /// The older version.
    pub from: StoredPlan,
    /// The newer one.
    pub to: StoredPlan,
    /// What is different, in the order of paths.
    pub changes: Vec<PlanValueChange>,
}

/// One difference.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanValueChange {
    /// Where: a JSON pointer in which rules, bonuses, contests and options go by their names
    /// (`/rules/sale/amount/percent`), so that moving one changes nothing but its place.
    pub pointer: String,
    /// What happened to it.
    pub change: PlanChange,
    /// What was there.
    pub before: Option<Value>,
    /// What is there now.
    pub after: Option<Value>,
}

/// What happened to a part of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlanChange {
    /// It was not there.
    Added,
    /// It is not there any more.
    Removed,
    /// It is another.
    Changed,
    /// It stands at another place among its like.
    Moved,
}

/// Compares two versions of a program's plan, older to newer.
///
/// # Errors
/// Not found; `/against` is of another program.
pub async fn diff_plans(
    app: &App,
    actor: &Actor,
    plan: PlanId,
    against: PlanId,
) -> Result<PlanDiff, AppError> {
    let Some(owner) = actor.owner() else { return Err(Refusal::not_found("plan").into()) };
    actor.require(owner, Permission::Read)?;
    let mut conn = app.record.read().await?;
    let found = program::plans_by_id(&mut *conn, &[(owner, plan), (owner, against)]).await?;
    let of = |id: PlanId| found.iter().find(|it| it.id == id).cloned();
    let one = of(plan).ok_or_else(|| Refusal::not_found("plan"))?;
    let unknown = || FieldError::new("/against", "unknown_plan", "There is no such version here.");
    let other = of(against).filter(|it| it.program == one.program).ok_or_else(unknown)?;
    let (from, to) = if one.version <= other.version { (one, other) } else { (other, one) };
    let read = |it: &StoredPlan| {
        serde_json::from_str(&it.document)
            .map_err(|error| AppError::Corrupt(format!("document of {}: {error}", it.id)))
    };
    let changes = changes(&read(&from)?, &read(&to)?);
    Ok(PlanDiff { from, to, changes })
}

/// What is different between two documents.
fn changes(before: &Value, after: &Value) -> Vec<PlanValueChange> {
    let mut changes = Vec::new();
    compare("", before, after, &mut changes);
    changes.sort_by(|a, b| a.pointer.cmp(&b.pointer));
    changes
}

fn compare(pointer: &str, before: &Value, after: &Value, changes: &mut Vec<PlanValueChange>) {
    if before == after {
        return;
    }
    match (before, after) {
        (Value::Object(old), Value::Object(new)) => {
            let members = |map: &serde_json::Map<String, Value>| -> BTreeMap<String, Value> {
                map.iter().map(|(name, value)| (name.clone(), value.clone())).collect()
            };
            compare_named(pointer, &members(old), &members(new), changes);
        }
        (Value::Array(old), Value::Array(new)) => match (named(old), named(new)) {
            (Some(old), Some(new)) => {
                let places = |list: &[(String, Value)], other: &[(String, Value)]| -> Vec<String> {
                    let kept = list.iter().filter(|(id, _)| other.iter().any(|(of, _)| of == id));
                    kept.map(|(id, _)| id.clone()).collect()
                };
                let (was, is) = (places(&old, &new), places(&new, &old));
                for (id, _) in was.iter().zip(&is).filter(|(was, is)| was != is) {
                    let pointer = format!("{pointer}/{}", escaped(id));
                    let (before, after) = (None, None);
                    let change = PlanChange::Moved;
                    changes.push(PlanValueChange { pointer, change, before, after });
                }
                let map = |list: Vec<(String, Value)>| list.into_iter().collect();
                compare_named(pointer, &map(old), &map(new), changes);
            }
            _ => changes.push(changed(pointer, before, after)),
        },
        _ => changes.push(changed(pointer, before, after)),
    }
}

fn compare_named(
    pointer: &str,
    before: &BTreeMap<String, Value>,
    after: &BTreeMap<String, Value>,
    changes: &mut Vec<PlanValueChange>,
) {
    for (name, old) in before {
        let pointer = format!("{pointer}/{}", escaped(name));
        match after.get(name) {
            Some(new) => compare(&pointer, old, new, changes),
            None => changes.push(PlanValueChange {
                pointer,
                change: PlanChange::Removed,
                before: Some(old.clone()),
                after: None,
            }),
        }
    }
    for (name, new) in after.iter().filter(|(name, _)| !before.contains_key(*name)) {
        changes.push(PlanValueChange {
            pointer: format!("{pointer}/{}", escaped(name)),
            change: PlanChange::Added,
            before: None,
            after: Some(new.clone()),
        });
    }
}

fn changed(pointer: &str, before: &Value, after: &Value) -> PlanValueChange {
    PlanValueChange {
        pointer: pointer.to_owned(),
        change: PlanChange::Changed,
        before: Some(before.clone()),
        after: Some(after.clone()),
    }
}

/// A list whose members all have a name of their own; an empty list too.
fn named(list: &[Value]) -> Option<Vec<(String, Value)>> {
    let id = |it: &Value| Some((it.get("id")?.as_str()?.to_owned(), it.clone()));
    list.iter().map(id).collect()
}

fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_go_by_their_names() {
        let before = serde_json::json!({
            "name": "A",
            "rules": [
                { "id": "lead", "amount": { "fixed": 1 } },
                { "id": "sale", "amount": { "percent": "10" }, "events": ["sale"] },
                { "id": "old", "amount": { "percent": "1" } },
            ],
        });
        let after = serde_json::json!({
            "name": "A",
            "rules": [
                { "id": "sale", "amount": { "percent": "12" }, "events": ["sale", "renewal"] },
                { "id": "lead", "amount": { "fixed": 1 } },
            ],
            "caps": [],
        });
        let found: Vec<_> = changes(&before, &after)
            .into_iter()
            .map(|it| format!("{:?} {}", it.change, it.pointer))
            .collect();
        assert_eq!(
            found,
            [
                "Added /caps",
                "Moved /rules/lead",
                "Removed /rules/old",
                "Moved /rules/sale",
                "Changed /rules/sale/amount/percent",
                "Changed /rules/sale/events",
            ]
        );
        assert!(changes(&before, &before).is_empty());
    }
}
