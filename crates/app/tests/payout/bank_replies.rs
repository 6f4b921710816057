//! What banks answer, from the file to the books.

use tributary_app::payout::{
    ApprovedRun, BankReply, ConfirmReply, Effect, ReceiveReply, bank_reason, cancel_run,
    confirm_reply, find_payout, find_reply, find_run, list_held_bank_details, list_replies,
    receive_reply,
};
use tributary_kernel::PayoutId;
use tributary_ledger::Layers;
use tributary_money::Currency;
use tributary_payout::pain001::{end_to_end_id, message_id};
use tributary_store::decision::CommissionState;
use tributary_store::payout::{PayoutState, RunState};

use crate::common::{World, dkk};
use crate::payees::{approve, approved_sale, green, layers, payee, payer, preview, refused, state};

/// A status report about a run: reference, status, reason, amount.
fn report(run: &ApprovedRun, items: &[(&str, &str, &str, &str)]) -> Vec<u8> {
    let items: String = items
        .iter()
        .map(|(reference, status, reason, amount)| {
            let reason = if reason.is_empty() {
                String::new()
            } else {
                format!(
                    "<StsRsnInf><Rsn><Cd>{reason}</Cd></Rsn>\
                     <AddtlInf>Konto lukket</AddtlInf></StsRsnInf>"
                )
            };
            format!(
                "<TxInfAndSts><OrgnlEndToEndId>{reference}</OrgnlEndToEndId>\
                 <TxSts>{status}</TxSts>{reason}<AcctSvcrRef>B-1</AcctSvcrRef><OrgnlTxRef><Amt>\
                 <InstdAmt Ccy=\"DKK\">{amount}</InstdAmt></Amt></OrgnlTxRef></TxInfAndSts>"
            )
        })
        .collect();
    let message = message_id(run.run.id, Currency::DKK);
    format!(
        "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.002.001.10\"><CstmrPmtStsRpt>\
         <GrpHdr><MsgId>REP-1</MsgId></GrpHdr><OrgnlGrpInfAndSts>\
         <OrgnlMsgId>{message}</OrgnlMsgId></OrgnlGrpInfAndSts><OrgnlPmtInfAndSts>\
         <OrgnlPmtInfId>{message}1</OrgnlPmtInfId>{items}</OrgnlPmtInfAndSts>\
         </CstmrPmtStsRpt></Document>"
    )
    .into_bytes()
}

/// A statement: side, amount, day, and what stands within the entry.
fn statement(entries: &[(&str, &str, &str, String)]) -> Vec<u8> {
    let items: String = entries
        .iter()
        .map(|(side, amount, day, within)| {
            format!(
                "<Ntry><Amt Ccy=\"DKK\">{amount}</Amt><CdtDbtInd>{side}</CdtDbtInd>\
                 <Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{day}</Dt></BookgDt>{within}</Ntry>"
            )
        })
        .collect();
    format!(
        "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"><BkToCstmrStmt>\
         <Stmt><Id>54</Id><Acct><Id><IBAN>DK5000400440116243</IBAN></Id></Acct>{items}</Stmt>\
         </BkToCstmrStmt></Document>"
    )
    .into_bytes()
}

fn named(reference: &str, more: &str) -> String {
    format!(
        "<NtryDtls><TxDtls><Refs><EndToEndId>{reference}</EndToEndId></Refs>{more}\
         </TxDtls></NtryDtls>"
    )
}

const AC06: &str = "<RtrInf><Rsn><Cd>AC06</Cd></Rsn></RtrInf>";

async fn give(world: &World, content: Vec<u8>) -> BankReply {
    let input = ReceiveReply { owner: world.owner, name: "svar.xml".into(), content };
    receive_reply(&world.app, &world.admin, input).await.unwrap()
}

async fn book(world: &World, it: &BankReply, likely: Vec<PayoutId>) -> BankReply {
    let input = ConfirmReply { owner: world.owner, reply: it.id, likely };
    confirm_reply(&world.app, &world.admin, input).await.unwrap()
}

fn effects(it: &BankReply) -> Vec<Effect> {
    it.lines.iter().map(|line| line.effect).collect()
}

