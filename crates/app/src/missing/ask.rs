use std::collections::BTreeSet;

use tributary_directory::{Actor, Viewer, normalise_code};
use tributary_kernel::{
    EventId, FieldError, OrganisationId, PartnerId, PartnershipId, ProgramId, Refusal, limits,
};
use tributary_store::decision::{StoredConversion, conversions_by_id};
use tributary_store::engine::Connection;
use tributary_store::list::PageRequest;
use tributary_store::partnership::{self, PartnershipFilter};
use tributary_store::{missing, program};

use super::answer::{
    CodeKind, FoundCode, FoundSale, FoundWaiting, SaleAnswer, Searched, found, is_owner, takes_part,
};
use crate::conversion::DecidedJourney;
use crate::directory::viewer_of;
use crate::error::refuse_if_any;
use crate::explain::explain_found;
use crate::{App, AppError, text};

/// Questions of one partner within an hour.
pub const QUESTIONS_PER_HOUR: i64 = 30;
/// Questions of one partner within 24 hours.
pub const QUESTIONS_PER_DAY: i64 = 100;
/// Conversions of one mail address that are told of, the newest.
const SALES_MAX: u32 = 20;

/// What somebody knows of a sale.
#[derive(Clone, PartialEq, Eq)]
pub enum Clue {
    /// The order, invoice or lead id.
    Order(String),
    /// The customer's mail address.
    Mail(String),
    /// The code that was used.
    Code(String),
}

/// Mail addresses stay out of logs.
impl std::fmt::Debug for Clue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl Clue {
    /// `order`, `mail` or `code`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Order(_) => "order",
            Self::Mail(_) => "mail",
            Self::Code(_) => "code",
        }
    }
}

/// A question after a sale.
#[derive(Debug, Clone)]
pub struct AskSale {
    /// In one program; none: in all that the reader may see.
    pub program: Option<ProgramId>,
    /// What is known of it.
    pub clue: Clue,
}

/// A place that is looked through: a program, and the partnership of the partner that asks.
#[derive(Debug, Clone, Copy)]
struct Place {
    owner: OrganisationId,
    program: ProgramId,
    whose: Option<PartnershipId>,
}

/// A clue in the form that is looked up.
enum Checked {
    Order(String),
    Mail(String),
    Code(String),
}

/// Says what is known of a sale.
///
/// # Errors
/// What is wrong with the clue, at `/order_id`, `/email` or `/code`; not found, of another's
/// program; `too_many_questions`; a fault.
pub async fn ask_for_sale(
    app: &App,
    actor: &Actor,
    input: &AskSale,
) -> Result<SaleAnswer, AppError> {
    let viewer = viewer_of(actor)?;
    let clue = check(&input.clue)?;
    let places = places(app, viewer, input.program).await?;
    note(app, actor, viewer, input, &places).await?;
    let mut conn = app.record.read().await?;
    let mut answer = SaleAnswer {
        sales: Vec::new(),
        waiting: Vec::new(),
        codes: Vec::new(),
        searched: Vec::new(),
    };
    for place in &places {
        let last_on = missing::last_conversion_day(&mut *conn, place.owner, place.program).await?;
        answer.searched.push(Searched { owner: place.owner, program: place.program, last_on });
        let search = Search { app, viewer, place };
        match &clue {
            Checked::Order(order) => search.order(&mut *conn, order, &mut answer).await?,
            Checked::Mail(mail) => search.mail(&mut *conn, mail, &mut answer).await?,
            Checked::Code(code) => search.code(&mut *conn, code, &mut answer).await?,
        }
    }
    if matches!(clue, Checked::Code(_)) && answer.codes.is_empty() {
        answer.codes.push(FoundCode {
            program: None,
            kind: CodeKind::Unknown,
            partnership: None,
            valid_from: None,
            valid_until: None,
        });
    }
    Ok(answer)
}

fn check(clue: &Clue) -> Result<Checked, AppError> {
    let mut errors = Vec::new();
    let checked = match clue {
        Clue::Order(order) => Checked::Order(text::external_id("/order_id", order, &mut errors)),
        Clue::Mail(mail) => Checked::Mail(text::email("/email", mail, &mut errors)),
        Clue::Code(code) => {
            Checked::Code(normalise_code(code).map_err(|error| error.under("/code"))?)
        }
    };
    refuse_if_any(errors)?;
    Ok(checked)
}

async fn places(
    app: &App,
    viewer: Viewer,
    wanted: Option<ProgramId>,
) -> Result<Vec<Place>, AppError> {
    let mut conn = app.record.read().await?;
    let page = PageRequest { limit: limits::PAGE_ROWS_MAX, after: None };
    let places: Vec<Place> = match viewer {
        Viewer::Owner(_) => match wanted {
            Some(id) => program::find(&mut *conn, viewer, id).await?.into_iter().collect(),
            None => program::list(&mut *conn, viewer, page).await?.items,
        }
        .into_iter()
        .map(|it| Place { owner: it.owner, program: it.id, whose: None })
        .collect(),
        Viewer::Partner(_) => {
            let filter = PartnershipFilter { program: wanted, ..PartnershipFilter::default() };
            let found = partnership::list(&mut *conn, viewer, &filter, page).await?.items;
            let place = |it: tributary_directory::Partnership| Place {
                owner: it.owner,
                program: it.program,
                whose: Some(it.id),
            };
            found.into_iter().map(place).collect()
        }
    };
    if places.is_empty() && wanted.is_some() {
        return Err(Refusal::not_found("program").into());
    }
    Ok(places)
}

