//! Registrations and pipelines, case by case.

use tributary_kernel::{PartnershipId, Timestamp, Zone};
use tributary_sales::{
    Answer, Claim, Ending, Existing, Method, Move, Pipeline, Progress, Qualification,
    RegistrationRules, Rule, Stage, Treatment, register,
};

fn at(day: i64) -> Timestamp {
    Timestamp::from_microsecond(day * 86_400_000_000)
}

fn partnership(letter: u8) -> PartnershipId {
    PartnershipId::from_bytes([letter; 16])
}

fn asked(rules: &RegistrationRules, day: i64, existing: &[Existing]) -> Answer {
    let claim = Claim { partnership: partnership(b'A'), at: at(day) };
    let answer = register(rules, claim, existing, &Zone::utc());
    let turned: Vec<_> = existing.iter().rev().copied().collect();
    assert_eq!(answer, register(rules, claim, &turned, &Zone::utc()));
    answer
}

fn registered(letter: u8, day: i64, ended: Option<i64>) -> Existing {
    Existing::Registration {
        partnership: partnership(letter),
        at: at(day),
        ended_at: ended.map(at),
    }
}

#[test]
fn the_first_to_register_is_protected() {
    let rules = RegistrationRules { protection_days: 30, ..RegistrationRules::default() };
    assert_eq!(asked(&rules, 100, &[]), Answer::Registered { protected_until: at(130) });
    let refused =
        Answer::Refused { rule: Rule::FirstRegistered, since: at(80), until: Some(at(110)) };
    assert_eq!(asked(&rules, 100, &[registered(b'B', 80, None)]), refused);
    // Protection ends at its moment, or when the other gives up; what comes later is not there yet.
    let fresh = Answer::Registered { protected_until: at(130) };
    for other in
        [registered(b'B', 70, None), registered(b'B', 80, Some(90)), registered(b'B', 101, None)]
    {
        assert_eq!(asked(&rules, 100, &[other]), fresh, "{other:?}");
    }
    let own = Answer::AlreadyYours { since: at(80), protected_until: at(110) };
    assert_eq!(asked(&rules, 100, &[registered(b'A', 80, None), registered(b'A', 90, None)]), own);
    let review = RegistrationRules { protected: Treatment::Review, ..rules };
    assert_eq!(
        asked(&review, 100, &[registered(b'B', 80, None)]),
        Answer::Review { rule: Rule::FirstRegistered, since: at(80) }
    );
    let nobody = RegistrationRules { protection_days: 0, ..rules };
    assert_eq!(
        asked(&nobody, 100, &[registered(b'B', 100, None)]),
        Answer::Registered { protected_until: at(100) }
    );
}

#[test]
fn customers_and_opportunities_stand_in_the_way() {
    let rules = RegistrationRules::default();
    let customer = |until: Option<i64>| Existing::Customer { since: at(10), until: until.map(at) };
    let opportunity = |closed: Option<i64>| Existing::Opportunity {
        opened_at: at(20),
        closed_at: closed.map(at),
    };
    let refused = |until| Answer::Refused { rule: Rule::ExistingCustomer, since: at(10), until };
    assert_eq!(asked(&rules, 100, &[customer(None)]), refused(None));
    assert_eq!(asked(&rules, 100, &[customer(Some(50))]), refused(None), "once is for ever");
    let lapsing = RegistrationRules { customer_lapses_after_days: Some(60), ..rules };
    assert_eq!(asked(&lapsing, 100, &[customer(Some(50))]), refused(Some(at(110))));
    let free = Answer::Registered { protected_until: at(201) };
    assert_eq!(asked(&lapsing, 111, &[customer(Some(50))]), free);
    let review = Answer::Review { rule: Rule::ExistingOpportunity, since: at(20) };
    assert_eq!(asked(&rules, 100, &[opportunity(None)]), review);
    // The strictest decides.
    assert_eq!(asked(&rules, 100, &[opportunity(None), customer(None)]), refused(None));
    let open = Answer::Registered { protected_until: at(190) };
    assert_eq!(asked(&rules, 100, &[opportunity(Some(99))]), open);
    let lenient = RegistrationRules { opportunity: Treatment::Accept, ..rules };
    assert_eq!(asked(&lenient, 100, &[opportunity(None)]), open);
}

