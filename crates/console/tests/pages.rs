//! All pages x all samples x all languages: well-formed, complete, reachable, usable.

use std::collections::BTreeSet;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use tributary_console::{catalogue, paths};
use tributary_i18n::{Language, MISSING_MARK};

/// An element's name and attributes.
struct Element {
    name: String,
    attributes: Vec<(String, String)>,
}

impl Element {
    fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    fn read(start: &BytesStart<'_>) -> Self {
        let attributes = start.attributes().map(|attribute| {
            let attribute = attribute.expect("attributes are well-formed");
            (attribute.key.as_ref().to_owned(), unescaped(&attribute.value))
        });
        let attributes = attributes.collect();
        Self { name: start.name().as_ref().to_owned(), attributes }
    }
}

/// Attribute values hold numeric references and `&amp;` alone.
fn unescaped(text: &str) -> String {
    let mut out = text.replace("&amp;", "&").replace("&quot;", "\"");
    for (code, character) in
        [("&#38;", "&"), ("&#60;", "<"), ("&#62;", ">"), ("&#34;", "\""), ("&#39;", "'")]
    {
        out = out.replace(code, character);
    }
    out
}

/// A page as its elements, the forms with what stands in them, and the text inside scripts.
#[derive(Default)]
struct Document {
    elements: Vec<Element>,
    forms: Vec<(Element, Vec<usize>)>,
    script_text: String,
}

fn read(name: &str, html: &str) -> Document {
    let mut document = Document::default();
    let mut open: Vec<String> = Vec::new();
    let mut in_form: Option<usize> = None;
    let mut reader = Reader::from_str(html);
    loop {
        match reader.read_event() {
            Ok(Event::Eof) => break,
            Ok(Event::Start(start)) => {
                let element = Element::read(&start);
                open.push(element.name.clone());
                if element.name == "form" {
                    assert!(in_form.is_none(), "{name}: a form in a form");
                    in_form = Some(document.forms.len());
                    document.forms.push((Element::read(&start), Vec::new()));
                }
                document.add(element, in_form);
            }
            Ok(Event::Empty(start)) => document.add(Element::read(&start), in_form),
            Ok(Event::End(end)) => {
                let closed = open.pop();
                assert_eq!(closed.as_deref(), Some(end.name().as_ref()), "{name}");
                if closed.as_deref() == Some("form") {
                    in_form = None;
                }
            }
            Ok(Event::Text(text)) if open.last().is_some_and(|tag| tag == "script") => {
                document.script_text.push_str(&text);
            }
            Ok(_) => {}
            Err(error) => {
                let at = usize::try_from(reader.error_position()).expect("a position in the page");
                let around: String = html.chars().skip(at.saturating_sub(200)).take(300).collect();
                panic!("{name}: {error} near …{around}…");
            }
        }
    }
    assert!(open.is_empty(), "{name}: {open:?} stay open");
    document
}

impl Document {
    fn add(&mut self, element: Element, form: Option<usize>) {
        if let Some(form) = form {
            self.forms[form].1.push(self.elements.len());
        }
        self.elements.push(element);
    }

    fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.elements.iter().filter(move |element| element.name == name)
    }
}

/// Runs a check on every page, sample and language.
fn on_every_page(check: impl Fn(&str, Language, &str, &Document)) {
    let mut pages = 0;
    for entry in catalogue() {
        let samples = (entry.samples)();
        assert!(samples > 0, "{} has no sample", entry.name);
        for sample in 0..samples {
            for language in Language::ALL {
                let name = format!("{}/{sample} in {language}", entry.name);
                let html = (entry.render)(language, sample).unwrap_or_else(|| panic!("{name}"));
                check(&name, language, &html, &read(&name, &html));
                pages += 1;
            }
        }
    }
    assert!(pages > 250, "{pages} pages were seen");
}

#[test]
fn pages_are_whole_in_every_language() {
    on_every_page(|name, language, html, document| {
        assert!(!html.contains(MISSING_MARK), "{name}: a message is missing");
        let root = document.named("html").next().unwrap();
        assert_eq!(root.get("lang"), Some(language.code()), "{name}");
        assert_eq!(document.named("h1").count(), 1, "{name}: one heading names the page");
        assert_eq!(document.named("main").count(), 1, "{name}: one main");
        let head = document.elements.iter().take_while(|element| element.name != "body");
        assert_eq!(head.filter(|element| element.name == "title").count(), 1, "{name}");
        let skip = document.named("a").next().unwrap();
        assert_eq!(skip.get("href"), Some("#content"), "{name}: skipping comes first");
    });
}

