use super::sample::AWKWARD;
use crate::PartnerAccess;
use crate::page::view;
use crate::parts::{Choice, Field};

/// A link of the partner's.
#[derive(Debug, Clone)]
pub struct PartnerLinkRow {
    /// Its id.
    pub id: String,
    /// The whole link.
    pub url: String,
    /// Where it leads; none: the program's landing page.
    pub destination: Option<String>,
    /// The program.
    pub program: String,
    /// Clicks of 30 days.
    pub clicks: i64,
    /// Conversions of 30 days.
    pub conversions: i64,
    /// Switched off: nothing is earned by it.
    pub off: bool,
}

/// The partner's links, and the way to make one.
#[derive(Debug, Clone)]
pub struct PartnerLinks {
    /// The links, most clicked first.
    pub rows: Vec<PartnerLinkRow>,
    /// Programs to make a link for.
    pub programs: Vec<Choice>,
    /// The program chosen.
    pub program: Field,
    /// The page it is to lead to.
    pub destination: Field,
    /// What stands after the partner's name.
    pub path: Field,
    /// Codes that earn without a link.
    pub codes: Vec<(String, String)>,
}

/// One link: to copy, to scan, to tell apart by place.
#[derive(Debug, Clone)]
pub struct PartnerLinkDetail {
    /// Its id.
    pub id: String,
    /// The whole link.
    pub url: String,
    /// With the sub-ids typed below; none before any.
    pub tagged_url: Option<String>,
    /// Where it leads.
    pub destination: String,
    /// The program.
    pub program: String,
    /// Words that must stand beside it, where the program names them.
    pub label: Option<String>,
    /// Sub-ids 1 to 5.
    pub sub_ids: [Field; 5],
    /// Clicks of 30 days.
    pub clicks: i64,
    /// Conversions of 30 days.
    pub conversions: i64,
    /// Switched off: nothing is earned by it.
    pub off: bool,
}

impl PartnerLinkDetail {
    fn shown(&self) -> &str {
        self.tagged_url.as_deref().unwrap_or(&self.url)
    }

    fn sample_views() -> Vec<Self> {
        let plain = Self {
            id: "link_2".to_owned(),
            url: "https://go.nordlys.example/anna/crm".to_owned(),
            tagged_url: None,
            destination: "https://nordlys.example/crm/sammenlign".to_owned(),
            program: "Nordlys CRM".to_owned(),
            label: Some("Reklame for Nordlys ApS".to_owned()),
            sub_ids: Default::default(),
            clicks: 1_090,
            conversions: 16,
            off: false,
        };
        let mut tagged = plain.clone();
        tagged.tagged_url =
            Some("https://go.nordlys.example/anna/crm?sub1=nyhedsbrev-14&sub2=top".to_owned());
        tagged.sub_ids[0] = Field::of("nyhedsbrev-14");
        tagged.sub_ids[1] = Field::wrong("top & bund", "sub_id");
        tagged.label = None;
        let off = Self { off: true, ..plain.clone() };
        vec![plain, tagged, off]
    }
}

impl PartnerLinks {
    fn sample_views() -> Vec<Self> {
        let row =
            |id: &str, path: &str, destination: Option<&str>, clicks, conversions| PartnerLinkRow {
                id: id.to_owned(),
                url: format!("https://go.nordlys.example/{path}"),
                destination: destination.map(str::to_owned),
                program: "Nordlys CRM".to_owned(),
                clicks,
                conversions,
                off: conversions == 0,
            };
        let some = Self {
            rows: vec![
                row("link_3", "anna/gammel", None, 4, 0),
                row("link_1", "anna", None, 3_120, 21),
                row(
                    "link_2",
                    "anna/crm",
                    Some("https://nordlys.example/crm/sammenlign"),
                    1_090,
                    16,
                ),
            ],
            programs: vec![Choice::new("prog_1", "Nordlys CRM"), Choice::new("prog_2", AWKWARD)],
            program: Field::of("prog_1"),
            destination: Field::default(),
            path: Field::default(),
            codes: vec![("ANNA10".to_owned(), "Fjällgården".to_owned())],
        };
        let wrong = Self {
            destination: Field::wrong("https://konkurrent.example/", "domain_not_allowed"),
            path: Field::wrong("crm", "path_taken"),
            ..some.clone()
        };
        let none = Self { rows: Vec::new(), codes: Vec::new(), ..some.clone() };
        vec![some, wrong, none]
    }
}

view!(PartnerLinks, "partner-links", PartnerAccess, "pages/partner_links.html", section: PartnerSection::Links);
view!(PartnerLinkDetail, "partner-link", PartnerAccess, "pages/partner_link.html", section: PartnerSection::Links);
