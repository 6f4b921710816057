use askama::Template;
use askama::filters::HtmlSafe;
use tributary_i18n::{Language, Texts};

use crate::html::{self, Html};

/// What a colour means. Each has a shape of its own, and a word always stands with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Money that is won, things that are on.
    Earned,
    /// Something has yet to happen.
    Waiting,
    /// No.
    Declined,
    /// Needs a person.
    Attention,
    /// A plain fact.
    Info,
    /// Over, or of no consequence.
    Quiet,
}

impl Tone {
    /// Every tone, for the design page.
    pub const ALL: [Self; 6] =
        [Self::Earned, Self::Waiting, Self::Declined, Self::Attention, Self::Info, Self::Quiet];

    /// Its CSS class.
    #[must_use]
    pub const fn class(self) -> &'static str {
        match self {
            Self::Earned => "tone-earned",
            Self::Waiting => "tone-waiting",
            Self::Declined => "tone-declined",
            Self::Attention => "tone-attention",
            Self::Info => "tone-info",
            Self::Quiet => "tone-quiet",
        }
    }

    const fn shape(self) -> &'static str {
        match self {
            Self::Earned => "check",
            Self::Waiting => "clock",
            Self::Declined => "cross",
            Self::Attention => "warning",
            Self::Info => "info",
            Self::Quiet => "dash",
        }
    }
}

/// A state that can be shown.
pub trait Status {
    /// Its meaning.
    fn tone(&self) -> Tone;
    /// Key of its word.
    fn key(&self) -> &'static str;
}

/// A state as shape and word.
#[derive(Debug, Template)]
#[template(source = "<span class=\"badge {{ class }}\">{{ shape }}{{ word }}</span>", ext = "html")]
pub struct Badge {
    class: &'static str,
    shape: Html,
    word: String,
}

impl HtmlSafe for Badge {}

impl Badge {
    pub(crate) fn new(language: Language, status: &impl Status) -> Self {
        let tone = status.tone();
        Self {
            class: tone.class(),
            shape: html::icon(tone.shape()),
            word: Texts::get(language, status.key(), &[]),
        }
    }
}

macro_rules! states {
    ($($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident $tone:ident $key:literal)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)*
        }

        impl $name {
            /// Every state there is.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];
        }

        impl Status for $name {
            fn tone(&self) -> Tone {
                match self {
                    $(Self::$variant => Tone::$tone,)*
                }
            }

            fn key(&self) -> &'static str {
                match self {
                    $(Self::$variant => $key,)*
                }
            }
        }
    )*};
}

