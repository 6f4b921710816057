//! A small HTTP client, so that tests meet a server as a stranger does: over a socket.

use std::io::{Error, ErrorKind, Result};
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use crate::wait::within;

/// How long an answer may take on a busy machine; a test whose server hangs fails then.
const ANSWER_WITHIN: Duration = Duration::from_secs(120);

/// The longest answer that is read.
const ANSWER_BYTES_MAX: usize = 16 << 20;

/// One connection, kept alive from request to request. After an error the next request makes a
/// new one; whether the failed request was carried out is unknown.
#[derive(Debug)]
pub struct HttpClient {
    address: SocketAddr,
    headers: String,
    stream: Option<BufReader<TcpStream>>,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct HttpAnswer {
    /// Such as 200.
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// The whole body.
    pub body: Vec<u8>,
}

impl HttpAnswer {
    /// The first header of a name in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The body as JSON; null when it is none.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

impl HttpClient {
    /// Connects when it is first needed.
    #[must_use]
    pub fn new(address: SocketAddr) -> Self {
        Self { address, headers: String::new(), stream: None }
    }

    /// Sends a header with every request.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push_str(&format!("{name}: {value}\r\n"));
        self
    }

    /// Asks for a page.
    ///
    /// # Errors
    /// When the connection breaks before the answer is whole.
    pub async fn get(&mut self, target: &str) -> Result<HttpAnswer> {
        self.send("GET", target, "", b"").await
    }

    /// Sends JSON; with an idempotency key if one is given.
    ///
    /// # Errors
    /// When the connection breaks before the answer is whole.
    pub async fn post(
        &mut self,
        target: &str,
        key: Option<&str>,
        body: &serde_json::Value,
    ) -> Result<HttpAnswer> {
        let key = key.map(|key| format!("Idempotency-Key: {key}\r\n")).unwrap_or_default();
        let headers = format!("Content-Type: application/json\r\n{key}");
        self.send("POST", target, &headers, body.to_string().as_bytes()).await
    }

    async fn send(
        &mut self,
        method: &str,
        target: &str,
        headers: &str,
        body: &[u8],
    ) -> Result<HttpAnswer> {
        let answer = self.exchange(method, target, headers, body);
        within(ANSWER_WITHIN, &format!("the answer to {method} {target}"), answer).await
    }

    async fn exchange(
        &mut self,
        method: &str,
        target: &str,
        headers: &str,
        body: &[u8],
    ) -> Result<HttpAnswer> {
        let mut stream = match self.stream.take() {
            Some(stream) => stream,
            None => {
                let stream = TcpStream::connect(self.address).await?;
                stream.set_nodelay(true)?;
                BufReader::new(stream)
            }
        };
        let head = format!(
            "{method} {target} HTTP/1.1\r\nHost: {}\r\nContent-Length: {}\r\n{}{headers}\r\n",
            self.address,
            body.len(),
            self.headers,
        );
        stream.write_all(&[head.as_bytes(), body].concat()).await?;
        let answer = read_answer(&mut stream).await?;
        if answer.header("connection").is_none_or(|it| !it.eq_ignore_ascii_case("close")) {
            self.stream = Some(stream);
        }
        Ok(answer)
    }
}

fn wrong(what: &str) -> Error {
    Error::new(ErrorKind::InvalidData, what)
}

async fn read_answer(stream: &mut BufReader<TcpStream>) -> Result<HttpAnswer> {
    let status = line(stream).await?;
    let status = status
        .split(' ')
        .nth(1)
        .and_then(|code| code.parse().ok())
        .ok_or_else(|| wrong("no status line"))?;
    let mut headers = Vec::new();
    loop {
        let line = line(stream).await?;
        if line.is_empty() {
            break;
        }
        let (name, value) = line.split_once(':').ok_or_else(|| wrong("a header without colon"))?;
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let mut answer = HttpAnswer { status, headers, body: Vec::new() };
    if answer.header("transfer-encoding").is_some() {
        loop {
            let size = line(stream).await?;
            let size = usize::from_str_radix(&size, 16).map_err(|_| wrong("no chunk size"))?;
            exactly(stream, size, &mut answer.body).await?;
            line(stream).await?;
            if size == 0 {
                return Ok(answer);
            }
        }
    }
    if let Some(length) = answer.header("content-length") {
        let length = length.parse().map_err(|_| wrong("no length"))?;
        exactly(stream, length, &mut answer.body).await?;
    }
    Ok(answer)
}

async fn line(stream: &mut BufReader<TcpStream>) -> Result<String> {
    let mut line = String::new();
    stream.read_line(&mut line).await?;
    match line.strip_suffix("\r\n") {
        Some(line) => Ok(line.to_owned()),
        None => Err(ErrorKind::UnexpectedEof.into()),
    }
}

async fn exactly(
    stream: &mut BufReader<TcpStream>,
    length: usize,
    into: &mut Vec<u8>,
) -> Result<()> {
    let start = into.len();
    if start + length > ANSWER_BYTES_MAX {
        return Err(wrong("a longer answer than is read"));
    }
    into.resize(start + length, 0);
    stream.read_exact(&mut into[start..]).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    #[tokio::test]
    async fn reads_lengths_and_chunks_over_one_connection() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut client =
            HttpClient::new(listener.local_addr().unwrap()).with("Authorization", "Bearer x");
        let server = tokio::spawn(async move {
            let mut stream = listener.accept().await.unwrap().0;
            let answers = [
                "HTTP/1.1 200 OK\r\nContent-Length: 7\r\nA: b\r\n\r\n{\"a\":1}",
                "HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n[1\r\n1\r\n]\r\n0\r\n\r\n",
                "HTTP/1.1 302 Found\r\nContent-Le",
            ];
            let mut asked = Vec::new();
            for answer in answers {
                let mut buffer = [0; 1_024];
                let count = stream.read(&mut buffer).await.unwrap();
                asked.push(String::from_utf8_lossy(&buffer[..count]).into_owned());
                stream.write_all(answer.as_bytes()).await.unwrap();
            }
            asked
        });
        let first = client.get("/a?b").await.unwrap();
        assert_eq!((first.status, first.header("a")), (200, Some("b")));
        assert_eq!(first.json()["a"], 1);
        let body = serde_json::json!({ "x": "y" });
        let second = client.post("/c", Some("k"), &body).await.unwrap();
        assert_eq!((second.status, second.json()[0].as_i64()), (201, Some(1)));
        assert!(client.get("/d").await.is_err(), "half an answer is none");
        let asked = server.await.unwrap();
        assert!(asked[0].starts_with("GET /a?b HTTP/1.1\r\n"), "{}", asked[0]);
        assert!(asked[0].contains("Authorization: Bearer x\r\n"));
        assert!(asked[1].contains("Idempotency-Key: k\r\n"));
        assert!(asked[1].ends_with("{\"x\":\"y\"}"));
    }
}