#[test]
fn nothing_inline_so_that_the_policy_can_forbid_it() {
    on_every_page(|name, _, _, document| {
        assert_eq!(document.named("style").count(), 0, "{name}");
        assert_eq!(
            document.named("script").count(),
            1,
            "{name}: only our own file, nothing injected"
        );
        assert!(document.script_text.trim().is_empty(), "{name}: {}", document.script_text);
        for element in &document.elements {
            for (key, value) in &element.attributes {
                assert!(key != "style" && !key.starts_with("on"), "{name}: {} {key}", element.name);
                assert!(!value.trim_start().starts_with("javascript:"), "{name}: {value}");
            }
        }
    });
}

#[test]
fn forms_that_post_carry_the_token_and_others_do_not() {
    on_every_page(|name, _, _, document| {
        for (form, inside) in &document.forms {
            let tokens = inside
                .iter()
                .filter(|at| document.elements[**at].get("name") == Some("csrf"))
                .count();
            let action = form.get("action").unwrap_or_default();
            match form.get("method") {
                Some("post") => assert_eq!(tokens, 1, "{name}: form to {action}"),
                // A token in an address would end up in logs and histories.
                Some("get" | "dialog") => assert_eq!(tokens, 0, "{name}: form to {action}"),
                other => panic!("{name}: form to {action} has method {other:?}"),
            }
        }
    });
}

#[test]
fn every_input_has_a_label_and_every_reference_an_end() {
    on_every_page(|name, _, _, document| {
        let mut ids = BTreeSet::new();
        for id in document.elements.iter().filter_map(|element| element.get("id")) {
            assert!(ids.insert(id), "{name}: two elements are called {id}");
        }
        let labels: BTreeSet<&str> =
            document.named("label").filter_map(|label| label.get("for")).collect();
        for element in &document.elements {
            let typed = matches!(element.name.as_str(), "input" | "select" | "textarea");
            if typed && element.get("type") != Some("hidden") {
                let labelled = element.get("aria-label").is_some_and(|label| !label.is_empty())
                    || element.get("id").is_some_and(|id| labels.contains(id));
                assert!(labelled, "{name}: {:?} has no label", element.get("name"));
            }
            if element.name == "button" {
                assert!(element.get("type").is_some(), "{name}: a button without type submits");
            }
            let references = [
                "for",
                "aria-labelledby",
                "aria-describedby",
                "data-dialog",
                "data-copy",
                "data-share",
            ];
            for reference in references {
                for id in element.get(reference).unwrap_or_default().split_whitespace() {
                    assert!(ids.contains(id), "{name}: {reference} names {id}, which is not there");
                }
            }
        }
    });
}

#[test]
fn every_link_and_form_leads_somewhere() {
    on_every_page(|name, _, _, document| {
        for element in &document.elements {
            let target = match element.name.as_str() {
                "a" => element.get("href"),
                "form" => element.get("action"),
                _ => None,
            };
            let Some(target) = target else { continue };
            let path = target.split(['?', '#']).next().unwrap_or_default();
            let within = target.starts_with('#');
            assert!(within || paths::leads_somewhere(path), "{name}: {target} leads nowhere");
        }
    });
}

#[test]
fn awkward_names_stay_text() {
    let mut seen = false;
    on_every_page(|_, _, html, _| {
        assert!(!html.contains("<script>alert"), "a name became markup");
    });
    for entry in catalogue() {
        let html = (entry.render)(Language::Da, 0).unwrap();
        seen |= html.contains("&#60;script&#62;alert");
    }
    assert!(seen, "the samples do hold such a name");
}

#[test]
fn languages_differ() {
    for entry in catalogue() {
        let pages: BTreeSet<String> =
            Language::ALL.iter().filter_map(|language| (entry.render)(*language, 0)).collect();
        assert_eq!(pages.len(), Language::ALL.len(), "{}", entry.name);
    }
}
