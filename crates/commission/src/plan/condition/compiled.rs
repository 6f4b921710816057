//! A condition made ready: a flat list that is walked without building anything.

use super::{All, Any, Condition, FactValue, Field, KnownField, Operand, Operator, Test};
use crate::input::ItemFacts;

/// A condition made ready.
#[derive(Debug, Clone)]
pub(crate) struct Checks {
    nodes: Box<[Node]>,
    /// Whether it asks about lines of an order.
    pub(crate) of_items: bool,
    /// How many tests it has: the more, the more specific the rule is.
    pub(crate) tests: u16,
}

/// A group ends before the node at `end`; its parts stand between.
#[derive(Debug, Clone)]
enum Node {
    All { end: u16 },
    Any { end: u16 },
    Test { source: Source, check: Check },
}

#[derive(Debug, Clone, Copy)]
enum Source {
    Slot(u16),
    Item(KnownField),
}

#[derive(Debug, Clone)]
pub(crate) enum Check {
    TextIn { not: bool, texts: Box<[Box<str>]> },
    Contains(Box<str>),
    Starts(Box<str>),
    Ends(Box<str>),
    NumberIn { not: bool, numbers: Box<[i64]> },
    Compare(Operator, i64),
}

/// What a condition says of a conversion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It holds.
    Holds,
    /// It does not; the test at this place, from 0, was the first that failed it.
    Fails(u16),
}

/// Gives every field that is asked about a place among a conversion's values.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sources {
    pub(crate) fields: Vec<Field>,
}

impl Sources {
    pub(crate) fn slot(&mut self, field: &Field) -> u16 {
        let place = self.fields.iter().position(|known| known == field).unwrap_or_else(|| {
            self.fields.push(field.clone());
            self.fields.len() - 1
        });
        u16::try_from(place).expect("a plan has fewer fields than that")
    }
}

impl Checks {
    pub(crate) fn of(condition: &Condition, sources: &mut Sources) -> Self {
        let mut nodes = Vec::new();
        add(condition, sources, &mut nodes);
        let tests = nodes.iter().filter(|node| matches!(node, Node::Test { .. })).count();
        Self {
            nodes: nodes.into(),
            of_items: condition.of_items(),
            tests: u16::try_from(tests).unwrap_or(u16::MAX),
        }
    }

    /// Tests the conversion's values and, for fields of lines, those of `item`.
    pub(crate) fn verdict(&self, values: &[FactValue], item: Option<&ItemFacts>) -> Verdict {
        let mut test = 0;
        let holds = self.holds(0, values, item, &mut test);
        holds.map_or(Verdict::Holds, Verdict::Fails)
    }

    /// None if the node holds, else the place of the test that failed it. `test` counts tests.
    fn holds(
        &self,
        at: usize,
        values: &[FactValue],
        item: Option<&ItemFacts>,
        test: &mut u16,
    ) -> Option<u16> {
        match &self.nodes[at] {
            Node::Test { source, check } => {
                let place = *test;
                *test += 1;
                let holds = match source {
                    Source::Slot(slot) => check.holds(&values[usize::from(*slot)]),
                    Source::Item(field) => item.is_some_and(|item| check.of_item(*field, item)),
                };
                (!holds).then_some(place)
            }
            Node::All { end } => {
                let mut part = at + 1;
                while part < usize::from(*end) {
                    let failed = self.holds(part, values, item, test);
                    if failed.is_some() {
                        return failed;
                    }
                    part = self.after(part);
                }
                None
            }
            Node::Any { end } => {
                let mut part = at + 1;
                let mut first = None;
                while part < usize::from(*end) {
                    let before = *test;
                    let failed = self.holds(part, values, item, test);
                    let failed = failed?;
                    // A group that fails early leaves tests uncounted.
                    *test = before + self.tests_in(part);
                    first = first.or(Some(failed));
                    part = self.after(part);
                }
                first
            }
        }
    }

    fn after(&self, at: usize) -> usize {
        match self.nodes[at] {
            Node::All { end } | Node::Any { end } => usize::from(end),
            Node::Test { .. } => at + 1,
        }
    }

    fn tests_in(&self, at: usize) -> u16 {
        let nodes = &self.nodes[at..self.after(at)];
        let tests = nodes.iter().filter(|node| matches!(node, Node::Test { .. })).count();
        u16::try_from(tests).unwrap_or(u16::MAX)
    }
}

