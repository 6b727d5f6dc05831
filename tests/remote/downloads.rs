//! FASTA of servers that do not tell how long it is, and of those that break off.

use std::io::Write;
use std::net::TcpStream;

use crate::bench::Bench;
use crate::odd_server::OddServer;
use crate::sample_archive;

const CHUNKED: &[u8] = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n";

/// Writes a text in chunks, and the mark of the end if it is whole.
fn send_chunks(text: &[u8], is_whole: bool, connection: &mut TcpStream) {
    // Whoever asks may be gone, and asks twice: who wants a length does not read on.
    let _ = connection.write_all(CHUNKED);
    for chunk in text.chunks(5000) {
        let _ = connection.write_all(format!("{:x}\r\n", chunk.len()).as_bytes());
        let _ = connection.write_all(chunk);
        let _ = connection.write_all(b"\r\n");
    }
    if is_whole {
        let _ = connection.write_all(b"0\r\n\r\n");
    }
}

fn text() -> Vec<u8> {
    sample_archive::fasta_of(0, [60_000, 30_000])
}

/// Stores what a server gives twice, as the first sample and as another one.
fn create(bench: &Bench, url: &str) -> std::process::Output {
    use crate::bench::deadline::RunInTime;
    bench.write("other.fa", text());
    let (one, two) = (format!("one={url}"), format!("two={url}"));
    bench
        .command(&["create", "-o", "x.agc", &one, "other.fa", &two])
        .output_in_time()
}

#[test]
fn a_text_whose_length_nobody_tells_is_stored_if_its_end_is_marked() {
    let bench = Bench::new();
    let server = OddServer::start(0, |_, connection| send_chunks(&text(), true, connection));
    let output = create(&bench, &server.url());
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    for sample in ["one", "two"] {
        assert!(
            bench.succeed(&["getset", "x.agc", sample]).0 == bench.succeed(&["getset", "x.agc", "other"]).0
        );
    }
}

#[test]
fn a_download_that_breaks_is_told_with_its_url() {
    let half = || text()[..50_000].to_vec();
    let chunked = OddServer::start(0, move |_, connection| send_chunks(&half(), false, connection));
    let unmarked = OddServer::start(0, move |_, connection| {
        let _ = connection.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
        let _ = connection.write_all(&half());
    });
    let announced = OddServer::start(0, move |_, connection| {
        let len = text().len();
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {len}\r\nConnection: close\r\n\r\n");
        let _ = connection.write_all(head.as_bytes());
        let _ = connection.write_all(&half());
    });
    let cases = [
        (&chunked, "the answer is incomplete: "),
        (
            &unmarked,
            "the server tells neither how long it is nor where it ends",
        ),
        (&announced, "the answer is incomplete: "),
    ];
    for (server, why) in cases {
        let bench = Bench::new();
        let output = create(&bench, &server.url());
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{told}");
        assert!(!bench.path("x.agc").exists());
        let errors: Vec<&str> = told.lines().filter(|line| line.contains("error")).collect();
        let start = format!("ragc: error: {}: ", server.url());
        assert!(errors.len() == 1 && errors[0].starts_with(&start), "{told}");
        assert!(
            errors[0].contains(why) && !errors[0].contains("temporary"),
            "{told}"
        );
    }
}

#[test]
fn an_archive_whose_length_nobody_tells_is_refused_with_what_to_do() {
    let server = OddServer::start(0, |_, connection| {
        send_chunks(&sample_archive::bytes(), true, connection)
    });
    let message = Bench::new().fail(1, &["listset", &server.url()]);
    assert!(message.contains("download it first"), "{message}");
}
