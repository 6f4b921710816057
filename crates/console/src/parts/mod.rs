//! The parts pages are made of.

mod amount;
mod chart;
mod explain;
mod form;
mod pager;
mod qr;
mod status;
mod streams;

pub use amount::Amount;
pub use chart::{Chart, ChartFigure, ChartPoint, ChartStep, ChartUnit, Sparkline};
pub(crate) use explain::manual_key;
pub use explain::{Arithmetic, NoCredit, NotPaid, Step, Touch, TouchChannel, WaitsFor};
pub use form::{Choice, Field, Input};
pub use pager::{Pager, PagerLinks};
pub use qr::QrCode;
pub use status::{
    Badge, BankState, CommissionState, ConversionState, InquiryState, LeadStatus, LinkState,
    PartnerState, PayoutState, PersonState, ReplyEffect, RowState, RunState, Status, Tone,
    UploadState,
};
pub use streams::{Stream, StreamKind, Streams, StreamsFigure};
