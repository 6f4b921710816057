//! Conversions, why they pay what they pay, and deciding.

use crate::world::World;

#[tokio::test]
async fn a_conversion_shows_its_journey_its_arithmetic_and_what_was_not_paid() {
    let world = World::empty().await;
    let acme = world.owner("Acme").await;
    let (_, anna_link, anna) = world.partner(&acme, "Anna").await;
    let (_, bo_link, bo) = world.partner(&acme, "Bo").await;
    world.sale(&acme, "1008", 50_000, &anna_link).await;
    let conversion = world.sale(&acme, "1009", 1_250_000, &bo_link).await;
    let base = format!("/manage/{}", acme.program.id);
    let mut browser = world.browser_of(acme.user).await;
    for query in ["", "?q=1009", "?q=%231009", "?q=Bo", "?state=pending", "?from=2026-03-02"] {
        let page = browser.open(&format!("{base}/conversions{query}")).await.is(200);
        page.says("1009").says("Bo");
    }
    for query in ["?q=Carl", "?state=held", "?until=2026-03-01"] {
        let page = browser.open(&format!("{base}/conversions{query}")).await.is(200);
        page.says("Nothing found").does_not_say(&conversion.to_string());
    }
    let page = browser.open(&format!("{base}/conversions/{conversion}")).await.is(200);
    let page = page.says("Sales for a year").says("20%").says("12,500").says("2,500").says("/bo");
    page.does_not_say("Anna");

    // The partner sees the same, of its own.
    let mut partner = world.browser_of(bo).await;
    let list = partner.open("/my/earnings").await.is(200).says("2,500");
    let commission = list.ids("com_").remove(0);
    let page = partner.open(&format!("/my/earnings/{commission}")).await.is(200);
    page.says("Sales for a year").says("12,500").says("2,500").does_not_say("1009<");
    world.browser_of(anna).await.open(&format!("/my/earnings/{commission}")).await.is(404);
}

#[tokio::test]
async fn commissions_are_decided_after_count_and_sum_were_shown() {
    let world = World::empty().await;
    let acme = world.owner("Acme").await;
    let (_, anna_link, anna) = world.partner(&acme, "Anna").await;
    let (_, bo_link, _) = world.partner(&acme, "Bo").await;
    for (order, minor, link) in
        [("1", 100_000, &anna_link), ("2", 250_000, &anna_link), ("3", 700_000, &bo_link)]
    {
        world.sale(&acme, order, minor, link).await;
    }
    let base = format!("/manage/{}", acme.program.id);
    let mut browser = world.browser_of(acme.user).await;
    let list = browser.open(&format!("{base}/commissions?state=pending")).await.is(200);
    let ids = list.ids("com_");
    assert_eq!(ids.len(), 3);
    let confirm = format!("{base}/commissions/confirm");
    let decide = format!("{base}/commissions/decide");
    let list = format!("{base}/commissions");
    browser.submit(&confirm, &[("decision", "approve")]).await.leads_to(&list);
    browser.open(&list).await.is(200).says("Tick those");

    let mut fields = vec![("decision", "approve")];
    fields.extend(ids.iter().map(|id| ("id", id.as_str())));
    let page = browser.submit(&confirm, &fields).await.is(200);
    let page = page.says("Approve 3 commissions").says("2,100").says("Anna").says("Bo");
    assert!(page.text.contains("700.00") || page.text.contains(">700"), "Anna's part is 200 + 500");
    let before = world.dump().await;
    browser.submit(&confirm, &fields).await.is(200);
    assert_eq!(world.dump().await, before, "asking decides nothing");

    let (declined, approved) = (ids[0].as_str(), &ids[1..]);
    let without_reason = [("decision", "decline"), ("id", declined)];
    browser.submit(&decide, &without_reason).await.is(422).says("Why?");
    let with_reason = [("decision", "decline"), ("id", declined), ("reason", "not_qualified")];
    browser.submit_and_follow(&decide, &with_reason).await.says("1 commission is declined");
    let mut fields = vec![("decision", "approve")];
    fields.extend(approved.iter().map(|id| ("id", id.as_str())));
    browser.submit_and_follow(&decide, &fields).await.says("2 commissions are approved");
    // The form sent twice, by a double press, does nothing more.
    browser.submit_and_follow(&decide, &fields).await.says("already decided");
    let page = browser.open(&format!("{base}/commissions?state=approved")).await.is(200);
    assert_eq!(page.ids("com_").len(), 0, "approved rows are not to be chosen");

    let take_back = [("decision", "take_back"), ("id", approved[0].as_str())];
    let page = browser.submit(&confirm, &take_back).await.is(200);
    page.says("waits for a decision again");
    browser.submit_and_follow(&decide, &take_back).await.says("1 commission waits again");

    let mut partner = world.browser_of(anna).await;
    partner.open("/my/earnings?state=waiting").await.is(200);
    let page = partner.open("/my").await.is(200);
    page.does_not_say("⟦");
}

