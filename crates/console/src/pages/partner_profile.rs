use crate::page::view;
use crate::parts::{Choice, Field};
use crate::{PartnerAccess, Public};

/// What a partner says of itself to its programs.
#[derive(Debug, Clone)]
pub struct PartnerProfile {
    /// Name, as on statements.
    pub name: Field,
    /// Where it is written to.
    pub email: Field,
    /// Country's two letters.
    pub country: Field,
    /// Language of its mails.
    pub language: Field,
    /// Languages to choose from.
    pub languages: Vec<Choice>,
    /// Where it promotes.
    pub website: Field,
}

impl PartnerProfile {
    fn sample_views() -> Vec<Self> {
        let some = Self {
            name: Field::of("Anna Holm"),
            email: Field::of("anna@annaholm.example"),
            country: Field::of("DK"),
            language: Field::of("da"),
            languages: vec![Choice::new("da", "Dansk"), Choice::new("en", "English")],
            website: Field::of("https://annaholm.example/"),
        };
        let wrong = Self {
            email: Field::wrong("anna", "email_malformed"),
            country: Field::wrong("Danmark", "country_malformed"),
            website: Field::wrong("annaholm", "url_malformed"),
            ..some.clone()
        };
        vec![some, wrong]
    }
}

/// Behind the link in the mail to a new address: one button, since opening a link changes nothing.
#[derive(Debug, Clone)]
pub struct ConfirmAddress {
    /// The sealed text of the link.
    pub token: String,
    /// Whose address.
    pub partner: String,
    /// The new one.
    pub email: String,
}

impl ConfirmAddress {
    fn sample_views() -> Vec<Self> {
        vec![Self {
            token: "sample-token".to_owned(),
            partner: "Anna Holm".to_owned(),
            email: "anna@ny.example".to_owned(),
        }]
    }
}

view!(PartnerProfile, "partner-profile", PartnerAccess, "pages/partner_profile.html", section: PartnerSection::Profile);
view!(ConfirmAddress, "confirm-address", Public, "pages/confirm_address.html");
