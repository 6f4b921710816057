use crate::SignedIn;
use crate::page::view;
use crate::parts::{Choice, Field};

/// Makes a program for an organisation that is there already.
#[derive(Debug, Clone)]
pub struct ProgramNew {
    /// Its name.
    pub program: Field,
    /// Its currency.
    pub currency: Field,
    /// Currencies to choose from.
    pub currencies: Vec<Choice>,
    /// Its time zone.
    pub time_zone: Field,
    /// Where its links lead.
    pub landing_url: Field,
}

impl ProgramNew {
    fn sample_views() -> Vec<Self> {
        let empty = Self {
            program: Field::default(),
            currency: Field::of("DKK"),
            currencies: ["DKK", "SEK"].map(|code| Choice::new(code, code)).to_vec(),
            time_zone: Field::of("Europe/Copenhagen"),
            landing_url: Field::default(),
        };
        let wrong = Self {
            program: Field::wrong("", "required"),
            landing_url: Field::wrong("nordlys.example", "url_malformed"),
            ..empty.clone()
        };
        vec![empty, wrong]
    }
}

view!(ProgramNew, "program-new", SignedIn, "pages/program_new.html");
