//! How far a deal came.

use tributary_kernel::{FieldError, Refusal, Timestamp, text_enum};

/// Stages of one pipeline.
pub const PIPELINE_STAGES_MAX: usize = 30;

text_enum! {
    /// How a stage ends a deal, if it does.
    pub enum Ending {
        /// The deal is open.
        Open = "open",
        /// Bought.
        Won = "won",
        /// Not bought.
        Lost = "lost",
    }
}

/// A stage of a pipeline.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    /// Its stable name in `snake_case`; a plan pays at it by this name.
    pub name: String,
    /// Whether it ends a deal.
    pub ending: Ending,
    /// The type of conversion that a deal is reported as when it comes here; none: nothing is
    /// reported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
}

/// A program's stages, in their order: open ones first, then at least one of each ending.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pipeline {
    /// The stages.
    pub stages: Vec<Stage>,
}

impl Default for Pipeline {
    /// Reported are the qualified lead and the sale: a plan's `once` counts a customer's leads of
    /// every type, so that what is only a step is better reported as nothing.
    fn default() -> Self {
        let stage = |name: &str, ending, event: Option<&str>| {
            let event = event.map(str::to_owned);
            Stage { name: name.to_owned(), ending, event }
        };
        Self {
            stages: vec![
                stage("lead", Ending::Open, None),
                stage("qualified", Ending::Open, Some("qualified_lead")),
                stage("meeting", Ending::Open, None),
                stage("proposal", Ending::Open, None),
                stage("won", Ending::Won, Some("sale")),
                stage("lost", Ending::Lost, None),
            ],
        }
    }
}

impl Pipeline {
    /// What is wrong with it.
    #[must_use]
    pub fn errors(&self) -> Vec<FieldError> {
        let mut errors = Vec::new();
        if self.stages.len() > PIPELINE_STAGES_MAX {
            let detail = format!("A pipeline has at most {PIPELINE_STAGES_MAX} stages.");
            errors.push(FieldError::new("/stages", "too_many", detail));
        }
        for ending in Ending::ALL {
            if !self.stages.iter().any(|stage| stage.ending == *ending) {
                let detail = format!("A pipeline has a stage that is {ending}.");
                errors.push(FieldError::new("/stages", "missing", detail));
            }
        }
        for (index, stage) in self.stages.iter().enumerate() {
            let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
            if stage.name.is_empty() || !stage.name.bytes().all(allowed) {
                let detail = "A stage's name is of a-z, 0-9 and _.";
                errors.push(FieldError::new(format!("/stages/{index}/name"), "malformed", detail));
            }
            if self.stages[..index].iter().any(|earlier| earlier.name == stage.name) {
                let detail = "Two stages have this name.";
                errors.push(FieldError::new(format!("/stages/{index}/name"), "duplicate", detail));
            }
        }
        errors
    }

    /// A stage by its name.
    #[must_use]
    pub fn stage(&self, name: &str) -> Option<&Stage> {
        self.stages.iter().find(|stage| stage.name == name)
    }

    fn place(&self, name: &str) -> Option<usize> {
        self.stages.iter().position(|stage| stage.name == name)
    }
}

/// One step of a deal.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Move {
    /// The stage it came to.
    pub stage: String,
    /// When.
    pub at: Timestamp,
    /// Why: needed where a deal is lost, or opened again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// A deal's way through a pipeline: appended to, never edited.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Progress {
    moves: Vec<Move>,
}

impl Progress {
    /// Steps that were taken before, first to last.
    #[must_use]
    pub const fn of(moves: Vec<Move>) -> Self {
        Self { moves }
    }

    /// The steps, first to last.
    #[must_use]
    pub fn moves(&self) -> &[Move] {
        &self.moves
    }

    /// Where it stands; none before the first step.
    #[must_use]
    pub fn stage(&self) -> Option<&str> {
        self.moves.last().map(|step| step.stage.as_str())
    }

    /// When it first came to a stage.
    #[must_use]
    pub fn first_at(&self, stage: &str) -> Option<Timestamp> {
        self.moves.iter().find(|step| step.stage == stage).map(|step| step.at)
    }

