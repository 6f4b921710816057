//! A small tree of elements, read with limits. Names are without prefixes; every element must be in
//! the document's one namespace, others (supplementary data) are passed over.

use quick_xml::NsReader;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;

/// Bytes of one file.
pub const REPLY_BYTES_MAX: usize = 32 * 1024 * 1024;
/// Elements of one file.
pub const REPLY_ELEMENTS_MAX: usize = 1_000_000;
/// Elements within each other.
pub const REPLY_DEPTH_MAX: usize = 40;

/// Why a file is not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReplyError {
    /// Beyond [`REPLY_BYTES_MAX`].
    #[error("{bytes} bytes; a file of a bank has at most {REPLY_BYTES_MAX} here")]
    TooLarge {
        /// How many.
        bytes: usize,
    },
    /// Beyond [`REPLY_ELEMENTS_MAX`] or [`REPLY_DEPTH_MAX`].
    #[error(
        "more than {REPLY_ELEMENTS_MAX} elements, or more than {REPLY_DEPTH_MAX} in each other"
    )]
    TooMuch,
    /// A document type declaration or an entity: no bank needs one, attacks do.
    #[error("document types and entities are not read")]
    Declared,
    /// Not well-formed, or not UTF-8.
    #[error("not XML that can be read: {detail}")]
    Xml {
        /// What the reader found.
        detail: String,
    },
    /// Another kind of document than was asked for.
    #[error("its namespace is `{found}`, expected is {expected}")]
    Kind {
        /// Found.
        found: String,
        /// Expected.
        expected: &'static str,
    },
    /// An element is missing or does not say what it should.
    #[error("{path}: {detail}")]
    Content {
        /// Where, like `Stmt/Ntry/Amt`.
        path: &'static str,
        /// What was found.
        detail: String,
    },
}

/// An element with its text and children.
#[derive(Debug, Default)]
pub(super) struct Element {
    pub(super) name: String,
    pub(super) text: String,
    currency: Option<String>,
    children: Vec<Element>,
}

impl Element {
    /// All children of a name.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The first element at a path like `OrgnlTxRef/Amt/InstdAmt`.
    pub(super) fn at(&self, path: &str) -> Option<&Self> {
        path.split('/').try_fold(self, |element, name| {
            element.children.iter().find(|child| child.name == name)
        })
    }

    /// The text at a path, without blanks around it; none when there is none.
    pub(super) fn text_at(&self, path: &str) -> Option<&str> {
        self.at(path).map(|it| it.text.trim()).filter(|text| !text.is_empty())
    }

    /// The first text among paths.
    pub(super) fn first_of(&self, paths: &[&str]) -> Option<String> {
        paths.iter().find_map(|path| self.text_at(path)).map(str::to_owned)
    }

    /// The attribute `Ccy`, the only one that is read.
    pub(super) fn currency(&self) -> Option<&str> {
        self.currency.as_deref()
    }
}

/// Reads a document whose namespace begins with `expected`; gives its namespace and root.
pub(super) fn read(bytes: &[u8], expected: &'static str) -> Result<(String, Element), ReplyError> {
    if bytes.len() > REPLY_BYTES_MAX {
        return Err(ReplyError::TooLarge { bytes: bytes.len() });
    }
    let text = std::str::from_utf8(bytes).map_err(|error| xml(&error))?;
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = NsReader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    reader.config_mut().enable_all_checks(true);
    let mut tree = Tree { expected, ..Tree::default() };
    loop {
        let (namespace, event) = reader.read_resolved_event().map_err(|error| xml(&error))?;
        match event {
            Event::Start(start) => tree.open(&namespace, &start)?,
            Event::End(_) => tree.close(),
            Event::Text(it) => tree.text(&it.xml10_content()),
            Event::CData(it) => tree.text(&it.xml10_content()),
            Event::GeneralRef(it) => tree.reference(&it)?,
            Event::DocType(_) => return Err(ReplyError::Declared),
            Event::Eof => break,
            Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
    match (tree.root, tree.open.is_empty() && tree.skipped == 0) {
        (Some(root), true) => Ok((tree.namespace, root)),
        _ => Err(ReplyError::Xml { detail: "it ends before its root does".to_owned() }),
    }
}

fn xml(error: &dyn std::fmt::Display) -> ReplyError {
    ReplyError::Xml { detail: error.to_string() }
}

#[derive(Default)]
struct Tree {
    expected: &'static str,
    namespace: String,
    open: Vec<Element>,
    /// Depth within an element of another namespace.
    skipped: usize,
    elements: usize,
    root: Option<Element>,
}

impl Tree {
    fn open(
        &mut self,
        namespace: &ResolveResult<'_>,
        start: &BytesStart<'_>,
    ) -> Result<(), ReplyError> {
        self.elements += 1;
        let depth = self.open.len() + self.skipped;
        if self.elements > REPLY_ELEMENTS_MAX || depth >= REPLY_DEPTH_MAX {
            return Err(ReplyError::TooMuch);
        }
        let found = match namespace {
            ResolveResult::Bound(bound) => bound.as_ref(),
            ResolveResult::Unbound | ResolveResult::Unknown(_) => "",
        };
        if self.open.is_empty() && self.skipped == 0 {
            if self.root.is_some() {
                return Err(ReplyError::Xml { detail: "it has two roots".to_owned() });
            }
            if !found.starts_with(self.expected) {
                let found = found.to_owned();
                return Err(ReplyError::Kind { found, expected: self.expected });
            }
            self.namespace = found.to_owned();
        } else if self.skipped > 0 || found != self.namespace {
            self.skipped += 1;
            return Ok(());
        }
        let name = start.local_name().as_ref().to_owned();
        let mut element = Element { name, ..Element::default() };
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|error| xml(&error))?;
            if attribute.key.as_ref() == "Ccy" {
                element.currency = Some(attribute.value.trim().to_owned());
            }
        }
        self.open.push(element);
        Ok(())
    }

    fn close(&mut self) {
        if self.skipped > 0 {
            self.skipped -= 1;
            return;
        }
        let Some(element) = self.open.pop() else { return };
        match self.open.last_mut() {
            Some(parent) => parent.children.push(element),
            None => self.root = Some(element),
        }
    }

    fn text(&mut self, text: &str) {
        if self.skipped == 0
            && let Some(element) = self.open.last_mut()
        {
            element.text.push_str(text);
        }
    }

    /// The five entities of XML itself and numbers of characters; nothing that must be declared.
    fn reference(&mut self, it: &quick_xml::events::BytesRef<'_>) -> Result<(), ReplyError> {
        let character = it.resolve_char_ref().map_err(|error| xml(&error))?;
        let character = match character {
            Some(character) => character,
            None => match it.as_ref() {
                "amp" => '&',
                "lt" => '<',
                "gt" => '>',
                "quot" => '"',
                "apos" => '\'',
                _ => return Err(ReplyError::Declared),
            },
        };
        self.text(character.encode_utf8(&mut [0; 4]));
        Ok(())
    }
}
