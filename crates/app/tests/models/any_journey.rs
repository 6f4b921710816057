//! Random journeys under random models: the parts sum to what the shares say, and a full refund
//! leaves nothing.

use tributary_app::conversion::{
    AdjustmentKind, DecidedJourney, RefundConversion, refund_conversion,
};
use tributary_attribution::{Against, Base, Model};
use tributary_kernel::{Entropy, SeededEntropy};
use tributary_money::Share;

use super::common::{World, dkk};
use super::{amounts, clicks, set_from, sound, visit, with_visits};

const ROUNDS: usize = 24;

struct Dice(SeededEntropy);

impl Dice {
    /// Below `end`.
    fn roll(&self, end: u64) -> u64 {
        let mut bytes = [0; 8];
        self.0.fill(&mut bytes);
        u64::from_le_bytes(bytes) % end
    }

    fn index(&self, end: usize) -> usize {
        usize::try_from(self.roll(end as u64)).unwrap()
    }
}

on_both! {
    async fn parts_sum_and_refunds_leave_nothing(world: World) {
        let dice = Dice(SeededEntropy::new(2026));
        let mut links = Vec::new();
        for name in ["Anna", "Bo", "Cleo", "Dag"] {
            links.push(world.partner(name).await.1);
        }
        let mut ids = Vec::new();
        let mut divided = 0;
        for round in 0..ROUNDS {
            let against = [Against::Nobody, Against::EveryChannel][dice.index(2)].clone();
            let _same = set_from(&world, None, |policy| {
                policy.model = Model::WITHOUT_TABLE[round % Model::WITHOUT_TABLE.len()];
                policy.against = against;
                policy.settings.half_life_days = 1 + u16::try_from(dice.roll(30)).unwrap();
                policy.settings.partner_floor = Share::new(1 + u32::try_from(dice.roll(999_999_999)).unwrap()).unwrap();
                policy.settings.partner_first_base = Base::ALL[dice.index(Base::ALL.len())];
            })
            .await;
            let way: Vec<_> = (0..1 + dice.index(5)).map(|_| &links[dice.index(links.len())]).collect();
            let click = clicks(&world, &way).await;
            let channels = ["paid_search", "email", "direct", "other_network"];
            let visits = (0..dice.index(4))
                .map(|_| visit(&world, channels[dice.index(channels.len())], i64::try_from(dice.roll(7)).unwrap()))
                .collect();
            let amount = i64::try_from(1 + dice.roll(1_000_000)).unwrap();
            let mut sale = with_visits(world.sale(&format!("o{round}"), amount, click), visits);
            // Some customers come back.
            sale.customer_id = Some(format!("c-{}", dice.roll(12)));
            let id = world.apply(sale).await;
            let decided = DecidedJourney::of(&world.conversion(id).await.0).unwrap();
            let given: i128 = decided.attribution.credits.iter().map(|it| i128::from(it.share.get())).sum();
            let channels: i128 = decided.attribution.channels.iter().map(|it| i128::from(it.share.get())).sum();
            assert!(given + channels == 0 || given + channels == i128::from(Share::PARTS));
            let paid: i64 = amounts(&world, id).await.into_values().sum();
            // 20 % of the partners' part, rounded once: within half a unit.
            let exact = i128::from(amount) * given;
            let off = (exact - i128::from(paid) * 5 * i128::from(Share::PARTS)).abs();
            assert!(2 * off <= 5 * i128::from(Share::PARTS), "{amount} {given} {paid}");
            divided += usize::from(decided.attribution.by_partnership().len() > 1);
            ids.push((id, amount));
        }
        assert!(divided >= 5, "several were credited {divided} times");
        let all: Vec<_> = ids.iter().map(|(id, _)| *id).collect();
        sound(&world, &all).await;
        for (id, amount) in &ids {
            for (name, part) in [("r1", Some(dkk(amount / 3))), ("r2", None)] {
                if part.is_some_and(|part| part.minor == 0) {
                    continue;
                }
                let input = RefundConversion {
                    conversion: *id,
                    refund_id: name.into(),
                    amount: part,
                    kind: AdjustmentKind::Refund,
                    occurred_at: None,
                };
                refund_conversion(&world.app, &world.admin, input).await.unwrap();
            }
            assert!(amounts(&world, *id).await.is_empty(), "{id}");
        }
        sound(&world, &all).await;
        let (_, balances) = world.audited().await;
        assert!(balances.iter().all(|(_, balance)| balance == 0), "nothing is owed");
    }
}