#[tokio::test]
async fn a_declined_commission_tells_its_partner_why() {
    let world = World::empty().await;
    let acme = world.owner("Acme").await;
    let (_, link, anna) = world.partner(&acme, "Anna").await;
    world.sale(&acme, "1", 100_000, &link).await;
    let base = format!("/manage/{}", acme.program.id);
    let mut browser = world.browser_of(acme.user).await;
    let id = browser.open(&format!("{base}/commissions")).await.ids("com_").remove(0);
    let fields = [("decision", "decline"), ("id", id.as_str()), ("reason", "self_referral")];
    browser.submit(&format!("{base}/commissions/decide"), &fields).await.is(303);
    let mut partner = world.browser_of(anna).await;
    partner.open("/my/earnings?state=declined").await.is(200).says(&id);
    partner.open(&format!("/my/earnings/{id}")).await.is(200).says("own purchase");
}

#[tokio::test]
async fn the_overview_says_what_waits_and_how_it_goes() {
    let world = World::empty().await;
    let acme = world.owner("Acme").await;
    let mut browser = world.browser_of(acme.user).await;
    let base = format!("/manage/{}", acme.program.id);
    browser.open(&base).await.is(200).says("Three steps");
    let (_, link, _) = world.partner(&acme, "Anna").await;
    browser.open(&base).await.is(200).says("Nothing waits for you");
    world.sale(&acme, "1", 100_000, &link).await;
    for days in ["", "?days=90", "?days=365", "?days=nonsense"] {
        let page = browser.open(&format!("{base}{days}")).await.is(200);
        page.says("1 commission to decide").says("Anna").says("1,000").says("class=\"chart\"");
    }
}

#[tokio::test]
async fn a_missing_sale_is_asked_for_on_both_sides() {
    let world = World::empty().await;
    let acme = world.owner("Acme").await;
    let (_, anna_link, anna) = world.partner(&acme, "Anna").await;
    let (_, _, bo) = world.partner(&acme, "Bo").await;
    world.sale(&acme, "1008", 1_250_000, &anna_link).await;
    let mut browser = world.browser_of(anna).await;
    browser.open("/my/earnings").await.is(200).says("Is a sale missing?");
    browser.open("/my/missing").await.is(200).says("Order number");
    let known = [("kind", "order"), ("clue", "1008")];
    let page = browser.submit("/my/missing", &known).await.is(200);
    page.says("This sale is credited to you").says("12,500").says("2,500");
    let other = [("kind", "order"), ("clue", "1")];
    browser.submit("/my/missing", &other).await.is(200).says("Nothing is known of it");
    let wrong = [("kind", "mail"), ("clue", "anna")];
    browser.submit("/my/missing", &wrong).await.is(422).says("Write a whole e-mail address");

    let mut browser = world.browser_of(bo).await;
    browser.open("/my/missing").await.is(200);
    let page = browser.submit("/my/missing", &known).await.is(200);
    let page = page.says("Another partner was credited").says("No click and no code");
    page.does_not_say("Anna").does_not_say("12,500").does_not_say("2,500");

    let mut browser = world.browser_of(acme.user).await;
    let path = format!("/manage/{}/missing", acme.program.id);
    browser.open(&path).await.is(200);
    let page = browser.submit(&path, &known).await.is(200);
    page.says("A partner was credited").says("Anna").says("12,500").says("Open the conversion");
    let code = [("kind", "code"), ("clue", "NOBODY")];
    browser.submit(&path, &code).await.is(200).says("No program here knows this code");
}

