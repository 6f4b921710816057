//! From the states that are stored to those that pages show.

use tributary_directory::{LinkStatus, PartnershipStatus};
use tributary_store::decision::{
    CommissionState as StoredState, ConversionStatus, StoredCommission, StoredConversion,
};

use crate::parts::{CommissionState, ConversionState, LinkState, PartnerState};

pub(super) const fn partner_state(status: PartnershipStatus) -> PartnerState {
    match status {
        PartnershipStatus::Invited => PartnerState::Invited,
        PartnershipStatus::Applied => PartnerState::Applied,
        PartnershipStatus::Active => PartnerState::Active,
        PartnershipStatus::Paused => PartnerState::Paused,
        PartnershipStatus::Ended => PartnerState::Ended,
        PartnershipStatus::Declined => PartnerState::Declined,
    }
}

pub(super) const fn link_state(status: LinkStatus) -> LinkState {
    match status {
        LinkStatus::Active => LinkState::Active,
        LinkStatus::Disabled => LinkState::Off,
    }
}

pub(super) const fn commission_state(it: &StoredCommission) -> CommissionState {
    if it.test {
        return CommissionState::Test;
    }
    match it.state {
        StoredState::Pending => CommissionState::Pending,
        StoredState::Approved => CommissionState::Approved,
        StoredState::Payable => CommissionState::Payable,
        StoredState::Paid => CommissionState::Paid,
        StoredState::Declined => CommissionState::Declined,
        StoredState::Reversed => CommissionState::Reversed,
    }
}

pub(super) const fn conversion_state(status: ConversionStatus, returned: i64) -> ConversionState {
    match status {
        ConversionStatus::Held => ConversionState::Held,
        ConversionStatus::Reversed => ConversionState::Refunded,
        ConversionStatus::Declined => ConversionState::Declined,
        ConversionStatus::Uncredited => ConversionState::NotCredited,
        ConversionStatus::Pending | ConversionStatus::Approved if returned > 0 => {
            ConversionState::PartlyRefunded
        }
        ConversionStatus::Pending | ConversionStatus::Approved => ConversionState::Credited,
    }
}

/// As [`conversion_state`], of a row.
pub(super) const fn state_of(it: &StoredConversion) -> ConversionState {
    conversion_state(it.status, it.returned_amount)
}

/// What a commission is worth: nothing once it was declined or taken back.
pub(super) const fn worth(it: &StoredCommission) -> i64 {
    match it.state {
        StoredState::Declined | StoredState::Reversed => 0,
        _ => it.remaining(),
    }
}
