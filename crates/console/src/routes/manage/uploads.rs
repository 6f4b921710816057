//! Files with rows: sent, looked at, recorded.

use std::collections::BTreeMap;

use axum::extract::{Query, State};
use tributary_app::upload::{
    DateStyle, DecimalSign, Field as RowField, Mapping, ReceiveUpload, RowIssue, RowOutcome,
    Upload, UploadKind, UploadRow, UploadState as Reached, cancel_upload, commit_upload, fields_of,
    find_upload, hurry_upload, list_uploads, map_upload, receive_upload, upload_rows,
    upload_rows_csv,
};
use tributary_directory::Permission;
use tributary_kernel::{
    FieldError, LeadId, OrganisationId, ProgramId, QuarantineId, Refusal, UploadId, limits,
};
use tributary_web::{CheckedForm, CheckedUpload, PathOf, Problem, QueryOf};

use super::Desk;
use super::payouts::file;
use crate::pages::{
    UPLOAD_KINDS, UploadColumn, UploadIssue, UploadLine, UploadListRow, UploadPage, UploadsPage,
};
use crate::parts::{Field, Pager, RowState, UploadState};
use crate::routes::ConsoleState;
use crate::routes::answer::{Answer, done, mendable, refusal_flash, see_other, told};
use crate::routes::given::Given;
use crate::routes::lists::ListQuery;

/// Rows on a page.
const ROWS: u32 = 50;
/// Samples shown of a column.
const SAMPLES: usize = 3;
/// Characters of a sample.
const SAMPLE_CHARACTERS: usize = 24;

type Place = PathOf<(ProgramId, UploadId)>;

fn whole(count: u32) -> i64 {
    i64::from(count)
}

const fn reached(it: Reached) -> UploadState {
    match it {
        Reached::Receiving => UploadState::Receiving,
        Reached::Mapping => UploadState::Mapping,
        Reached::Checking => UploadState::Checking,
        Reached::Checked => UploadState::Checked,
        Reached::Committing => UploadState::Committing,
        Reached::Committed => UploadState::Committed,
        Reached::Cancelled => UploadState::Cancelled,
    }
}

const fn row_state(it: RowOutcome) -> RowState {
    match it {
        RowOutcome::Ready => RowState::Ready,
        RowOutcome::Applied => RowState::Applied,
        RowOutcome::Duplicate => RowState::Duplicate,
        RowOutcome::Conflict => RowState::Conflict,
        RowOutcome::Quarantined => RowState::Quarantined,
        RowOutcome::Refused => RowState::Refused,
        RowOutcome::Failed => RowState::Failed,
    }
}

fn kind_key(kind: UploadKind) -> &'static str {
    let found = UPLOAD_KINDS.iter().find(|(name, _)| *name == kind.as_str());
    found.map_or(UPLOAD_KINDS[0].1, |(_, key)| key)
}

/// Key of a field's words.
const fn field_key(field: RowField) -> &'static str {
    match field {
        RowField::OrderId => "upload-field-order-id",
        RowField::Type => "upload-field-type",
        RowField::OccurredAt => "upload-field-occurred-at",
        RowField::Amount => "upload-field-amount",
        RowField::NetAmount => "upload-field-net-amount",
        RowField::Currency => "upload-field-currency",
        RowField::Quantity => "upload-field-quantity",
        RowField::CustomerId => "upload-field-customer-id",
        RowField::Email => "upload-field-email",
        RowField::LeadOrderId => "upload-field-lead-order-id",
        RowField::LeadId => "upload-field-lead-id",
        RowField::ClickId => "upload-field-click-id",
        RowField::Code => "upload-field-code",
        RowField::Via => "upload-field-via",
        RowField::Partner => "upload-field-partner",
        RowField::CompanyId => "upload-field-company-id",
        RowField::CompanyNumber => "upload-field-company-number",
        RowField::CompanyDomain => "upload-field-company-domain",
        RowField::Stage => "upload-field-stage",
        RowField::Reason => "upload-field-reason",
        RowField::Grade => "upload-field-grade",
        RowField::CustomerCountry => "upload-field-customer-country",
        RowField::CustomerSource => "upload-field-customer-source",
        RowField::RefundId => "upload-field-refund-id",
        RowField::RefundKind => "upload-field-refund-kind",
        RowField::CorrectionId => "upload-field-correction-id",
        RowField::DepartureId => "upload-field-departure-id",
        RowField::LeftAt => "upload-field-left-at",
    }
}