#[tokio::test]
async fn what_was_decided_is_taken_back_by_one_press() {
    let world = World::empty().await;
    let acme = world.owner("Acme").await;
    let (_, link, _) = world.partner(&acme, "Anna").await;
    let conversion = world.sale(&acme, "1", 100_000, &link).await;
    let base = format!("/manage/{}", acme.program.id);
    let mut browser = world.browser_of(acme.user).await;
    let id = browser.open(&format!("{base}/commissions")).await.ids("com_").remove(0);
    let decide = format!("{base}/commissions/decide");
    let here = conversion.to_string();
    let approve = [("decision", "approve"), ("id", id.as_str()), ("conversion", here.as_str())];
    let page = browser.submit_and_follow(&decide, &approve).await.says("1 commission is approved");
    let page = page.says("Undo").says("value=\"take_back\"").says(&id);
    page.says("The way to the purchase");
    let undo = [("decision", "take_back"), ("id", id.as_str())];
    browser.submit_and_follow(&decide, &undo).await.says("1 commission waits again").says("Undo");
}

#[tokio::test]
async fn what_was_agreed_is_reversed_for_a_reason_that_the_partner_reads() {
    let world = World::empty().await;
    let acme = world.owner("Acme").await;
    let (_, link, anna) = world.partner(&acme, "Anna").await;
    let conversion = world.sale(&acme, "1", 100_000, &link).await;
    let base = format!("/manage/{}", acme.program.id);
    let mut browser = world.browser_of(acme.user).await;
    let id = browser.open(&format!("{base}/commissions")).await.ids("com_").remove(0);
    let decide = format!("{base}/commissions/decide");
    let at = format!("{base}/conversions/{conversion}");
    browser.open(&at).await.is(200).does_not_say("Take the amount back…");
    browser.submit(&decide, &[("decision", "approve"), ("id", id.as_str())]).await.is(303);
    browser.open(&at).await.is(200).says("Take the amount back…");
    let here = conversion.to_string();
    let reverse = [("decision", "reverse"), ("id", id.as_str()), ("conversion", here.as_str())];
    let before = world.dump().await;
    let page = browser.submit(&format!("{base}/commissions/confirm"), &reverse).await.is(200);
    page.says("Take back 1 commission").says("200").says("cannot be undone").says("Why?");
    browser.submit(&decide, &reverse).await.is(422).says("Why?");
    assert_eq!(world.dump().await, before, "without a reason nothing is taken back");
    let mut with_reason = reverse.to_vec();
    with_reason.push(("reason", "self_referral"));
    browser.submit(&decide, &with_reason).await.leads_to(&at);
    browser.open(&at).await.is(200).says("1 commission is taken back").says("Taken back");
    let mut partner = world.browser_of(anna).await;
    partner.open(&format!("/my/earnings/{id}")).await.is(200).says("own purchase");
}

