use axum::extract::{FromRef, FromRequestParts};
use http::HeaderValue;
use http::request::Parts;
use tributary_app::access::{Seat, find_session, seats};
use tributary_directory::{Actor, User};
use tributary_kernel::{OrganisationId, PartnerId, Timestamp};

use crate::{Cookies, Problem, ProblemKind, Web};

/// The session cookie's life in the browser, in seconds; the server's own limits are shorter.
const COOKIE_SECONDS: u32 = 60 * 86_400;

/// A user who is logged in, and where they work.
#[derive(Debug, Clone)]
pub struct Session {
    /// Who.
    pub user: User,
    /// Every place they work in.
    pub seats: Vec<Seat>,
    /// Which of them is theirs now: the one chosen, else the first. None without any seat.
    pub seat: Option<Seat>,
    /// Token that every form must carry.
    pub csrf: String,
    /// The cookie's value, to end the session with.
    pub secret: String,
    /// When it began.
    pub since: Timestamp,
}

impl Session {
    /// For the use cases; none without a seat.
    #[must_use]
    pub fn actor(&self) -> Option<Actor> {
        self.seat.as_ref().map(|seat| seat.actor(self.user.id))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Session
where
    Web: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let web = Web::from_ref(state);
        let names = LogInCookies::of(&web);
        let cookies = Cookies::of(&parts.headers);
        let secret = cookies.get(names.session).ok_or_else(not_logged_in)?;
        let found = find_session(web.app(), secret).await?.ok_or_else(not_logged_in)?;
        let seats = seats(web.app(), found.user.id).await?;
        let chosen = cookies.get(names.seat).and_then(SeatChoice::parse);
        let seat = seats
            .iter()
            .find(|seat| chosen.is_some_and(|chosen| chosen == SeatChoice::of(seat)))
            .or(seats.first())
            .cloned();
        let secret = secret.to_owned();
        let since = found.since;
        Ok(Self { user: found.user, seats, seat, csrf: found.csrf, secret, since })
    }
}

fn not_logged_in() -> Problem {
    Problem::new(ProblemKind::Unauthenticated, "not_logged_in", "Log in first.")
}

/// Names a seat, in the cookie that remembers it and in the form that changes it. It gives no
/// right: a seat that is not the user's is not found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeatChoice {
    /// In an organisation.
    Member(OrganisationId),
    /// For a partner.
    Partner(PartnerId),
}

impl SeatChoice {
    /// The name of a seat.
    #[must_use]
    pub const fn of(seat: &Seat) -> Self {
        match seat {
            Seat::Member { owner, .. } => Self::Member(*owner),
            Seat::Partner { partner, .. } => Self::Partner(*partner),
        }
    }

    /// From its text.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        text.parse().map(Self::Member).ok().or_else(|| text.parse().map(Self::Partner).ok())
    }
}

impl std::fmt::Display for SeatChoice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Member(id) => id.fmt(f),
            Self::Partner(id) => id.fmt(f),
        }
    }
}

/// Names and attributes of the log-in cookies. Over https the names begin with `__Host-`, so that
/// no other host of the domain can set them.
#[derive(Debug, Clone, Copy)]
pub struct LogInCookies {
    /// The session's secret.
    pub session: &'static str,
    /// The chosen seat.
    pub seat: &'static str,
    attributes: &'static str,
}

impl LogInCookies {
    /// As configured.
    #[must_use]
    pub fn of(web: &Web) -> Self {
        if web.config().https {
            Self {
                session: "__Host-trib",
                seat: "__Host-trib_seat",
                attributes: "Path=/; HttpOnly; SameSite=Lax; Secure",
            }
        } else {
            Self {
                session: "trib_session",
                seat: "trib_seat",
                attributes: "Path=/; HttpOnly; SameSite=Lax",
            }
        }
    }

    fn set(self, name: &str, value: &str, seconds: u32) -> HeaderValue {
        let text = format!("{name}={value}; {}; Max-Age={seconds}", self.attributes);
        HeaderValue::from_str(&text).expect("names, base62 secrets and ids are header text")
    }

    /// `Set-Cookie` that begins a session. `secret` is base62, as `app` makes it.
    #[must_use]
    pub fn begin(self, secret: &str) -> HeaderValue {
        self.set(self.session, secret, COOKIE_SECONDS)
    }

    /// `Set-Cookie` that ends it.
    #[must_use]
    pub fn end(self) -> HeaderValue {
        self.set(self.session, "", 0)
    }

    /// `Set-Cookie` that remembers a seat.
    #[must_use]
    pub fn choose(self, seat: SeatChoice) -> HeaderValue {
        self.set(self.seat, &seat.to_string(), COOKIE_SECONDS)
    }
}
