//! What goes wrong on the way ends with one clear line, soon, or is got over.

use std::fs;
use std::io::Write;
use std::net::TcpListener;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use crate::bench::Bench;
use crate::bench::deadline::RunInTime;
use crate::nginx::Nginx;
use crate::odd_server::{OddServer, answer_well, head};
use crate::sample_archive;

/// What a command says that fails.
fn message(url: &str) -> String {
    let message = Bench::new().fail(1, &["getset", url, "s1"]);
    for secret in ["secret", "sig=", "me:"] {
        assert!(!message.contains(secret), "{message}");
    }
    message
}

/// A sample, as the server of this URL gives it.
fn is_read_of(url: &str) -> bool {
    let bench = Bench::new();
    let local = sample_archive::path();
    bench.succeed(&["getset", url, "s1"]).0 == bench.succeed(&["getset", local.to_str().unwrap(), "s1"]).0
}

#[test]
fn answers_of_a_server_are_told() {
    let Some(server) = Nginx::start("answers_of_a_server_are_told") else {
        return;
    };
    fs::copy(sample_archive::path(), server.files().join("x.agc")).unwrap();
    fs::write(server.files().join("x.fa"), ">c\nACGT\n").unwrap();
    fs::write(server.files().join("empty"), "").unwrap();
    let locked = |user: &str| format!("http://{user}{}/locked/x.agc?sig=secret", server.authority());
    let cases = [
        (
            server.url("plain", "absent.agc"),
            "there is no such object (404 Not Found)",
        ),
        (
            server.url("forbidden", "x.agc"),
            "the server refuses it to this user (403 Forbidden)",
        ),
        (
            server.url("whole", "x.agc"),
            "the server gives no parts of files (range requests): download it first",
        ),
        (server.url("plain", "x.fa"), "this is FASTA text, not an archive"),
        (
            server.url("plain", "empty"),
            "this is an empty file, not an archive",
        ),
        (
            locked(""),
            "the server refuses it to this user (401 Unauthorized)",
        ),
        (
            locked("me:secret@"),
            "the server refuses it to this user (401 Unauthorized)",
        ),
        (
            "ftp://me:secret@host.invalid/x.agc".to_owned(),
            "ftp:// is not read",
        ),
        ("https://host.invalid/".to_owned(), "it names no object"),
    ];
    for (url, expected) in cases {
        let told = message(&url);
        assert!(told.contains(expected), "{url}: {told}");
    }
    assert!(is_read_of(&locked("me:pass%20word@")));
}

#[test]
fn a_port_that_is_closed_is_told() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let told = message(&format!("http://me:secret@127.0.0.1:{port}/x.agc?sig=secret"));
    assert!(told.contains("cannot connect: Connection refused"), "{told}");
}

/// A variable and its value.
type Setting = (&'static str, &'static str);

#[test]
fn settings_that_do_not_do_are_told_in_one_line() {
    let bench = Bench::new();
    let fails = |url: &str, settings: &[Setting]| {
        let mut command = bench.command(&["listset", url]);
        command.env("RUST_BACKTRACE", "1").envs(settings.iter().copied());
        let output = command.output_in_time();
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{told}");
        assert_eq!(told.lines().count(), 1, "{told}");
        assert!(!told.contains("hidden"), "{told}");
        assert!(!told.contains("panicked"), "{told}");
        told
    };
    let s3 = [
        ("AWS_ENDPOINT", "http://127.0.0.1:1"),
        ("AWS_ACCESS_KEY_ID", "K"),
        ("AWS_SECRET_ACCESS_KEY", "hidden"),
        ("AWS_ALLOW_HTTP", "true"),
    ];
    let told = fails("s3://b/x.agc", &s3);
    assert!(told.contains("cannot connect: "), "{told}");
    let google = [("GOOGLE_SKIP_SIGNATURE", "true")];
    let azure = [("AZURE_SKIP_SIGNATURE", "true")];
    let cases: [(&str, &[Setting], &str, &str); 10] = [
        ("s3://b/x.agc", &s3, "AWS_ENDPOINT", "localhost:9000"),
        ("s3://b/x.agc", &s3, "AWS_ENDPOINT_URL", "minio"),
        ("s3://b/x.agc", &s3, "AWS_ENDPOINT_URL_S3", "127.0.0.1:9000"),
        ("s3://b/x.agc", &s3, "AWS_ENDPOINT", "http://127.0.0.1:1 "),
        ("s3://b/x.agc", &s3, "AWS_SESSION_TOKEN", "hidden\n"),
        ("s3://b/x.agc", &s3, "AWS_ACCESS_KEY_ID", "hidden\n"),
        ("s3://b/x.agc", &s3, "AWS_SECRET_ACCESS_KEY", "hidden\n"),
        ("gs://b/x.agc", &google, "GOOGLE_BASE_URL", "localhost:9000"),
        (
            "az://a/b/x.agc",
            &azure,
            "AZURE_STORAGE_ENDPOINT",
            "localhost:9000",
        ),
        ("az://a/b/x.agc", &azure, "AZURE_STORAGE_ACCOUNT_KEY", "hidden\n"),
    ];
    for (url, settings, variable, value) in cases {
        let told = fails(url, &[settings, &[(variable, value)]].concat());
        let start = format!("{url}: the settings for it do not do: {variable} ");
        assert!(told.contains(&start), "{told}");
    }
    // What nobody has thought of panics in the client, and is told all the same.
    let told = fails(
        "s3://b%20c/x.agc",
        &[&s3[1..], &[("AWS_VIRTUAL_HOSTED_STYLE_REQUEST", "true")]].concat(),
    );
    assert!(told.contains("the client of the server has failed"), "{told}");
    // A setting of the client, too.
    let told = fails("s3://b/x.agc", &s3[..3]);
    assert!(
        told.contains("the settings for it do not do: ") && told.contains("AWS_ALLOW_HTTP=true"),
        "{told}"
    );
}

