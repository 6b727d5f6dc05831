//! Archives in buckets.

use std::fs;
use std::process::{Output, Stdio};
use std::time::Duration;

use crate::bench::Bench;
use crate::bench::deadline::RunInTime;
use crate::s3_server::{BUCKET, KEY_ID, S3Server, SECRET, url};
use crate::sample_archive;

fn run(server: &S3Server, bench: &Bench, args: &[&str], settings: &[(&str, &str)]) -> Output {
    let mut command = bench.command(args);
    server
        .configure(&mut command)
        .envs(settings.iter().copied())
        .stdin(Stdio::null())
        .output_in_time()
}

/// The one line of a command that fails.
fn failure(output: &Output) -> String {
    let message = String::from_utf8(output.stderr.clone()).unwrap();
    assert_eq!(
        (output.status.code(), message.lines().count()),
        (Some(1), 1),
        "{message}"
    );
    for secret in [KEY_ID, SECRET, "X-Amz", "wrong"] {
        assert!(!message.contains(secret), "{message}");
    }
    message
}

#[test]
fn an_archive_in_a_bucket_is_read() {
    let (server, bench) = (S3Server::start(), Bench::new());
    let local = sample_archive::path();
    fs::copy(&local, server.file("x.agc")).unwrap();
    for args in [
        ["getset", "s1"],
        ["listctg", "s2"],
        ["getctg", "chr2@s0:10-250000"],
    ] {
        let of = |archive: &str| run(&server, &bench, &[args[0], archive, args[1]], &[]);
        let (ours, theirs) = (of(&url("x.agc")), of(local.to_str().unwrap()));
        assert!(ours.status.success(), "{}", String::from_utf8_lossy(&ours.stderr));
        assert!(ours.stdout == theirs.stdout, "{args:?}");
    }
}

#[test]
fn what_a_bucket_refuses_is_told() {
    let (server, bench) = (S3Server::start(), Bench::new());
    fs::copy(sample_archive::path(), server.file("x.agc")).unwrap();
    type Settings = [(&'static str, &'static str)];
    let cases: [(&str, &Settings, &str); 5] = [
        (
            "s3://genomes/absent.agc",
            &[],
            "there is no such object (404 Not Found, NoSuchKey)",
        ),
        ("s3://absent/x.agc", &[], "there is no such object (404 Not Found"),
        (
            "s3://genomes/x.agc",
            &[("AWS_SECRET_ACCESS_KEY", "wrong")],
            "403 Forbidden, SignatureDoesNotMatch",
        ),
        (
            "s3://genomes/x.agc",
            &[("AWS_ACCESS_KEY_ID", "AKIAwrong")],
            "the server ",
        ),
        (
            "s3://genomes/x.agc",
            &[("AWS_ALLOW_HTTP", "perhaps")],
            "the settings for it do not do: ",
        ),
    ];
    for (url, settings, expected) in cases {
        let told = failure(&run(&server, &bench, &["listset", url], settings));
        assert!(
            told.starts_with(&format!("ragc: error: {url}: ")) && told.contains(expected),
            "{told}"
        );
    }
}

#[test]
fn without_credentials_it_is_told_which_there_may_be() {
    let bench = Bench::new();
    let mut command = bench.command(&["listset", "s3://genomes/x.agc"]);
    for name in ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_ENDPOINT"] {
        command.env_remove(name);
    }
    // Where the machine would ask: nobody listens there.
    command.env("AWS_METADATA_ENDPOINT", "http://127.0.0.1:1");
    let told = failure(&command.output_in_time());
    assert!(
        told.contains("no credentials: for S3 set AWS_ACCESS_KEY_ID"),
        "{told}"
    );
}

#[test]
fn a_signed_url_is_read_until_it_expires() {
    let (server, bench) = (S3Server::start(), Bench::new());
    fs::copy(sample_archive::path(), server.file("x.agc")).unwrap();
    let signed = signed_url(&server, Duration::from_secs(3600));
    let listed = run(&server, &bench, &["listset", &signed], &[]);
    assert_eq!(
        listed.stdout,
        b"s0\ns1\ns2\n",
        "{}",
        String::from_utf8_lossy(&listed.stderr)
    );
    // Signed long ago.
    let date = signed
        .split("X-Amz-Date=")
        .nth(1)
        .unwrap()
        .split('&')
        .next()
        .unwrap();
    let expired = signed.replace(date, "20200101T000000Z");
    let told = failure(&run(&server, &bench, &["listset", &expired], &[]));
    assert!(
        told.contains("the server refuses it to this user (403 Forbidden"),
        "{told}"
    );
}

/// A URL with which anybody may read the archive for some time.
fn signed_url(server: &S3Server, time: Duration) -> String {
    use object_store::signer::Signer;
    let _ = rustls::crypto::ring::default_provider().install_default();
    let store = object_store::aws::AmazonS3Builder::new()
        .with_endpoint(&server.endpoint)
        .with_allow_http(true)
        .with_bucket_name(BUCKET)
        .with_region("us-east-1")
        .with_access_key_id(KEY_ID)
        .with_secret_access_key(SECRET)
        .build()
        .unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let path = "x.agc".into();
    let signed = store.signed_url("GET".parse().unwrap(), &path, time);
    runtime.block_on(signed).unwrap().to_string()
}
