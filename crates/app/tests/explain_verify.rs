//! Explanations for both sides, and verify: green on what use cases have written, and naming every
//! byte that somebody else has.

#![expect(clippy::unwrap_used, reason = "in a test helper it is a failed test")]

mod common;
#[macro_use]
mod on_both;

use common::{World, dkk};
use tributary_app::AppError;
use tributary_app::conversion::{
    CorrectConversion, RefundConversion, ReportConversion, ReportOutcome, correct_conversion,
    refund_conversion,
};
use tributary_app::explain::{WhyNothing, explain_commission, explain_conversion};
use tributary_app::verify::{Finding, VerifyReport, sign_head, verify};
use tributary_commission::{NotPaid, Step};
use tributary_directory::{Actor, Link, Partnership};
use tributary_kernel::{ConversionId, RefusalKind};
use tributary_store::decision::{AdjustmentKind, StoredCommission};
use tributary_store::engine::Value;
use tributary_store::ledger::{StoredTransfer, transfers_from};

const SYSTEM: Actor = Actor::System { job: "test" };

async fn verified(world: &World) -> VerifyReport {
    verify(&world.app, Some(world.owner), &mut |_| {}).await.unwrap()
}

fn named(report: &VerifyReport, what: &str, subject: &str) -> bool {
    report.findings.iter().any(|it| it.what == what && it.subject.contains(subject))
}

/// What a business has after some weeks: sales, refunds, a correction, a duplicate, what waits.
struct Books {
    anna: (Partnership, Link),
    bo: (Partnership, Link),
    sales: Vec<ConversionId>,
    unpaid: ConversionId,
}

async fn business(world: &World) -> Books {
    let (anna, bo) = (world.partner("Anna").await, world.partner("Bo").await);
    let mut sales = Vec::new();
    for n in 0..20 {
        let link = if n % 2 == 0 { &anna.1 } else { &bo.1 };
        let click = world.click(link).await;
        world.clock.advance_seconds(3_600);
        let sale = world.sale(&format!("order-{n}"), 100_000 + n, click);
        let customer_id = Some(format!("customer-{}", n % 7));
        sales.push(world.apply(ReportConversion { customer_id, ..sale }).await);
    }
    let click = world.click(&anna.1).await;
    let unpaid =
        world.apply(ReportConversion { kind: "newsletter".into(), ..world.sale("n-1", 0, click) });
    let unpaid = unpaid.await;
    world.apply(world.report("sale", "nobody's")).await;
    let again = world.send(world.sale("order-0", 100_000, click)).await;
    assert_eq!(again, ReportOutcome::Duplicate(sales[0]));
    let other = world.send(world.sale("order-0", 7, click)).await;
    assert!(matches!(other, ReportOutcome::Quarantined { .. }));
    for (conversion, minor) in [(sales[1], Some(30_000)), (sales[2], None)] {
        let refund = RefundConversion {
            conversion,
            refund_id: "r-1".into(),
            amount: minor.map(dkk),
            kind: AdjustmentKind::Refund,
            occurred_at: None,
        };
        refund_conversion(&world.app, &world.admin, refund).await.unwrap();
    }
    let correction = CorrectConversion {
        conversion: sales[3],
        correction_id: "c-1".into(),
        amount: dkk(50_000),
        net_amount: None,
    };
    correct_conversion(&world.app, &world.admin, correction).await.unwrap();
    sign_head(&world.app, world.owner).await.unwrap().unwrap();
    Books { anna, bo, sales, unpaid }
}

async fn transfers(world: &World) -> Vec<StoredTransfer> {
    let mut conn = world.app.record.read().await.unwrap();
    transfers_from(&mut *conn, world.owner, 0, 1_000).await.unwrap()
}

