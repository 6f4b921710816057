//! What is known of a sale that somebody asks after: by order, by the hash of a mail address.

use tributary_kernel::{ConversionId, LocalDate, OrganisationId, PartnerId, ProgramId, Timestamp};

use crate::decision::{
    BusinessKey, QuarantineRow, StoredConversion, conversions_by_business_key, quarantine_columns,
    read_quarantine,
};
use crate::engine::{
    Connection, EngineError, Insert,
    Kind::{Bytes, Text},
    Lookup,
};
use crate::list::{all, first};

/// A program's conversion types are few; more than these are not asked about.
const KINDS_MAX: usize = 200;

/// The types of the conversions that a program has had, each found by one step in the index.
async fn kinds(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    program: ProgramId,
) -> Result<Vec<String>, EngineError> {
    let mut found: Vec<String> = Vec::new();
    while found.len() < KINDS_MAX {
        let after = found.last().map_or("", String::as_str);
        let rows = conn
            .query(
                "SELECT type FROM conversion WHERE owner_id = $1 AND program_id = $2 AND type > $3 \
                 ORDER BY type LIMIT 1",
                vec![owner.into(), program.into(), after.into()],
            )
            .await?;
        match first(&rows, |row| Ok(row.text(0)?.to_owned()))? {
            Some(kind) => found.push(kind),
            None => break,
        }
    }
    Ok(found)
}

/// The conversions of a program with an order id, of whatever type.
pub async fn conversions_of_order(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    program: ProgramId,
    order: &str,
) -> Result<Vec<StoredConversion>, EngineError> {
    let kinds = kinds(conn, owner, program).await?;
    let key = |kind: String| -> BusinessKey { (owner, program, kind, order.to_owned()) };
    let keys: Vec<BusinessKey> = kinds.into_iter().map(key).collect();
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    conversions_by_business_key(conn, &keys).await
}

/// Facts about an order that were put aside and not taken up again, newest first.
pub async fn quarantined_of_order(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    program: ProgramId,
    order: &str,
) -> Result<Vec<QuarantineRow>, EngineError> {
    let rows = conn
        .query(
            concat!(
                "SELECT ",
                quarantine_columns!(),
                " FROM quarantine WHERE owner_id = $1 AND program_id = $2 AND order_id = $3 \
                 AND status <> 'replayed' ORDER BY id DESC LIMIT 20"
            ),
            vec![owner.into(), program.into(), order.into()],
        )
        .await?;
    all(&rows, read_quarantine)
}

/// The newest day of a program on which a conversion happened.
pub async fn last_conversion_day(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    program: ProgramId,
) -> Result<Option<LocalDate>, EngineError> {
    let rows = conn
        .query(
            "SELECT local_day FROM daily WHERE owner_id = $1 AND program_id = $2 \
             AND state = 'conversion' ORDER BY local_day DESC LIMIT 1",
            vec![owner.into(), program.into()],
        )
        .await?;
    first(&rows, |row| row.date(0))
}

/// A conversion and the hash of the mail address it was reported with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConversionMail {
    /// Whose.
    pub owner: OrganisationId,
    /// The keyed hash.
    pub mail_key: String,
    /// Which conversion.
    pub conversion: ConversionId,
}

/// Remembers the hashes of mail addresses.
pub async fn put_conversion_mails(
    conn: &mut dyn Connection,
    items: &[ConversionMail],
) -> Result<(), EngineError> {
    static MAIL: Insert = Insert {
        table: "conversion_mail",
        columns: &[("owner_id", Bytes), ("mail_key", Text), ("conversion_id", Bytes)],
        conflict: "ON CONFLICT (owner_id, mail_key, conversion_id) DO NOTHING",
    };
    if items.is_empty() {
        return Ok(());
    }
    let row = |it: &ConversionMail| {
        vec![it.owner.into(), it.mail_key.as_str().into(), it.conversion.into()]
    };
    conn.insert(&MAIL, items.iter().map(row).collect()).await?;
    Ok(())
}

/// Conversions by the hash of a mail address, newest first.
pub async fn conversions_of_mail(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    mail_key: &str,
    limit: u32,
) -> Result<Vec<ConversionId>, EngineError> {
    let rows = conn
        .query(
            "SELECT conversion_id FROM conversion_mail WHERE owner_id = $1 AND mail_key = $2 \
             ORDER BY conversion_id DESC LIMIT $3",
            vec![owner.into(), mail_key.into(), limit.into()],
        )
        .await?;
    all(&rows, |row| row.id(0))
}

/// Conversions by the hashes of mail addresses, in no stated order.
pub async fn conversions_of_mails(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    mail_keys: &[String],
) -> Result<Vec<(String, ConversionId)>, EngineError> {
    static BY_KEY: Lookup = Lookup {
        select: "mail_key, conversion_id",
        table: "conversion_mail",
        keys: &[("owner_id", Bytes), ("mail_key", Text)],
        condition: "",
        lock: false,
    };
    let keys = mail_keys.iter().map(|it| vec![owner.into(), it.as_str().into()]).collect();
    all(&conn.lookup(&BY_KEY, keys).await?, |row| Ok((row.text(0)?.to_owned(), row.id(1)?)))
}

/// The conversions of a program with these order ids, of whatever types.
pub async fn conversions_of_orders(
    conn: &mut dyn Connection,
    owner: OrganisationId,
    program: ProgramId,
    orders: &[String],
) -> Result<Vec<StoredConversion>, EngineError> {
    let mut keys: Vec<BusinessKey> = Vec::new();
    for kind in kinds(conn, owner, program).await? {
        keys.extend(orders.iter().map(|it| (owner, program, kind.clone(), it.clone())));
    }
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    conversions_by_business_key(conn, &keys).await
}

/// How often a partner has asked since a moment.
pub async fn questions_since(
    conn: &mut dyn Connection,
    partner: PartnerId,
    since: Timestamp,
) -> Result<i64, EngineError> {
    let rows = conn
        .query(
            "SELECT COUNT(*) FROM sale_question WHERE partner_id = $1 AND asked_at > $2",
            vec![partner.into(), since.into()],
        )
        .await?;
    Ok(first(&rows, |row| row.int(0))?.unwrap_or(0))
}

/// Counts a question, and forgets those of the partner from before a moment.
pub async fn put_question(
    conn: &mut dyn Connection,
    partner: PartnerId,
    id: [u8; 16],
    at: Timestamp,
    forget_before: Timestamp,
) -> Result<(), EngineError> {
    conn.execute(
        "DELETE FROM sale_question WHERE partner_id = $1 AND asked_at < $2",
        vec![partner.into(), forget_before.into()],
    )
    .await?;
    conn.execute(
        "INSERT INTO sale_question (partner_id, id, asked_at) VALUES ($1, $2, $3)",
        vec![partner.into(), id.into(), at.into()],
    )
    .await?;
    Ok(())
}
