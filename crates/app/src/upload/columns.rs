//! What columns are called, in four languages: a guess that a person looks at.

use std::collections::BTreeMap;

use tributary_store::upload::UploadKind;

use super::{Field, fields_of};

/// Names of columns, lower-case and without anything but letters and digits.
const NAMES: &[(Field, &[&str])] = &[
    (
        Field::OrderId,
        &[
            "orderid",
            "order",
            "orderno",
            "ordernumber",
            "ordernr",
            "orderref",
            "orderreference",
            "ordreid",
            "ordre",
            "ordrenr",
            "ordrenummer",
            "ordernummer",
            "bestillingsnummer",
            "bestillingsnr",
            "beställning",
            "beställningsnummer",
            "idpesanan",
            "pesanan",
            "nomorpesanan",
            "nopesanan",
            "invoice",
            "invoiceid",
            "invoiceno",
            "invoicenumber",
            "invoicenr",
            "faktura",
            "fakturanr",
            "fakturanummer",
            "faktur",
            "nomorfaktur",
            "nofaktur",
            "transactionid",
            "transaction",
            "transaktionsid",
            "transaktionid",
            "idtransaksi",
            "transaksi",
            "externalid",
            "reference",
            "referencenumber",
            "dealid",
            "leadid",
        ],
    ),
    (
        Field::Type,
        &[
            "type",
            "event",
            "eventtype",
            "conversiontype",
            "hændelse",
            "händelse",
            "typ",
            "tipe",
            "jenis",
            "konverteringstype",
            "konverteringstyp",
            "stage",
        ],
    ),
    (
        Field::OccurredAt,
        &[
            "occurredat",
            "date",
            "datetime",
            "time",
            "timestamp",
            "orderdate",
            "saledate",
            "createdat",
            "created",
            "paidat",
            "conversiondate",
            "refunddate",
            "stagedate",
            "dato",
            "tidspunkt",
            "ordredato",
            "salgsdato",
            "datum",
            "orderdatum",
            "köpdatum",
            "tid",
            "tanggal",
            "waktu",
            "tanggalpesanan",
            "closedate",
            "refundeddate",
            "refundedat",
        ],
    ),
    (
        Field::Amount,
        &[
            "amount",
            "total",
            "totalprice",
            "grossamount",
            "gross",
            "value",
            "ordervalue",
            "price",
            "revenue",
            "sum",
            "saleamount",
            "refundamount",
            "correctamount",
            "newamount",
            "beløb",
            "total",
            "totalbeløb",
            "brutto",
            "bruttobeløb",
            "pris",
            "ordreværdi",
            "omsætning",
            "belopp",
            "totalbelopp",
            "bruttobelopp",
            "summa",
            "ordervärde",
            "omsättning",
            "værdi",
            "värde",
            "jumlah",
            "nilai",
            "harga",
            "totalharga",
            "nilaipesanan",
            "dealvalue",
        ],
    ),
    (
        Field::NetAmount,
        &[
            "netamount",
            "net",
            "nettotal",
            "netvalue",
            "subtotal",
            "amountexvat",
            "exvat",
            "netto",
            "nettobeløb",
            "nettobelopp",
            "beløbexmoms",
            "beloppexmoms",
            "exmoms",
            "jumlahbersih",
            "bersih",
        ],
    ),
    (
        Field::Currency,
        &["currency", "currencycode", "valuta", "matauang", "valutakode", "valutakod"],
    ),
    (Field::Quantity, &["quantity", "qty", "antal", "items", "kuantitas", "jumlahbarang"]),
    (
        Field::CustomerId,
        &[
            "customerid",
            "customer",
            "customerno",
            "customernumber",
            "clientid",
            "userid",
            "accountid",
            "kundeid",
            "kunde",
            "kundenr",
            "kundenummer",
            "kundid",
            "kund",
            "kundnr",
            "kundnummer",
            "idpelanggan",
            "pelanggan",
            "nomorpelanggan",
        ],
    ),
    (
        Field::Email,
        &[
            "email",
            "mail",
            "emailaddress",
            "mailaddress",
            "customeremail",
            "epost",
            "epostadress",
            "mailadresse",
            "emailadresse",
            "surel",
            "alamatemail",
            "kundeemail",
            "kundemail",
        ],
    ),
    (
        Field::LeadOrderId,
        &[
            "leadorderid",
            "lead",
            "leadno",
            "leadnumber",
            "leadnr",
            "trialid",
            "signupid",
            "earlierorder",
            "originalorder",
        ],
    ),
    (
        Field::LeadId,
        &[
            "tributarylead",
            "tributaryleadid",
            "leadnummer",
            "leadnr",
            "lead",
            "idlead",
            "idprospek",
            "prospek",
        ],
    ),
    (
        Field::ClickId,
        &[
            "clickid",
            "click",
            "trib",
            "tributaryclick",
            "klikid",
            "klik",
            "klickid",
            "klick",
            "idklik",
        ],
    ),
    (
        Field::Code,
        &[
            "code",
            "coupon",
            "couponcode",
            "discountcode",
            "promocode",
            "voucher",
            "rabatkode",
            "kode",
            "kupon",
            "kuponkode",
            "rabattkod",
            "kod",
            "kupong",
            "kodekupon",
            "kodepromo",
            "kodediskon",
        ],
    ),
    (
        Field::Via,
        &[
            "via",
            "ref",
            "referral",
            "referralcode",
            "referrer",
            "henvisning",
            "hänvisning",
            "koderujukan",
            "rujukan",
        ],
    ),
    (Field::Partner, &["partner", "partnerid", "affiliate", "affiliateid", "mitra", "idmitra"]),
    (
        Field::CompanyId,
        &["companyid", "company", "firma", "virksomhed", "företag", "perusahaan", "idperusahaan"],
    ),
    (
        Field::CompanyNumber,
        &[
            "companyno",
            "registrationnumber",
            "vatnumber",
            "vatno",
            "vatid",
            "cvr",
            "cvrnr",
            "cvrnummer",
            "orgnr",
            "orgnummer",
            "organisationsnr",
            "organisationsnummer",
            "momsnr",
            "momsnummer",
            "npwp",
        ],
    ),
    (
        Field::CompanyDomain,
        &[
            "domain",
            "website",
            "companywebsite",
            "domæne",
            "hjemmeside",
            "domän",
            "webbplats",
            "hemsida",
            "domainperusahaan",
            "situsweb",
        ],
    ),
    (
        Field::Stage,
        &[
            "dealstage",
            "leadstage",
            "pipelinestage",
            "status",
            "fase",
            "trin",
            "stadie",
            "skede",
            "steg",
            "tahap",
            "tahapan",
        ],
    ),
    (
        Field::Reason,
        &[
            "lostreason",
            "lossreason",
            "reasonlost",
            "closedlostreason",
            "årsag",
            "tabsårsag",
            "begrundelse",
            "orsak",
            "förlustorsak",
            "alasan",
            "alasankalah",
        ],
    ),
    (Field::Grade, &["grade", "score", "leadgrade", "leadscore", "karakter", "betyg", "nilailead"]),
    (
        Field::CustomerCountry,
        &["customercountry", "country", "countrycode", "land", "landekode", "landskod", "negara"],
    ),
    (Field::CustomerSource, &["customersource", "source", "kilde", "källa", "sumber"]),
    (
        Field::RefundId,
        &[
            "refundid",
            "refund",
            "refundno",
            "refundnumber",
            "creditnote",
            "creditnoteid",
            "creditnotenumber",
            "kreditnota",
            "kreditnotanr",
            "kreditnotanummer",
            "kreditfaktura",
            "kreditfakturanummer",
            "kreditnotenr",
            "idpengembalian",
            "notakredit",
            "chargebackid",
            "refunderingsid",
            "returneringsid",
        ],
    ),
    (Field::RefundKind, &["refundkind", "kind", "refundtype", "jenispengembalian"]),
    (
        Field::CorrectionId,
        &["correctionid", "correction", "rettelsesid", "rättelseid", "idkoreksi"],
    ),
    (
        Field::DepartureId,
        &[
            "departureid",
            "departure",
            "cancellationid",
            "churnid",
            "opsigelsesid",
            "uppsägningsid",
            "idberhenti",
        ],
    ),
    (
        Field::LeftAt,
        &[
            "leftat",
            "left",
            "cancelledat",
            "cancelled",
            "canceled",
            "canceledat",
            "churndate",
            "enddate",
            "opsagt",
            "opsigelsesdato",
            "slutdato",
            "uppsagd",
            "uppsägningsdatum",
            "slutdatum",
            "date",
            "dato",
            "datum",
            "tanggal",
            "tanggalberhenti",
        ],
    ),
];

