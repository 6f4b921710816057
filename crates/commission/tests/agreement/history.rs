//! A history as a table: each row an event, with what it is to pay. Counters, customers and what
//! was booked are kept as whoever books would keep them.

use std::collections::BTreeMap;

use tributary_commission::{
    Beside, CommissionRecord, CompiledPlan, CounterKey, CreditInput, CustomerBefore, Details,
    Earlier, Evaluation, EvaluationInput, EventKind, ItemInput, NotPaid, Outcome, PartnerInput,
    PartnerTotals, RecruitedCommission, Recruiter, Reward, RuleOutcome, Standing, Subjects,
    TierMode, clawback, evaluate, rank, recompute, recompute_adjustment, recruiting, retroactive,
};
use tributary_kernel::{LocalDate, PartnerId, PartnershipId, Timestamp, Zone};
use tributary_money::{Money, Share, shares_from_weights};

pub(crate) type Row = BTreeMap<String, String>;

/// A commission as booked.
#[derive(Debug)]
struct Booked {
    partner: String,
    customer: Option<String>,
    company: Option<String>,
    record: CommissionRecord,
    amount: i64,
    step: Option<u16>,
}

#[derive(Debug)]
pub(crate) struct History<'a> {
    plan: &'a CompiledPlan,
    zone: Zone,
    counters: BTreeMap<CounterKey, i64>,
    customers: BTreeMap<String, CustomerBefore>,
    previous: BTreeMap<String, i64>,
    booked: Vec<Booked>,
    totals: BTreeMap<String, PartnerTotals>,
    /// What a contest counts: conversions and when they were.
    events: Vec<(String, String, LocalDate)>,
}

/// What is kept of a conversion.
#[derive(Debug)]
struct Fact<'a> {
    event: &'a str,
    kind: EventKind,
    occurred_at: Timestamp,
    gross: Option<Money>,
    quantity: u32,
}

/// What a row came to.
#[derive(Debug, Default)]
pub(crate) struct Came {
    /// Of each partner, in minor units.
    pub(crate) paid: BTreeMap<String, i64>,
    /// Why nothing, or the outcome of each rule.
    pub(crate) why: Vec<String>,
    /// Bonuses and prizes that are not money, and those that are.
    pub(crate) awards: Vec<String>,
}

pub(crate) fn id_of(name: &str) -> [u8; 16] {
    let mut id = [0; 16];
    for (place, byte) in name.bytes().take(16).enumerate() {
        id[place] = byte;
    }
    id
}

fn name_of(id: &[u8; 16]) -> String {
    String::from_utf8_lossy(id).trim_end_matches('\0').to_owned()
}

/// `12,500.00` and `12,500` in minor units.
pub(crate) fn minor(plan: &CompiledPlan, text: &str) -> i64 {
    let text = text.replace([',', ' '], "");
    let (sign, digits) = text.strip_prefix('-').map_or((1, &text[..]), |digits| (-1, digits));
    let money = Money::parse_decimal(digits, plan.currency());
    sign * money.unwrap_or_else(|error| panic!("{text:?}: {error}")).minor
}

impl<'a> History<'a> {
    pub(crate) fn new(plan: &'a CompiledPlan) -> Self {
        Self {
            plan,
            zone: Zone::named("Europe/Copenhagen").unwrap(),
            counters: BTreeMap::new(),
            customers: BTreeMap::new(),
            previous: BTreeMap::new(),
            booked: Vec::new(),
            totals: BTreeMap::new(),
            events: Vec::new(),
        }
    }

    pub(crate) fn row(&mut self, row: &Row) -> Came {
        let times = row.get("times").map_or(1, |times| times.parse().expect("a number"));
        let mut came = Came::default();
        for turn in 0..times {
            let one = match row["event"].as_str() {
                "leaves" => self.leaves(row),
                "contest" => self.contest(),
                _ => self.conversion(row, turn),
            };
            for (partner, amount) in one.paid {
                *came.paid.entry(partner).or_insert(0) += amount;
            }
            came.why = one.why;
            came.awards.extend(one.awards);
        }
        came
    }

