//! Who stands at a manager's page, and with which rights.

use axum::extract::{FromRequestParts, RawPathParams};
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use tributary_app::AppError;
use tributary_app::access::Seat;
use tributary_app::directory::{find_program, list_programs};
use tributary_directory::{Actor, Mode, Permission, Program, Role, Viewer};
use tributary_kernel::{OrganisationId, ProgramId, Refusal, RefusalKind, Zone, limits};
use tributary_store::decision::CommissionState;
use tributary_store::engine::Connection;
use tributary_store::list::PageRequest;
use tributary_store::work::count_in_state;
use tributary_web::{Problem, SeatChoice, Session};

use super::ConsoleState;
use super::answer::not_found;
use super::visit::Visit;
use crate::{CsrfToken, Flash, Frame, ManagerAccess, Page, ProgramChoice, SeatLink, View};

/// Programs of the switcher that are counted for; somebody with more sees the rest without counts.
const COUNTED_PROGRAMS_MAX: usize = 12;

/// A manager at a page of one program. That it was extracted proves that the person has a seat in
/// the program's organisation; what they may do there the use cases ask.
#[derive(Debug)]
pub(super) struct Desk {
    pub(super) state: ConsoleState,
    pub(super) visit: Visit,
    pub(super) session: Session,
    /// For the use cases.
    pub(super) actor: Actor,
    /// Whose program.
    pub(super) owner: OrganisationId,
    /// The organisation's name.
    pub(super) advertiser: String,
    pub(super) role: Role,
    pub(super) program: Program,
    /// The program's zone.
    pub(super) zone: Zone,
    access: ManagerAccess,
}

impl Desk {
    /// Everything the owner owns.
    pub(super) const fn viewer(&self) -> Viewer {
        Viewer::Owner(self.owner)
    }

    /// A connection to read with.
    pub(super) async fn read(&self) -> Result<Box<dyn Connection>, Problem> {
        Ok(self.state.app().record.read().await.map_err(AppError::from)?)
    }

    /// A path of this program: `at("/links")`.
    pub(super) fn at(&self, rest: &str) -> String {
        format!("/manage/{}{rest}", self.program.id)
    }

    pub(super) const fn may(&self, permission: Permission) -> bool {
        self.role.may(permission)
    }

    /// Asks for a right before a page that is of no use without it.
    pub(super) fn require(&self, permission: Permission) -> Result<(), Problem> {
        Ok(self.actor.require(self.owner, permission)?)
    }

    pub(super) fn frame(&self) -> Frame<ManagerAccess> {
        Frame {
            language: self.visit.language(Some(&self.session.user)),
            zone: self.zone.clone(),
            now: self.state.app().now(),
            csrf: CsrfToken::new(self.session.csrf.clone()),
            flash: self.visit.flash.clone(),
            here: self.visit.here.clone(),
            seats: partner_seats(&self.session),
            access: self.access.clone(),
        }
    }

    pub(super) fn page<T: View<Access = ManagerAccess>>(&self, view: T) -> Response {
        Page::new(self.frame(), view).into_response()
    }

    /// The page again, with what was wrong and cannot be said at a field.
    pub(super) fn refused<T: View<Access = ManagerAccess>>(
        &self,
        view: T,
        flash: Option<Flash>,
    ) -> Response {
        let mut frame = self.frame();
        frame.flash = flash;
        super::answer::refused(Page::new(frame, view))
    }

    /// As [`Self::refused`], of a form whose own address cannot be loaded again.
    pub(super) fn refused_at<T: View<Access = ManagerAccess>>(
        &self,
        view: T,
        flash: Option<Flash>,
        here: String,
    ) -> Response {
        let frame = Frame { here, flash, ..self.frame() };
        super::answer::refused(Page::new(frame, view))
    }

    /// An answer to a form whose own address cannot be loaded again: changing the language leads
    /// to `here` instead.
    pub(super) fn page_of_form<T: View<Access = ManagerAccess>>(
        &self,
        view: T,
        here: String,
    ) -> Response {
        let frame = Frame { here, ..self.frame() };
        Page::new(frame, view).into_response()
    }
}

/// Partners the person works for too; other organisations are in the switcher of programs.
fn partner_seats(session: &Session) -> Vec<SeatLink> {
    let partners = session.seats.iter().filter(|seat| matches!(seat, Seat::Partner { .. }));
    partners.map(seat_link).collect()
}

/// A seat as it is offered.
pub(super) fn seat_link(seat: &Seat) -> SeatLink {
    let (Seat::Member { name, .. } | Seat::Partner { name, .. }) = seat;
    SeatLink { value: SeatChoice::of(seat).to_string(), name: name.clone() }
}

/// A seat in an organisation.
struct Membership<'a> {
    owner: OrganisationId,
    name: &'a str,
    role: Role,
    actor: Actor,
}

