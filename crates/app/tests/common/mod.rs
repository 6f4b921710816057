//! A small world that use cases are tested in: one organisation, a live program with a plan, and
//! partners with links, on an engine of choice, under a clock that stands.

#![expect(dead_code, reason = "every test binary uses another part of the world")]
#![expect(clippy::unwrap_used, reason = "a test's helper fails by panicking")]
#![expect(unreachable_pub, reason = "a module of several test binaries")]

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use tributary_app::access::{SetUp, set_up};
use tributary_app::conversion::{ReportConversion, ReportOutcome, report_conversions};
use tributary_app::directory::{
    InvitePartner, PublishPlan, create_program, go_live, invite_partner, publish_plan,
};
use tributary_app::mail::{Mail, MailError, Mailer, Postman};
use tributary_app::{App, AppError, Secrets};
use tributary_click::{ClickId, ClickKey, ClickKeyring, ClickMinter};
use tributary_directory::{
    Actor, Link, Mode, PartnerKind, Partnership, Program, ProgramTerms, Role, Viewer,
};
use tributary_kernel::{
    ConversionId, ManualClock, OrganisationId, SeededEntropy, Timestamp, UserId,
};
use tributary_ledger::{Balances, Replayer, Transfer, parse_canonical};
use tributary_money::{Currency, Money};
use tributary_store::decision::{StoredCommission, StoredConversion};
use tributary_store::engine::{Engine, MigrationSet};
use tributary_store::list::PageRequest;
use tributary_store::touches::StoredTouch;
use tributary_store_postgres::{PostgresEngine, PostgresOptions};
use tributary_store_sqlite::{SqliteEngine, SqliteOptions};
use tributary_testkit::ThrowawayPostgres;

/// When the world begins.
pub const START: &str = "2026-03-02T09:00:00Z";

/// The plan of the world's program: 500.00 per lead once per customer, 20 % of sales for 12
/// months.
pub const PLAN: &str = r#"{
  "format": 1, "name": "Partners of Acme", "rounding": "half_even",
  "rules": [
    {"id": "lead", "events": ["qualified_lead"],
     "amount": {"fixed": {"amount": 50000, "currency": "DKK"}}, "recurring": "once",
     "hold_days": 5},
    {"id": "sale", "events": ["sale", "renewal"], "amount": {"percent": "20", "of": "gross"},
     "recurring": {"months": 12}}
  ]
}"#;

/// See the module.
#[derive(Debug)]
pub struct World {
    pub app: App,
    pub clock: Arc<ManualClock>,
    pub owner: OrganisationId,
    pub admin: Actor,
    pub program: Program,
    pub minter: Mutex<ClickMinter>,
    _folder: Option<tempfile::TempDir>,
}

pub fn dkk(minor: i64) -> Money {
    Money::new(minor, Currency::DKK)
}

fn keyring() -> ClickKeyring {
    let key = ClickKey { id: 0, secret: [5; 32], verify_until: None };
    ClickKeyring::new(vec![key], 0).unwrap()
}