#[test]
fn a_server_that_is_busy_is_asked_again_and_given_up() {
    const BUSY: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    let archive = sample_archive::bytes();
    let server = OddServer::start(archive.len(), move |asked, connection| match asked.n_before % 3 {
        0 | 1 => connection.write_all(BUSY).unwrap(),
        _ => answer_well(&asked, &archive, "one", connection),
    });
    assert!(is_read_of(&server.url()));
    assert!(server.n_requests() >= 6);
    let server = OddServer::start(10, |_, connection| connection.write_all(BUSY).unwrap());
    let told = message(&server.url());
    assert!(
        told.contains("the server answers 503 Service Unavailable"),
        "{told}"
    );
    assert!(server.n_requests() > 2);
}

#[test]
fn connections_that_break_are_made_again() {
    let archive = sample_archive::bytes();
    let server = OddServer::start(archive.len(), move |asked, connection| {
        let range = asked.range.clone().unwrap();
        match asked.n_before % 3 {
            // Closed before the answer, and in the middle of it.
            0 => {}
            1 => {
                connection
                    .write_all(head(&range, archive.len(), "one").as_bytes())
                    .unwrap();
                let half = range.start..range.start + range.len() / 2;
                connection.write_all(&archive[half]).unwrap();
            }
            _ => answer_well(&asked, &archive, "one", connection),
        }
    });
    assert!(is_read_of(&server.url()));
    let server = OddServer::start(10, |_, _| {});
    let told = message(&server.url());
    assert!(told.contains("the answer is incomplete: "), "{told}");
}

#[test]
fn answers_of_the_wrong_length_are_errors() {
    let archive = sample_archive::bytes();
    let len = archive.len();
    // Half of what was asked for, which is what the head announces; or what nobody has asked for.
    for lie in ["Content-Length", "Content-Range"] {
        let archive = archive.clone();
        let server = OddServer::start(len, move |asked, connection| {
            let range = asked.range.clone().unwrap();
            if asked.n_before == 0 {
                return answer_well(&asked, &archive, "one", connection);
            }
            let half = range.start..range.start + range.len() / 2;
            let text = match lie {
                "Content-Length" => head(&range, len, "one").replace(
                    &format!("Content-Length: {}\r", range.len()),
                    &format!("Content-Length: {}\r", half.len()),
                ),
                _ => head(&half, len, "one"),
            };
            // It may be refused by its head alone.
            let _ = connection.write_all(text.as_bytes());
            let _ = connection.write_all(&archive[half]);
        });
        let told = message(&server.url());
        assert!(told.contains("the answer is incomplete: "), "{lie}: {told}");
    }
}

#[test]
fn a_slow_answer_is_waited_for_and_a_silent_server_is_not() {
    let archive = sample_archive::bytes();
    let server = OddServer::start(archive.len(), move |asked, connection| {
        let range = asked.range.clone().unwrap();
        let _ = connection.write_all(head(&range, archive.len(), "one").as_bytes());
        for piece in archive[range].chunks(4096) {
            // Nothing waits for this but the answer, which is slow.
            thread::sleep(Duration::from_millis(5));
            let _ = connection.write_all(piece);
        }
    });
    assert!(is_read_of(&server.url()));
    // It is asked twice.
    let silence = Silence::new();
    let server = OddServer::start(10, move |_, _| silence.hear());
    let told = message(&server.url());
    assert!(told.contains("the server does not answer in time"), "{told}");
    assert_eq!(server.n_requests(), 2);
}

/// Nothing, until the end of the program.
struct Silence {
    silence: Mutex<Receiver<()>>,
    _never: Sender<()>,
}

impl Silence {
    fn new() -> Self {
        let (sender, silence) = channel();
        Self {
            silence: Mutex::new(silence),
            _never: sender,
        }
    }

    fn hear(&self) {
        let _ = self.silence.lock().unwrap().recv();
    }
}

