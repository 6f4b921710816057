//! Whose earlier conversion a row belongs to: the customer is found by mail address (its hash) or by
//! an earlier order or lead id, so that the decision finds the touches of that customer.

use std::collections::{BTreeSet, HashMap};

use tributary_click::ClickId;
use tributary_kernel::{ConversionId, CustomerId, OrganisationId, ProgramId};
use tributary_store::decision::{StoredConversion, conversions_by_id, customer_external_ids};
use tributary_store::engine::Connection;
use tributary_store::missing::{conversions_of_mails, conversions_of_orders};

use super::given::{Given, ReadRow};
use crate::conversion::ReportConversion;
use crate::{App, AppError};

/// Fills in who the customers of rows are, where earlier conversions of the program say it; tells
/// for how many.
pub(super) async fn match_customers(
    app: &App,
    conn: &mut dyn Connection,
    (owner, program): (OrganisationId, ProgramId),
    rows: &mut [ReadRow],
) -> Result<u32, AppError> {
    let mut mails: BTreeSet<String> = BTreeSet::new();
    let mut orders: BTreeSet<String> = BTreeSet::new();
    for row in rows.iter() {
        let Ok(Given::Report(report)) = &row.given else { continue };
        if report.customer_id.is_none() {
            mails.extend(report.mail_key.clone());
            orders.extend(row.lead.clone());
        }
    }
    if mails.is_empty() && orders.is_empty() {
        return Ok(0);
    }
    let known = Known::read(conn, owner, program, mails, orders).await?;
    let mut matched = 0;
    for row in rows {
        let lead = row.lead.clone();
        let Ok(Given::Report(report)) = &mut row.given else { continue };
        if report.customer_id.is_none() && known.fill(app, report, lead.as_deref()) {
            matched += 1;
        }
    }
    Ok(matched)
}

/// Earlier conversions, the newest of each mail address and order.
struct Known {
    by_mail: HashMap<String, StoredConversion>,
    by_order: HashMap<String, StoredConversion>,
    customers: HashMap<CustomerId, String>,
}

impl Known {
    async fn read(
        conn: &mut dyn Connection,
        owner: OrganisationId,
        program: ProgramId,
        mails: BTreeSet<String>,
        orders: BTreeSet<String>,
    ) -> Result<Self, AppError> {
        let (mails, orders): (Vec<_>, Vec<_>) =
            (mails.into_iter().collect(), orders.into_iter().collect());
        let of_mails = match mails.is_empty() {
            true => Vec::new(),
            false => conversions_of_mails(conn, owner, &mails).await?,
        };
        let keys: Vec<(OrganisationId, ConversionId)> =
            of_mails.iter().map(|(_, id)| (owner, *id)).collect();
        let found = conversions_by_id(conn, &keys).await?;
        let found: HashMap<ConversionId, StoredConversion> =
            found.into_iter().filter(|it| it.program == program).map(|it| (it.id, it)).collect();
        let mut by_mail = HashMap::new();
        for (mail, id) in of_mails {
            if let Some(it) = found.get(&id) {
                keep_newest(&mut by_mail, mail, it.clone());
            }
        }
        let mut by_order = HashMap::new();
        if !orders.is_empty() {
            for it in conversions_of_orders(conn, owner, program, &orders).await? {
                keep_newest(&mut by_order, it.business_key.clone(), it);
            }
        }
        let customers: BTreeSet<CustomerId> =
            by_mail.values().chain(by_order.values()).filter_map(|it| it.customer).collect();
        let customers: Vec<CustomerId> = customers.into_iter().collect();
        let customers = match customers.is_empty() {
            true => Vec::new(),
            false => customer_external_ids(conn, owner, &customers).await?,
        };
        Ok(Self { by_mail, by_order, customers: customers.into_iter().collect() })
    }

    /// The order counts more than the address: it was said of this row.
    fn fill(&self, app: &App, report: &mut ReportConversion, lead: Option<&str>) -> bool {
        let by_order = lead.and_then(|it| self.by_order.get(it));
        let by_mail = || self.by_mail.get(report.mail_key.as_deref()?);
        let Some(earlier) = by_order.or_else(by_mail) else { return false };
        // The row itself, when the file comes again.
        if (&earlier.kind, &earlier.business_key) == (&report.kind, &report.order_id) {
            return false;
        }
        if let Some(customer) = earlier.customer.and_then(|id| self.customers.get(&id)) {
            report.customer_id = Some(customer.clone());
            return true;
        }
        let Some(click) = earlier.click.map(ClickId::from_bytes) else { return false };
        let counts = app.keyring().verify(&click, app.now()).is_ok();
        if counts && report.click_id.is_none() {
            report.click_id = Some(click.to_string());
        }
        counts
    }
}

/// One with a customer counts more than one without; else the later one.
fn keep_newest(known: &mut HashMap<String, StoredConversion>, key: String, it: StoredConversion) {
    let rank = |it: &StoredConversion| (it.customer.is_some(), it.click.is_some(), it.booked_seq);
    match known.get(&key) {
        Some(before) if rank(before) >= rank(&it) => {}
        _ => {
            known.insert(key, it);
        }
    }
}
