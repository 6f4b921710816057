//! Short ways to write sample values.

use tributary_kernel::{LocalDate, Timestamp};
use tributary_money::{Currency, Money, Rate, Share};

use crate::parts::{Arithmetic, NoCredit, Step, Stream, StreamKind, Touch, TouchChannel};

pub(super) const fn dkk(minor: i64) -> Money {
    Money::new(minor, Currency::DKK)
}

pub(super) const fn sek(minor: i64) -> Money {
    Money::new(minor, Currency::SEK)
}

pub(super) const fn idr(minor: i64) -> Money {
    Money::new(minor, Currency::IDR)
}

pub(super) fn day(text: &str) -> LocalDate {
    text.parse().expect("samples hold real days")
}

pub(super) fn at(text: &str) -> Timestamp {
    text.parse().expect("samples hold real moments")
}

pub(super) fn rate(text: &str) -> Rate {
    text.parse().expect("samples hold real rates")
}

/// Parts of a thousand.
pub(super) fn share(thousandths: u32) -> Share {
    Share::new(thousandths * (Share::PARTS / 1_000)).expect("samples hold real shares")
}

/// A name that breaks pages which forget to escape, in letters that break those which cut bytes.
pub(super) const AWKWARD: &str =
    "Ærø & Søn <script>alert(\"hej\")</script> – rådgivning i småøernes erhvervsliv";

pub(super) fn stream(label: &str, share: Share, amount: Option<Money>, kind: StreamKind) -> Stream {
    Stream { label: Some(label.to_owned()), share, amount, kind }
}

/// A touch by a partner's link, which earned a share.
pub(super) fn earning_touch(time: &str, label: &str, partner: &str, share: Share) -> Touch {
    Touch {
        at: at(time),
        channel: TouchChannel::Link,
        label: label.to_owned(),
        partner: Some(partner.to_owned()),
        other_person: false,
        share: Some(share),
        no_credit: None,
    }
}

/// A touch that earned nothing; without a partner it is another channel's.
pub(super) fn dry_touch(time: &str, label: &str, partner: Option<&str>, why: NoCredit) -> Touch {
    Touch {
        at: at(time),
        channel: if partner.is_some() { TouchChannel::Link } else { TouchChannel::Other },
        label: label.to_owned(),
        partner: partner.map(str::to_owned),
        other_person: why == NoCredit::NotLast,
        share: None,
        no_credit: Some(why),
    }
}

/// An amount that a person gave, as it is explained.
pub(super) fn by_hand(author: Option<&str>, minor: i64) -> Arithmetic {
    let (author, amount) = (author.map(str::to_owned), dkk(minor));
    let words = "Honorar for webinaret den 12. november, som aftalt i telefonen.\nTak for hjælpen.";
    let steps = vec![
        Step::Given { author, reason_key: "manual-fee", amount },
        Step::Words { words: words.to_owned() },
    ];
    Arithmetic { steps, result: amount }
}
