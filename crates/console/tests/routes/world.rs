//! A small world: an organisation with a live program and a partner who sold something, a second
//! organisation with the same, and a mailer that keeps what it gets.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use axum::Router;
use tributary_app::access::{AddUser, SetUp, add_user, open_session, set_up};
use tributary_app::conversion::{ReportConversion, ReportOutcome, report_conversions};
use tributary_app::directory::{
    InvitePartner, PublishPlan, create_program, go_live, invite_partner, publish_plan,
};
use tributary_app::inquiry::{InquiryKind, OpenInquiry, Subject, open_inquiry};
use tributary_app::mail::{Mail, MailError, Mailer, Postman};
use tributary_app::{App, Secrets};
use tributary_click::{ClickId, ClickKey, ClickKeyring, ClickMinter};
use tributary_console::{ConsoleState, router};
use tributary_directory::{Actor, Link, PartnerKind, Partnership, Program, ProgramTerms, Role};
use tributary_kernel::{
    ConversionId, InquiryId, ManualClock, OrganisationId, SeededEntropy, UserId,
};
use tributary_money::{Currency, Money};
use tributary_store::engine::{Engine, MigrationSet};
use tributary_store::touches::StoredTouch;
use tributary_store_sqlite::{SqliteEngine, SqliteOptions};
use tributary_web::{Web, WebConfig, frame};

use crate::browser::Browser;

pub(crate) const START: &str = "2026-03-02T09:00:00Z";
pub(crate) const PASSWORD: &str = "many small streams";

pub(crate) const PLAN: &str = r#"{
  "format": 1, "name": "Partners of Acme", "rounding": "half_even",
  "rules": [
    {"id": "lead", "name": "Qualified leads", "events": ["qualified_lead"],
     "amount": {"fixed": {"amount": 50000, "currency": "DKK"}}, "recurring": "once"},
    {"id": "sale", "name": "Sales for a year", "events": ["sale", "renewal"],
     "amount": {"percent": "20", "of": "gross"}, "recurring": {"months": 12}}
  ]
}"#;

/// Keeps mails, and tells whoever waits for one.
#[derive(Debug, Default)]
pub(crate) struct Post {
    mails: Mutex<Vec<Mail>>,
    came: tokio::sync::Notify,
    pub(crate) closed: std::sync::atomic::AtomicBool,
}

#[async_trait]
impl Mailer for Post {
    async fn send(&self, mail: Mail) -> Result<(), MailError> {
        if self.closed.load(std::sync::atomic::Ordering::Relaxed) {
            return Err(MailError::NotTaken("closed".to_owned()));
        }
        self.mails.lock().unwrap().push(mail);
        self.came.notify_one();
        Ok(())
    }
}

impl Post {
    /// The next mail; waits for it.
    pub(crate) async fn next(&self) -> Mail {
        loop {
            if let Some(mail) = self.take() {
                return mail;
            }
            self.came.notified().await;
        }
    }

    /// A mail that has come.
    pub(crate) fn take(&self) -> Option<Mail> {
        let mut mails = self.mails.lock().unwrap();
        if mails.is_empty() { None } else { Some(mails.remove(0)) }
    }
}

/// See the module.
pub(crate) struct World {
    pub(crate) app: App,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) router: Router,
    pub(crate) post: Arc<Post>,
    minter: Mutex<ClickMinter>,
    _folder: tempfile::TempDir,
}

/// An organisation of the world.
pub(crate) struct Owner {
    pub(crate) id: OrganisationId,
    pub(crate) user: UserId,
    pub(crate) actor: Actor,
    pub(crate) program: Program,
}

