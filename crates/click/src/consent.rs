/// What a visitor has said about being tracked, as known at one moment.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Default, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Consent {
    /// Said yes.
    Granted,
    /// Said no, or took a yes back, or sends `Sec-GPC`: no id, nothing identifying is kept.
    Denied,
    /// Not asked yet: the ordinary case when a link is clicked.
    #[default]
    Unknown,
}

impl Consent {
    /// The stored name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Granted => "granted",
            Self::Denied => "denied",
            Self::Unknown => "unknown",
        }
    }

    /// By its stored name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Granted, Self::Denied, Self::Unknown].into_iter().find(|c| c.as_str() == name)
    }
}
