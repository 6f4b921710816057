//! The pages people work in: set-up and log-in, the manager's desk, the partner's pocket, and the
//! design system they are made of.
//!
//! **Invariant.** A page is a [`Page`] of a view: it cannot be rendered without language, CSRF
//! token and the access its audience needs (a manager's page only with a manager's access). No
//! inline style or script is ever written, so that the content security policy can forbid both.
//!
//! **Mechanism.** [`router`] mounts the handlers of [`ROUTES`]; each asks who it is, calls use cases
//! and fills a view: a plain struct of typed values (money, days, states), whose template decides
//! words and formats. Every view has samples, and a test renders
//! all pages x samples x languages. Parts (amounts, badges, inputs, charts, figures) are small
//! templates of their own; `/design` shows each with its states.
//!
//! **Limit.** Pages work without script; `app.js` only makes them quicker.

pub mod assets;
mod catalogue;
mod frame;
mod html;
mod page;
pub mod pages;
pub mod parts;
pub mod paths;
mod routes;

pub use catalogue::{SampleFrame, catalogue, design_router, gallery_router};
pub use frame::{
    CsrfToken, Flash, FlashStep, Frame, ManagerAccess, ManagerSection, PartnerAccess,
    PartnerSection, ProgramChoice, Public, SeatLink, SignedIn,
};
pub use html::Html;
pub use page::{CONTENT_SECURITY_POLICY, Page, View};
pub use routes::{Audience, ConsoleState, ROUTES, Route, not_found_page, router};
