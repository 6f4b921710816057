use tributary_kernel::{OrganisationId, PartnerId};

use super::InvoiceParty;
use crate::tax::{NumberKind, TaxNumber, TaxProfile};

impl InvoiceParty {
    /// The partner, who sells.
    #[must_use]
    pub fn seller(partner: PartnerId, profile: &TaxProfile) -> Self {
        Self { identifier: Some(partner.to_string()), ..Self::of(profile) }
    }

    /// The owner, who buys and writes the document.
    #[must_use]
    pub fn buyer(owner: OrganisationId, profile: &TaxProfile) -> Self {
        Self { identifier: Some(owner.to_string()), ..Self::of(profile) }
    }

    fn of(it: &TaxProfile) -> Self {
        let number = it.company_number.as_ref();
        Self {
            name: it.name.clone(),
            street: it.street.clone(),
            post_code: it.post_code.clone(),
            town: it.town.clone(),
            country: it.country.clone(),
            vat_number: it.vat_number.as_ref().map(|it| it.as_str().to_owned()),
            company_number: number
                .map(|it| (register(it).map(str::to_owned), it.as_str().to_owned())),
            identifier: None,
            endpoint: number
                .and_then(|it| Some((register(it)?.to_owned(), it.as_str().to_owned()))),
        }
    }
}

/// The code of a register of companies in the ICD list, under which it can be reached on Peppol, too.
const fn register(number: &TaxNumber) -> Option<&'static str> {
    match number.kind() {
        NumberKind::DkCvr => Some("0184"),
        NumberKind::SeOrganisation => Some("0007"),
        NumberKind::NoOrganisation => Some("0192"),
        NumberKind::IdNpwp | NumberKind::EuVat | NumberKind::Other => None,
    }
}