impl World {
    /// On SQLite, in a folder of its own.
    pub async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let open = |name: &str| {
            let options = SqliteOptions::default();
            Arc::new(SqliteEngine::open(folder.path().join(name), options).unwrap())
        };
        let (record, touches) = (open("record.db"), open("touches.db"));
        Self::on(record, touches, Some(folder)).await
    }

    /// On PostgreSQL, in a database of its own.
    pub async fn postgres() -> Self {
        let url = ThrowawayPostgres::shared().database().await;
        let engine = PostgresEngine::connect(&url, PostgresOptions::default()).await.unwrap();
        let engine = Arc::new(engine);
        Self::on(Arc::clone(&engine) as _, engine, None).await
    }

    /// On given engines, which may be empty.
    pub async fn on(
        record: Arc<dyn Engine>,
        touches: Arc<dyn Engine>,
        folder: Option<tempfile::TempDir>,
    ) -> Self {
        record.migrate(MigrationSet::Record).await.unwrap();
        touches.migrate(MigrationSet::Touches).await.unwrap();
        let clock = Arc::new(ManualClock::new(START.parse().unwrap()));
        let entropy = Arc::new(SeededEntropy::new(11));
        let secrets = Arc::new(Secrets::new(&[1; 32], [2; 32]));
        let app = App::new(record, touches, Arc::clone(&clock) as _, entropy, secrets, keyring());
        let input = SetUp {
            organisation: "Acme".into(),
            country: "DK".into(),
            name: "Mette".into(),
            email: "mette@acme.example".into(),
            password: None,
            language: "da".into(),
        };
        let done = set_up(&app, None, input).await.unwrap();
        let admin = Actor::Member {
            user: done.administrator,
            owner: done.owner,
            role: Role::Administrator,
        };
        let program = live_program(&app, &admin, done.owner).await;
        let minter = Mutex::new(ClickMinter::new(0, None).unwrap());
        Self { app, clock, owner: done.owner, admin, program, minter, _folder: folder }
    }

    /// The same organisation with another program, live, of the same plan.
    pub async fn another_program(&self, node: u8) -> Self {
        let program = live_program(&self.app, &self.admin, self.owner).await;
        Self {
            app: self.app.clone(),
            clock: Arc::clone(&self.clock),
            owner: self.owner,
            admin: self.admin.clone(),
            program,
            minter: Mutex::new(ClickMinter::new(node, None).unwrap()),
            _folder: None,
        }
    }

    /// A partner of the program, active, with its first link.
    pub async fn partner(&self, name: &str) -> (Partnership, Link) {
        let input = InvitePartner {
            owner: self.owner,
            program: self.program.id,
            name: name.into(),
            email: format!("{}@partners.example", name.to_lowercase()),
            kind: PartnerKind::Content,
            country: "DK".into(),
            language: "da".into(),
            code: None,
            group: None,
            active: true,
        };
        let invited = invite_partner(&self.app, &self.admin, input).await.unwrap();
        let mut conn = self.app.record.read().await.unwrap();
        let ids = [invited.partnership.id];
        let links = tributary_store::partnership::first_links(&mut *conn, &ids).await.unwrap();
        let link = links.into_iter().next().unwrap();
        (invited.partnership, link)
    }

    /// The actor that a partner's own user is.
    pub fn partner_actor(&self, partnership: &Partnership) -> Actor {
        Actor::Partner { user: UserId::from_bytes([9; 16]), partner: partnership.partner }
    }

    /// A click on a link now, recorded as a touch.
    pub async fn click(&self, link: &Link) -> ClickId {
        let id = self.unrecorded_click(link);
        self.record_touch(id, link, None).await;
        id
    }

    /// A good click id without a record.
    pub fn unrecorded_click(&self, link: &Link) -> ClickId {
        let minter = self.minter.lock().unwrap();
        minter.mint(self.app.now(), link.number, &self.app.keyring()).unwrap()
    }

    /// Records the touch of a click id.
    pub async fn record_touch(&self, id: ClickId, link: &Link, previous: Option<ClickId>) {
        let touch = StoredTouch {
            click: *id.as_bytes(),
            link_number: link.number,
            at: id.at(),
            consent: "granted".into(),
            device: "desktop".into(),
            country: None,
            referrer: None,
            sub_ids: None,
            previous: previous.map(|id| *id.as_bytes()),
            expires_at: id.at().plus_days(400),
            test: self.program.mode == Mode::Test,
        };
        let mut tx = self.app.touches.begin().await.unwrap();
        tributary_store::touches::insert(&mut *tx, &[touch]).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// A report of a conversion of the program.
    pub fn report(&self, kind: &str, order_id: &str) -> ReportConversion {
        ReportConversion {
            program: Some(self.program.id),
            kind: kind.into(),
            order_id: order_id.into(),
            ..ReportConversion::default()
        }
    }

    /// A sale that followed a click.
    pub fn sale(&self, order_id: &str, minor: i64, click: ClickId) -> ReportConversion {
        ReportConversion {
            amount: Some(dkk(minor)),
            click_id: Some(click.to_string()),
            ..self.report("sale", order_id)
        }
    }

    /// Reports one conversion.
    pub async fn send(&self, report: ReportConversion) -> ReportOutcome {
        report_conversions(&self.app, &self.admin, vec![report]).await.unwrap().remove(0)
    }

    /// Reports one conversion that must be applied.
    pub async fn apply(&self, report: ReportConversion) -> ConversionId {
        match self.send(report).await {
            ReportOutcome::Applied(id) => id,
            other => panic!("not applied: {other:?}"),
        }
    }

    /// A conversion and its commissions as they are now.
    pub async fn conversion(&self, id: ConversionId) -> (StoredConversion, Vec<StoredCommission>) {
        let mut conn = self.app.record.read().await.unwrap();
        let key = [(self.owner, id)];
        let found = tributary_store::decision::conversions_by_id(&mut *conn, &key).await.unwrap();
        let commissions =
            tributary_store::decision::commissions_of(&mut *conn, &key).await.unwrap();
        (found.into_iter().next().unwrap(), commissions)
    }

    /// Every transfer, replayed; panics unless stored balances and the head agree with it.
    pub async fn audited(&self) -> (Vec<Transfer>, Balances) {
        let mut conn = self.app.record.read().await.unwrap();
        let mut replayer = Replayer::new(self.owner);
        let mut transfers = Vec::new();
        let mut from = 0;
        loop {
            let rows =
                tributary_store::ledger::transfers_from(&mut *conn, self.owner, from, 10_000);
            let rows = rows.await.unwrap();
            let Some(last) = rows.last() else { break };
            from = last.seq + 1;
            for row in rows {
                let transfer = parse_canonical(&row.canonical).unwrap();
                replayer.push(&transfer).unwrap();
                transfers.push(transfer);
            }
        }
        let replay = replayer.finish();
        let head = tributary_store::decision::head(&mut *conn, self.owner).await.unwrap().unwrap();
        if transfers.is_empty() {
            assert!(head.frontier.is_empty() || head.transfer_seq == 0);
        } else {
            assert_eq!(head.frontier, replay.frontier.to_bytes(), "the tree is the transfers'");
        }
        let accounts = tributary_store::ledger::accounts_from(&mut *conn, self.owner, &[], 100_000)
            .await
            .unwrap();
        let stored: std::collections::BTreeMap<_, _> =
            accounts.iter().filter(|it| it.balance != 0).map(|it| (it.id, it.balance)).collect();
        let replayed: std::collections::BTreeMap<_, _> = replay
            .balances
            .iter()
            .filter(|(_, balance)| *balance != 0)
            .map(|(account, balance)| (account.hash(self.owner), balance))
            .collect();
        assert_eq!(stored, replayed, "stored balances are the fold of the postings");
        assert!(replay.balances.differences().is_empty(), "debits equal credits");
        (transfers, replay.balances)
    }

    /// Moves the clock.
    pub fn advance_days(&self, days: i64) {
        self.clock.advance_seconds(days * 86_400);
    }

    pub fn viewer(&self) -> Viewer {
        Viewer::Owner(self.owner)
    }

    pub fn first_page(&self) -> PageRequest {
        PageRequest::default()
    }

    pub fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }
}

