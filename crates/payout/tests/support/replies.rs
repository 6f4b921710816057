//! Replies of a bank, written for the tests.

/// Reference, status, reason, amount.
pub(crate) fn pain002(transactions: &[(&str, &str, &str, &str)]) -> String {
    let mut items = String::new();
    for (index, (reference, status, reason, amount)) in transactions.iter().enumerate() {
        let reason = if reason.is_empty() {
            String::new()
        } else {
            format!(
                "<StsRsnInf><Rsn><Cd>{reason}</Cd></Rsn>\
                 <AddtlInf>Konto lukket &amp; sp&#230;rret</AddtlInf></StsRsnInf>"
            )
        };
        items.push_str(&format!(
            "<TxInfAndSts><StsId>S{index}</StsId><OrgnlInstrId>{reference}</OrgnlInstrId>\
             <OrgnlEndToEndId>{reference}</OrgnlEndToEndId><TxSts>{status}</TxSts>{reason}\
             <AcctSvcrRef>BANK-{index}</AcctSvcrRef>\
             <OrgnlTxRef><Amt><InstdAmt Ccy=\"DKK\">{amount}</InstdAmt></Amt></OrgnlTxRef>\
             </TxInfAndSts>"
        ));
    }
    document(
        "PART",
        &format!(
            "<OrgnlPmtInfAndSts><OrgnlPmtInfId>run-1-DKK1</OrgnlPmtInfId>\
         <PmtInfSts>PART</PmtInfSts>{items}</OrgnlPmtInfAndSts>"
        ),
        "",
    )
}

pub(crate) fn pain002_of_file(status: &str, reason: &str) -> String {
    document(status, "", &format!("<StsRsnInf><Rsn><Cd>{reason}</Cd></Rsn></StsRsnInf>"))
}

fn document(status: &str, groups: &str, reasons: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.002.001.10\"><CstmrPmtStsRpt>\
         <GrpHdr><MsgId>REP-1</MsgId><CreDtTm>2026-03-16T10:00:00</CreDtTm></GrpHdr>\
         <OrgnlGrpInfAndSts><OrgnlMsgId>run-1-DKK</OrgnlMsgId>\
         <OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId><GrpSts>{status}</GrpSts>{reasons}\
         </OrgnlGrpInfAndSts>{groups}</CstmrPmtStsRpt></Document>\n"
    )
}

/// An entry of a statement: amount in øre signed, and its XML after the amount.
pub(crate) struct Entry {
    minor: i64,
    amount: String,
    details: String,
}

impl Entry {
    pub(crate) fn paid(reference: &str, amount: &str) -> Self {
        Self::new(amount, -1, &transaction(reference, "Partner", ""))
    }

    pub(crate) fn returned(reference: &str, amount: &str, reason: &str) -> Self {
        let info = format!("<RtrInf><Rsn><Cd>{reason}</Cd></Rsn></RtrInf>");
        Self::new(amount, 1, &transaction(reference, "Partner", &info))
    }

    pub(crate) fn foreign(amount: &str) -> Self {
        Self::new(
            amount,
            1,
            "<NtryDtls><TxDtls><Refs><EndToEndId>INV-77</EndToEndId></Refs></TxDtls></NtryDtls>",
        )
    }

    pub(crate) fn batch(group: &str, amount: &str) -> Self {
        let batch = format!("<NtryDtls><Btch><PmtInfId>{group}</PmtInfId></Btch></NtryDtls>");
        Self::new(amount, -1, &batch)
    }

    pub(crate) fn to(mut self, name: &str) -> Self {
        self.details = self.details.replace("<Nm>Partner</Nm>", &format!("<Nm>{name}</Nm>"));
        self
    }

    fn new(amount: &str, sign: i64, details: &str) -> Self {
        let minor: i64 = amount.replace('.', "").parse().unwrap();
        Self { minor: minor * sign, amount: amount.to_owned(), details: details.to_owned() }
    }
}

fn transaction(reference: &str, name: &str, more: &str) -> String {
    format!(
        "<NtryDtls><TxDtls><Refs><EndToEndId>{reference}</EndToEndId></Refs>\
         <RltdPties><Cdtr><Pty><Nm>{name}</Nm></Pty></Cdtr></RltdPties>{more}</TxDtls></NtryDtls>"
    )
}

