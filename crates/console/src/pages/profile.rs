use super::manager_people::role_words;
use crate::page::view;
use crate::parts::{Choice, Field};
use crate::{Frame, Public, SignedIn};

/// What somebody says of themselves, and their password.
#[derive(Debug, Clone)]
pub struct Profile {
    /// Their address.
    pub email: String,
    /// Their name.
    pub name: Field,
    /// Their language.
    pub language: Field,
    /// Languages to choose from.
    pub languages: Vec<Choice>,
    /// Whether they have a password.
    pub has_password: bool,
    /// The one in use.
    pub old_password: Field,
    /// Another.
    pub password: Field,
}

impl Profile {
    fn sample_views() -> Vec<Self> {
        let some = Self {
            email: "anna@annas-blog.example".to_owned(),
            name: Field::of("Anna Holm"),
            language: Field::of("da"),
            languages: vec![Choice::new("da", "Dansk"), Choice::new("en", "English")],
            has_password: true,
            old_password: Field::default(),
            password: Field::default(),
        };
        let wrong = Self {
            name: Field::wrong("", "length"),
            old_password: Field::wrong("", "password_wrong"),
            password: Field::wrong("", "password_length"),
            ..some.clone()
        };
        let none = Self { has_password: false, ..some.clone() };
        vec![some, wrong, none]
    }
}

/// Behind the link of an invitation into an organisation.
#[derive(Debug, Clone)]
pub struct Join {
    /// The invitation's own name, sealed.
    pub token: String,
    /// The organisation.
    pub organisation: String,
    /// The role's stable name.
    pub role: &'static str,
    /// Who is invited.
    pub name: String,
    /// Their address.
    pub email: String,
}

impl Join {
    fn may(&self, page: &Frame<Public>) -> String {
        role_words(page, self.role).1
    }

    fn sample_views() -> Vec<Self> {
        let sample = |role| Self {
            token: "sample-token".to_owned(),
            organisation: "Nordlys ApS".to_owned(),
            role,
            name: "Finn Bæk".to_owned(),
            email: "finn@nordlys.example".to_owned(),
        };
        vec![sample("finance"), sample("manager")]
    }
}

view!(Profile, "profile", SignedIn, "pages/profile.html");
view!(Join, "join", Public, "pages/join.html");
