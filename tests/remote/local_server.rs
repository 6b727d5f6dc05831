//! A server that is started here, on a port that is free.

use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};

use crate::bench::deadline::until;

/// A server that runs until this is dropped.
pub(crate) struct LocalServer {
    process: Child,
    pub(crate) port: u16,
}

impl LocalServer {
    /// Starts one by the command for a port, and waits until it listens.
    pub(crate) fn start(name: &str, command: impl Fn(u16) -> Command) -> Self {
        // Between finding a port and taking it another program may do so.
        let started = (0..10).find_map(|_| Self::on_free_port(name, &command));
        started.unwrap_or_else(|| panic!("{name} does not start"))
    }

    fn on_free_port(name: &str, command: &impl Fn(u16) -> Command) -> Option<Self> {
        let any = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = any.local_addr().unwrap().port();
        drop(any);
        let mut command = command(port);
        let process = command
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut started = Self { process, port };
        let mut ended = false;
        until(&format!("{name} listens"), || {
            ended = started.process.try_wait().unwrap().is_some();
            ended || TcpStream::connect(("127.0.0.1", port)).is_ok()
        });
        (!ended).then_some(started)
    }
}

impl Drop for LocalServer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
