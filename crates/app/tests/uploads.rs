//! Files with rows: read, looked at, recorded; on both engines.

#![expect(clippy::unwrap_used, reason = "in a test helper it is a failed test")]

mod common;
#[macro_use]
mod on_both;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use common::{World, dkk};
use tributary_app::AppError;
use tributary_app::conversion::{ConversionFilter, ReportConversion, list_conversions};
use tributary_app::leads::{
    LeadSettings, LeadState, RegisterLead, find_lead, put_lead_settings, register_lead,
};
use tributary_app::upload::{
    Counts, DateStyle, DecimalSign, Field, Mapping, ROWS_KEPT_DAYS, ReceiveUpload, RowOutcome,
    Upload, UploadKind, UploadRow, UploadState, cancel_upload, commit_upload, find_upload,
    list_uploads, map_upload, receive_upload, upload_rows, upload_rows_csv, work_uploads,
};
use tributary_app::verify::verify;
use tributary_directory::{Actor, Role};
use tributary_kernel::{OrganisationId, ProgramId, UploadId, UserId};
use tributary_store::engine::{Engine, EngineError};
use tributary_store::list::PageRequest;
use tributary_store_sqlite::{SqliteEngine, SqliteOptions};
use tributary_testkit::{FaultEngine, FaultPlan, Moment};

type Place = (OrganisationId, ProgramId, UploadId);

fn place(it: &Upload) -> Place {
    (it.owner, it.program, it.id)
}

fn file(world: &World, kind: UploadKind, content: &str) -> ReceiveUpload {
    ReceiveUpload {
        owner: world.owner,
        program: world.program.id,
        kind,
        name: "orders.csv".into(),
        content: content.as_bytes().to_vec(),
        separator: None,
        sheet: None,
    }
}

async fn received(world: &World, kind: UploadKind, content: &str) -> Upload {
    receive_upload(&world.app, &world.admin, file(world, kind, content)).await.unwrap()
}

/// Lets the job run until there is nothing to do.
async fn worked(world: &World, it: &Upload) -> Upload {
    for _ in 0..1_000 {
        let work = work_uploads(&world.app, &|| false).await.unwrap();
        if !work.was_busy() {
            break;
        }
    }
    find_upload(&world.app, &world.admin, it.owner, it.program, it.id).await.unwrap()
}

async fn checked(world: &World, kind: UploadKind, content: &str) -> Upload {
    let it = received(world, kind, content).await;
    let it = worked(world, &it).await;
    assert_eq!(it.state, UploadState::Checked, "{it:?}");
    it
}

async fn committed(world: &World, it: &Upload) -> Upload {
    let begun = commit_upload(&world.app, &world.admin, place(it), Some(it.version)).await.unwrap();
    assert_eq!(begun.preview.as_ref(), Some(&it.counts));
    let it = worked(world, it).await;
    assert_eq!(it.state, UploadState::Committed, "{it:?}");
    it
}

fn outcomes(counts: &Counts) -> String {
    let all = counts.outcomes.iter().map(|(it, count)| format!("{it}={count}"));
    all.collect::<Vec<_>>().join(" ")
}

async fn rows(world: &World, it: &Upload, outcome: Option<RowOutcome>) -> Vec<UploadRow> {
    let (mut all, mut from) = (Vec::new(), Some(0));
    while let Some(at) = from {
        let page = upload_rows(&world.app, &world.admin, place(it), outcome, (at, 100)).await;
        let page = page.unwrap();
        all.extend(page.rows);
        from = page.next;
    }
    all
}

/// `line outcome: field code (value), …` of each row.
async fn shown(world: &World, it: &Upload) -> Vec<String> {
    let one = |row: UploadRow| {
        let issues = row.issues.iter().map(|it| {
            let field = it.field.map_or("-", Field::as_str);
            format!("{field} {} ({})", it.code, it.value.as_deref().unwrap_or("-"))
        });
        let issues: Vec<String> = issues.collect();
        format!("{} {}: {}", row.line, row.outcome, issues.join(", "))
    };
    rows(world, it, None).await.into_iter().map(one).collect()
}