async fn list_view(desk: &Desk, query: &ListQuery) -> Result<UploadsPage, Problem> {
    let (app, program) = (desk.state.app(), desk.program.id);
    let found = list_uploads(app, &desk.actor, desk.owner, program, query.page()).await?;
    let row = |it: &Upload| UploadListRow {
        id: it.id.to_string(),
        name: named(it),
        kind_key: kind_key(it.kind),
        rows: whole(it.rows),
        at: it.created_at,
        state: reached(it.state),
    };
    Ok(UploadsPage {
        kind: UploadKind::Conversions.as_str().to_owned(),
        file: Field::default(),
        separator: Field::default(),
        sheet: Field::default(),
        rows: found.items.iter().map(row).collect(),
        pager: query.pager(&desk.at("/uploads"), &found),
    })
}

/// A file that came without a name has its id.
fn named(it: &Upload) -> String {
    if it.name.is_empty() { it.id.to_string() } else { it.name.clone() }
}

pub(in crate::routes) async fn get_list(
    State(_): State<ConsoleState>,
    desk: Desk,
    QueryOf(query): QueryOf<ListQuery>,
) -> Answer {
    let view = list_view(&desk, &query).await?;
    Ok(desk.page(view))
}

fn separator(text: &str) -> Result<Option<char>, FieldError> {
    let mut letters = text.chars();
    match (text, letters.next(), letters.next()) {
        ("", ..) => Ok(None),
        ("tab", ..) => Ok(Some('\t')),
        (_, Some(sign), None) => Ok(Some(sign)),
        _ => Err(FieldError::new("/separator", "separator_unknown", "Send one sign, or tab.")),
    }
}

/// Takes a file and leads to what it says.
pub(in crate::routes) async fn post_list(
    State(state): State<ConsoleState>,
    desk: Desk,
    form: CheckedUpload<{ limits::ROWS_FILE_BYTES_MAX }>,
) -> Answer {
    desk.require(Permission::Report)?;
    let chosen = form.files.into_iter().find(|it| it.field == "file");
    let given = Given::from(CheckedForm { session: form.session, pairs: form.pairs });
    let Some(chosen) = chosen else {
        let error = FieldError::new("/file", "file_missing", "Choose a file.");
        return refused_file(&desk, &given, error.into()).await;
    };
    let separator = match separator(given.text("separator").trim()) {
        Ok(separator) => separator,
        Err(error) => return refused_file(&desk, &given, error.into()).await,
    };
    let input = ReceiveUpload {
        owner: desk.owner,
        program: desk.program.id,
        kind: given.text("kind").parse().unwrap_or(UploadKind::Conversions),
        name: chosen.name,
        content: chosen.content,
        separator,
        sheet: given.filled("sheet").map(str::to_owned),
    };
    match receive_upload(state.app(), &desk.actor, input).await {
        Ok(it) => {
            hurry_upload(state.app(), (it.owner, it.program, it.id)).await?;
            Ok(see_other(&desk.at(&format!("/uploads/{}", it.id))))
        }
        Err(error) => refused_file(&desk, &given, mendable(error)?).await,
    }
}

/// The page again with a file that was not taken.
async fn refused_file(desk: &Desk, given: &Given, refusal: Refusal) -> Answer {
    let mut view = list_view(desk, &ListQuery::default()).await?;
    given.text("kind").clone_into(&mut view.kind);
    (view.separator, view.sheet) = (given.field("separator"), given.field("sheet"));
    let Some(error) = refusal.errors.first().cloned() else {
        return Ok(desk.refused(view, Some(refusal_flash(refusal.code))));
    };
    match error.code {
        "separator_unknown" => view.separator.error = Some(error),
        "sheet_unknown" => view.sheet.error = Some(error),
        _ => view.file.error = Some(error),
    }
    Ok(desk.refused(view, None))
}

/// Which rows a page shows.
#[derive(Debug, Default, serde::Deserialize)]
pub(in crate::routes) struct RowsQuery {
    #[serde(default)]
    outcome: String,
    #[serde(default)]
    from: u32,
}

impl RowsQuery {
    fn outcome(&self) -> Option<RowOutcome> {
        self.outcome.parse().ok()
    }
}

