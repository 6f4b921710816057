use std::path::PathBuf;
use std::process::ExitCode;

use clap::{ArgGroup, Args};
use serde_json::{Value, json};
use tributary_app::conversion::{ComparedLine, OtherPlan, Simulate, Simulation, simulate};
use tributary_directory::Actor;
use tributary_kernel::{ConversionId, LocalDate, PlanId, ProgramId};
use tributary_store::program;

use crate::Failure;
use crate::config::Config;

/// `tributary simulate`.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("other").required(true))]
pub(crate) struct SimulatePlan {
    /// The program (prog_…).
    program: ProgramId,
    /// A draft of a plan.
    #[arg(long, group = "other")]
    plan: Option<PathBuf>,
    /// A ready plan, as `hubspot`.
    #[arg(long, group = "other")]
    ready: Option<String>,
    /// A version of the program's plan (plan_…).
    #[arg(long, group = "other")]
    version: Option<PlanId>,
    /// First day, in the program's zone.
    #[arg(long)]
    from: LocalDate,
    /// Last day.
    #[arg(long)]
    until: LocalDate,
    /// One conversion of the period to be explained under both plans (conv_…).
    #[arg(long)]
    conversion: Option<ConversionId>,
}

impl SimulatePlan {
    /// Prints as JSON what the period's conversions cost and would have cost. Nothing is written.
    pub(crate) async fn run(self, config: &Config) -> Result<ExitCode, Failure> {
        let plan = match (self.plan, self.ready, self.version) {
            (Some(file), ..) => {
                let bytes = std::fs::read(&file);
                OtherPlan::Document(bytes.map_err(|it| format!("{}: {it}", file.display()))?)
            }
            (_, Some(name), _) => OtherPlan::Ready(name),
            (.., Some(id)) => OtherPlan::Version(id),
            _ => return Err("give one of --plan, --ready and --version".into()),
        };
        let app = crate::open::app(config).await?;
        let mut conn = app.record.read().await?;
        let found = program::by_ids(&mut *conn, &[self.program]).await?.into_iter().next();
        drop(conn);
        let owner = found.ok_or_else(|| format!("there is no program {}", self.program))?.owner;
        let input = Simulate {
            owner,
            program: self.program,
            plan,
            from: self.from,
            until: self.until,
            explain: self.conversion,
            conversions_max: None,
        };
        let actor = Actor::System { job: "command_line" };
        let found = simulate(&app, &actor, input).await?;
        println!("{}", serde_json::to_string_pretty(&told(&found))?);
        Ok(ExitCode::SUCCESS)
    }
}

fn told(it: &Simulation) -> Value {
    let money = |minor| it.money(minor);
    let (each_now, each_then) = it.per_customer().unzip();
    let partners = it.partners.iter().map(|partner| {
        json!({
            "partner": partner.partner, "name": partner.name, "now": money(partner.now),
            "then": money(partner.then), "change": money(partner.change()),
        })
    });
    let unpriced = it.left_out.unpriced.iter().map(
        |it| json!({ "code": it.code, "field": it.pointer, "count": it.count, "first": it.first }),
    );
    let line = |it: &ComparedLine| {
        json!({
            "partnership": it.partnership, "amount": it.amount, "raised": money(it.raised),
            "explanation": it.explanation,
        })
    };
    let compared = it.compared.as_ref().map(|it| {
        let now = it.now.as_ref().map(|it| it.commissions.iter());
        let now = now.into_iter().flatten().map(|it| {
            json!({ "commission": it.commission.id, "amount": it.commission.amount,
                    "explanation": it.explanation })
        });
        json!({
            "conversion": it.conversion, "now": now.collect::<Vec<_>>(),
            "then": it.then.iter().map(line).collect::<Vec<_>>(), "then_nothing": it.nothing,
        })
    });
    json!({
        "plan": it.plan_name, "hash": it.plan_hash.to_string(), "from": it.from, "until": it.until,
        "counted_since": it.counted_since,
        "warnings": it.warnings.iter().map(|it| json!({ "at": it.pointer, "code": it.code }))
            .collect::<Vec<_>>(),
        "conversions": it.conversions, "new_customers": it.customers, "revenue": money(it.revenue),
        "now": { "commission": money(it.now), "paid": it.paid_now,
                 "per_customer": each_now.map(money) },
        "then": { "commission": money(it.then), "paid": it.paid_then,
                  "per_customer": each_then.map(money) },
        "winners": it.winners().count(), "losers": it.losers().count(),
        "partners": partners.collect::<Vec<_>>(),
        "left_out": { "held": it.left_out.held, "unpriced": unpriced.collect::<Vec<_>>() },
        "compared": compared,
    })
}