#[tokio::test]
async fn a_refund_and_a_correction_are_seen_in_numbers_before_they_are_done_once() {
    let world = World::empty().await;
    let acme = world.owner("Acme").await;
    let (_, link, _) = world.partner(&acme, "Anna").await;
    let conversion = world.sale(&acme, "1", 100_000, &link).await;
    let base = format!("/manage/{}/conversions/{conversion}", acme.program.id);
    let mut browser = world.browser_of(acme.user).await;
    browser.open(&base).await.is(200).says("Give money back").says("Put the amount right");

    let correct = format!("{base}/correct");
    browser.open(&correct).await.is(200).says("value=\"1000.00\"");
    let before = world.dump().await;
    for (amount, said) in [("many", "Write an amount"), ("-5", "Write zero or more")] {
        browser.submit(&correct, &[("amount", amount), ("once", "a")]).await.is(422).says(said);
    }
    let fields = [("amount", "800,00"), ("once", "a")];
    let page = browser.submit(&correct, &fields).await.is(200);
    page.says("Anna").says("200").says("160").says("Put it right");
    assert_eq!(world.dump().await, before, "a look changes nothing");
    let mut sure = fields.to_vec();
    sure.push(("sure", "yes"));
    browser.submit_and_follow(&correct, &sure).await.says("put right").says("160");

    let refund = format!("{base}/refund");
    browser.open(&refund).await.is(200).says("value=\"800.00\"");
    let fields = [("amount", "900"), ("kind", "refund"), ("once", "b")];
    browser.submit(&refund, &fields).await.is(422).says("more than is left");
    let fields = [("amount", "400"), ("kind", "refund"), ("once", "b"), ("reference", "K-17")];
    let before = world.dump().await;
    browser.submit(&refund, &fields).await.is(200).says("160").says("80");
    assert_eq!(world.dump().await, before, "a look changes nothing");
    let mut sure = fields.to_vec();
    sure.push(("sure", "yes"));
    browser.submit_and_follow(&refund, &sure).await.says("given back").says("80");
    let after = world.dump().await;
    // Sent twice by a double press: once.
    browser.submit(&refund, &sure).await.is(303);
    assert_eq!(world.dump().await, after);
    browser.open(&base).await.is(200).does_not_say("Put the amount right");
}

#[tokio::test]
async fn a_customer_who_leaves_early_costs_the_missing_months() {
    let world = World::empty().await;
    let acme = world.owner("Acme").await;
    let (_, link, anna) = world.partner(&acme, "Anna").await;
    let mut browser = world.browser_of(acme.user).await;
    let plan = r#"{"format": 1, "name": "First year", "rules": [{"id": "customer",
        "events": ["sale"], "amount": {"percent": "20", "of": "gross"},
        "clawback": {"months": 12, "takes": "missing"}}]}"#;
    let path = format!("/manage/{}/settings/plan", acme.program.id);
    let fields = [("document", plan), ("from", "2026-04-01")];
    browser.open(&path).await.is(200);
    browser.submit_and_follow(&path, &fields).await.says("The plan is saved.");
    world.clock.advance_seconds(60 * 86_400);
    let conversion = world.sale(&acme, "1", 100_000, &link).await;
    let base = format!("/manage/{}/conversions/{conversion}", acme.program.id);
    let mut browser = world.browser_of(acme.user).await;
    let page = browser.open(&base).await.is(200).says("The customer has left");
    page.says("leaves within 12 months, the months that are missing are taken back");

    let path = format!("{base}/departure");
    browser.open(&path).await.is(200).says("name=\"left_on\"");
    for (day, said) in
        [("soon", "Give a day"), ("2026-03-01", "after buying"), ("2027-01-01", "not come")]
    {
        browser.submit(&path, &[("left_on", day), ("once", "a")]).await.is(422).says(said);
    }
    world.clock.advance_seconds(100 * 86_400);
    let mut browser = world.browser_of(acme.user).await;
    browser.open(&path).await.is(200);
    let before = world.dump().await;
    let fields = [("left_on", "2026-08-02"), ("once", "a")];
    let page = browser.submit(&path, &fields).await.is(200).says("Anna").says("200").says("50");
    page.says("Take it back");
    assert_eq!(world.dump().await, before, "a look changes nothing");
    let sure = [fields[0], fields[1], ("sure", "yes")];
    let page = browser.submit_and_follow(&path, &sure).await.says("The departure is noted");
    page.says("Taken back because the customer left early").does_not_say("departure\"");
    let mut partner = world.browser_of(anna).await;
    let earning = partner.open("/my/earnings").await.is(200).ids("com_").remove(0);
    let page = partner.open(&format!("/my/earnings/{earning}")).await.is(200);
    page.says("Taken back because the customer left early");
}

