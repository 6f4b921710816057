//! A response as it is on the wire: its end, and its header fields.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::error::{BenchError, During};

/// Longest answer that is read.
pub(crate) const ANSWER_BYTES_MAX: usize = 16 * 1024;

/// A `GET` with the given fields, ready to send.
pub(crate) fn request(path: &str, headers: &[(&str, &str)]) -> Vec<u8> {
    let fields: String =
        headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    format!("GET {path} HTTP/1.1\r\n{fields}\r\n").into_bytes()
}

/// Length of the first whole response in `bytes`, body included; `None` while it is not all there.
/// Only bodies with `Content-Length`, or none, are known: both servers send such.
pub(crate) fn response_length(bytes: &[u8]) -> Option<usize> {
    let head = bytes.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let length = field(&bytes[..head], "content-length").and_then(|text| text.parse().ok());
    let whole = head + length.unwrap_or(0);
    (bytes.len() >= whole).then_some(whole)
}

fn field<'a>(head: &'a [u8], name: &str) -> Option<&'a str> {
    let head = std::str::from_utf8(head).ok()?;
    let fields = head.split("\r\n").skip(1);
    fields
        .filter_map(|line| line.split_once(':'))
        .find_map(|(field, value)| field.eq_ignore_ascii_case(name).then_some(value.trim()))
}

/// One answer, taken apart.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Fields in their order, names as sent.
    pub(crate) fields: Vec<(String, String)>,
}

impl Answer {
    /// The first value of a field.
    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        let mut fields = self.fields.iter();
        fields.find(|(field, _)| field.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        let head = std::str::from_utf8(bytes).ok()?.split("\r\n\r\n").next()?;
        let mut lines = head.split("\r\n");
        let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
        let fields = lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.to_owned(), value.trim().to_owned()));
        Some(Self { status, fields: fields.collect() })
    }
}

/// Asks once.
pub(crate) async fn ask(address: SocketAddr, request: &[u8]) -> Result<Answer, BenchError> {
    let mut stream = TcpStream::connect(address).await.during("connect")?;
    stream.write_all(request).await.during("send")?;
    let mut bytes = vec![0; ANSWER_BYTES_MAX];
    let mut filled = 0;
    while response_length(&bytes[..filled]).is_none() {
        let read = stream.read(&mut bytes[filled..]).await.during("receive")?;
        if read == 0 {
            break;
        }
        filled += read;
    }
    let text = || String::from_utf8_lossy(&bytes[..filled]).into_owned();
    Answer::parse(&bytes[..filled])
        .ok_or_else(|| BenchError::Unfit(format!("no answer: {}", text())))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANSWER: &[u8] =
        b"HTTP/1.1 302 Found\r\nLocation: https://a.example/?x=1\r\nContent-Length: 3\r\n\r\nabcHTTP";

    #[test]
    fn a_response_ends_after_its_body() {
        let whole = ANSWER.len() - "HTTP".len();
        assert_eq!(response_length(ANSWER), Some(whole));
        for short in 0..whole {
            assert_eq!(response_length(&ANSWER[..short]), None);
        }
        assert_eq!(response_length(b"HTTP/1.1 204 No Content\r\n\r\n"), Some(27));
    }

    #[test]
    fn an_answer_is_taken_apart() {
        let answer = Answer::parse(ANSWER).unwrap();
        assert_eq!(answer.status, 302);
        assert_eq!(answer.field("location"), Some("https://a.example/?x=1"));
        assert_eq!(answer.field("server"), None);
    }

    #[test]
    fn a_request_ends_with_an_empty_line() {
        let bytes = request("/anna", &[("Host", "go.example")]);
        assert_eq!(bytes, b"GET /anna HTTP/1.1\r\nHost: go.example\r\n\r\n");
    }
}
