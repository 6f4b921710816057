//! Leads and deals, on both engines: registered, answered by the rules, followed through the
//! pipeline, and paid for at its stages.

#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod common;
#[macro_use]
mod on_both;

use common::{World, code, dkk};
use tributary_app::conversion::{
    DecidedJourney, ReportConversion, ReportedDetails, redecide_queued,
};
use tributary_app::directory::{PutPolicy, list_policies, put_policy};
use tributary_app::leads::{
    AdvanceLead, Answer, LeadAnswer, LeadSettings, LeadState, Qualification, QualifyLead,
    RegisterLead, Registered, Rule, StoredLead, Treatment, advance_lead, answer_lead, find_lead,
    put_lead_settings, qualify_lead, register_lead, withdraw_lead,
};
use tributary_app::verify::verify;
use tributary_directory::{Actor, Partnership};
use tributary_kernel::{ConversionId, PartnershipId};

async fn take_leads(world: &World, change: impl FnOnce(&mut LeadSettings)) {
    let mut settings = LeadSettings::default();
    change(&mut settings);
    let (owner, program) = (world.owner, world.program.id);
    put_lead_settings(&world.app, &world.admin, owner, program, settings).await.unwrap();
}

fn lead(world: &World, company: &str, mail: &str) -> RegisterLead {
    RegisterLead {
        program: Some(world.program.id),
        company: company.into(),
        contact_name: Some("Bo".into()),
        contact_email: Some(mail.into()),
        ..RegisterLead::default()
    }
}

async fn register(world: &World, actor: &Actor, it: RegisterLead) -> Registered {
    register_lead(&world.app, actor, it).await.unwrap()
}

async fn advance(
    world: &World,
    it: &StoredLead,
    stage: &str,
    value: Option<i64>,
) -> Vec<ConversionId> {
    let input =
        AdvanceLead { stage: stage.into(), value: value.map(dkk), ..AdvanceLead::default() };
    advance_lead(&world.app, &world.admin, world.owner, it.id, input).await.unwrap().conversions
}

async fn qualify(world: &World, it: &StoredLead, grade: &str) {
    let input = QualifyLead {
        to: Qualification::Qualified,
        grade: Some(grade.into()),
        reason: None,
        at: None,
    };
    qualify_lead(&world.app, &world.admin, world.owner, it.id, input).await.unwrap();
}

/// What is left to each partnership of everything that was paid.
async fn paid(world: &World, whose: &Partnership) -> i64 {
    let mut conn = world.app.record.read().await.unwrap();
    let filter = tributary_store::work::CommissionFilter {
        partner: Some(whose.partner),
        ..Default::default()
    };
    let page = world.first_page();
    let all = tributary_store::work::list_commissions(&mut *conn, world.viewer(), &filter, page);
    all.await.unwrap().items.iter().map(|it| it.remaining()).sum()
}

async fn credited(world: &World, id: ConversionId) -> Vec<PartnershipId> {
    let (conversion, _) = world.conversion(id).await;
    let decided = DecidedJourney::of(&conversion).unwrap();
    decided.attribution.by_partnership().into_keys().collect()
}

async fn sound(world: &World) {
    let report = verify(&world.app, Some(world.owner), &mut |_| {}).await.unwrap();
    assert!(report.is_green(), "{:?}", report.findings);
    world.audited().await;
}

