//! What a group of reports writes: gathered while it is decided, and written in bulk.

use std::collections::{BTreeMap, BTreeSet};

use tributary_directory::Actor;
use tributary_kernel::{ConversionId, LocalDate, OrganisationId, Timestamp, Zone, limits};
use tributary_store::decision::{
    self, CustomerClick, DailyDelta, Delivery, QuarantineRow, StoredCommission,
};
use tributary_store::engine::{Connection, EngineError};
use tributary_store::missing::{ConversionMail, put_conversion_mails};

use super::daily::daily_of;
use super::decide::Booked;
use super::report::{ReportOutcome, Submission};
use super::world::{Item, World, business_key};
use crate::books::Books;
use crate::{App, AppError};

/// See the module.
#[derive(Default)]
pub(super) struct Writes {
    pub(super) booked: Vec<Booked>,
    pub(super) deliveries: Vec<Delivery>,
    pub(super) quarantined: Vec<QuarantineRow>,
    pub(super) daily: Vec<DailyDelta>,
    clicks: Vec<CustomerClick>,
    /// Clicks of customers with more than a journey holds: the oldest.
    forgotten: Vec<CustomerClick>,
    /// Hashes of the mail addresses of what was booked.
    pub(super) mails: Vec<ConversionMail>,
    /// Commissions of conversions that were booked before.
    pub(super) raised: Vec<StoredCommission>,
}

impl Writes {
    /// Carries a booked conversion into the world and the rollup.
    pub(super) fn remember(
        &mut self,
        world: &mut World,
        item: &Item,
        booked: &Booked,
        now: Timestamp,
    ) {
        let program = booked.conversion.program;
        world.count(item.owner, program, &booked.counted);
        world.conversions.insert(business_key(item), booked.conversion.clone());
        if let Some(it) = &booked.counters {
            world.counters.insert((it.owner, it.program, it.customer), it.clone());
        }
        let buyer = world.buyer(item);
        let mut clicked = false;
        if let (Some(customer), Some(click)) = (booked.conversion.customer, booked.conversion.click)
        {
            let known = world.customer_clicks.entry((item.owner, customer)).or_default();
            if known.insert(click) {
                clicked = true;
                let owner = item.owner;
                self.clicks.push(CustomerClick { owner, customer, click, seen_at: now });
                // However often a customer comes, deciding reads no more than a journey holds.
                if known.len() > limits::JOURNEY_TOUCHES_MAX
                    && let Some(click) = known.pop_first()
                {
                    self.forgotten.push(CustomerClick { owner, customer, click, seen_at: now });
                }
            }
        }
        world.people.learn(&buyer, clicked, now);
        let zone = world.programs.get(&item.checked.program).map(|it| &it.zone);
        let day = zone.map_or(LocalDate::from_days(0), |it| it.date(booked.conversion.occurred_at));
        self.daily.extend(daily_of(booked, day));
    }

    /// Writes all of it, in the transaction that holds the heads.
    pub(super) async fn write(
        self,
        app: &App,
        conn: &mut dyn Connection,
        group: &[Submission],
        outcomes: &[ReportOutcome],
        books: BTreeMap<OrganisationId, Books>,
        now: Timestamp,
    ) -> Result<(), AppError> {
        let conversions: Vec<_> = self.booked.iter().map(|it| it.conversion.clone()).collect();
        let commissions =
            self.booked.iter().flat_map(|it| it.commissions.iter().cloned()).chain(self.raised);
        let commissions: Vec<_> = commissions.collect();
        // The last of a customer's counters in the group is how they are now.
        let counters: BTreeMap<_, _> = self
            .booked
            .iter()
            .filter_map(|it| it.counters.clone())
            .map(|it| ((it.owner, it.program, it.customer), it))
            .collect();
        let counters: Vec<_> = counters.into_values().collect();
        decision::put_conversions(conn, &conversions).await?;
        decision::put_commissions(conn, &commissions).await?;
        decision::put_counters(conn, &counters).await?;
        decision::put_customer_clicks(conn, &self.clicks).await?;
        decision::forget_customer_clicks(conn, &self.forgotten).await?;
        decision::insert_deliveries(conn, &self.deliveries).await?;
        decision::insert_quarantine(conn, &self.quarantined).await?;
        put_conversion_mails(conn, &self.mails).await?;
        decision::add_daily(conn, self.daily).await?;
        for pen in books.into_values() {
            pen.write_in(conn).await?;
        }
        let today = Zone::utc().date(now);
        let counts = group
            .iter()
            .zip(outcomes)
            .flat_map(|(it, outcome)| {
                [(it.owner, today, "received", 1), (it.owner, today, outcome.name(), 1)]
            })
            .collect();
        decision::add_intake(conn, counts).await?;
        let made: BTreeSet<ConversionId> = conversions.iter().map(|it| it.id).collect();
        audit(app, conn, group, outcomes, &made).await?;
        Ok(())
    }
}

/// One line per caller of the group, with the ids it made. A retry makes none.
async fn audit(
    app: &App,
    conn: &mut dyn Connection,
    group: &[Submission],
    outcomes: &[ReportOutcome],
    made: &BTreeSet<ConversionId>,
) -> Result<(), EngineError> {
    let mut callers: BTreeMap<(OrganisationId, String), (&Actor, Vec<ConversionId>)> =
        BTreeMap::new();
    for (it, outcome) in group.iter().zip(outcomes) {
        if let ReportOutcome::Applied(id) = outcome
            && made.contains(id)
        {
            let key = (it.owner, it.actor.name());
            callers.entry(key).or_insert((&it.actor, Vec::new())).1.push(*id);
        }
    }
    for ((owner, _), (actor, ids)) in callers {
        let (first, last) = (ids.first(), ids.last());
        let detail = serde_json::json!({ "count": ids.len(), "first": first, "last": last });
        let subject = first.map(ToString::to_string).unwrap_or_default();
        app.audit_in(conn, owner, actor, "conversions.reported", subject, &detail).await?;
    }
    Ok(())
}
