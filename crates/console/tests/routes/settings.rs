//! Terms, plan, keys, going live, quarantine.

use tributary_app::conversion::{ReportConversion, report_conversions};
use tributary_directory::Mode;
use tributary_money::{Currency, Money};

use crate::world::{PLAN, World};

#[tokio::test]
async fn terms_are_changed_as_a_whole_or_not_at_all() {
    let world = World::empty().await;
    let acme = world.owner("Acme").await;
    let path = format!("/manage/{}/settings", acme.program.id);
    let mut browser = world.browser_of(acme.user).await;
    browser.open(&path).await.is(200).says("value=\"Acme CRM\"");
    let good = [
        ("name", "Acme Pro"),
        ("landing_url", "https://www.acme.example/pro"),
        ("fallback_url", ""),
        ("allowed_domains", "acme.example\nshop.example"),
        ("paused", "on"),
        ("time_zone", "Europe/Copenhagen"),
        ("window_days", "60"),
        ("hold_days", "14"),
        ("approve_after_hold", "on"),
        ("payout_minimum", "250.00"),
        ("payout_day", "20"),
        ("consent_mode", "required"),
        ("consent_basis", ""),
    ];
    let mut wrong = good;
    wrong[1].1 = "acme";
    wrong[3].1 = "https://";
    wrong[6].1 = "many";
    wrong[9].1 = "2,5,0";
    let before = world.dump().await;
    let page = browser.submit(&path, &wrong).await.is(422);
    let mut page = page.says("value=\"Acme Pro\"").says("value=\"many\"");
    for field in ["landing_url", "allowed_domains", "window_days", "payout_minimum"] {
        page = page.says(&format!("id=\"{field}-error\""));
    }
    let mut elsewhere = good;
    elsewhere[5].1 = "Europe/Stockholm";
    let page = browser.submit(&path, &elsewhere).await.is(422);
    page.says("The time zone of a live program cannot be changed.");
    assert_eq!(world.dump().await, before);
    let page = browser.submit_and_follow(&path, &good).await.says("Saved.");
    page.says("value=\"Acme Pro\"").says("value=\"250.00\"").says("shop.example");
    let program = acme.program.id;
    let found = tributary_app::directory::find_program(&world.app, &acme.actor, program).await;
    let terms = found.unwrap().terms;
    assert_eq!((terms.window_days, terms.hold_days, terms.payout_minimum), (60, 14, 25_000));
    assert!(terms.approve_after_hold && !terms.coupon_over_click);
}

#[tokio::test]
async fn a_plan_is_saved_when_it_can_be_used_and_its_warnings_are_confirmed() {
    let world = World::empty().await;
    let acme = world.owner("Acme").await;
    let path = format!("/manage/{}/settings/plan", acme.program.id);
    let mut browser = world.browser_of(acme.user).await;
    browser.open(&path).await.is(200).says("for 12 months").says("20%").says("Version 1");
    let broken = PLAN.replace("\"20\"", "\"twenty\"");
    let fields = [("document", broken.as_str()), ("from", "2026-04-01")];
    let page = browser.submit(&path, &fields).await.is(422).says("cannot be used yet");
    page.says("twenty").says("/rules/1").says("value=\"2026-04-01\"");
    let fields = [("document", PLAN), ("from", "2026-04-01")];
    browser.submit(&path, &fields).await.is(422).says("plan already in force");
    let unusual = PLAN.replace("\"20\"", "\"120\"");
    let past = [("document", unusual.as_str()), ("from", "2026-01-01"), ("confirmed", "yes")];
    browser.submit(&path, &past).await.is(422).says("id=\"from-error\"");
    let fields = [("document", unusual.as_str()), ("from", "2026-04-01")];
    let page = browser.submit(&path, &fields).await.is(422).says("look at this first");
    page.says("pays more than the sale").says("name=\"confirmed\" value=\"yes\"");
    let confirmed = [fields[0], fields[1], ("confirmed", "yes")];
    let page = browser.submit_and_follow(&path, &confirmed).await.says("The plan is saved.");
    page.says("Version 1").says("120");
}

