use std::io::Write as _;
use std::process::ExitCode;

use clap::Args;
use serde_json::{Value, json};
use tributary_app::explain::{
    ExplainedCommission, WhyNothing, explain_commission, explain_conversion,
};
use tributary_directory::Actor;
use tributary_kernel::{CommissionId, ConversionId};

use crate::Failure;
use crate::config::Config;

/// `tributary explain`.
#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// A commission (com_…) or a conversion (conv_…).
    id: String,
}

impl Explain {
    /// Prints the explanation as JSON, the same typed data that pages put into words.
    pub(crate) async fn run(self, config: &Config) -> Result<ExitCode, Failure> {
        let app = crate::open::app(config).await?;
        let actor = Actor::System { job: "command_line" };
        let told = if let Ok(id) = self.id.parse::<CommissionId>() {
            commission(&explain_commission(&app, &actor, id).await?)
        } else {
            let id: ConversionId = self
                .id
                .parse()
                .map_err(|_| "give the id of a commission (com_…) or a conversion (conv_…)")?;
            let it = explain_conversion(&app, &actor, id).await?;
            let nothing = it.nothing.as_ref().map(|nothing| match nothing {
                WhyNothing::NoPlan => json!("no_plan"),
                WhyNothing::NotPaid(explanation) => json!(explanation),
            });
            json!({
                "conversion": it.conversion.id,
                "type": it.conversion.kind,
                "order_id": it.conversion.reference,
                "occurred_at": it.conversion.occurred_at,
                "amount": it.conversion.amount,
                "status": it.conversion.status,
                "credit": it.credit,
                "commissions": it.commissions.iter().map(commission).collect::<Vec<_>>(),
                "not_paid": nothing,
            })
        };
        // Whoever reads it may have seen enough: a closed pipe is no fault.
        match writeln!(std::io::stdout(), "{}", serde_json::to_string_pretty(&told)?) {
            Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
            _ => Ok(ExitCode::SUCCESS),
        }
    }
}

fn commission(it: &ExplainedCommission) -> Value {
    let transfers: Vec<Value> = it
        .transfers
        .iter()
        .map(|it| {
            json!({
                "transfer": it.id, "seq": it.seq, "kind": it.kind, "amount": it.amount,
                "reason": it.reason, "booked_at": it.booked_at,
            })
        })
        .collect();
    let payout = it.payout.as_ref().map(|it| {
        json!({
            "payout": it.id, "state": it.state, "amount": it.amount, "pay_on": it.pay_on,
            "paid_at": it.paid_at,
        })
    });
    json!({
        "commission": it.commission.id,
        "partner": it.commission.partner,
        "state": it.commission.state,
        "amount": it.commission.amount,
        "reversed": it.commission.reversed_amount,
        "due_at": it.commission.due_at,
        "explanation": it.explanation,
        "transfers": transfers,
        "payout": payout,
    })
}
