//! What becomes of a request of a link: the one table of class, consent and spool.

use tributary_click::{Class, Consent};

/// What the spool can do for a click.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spooling {
    /// Takes records.
    Accepting,
    /// No room, as far as is known: what is handed to it may be lost, and finds out whether there
    /// is room again.
    Full,
    /// Nothing can be recorded: a sync has failed and the process is about to end, or the record
    /// of this very request has come back.
    Failed,
}

/// What is known of a request when its link has been found active.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Situation {
    /// What kind of request it is.
    pub class: Class,
    /// The program tracks on consent.
    pub consent_required: bool,
    /// The visitor said no, or the browser says so for everybody (`Sec-GPC`).
    pub denied: bool,
    /// State of the spool.
    pub spool: Spooling,
}

/// What the address that the visitor is sent to carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carry {
    /// Nothing: a machine, or nothing to credit.
    Nothing,
    /// A fresh click id.
    ClickId,
    /// The partner's referral code.
    ReferralCode,
}

/// What becomes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Treatment {
    /// Consent as recorded.
    pub consent: Consent,
    /// What goes on in the address. `ClickId` is also the order to mint one.
    pub carry: Carry,
    /// Whether the record has a visitor key.
    pub visitor_key: bool,
    /// Whether the edge sets its own cookie.
    pub cookie: bool,
    /// Whether a record is written.
    pub record: bool,
    /// Whether the answer waits until the record is safe.
    pub wait: bool,
    /// Whether this is a click that should have been recorded and is not.
    pub lost: bool,
}

/// Decides.
///
/// - Machines are recorded if that is possible, and sent on at once. They carry nothing, but for
///   prefetches: their answer may be the one that a person sees a second later, whose landing
///   page then reports the code.
/// - A visitor who denied is counted, with nothing identifying, and carries the referral code.
/// - Everybody else gets an id, safe in the spool before the answer goes. Where the program
///   needs no consent the edge also sets its cookie.
/// - Without room no ids are given out: an id that nobody recorded is worth less than a code.
///   The record is tried all the same; nothing else would notice that there is room again.
#[must_use]
pub const fn treat(situation: &Situation) -> Treatment {
    let consent = match (situation.denied, situation.consent_required) {
        (true, _) => Consent::Denied,
        (false, true) => Consent::Unknown,
        (false, false) => Consent::Granted,
    };
    let recordable = !matches!(situation.spool, Spooling::Failed);
    let machine = Treatment {
        consent,
        carry: Carry::Nothing,
        visitor_key: false,
        cookie: false,
        record: recordable,
        wait: false,
        lost: false,
    };
    let person = Treatment { carry: Carry::ReferralCode, wait: recordable, ..machine };
    match (situation.class, situation.spool, situation.denied) {
        (Class::Bot | Class::Head | Class::Hidden, _, _) => machine,
        (Class::Prefetch, _, _) => Treatment { carry: Carry::ReferralCode, ..machine },
        (Class::Countable, Spooling::Failed, _) => Treatment { lost: true, ..person },
        (Class::Countable, _, true) => person,
        (Class::Countable, Spooling::Full, false) => Treatment { visitor_key: true, ..person },
        (Class::Countable, Spooling::Accepting, false) => Treatment {
            carry: Carry::ClickId,
            visitor_key: true,
            cookie: !situation.consent_required,
            ..person
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// class x mode x denied x spool -> consent, carry, key, cookie, record, wait, lost
    const TABLE: &str = "
        countable required     -      accepting -> unknown id   key  -      record wait -
        countable required     -      full      -> unknown code key  -      record wait -
        countable required     -      failed    -> unknown code -    -      -      -    lost
        countable required     denied accepting -> denied  code -    -      record wait -
        countable required     denied full      -> denied  code -    -      record wait -
        countable required     denied failed    -> denied  code -    -      -      -    lost
        countable not_required -      accepting -> granted id   key  cookie record wait -
        countable not_required -      full      -> granted code key  -      record wait -
        countable not_required -      failed    -> granted code -    -      -      -    lost
        countable not_required denied accepting -> denied  code -    -      record wait -
        countable not_required denied full      -> denied  code -    -      record wait -
        countable not_required denied failed    -> denied  code -    -      -      -    lost
        prefetch  required     -      accepting -> unknown code -    -      record -    -
        prefetch  not_required -      failed    -> granted code -    -      -      -    -
        prefetch  required     denied full      -> denied  code -    -      record -    -
        bot       required     -      accepting -> unknown -    -    -      record -    -
        bot       not_required -      accepting -> granted -    -    -      record -    -
        bot       required     -      failed    -> unknown -    -    -      -      -    -
        head      required     -      accepting -> unknown -    -    -      record -    -
        hidden    not_required -      accepting -> granted -    -    -      record -    -
        hidden    required     denied accepting -> denied  -    -    -      record -    -
    ";

    fn row(situation: &Situation) -> String {
        let t = treat(situation);
        let flag = |on: bool, word: &'static str| if on { word } else { "-" };
        let carry = match t.carry {
            Carry::Nothing => "-",
            Carry::ClickId => "id",
            Carry::ReferralCode => "code",
        };
        let words = [
            t.consent.as_str(),
            carry,
            flag(t.visitor_key, "key"),
            flag(t.cookie, "cookie"),
            flag(t.record, "record"),
            flag(t.wait, "wait"),
            flag(t.lost, "lost"),
        ];
        words.join(" ")
    }

    #[test]
    fn the_table_holds() {
        for line in TABLE.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let (given, expected) = line.split_once("->").unwrap();
            let given: Vec<&str> = given.split_whitespace().collect();
            let situation = Situation {
                class: given[0].parse().unwrap(),
                consent_required: given[1] == "required",
                denied: given[2] == "denied",
                spool: match given[3] {
                    "accepting" => Spooling::Accepting,
                    "full" => Spooling::Full,
                    _ => Spooling::Failed,
                },
            };
            let expected: Vec<&str> = expected.split_whitespace().collect();
            assert_eq!(row(&situation), expected.join(" "), "{line}");
        }
    }

    #[test]
    fn what_must_never_happen_does_not() {
        let classes = [Class::Countable, Class::Bot, Class::Head, Class::Prefetch, Class::Hidden];
        let spools = [Spooling::Accepting, Spooling::Full, Spooling::Failed];
        for class in classes {
            for spool in spools {
                for flags in 0..4 {
                    let (consent_required, denied) = (flags & 1 != 0, flags & 2 != 0);
                    let given = Situation { class, consent_required, denied, spool };
                    let t = treat(&given);
                    let identified = t.carry == Carry::ClickId || t.cookie || t.visitor_key;
                    assert!(!identified || class.counts(), "a machine identified: {given:?}");
                    assert!(!identified || !denied, "who denied identified: {given:?}");
                    let promised = t.carry == Carry::ClickId;
                    assert!(!promised || t.record && t.wait, "an id unrecorded: {given:?}");
                    assert!(!promised || spool == Spooling::Accepting, "an id lost: {given:?}");
                    assert!(!t.cookie || !consent_required, "a cookie too early: {given:?}");
                    assert!(t.record || spool == Spooling::Failed, "unrecorded: {given:?}");
                }
            }
        }
    }
}
