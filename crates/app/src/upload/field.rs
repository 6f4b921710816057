//! What a column can be.

use tributary_kernel::text_enum;
use tributary_store::upload::UploadKind;

text_enum! {
    /// What a column can be: the names that the API has for the same.
    pub enum Field {
        /// The order, invoice or lead id.
        OrderId = "order_id",
        /// The type of the conversion: `sale`, `lead`, …
        Type = "type",
        /// When it happened.
        OccurredAt = "occurred_at",
        /// Gross amount; of a refund what is given back; of a correction the right one.
        Amount = "amount",
        /// Without tax, shipping and discount.
        NetAmount = "net_amount",
        /// The currency of the amounts, to be sure.
        Currency = "currency",
        /// Pieces.
        Quantity = "quantity",
        /// The advertiser's own id of the customer.
        CustomerId = "customer_id",
        /// The customer's mail address.
        Email = "email",
        /// The order or lead id under which the same customer was reported earlier.
        LeadOrderId = "lead_order_id",
        /// The lead that it came of, by its id here.
        LeadId = "lead_id",
        /// The click.
        ClickId = "click_id",
        /// The partner's code.
        Code = "code",
        /// The partner's referral code.
        Via = "via",
        /// The partner's id.
        Partner = "partner",
        /// The advertiser's own id of the customer's company.
        CompanyId = "company_id",
        /// The company's number in a register.
        CompanyNumber = "company_number",
        /// The company's domain, or the address of its pages.
        CompanyDomain = "company_domain",
        /// The stage that a lead came to.
        Stage = "stage",
        /// Why a deal is lost, or opened again.
        Reason = "reason",
        /// The grade of a lead.
        Grade = "grade",
        /// Where the customer lives.
        CustomerCountry = "customer_country",
        /// Where the customer comes from, as the program names it.
        CustomerSource = "customer_source",
        /// The refund's own id.
        RefundId = "refund_id",
        /// `refund` or `chargeback`.
        RefundKind = "refund_kind",
        /// The correction's own id.
        CorrectionId = "correction_id",
        /// The departure's own id.
        DepartureId = "departure_id",
        /// When the customer left.
        LeftAt = "left_at",
    }
}

/// What columns of a kind of file can be, the most telling first.
#[must_use]
pub const fn fields_of(kind: UploadKind) -> &'static [Field] {
    match kind {
        UploadKind::Conversions => &[
            Field::OrderId,
            Field::Type,
            Field::OccurredAt,
            Field::Amount,
            Field::NetAmount,
            Field::Currency,
            Field::Quantity,
            Field::CustomerId,
            Field::Email,
            Field::LeadOrderId,
            Field::LeadId,
            Field::ClickId,
            Field::Code,
            Field::Via,
            Field::Partner,
            Field::CompanyId,
            Field::CompanyNumber,
            Field::CompanyDomain,
            Field::Grade,
            Field::CustomerCountry,
            Field::CustomerSource,
        ],
        UploadKind::Refunds => &[
            Field::OrderId,
            Field::Type,
            Field::RefundId,
            Field::RefundKind,
            Field::OccurredAt,
            Field::Amount,
            Field::Currency,
        ],
        UploadKind::Corrections => &[
            Field::OrderId,
            Field::Type,
            Field::CorrectionId,
            Field::Amount,
            Field::NetAmount,
            Field::Currency,
        ],
        UploadKind::Departures => &[Field::OrderId, Field::Type, Field::DepartureId, Field::LeftAt],
        UploadKind::Stages => &[
            Field::LeadId,
            Field::Stage,
            Field::OccurredAt,
            Field::Amount,
            Field::Currency,
            Field::Reason,
            Field::Grade,
            Field::OrderId,
            Field::Email,
            Field::CompanyId,
            Field::CompanyNumber,
            Field::CompanyDomain,
        ],
    }
}

/// By which of them rows of a kind find what they are about, where any one of them will do.
#[must_use]
pub const fn finding_fields(kind: UploadKind) -> &'static [Field] {
    match kind {
        UploadKind::Stages => &[
            Field::LeadId,
            Field::Email,
            Field::CompanyId,
            Field::CompanyNumber,
            Field::CompanyDomain,
        ],
        _ => &[],
    }
}

/// By the first filled of which a row is called. Kept with the outcome: never a mail address.
pub(super) const fn naming_fields(kind: UploadKind) -> &'static [Field] {
    match kind {
        UploadKind::Stages => &[Field::LeadId, Field::CompanyNumber, Field::CompanyDomain],
        _ => &[Field::OrderId],
    }
}

/// Without which of them no row can be read.
#[must_use]
pub const fn required_fields(kind: UploadKind) -> &'static [Field] {
    match kind {
        UploadKind::Conversions | UploadKind::Refunds | UploadKind::Departures => &[Field::OrderId],
        UploadKind::Corrections => &[Field::OrderId, Field::Amount],
        UploadKind::Stages => &[Field::Stage],
    }
}

impl Field {
    /// The field that a pointer of a use case is about.
    pub(super) fn of_pointer(pointer: &str) -> Option<Self> {
        let name = pointer.trim_start_matches('/').split('/').next()?;
        match name {
            "mail_key" => Some(Self::Email),
            "kind" => Some(Self::RefundKind),
            "at" => Some(Self::OccurredAt),
            "value" => Some(Self::Amount),
            name => name.parse().ok(),
        }
    }
}
