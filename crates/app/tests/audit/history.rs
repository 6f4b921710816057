//! What happens in a program by chance: reports one by one and together, late ones too, refunds,
//! declines, approvals, amounts given by hand.

use std::collections::BTreeMap;

use tributary_app::conversion::{
    DepartCustomer, GiveAmount, ManualReason, RefundConversion, ReportConversion, ReportOutcome,
    ReportedDetails, depart_customer, give_amount, refund_conversion, report_conversions,
};
use tributary_app::directory::{InvitePartner, PublishPlan, invite_partner, publish_plan};
use tributary_app::life::{
    LifeChange, Selection, approve_commissions, decline_commissions, reverse_commissions,
};
use tributary_directory::PartnerKind;
use tributary_kernel::{ConversionId, PartnerId, ProgramId};
use tributary_ledger::Reason;
use tributary_store::decision::{self, AdjustmentKind, CommissionState};
use tributary_store::partnership;

use super::Dice;
use super::common::{World, dkk};

/// How much happens.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shape {
    pub(crate) partners: usize,
    pub(crate) customers: i64,
    pub(crate) steps: usize,
    pub(crate) batch_max: i64,
}

/// A conversion that was decided.
#[derive(Debug, Clone)]
struct Decided {
    id: ConversionId,
    order: String,
    left: i64,
    lead: bool,
    departed: bool,
}

#[derive(Debug)]
pub(crate) struct History<'a> {
    world: &'a World,
    program: ProgramId,
    shape: Shape,
    partners: Vec<PartnerId>,
    decided: Vec<Decided>,
    orders: u64,
    /// Conversions whose rules' commissions a person declined, and after which place in the order.
    pub(crate) declines: Vec<(i64, ConversionId)>,
    pub(crate) plans: Vec<String>,
}

impl<'a> History<'a> {
    pub(crate) async fn begin(world: &'a World, program: ProgramId, shape: Shape) -> Self {
        let mut partners = Vec::new();
        for place in 0..shape.partners {
            let input = InvitePartner {
                owner: world.owner,
                program,
                name: format!("Partner {place}"),
                email: format!("p{place}-{program}@partners.example"),
                kind: PartnerKind::Content,
                country: "DK".into(),
                language: "da".into(),
                code: None,
                group: (place % 2 == 0).then(|| "gold".to_owned()),
                active: true,
            };
            let invited = invite_partner(&world.app, &world.admin, input).await.unwrap();
            partners.push(invited.partnership.partner);
        }
        let (decided, orders, declines, plans) = (Vec::new(), 0, Vec::new(), Vec::new());
        Self { world, program, shape, partners, decided, orders, declines, plans }
    }

    pub(crate) async fn publish(&mut self, document: &str) {
        let plan = PublishPlan {
            owner: self.world.owner,
            program: self.program,
            document: document.as_bytes().to_vec(),
            effective_from: None,
            confirmed: true,
        };
        // What occurred before is by the version before, also when it is reported later.
        self.world.clock.advance_seconds(1);
        publish_plan(&self.world.app, &self.world.admin, plan)
            .await
            .unwrap_or_else(|error| panic!("{error:?}: {document}"));
        self.plans.push(document.to_owned());
    }

    pub(crate) fn partners(&self) -> &[PartnerId] {
        &self.partners
    }

    /// A report by chance: nine of ten are sales.
    pub(crate) fn any_report(&mut self, dice: &mut Dice) -> ReportConversion {
        let partner = *dice.pick(&self.partners);
        self.report_for(dice, partner)
    }

    fn report_for(&mut self, dice: &mut Dice, partner: PartnerId) -> ReportConversion {
        self.orders += 1;
        let sale = dice.chance(90);
        let gross = if dice.chance(5) { dice.of(1, 9) } else { dice.of(100, 120_000) };
        let late = if dice.chance(20) { dice.of(0, 50 * 86_400) } else { 0 };
        let known = self.shape.customers > 0 && dice.chance(80);
        let customer = known.then(|| format!("c{}", dice.of(1, self.shape.customers.max(1))));
        let country = dice.pick(&["DK", "SE", "DE", "US"]);
        let details = ReportedDetails {
            customer_country: dice.chance(80).then(|| (*country).to_owned()),
            ..ReportedDetails::default()
        };
        ReportConversion {
            program: Some(self.program),
            kind: if sale { "sale" } else { "lead" }.into(),
            order_id: format!("{}-{}", self.program, self.orders),
            occurred_at: Some(self.world.app.now().plus_seconds(-late)),
            amount: sale.then(|| dkk(gross)),
            net_amount: sale.then(|| dkk(gross * 4 / 5)),
            quantity: Some(u32::try_from(dice.of(1, 4)).unwrap()),
            customer_id: customer,
            partner: Some(partner),
            details: Some(Box::new(details)),
            ..ReportConversion::default()
        }
    }

    /// Reports of each partner, by turns.
    pub(crate) fn lanes(&mut self, dice: &mut Dice, each: usize) -> Vec<(usize, ReportConversion)> {
        let mut all = Vec::new();
        for _ in 0..each {
            for place in 0..self.partners.len() {
                let report = self.report_for(dice, self.partners[place]);
                all.push((place, report));
            }
        }
        all
    }

    /// Reports together. One that lacks what the plan needs cannot be: all amounts are told.
    pub(crate) async fn report(&mut self, reports: Vec<ReportConversion>) {
        let told: Vec<_> = reports
            .iter()
            .map(|it| (it.order_id.clone(), it.amount.map_or(0, |it| it.minor), it.kind == "lead"))
            .collect();
        let app = &self.world.app;
        let outcomes = report_conversions(app, &self.world.admin, reports).await.unwrap();
        for ((order, left, lead), outcome) in told.into_iter().zip(outcomes) {
            let ReportOutcome::Applied(id) = outcome else { panic!("{order}: {outcome:?}") };
            self.decided.push(Decided { id, order, left, lead, departed: false });
        }
    }

