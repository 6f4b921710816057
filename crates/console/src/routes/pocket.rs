//! Who stands at a partner's page.

use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use tributary_app::AppError;
use tributary_app::access::Seat;
use tributary_app::directory::{list_partnerships, list_programs};
use tributary_app::leads::{LeadSettings, lead_settings_of_partner};
use tributary_directory::{Actor, Partnership, Program, Viewer};
use tributary_kernel::{PartnerId, ProgramId, Zone, limits};
use tributary_store::engine::Connection;
use tributary_store::list::PageRequest;
use tributary_store::partnership::PartnershipFilter;
use tributary_web::{Problem, Session};

use super::ConsoleState;
use super::answer::not_found;
use super::desk::seat_link;
use super::visit::Visit;
use crate::{CsrfToken, Flash, Frame, Page, PartnerAccess, View};

/// Somebody at work for a partner.
#[derive(Debug)]
pub(super) struct Pocket {
    pub(super) state: ConsoleState,
    pub(super) visit: Visit,
    pub(super) session: Session,
    /// For the use cases.
    pub(super) actor: Actor,
    pub(super) partner: PartnerId,
    /// The partner's name.
    pub(super) name: String,
    /// Its programs, newest membership first.
    pub(super) memberships: Vec<(Partnership, Program)>,
    /// How those of its programs that take leads do.
    pub(super) lead_programs: Vec<(ProgramId, LeadSettings)>,
    zone: Zone,
}

impl Pocket {
    pub(super) const fn viewer(&self) -> Viewer {
        Viewer::Partner(self.partner)
    }

    pub(super) async fn read(&self) -> Result<Box<dyn Connection>, Problem> {
        Ok(self.state.app().record.read().await.map_err(AppError::from)?)
    }

    /// The name of a program that the partner is in.
    pub(super) fn program_name(&self, id: ProgramId) -> String {
        let found = self.memberships.iter().find(|(_, program)| program.id == id);
        found.map_or_else(String::new, |(_, program)| program.terms.name.clone())
    }

    pub(super) fn frame(&self) -> Frame<PartnerAccess> {
        let others = self.session.seats.iter().filter(
            |seat| !matches!(seat, Seat::Partner { partner, .. } if *partner == self.partner),
        );
        Frame {
            language: self.visit.language(Some(&self.session.user)),
            zone: self.zone.clone(),
            now: self.state.app().now(),
            csrf: CsrfToken::new(self.session.csrf.clone()),
            flash: self.visit.flash.clone(),
            here: self.visit.here.clone(),
            seats: others.map(seat_link).collect(),
            access: PartnerAccess {
                person: self.name.clone(),
                takes_leads: !self.lead_programs.is_empty(),
            },
        }
    }

    pub(super) fn page<T: View<Access = PartnerAccess>>(&self, view: T) -> Response {
        Page::new(self.frame(), view).into_response()
    }

    /// The page again, with what was wrong and cannot be said at a field.
    pub(super) fn refused<T: View<Access = PartnerAccess>>(
        &self,
        view: T,
        flash: Option<Flash>,
    ) -> Response {
        let mut frame = self.frame();
        frame.flash = flash;
        super::answer::refused(Page::new(frame, view))
    }
}

impl FromRequestParts<ConsoleState> for Pocket {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &ConsoleState) -> Result<Self, Problem> {
        let visit = Visit::from_request_parts(parts, state).await?;
        let session = Session::from_request_parts(parts, state).await?;
        let seat = match &session.seat {
            Some(seat @ Seat::Partner { .. }) => Some(seat),
            _ => session.seats.iter().find(|seat| matches!(seat, Seat::Partner { .. })),
        };
        let Some(seat @ Seat::Partner { partner, name }) = seat else {
            return Err(not_found("partner"));
        };
        let (actor, partner, name) = (seat.actor(session.user.id), *partner, name.clone());
        let memberships = memberships(state, &actor).await?;
        // A partner's moments are told by the clock of a program it is in.
        let zone = memberships
            .iter()
            .find_map(|(_, program)| Zone::named(&program.terms.time_zone).ok())
            .unwrap_or_else(Zone::utc);
        let lead_programs = lead_settings_of_partner(state.app(), &actor).await?;
        let state = state.clone();
        Ok(Self { state, visit, session, actor, partner, name, memberships, lead_programs, zone })
    }
}

async fn memberships(
    state: &ConsoleState,
    actor: &Actor,
) -> Result<Vec<(Partnership, Program)>, Problem> {
    let page = PageRequest { limit: limits::PAGE_ROWS_MAX, after: None };
    let filter = PartnershipFilter::default();
    let partnerships = list_partnerships(state.app(), actor, &filter, page).await?;
    let programs = list_programs(state.app(), actor, page).await?.items;
    let with_program = partnerships.items.into_iter().filter_map(|it| {
        let program = programs.iter().find(|program| program.id == it.partnership.program)?;
        Some((it.partnership, program.clone()))
    });
    Ok(with_program.collect())
}
