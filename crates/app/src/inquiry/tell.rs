//! Mails of an inquiry. They are written down with the step that they tell of, in the words of
//! whoever reads them, so that none is told of what did not happen and none is lost.

use tributary_directory::Permission;
use tributary_i18n::Language;
use tributary_i18n::mail::inquiry_notice;
use tributary_kernel::{LocalDate, Zone};
use tributary_store::engine::Connection;
use tributary_store::inquiry::StoredInquiry;
use tributary_store::list::PageRequest;
use tributary_store::{member, organisation, program};

use crate::mail::{Mail, Postman, keep_in};
use crate::{App, AppError};

/// Most people of an organisation whom one step is mailed to.
const DECIDERS_MAX: u32 = 50;

/// What a mail tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Notice {
    /// To the program: a partner asks about money.
    Opened,
    /// To the program: the partner has told more.
    Replied,
    /// To the program: the partner does not agree to a no.
    Disputed,
    /// To the program: the partner no longer asks.
    Withdrawn,
    /// To the partner: an answer.
    Answered,
    /// To the partner: a question.
    Asked,
    /// To the partner: a yes.
    Accepted,
    /// To the partner: a no.
    Refused,
    /// To the partner: the mediator's no.
    Upheld,
    /// To whoever has the turn: the deadline comes.
    DueSoon,
    /// To whoever has the turn: the deadline has passed.
    Overdue,
    /// To the partner: the days of disputing end.
    DisputeEnds,
}

impl Notice {
    /// Key of its line.
    const fn key(self) -> &'static str {
        match self {
            Self::Opened => "mail-inquiry-opened",
            Self::Replied => "mail-inquiry-replied",
            Self::Disputed => "mail-inquiry-disputed",
            Self::Withdrawn => "mail-inquiry-withdrawn",
            Self::Answered => "mail-inquiry-answered",
            Self::Asked => "mail-inquiry-asked",
            Self::Accepted => "mail-inquiry-accepted",
            Self::Refused => "mail-inquiry-refused",
            Self::Upheld => "mail-inquiry-upheld",
            Self::DueSoon => "mail-inquiry-due-soon",
            Self::Overdue => "mail-inquiry-overdue",
            Self::DisputeEnds => "mail-inquiry-dispute-ends",
        }
    }
}

/// What every mail about an inquiry names. No personal data.
struct About<'a> {
    postman: &'a Postman,
    program: String,
    by: Option<LocalDate>,
}

impl<'a> About<'a> {
    /// None where nobody carries mails.
    async fn of(
        app: &'a App,
        conn: &mut dyn Connection,
        it: &StoredInquiry,
    ) -> Result<Option<Self>, AppError> {
        let Some(postman) = app.postman() else { return Ok(None) };
        let found = program::by_ids(conn, &[it.program]).await?.into_iter().next();
        let terms =
            found.ok_or_else(|| AppError::Corrupt(format!("{} is missing", it.program)))?.terms;
        let zone = Zone::named(&terms.time_zone).unwrap_or_else(|_| Zone::utc());
        Ok(Some(Self { postman, program: terms.name, by: it.due_at.map(|at| zone.date(at)) }))
    }

    fn written(&self, notice: Notice, to: (&str, &str, &str), path: &str) -> Mail {
        let (email, name, language) = to;
        let language: Language = language.parse().unwrap_or_default();
        let link = self.postman.address_of(path);
        Mail::new(
            email,
            name,
            inquiry_notice(language, notice.key(), &self.program, self.by, &link),
            None,
        )
    }
}

/// Tells those of the organisation who may decide.
pub(super) async fn tell_deciders(
    app: &App,
    conn: &mut dyn Connection,
    it: &StoredInquiry,
    notice: Notice,
) -> Result<(), AppError> {
    let Some(about) = About::of(app, conn, it).await? else { return Ok(()) };
    let path = format!("/manage/{}/inquiries/{}", it.program, it.id);
    let page = PageRequest { limit: DECIDERS_MAX, after: None };
    let members = member::list(conn, it.owner, page).await?.items;
    let may = members.iter().filter(|it| it.disabled_at.is_none());
    for to in may.filter(|it| it.role.may(Permission::Decide)) {
        let mail = about.written(notice, (&to.email, &to.name, &to.language), &path);
        keep_in(app, conn, &mail).await?;
    }
    Ok(())
}

/// Tells the partner.
pub(super) async fn tell_partner(
    app: &App,
    conn: &mut dyn Connection,
    it: &StoredInquiry,
    notice: Notice,
) -> Result<(), AppError> {
    let Some(about) = About::of(app, conn, it).await? else { return Ok(()) };
    let path = format!("/my/inquiries/{}", it.id);
    let found = organisation::partners(conn, &[it.partner]).await?.into_iter().next();
    let Some(to) = found else { return Ok(()) };
    let mail = about.written(notice, (&to.email, &to.name, &to.language), &path);
    keep_in(app, conn, &mail).await
}
