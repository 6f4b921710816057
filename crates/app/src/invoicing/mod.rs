//! Invoices and credit notes that an owner writes for its partners (self-billing), with the VAT that
//! is paid with payouts.
//!
//! **Invariant.** A payout of a partner that has agreed to self-billing has exactly one invoice, made
//! in the transaction that makes the payout, with the VAT that the ledger books and the bank sends; a
//! payout that is cancelled or comes back has one credit note more, of all of it. Numbers of an
//! owner's series have no gap: they are taken under the owner's lock and written with the document.

mod agreement;
mod own;
mod read;
mod settings;
mod taxed;
mod words;
mod write;

pub use agreement::{
    AgreeSelfBilling, SelfBilling, agree_self_billing, end_self_billing, self_billing_for,
};
pub use own::{GiveOwnInvoice, give_own_invoice, own_invoice};
pub use read::{
    DocumentFile, DocumentForm, TaxDocumentFilter, find_tax_document, list_tax_documents,
    tax_document_file,
};
pub use settings::{Invoicing, PutInvoicing, invoicing, put_invoicing};
pub(crate) use taxed::{TaxDesk, Taxed};
pub use tributary_payout::invoice::TaxBlock;
pub use tributary_store::invoicing::{StoredPartnerInvoice, StoredTaxDocument, TaxDocumentKind};
pub(crate) use write::{Drawn, InvoiceOf, Writer, credit_in};