    pub(crate) async fn step(&mut self, dice: &mut Dice) {
        match dice.of(0, 9) {
            0..=5 => {
                let many = dice.of(1, self.shape.batch_max);
                let reports = (0..many).map(|_| self.any_report(dice)).collect();
                self.report(reports).await;
            }
            6 | 7 => self.refund(dice).await,
            8 if dice.chance(70) => self.settle(dice).await,
            8 => self.leave(dice).await,
            _ if dice.chance(20) => self.give(dice).await,
            _ => self.world.clock.advance_seconds(dice.of(1, 12 * 86_400)),
        }
    }

    pub(crate) async fn refund(&mut self, dice: &mut Dice) {
        if self.decided.is_empty() {
            return;
        }
        let places = i64::try_from(self.decided.len()).unwrap();
        let place = usize::try_from(dice.of(0, places - 1)).unwrap();
        let it = &mut self.decided[place];
        if it.left == 0 && !it.lead {
            return;
        }
        let amount = if dice.chance(40) { it.left } else { dice.of(1, it.left.max(1)) };
        let all = it.lead || amount == it.left;
        it.left -= if it.lead { 0 } else { amount };
        it.lead = false;
        self.orders += 1;
        let input = RefundConversion {
            conversion: it.id,
            refund_id: format!("r{}", self.orders),
            amount: (!all).then(|| dkk(amount)),
            kind: AdjustmentKind::Refund,
            occurred_at: None,
        };
        refund_conversion(&self.world.app, &self.world.admin, input).await.unwrap();
    }

    /// A customer leaves, some time after buying.
    async fn leave(&mut self, dice: &mut Dice) {
        if self.decided.is_empty() {
            return;
        }
        let places = i64::try_from(self.decided.len()).unwrap();
        let place = usize::try_from(dice.of(0, places - 1)).unwrap();
        let it = &mut self.decided[place];
        if std::mem::replace(&mut it.departed, true) {
            return;
        }
        let bought = self.world.conversion(it.id).await.0.occurred_at;
        let since = self.world.app.now().as_second() - bought.as_second();
        let input = DepartCustomer {
            conversion: it.id,
            departure_id: "left".into(),
            left_at: Some(bought.plus_seconds(dice.of(0, since.max(0)))),
        };
        depart_customer(&self.world.app, &self.world.admin, input).await.unwrap();
    }

    /// A person gives a partner an amount, or takes one: no limit, step or total moves by it.
    pub(crate) async fn give(&mut self, dice: &mut Dice) {
        let (app, admin, owner) = (&self.world.app, &self.world.admin, self.world.owner);
        let mut conn = app.record.read().await.unwrap();
        let key = (owner, self.program, *dice.pick(&self.partners));
        let whose = partnership::by_partner(&mut *conn, &[key]).await.unwrap().remove(0);
        drop(conn);
        let sign = if dice.chance(30) { -1 } else { 1 };
        let input = GiveAmount {
            owner,
            partnership: whose.id,
            amount: dkk(sign * dice.of(1, 90_000)),
            reason: ManualReason::Fee,
            note: "By chance".into(),
            about: None,
            key: None,
        };
        give_amount(app, admin, &input).await.unwrap();
    }

    /// A person declines or approves what a conversion has earned by its rules, or reverses what
    /// was paid.
    pub(crate) async fn settle(&mut self, dice: &mut Dice) {
        if self.decided.is_empty() {
            return;
        }
        let id = dice.pick(&self.decided).id;
        let (app, admin, owner) = (&self.world.app, &self.world.admin, self.world.owner);
        let (_, commissions) = self.world.conversion(id).await;
        let own: Vec<_> = commissions.iter().filter(|it| it.basis.is_none()).collect();
        let all = |state| own.iter().all(|it| it.state == state);
        let (pending, paid) = (all(CommissionState::Pending), all(CommissionState::Paid));
        if own.is_empty() || !(pending || paid) || own.iter().any(|it| it.remaining() == 0) {
            return;
        }
        let ids: Vec<_> = own.iter().map(|it| it.id).collect();
        let change =
            || LifeChange { owner, selection: Selection::Ids(ids.clone()), expected: None };
        match dice.of(0, 2) {
            0 if paid => {
                reverse_commissions(app, admin, change(), Reason::Fraud).await.unwrap();
                self.declined(id).await;
            }
            _ if paid => {}
            0 => {
                decline_commissions(app, admin, change(), Reason::Fraud).await.unwrap();
                self.declined(id).await;
            }
            1 => {
                approve_commissions(app, admin, change()).await.unwrap();
                reverse_commissions(app, admin, change(), Reason::Fraud).await.unwrap();
                self.declined(id).await;
            }
            _ => {
                approve_commissions(app, admin, change()).await.unwrap();
            }
        }
    }

    async fn declined(&mut self, id: ConversionId) {
        let mut conn = self.world.app.record.read().await.unwrap();
        let head = decision::head(&mut *conn, self.world.owner).await.unwrap().unwrap();
        self.declines.push((head.booked_seq, id));
    }

    /// What each order has earned.
    pub(crate) async fn earned_by_order(&self) -> BTreeMap<String, Vec<i64>> {
        let mut earned = BTreeMap::new();
        for it in &self.decided {
            let (_, commissions) = self.world.conversion(it.id).await;
            let mut amounts: Vec<i64> = commissions.iter().map(|it| it.amount.minor).collect();
            amounts.sort_unstable();
            let order = it.order.rsplit('-').next().unwrap_or_default().to_owned();
            earned.insert(order, amounts);
        }
        earned
    }
}