async fn live_program(app: &App, admin: &Actor, owner: OrganisationId) -> Program {
    let terms = ProgramTerms::usual(
        "Acme CRM",
        Currency::DKK,
        "Europe/Copenhagen",
        "https://www.acme.example/crm",
    );
    let program = create_program(app, admin, owner, terms).await.unwrap();
    let plan = PublishPlan {
        owner,
        program: program.id,
        document: PLAN.as_bytes().to_vec(),
        effective_from: None,
        confirmed: false,
    };
    publish_plan(app, admin, plan).await.unwrap();
    go_live(app, admin, owner, program.id).await.unwrap()
}

/// Keeps mails.
#[derive(Debug, Default)]
pub struct Post(pub Mutex<Vec<Mail>>);

#[async_trait]
impl Mailer for Post {
    async fn send(&self, mail: Mail) -> Result<(), MailError> {
        self.0.lock().unwrap().push(mail);
        Ok(())
    }
}

impl Post {
    /// The oldest mail.
    pub fn take(&self) -> Mail {
        self.0.lock().unwrap().remove(0)
    }
}

/// The world's app with somebody who carries mails; its pages are at `https://pages.example`.
pub fn with_post(world: &World) -> (App, Arc<Post>) {
    let post = Arc::new(Post::default());
    let app = world.app.clone();
    (app.with_mail(Postman::new(Arc::clone(&post) as _, "https://pages.example/")), post)
}

/// Pointer and code of the first wrong field, else the refusal's own code; `done` without one.
pub fn code(result: Result<impl Sized, AppError>) -> String {
    match result {
        Err(AppError::Refused(refusal)) => match refusal.errors.first() {
            Some(error) => format!("{} {}", error.pointer, error.code),
            None => refusal.code.to_owned(),
        },
        Err(fault) => panic!("{fault}"),
        Ok(_) => "done".to_owned(),
    }
}
