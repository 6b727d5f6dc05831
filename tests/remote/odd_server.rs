//! A server that answers as it is told: for answers that no real one gives on purpose.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// What was asked for.
pub(crate) struct Asked {
    /// Requests before this one.
    pub(crate) n_before: usize,
    /// The range of the object, if there is one.
    pub(crate) range: Option<Range<usize>>,
    pub(crate) if_match: Option<String>,
}

/// A server of one object, which a thread for each connection answers for until the program ends.
pub(crate) struct OddServer {
    address: SocketAddr,
    n_requests: Arc<AtomicUsize>,
}

impl OddServer {
    /// Starts one of an object of this length. `answer` writes the answer; the connection is closed behind it.
    pub(crate) fn start(len: usize, answer: impl Fn(Asked, &mut TcpStream) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let n_requests = Arc::new(AtomicUsize::new(0));
        let (answer, counter) = (Arc::new(answer), Arc::clone(&n_requests));
        thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                let (answer, counter) = (Arc::clone(&answer), Arc::clone(&counter));
                thread::spawn(move || {
                    if let Some(asked) = read_request(&connection, len, &counter) {
                        answer(asked, &mut { connection });
                    }
                });
            }
        });
        Self { address, n_requests }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/x.agc", self.address)
    }

    pub(crate) fn n_requests(&self) -> usize {
        self.n_requests.load(Ordering::SeqCst)
    }
}

fn read_request(connection: &TcpStream, len: usize, counter: &AtomicUsize) -> Option<Asked> {
    let mut head = Vec::new();
    for line in BufReader::new(connection).lines() {
        match line.ok()? {
            line if line.is_empty() => break,
            line => head.push(line.to_ascii_lowercase()),
        }
    }
    if head.is_empty() {
        return None;
    }
    let header = |name: &str| head.iter().find_map(|line| line.strip_prefix(name));
    Some(Asked {
        n_before: counter.fetch_add(1, Ordering::SeqCst),
        range: header("range: bytes=").map(|range| parse_range(range, len)),
        if_match: header("if-match: ").map(str::to_owned),
    })
}

fn parse_range(text: &str, len: usize) -> Range<usize> {
    let (start, end) = text.split_once('-').unwrap();
    match (start.parse::<usize>(), end.parse::<usize>()) {
        (Ok(start), Ok(end)) => start..len.min(end + 1),
        (Ok(start), Err(_)) => start..len,
        (Err(_), Ok(last)) => len.saturating_sub(last)..len,
        _ => panic!("{text}"),
    }
}

/// The head of the answer with a range of an object, as it should be.
pub(crate) fn head(range: &Range<usize>, len: usize, e_tag: &str) -> String {
    format!(
        "HTTP/1.1 206 Partial Content\r\nContent-Length: {}\r\nContent-Range: bytes {}-{}/{len}\r\nETag: \"{e_tag}\"\r\nConnection: close\r\n\r\n",
        range.len(),
        range.start,
        range.end - 1,
    )
}

/// Answers as a server should.
pub(crate) fn answer_well(asked: &Asked, object: &[u8], e_tag: &str, connection: &mut TcpStream) {
    let range = asked.range.clone().unwrap_or(0..object.len());
    // Whoever asks may be gone.
    let _ = connection.write_all(head(&range, object.len(), e_tag).as_bytes());
    let _ = connection.write_all(&object[range]);
}
