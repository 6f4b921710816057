//! Every page with its samples: for the design page, the gallery and the tests.

use axum::Router;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{HeaderMap, StatusCode, header};
use tributary_i18n::Language;
use tributary_kernel::{Timestamp, Zone};

use crate::pages::{self, DesignPage};
use crate::{
    CsrfToken, Frame, ManagerAccess, Page, PartnerAccess, ProgramChoice, Public, SeatLink,
    SignedIn, View, assets,
};

/// An access of which an example can be made.
pub trait SampleFrame: Clone {
    /// Somebody with everything switched on.
    fn sample() -> Self;
}

impl SampleFrame for Public {
    fn sample() -> Self {
        Self
    }
}

impl SampleFrame for SignedIn {
    fn sample() -> Self {
        Self { person: "Anna Holm".to_owned(), home: "/my" }
    }
}

impl SampleFrame for PartnerAccess {
    fn sample() -> Self {
        Self { person: "Anna Holm".to_owned(), takes_leads: true }
    }
}

impl SampleFrame for ManagerAccess {
    fn sample() -> Self {
        let program = |id: &str, name: &str, advertiser: &str, waiting| ProgramChoice {
            id: id.to_owned(),
            name: name.to_owned(),
            advertiser: advertiser.to_owned(),
            waiting,
        };
        Self {
            person: "Mette Krogh".to_owned(),
            program: program("prog_demo", "Nordlys CRM", "Nordlys ApS", 14),
            others: vec![
                program("prog_shop", "Fjällgården", "Fjällgården AB", 3),
                program("prog_trip", "Nusa Trips", "PT Nusa Wisata", 0),
            ],
            test: false,
            commissions_waiting: 14,
            may_decide: true,
            may_manage: true,
            may_pay: true,
            may_administer: true,
        }
    }
}

/// A frame around samples: a fixed moment, so that pictures and tests stay the same.
#[must_use]
pub(crate) fn sample_frame<A: SampleFrame>(language: Language, here: &str) -> Frame<A> {
    Frame {
        language,
        zone: Zone::named("Europe/Copenhagen").expect("a zone of the database"),
        now: "2026-11-21T09:30:00Z".parse::<Timestamp>().expect("a moment"),
        csrf: CsrfToken::new("sample-token"),
        flash: None,
        here: here.to_owned(),
        seats: vec![SeatLink {
            value: "part_1".to_owned(),
            name: "Konsulenthuset Vest".to_owned(),
        }],
        access: A::sample(),
    }
}

/// One page of the gallery.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// Its name.
    pub name: &'static str,
    /// How many samples it has.
    pub samples: fn() -> usize,
    /// One sample in one language as a document; `None` when there is no such sample.
    pub render: fn(Language, usize) -> Option<String>,
}

fn entry<T: View>() -> Entry
where
    T::Access: SampleFrame,
{
    Entry {
        name: T::NAME,
        samples: || T::samples().len(),
        render: |language, index| {
            let view = T::samples().into_iter().nth(index)?;
            let here = format!("/gallery/{}/{index}", T::NAME);
            view.render(&sample_frame(language, &here)).ok()
        },
    }
}

