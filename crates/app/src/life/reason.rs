use tributary_kernel::FieldError;
use tributary_ledger::Reason;

/// The reasons that a person may give for declining or reversing a commission. Refunds and
/// chargebacks are reported as such, so that the conversion's amount follows; the others are the
/// system's own.
pub const DECISION_REASONS: &[Reason] = &[
    Reason::Cancelled,
    Reason::Duplicate,
    Reason::NotQualified,
    Reason::SelfReferral,
    Reason::TermsBroken,
    Reason::Fraud,
    Reason::Mistake,
    Reason::Other,
];

/// Takes only a reason of [`DECISION_REASONS`].
///
/// # Errors
/// `reason_not_allowed` at `/reason`.
pub fn check_reason(reason: Reason) -> Result<Reason, FieldError> {
    if DECISION_REASONS.contains(&reason) {
        return Ok(reason);
    }
    let allowed: Vec<&str> = DECISION_REASONS.iter().map(|it| it.as_str()).collect();
    let detail =
        format!("Give one of: {}. Report refunds and chargebacks as such.", allowed.join(", "));
    Err(FieldError::new("/reason", "reason_not_allowed", detail))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_of_people() {
        for reason in Reason::ALL {
            let checked = check_reason(*reason);
            assert_eq!(checked.is_ok(), DECISION_REASONS.contains(reason), "{reason}");
        }
        let error = check_reason(Reason::Refund).unwrap_err();
        assert_eq!((error.pointer.as_ref(), error.code), ("/reason", "reason_not_allowed"));
    }
}
