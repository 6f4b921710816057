use std::collections::BTreeMap;

use tributary_directory::Partner;
use tributary_kernel::{LocalDate, OrganisationId, PartnerId};
use tributary_payout::invoice::{TaxBlock, VatCategory, vat_between};
use tributary_payout::tax::{TaxProfile, WithholdingBook};
use tributary_store::engine::Connection;
use tributary_store::tax::StoredVatAnswer;
use tributary_store::{invoicing as store, tax};

use super::settings::opened_in;
use crate::tax::{TaxProfileView, book_in};
use crate::{App, AppError};

/// How a partner that has agreed to self-billing is invoiced for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Taxed {
    /// The day of the agreement.
    pub(crate) agreed_on: LocalDate,
    /// The partner's details.
    pub(crate) seller: TaxProfile,
    /// The owner's.
    pub(crate) buyer: TaxProfile,
    /// Under which VAT.
    pub(crate) category: VatCategory,
}

/// What is known of an owner's partners for tax.
#[derive(Debug, Default)]
pub(crate) struct TaxDesk {
    /// Of those that have agreed to self-billing: how, or why not.
    taxed: BTreeMap<PartnerId, Result<Taxed, TaxBlock>>,
    profiles: BTreeMap<PartnerId, TaxProfile>,
    book: WithholdingBook,
    /// What rules of withholding are about.
    countries: Vec<String>,
}

impl TaxDesk {
    /// Reads what payouts of these partners hang on.
    pub(crate) async fn load(
        app: &App,
        conn: &mut dyn Connection,
        owner: OrganisationId,
        partners: &[PartnerId],
    ) -> Result<Self, AppError> {
        let agreed = store::self_billing_with(conn, owner, partners).await?;
        let (book, countries) = book_in(conn, owner).await?;
        if agreed.is_empty() && countries.is_empty() {
            return Ok(Self::default());
        }
        let mut profiles = BTreeMap::new();
        for it in tax::tax_profiles(conn, partners).await? {
            profiles.insert(it.partner, TaxProfileView::of(app, it)?.profile);
        }
        let mut taxed = BTreeMap::new();
        if !agreed.is_empty() {
            let Some((settings, buyer)) = opened_in(app, conn, owner).await? else {
                let detail = format!("{owner} writes invoices and has not said how");
                return Err(AppError::Corrupt(detail));
            };
            let ids: Vec<PartnerId> = agreed.iter().map(|it| it.partner).collect();
            let answers = tax::vat_answers_about(conn, owner, &ids).await?;
            for it in agreed {
                let of = profiles.get(&it.partner).cloned().ok_or(TaxBlock::NoProfile);
                let of = of.and_then(|seller| {
                    let refuted = is_refuted(&answers, it.partner, &seller);
                    let category = vat_between(&seller, refuted, &buyer, settings.vat_rate)?;
                    Ok(Taxed { agreed_on: it.agreed_on, seller, buyer: buyer.clone(), category })
                });
                taxed.insert(it.partner, of);
            }
        }
        Ok(Self { taxed, profiles, book, countries })
    }

    /// How a partner is invoiced for; none: it has not agreed to that.
    pub(crate) fn taxed(&self, partner: PartnerId) -> Option<&Result<Taxed, TaxBlock>> {
        self.taxed.get(&partner)
    }

    /// Why a partner cannot be paid. Who has given no tax details cannot be judged by a rule about
    /// its country.
    pub(crate) fn block(&self, partner: &Partner) -> Option<TaxBlock> {
        if let Some(Err(block)) = self.taxed.get(&partner.id) {
            return Some(*block);
        }
        let judged = self.profiles.contains_key(&partner.id);
        (!judged && self.countries.contains(&partner.country)).then_some(TaxBlock::NoProfile)
    }

    /// The rules of what is withheld, with the profile that they judge.
    pub(crate) fn rules_for(&self, partner: PartnerId) -> Option<(&WithholdingBook, &TaxProfile)> {
        self.profiles.get(&partner).map(|profile| (&self.book, profile))
    }
}

/// Whether the newest answer about a partner's VAT number says that it is not valid.
fn is_refuted(answers: &[StoredVatAnswer], partner: PartnerId, seller: &TaxProfile) -> bool {
    let Some(number) = seller.vat_number.as_ref() else { return false };
    let about = |it: &&StoredVatAnswer| it.partner == partner && it.number == number.as_str();
    let newest = answers.iter().filter(about).max_by_key(|it| (it.asked_on, it.id));
    newest.is_some_and(|it| !it.valid)
}
