//! What all lists share: queries, cursors, names.

use std::collections::HashMap;

use tributary_app::directory::{list_partnerships, partners_by_id};
use tributary_app::{App, AppError};
use tributary_directory::Actor;
use tributary_kernel::{PartnerId, ProgramId, crockford};
use tributary_store::engine::EngineError;
use tributary_store::list::{Page, PageRequest};
use tributary_store::partnership::PartnershipFilter;
use tributary_web::Problem;

use super::visit::encoded;
use crate::parts::Pager;

/// What the lists' forms and links send; each list uses what it knows.
#[derive(Debug, Clone, Default, serde::Deserialize)]
pub(super) struct ListQuery {
    /// What is searched for.
    #[serde(default)]
    pub(super) q: String,
    /// A state, as the list names it.
    #[serde(default)]
    pub(super) state: String,
    /// A stage of the pipeline.
    #[serde(default)]
    pub(super) stage: String,
    /// First day.
    #[serde(default)]
    pub(super) from: String,
    /// Last day.
    #[serde(default)]
    pub(super) until: String,
    /// One partnership.
    #[serde(default)]
    pub(super) partner: String,
    /// The row after which the page begins.
    #[serde(default)]
    after: String,
}

impl ListQuery {
    /// What is searched for, without spaces around it.
    pub(super) fn search(&self) -> Option<&str> {
        Some(self.q.trim()).filter(|text| !text.is_empty())
    }

    /// Which page. A cursor that is none is the first page: lists are not worth a refusal.
    pub(super) fn page(&self) -> PageRequest {
        PageRequest { limit: 0, after: crockford::decode(self.after.as_bytes()) }
    }

    /// Whether it is the first page.
    pub(super) fn is_first(&self) -> bool {
        self.after.is_empty()
    }

    /// The links under a page of a list at `path`. Pages go by cursor, which leads forward only:
    /// `newer` is the first page.
    pub(super) fn pager<T>(&self, path: &str, page: &Page<T>) -> Pager {
        let shown = i64::try_from(page.items.len()).unwrap_or(i64::MAX);
        let first = self.after.is_empty();
        let older = page.next.map(|next| {
            let cursor = crockford::encode(&next);
            self.address(path, Some(&String::from_utf8_lossy(&cursor)))
        });
        let total = (first && older.is_none()).then_some(shown);
        let newer = (!first).then(|| self.address(path, None));
        Pager { shown, total, newer, older }
    }

    fn address(&self, path: &str, after: Option<&str>) -> String {
        let pairs = [
            ("q", self.q.as_str()),
            ("state", &self.state),
            ("stage", &self.stage),
            ("from", &self.from),
            ("until", &self.until),
            ("partner", &self.partner),
            ("after", after.unwrap_or_default()),
        ];
        let filled = pairs.iter().filter(|(_, value)| !value.is_empty());
        let pairs: Vec<String> =
            filled.map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        if pairs.is_empty() { path.to_owned() } else { format!("{path}?{}", pairs.join("&")) }
    }
}

/// A database's answer, its fault as a problem.
pub(super) fn stored<T>(result: Result<T, EngineError>) -> Result<T, Problem> {
    Ok(result.map_err(AppError::from)?)
}

/// Names of partners.
#[derive(Debug, Default)]
pub(super) struct Names(HashMap<PartnerId, String>);

impl Names {
    /// Of those that appear in a list the reader may see.
    pub(super) async fn of(
        app: &App,
        ids: impl Iterator<Item = PartnerId>,
    ) -> Result<Self, Problem> {
        let mut ids: Vec<PartnerId> = ids.collect();
        ids.sort_unstable();
        ids.dedup();
        let found = partners_by_id(app, &ids).await?;
        Ok(Self(found.into_iter().map(|(id, partner)| (id, partner.name)).collect()))
    }

    /// A partner's name.
    pub(super) fn get(&self, id: PartnerId) -> String {
        self.0.get(&id).cloned().unwrap_or_default()
    }
}

/// The partner of a program whose name or code a search means; none when there is none.
pub(super) async fn partner_meant(
    app: &App,
    actor: &Actor,
    program: ProgramId,
    search: &str,
) -> Result<Option<PartnerId>, Problem> {
    let filter = PartnershipFilter {
        program: Some(program),
        search: Some(search.to_owned()),
        ..PartnershipFilter::default()
    };
    let page = PageRequest { limit: 2, after: None };
    let found = list_partnerships(app, actor, &filter, page).await?;
    Ok(found.items.first().map(|it| it.partner.id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_keep_their_filters() {
        let query = ListQuery { q: "a&b".into(), state: "held".into(), ..ListQuery::default() };
        let page = Page { items: vec![1, 2], next: Some([7; 16]) };
        let pager = query.pager("/x", &page);
        let older = pager.older.unwrap();
        assert!(older.starts_with("/x?q=a%26b&state=held&after="), "{older}");
        assert_eq!((pager.newer, pager.total), (None, None));
        let cursor = older.rsplit('=').next().unwrap().to_owned();
        let second = ListQuery { after: cursor, ..query };
        assert_eq!(second.page().after, Some([7; 16]));
        let pager = second.pager("/x", &Page { items: vec![3], next: None });
        assert_eq!(pager.newer.as_deref(), Some("/x?q=a%26b&state=held"));
        assert_eq!(pager.older, None);
    }
}