fn columns(it: &Upload) -> Vec<UploadColumn> {
    if it.rows_gone {
        return Vec::new();
    }
    let taken: BTreeMap<u32, RowField> = it
        .mapping
        .iter()
        .flat_map(|mapping| mapping.columns.iter().map(|(field, place)| (*place, *field)))
        .collect();
    let samples = |place: usize| {
        let cells = it.samples.iter().filter_map(|row| row.cells.get(place));
        let cells = cells.filter(|cell| !cell.is_empty()).take(SAMPLES);
        let short = |cell: &String| cell.chars().take(SAMPLE_CHARACTERS).collect::<String>();
        cells.map(short).collect::<Vec<_>>().join(" · ")
    };
    let column = |(place, name): (usize, &String)| UploadColumn {
        place,
        name: if name.is_empty() { (place + 1).to_string() } else { name.clone() },
        samples: samples(place),
        field: u32::try_from(place)
            .ok()
            .and_then(|it| taken.get(&it))
            .map(|field| field.as_str().to_owned())
            .unwrap_or_default(),
    };
    it.header.iter().enumerate().map(column).collect()
}

async fn view(desk: &Desk, it: &Upload, query: &RowsQuery) -> Result<UploadPage, Problem> {
    let place = (it.owner, it.program, it.id);
    let (app, outcome) = (desk.state.app(), query.outcome());
    let page = upload_rows(app, &desk.actor, place, outcome, (query.from, ROWS)).await?;
    let own = desk.at(&format!("/uploads/{}", it.id));
    let chosen = outcome.map_or("", RowOutcome::as_str);
    let address = |from: u32| format!("{own}?outcome={chosen}&from={from}");
    let frame = desk.frame();
    let issue = |issue: RowIssue| UploadIssue {
        column: issue.column,
        value: issue.value.filter(|it| !it.is_empty()),
        words: frame.refusal_words(&issue.code),
    };
    let line = |row: UploadRow| UploadLine {
        line: whole(row.line),
        order: row.order,
        state: row_state(row.outcome),
        path: row.subject.map(|subject| match subject.parse::<QuarantineId>() {
            Ok(_) => desk.at("/quarantine"),
            Err(_) if subject.parse::<LeadId>().is_ok() => desk.at(&format!("/leads/{subject}")),
            Err(_) => desk.at(&format!("/conversions/{subject}")),
        }),
        issues: row.issues.into_iter().map(issue).collect(),
    };
    let lines: Vec<UploadLine> = page.rows.into_iter().map(line).collect();
    let mapping = it.mapping.as_ref();
    let deals = [RowOutcome::Ready, RowOutcome::Conflict, RowOutcome::Quarantined];
    Ok(UploadPage {
        id: it.id.to_string(),
        name: named(it),
        kind_key: kind_key(it.kind),
        of_leads: it.kind == UploadKind::Stages,
        at: it.created_at,
        state: reached(it.state),
        rows: whole(it.rows),
        done: whole(it.done),
        version: whole(it.version),
        columns: columns(it),
        fields: fields_of(it.kind).iter().map(|it| (it.as_str(), field_key(*it))).collect(),
        event: Field::of(mapping.map_or("", |it| it.event.as_str())),
        decimal: mapping.map_or(DecimalSign::Comma, |it| it.decimal).as_str().to_owned(),
        dates: mapping.map_or(DateStyle::DayFirst, |it| it.dates).as_str().to_owned(),
        mistakes: Vec::new(),
        figures: it
            .counts
            .outcomes
            .iter()
            .map(|(outcome, count)| (row_state(*outcome), whole(*count)))
            .collect(),
        matched: whole(it.counts.matched),
        to_record: deals.iter().map(|outcome| whole(it.counts.count(*outcome))).sum(),
        pager: Pager {
            shown: i64::try_from(lines.len()).unwrap_or(i64::MAX),
            total: None,
            newer: (query.from > 0).then(|| address(0)),
            older: page.next.map(address),
        },
        outcome: chosen.to_owned(),
        lines,
    })
}

async fn found(desk: &Desk, id: UploadId) -> Result<Upload, Problem> {
    let app = desk.state.app();
    Ok(find_upload(app, &desk.actor, desk.owner, desk.program.id, id).await?)
}

pub(in crate::routes) async fn get(
    State(_): State<ConsoleState>,
    desk: Desk,
    PathOf((_, id)): Place,
    Query(query): Query<RowsQuery>,
) -> Answer {
    let it = found(&desk, id).await?;
    let view = view(&desk, &it, &query).await?;
    Ok(desk.page(view))
}

