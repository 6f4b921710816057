//! Who is one person, and which company a person buys for.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use tributary_kernel::{Timestamp, text_enum};

use crate::Domain;

/// Bytes of an id that another system gave.
pub const KEY_BYTES_MAX: usize = tributary_kernel::limits::EXTERNAL_ID_BYTES_MAX;

/// Something a person is known by. Nothing here is readable personal data: an address is a keyed
/// hash.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum PersonKey {
    /// A browser, by the first click id of its chain.
    Visitor([u8; 16]),
    /// The advertiser's own id of a customer.
    External(String),
    /// The owner's keyed hash of an e-mail address.
    EmailHash([u8; 32]),
    /// A contact of a CRM.
    Crm {
        /// Which CRM.
        system: String,
        /// Its id of the contact.
        id: String,
    },
}

/// Something a company is known by.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum AccountKey {
    /// The advertiser's own id of an account.
    External(String),
    /// The company's domain; those of public mail cannot be written.
    Domain(Domain),
    /// A number in a register of companies, such as CVR.
    Register {
        /// Two letters of the country.
        country: String,
        /// The number.
        number: String,
    },
    /// A company of a CRM.
    Crm {
        /// Which CRM.
        system: String,
        /// Its id of the company.
        id: String,
    },
}

/// A node of the graph. Persons join persons and accounts accounts; a person belongs to accounts
/// and never becomes one.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Key {
    /// Of a person.
    Person(PersonKey),
    /// Of a company.
    Account(AccountKey),
}

text_enum! {
    /// What the person had said about being followed.
    pub enum Consent {
        /// Yes.
        Granted = "granted",
        /// No, or withdrawn since.
        Denied = "denied",
        /// Not asked.
        Unknown = "unknown",
    }
}

/// What somebody or something said.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// These two are one.
    Same(Key, Key),
    /// This person buys for this company.
    Belongs(PersonKey, AccountKey),
    /// These two are not one, whatever else joins them: a split.
    Apart(Key, Key),
    /// An earlier fact was a mistake.
    Undo(u64),
}

/// A fact with its number, when, by what, and what consent allowed it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recorded {
    /// Its number; no two are equal.
    pub number: u64,
    /// When it was learnt.
    pub at: Timestamp,
    /// By what: `login`, `form`, `crm_sync`, `manager`; for the explanation.
    pub by: String,
    /// What the person had said. Of companies: granted.
    pub consent: Consent,
    /// The fact.
    pub fact: Fact,
}

text_enum! {
    /// Why a recorded fact has no effect.
    pub enum NotApplied {
        /// A later fact says that it was a mistake.
        Undone = "undone",
        /// Following a browser needs a yes.
        NoConsent = "no_consent",
        /// It would make one of two that were said to be apart.
        SaidApart = "said_apart",
        /// A person cannot be a company.
        DifferentKinds = "different_kinds",
        /// It names the same key twice, or itself, or a fact that is not there.
        Meaningless = "meaningless",
    }
}

/// Persons and accounts, as the recorded facts make them.
///
/// Joins take effect in the order of time, then number, whatever order they are handed in. A join of
/// two that are one already, as in a circle of merges, is kept as further evidence: they stay one
/// when another join is undone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Identities {
    /// Joins in effect, both ways, with the number of the fact.
    joins: BTreeMap<Key, Vec<(Key, u64)>>,
    belongs: BTreeMap<PersonKey, Vec<(AccountKey, u64)>>,
    not_applied: BTreeMap<u64, NotApplied>,
}

impl Identities {
    /// Folds facts.
    #[must_use]
    pub fn new(facts: &[Recorded]) -> Self {
        let mut order: Vec<&Recorded> = facts.iter().collect();
        order.sort_by_key(|it| (it.at, it.number));
        let (undone, mut not_applied) = undone(&order);
        let standing = |it: &&&Recorded| !undone.contains(&it.number);
        let apart: Vec<(&Key, &Key)> = order
            .iter()
            .filter(standing)
            .filter_map(|it| match &it.fact {
                Fact::Apart(a, b) => Some((a, b)),
                _ => None,
            })
            .collect();
        let mut it = Self::default();
        for fact in &order {
            let refused = match &fact.fact {
                _ if undone.contains(&fact.number) => Some(NotApplied::Undone),
                Fact::Undo(_) | Fact::Apart(..) => None,
                Fact::Same(a, b) => it.join(fact, a, b, &apart),
                Fact::Belongs(person, account) => {
                    let refused = consent(fact.consent, &Key::Person(person.clone()));
                    if refused.is_none() {
                        let accounts = it.belongs.entry(person.clone()).or_default();
                        accounts.push((account.clone(), fact.number));
                    }
                    refused
                }
            };
            if let Some(refused) = refused {
                not_applied.insert(fact.number, refused);
            }
        }
        it.not_applied = not_applied;
        it
    }

