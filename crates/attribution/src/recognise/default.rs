use super::rule::{Condition, Rule};
use super::{ChannelTable, Condition as When};
use crate::Channel;

/// Search engines by host, and the names campaign tags give them.
const SEARCH: &[&str] = &[
    "google.*",
    "google",
    "bing.com",
    "bing",
    "duckduckgo.com",
    "duckduckgo",
    "yahoo.*",
    "yahoo",
    "ecosia.org",
    "ecosia",
    "startpage.com",
    "qwant.com",
    "baidu.com",
    "baidu",
    "yandex.*",
    "yandex",
    "naver.com",
    "naver",
    "seznam.cz",
    "search.brave.com",
    "kagi.com",
    "adwords",
    "googleads",
    "bingads",
    "microsoft",
];
/// Hosts of search companies that are not search: these come before.
const NOT_SEARCH: &[&str] = &[
    "mail.google.com",
    "docs.google.com",
    "drive.google.com",
    "sites.google.com",
    "groups.google.com",
    "meet.google.com",
    "calendar.google.com",
    "mail.yahoo.com",
    "mail.yandex.ru",
    "mail.yandex.com",
];
/// Social networks by host, and the names campaign tags give them.
const SOCIAL: &[&str] = &[
    "facebook.com",
    "facebook",
    "fb",
    "fb.me",
    "fb.com",
    "meta",
    "instagram.com",
    "instagram",
    "ig",
    "linkedin.com",
    "linkedin",
    "lnkd.in",
    "tiktok.com",
    "tiktok",
    "x.com",
    "twitter.com",
    "twitter",
    "t.co",
    "youtube.com",
    "youtube",
    "youtu.be",
    "pinterest.*",
    "pinterest",
    "reddit.com",
    "reddit",
    "snapchat.com",
    "snapchat",
    "threads.net",
    "threads",
    "bsky.app",
    "bluesky",
    "mastodon.social",
    "vk.com",
    "xing.com",
    "quora.com",
    "quora",
    "twitch.tv",
    "tumblr.com",
    "weibo.com",
    "line.me",
    "telegram.org",
    "t.me",
    "whatsapp.com",
    "discord.com",
];
const PAID: &[&str] = &[
    "cpc",
    "ppc",
    "paid",
    "paidsearch",
    "paid_search",
    "paid-search",
    "sem",
    "cpm",
    "cpv",
    "cpa",
    "paidsocial",
    "paid_social",
    "paid-social",
];
const MAIL_HOSTS: &[&str] = &[
    "mail.google.com",
    "outlook.live.com",
    "outlook.office.com",
    "outlook.office365.com",
    "mail.yahoo.com",
    "mail.proton.me",
    "mail.yandex.ru",
    "mail.yandex.com",
    "webmail.*",
];

fn words(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|&text| text.to_owned()).collect()
}

fn rule(name: &str, when: Vec<Condition>, channel: Channel) -> Rule {
    Rule { name: name.to_owned(), when, channel }
}

/// The table a program begins with. What is paid comes before what is not, tags and click ids
/// before the referrer: an ad's click has the search engine as its referrer too.
#[must_use]
pub fn default_table() -> ChannelTable {
    let has = |names: &[&str]| When::HasParameter(words(names));
    let medium = |names: &[&str]| When::Medium(words(names));
    let rules = vec![
        rule(
            "click id of another affiliate network",
            vec![has(&[
                "irclickid",
                "awc",
                "cjevent",
                "tduid",
                "zanpid",
                "clickref",
                "ranmid",
                "ransiteid",
                "sscid",
                "afclick",
                "utm_awin",
                "adtr_clickid",
                "partnerize_clickref",
            ])],
            Channel::OTHER_NETWORK,
        ),
        rule(
            "tagged as affiliate",
            vec![medium(&["affiliate", "affiliates", "partner", "partners"])],
            Channel::OTHER_NETWORK,
        ),
        rule(
            "click id of a search ad",
            vec![has(&["gclid", "gbraid", "wbraid", "msclkid", "yclid"])],
            Channel::PAID_SEARCH,
        ),
        rule(
            "click id of a social ad, tagged as paid",
            vec![has(&["fbclid", "igshid"]), medium(PAID)],
            Channel::PAID_SOCIAL,
        ),
        rule(
            "click id of a social ad",
            vec![has(&["ttclid", "li_fat_id", "twclid", "rdt_cid", "sccid", "epik", "qclid"])],
            Channel::PAID_SOCIAL,
        ),
        rule(
            "click id of a display ad",
            vec![has(&["dclid", "obclid", "tblci"])],
            Channel::DISPLAY,
        ),
        rule(
            "tagged as paid, on a search engine",
            vec![medium(PAID), When::Source(words(SEARCH))],
            Channel::PAID_SEARCH,
        ),
        rule(
            "tagged as paid, on a social network",
            vec![medium(PAID), When::Source(words(SOCIAL))],
            Channel::PAID_SOCIAL,
        ),
        rule(
            "tagged as paid search",
            vec![medium(&["paidsearch", "paid_search", "paid-search", "sem"])],
            Channel::PAID_SEARCH,
        ),
        rule(
            "tagged as paid social",
            vec![medium(&[
                "paidsocial",
                "paid_social",
                "paid-social",
                "social_paid",
                "social-paid",
            ])],
            Channel::PAID_SOCIAL,
        ),
        rule(
            "tagged as display or other paid media",
            vec![medium(&[
                "display",
                "banner",
                "cpm",
                "cpc",
                "ppc",
                "cpv",
                "cpa",
                "paid",
                "retargeting",
                "remarketing",
                "native",
                "video",
                "interstitial",
                "expandable",
            ])],
            Channel::DISPLAY,
        ),
        rule(
            "tagged as e-mail",
            vec![medium(&["email", "e-mail", "e_mail", "mail", "newsletter"])],
            Channel::EMAIL,
        ),
        rule(
            "source is e-mail",
            vec![When::Source(words(&["email", "e-mail", "newsletter", "mailchimp", "klaviyo"]))],
            Channel::EMAIL,
        ),
        rule(
            "tagged as social",
            vec![medium(&[
                "social",
                "social-network",
                "social_network",
                "social-media",
                "social_media",
                "sm",
                "organic_social",
                "organic-social",
            ])],
            Channel::ORGANIC_SOCIAL,
        ),
        rule(
            "tagged as organic",
            vec![medium(&["organic", "organic_search", "organic-search"])],
            Channel::ORGANIC_SEARCH,
        ),
        rule("tagged as referral", vec![medium(&["referral", "link"])], Channel::REFERRAL),
        rule(
            "tagged source is a social network",
            vec![When::Source(words(SOCIAL))],
            Channel::ORGANIC_SOCIAL,
        ),
        rule(
            "click id of a social post",
            vec![has(&["fbclid", "igshid"])],
            Channel::ORGANIC_SOCIAL,
        ),
        rule("mail in a browser", vec![When::Referrer(words(MAIL_HOSTS))], Channel::EMAIL),
        rule(
            "a search company, not its search",
            vec![When::Referrer(words(NOT_SEARCH))],
            Channel::REFERRAL,
        ),
        rule("from a search engine", vec![When::Referrer(words(SEARCH))], Channel::ORGANIC_SEARCH),
        rule("from a social network", vec![When::Referrer(words(SOCIAL))], Channel::ORGANIC_SOCIAL),
    ];
    ChannelTable { rules, own_hosts: Vec::new() }
}
