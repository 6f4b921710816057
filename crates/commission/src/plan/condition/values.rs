use std::sync::Arc;

use crate::Text;

/// The value of a field, as a record keeps it. Amounts are minor units of the plan's currency,
/// days count from 1970-01-01.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(untagged)]
pub enum FactValue {
    /// Nothing was reported.
    #[default]
    None,
    /// A number, an amount or a day.
    Number(i64),
    /// A text.
    Text(Text),
    /// Several texts.
    Texts(#[serde(with = "crate::shared::list")] Arc<[Text]>),
}

impl FactValue {
    /// A text, if there is one.
    pub(crate) fn text(text: Option<&str>) -> Self {
        text.map_or(Self::None, |text| Self::Text(text.into()))
    }

    /// A number, if there is one.
    pub(crate) fn number(number: Option<impl Into<i64>>) -> Self {
        number.map_or(Self::None, |number| Self::Number(number.into()))
    }

    /// Texts; none is nothing reported.
    pub(crate) fn texts<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        let texts: Arc<[Text]> = texts.map(Text::from).collect();
        if texts.is_empty() { Self::None } else { Self::Texts(texts) }
    }

    /// Whether something was reported.
    pub(crate) const fn is_some(&self) -> bool {
        !matches!(self, Self::None)
    }
}
