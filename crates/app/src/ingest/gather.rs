//! A batch sorted into what will be written: pure.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use tributary_click::{ClickId, ClickRecord, Consent, ConsentRecord, Entry};
use tributary_kernel::{LocalDate, OrganisationId, Timestamp};
use tributary_store::touches::{ClickLoss, HourlyClicks, StoredTouch, Visit};

use super::IngestReport;
use super::late::Look;
use super::links::{LinkCache, Terms};

/// A touch without consent lives this long.
const UNCONSENTED_SECONDS: i64 = 24 * 3_600;
/// A touch outlives its program's window, for conversions that are reported late.
const MARGIN_DAYS: u32 = 30;
/// No touch lives longer.
const TOUCH_DAYS_MAX: u32 = 400;

#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    clicks: i64,
    unique: i64,
    machine: i64,
}

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    pub(super) touches: Vec<StoredTouch>,
    /// Consents for touches that are not in this batch, with the click before.
    pub(super) granted: BTreeMap<[u8; 16], Option<[u8; 16]>>,
    pub(super) withdrawn: Vec<[u8; 16]>,
    pub(super) losses: Vec<ClickLoss>,
    pub(super) report: IngestReport,
    /// First visits, with the hour of each: only these can be unique.
    visits: HashMap<Visit, i64>,
    hours: HashMap<(u32, i64), Counts>,
    chained: Vec<([u8; 16], [u8; 16])>,
}

/// What the visitor said about one click in this batch.
#[derive(Debug, Clone, Copy, Default)]
struct Told {
    withdrawn: bool,
    previous: Option<[u8; 16]>,
}

/// Sorts a batch.
pub(super) fn gather(links: &LinkCache, node: u8, entries: &[Entry]) -> Gathered {
    let mut it = Gathered::default();
    let mut told: BTreeMap<[u8; 16], Told> = BTreeMap::new();
    for entry in entries {
        match entry {
            Entry::Click(click) => it.add_click(links, click),
            Entry::Consent(consent) => hear(&mut told, consent),
            Entry::Loss(loss) => {
                it.report.lost_clicks += loss.count;
                let (from, until, count) = (loss.from, loss.until, loss.count);
                it.losses.push(ClickLoss { node, from, until, count });
            }
        }
    }
    it.apply(links, told);
    it.touches.sort_unstable_by_key(|touch| touch.click);
    it
}

/// A withdrawal is final for its click, whatever is told after it.
fn hear(told: &mut BTreeMap<[u8; 16], Told>, consent: &ConsentRecord) {
    let known = told.entry(*consent.click_id.as_bytes()).or_default();
    match consent.state {
        Consent::Denied => known.withdrawn = true,
        Consent::Granted => {
            known.previous = known.previous.or(consent.previous.map(|id| *id.as_bytes()));
        }
        Consent::Unknown => {}
    }
}

/// Marks a touch as consented to: it lives as long as its program's window.
pub(super) fn consented(touch: &mut StoredTouch, previous: Option<[u8; 16]>, links: &LinkCache) {
    Consent::Granted.as_str().clone_into(&mut touch.consent);
    touch.previous = touch.previous.or(previous);
    let terms = links.link(touch.link_number).and_then(|link| links.terms(link.program));
    if let Some(terms) = terms {
        touch.expires_at = touch.expires_at.max(end_of_window(touch.at, terms));
    }
}

fn end_of_window(at: Timestamp, terms: &Terms) -> Timestamp {
    at.plus_days(i64::from((terms.window_days + MARGIN_DAYS).min(TOUCH_DAYS_MAX)))
}

impl Gathered {
    fn add_click(&mut self, links: &LinkCache, click: &ClickRecord) {
        let link = links.link(click.link_number);
        let Some(terms) = link.and_then(|link| links.terms(link.program)) else {
            self.report.unknown_links += 1;
            return;
        };
        let countable = click.class.counts();
        if countable {
            self.touches.extend(touch_of(click, terms));
        }
        if click.test {
            self.report.test_clicks += 1;
            return;
        }
        let wall = terms.zone.wall_clock(click.at);
        let day = LocalDate::from_civil(wall.date());
        let hour = i64::from(day.as_days()) * 24 + i64::from(wall.hour());
        let counts = self.hours.entry((click.link_number, hour)).or_default();
        if !countable {
            counts.machine += 1;
            self.report.machine_clicks += 1;
            return;
        }
        counts.clicks += 1;
        self.report.clicks += 1;
        if let Some(key) = click.visitor_key {
            let [a, b, c, d, e, f, g, h, ..] = key;
            let visitor = i64::from_be_bytes([a, b, c, d, e, f, g, h]);
            let visit = Visit { day, link_number: click.link_number, visitor };
            self.visits.entry(visit).or_insert(hour);
        }
    }