#[tokio::test]
async fn credit_is_set_and_its_mistakes_stand_at_their_fields() {
    let world = World::empty().await;
    let acme = world.owner("Acme").await;
    let path = format!("/manage/{}/settings/attribution", acme.program.id);
    let mut browser = world.browser_of(acme.user).await;
    let page = browser.open(&path).await.is(200).says("Last partner click");
    page.says("Three partners and an advertisement").says("value=\"40/20/40\"");
    let good = [
        ("model", "time_decay"),
        ("half_life_days", "14"),
        ("u", "50/0/50"),
        ("w", "30/30/30/10"),
        ("floor", "33.5"),
        ("base", "linear_touches"),
        ("click_window_days", "60"),
        ("coupon_window_days", "90"),
        ("windows", "qualified_lead click 120\n* visit 10"),
        ("precedence", "alike"),
        ("customer_stays", "on"),
        ("against", "listed"),
        ("channels", "paid_search"),
        ("from", ""),
        ("people", "company"),
    ];
    let mut wrong = good;
    wrong[1].1 = "0";
    wrong[2].1 = "0/0/0";
    wrong[8].1 = "sale";
    wrong[12].1 = "coupon";
    let before = world.dump().await;
    browser.submit(&path, &wrong).await.is(422).says("id=\"windows-error\"");
    wrong[8].1 = "";
    let mut page = browser.submit(&path, &wrong).await.is(422);
    for field in ["half_life_days", "u", "channels"] {
        page = page.says(&format!("id=\"{field}-error\""));
    }
    assert_eq!(world.dump().await, before);
    let page = browser.submit_and_follow(&path, &good).await.says("credit is given is saved");
    page.says("value=\"33.5\"").says("qualified_lead click 120").says("2. Younger counts more");
    browser.submit(&path, &good).await.is(422).says("does this already");
}

#[tokio::test]
async fn common_plans_are_written_by_a_form_and_read_in_words_before_they_are_saved() {
    let world = World::empty().await;
    let acme = world.owner("Acme").await;
    let path = format!("/manage/{}/settings/plan", acme.program.id);
    let mut browser = world.browser_of(acme.user).await;
    let asked = format!(
        "{path}?sale=12,5&unit=net&payments=months&months=24&from1=11&step1=15&from2=&step2=\
         &lead=&qualified_lead=500"
    );
    let page = browser.open(&asked).await.is(200).says("This is what it would pay");
    let page =
        page.says("12.5%").says("for 24 months").says("from number 11 in a month").says("15%");
    let page = page.says("Qualified lead").says("500.00").says("Version 1");
    let document = page.text.split("<textarea").nth(1).unwrap();
    let document = document.split_once(">\n").unwrap().1.split_once("</textarea>").unwrap().0;
    let document = document.replace("&#34;", "\"");
    let fields = [("document", document.as_str()), ("from", "")];
    let page = browser.submit_and_follow(&path, &fields).await.says("The plan is saved.");
    page.says("Version 2").says("from number 11 in a month");

    // Each mistake stands at its field, and no document is made of it.
    let rest = "unit=net&from2=&step2=&lead=";
    let wrong =
        format!("{path}?sale=&payments=months&months=x&from1=&step1=15&qualified_lead=&{rest}");
    browser.open(&wrong).await.is(200).says("id=\"sale-error\"").does_not_say("would pay");
    let wrong =
        format!("{path}?sale=5&payments=months&months=x&from1=&step1=&qualified_lead=&{rest}");
    browser.open(&wrong).await.is(200).says("id=\"months-error\"").does_not_say("would pay");
    let wrong = format!("{path}?sale=5&payments=each&from1=3&step1=&qualified_lead=&{rest}");
    browser.open(&wrong).await.is(200).says("id=\"step1-error\"").does_not_say("would pay");
    let wrong = format!("{path}?sale=5&payments=each&from1=&step1=&qualified_lead=few&{rest}");
    let page = browser.open(&wrong).await.is(200).says("id=\"qualified_lead-error\"");
    page.does_not_say("id=\"sale-error\"").does_not_say("would pay");
}

