//! Which `User-Agent`s are machines. Our own short list of true patterns, each bound to whole
//! words: a filter that looks for `http` or `node` anywhere loses real people in the browsers
//! that apps carry inside them, and a lost click is somebody's unpaid work. A machine that hides
//! behind a browser's agent is not for this list to find.

/// No more of an agent than this is looked at.
const AGENT_BYTES_MAX: usize = 1_024;
/// Longer words are none of ours.
const WORD_BYTES_MAX: usize = 24;

/// Words that end like this are machines' names (`Googlebot`, `Baiduspider`, `GPTBot`)...
const SUFFIXES: [&[u8]; 3] = [b"bot", b"spider", b"crawler"];
/// ...except these: CUBOT makes telephones.
const NOT_MACHINES: [&[u8]; 1] = [b"cubot"];

/// Whole words (runs of letters and digits) anywhere in the agent, in lower case, sorted.
/// `cfnetwork` is an app's own networking on Apple's systems, not its in-app browser.
const WORDS: [&str; 63] = [
    "apachebench",
    "archiver",
    "bingpreview",
    "bubing",
    "censysinspect",
    "cfnetwork",
    "datadog",
    "embedly",
    "externalagent",
    "externalfetcher",
    "facebookcatalog",
    "facebookexternalhit",
    "feedburner",
    "feedfetcher",
    "feedly",
    "flipboardproxy",
    "ggpht",
    "gomezagent",
    "googleimageproxy",
    "googleother",
    "headlesschrome",
    "heritrix",
    "htmlunit",
    "httrack",
    "iframely",
    "imgproxy",
    "inspectiontool",
    "kube",
    "lighthouse",
    "linkexpanding",
    "mastodon",
    "mediapartners",
    "microsoftpreview",
    "msoffice",
    "netcraftsurveyagent",
    "newrelicpinger",
    "nikto",
    "nmap",
    "nutch",
    "pagerenderer",
    "phantomjs",
    "pingdom",
    "pingdompagespeed",
    "pingdomtms",
    "playwright",
    "prerender",
    "ptst",
    "puppeteer",
    "qwantify",
    "scrap",
    "scrapy",
    "selenium",
    "siteimprove",
    "skypeuripreview",
    "slurp",
    "statuscake",
    "validator",
    "vkshare",
    "webpagetest",
    "windowspowershell",
    "yahoomailproxy",
    "yeti",
    "zgrab",
];

/// Products that stand first in the agent, in lower case: libraries and tools that fetch without
/// a browser, and apps whose servers fetch previews under the app's own name (their in-app
/// browsers begin with `Mozilla/5.0`). `dalvik` is an Android app's own networking.
const PRODUCTS: [&str; 61] = [
    "aiohttp",
    "amazon cloudfront",
    "apache-httpclient",
    "asynchttpclient",
    "axios",
    "barracuda sentinel",
    "bitrix link preview",
    "bun",
    "chrome privacy preserving prefetch proxy",
    "curl",
    "dalvik",
    "dart",
    "deno",
    "expanse",
    "faraday",
    "fasthttp",
    "go-http-client",
    "got",
    "guzzle",
    "guzzlehttp",
    "http.rb",
    "httpclient",
    "httpie",
    "httpx",
    "insomnia",
    "java",
    "java-http-client",
    "jetty",
    "ktor-client",
    "libcurl",
    "libwww-perl",
    "lua-resty-http",
    "lwp-trivial",
    "lychee",
    "masscan",
    "mechanize",
    "microsoft office",
    "microsoft office existence discovery",
    "node",
    "node-fetch",
    "node-superagent",
    "okhttp",
    "php",
    "postmanruntime",
    "powershell",
    "python",
    "python-httpx",
    "python-requests",
    "python-urllib",
    "reactornetty",
    "reqwest",
    "rest-client",
    "restsharp",
    "ruby",
    "snap url preview service",
    "typhoeus",
    "undici",
    "uptime-kuma",
    "ureq",
    "wget",
    "whatsapp",
];

/// Whether an agent is a machine by its own account: none at all, a known machine, or the
/// `(+http://...)` by which crawlers say whom to write to.
pub(crate) fn is_machine(agent: &str) -> bool {
    let agent = &agent.as_bytes()[..agent.len().min(AGENT_BYTES_MAX)];
    let agent = agent.trim_ascii();
    is_nothing(agent)
        || (!begins_with(agent, b"mozilla")
            && PRODUCTS.iter().any(|product| begins_with(agent, product.as_bytes())))
        || gives_contact(agent)
        || agent.split(|byte| !byte.is_ascii_alphanumeric()).any(is_machine_word)
}

/// Absent, or the bare beginning that every browser puts before what it really is.
fn is_nothing(agent: &[u8]) -> bool {
    let bare: [&[u8]; 5] = [b"", b"-", b"mozilla", b"mozilla/4.0", b"mozilla/5.0"];
    bare.iter().any(|nothing| agent.eq_ignore_ascii_case(nothing))
}

/// Whether the product stands first and ends there, at its version or at a blank.
fn begins_with(agent: &[u8], product: &[u8]) -> bool {
    let Some((start, rest)) = agent.split_at_checked(product.len()) else { return false };
    start.eq_ignore_ascii_case(product)
        && matches!(rest.first(), None | Some(b'/' | b' ' | b'(' | b';' | b',' | b'-'))
}

/// `+http` after a blank, bracket or semicolon: no browser writes that, in an app or not.
fn gives_contact(agent: &[u8]) -> bool {
    agent.windows(6).any(|window| {
        window[1] == b'+'
            && matches!(window[0], b'(' | b' ' | b';' | b',')
            && window[2..].eq_ignore_ascii_case(b"http")
    })
}

fn is_machine_word(word: &[u8]) -> bool {
    let may_be = (3..=WORD_BYTES_MAX).contains(&word.len()) && !word[0].is_ascii_digit();
    if !may_be {
        return false;
    }
    let mut lower = [0; WORD_BYTES_MAX];
    let lower = &mut lower[..word.len()];
    lower.copy_from_slice(word);
    lower.make_ascii_lowercase();
    let ends_like_one = SUFFIXES.iter().any(|suffix| lower.ends_with(suffix));
    if ends_like_one {
        return !NOT_MACHINES.iter().any(|name| *name == lower);
    }
    WORDS.binary_search_by(|known| known.as_bytes().cmp(lower)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_sorted_lower_case_and_within_the_limit() {
        assert!(WORDS.is_sorted());
        for word in WORDS {
            assert!(word.len() <= WORD_BYTES_MAX, "{word}");
            assert!(word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()), "{word}");
        }
        assert!(PRODUCTS.iter().all(|product| *product == product.to_ascii_lowercase()));
    }
}
