//! The WebDriver protocol, as far as it is needed: one JSON request, one JSON answer.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::time::Duration;

use serde_json::Value;

/// What a driver refused, or why it could not be asked.
#[derive(Debug, Clone)]
pub struct WireError {
    /// WebDriver's word for it, as `no such element`, or `connection`.
    pub kind: String,
    /// The driver's sentence.
    pub message: String,
}

impl std::fmt::Display for WireError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.kind, self.message)
    }
}

impl From<std::io::Error> for WireError {
    fn from(error: std::io::Error) -> Self {
        Self { kind: "connection".to_owned(), message: error.to_string() }
    }
}

/// Asks a driver on this machine and returns the `value` of its answer.
///
/// # Errors
///
/// * the driver does not answer within `patience`, or refuses.
///
/// # References
///
/// W3C, *WebDriver*, § 6 "Protocol".
pub fn ask(
    port: u16,
    method: &str,
    path: &str,
    body: Option<&Value>,
    patience: Duration,
) -> Result<Value, WireError> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.set_read_timeout(Some(patience))?;
    stream.set_write_timeout(Some(patience))?;
    let body = body.map(Value::to_string).unwrap_or_default();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json; \
         charset=utf-8\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )?;
    let mut answer = read_answer(BufReader::new(stream))?;
    let value = answer["value"].take();
    match value["error"].as_str() {
        Some(kind) => Err(WireError {
            kind: kind.to_owned(),
            message: value["message"].as_str().unwrap_or_default().to_owned(),
        }),
        None => Ok(value),
    }
}

/// Reads headers and a body of known length.
fn read_answer(mut reader: impl BufRead) -> Result<Value, WireError> {
    let mut length = None;
    let mut line = String::new();
    loop {
        line.clear();
        reader.read_line(&mut line)?;
        let header = line.trim_end();
        if header.is_empty() {
            break;
        }
        if let Some((name, value)) = header.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().ok();
        }
    }
    let mut body = Vec::new();
    reader.take(length.unwrap_or(u64::MAX)).read_to_end(&mut body)?;
    serde_json::from_slice(&body).map_err(|error| WireError {
        kind: "connection".to_owned(),
        message: format!("{error} in {:?}", String::from_utf8_lossy(&body)),
    })
}
