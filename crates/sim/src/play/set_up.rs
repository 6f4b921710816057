//! Organisations, their people, programs, plans and connections.

use tributary_app::AppError;
use tributary_app::access::{AddUser, CreateKey, SetUp, add_user, create_key, set_up};
use tributary_app::directory::{PublishPlan, create_program, go_live, publish_plan};
use tributary_directory::{Actor, ProgramTerms, Role, Scope};
use tributary_kernel::{OrganisationId, UserId, Zone};

use super::acts::pay_day_of_month;
use super::{Owned, Player};
use crate::cast::{AGENCY, CRM, PROGRAMS, Person, ProgramCast, TRAVEL};
use crate::options::SimOptions;

const SYSTEM: Actor = Actor::System { job: "simulator" };

impl Player<'_> {
    /// Sets all up; returns the agency's user.
    pub(super) async fn set_up(&mut self, options: &SimOptions) -> Result<UserId, AppError> {
        for cast in PROGRAMS {
            let owned = self.set_up_owner(cast, options).await?;
            self.owned.push(owned);
        }
        let mut agency = None;
        for program in [CRM, TRAVEL] {
            let it = &self.owned[program];
            let user = self.add(&it.administrator, it.owner, AGENCY, Role::Manager).await?;
            agency = Some((user, it.owner));
        }
        let Some((user, owner)) = agency else {
            return Err(AppError::Corrupt("the agency has no client".to_owned()));
        };
        // The travel brand leaves the monthly look at commissions to the agency.
        self.owned[TRAVEL].reviewer = Actor::Member { user, owner, role: Role::Manager };
        Ok(user)
    }

    async fn add(
        &self,
        by: &Actor,
        owner: OrganisationId,
        person: Person,
        role: Role,
    ) -> Result<UserId, AppError> {
        let input = AddUser {
            owner,
            name: person.name.to_owned(),
            email: person.email.to_owned(),
            password: None,
            language: person.language.to_owned(),
            role,
        };
        add_user(self.app, by, input).await
    }

    async fn set_up_owner(
        &self,
        cast: &ProgramCast,
        options: &SimOptions,
    ) -> Result<Owned, AppError> {
        let app = self.app;
        let input = SetUp {
            organisation: cast.organisation.to_owned(),
            country: cast.country.to_owned(),
            name: cast.administrator.name.to_owned(),
            email: cast.administrator.email.to_owned(),
            password: None,
            language: cast.administrator.language.to_owned(),
        };
        let done = set_up(app, Some(&SYSTEM), input).await?;
        let owner = done.owner;
        let administrator =
            Actor::Member { user: done.administrator, owner, role: Role::Administrator };
        let mut reviewer = administrator.clone();
        for (person, role) in cast.team {
            let user = self.add(&administrator, owner, *person, *role).await?;
            if *role == Role::Manager {
                reviewer = Actor::Member { user, owner, role: *role };
            }
        }
        let program = create_program(app, &administrator, owner, terms(cast, options)).await?;
        let plan = PublishPlan {
            owner,
            program: program.id,
            document: cast.plan.as_bytes().to_vec(),
            effective_from: None,
            confirmed: false,
        };
        publish_plan(app, &administrator, plan).await?;
        let program = go_live(app, &administrator, owner, program.id).await?;
        let reporters = [
            self.connection(&administrator, owner, cast.integration).await?,
            self.connection(&administrator, owner, "Payment provider").await?,
        ];
        let partners = cast.partners.iter().map(|_| None).collect();
        let owned =
            Owned { owner, administrator, reviewer, program, reporters, partners, unpaid: None };
        self.put_payer(cast, &owned).await?;
        Ok(owned)
    }

    async fn connection(
        &self,
        by: &Actor,
        owner: OrganisationId,
        name: &str,
    ) -> Result<Actor, AppError> {
        let scopes = vec![Scope::Report];
        let input = CreateKey {
            owner,
            integration: name.to_owned(),
            name: name.to_owned(),
            scopes: scopes.clone(),
            expires_at: None,
        };
        let created = create_key(self.app, by, input).await?;
        let (key, integration) = (created.key.id, created.key.integration);
        Ok(Actor::Key { key, integration, owner, scopes })
    }
}

fn terms(cast: &ProgramCast, options: &SimOptions) -> ProgramTerms {
    let usual = ProgramTerms::usual(cast.name, cast.currency, cast.time_zone, cast.landing_url);
    let zone = Zone::named(cast.time_zone).expect("the cast's zones exist");
    ProgramTerms {
        window_days: cast.window_days,
        coupon_over_click: true,
        hold_days: cast.hold_days,
        approve_after_hold: cast.approve_after_hold,
        payout_minimum: cast.payout_minimum,
        payout_day: pay_day_of_month(cast, &zone, options.until),
        ..usual
    }
}
