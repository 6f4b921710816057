//! The form of the common plans: what it says becomes a document in the editor, which is read in
//! words there before it is saved. Nothing is saved by it.

use std::collections::HashMap;

use serde_json::{Value, json};
use tributary_app::conversion::unsupported;
use tributary_commission::ready::ReadyPlan;
use tributary_commission::{CompiledPlan, PlanDocument};
use tributary_kernel::{FieldError, PlanId};
use tributary_money::Currency;

use super::Desk;
use crate::pages::{PlanForm, RuleSummary};
use crate::parts::Field;
use crate::routes::words::rules_of;

/// What a form has come to.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) form: PlanForm,
    /// The document; none if the form does not make one.
    pub(super) document: Option<String>,
    /// What it would pay, in words.
    pub(super) rules: Vec<RuleSummary>,
    /// What is wrong with it that no field takes.
    pub(super) errors: Vec<FieldError>,
}

/// The draft that an address asks for; none if it asks for no draft.
pub(super) fn draft(desk: &Desk, query: &HashMap<String, String>) -> Option<Draft> {
    let field = |name: &str| Field::of(query.get(name).map_or("", |text| text.trim()));
    let currency = desk.program.terms.currency;
    if let Some(id) = query.get("ready") {
        let form = PlanForm { ready: field("ready"), ..PlanForm::default() };
        let document = ReadyPlan::named(id)?.document(currency)?;
        return Some(read(desk, form, &document.canonical_json(), &[]));
    }
    query.get("sale")?;
    let mut form = PlanForm {
        ready: Field::default(),
        sale: field("sale"),
        unit: field("unit"),
        payments: field("payments"),
        months: field("months"),
        steps: [(field("from1"), field("step1")), (field("from2"), field("step2"))],
        lead: field("lead"),
        qualified_lead: field("qualified_lead"),
    };
    let written = compose(&mut form, currency, desk.program.terms.name.as_str());
    Some(match written {
        Some((document, places)) => read(desk, form, &document.to_string(), &places),
        None => Draft { form, document: None, rules: Vec::new(), errors: Vec::new() },
    })
}

/// Which of the form's fields a part of the document came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Sale,
    Months,
    From(usize),
    Step(usize),
    Lead,
    QualifiedLead,
}

fn at(form: &mut PlanForm, place: Place) -> &mut Field {
    match place {
        Place::Sale => &mut form.sale,
        Place::Months => &mut form.months,
        Place::From(step) => &mut form.steps[step].0,
        Place::Step(step) => &mut form.steps[step].1,
        Place::Lead => &mut form.lead,
        Place::QualifiedLead => &mut form.qualified_lead,
    }
}

/// A document as the editor takes it, with its rules in words or what is wrong with it, each
/// mistake at the field that a part of the document came from.
fn read(desk: &Desk, mut form: PlanForm, document: &str, places: &[(String, Place)]) -> Draft {
    let (app, currency) = (desk.state.app(), desk.program.terms.currency);
    let compiled = PlanDocument::from_json(document.as_bytes()).and_then(|parsed| {
        let lacking = unsupported(&parsed);
        if !lacking.is_empty() {
            return Err(lacking);
        }
        CompiledPlan::new(PlanId::new(app.now(), &*app.entropy), parsed, currency)
    });
    let (rules, wrong) = match compiled {
        Ok(plan) => (rules_of(&desk.frame(), &plan), Vec::new()),
        Err(errors) => (Vec::new(), errors),
    };
    let mut left = Vec::new();
    for error in wrong {
        match places.iter().find(|(prefix, _)| error.pointer.starts_with(prefix.as_str())) {
            Some((_, place)) => at(&mut form, *place).error = Some(error),
            None => left.push(error),
        }
    }
    Draft { form, document: Some(super::plan::written(document)), rules, errors: left }
}

/// The document that a form describes, and where its parts came from, the narrower before the
/// wider; none, with its reasons in the form, when it describes none.
fn compose(
    form: &mut PlanForm,
    currency: Currency,
    name: &str,
) -> Option<(Value, Vec<(String, Place)>)> {
    let (mut rules, mut places) = (Vec::new(), Vec::new());
    if !form.sale.value.is_empty() {
        rules.push(sale(form, currency, &mut places));
        places.push(("/rules/0".to_owned(), Place::Sale));
    } else if form.steps.iter().any(|(_, step)| !step.value.is_empty()) {
        form.sale.error = Some(required());
    }
    let leads = [("lead", Place::Lead), ("qualified_lead", Place::QualifiedLead)];
    for (event, place) in leads {
        let amount = at(form, place).value.clone();
        if !amount.is_empty() {
            places.push((format!("/rules/{}", rules.len()), place));
            let id = event.replace('_', "-");
            let amount = amount_of("fixed", &amount, currency);
            rules.push(json!({ "id": id, "events": [event], "amount": amount }));
        }
    }
    if rules.is_empty() {
        form.sale.error = Some(required());
    }
    let steps = form.steps.iter().flat_map(|(from, step)| [from, step]);
    let wrong = steps.chain([&form.sale, &form.months]).any(|field| field.error.is_some());
    (!wrong).then(|| (json!({ "format": 1, "name": name, "rules": rules }), places))
}

fn sale(form: &mut PlanForm, currency: Currency, places: &mut Vec<(String, Place)>) -> Value {
    let unit = form.unit.value.clone();
    let amount = amount_of(&unit, &form.sale.value, currency);
    let mut rule = json!({ "id": "sale", "events": ["sale", "renewal"], "amount": amount });
    match form.payments.value.as_str() {
        "once" => rule["recurring"] = json!("once"),
        "months" => {
            rule["recurring"] = json!({ "months": whole(&mut form.months) });
            places.push(("/rules/0/recurring".to_owned(), Place::Months));
        }
        "life" => rule["recurring"] = json!("life"),
        _ => rule["events"] = json!(["sale"]),
    }
    let mut steps = Vec::new();
    for (index, (from, step)) in form.steps.iter_mut().enumerate() {
        match (from.value.is_empty(), step.value.is_empty()) {
            (true, true) => continue,
            (_, true) => step.error = Some(required()),
            (_, false) => {}
        }
        let pointer = format!("/rules/0/tiers/steps/{}", steps.len());
        places.push((format!("{pointer}/from"), Place::From(index)));
        places.push((pointer, Place::Step(index)));
        let amount = amount_of(&unit, &step.value, currency);
        steps.push(json!({ "from": whole(from), "amount": amount }));
    }
    if !steps.is_empty() {
        let tiers = json!({ "by": "count", "per": "month", "mode": "progressive", "steps": steps });
        rule["tiers"] = tiers;
    }
    rule
}

fn amount_of(unit: &str, text: &str, currency: Currency) -> Value {
    // People write a comma as well; the document takes a point.
    let figure = text.replace(',', ".");
    match unit {
        "fixed" => json!({ "fixed": { "amount": figure, "currency": currency.code() } }),
        of => json!({ "percent": figure, "of": of }),
    }
}

fn whole(field: &mut Field) -> Option<u16> {
    let number = field.value.parse().ok();
    if number.is_none() {
        let error = FieldError::new("", "whole_number", "Give a whole number.");
        field.error.get_or_insert(error);
    }
    number
}

fn required() -> FieldError {
    FieldError::new("", "required", "Say how much.")
}
