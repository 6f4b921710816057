use tributary_kernel::Timestamp;

use super::sample::{AWKWARD, at};
use crate::ManagerAccess;
use crate::page::view;
use crate::parts::{Field, Pager, RowState, UploadState};

/// A file in the list.
#[derive(Debug, Clone)]
pub struct UploadListRow {
    /// Its id.
    pub id: String,
    /// What the person's machine called it.
    pub name: String,
    /// Key of what its rows are.
    pub kind_key: &'static str,
    /// How many.
    pub rows: i64,
    /// When it came.
    pub at: Timestamp,
    /// How far it has come.
    pub state: UploadState,
}

/// The files of a program, and the form for another.
#[derive(Debug, Clone)]
pub struct UploadsPage {
    /// What the rows are, as chosen.
    pub kind: String,
    /// The file, with what is wrong with it.
    pub file: Field,
    /// The sign between cells.
    pub separator: Field,
    /// The sheet of a workbook.
    pub sheet: Field,
    /// The newest files.
    pub rows: Vec<UploadListRow>,
    /// Where this page stands.
    pub pager: Pager,
}

/// Kinds of files, and the keys of their words.
pub(crate) const UPLOAD_KINDS: [(&str, &str); 5] = [
    ("conversions", "upload-kind-conversions"),
    ("refunds", "upload-kind-refunds"),
    ("corrections", "upload-kind-corrections"),
    ("departures", "upload-kind-departures"),
    ("stages", "upload-kind-stages"),
];

impl UploadsPage {
    /// Kinds with the keys of their words.
    pub(crate) const fn kinds() -> &'static [(&'static str, &'static str)] {
        &UPLOAD_KINDS
    }

    fn sample_views() -> Vec<Self> {
        let row = |id: &str, name: &str, kind_key, state| UploadListRow {
            id: id.to_owned(),
            name: name.to_owned(),
            kind_key,
            rows: 12_480,
            at: at("2026-11-20T10:03:00Z"),
            state,
        };
        let some = Self {
            kind: "conversions".to_owned(),
            file: Field::default(),
            separator: Field::default(),
            sheet: Field::default(),
            rows: vec![
                row("upl_1", "ordrer-november.xlsx", UPLOAD_KINDS[0].1, UploadState::Checked),
                row("upl_2", AWKWARD, UPLOAD_KINDS[1].1, UploadState::Committing),
                row("upl_3", "returer.csv", UPLOAD_KINDS[1].1, UploadState::Committed),
            ],
            pager: Pager::whole(3),
        };
        let wrong = Self {
            file: Field::wrong("", "file_old_form"),
            rows: Vec::new(),
            pager: Pager::whole(0),
            ..some.clone()
        };
        vec![some, wrong]
    }
}

view!(UploadsPage, "uploads", ManagerAccess, "pages/uploads.html", section: ManagerSection::Conversions);

/// A column of a file.
#[derive(Debug, Clone)]
pub struct UploadColumn {
    /// Its place; the first is 0.
    pub place: usize,
    /// Its name in the file; its number where it has none.
    pub name: String,
    /// What stands in the first rows.
    pub samples: String,
    /// What it is taken for; empty: nothing.
    pub field: String,
}

/// Something wrong with a row.
#[derive(Debug, Clone)]
pub struct UploadIssue {
    /// The column's name; none: the row as a whole.
    pub column: Option<String>,
    /// What stands there.
    pub value: Option<String>,
    /// What is wrong and how to mend it.
    pub words: String,
}

/// A row of a file.
#[derive(Debug, Clone)]
pub struct UploadLine {
    /// Its line in the file.
    pub line: i64,
    /// The order id.
    pub order: String,
    /// What would become, or became, of it.
    pub state: RowState,
    /// Path of the conversion it is or is about.
    pub path: Option<String>,
    /// What is wrong.
    pub issues: Vec<UploadIssue>,
}

