use super::sample::AWKWARD;
use crate::ManagerAccess;
use crate::page::view;
use crate::parts::{Choice, Field, LinkState, Pager};

/// A link in the list.
#[derive(Debug, Clone)]
pub struct LinkRow {
    /// Its id.
    pub id: String,
    /// The whole link.
    pub url: String,
    /// Where it leads; none: the landing page.
    pub destination: Option<String>,
    /// The partner.
    pub partner: String,
    /// Id of the partnership.
    pub partnership: String,
    /// Whether it leads anywhere.
    pub state: LinkState,
    /// Countable clicks of 30 days.
    pub clicks: i64,
    /// First countable clicks per visitor and day.
    pub unique: i64,
    /// Conversions of 30 days.
    pub conversions: i64,
}

/// The links of a program.
#[derive(Debug, Clone)]
pub struct LinksList {
    /// What is searched for.
    pub search: String,
    /// The rows.
    pub rows: Vec<LinkRow>,
    /// Where this page stands.
    pub pager: Pager,
}

/// Makes a link for a partner.
#[derive(Debug, Clone)]
pub struct LinkNew {
    /// For whom.
    pub partnership: Field,
    /// Partners to choose from.
    pub partners: Vec<Choice>,
    /// What stands after the host.
    pub path: Field,
    /// Where it leads.
    pub destination: Field,
    /// Domains it may lead to.
    pub domains: Vec<String>,
    /// Where links begin.
    pub host: String,
}

impl LinkRow {
    /// The link without its scheme, which says nothing in a list, in parts that may stand on lines
    /// of their own.
    fn parts(&self) -> (&str, Vec<&str>) {
        let at = self.url.find("://").map_or(0, |at| at + 3);
        let (scheme, rest) = self.url.split_at(at);
        (scheme, rest.split_inclusive('/').collect())
    }

    const fn is_on(&self) -> bool {
        matches!(self.state, LinkState::Active)
    }
}

impl LinksList {
    fn sample_views() -> Vec<Self> {
        let row =
            |path: &str, partner: &str, destination: Option<&str>, clicks, conversions| LinkRow {
                id: format!("link_{}", path.replace('/', "")),
                url: format!("https://go.nordlys.example/{path}"),
                destination: destination.map(str::to_owned),
                partner: partner.to_owned(),
                partnership: "pship_a".to_owned(),
                state: if clicks == 0 { LinkState::Off } else { LinkState::Active },
                clicks,
                unique: clicks * 4 / 5,
                conversions,
            };
        let rows = vec![
            row("anna", "Anna Holm", None, 3_120, 21),
            row("anna/crm", "Anna Holm", Some("https://nordlys.example/crm/sammenlign"), 1_090, 16),
            row("vest", "Konsulenthuset Vest", None, 612, 12),
            row("gammel", AWKWARD, Some("https://nordlys.example/kampagne-2025"), 0, 0),
        ];
        let all = Self { search: String::new(), pager: Pager::whole(4), rows };
        let nothing = Self { search: "xyz".to_owned(), rows: Vec::new(), pager: Pager::whole(0) };
        let none = Self { search: String::new(), ..nothing.clone() };
        vec![all, nothing, none]
    }
}

impl LinkNew {
    fn sample_views() -> Vec<Self> {
        let empty = Self {
            partnership: Field::of("pship_a"),
            partners: vec![Choice::new("pship_a", "Anna Holm"), Choice::new("pship_d", AWKWARD)],
            path: Field::of("anna/"),
            destination: Field::default(),
            domains: vec!["nordlys.example".to_owned(), "hjaelp.nordlys.example".to_owned()],
            host: "go.nordlys.example/".to_owned(),
        };
        let wrong = Self {
            path: Field::wrong("anna/crm", "path_taken"),
            destination: Field::wrong("https://konkurrent.example/", "domain_not_allowed"),
            ..empty.clone()
        };
        vec![empty, wrong]
    }
}

view!(LinksList, "links", ManagerAccess, "pages/links.html", section: ManagerSection::Links);
view!(LinkNew, "link-new", ManagerAccess, "pages/link_new.html", section: ManagerSection::Links);