on_both! {
    /// A partner registers, sales qualify and win; the plan pays the lead then, the share now.
    async fn from_registration_to_a_won_deal(world: World) {
        take_leads(&world, |_| ()).await;
        let (anna, _) = world.partner("Anna").await;
        let partner = world.partner_actor(&anna);
        let told = register(&world, &partner, lead(&world, "Bolt", "boss@bolt.dk")).await;
        assert!(matches!(told.answer, Answer::Registered { .. }));
        assert_eq!(told.lead.stage.as_deref(), Some("lead"));
        world.advance_days(10);
        qualify(&world, &told.lead, "A").await;
        assert_eq!(paid(&world, &anna).await, 50_000, "the lead's fee");
        world.advance_days(30);
        assert!(advance(&world, &told.lead, "proposal", None).await.is_empty(), "reported as nothing");
        let won = advance(&world, &told.lead, "won", Some(10_000_000)).await;
        assert_eq!(credited(&world, won[0]).await, [anna.id]);
        assert_eq!(paid(&world, &anna).await, 50_000 + 2_000_000);

        // The same step again is nothing new.
        assert!(advance(&world, &told.lead, "won", None).await.is_empty());
        let seen = find_lead(&world.app, &partner, told.lead.id).await.unwrap();
        assert_eq!(seen.lead.stage.as_deref(), Some("won"));
        assert_eq!(seen.lead.state, LeadState::Ended);
        assert_eq!(seen.lead.value, None, "what a deal is worth is the advertiser's business");
        let own = find_lead(&world.app, &world.admin, told.lead.id).await.unwrap();
        assert_eq!(own.lead.value, Some(10_000_000));
        sound(&world).await;
    }

    /// A lead that is judged after it has come further stays there.
    async fn judged_late(world: World) {
        take_leads(&world, |_| ()).await;
        let (anna, _) = world.partner("Anna").await;
        let partner = world.partner_actor(&anna);
        let told = register(&world, &partner, lead(&world, "Bolt", "boss@bolt.dk")).await;
        assert_eq!(advance(&world, &told.lead, "proposal", None).await.len(), 1, "qualified on the way");
        qualify(&world, &told.lead, "A").await;
        let seen = find_lead(&world.app, &world.admin, told.lead.id).await.unwrap();
        assert_eq!(seen.lead.stage.as_deref(), Some("proposal"));
        assert_eq!((seen.lead.qualification.as_str(), seen.lead.grade.as_deref()), ("qualified", Some("A")));
        assert_eq!(paid(&world, &anna).await, 50_000, "once");
        sound(&world).await;
    }

    /// A registered deal wins over a later click, or not, by the program's rule; a colleague's order
    /// finds it by the company.
    async fn against_a_later_click(world: World) {
        take_leads(&world, |_| ()).await;
        let (anna, _) = world.partner("Anna").await;
        let (bo, link) = world.partner("Bo").await;
        register(&world, &world.partner_actor(&anna), lead(&world, "Bolt", "boss@bolt.dk")).await;
        world.advance_days(5);
        let order = |order: &str, customer: &str, click| {
            let details = ReportedDetails {
                company_domain: Some("bolt.dk".into()),
                ..ReportedDetails::default()
            };
            let report = world.sale(order, 100_000, click);
            ReportConversion {
                customer_id: Some(customer.into()),
                details: Some(Box::new(details)),
                ..report
            }
        };
        let click = world.click(&link).await;
        let first = world.apply(order("1", "c1", click)).await;
        assert_eq!(credited(&world, first).await, [anna.id]);
        let versions = list_policies(&world.app, &world.admin, world.program.id).await.unwrap();
        let mut policy = versions.last().unwrap().policy.clone();
        policy.registration_first = false;
        let (owner, program) = (world.owner, world.program.id);
        let input = PutPolicy { owner, program, policy, effective_from: None };
        put_policy(&world.app, &world.admin, input).await.unwrap();
        world.advance_days(1);
        let click = world.click(&link).await;
        let second = world.apply(order("2", "c2", click)).await;
        assert_eq!(credited(&world, second).await, [bo.id]);
        sound(&world).await;
    }

    /// First registered is protected; a customer is nobody's lead; the own pipeline is for a person.
    async fn conflicts_are_answered(world: World) {
        take_leads(&world, |_| ()).await;
        let (anna, _) = world.partner("Anna").await;
        let (bo, _) = world.partner("Bo").await;
        let (ours, theirs) = (world.partner_actor(&anna), world.partner_actor(&bo));
        let first = register(&world, &ours, lead(&world, "Bolt", "boss@bolt.dk")).await;
        world.advance_days(1);
        let again = register(&world, &ours, lead(&world, "Bolt A/S", "other@bolt.dk")).await;
        assert!(matches!(again.answer, Answer::AlreadyYours { .. }));
        assert_eq!(again.lead.id, first.lead.id);
        let late = register(&world, &theirs, lead(&world, "Bolt", "third@bolt.dk")).await;
        let Answer::Refused { rule, since, until } = late.answer else { panic!("{late:?}") };
        assert_eq!((rule, since), (Rule::FirstRegistered, first.lead.registered_at));
        assert_eq!(until, first.lead.protected_until);
        // Given up, others may.
        withdraw_lead(&world.app, &ours, first.lead.id).await.unwrap();
        world.advance_days(1);
        let now = register(&world, &theirs, lead(&world, "Bolt", "third@bolt.dk")).await;
        assert!(matches!(now.answer, Answer::Registered { .. }));

        let sale = ReportConversion {
            amount: Some(dkk(100)),
            customer_id: Some("c1".into()),
            details: Some(Box::new(ReportedDetails {
                company_domain: Some("nut.dk".into()),
                ..ReportedDetails::default()
            })),
            ..world.report("sale", "1")
        };
        world.apply(sale).await;
        world.advance_days(1);
        let customer = register(&world, &ours, lead(&world, "Nut", "boss@nut.dk")).await;
        assert!(matches!(
            customer.answer,
            Answer::Refused { rule: Rule::ExistingCustomer, .. }
        ));

        // The advertiser's own lead: a person decides, and what happened since is decided again.
        let own = register(&world, &world.admin, lead(&world, "Gear", "boss@gear.dk")).await;
        assert_eq!(own.lead.partnership, None);
        world.advance_days(1);
        let waits = register(&world, &ours, lead(&world, "Gear", "chief@gear.dk")).await;
        assert!(matches!(waits.answer, Answer::Review { rule: Rule::ExistingOpportunity, .. }));
        let refused = advance_lead(&world.app, &world.admin, world.owner, waits.lead.id, AdvanceLead {
            stage: "meeting".into(), ..AdvanceLead::default()
        });
        assert_eq!(code(refused.await), "lead_not_registered");
        world.advance_days(1);
        let won = advance(&world, &own.lead, "won", Some(1_000_000)).await;
        let sale = *won.last().unwrap();
        assert!(credited(&world, sale).await.is_empty());
        let accept = (LeadAnswer::Accept, None);
        answer_lead(&world.app, &world.admin, world.owner, waits.lead.id, accept).await.unwrap();
        redecide_queued(&world.app, 100).await.unwrap();
        assert_eq!(credited(&world, sale).await, [anna.id]);
        sound(&world).await;
    }

    /// What is wrong is named, and nothing is written.
    async fn what_is_refused(world: World) {
        let (anna, _) = world.partner("Anna").await;
        let ours = world.partner_actor(&anna);
        let good = || lead(&world, "Bolt", "boss@bolt.dk");
        assert_eq!(code(register_lead(&world.app, &ours, good()).await), "leads_not_taken");
        take_leads(&world, |it| it.rules.customer = Treatment::Accept).await;
        let table = [
            ("required", RegisterLead { program: None, ..good() }),
            ("length", RegisterLead { company: " ".into(), ..good() }),
            ("email_malformed", RegisterLead { contact_email: Some("boss".into()), ..good() }),
            ("lead_unfindable", RegisterLead { contact_email: None, ..good() }),
            ("domain_public", RegisterLead { company_domain: Some("gmail.com".into()), ..good() }),
            ("domain_malformed", RegisterLead { company_domain: Some("bolt".into()), ..good() }),
            ("company_number", RegisterLead { company_number: Some("123".into()), ..good() }),
            ("phone_malformed", RegisterLead { contact_phone: Some("call me".into()), ..good() }),
            ("personal_data", RegisterLead { customer_id: Some("a@b.dk".into()), ..good() }),
            ("negative", RegisterLead { value: Some(dkk(-1)), ..good() }),
        ];
        for (expected, it) in table {
            let found = register_lead(&world.app, &world.admin, it).await.unwrap_err();
            let tributary_app::AppError::Refused(refusal) = found else { panic!("{found}") };
            assert_eq!(refusal.errors[0].code, expected);
        }
        let it = register(&world, &ours, good()).await.lead;
        let step = |input: AdvanceLead| advance_lead(&world.app, &world.admin, world.owner, it.id, input);
        let to = |stage: &str| AdvanceLead { stage: stage.into(), ..AdvanceLead::default() };
        assert_eq!(code(step(to("won")).await), "/value required", "a value");
        assert_eq!(code(step(to("lost")).await), "/reason missing", "a reason");
        assert_eq!(code(step(to("nowhere")).await), "/stage unknown_stage");
        let future = world.app.now().plus_days(1);
        assert_eq!(code(step(AdvanceLead { at: Some(future), ..to("meeting") }).await), "/at out_of_range");
        let partner = advance_lead(&world.app, &ours, world.owner, it.id, to("meeting"));
        assert_eq!(code(partner.await), "not_found");
        // A partner cannot say that two companies are one.
        let number = |company: &str, mail: &str| RegisterLead {
            company_number: Some("DK12345678".into()),
            ..lead(&world, company, mail)
        };
        let big = register(&world, &world.admin, number("Big", "boss@big.dk")).await.lead;
        let small = register(&world, &ours, number("Small", "boss@small.dk")).await.lead;
        assert_eq!(small.account, big.account, "it named the company by its number");
        let honest = register(&world, &world.admin, lead(&world, "Small", "chief@small.dk")).await;
        assert_ne!(honest.lead.account, big.account, "but its domain is nobody's yet");
        let (bo, _) = world.partner("Bo").await;
        let other = find_lead(&world.app, &world.partner_actor(&bo), it.id).await;
        assert_eq!(code(other), "not_found");
        let found = find_lead(&world.app, &world.admin, it.id).await.unwrap();
        assert_eq!(found.lead.stage.as_deref(), Some("lead"), "nothing was written");
        sound(&world).await;
    }
}
