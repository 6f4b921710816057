//! `docs/attribution.md` is run: every example in it is what the code says.

#![expect(clippy::unwrap_used, reason = "a test ends where its input is wrong")]

use std::collections::BTreeSet;

use tributary_attribution::paths::{
    Game, HeuristicModel, Method, PathRow, Paths, heuristic, markov, shapley,
};
use tributary_attribution::{
    Against, ClickRef, CreditKey, Fitted, Journey, JourneyTouch, Milestones, Model, Policy,
    Promoter, Standing, TouchVerdict, WeightsDraft, credit,
};
use tributary_kernel::{LocalDate, PartnerId, PartnershipId, Timestamp, UserId, Zone};
use tributary_money::Share;

const DOCUMENT: &str = include_str!("../../../docs/attribution.md");
const OCCURRED: i64 = 100;

fn day(text: &str) -> Timestamp {
    Timestamp::from_microsecond(text.parse::<i64>().unwrap() * 86_400_000_000)
}

/// The lines of each block that is fenced with this name.
fn blocks(name: &str) -> Vec<Vec<&'static str>> {
    let fence = format!("```{name}\n");
    let blocks = DOCUMENT.split(&*fence).skip(1);
    blocks.map(|rest| rest.split_once("```").unwrap().0.lines().collect()).collect()
}

fn partner(name: &str) -> PartnershipId {
    PartnershipId::from_bytes([name.as_bytes()[0]; 16])
}

fn touch((number, word): (u8, &str)) -> JourneyTouch {
    let (who, at) = word.split_once('@').unwrap();
    let id = [number; 16];
    if who.len() > 1 {
        return JourneyTouch::visit(id, day(at), who.parse().unwrap());
    }
    let promoter = Promoter {
        partnership: partner(who),
        partner: PartnerId::from_bytes([1; 16]),
        standing: Standing::Active,
    };
    JourneyTouch::click(ClickRef::from_bytes(id), day(at), promoter)
}

/// A policy and milestones from words like `position_w lead=86`.
fn rules(line: &str) -> (Policy, Milestones) {
    let mut words = line.split(' ');
    let model: Model = words.next().unwrap().parse().unwrap();
    let (mut policy, mut stages) = (Policy { model, ..Policy::default() }, Milestones::default());
    let mut weights = std::collections::BTreeMap::new();
    for word in words {
        let (name, value) = word.split_once('=').unwrap();
        match name {
            "against" => policy.against = Against::Channels([value.parse().unwrap()].into()),
            "lead" => stages.lead_at = Some(day(value)),
            "opportunity" => stages.opportunity_at = Some(day(value)),
            "half_life_days" => policy.settings.half_life_days = value.parse().unwrap(),
            "floor" => {
                policy.settings.partner_floor = Share::new(value.parse().unwrap()).unwrap();
            }
            who => {
                let key = CreditKey::Partnership(partner(who));
                weights.insert(key, value.parse().unwrap());
            }
        }
    }
    if !weights.is_empty() {
        let (from, to) = (LocalDate::from_days(0), LocalDate::from_days(1));
        let fitted_by = Fitted::Markov1;
        let draft = WeightsDraft { fitted_by, from, to, version: 1, weights, unlisted: 0 };
        policy.table = Some(draft.publish(UserId::from_bytes([1; 16]), day("2")).unwrap());
    }
    (policy, stages)
}

#[test]
fn examples_of_every_model_that_pays() {
    let mut met = BTreeSet::new();
    for block in blocks("credit") {
        let [line, touches, expected] = block[..] else { panic!("{block:?}") };
        let (policy, stages) = rules(line);
        met.insert(policy.model);
        let touches = (1u8..).zip(touches.split(' ')).map(touch).collect();
        let journey = Journey::new(touches).with_milestones(stages);
        let answer = credit(&journey, day(&OCCURRED.to_string()), &policy, &Zone::utc());
        let told = answer.verdicts.iter().map(|verdict| match verdict {
            TouchVerdict::Credited { share } => share.get().to_string(),
            TouchVerdict::ChannelCredited { share } => format!("[{}]", share.get()),
            other => other.code().to_owned(),
        });
        assert_eq!(told.collect::<Vec<_>>().join(" "), expected, "{line}");
    }
    assert_eq!(met, Model::ALL.iter().copied().collect(), "every model has an example");
}

fn paths() -> Paths {
    let row = |line: &&'static str| {
        let cells: Vec<&str> = line.split(", ").collect();
        let number = |at: usize| cells[at].parse().unwrap();
        PathRow {
            path: cells[0].split(" > ").collect(),
            conversions: number(1),
            value: cells[2].parse().unwrap(),
            nulls: number(3),
        }
    };
    Paths::new(blocks("paths")[0].iter().map(row)).unwrap()
}

#[test]
fn figures_of_every_report() {
    let paths = paths();
    let mut met = BTreeSet::new();
    for line in blocks("report").concat() {
        let (name, figures) = line.split_once(": ").unwrap();
        let model = name.split(' ').next().unwrap();
        met.insert(model);
        let report = match model {
            "markov" => markov(&paths, name[7..].parse().unwrap()).unwrap().channels,
            "shapley_set" => shapley(&paths, Game::Set, Method::Exact).unwrap().channels,
            "shapley_rate" => shapley(&paths, Game::Rate, Method::Exact).unwrap().channels,
            other => heuristic(&paths, other.parse::<HeuristicModel>().unwrap()),
        };
        let rounded = |figure: f64| {
            let text = format!("{figure:.9}");
            if text.contains('.') {
                text.trim_end_matches('0').trim_end_matches('.').to_owned()
            } else {
                text
            }
        };
        let told: Vec<_> = report.iter().map(|channel| rounded(channel.conversions)).collect();
        let figures: Vec<_> =
            figures.split(' ').map(|figure| rounded(figure.parse().unwrap())).collect();
        assert_eq!(told, figures, "{name}");
    }
    assert_eq!(met.len(), HeuristicModel::ALL.len() + 3, "every report has its figures");
}
