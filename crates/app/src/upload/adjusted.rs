//! Rows about conversions that were reported earlier: refunds, corrections, departures.

use std::collections::{BTreeMap, HashMap, HashSet};

use tributary_directory::Actor;
use tributary_kernel::{AdjustmentId, ConversionId, OrganisationId, ProgramId, Timestamp};
use tributary_store::decision::{self, AdjustmentKind, StoredConversion};
use tributary_store::engine::Connection;
use tributary_store::missing::conversions_of_orders;
use tributary_store::upload::StoredUpload;

use super::Field;
use super::check::note_of;
use super::counts::{Issue, Note, RowOutcome};
use super::given::{Adjustment, Given, ReadRow, What};
use crate::conversion::{
    Adjusted, CorrectConversion, DepartCustomer, RefundConversion, correct_conversion,
    depart_customer, refund_conversion,
};
use crate::{App, AppError};

/// The conversions that rows are about, by order.
pub(super) struct Targets(BTreeMap<String, Vec<StoredConversion>>);

impl Targets {
    pub(super) async fn read(
        conn: &mut dyn Connection,
        (owner, program): (OrganisationId, ProgramId),
        rows: &[ReadRow],
    ) -> Result<Self, AppError> {
        let is_adjustment = |row: &&ReadRow| matches!(row.given, Ok(Given::Adjust(_)));
        let mut orders: Vec<String> =
            rows.iter().filter(is_adjustment).map(|it| it.order.clone()).collect();
        orders.sort_unstable();
        orders.dedup();
        let mut found: BTreeMap<String, Vec<StoredConversion>> = BTreeMap::new();
        if !orders.is_empty() {
            for it in conversions_of_orders(conn, owner, program, &orders).await? {
                found.entry(it.business_key.clone()).or_default().push(it);
            }
        }
        Ok(Self(found))
    }

    /// The one conversion that a row is about.
    fn of(&self, it: &Adjustment) -> Result<&StoredConversion, Issue> {
        let all = self.0.get(&it.order).map(Vec::as_slice).unwrap_or_default();
        let of_type =
            |found: &&StoredConversion| it.event.as_ref().is_none_or(|event| *event == found.kind);
        let mut found = all.iter().filter(of_type);
        match (found.next(), found.next()) {
            (Some(one), None) => Ok(one),
            (Some(_), Some(_)) => {
                let detail = "Several conversions have this order id: add a column with the type.";
                Err(Issue::new(Some(Field::Type), "order_ambiguous", detail))
            }
            (None, _) => {
                let detail = "No conversion of this program has this order id: report it first.";
                Err(Issue::new(Some(Field::OrderId), "order_unknown", detail))
            }
        }
    }
}

/// What rows before in the file do: ids that were used, and amounts that are given back.
#[derive(Default)]
pub(super) struct Subjects {
    ids: HashSet<(ConversionId, String)>,
    given_back: HashMap<ConversionId, i64>,
}

/// What is foreseen of rows that adjust, each with its place.
pub(super) async fn foresee_adjustments(
    conn: &mut dyn Connection,
    of: (OrganisationId, ProgramId),
    rows: &[ReadRow],
    subjects: &mut Subjects,
) -> Result<Vec<(usize, Note)>, AppError> {
    let targets = Targets::read(conn, of, rows).await?;
    let mut notes = Vec::new();
    for (place, row) in rows.iter().enumerate() {
        let Ok(Given::Adjust(it)) = &row.given else { continue };
        let note = match targets.of(it) {
            Err(issue) => note_of(row, RowOutcome::Refused, None, vec![issue]),
            Ok(target) => foreseen(conn, row, it, target, subjects).await?,
        };
        notes.push((place, note));
    }
    Ok(notes)
}

async fn foreseen(
    conn: &mut dyn Connection,
    row: &ReadRow,
    it: &Adjustment,
    target: &StoredConversion,
    subjects: &mut Subjects,
) -> Result<Note, AppError> {
    let subject = Some(target.id.to_string());
    let known = decision::adjustments(conn, target.owner, target.id).await?;
    let again = known.iter().any(|known| known.business_key == it.id)
        || !subjects.ids.insert((target.id, it.id.clone()));
    if again {
        return Ok(note_of(row, RowOutcome::Duplicate, subject, Vec::new()));
    }
    let departed = known.iter().any(|it| it.kind == AdjustmentKind::Departure);
    let is_refund = |kind| matches!(kind, AdjustmentKind::Refund | AdjustmentKind::Chargeback);
    let returned = known.iter().any(|it| is_refund(it.kind));
    let issue = match &it.what {
        What::Refund { amount, .. } => {
            let given_back = subjects.given_back.entry(target.id).or_default();
            let left = target.amount.minor - target.returned_amount - *given_back;
            let amount = amount.map_or(left, |it| it.minor);
            *given_back += amount.clamp(0, left.max(0));
            wrong_refund(amount, left, target.amount.minor)
        }
        What::Correction { .. } if departed => Some(left_already()),
        What::Correction { .. } if returned => {
            let detail = "Part of this conversion was given back: its amount stays as it is.";
            Some(Issue::new(None, "already_returned", detail))
        }
        What::Departure { .. } if departed => Some(left_already()),
        What::Departure { at } if at.is_some_and(|at| at < target.occurred_at) => {
            let detail = "A customer leaves after buying: mend the date.";
            Some(Issue::new(Some(Field::LeftAt), "before_conversion", detail))
        }
        What::Correction { .. } | What::Departure { .. } => None,
    };
    Ok(match issue {
        Some(issue) => note_of(row, RowOutcome::Refused, subject, vec![issue]),
        None => note_of(row, RowOutcome::Ready, subject, Vec::new()),
    })
}

