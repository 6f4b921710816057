use tributary_directory::{Actor, Permission};
use tributary_kernel::{FieldError, LocalDate, OrganisationId, Refusal, WithholdingRuleId};
use tributary_money::Rate;
use tributary_payout::tax::{NumberKind, TaxPerson, WithholdingBook, WithholdingRule};
use tributary_store::engine::Connection;
use tributary_store::list::{Page, PageRequest};
use tributary_store::tax::{self, StoredWithholdingRule, WITHHOLDING_RULES_MAX};

use crate::books::lock_head;
use crate::error::refuse_if_any;
use crate::{App, AppError, text};

/// A rule of what is withheld, as somebody enters it. None is built in.
#[derive(Debug, Clone)]
pub struct AddWithholdingRule {
    /// Whose.
    pub owner: OrganisationId,
    /// Name for people, like `PPh 23`.
    pub name: String,
    /// Of those liable in which country.
    pub country: String,
    /// Of which kinds of person; empty: all.
    pub persons: Vec<TaxPerson>,
    /// Only of those who have (true) or lack (false) a number of a kind.
    pub number: Option<(NumberKind, bool)>,
    /// Only of those who do or do not pay their own tax; who is not known to, does not.
    pub pays_own_tax: Option<bool>,
    /// Per cent of the amount net of VAT.
    pub percent: String,
    /// First day of payment.
    pub from: LocalDate,
    /// Last day of payment; none: until it is ended.
    pub until: Option<LocalDate>,
    /// Where the rule stands: law or adviser.
    pub source: String,
}

/// Adds a rule. It holds for payouts whose day of payment is within its days, from the next run on.
///
/// # Errors
/// Without the right to pay; one per wrong field; `rule_overlaps` at `/from` when another rule may
/// hold for the same partner on the same day.
pub async fn add_withholding_rule(
    app: &App,
    actor: &Actor,
    input: AddWithholdingRule,
) -> Result<StoredWithholdingRule, AppError> {
    actor.require(input.owner, Permission::Pay)?;
    crate::app::with_retries(|| add_once(app, actor, &input)).await
}

async fn add_once(
    app: &App,
    actor: &Actor,
    input: &AddWithholdingRule,
) -> Result<StoredWithholdingRule, AppError> {
    let owner = input.owner;
    let rule = checked(input)?;
    let mut tx = app.record.begin().await?;
    lock_head(&mut *tx, owner).await?;
    let known = tax::withholding_rules(&mut *tx, owner).await?;
    if known.len() >= WITHHOLDING_RULES_MAX {
        let detail = format!("There are {WITHHOLDING_RULES_MAX} rules already.");
        return Err(Refusal::conflict("too_many", detail).into());
    }
    for it in &known {
        if rule_of(it)?.meets(&rule) {
            let detail = format!("{} may hold for the same partner on the same day.", it.name);
            return Err(FieldError::new("/from", "rule_overlaps", detail).into());
        }
    }
    let persons: Vec<&str> = rule.persons.iter().map(|it| it.as_str()).collect();
    let it = StoredWithholdingRule {
        id: WithholdingRuleId::new(app.now(), &*app.entropy),
        owner,
        name: rule.name,
        country: rule.country,
        persons: serde_json::to_string(&persons).expect("a list of texts is JSON"),
        number: rule.number.map(|(kind, has)| (kind.as_str().to_owned(), has)),
        pays_own_tax: rule.pays_own_tax,
        rate: rule.rate,
        from: rule.from,
        until: rule.until,
        source: rule.source,
        created_at: app.now(),
        created_by: actor.name(),
    };
    tax::put_withholding_rule(&mut *tx, &it).await?;
    let detail = serde_json::json!({ "name": it.name, "rate": it.rate, "from": it.from });
    app.audit_in(&mut *tx, owner, actor, "withholding_rule.added", it.id, &detail).await?;
    tx.commit().await?;
    Ok(it)
}