on_both! {
    async fn what_use_cases_wrote_is_green(world: World) {
        let books = business(&world).await;
        let mut stages = Vec::new();
        let report = verify(&world.app, None, &mut |it| stages.push((it.stage, it.done)))
            .await
            .unwrap();
        assert_eq!(report.findings, Vec::<Finding>::new());
        assert!(report.is_green());
        assert_eq!((report.owners, report.plans, report.heads), (1, 1, 1));
        assert_eq!(report.conversions, 22);
        assert_eq!(report.commissions, 21, "20 sales and one corrected");
        // 20 accruals, two refunds, a correction that takes back and accrues again.
        assert_eq!(report.transfers, 24);
        assert_eq!(report.nodes, 1);
        assert!(report.accounts >= 3 && report.daily_rows > 4 && report.intake_days > 0);
        assert!(stages.contains(&("transfers", 24)) && stages.contains(&("conversions", 22)));
        assert_eq!(sign_head(&world.app, world.owner).await.unwrap(), None, "it has not grown");
        assert_eq!(books.sales.len(), 20);
    }

    async fn every_changed_byte_of_a_transfer_is_found(world: World) {
        business(&world).await;
        let all = transfers(&world).await;
        const PUT: &str = "UPDATE transfer SET canonical = $1 WHERE owner_id = $2 AND seq = $3";
        // One under a kept node, one at the edge of the tree.
        for it in [&all[5], &all[21]] {
            let put = |canonical: Vec<u8>| {
                let params = vec![canonical.into(), world.owner.into(), it.seq.into()];
                tamper(&world, PUT.to_owned(), params)
            };
            let mut by_name = 0;
            for at in 0..it.canonical.len() {
                let mut changed = it.canonical.clone();
                changed[at] ^= 0x01;
                put(changed).await;
                let report = verified(&world).await;
                assert!(!report.is_green(), "byte {at} of {}", it.id);
                let id = it.id.to_string();
                let among = |finding: &&Finding| {
                    finding.detail.contains("are not those that")
                        && (finding.subject == all[0].id.to_string()
                            || finding.detail.contains("number 16 to 23"))
                };
                assert!(
                    report.findings.iter().any(|it| it.subject == id)
                        || report.findings.iter().find(among).is_some(),
                    "byte {at} of {id}: {:?}",
                    report.findings
                );
                by_name += usize::from(report.findings.iter().any(|it| it.subject == id));
            }
            put(it.canonical.clone()).await;
            assert!(by_name * 10 > it.canonical.len() * 8, "{by_name} are named themselves");
        }
        assert!(verified(&world).await.is_green());
    }

    async fn every_changed_byte_of_a_commissions_record_is_found(world: World) {
        let books = business(&world).await;
        let (_, commissions) = world.conversion(books.sales[12]).await;
        let it = &commissions[0];
        const PUT: &str = "UPDATE commission SET record = $1 WHERE owner_id = $2 AND id = $3";
        let put = |record: String| {
            tamper(&world, PUT.to_owned(), vec![record.into(), world.owner.into(), it.id.into()])
        };
        for at in 0..it.record.len() {
            let mut changed = it.record.clone().into_bytes();
            changed[at] ^= 0x01;
            put(String::from_utf8(changed).unwrap()).await;
            let report = verified(&world).await;
            let id = it.id.to_string();
            assert!(named(&report, "commission_record", &id), "byte {at} of {}", it.record);
        }
        put(it.record.clone()).await;
        assert!(verified(&world).await.is_green());
    }

    async fn every_changed_row_is_found_and_named(world: World) {
        let books = business(&world).await;
        let (conversion, commissions) = world.conversion(books.sales[5]).await;
        let commission = &commissions[0];
        let last = transfers(&world).await.pop().unwrap();
        let partner = books.bo.0.partner;
        let of = |id: Value| vec![Value::from(world.owner), id];
        let rows: [(&str, Vec<Value>, String); 6] = [
            ("commission", of(commission.id.into()), commission.id.to_string()),
            ("conversion", of(conversion.id.into()), conversion.id.to_string()),
            ("partner", of(partner.into()), partner.to_string()),
            ("program", of(world.program.id.into()), world.program.id.to_string()),
            ("transfer", of(last.id.into()), last.id.to_string()),
            ("owner", vec![world.owner.into()], world.owner.to_string()),
        ];
        for Tampering { of, set, undo, on, finds } in TAMPERINGS {
            let (_, params, name) = rows.iter().find(|it| it.0 == *of).unwrap();
            let condition = on;
            let sql = |set: &str| format!("{set} WHERE owner_id = $1 {condition}");
            tamper(&world, sql(set), params.clone()).await;
            let report = verified(&world).await;
            let name = match *finds {
                "plan" => "plan_",
                "tree" => "trf_",
                _ => name,
            };
            assert!(named(&report, finds, name), "{set}: {:?}", report.findings);
            tamper(&world, sql(undo), params.clone()).await;
            assert_eq!(verified(&world).await.findings, [], "{undo}");
        }
    }

    async fn both_sides_see_why_an_amount_is_what_it_is(world: World) {
        let books = business(&world).await;
        let (_, commissions) = world.conversion(books.sales[1]).await;
        let id = commissions[0].id;
        let it = explain_commission(&world.app, &world.admin, id).await.unwrap();
        assert_eq!(it.conversion.reference, "order-1");
        assert_eq!(it.conversion.amount, dkk(100_001));
        assert_eq!(it.conversion.returned, dkk(30_000));
        let moved: Vec<_> =
            it.transfers.iter().map(|it| (it.kind.as_str(), it.amount, it.reason.as_str())).collect();
        assert_eq!(moved, [("accrue", dkk(20_000), "none"), ("decline", dkk(6_000), "refund")]);
        let arithmetic = it.explanation.steps.iter().find_map(|step| match step {
            Step::Arithmetic { base, result, .. } => Some((*base, *result)),
            _ => None,
        });
        assert_eq!(arithmetic, Some((dkk(100_001), dkk(20_000))));
        let hold = it.explanation.steps.iter().find_map(|step| match step {
            Step::Hold(hold) => Some(*hold),
            _ => None,
        });
        let hold = hold.unwrap();
        assert_eq!((hold.days, hold.by_rule, hold.until), (30, false, it.commission.due_at));

        let bo = world.partner_actor(&books.bo.0);
        let theirs = explain_commission(&world.app, &bo, id).await.unwrap();
        assert_eq!(theirs.conversion.reference, "•••r-1");
        assert_eq!(theirs.conversion.customer, None);
        assert_eq!(theirs.transfers, it.transfers);
        assert_eq!(theirs.explanation, it.explanation, "there is no other partner's touch");
        let system = explain_commission(&world.app, &SYSTEM, id).await.unwrap();
        assert_eq!(system, it);

        let anna = world.partner_actor(&books.anna.0);
        for (what, error) in [
            ("commission", explain_commission(&world.app, &anna, id).await.err()),
            ("conversion", explain_conversion(&world.app, &anna, books.sales[1]).await.err()),
        ] {
            let refused = matches!(&error, Some(AppError::Refused(it)) if it.kind == RefusalKind::NotFound);
            assert!(refused, "{what}: {error:?}");
        }
    }

    async fn another_partners_touch_is_told_without_whose_it_is(world: World) {
        let (anna, bo) = (world.partner("Anna").await, world.partner("Bo").await);
        let first = world.click(&anna.1).await;
        world.clock.advance_seconds(60);
        let last = world.unrecorded_click(&bo.1);
        world.record_touch(last, &bo.1, Some(first)).await;
        let sale = world.apply(world.sale("1009", 100_000, last)).await;
        let ours = explain_conversion(&world.app, &world.admin, sale).await.unwrap();
        assert_eq!(ours.credit.touches[0].partnership, Some(anna.0.id));
        assert_eq!(ours.credit.touches[0].verdict, "later_touch_won");
        assert_eq!((ours.commissions.len(), &ours.nothing), (1, &None));
        let theirs = explain_conversion(&world.app, &world.partner_actor(&bo.0), sale).await;
        let theirs = theirs.unwrap();
        let touch = &theirs.credit.touches[0];
        assert_eq!((&touch.touch, touch.partnership), (&None, None));
        assert_eq!(touch.verdict, "later_touch_won");
        assert_eq!(theirs.credit.touches[1].partnership, Some(bo.0.id));
        let journey = theirs.commissions[0].explanation.steps.iter().find_map(|step| match step {
            Step::JourneyCredit(credit) => Some(credit),
            _ => None,
        });
        assert_eq!(journey.unwrap(), &theirs.credit);
    }

    async fn what_was_not_paid_is_explained_too(world: World) {
        let books = business(&world).await;
        let it = explain_conversion(&world.app, &world.admin, books.unpaid).await.unwrap();
        assert_eq!(it.commissions, []);
        let Some(WhyNothing::NotPaid(why)) = it.nothing else { panic!("{:?}", it.nothing) };
        assert_eq!(why.steps.last(), Some(&Step::NotPaid(NotPaid::NoRuleMatched)));
        assert!(why.steps.iter().any(|step| matches!(step, Step::RuleSkipped { .. })));

        let (_, corrected) = world.conversion(books.sales[3]).await;
        let taken_back: Vec<_> = corrected.iter().map(StoredCommission::remaining).collect();
        assert_eq!(taken_back, [0, 10_000]);
        let it = explain_conversion(&world.app, &world.admin, books.sales[3]).await.unwrap();
        assert_eq!(it.commissions.len(), 2, "what was taken back is told as well");
    }
}

