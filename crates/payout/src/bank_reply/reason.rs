use std::fmt;

/// Why a bank refused or returned a payment: a code of ISO 20022's external code sets, or the
/// bank's own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// Code like `AC04`; empty when the bank gave none.
    pub code: String,
    /// What it added in words.
    pub text: Vec<String>,
}

tributary_kernel::text_enum! {
    /// What a reason is about, and so what is to be done.
    pub enum ReasonClass {
        /// The account cannot be paid to: wrong, closed, blocked, of another currency or kind. Its
        /// details need a person before they are used again.
        Account = "account",
        /// Name, address or identification of the payee.
        Payee = "payee",
        /// The amount or the payer's own funds.
        Funds = "funds",
        /// The file: format, duplicate, date, agreement. To be mended and sent again.
        File = "file",
        /// Law, sanctions, reporting.
        Regulatory = "regulatory",
        /// Somebody asked for it: payer, payee, or a bank.
        Requested = "requested",
        /// Nothing that is known here.
        Other = "other",
    }
}

impl Reason {
    /// What the code is about (codes of ExternalStatusReason1Code and ExternalReturnReason1Code).
    #[must_use]
    pub fn class(&self) -> ReasonClass {
        match self.code.as_str() {
            "AC01" | "AC02" | "AC03" | "AC04" | "AC05" | "AC06" | "AC07" | "AC09" | "AC10"
            | "AC11" | "AC12" | "AC13" | "AC14" | "AC15" | "AG01" | "RC01" | "RC03" | "RC04"
            | "RC07" | "RC08" | "RC11" | "MD07" | "AGNT" | "CNOR" | "DNOR" => ReasonClass::Account,
            "BE01" | "BE04" | "BE05" | "BE06" | "BE07" | "BE10" | "BE16" | "BE17" | "BE22"
            | "RR02" | "RR03" => ReasonClass::Payee,
            "AM01" | "AM02" | "AM03" | "AM04" | "AM06" | "AM07" | "AM09" | "AM12" | "AM14" => {
                ReasonClass::Funds
            }
            "AM05" | "AM10" | "AM18" | "DT01" | "DT02" | "DU01" | "DU02" | "DU03" | "DU04"
            | "DU05" | "FF01" | "FF03" | "FF05" | "FF10" | "CH03" | "CH07" | "CH15" | "CH16"
            | "CH20" | "DS04" | "DS0H" | "AG02" | "AG03" => ReasonClass::File,
            "RR01" | "RR04" | "RR05" | "RR06" | "RR07" | "RR08" | "RR09" | "RR10" | "RR11"
            | "RR12" => ReasonClass::Regulatory,
            "CUST" | "CUTA" | "FOCR" | "FRAD" | "TECH" | "UPAY" | "MS01" | "MS02" | "MS03"
            | "DUPL" => ReasonClass::Requested,
            _ => ReasonClass::Other,
        }
    }

    /// Whether the payee's bank details must be looked at before anything is paid to them again.
    #[must_use]
    pub fn holds_details(&self) -> bool {
        matches!(self.class(), ReasonClass::Account | ReasonClass::Payee)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.text.join("; ");
        match (self.code.as_str(), text.as_str()) {
            (code, "") => f.write_str(code),
            ("", text) => f.write_str(text),
            (code, text) => write!(f, "{code}: {text}"),
        }
    }
}
