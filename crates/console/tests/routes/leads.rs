//! Leads and deals: a program begins to take them, a partner registers, a manager follows.

use tributary_app::leads::{LeadSettings, put_lead_settings};

use crate::world::{Owner, World};

async fn take_leads(world: &World, owner: &Owner) {
    let (settings, program) = (LeadSettings::default(), owner.program.id);
    put_lead_settings(&world.app, &owner.actor, owner.id, program, settings).await.unwrap();
}

#[tokio::test]
async fn a_partner_registers_and_reads_that_it_is_won() {
    let world = World::empty().await;
    let acme = world.owner("Acme").await;
    let (_, _, anna) = world.partner(&acme, "Anna").await;
    take_leads(&world, &acme).await;
    let (mut partner, mut manager) =
        (world.browser_of(anna).await, world.browser_of(acme.user).await);
    partner.open("/my/leads").await.is(200).says("No leads yet");
    partner.open("/my/leads/new").await.is(200).says("yours alone for 90 days");
    let program = acme.program.id.to_string();
    let bolt = [
        ("program", program.as_str()),
        ("company", "Bolt"),
        ("contact_name", "Bo"),
        ("contact_email", "boss@bolt.dk"),
        ("company_number", "DK12345678"),
        ("note", "Call after ten"),
    ];
    let seen = partner.submit_and_follow("/my/leads/new", &bolt).await;
    let seen = seen.says("The lead is registered").says("protected until 31\u{a0}May 2026");
    let id = seen.ids("lead_").remove(0);
    // The same company again is no second lead.
    let again = partner.submit("/my/leads/new", &bolt).await;
    again.leads_to(&format!("/my/leads/{id}"));

    let page = format!("/manage/{program}/leads/{id}");
    manager.open(&format!("/manage/{program}/leads")).await.is(200).says("Bolt").says("Anna");
    manager.open(&page).await.is(200).says("boss@bolt.dk").says("31\u{a0}May 2026");
    let judged = [("to", "qualified"), ("grade", "A"), ("judged_reason", "They have the money")];
    let seen = manager.submit_and_follow(&format!("{page}/qualify"), &judged).await;
    seen.says("The judgement is saved")
        .says("They have the money")
        .says("Reported as a conversion");
    let change = [("value", "90000"), ("expected_on", "2026-06-30"), ("note", "Call after ten")];
    let seen = manager.submit_and_follow(&format!("{page}/change"), &change).await;
    seen.says("Expected value, Expected to close");
    let moving = format!("{page}/move");
    let stage = [("act", "stage"), ("stage", "proposal")];
    manager.submit_and_follow(&moving, &stage).await.says("Came to: Proposal");
    let wrong = [("act", "won"), ("won", "won"), ("won_value", "many")];
    manager.submit(&moving, &wrong).await.is(422).says("Write an amount like 500.00");
    let won = [("act", "won"), ("won", "won"), ("won_value", "100000"), ("order_id", "1009")];
    let seen = manager.submit_and_follow(&moving, &won).await;
    let sale = seen.ids("conv_").remove(0);
    let seen = manager.open(&format!("/manage/{program}/conversions/{sale}")).await.is(200);
    seen.says("a registered lead").says("1009").says("20,000");

    let seen = partner.open(&format!("/my/leads/{id}")).await.is(200).says("Won").says("Proposal");
    let seen = seen.does_not_say("100,000").does_not_say("They have the money");
    seen.does_not_say("1009").does_not_say("conv_").does_not_say("Mette");
    partner.open("/my/leads").await.is(200).says("Won").does_not_say("100,000");
    partner.open("/my/earnings").await.is(200).says("20,000");
    partner.submit(&format!("/my/leads/{id}/withdraw"), &[]).await.is(303);
    partner.open(&format!("/my/leads/{id}")).await.is(200).says("over already");
}