/// Counts a partner's question, and writes the audit trail of everybody whose programs are looked
/// through: before anything is looked up.
async fn note(
    app: &App,
    actor: &Actor,
    viewer: Viewer,
    input: &AskSale,
    places: &[Place],
) -> Result<(), AppError> {
    let mut tx = app.record.begin().await?;
    if let Viewer::Partner(partner) = viewer {
        count(app, &mut *tx, partner).await?;
    }
    let owners: BTreeSet<OrganisationId> = places.iter().map(|it| it.owner).collect();
    for owner in owners {
        let mut programs = places.iter().filter(|it| it.owner == owner);
        let Some(first) = programs.next() else { continue };
        let more = programs.count();
        let subject = match first.whose {
            Some(partnership) => partnership.to_string(),
            None => first.program.to_string(),
        };
        let detail = serde_json::json!({ "by": input.clue.name(), "programs": more + 1 });
        app.audit_in(&mut *tx, owner, actor, "sale.asked_for", subject, &detail).await?;
    }
    tx.commit().await?;
    Ok(())
}

async fn count(app: &App, conn: &mut dyn Connection, partner: PartnerId) -> Result<(), AppError> {
    let now = app.now();
    for (since, most) in
        [(now.plus_seconds(-3_600), QUESTIONS_PER_HOUR), (now.plus_days(-1), QUESTIONS_PER_DAY)]
    {
        if missing::questions_since(conn, partner, since).await? >= most {
            let detail = format!(
                "You may ask after {QUESTIONS_PER_HOUR} sales an hour and {QUESTIONS_PER_DAY} a \
                 day; ask again later."
            );
            return Err(Refusal::too_many("too_many_questions", detail).into());
        }
    }
    let id = EventId::new(now, &*app.entropy);
    missing::put_question(conn, partner, *id.as_bytes(), now, now.plus_days(-2)).await?;
    Ok(())
}

/// A look into one place.
struct Search<'a> {
    app: &'a App,
    viewer: Viewer,
    place: &'a Place,
}

impl Search<'_> {
    async fn order(
        &self,
        conn: &mut dyn Connection,
        order: &str,
        answer: &mut SaleAnswer,
    ) -> Result<(), AppError> {
        let Place { owner, program, .. } = *self.place;
        // People copy `#1009` where the shop reports `1009`.
        let plain = order.trim_start_matches('#');
        let spellings: BTreeSet<&str> = [order, plain].into_iter().collect();
        for spelling in spellings.into_iter().filter(|it| !it.is_empty()) {
            for it in missing::conversions_of_order(conn, owner, program, spelling).await? {
                answer.sales.push(self.told(conn, &it, Some(spelling)).await?);
            }
            let rows = missing::quarantined_of_order(conn, owner, program, spelling).await?;
            answer.waiting.extend(rows.iter().map(FoundWaiting::from));
        }
        Ok(())
    }

    async fn mail(
        &self,
        conn: &mut dyn Connection,
        mail: &str,
        answer: &mut SaleAnswer,
    ) -> Result<(), AppError> {
        let Place { owner, program, whose } = *self.place;
        let wrong = |error: FieldError| AppError::from(error.under("/email"));
        let key = self.app.mail_key(owner, mail).map_err(wrong)?;
        let ids = missing::conversions_of_mail(conn, owner, &key, SALES_MAX).await?;
        let keys: Vec<_> = ids.into_iter().map(|id| (owner, id)).collect();
        if keys.is_empty() {
            return Ok(());
        }
        let mut sales = conversions_by_id(conn, &keys).await?;
        sales.retain(|it| it.program == program);
        sales.sort_by_key(|it| std::cmp::Reverse(it.id));
        for it in sales {
            let decided = DecidedJourney::of(&it)?;
            if whose.is_none_or(|whose| takes_part(&decided, whose)) {
                answer.sales.push(self.told(conn, &it, None).await?);
            }
        }
        Ok(())
    }

    async fn code(
        &self,
        conn: &mut dyn Connection,
        code: &str,
        answer: &mut SaleAnswer,
    ) -> Result<(), AppError> {
        let Place { owner, program, whose } = *self.place;
        let now = self.app.now();
        let key = (owner, program, code.to_owned());
        for it in partnership::coupons_by_code(conn, &[key]).await? {
            let own = is_owner(self.viewer) || Some(it.partnership) == whose;
            answer.codes.push(FoundCode::of(&it, own, now));
        }
        let key = (owner, program, code.to_lowercase());
        for it in partnership::by_code(conn, &[key]).await? {
            let own = is_owner(self.viewer) || Some(it.id) == whose;
            answer.codes.push(FoundCode {
                program: Some(program),
                kind: if own { CodeKind::Referral } else { CodeKind::AnotherPartner },
                partnership: own.then_some(it.id),
                valid_from: None,
                valid_until: None,
            });
        }
        Ok(())
    }

    async fn told(
        &self,
        conn: &mut dyn Connection,
        it: &StoredConversion,
        asked: Option<&str>,
    ) -> Result<FoundSale, AppError> {
        let whose = self.place.whose;
        let decided = DecidedJourney::of(it)?;
        let explained = explain_found(conn, self.viewer, it, whose).await?;
        Ok(found(it, &decided, explained, whose, asked))
    }
}
