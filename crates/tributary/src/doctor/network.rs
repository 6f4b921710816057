//! How people reach it: addresses, proxies, mail. What a running server sees is asked of itself.

use std::net::SocketAddr;

use http::Uri;
use tributary_web::Cidr;

use super::{Check, ask};
use crate::config::Config;

pub(super) async fn examine(config: &Config) -> Vec<Check> {
    let (web, metrics) = (running(config.web.listen, "/ready").await, config.metrics.listen);
    let figures = running(metrics, "/metrics").await.ok().map(|(_, body)| body);
    let mut checks = vec![serving(config.web.listen, &web)];
    checks.push(proxies(config, figures.as_deref()));
    checks.push(exposed(config));
    checks.push(public("web_address", &config.web.public_url, "/health").await);
    checks.push(public("edge_address", &config.edge.public_url, "/_trib/health").await);
    checks.push(mail(config));
    checks
}

async fn running(address: SocketAddr, path: &str) -> Result<(u16, String), String> {
    let mut near = address;
    if near.ip().is_unspecified() {
        // What listens everywhere listens here.
        near.set_ip(match near {
            SocketAddr::V4(_) => std::net::Ipv4Addr::LOCALHOST.into(),
            SocketAddr::V6(_) => std::net::Ipv6Addr::LOCALHOST.into(),
        });
    }
    ask::get(&near.to_string(), "localhost", path).await
}

fn serving(address: SocketAddr, answer: &Result<(u16, String), String>) -> Check {
    let name = "serving";
    match answer {
        Ok((200, _)) => Check::ok(name, format!("{address} is ready")),
        Ok((status, body)) => {
            let found = format!("{address} answers {status}: {}", body.trim());
            Check::fail(name, found, "The checks above and its log say why it is not ready.")
        }
        Err(error) => Check::warn(
            name,
            format!("nothing serves on {address}: {error}"),
            "Start it: systemctl start tributary.",
        ),
    }
}

/// A counter of a running server.
fn counter(figures: &str, name: &str) -> Option<u64> {
    figures.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')?.parse().ok())
}

fn proxies(config: &Config, figures: Option<&str>) -> Check {
    let name = "proxy_headers";
    let trusted = &config.web.trusted_proxies;
    for text in trusted {
        if text.parse::<Cidr>().is_err() {
            let found = format!("web.trusted_proxies names `{text}`, which is no address block");
            return Check::fail(name, found, "Write it like 10.0.0.0/8 or 127.0.0.1.");
        }
        if text.ends_with("/0") {
            let found = format!("web.trusted_proxies believes everybody ({text})");
            let remedy = "Name your proxies alone: now each visitor chooses an address.";
            return Check::fail(name, found, remedy);
        }
    }
    let ignored = figures.and_then(|it| counter(it, "tributary_http_forwarded_ignored_total"));
    if let Some(ignored @ 1..) = ignored {
        let found = format!(
            "{ignored} requests came with forwarded headers from an address that \
             web.trusted_proxies does not name; they were ignored"
        );
        let remedy = "If your proxy sent them, name its address; else somebody tried, in vain.";
        return Check::warn(name, found, remedy);
    }
    let https = [&config.web.public_url, &config.edge.public_url]
        .iter()
        .any(|url| url.starts_with("https://"));
    if https && trusted.is_empty() {
        let found = "a proxy must stand in front, for TLS, and web.trusted_proxies is empty";
        let remedy = "Name the proxy's address: without it all visitors have that address, and the \
                      limits on one caller hold for all together.";
        return Check::warn(name, found, remedy);
    }
    let believed = figures.and_then(|it| counter(it, "tributary_http_forwarded_believed_total"));
    match (believed, trusted.is_empty()) {
        (Some(0), false) => {
            Check::ok(name, "none came yet; open a page through the proxy and look again")
        }
        (Some(count), false) => {
            Check::ok(name, format!("{count} came from proxies that are named"))
        }
        (None, false) => Check::ok(name, format!("believed from {}", trusted.join(", "))),
        (_, true) => Check::ok(name, "believed from nobody"),
    }
}

/// Whether somebody may come past the proxy.
fn exposed(config: &Config) -> Check {
    let name = "listening";
    let ports = [
        ("web.listen", config.web.listen, config.web.public_url.starts_with("https://")),
        ("edge.listen", config.edge.listen, config.edge.public_url.starts_with("https://")),
        ("metrics.listen", config.metrics.listen, true),
    ];
    let open: Vec<String> = ports
        .iter()
        .filter(|(_, address, proxied)| *proxied && !address.ip().is_loopback())
        .map(|(name, address, _)| format!("{name} = {address}"))
        .collect();
    if open.is_empty() {
        return Check::ok(name, "nothing that belongs behind a proxy listens beyond this machine");
    }
    let remedy = "Make sure that a firewall, or the container's network, lets in the proxy and your \
                  Prometheus alone.";
    Check::warn(name, open.join(", "), remedy)
}

