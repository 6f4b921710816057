//! Companies that customers buy for, and persons by their mail addresses.

use tributary_kernel::{AccountId, ConversionId, CustomerId, OrganisationId, Timestamp, text_enum};

use crate::engine::{
    Connection, EngineError, Insert,
    Kind::{Bytes, Int, Text},
    Lookup,
};
use crate::list::all;

text_enum! {
    /// What a company is known by; the surer first.
    pub enum AccountKeyKind {
        /// The advertiser's own id of it.
        Id = "id",
        /// Its number in a register of companies, its country's letters first.
        Number = "number",
        /// Its domain: the part of its people's mail addresses after the sign.
        Domain = "domain",
    }
}

text_enum! {
    /// What said that a customer buys for a company; the weaker first.
    pub enum JoinedBy {
        /// The domain of the customer's mail address.
        Domain = "domain",
        /// The company's number.
        Number = "number",
        /// The advertiser's own id of the company.
        Id = "id",
        /// A person of the advertiser.
        Person = "person",
    }
}

impl From<AccountKeyKind> for JoinedBy {
    fn from(it: AccountKeyKind) -> Self {
        match it {
            AccountKeyKind::Id => Self::Id,
            AccountKeyKind::Number => Self::Number,
            AccountKeyKind::Domain => Self::Domain,
        }
    }
}

/// Owner, kind and value of what a company is known by.
pub type AccountPlace = (OrganisationId, AccountKeyKind, String);

/// What a company is known by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountKey {
    /// Whose, and what.
    pub place: AccountPlace,
    /// Which company it is.
    pub account: AccountId,
}

/// A customer buys for a company.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccountMember {
    /// Whose.
    pub owner: OrganisationId,
    /// Who.
    pub customer: CustomerId,
    /// For which company.
    pub account: AccountId,
    /// When that was learnt.
    pub joined_at: Timestamp,
    /// What said so.
    pub joined_by: JoinedBy,
}

const KEY_COLUMNS: &str = "owner_id, kind, value, account_id";

fn read_key(row: &crate::engine::Row) -> Result<AccountKey, EngineError> {
    let place = (row.id(0)?, row.parse(1)?, row.text(2)?.to_owned());
    Ok(AccountKey { place, account: row.id(3)? })
}

/// The companies known by these.
pub async fn accounts_by_key(
    conn: &mut dyn Connection,
    places: &[AccountPlace],
) -> Result<Vec<AccountKey>, EngineError> {
    static BY_KEY: Lookup = Lookup {
        select: KEY_COLUMNS,
        table: "account_key",
        keys: &[("owner_id", Bytes), ("kind", Text), ("value", Text)],
        condition: "",
        lock: false,
    };
    let keys = places
        .iter()
        .map(|(owner, kind, value)| {
            vec![(*owner).into(), kind.as_str().into(), value.as_str().into()]
        })
        .collect();
    all(&conn.lookup(&BY_KEY, keys).await?, read_key)
}

/// Everything that companies are known by.
pub async fn keys_of_accounts(
    conn: &mut dyn Connection,
    accounts: &[(OrganisationId, AccountId)],
) -> Result<Vec<AccountKey>, EngineError> {
    static BY_ACCOUNT: Lookup = Lookup {
        select: KEY_COLUMNS,
        table: "account_key",
        keys: &[("owner_id", Bytes), ("account_id", Bytes)],
        condition: "",
        lock: false,
    };
    let keys = accounts.iter().map(|(o, a)| vec![(*o).into(), (*a).into()]).collect();
    all(&conn.lookup(&BY_ACCOUNT, keys).await?, read_key)
}

/// Adds companies.
pub async fn put_accounts(
    conn: &mut dyn Connection,
    items: &[(OrganisationId, AccountId)],
    at: Timestamp,
) -> Result<(), EngineError> {
    static ACCOUNT: Insert = Insert {
        table: "account",
        columns: &[("owner_id", Bytes), ("id", Bytes), ("created_at", Int)],
        conflict: "ON CONFLICT (owner_id, id) DO NOTHING",
    };
    let rows = items.iter().map(|(o, a)| vec![(*o).into(), (*a).into(), at.into()]).collect();
    conn.insert(&ACCOUNT, rows).await?;
    Ok(())
}

/// Says by what companies are known. What was known of another stays that one's.
pub async fn put_account_keys(
    conn: &mut dyn Connection,
    items: &[AccountKey],
) -> Result<(), EngineError> {
    static KEY: Insert = Insert {
        table: "account_key",
        columns: &[("owner_id", Bytes), ("kind", Text), ("value", Text), ("account_id", Bytes)],
        conflict: "ON CONFLICT (owner_id, kind, value) DO NOTHING",
    };
    let row = |it: &AccountKey| {
        let (owner, kind, value) = &it.place;
        vec![(*owner).into(), kind.as_str().into(), value.as_str().into(), it.account.into()]
    };
    conn.insert(&KEY, items.iter().map(row).collect()).await?;
    Ok(())
}

const MEMBER_COLUMNS: &str = "owner_id, customer_id, account_id, joined_at, joined_by";

fn read_member(row: &crate::engine::Row) -> Result<AccountMember, EngineError> {
    Ok(AccountMember {
        owner: row.id(0)?,
        customer: row.id(1)?,
        account: row.id(2)?,
        joined_at: row.timestamp(3)?,
        joined_by: row.parse(4)?,
    })
}

