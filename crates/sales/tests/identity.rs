//! Persons and accounts from recorded joins.

use proptest::prelude::*;
use tributary_kernel::Timestamp;
use tributary_sales::{
    AccountKey, Consent, Domain, DomainError, Fact, Identities, Key, NotApplied, PersonKey,
    Recorded,
};

fn person(name: &str) -> PersonKey {
    PersonKey::External(name.to_owned())
}

fn key(name: &str) -> Key {
    Key::Person(person(name))
}

fn company(domain: &str) -> AccountKey {
    AccountKey::Domain(domain.parse().expect("a company's domain"))
}

/// Facts numbered and timed in the order given.
fn recorded(facts: &[(Fact, Consent)]) -> Vec<Recorded> {
    let record = |(number, (fact, consent)): (u64, &(Fact, Consent))| Recorded {
        number,
        at: Timestamp::from_microsecond(i64::try_from(number).expect("few facts")),
        by: "test".to_owned(),
        consent: *consent,
        fact: fact.clone(),
    };
    (1..).zip(facts).map(record).collect()
}

fn folded(facts: &[Fact]) -> Identities {
    let facts: Vec<_> = facts.iter().map(|fact| (fact.clone(), Consent::Granted)).collect();
    Identities::new(&recorded(&facts))
}

fn same(a: &str, b: &str) -> Fact {
    Fact::Same(key(a), key(b))
}

#[test]
fn joins_are_explained_and_undone() {
    let it = folded(&[same("a", "b"), same("b", "c"), same("d", "e")]);
    assert_eq!(it.group(&key("a")), [key("a"), key("b"), key("c")].into());
    assert_eq!(it.why(&key("a"), &key("c")), Some(vec![1, 2]));
    assert_eq!(it.why(&key("a"), &key("a")), Some(vec![]));
    assert_eq!(it.why(&key("a"), &key("d")), None);

    let it = folded(&[same("a", "b"), same("b", "c"), Fact::Undo(1)]);
    assert_eq!(it.group(&key("a")), [key("a")].into());
    assert_eq!(it.not_applied(1), Some(NotApplied::Undone));
    // An undo that was itself a mistake.
    let it = folded(&[same("a", "b"), Fact::Undo(1), Fact::Undo(2)]);
    assert_eq!(it.why(&key("a"), &key("b")), Some(vec![1]));
    assert_eq!(it.not_applied(2), Some(NotApplied::Undone));
}

#[test]
fn a_circle_of_merges_is_further_evidence() {
    let circle = [same("a", "b"), same("b", "c"), same("c", "a")];
    let it = folded(&circle);
    assert_eq!(it.group(&key("a")).len(), 3);
    assert_eq!(it.why(&key("a"), &key("c")), Some(vec![3]));
    // Without one side they are still one.
    let it = folded(&[&circle[..], &[Fact::Undo(2)]].concat());
    assert_eq!(it.why(&key("b"), &key("c")), Some(vec![1, 3]));
}

#[test]
fn a_split_holds_against_every_road() {
    let facts = [same("a", "b"), same("b", "c"), Fact::Apart(key("a"), key("c")), same("c", "a")];
    let it = folded(&facts);
    // The earlier join stays, the one that would close the way does not take effect.
    assert_eq!(it.group(&key("a")), [key("a"), key("b")].into());
    assert_eq!(
        (it.not_applied(2), it.not_applied(4)),
        (Some(NotApplied::SaidApart), Some(NotApplied::SaidApart))
    );
    let it = folded(&[&facts[..], &[Fact::Undo(3)]].concat());
    assert_eq!(it.group(&key("a")).len(), 3);
}

