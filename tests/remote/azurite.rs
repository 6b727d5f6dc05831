//! Azurite, the server that the makers of Azure's storage give for tests.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Command;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use crate::bench::deadline::RunInTime;
use crate::bench::installed::installed;
use crate::local_server::LocalServer;

/// The account that it has, and its key, which are known to everybody.
const ACCOUNT: &str = "devstoreaccount1";
const KEY: &str = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
const VERSION: &str = "2021-08-06";
pub(crate) const CONTAINER: &str = "genomes";

/// A server with one container.
pub(crate) struct Azurite {
    server: LocalServer,
    _folder: TempDir,
}

impl Azurite {
    /// Starts one; `None`, and a line that says so, where it is not installed.
    pub(crate) fn start(test: &str) -> Option<Self> {
        let program = installed(test, &["azurite-blob"], "--version")?;
        let folder = tempfile::tempdir().unwrap();
        let server = LocalServer::start(program, |port| {
            let mut command = Command::new(program);
            command
                .args([
                    "--silent",
                    "--skipApiVersionCheck",
                    "--disableTelemetry",
                    "--blobPort",
                ])
                .arg(port.to_string())
                .arg("--location")
                .arg(folder.path());
            command
        });
        let started = Self {
            server,
            _folder: folder,
        };
        started.make_container();
        Some(started)
    }

    fn make_container(&self) {
        let date = Command::new("date")
            .args(["-u", "+%a, %d %b %Y %H:%M:%S GMT"])
            .env("LC_ALL", "C")
            .output_in_time();
        let date = String::from_utf8(date.stdout).unwrap();
        let headers = format!("x-ms-date:{}\nx-ms-version:{VERSION}\n", date.trim());
        let resource = format!("/{ACCOUNT}/{ACCOUNT}/{CONTAINER}\nrestype:container");
        let signature = hmac(format!("PUT{}{headers}{resource}", "\n".repeat(12)).as_bytes());
        let mut socket = TcpStream::connect(("127.0.0.1", self.server.port)).unwrap();
        write!(
            socket,
            "PUT /{ACCOUNT}/{CONTAINER}?restype=container HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: 0\r\n\
             Authorization: SharedKey {ACCOUNT}:{signature}\r\n{}\r\n",
            headers.replace('\n', "\r\n"),
        )
        .unwrap();
        let mut answer = String::new();
        socket.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    }

    /// Gives a command what it needs to talk to the server.
    pub(crate) fn configure<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command
            .env(
                "AZURE_STORAGE_ENDPOINT",
                format!("http://127.0.0.1:{}/{ACCOUNT}", self.server.port),
            )
            .env("AZURE_ALLOW_HTTP", "true")
            .env("AZURE_STORAGE_ACCOUNT_NAME", ACCOUNT)
            .env("AZURE_STORAGE_ACCOUNT_KEY", KEY)
    }
}

/// What RFC 2104 makes of the key of the account and a text, in Base64.
fn hmac(text: &[u8]) -> String {
    let mut block = [0; 64];
    let key = BASE64_STANDARD.decode(KEY).unwrap();
    block[..key.len()].copy_from_slice(&key);
    let hash = |pad: u8, text: &[u8]| {
        Sha256::new()
            .chain_update(block.map(|byte| byte ^ pad))
            .chain_update(text)
            .finalize()
    };
    BASE64_STANDARD.encode(hash(0x5C, &hash(0x36, text)))
}
