use askama::Template;
use askama::filters::HtmlSafe;
use tributary_i18n::{Language, Texts};
use tributary_kernel::FieldError;

/// One field of a form as it came back: what was typed, and what was wrong with it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Field {
    /// What stands in it.
    pub value: String,
    /// What is wrong with it.
    pub error: Option<FieldError>,
}

impl Field {
    /// A field with something in it.
    #[must_use]
    pub fn of(value: impl Into<String>) -> Self {
        Self { value: value.into(), error: None }
    }

    /// A field with a mistake in it.
    #[must_use]
    pub fn wrong(value: impl Into<String>, code: &'static str) -> Self {
        Self { value: value.into(), error: Some(FieldError::new("", code, "")) }
    }
}

/// One of a select's choices; the word is already in the reader's language or a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub word: String,
}

impl Choice {
    /// A choice.
    #[must_use]
    pub fn new(value: impl Into<String>, word: impl Into<String>) -> Self {
        Self { value: value.into(), word: word.into() }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Control {
    Line,
    Area,
    Select,
    Check,
}

/// A labelled input with its hint and error. Built in templates:
/// `page.input("email", "field-email", view.email).kind("email").required()`.
#[derive(Debug, Template)]
#[template(path = "parts/input.html")]
pub struct Input<'a> {
    language: Language,
    name: &'a str,
    label: String,
    value: &'a str,
    error: Option<String>,
    hint: Option<String>,
    control: Control,
    kind: &'static str,
    autocomplete: Option<&'static str>,
    inputmode: Option<&'static str>,
    suffix: Option<String>,
    required: bool,
    optional: bool,
    wide: bool,
    code: bool,
    focus: bool,
    rows: u32,
    choices: &'a [Choice],
}

impl HtmlSafe for Input<'_> {}

impl<'a> Input<'a> {
    pub(crate) fn new(
        language: Language,
        name: &'a str,
        label_key: &str,
        field: &'a Field,
    ) -> Self {
        Self {
            language,
            name,
            label: Texts::get(language, label_key, &[]),
            value: &field.value,
            error: field.error.as_ref().map(|e| tributary_i18n::field_error(language, e)),
            hint: None,
            control: Control::Line,
            kind: "text",
            autocomplete: None,
            inputmode: None,
            suffix: None,
            required: false,
            optional: false,
            wide: false,
            code: false,
            focus: false,
            rows: 4,
            choices: &[],
        }
    }

    /// The input's type: `email`, `password`, `url`, `date`, `search`.
    #[must_use]
    pub const fn kind(mut self, kind: &'static str) -> Self {
        self.kind = kind;
        self
    }

    /// A sentence under the label.
    #[must_use]
    pub fn hint(mut self, key: &str) -> Self {
        self.hint = Some(Texts::get(self.language, key, &[]));
        self
    }

    /// What the browser may fill in.
    #[must_use]
    pub const fn autocomplete(mut self, what: &'static str) -> Self {
        self.autocomplete = Some(what);
        self
    }

    /// Which keyboard a phone shows.
    #[must_use]
    pub const fn inputmode(mut self, mode: &'static str) -> Self {
        self.inputmode = Some(mode);
        self
    }

    /// A unit behind the input.
    #[must_use]
    pub fn suffix(mut self, text: impl AsRef<str>) -> Self {
        self.suffix = Some(text.as_ref().to_owned());
        self
    }

    /// Must be filled in.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// Says that it may be left empty.
    #[must_use]
    pub const fn optional(mut self) -> Self {
        self.optional = true;
        self
    }

    /// Takes the whole width of its form.
    #[must_use]
    pub const fn wide(mut self) -> Self {
        self.wide = true;
        self
    }

    /// Where the page begins to be typed into.
    #[must_use]
    pub const fn focus(mut self) -> Self {
        self.focus = true;
        self
    }

    /// Several lines.
    #[must_use]
    pub const fn area(mut self, rows: u32) -> Self {
        self.control = Control::Area;
        self.rows = rows;
        self
    }

    /// Fixed-width letters, for codes and documents.
    #[must_use]
    pub const fn code(mut self) -> Self {
        self.code = true;
        self
    }

    /// One of these.
    #[must_use]
    pub const fn select(mut self, choices: &'a [Choice]) -> Self {
        self.control = Control::Select;
        self.choices = choices;
        self
    }

    /// Yes or no; ticked when the field's value is `on`.
    #[must_use]
    pub const fn check(mut self) -> Self {
        self.control = Control::Check;
        self
    }

    fn described_by(&self) -> String {
        let mut ids = Vec::new();
        if self.hint.is_some() {
            ids.push(format!("{}-hint", self.name));
        }
        if self.error.is_some() {
            ids.push(format!("{}-error", self.name));
        }
        ids.join(" ")
    }

    fn optional_word(&self) -> String {
        Texts::get(self.language, "field-optional", &[])
    }
}