pub(crate) fn camt053(entries: &[Entry]) -> String {
    let opening = 5_000_000;
    let closing: i64 = opening + entries.iter().map(|it| it.minor).sum::<i64>();
    let mut items = String::new();
    for it in entries {
        let side = if it.minor < 0 { "DBIT" } else { "CRDT" };
        items.push_str(&format!(
            "<Ntry><Amt Ccy=\"DKK\">{}</Amt><CdtDbtInd>{side}</CdtDbtInd>\
             <Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-03-17</Dt></BookgDt>\
             <BkTxCd><Prtry><Cd>1</Cd></Prtry></BkTxCd>{}</Ntry>",
            it.amount, it.details
        ));
    }
    let balance = |code: &str, minor: i64| {
        let side = if minor < 0 { "DBIT" } else { "CRDT" };
        let (whole, cents) = (minor.abs() / 100, minor.abs() % 100);
        format!(
            "<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>\
             <Amt Ccy=\"DKK\">{whole}.{cents:02}</Amt><CdtDbtInd>{side}</CdtDbtInd>\
             <Dt><Dt>2026-03-17</Dt></Dt></Bal>"
        )
    };
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"><BkToCstmrStmt>\
         <GrpHdr><MsgId>S1</MsgId><CreDtTm>2026-03-18T06:00:00+01:00</CreDtTm></GrpHdr>\
         <Stmt><Id>2026-54</Id><CreDtTm>2026-03-18T06:00:00+01:00</CreDtTm>\
         <Acct><Id><IBAN>DK5000400440116243</IBAN></Id></Acct>{}{}{items}\
         <Ntry><Amt Ccy=\"DKK\">77.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>PDNG</Cd></Sts>\
         <BkTxCd><Prtry><Cd>1</Cd></Prtry></BkTxCd></Ntry></Stmt></BkToCstmrStmt></Document>\n",
        balance("OPBD", opening),
        balance("CLBD", closing)
    )
}

pub(crate) fn camt053_version_2(reference: &str, amount: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <ns:Document xmlns:ns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.02\">\
         <ns:BkToCstmrStmt><ns:GrpHdr><ns:MsgId>S1</ns:MsgId>\
         <ns:CreDtTm>2026-03-18T06:00:00</ns:CreDtTm></ns:GrpHdr><ns:Stmt><ns:Id>54</ns:Id>\
         <ns:CreDtTm>2026-03-18T06:00:00</ns:CreDtTm>\
         <ns:Acct><ns:Id><ns:Othr><ns:Id>00400440116243</ns:Id></ns:Othr></ns:Id></ns:Acct>\
         <ns:Bal><ns:Tp><ns:CdOrPrtry><ns:Cd>CLBD</ns:Cd></ns:CdOrPrtry></ns:Tp>\
         <ns:Amt Ccy=\"DKK\">1.00000</ns:Amt><ns:CdtDbtInd>DBIT</ns:CdtDbtInd>\
         <ns:Dt><ns:Dt>2026-03-17</ns:Dt></ns:Dt></ns:Bal>\
         <ns:Ntry><ns:Amt Ccy=\"DKK\">{amount}</ns:Amt><ns:CdtDbtInd>DBIT</ns:CdtDbtInd>\
         <ns:Sts>BOOK</ns:Sts><ns:BookgDt><ns:DtTm>2026-03-17T23:30:00+01:00</ns:DtTm></ns:BookgDt>\
         <ns:BkTxCd><ns:Prtry><ns:Cd>1</ns:Cd></ns:Prtry></ns:BkTxCd>\
         <ns:NtryDtls><ns:TxDtls><ns:Refs><ns:EndToEndId>{reference}</ns:EndToEndId></ns:Refs>\
         <ns:RltdPties><ns:Cdtr><ns:Nm>Partner 1</ns:Nm></ns:Cdtr></ns:RltdPties>\
         </ns:TxDtls></ns:NtryDtls></ns:Ntry></ns:Stmt></ns:BkToCstmrStmt></ns:Document>"
    )
}
