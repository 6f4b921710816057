//! Click id codec, click record, classification, referral codes.
