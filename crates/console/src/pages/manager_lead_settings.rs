use crate::page::view;
use crate::parts::{Choice, Field};
use crate::{Frame, ManagerAccess};

/// A stage of the pipeline as it is edited.
#[derive(Debug, Clone, Default)]
pub struct StageRow {
    /// Where it stands; a whole number.
    pub place: Field,
    /// Its name; empty: no stage.
    pub name: Field,
    /// `open`, `won` or `lost`.
    pub ending: Field,
    /// The type of conversion it is reported as; empty: none.
    pub event: Field,
}

/// How a program takes leads.
#[derive(Debug, Clone)]
pub struct SettingsLeads {
    /// Whether it takes them.
    pub taken: bool,
    /// Days.
    pub protection_days: Field,
    /// What happens with another partner's protected lead.
    pub protected: Field,
    /// What happens with a customer.
    pub customer: Field,
    /// Days after which a former customer is free; empty: never.
    pub lapses: Field,
    /// What happens with the advertiser's own opportunity.
    pub opportunity: Field,
    /// The stages, with empty rows after them.
    pub stages: Vec<StageRow>,
    /// What is wrong with the stages together.
    pub pipeline: Field,
}

impl StageRow {
    /// What is wrong with any part of it.
    fn errors(&self) -> Vec<&tributary_kernel::FieldError> {
        let fields = [&self.place, &self.name, &self.ending, &self.event];
        fields.into_iter().filter_map(|field| field.error.as_ref()).collect()
    }
}

impl SettingsLeads {
    fn treatments(page: &Frame<ManagerAccess>) -> Vec<Choice> {
        vec![
            Choice::new("refuse", page.t("treatment-refuse")),
            Choice::new("review", page.t("treatment-review")),
            Choice::new("accept", page.t("treatment-accept")),
        ]
    }

    fn endings(page: &Frame<ManagerAccess>) -> Vec<Choice> {
        vec![
            Choice::new("open", page.t("ending-open")),
            Choice::new("won", page.t("ending-won")),
            Choice::new("lost", page.t("ending-lost")),
        ]
    }

    /// Types that a stage is usually reported as.
    const fn events() -> &'static [&'static str] {
        &["lead", "qualified_lead", "demo", "meeting", "trial", "opportunity", "sale"]
    }

    fn sample_views() -> Vec<Self> {
        let row = |place: &str, name: &str, ending: &str, event: &str| StageRow {
            place: Field::of(place),
            name: Field::of(name),
            ending: Field::of(ending),
            event: Field::of(event),
        };
        let first = Self {
            taken: false,
            protection_days: Field::of("90"),
            protected: Field::of("refuse"),
            customer: Field::of("refuse"),
            lapses: Field::default(),
            opportunity: Field::of("review"),
            stages: vec![
                row("1", "lead", "open", ""),
                row("2", "qualified", "open", "qualified_lead"),
                row("3", "meeting", "open", ""),
                row("4", "proposal", "open", ""),
                row("5", "won", "won", "sale"),
                row("6", "lost", "lost", ""),
                StageRow::default(),
                StageRow::default(),
            ],
            pipeline: Field::default(),
        };
        let mut wrong = Self {
            taken: true,
            protection_days: Field::wrong("9999", "out_of_range"),
            lapses: Field::wrong("aldrig", "whole_number"),
            pipeline: Field::wrong("", "stage_missing"),
            ..first.clone()
        };
        wrong.stages[0].name = Field::wrong("første_møde", "malformed");
        wrong.stages[1].place = Field::wrong("to", "whole_number");
        wrong.stages[2].name = Field::wrong("proposal", "duplicate");
        wrong.stages[5].event = Field::wrong("sale", "lost_pays");
        vec![first, wrong]
    }
}

view!(SettingsLeads, "settings-leads", ManagerAccess, "pages/settings_leads.html", section: ManagerSection::Settings);