/// Rows as a file.
pub(in crate::routes) async fn table(
    State(state): State<ConsoleState>,
    desk: Desk,
    PathOf((_, id)): Place,
    Query(query): Query<RowsQuery>,
) -> Answer {
    let outcome = query.outcome().unwrap_or(RowOutcome::Refused);
    let csv = upload_rows_csv(state.app(), &desk.actor, place(&desk, id), outcome).await?;
    Ok(file(&format!("{id}-{outcome}.csv"), "text/csv; charset=utf-8", csv.into_bytes()))
}

fn place(desk: &Desk, id: UploadId) -> (OrganisationId, ProgramId, UploadId) {
    (desk.owner, desk.program.id, id)
}

/// Says what the columns are.
pub(in crate::routes) async fn map(
    State(state): State<ConsoleState>,
    desk: Desk,
    PathOf((_, id)): Place,
    form: CheckedForm,
) -> Answer {
    desk.require(Permission::Report)?;
    let it = found(&desk, id).await?;
    let given = Given::from(form);
    let mut columns = BTreeMap::new();
    for (place, _) in it.header.iter().enumerate() {
        let field = given.text(&format!("column-{place}")).parse::<RowField>();
        if let (Ok(field), Ok(place)) = (field, u32::try_from(place)) {
            // Of two columns said to be the same the first counts.
            columns.entry(field).or_insert(place);
        }
    }
    let mapping = Mapping {
        columns,
        event: given.filled("event").unwrap_or("sale").to_owned(),
        decimal: given.text("decimal").parse().unwrap_or(DecimalSign::Comma),
        dates: given.text("dates").parse().unwrap_or(DateStyle::DayFirst),
    };
    let own = desk.at(&format!("/uploads/{id}"));
    match map_upload(state.app(), &desk.actor, place(&desk, id), mapping.clone()).await {
        Ok(_) => {
            hurry_upload(state.app(), place(&desk, id)).await?;
            Ok(done(&state, &own, "done-upload-mapped"))
        }
        Err(error) => {
            let refusal = mendable(error)?;
            if refusal.errors.is_empty() {
                return Ok(told(&state, &own, &refusal_flash(refusal.code)));
            }
            let given = Upload { mapping: Some(mapping), ..it };
            let view = view(&desk, &given, &RowsQuery::default()).await?;
            Ok(desk.refused(wrong(view, &refusal), None))
        }
    }
}

fn wrong(mut view: UploadPage, refusal: &Refusal) -> UploadPage {
    for error in &refusal.errors {
        let name = error.pointer.rsplit('/').next().unwrap_or_default();
        match name.parse::<RowField>() {
            Ok(RowField::Type) => view.event.error = Some(error.clone()),
            Ok(field) => {
                view.mistakes.push((field_key(field).to_owned(), error.code.to_owned()));
            }
            Err(_) => {}
        }
    }
    view
}

/// Has the rows recorded.
pub(in crate::routes) async fn commit(
    State(state): State<ConsoleState>,
    desk: Desk,
    PathOf((_, id)): Place,
    form: CheckedForm,
) -> Answer {
    desk.require(Permission::Report)?;
    let version = Given::from(form).text("version").parse().ok();
    let own = desk.at(&format!("/uploads/{id}"));
    match commit_upload(state.app(), &desk.actor, place(&desk, id), version).await {
        Ok(_) => {
            hurry_upload(state.app(), place(&desk, id)).await?;
            Ok(done(&state, &own, "done-upload-committed"))
        }
        Err(error) => Ok(told(&state, &own, &refusal_flash(mendable(error)?.first_code()))),
    }
}

/// Wants no more of it.
pub(in crate::routes) async fn cancel(
    State(state): State<ConsoleState>,
    desk: Desk,
    PathOf((_, id)): Place,
    _: CheckedForm,
) -> Answer {
    desk.require(Permission::Report)?;
    let own = desk.at(&format!("/uploads/{id}"));
    match cancel_upload(state.app(), &desk.actor, place(&desk, id)).await {
        Ok(_) => Ok(done(&state, &own, "done-upload-cancelled")),
        Err(error) => Ok(told(&state, &own, &refusal_flash(mendable(error)?.first_code()))),
    }
}
