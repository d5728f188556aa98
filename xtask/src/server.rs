//! A static server that remembers what was asked of it.
//!
//! It serves one directory to this machine and nothing else: the journeys read its memory to prove
//! that the page asks for nothing once it has started.

use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Component, Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

/// A running server; it stops when dropped.
pub struct Server {
    address: SocketAddr,
    site: Arc<Site>,
    thread: Option<JoinHandle<()>>,
}

struct Site {
    root: PathBuf,
    /// Where the directory stands in the address, as `/` or `/some/where/`.
    mount: String,
    asked: Mutex<Vec<String>>,
    stopped: AtomicBool,
}

impl Server {
    /// Serves `root` at `mount` (begins and ends with a slash) on 127.0.0.1; port 0 takes any.
    ///
    /// # Errors
    ///
    /// * `root` is no directory, or the port is taken.
    pub fn start(root: &Path, mount: &str, port: u16) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        let address = listener.local_addr()?;
        let site = Arc::new(Site {
            root: root.canonicalize()?,
            mount: mount.to_owned(),
            asked: Mutex::default(),
            stopped: AtomicBool::new(false),
        });
        let thread = std::thread::spawn({
            let site = Arc::clone(&site);
            move || site.listen(&listener)
        });
        Ok(Self { address, site, thread: Some(thread) })
    }

    /// The address of the page.
    pub fn url(&self) -> String {
        format!("http://{}{}", self.address, self.site.mount)
    }

    /// What has been asked so far, as `GET /path`, in order.
    pub fn asked(&self) -> Vec<String> {
        self.site.asked.lock().expect("no thread panics while it holds the list").clone()
    }

    /// Stops serving, and forgets nothing.
    pub fn stop(&mut self) {
        self.site.stopped.store(true, Ordering::SeqCst);
        if let Some(thread) = self.thread.take() {
            // Wakes `accept`; where that fails nobody listens any more.
            let _ = TcpStream::connect(self.address);
            let _ = thread.join();
        }
    }

    /// Serves until the program is ended.
    pub fn wait(mut self) {
        if let Some(thread) = self.thread.take() {
            // It ends with the program alone; a panic in it has spoken already.
            let _ = thread.join();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Site {
    fn listen(self: Arc<Self>, listener: &TcpListener) {
        for stream in listener.incoming() {
            if self.stopped.load(Ordering::SeqCst) {
                return;
            }
            // A connection that broke before it began is the client's affair.
            let Ok(stream) = stream else { continue };
            let site = Arc::clone(&self);
            std::thread::spawn(move || site.answer(stream));
        }
    }

    /// Answers one request and closes; a client that goes away early is no error of ours.
    fn answer(&self, mut stream: TcpStream) {
        let timeout = Some(Duration::from_secs(10));
        if stream.set_read_timeout(timeout).and(stream.set_write_timeout(timeout)).is_err() {
            return;
        }
        let Some((method, target)) = read_request(&stream) else { return };
        self.asked
            .lock()
            .expect("no thread panics while it holds the list")
            .push(format!("{method} {target}"));
        let (status, mime, body) = match (method.as_str(), self.find(&target)) {
            ("GET" | "HEAD", Some(file)) => match fs::read(&file) {
                Ok(body) => ("200 OK", mime_of(&file), body),
                Err(_) => ("404 Not Found", "text/plain", b"not here\n".to_vec()),
            },
            ("GET" | "HEAD", None) => ("404 Not Found", "text/plain", b"not here\n".to_vec()),
            _ => ("405 Method Not Allowed", "text/plain", b"only GET and HEAD\n".to_vec()),
        };
        let head = format!(
            "HTTP/1.1 {status}\r\nContent-Type: {mime}\r\nContent-Length: {}\r\n\
             Cache-Control: no-cache\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n",
            body.len()
        );
        let _ = stream.write_all(head.as_bytes());
        if method != "HEAD" {
            let _ = stream.write_all(&body);
        }
    }

    /// The file behind an address, if it lies in the directory.
    fn find(&self, target: &str) -> Option<PathBuf> {
        let path = target.split(['?', '#']).next()?;
        let relative = percent_decode(path.strip_prefix(&self.mount)?)?;
        let relative = Path::new(&relative);
        if !relative.components().all(|part| matches!(part, Component::Normal(_))) {
            return None;
        }
        // Canonical: a link that leads out of the directory is not followed either.
        let mut file = self.root.join(relative).canonicalize().ok()?;
        if file.is_dir() {
            file.push("index.html");
        }
        file.starts_with(&self.root).then_some(file)
    }
}

/// Reads the request's first line, then its headers up to the blank line.
fn read_request(stream: &TcpStream) -> Option<(String, String)> {
    const MOST: u64 = 64 * 1024;
    let mut lines = BufReader::new(stream.take(MOST)).lines().map_while(Result::ok);
    let first = lines.next()?;
    let mut words = first.split(' ');
    let request = (words.next()?.to_owned(), words.next()?.to_owned());
    lines.find(String::is_empty)?;
    Some(request)
}

/// Undoes `%41`; `None` for what is not well-formed, or not UTF-8.
fn percent_decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next()?, rest.next()?];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

fn mime_of(file: &Path) -> &'static str {
    match file.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("json" | "map") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("csv" | "txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The answer to a request for `target`, as it comes over the wire.
    fn get(server: &Server, target: &str) -> String {
        let mut stream = TcpStream::connect(server.address).expect("the server listens");
        write!(stream, "GET {target} HTTP/1.1\r\nHost: here\r\n\r\n").expect("it reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it answers");
        answer
    }

    #[test]
    fn only_files_of_the_directory_are_served() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let server = Server::start(&root, "/sub/", 0).expect("a port is free");
        assert!(get(&server, "/sub/lib.rs?x=1").contains("200 OK"));
        assert!(get(&server, "/sub/%6cib.rs").contains("200 OK"));
        for outside in [
            "/sub/../Cargo.toml",
            "/sub/%2e%2e/Cargo.toml",
            "/sub//etc/passwd",
            "/lib.rs",
            "/sub/%",
        ] {
            assert!(get(&server, outside).contains("404 Not Found"), "{outside}");
        }
        assert_eq!(server.asked()[..2], ["GET /sub/lib.rs?x=1", "GET /sub/%6cib.rs"]);
    }
}
