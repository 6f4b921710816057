use crate::ManagerAccess;
use crate::page::view;

/// Asks once more before something that cannot be taken back: what the dialog asks where script
/// runs. A handler shows it when a form comes without `sure=yes`.
#[derive(Debug, Clone)]
pub struct Confirm {
    /// Key of the act's name, on the heading and the button.
    pub act_key: &'static str,
    /// Key of what follows from it.
    pub effect_key: &'static str,
    /// What it happens to.
    pub thing: String,
    /// Where the form goes.
    pub action: String,
    /// What is sent along.
    pub fields: Vec<(&'static str, String)>,
    /// Where 'cancel' leads.
    pub back: String,
}

impl Confirm {
    const fn section(&self) -> crate::ManagerSection {
        crate::ManagerSection::Partners
    }

    fn sample_views() -> Vec<Self> {
        vec![
            Self {
                act_key: "partner-end",
                effect_key: "partner-end-effect",
                thing: "Anna Holm".to_owned(),
                action: "/manage/prog_demo/partners/pship_a/status".to_owned(),
                fields: vec![("move", "end".to_owned())],
                back: "/manage/prog_demo/partners/pship_a".to_owned(),
            },
            Self {
                act_key: "key-revoke",
                effect_key: "key-revoke-effect",
                thing: "Webshop".to_owned(),
                action: "/manage/prog_demo/settings/keys/key_1/revoke".to_owned(),
                fields: Vec::new(),
                back: "/manage/prog_demo/settings/keys".to_owned(),
            },
        ]
    }
}

view!(Confirm, "confirm", ManagerAccess, "pages/confirm.html");