#[tokio::test]
async fn another_plan_is_tried_on_what_was_sold() {
    let world = World::empty().await;
    let acme = world.owner("Acme").await;
    let (_, link, _) = world.partner(&acme, "Anna").await;
    let sold = world.sale(&acme, "1", 100_000, &link).await;
    let path = format!("/manage/{}/settings/plan/what-if", acme.program.id);
    let mut browser = world.browser_of(acme.user).await;
    let page = browser.open(&path).await.is(200).says("Nothing is saved");
    page.says("&#34;rules&#34;").does_not_say("With this plan");
    let plan = r#"{"format": 1, "name": "Third", "rules": [{"id": "sale", "events": ["sale"],
        "amount": {"percent": "33", "of": "gross"}}]}"#;
    let id = sold.to_string();
    let asked = [("document", plan), ("conversion", id.as_str())];
    let page = browser.submit(&path, &asked).await.is(200).says("330.00").says("With this plan");
    page.says("One partner earns more").says("Anna").says(&id);
    // Nothing was saved.
    let plans = tributary_app::directory::list_plans(&world.app, &acme.actor, acme.program.id);
    assert_eq!(plans.await.unwrap().len(), 1);
    let wrong = [
        ("document", plan),
        ("what_if_from", "2026-05-01"),
        ("what_if_until", "2026-04-01"),
        ("conversion", ""),
    ];
    browser.submit(&path, &wrong).await.is(422).says("before the first day");
    let wrong = [("document", "{}"), ("conversion", "")];
    browser.submit(&path, &wrong).await.is(422).says("cannot be used");
    let wrong = [("document", plan), ("conversion", "conv_x")];
    browser.submit(&path, &wrong).await.is(422).says("no such conversion");
}

#[tokio::test]
async fn every_ready_plan_can_be_begun_with() {
    let world = World::empty().await;
    let acme = world.owner("Acme").await;
    let mut browser = world.browser_of(acme.user).await;
    for plan in tributary_commission::ready::READY_PLANS {
        let path = format!("/manage/{}/settings/plan?ready={}", acme.program.id, plan.id);
        let page = browser.open(&path).await.is(200);
        // What this version cannot supply is not offered, and says why when it is asked for.
        let document = plan.document(plan.currency.unwrap_or(Currency::DKK)).unwrap();
        if tributary_app::conversion::unsupported(&document).is_empty() {
            let page = page.says("This is what it would pay");
            page.says(&format!("value=\"{}\" selected", plan.id)).does_not_say("cannot be used");
        } else {
            page.says("cannot pay by this yet").does_not_say(&format!("value=\"{}\"", plan.id));
        }
    }
    let path = format!("/manage/{}/settings/plan?ready=none", acme.program.id);
    browser.open(&path).await.is(200).does_not_say("This is what it would pay");
}

#[tokio::test]
async fn a_key_is_shown_once_and_revoked_after_a_question() {
    let world = World::empty().await;
    let acme = world.owner("Acme").await;
    let path = format!("/manage/{}/settings/keys", acme.program.id);
    let mut browser = world.browser_of(acme.user).await;
    let page = browser.open(&path).await.is(200).says("https://go.example/t.js");
    page.says(&acme.program.public_key);
    let empty = [("name", " "), ("scope", "report")];
    browser.submit(&path, &empty).await.is(422).says("id=\"name-error\"");
    browser.submit(&path, &[("name", "Shop"), ("scope", "all")]).await.is(422);
    let fields = [("name", "Shop"), ("scope", "report")];
    let page = browser.submit(&path, &fields).await.is(200).says("trib_sk_");
    let secret = page.ids("trib_sk_");
    assert!(!secret.is_empty());
    let page = browser.open(&path).await.is(200).says("Shop");
    assert!(!page.text.contains(&secret[0]), "only its beginning is kept");
    let key = page.ids("key_").remove(0);
    let revoke = format!("{path}/{key}/revoke");
    browser.submit(&revoke, &[]).await.is(200).says("stops at once");
    browser.open(&path).await.is(200).says("Shop");
    let page = browser.submit_and_follow(&revoke, &[("sure", "yes")]).await;
    page.says("The key is revoked.").does_not_say("Shop");
}