/// A file: what its columns are, what would become of its rows, what became of them.
#[derive(Debug, Clone)]
pub struct UploadPage {
    /// Its id.
    pub id: String,
    /// What the person's machine called it.
    pub name: String,
    /// Key of what its rows are.
    pub kind_key: &'static str,
    /// Whether they are of leads, not of orders.
    pub of_leads: bool,
    /// When it came.
    pub at: Timestamp,
    /// How far it has come.
    pub state: UploadState,
    /// How many rows it has.
    pub rows: i64,
    /// Of these, those that were looked at or recorded.
    pub done: i64,
    /// The number of the mapping that is shown.
    pub version: i64,
    /// Its columns, while rows are kept.
    pub columns: Vec<UploadColumn>,
    /// What a column can be: field and key of its words.
    pub fields: Vec<(&'static str, &'static str)>,
    /// The type of rows without one.
    pub event: Field,
    /// `comma` or `point`.
    pub decimal: String,
    /// `day_first` or `month_first`.
    pub dates: String,
    /// Keys of what is wrong with the mapping, with the words of the field.
    pub mistakes: Vec<(String, String)>,
    /// Rows by what becomes of them.
    pub figures: Vec<(RowState, i64)>,
    /// Rows whose customer was found.
    pub matched: i64,
    /// Rows that a commit would deal with.
    pub to_record: i64,
    /// The outcome that is shown; empty: all.
    pub outcome: String,
    /// Its rows.
    pub lines: Vec<UploadLine>,
    /// Where this page of them stands.
    pub pager: Pager,
}

impl UploadPage {
    /// Its path under that of its program.
    pub(crate) fn address(&self, base: impl std::fmt::Display) -> String {
        format!("{base}/uploads/{}", self.id)
    }

    /// Whether somebody can still say what its columns are.
    pub(crate) fn is_open(&self) -> bool {
        matches!(self.state, UploadState::Mapping | UploadState::Checking | UploadState::Checked)
            && !self.columns.is_empty()
    }

    /// Whether the job is at work on it.
    pub(crate) fn is_at_work(&self) -> bool {
        matches!(self.state, UploadState::Checking | UploadState::Committing)
    }

    /// Whether what is shown is what would be.
    pub(crate) fn is_preview(&self) -> bool {
        matches!(self.state, UploadState::Checking | UploadState::Checked)
    }

    /// Whether it can be cancelled.
    pub(crate) fn is_cancellable(&self) -> bool {
        !matches!(self.state, UploadState::Committed | UploadState::Cancelled)
    }

