use tributary_i18n::{AsArg, Language, Texts};
use tributary_kernel::LocalDate;
use tributary_payout::invoice::InvoiceWords;
use tributary_payout::tax::WithheldAmount;

/// The fixed words of a document.
pub(super) fn words(language: Language) -> InvoiceWords {
    let t = |key| Texts::get(language, key, &[]);
    InvoiceWords {
        invoice: t("invoice-title"),
        credit_note: t("credit-note-title"),
        number: t("invoice-number"),
        issued: t("invoice-issued"),
        due: t("invoice-due"),
        period: t("invoice-period"),
        seller: t("invoice-seller"),
        buyer: t("invoice-buyer"),
        vat_number: t("field-vat-number"),
        company_number: t("field-register-number"),
        reference: t("invoice-reference"),
        agreement: t("invoice-agreement"),
        corrects: t("invoice-corrects"),
        description: t("invoice-description"),
        amount: t("column-amount"),
        net: t("invoice-net"),
        vat: t("field-vat"),
        total: t("invoice-total"),
        reverse_charge: t("invoice-reverse-charge"),
        not_subject: t("invoice-not-subject"),
    }
}

/// What a line says.
pub(super) struct LineOf<'a> {
    pub(super) program: &'a str,
    pub(super) period: (LocalDate, LocalDate),
    pub(super) statement: &'a str,
}

/// What was earned.
pub(super) fn earned(language: Language, it: &LineOf<'_>) -> String {
    line(language, "invoice-line-earned", it)
}

/// What is taken off again.
pub(super) fn taken_back(language: Language, it: &LineOf<'_>) -> String {
    line(language, "invoice-line-taken-back", it)
}

fn line(language: Language, key: &str, it: &LineOf<'_>) -> String {
    let (from, to) = it.period;
    let period = language.date_range(from, to);
    let args = [
        ("program", it.program.as_arg()),
        ("period", period.as_str().as_arg()),
        ("statement", it.statement.as_arg()),
    ];
    Texts::get(language, key, &args)
}

/// The agreement that a document rests on.
pub(super) fn agreement(language: Language, on: LocalDate) -> String {
    let day = language.date(on);
    Texts::get(language, "invoice-agreement-of", &[("day", day.as_str().as_arg())])
}

/// What is withheld from the payment, and by which rule.
pub(super) fn withheld(language: Language, it: &WithheldAmount) -> String {
    let args = [
        ("amount", it.amount.as_arg()),
        ("rate", it.rate.as_arg()),
        ("rule", it.rule.as_str().as_arg()),
    ];
    Texts::get(language, "invoice-withheld", &args)
}