fn wrong_refund(amount: i64, left: i64, whole: i64) -> Option<Issue> {
    if amount == 0 && whole > 0 {
        let detail = "Nothing of this conversion is left to give back: take the row out.";
        return Some(Issue::new(Some(Field::Amount), "not_positive", detail));
    }
    (amount > left).then(|| {
        let detail = "More is given back than is left of this conversion: give back the rest.";
        Issue::new(Some(Field::Amount), "exceeds_rest", detail)
    })
}

fn left_already() -> Issue {
    Issue::new(None, "already_left", "This customer has left already: take the row out.")
}

/// Carries rows out, each in a transaction of its own.
pub(super) async fn carry_out(
    app: &App,
    actor: &Actor,
    stored: &StoredUpload,
    rows: &[ReadRow],
) -> Result<Vec<Note>, AppError> {
    let mut conn = app.record.read().await?;
    let targets = Targets::read(&mut *conn, (stored.owner, stored.program), rows).await?;
    drop(conn);
    let since = stored.committed_at.unwrap_or(stored.created_at);
    let mut own: HashSet<AdjustmentId> = HashSet::new();
    let mut notes = Vec::with_capacity(rows.len());
    for row in rows {
        let note = match &row.given {
            Err(issues) => note_of(row, RowOutcome::Refused, None, issues.clone()),
            Ok(Given::Report(_) | Given::Stage(_)) => {
                return Err(AppError::Corrupt(format!("{} adjusts nothing", stored.id)));
            }
            Ok(Given::Adjust(it)) => match targets.of(it) {
                Err(issue) => note_of(row, RowOutcome::Refused, None, vec![issue]),
                Ok(target) => {
                    let subject = Some(target.id.to_string());
                    match adjust(app, actor, target.id, it).await {
                        Ok(adjusted) => {
                            // After a stop what this file did itself comes before once more.
                            let fresh = !adjusted.duplicate || made_since(&adjusted, since);
                            let first = own.insert(adjusted.adjustment);
                            let outcome = if fresh && first {
                                RowOutcome::Applied
                            } else {
                                RowOutcome::Duplicate
                            };
                            note_of(row, outcome, subject, Vec::new())
                        }
                        Err(AppError::Refused(refusal)) => {
                            note_of(row, RowOutcome::Refused, subject, Issue::all_of(&refusal))
                        }
                        Err(error) if error.is_passing() => return Err(error),
                        Err(error) => {
                            tracing::error!(upload = %stored.id, %error, "upload.row_failed");
                            note_of(row, RowOutcome::Failed, subject, Vec::new())
                        }
                    }
                }
            },
        };
        notes.push(note);
    }
    Ok(notes)
}

/// An id begins with the millisecond in which it was made.
fn made_since(it: &Adjusted, since: Timestamp) -> bool {
    let mut wide = [0; 8];
    wide[2..].copy_from_slice(&it.adjustment.as_bytes()[..6]);
    i64::try_from(u64::from_be_bytes(wide)).is_ok_and(|made| made >= since.as_millisecond())
}

async fn adjust(
    app: &App,
    actor: &Actor,
    conversion: ConversionId,
    it: &Adjustment,
) -> Result<Adjusted, AppError> {
    let id = it.id.clone();
    match &it.what {
        What::Refund { amount, kind, at } => {
            let (amount, kind, occurred_at) = (*amount, *kind, *at);
            let input = RefundConversion { conversion, refund_id: id, amount, kind, occurred_at };
            refund_conversion(app, actor, input).await
        }
        What::Correction { amount, net_amount } => {
            let (amount, net_amount) = (*amount, *net_amount);
            let input = CorrectConversion { conversion, correction_id: id, amount, net_amount };
            correct_conversion(app, actor, input).await
        }
        What::Departure { at } => {
            let input = DepartCustomer { conversion, departure_id: id, left_at: *at };
            depart_customer(app, actor, input).await
        }
    }
}
