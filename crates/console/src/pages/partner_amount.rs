use tributary_app::conversion::ManualReason;
use tributary_money::Money;

use super::sample::{AWKWARD, dkk};
use crate::page::view;
use crate::parts::{Choice, Field, manual_key};
use crate::{Frame, ManagerAccess};

/// An amount given to a partner or taken back: first the form, then what it will do.
#[derive(Debug, Clone)]
pub struct PartnerAmount {
    /// The partnership.
    pub id: String,
    /// Whose.
    pub partner: String,
    /// `give` or `take`.
    pub way: Field,
    /// How much, above zero.
    pub amount: Field,
    /// Why.
    pub reason: Field,
    /// In words.
    pub note: Field,
    /// Makes the form one fact, however often it is sent.
    pub once: String,
    /// How much, and whether it will be taken; none: nothing was looked through yet.
    pub preview: Option<(Money, bool)>,
    /// In which currency amounts are typed.
    pub currency: &'static str,
}

impl PartnerAmount {
    fn ways(page: &Frame<ManagerAccess>) -> Vec<Choice> {
        vec![
            Choice::new("give", page.t("amount-way-give")),
            Choice::new("take", page.t("amount-way-take")),
        ]
    }

    /// Reasons that a person may choose; an inquiry gives its own.
    fn reasons(page: &Frame<ManagerAccess>) -> Vec<Choice> {
        let own = ManualReason::ALL.iter().filter(|it| **it != ManualReason::Inquiry);
        own.map(|it| Choice::new(it.as_str(), page.t(manual_key(*it)))).collect()
    }

    fn sample_views() -> Vec<Self> {
        let asks = Self {
            id: "pship_1".to_owned(),
            partner: AWKWARD.to_owned(),
            way: Field::of("give"),
            amount: Field::default(),
            reason: Field::default(),
            note: Field::default(),
            once: "x1".to_owned(),
            preview: None,
            currency: "DKK",
        };
        let wrong = Self {
            amount: Field::wrong("0", "amount_zero"),
            note: Field::wrong("", "words_length"),
            ..asks.clone()
        };
        let gives = Self {
            amount: Field::of("500.00"),
            reason: Field::of("fee"),
            note: Field::of("Honorar for webinaret den 12. november"),
            preview: Some((dkk(50_000), false)),
            ..asks.clone()
        };
        let takes = Self {
            way: Field::of("take"),
            partner: "Anna Holm".to_owned(),
            preview: Some((dkk(50_000), true)),
            ..gives.clone()
        };
        vec![asks, wrong, gives, takes]
    }
}

view!(PartnerAmount, "partner-amount", ManagerAccess, "pages/partner_amount.html", section: ManagerSection::Partners);
