//! Whose touches count besides the customer's own: those of the same person under other ids, and
//! of others who buy for the same company.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use tributary_attribution::People;
use tributary_kernel::{
    AccountId, CustomerId, LeadId, OrganisationId, PartnershipId, ProgramId, Timestamp,
};
use tributary_store::account::{
    self, AccountKey, AccountKeyKind, AccountMember, AccountPlace, CustomerMail, JoinedBy,
};
use tributary_store::decision::{CustomerClick, counters, customer_clicks};
use tributary_store::engine::Connection;
use tributary_store::lead::{self, LeadState, StoredLead};
use tributary_store::redecision;

use super::world::World;
use crate::{App, AppError};

/// Other people whose touches are read for one conversion: the longest known. A company of more is
/// no company that a journey tells anything of.
const PEOPLE_MAX: usize = 200;

/// What a report says of who bought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Buyer {
    pub(crate) owner: OrganisationId,
    pub(crate) program: ProgramId,
    pub(crate) customer: Option<CustomerId>,
    /// The keyed hash of the mail address.
    pub(crate) mail: Option<String>,
    /// What the company is known by, the surest first.
    pub(crate) company: Vec<AccountPlace>,
    /// Whose touches count.
    pub(crate) people: People,
    /// Whether the program takes leads.
    pub(crate) takes_leads: bool,
    /// The lead that it came of, where that was told.
    pub(crate) lead: Option<LeadId>,
    /// Whether the advertiser itself says so: a partner, and whoever reads a page with a token in it,
    /// may name a company, but not say that two names are one or move anybody.
    pub(crate) trusted: bool,
}

impl Buyer {
    /// The number that the company was told by.
    fn number(&self) -> Option<&str> {
        let number = self.company.iter().find(|(_, kind, _)| *kind == AccountKeyKind::Number);
        number.map(|(.., number)| number.as_str())
    }
}

/// What is known of people, with what was learnt since it was read.
#[derive(Debug, Default)]
pub(crate) struct Known {
    of_mail: HashMap<(OrganisationId, String), BTreeSet<CustomerId>>,
    mails: HashMap<(OrganisationId, CustomerId), BTreeSet<String>>,
    accounts: HashMap<AccountPlace, AccountId>,
    members: HashMap<(OrganisationId, AccountId), BTreeSet<CustomerId>>,
    memberships: HashMap<(OrganisationId, CustomerId), AccountMember>,
    leads: BTreeMap<(OrganisationId, LeadId), StoredLead>,
    joined: BTreeMap<(OrganisationId, CustomerId), AccountMember>,
    mailed: BTreeSet<CustomerMail>,
    /// People whose open conversions may be decided otherwise by what was learnt.
    concerned: BTreeSet<(OrganisationId, CustomerId)>,
}

impl Known {
    /// The longest known customer of a mail address.
    pub(crate) fn by_mail(&self, owner: OrganisationId, mail: &str) -> Option<CustomerId> {
        let found = self.of_mail.get(&(owner, mail.to_owned()))?;
        found.first().copied()
    }

    /// The company that a buyer buys for: as was learnt of the customer, unless the report knows it
    /// more surely.
    fn account(&self, it: &Buyer) -> Option<(AccountId, JoinedBy)> {
        let member = it.customer.and_then(|id| self.memberships.get(&(it.owner, id)));
        let lead = it.lead.and_then(|id| self.leads.get(&(it.owner, id)));
        let lead = lead.and_then(|lead| Some((lead.account?, JoinedBy::Id)));
        let told = it.company.iter().find_map(|place| {
            let account = self.accounts.get(place)?;
            Some((*account, JoinedBy::from(place.1)))
        });
        let told = lead.or(told);
        match (member, told) {
            // Of a company's people a mail address tells least: it never moves anybody.
            (Some(member), Some((_, by)))
                if member.joined_by > by || by == JoinedBy::Domain || !it.trusted =>
            {
                Some((member.account, member.joined_by))
            }
            (_, Some(told)) => Some(told),
            (Some(member), None) => Some((member.account, member.joined_by)),
            (None, None) => None,
        }
    }

    /// Whether a lead is of a program.
    pub(crate) fn knows_lead(&self, owner: OrganisationId, program: ProgramId, id: LeadId) -> bool {
        self.leads.get(&(owner, id)).is_some_and(|it| it.program == program)
    }