async fn conversions(world: &World) -> usize {
    let filter = ConversionFilter { program: Some(world.program.id), ..Default::default() };
    let (mut count, mut page) = (0, PageRequest { limit: 200, after: None });
    loop {
        let found = list_conversions(&world.app, &world.admin, &filter, page).await.unwrap();
        count += found.items.len();
        match found.next {
            Some(next) => page.after = Some(next),
            None => return count,
        }
    }
}

async fn green(world: &World) {
    let report = verify(&world.app, Some(world.owner), &mut |_| {}).await.unwrap();
    assert!(report.is_green(), "{:#?}", report.findings);
}

on_both! {
    /// Errors by row before, facts after; the same file, or the same rows in another, change nothing.
    async fn a_file_of_sales(world: World) {
        let (anna, _) = world.partner("Anna").await;
        world.apply(ReportConversion { amount: Some(dkk(5_000)), ..world.report("sale", "K1") }).await;
        let text = format!(
            "Ordrenr;Dato;Beløb;Henvisning\n\
             A1;01.03.2026;1.250,00;{code}\n\
             A2;02.03.2026;80,50;nobody\n\
             A3;31.02.2026;abc;{code}\n\
             ;02.03.2026;1,00;\n\
             K1;02.03.2026;50,00;\n\
             A1;01.03.2026;1.250,00;\n\
             A1;01.03.2026;9,00;\n\
             A4;02.03.2020;10,00;\n\
             A5;;10,00;;;\n\
             A6;;10 EUR;\n\
             A7;02.03.2026;10,00;;more\n",
            code = anna.code
        );
        let it = received(&world, UploadKind::Conversions, &text).await;
        assert_eq!((it.state, it.rows, it.done), (UploadState::Checking, 11, 0));
        let mapping = it.mapping.clone().unwrap();
        assert_eq!(mapping.decimal, DecimalSign::Comma);
        assert_eq!(mapping.columns.len(), 4);
        assert_eq!(it.samples[0].cells[2], "1.250,00");
        let refused = commit_upload(&world.app, &world.admin, place(&it), None).await.unwrap_err();
        assert!(matches!(refused, AppError::Refused(it) if it.code == "upload_not_checked"));

        let before = conversions(&world).await;
        let it = worked(&world, &it).await;
        assert_eq!(conversions(&world).await, before, "looking records nothing");
        assert_eq!(outcomes(&it.counts), "ready=2 duplicate=2 conflict=1 quarantined=1 refused=5");
        let expected = [
            "2 ready: ",
            "3 refused: via code_unknown (nobody)",
            "4 refused: occurred_at date_malformed (31.02.2026), amount amount_malformed (abc)",
            "5 refused: order_id required ()",
            "6 duplicate: ",
            "7 duplicate: order_id twice_in_file (A1)",
            "8 conflict: amount conflict (9,00)",
            "9 quarantined: occurred_at occurred_too_long_ago (02.03.2020)",
            "10 ready: ",
            "11 refused: amount currency_mismatch (10 EUR)",
            "12 refused: - extra_cells (-)",
        ];
        assert_eq!(shown(&world, &it).await, expected);
        let wrong = upload_rows_csv(&world.app, &world.admin, place(&it), RowOutcome::Refused).await;
        let wrong = wrong.unwrap();
        assert_eq!(wrong.lines().count(), 1 + 6, "{wrong}");
        assert!(wrong.contains("4,refused,A3,,amount,Beløb,abc,amount_malformed,"), "{wrong}");

        let done = committed(&world, &it).await;
        assert_eq!(
            outcomes(&done.counts),
            "applied=2 duplicate=2 conflict=1 quarantined=1 refused=5"
        );
        assert_eq!(conversions(&world).await, before + 2);
        let applied = rows(&world, &done, Some(RowOutcome::Applied)).await;
        let first = applied[0].subject.as_ref().unwrap().parse().unwrap();
        let (conversion, commissions) = world.conversion(first).await;
        assert_eq!((conversion.amount, commissions[0].amount), (dkk(125_000), dkk(25_000)));
        assert_eq!(commissions[0].partner, anna.partner);
        assert_eq!(conversion.occurred_at.to_string(), "2026-03-01T22:59:59Z", "the day's end");
        assert!(applied[0].cells.is_empty() && done.samples.is_empty(), "rows are forgotten");

        let again = received(&world, UploadKind::Conversions, &text).await;
        assert_eq!((again.id, again.state), (done.id, UploadState::Committed));
        let other = checked(&world, UploadKind::Conversions, &format!("{text}\n\n")).await;
        assert_ne!(other.id, done.id);
        assert_eq!(other.counts.count(RowOutcome::Ready), 0);
        assert_eq!(conversions(&world).await, before + 2);
        green(&world).await;
    }

    /// What a person says of columns is remembered for the program's next file with that header.
    async fn columns_are_remembered(world: World) {
        let text = "Reference no.;When;What;Note\n1;04/01/2026;10.00;x\n";
        let it = received(&world, UploadKind::Conversions, text).await;
        assert_eq!(it.state, UploadState::Mapping, "{:?}", it.mapping);
        let columns = |field| BTreeMap::from([(Field::OrderId, 0), (Field::OccurredAt, 1), (field, 2)]);
        let mapping = |columns| Mapping {
            columns,
            event: "sale".into(),
            decimal: DecimalSign::Point,
            dates: DateStyle::MonthFirst,
        };
        let wrong = mapping(BTreeMap::from([(Field::RefundId, 0), (Field::Amount, 9)]));
        let refused = map_upload(&world.app, &world.admin, place(&it), wrong).await.unwrap_err();
        let AppError::Refused(refused) = refused else { panic!("{refused}") };
        let codes: Vec<_> = refused.errors.iter().map(|it| format!("{} {}", it.pointer, it.code)).collect();
        assert_eq!(codes, [
            "/columns/amount column_unknown",
            "/columns/refund_id field_unknown",
            "/columns/order_id column_required",
        ]);
        let good = mapping(columns(Field::Amount));
        map_upload(&world.app, &world.admin, place(&it), good.clone()).await.unwrap();
        let it = worked(&world, &it).await;
        assert_eq!((it.version, outcomes(&it.counts).as_str()), (2, "quarantined=1"), "1 April is ahead, 4 January is not");
        let old = commit_upload(&world.app, &world.admin, place(&it), Some(1)).await.unwrap_err();
        assert!(matches!(old, AppError::Refused(it) if it.code == "upload_changed"));

        let next = text.replace("04/01/2026", "02/28/2026").replace("\n1;", "\n2;");
        let next = received(&world, UploadKind::Conversions, &next).await;
        assert_eq!((next.state, next.mapping), (UploadState::Checking, Some(good)));
        let other = received(&world, UploadKind::Refunds, text).await;
        assert_eq!(other.state, UploadState::Mapping, "another kind of row is another question");
    }

    /// A sale without a click finds its customer's touches by mail address or by the lead's id.
    async fn known_leads_are_found(world: World) {
        let (anna, link) = world.partner("Anna").await;
        let (bo, bos) = world.partner("Bo").await;
        let mail = |mail: &str| Some(world.app.mail_key(world.owner, mail).unwrap());
        let click = world.click(&link).await;
        world.apply(ReportConversion {
            click_id: Some(click.to_string()),
            customer_id: Some("c-1".into()),
            mail_key: mail("carla@example.dk"),
            ..world.report("qualified_lead", "L1")
        }).await;
        let click = world.click(&bos).await;
        world.apply(ReportConversion {
            click_id: Some(click.to_string()),
            ..world.report("qualified_lead", "L2")
        }).await;
        let text = "order_id,amount,email,lead_order_id\n\
                    S1,100.00,Carla@Example.dk ,\n\
                    S2,100.00,,L2\n\
                    S3,100.00,dora@example.dk,\n\
                    S4,100.00,not-a-mail,\n";
        let it = checked(&world, UploadKind::Conversions, text).await;
        assert_eq!((outcomes(&it.counts).as_str(), it.counts.matched), ("ready=3 refused=1", 2));
        let done = committed(&world, &it).await;
        assert_eq!(done.counts.matched, 2);
        let applied = rows(&world, &done, Some(RowOutcome::Applied)).await;
        let mut partners = Vec::new();
        for row in &applied {
            let id = row.subject.as_ref().unwrap().parse().unwrap();
            let (conversion, commissions) = world.conversion(id).await;
            let given = conversion.given.to_lowercase();
            assert!(!given.contains('@') && !given.contains("carla"), "{given}");
            partners.push(commissions.first().map(|it| it.partner));
        }
        assert_eq!(partners, [Some(anna.partner), Some(bo.partner), None]);
        green(&world).await;
    }

    /// Rows about what was reported earlier go through the calls that there are for that.
    async fn refunds_corrections_and_departures(world: World) {
        let (_, link) = world.partner("Anna").await;
        let click = world.click(&link).await;
        for order in ["A", "B", "C"] {
            world.apply(world.sale(order, 100_000, click)).await;
        }
        world.apply(world.report("qualified_lead", "C")).await;
        let refunds = "order,refund_id,amount\nA,r1,-250.00\nA,r1,-250.00\nA,r2,800.00\nX,r3,1\nC,r4,1\nB,,\n";
        let it = checked(&world, UploadKind::Refunds, refunds).await;
        let expected = [
            "2 ready: ",
            "3 duplicate: ",
            "4 refused: amount exceeds_rest (800.00)",
            "5 refused: order_id order_unknown (X)",
            "6 refused: type order_ambiguous (-)",
            "7 ready: ",
        ];
        assert_eq!(shown(&world, &it).await, expected);
        let done = committed(&world, &it).await;
        assert_eq!(outcomes(&done.counts), "applied=2 duplicate=1 refused=3");
        let again = checked(&world, UploadKind::Refunds, &format!("{refunds}\n")).await;
        assert_eq!(outcomes(&again.counts), "duplicate=3 refused=3");

        let corrections = "order,type,amount\nC,sale,900.00\nB,sale,\nA,sale,1.00\n";
        let it = checked(&world, UploadKind::Corrections, corrections).await;
        let expected = [
            "2 ready: ",
            "3 refused: amount required ()",
            "4 refused: - already_returned (-)",
        ];
        assert_eq!(shown(&world, &it).await, expected);
        let done = committed(&world, &it).await;
        let subject = rows(&world, &done, Some(RowOutcome::Applied)).await[0].subject.clone();
        let (conversion, _) = world.conversion(subject.unwrap().parse().unwrap()).await;
        assert_eq!((conversion.amount, conversion.returned_amount), (dkk(90_000), 0));

        let it = checked(&world, UploadKind::Departures, "order,type,left_at\nC,sale,2020-01-01\nA,sale,\n").await;
        let expected = ["2 refused: left_at before_conversion (2020-01-01)", "3 ready: "];
        assert_eq!(shown(&world, &it).await, expected);
        let done = committed(&world, &it).await;
        assert_eq!(outcomes(&done.counts), "applied=1 refused=1");
        green(&world).await;
    }

    /// Stages of known leads: by id, company or contact; paid once, however often they are told.
    async fn stages_of_leads(world: World) {
        let (anna, _) = world.partner("Anna").await;
        let it = checked(&world, UploadKind::Stages, "lead_id,stage\nx,won\n").await;
        assert_eq!(shown(&world, &it).await, ["2 refused: lead_id lead_unknown (x)"]);
        let it = checked(&world, UploadKind::Stages, "cvr,stage\n1,won\n12345674,won\n").await;
        let expected = [
            "2 refused: company_number company_number (1)",
            "3 refused: - leads_not_taken (-)",
        ];
        assert_eq!(shown(&world, &it).await, expected);
        let (owner, program) = (world.owner, world.program.id);
        let settings = LeadSettings::default();
        put_lead_settings(&world.app, &world.admin, owner, program, settings).await.unwrap();
        let partner = world.partner_actor(&anna);
        let mut leads = Vec::new();
        for (company, number) in [("bolt", Some("DK12345674")), ("nut", None), ("gear", None)] {
            let lead = RegisterLead {
                program: Some(program),
                company: company.into(),
                contact_email: Some(format!("boss@{company}.dk")),
                company_number: number.map(str::to_owned),
                ..RegisterLead::default()
            };
            leads.push(register_lead(&world.app, &partner, lead).await.unwrap().lead);
        }
        world.advance_days(60);
        let day = |back: i64| world.app.now().plus_days(-back).to_string()[..10].to_owned();
        let text = format!(
            "Lead ID;CVR;Website;E-mail;Fase;Dato;Værdi;Årsag;Grade\n\
             {bolt};;;;qualified;{d5};;;A\n\
             ;12345674;;;won;{d2};100.000,00;;\n\
             ;12345674;;;proposal;{d4};;;\n\
             ;;https://www.nut.dk/om;;won;{d2};;;\n\
             ;;;boss@gear.dk;lost;{d2};;valgte en anden;\n\
             ;;;boss@gear.dk;lost;{d2};;valgte en anden;\n\
             ;;stranger.dk;;won;;1;;\n\
             {nut};;;;nowhere;;;;\n\
             ;;;;won;;;;\n",
            bolt = leads[0].id, nut = leads[1].id, d5 = day(5), d4 = day(4), d2 = day(2)
        );
        let it = checked(&world, UploadKind::Stages, &text).await;
        let expected = [
            "2 ready: ",
            "3 ready: ",
            "4 duplicate: stage came_further (proposal)",
            "5 refused: amount required ()",
            "6 ready: ",
            "7 duplicate: ",
            "8 refused: lead_id lead_unknown ()",
            "9 refused: stage unknown_stage (nowhere)",
            "10 refused: lead_id required ()",
        ];
        assert_eq!(shown(&world, &it).await, expected);
        assert_eq!(it.counts.matched, 5);
        let before = conversions(&world).await;
        let done = committed(&world, &it).await;
        assert_eq!(outcomes(&done.counts), "applied=3 duplicate=2 refused=4");
        assert_eq!(done.counts.matched, 5);
        assert_eq!(conversions(&world).await, before + 2, "the qualified lead and the sale");
        let bolt = find_lead(&world.app, &world.admin, leads[0].id).await.unwrap().lead;
        let stood = (bolt.stage.as_deref(), bolt.grade.as_deref(), bolt.qualification.as_str());
        assert_eq!(stood, (Some("won"), Some("A"), "qualified"));
        assert_eq!((bolt.value, bolt.state), (Some(10_000_000), LeadState::Ended));
        let gear = find_lead(&world.app, &world.admin, leads[2].id).await.unwrap();
        assert_eq!(gear.lead.stage.as_deref(), Some("lost"));
        assert_eq!(gear.steps.last().unwrap().reason.as_deref(), Some("valgte en anden"));
        let row = &rows(&world, &done, None).await[1];
        assert_eq!(row.subject, Some(bolt.id.to_string()));
        let again = checked(&world, UploadKind::Stages, &format!("{text}\n")).await;
        assert_eq!(outcomes(&again.counts), "duplicate=5 refused=4");

        // A sale that names the lead is its partner's.
        let text = format!("order_id,lead_id,amount\nS1,{},100.00\nS2,lead_x,1\n", leads[1].id);
        let it = checked(&world, UploadKind::Conversions, &text).await;
        assert_eq!(shown(&world, &it).await, ["2 ready: ", "3 refused: lead_id lead_unknown (lead_x)"]);
        let done = committed(&world, &it).await;
        let sale = rows(&world, &done, Some(RowOutcome::Applied)).await[0].subject.clone();
        let (_, commissions) = world.conversion(sale.unwrap().parse().unwrap()).await;
        assert_eq!(commissions[0].partner, anna.partner);
        green(&world).await;
    }

    /// Whoever cancels keeps what was recorded; the rest is not, and its rows are gone.
    async fn cancelled_on_the_way(world: World) {
        let it = checked(&world, UploadKind::Conversions, &many(1_200)).await;
        commit_upload(&world.app, &world.admin, place(&it), None).await.unwrap();
        let asked = AtomicU32::new(0);
        // Asked before the file and before each chunk: one chunk is recorded.
        let stop = || asked.fetch_add(1, Ordering::Relaxed) >= 2;
        let work = work_uploads(&world.app, &stop).await.unwrap();
        assert_eq!(work.recorded, 500);
        let it = cancel_upload(&world.app, &world.admin, place(&it)).await.unwrap();
        assert_eq!((it.state, it.done, it.rows_gone), (UploadState::Cancelled, 500, true));
        let it = worked(&world, &it).await;
        assert_eq!((conversions(&world).await, it.counts.count(RowOutcome::Applied)), (500, 500));
        assert_eq!(rows(&world, &it, None).await.len(), 500);
        let again = commit_upload(&world.app, &world.admin, place(&it), None).await.unwrap_err();
        assert!(matches!(again, AppError::Refused(it) if it.code == "upload_settled"));

        // The same file again: it was cancelled, so it is read anew, and what is known stays once.
        let again = checked(&world, UploadKind::Conversions, &many(1_200)).await;
        assert_eq!(outcomes(&again.counts), "ready=700 duplicate=500");
        let done = committed(&world, &again).await;
        assert_eq!(outcomes(&done.counts), "applied=700 duplicate=500");
        assert_eq!(conversions(&world).await, 1_200);
        green(&world).await;
    }

    /// Nobody without the right, nobody from elsewhere, and rows do not lie about for ever.
    async fn rights_and_days(world: World) {
        let viewer = Actor::Member {
            user: UserId::from_bytes([1; 16]), owner: world.owner, role: Role::Viewer,
        };
        let sent = file(&world, UploadKind::Conversions, "order\n1\n");
        let refused = receive_upload(&world.app, &viewer, sent).await.unwrap_err();
        assert!(matches!(refused, AppError::Refused(it) if it.code == "missing_permission"));
        let wrong = file(&world, UploadKind::Conversions, "order\n");
        let refused = receive_upload(&world.app, &world.admin, wrong).await.unwrap_err();
        let AppError::Refused(refused) = refused else { panic!("{refused}") };
        assert_eq!((&*refused.errors[0].pointer, refused.errors[0].code), ("/file", "file_empty"));
        let it = checked(&world, UploadKind::Conversions, "order\n1\n").await;
        let elsewhere = Actor::Member {
            user: UserId::from_bytes([1; 16]),
            owner: OrganisationId::from_bytes([1; 16]),
            role: Role::Administrator,
        };
        for refused in [
            find_upload(&world.app, &elsewhere, it.owner, it.program, it.id).await.unwrap_err(),
            cancel_upload(&world.app, &elsewhere, place(&it)).await.unwrap_err(),
            upload_rows(&world.app, &elsewhere, place(&it), None, (0, 1)).await.unwrap_err(),
        ] {
            assert!(matches!(refused, AppError::Refused(it) if it.code == "not_found"));
        }
        let list = list_uploads(&world.app, &viewer, it.owner, it.program, PageRequest::default());
        assert_eq!(list.await.unwrap().items.len(), 1, "what could not be read is not kept");
        world.clock.advance_seconds(ROWS_KEPT_DAYS * 86_400 + 1);
        assert_eq!(work_uploads(&world.app, &|| false).await.unwrap().forgotten, 1);
        let it = worked(&world, &it).await;
        assert_eq!((it.state, it.rows_gone), (UploadState::Cancelled, true));
        assert_eq!(work_uploads(&world.app, &|| false).await.unwrap().forgotten, 0);
    }
}

