//! nginx, started here with a configuration of its own, and what it was asked.

use std::fs;
use std::io::Write;
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use crate::bench::deadline::until;
use crate::bench::installed::installed;
use crate::local_server::LocalServer;

/// Places where Debian, and others, have it.
const PROGRAMS: [&str; 3] = ["nginx", "/usr/sbin/nginx", "/usr/local/sbin/nginx"];

/// A method that no client of archives has.
const LAST: &str = "OPTIONS";

/// A server over a folder. `/plain/` has ranges, `/whole/` has none, `/locked/` wants the user `me` with the password `pass word`, `/forbidden/`
/// is refused.
pub(crate) struct Nginx {
    server: LocalServer,
    folder: TempDir,
}

/// A request that was answered.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) status: u16,
    /// Bytes of the body.
    pub(crate) n_bytes: u64,
    /// Milliseconds since 1970 at its end.
    pub(crate) time: u64,
    /// Milliseconds that it took.
    pub(crate) duration: u64,
}

impl Nginx {
    /// Starts one; `None`, and a line that says so, where it is not installed.
    pub(crate) fn start(test: &str) -> Option<Self> {
        let program = installed(test, &PROGRAMS, "-v")?;
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("files")).unwrap();
        fs::create_dir(folder.path().join("temporary")).unwrap();
        fs::write(folder.path().join("passwords"), "me:{PLAIN}pass word\n").unwrap();
        let server = LocalServer::start("nginx", |port| {
            let configuration = folder.path().join("nginx.conf");
            fs::write(&configuration, configuration_of(folder.path(), port)).unwrap();
            let mut command = Command::new(program);
            command.arg("-p").arg(folder.path()).arg("-c").arg(&configuration);
            command
        });
        Some(Self { server, folder })
    }

    /// The folder that is served.
    pub(crate) fn files(&self) -> std::path::PathBuf {
        self.folder.path().join("files")
    }

    /// The URL of a file below one of the places.
    pub(crate) fn url(&self, place: &str, name: &str) -> String {
        format!("http://127.0.0.1:{}/{place}/{name}", self.server.port)
    }

    pub(crate) fn authority(&self) -> String {
        format!("127.0.0.1:{}", self.server.port)
    }

    /// The requests since this was last asked. It writes them down when they are answered, which may be a moment after the answer has come; but
    /// one after the other, so all of them stand before one that comes last.
    pub(crate) fn requests(&self) -> Vec<Request> {
        let mut last = TcpStream::connect(("127.0.0.1", self.server.port)).unwrap();
        write!(last, "{LAST} / HTTP/1.0\r\n\r\n").unwrap();
        let log = self.folder.path().join("access.log");
        let mut requests: Vec<Request> = Vec::new();
        until("the last request is in the log", || {
            let text = fs::read_to_string(&log).unwrap_or_default();
            let lines = text.split_inclusive('\n').filter(|line| line.ends_with('\n'));
            requests = lines.map(Request::parse).collect();
            requests.last().is_some_and(|request| request.method == LAST)
        });
        requests.pop();
        fs::write(&log, "").unwrap();
        requests
    }
}

impl Request {
    fn parse(line: &str) -> Self {
        let words: Vec<&str> = line.split_whitespace().collect();
        let milliseconds = |text: &str| (text.parse::<f64>().unwrap() * 1000.0).round() as u64;
        Self {
            method: words[0].to_owned(),
            status: words[1].parse().unwrap(),
            n_bytes: words[2].parse().unwrap(),
            time: milliseconds(words[3]),
            duration: milliseconds(words[4]),
        }
    }
}

/// One process of the user who runs the tests, with all that it writes in the folder.
fn configuration_of(folder: &Path, port: u16) -> String {
    let folder = folder.display();
    let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|what| format!("{what}_temp_path {folder}/temporary/{what};"))
        .join("\n");
    format!(
        "daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;
events {{}}
http {{
    {temporary}
    log_format plain '$request_method $status $body_bytes_sent $msec $request_time';
    access_log {folder}/access.log plain;
    server {{
        listen 127.0.0.1:{port};
        location /plain/ {{ alias {folder}/files/; }}
        location /whole/ {{ alias {folder}/files/; max_ranges 0; }}
        location /forbidden/ {{ return 403; }}
        location /locked/ {{ alias {folder}/files/; auth_basic locked; auth_basic_user_file {folder}/passwords; }}
    }}
}}
"
    )
}