on_both! {
    /// One is executed and one refused: said first, booked once, and the reason reaches the partner.
    async fn a_status_report_pays_some_and_reopens_others(world: World) {
        payer(&world).await;
        let (anna, anna_link) = payee(&world, "Anna").await;
        let (bo, bo_link) = payee(&world, "Bo").await;
        let first = approved_sale(&world, &anna_link, "1", 500_000).await;
        let second = approved_sale(&world, &bo_link, "2", 100_000).await;
        let run = approve(&world).await;
        let of = |partner| run.payouts.iter().find(|it| it.partner == partner).unwrap().id;
        let (paid, back) = (of(anna.partner), of(bo.partner));
        let stranger = PayoutId::from_bytes([9; 16]);
        let file = report(&run, &[
            (&end_to_end_id(paid), "ACSC", "", "1000.00"),
            (&end_to_end_id(back), "RJCT", "AC04", "200.00"),
            (&end_to_end_id(stranger), "RJCT", "AC04", "1.00"),
        ]);
        let it = give(&world, file.clone()).await;
        let mut seen = effects(&it);
        seen.sort_by_key(|effect| effect.as_str());
        assert_eq!(seen, [Effect::Pays, Effect::Returns]);
        assert_eq!(it.unknown, [end_to_end_id(stranger)]);
        assert_eq!(state(&world, first).await, CommissionState::Payable, "nothing is booked yet");
        assert_eq!(give(&world, file.clone()).await, it, "the same file is the same answer");

        let done = book(&world, &it, Vec::new()).await;
        assert_eq!(effects(&done), effects(&it));
        assert_eq!(state(&world, first).await, CommissionState::Paid);
        assert_eq!(state(&world, second).await, CommissionState::Approved);
        let partner = world.partner_actor(&bo);
        let shown = find_payout(&world.app, &partner, back).await.unwrap();
        assert_eq!(shown.state, PayoutState::Returned);
        assert_eq!(bank_reason(&shown).unwrap().to_string(), "AC04: Konto lukket");
        assert_eq!(shown.bank.reference.as_deref(), Some("B-1"));
        assert_eq!(list_held_bank_details(&world.app, &world.admin, world.owner).await.unwrap().len(), 1);
        let detail = find_run(&world.app, &world.admin, world.owner, run.run.id).await.unwrap();
        assert_eq!(detail.run.run.state, RunState::Sent, "the bank has it: it cannot be cancelled");
        let late = cancel_run(&world.app, &world.admin, world.owner, run.run.id).await;
        assert_eq!(refused(late.unwrap_err()), "wrong_state");
        green(&world).await;

        let (before, _) = world.audited().await;
        let again = book(&world, &give(&world, file).await, Vec::new()).await;
        assert_eq!(again, done, "what was done stays told");
        assert_eq!(world.audited().await.0, before, "twice changes nothing");
        let list = list_replies(&world.app, &world.admin, world.owner, world.first_page()).await.unwrap();
        assert_eq!(list.items.len(), 1);
        let found = find_reply(&world.app, &world.admin, world.owner, it.id).await.unwrap();
        assert_eq!(found, done);
    }

    /// A statement in which a payment went out and came back later, another that tells of it again,
    /// and days of the bank that are taken over.
    async fn statements_may_overlap(world: World) {
        payer(&world).await;
        let (anna, link) = payee(&world, "Anna").await;
        let sale = approved_sale(&world, &link, "1", 500_000).await;
        let run = approve(&world).await;
        let payout = run.payouts[0].id;
        world.advance_days(20);
        let reference = end_to_end_id(payout);
        let out = ("DBIT", "1000.00", "2026-03-17", named(&reference, ""));
        let other = ("CRDT", "77.00", "2026-03-17", named("INV-77", ""));
        let it = give(&world, statement(&[out.clone(), other.clone()])).await;
        assert_eq!((effects(&it), it.others), (vec![Effect::Pays], 1));
        book(&world, &it, Vec::new()).await;
        let found = find_payout(&world.app, &world.admin, payout).await.unwrap();
        assert_eq!(found.paid_at.unwrap().to_string(), "2026-03-16T23:00:00Z", "the bank's day here");
        assert_eq!(layers(&world, &anna).await, Layers { paid: 100_000, ..Layers::default() });

        let back = ("CRDT", "1000.00", "2026-03-19", named(&reference, AC06));
        let it = give(&world, statement(&[out.clone(), other, back.clone()])).await;
        assert_eq!(effects(&it), [Effect::Known, Effect::Returns]);
        book(&world, &it, Vec::new()).await;
        assert_eq!(layers(&world, &anna).await.approved, 100_000);
        assert_eq!(state(&world, sale).await, CommissionState::Approved);
        green(&world).await;
        let (transfers, _) = world.audited().await;
        let returned = transfers.iter().find(|it| it.kind.as_str() == "payment_returned").unwrap();
        assert_eq!(returned.occurred_at.to_string(), "2026-03-18T23:00:00Z");

        // The same bookings in a file of another month.
        let it = give(&world, statement(&[out, back])).await;
        assert_eq!(effects(&it), [Effect::Known, Effect::Known]);
        book(&world, &it, Vec::new()).await;
        assert_eq!(world.audited().await.0, transfers);
        assert!(preview(&world).await.payouts.is_empty(), "the account waits for a second look");
    }

    /// One sum for the whole file; what only a person can know; and other amounts.
    async fn a_sum_is_all_of_a_file_and_doubts_are_for_a_person(world: World) {
        payer(&world).await;
        let (_, anna) = payee(&world, "Anna").await;
        let (_, bo) = payee(&world, "Bo").await;
        approved_sale(&world, &anna, "1", 500_000).await;
        approved_sale(&world, &bo, "2", 100_000).await;
        let run = approve(&world).await;
        let group = format!("{}1", message_id(run.run.id, Currency::DKK));
        let batch = format!("<NtryDtls><Btch><PmtInfId>{group}</PmtInfId></Btch></NtryDtls>");
        let it = give(&world, statement(&[("DBIT", "1200.00", "2026-03-16", batch)])).await;
        assert_eq!(effects(&it), [Effect::Pays, Effect::Pays]);
        book(&world, &it, Vec::new()).await;

        approved_sale(&world, &anna, "3", 500_000).await;
        let run = approve(&world).await;
        let payout = run.payouts[0].id;
        let wrong = ("DBIT", "999.00", "2026-03-16", named(&end_to_end_id(payout), ""));
        let it = give(&world, statement(&[wrong])).await;
        assert_eq!((it.lines[0].told, it.lines[0].booked), ("other_amount", Some(dkk(99_900))));
        assert_eq!(effects(&book(&world, &it, vec![payout]).await), [Effect::Look]);
        let name = "<RltdPties><Cdtr><Nm>anna sørensen</Nm></Cdtr></RltdPties>";
        let likely = ("DBIT", "1000.00", "2026-03-16", named("NOTPROVIDED", name));
        let it = give(&world, statement(&[likely])).await;
        assert_eq!((it.lines[0].told, effects(&it)), ("likely", vec![Effect::Look]));
        let done = book(&world, &it, vec![payout]).await;
        assert_eq!(effects(&done), [Effect::Pays], "a person said so");
        green(&world).await;
    }

    /// What is nobody's of ours, or no answer at all, is refused and nothing of it is kept.
    async fn what_is_not_ours_is_refused(world: World) {
        payer(&world).await;
        let (anna, link) = payee(&world, "Anna").await;
        approved_sale(&world, &link, "1", 500_000).await;
        let run = approve(&world).await;
        let input = |content: Vec<u8>| ReceiveReply {
            owner: world.owner,
            name: String::new(),
            content,
        };
        let (app, admin) = (&world.app, &world.admin);
        let unreadable = receive_reply(app, admin, input(b"hello".to_vec())).await.unwrap_err();
        assert_eq!(refused(unreadable), "/content bank_reply_unreadable");
        let text = String::from_utf8(report(&run, &[])).unwrap();
        let foreign = text.replace("<OrgnlMsgId>run-", "<OrgnlMsgId>run-0");
        let foreign = receive_reply(app, admin, input(foreign.into_bytes())).await.unwrap_err();
        assert_eq!(refused(foreign), "/content bank_reply_foreign");
        let partner = world.partner_actor(&anna);
        let no = receive_reply(app, &partner, input(text.into_bytes())).await.unwrap_err();
        assert_eq!(refused(no), "not_found", "for who pays alone");
        let list = list_replies(app, admin, world.owner, world.first_page()).await.unwrap();
        assert!(list.items.is_empty());
    }
}
