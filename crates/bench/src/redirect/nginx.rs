//! The peer: nginx with one worker, its own configuration and folder.

use std::fmt::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::SERVER_CORE;
use crate::error::{BenchError, During};
use crate::http_probe::Answer;
use crate::process::{Listens, Server, free_address};

/// Fields that belong to each server itself.
const OWN_FIELDS: &[&str] =
    &["connection", "content-length", "content-type", "date", "keep-alive", "location", "server"];

/// The fields of the edge's answer that nginx is to send as well.
pub(super) fn shared_fields(answer: &Answer) -> impl Iterator<Item = &(String, String)> {
    answer
        .fields
        .iter()
        .filter(|(name, _)| !OWN_FIELDS.iter().any(|own| name.eq_ignore_ascii_case(own)))
}

/// Starts it on a free port.
pub(super) async fn start(answer: &Answer, work: &Path) -> Result<Server, BenchError> {
    let folder = folder(work);
    std::fs::create_dir_all(&folder).during("nginx's folder")?;
    let address = free_address()?;
    let file = folder.join("nginx.conf");
    std::fs::write(&file, configuration(address, answer, &folder)?).during("nginx.conf")?;
    let mut command = Command::new("nginx");
    command.arg("-c").arg(&file).arg("-p").arg(&folder).arg("-e").arg(folder.join("error.log"));
    Server::start(&command, SERVER_CORE, Listens::At(address), &work.join("nginx.log")).await
}

/// Where it keeps its log.
pub(super) fn folder(work: &Path) -> PathBuf {
    work.join("nginx")
}

/// One worker, keep-alive without end, and an access log of full lines through a buffer: what a
/// redirector that is measured by its log would be given.
fn configuration(
    address: SocketAddr,
    answer: &Answer,
    folder: &Path,
) -> Result<String, BenchError> {
    let mut fields = String::new();
    for (name, value) in shared_fields(answer) {
        writeln!(fields, "      add_header {name} {} always;", quoted(value)?)
            .expect("writing to a string does not fail");
    }
    let location = quoted(answer.field("location").unwrap_or_default())?;
    let folder = folder.display();
    Ok(format!(
        "worker_processes 1;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 2048; }}
http {{
  access_log {folder}/access.log combined buffer=64k flush=1s;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  keepalive_requests 1000000000;
  server_tokens off;
  server {{
    listen {address};
    location / {{
{fields}      return 302 {location};
    }}
  }}
}}
"
    ))
}

/// A value in nginx's quotes; it knows no way to write a plain `$`.
fn quoted(value: &str) -> Result<String, BenchError> {
    if value.contains('$') {
        return Err(BenchError::Unfit(format!("nginx cannot be told to send {value:?}")));
    }
    Ok(format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\"")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_configuration_sends_the_same_fields_and_no_others() {
        let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let answer = Answer {
            status: 302,
            fields: vec![
                field("location", "https://shop.example/?trib=clk_0"),
                field("cache-control", "no-store, max-age=0"),
                field("Date", "Sat, 21 Nov 2026 09:30:00 GMT"),
                field("report-to", "{\"group\":\"a\"}"),
            ],
        };
        let address = "127.0.0.1:8080".parse().unwrap();
        let text = configuration(address, &answer, Path::new("/x")).unwrap();
        assert!(text.contains("listen 127.0.0.1:8080;"));
        assert!(text.contains("return 302 \"https://shop.example/?trib=clk_0\";"));
        assert!(text.contains("add_header cache-control \"no-store, max-age=0\" always;"));
        assert!(text.contains(r#"add_header report-to "{\"group\":\"a\"}" always;"#));
        assert_eq!(text.matches("add_header").count(), 2);
        assert!(quoted("a$b").is_err());
    }
}
