//! What a row says, read by the mapping.

use tributary_kernel::{
    FieldError, IdError, LeadId, OrganisationId, PartnerId, ProgramId, Timestamp, Zone,
};
use tributary_money::{Currency, Money};
use tributary_sales::Domain;
use tributary_sheet::{amount, moment, plain, whole};
use tributary_store::account::AccountKeyKind;
use tributary_store::decision::AdjustmentKind;
use tributary_store::upload::UploadKind;

use super::chunk::KeptRow;
use super::counts::Issue;
use super::field::naming_fields;
use super::{Field, Mapping};
use crate::App;
use crate::conversion::{
    ReportConversion, ReportedDetails, company_number_at, domain_error, domain_of_mail,
    number_error,
};
use crate::leads::{AdvanceLead, Told};

/// What a row says.
#[derive(Debug, Clone)]
pub(super) enum Given {
    Report(Box<ReportConversion>),
    Adjust(Box<Adjustment>),
    Stage(Box<StageRow>),
}

/// What a row says of a lead.
#[derive(Debug, Clone)]
pub(super) struct StageRow {
    /// Which lead.
    pub(super) told: Told,
    /// What it came to.
    pub(super) step: AdvanceLead,
}

/// What a row says of a conversion that was reported earlier.
#[derive(Debug, Clone)]
pub(super) struct Adjustment {
    /// The type, where the file has a column for it.
    pub(super) event: Option<String>,
    pub(super) order: String,
    /// The adjustment's own id.
    pub(super) id: String,
    pub(super) what: What,
}

#[derive(Debug, Clone)]
pub(super) enum What {
    Refund { amount: Option<Money>, kind: AdjustmentKind, at: Option<Timestamp> },
    Correction { amount: Money, net_amount: Option<Money> },
    Departure { at: Option<Timestamp> },
}

/// A row and what it says.
#[derive(Debug, Clone)]
pub(super) struct ReadRow {
    pub(super) line: u32,
    /// The order id; of a stage what names the lead. Kept with the outcome: never a mail address.
    pub(super) order: String,
    /// The order or lead id of the same customer's earlier conversion.
    pub(super) lead: Option<String>,
    pub(super) given: Result<Given, Vec<Issue>>,
}

/// Reads rows of one file.
pub(super) struct RowReader<'a> {
    pub(super) app: &'a App,
    pub(super) owner: OrganisationId,
    pub(super) program: ProgramId,
    pub(super) currency: Currency,
    /// The owner's country, ISO 3166-1 alpha-2.
    pub(super) home: &'a str,
    pub(super) zone: &'a Zone,
    pub(super) kind: UploadKind,
    pub(super) mapping: &'a Mapping,
    pub(super) now: Timestamp,
}

/// One row's cells, and what is wrong with them.
struct Cells<'a> {
    reader: &'a RowReader<'a>,
    row: &'a KeptRow,
    issues: Vec<Issue>,
}

impl RowReader<'_> {
    pub(super) fn read(&self, row: &KeptRow) -> ReadRow {
        let mut cells = Cells { reader: self, row, issues: Vec::new() };
        let order = cells.name();
        let lead = cells.text(Field::LeadOrderId);
        let given = match row.problem() {
            Some(problem) => Err(vec![Issue::new(None, problem.code(), problem.remedy())]),
            None => {
                let given = cells.given(&order);
                if cells.issues.is_empty() { Ok(given) } else { Err(cells.issues) }
            }
        };
        ReadRow { line: row.line(), order, lead, given }
    }
}