/// Asks a public address, when that needs no encryption.
async fn public(name: &'static str, url: &str, path: &str) -> Check {
    let uri = match url.parse::<Uri>() {
        Ok(uri) if matches!(uri.scheme_str(), Some("http" | "https")) => uri,
        _ => return Check::fail(name, format!("`{url}` is no address"), "Write https://host."),
    };
    let host = uri.host().unwrap_or("").to_owned();
    let whole = format!("{}{path}", url.trim_end_matches('/'));
    if uri.scheme_str() == Some("https") {
        let found = format!("{url}, which this does not ask, for want of TLS");
        let check = Check::ok(name, found);
        let remedy = format!("Ask from outside: curl -i {whole} answers 200.");
        return Check { remedy: Some(remedy), ..check };
    }
    let address = format!("{host}:{}", uri.port_u16().unwrap_or(80));
    let local = matches!(host.as_str(), "localhost" | "127.0.0.1" | "[::1]");
    let answer = ask::get(&address, &host, path).await;
    match (answer, local) {
        (Ok((200, _)), false) => {
            let found = format!("{url} answers, without encryption");
            Check::warn(name, found, "Put a proxy with TLS in front, and write https.")
        }
        (_, true) => {
            let found = format!("{url} is this machine: nobody else reaches it");
            Check::warn(name, found, "Set it to what people type, once it is more than a trial.")
        }
        (Ok((status, _)), _) => {
            let found = format!("{whole} answers {status}");
            Check::warn(name, found, "Let the proxy pass it on, or see why it is not there.")
        }
        (Err(error), _) => {
            let remedy = "See to its name, the proxy and the firewall.";
            Check::warn(name, format!("{whole}: {error}"), remedy)
        }
    }
}

fn mail(config: &Config) -> Check {
    let name = "mail";
    if config.mail.url.is_empty() {
        let remedy = "Set mail.url: until then people cannot be sent log-ins, and a running server \
                      shows the codes on the page, which is for development.";
        return Check::warn(name, "mails are kept as files", remedy);
    }
    if config.mail.from.contains("localhost.localdomain") {
        let remedy = "Set mail.from to an address of yours.";
        return Check::warn(name, format!("mails come from {}", config.mail.from), remedy);
    }
    Check::ok(name, format!("mails leave, from {}", config.mail.from))
}

#[cfg(test)]
mod tests {
    use super::super::Verdict;
    use super::*;

    fn config(variables: &[(&str, &str)]) -> Config {
        let own = |(k, v): &(&str, &str)| ((*k).to_owned(), (*v).to_owned());
        crate::config::load(None, variables.iter().map(own)).unwrap()
    }

    #[test]
    fn proxies_are_judged_by_the_settings_and_by_what_came() {
        let bare = config(&[]);
        assert_eq!(proxies(&bare, None).verdict, Verdict::Ok);
        let https = ("TRIBUTARY__WEB__PUBLIC_URL", "https://partners.acme.example");
        assert_eq!(proxies(&config(&[https]), None).verdict, Verdict::Warn);
        let named = ("TRIBUTARY__WEB__TRUSTED_PROXIES", "10.0.0.0/8");
        assert_eq!(proxies(&config(&[https, named]), None).verdict, Verdict::Ok);
        let all = ("TRIBUTARY__WEB__TRUSTED_PROXIES", "0.0.0.0/0");
        assert_eq!(proxies(&config(&[https, all]), None).verdict, Verdict::Fail);
        let none = ("TRIBUTARY__WEB__TRUSTED_PROXIES", "proxy.local");
        assert_eq!(proxies(&config(&[https, none]), None).verdict, Verdict::Fail);
        let figures = "tributary_http_forwarded_believed_total 0\n\
                       tributary_http_forwarded_ignored_total 3\n";
        let check = proxies(&config(&[https, named]), Some(figures));
        assert_eq!(check.verdict, Verdict::Warn, "another proxy stands in front");
    }

    #[test]
    fn what_listens_everywhere_is_told() {
        assert_eq!(exposed(&config(&[])).verdict, Verdict::Ok);
        let metrics = ("TRIBUTARY__METRICS__LISTEN", "0.0.0.0:8082");
        assert_eq!(exposed(&config(&[metrics])).verdict, Verdict::Warn);
    }

    #[test]
    fn mail_needs_a_server_and_a_name() {
        let url = ("TRIBUTARY__MAIL__URL", "smtps://mail.example.com");
        let from = ("TRIBUTARY__MAIL__FROM", "Acme <partners@acme.example>");
        assert_eq!(mail(&config(&[])).verdict, Verdict::Warn);
        assert_eq!(mail(&config(&[url])).verdict, Verdict::Warn);
        assert_eq!(mail(&config(&[url, from])).verdict, Verdict::Ok);
    }

    #[tokio::test]
    async fn an_encrypted_address_is_left_to_a_person() {
        let check = public("web_address", "https://partners.acme.example/", "/health").await;
        assert_eq!(check.verdict, Verdict::Ok);
        assert!(check.remedy.unwrap().contains("curl -i https://partners.acme.example/health"));
        assert_eq!(public("web_address", "partners", "/health").await.verdict, Verdict::Fail);
    }
}