    fn at(row: &Row, turn: i32) -> Timestamp {
        let day: LocalDate = row.get("day").map_or("2026-03-02", |day| day).parse().expect("a day");
        let day = match row.get("every").map(String::as_str) {
            None => day,
            Some("month") => {
                let span = jiff::Span::new().months(turn);
                LocalDate::from_civil(day.civil().checked_add(span).expect("a day"))
            }
            Some(other) => panic!("every {other}"),
        };
        format!("{day}T10:00:00Z").parse().expect("a moment")
    }

    fn conversion(&mut self, row: &Row, turn: i32) -> Came {
        let plan = self.plan;
        let text = |name: &str| row.get(name).map(String::as_str);
        let money = |name: &str| text(name).map(|it| Money::new(minor(plan, it), plan.currency()));
        let number = |name: &str| text(name).map(|it| it.parse::<u32>().expect("a number"));
        let items: Vec<ItemInput<'_>> = text("items").map_or(Vec::new(), |items| {
            items.split(';').map(|item| item_of(plan, item.trim())).collect()
        });
        let metadata: Vec<(&str, &str)> = text("metadata").map_or(Vec::new(), |pairs| {
            pairs.split(';').filter_map(|pair| pair.trim().split_once('=')).collect()
        });
        let tags: Vec<&str> = text("tags").map_or(Vec::new(), |tags| tags.split(' ').collect());
        let event = row["event"].parse().expect("an event");
        let kind = match row["event"].as_str() {
            "click" => EventKind::Click,
            "sale" | "renewal" | "upgrade" => EventKind::Sale,
            _ => EventKind::Lead,
        };
        let credits = credits_of(text("partner").unwrap_or("anna"));
        let occurred_at = Self::at(row, turn);
        let customer = text("customer").map(|it| it.replace('#', &format!("-{turn}")));
        let before = customer.as_ref().map(|it| self.before(it, row));
        let previous = customer.as_ref().and_then(|it| self.previous.get(it)).copied();
        let partners: Vec<PartnerInput<'_>> = credits
            .iter()
            .map(|(name, credit)| PartnerInput {
                partnership: credit.partnership,
                country: text("partner country"),
                group: text("group"),
                kind: text("type"),
                tags: &tags,
                option: text("option"),
                number: number("number"),
                joined_on: text("joined").map(|day| day.parse().expect("a day")),
                totals: self.totals.get(name).copied().unwrap_or_default(),
            })
            .collect();
        let shares: Vec<CreditInput> = credits.iter().map(|(_, credit)| *credit).collect();
        let gross = money("amount");
        let input = EvaluationInput {
            event: &event,
            kind,
            occurred_at,
            zone: &self.zone,
            gross,
            net: money("net"),
            quantity: number("quantity").unwrap_or(1),
            customer: before,
            credits: &shares,
            details: Details {
                items: &items,
                tax: money("tax"),
                shipping: money("shipping"),
                discount: money("discount"),
                margin: money("margin"),
                first_year: money("first year"),
                previous_payment: previous.map(|it| Money::new(it, plan.currency())),
                covers_months: number("months").map(|it| u16::try_from(it).expect("months")),
                customer: customer.as_deref().map(id_of),
                company: text("company").map(id_of),
                code: text("code"),
                customer_country: text("country"),
                customer_source: text("source"),
                campaign: text("campaign"),
                link: text("link"),
                channel: text("channel"),
                promotion_method: text("method"),
                sub_ids: [text("sub1"), text("sub2"), None, None, None],
                metadata: &metadata,
                grade: text("grade"),
                recruit: None,
                touches: &[],
            },
            partners: &partners,
            counters: &self.counters,
        };
        let keys = plan.counter_keys(&input);
        let answer = evaluate(plan, &input).unwrap_or_else(|error| panic!("{row:?}: {error}"));
        assert!(answer.increments.iter().all(|it| keys.contains(&it.key)), "locked before");
        let mut came = Came { why: why(&answer), ..Came::default() };
        self.book(&answer, customer.as_deref(), text("company"), &mut came);
        self.adjust(&answer, &mut came);
        if let Some(recruiter) = text("recruited by") {
            self.recruited(row, &answer, occurred_at, recruiter, &mut came);
        }
        let quantity = number("quantity").unwrap_or(1);
        let fact = Fact { event: &row["event"], kind, occurred_at, gross, quantity };
        self.keep(&answer, &fact, customer, &credits);
        came
    }

    fn before(&self, customer: &str, row: &Row) -> CustomerBefore {
        let mut before = self.customers.get(customer).copied().unwrap_or_default();
        if let Some(days) = row.get("paused days") {
            before.subscription.paused_days = days.parse().expect("days");
        }
        if let Some(day) = row.get("resumed") {
            let at = format!("{day}T09:00:00Z").parse().expect("a moment");
            before.subscription.resumed_at = Some(at);
        }
        before
    }

    fn book(
        &mut self,
        answer: &Evaluation,
        customer: Option<&str>,
        company: Option<&str>,
        came: &mut Came,
    ) {
        for it in &answer.increments {
            let stood = self.counters.entry(it.key.clone()).or_insert(0);
            assert_eq!(*stood, it.before, "{}", it.key);
            *stood += it.add;
        }
        for line in answer.lines() {
            assert_eq!(recompute(self.plan, &line.record), Ok(line.amount));
            let partner = name_of(line.partnership.as_bytes());
            *came.paid.entry(partner.clone()).or_insert(0) += line.amount.minor;
            self.booked.push(Booked {
                partner,
                customer: customer.map(ToOwned::to_owned),
                company: company.map(ToOwned::to_owned),
                record: line.record.clone(),
                amount: line.amount.minor,
                step: None,
            });
        }
        for award in &answer.awards {
            assert!(tributary_commission::award_holds(self.plan, &award.record));
            match award.money() {
                Some(money) => {
                    let partner = name_of(award.partnership.as_bytes());
                    *came.paid.entry(partner).or_insert(0) += money.minor;
                }
                None => came.awards.push(words(&award.reward)),
            }
        }
    }

    /// Retroactive tiers: every commission of the counter is adjusted.
    fn adjust(&mut self, answer: &Evaluation, came: &mut Came) {
        for crossed in &answer.crossed {
            let rule = &self.plan.rules()[usize::from(crossed.rule)];
            assert_eq!(rule.tiers.as_ref().map(|tiers| tiers.mode), Some(TierMode::Retroactive));
            let since = crossed.key.since;
            let whose = |it: &Booked| Subjects {
                partnership: PartnershipId::from_bytes(id_of(&it.partner)),
                customer: it.customer.as_deref().map(id_of),
                company: it.company.as_deref().map(id_of),
            };
            let own = |it: &&mut Booked| {
                it.record.rule == rule.id && since.is_none_or(|since| it.record.facts.on >= since)
            };
            let mut places: Vec<&mut Booked> = self.booked.iter_mut().filter(own).collect();
            let numbered = places.iter().zip(1u128..);
            let earlier: Vec<Earlier<'_>> = numbered
                .map(|(it, number)| Earlier {
                    record: &it.record,
                    whose: whose(it),
                    booked: Money::new(it.amount, self.plan.currency()),
                    step: it.step,
                    refunded: None,
                    beside: Beside { conversion: number.to_be_bytes(), ..Beside::default() },
                })
                .collect();
            let (lines, added) = retroactive(self.plan, crossed, &earlier, &self.counters).unwrap();
            for line in &lines {
                let own = &earlier[line.place];
                let again = recompute_adjustment(self.plan, own.record, &line.record);
                assert_eq!(again, Ok(line.amount));
            }
            for line in lines {
                let own = &mut places[line.place];
                own.amount += line.amount.minor;
                *came.paid.entry(own.partner.clone()).or_insert(0) += line.amount.minor;
            }
            for own in places {
                own.step = Some(crossed.step);
            }
            for it in added {
                *self.counters.entry(it.key).or_insert(0) += it.add;
            }
        }
    }

    fn recruited(
        &mut self,
        row: &Row,
        answer: &Evaluation,
        occurred_at: Timestamp,
        recruiters: &str,
        came: &mut Came,
    ) {
        let joined_on = row["joined"].parse().expect("a day");
        let chain: Vec<Recruiter<'_>> = recruiters
            .split('<')
            .map(|name| Recruiter {
                partnership: PartnershipId::from_bytes(id_of(name.trim())),
                partner: PartnerId::from_bytes(id_of(name.trim())),
                about: None,
            })
            .collect();
        for line in answer.lines() {
            let zone = &self.zone;
            let of = RecruitedCommission { amount: line.amount, occurred_at, zone, joined_on };
            let answers = recruiting(self.plan, &of, &chain, &self.counters).unwrap();
            for answer in answers {
                self.book(&answer, None, None, came);
            }
        }
    }

    fn keep(
        &mut self,
        answer: &Evaluation,
        input: &Fact<'_>,
        customer: Option<String>,
        credits: &[(String, CreditInput)],
    ) {
        let gross = input.gross.map_or(0, |gross| gross.minor);
        let mut is_new = false;
        if let Some(customer) = customer {
            let kept = self.customers.entry(customer.clone()).or_default();
            match input.kind {
                EventKind::Sale => {
                    is_new = kept.payments == 0;
                    kept.payments += 1;
                    kept.first_payment_at.get_or_insert(input.occurred_at);
                    self.previous.insert(customer, gross);
                }
                _ => kept.leads += 1,
            }
        }
        for (name, credit) in credits {
            let totals = self.totals.entry(name.clone()).or_default();
            match input.kind {
                EventKind::Sale => {
                    totals.sales += 1;
                    totals.revenue += gross;
                    totals.customers += u32::from(is_new);
                }
                EventKind::Lead => totals.leads += 1,
                EventKind::Click => totals.clicks += input.quantity,
            }
            let own = answer.lines().iter().filter(|it| it.partnership == credit.partnership);
            totals.commission += own.map(|line| line.amount.minor).sum::<i64>();
            let on = self.zone.date(input.occurred_at);
            self.events.push((name.clone(), input.event.to_owned(), on));
        }
    }

    fn leaves(&mut self, row: &Row) -> Came {
        let left_on: LocalDate = row["day"].parse().expect("a day");
        let mut came = Came::default();
        for it in &mut self.booked {
            if it.customer.as_ref() != row.get("customer") {
                continue;
            }
            let booked = Money::new(it.amount, self.plan.currency());
            let back = clawback(self.plan, &it.record, booked, left_on).unwrap();
            let back = back.map_or(0, |back| back.amount.minor);
            it.amount -= back;
            *came.paid.entry(it.partner.clone()).or_insert(0) -= back;
        }
        came
    }

    fn contest(&self) -> Came {
        let contest = &self.plan.document().contests[0];
        let mut standings: BTreeMap<&str, Standing> = BTreeMap::new();
        for (place, (name, event, on)) in (0u64..).zip(&self.events) {
            let counts = contest.events.iter().any(|it| it.as_str() == event)
                && (contest.from..=contest.to).contains(on);
            if counts {
                let partnership = PartnershipId::from_bytes(id_of(name));
                let fresh = Standing { partnership, total: 0, reached_at: 0 };
                let standing = standings.entry(name).or_insert(fresh);
                standing.total += 1;
                standing.reached_at = place;
            }
        }
        let standings: Vec<Standing> = standings.into_values().collect();
        let mut came = Came::default();
        for ranked in rank(contest, &standings) {
            for prize in &ranked.prizes {
                match prize {
                    Reward::Money(money) => {
                        let partner = name_of(ranked.standing.partnership.as_bytes());
                        *came.paid.entry(partner).or_insert(0) += money.minor;
                    }
                    other => came.awards.push(words(other)),
                }
            }
        }
        came
    }
}