    /// The leads that partners had registered of a buyer when something occurred: when, and whose.
    pub(crate) fn leads_of(
        &self,
        it: &Buyer,
        occurred_at: Timestamp,
    ) -> Vec<(LeadId, Timestamp, PartnershipId)> {
        if !it.takes_leads {
            return Vec::new();
        }
        let account = self.account(it).map(|(account, _)| account);
        let mails = it.customer.and_then(|id| self.mails.get(&(it.owner, id)));
        let of = |lead: &&StoredLead| {
            let company = account.is_some() && lead.account == account;
            let told = |mail: &String| it.mail.as_ref() == Some(mail);
            let known = |mail: &String| mails.is_some_and(|mails| mails.contains(mail));
            let person = lead.mail_key.as_ref().is_some_and(|mail| told(mail) || known(mail));
            let number =
                lead.company_number.is_some() && lead.company_number.as_deref() == it.number();
            let here = (lead.owner, lead.program) == (it.owner, it.program);
            here && (company || number || person || it.lead == Some(lead.id))
                && stood(lead, occurred_at)
        };
        let found = self.leads.values().filter(of);
        found.filter_map(|lead| Some((lead.id, lead.registered_at, lead.partnership?))).collect()
    }

    /// Whose the leads are that were read.
    pub(crate) fn registrars(&self) -> impl Iterator<Item = PartnershipId> + '_ {
        self.leads.values().filter_map(|lead| lead.partnership)
    }

    /// The other people whose touches count for a buyer.
    pub(crate) fn others(&self, it: &Buyer) -> BTreeSet<CustomerId> {
        let mut found = BTreeSet::new();
        if it.people == People::Customer {
            return found;
        }
        let own = it.customer.and_then(|id| self.mails.get(&(it.owner, id)));
        for mail in own.into_iter().flatten().chain(&it.mail) {
            found.extend(self.of_mail.get(&(it.owner, mail.clone())).into_iter().flatten());
        }
        if it.people == People::Company
            && let Some((account, _)) = self.account(it)
        {
            found.extend(self.members.get(&(it.owner, account)).into_iter().flatten());
        }
        if let Some(customer) = it.customer {
            found.remove(&customer);
        }
        found.into_iter().take(PEOPLE_MAX).collect()
    }

    /// Carries what a booked report tells into what is known, and into what will be written.
    /// `clicked`: whether a click was tied to the customer that was not before.
    pub(super) fn learn(&mut self, it: &Buyer, clicked: bool, now: Timestamp) {
        let (owner, Some(customer)) = (it.owner, it.customer) else { return };
        let mut learnt = clicked;
        if let Some(mail) = &it.mail {
            let mails = self.mails.entry((owner, customer)).or_default();
            if mails.insert(mail.clone()) {
                self.of_mail.entry((owner, mail.clone())).or_default().insert(customer);
                self.mailed.insert(CustomerMail { owner, mail_key: mail.clone(), customer });
                learnt = true;
            }
        }
        if let Some((account, joined_by)) = self.account(it) {
            let known = self.memberships.get(&(owner, customer));
            if known.is_none_or(|known| (known.account, known.joined_by) != (account, joined_by)) {
                let member = AccountMember { owner, customer, account, joined_at: now, joined_by };
                if let Some(was) = self.memberships.insert((owner, customer), member)
                    && let Some(left) = self.members.get_mut(&(owner, was.account))
                {
                    left.remove(&customer);
                }
                self.members.entry((owner, account)).or_default().insert(customer);
                self.joined.insert((owner, customer), member);
                learnt = true;
            }
        }
        if learnt {
            let others = self.others(it);
            self.concerned.extend(others.into_iter().map(|other| (owner, other)));
        }
    }

    /// Writes what was learnt, and queues the open conversions that it concerns.
    pub(super) async fn write(
        self,
        conn: &mut dyn Connection,
        now: Timestamp,
    ) -> Result<(), AppError> {
        if !self.joined.is_empty() {
            let joined: Vec<_> = self.joined.into_values().collect();
            account::put_members(conn, &joined).await?;
        }
        if !self.mailed.is_empty() {
            let mailed: Vec<_> = self.mailed.into_iter().collect();
            account::put_customer_mails(conn, &mailed).await?;
        }
        if !self.concerned.is_empty() {
            let concerned: Vec<_> = self.concerned.into_iter().collect();
            let open = account::open_conversions_of_customers(conn, &concerned).await?;
            if !open.is_empty() {
                redecision::queue_redecision(conn, &open, now).await?;
            }
        }
        Ok(())
    }
}

/// Whether a lead was somebody's at a moment: registered by then, and not given up before.
fn stood(lead: &StoredLead, at: Timestamp) -> bool {
    let accepted = matches!(lead.state, LeadState::Registered | LeadState::Ended);
    accepted && lead.registered_at <= at && lead.ended_at.is_none_or(|ended| ended >= at)
}

/// Reads whom mail addresses are of, where programs count by person: who is told by nothing else is
/// known by that.
pub(crate) async fn load_mails(
    world: &mut World,
    conn: &mut dyn Connection,
    mails: BTreeSet<(OrganisationId, String)>,
) -> Result<(), AppError> {
    if mails.is_empty() {
        return Ok(());
    }
    let mails: Vec<_> = mails.into_iter().collect();
    for it in account::customers_of_mails(conn, &mails).await? {
        world.people.of_mail.entry((it.owner, it.mail_key)).or_default().insert(it.customer);
    }
    Ok(())
}