fn step(stage: &str, day: i64, reason: Option<&str>) -> Move {
    Move { stage: stage.to_owned(), at: at(day), reason: reason.map(ToOwned::to_owned) }
}

#[test]
fn a_deal_pays_for_each_stage_once() {
    let pipeline = Pipeline::default();
    assert!(pipeline.errors().is_empty());
    let mut deal = Progress::default();
    let mut go = |stage: &str, day, reason| deal.advance(&pipeline, step(stage, day, reason));
    assert_eq!(go("lead", 1, None).unwrap(), ["lead"]);
    assert_eq!(go("lead", 2, None).unwrap(), [""; 0]);
    assert_eq!(go("meeting", 3, None).unwrap(), ["qualified", "meeting"]);
    assert_eq!(go("qualified", 4, None).unwrap(), [""; 0], "back, and nothing new");
    assert_eq!(go("proposal", 5, None).unwrap(), ["proposal"]);
    assert_eq!(go("lost", 6, None).unwrap_err().errors[0].pointer, "/reason");
    assert_eq!(go("lost", 6, Some("price")).unwrap(), ["lost"]);
    assert_eq!(go("won", 5, Some("x")).unwrap_err().errors[0].code, "before_last_step");
    assert_eq!(go("won", 7, None).unwrap_err().errors[0].pointer, "/reason", "opened again");
    assert_eq!(go("won", 7, Some("they came back")).unwrap(), ["won"]);
    assert_eq!(go("dream", 8, None).unwrap_err().errors[0].code, "unknown_stage");
    assert_eq!(deal.stage(), Some("won"));
    assert_eq!((deal.first_at("meeting"), deal.first_at("nowhere")), (Some(at(3)), None));
    assert_eq!(deal.moves().len(), 6);

    let mut imported = Progress::default();
    let fresh = imported.advance(&pipeline, step("won", 9, None)).unwrap();
    assert_eq!(fresh, ["lead", "qualified", "meeting", "proposal", "won"]);
    let mut lost = Progress::default();
    assert_eq!(lost.advance(&pipeline, step("lost", 9, Some("spam"))).unwrap(), ["lost"]);
    // What a lost deal never came to is new when it is opened again.
    let again = lost.advance(&pipeline, step("qualified", 10, Some("not spam"))).unwrap();
    assert_eq!(again, ["lead", "qualified"]);
}

#[test]
fn a_pipeline_has_its_ends() {
    let stage = |name: &str, ending| Stage { name: name.to_owned(), ending, event: None };
    let wrong = Pipeline {
        stages: vec![
            stage("new", Ending::Open),
            stage("new", Ending::Won),
            stage("No!", Ending::Won),
        ],
    };
    let told: Vec<_> = wrong.errors().into_iter().map(|it| (it.pointer, it.code)).collect();
    let expected =
        [("/stages", "missing"), ("/stages/1/name", "duplicate"), ("/stages/2/name", "malformed")];
    assert_eq!(told, expected.map(|(pointer, code)| (pointer.into(), code)));
}

#[test]
fn judgements_are_changed_by_people() {
    use Qualification::{Contacted, Disqualified, New, Qualified};
    assert!(New.may_become(Qualified, Method::Rule));
    assert!(Contacted.may_become(Disqualified, Method::Outside));
    assert!(!Qualified.may_become(Disqualified, Method::Rule));
    assert!(Qualified.may_become(Disqualified, Method::Person));
    for from in Qualification::ALL {
        assert!(!from.may_become(New, Method::Person));
        assert!(!from.may_become(*from, Method::Person));
    }
}