states! {
    /// Where a commission stands.
    CommissionState {
        /// Waits for its hold or a decision.
        Pending Waiting "commission-pending"
        /// Owed, before its pay day.
        Approved Earned "commission-approved"
        /// In a payout that is being made.
        Payable Earned "commission-payable"
        /// Paid.
        Paid Earned "commission-paid"
        /// Refused with a reason.
        Declined Declined "commission-declined"
        /// Taken back after it was approved.
        Reversed Declined "commission-reversed"
        /// From test mode: never paid.
        Test Quiet "commission-test"
    }
    /// What a bank's answer does to a payout.
    ReplyEffect {
        /// The bank has it.
        Sends Info "reply-effect-sends"
        /// It is paid.
        Pays Earned "reply-effect-pays"
        /// It came back.
        Returns Declined "reply-effect-returns"
        /// Nothing new.
        Known Quiet "reply-effect-known"
        /// A person has to look.
        Look Attention "reply-effect-look"
    }
    /// How far a file with rows has come.
    UploadState {
        /// Its rows are being read.
        Receiving Waiting "upload-state-receiving"
        /// A person has to say what its columns are.
        Mapping Attention "upload-state-mapping"
        /// Its rows are looked at.
        Checking Waiting "upload-state-checking"
        /// A person has to say that they are to be recorded.
        Checked Info "upload-state-checked"
        /// They are being recorded.
        Committing Waiting "upload-state-committing"
        /// They were.
        Committed Earned "upload-state-committed"
        /// Nobody wants more of it.
        Cancelled Quiet "upload-state-cancelled"
    }
    /// What would become, or became, of a row.
    RowState {
        /// Nothing stands against it.
        Ready Info "upload-outcome-ready"
        /// It is recorded.
        Applied Earned "upload-outcome-applied"
        /// It was already.
        Duplicate Quiet "upload-outcome-duplicate"
        /// Another amount is recorded.
        Conflict Attention "upload-outcome-conflict"
        /// A person has to look.
        Quarantined Attention "upload-outcome-quarantined"
        /// It is wrong.
        Refused Declined "upload-outcome-refused"
        /// It could not be stored.
        Failed Declined "upload-outcome-failed"
    }
    /// What became of a conversion.
    ConversionState {
        /// Some partner has credit.
        Credited Earned "conversion-credited"
        /// Its commissions were declined.
        Declined Declined "conversion-declined"
        /// No partner touch was found.
        NotCredited Quiet "conversion-not-credited"
        /// Waits for a person.
        Held Attention "conversion-held"
        /// Money went back in part.
        PartlyRefunded Waiting "conversion-partly-refunded"
        /// Money went back.
        Refunded Declined "conversion-refunded"
    }
    /// Where a partner stands in a program.
    PartnerState {
        /// Asked, no answer yet.
        Invited Waiting "partner-invited"
        /// Asks to join.
        Applied Attention "partner-applied"
        /// Earns.
        Active Earned "partner-active"
        /// Links resolve, nothing is earned.
        Paused Quiet "partner-paused"
        /// Over.
        Ended Quiet "partner-ended"
        /// Application refused.
        Declined Declined "partner-declined"
    }
    /// Whether somebody of the organisation comes in.
    PersonState {
        /// They do.
        Active Earned "person-active"
        /// They were asked and have not come yet.
        Invited Waiting "person-invited"
        /// They may no longer.
        Disabled Quiet "person-disabled"
    }
    /// Whether a link leads anywhere.
    LinkState {
        /// It does.
        Active Earned "link-active"
        /// It leads to the fallback.
        Off Quiet "link-off"
    }
    /// Where an inquiry stands.
    InquiryState {
        /// The program has to answer.
        Open Waiting "inquiry-open"
        /// The program has answered.
        Answered Info "inquiry-answered"
        /// The partner has to tell more.
        AwaitsPartner Attention "inquiry-waiting"
        /// The partner was right.
        Accepted Earned "inquiry-accepted"
        /// No, so far.
        Refused Declined "inquiry-refused"
        /// A mediator has to decide.
        Disputed Attention "inquiry-disputed"
        /// Over.
        Settled Quiet "inquiry-settled"
    }
    /// Where a payout run stands.
    RunState {
        /// Being looked at; nothing has moved.
        Preview Info "run-preview"
        /// Approved; files can be fetched.
        Approved Waiting "run-approved"
        /// The bank has the file.
        Sent Waiting "run-sent"
        /// The bank has paid.
        Paid Earned "run-paid"
        /// Taken back before it was sent.
        Cancelled Quiet "run-cancelled"
    }
    /// Where one payout stands.
    PayoutState {
        /// Goes on the pay day.
        Planned Waiting "payout-planned"
        /// On its way.
        Sent Waiting "payout-sent"
        /// The bank has paid it.
        Paid Earned "payout-paid"
        /// Taken back before it was sent.
        Cancelled Quiet "payout-cancelled"
        /// The bank sent it back.
        Returned Declined "payout-returned"
    }
    /// Where a lead stands.
    LeadStatus {
        /// A person decides whose it is.
        Review Attention "lead-review"
        /// It is in the pipeline.
        Registered Info "lead-registered"
        /// Bought.
        Won Earned "lead-won"
        /// Not bought.
        Lost Declined "lead-lost"
        /// The partner gave it up.
        GivenUp Quiet "lead-given-up"
        /// Over, at a stage that the pipeline no longer has.
        Over Quiet "lead-over"
        /// It was refused.
        Refused Declined "lead-refused"
    }
    /// Where bank details stand.
    BankState {
        /// In use.
        Confirmed Earned "bank-confirmed"
        /// Changed; a second look is due before money goes there.
        Held Attention "bank-held"
        /// None given.
        Missing Attention "bank-missing"
    }
}

impl RowState {
    /// Key of its word, for where no badge stands.
    #[must_use]
    pub fn word(&self) -> &'static str {
        Status::key(self)
    }

    /// As addresses name it.
    #[must_use]
    pub const fn value(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Applied => "applied",
            Self::Duplicate => "duplicate",
            Self::Conflict => "conflict",
            Self::Quarantined => "quarantined",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }
}