fn checked(input: &AddWithholdingRule) -> Result<WithholdingRule, AppError> {
    let mut errors = Vec::new();
    let name = text::name("/name", &input.name, &mut errors);
    let source = text::name("/source", &input.source, &mut errors);
    let country = text::country("/country", &input.country, &mut errors);
    let rate = Rate::from_percent(input.percent.trim()).ok();
    let rate = rate.filter(|rate| !rate.is_negative() && *rate <= Rate::ONE);
    if rate.is_none() {
        let detail = "Give a rate in per cent, from 0 to 100, like 2.5.";
        errors.push(FieldError::new("/percent", "percent", detail));
    }
    if input.until.is_some_and(|until| until < input.from) {
        let detail = "The last day is before the first.";
        errors.push(FieldError::new("/until", "range", detail));
    }
    refuse_if_any(errors)?;
    Ok(WithholdingRule {
        name,
        country,
        persons: input.persons.clone(),
        number: input.number,
        pays_own_tax: input.pays_own_tax,
        rate: rate.unwrap_or(Rate::ONE),
        from: input.from,
        until: input.until,
        source,
    })
}

/// Ends a rule: `until` is the last day of payment that it holds for. What was withheld stays.
///
/// # Errors
/// Without the right to pay; not found; `range` at `/until` before its first day.
pub async fn end_withholding_rule(
    app: &App,
    actor: &Actor,
    owner: OrganisationId,
    id: WithholdingRuleId,
    until: LocalDate,
) -> Result<StoredWithholdingRule, AppError> {
    actor.require(owner, Permission::Pay)?;
    crate::app::with_retries(|| end_once(app, actor, owner, id, until)).await
}

async fn end_once(
    app: &App,
    actor: &Actor,
    owner: OrganisationId,
    id: WithholdingRuleId,
    until: LocalDate,
) -> Result<StoredWithholdingRule, AppError> {
    let mut tx = app.record.begin().await?;
    lock_head(&mut *tx, owner).await?;
    let found = tax::find_withholding_rule(&mut *tx, owner, id).await?;
    let Some(mut it) = found else { return Err(Refusal::not_found("rule").into()) };
    // Longer than before could meet another rule.
    if until < it.from || it.until.is_some_and(|last| until > last) {
        let detail = "Give a day from its first to its last.";
        return Err(FieldError::new("/until", "range", detail).into());
    }
    it.until = Some(until);
    tax::put_withholding_rule(&mut *tx, &it).await?;
    let detail = serde_json::json!({ "until": until });
    app.audit_in(&mut *tx, owner, actor, "withholding_rule.ended", id, &detail).await?;
    tx.commit().await?;
    Ok(it)
}

/// An owner's rules, newest first.
///
/// # Errors
/// Without the right to read.
pub async fn list_withholding_rules(
    app: &App,
    actor: &Actor,
    owner: OrganisationId,
    page: PageRequest,
) -> Result<Page<StoredWithholdingRule>, AppError> {
    actor.require(owner, Permission::Read)?;
    let mut conn = app.record.read().await?;
    Ok(tax::list_withholding_rules(&mut *conn, owner, page).await?)
}

/// An owner's rules, and the countries that they are about.
pub(crate) async fn book_in(
    conn: &mut dyn Connection,
    owner: OrganisationId,
) -> Result<(WithholdingBook, Vec<String>), AppError> {
    let rules = tax::withholding_rules(conn, owner).await?;
    let countries = rules.iter().map(|it| it.country.clone()).collect();
    let rules = rules.iter().map(rule_of).collect::<Result<Vec<_>, _>>()?;
    let book = WithholdingBook::new(rules);
    let book = book.map_err(|error| AppError::Corrupt(format!("rules of {owner}: {error}")))?;
    Ok((book, countries))
}

fn rule_of(it: &StoredWithholdingRule) -> Result<WithholdingRule, AppError> {
    let corrupt = || AppError::Corrupt(format!("{} cannot be read", it.id));
    let persons: Vec<String> = serde_json::from_str(&it.persons).map_err(|_| corrupt())?;
    let persons = persons.iter().map(|it| it.parse()).collect::<Result<Vec<TaxPerson>, _>>();
    let number = match &it.number {
        Some((kind, has)) => Some((kind.parse::<NumberKind>().map_err(|_| corrupt())?, *has)),
        None => None,
    };
    Ok(WithholdingRule {
        name: it.name.clone(),
        country: it.country.clone(),
        persons: persons.map_err(|_| corrupt())?,
        number,
        pays_own_tax: it.pays_own_tax,
        rate: it.rate,
        from: it.from,
        until: it.until,
        source: it.source.clone(),
    })
}
