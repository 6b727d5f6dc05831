//! What is waited for, for so long and no longer: a test that would hang fails, and tells what it waited for.

use std::fs;
use std::panic::resume_unwind;
use std::process::{self, Child, Command, ExitStatus, Output, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

/// Far longer than anything takes here, on a machine with other work as well.
const DEADLINE: Duration = Duration::from_secs(180);
/// For what compiles programs.
pub(crate) const LONG_DEADLINE: Duration = Duration::from_secs(1800);
/// Between two looks.
const TICK: Duration = Duration::from_millis(1);

/// Runs commands to their end.
pub(crate) trait RunInTime {
    /// As `output`, with nothing on standard input.
    fn output_in_time(&mut self) -> Output;

    /// As [`Self::output_in_time`], with standard output where it goes already.
    fn stderr_in_time(&mut self) -> Output;

    /// As `status`.
    fn status_in_time(&mut self) -> ExitStatus;
}

impl RunInTime for Command {
    fn output_in_time(&mut self) -> Output {
        self.stdout(Stdio::piped()).stderr_in_time()
    }

    fn stderr_in_time(&mut self) -> Output {
        self.stdin(Stdio::null()).stderr(Stdio::piped());
        self.spawn().unwrap().output_in_time()
    }

    fn status_in_time(&mut self) -> ExitStatus {
        self.spawn().unwrap().status_in_time()
    }
}

/// Waits for children.
pub(crate) trait EndInTime {
    /// As `wait_with_output`.
    fn output_in_time(self) -> Output;

    /// As `wait_with_output`, if it ends within this time.
    fn output_within(self, deadline: Duration) -> Output;

    /// As `wait`.
    fn status_in_time(&mut self) -> ExitStatus;
}

impl EndInTime for Child {
    fn output_in_time(self) -> Output {
        self.output_within(DEADLINE)
    }

    fn output_within(self, deadline: Duration) -> Output {
        let id = self.id();
        let (sender, output) = mpsc::channel();
        // Left behind if it takes too long: what the child has started may hold its output open when the child is gone.
        thread::spawn(move || sender.send(self.wait_with_output()));
        match output.recv_timeout(deadline) {
            Ok(output) => output.unwrap(),
            Err(_) => {
                // Now, and not when it was started: the system may show the line a moment later.
                let command = command_line(id);
                let _ = Command::new("kill").args(["-KILL", &id.to_string()]).status();
                panic!("no end after {deadline:?}: {command}");
            }
        }
    }

    fn status_in_time(&mut self) -> ExitStatus {
        drop(self.stdin.take());
        let begun = Instant::now();
        loop {
            if let Some(status) = self.try_wait().unwrap() {
                return status;
            }
            if begun.elapsed() > DEADLINE {
                let command = command_line(self.id());
                let _ = self.kill();
                panic!("no end after {DEADLINE:?}: {command}");
            }
            thread::sleep(TICK);
        }
    }
}

/// Waits until something is so.
pub(crate) fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < DEADLINE, "not within {DEADLINE:?}: {what}");
        thread::sleep(TICK);
    }
}

/// Does what may wait for ever, for some time only. Its panic is that of the test.
pub(crate) fn in_time<T: Send + 'static>(what: &str, work: impl FnOnce() -> T + Send + 'static) -> T {
    within(DEADLINE, what, work)
}

fn within<T: Send + 'static>(deadline: Duration, what: &str, work: impl FnOnce() -> T + Send + 'static) -> T {
    let (sender, done) = mpsc::channel();
    // Left behind if it takes too long, with all that it waits for.
    let worker = thread::spawn(move || sender.send(work()));
    match done.recv_timeout(deadline) {
        Ok(done) => done,
        Err(RecvTimeoutError::Timeout) => panic!("not within {deadline:?}: {what}"),
        Err(RecvTimeoutError::Disconnected) => match worker.join() {
            Err(panic) => resume_unwind(panic),
            Ok(_) => unreachable!("what it sends is there"),
        },
    }
}

/// As [`in_time`] for what borrows, whose threads cannot be left behind: the program of the tests ends if it takes too long.
pub(crate) fn in_time_or_abort<T>(what: &'static str, work: impl FnOnce() -> T) -> T {
    let (working, ended) = mpsc::channel::<()>();
    thread::spawn(move || {
        if ended.recv_timeout(DEADLINE) == Err(RecvTimeoutError::Timeout) {
            eprintln!("not within {DEADLINE:?}: {what}");
            process::abort();
        }
    });
    let done = work();
    drop(working);
    done
}

/// The command line of a process, where the system shows it.
fn command_line(id: u32) -> String {
    match fs::read_to_string(format!("/proc/{id}/cmdline")) {
        Ok(line) => line.replace('\0', " "),
        Err(_) => format!("process {id}"),
    }
}

#[test]
#[should_panic(expected = "no end after 100ms: sleep 600")]
fn a_child_that_does_not_end_fails_the_test_with_its_command_line() {
    let child = Command::new("sleep").arg("600").stdout(Stdio::piped()).spawn();
    child.unwrap().output_within(Duration::from_millis(100));
}

#[test]
#[should_panic(expected = "not within 100ms: a message")]
fn what_waits_for_ever_fails_the_test() {
    let (_sender, never) = mpsc::channel::<()>();
    within(Duration::from_millis(100), "a message", move || {
        never.recv().unwrap()
    });
}

#[test]
#[should_panic(expected = "on purpose")]
fn what_panics_fails_the_test_with_its_message() {
    in_time("nothing", || panic!("on purpose"));
}