/// All pages.
#[must_use]
pub fn catalogue() -> Vec<Entry> {
    vec![
        entry::<pages::LogIn>(),
        entry::<pages::LogInMail>(),
        entry::<pages::LogInCode>(),
        entry::<pages::LogInLink>(),
        entry::<pages::SetUp>(),
        entry::<pages::ProgramNew>(),
        entry::<pages::AcceptInvitation>(),
        entry::<pages::ErrorPage>(),
        entry::<pages::Overview>(),
        entry::<pages::PartnersList>(),
        entry::<pages::PartnerInvite>(),
        entry::<pages::PartnerDetail>(),
        entry::<pages::PartnerAmount>(),
        entry::<pages::ManagerPartnerTax>(),
        entry::<pages::LinksList>(),
        entry::<pages::LinkNew>(),
        entry::<pages::ConversionsList>(),
        entry::<pages::ConversionDetail>(),
        entry::<pages::ConversionAdjust>(),
        entry::<pages::LeadsList>(),
        entry::<pages::LeadNew>(),
        entry::<pages::LeadDetail>(),
        entry::<pages::CommissionsList>(),
        entry::<pages::CommissionsConfirm>(),
        entry::<pages::PayoutsList>(),
        entry::<pages::PayoutRunPage>(),
        entry::<pages::BankReplyPage>(),
        entry::<pages::FinancePage>(),
        entry::<pages::FinanceAccounts>(),
        entry::<pages::SettingsProgram>(),
        entry::<pages::JourneysPage>(),
        entry::<pages::SettingsAttribution>(),
        entry::<pages::SettingsLeads>(),
        entry::<pages::SettingsPlan>(),
        entry::<pages::PlanWhatIf>(),
        entry::<pages::SettingsKeys>(),
        entry::<pages::SettingsPayer>(),
        entry::<pages::SettingsInvoices>(),
        entry::<pages::SettingsPeople>(),
        entry::<pages::Profile>(),
        entry::<pages::Join>(),
        entry::<pages::Quarantine>(),
        entry::<pages::UploadsPage>(),
        entry::<pages::UploadPage>(),
        entry::<pages::ManagerMissing>(),
        entry::<pages::ManagerInquiries>(),
        entry::<pages::ManagerInquiry>(),
        entry::<pages::InquiryConfirm>(),
        entry::<pages::Confirm>(),
        entry::<pages::PartnerHome>(),
        entry::<pages::PartnerLinks>(),
        entry::<pages::PartnerLinkDetail>(),
        entry::<pages::PartnerLeads>(),
        entry::<pages::PartnerLeadNew>(),
        entry::<pages::PartnerLead>(),
        entry::<pages::EarningsList>(),
        entry::<pages::EarningDetail>(),
        entry::<pages::PartnerMissing>(),
        entry::<pages::PartnerInquiries>(),
        entry::<pages::PartnerInquiryNew>(),
        entry::<pages::PartnerInquiry>(),
        entry::<pages::PartnerPayouts>(),
        entry::<pages::PartnerBank>(),
        entry::<pages::PartnerOwnInvoice>(),
        entry::<pages::PartnerTax>(),
        entry::<pages::PartnerProfile>(),
        entry::<pages::ConfirmAddress>(),
        entry::<pages::StatementPage>(),
        entry::<DesignPage>(),
    ]
}

#[derive(Debug, Default)]
struct Wish(Language);

fn wished(query: &std::collections::HashMap<String, String>, headers: &HeaderMap) -> Wish {
    let chosen = query.get("lang").and_then(|code| code.parse().ok());
    let accepted = || {
        let header = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
        Language::negotiate(header)
    };
    Wish(chosen.or_else(accepted).unwrap_or_default())
}

type Pairs = std::collections::HashMap<String, String>;

/// `/design`: each part with its states, and the assets it needs. Stands alone; no data behind it.
pub fn design_router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/design", get(design)).merge(assets::router())
}

async fn design(Query(query): Query<Pairs>, headers: HeaderMap) -> Response {
    let Wish(language) = wished(&query, &headers);
    match DesignPage::samples().into_iter().next() {
        Some(view) => Page::new(sample_frame(language, "/design"), view).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// [`design_router`] and every sample at `/gallery/{page}/{sample}?lang=`: for pictures and for
/// those who build pages; not mounted in the product.
pub fn gallery_router() -> Router {
    design_router().route("/gallery/{page}/{sample}", get(gallery))
}

async fn gallery(
    Path((page, sample)): Path<(String, usize)>,
    Query(query): Query<Pairs>,
    headers: HeaderMap,
) -> Response {
    let Wish(language) = wished(&query, &headers);
    let found = catalogue().into_iter().find(|entry| entry.name == page);
    match found.and_then(|entry| (entry.render)(language, sample)) {
        Some(html) => {
            let headers = [
                (header::CONTENT_TYPE, "text/html; charset=utf-8"),
                (header::CONTENT_SECURITY_POLICY, crate::CONTENT_SECURITY_POLICY),
            ];
            (headers, html).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use http::Request;
    use tower::ServiceExt;

    async fn answer(path: &str, accepted: &str) -> Response {
        let request = Request::get(path).header(header::ACCEPT_LANGUAGE, accepted);
        gallery_router().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
    }

    #[tokio::test]
    async fn pages_are_sent_under_a_strict_policy_in_the_readers_language() {
        let response = answer("/design", "sv-SE,sv;q=0.9").await;
        assert_eq!(response.status(), StatusCode::OK);
        let policy = response.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'"), "{policy}");
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
        let body = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
        assert!(String::from_utf8_lossy(&body).contains("<html lang=\"sv\">"));
    }

    #[tokio::test]
    async fn an_unknown_sample_is_not_found() {
        assert_eq!(answer("/gallery/overview/99", "en").await.status(), StatusCode::NOT_FOUND);
        assert_eq!(answer("/gallery/nothing/0", "en").await.status(), StatusCode::NOT_FOUND);
    }

    #[tokio::test]
    async fn an_error_page_is_sent_with_its_status() {
        let view = pages::ErrorPage { status: StatusCode::FORBIDDEN, reference: None };
        let frame = sample_frame(Language::Da, "/manage");
        assert_eq!(Page::new(frame, view).into_response().status(), StatusCode::FORBIDDEN);
    }
}