#[test]
fn consent_decides_what_is_joined() {
    let visitor = Key::Person(PersonKey::Visitor([1; 16]));
    let mail = Key::Person(PersonKey::EmailHash([2; 32]));
    for (consent, with_visitor, with_mail) in
        [(Consent::Granted, 2, 2), (Consent::Unknown, 1, 2), (Consent::Denied, 1, 1)]
    {
        for (other, expected) in [(&visitor, with_visitor), (&mail, with_mail)] {
            let facts = [(Fact::Same(key("a"), other.clone()), consent)];
            let it = Identities::new(&recorded(&facts));
            assert_eq!(it.group(&key("a")).len(), expected, "{consent} {other:?}");
            assert_eq!(it.not_applied(1).is_some(), expected == 1);
        }
    }
    // The advertiser's own records are the contract's business.
    let it = Identities::new(&recorded(&[(same("a", "b"), Consent::Denied)]));
    assert_eq!(it.group(&key("a")).len(), 2);
}

#[test]
fn people_of_a_company() {
    let acme = company("acme.dk");
    let cvr = AccountKey::Register { country: "DK".to_owned(), number: "12345678".to_owned() };
    let it = folded(&[
        Fact::Belongs(person("ann"), acme.clone()),
        Fact::Belongs(person("bo"), cvr.clone()),
        same("ann", "ann at home"),
        Fact::Same(Key::Account(acme.clone()), Key::Account(cvr.clone())),
    ]);
    let everybody = [person("ann"), person("ann at home"), person("bo")].into();
    assert_eq!(it.people_of(&acme), everybody);
    assert_eq!(it.people_of(&cvr), everybody);
    assert_eq!(it.accounts_of(&person("ann at home")), [acme, cvr].into());
    assert!(it.accounts_of(&person("nobody")).is_empty());
}

#[test]
fn what_means_nothing_has_no_effect() {
    let account = Key::Account(company("acme.dk"));
    let it = folded(&[same("a", "a"), Fact::Same(key("a"), account), Fact::Undo(9), Fact::Undo(4)]);
    let told: Vec<_> = (1..=4).map(|number| it.not_applied(number)).collect();
    let nothing = Some(NotApplied::Meaningless);
    assert_eq!(told, [nothing, Some(NotApplied::DifferentKinds), nothing, nothing]);
}

#[test]
fn public_mail_joins_nobody() {
    for public in ["gmail.com", "GMAIL.com", "hotmail.dk", "eu.mail.com", "yahoo.co.id."] {
        assert_eq!(public.parse::<Domain>(), Err(DomainError::PublicMail), "{public}");
    }
    for malformed in ["", "acme", "ac me.dk", "-acme.dk", "acme..dk", "10.0.0.1"] {
        assert_eq!(malformed.parse::<Domain>(), Err(DomainError::Malformed), "{malformed}");
    }
    for (text, domain) in
        [("Acme.DK", "acme.dk"), ("notgmail.com", "notgmail.com"), ("ærø.dk", "ærø.dk")]
    {
        assert_eq!(text.parse::<Domain>().map(|it| it.to_string()), Ok(domain.to_owned()));
    }
}

fn facts() -> impl Strategy<Value = Vec<Recorded>> {
    let name = || prop::sample::select(vec!["a", "b", "c", "d", "e"]);
    let fact = prop_oneof![
        4 => (name(), name()).prop_map(|(a, b)| same(a, b)),
        1 => (name(), name()).prop_map(|(a, b)| Fact::Apart(key(a), key(b))),
        1 => (1u64..12).prop_map(Fact::Undo),
    ];
    prop::collection::vec(fact, 0..12).prop_map(|facts| {
        recorded(&facts.into_iter().map(|fact| (fact, Consent::Granted)).collect::<Vec<_>>())
    })
}

proptest! {
    #[test]
    fn order_does_not_matter_and_every_join_has_a_reason(
        (given, shuffled) in facts().prop_flat_map(|it| (Just(it.clone()), Just(it).prop_shuffle())),
    ) {
        let it = Identities::new(&given);
        prop_assert_eq!(&it, &Identities::new(&shuffled));
        for a in ["a", "b", "c", "d", "e"] {
            for b in it.group(&key(a)) {
                prop_assert_eq!(it.group(&b), it.group(&key(a)));
                let why = it.why(&key(a), &b);
                prop_assert!(why.is_some());
                for number in why.into_iter().flatten() {
                    prop_assert_eq!(it.not_applied(number), None);
                }
            }
        }
    }
}