fn words(reward: &Reward) -> String {
    match reward {
        Reward::Money(money) => money.to_decimal_string(),
        Reward::Credits(credits) => format!("{} {}", credits.count, credits.unit),
        Reward::Gift(gift) => gift.name.clone(),
    }
}

/// `shoes/boots SKU-1 2 x 100.00` is two pieces at 100.00.
fn item_of<'a>(plan: &CompiledPlan, text: &'a str) -> ItemInput<'a> {
    let mut parts = text.split_whitespace();
    let name = parts.next().expect("a product");
    let (category, product) = name.split_once('/').unwrap_or((name, name));
    let quantity: u32 = parts.next().expect("a quantity").parse().expect("a number");
    assert_eq!(parts.next(), Some("x"), "{text}");
    let price = minor(plan, parts.next().expect("a price"));
    let money = |minor| Money::new(minor, plan.currency());
    ItemInput {
        product: Some(product),
        category: Some(category),
        sku: None,
        price: Some(money(price)),
        quantity,
        amount: money(price * i64::from(quantity)),
        net: None,
        margin: None,
    }
}

/// `anna`, `anna 1/3, bo 2/3`, `anna 40 %`; what is missing is nobody's.
fn credits_of(text: &str) -> Vec<(String, CreditInput)> {
    let credit = |(name, share): (&str, Share)| {
        let credit = CreditInput {
            partnership: PartnershipId::from_bytes(id_of(name)),
            partner: PartnerId::from_bytes(id_of(name)),
            share,
        };
        (name.to_owned(), credit)
    };
    let part = |text: &str| -> (u64, u64) {
        match text.trim().trim_end_matches('%').trim().split_once('/') {
            Some((part, whole)) => (part.parse().expect("a part"), whole.parse().expect("a whole")),
            None => (text.trim_end_matches('%').trim().parse().expect("per cent"), 100),
        }
    };
    let several: Vec<(&str, (u64, u64))> = text
        .split(',')
        .map(|it| {
            let it = it.trim();
            it.split_once(' ').map_or((it, (1, 1)), |(name, share)| (name, part(share)))
        })
        .collect();
    let whole: u64 = several.iter().map(|(_, (_, whole))| whole).product();
    let mut weights: Vec<u64> = several.iter().map(|(_, (part, of))| whole / of * part).collect();
    let given: u64 = weights.iter().sum();
    weights.push(whole - given);
    let shares = shares_from_weights(&weights);
    several.iter().map(|(name, _)| *name).zip(shares).map(credit).collect()
}

fn why(answer: &Evaluation) -> Vec<String> {
    let tag = |value: serde_json::Value| value["reason"].as_str().unwrap_or_default().to_owned();
    let of = |reason: &NotPaid| tag(serde_json::to_value(reason).unwrap());
    let mut why = Vec::new();
    if let Outcome::Nothing(reason) = &answer.outcome {
        why.push(of(reason));
    }
    why.extend(answer.unpaid.iter().map(|it| of(&it.reason)));
    if answer.lines().iter().any(|line| line.cut.is_some()) {
        why.push("capped".to_owned());
    }
    let skipped = answer.considered.iter().filter(|it| **it != RuleOutcome::Chosen);
    why.extend(skipped.map(|it| tag(serde_json::to_value(it).unwrap())));
    why
}
