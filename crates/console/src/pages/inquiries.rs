use tributary_kernel::{LocalDate, Timestamp};
use tributary_money::Money;

use super::sample::{AWKWARD, at, day, dkk};
use crate::page::view;
use crate::parts::{Choice, Field, InquiryState, Pager};
use crate::{ManagerAccess, PartnerAccess};

/// A row of a list of inquiries.
#[derive(Debug, Clone)]
pub struct InquiryRow {
    /// Where its page is.
    pub href: String,
    /// Key of what is asked about.
    pub kind_key: &'static str,
    /// The order, where the partner named one.
    pub order: Option<String>,
    /// The other side: the program to a partner, the partner to a manager.
    pub with: String,
    /// Where it stands.
    pub state: InquiryState,
    /// When it was opened.
    pub at: Timestamp,
    /// The last day to act, for whoever has the turn.
    pub due: Option<LocalDate>,
    /// Whether that day has passed.
    pub overdue: bool,
}

/// Something said and done.
#[derive(Debug, Clone)]
pub struct InquiryLine {
    /// When.
    pub at: Timestamp,
    /// Who: a name, or empty for the reader.
    pub who: String,
    /// Key of what was done.
    pub step_key: &'static str,
    /// The words.
    pub words: String,
}

/// An inquiry as both sides see it.
#[derive(Debug, Clone)]
pub struct InquiryBody {
    /// Its id.
    pub id: String,
    /// Key of what is asked about.
    pub kind_key: &'static str,
    /// The other side.
    pub with: String,
    /// The order, where the partner named one.
    pub order: Option<String>,
    /// Where it stands.
    pub state: InquiryState,
    /// When it was opened.
    pub at: Timestamp,
    /// What the partner says it is owed.
    pub claimed: Option<Money>,
    /// What the partner has to show.
    pub evidence: Vec<String>,
    /// The last day to act.
    pub due: Option<LocalDate>,
    /// Whether that day has passed.
    pub overdue: bool,
    /// Key of why it was refused.
    pub refusal_key: Option<&'static str>,
    /// Key of how it ended.
    pub outcome_key: Option<&'static str>,
    /// Where the money is that it ended in.
    pub paid_href: Option<String>,
    /// Where the conversion or commission is.
    pub subject_href: Option<String>,
    /// Oldest first.
    pub lines: Vec<InquiryLine>,
}

/// A partner's inquiries.
#[derive(Debug, Clone)]
pub struct PartnerInquiries {
    /// Newest first.
    pub rows: Vec<InquiryRow>,
    /// Where this page stands.
    pub pager: Pager,
}

/// A partner asks.
#[derive(Debug, Clone)]
pub struct PartnerInquiryNew {
    /// The programs it may ask, by partnership.
    pub programs: Vec<Choice>,
    /// The one that is asked.
    pub partnership: Field,
    /// What about, in words.
    pub kinds: Vec<Choice>,
    /// What about.
    pub kind: Field,
    /// The order.
    pub order: Field,
    /// The conversion it comes from; empty: none.
    pub conversion: String,
    /// The commission it comes from; empty: none.
    pub commission: String,
    /// What the partner says it is owed.
    pub claimed: Field,
    /// What it has to show.
    pub evidence: Field,
    /// The question.
    pub words: Field,
}

/// One inquiry of a partner.
#[derive(Debug, Clone)]
pub struct PartnerInquiry {
    /// The inquiry.
    pub body: InquiryBody,
    /// What is typed.
    pub words: Field,
    /// May tell more.
    pub may_reply: bool,
    /// May dispute the no.
    pub may_dispute: bool,
    /// May stop asking.
    pub may_withdraw: bool,
}

/// The inquiries of a program.
#[derive(Debug, Clone)]
pub struct ManagerInquiries {
    /// Newest first.
    pub rows: Vec<InquiryRow>,
    /// The chosen tab.
    pub state: String,
    /// Where this page stands.
    pub pager: Pager,
}

impl ManagerInquiries {
    /// The query's value and the key of its word.
    const fn tabs() -> &'static [(&'static str, &'static str)] {
        &[
            ("", "inquiries-tab-yours"),
            ("overdue", "inquiries-tab-overdue"),
            ("disputed", "inquiry-disputed"),
            ("all", "inquiries-tab-all"),
        ]
    }
}

