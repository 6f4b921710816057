use askama::Template;
use askama::filters::HtmlSafe;
use tributary_i18n::{Arg, Language, Texts};

/// Where a page of a list stands. Lists go by cursor, so there are neighbours, not page numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pager {
    /// Rows on this page.
    pub shown: i64,
    /// Rows in all, where it is known without counting for long.
    pub total: Option<i64>,
    /// Path and query of newer rows.
    pub newer: Option<String>,
    /// Path and query of older rows.
    pub older: Option<String>,
}

impl Pager {
    /// A list that fits on one page.
    #[must_use]
    pub const fn whole(rows: i64) -> Self {
        Self { shown: rows, total: Some(rows), newer: None, older: None }
    }
}

/// The links of a [`Pager`].
#[derive(Debug, Template)]
#[template(path = "parts/pager.html")]
pub struct PagerLinks<'a> {
    pager: &'a Pager,
    label: String,
    count: String,
    newer: String,
    older: String,
}

impl HtmlSafe for PagerLinks<'_> {}

impl<'a> PagerLinks<'a> {
    pub(crate) fn new(language: Language, pager: &'a Pager) -> Self {
        let shown = ("shown", Arg::Number(pager.shown));
        let count = match pager.total {
            Some(total) => {
                Texts::get(language, "pager-of", &[shown, ("total", Arg::Number(total))])
            }
            None => Texts::get(language, "pager-shown", &[shown]),
        };
        let word = |key| Texts::get(language, key, &[]);
        Self {
            pager,
            label: word("pager-label"),
            count,
            newer: word("pager-newer"),
            older: word("pager-older"),
        }
    }
}
