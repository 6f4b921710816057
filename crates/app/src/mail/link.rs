//! Links in mails. What one says is sealed by this installation, so that holding it proves that the
//! mail was read.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use tributary_kernel::Timestamp;

use crate::App;

/// What a link says: whom it concerns, and until when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MailedLink {
    /// Two ids.
    pub(crate) ids: [[u8; 16]; 2],
    /// When it is over.
    pub(crate) until: Timestamp,
    /// What else it says; may be empty.
    pub(crate) rest: Vec<u8>,
}

impl MailedLink {
    /// The text that stands in the address. One sealed for a purpose does not open for another.
    pub(crate) fn seal(&self, app: &App, purpose: &str) -> String {
        let until = self.until.as_microsecond().to_be_bytes();
        let [first, second] = &self.ids;
        let plain = [first.as_slice(), second, &until, &self.rest].concat();
        URL_SAFE_NO_PAD.encode(app.secrets.seal(purpose, &plain, &*app.entropy))
    }

    /// What such a text says; none when it is over or was never given.
    pub(crate) fn open(app: &App, purpose: &str, text: &str) -> Option<Self> {
        let sealed = URL_SAFE_NO_PAD.decode(text).ok()?;
        let plain = app.secrets.open(purpose, &sealed).ok()?;
        let (first, rest) = plain.split_first_chunk::<16>()?;
        let (second, rest) = rest.split_first_chunk::<16>()?;
        let (until, rest) = rest.split_first_chunk::<8>()?;
        let until = Timestamp::from_microsecond(i64::from_be_bytes(*until));
        let it = Self { ids: [*first, *second], until, rest: rest.to_vec() };
        (until > app.now()).then_some(it)
    }
}