    fn sample_views() -> Vec<Self> {
        let column = |place, name: &str, samples: &str, field: &str| UploadColumn {
            place,
            name: name.to_owned(),
            samples: samples.to_owned(),
            field: field.to_owned(),
        };
        let line = |line, order: &str, state, path: Option<&str>, issues| UploadLine {
            line,
            order: order.to_owned(),
            state,
            path: path.map(str::to_owned),
            issues,
        };
        let issue = |column: Option<&str>, value: Option<&str>, words: &str| UploadIssue {
            column: column.map(str::to_owned),
            value: value.map(str::to_owned),
            words: words.to_owned(),
        };
        let checked = Self {
            id: "upl_1".to_owned(),
            name: "ordrer-november.csv".to_owned(),
            kind_key: UPLOAD_KINDS[0].1,
            of_leads: false,
            at: at("2026-11-20T10:03:00Z"),
            state: UploadState::Checked,
            rows: 12_480,
            done: 12_480,
            version: 1,
            columns: vec![
                column(0, "Ordrenr.", "A-1009 · A-1010 · A-1011", "order_id"),
                column(1, "Dato", "20.11.2026 · 20.11.2026 · 19.11.2026", "occurred_at"),
                column(2, "Beløb", "1.250,00 · 80,50 · 312,00", "amount"),
                column(3, AWKWARD, "", ""),
            ],
            fields: vec![
                ("order_id", "upload-field-order-id"),
                ("occurred_at", "upload-field-occurred-at"),
                ("amount", "upload-field-amount"),
                ("email", "upload-field-email"),
            ],
            event: Field::of("sale"),
            decimal: "comma".to_owned(),
            dates: "day_first".to_owned(),
            mistakes: Vec::new(),
            figures: vec![
                (RowState::Ready, 12_301),
                (RowState::Duplicate, 112),
                (RowState::Conflict, 3),
                (RowState::Refused, 64),
            ],
            matched: 1_204,
            to_record: 12_304,
            outcome: String::new(),
            lines: vec![
                line(2, "A-1009", RowState::Ready, None, Vec::new()),
                line(
                    3,
                    "A-1010",
                    RowState::Refused,
                    None,
                    vec![
                        issue(Some("Dato"), Some("31.02.2026"), "Skriv en dag som 2026-11-30."),
                        issue(Some(AWKWARD), Some(AWKWARD), "Feltet er ikke gyldigt."),
                    ],
                ),
                line(4, "A-1011", RowState::Refused, None, vec![issue(None, None, "For lang.")]),
                line(5, AWKWARD, RowState::Duplicate, Some("/manage/prog_1/conversions/c"), vec![]),
            ],
            pager: Pager {
                shown: 4,
                total: None,
                newer: None,
                older: Some("/manage/prog_1/uploads/upl_1?from=50".to_owned()),
            },
        };
        let mapping = Self {
            state: UploadState::Mapping,
            done: 0,
            figures: Vec::new(),
            lines: Vec::new(),
            mistakes: vec![("upload-field-order-id".to_owned(), "column_required".to_owned())],
            pager: Pager::whole(0),
            ..checked.clone()
        };
        let committing = Self {
            state: UploadState::Committing,
            done: 4_500,
            columns: Vec::new(),
            figures: vec![(RowState::Applied, 4_391), (RowState::Failed, 1)],
            ..checked.clone()
        };
        let committed = Self {
            state: UploadState::Committed,
            columns: Vec::new(),
            outcome: "refused".to_owned(),
            figures: vec![
                (RowState::Applied, 12_301),
                (RowState::Duplicate, 112),
                (RowState::Quarantined, 3),
                (RowState::Refused, 64),
            ],
            ..checked.clone()
        };
        let cancelled = Self {
            state: UploadState::Cancelled,
            columns: Vec::new(),
            figures: Vec::new(),
            lines: Vec::new(),
            matched: 0,
            pager: Pager::whole(0),
            ..checked.clone()
        };
        let stages = Self {
            name: "hubspot-deals.xlsx".to_owned(),
            kind_key: UPLOAD_KINDS[4].1,
            of_leads: true,
            columns: vec![
                column(0, "CVR", "12345678 · 87654321", "company_number"),
                column(1, "Fase", "won · lost", "stage"),
                column(2, "Tabsårsag", "Valgte en anden", "reason"),
            ],
            fields: vec![
                ("lead_id", "upload-field-lead-id"),
                ("stage", "upload-field-stage"),
                ("reason", "upload-field-reason"),
                ("company_number", "upload-field-company-number"),
                ("company_domain", "upload-field-company-domain"),
            ],
            figures: vec![(RowState::Ready, 1), (RowState::Refused, 1)],
            matched: 1,
            to_record: 1,
            lines: vec![
                line(2, "12345678", RowState::Ready, Some("/manage/prog_1/leads/lead_1"), vec![]),
                line(
                    3,
                    "87654321",
                    RowState::Refused,
                    None,
                    vec![issue(Some("CVR"), Some("87654321"), "Flere leads har dette nummer.")],
                ),
            ],
            pager: Pager::whole(2),
            ..checked.clone()
        };
        vec![checked, mapping, committing, committed, cancelled, stages]
    }
}

view!(UploadPage, "upload", ManagerAccess, "pages/upload.html", section: ManagerSection::Conversions);