/// One inquiry at the manager's.
#[derive(Debug, Clone)]
pub struct ManagerInquiry {
    /// The inquiry.
    pub body: InquiryBody,
    /// What is typed.
    pub words: Field,
    /// Why not.
    pub reason: Field,
    /// Reasons of a no.
    pub reasons: Vec<Choice>,
    /// What the partner gets: `credit`, `amount`, `record`.
    pub gets: Field,
    /// The ways, in words.
    pub ways: Vec<Choice>,
    /// The amount.
    pub amount: Field,
    /// The order of a sale that is recorded; none where the sale is known.
    pub order: Option<Field>,
    /// Currency of the program.
    pub currency: &'static str,
    /// May answer now.
    pub may_answer: bool,
    /// May ask the partner for more.
    pub may_ask: bool,
    /// May say yes.
    pub may_accept: bool,
    /// May say no.
    pub may_refuse: bool,
    /// It is a dispute that somebody else has to decide.
    pub another_decides: bool,
    /// It is a dispute that this person decides.
    pub mediates: bool,
}

/// What a yes does, before it is said.
#[derive(Debug, Clone)]
pub struct InquiryConfirm {
    /// The inquiry's id.
    pub id: String,
    /// Who gets it.
    pub partner: String,
    /// What they get.
    pub gained: Vec<Money>,
    /// What is taken back: whose, how much, whether it was paid.
    pub taken_back: Vec<(String, Money, bool)>,
    /// Key of what it comes to in words.
    pub effect_key: &'static str,
    /// What is sent along.
    pub fields: Vec<(&'static str, String)>,
}

fn sample_body(state: InquiryState) -> InquiryBody {
    let line = |time: &str, who: &str, step_key, words: &str| InquiryLine {
        at: at(time),
        who: who.to_owned(),
        step_key,
        words: words.to_owned(),
    };
    InquiryBody {
        id: "inq_1".to_owned(),
        kind_key: "inquiry-kind-missing-sale",
        with: AWKWARD.to_owned(),
        order: Some("1009".to_owned()),
        state,
        at: at("2026-11-10T09:00:00Z"),
        claimed: Some(dkk(250_000)),
        evidence: vec!["Kvittering 1009".to_owned(), AWKWARD.to_owned()],
        due: Some(day("2026-11-24")),
        overdue: false,
        refusal_key: None,
        outcome_key: None,
        paid_href: None,
        subject_href: None,
        lines: vec![
            line("2026-11-10T09:00:00Z", "Anna Holm", "inquiry-step-opened", "Kunden kom fra mig."),
            line("2026-11-12T09:00:00Z", "", "inquiry-step-ask", "Hvilken dag?\nOg hvor?"),
        ],
    }
}

fn sample_rows() -> Vec<InquiryRow> {
    let row = |id: &str, with: &str, state, overdue| InquiryRow {
        href: format!("/my/inquiries/{id}"),
        kind_key: "inquiry-kind-missing-sale",
        order: Some("1009".to_owned()),
        with: with.to_owned(),
        state,
        at: at("2026-11-10T09:00:00Z"),
        due: Some(day("2026-11-24")),
        overdue,
    };
    vec![
        row("inq_1", "Nordlys CRM", InquiryState::Open, true),
        InquiryRow {
            due: None,
            order: None,
            kind_key: "inquiry-kind-declined",
            ..row("inq_2", AWKWARD, InquiryState::Refused, false)
        },
    ]
}

fn refused_body() -> InquiryBody {
    InquiryBody {
        refusal_key: Some("inquiry-refusal-not-tracked"),
        ..sample_body(InquiryState::Refused)
    }
}

fn settled_body(state: InquiryState) -> InquiryBody {
    InquiryBody {
        outcome_key: Some("inquiry-outcome-credited"),
        paid_href: Some("/my/earnings/com_1".to_owned()),
        subject_href: Some("/my/earnings/com_1".to_owned()),
        due: None,
        ..sample_body(state)
    }
}

impl PartnerInquiries {
    fn sample_views() -> Vec<Self> {
        let some = Self { rows: sample_rows(), pager: Pager::whole(2) };
        vec![some, Self { rows: Vec::new(), pager: Pager::whole(0) }]
    }
}

impl PartnerInquiryNew {
    fn sample_views() -> Vec<Self> {
        let empty = Self {
            programs: vec![Choice::new("pship_1", "Nordlys CRM"), Choice::new("pship_2", AWKWARD)],
            partnership: Field::of("pship_1"),
            kinds: vec![
                Choice::new("missing_sale", "Et salg mangler"),
                Choice::new("other", "Andet"),
            ],
            kind: Field::of("missing_sale"),
            order: Field::of("1009"),
            conversion: String::new(),
            commission: String::new(),
            claimed: Field::default(),
            evidence: Field::default(),
            words: Field::default(),
        };
        let wrong = Self {
            words: Field::wrong("", "words_length"),
            claimed: Field::wrong("x", "amount_malformed"),
            commission: "com_1".to_owned(),
            ..empty.clone()
        };
        vec![empty, wrong]
    }
}

impl PartnerInquiry {
    fn sample_views() -> Vec<Self> {
        let view = |body, may_reply, may_dispute| Self {
            body,
            words: Field::default(),
            may_reply,
            may_dispute,
            may_withdraw: may_reply || may_dispute,
        };
        vec![
            view(sample_body(InquiryState::AwaitsPartner), true, false),
            view(refused_body(), false, true),
            view(settled_body(InquiryState::Accepted), false, false),
        ]
    }
}

impl ManagerInquiries {
    fn sample_views() -> Vec<Self> {
        let view = |rows: Vec<InquiryRow>, state: &str| Self {
            pager: Pager::whole(i64::try_from(rows.len()).unwrap_or(0)),
            rows,
            state: state.to_owned(),
        };
        vec![view(sample_rows(), ""), view(Vec::new(), "overdue")]
    }
}

impl ManagerInquiry {
    fn sample_views() -> Vec<Self> {
        let view = |body: InquiryBody, open, another_decides, mediates| Self {
            may_answer: open,
            may_ask: open,
            may_accept: body.state != InquiryState::Settled,
            may_refuse: open || mediates,
            body,
            words: Field::default(),
            reason: Field::default(),
            reasons: vec![Choice::new("not_tracked", "Intet klik og ingen kode fører til salget")],
            gets: Field::of("credit"),
            ways: vec![Choice::new("credit", "Salget"), Choice::new("amount", "Et beløb")],
            amount: Field::default(),
            order: open.then(|| Field::of("1009")),
            currency: "DKK",
            another_decides,
            mediates,
        };
        let overdue = InquiryBody { overdue: true, ..sample_body(InquiryState::Open) };
        let disputed = || InquiryBody { state: InquiryState::Disputed, ..refused_body() };
        let mut wrong = view(sample_body(InquiryState::Answered), true, false, false);
        wrong.words = Field::wrong("", "words_length");
        vec![
            view(overdue, true, false, false),
            view(disputed(), false, true, false),
            view(disputed(), false, false, true),
            view(settled_body(InquiryState::Settled), false, false, false),
            view(refused_body(), false, false, false),
            wrong,
        ]
    }
}

impl InquiryConfirm {
    fn sample_views() -> Vec<Self> {
        let view = Self {
            id: "inq_1".to_owned(),
            partner: AWKWARD.to_owned(),
            gained: vec![dkk(250_000)],
            taken_back: vec![
                ("Bo Lind".to_owned(), dkk(250_000), false),
                ("Carl".to_owned(), dkk(1_000), true),
            ],
            effect_key: "inquiry-effect-credit",
            fields: vec![("act", "accept".to_owned())],
        };
        let record = Self {
            gained: Vec::new(),
            taken_back: Vec::new(),
            effect_key: "inquiry-effect-record",
            ..view.clone()
        };
        vec![view, record]
    }
}

view!(PartnerInquiries, "partner-inquiries", PartnerAccess, "pages/partner_inquiries.html", section: PartnerSection::Earnings);
view!(PartnerInquiryNew, "partner-inquiry-new", PartnerAccess, "pages/partner_inquiry_new.html", section: PartnerSection::Earnings);
view!(PartnerInquiry, "partner-inquiry", PartnerAccess, "pages/partner_inquiry.html", section: PartnerSection::Earnings);
view!(ManagerInquiries, "inquiries", ManagerAccess, "pages/inquiries.html", section: ManagerSection::Commissions);
view!(ManagerInquiry, "inquiry", ManagerAccess, "pages/inquiry.html", section: ManagerSection::Commissions);
view!(InquiryConfirm, "inquiry-confirm", ManagerAccess, "pages/inquiry_confirm.html", section: ManagerSection::Commissions);