/// A manager gives an amount and takes one, each said in numbers before; the partner reads who,
/// why and the words, and finds both in its earnings.
#[tokio::test]
async fn a_manager_gives_and_takes_an_amount_with_a_reason() {
    let world = World::empty().await;
    let acme = world.owner("Acme").await;
    let (partnership, _, anna) = world.partner(&acme, "Anna").await;
    let mut browser = world.browser_of(acme.user).await;
    let page = format!("/manage/{}/partners/{}", acme.program.id, partnership.id);
    let path = format!("{page}/amount");
    browser.open(&page).await.is(200).says("Give or take an amount");
    browser.open(&path).await.is(200).says("The partner reads this.");
    let note = "Webinar <12 November>";
    let wrong = [("way", "give"), ("amount", "0"), ("reason", "fee"), ("once", "a")];
    let seen = browser.submit(&path, &wrong).await.is(422);
    seen.says("above zero").says("Write 1 to 4,000");

    let fields =
        [("way", "give"), ("amount", "500"), ("reason", "fee"), ("note", note), ("once", "a")];
    let before = world.dump().await;
    let seen = browser.submit(&path, &fields).await.is(200).says("Anna gets");
    seen.says("500").says("Webinar &#60;12 November&#62;");
    assert_eq!(world.dump().await, before, "a look changes nothing");
    let mut sure = fields.to_vec();
    sure.push(("sure", "yes"));
    let seen = browser.submit_and_follow(&path, &sure).await;
    seen.says("waits for approval").says("Manual amount").does_not_say("page-a");
    let after = world.dump().await;
    browser.submit(&path, &sure).await.is(303);
    assert_eq!(world.dump().await, after, "a double press gives once");
    let take = [
        ("way", "take"),
        ("amount", "120,50"),
        ("reason", "correction"),
        ("note", "Paid twice"),
        ("once", "b"),
        ("sure", "yes"),
    ];
    browser.submit_and_follow(&path, &take).await.says("comes off the next payouts");

    let mut partner = world.browser_of(anna).await;
    let list = partner.open("/my/earnings").await.is(200).says("Manual amount");
    let mut told = String::new();
    for id in list.ids("com_") {
        told += &partner.open(&format!("/my/earnings/{id}")).await.is(200).text;
    }
    for words in [
        "Given by the program. Agreed fee",
        "Webinar &#60;12 November&#62;",
        "Taken back by the program. Correction",
        "Paid twice",
    ] {
        assert!(told.contains(words), "{words} in {told}");
    }
    let list = browser.open(&format!("/manage/{}/commissions", acme.program.id)).await.is(200);
    let given = list.ids("conv_").remove(0);
    let seen = browser.open(&format!("/manage/{}/conversions/{given}", acme.program.id)).await;
    seen.is(200).says("by Mette").does_not_say("The way to the purchase");
}

/// A file is sent on a page, its columns are named, and what is right in it is recorded.
#[tokio::test]
async fn a_file_with_rows_is_looked_at_and_recorded() {
    let world = World::empty().await;
    let owner = world.owner("Acme").await;
    let (partnership, _, _) = world.partner(&owner, "Anna").await;
    let mut browser = world.browser_of(owner.user).await;
    let base = format!("/manage/{}/uploads", owner.program.id);
    browser.open(&base).await.is(200).says("Upload a file");
    browser.upload(&base, "file", "none.csv", "no;sum\n").await.is(422).says("no rows");
    let file = format!("no;sum;code\nU-1;1.250,00;{}\nU-2;wrong;\n", partnership.code);
    let sent = browser.upload(&base, "file", "orders.csv", &file).await.is(303);
    let own = sent.location().to_owned();
    assert!(own.starts_with(&format!("{base}/upl_")), "{own}");
    browser.open(&own).await.is(200).says("Columns missing").says("1.250,00");
    let mut columns = vec![("decimal", "comma"), ("dates", "day_first"), ("event", "sale")];
    browser.submit(&format!("{own}/mapping"), &columns).await.is(422).says("Say which column");
    columns.extend([("column-0", "order_id"), ("column-1", "amount"), ("column-2", "via")]);
    browser.submit(&format!("{own}/mapping"), &columns).await.leads_to(&own);
    browser.open(&format!("{own}?outcome=refused")).await.is(200).says("wrong").says("U-2");
    browser.open(&own).await.is(200).says("Record 1 row");
    browser.submit(&format!("{own}/commit"), &[("version", "2")]).await.leads_to(&own);
    browser.open(&own).await.is(200).says("Recorded");
    let conversions = format!("/manage/{}/conversions", owner.program.id);
    browser.open(&conversions).await.is(200).says("U-1").says("Anna");
    browser.submit(&format!("{own}/cancel"), &[]).await.leads_to(&own);
    browser.open(&own).await.is(200).says("recorded or cancelled already");
}

