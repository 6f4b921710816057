//! Forward-only migrations: what both engines share.
//!
//! A migration is a file `NNNN_name.sql` in the engine crate's `migrations/{folder}`, compiled in
//! by [`migrations!`](crate::migrations). An applied one is remembered in the table
//! `schema_migration` with the checksum of its text. Numbers run from 1 without gaps, so that the
//! newest number says everything about a schema.

use sha2::{Digest, Sha256};

use crate::engine::{EngineError, MigrationSet};

/// One file of migrations, compiled in.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// File name without extension, e.g. `0001_base`.
    pub name: &'static str,
    /// Its text: one or more statements of the engine's dialect, without `BEGIN` or `COMMIT`.
    pub sql: &'static str,
}

/// What `schema_migration` remembers of a migration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppliedMigration {
    /// Its number.
    pub version: u32,
    /// File name without extension.
    pub name: String,
    /// [`Migration::checksum`] when it was applied.
    pub checksum: String,
}

impl Migration {
    /// SHA-256 of the text in hex, line ends normalised, so that a checkout with other line ends
    /// is still the same migration.
    #[must_use]
    pub fn checksum(&self) -> String {
        let digest = Sha256::digest(self.sql.replace("\r\n", "\n").as_bytes());
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl MigrationSet {
    /// Name of the folder of its migrations, and of its rows in `schema_migration`.
    #[must_use]
    pub const fn folder(self) -> &'static str {
        match self {
            Self::Record => "record",
            Self::Touches => "touches",
        }
    }
}

/// The number of the newest migration of a list.
#[must_use]
pub fn newest(known: &[Migration]) -> u32 {
    u32::try_from(known.len()).expect("fewer than four billion migrations")
}

/// Those of `known` that `applied` (ordered by version) lacks, in order.
///
/// # Errors
/// A fault when the database was migrated by a newer program, when an applied migration's text or
/// name differs from the one compiled in, or when the list itself is out of order. Nothing has
/// been changed then.
pub fn pending(
    known: &'static [Migration],
    applied: &[AppliedMigration],
) -> Result<&'static [Migration], EngineError> {
    for (version, migration) in (1_u32..).zip(known) {
        if !migration.name.starts_with(&format!("{version:04}_")) {
            let name = migration.name;
            return Err(EngineError::Fault(format!("migration `{name}` stands at {version}")));
        }
    }
    for (version, done) in (1_u32..).zip(applied) {
        let Some(migration) = known.get(version as usize - 1) else {
            return Err(EngineError::Fault(format!(
                "the database has migration `{}`, but this program knows only {}: install the \
                 version that made it, or a newer one",
                done.name,
                known.len()
            )));
        };
        if done.version != version || done.name != migration.name {
            return Err(EngineError::Fault(format!(
                "the database has migration {} `{}` where this program has `{}`",
                done.version, done.name, migration.name
            )));
        }
        if done.checksum != migration.checksum() {
            return Err(EngineError::Fault(format!(
                "migration `{}` was changed after it was applied to this database",
                done.name
            )));
        }
    }
    Ok(&known[applied.len()..])
}

/// The list of a folder's migrations: `migrations!("record": "0001_base", "0002_more")` reads
/// `migrations/record/0001_base.sql` and so on, relative to the calling crate.
#[macro_export]
macro_rules! migrations {
    ($folder:literal: $($name:literal),* $(,)?) => {
        &[$($crate::migration::Migration {
            name: $name,
            sql: include_str!(concat!(
                env!("CARGO_MANIFEST_DIR"), "/migrations/", $folder, "/", $name, ".sql"
            )),
        }),*]
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    static KNOWN: &[Migration] = &[
        Migration { name: "0001_base", sql: "CREATE TABLE a (x INTEGER);\n" },
        Migration { name: "0002_more", sql: "CREATE TABLE b (x INTEGER);\n" },
    ];

    fn applied(version: u32, name: &str, checksum: String) -> AppliedMigration {
        AppliedMigration { version, name: name.to_owned(), checksum }
    }

    fn names(pending: &[Migration]) -> Vec<&'static str> {
        pending.iter().map(|migration| migration.name).collect()
    }

    #[test]
    fn what_lacks_is_applied_in_order() {
        assert_eq!(names(pending(KNOWN, &[]).unwrap()), ["0001_base", "0002_more"]);
        let first = applied(1, "0001_base", KNOWN[0].checksum());
        assert_eq!(names(pending(KNOWN, std::slice::from_ref(&first)).unwrap()), ["0002_more"]);
        let second = applied(2, "0002_more", KNOWN[1].checksum());
        assert!(pending(KNOWN, &[first, second]).unwrap().is_empty());
        assert_eq!(newest(KNOWN), 2);
    }

    #[test]
    fn a_foreign_history_is_refused() {
        let base = || applied(1, "0001_base", KNOWN[0].checksum());
        let more = || applied(2, "0002_more", KNOWN[1].checksum());
        let newer = applied(3, "0003_newer", String::new());
        for (history, complaint) in [
            (vec![base(), more(), newer], "knows only 2"),
            (vec![applied(1, "0001_base", "00".to_owned())], "was changed"),
            (vec![applied(1, "0001_other", KNOWN[0].checksum())], "`0001_other` where"),
            (vec![more()], "2 `0002_more` where"),
        ] {
            let error = pending(KNOWN, &history).unwrap_err().to_string();
            assert!(error.contains(complaint), "{error}");
        }
    }

    #[test]
    fn a_list_out_of_order_is_refused() {
        static GAP: &[Migration] = &[Migration { name: "0002_more", sql: "" }];
        assert!(pending(GAP, &[]).unwrap_err().to_string().contains("stands at 1"));
    }

    #[test]
    fn line_ends_do_not_change_a_checksum() {
        let unix = Migration { name: "0001_base", sql: "A;\nB;\n" };
        let windows = Migration { name: "0001_base", sql: "A;\r\nB;\r\n" };
        assert_eq!(unix.checksum(), windows.checksum());
        assert_ne!(unix.checksum(), Migration { name: "0001_base", sql: "A;\nC;\n" }.checksum());
    }
}
