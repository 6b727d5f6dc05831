//! Archives in the storage of Google and of Azure.

use std::fs;
use std::process::{Command, Output, Stdio};

use crate::azurite::{Azurite, CONTAINER};
use crate::bench::Bench;
use crate::bench::deadline::RunInTime;
use crate::s3_server::{BUCKET, S3Server};
use crate::sample_archive;

/// What commands answer that talk to a server.
struct Client<'a> {
    bench: &'a Bench,
    configure: &'a dyn Fn(&mut Command),
}

impl Client<'_> {
    fn run(&self, args: &[&str]) -> Output {
        let mut command = self.bench.bare_command(args);
        (self.configure)(&mut command);
        command.stdin(Stdio::null()).output_in_time()
    }

    fn succeed(&self, args: &[&str]) -> Vec<u8> {
        let output = self.run(args);
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        output.stdout
    }

    /// The one line of a command that fails.
    fn fail(&self, args: &[&str]) -> String {
        let output = self.run(args);
        let message = String::from_utf8(output.stderr).unwrap();
        assert_eq!(
            (output.status.code(), message.lines().count()),
            (Some(1), 1),
            "{message}"
        );
        message
    }

    /// An archive answers as one in a file does, and one that is not there is told.
    fn check_reading(&self, folder: &str, url: &str, local: &str) {
        for (command, what) in [
            ("getset", "s1"),
            ("listctg", "s0"),
            ("getctg", "chr2@s1:10-90000"),
        ] {
            assert!(
                self.succeed(&[command, url, what]) == self.succeed(&[command, local, what]),
                "{command}"
            );
        }
        let absent = self.fail(&["listset", &format!("{folder}/absent.agc")]);
        assert!(absent.contains("there is no such object (404"), "{absent}");
    }
}

/// The XML API of Google's storage reads as that of S3 does, but for credentials, and so does the server.
#[test]
fn an_archive_of_google_is_read() {
    let (server, bench) = (S3Server::start_open_to_all(), Bench::new());
    let local = sample_archive::path();
    fs::copy(&local, server.file("x.agc")).unwrap();
    let account = format!(
        r#"{{"gcs_base_url":"{}","disable_oauth":true,"client_email":"","private_key":"","private_key_id":""}}"#,
        server.endpoint
    );
    let configure = |command: &mut Command| {
        command.env("GOOGLE_SERVICE_ACCOUNT_KEY", &account);
    };
    let (bench, configure) = (&bench, &configure);
    let folder = format!("gs://{BUCKET}");
    Client { bench, configure }.check_reading(&folder, &format!("{folder}/x.agc"), local.to_str().unwrap());
}

#[test]
fn an_archive_goes_to_azure_and_back() {
    let Some(server) = Azurite::start("an_archive_goes_to_azure_and_back") else {
        return;
    };
    let bench = Bench::new();
    for sample in [0, 1] {
        bench.write(
            &format!("s{sample}.fa"),
            sample_archive::fasta_of(sample, [250_000, 100_000]),
        );
    }
    let configure = |command: &mut Command| {
        server.configure(command);
    };
    let client = Client {
        bench: &bench,
        configure: &configure,
    };
    let folder = format!("az://{CONTAINER}");
    let url = format!("{folder}/deep/x.agc");
    for archive in [url.as_str(), "local.agc"] {
        client.succeed(&["create", "-q", "-o", archive, "s0.fa", "s1.fa"]);
    }
    client.check_reading(&folder, &url, "local.agc");
    let told = client.fail(&["create", "-o", &url, "s0.fa"]);
    assert!(
        told.contains("there is an object of this name: --force replaces it"),
        "{told}"
    );
    client.succeed(&["create", "-q", "--force", "-o", &url, "s0.fa"]);
    assert_eq!(client.succeed(&["listset", &url]), b"s0\n");
}

#[test]
fn a_wrong_key_of_azure_is_told_and_not_shown() {
    let Some(server) = Azurite::start("a_wrong_key_of_azure_is_told_and_not_shown") else {
        return;
    };
    let bench = Bench::new();
    let configure = |command: &mut Command| {
        server
            .configure(command)
            .env("AZURE_STORAGE_ACCOUNT_KEY", "d3Jvbmcga2V5");
    };
    let client = Client {
        bench: &bench,
        configure: &configure,
    };
    let told = client.fail(&["listset", &format!("az://{CONTAINER}/x.agc")]);
    assert!(
        told.contains("the server refuses it to this user (403 Forbidden"),
        "{told}"
    );
    assert!(!told.contains("d3Jvbmcga2V5"), "{told}");
}
