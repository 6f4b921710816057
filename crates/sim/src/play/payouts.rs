//! Bank details, payout runs, and what the bank does with them.

use tributary_app::AppError;
use tributary_app::payout::{
    ApproveRun, GiveBankDetails, HolderForm, PutPayerAccount, approve_run, give_bank_details,
    mark_paid, mark_sent, preview_run, put_payer_account,
};
use tributary_kernel::PayoutRunId;

use super::{Owned, Player};
use crate::cast::{Account, Fate, PROGRAMS, ProgramCast, town};

impl Player<'_> {
    /// The account that a program's payouts leave.
    pub(super) async fn put_payer(
        &self,
        cast: &ProgramCast,
        owned: &Owned,
    ) -> Result<(), AppError> {
        let Some(account) = cast.payer.form() else { return Ok(()) };
        let input = PutPayerAccount {
            owner: owned.owner,
            currency: cast.currency,
            account,
            holder: holder(cast.organisation, cast.country, 0),
            bic: None,
            number_at_bank: None,
        };
        put_payer_account(self.app, &owned.administrator, input).await?;
        Ok(())
    }

    pub(super) async fn give_bank(&self, program: usize, place: usize) -> Result<(), AppError> {
        self.give(program, place, PROGRAMS[program].partners[place].account).await
    }

    pub(super) async fn change_bank(&self, program: usize, place: usize) -> Result<(), AppError> {
        match PROGRAMS[program].partners[place].fate {
            Fate::ChangesBank(account) => self.give(program, place, account).await,
            _ => Ok(()),
        }
    }

    async fn give(&self, program: usize, place: usize, account: Account) -> Result<(), AppError> {
        let cast = &PROGRAMS[program].partners[place];
        let member = self.owned[program].partners[place].as_ref();
        let Some((member, account)) = member.zip(account.form()) else { return Ok(()) };
        let holder = holder(cast.name, cast.country, place);
        let input = GiveBankDetails { partner: member.partner, account, holder };
        give_bank_details(self.app, &member.actor, input).await?;
        Ok(())
    }

    /// The run for a program's next pay day, looked at and approved by who may pay.
    pub(super) async fn run(&mut self, program: usize) -> Result<(), AppError> {
        let owned = &self.owned[program];
        let (owner, id, by) = (owned.owner, owned.program.id, &owned.administrator);
        let preview = preview_run(self.app, by, owner, id, None).await?;
        if preview.payouts.is_empty() {
            return Ok(());
        }
        let input = ApproveRun { owner, program: id, pay_on: None, seen: preview.seen };
        let approved = approve_run(self.app, by, input).await?;
        self.counts.runs += 1;
        self.counts.payouts += approved.payouts.len() as u64;
        let run = Run { id: approved.run.id, payouts: approved.payouts.len() as u64 };
        self.owned[program].unpaid = Some(run);
        Ok(())
    }

    /// The run's file goes to the bank.
    pub(super) async fn send(&self, program: usize) -> Result<(), AppError> {
        let owned = &self.owned[program];
        if let Some(run) = &owned.unpaid {
            mark_sent(self.app, &owned.administrator, owned.owner, run.id).await?;
        }
        Ok(())
    }

    /// The bank has paid the run.
    pub(super) async fn settle(&mut self, program: usize) -> Result<(), AppError> {
        let owned = &mut self.owned[program];
        if let Some(run) = owned.unpaid.take() {
            mark_paid(self.app, &owned.administrator, owned.owner, run.id).await?;
            self.counts.paid += run.payouts;
        }
        Ok(())
    }
}

/// A run that the bank has not executed.
#[derive(Debug)]
pub(super) struct Run {
    id: PayoutRunId,
    payouts: u64,
}

fn holder(name: &str, country: &str, place: usize) -> HolderForm {
    HolderForm {
        name: name.to_owned(),
        town: town(country, place).to_owned(),
        country: country.to_owned(),
        ..HolderForm::default()
    }
}
