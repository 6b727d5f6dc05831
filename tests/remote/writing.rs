//! Archives of files on servers, and archives that are written to buckets.

use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};

use ragc_remote::{Address, Upload};

use crate::bench::Bench;
use crate::bench::deadline::{EndInTime, RunInTime, until};
use crate::bench::packed::{gzip, tar};
use crate::nginx::Nginx;
use crate::s3_server::{S3Server, url};
use crate::sample_archive;

/// Text of a sample.
fn small(sample: usize) -> Vec<u8> {
    sample_archive::fasta_of(sample, [60_000, 30_000])
}

/// As [`small`], of which an archive is longer than what is read of its end: of shorter objects the server of S3 here cannot give that.
fn middling(sample: usize) -> Vec<u8> {
    sample_archive::fasta_of(sample, [250_000, 100_000])
}

#[test]
fn files_on_servers_are_stored_as_files_here_are() {
    let Some(server) = Nginx::start("files_on_servers_are_stored_as_files_here_are") else {
        return;
    };
    let bench = Bench::new();
    let texts = [0, 1, 2].map(small);
    for (name, content) in [
        ("s 0.fa.gz", gzip(&texts[0])),
        ("s1.fa", texts[1].clone()),
        ("s2.tar", tar(&[("s2.fa", texts[2].clone())])),
    ] {
        bench.write(name, &content);
        fs::write(server.files().join(name), content).unwrap();
    }
    // Neither needs the server to give parts.
    let [zero, one, two] = ["s%200.fa.gz", "s1.fa", "s2.tar"].map(|name| server.url("whole", name));
    bench.succeed(&["create", "-o", "local.agc", "s 0.fa.gz", "x=s1.fa", "s2.tar"]);
    let named = format!("x={one}");
    bench.succeed(&["create", "-o", "remote.agc", &zero, &named, &two]);
    let archive = |name: &str| fs::read(bench.path(name)).unwrap();
    // How long a file on a server is, is not known beforehand, and parameters are chosen by that.
    for sample in ["s 0", "x", "s2"] {
        assert!(bench.sample("local.agc", sample) == bench.sample("remote.agc", sample));
    }

    bench.write("list", format!("{zero}\nx\t{one}\ns2\t{two}\n"));
    bench.succeed(&["create", "-o", "listed.agc", "-i", "list"]);
    assert!(archive("remote.agc") == archive("listed.agc"));

    bench.succeed(&["create", "-o", "grown.agc", &zero]);
    bench.succeed(&["append", "--in-place", "grown.agc", &named]);
    bench.succeed(&["sync", "grown.agc", &zero, &named, &two]);
    assert_eq!(bench.sample("grown.agc", "s2"), bench.sample("local.agc", "s2"));
    let (told, _) = bench.succeed(&["sync", "--dry-run", "--json", "grown.agc", &zero, &named, &two]);
    let told = String::from_utf8(told).unwrap();
    assert!(!told.contains("\"new\": [\"") && told.contains("s2"), "{told}");
}

#[test]
fn a_file_that_does_not_come_leaves_no_archive_and_passwords_are_not_stored() {
    let Some(server) =
        Nginx::start("a_file_that_does_not_come_leaves_no_archive_and_passwords_are_not_stored")
    else {
        return;
    };
    let bench = Bench::new();
    fs::write(
        server.files().join("a.fa"),
        ">c\nACGTACGTACGTACGTACGTACGTACGTACGT\n",
    )
    .unwrap();
    let absent = server.url("plain", "absent.fa");
    let message = bench.fail(
        1,
        &["create", "-o", "x.agc", &server.url("plain", "a.fa"), &absent],
    );
    assert!(
        message.contains(&format!("{absent}: ")) && message.contains("404 Not Found"),
        "{message}"
    );
    let locked = format!(
        "http://me:pass%20word@{}/locked/a.fa?sig=secret",
        server.authority()
    );
    let mut command = bench.bare_command(&["create", "--provenance", "-o", "x.agc", &locked]);
    assert!(command.status_in_time().success());
    let told = [
        bench.succeed(&["log", "x.agc"]).0,
        bench.succeed(&["info", "--json", "x.agc"]).0,
    ]
    .concat();
    let told = String::from_utf8(told).unwrap();
    assert!(told.contains("/locked/a.fa"), "{told}");
    assert!(
        !told.contains("pass%20word") && !told.contains("secret"),
        "{told}"
    );
    let archive = fs::read(bench.path("x.agc")).unwrap();
    assert!(!archive.windows(6).any(|bytes| bytes == b"secret"));
}

struct Bucket {
    server: S3Server,
    bench: Bench,
}

impl Bucket {
    fn new() -> Self {
        let bench = Bench::new();
        for sample in [0, 1] {
            bench.write(&format!("s{sample}.fa"), middling(sample));
        }
        Self {
            server: S3Server::start(),
            bench,
        }
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = self.bench.bare_command(args);
        self.server.configure(&mut command).stdin(Stdio::null());
        command
    }