    fn apply(&mut self, links: &LinkCache, mut told: BTreeMap<[u8; 16], Told>) {
        if told.is_empty() {
            return;
        }
        self.report.withdrawn = told.values().filter(|told| told.withdrawn).count() as u64;
        let mut granted = 0;
        let chained = &mut self.chained;
        self.touches.retain_mut(|touch| match told.get(&touch.click).copied() {
            None => true,
            // What is left in `told` is taken back there, and remembered.
            Some(Told { withdrawn: true, .. }) => false,
            Some(Told { previous, .. }) => {
                told.remove(&touch.click);
                consented(touch, previous, links);
                granted += 1;
                true
            }
        });
        self.report.granted = granted;
        for (click, Told { withdrawn, previous }) in told {
            if withdrawn {
                self.withdrawn.push(click);
            } else {
                self.granted.insert(click, previous);
                chained.extend(previous.map(|previous| (click, previous)));
            }
        }
    }

    /// What may make conversions be decided otherwise: the touches, and known clicks that turn out
    /// to have followed another. None where that is nothing.
    pub(super) fn look(&self, links: &LinkCache) -> Option<Look> {
        let numbers = self.touches.iter().map(|touch| touch.link_number);
        let told = self.chained.iter().map(|(click, _)| ClickId::from_bytes(*click).link_number());
        let owners = numbers.chain(told).filter_map(|number| Some(links.link(number)?.owner));
        let owners = owners.collect::<BTreeSet<OrganisationId>>().into_iter().collect();
        let clicks: Vec<_> = self.touches.iter().map(|touch| touch.click).collect();
        let chained = self.chained.clone();
        (!clicks.is_empty() || !chained.is_empty()).then_some(Look { owners, clicks, chained })
    }

    /// Visitors of links and days.
    pub(super) fn visits(&self) -> Vec<Visit> {
        let mut visits: Vec<Visit> = self.visits.keys().copied().collect();
        visits.sort_unstable();
        visits
    }

    /// What is added to the hourly clicks, in the order of their key; `new` are the visits that
    /// were not known.
    pub(super) fn hourly(&mut self, links: &LinkCache, new: &[Visit]) -> Vec<HourlyClicks> {
        for visit in new {
            if let Some(hour) = self.visits.get(visit) {
                self.hours.entry((visit.link_number, *hour)).or_default().unique += 1;
            }
        }
        let row = |(&(number, local_hour), counts): (&(u32, i64), &Counts)| {
            let link = links.link(number)?;
            Some(HourlyClicks {
                owner: link.owner,
                program: link.program,
                local_hour,
                partner: link.partner,
                link: link.link,
                clicks: counts.clicks,
                unique_clicks: counts.unique,
                machine_clicks: counts.machine,
            })
        };
        let mut rows: Vec<HourlyClicks> = self.hours.iter().filter_map(row).collect();
        rows.sort_unstable_by_key(|it| (it.owner, it.program, it.local_hour, it.partner, it.link));
        rows
    }
}

/// The touch of a click that counts and has an id. No address, no agent, no visitor key.
fn touch_of(click: &ClickRecord, terms: &Terms) -> Option<StoredTouch> {
    let id = click.click_id?;
    let lasting = match click.consent {
        Consent::Granted => true,
        Consent::Unknown => !terms.consent_required,
        // No id is made then; one that was all the same is not kept.
        Consent::Denied => return None,
    };
    let expires_at = if lasting {
        end_of_window(click.at, terms)
    } else {
        click.at.plus_seconds(UNCONSENTED_SECONDS)
    };
    let sub_ids =
        click.sub_ids.iter().any(Option::is_some).then(|| {
            serde_json::to_string(&click.sub_ids).expect("texts are always written as JSON")
        });
    let country = click.country.as_ref().and_then(|code| std::str::from_utf8(code).ok());
    Some(StoredTouch {
        click: *id.as_bytes(),
        link_number: click.link_number,
        at: click.at,
        consent: click.consent.as_str().to_owned(),
        device: click.device.as_str().to_owned(),
        country: country.map(str::to_owned),
        referrer: click.referrer_host.clone(),
        sub_ids,
        previous: None,
        expires_at,
        test: click.test,
    })
}