impl Cells<'_> {
    fn raw(&self, field: Field) -> Option<&str> {
        let place = self.reader.mapping.columns.get(&field)?;
        self.row.cell(*place).filter(|it| !it.is_empty())
    }

    fn text(&self, field: Field) -> Option<String> {
        self.raw(field).map(|it| plain(it).trim().to_owned())
    }

    fn amount(&mut self, field: Field) -> Option<Money> {
        let reader = self.reader;
        let decimal = reader.mapping.decimal.read();
        let read = amount(self.raw(field)?, reader.currency, decimal);
        read.map_err(|error| self.issues.push(Issue::of_cell(field, error))).ok()
    }

    /// A day alone is its end: what happened on it was before.
    fn moment(&mut self, field: Field) -> Option<Timestamp> {
        let reader = self.reader;
        let read = moment(self.raw(field)?, reader.zone, reader.mapping.dates.read());
        let read = read.map(|it| it.by(reader.now, reader.zone));
        read.map_err(|error| self.issues.push(Issue::of_cell(field, error))).ok()
    }

    fn event(&self) -> Option<String> {
        self.text(Field::Type).map(|it| it.to_lowercase().replace([' ', '-'], "_"))
    }

    /// What the row is called by.
    fn name(&self) -> String {
        let by = naming_fields(self.reader.kind);
        by.iter().find_map(|it| self.text(*it)).unwrap_or_default()
    }

    fn given(&mut self, order: &str) -> Given {
        if order.is_empty() && self.reader.kind != UploadKind::Stages {
            let detail = "This row has no order id: fill it in, or take the row out.";
            self.issues.push(Issue::new(Some(Field::OrderId), "required", detail));
        }
        if let Some(code) = self.text(Field::Currency)
            && !code.eq_ignore_ascii_case(self.reader.currency.code())
        {
            let currency = self.reader.currency;
            let detail =
                format!("This program's amounts are in {currency}: convert before you send.");
            self.issues.push(Issue::new(Some(Field::Currency), "currency_mismatch", detail));
        }
        match self.reader.kind {
            UploadKind::Conversions => Given::Report(Box::new(self.report(order))),
            UploadKind::Refunds => self.refund(order),
            UploadKind::Corrections => self.correction(order),
            UploadKind::Departures => self.departure(order),
            UploadKind::Stages => self.stage(),
        }
    }

    fn lead(&mut self) -> Option<LeadId> {
        let text = self.text(Field::LeadId)?;
        let wrong = |_| {
            let detail = "A lead's id is like lead_…, as its page and GET /v1/leads show it.";
            Issue::new(Some(Field::LeadId), "lead_unknown", detail)
        };
        text.parse().map_err(|error: IdError| self.issues.push(wrong(error))).ok()
    }

    fn mail_key(&mut self) -> Option<String> {
        let mail = self.text(Field::Email)?;
        let key = self.reader.app.mail_key(self.reader.owner, &mail);
        let wrong =
            |error: &FieldError| Issue::new(Some(Field::Email), error.code, error.detail.clone());
        key.map_err(|error| self.issues.push(wrong(&error))).ok()
    }

    fn company_number(&mut self) -> Option<String> {
        let text = self.text(Field::CompanyNumber)?;
        let found = company_number_at(self.reader.home, &text);
        if found.is_none() {
            self.issues.push(Issue::of_field(&number_error("/company_number")));
        }
        found
    }

    /// Its own column, else the mail address tells it.
    fn company_domain(&mut self) -> Option<String> {
        let Some(text) = self.text(Field::CompanyDomain) else {
            return self.text(Field::Email).as_deref().and_then(domain_of_mail);
        };
        match bare_host(&text).parse::<Domain>() {
            Ok(domain) => Some(domain.to_string()),
            Err(error) => {
                self.issues.push(Issue::of_field(&domain_error("/company_domain", error)));
                None
            }
        }
    }

    fn stage(&mut self) -> Given {
        let told = Told {
            lead: self.lead(),
            mail_key: self.mail_key(),
            company: [
                (AccountKeyKind::Id, self.text(Field::CompanyId)),
                (AccountKeyKind::Number, self.company_number()),
                (AccountKeyKind::Domain, self.company_domain()),
            ]
            .into_iter()
            .filter_map(|(kind, it)| Some((self.reader.owner, kind, it?)))
            .collect(),
        };
        if self.issues.is_empty() && told.is_empty() {
            let detail = "This row names no lead: fill in its id, or the company's number or \
                          domain, or the contact's mail address.";
            self.issues.push(Issue::new(Some(Field::LeadId), "required", detail));
        }
        let stage = self.text(Field::Stage).map(|it| it.to_lowercase().replace([' ', '-'], "_"));
        if stage.is_none() {
            let detail = "This row has no stage: fill in the one that the lead came to.";
            self.issues.push(Issue::new(Some(Field::Stage), "required", detail));
        }
        let step = AdvanceLead {
            stage: stage.unwrap_or_default(),
            at: self.moment(Field::OccurredAt),
            reason: self.text(Field::Reason),
            value: self.amount(Field::Amount),
            first_year: None,
            order_id: self.text(Field::OrderId),
            grade: self.text(Field::Grade),
        };
        Given::Stage(Box::new(StageRow { told, step }))
    }

    fn report(&mut self, order: &str) -> ReportConversion {
        let quantity = self.text(Field::Quantity).and_then(|text| {
            let read = whole(&text);
            read.map_err(|error| self.issues.push(Issue::of_cell(Field::Quantity, error))).ok()
        });
        let partner: Option<PartnerId> = self.text(Field::Partner).and_then(|text| {
            let wrong = |error: IdError| {
                let detail = format!("{error}; for a referral code use the column via.");
                Issue::new(Some(Field::Partner), "partner_malformed", detail)
            };
            text.parse().map_err(|error| self.issues.push(wrong(error))).ok()
        });
        let reader = self.reader;
        let mail_key = self.mail_key();
        let details = ReportedDetails {
            company_id: self.text(Field::CompanyId),
            company_number: self.company_number(),
            company_domain: self.company_domain(),
            grade: self.text(Field::Grade),
            customer_country: self.text(Field::CustomerCountry).map(|it| it.to_uppercase()),
            customer_source: self.text(Field::CustomerSource),
            ..ReportedDetails::default()
        };
        ReportConversion {
            program: Some(reader.program),
            kind: self.event().unwrap_or_else(|| reader.mapping.event.clone()),
            order_id: order.to_owned(),
            occurred_at: self.moment(Field::OccurredAt),
            amount: self.amount(Field::Amount),
            net_amount: self.amount(Field::NetAmount),
            quantity,
            click_id: self.text(Field::ClickId),
            code: self.text(Field::Code),
            customer_id: self.text(Field::CustomerId),
            mail_key,
            partner,
            via: self.text(Field::Via),
            lead: self.lead(),
            delivery_key: None,
            details: (!details.is_empty()).then(|| Box::new(details)),
        }
    }

    fn adjustment(&self, order: &str, id: Field, what: What) -> Given {
        // Without an id of its own a row stands for the one adjustment of its kind and order.
        let id = self.text(id).unwrap_or_else(|| format!("{}:{order}", self.reader.kind));
        Given::Adjust(Box::new(Adjustment {
            event: self.event(),
            order: order.to_owned(),
            id,
            what,
        }))
    }

    fn refund(&mut self, order: &str) -> Given {
        let kind = match self.text(Field::RefundKind).map(|it| it.to_lowercase()).as_deref() {
            None | Some("refund") => AdjustmentKind::Refund,
            Some("chargeback") => AdjustmentKind::Chargeback,
            Some(_) => {
                let detail = "Write refund or chargeback.";
                self.issues.push(Issue::new(Some(Field::RefundKind), "not_a_refund", detail));
                AdjustmentKind::Refund
            }
        };
        // Many write what is given back below zero.
        let amount = self.amount(Field::Amount);
        let amount = amount.map(|it| Money::new(it.minor.saturating_abs(), it.currency));
        let at = self.moment(Field::OccurredAt);
        self.adjustment(order, Field::RefundId, What::Refund { amount, kind, at })
    }

    fn correction(&mut self, order: &str) -> Given {
        let given = self.raw(Field::Amount).is_some();
        let amount = self.amount(Field::Amount);
        if !given {
            let detail = "This row has no amount: fill in the right one.";
            self.issues.push(Issue::new(Some(Field::Amount), "required", detail));
        }
        let amount = amount.unwrap_or(Money::zero(self.reader.currency));
        let net_amount = self.amount(Field::NetAmount);
        self.adjustment(order, Field::CorrectionId, What::Correction { amount, net_amount })
    }

    fn departure(&mut self, order: &str) -> Given {
        let at = self.moment(Field::LeftAt);
        self.adjustment(order, Field::DepartureId, What::Departure { at })
    }
}

/// The host of what may be the address of a company's pages.
fn bare_host(text: &str) -> &str {
    let text = text.split_once("://").map_or(text, |(_, rest)| rest);
    let host = text.split(['/', '?', '#', ':']).next().unwrap_or_default();
    host.strip_prefix("www.").unwrap_or(host)
}