/// A file with so many sales.
fn many(rows: u32) -> String {
    let mut text = "order_id,amount,customer_id\n".to_owned();
    for row in 0..rows {
        text.push_str(&format!("M{row},10.00,c{}\n", row / 3));
    }
    text
}

/// Whatever operation of the database fails while rows are recorded, and whether or not it was
/// carried out: the next run goes on, and each row is recorded once.
#[tokio::test]
async fn a_commit_goes_on_where_it_was_stopped() {
    let operations = stopped_at(None).await;
    let commits: Vec<u64> = (1..)
        .zip(&operations)
        .filter(|(_, it)| {
            ["commit", "insert conversion", "upload"].iter().any(|word| it.contains(word))
        })
        .map(|(number, _)| number)
        .collect();
    assert!(commits.len() >= 8, "{operations:?}");
    for number in commits {
        for moment in [Moment::Before, Moment::After] {
            stopped_at(Some((number, moment))).await;
        }
    }
}

/// Records a file of two chunks while one operation fails; tells all operations.
async fn stopped_at(fault: Option<(u64, Moment)>) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let open = |name: &str| -> Arc<dyn Engine> {
        Arc::new(SqliteEngine::open(folder.path().join(name), SqliteOptions::default()).unwrap())
    };
    let record = Arc::new(FaultEngine::new(open("record.db")));
    let touches = open("touches.db");
    let world = World::on(Arc::clone(&record) as _, touches, Some(folder)).await;
    let it = checked(&world, UploadKind::Conversions, &many(510)).await;
    commit_upload(&world.app, &world.admin, place(&it), None).await.unwrap();
    let error = EngineError::Away("gone".into());
    let plan = fault.map(|(at, moment)| FaultPlan { at, moment, lasting: false, error });
    record.plan(plan);
    let stopped = work_uploads(&world.app, &|| false).await;
    assert_eq!(stopped.is_err(), fault.is_some(), "{fault:?}: {stopped:?}");
    let operations = record.operations();
    record.plan(None);
    let done = worked(&world, &it).await;
    assert_eq!(done.state, UploadState::Committed, "{fault:?}");
    assert_eq!(outcomes(&done.counts), "applied=510", "{fault:?}");
    let rows = rows(&world, &done, None).await;
    let lines: Vec<u32> = rows.iter().map(|it| it.line).collect();
    assert_eq!(lines, (2..512).collect::<Vec<u32>>(), "{fault:?}: each row once");
    assert_eq!(conversions(&world).await, 510, "{fault:?}");
    if fault.is_none() {
        green(&world).await;
    }
    operations
}

/// A row that the database refuses spoils no other.
#[tokio::test]
async fn a_row_that_cannot_be_stored_stands_alone() {
    let world = World::sqlite().await;
    let run = async |sql: &'static str| {
        let mut tx = world.app.record.begin().await.unwrap();
        tx.execute(sql, vec![]).await.unwrap();
        tx.commit().await.unwrap();
    };
    let it = checked(&world, UploadKind::Conversions, &many(20)).await;
    run("CREATE TRIGGER poison BEFORE INSERT ON conversion WHEN NEW.business_key = 'M7' \
         BEGIN SELECT RAISE(ABORT, 'poison'); END")
    .await;
    let done = committed(&world, &it).await;
    assert_eq!(outcomes(&done.counts), "applied=19 failed=1");
    let failed = rows(&world, &done, Some(RowOutcome::Failed)).await;
    assert_eq!((failed.len(), failed[0].order.as_str()), (1, "M7"));
    run("DROP TRIGGER poison").await;
    let again = checked(&world, UploadKind::Conversions, &format!("{}\n", many(20))).await;
    let done = committed(&world, &again).await;
    assert_eq!(outcomes(&done.counts), "applied=1 duplicate=19");
    green(&world).await;
}
