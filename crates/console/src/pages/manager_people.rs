use tributary_kernel::Timestamp;

use super::sample::at;
use crate::page::view;
use crate::parts::{Choice, Field, PersonState};
use crate::{Frame, ManagerAccess};

/// Somebody in the list.
#[derive(Debug, Clone)]
pub struct PersonRow {
    /// Their id.
    pub id: String,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Their role's stable name.
    pub role: &'static str,
    /// Where they stand.
    pub state: PersonState,
    /// When they last came in.
    pub last_log_in: Option<Timestamp>,
    /// The person who looks: nobody changes themselves.
    pub own: bool,
}

/// The people of the organisation.
#[derive(Debug, Clone)]
pub struct SettingsPeople {
    /// Everybody of this page of the list.
    pub people: Vec<PersonRow>,
    /// The way to more of them.
    pub pager: crate::parts::Pager,
    /// Name of somebody new.
    pub name: Field,
    /// Their address.
    pub email: Field,
    /// Their role.
    pub role: Field,
    /// Their language.
    pub language: Field,
    /// Languages to choose from.
    pub languages: Vec<Choice>,
}

/// A role's name and what it may do, in the reader's language.
pub(crate) fn role_words<A>(page: &Frame<A>, role: &str) -> (String, String) {
    match role {
        "administrator" => (page.t("role-administrator"), page.t("role-administrator-may")),
        "manager" => (page.t("role-manager"), page.t("role-manager-may")),
        "finance" => (page.t("role-finance"), page.t("role-finance-may")),
        _ => (page.t("role-viewer"), page.t("role-viewer-may")),
    }
}

/// The roles, the one with least first.
const ROLES: [&str; 4] = ["viewer", "manager", "finance", "administrator"];

impl SettingsPeople {
    fn roles(page: &Frame<ManagerAccess>) -> Vec<Choice> {
        ROLES.iter().map(|role| Choice::new(*role, role_words(page, role).0)).collect()
    }

    /// Each role with what it may do.
    fn explained(page: &Frame<ManagerAccess>) -> Vec<(String, String)> {
        ROLES.iter().map(|role| role_words(page, role)).collect()
    }

    fn sample_views() -> Vec<Self> {
        let person = |id: &str, name: &str, role, state, last: Option<&str>| PersonRow {
            id: id.to_owned(),
            name: name.to_owned(),
            email: format!("{id}@nordlys.example"),
            role,
            state,
            last_log_in: last.map(at),
            own: id == "mette",
        };
        let last = Some("2026-11-21T08:12:00Z");
        let some = Self {
            people: vec![
                person("vera", "Vera Lind", "viewer", PersonState::Invited, None),
                person("finn", "Finn Bæk", "finance", PersonState::Active, last),
                person(
                    "jens",
                    "Jens <script>alert(1)</script> Overgaard-Christoffersen",
                    "manager",
                    PersonState::Disabled,
                    Some("2026-10-01T10:00:00Z"),
                ),
                person("mette", "Mette Krogh", "administrator", PersonState::Active, last),
            ],
            pager: crate::parts::Pager::whole(4),
            name: Field::default(),
            email: Field::default(),
            role: Field::of("viewer"),
            language: Field::of("da"),
            languages: vec![Choice::new("da", "Dansk"), Choice::new("en", "English")],
        };
        let wrong = Self {
            name: Field::wrong("", "length"),
            email: Field::wrong("vera", "email_malformed"),
            role: Field::wrong("", "role_unknown"),
            ..some.clone()
        };
        vec![some, wrong]
    }
}

view!(SettingsPeople, "settings-people", ManagerAccess, "pages/settings_people.html", section: ManagerSection::Settings);