/// Which companies customers buy for.
pub async fn accounts_of(
    conn: &mut dyn Connection,
    customers: &[(OrganisationId, CustomerId)],
) -> Result<Vec<AccountMember>, EngineError> {
    static OF_CUSTOMER: Lookup = Lookup {
        select: MEMBER_COLUMNS,
        table: "account_member",
        keys: &[("owner_id", Bytes), ("customer_id", Bytes)],
        condition: "",
        lock: false,
    };
    let keys = customers.iter().map(|(o, c)| vec![(*o).into(), (*c).into()]).collect();
    all(&conn.lookup(&OF_CUSTOMER, keys).await?, read_member)
}

/// Who buys for companies.
pub async fn members_of(
    conn: &mut dyn Connection,
    accounts: &[(OrganisationId, AccountId)],
) -> Result<Vec<AccountMember>, EngineError> {
    static OF_ACCOUNT: Lookup = Lookup {
        select: MEMBER_COLUMNS,
        table: "account_member",
        keys: &[("owner_id", Bytes), ("account_id", Bytes)],
        condition: "",
        lock: false,
    };
    let keys = accounts.iter().map(|(o, a)| vec![(*o).into(), (*a).into()]).collect();
    all(&conn.lookup(&OF_ACCOUNT, keys).await?, read_member)
}

/// Says for whom customers buy; of one customer the last word stands.
pub async fn put_members(
    conn: &mut dyn Connection,
    items: &[AccountMember],
) -> Result<(), EngineError> {
    static MEMBER: Insert = Insert {
        table: "account_member",
        columns: &[
            ("owner_id", Bytes),
            ("customer_id", Bytes),
            ("account_id", Bytes),
            ("joined_at", Int),
            ("joined_by", Text),
        ],
        conflict: "ON CONFLICT (owner_id, customer_id) DO UPDATE SET \
                   account_id = excluded.account_id, joined_at = excluded.joined_at, \
                   joined_by = excluded.joined_by",
    };
    let row = |it: &AccountMember| {
        let by = it.joined_by.as_str();
        let (owner, customer, account) = (it.owner, it.customer, it.account);
        vec![owner.into(), customer.into(), account.into(), it.joined_at.into(), by.into()]
    };
    conn.insert(&MEMBER, items.iter().map(row).collect()).await?;
    Ok(())
}

/// A customer was reported with a mail address.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct CustomerMail {
    /// Whose.
    pub owner: OrganisationId,
    /// The keyed hash of the address.
    pub mail_key: String,
    /// Which customer.
    pub customer: CustomerId,
}

const MAIL_COLUMNS: &str = "owner_id, mail_key, customer_id";

fn read_mail(row: &crate::engine::Row) -> Result<CustomerMail, EngineError> {
    let mail_key = row.text(1)?.to_owned();
    Ok(CustomerMail { owner: row.id(0)?, mail_key, customer: row.id(2)? })
}

/// The customers that were reported with mail addresses.
pub async fn customers_of_mails(
    conn: &mut dyn Connection,
    mails: &[(OrganisationId, String)],
) -> Result<Vec<CustomerMail>, EngineError> {
    static BY_MAIL: Lookup = Lookup {
        select: MAIL_COLUMNS,
        table: "customer_mail",
        keys: &[("owner_id", Bytes), ("mail_key", Text)],
        condition: "",
        lock: false,
    };
    let keys = mails.iter().map(|(o, m)| vec![(*o).into(), m.as_str().into()]).collect();
    all(&conn.lookup(&BY_MAIL, keys).await?, read_mail)
}

/// The mail addresses that customers were reported with.
pub async fn mails_of_customers(
    conn: &mut dyn Connection,
    customers: &[(OrganisationId, CustomerId)],
) -> Result<Vec<CustomerMail>, EngineError> {
    static OF_CUSTOMER: Lookup = Lookup {
        select: MAIL_COLUMNS,
        table: "customer_mail",
        keys: &[("owner_id", Bytes), ("customer_id", Bytes)],
        condition: "",
        lock: false,
    };
    let keys = customers.iter().map(|(o, c)| vec![(*o).into(), (*c).into()]).collect();
    all(&conn.lookup(&OF_CUSTOMER, keys).await?, read_mail)
}

/// Remembers mail addresses of customers.
pub async fn put_customer_mails(
    conn: &mut dyn Connection,
    items: &[CustomerMail],
) -> Result<(), EngineError> {
    static MAIL: Insert = Insert {
        table: "customer_mail",
        columns: &[("owner_id", Bytes), ("mail_key", Text), ("customer_id", Bytes)],
        conflict: "ON CONFLICT (owner_id, mail_key, customer_id) DO NOTHING",
    };
    let row =
        |it: &CustomerMail| vec![it.owner.into(), it.mail_key.as_str().into(), it.customer.into()];
    conn.insert(&MAIL, items.iter().map(row).collect()).await?;
    Ok(())
}

/// Conversions of customers that are not settled: what is learnt of other people may change them.
pub async fn open_conversions_of_customers(
    conn: &mut dyn Connection,
    customers: &[(OrganisationId, CustomerId)],
) -> Result<Vec<(OrganisationId, ConversionId)>, EngineError> {
    static OF_CUSTOMER: Lookup = Lookup {
        select: "owner_id, id",
        table: "conversion",
        keys: &[("owner_id", Bytes), ("customer_id", Bytes)],
        condition: "status IN ('pending', 'uncredited', 'held')",
        lock: false,
    };
    let keys = customers.iter().map(|(o, c)| vec![(*o).into(), (*c).into()]).collect();
    all(&conn.lookup(&OF_CUSTOMER, keys).await?, |row| Ok((row.id(0)?, row.id(1)?)))
}
