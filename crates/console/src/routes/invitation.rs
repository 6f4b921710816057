//! The page behind an invitation mail. Its address is sealed by this installation, so that holding
//! it proves that the mail was read.

use axum::extract::State;
use axum::response::Response;
use tributary_app::access::{open_session, seats};
use tributary_app::directory::{
    ChangePartnership, PartnerInvitation, change_partnership, compile, list_plans,
};
use tributary_directory::{Actor, Partner, Partnership, PartnershipStatus, Program, User};
use tributary_store::{organisation, partnership, program};
use tributary_web::{PathOf, Problem};

use super::ConsoleState;
use super::answer::{Answer, done, refused, told};
use super::given::PublicForm;
use super::lists::stored;
use super::log_in::come_in;
use super::visit::Visit;
use super::words::rules_of;
use crate::Flash;
use crate::pages::AcceptInvitation;
use crate::parts::Field;

/// Everything about an invitation that still waits for its answer.
struct Waiting {
    partnership: Partnership,
    partner: Partner,
    user: User,
    program: Program,
    advertiser: String,
    manager: String,
    link: String,
}

/// The invitation of a token; none when it was answered, taken back, is over or was never given.
async fn find(state: &ConsoleState, token: &str) -> Result<Option<Waiting>, Problem> {
    let Some(invitation) = PartnerInvitation::open(state.app(), token) else { return Ok(None) };
    let mut conn = state.app().record.read().await.map_err(tributary_app::AppError::from)?;
    let ids = [invitation.partnership];
    let found = stored(partnership::by_ids(&mut *conn, &ids).await)?.into_iter().next();
    let waits = |it: &Partnership| it.status == PartnershipStatus::Invited;
    let Some(partnership) = found.filter(waits) else { return Ok(None) };
    let partner = stored(organisation::partners(&mut *conn, &[partnership.partner]).await)?;
    let program = stored(program::by_ids(&mut *conn, &[partnership.program]).await)?;
    let (Some(partner), Some(program)) = (partner.into_iter().next(), program.into_iter().next())
    else {
        return Ok(None);
    };
    let user = stored(organisation::find_user_by_email(&mut *conn, &partner.email).await)?;
    let Some(user) = user.filter(|user| user.disabled_at.is_none()) else { return Ok(None) };
    let owner = stored(organisation::find(&mut *conn, partnership.owner).await)?;
    let manager = match invitation.by {
        Some(by) => stored(organisation::find_user(&mut *conn, by).await)?,
        None => None,
    };
    let advertiser = owner.map(|it| it.name).unwrap_or_default();
    let link = stored(partnership::first_links(&mut *conn, &ids).await)?.into_iter().next();
    Ok(Some(Waiting {
        partnership,
        partner,
        user,
        program,
        manager: manager.map_or_else(|| advertiser.clone(), |it| it.name),
        advertiser,
        link: link.map(|it| state.link_url(&it.host, &it.path)).unwrap_or_default(),
    }))
}

impl Waiting {
    fn actor(&self) -> Actor {
        Actor::Partner { user: self.user.id, partner: self.partner.id }
    }
}

pub(super) async fn get(
    State(state): State<ConsoleState>,
    visit: Visit,
    PathOf(token): PathOf<String>,
) -> Answer {
    match find(&state, &token).await? {
        Some(waiting) => page(&state, &visit, token, waiting, Field::default()).await,
        None => Ok(over(&state)),
    }
}

/// An invitation that has been answered is an ordinary thing to come back to.
fn over(state: &ConsoleState) -> Response {
    let flash = Flash::bad("refusal-not-an-invitation");
    told(state, "/login", &flash)
}

async fn page(
    state: &ConsoleState,
    visit: &Visit,
    token: String,
    waiting: Waiting,
    terms: Field,
) -> Answer {
    let frame = visit.frame(state);
    let plans = list_plans(state.app(), &waiting.actor(), waiting.program.id).await?;
    let now = state.app().now();
    let newest = plans.iter().rev().find(|plan| plan.effective_from <= now).or(plans.last());
    let earns = match newest {
        Some(plan) => rules_of(&frame, &compile(plan, &waiting.program)?),
        None => Vec::new(),
    };
    let view = AcceptInvitation {
        token,
        program: waiting.program.terms.name,
        advertiser: waiting.advertiser,
        manager: waiting.manager,
        words: String::new(),
        earns,
        name: waiting.partner.name,
        email: waiting.partner.email,
        link: waiting.link,
        terms,
    };
    Ok(visit.page(state, view))
}

pub(super) async fn post(
    State(state): State<ConsoleState>,
    visit: Visit,
    PathOf(token): PathOf<String>,
    PublicForm(given): PublicForm,
) -> Answer {
    let Some(waiting) = find(&state, &token).await? else { return Ok(over(&state)) };
    if !given.ticked("terms") {
        let wrong = Field::wrong("", "terms");
        return Ok(refused(page(&state, &visit, token, waiting, wrong).await?));
    }
    let actor = waiting.actor();
    let change = ChangePartnership { status: Some(PartnershipStatus::Active), group: None };
    change_partnership(state.app(), &actor, waiting.partnership.id, change).await?;
    // Somebody who is new here comes straight in. Who works elsewhere too logs in the usual way: a
    // mail that is weeks old should not open that.
    let seats = seats(state.app(), waiting.user.id).await?;
    if seats.len() != 1 || waiting.user.password_hash.is_some() {
        return Ok(done(&state, "/login/mail?next=/my", "done-joined"));
    }
    let session = open_session(state.app(), waiting.user.id, &visit.agent).await?;
    let mut response = come_in(state.web(), &session, "/my");
    let flash = Flash::good("done-joined").then("step-bank-details", "/my/bank".to_owned());
    let said = told(&state, "/my", &flash);
    for cookie in said.headers().get_all(http::header::SET_COOKIE) {
        response.headers_mut().append(http::header::SET_COOKIE, cookie.clone());
    }
    Ok(response)
}
