use tributary_ledger::Reason;
use tributary_store::decision::{CommissionState, ConversionStatus, StoredCommission};

/// What a conversion's status hangs on in one of its commissions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// Where the commission stands.
    pub state: CommissionState,
    /// Whether anything of it is left.
    pub worth: bool,
    /// Whether another decision or a correction put others in its place.
    pub replaced: bool,
}

impl From<&StoredCommission> for Part {
    fn from(it: &StoredCommission) -> Self {
        let by_another = [Reason::Redecided, Reason::Correction].map(Reason::as_str);
        Self {
            state: it.state,
            worth: it.remaining() > 0,
            replaced: it.state == CommissionState::Reversed
                && it.reason.as_deref().is_some_and(|reason| by_another.contains(&reason)),
        }
    }
}

/// Where a conversion stands by its commissions: pending while one of them is; then approved while
/// one of them is worth something; then reversed if one of them was agreed to and taken back; else
/// declined. Replaced commissions don't count, and without others nothing changes.
#[must_use]
pub fn status_of(now: ConversionStatus, commissions: &[Part]) -> ConversionStatus {
    use CommissionState::{Approved, Declined, Paid, Payable, Pending, Reversed};
    let counted: Vec<&Part> = commissions.iter().filter(|it| !it.replaced).collect();
    if counted.is_empty() {
        return now;
    }
    let any = |test: fn(&Part) -> bool| counted.iter().any(|it| test(it));
    if any(|it| it.state == Pending) {
        ConversionStatus::Pending
    } else if any(|it| matches!(it.state, Approved | Payable | Paid) && it.worth) {
        ConversionStatus::Approved
    } else if any(|it| matches!(it.state, Reversed | Approved | Payable | Paid)) {
        ConversionStatus::Reversed
    } else {
        debug_assert!(counted.iter().all(|it| it.state == Declined));
        ConversionStatus::Declined
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `-` is a commission of which nothing is left, `*` one that was replaced.
    #[test]
    fn a_conversion_stands_where_its_commissions_do() {
        let table = "
            uncredited |                          | uncredited
            held       | reversed*                | held
            pending    | pending                  | pending
            approved   | pending                  | pending
            pending    | approved                 | approved
            pending    | approved pending         | pending
            pending    | approved declined        | approved
            pending    | payable                  | approved
            approved   | paid                     | approved
            approved   | paid-                    | reversed
            approved   | paid- approved           | approved
            approved   | paid- pending            | pending
            pending    | declined                 | declined
            pending    | declined declined        | declined
            approved   | reversed                 | reversed
            approved   | reversed declined        | reversed
            approved   | reversed approved        | approved
            pending    | reversed* declined       | declined
            pending    | reversed* approved       | approved
            pending    | reversed* reversed       | reversed
        ";
        for line in table.lines().filter(|line| !line.trim().is_empty()) {
            let [now, parts, expected] = line.split('|').collect::<Vec<_>>()[..] else {
                panic!("{line}")
            };
            let parts: Vec<Part> = parts.split_whitespace().map(part).collect();
            let now: ConversionStatus = now.trim().parse().unwrap();
            let expected: ConversionStatus = expected.trim().parse().unwrap();
            assert_eq!(status_of(now, &parts), expected, "{line}");
        }
    }

    fn part(text: &str) -> Part {
        let state: CommissionState = text.trim_end_matches(['-', '*']).parse().unwrap();
        let replaced = text.ends_with('*');
        let gone = matches!(state, CommissionState::Reversed | CommissionState::Declined);
        Part { state, worth: !text.ends_with('-') && !gone, replaced }
    }
}