/// A change of stored rows that no use case makes, how it is taken back, and what must be found.
struct Tampering {
    of: &'static str,
    set: &'static str,
    undo: &'static str,
    on: &'static str,
    finds: &'static str,
}

macro_rules! tamperings {
    ($($of:ident $finds:literal: $set:literal / $undo:literal $on:literal;)*) => {
        &[$(Tampering {
            of: stringify!($of), set: $set, undo: $undo, on: $on, finds: $finds,
        }),*]
    };
}

const TAMPERINGS: &[Tampering] = tamperings! {
    commission "commission_record":
        "UPDATE commission SET record = replace(record, '100005', '100006')" /
        "UPDATE commission SET record = replace(record, '100006', '100005')" "AND id = $2";
    commission "commission_record":
        "UPDATE commission SET record = replace(record, 'half_even', 'down')" /
        "UPDATE commission SET record = replace(record, 'down', 'half_even')" "AND id = $2";
    commission "commission_record":
        "UPDATE commission SET record = replace(record, '1000000000', '1000000001')" /
        "UPDATE commission SET record = replace(record, '1000000001', '1000000000')" "AND id = $2";
    commission "commission_record":
        "UPDATE commission SET amount = amount + 1" /
        "UPDATE commission SET amount = amount - 1" "AND id = $2";
    commission "commission_record":
        "UPDATE commission SET rule_id = 'lead'" /
        "UPDATE commission SET rule_id = 'sale'" "AND id = $2";
    commission "commission":
        "UPDATE commission SET amount = amount + 1" /
        "UPDATE commission SET amount = amount - 1" "AND id = $2";
    commission "commission":
        "UPDATE commission SET reversed_amount = reversed_amount + 1" /
        "UPDATE commission SET reversed_amount = reversed_amount - 1" "AND id = $2";
    commission "commission":
        "UPDATE commission SET state = 'approved'" /
        "UPDATE commission SET state = 'pending'" "AND id = $2";
    commission "commission":
        "UPDATE commission SET occurred_at = occurred_at + 1" /
        "UPDATE commission SET occurred_at = occurred_at - 1" "AND id = $2";
    conversion "conversion":
        "UPDATE conversion SET amount = amount + 1" /
        "UPDATE conversion SET amount = amount - 1" "AND id = $2";
    conversion "conversion":
        "UPDATE conversion SET given = replace(given, 'order-5', 'order-6')" /
        "UPDATE conversion SET given = replace(given, 'order-6', 'order-5')" "AND id = $2";
    conversion "conversion":
        "UPDATE conversion SET quantity = 2" /
        "UPDATE conversion SET quantity = 1" "AND id = $2";
    conversion "conversion":
        "UPDATE conversion SET returned_amount = 1" /
        "UPDATE conversion SET returned_amount = 0" "AND id = $2";
    conversion "journey":
        "UPDATE conversion SET journey = replace(journey, 'partner_link', 'partner link')" /
        "UPDATE conversion SET journey = replace(journey, 'partner link', 'partner_link')"
        "AND id = $2";
    conversion "journey":
        "UPDATE conversion SET journey = replace(journey, '\"share\":1000000000', '\"share\":1')" /
        "UPDATE conversion SET journey = replace(journey, '\"share\":1}', '\"share\":1000000000}')"
        "AND id = $2";
    partner "balance":
        "UPDATE ledger_account SET balance = balance + 1" /
        "UPDATE ledger_account SET balance = balance - 1"
        "AND partner_id = $2 AND kind = 'partner_pending'";
    partner "rollup":
        "UPDATE daily SET conversions = conversions + 1" /
        "UPDATE daily SET conversions = conversions - 1"
        "AND partner_id = $2 AND state = 'conversion'";
    partner "rollup":
        "UPDATE daily SET commission = commission + 1" /
        "UPDATE daily SET commission = commission - 1"
        "AND partner_id = $2 AND state = 'pending'";
    partner "rollup":
        "UPDATE daily SET event = 'other'" / "UPDATE daily SET event = 'sale'"
        "AND partner_id = $2 AND state = 'conversion'";
    program "plan":
        "UPDATE plan SET document = replace(document, '\"20\"', '\"21\"')" /
        "UPDATE plan SET document = replace(document, '\"21\"', '\"20\"')" "AND program_id = $2";
    transfer "transfer":
        "UPDATE transfer SET seq = seq + 1" / "UPDATE transfer SET seq = seq - 1" "AND id = $2";
    transfer "transfer":
        "UPDATE transfer SET kind = 'decline'" / "UPDATE transfer SET kind = 'accrue'"
        "AND id = $2";
    transfer "transfer":
        "UPDATE transfer SET booked_at = booked_at + 1" /
        "UPDATE transfer SET booked_at = booked_at - 1" "AND id = $2";
    owner "head":
        "UPDATE owner_head SET transfer_seq = transfer_seq + 1" /
        "UPDATE owner_head SET transfer_seq = transfer_seq - 1" "";
    owner "tree":
        "UPDATE tree_node SET level = level + 3" / "UPDATE tree_node SET level = level - 3" "";
    owner "signed_head":
        "UPDATE signed_head SET at = at + 1" / "UPDATE signed_head SET at = at - 1" "";
    owner "signed_head":
        "UPDATE signed_head SET size = size - 1" / "UPDATE signed_head SET size = size + 1" "";
    owner "intake":
        "UPDATE intake SET count = count + 1" / "UPDATE intake SET count = count - 1"
        "AND outcome = 'applied'";
};

async fn tamper(world: &World, sql: String, params: Vec<Value>) {
    let mut tx = world.app.record.begin().await.unwrap();
    // Rows changed are counted by reading them back: a built text is a query here.
    tx.query_built(format!("{sql} RETURNING owner_id"), params).await.map_or_else(
        |error| panic!("{sql}: {error}"),
        |rows| assert!(!rows.is_empty(), "{sql} changes nothing"),
    );
    tx.commit().await.unwrap();
}