fn add(condition: &Condition, sources: &mut Sources, nodes: &mut Vec<Node>) {
    let (parts, all) = match condition {
        Condition::Test(test) => {
            let source = match &test.field {
                Field::Known(field) if field.of_item() => Source::Item(*field),
                field => Source::Slot(sources.slot(field)),
            };
            nodes.push(Node::Test { source, check: Check::of(test) });
            return;
        }
        Condition::All(All { all }) => (all, true),
        Condition::Any(Any { any }) => (any, false),
    };
    let group = nodes.len();
    nodes.push(Node::All { end: 0 });
    for part in parts {
        add(part, sources, nodes);
    }
    let end = u16::try_from(nodes.len()).expect("a condition has at most 100 parts");
    nodes[group] = if all { Node::All { end } } else { Node::Any { end } };
}

impl Check {
    fn of(test: &Test) -> Self {
        let not = matches!(test.is, Operator::Not | Operator::NotIn);
        match (&test.value, test.is) {
            (Operand::Text(text), Operator::Contains) => Self::Contains(text.as_str().into()),
            (Operand::Text(text), Operator::Starts) => Self::Starts(text.as_str().into()),
            (Operand::Text(text), Operator::Ends) => Self::Ends(text.as_str().into()),
            (Operand::Text(text), _) => Self::TextIn { not, texts: [text.as_str().into()].into() },
            (Operand::Texts(texts), _) => {
                Self::TextIn { not, texts: texts.iter().map(|text| text.as_str().into()).collect() }
            }
            (Operand::Numbers(numbers), _) => {
                Self::NumberIn { not, numbers: numbers.as_slice().into() }
            }
            (Operand::Number(number), is) => Self::number(is, not, *number),
            (Operand::Money(money), is) => Self::number(is, not, money.minor),
            (Operand::Date(day), is) => Self::number(is, not, i64::from(day.as_days())),
        }
    }

    fn number(is: Operator, not: bool, number: i64) -> Self {
        match is {
            Operator::Equals | Operator::Not | Operator::In | Operator::NotIn => {
                Self::NumberIn { not, numbers: [number].into() }
            }
            is => Self::Compare(is, number),
        }
    }

    fn holds(&self, value: &FactValue) -> bool {
        match value {
            FactValue::None => self.holds_of_nothing(),
            FactValue::Number(number) => self.of_number(*number),
            FactValue::Text(text) => self.of_text(text),
            FactValue::Texts(texts) => match self {
                // None of them may be it.
                Self::TextIn { not: true, .. } => texts.iter().all(|text| self.of_text(text)),
                _ => texts.iter().any(|text| self.of_text(text)),
            },
        }
    }

    const fn holds_of_nothing(&self) -> bool {
        matches!(self, Self::TextIn { not: true, .. } | Self::NumberIn { not: true, .. })
    }

    fn of_item(&self, field: KnownField, item: &ItemFacts) -> bool {
        let text = |text: &Option<crate::Text>| {
            text.as_ref().map_or(self.holds_of_nothing(), |text| self.of_text(text))
        };
        match field {
            KnownField::ItemProduct => text(&item.product),
            KnownField::ItemCategory => text(&item.category),
            KnownField::ItemSku => text(&item.sku),
            KnownField::ItemPrice => {
                item.price.map_or(self.holds_of_nothing(), |price| self.of_number(price))
            }
            _ => self.of_number(i64::from(item.quantity)),
        }
    }

    fn of_number(&self, value: i64) -> bool {
        match self {
            Self::NumberIn { not, numbers } => numbers.contains(&value) != *not,
            Self::Compare(is, number) => match is {
                Operator::Below => value < *number,
                Operator::AtMost => value <= *number,
                Operator::Above => value > *number,
                Operator::AtLeast => value >= *number,
                // Checked: the number is above zero.
                _ => value > 0 && value % number.max(&1) == 0,
            },
            _ => false,
        }
    }

    fn of_text(&self, value: &str) -> bool {
        let (value_bytes, same) = (value.as_bytes(), <[u8]>::eq_ignore_ascii_case);
        match self {
            Self::TextIn { not, texts } => {
                texts.iter().any(|text| same(text.as_bytes(), value_bytes)) != *not
            }
            Self::Contains(text) => {
                text.is_empty()
                    || value_bytes.windows(text.len()).any(|part| same(part, text.as_bytes()))
            }
            Self::Starts(text) => {
                value_bytes.get(..text.len()).is_some_and(|part| same(part, text.as_bytes()))
            }
            Self::Ends(text) => {
                let from = value_bytes.len().checked_sub(text.len());
                from.is_some_and(|from| same(&value_bytes[from..], text.as_bytes()))
            }
            // Metadata that is a number.
            Self::NumberIn { .. } | Self::Compare(..) => {
                value.parse().map_or(self.holds_of_nothing(), |number| self.of_number(number))
            }
        }
    }
}