/// Which column is what, by its name; every column is one thing at most.
#[must_use]
pub fn guess_columns(kind: UploadKind, header: &[String]) -> BTreeMap<Field, u32> {
    let names: Vec<String> = header.iter().map(|it| bare(it)).collect();
    let mut found: BTreeMap<Field, u32> = BTreeMap::new();
    for field in fields_of(kind) {
        let Some((_, known)) = NAMES.iter().find(|(it, _)| it == field) else { continue };
        // The field's own name, then the others in the order of the list.
        let own = bare(field.as_str());
        let mut wanted = std::iter::once(own.as_str()).chain(known.iter().copied());
        let place = wanted.find_map(|name| {
            let free = |place: &usize| !found.values().any(|taken| *taken as usize == *place);
            names
                .iter()
                .enumerate()
                .map(|(place, _)| place)
                .filter(free)
                .find(|it| names[*it] == name)
        });
        if let Some(place) = place.and_then(|it| u32::try_from(it).ok()) {
            found.insert(*field, place);
        }
    }
    found
}

fn bare(name: &str) -> String {
    name.to_lowercase().chars().filter(|it| it.is_alphanumeric()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_known_by_name_in_four_languages() {
        let table = [
            ("Order ID,Date,Total,Email", "order_id=0 occurred_at=1 amount=2 email=3"),
            ("Ordrenr.;Dato;Beløb;E-mail", "order_id=0 occurred_at=1 amount=2 email=3"),
            ("Ordernummer;Datum;Belopp;E-post", "order_id=0 occurred_at=1 amount=2 email=3"),
            ("Nomor pesanan;Tanggal;Jumlah;Surel", "order_id=0 occurred_at=1 amount=2 email=3"),
            ("note;order_id;order", "order_id=1"),
            ("customer_id,click_id,code,via", "customer_id=0 click_id=1 code=2 via=3"),
            ("x,y", ""),
        ];
        for (header, expected) in table {
            let header: Vec<String> = header.split([',', ';']).map(str::to_owned).collect();
            let found = guess_columns(UploadKind::Conversions, &header);
            let mut found: Vec<_> = found.into_iter().collect();
            found.sort_by_key(|(_, place)| *place);
            let found: Vec<_> = found.iter().map(|(it, place)| format!("{it}={place}")).collect();
            assert_eq!(found.join(" "), expected, "{header:?}");
        }
        let header = "Lead ID;Fase;Dato;Værdi;Tabsårsag;CVR;Website".split(';').map(str::to_owned);
        let found = guess_columns(UploadKind::Stages, &header.collect::<Vec<_>>());
        let mut found: Vec<_> = found.into_iter().collect();
        found.sort_by_key(|(_, place)| *place);
        assert_eq!(
            found.iter().map(|(it, _)| it.as_str()).collect::<Vec<_>>().join(" "),
            "lead_id stage occurred_at amount reason company_number company_domain"
        );
        let header = ["order", "opsagt"].map(str::to_owned);
        let found = guess_columns(UploadKind::Departures, &header);
        assert_eq!(found, BTreeMap::from([(Field::OrderId, 0), (Field::LeftAt, 1)]));
    }
}