fn memberships(session: &Session) -> impl Iterator<Item = Membership<'_>> {
    session.seats.iter().filter_map(|seat| match seat {
        Seat::Member { owner, name, role } => Some(Membership {
            owner: *owner,
            name,
            role: *role,
            actor: seat.actor(session.user.id),
        }),
        Seat::Partner { .. } => None,
    })
}

impl FromRequestParts<ConsoleState> for Desk {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &ConsoleState) -> Result<Self, Problem> {
        let visit = Visit::from_request_parts(parts, state).await?;
        let session = Session::from_request_parts(parts, state).await?;
        let id: ProgramId = segment(parts, state, "program").await?;
        for membership in memberships(&session) {
            let found = find_program(state.app(), &membership.actor, id).await;
            let program = match found {
                Ok(program) => program,
                Err(AppError::Refused(Refusal { kind: RefusalKind::NotFound, .. })) => continue,
                Err(error) => return Err(error.into()),
            };
            let zone = Zone::named(&program.terms.time_zone)
                .map_err(|error| AppError::Corrupt(format!("{}: {error}", program.id)))?;
            let access = access(state, &session, &membership, &program).await?;
            let Membership { owner, name, role, actor } = membership;
            let (state, advertiser) = (state.clone(), name.to_owned());
            return Ok(Self {
                state,
                visit,
                actor,
                owner,
                advertiser,
                role,
                program,
                zone,
                access,
                session: session.clone(),
            });
        }
        Err(not_found("program"))
    }
}

/// A part of the path as an id; what is no id names nothing.
pub(super) async fn segment<T: std::str::FromStr>(
    parts: &mut Parts,
    state: &ConsoleState,
    name: &str,
) -> Result<T, Problem> {
    let Ok(found) = RawPathParams::from_request_parts(parts, state).await else {
        return Err(not_found("page"));
    };
    let value = found.iter().find(|(key, _)| *key == name).map(|(_, value)| value.parse());
    value.and_then(Result::ok).ok_or_else(|| not_found("thing"))
}

/// The switcher, what waits, and the rights.
async fn access(
    state: &ConsoleState,
    session: &Session,
    here: &Membership<'_>,
    program: &Program,
) -> Result<ManagerAccess, Problem> {
    // All programs are read before a connection is held: who waits for a second one while holding
    // the last would wait for itself.
    let programs = programs_of(state, session).await?;
    let mut conn = state.app().record.read().await.map_err(AppError::from)?;
    let mut choices = Vec::new();
    for (membership, found) in programs {
        let viewer = Viewer::Owner(membership.owner);
        let counted = found.id == program.id || choices.len() < COUNTED_PROGRAMS_MAX;
        let waiting = if counted {
            let pending = CommissionState::Pending;
            count_in_state(&mut *conn, viewer, Some(found.id), pending)
                .await
                .map_err(AppError::from)?
        } else {
            0
        };
        choices.push(ProgramChoice {
            id: found.id.to_string(),
            name: found.terms.name,
            advertiser: membership.name.to_owned(),
            waiting: u32::try_from(waiting).unwrap_or(0),
        });
    }
    let id = program.id.to_string();
    let own = choices.iter().position(|choice| choice.id == id).map(|at| choices.remove(at));
    let own = own.unwrap_or_else(|| ProgramChoice {
        id,
        name: program.terms.name.clone(),
        advertiser: here.name.to_owned(),
        waiting: 0,
    });
    Ok(ManagerAccess {
        person: session.user.name.clone(),
        commissions_waiting: own.waiting,
        program: own,
        others: choices,
        test: program.mode == Mode::Test,
        may_decide: here.role.may(Permission::Decide),
        may_manage: here.role.may(Permission::Manage),
        may_pay: here.role.may(Permission::Pay),
        may_administer: here.role.may(Permission::Administer),
    })
}

/// The programs of every organisation the person works in, with the seat for each.
async fn programs_of<'a>(
    state: &ConsoleState,
    session: &'a Session,
) -> Result<Vec<(Membership<'a>, Program)>, Problem> {
    let mut all = Vec::new();
    for seat in &session.seats {
        let Seat::Member { owner, name, role } = seat else { continue };
        let actor = seat.actor(session.user.id);
        let page = PageRequest { limit: limits::PAGE_ROWS_MAX, after: None };
        for program in list_programs(state.app(), &actor, page).await?.items {
            let membership = Membership { owner: *owner, name, role: *role, actor: actor.clone() };
            all.push((membership, program));
        }
    }
    Ok(all)
}

/// Where a member's own first page is: a program of the seat they chose, else any, else the page
/// that makes one.
pub(super) async fn first_page(state: &ConsoleState, session: &Session) -> Result<String, Problem> {
    let programs = programs_of(state, session).await?;
    let chosen = match &session.seat {
        Some(Seat::Member { owner, .. }) => Some(*owner),
        _ => None,
    };
    let first = programs
        .iter()
        .find(|(membership, _)| Some(membership.owner) == chosen)
        .or(programs.first());
    Ok(first.map_or_else(|| "/manage/new".to_owned(), |(_, it)| format!("/manage/{}", it.id)))
}
