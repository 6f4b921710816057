//! Reads a JSON value field by field, so that a form gets every mistake at once, each with the
//! path of its field; a derived reader would stop at the first and say no path.

use std::fmt::Display;
use std::str::FromStr;

use serde_json::{Map, Value};
use tributary_kernel::FieldError;

/// The mistakes found so far.
#[derive(Debug, Default)]
pub(super) struct Errors(Vec<FieldError>);

impl Errors {
    pub(super) fn add(&mut self, pointer: &str, code: &'static str, detail: impl Into<String>) {
        self.0.push(FieldError::new(pointer.to_owned(), code, detail.into()));
    }

    /// The value, if nothing was wrong with it or anything beside it.
    pub(super) fn finish<T>(self, value: Option<T>) -> Result<T, Vec<FieldError>> {
        match value {
            Some(value) if self.0.is_empty() => Ok(value),
            _ => Err(self.0),
        }
    }
}

/// A value and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Node<'a> {
    pub(super) value: &'a Value,
    pub(super) pointer: String,
}

/// An object and where it stands.
#[derive(Debug)]
pub(super) struct Object<'a> {
    map: &'a Map<String, Value>,
    pub(super) pointer: String,
}

impl<'a> Node<'a> {
    pub(super) const fn root(value: &'a Value) -> Self {
        Self { value, pointer: String::new() }
    }

    fn wrong_type(&self, expected: &str, errors: &mut Errors) {
        errors.add(&self.pointer, "wrong_type", format!("Expected {expected}."));
    }

    /// An object with no other fields than `known`.
    pub(super) fn object(&self, known: &[&str], errors: &mut Errors) -> Option<Object<'a>> {
        let Some(map) = self.value.as_object() else {
            self.wrong_type("an object", errors);
            return None;
        };
        for key in map.keys().filter(|key| !known.contains(&key.as_str())) {
            let key = key.replace('~', "~0").replace('/', "~1");
            let detail = format!("There is no such field here; there are: {}.", known.join(", "));
            errors.add(&format!("{}/{key}", self.pointer), "unknown_field", detail);
        }
        Some(Object { map, pointer: self.pointer.clone() })
    }

    /// The elements of an array of `min` to `max`.
    pub(super) fn elements(
        &self,
        min: usize,
        max: usize,
        errors: &mut Errors,
    ) -> Option<Vec<Self>> {
        let Some(values) = self.value.as_array() else {
            self.wrong_type("an array", errors);
            return None;
        };
        if !(min..=max).contains(&values.len()) {
            errors.add(&self.pointer, "wrong_length", format!("Expected {min} to {max} of them."));
            return None;
        }
        let node = |(place, value)| Self { value, pointer: format!("{}/{place}", self.pointer) };
        Some(values.iter().enumerate().map(node).collect())
    }

    pub(super) fn text(&self, errors: &mut Errors) -> Option<&'a str> {
        let text = self.value.as_str();
        if text.is_none() {
            self.wrong_type("a string", errors);
        }
        text
    }

    /// A string that `T` can be read from; otherwise its reason is given under `code`.
    pub(super) fn parse<T>(&self, code: &'static str, errors: &mut Errors) -> Option<T>
    where
        T: FromStr,
        T::Err: Display,
    {
        let parsed = self.text(errors)?.parse();
        parsed
            .map_err(|error: T::Err| errors.add(&self.pointer, code, sentence(&error.to_string())))
            .ok()
    }

    /// True or false.
    pub(super) fn boolean(&self, errors: &mut Errors) -> Option<bool> {
        let boolean = self.value.as_bool();
        if boolean.is_none() {
            self.wrong_type("true or false", errors);
        }
        boolean
    }

    /// A whole number of `min` to `max`.
    pub(super) fn whole(&self, min: i64, max: i64, errors: &mut Errors) -> Option<i64> {
        if !self.value.is_number() {
            self.wrong_type("a whole number", errors);
            return None;
        }
        let number = self.value.as_i64().filter(|number| (min..=max).contains(number));
        if number.is_none() {
            let detail = format!("Expected a whole number, {min} to {max}.");
            errors.add(&self.pointer, "out_of_range", detail);
        }
        number
    }

    /// A whole number of `min` to `max`.
    pub(super) fn integer(&self, min: u16, max: u16, errors: &mut Errors) -> Option<u16> {
        if !self.value.is_number() {
            self.wrong_type("a whole number", errors);
            return None;
        }
        let number = self.value.as_u64().and_then(|number| u16::try_from(number).ok());
        let number = number.filter(|number| (min..=max).contains(number));
        if number.is_none() {
            let detail = format!("Expected a whole number, {min} to {max}.");
            errors.add(&self.pointer, "out_of_range", detail);
        }
        number
    }
}

impl<'a> Object<'a> {
    pub(super) fn optional(&self, name: &str) -> Option<Node<'a>> {
        let pointer = format!("{}/{name}", self.pointer);
        self.map.get(name).map(|value| Node { value, pointer })
    }

    pub(super) fn required(&self, name: &str, errors: &mut Errors) -> Option<Node<'a>> {
        let node = self.optional(name);
        if node.is_none() {
            let pointer = format!("{}/{name}", self.pointer);
            errors.add(&pointer, "missing", "This field is needed.");
        }
        node
    }
}

/// An error's text as a sentence.
pub(super) fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(|first| first.to_uppercase().collect::<String>());
    format!("{}{}.", first.unwrap_or_default(), characters.as_str())
}