/// The whole road on pages: asked from a missing sale, answered, refused, disputed, decided by a
/// colleague, with a look at what it does; both sides see it, and nobody more than they may.
#[tokio::test]
async fn a_question_about_money_goes_from_page_to_page_to_money() {
    let world = World::empty().await;
    let acme = world.owner("Acme").await;
    let (_, bo_link, bo) = world.partner(&acme, "Bo").await;
    let (anna_of, _, anna) = world.partner(&acme, "Anna").await;
    let sale = world.sale(&acme, "1009", 1_250_000, &bo_link).await;
    let mut partner = world.browser_of(anna).await;
    let known = [("kind", "order"), ("clue", "1009")];
    partner.open("/my/missing").await.is(200);
    let page = partner.submit("/my/missing", &known).await.is(200);
    page.says("Ask the program about it");
    let new = format!("/my/inquiries/new?program={}&conversion={sale}&order=1009", acme.program.id);
    partner.open(&new).await.is(200).says("Ask about money");
    let (own, conversion) = (anna_of.id.to_string(), sale.to_string());
    let mut fields = vec![
        ("partnership", own.as_str()),
        ("conversion", conversion.as_str()),
        ("order_id", "1009"),
        ("kind", "missing_sale"),
        ("evidence", "Receipt 1009"),
        ("words", "She came from my newsletter"),
        ("claimed", "abc"),
    ];
    partner.submit("/my/inquiries/new", &fields).await.is(422).says("Receipt 1009");
    fields.pop();
    fields.push(("claimed", "2500,00"));
    let seen = partner.submit("/my/inquiries/new", &fields).await.is(303);
    let path = seen.location().to_owned();
    partner.open(&path).await.is(200).says("Waits for the program").says("2,500");
    partner.open("/my/inquiries").await.is(200).says("A sale is missing");
    world.browser_of(bo).await.open(&path).await.is(404);

    let mut manager = world.browser_of(acme.user).await;
    let base = format!("/manage/{}", acme.program.id);
    manager.open(&base).await.is(200).says("1 partner waits for an answer about money");
    let list = manager.open(&format!("{base}/inquiries")).await.is(200).says("Anna");
    let one = format!("{base}/inquiries/{}", list.ids("inq_").remove(0));
    manager.open(&one).await.is(200).says("She came from my newsletter");
    manager.submit(&one, &[("act", "answer"), ("words", "")]).await.is(422);
    let no = [("act", "refuse"), ("reason", "another_partner"), ("words", "Bo brought her")];
    manager.submit_and_follow(&one, &no).await.says("Another partner brought the sale");
    let dispute = [("act", "dispute"), ("words", "She did not")];
    partner.submit_and_follow(&path, &dispute).await.says("Disputed");
    manager.open(&one).await.is(200).says("Somebody else of your organisation");
    manager.submit(&one, &no).await.is(422);

    let colleague = world.member(&acme, tributary_directory::Role::Manager).await;
    let mut manager = world.browser_of(colleague).await;
    manager.open(&one).await.is(200).says("What you decide holds");
    let yes = [("act", "accept"), ("gets", "credit"), ("words", "You were right")];
    let before = world.dump().await;
    let page = manager.submit(&one, &yes).await.is(200);
    page.says("2,500").says("taken back").says("Bo");
    assert_eq!(world.dump().await, before, "a look decides nothing");
    let mut sure = yes.to_vec();
    sure.push(("sure", "yes"));
    manager.submit_and_follow(&one, &sure).await.says("The sale is credited as asked");
    let page = partner.open(&path).await.is(200).says("You were right").says("Settled");
    page.says("The mediator").does_not_say("Mette of Acme");
    partner.open("/my/earnings").await.is(200).says("2,500");
    let report = tributary_app::verify::verify(&world.app, Some(acme.id), &mut |_| {}).await;
    assert!(report.unwrap().is_green());
}
