//! The list of migration files. A new file in `migrations/` gets a line here.

use tributary_store::engine::MigrationSet;
use tributary_store::migration::{Migration, newest};
use tributary_store::migrations;

static RECORD: &[Migration] = migrations!(
    "record": "0001_foundation", "0002_request_keys", "0003_agreements",
    "0004_billing_events", "0005_attribution", "0006_people",
    "0007_standing", "0008_credit_changes", "0009_bank_replies",
    "0010_month_end", "0011_missing_sales", "0012_outgoing_mail",
    "0013_departures", "0014_uploads", "0015_accounts", "0016_leads",
    "0017_inquiries", "0018_tax_profiles", "0019_upload_stages",
    "0020_invoicing", "0021_partner_invoices"
);

static TOUCHES: &[Migration] =
    migrations!("touches": "0001_foundation", "0002_told_consents", "0003_clicks_total");

pub(crate) const fn known(folder: MigrationSet) -> &'static [Migration] {
    match folder {
        MigrationSet::Record => RECORD,
        MigrationSet::Touches => TOUCHES,
    }
}

/// The number of the newest migration this program knows.
#[must_use]
pub fn newest_version(folder: MigrationSet) -> u32 {
    newest(known(folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_listed() {
        for folder in [MigrationSet::Record, MigrationSet::Touches] {
            let path = format!("{}/migrations/{}", env!("CARGO_MANIFEST_DIR"), folder.folder());
            let mut files: Vec<String> = std::fs::read_dir(path)
                .unwrap()
                .map(|entry| entry.unwrap().file_name().into_string().unwrap())
                .collect();
            files.sort();
            let listed: Vec<String> =
                known(folder).iter().map(|migration| format!("{}.sql", migration.name)).collect();
            assert_eq!(files, listed);
        }
    }
}