impl World {
    /// An installation that nobody has set up.
    pub(crate) async fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let open = |name: &str| {
            let options = SqliteOptions::default();
            Arc::new(SqliteEngine::open(folder.path().join(name), options).unwrap())
        };
        let (record, touches) = (open("record.db"), open("touches.db"));
        record.migrate(MigrationSet::Record).await.unwrap();
        touches.migrate(MigrationSet::Touches).await.unwrap();
        let clock = Arc::new(ManualClock::new(START.parse().unwrap()));
        let key = ClickKey { id: 0, secret: [5; 32], verify_until: None };
        let app = App::new(
            record,
            touches,
            Arc::clone(&clock) as _,
            Arc::new(SeededEntropy::new(11)),
            Arc::new(Secrets::new(&[1; 32], [2; 32])),
            ClickKeyring::new(vec![key], 0).unwrap(),
        );
        let post = Arc::new(Post::default());
        let (pages, links) = ("http://pages.example", "https://go.example");
        let app = app.with_mail(Postman::new(Arc::clone(&post) as _, pages));
        let config = WebConfig { https: false, ..WebConfig::default() };
        let web = Web::new(app.clone(), config);
        let state = ConsoleState::new(web.clone(), links);
        let router = router(state).layer(axum::middleware::from_fn_with_state(web, frame));
        let minter = Mutex::new(ClickMinter::new(0, None).unwrap());
        Self { app, clock, router, post, minter, _folder: folder }
    }

    /// An organisation with a live program; its administrator has [`PASSWORD`].
    pub(crate) async fn owner(&self, name: &str) -> Owner {
        let input = SetUp {
            organisation: name.into(),
            country: "DK".into(),
            name: format!("Mette of {name}"),
            email: format!("mette@{}.example", name.to_lowercase()),
            password: Some(PASSWORD.into()),
            language: "en".into(),
        };
        let system = Actor::System { job: "test" };
        let done = set_up(&self.app, Some(&system), input).await.unwrap();
        let role = Role::Administrator;
        let actor = Actor::Member { user: done.administrator, owner: done.owner, role };
        let terms = ProgramTerms::usual(
            &format!("{name} CRM"),
            Currency::DKK,
            "Europe/Copenhagen",
            "https://www.acme.example/crm",
        );
        let program = create_program(&self.app, &actor, done.owner, terms).await.unwrap();
        let plan = PublishPlan {
            owner: done.owner,
            program: program.id,
            document: PLAN.as_bytes().to_vec(),
            effective_from: None,
            confirmed: false,
        };
        publish_plan(&self.app, &actor, plan).await.unwrap();
        let program = go_live(&self.app, &actor, done.owner, program.id).await.unwrap();
        Owner { id: done.owner, user: done.administrator, actor, program }
    }

    /// A user of an organisation.
    pub(crate) async fn member(&self, owner: &Owner, role: Role) -> UserId {
        let input = AddUser {
            owner: owner.id,
            name: format!("{role}"),
            email: format!("{role}-{}@members.example", owner.id),
            password: None,
            language: "en".into(),
            role,
        };
        add_user(&self.app, &owner.actor, input).await.unwrap()
    }

    /// An active partner with its first link and its user.
    pub(crate) async fn partner(&self, owner: &Owner, name: &str) -> (Partnership, Link, UserId) {
        let email = format!("{}@partners.example", name.to_lowercase());
        let input = InvitePartner {
            owner: owner.id,
            program: owner.program.id,
            name: name.into(),
            email: email.clone(),
            kind: PartnerKind::Content,
            country: "DK".into(),
            language: "en".into(),
            code: None,
            group: None,
            active: true,
        };
        let invited = invite_partner(&self.app, &owner.actor, input).await.unwrap();
        let mut conn = self.app.record.read().await.unwrap();
        let ids = [invited.partnership.id];
        let links = tributary_store::partnership::first_links(&mut *conn, &ids).await.unwrap();
        let user = tributary_store::organisation::find_user_by_email(&mut *conn, &email).await;
        (invited.partnership, links.into_iter().next().unwrap(), user.unwrap().unwrap().id)
    }

    /// A sale after a click on a link.
    pub(crate) async fn sale(
        &self,
        owner: &Owner,
        order: &str,
        minor: i64,
        link: &Link,
    ) -> ConversionId {
        let click = self.click(link).await;
        let report = ReportConversion {
            program: Some(owner.program.id),
            kind: "sale".into(),
            order_id: order.into(),
            amount: Some(Money::new(minor, Currency::DKK)),
            click_id: Some(click.to_string()),
            ..ReportConversion::default()
        };
        let outcome = report_conversions(&self.app, &owner.actor, vec![report]).await.unwrap();
        match &outcome[0] {
            ReportOutcome::Applied(id) => *id,
            other => panic!("not applied: {other:?}"),
        }
    }

    /// A partner's question about an order that nobody knows.
    pub(crate) async fn inquiry(&self, of: &Partnership, name: &str) -> InquiryId {
        let actor = Actor::Partner { user: UserId::from_bytes([9; 16]), partner: of.partner };
        let input = OpenInquiry {
            partnership: of.id,
            subject: Subject::Order(format!("unknown-{name}")),
            kind: InquiryKind::MissingSale,
            claimed: None,
            evidence: vec!["A receipt".into()],
            words: "The customer came from my newsletter".into(),
        };
        open_inquiry(&self.app, &actor, &input).await.unwrap().id
    }

    async fn click(&self, link: &Link) -> ClickId {
        let id = {
            let minter = self.minter.lock().unwrap();
            minter.mint(self.app.clock.now(), link.number, &self.app.keyring()).unwrap()
        };
        let touch = StoredTouch {
            click: *id.as_bytes(),
            link_number: link.number,
            at: id.at(),
            consent: "granted".into(),
            device: "desktop".into(),
            country: None,
            referrer: None,
            sub_ids: None,
            previous: None,
            expires_at: id.at().plus_days(400),
            test: false,
        };
        let mut tx = self.app.touches.begin().await.unwrap();
        tributary_store::touches::insert(&mut *tx, &[touch]).await.unwrap();
        tx.commit().await.unwrap();
        id
    }

    /// A browser that nobody is logged in with.
    pub(crate) fn browser(&self) -> Browser {
        Browser::new(self.router.clone())
    }

    /// A browser in which a user is logged in.
    pub(crate) async fn browser_of(&self, user: UserId) -> Browser {
        let session = open_session(&self.app, user, "test").await.unwrap();
        let mut browser = self.browser();
        browser.cookies.insert("trib_session".to_owned(), session.secret);
        browser
    }

    /// Everything in both databases, as text.
    pub(crate) async fn dump(&self) -> String {
        let mut all = String::new();
        for engine in [&self.app.record, &self.app.touches] {
            let mut conn = engine.read().await.unwrap();
            let names = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name";
            for row in conn.query(names, Vec::new()).await.unwrap() {
                let name = row.text(0).unwrap().to_owned();
                let rows = conn.query_built(format!("SELECT * FROM {name}"), Vec::new()).await;
                all.push_str(&format!("{name}: {:?}\n", rows.unwrap()));
            }
        }
        all
    }
}