#[tokio::test]
async fn what_stands_in_the_way_is_answered_and_a_person_decides() {
    let world = World::empty().await;
    let acme = world.owner("Acme").await;
    let (_, _, anna) = world.partner(&acme, "Anna").await;
    let (bo, _, bos) = world.partner(&acme, "Bo").await;
    take_leads(&world, &acme).await;
    let mut manager = world.browser_of(acme.user).await;
    let (mut anna, mut bos) = (world.browser_of(anna).await, world.browser_of(bos).await);
    let program = acme.program.id.to_string();
    let new = format!("/manage/{program}/leads/new");
    let page = manager.open(&new).await.is(200);
    page.says("Our own").says(&bo.partner.to_string());
    let of = |company, mail| {
        [("program", program.as_str()), ("company", company), ("contact_email", mail)]
    };
    let own = manager.submit_and_follow(&new, &of("Gear", "boss@gear.dk")).await;
    own.says("Your own lead");
    let mut bolt = of("Bolt", "boss@bolt.dk").to_vec();
    let bos_id = bo.partner.to_string();
    bolt.push(("partner", &bos_id));
    manager.submit_and_follow(&new, &bolt).await.says("It is the partner");

    anna.open("/my/leads/new").await.is(200);
    let seen = anna.submit("/my/leads/new", &of("Bolt", "")).await.is(422);
    seen.says("it cannot be known again").says("value=\"Bolt\"");
    let seen = anna.submit_and_follow("/my/leads/new", &of("Bolt", "chief@bolt.dk")).await;
    let seen = seen.says("could not be registered").says("Another partner registered this company");
    seen.says("2\u{a0}Mar 2026")
        .says("until 31\u{a0}May 2026")
        .does_not_say("Bo ")
        .does_not_say(&bos_id);
    let seen = anna.submit_and_follow("/my/leads/new", &of("Gear", "chief@gear.dk")).await;
    let seen = seen.says("Somebody at the program decides");
    let id = seen.ids("lead_").remove(0);
    bos.open(&format!("/my/leads/{id}")).await.is(404);

    manager.open(&format!("/manage/{program}")).await.is(200).says("1 lead waits for your answer");
    let list = manager.open(&format!("/manage/{program}/leads")).await.is(200);
    list.says("Waits for your answer").says(&id);
    let page = format!("/manage/{program}/leads/{id}");
    manager.open(&page).await.is(200).says("Whose is it?");
    let answer = format!("{page}/answer");
    manager.submit(&answer, &[("answer", "perhaps")]).await.is(422);
    manager.submit(&answer, &[("answer", "refuse")]).await.is(422).says("This is missing");
    let no = [("answer", "refuse"), ("answer_reason", "We know them since January")];
    manager.submit_and_follow(&answer, &no).await.says("the partner reads why");
    manager.submit(&answer, &no).await.is(422).says("no longer waits");
    let seen = anna.open(&format!("/my/leads/{id}")).await.is(200);
    seen.says("We know them since January").does_not_say("Mette");
}

#[tokio::test]
async fn a_program_says_how_it_takes_leads() {
    let world = World::empty().await;
    let acme = world.owner("Acme").await;
    let (_, _, anna) = world.partner(&acme, "Anna").await;
    let (mut manager, mut anna) = (world.browser_of(acme.user).await, world.browser_of(anna).await);
    anna.open("/my").await.is(200).does_not_say("/my/leads");
    anna.open("/my/leads/new").await.is(200).says("None of your programs");
    let program = acme.program.id.to_string();
    let base = format!("/manage/{program}");
    manager.open(&format!("{base}/leads")).await.is(200).says("takes no leads yet");
    let settings = format!("{base}/settings/leads");
    let page = manager.open(&settings).await.is(200).says("from the moment you save");
    page.says("qualified_lead").says("value=\"90\"");
    let rules = |days: &'static str| {
        vec![
            ("protection_days", days),
            ("protected", "review"),
            ("customer", "accept"),
            ("lapses", "365"),
            ("opportunity", "refuse"),
        ]
    };
    let row = |number: usize, place: &'static str, name: &'static str, ending, event| {
        [("place", place), ("name", name), ("ending", ending), ("event", event)]
            .map(|(field, value)| (format!("{field}_{number}"), value))
    };
    let rows = [
        row(0, "2", "contract", "open", ""),
        row(1, "", "won", "won", "sale"),
        row(2, "", "lost", "lost", ""),
        row(7, "1", "Site visit", "open", "meeting"),
    ];
    let rows = rows.concat();
    let rows = || rows.iter().map(|(name, value)| (name.as_str(), *value));
    let wrong: Vec<_> = rules("9999").into_iter().chain(rows()).collect();
    manager.submit(&settings, &wrong).await.is(422).says("Outside what is allowed");
    let no_end: Vec<_> = rules("30").into_iter().chain(rows().take(8)).collect();
    let seen = manager.submit(&settings, &no_end).await.is(422).says("At least one stage is open");
    seen.says("value=\"contract\"");
    anna.open("/my/leads/new").await.is(200).says("None of your programs");
    let good: Vec<_> = rules("30").into_iter().chain(rows()).collect();
    let seen = manager.submit_and_follow(&settings, &good).await;
    let (first, second) = (seen.text.find("site_visit"), seen.text.find("\"contract\""));
    assert!(first.is_some() && first < second, "stages stand by their numbers");
    seen.says("Partners can register leads here").says("value=\"365\"");
    anna.open("/my").await.is(200).says("/my/leads");
    anna.open("/my/leads/new").await.is(200).says("yours alone for 30 days");
    let lead =
        [("program", program.as_str()), ("company", "Nut"), ("contact_email", "boss@nut.dk")];
    anna.submit_and_follow("/my/leads/new", &lead).await.says("Site visit").says("Contract");
}