    fn succeed(&self, args: &[&str]) {
        let output = self.command(args).output_in_time();
        assert!(
            output.status.success(),
            "{args:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }

    /// The message of a command that must fail, and leave the bucket as it was.
    fn fail(&self, args: &[&str]) -> String {
        let before = self.server.files();
        let output = self.command(args).output_in_time();
        let message = String::from_utf8(output.stderr).unwrap();
        assert_eq!(
            (output.status.code(), message.lines().count()),
            (Some(1), 1),
            "{args:?}: {message}"
        );
        assert_eq!(self.server.files(), before, "{args:?}");
        message
    }
}

#[test]
fn an_archive_is_written_to_a_bucket_when_it_is_complete() {
    let bucket = Bucket::new();
    bucket.succeed(&["create", "-d", "-o", "local.agc", "s0.fa", "s1.fa"]);
    let local = fs::read(bucket.bench.path("local.agc")).unwrap();
    let x = url("made/x.agc");
    bucket.succeed(&["create", "-d", "-o", &x, "s0.fa", "s1.fa"]);
    assert!(fs::read(bucket.server.file("made/x.agc")).unwrap() == local);
    let message = bucket.fail(&["create", "-o", &x, "s0.fa"]);
    assert!(
        message.contains("s3://genomes/made/x.agc: there is an object of this name: --force replaces it"),
        "{message}"
    );
    bucket.succeed(&["create", "-d", "--force", "-o", &x, "s0.fa"]);
    assert!(fs::read(bucket.server.file("made/x.agc")).unwrap() != local);
    // Out of an archive in a bucket, into the bucket.
    bucket.succeed(&["append", "-d", "-o", &url("y.agc"), &x, "s1.fa"]);
    bucket.succeed(&["verify", &url("y.agc")]);
    bucket.succeed(&["subset", "-o", &url("z.agc"), &url("y.agc"), "s1"]);
    bucket.succeed(&["getset", &url("z.agc"), "s1"]);
}

/// Set for the program of this test that does the work, with the settings for the server around it.
const CHILD: &str = "RAGC_TEST_UPLOADS";

#[test]
fn large_objects_come_in_parts_and_what_is_dropped_leaves_none() {
    let content: Vec<u8> = (0..20_000_003u32).map(|i| (i ^ (i >> 9)) as u8).collect();
    if std::env::var_os(CHILD).is_some() {
        let begin = |key: &str| {
            let mut upload = Upload::create(&Address::parse(&url(key)).unwrap(), false).unwrap();
            upload.write_all(&content).unwrap();
            upload
        };
        begin("large").finish().unwrap();
        drop(begin("dropped"));
        return;
    }
    let server = S3Server::start();
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args([
            "--exact",
            "writing::large_objects_come_in_parts_and_what_is_dropped_leaves_none",
        ])
        .env(CHILD, "1");
    let output = server.configure(&mut command).output_in_time();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
    assert!(fs::read(server.file("large")).unwrap() == content);
    let names = server.files().into_iter();
    let names = names.map(|file| file.file_name().unwrap().to_string_lossy().into_owned());
    // What the server keeps beside objects, and of requests that broke off, it calls so.
    let is_object = |name: &String| !name.ends_with(".internal.part") && !name.ends_with(".json");
    let names: Vec<String> = names.filter(is_object).collect();
    assert_eq!(names, ["large"]);
}

#[test]
fn what_fails_leaves_nothing_in_the_bucket() {
    let bucket = Bucket::new();
    bucket.bench.write("bad.fa", ">c\nnot nucleotides, but text!\n");
    let x = url("x.agc");
    let message = bucket.fail(&["create", "-o", &x, "s0.fa", "bad.fa"]);
    assert!(message.contains("bad.fa"), "{message}");
    let message = bucket.fail(&["create", "-o", "http://127.0.0.1:1/x.agc", "s0.fa"]);
    assert!(
        message.contains("objects are written to s3, gs and az only"),
        "{message}"
    );
    fs::copy(sample_archive::path(), bucket.server.file("there.agc")).unwrap();
    let message = bucket.fail(&["getset", "-o", &url("text.fa"), &url("there.agc"), "s1"]);
    assert!(
        message.contains("archives alone are written to servers"),
        "{message}"
    );
}

#[test]
fn what_is_interrupted_leaves_nothing_in_the_bucket() {
    let bucket = Bucket::new();
    let before = bucket.server.files();
    let mut command = bucket.command(&["create", "-o", &url("x.agc"), "s0.fa", "late=-"]);
    let mut run = command
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // It waits for the rest of its input from here on.
    run.stdin.as_mut().unwrap().write_all(b">c\nACGT").unwrap();
    until("the upload has begun", || bucket.server.files() != before);
    let killed = Command::new("kill")
        .args(["-TERM", &run.id().to_string()])
        .status_in_time();
    assert!(killed.success());
    let output = run.output_in_time();
    assert!(!output.status.success());
    assert_eq!(bucket.server.files(), before);
}
