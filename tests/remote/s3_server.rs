//! A server of S3 over a directory: that of `s3s-fs`, on a thread of its own.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::mpsc;
use std::thread;

use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use s3s_fs::FileSystem;
use tempfile::TempDir;
use tokio::net::TcpListener;

use crate::bench::deadline::in_time;

pub(crate) const KEY_ID: &str = "AKIATESTTESTTESTTEST";
pub(crate) const SECRET: &str = "a+secret/that+must+not+be+printed";
pub(crate) const BUCKET: &str = "genomes";

/// A server with one bucket. It runs until the program ends.
pub(crate) struct S3Server {
    folder: TempDir,
    pub(crate) endpoint: String,
}

impl S3Server {
    pub(crate) fn start() -> Self {
        Self::start_with(Some(SimpleAuth::from_single(KEY_ID, SECRET)))
    }

    /// One that asks nobody who he is: the XML API of Google's storage is the same but for that.
    pub(crate) fn start_open_to_all() -> Self {
        Self::start_with(None)
    }

    fn start_with(auth: Option<SimpleAuth>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join(BUCKET)).unwrap();
        let files = FileSystem::new(folder.path()).unwrap();
        let mut builder = S3ServiceBuilder::new(files);
        if let Some(auth) = auth {
            builder.set_auth(auth);
        }
        let service = builder.build().into_shared();
        let (sender, address) = mpsc::channel();
        thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async move {
                let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
                sender.send(listener.local_addr().unwrap()).unwrap();
                while let Ok((socket, _)) = listener.accept().await {
                    let service = service.clone();
                    tokio::spawn(async move {
                        let builder = Builder::new(TokioExecutor::new());
                        let _ = builder.serve_connection(TokioIo::new(socket), service).await;
                    });
                }
            });
        });
        let address = in_time("the server has an address", move || {
            address.recv().expect("the thread of the server has failed")
        });
        let endpoint = format!("http://{address}");
        Self { folder, endpoint }
    }

    /// Where an object is as a file.
    pub(crate) fn file(&self, key: &str) -> PathBuf {
        self.folder.path().join(BUCKET).join(key)
    }

    /// All files of the server, hidden ones too, as far as they are parts of uploads or objects.
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        let mut found = Vec::new();
        let mut folders = vec![self.folder.path().to_path_buf()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
                match entry.is_dir() {
                    true => folders.push(entry),
                    false => found.push(entry),
                }
            }
        }
        found.sort();
        found
    }

    /// Gives a command what it needs to talk to the server.
    pub(crate) fn configure<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command
            .env("AWS_ENDPOINT", &self.endpoint)
            .env("AWS_ALLOW_HTTP", "true")
            .env("AWS_REGION", "us-east-1")
            .env("AWS_ACCESS_KEY_ID", KEY_ID)
            .env("AWS_SECRET_ACCESS_KEY", SECRET)
    }
}

pub(crate) fn url(key: &str) -> String {
    format!("s3://{BUCKET}/{key}")
}