#[test]
fn an_answer_that_stalls_once_is_asked_for_again() {
    // Before it has begun, and in the middle of it: at once, since it is waited for.
    let servers = [0, 1000].map(|n_bytes| {
        let archive = sample_archive::bytes();
        let silence = Silence::new();
        OddServer::start(archive.len(), move |asked, connection| {
            let range = asked.range.clone().unwrap();
            match asked.n_before {
                0 if n_bytes == 0 => silence.hear(),
                0 => {
                    let text = head(&range, archive.len(), "one");
                    connection.write_all(text.as_bytes()).unwrap();
                    connection
                        .write_all(&archive[range.start..range.start + n_bytes])
                        .unwrap();
                    silence.hear();
                }
                _ => answer_well(&asked, &archive, "one", connection),
            }
        })
    });
    thread::scope(|scope| {
        for read in servers
            .each_ref()
            .map(|server| scope.spawn(|| is_read_of(&server.url())))
        {
            assert!(read.join().unwrap());
        }
    });
}

#[test]
fn an_object_that_changes_meanwhile_is_an_error() {
    let archive = sample_archive::bytes();
    // One that knows no conditions, and one that does.
    for knows_conditions in [false, true] {
        let archive = archive.clone();
        let server = OddServer::start(archive.len(), move |asked, connection| {
            let e_tag = if asked.n_before == 0 { "one" } else { "two" };
            let is_other = asked
                .if_match
                .as_deref()
                .is_some_and(|wanted| wanted != format!("\"{e_tag}\""));
            if knows_conditions && is_other {
                let refused =
                    "HTTP/1.1 412 Precondition Failed\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
                connection.write_all(refused.as_bytes()).unwrap();
            } else {
                answer_well(&asked, &archive, e_tag, connection);
            }
        });
        let told = message(&server.url());
        assert!(told.contains("it has changed since it was opened"), "{told}");
    }
}

/// KiB of address space between the limits that are tried: there is a window of about 2 MiB in which the program starts, and no more threads do.
const STEP: u64 = 256;

#[test]
fn where_there_is_no_room_for_the_client_a_command_ends_with_one_line() {
    let Some(server) = Nginx::start("where_there_is_no_room_for_the_client_a_command_ends_with_one_line")
    else {
        return;
    };
    fs::copy(sample_archive::path(), server.files().join("x.agc")).unwrap();
    let url = server.url("plain", "x.agc");
    let under = |kib: u64, args: &[&str]| {
        let script = format!("ulimit -v {kib}; ulimit -c 0; exec \"$0\" \"$@\"");
        let mut limited = Command::new("sh");
        limited
            .args(["-c", &script, env!("CARGO_BIN_EXE_ragc-net")])
            .args(args);
        limited.stdin(Stdio::null());
        limited.output_in_time()
    };
    let has_room = |kib: &u64| under(*kib, &["listset", "--help"]).status.success();
    let least = (1..).map(|n| n * STEP).find(has_room).unwrap();
    let (mut n_failed, mut n_done) = (0, 0);
    for kib in (least..).step_by(STEP as usize) {
        let output = under(kib, &["listset", &url]);
        let told = String::from_utf8(output.stderr).unwrap();
        match output.status.code() {
            Some(0) => {
                assert_eq!(
                    (output.stdout.as_slice(), told.as_str()),
                    (&b"s0\ns1\ns2\n"[..], "")
                );
                n_done += 1;
            }
            Some(1) => {
                assert!(output.stdout.is_empty(), "{kib} KiB");
                assert_eq!(
                    (told.lines().count(), told.starts_with("ragc: error: ")),
                    (1, true),
                    "{kib} KiB: {told}"
                );
                n_failed += 1;
            }
            other => panic!("{kib} KiB: {other:?}: {told}"),
        }
        if n_done == 4 {
            break;
        }
    }
    assert!(n_failed > 0);
}

#[test]
fn what_became_of_an_object_is_told_when_the_rest_of_an_answer_is_asked_for() {
    let archive = sample_archive::bytes();
    let cases = [
        ("412 Precondition Failed", "it has changed since it was opened"),
        ("404 Not Found", "there is no such object (404 Not Found)"),
        (
            "403 Forbidden",
            "the server refuses it to this user (403 Forbidden)",
        ),
    ];
    for (status, expected) in cases {
        let archive = archive.clone();
        let broken_at = Mutex::new(Vec::new());
        let server = OddServer::start(archive.len(), move |asked, connection| {
            let range = asked.range.clone().unwrap();
            if asked.n_before == 0 {
                return answer_well(&asked, &archive, "one", connection);
            }
            let mut broken_at = broken_at.lock().unwrap();
            if broken_at.contains(&range.start) {
                let refused = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
                let _ = connection.write_all(refused.as_bytes());
                return;
            }
            let half = range.start..range.start + range.len() / 2;
            broken_at.push(half.end);
            // Another request may have failed, and its program be gone.
            let _ = connection.write_all(head(&range, archive.len(), "one").as_bytes());
            let _ = connection.write_all(&archive[half]);
        });
        let told = message(&server.url());
        assert!(told.contains(expected), "{status}: {told}");
    }
}