#[tokio::test]
async fn a_new_program_is_in_test_mode_until_somebody_is_sure() {
    let world = World::empty().await;
    let acme = world.owner("Acme").await;
    let mut browser = world.browser_of(acme.user).await;
    browser.open("/manage/new").await.is(200);
    let wrong = [("program", ""), ("currency", "SEK"), ("time_zone", "Mars"), ("landing_url", "")];
    let page = browser.submit("/manage/new", &wrong).await.is(422);
    page.says("id=\"program-error\"").says("id=\"time_zone-error\"");
    let good = [
        ("program", "Shop"),
        ("currency", "SEK"),
        ("time_zone", "Europe/Stockholm"),
        ("landing_url", "https://shop.example/"),
    ];
    let made = browser.submit("/manage/new", &good).await.is(303);
    let base = made.location().to_owned();
    browser.open(&base).await.is(200).says("Test mode").says("in test mode until");
    let live = format!("{base}/settings/live");
    browser.open(&live).await.is(200).says("no way back");
    browser.submit(&live, &[]).await.is(200).says("no way back");
    let sure = [("sure", "yes")];
    browser.submit(&live, &sure).await.leads_to(&format!("{base}/settings/plan"));
    let page = browser.open(&format!("{base}/settings/plan")).await.is(200).says("no plan yet");
    page.says("&#34;format&#34;: 1");
    let plan = PLAN.replace("DKK", "SEK");
    let fields = [("document", plan.as_str()), ("from", "")];
    browser.submit_and_follow(&format!("{base}/settings/plan"), &fields).await.says("is saved");
    browser.submit_and_follow(&live, &sure).await.says("live").does_not_say("Test mode");
    let id = base.trim_start_matches("/manage/").parse().unwrap();
    let found = tributary_app::directory::find_program(&world.app, &acme.actor, id).await;
    assert_eq!(found.unwrap().mode, Mode::Live);
}

#[tokio::test]
async fn what_could_not_be_used_is_reported_again_or_put_away() {
    let world = World::empty().await;
    let acme = world.owner("Acme").await;
    world.partner(&acme, "Anna").await;
    for order in ["1", "2"] {
        let report = ReportConversion {
            program: Some(acme.program.id),
            kind: "sale".into(),
            order_id: order.into(),
            amount: Some(Money::new(10_000, Currency::DKK)),
            occurred_at: Some("2024-03-02T09:00:00Z".parse().unwrap()),
            ..ReportConversion::default()
        };
        report_conversions(&world.app, &acme.actor, vec![report]).await.unwrap();
    }
    let base = format!("/manage/{}", acme.program.id);
    let mut browser = world.browser_of(acme.user).await;
    browser.open(&base).await.is(200).says("2 reports could not be used");
    let path = format!("{base}/quarantine");
    let page = browser.open(&path).await.is(200).says("more than 400 days back");
    let start = format!("{path}/");
    let facts: Vec<String> = page
        .text
        .split(&format!("action=\"{start}"))
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect();
    assert_eq!(facts.len(), 2);
    let (first, second) = (format!("{start}{}", facts[0]), format!("{start}{}", facts[1]));
    let page = browser.submit_and_follow(&first, &[("answer", "replay"), ("day", "")]).await;
    page.says("tone-declined");
    let right = [("answer", "replay"), ("day", "2026-03-01")];
    browser.submit_and_follow(&first, &right).await.says("reported and decided");
    let page = browser.submit_and_follow(&second, &[("answer", "dismiss")]).await;
    page.says("put away").says("Nothing waits");
    browser.submit_and_follow(&second, &[("answer", "dismiss")]).await.says("tone-declined");
    browser.open(&format!("{base}/conversions")).await.is(200).says("No partner");
}
