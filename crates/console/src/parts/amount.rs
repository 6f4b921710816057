use askama::Template;
use askama::filters::HtmlSafe;
use tributary_i18n::{Language, MinorUnitsShown, MoneyParts};
use tributary_money::Money;

/// An amount: the number in tabular figures, the currency lighter beside it.
#[derive(Debug, Template)]
#[template(
    source = "<span class=\"money{% if zero %} zero{% endif %}\">{{ parts.sign }}{% if parts.before != \"\" %}<span class=\"cur\">{{ parts.before }}</span>{% endif %}{{ parts.number }}{% if parts.after != \"\" %}<span class=\"cur\">{{ parts.after }}</span>{% endif %}</span>",
    ext = "html"
)]
pub struct Amount {
    parts: MoneyParts,
    zero: bool,
}

impl HtmlSafe for Amount {}

impl Amount {
    pub(crate) fn new(language: Language, amount: Money) -> Self {
        Self { parts: language.money_parts(amount, MinorUnitsShown::Usual), zero: amount.is_zero() }
    }
}
