//! The proof file of a statement: what it shows, and that no changed byte of it passes.

use tributary_app::AppError;
use tributary_app::payout::{mark_paid, statement_of, statement_proof};
use tributary_app::verify::statement::{Comparison, ProofFile};
use tributary_kernel::RefusalKind;
use tributary_store::engine::Value;

use crate::common::World;
use crate::payees::{approve, approved_sale, green, payee, payer, refund};

on_both! {
    async fn a_partner_can_check_a_statement_alone(world: World) {
        payer(&world).await;
        let (anna, link) = payee(&world, "Anna").await;
        let (_, other) = payee(&world, "Bo").await;
        for n in 0..20 {
            approved_sale(&world, &other, &format!("b{n}"), 100_000).await;
        }
        let first = approved_sale(&world, &link, "1009", 1_250_000).await;
        refund(&world, first, "r0", 250_000).await;
        approved_sale(&world, &link, "1010", 100_000).await;
        let run = approve(&world).await;
        let partner = world.partner_actor(&anna);
        let payout = run.payouts.iter().find(|it| it.partner == anna.partner).unwrap().id;
        let bytes = statement_proof(&world.app, &partner, payout).await.unwrap();
        let file = ProofFile::from_bytes(&bytes).unwrap();
        let checked = file.check();
        assert!(checked.holds(), "{:?}", checked.findings);
        let statement = statement_of(&world.app, &partner, payout).await.unwrap();
        assert_eq!(checked.statement.as_ref(), Some(&statement));
        assert_eq!(file.transfers.len(), 3, "two accruals and a refund");
        assert_eq!(file.compare(&file), Comparison::Extended);

        // Flip each byte: in the smaller bits, which keep digits digits, too.
        for at in 0..bytes.len() {
            for bit in [0x01, 0x20] {
                let mut flipped = bytes.clone();
                flipped[at] ^= bit;
                let holds = ProofFile::from_bytes(&flipped).is_ok_and(|it| it.check().holds());
                assert!(!holds, "byte {at}, bit {bit}");
            }
        }
        for cut in [0, 1, bytes.len() / 2, bytes.len() - 1] {
            assert!(ProofFile::from_bytes(&bytes[..cut]).is_err());
        }

        // Later, the same file again; and a newer one that extends it.
        mark_paid(&world.app, &world.admin, world.owner, run.run.id).await.unwrap();
        world.advance_days(20);
        refund(&world, first, "r1", 125_000).await;
        approved_sale(&world, &link, "1012", 5_000_000).await;
        let next = approve(&world).await;
        let newer = next.payouts.iter().find(|it| it.partner == anna.partner).unwrap().id;
        let again = statement_proof(&world.app, &partner, payout).await.unwrap();
        assert_eq!(again, bytes, "the same bytes whenever it is asked for");
        let newer = statement_proof(&world.app, &partner, newer).await.unwrap();
        let newer = ProofFile::from_bytes(&newer).unwrap();
        assert!(newer.check().holds(), "{:?}", newer.check().findings);
        assert!(!newer.earlier.is_empty());
        assert_eq!(newer.compare(&file), Comparison::Extended);
        assert_eq!(file.compare(&newer), Comparison::Extended, "whichever comes first");
        green(&world).await;

        let stranger = world.partner_actor(&world.partner("Eve").await.0);
        let refused = statement_proof(&world.app, &stranger, payout).await.unwrap_err();
        assert!(matches!(&refused, AppError::Refused(it) if it.kind == RefusalKind::NotFound));
    }

    /// Somebody rewrites the past and signs it anew with the owner's key: each file holds by itself,
    /// both together show it.
    async fn a_rewritten_past_is_found_by_an_older_file(world: World) {
        payer(&world).await;
        let (anna, link) = payee(&world, "Anna").await;
        approved_sale(&world, &link, "1", 1_000_000).await;
        let run = approve(&world).await;
        let older = statement_proof(&world.app, &world.admin, run.payouts[0].id).await.unwrap();
        let older = ProofFile::from_bytes(&older).unwrap();
        let mut rewritten = older.clone();
        rewritten.transfers[0].canonical[70] ^= 1;
        assert!(!rewritten.check().holds());
        assert!(matches!(rewritten.compare(&older), Comparison::Rewritten(_)));

        let signer = tributary_ledger::HeadSigner::from_seed(&[2; 32]);
        let mut head = older.head.head;
        head.root = tributary_ledger::merkle::leaf_hash(b"another past");
        let mut rewritten = older.clone();
        rewritten.head = signer.sign(head);
        assert!(matches!(rewritten.compare(&older), Comparison::Rewritten(_)));
        let mut unrelated = older.clone();
        unrelated.head = signer.sign(tributary_ledger::TreeHead { size: head.size + 1, ..head });
        unrelated.transfers.clear();
        assert!(matches!(unrelated.compare(&older), Comparison::NotComparable(_)));
        let foreign = tributary_ledger::HeadSigner::from_seed(&[77; 32]);
        let mut forged = older.clone();
        forged.key = foreign.key();
        forged.head = foreign.sign(older.head.head);
        forged.signature = foreign.sign_document(&older.statement);
        assert!(forged.check().holds(), "by itself it does: the key must be known from elsewhere");
        assert!(matches!(forged.compare(&older), Comparison::Rewritten(_)));

        // In the database itself: no proof is made over nodes that do not fit.
        let sql = "UPDATE signed_head SET root = $1 WHERE owner_id = $2 RETURNING size";
        let mut tx = world.app.record.begin().await.unwrap();
        let params: Vec<Value> = vec![[7u8; 32].into(), world.owner.into()];
        tx.query_built(sql.to_owned(), params).await.unwrap();
        tx.commit().await.unwrap();
        let bytes = statement_proof(&world.app, &world.admin, run.payouts[0].id).await.unwrap();
        assert!(!ProofFile::from_bytes(&bytes).unwrap().check().holds());
        let _ = anna;
    }
}
