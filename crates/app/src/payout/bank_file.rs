use tributary_directory::{Actor, Permission};
use tributary_kernel::{FieldError, OrganisationId, PayoutRunId, Refusal, RefusalKind};
use tributary_money::Currency;
use tributary_payout::pain001::{
    Payer, Payment, PaymentFile, end_to_end_id, message_id, write_payment_file,
};
use tributary_store::payout::{self, StoredBankFile, StoredPayout, StoredRun};

use super::planned::Planned;
use crate::secrets::sha256;
use crate::{App, AppError};

/// How an approved run's money leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RunFile {
    /// A file was made for the bank.
    Made {
        /// Its name.
        name: String,
        /// In which profile.
        profile: String,
        /// SHA-256 of its bytes.
        hash: [u8; 32],
    },
    /// No bank file of ours pays this currency: pay by hand, from the table of payouts.
    ByHand {
        /// Which currency.
        currency: Currency,
    },
}

/// A file made for a bank.
#[derive(Clone, PartialEq, Eq)]
pub struct BankFile {
    /// File name.
    pub name: String,
    /// In which profile.
    pub profile: String,
    /// The bytes, as they were made.
    pub content: Vec<u8>,
    /// SHA-256 of them.
    pub hash: [u8; 32],
}

impl std::fmt::Debug for BankFile {
    /// Without the bytes: they hold account numbers.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BankFile").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Writes the file of a run; none for a currency that is paid by hand.
///
/// # Errors
/// `payer_account_missing` at `/payer_account`, or what a bank would not take, by payment.
pub(super) fn write(
    planned: &Planned,
    run: &StoredRun,
    payouts: &[StoredPayout],
) -> Result<Option<StoredBankFile>, AppError> {
    let Some(profile) = planned.profile else { return Ok(None) };
    let Some(payer) = &planned.payer else {
        let detail = format!("Set the account that {} is paid from first.", run.currency);
        return Err(FieldError::new("/payer_account", "payer_account_missing", detail).into());
    };
    let payments = payouts.iter().map(|it| {
        let (_, details) = &planned.details[&it.partner];
        Payment {
            payout: it.id,
            amount: it.amount,
            account: details.account.clone(),
            payee: details.party.clone(),
            // Banks may show the beginning alone, so the reference stands first.
            message: format!("{} {}", end_to_end_id(it.id), planned.program.terms.name),
        }
    });
    let file = PaymentFile {
        run: run.id,
        created_at: run.created_at,
        execution_date: run.pay_on,
        payer: Payer {
            party: payer.party.clone(),
            account: payer.account.clone(),
            bic: payer.bic.clone(),
            number_at_bank: payer.number_at_bank.clone(),
        },
        payments: payments.collect(),
    };
    let content = write_payment_file(profile, &file).map_err(not_written)?;
    Ok(Some(StoredBankFile {
        owner: run.owner,
        run: run.id,
        profile: profile.name.to_owned(),
        name: format!("{}.xml", message_id(run.id, run.currency)),
        hash: sha256(&content),
        content,
        created_at: run.created_at,
    }))
}

fn not_written(refusal: Refusal) -> AppError {
    let detail = format!("The bank would not take this run: {}", refusal.detail);
    let kind = RefusalKind::Conflict;
    Refusal { kind, code: "bank_file_refused", detail: detail.into(), errors: refusal.errors }
        .into()
}

/// The files of a run, to be handed to the bank. They are made once, at approval; every fetch gives
/// the same bytes and stands in the audit trail, as they hold account numbers.
///
/// # Errors
/// Without the right to pay; not found.
pub async fn fetch_bank_files(
    app: &App,
    actor: &Actor,
    owner: OrganisationId,
    run: PayoutRunId,
) -> Result<Vec<BankFile>, AppError> {
    actor.require(owner, Permission::Pay)?;
    let mut tx = app.record.begin().await?;
    if payout::find_run(&mut *tx, owner, run).await?.is_none() {
        return Err(Refusal::not_found("payout run").into());
    }
    let files = payout::bank_files(&mut *tx, owner, run).await?;
    let detail = serde_json::json!({ "files": files.len() });
    app.audit_in(&mut *tx, owner, actor, "bank_files.fetched", run, &detail).await?;
    tx.commit().await?;
    files.into_iter().map(checked).collect()
}

/// A file whose bytes are not those that were hashed goes to no bank.
fn checked(it: StoredBankFile) -> Result<BankFile, AppError> {
    if sha256(&it.content) != it.hash {
        return Err(AppError::Corrupt(format!("bank file {} does not have its hash", it.name)));
    }
    Ok(BankFile { name: it.name, profile: it.profile, content: it.content, hash: it.hash })
}
