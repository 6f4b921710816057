//! Who is a person and who a machine, by what they say and how they ask.

use tributary_click::{Class, RequestFacts, classify, device};

const PEOPLE: &str = include_str!("people.txt");
const MACHINES: &str = include_str!("machines.txt");

fn lines(table: &'static str) -> impl Iterator<Item = &'static str> {
    table.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

fn people() -> impl Iterator<Item = (&'static str, &'static str)> {
    lines(PEOPLE).map(|line| line.split_once(" | ").expect("two columns"))
}

fn class(user_agent: &str) -> Class {
    classify(&RequestFacts { method: "GET", user_agent, ..RequestFacts::default() })
}

#[test]
fn people_count_whatever_app_they_are_in() {
    assert!(people().count() >= 60);
    for (on, agent) in people() {
        assert_eq!(class(agent), Class::Countable, "{agent}");
        assert_eq!(device(agent).as_str(), on, "{agent}");
    }
}

#[test]
fn machines_do_not_count() {
    assert!(lines(MACHINES).count() >= 60);
    for agent in lines(MACHINES) {
        assert_eq!(class(agent), Class::Bot, "{agent}");
        assert_eq!(class(&format!(" {} ", agent.to_ascii_uppercase())), Class::Bot, "{agent}");
    }
    assert_eq!(class(""), Class::Bot, "no agent at all");
}

/// Words that contain a machine's name, or that careless filters look for.
#[test]
fn words_are_whole() {
    let person = "Mozilla/5.0 (Linux; Android 14; X) AppleWebKit/537.36 (KHTML) Mobile Safari/1";
    let harmless = [
        "http",
        "https://example.com",
        "node",
        "nodejs",
        "curlew",
        "javanese",
        "gotham",
        "Python",
        "botany",
        "bottle",
        "spiderman",
        "crawlers",
        "scrapbook",
        "pinging",
        "WhatsApp/2.24",
        "okhttp/4.12",
        "rubyred",
        "cubot",
        "Roboto",
        "C++http",
        "a+http://b",
    ];
    for word in harmless {
        assert_eq!(class(&format!("{person} {word}")), Class::Countable, "{word}");
        assert_eq!(class(&format!("{person} ({word}; da)")), Class::Countable, "{word}");
    }
    let telling = ["SomeBot", "some_bot", "bot", "xyz-spider/2", "(+https://a.example)", "Scrapy"];
    for word in telling {
        assert_eq!(class(&format!("{person} {word}")), Class::Bot, "{word}");
    }
    let long = format!("{} somebot", "x".repeat(5_000));
    assert_eq!(class(&long), Class::Countable, "there is an end to looking");
}

/// How a browser says what it fetches for: method, then headers, then the class.
const REQUESTS: &str = "
GET  |                                                          | countable
GET  | dest=document mode=navigate site=cross-site              | countable
GET  | dest=document mode=navigate site=none accept=text/html   | countable
GET  | dest=Document mode=Navigate                              | countable
GET  | accept=*/*                                               | countable
GET  | accept=text/html,application/xml;q=0.9,image/avif        | countable
HEAD | dest=document mode=navigate                              | head
head |                                                          | head
HEAD | secpurpose=prefetch                                      | head
GET  | dest=document mode=navigate secpurpose=prefetch          | prefetch
GET  | dest=document mode=navigate secpurpose=prefetch;prerender | prefetch
GET  | secpurpose=prefetch;anonymous-client-ip                  | prefetch
GET  | purpose=prefetch                                         | prefetch
GET  | purpose=preview                                          | prefetch
GET  | xmoz=prefetch                                            | prefetch
GET  | secpurpose=browsing                                      | countable
GET  | dest=empty mode=cors secpurpose=prefetch                 | prefetch
GET  | dest=iframe mode=navigate                                | hidden
GET  | dest=frame mode=navigate                                 | hidden
GET  | dest=embed mode=navigate                                 | hidden
GET  | dest=object mode=navigate                                | hidden
GET  | dest=image mode=no-cors                                  | hidden
GET  | dest=script mode=no-cors                                 | hidden
GET  | dest=style mode=no-cors                                  | hidden
GET  | dest=empty mode=cors                                     | hidden
GET  | dest=empty mode=no-cors                                  | hidden
GET  | dest=document                                            | countable
GET  | mode=navigate                                            | countable
GET  | mode=no-cors                                             | hidden
GET  | accept=image/avif,image/webp,image/apng,image/*,*/*;q=0.8 | hidden
";

#[test]
fn a_click_is_a_navigation_to_a_document() {
    let (_, person) = people().next().expect("someone");
    for line in lines(REQUESTS) {
        let columns: Vec<&str> = line.split('|').map(str::trim).collect();
        let header = |name: &str| {
            let mut pairs = columns[1].split_whitespace().filter_map(|pair| pair.split_once('='));
            pairs.find(|(key, _)| *key == name).map(|(_, value)| value)
        };
        let facts = RequestFacts {
            method: columns[0],
            user_agent: person,
            sec_fetch_dest: header("dest"),
            sec_fetch_mode: header("mode"),
            sec_fetch_site: header("site"),
            sec_purpose: header("secpurpose"),
            purpose: header("purpose"),
            x_moz: header("xmoz"),
            accept: header("accept"),
        };
        assert_eq!(classify(&facts).as_str(), columns[2], "{line}");
        assert_eq!(classify(&facts).counts(), columns[2] == "countable");
    }
}