    /// Takes a step, and names the stages it pays for: those that the deal comes to for the first
    /// time, skipped open ones before it included, so that a deal imported as won passes each stage
    /// once. A lost deal passes only the lost stage. The stage it is at already is no step.
    ///
    /// # Errors
    /// A refusal when the stage is unknown, the step is before the last one, or a reason is missing.
    pub fn advance(&mut self, pipeline: &Pipeline, step: Move) -> Result<Vec<String>, Refusal> {
        let refused = |pointer: &'static str, code, detail: String| {
            Err(Refusal::invalid(vec![FieldError::new(pointer, code, detail)]))
        };
        let Some(place) = pipeline.place(&step.stage) else {
            let detail = format!("There is no stage {:?}.", step.stage);
            return refused("/stage", "unknown_stage", detail);
        };
        let ending = pipeline.stages[place].ending;
        let last = self.moves.last();
        if let Some(last) = last {
            if last.stage == step.stage {
                return Ok(Vec::new());
            }
            if step.at < last.at {
                let detail = format!("The deal came to {} after that, at {}.", last.stage, last.at);
                return refused("/at", "before_last_step", detail);
            }
        }
        let closed = last
            .and_then(|last| pipeline.place(&last.stage))
            .is_some_and(|place| pipeline.stages[place].ending != Ending::Open);
        let reason = step.reason.as_deref().is_some_and(|reason| !reason.trim().is_empty());
        if (ending == Ending::Lost || closed) && !reason {
            let detail = "Say why: the deal is lost, or is opened again.".to_owned();
            return refused("/reason", "missing", detail);
        }
        let passed = pipeline.stages[..place].iter().filter(|it| it.ending == Ending::Open);
        let passed = passed.filter(|_| ending != Ending::Lost);
        let fresh = passed
            .chain([&pipeline.stages[place]])
            .filter(|stage| !self.passed(pipeline, &stage.name))
            .map(|stage| stage.name.clone())
            .collect();
        self.moves.push(step);
        Ok(fresh)
    }

    /// Whether a step came to a stage or, going on, past it: what a plan pays there is reported.
    #[must_use]
    pub fn passed(&self, pipeline: &Pipeline, name: &str) -> bool {
        let Some(wanted) = pipeline.place(name) else { return false };
        self.moves.iter().filter_map(|step| pipeline.place(&step.stage)).any(|place| {
            let (stage, sought) = (&pipeline.stages[place], &pipeline.stages[wanted]);
            let beyond = place > wanted && sought.ending == Ending::Open;
            place == wanted || beyond && stage.ending != Ending::Lost
        })
    }
}

text_enum! {
    /// Whether a lead is worth the sales people's time.
    pub enum Qualification {
        /// Nobody has looked.
        New = "new",
        /// Contact was sought; no answer yet.
        Contacted = "contacted",
        /// Yes.
        Qualified = "qualified",
        /// No.
        Disqualified = "disqualified",
    }
}

text_enum! {
    /// Who or what qualified.
    pub enum Method {
        /// A person, by a call list.
        Person = "person",
        /// A rule of the program.
        Rule = "rule",
        /// Another system told.
        Outside = "outside",
    }
}

text_enum! {
    /// How good a lead is. Plans pay by it.
    pub enum Grade {
        /// The best.
        A = "a",
        /// Good.
        B = "b",
        /// Fair.
        C = "c",
        /// Poor.
        D = "d",
    }
}

impl Qualification {
    /// Whether this may become that. A judgement may be changed by a person only; nothing goes back
    /// to new.
    #[must_use]
    pub fn may_become(self, next: Self, by: Method) -> bool {
        match (self, next) {
            (_, Self::New) => false,
            (Self::New | Self::Contacted, _) => self != next,
            (Self::Qualified, Self::Disqualified) | (Self::Disqualified, Self::Qualified) => {
                by == Method::Person
            }
            _ => false,
        }
    }
}