/// Reads what is known of buyers: their companies (unknown ones are added), and, where programs
/// count them, the other people with their clicks and whose customers those are.
pub(crate) async fn load(
    app: &App,
    world: &mut World,
    conn: &mut dyn Connection,
    buyers: &[Buyer],
) -> Result<(), AppError> {
    let wide: Vec<&Buyer> = buyers.iter().filter(|it| it.people != People::Customer).collect();
    let told = buyers.iter().filter_map(|it| Some((it.owner, it.lead?))).collect();
    load_told_leads(world, conn, told).await?;
    let asked =
        |it: &&Buyer| it.people == People::Company || it.takes_leads || !it.company.is_empty();
    let customers: BTreeSet<_> =
        buyers.iter().filter(asked).filter_map(|it| Some((it.owner, it.customer?))).collect();
    if !customers.is_empty() {
        let customers: Vec<_> = customers.into_iter().collect();
        for it in account::accounts_of(conn, &customers).await? {
            world.people.memberships.insert((it.owner, it.customer), it);
        }
    }
    load_companies(app, world, conn, buyers).await?;
    load_own_mails(world, conn, buyers, &wide).await?;
    load_leads(world, conn, buyers).await?;
    if wide.is_empty() {
        return Ok(());
    }
    let accounts = wide.iter().filter(|it| it.people == People::Company);
    let accounts: BTreeSet<_> =
        accounts.filter_map(|it| Some((it.owner, world.people.account(it)?.0))).collect();
    if !accounts.is_empty() {
        let accounts: Vec<_> = accounts.into_iter().collect();
        for it in account::members_of(conn, &accounts).await? {
            world.people.members.entry((it.owner, it.account)).or_default().insert(it.customer);
        }
    }
    load_others(world, conn, &wide).await
}

/// The mail addresses of customers, where people are counted or leads found by them. Elsewhere they
/// are only kept: writing one that is known changes nothing.
async fn load_own_mails(
    world: &mut World,
    conn: &mut dyn Connection,
    buyers: &[Buyer],
    wide: &[&Buyer],
) -> Result<(), AppError> {
    let leads = buyers.iter().filter(|it| it.takes_leads);
    let customers: BTreeSet<_> =
        leads.chain(wide.iter().copied()).filter_map(|it| Some((it.owner, it.customer?))).collect();
    if customers.is_empty() {
        return Ok(());
    }
    let customers: Vec<_> = customers.into_iter().collect();
    let mut asked = BTreeSet::new();
    for it in account::mails_of_customers(conn, &customers).await? {
        asked.insert((it.owner, it.mail_key.clone()));
        world.people.mails.entry((it.owner, it.customer)).or_default().insert(it.mail_key);
    }
    if wide.is_empty() {
        return Ok(());
    }
    asked.extend(wide.iter().filter_map(|it| Some((it.owner, it.mail.clone()?))));
    asked.retain(|mail| !world.people.of_mail.contains_key(mail));
    load_mails(world, conn, asked).await
}

/// The leads that reports name.
pub(crate) async fn load_told_leads(
    world: &mut World,
    conn: &mut dyn Connection,
    told: Vec<(OrganisationId, LeadId)>,
) -> Result<(), AppError> {
    if !told.is_empty() {
        let found = lead::by_ids(conn, &told).await?;
        world.people.leads.extend(found.into_iter().map(|it| ((it.owner, it.id), it)));
    }
    Ok(())
}

/// The leads of buyers' companies and mail addresses, in programs that take leads.
async fn load_leads(
    world: &mut World,
    conn: &mut dyn Connection,
    buyers: &[Buyer],
) -> Result<(), AppError> {
    let (mut accounts, mut mails) = (BTreeSet::new(), BTreeSet::new());
    let mut numbers = BTreeSet::new();
    for it in buyers.iter().filter(|it| it.takes_leads) {
        numbers.extend(it.number().map(|number| (it.owner, number.to_owned())));
        accounts.extend(world.people.account(it).map(|(account, _)| (it.owner, account)));
        let own = it.customer.and_then(|id| world.people.mails.get(&(it.owner, id)));
        let all = own.into_iter().flatten().chain(&it.mail);
        mails.extend(all.map(|mail| (it.owner, mail.clone())));
    }
    let mut found = Vec::new();
    if !accounts.is_empty() {
        let accounts: Vec<_> = accounts.into_iter().collect();
        found.extend(lead::of_accounts(conn, &accounts).await?);
    }
    if !numbers.is_empty() {
        let numbers: Vec<_> = numbers.into_iter().collect();
        found.extend(lead::of_numbers(conn, &numbers).await?);
    }
    if !mails.is_empty() {
        let mails: Vec<_> = mails.into_iter().collect();
        found.extend(lead::of_mails(conn, &mails).await?);
    }
    world.people.leads.extend(found.into_iter().map(|it| ((it.owner, it.id), it)));
    Ok(())
}

