//! Somebody before a browser, who reads and presses what pages say in their language. What is
//! pressed and seen is named by its message, so that one road is walked in every language.

use std::ops::{Deref, DerefMut};

use tributary_i18n::{AsArg, Language, Texts};
use tributary_money::Rate;
use tributary_testkit::{Browser, Screen};

/// What a message's variables stand for.
type Args<'a> = &'a [(&'a str, &'a dyn AsArg)];

/// Messages, numbers and names as one language writes them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Words(pub(crate) Language);

impl Words {
    pub(crate) fn of(self, message: &str) -> String {
        self.with(message, &[])
    }

    /// On pages spaces are plain: what does not break is looked for like any other.
    pub(crate) fn with(self, message: &str, args: Args<'_>) -> String {
        let args: Vec<_> = args.iter().map(|(name, value)| (*name, value.as_arg())).collect();
        let text = Texts::find(self.0, message, &args);
        plain(&text.unwrap_or_else(|| panic!("no message {message} with such variables")))
    }

    /// The parts of a message before and after a variable whose value nobody knows beforehand.
    pub(crate) fn around(self, message: &str, variable: &str) -> Vec<String> {
        const PLACE: &str = "\u{1}";
        let whole = self.with(message, &[(variable, &PLACE)]);
        whole.split(PLACE).map(|part| part.trim().to_owned()).collect()
    }

    /// An amount without its currency.
    pub(crate) fn number(self, plain_number: &str) -> String {
        plain(&self.0.decimal(plain_number))
    }

    pub(crate) fn percent(self, rate: &str) -> String {
        plain(&self.0.percent(Rate::from_percent(rate).unwrap()))
    }

    pub(crate) const fn own_name(self) -> &'static str {
        self.0.endonym()
    }
}

fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// See the module.
#[derive(Debug)]
pub(crate) struct Person {
    browser: Browser,
    pub(crate) words: Words,
}

impl Deref for Person {
    type Target = Browser;

    fn deref(&self) -> &Browser {
        &self.browser
    }
}

impl DerefMut for Person {
    fn deref_mut(&mut self) -> &mut Browser {
        &mut self.browser
    }
}

impl Person {
    pub(crate) const fn new(browser: Browser, language: Language) -> Self {
        Self { browser, words: Words(language) }
    }

    pub(crate) async fn sees(&mut self, message: &str) {
        self.sees_with(message, &[]).await;
    }

    pub(crate) async fn sees_with(&mut self, message: &str, args: Args<'_>) {
        let text = self.words.with(message, args);
        self.browser.sees(&text).await;
    }

    pub(crate) async fn sees_around(&mut self, message: &str, variable: &str) {
        for part in self.words.around(message, variable) {
            self.browser.sees(&part).await;
        }
    }

    pub(crate) async fn sees_text(&mut self, text: &str) {
        self.browser.sees(&plain(text)).await;
    }

    pub(crate) async fn press(&mut self, message: &str) {
        self.press_with(message, &[]).await;
    }

    pub(crate) async fn press_with(&mut self, message: &str, args: Args<'_>) {
        let text = self.words.with(message, args);
        self.browser.press(&text).await;
    }

    pub(crate) async fn press_text(&mut self, text: &str) {
        self.browser.press(text).await;
    }

    /// All words that can be seen.
    pub(crate) async fn seen(&mut self) -> String {
        self.browser.words().await
    }

    /// A manager's section; on a phone they are in a menu.
    pub(crate) async fn turn_to(&mut self, section: &str) {
        if self.browser.seen_on() == Screen::Phone {
            self.press("nav-menu").await;
        }
        self.press(section).await;
    }

    pub(crate) async fn write(&mut self, label: &str, text: &str) {
        let label = self.words.of(label);
        self.browser.write(&label, text).await;
    }

    pub(crate) async fn choose(&mut self, label: &str, entry: &str) {
        let entry = self.words.of(entry);
        self.choose_text(label, &entry).await;
    }

    pub(crate) async fn choose_text(&mut self, label: &str, entry: &str) {
        let label = self.words.of(label);
        self.browser.choose(&label, entry).await;
    }

    pub(crate) async fn tick(&mut self, label: &str) {
        self.tick_with(label, &[]).await;
    }

    pub(crate) async fn tick_with(&mut self, label: &str, args: Args<'_>) {
        let label = self.words.with(label, args);
        self.browser.tick(&label).await;
    }
}
