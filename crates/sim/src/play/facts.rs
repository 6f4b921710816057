//! Reports, refunds and corrections, as the advertisers' systems send them.

use tributary_app::AppError;
use tributary_app::conversion::{
    AdjustmentKind, CorrectConversion, RefundConversion, ReportConversion, ReportOutcome,
    correct_conversion, refund_conversion, report_conversions,
};
use tributary_kernel::{Timestamp, limits};
use tributary_money::Money;

use super::Player;
use crate::cast::PROGRAMS;
use crate::year::{Change, Clue, PlannedAdjustment, ReportKey};

const UNKNOWN_CODE: &str = "GAMMELKODE";

impl Player<'_> {
    /// All reports sent before `end`: those of one connection in their order.
    pub(super) async fn report_until(&mut self, end: Timestamp) -> Result<(), AppError> {
        let first = self.sent_reports;
        let sent = self.year.reports[first..].iter().take_while(|it| it.sent_at < end).count();
        self.sent_reports += sent;
        for program in 0..PROGRAMS.len() {
            for second in [false, true] {
                let keys: Vec<ReportKey> = (first..first + sent)
                    .filter(|key| {
                        let it = &self.year.reports[*key];
                        (it.program, it.second_source) == (program, second)
                    })
                    .collect();
                for keys in keys.chunks(limits::CONVERSIONS_PER_REQUEST_MAX) {
                    self.report(program, second, keys).await?;
                }
            }
        }
        Ok(())
    }

    async fn report(
        &mut self,
        program: usize,
        second: bool,
        keys: &[ReportKey],
    ) -> Result<(), AppError> {
        let reports: Vec<ReportConversion> =
            keys.iter().map(|key| self.as_reported(*key)).collect();
        let by = &self.owned[program].reporters[usize::from(second)];
        let outcomes = report_conversions(self.app, by, reports).await?;
        for (key, outcome) in keys.iter().zip(outcomes) {
            match outcome {
                ReportOutcome::Applied(id) => {
                    self.counts.conversions += 1;
                    self.conversions[*key] = Some(id);
                    let why = self.year.reports[*key].declined;
                    self.declined.extend(why.map(|why| (id, why)));
                }
                ReportOutcome::Duplicate(_) => self.counts.duplicates += 1,
                ReportOutcome::Quarantined { .. } => self.counts.quarantined += 1,
                ReportOutcome::Failed(fault) => return Err(fault),
                ReportOutcome::Refused(refusal) => {
                    // Of all clues only a code that nobody has is refused.
                    if self.year.reports[*key].clue != Clue::UnknownCode {
                        return Err(refusal.into());
                    }
                    self.counts.refused += 1;
                }
            }
        }
        Ok(())
    }

    fn as_reported(&self, key: ReportKey) -> ReportConversion {
        let it = &self.year.reports[key];
        let cast = PROGRAMS[it.program];
        let money = |minor| Money::new(minor, cast.currency);
        let id = |key| self.edge.id(key).map(|id| id.to_string());
        let (mut click_id, mut code, mut via) = (None, None, None);
        match it.clue {
            Clue::None => {}
            Clue::Click(key) => click_id = id(key),
            Clue::Coupon { partner, click } => {
                code = cast.partners[partner].coupon.map(str::to_owned);
                click_id = click.and_then(id);
            }
            Clue::Named(partner) => via = Some(cast.partners[partner].code.to_owned()),
            Clue::UnknownCode => code = Some(UNKNOWN_CODE.to_owned()),
        }
        let gross = it.gross.unwrap_or(0);
        ReportConversion {
            program: Some(self.owned[it.program].program.id),
            kind: it.kind.to_owned(),
            order_id: it.order_id.clone(),
            occurred_at: Some(it.occurred_at),
            amount: it.gross.map(money),
            net_amount: it.net.map(money),
            quantity: Some(it.quantity),
            click_id,
            code,
            customer_id: it.customer.clone(),
            mail_key: None,
            lead: None,
            partner: None,
            via,
            delivery_key: Some(format!("{}/{}/{gross}", it.kind, it.order_id)),
            details: None,
        }
    }

    /// All refunds and corrections sent before `end`.
    pub(super) async fn adjust_until(&mut self, end: Timestamp) -> Result<(), AppError> {
        while let Some(it) = self.year.adjustments.get(self.sent_adjustments).cloned()
            && it.sent_at < end
        {
            self.sent_adjustments += 1;
            self.adjust(&it).await?;
        }
        Ok(())
    }

    async fn adjust(&mut self, it: &PlannedAdjustment) -> Result<(), AppError> {
        let report = &self.year.reports[it.report];
        let Some(conversion) = self.conversions[it.report] else {
            let detail = format!("{} is adjusted and was never applied", report.order_id);
            return Err(AppError::Corrupt(detail));
        };
        let currency = PROGRAMS[report.program].currency;
        let by = &self.owned[report.program].reporters[0];
        let money = |minor| Money::new(minor, currency);
        let (kind, amount) = match it.change {
            Change::Refund(part) => (AdjustmentKind::Refund, part),
            Change::Chargeback => (AdjustmentKind::Chargeback, None),
            Change::Correction(gross, net) => {
                let input = CorrectConversion {
                    conversion,
                    correction_id: format!("fix-{}", report.order_id),
                    amount: money(gross),
                    net_amount: Some(money(net)),
                };
                correct_conversion(self.app, by, input).await?;
                self.counts.corrections += 1;
                return Ok(());
            }
        };
        let input = RefundConversion {
            conversion,
            refund_id: format!("back-{}", report.order_id),
            amount: amount.map(money),
            kind,
            occurred_at: Some(it.sent_at),
        };
        refund_conversion(self.app, by, input).await?;
        self.counts.refunds += 1;
        Ok(())
    }
}
