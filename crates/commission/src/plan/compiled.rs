use tributary_kernel::{FieldError, PlanId};
use tributary_money::{Currency, Rounding};

use super::{PlanDocument, PlanHash, PlanWarning, Rule, RuleId, validate};

/// One version of a plan, checked against its program and ready to evaluate. Made once and shared.
#[derive(Debug, Clone)]
pub struct CompiledPlan {
    id: PlanId,
    hash: PlanHash,
    currency: Currency,
    document: PlanDocument,
    warnings: Vec<PlanWarning>,
}

impl CompiledPlan {
    /// Checks a document for a program of that currency.
    ///
    /// # Errors
    /// As [`validate`].
    pub fn new(
        id: PlanId,
        document: PlanDocument,
        program_currency: Currency,
    ) -> Result<Self, Vec<FieldError>> {
        let warnings = validate(&document, program_currency)?;
        let hash = document.hash();
        Ok(Self { id, hash, currency: program_currency, document, warnings })
    }

    /// The plan version.
    #[must_use]
    pub const fn id(&self) -> PlanId {
        self.id
    }

    /// The identity of its document.
    #[must_use]
    pub const fn hash(&self) -> PlanHash {
        self.hash
    }

    /// The currency of everything it pays.
    #[must_use]
    pub const fn currency(&self) -> Currency {
        self.currency
    }

    /// How its amounts are rounded.
    #[must_use]
    pub const fn rounding(&self) -> Rounding {
        self.document.rounding
    }

    /// What it was made of.
    #[must_use]
    pub const fn document(&self) -> &PlanDocument {
        &self.document
    }

    /// What a person should have confirmed.
    #[must_use]
    pub fn warnings(&self) -> &[PlanWarning] {
        &self.warnings
    }

    /// Its rules, in the order in which they are tried.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.document.rules
    }

    /// The place of a rule.
    #[must_use]
    pub fn place_of(&self, id: &RuleId) -> Option<u16> {
        let place = self.document.rules.iter().position(|rule| rule.id == *id)?;
        u16::try_from(place).ok()
    }
}