/// The company that is known by any of these, the surest first; one that is known by none is added.
/// None: nothing was told.
pub(crate) async fn company_in(
    app: &App,
    conn: &mut dyn Connection,
    (owner, program): (OrganisationId, ProgramId),
    (company, trusted): (Vec<AccountPlace>, bool),
) -> Result<Option<AccountId>, AppError> {
    let buyer = Buyer {
        owner,
        program,
        customer: None,
        mail: None,
        company,
        people: People::Customer,
        takes_leads: false,
        lead: None,
        trusted,
    };
    let mut world = World::default();
    load_companies(app, &mut world, conn, std::slice::from_ref(&buyer)).await?;
    Ok(world.people.account(&buyer).map(|(account, _)| account))
}

/// The companies that reports name. One that is known by nothing yet is added.
async fn load_companies(
    app: &App,
    world: &mut World,
    conn: &mut dyn Connection,
    buyers: &[Buyer],
) -> Result<(), AppError> {
    let places: BTreeSet<AccountPlace> =
        buyers.iter().flat_map(|it| it.company.iter().cloned()).collect();
    if places.is_empty() {
        return Ok(());
    }
    let places: Vec<_> = places.into_iter().collect();
    let found = account::accounts_by_key(conn, &places).await?;
    world.people.accounts.extend(found.into_iter().map(|it| (it.place, it.account)));
    let accounts: BTreeSet<_> =
        world.people.accounts.iter().map(|((owner, ..), id)| (*owner, *id)).collect();
    let accounts: Vec<_> = accounts.into_iter().collect();
    let mut kinds: BTreeSet<(AccountId, AccountKeyKind)> = BTreeSet::new();
    if !accounts.is_empty() {
        let keys = account::keys_of_accounts(conn, &accounts).await?;
        kinds.extend(keys.into_iter().map(|it| (it.account, it.place.1)));
    }
    let (mut made, mut keys) = (Vec::new(), Vec::new());
    for it in buyers.iter().filter(|it| !it.company.is_empty()) {
        let known = &mut world.people.accounts;
        let surest = it.company.iter().position(|place| known.contains_key(place));
        // A domain or number of a company that goes by another id: another company, as in a group.
        let same = surest.filter(|&at| {
            let account = known[&it.company[at]];
            let stranger = |(_, kind, _): &AccountPlace| kinds.contains(&(account, *kind));
            !it.trusted || !it.company[..at].iter().any(stranger)
        });
        let account = same.map_or_else(
            || {
                let id = AccountId::new(app.now(), &*app.entropy);
                made.push((it.owner, id));
                id
            },
            |at| known[&it.company[at]],
        );
        // What is not trusted begins a company by what later reports come with, and adds nothing.
        let told = match (it.trusted, same) {
            (true, _) => &it.company[..],
            (false, None) => it.company.last().map_or(&[][..], std::slice::from_ref),
            (false, Some(_)) => &[],
        };
        for place in told {
            if !known.contains_key(place) {
                known.insert(place.clone(), account);
                kinds.insert((account, place.1));
                keys.push(AccountKey { place: place.clone(), account });
            }
        }
    }
    if !keys.is_empty() {
        account::put_accounts(conn, &made, app.now()).await?;
        account::put_account_keys(conn, &keys).await?;
    }
    Ok(())
}

/// What other people clicked, and whose customers they are.
async fn load_others(
    world: &mut World,
    conn: &mut dyn Connection,
    wide: &[&Buyer],
) -> Result<(), AppError> {
    let mut others = BTreeSet::new();
    let mut wanted = BTreeSet::new();
    for it in wide {
        for other in world.people.others(it) {
            others.insert((it.owner, other));
            wanted.insert((it.owner, it.program, other));
        }
    }
    others.retain(|key| !world.customer_clicks.contains_key(key));
    wanted.retain(|key| !world.counters.contains_key(key));
    if !others.is_empty() {
        let others: Vec<_> = others.into_iter().collect();
        for CustomerClick { owner, customer, click, .. } in customer_clicks(conn, &others).await? {
            world.customer_clicks.entry((owner, customer)).or_default().insert(click);
        }
    }
    if !wanted.is_empty() {
        let wanted: Vec<_> = wanted.into_iter().collect();
        for it in counters(conn, &wanted).await? {
            world.counters.insert((it.owner, it.program, it.customer), it);
        }
    }
    Ok(())
}