    fn join(
        &mut self,
        fact: &Recorded,
        a: &Key,
        b: &Key,
        apart: &[(&Key, &Key)],
    ) -> Option<NotApplied> {
        if a == b {
            return Some(NotApplied::Meaningless);
        }
        if matches!(a, Key::Person(_)) != matches!(b, Key::Person(_)) {
            return Some(NotApplied::DifferentKinds);
        }
        if let Some(refused) = consent(fact.consent, a).or_else(|| consent(fact.consent, b)) {
            return Some(refused);
        }
        let (with_a, with_b) = (self.group(a), self.group(b));
        let torn = apart.iter().any(|(x, y)| {
            with_a.contains(*x) && with_b.contains(*y) || with_a.contains(*y) && with_b.contains(*x)
        });
        if torn {
            return Some(NotApplied::SaidApart);
        }
        self.joins.entry(a.clone()).or_default().push((b.clone(), fact.number));
        self.joins.entry(b.clone()).or_default().push((a.clone(), fact.number));
        None
    }

    /// Everything that is one with a key, itself included.
    #[must_use]
    pub fn group(&self, key: &Key) -> BTreeSet<Key> {
        let mut found = BTreeSet::from([key.clone()]);
        let mut waiting = vec![key.clone()];
        while let Some(key) = waiting.pop() {
            for (next, _) in self.joins.get(&key).into_iter().flatten() {
                if found.insert(next.clone()) {
                    waiting.push(next.clone());
                }
            }
        }
        found
    }

    /// The numbers of the fewest facts that make two keys one, from the first to the second; none
    /// when they are not one, and no facts for a key with itself.
    #[must_use]
    pub fn why(&self, from: &Key, to: &Key) -> Option<Vec<u64>> {
        let mut came: BTreeMap<&Key, (&Key, u64)> = BTreeMap::new();
        let mut waiting = VecDeque::from([from]);
        while let Some(key) = waiting.pop_front() {
            if key == to {
                let mut numbers = Vec::new();
                let mut at = key;
                while let Some((before, number)) = came.get(at).filter(|_| at != from) {
                    numbers.push(*number);
                    at = before;
                }
                numbers.reverse();
                return Some(numbers);
            }
            for (next, number) in self.joins.get(key).into_iter().flatten() {
                if next != from && !came.contains_key(next) {
                    came.insert(next, (key, *number));
                    waiting.push_back(next);
                }
            }
        }
        None
    }

    /// Everything the companies of a person are known by: what any key of the person belongs to,
    /// and what is one with that.
    #[must_use]
    pub fn accounts_of(&self, person: &PersonKey) -> BTreeSet<AccountKey> {
        let mut accounts = BTreeSet::new();
        for key in self.group(&Key::Person(person.clone())) {
            let Key::Person(key) = key else { continue };
            for (account, _) in self.belongs.get(&key).into_iter().flatten() {
                let group = self.group(&Key::Account(account.clone()));
                accounts.extend(group.into_iter().filter_map(|key| match key {
                    Key::Account(account) => Some(account),
                    Key::Person(_) => None,
                }));
            }
        }
        accounts
    }

    /// Everything the people of a company are known by.
    #[must_use]
    pub fn people_of(&self, account: &AccountKey) -> BTreeSet<PersonKey> {
        let company = self.group(&Key::Account(account.clone()));
        let mut people = BTreeSet::new();
        for (person, accounts) in &self.belongs {
            let works =
                |(account, _): &(AccountKey, u64)| company.contains(&Key::Account(account.clone()));
            if accounts.iter().any(works) {
                let group = self.group(&Key::Person(person.clone()));
                people.extend(group.into_iter().filter_map(|key| match key {
                    Key::Person(person) => Some(person),
                    Key::Account(_) => None,
                }));
            }
        }
        people
    }

    /// Why a fact has no effect; none if it has one.
    #[must_use]
    pub fn not_applied(&self, number: u64) -> Option<NotApplied> {
        self.not_applied.get(&number).copied()
    }
}

/// What is undone. An undo may itself be undone, but only by a later one: later ones are heard
/// first, so no circle of them is left open.
fn undone(order: &[&Recorded]) -> (BTreeSet<u64>, BTreeMap<u64, NotApplied>) {
    let mut undone = BTreeSet::new();
    let mut meaningless = BTreeMap::new();
    for (place, it) in order.iter().enumerate().rev() {
        let Fact::Undo(number) = it.fact else { continue };
        if undone.contains(&it.number) {
            continue;
        }
        if order[..place].iter().any(|earlier| earlier.number == number) {
            undone.insert(number);
        } else {
            meaningless.insert(it.number, NotApplied::Meaningless);
        }
    }
    (undone, meaningless)
}

/// A browser is followed with a yes only; a hash of an address not against a no. What a customer's
/// own id or a company is joined with is the business of the contract.
fn consent(consent: Consent, key: &Key) -> Option<NotApplied> {
    let allowed = match (key, consent) {
        (Key::Person(PersonKey::Visitor(_)), Consent::Granted) => true,
        (Key::Person(PersonKey::Visitor(_)), _) => false,
        (Key::Person(PersonKey::EmailHash(_)), Consent::Denied) => false,
        _ => true,
    };
    (!allowed).then_some(NotApplied::NoConsent)
}
