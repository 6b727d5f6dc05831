//! The program without clients of servers has the one with them take its place, and says so where that is missing.

use std::env;
use std::fs;
use std::io::Write;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::bench::Bench;
use crate::bench::deadline::{EndInTime, RunInTime};
use crate::nginx::Nginx;
use crate::s3_server::{S3Server, url};
use crate::sample_archive;

const OTHER: &str = "ragc-net";

/// A folder to work in with the program, which is alone there and on the `PATH`.
struct Alone(Bench);

impl Alone {
    fn new() -> Self {
        // Beside the program, where it can have another name: what was just written cannot be run while another thread starts a process.
        let bench = Bench::within(env!("CARGO_TARGET_TMPDIR").as_ref());
        fs::create_dir(bench.path("bin")).unwrap();
        fs::hard_link(env!("CARGO_BIN_EXE_ragc"), bench.path("bin/ragc")).unwrap();
        Self(bench)
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(self.0.path("bin/ragc"));
        command
            .args(args)
            .current_dir(self.0.path(""))
            .env("PATH", self.0.path("bin"));
        command
    }

    /// The only line of a command that fails and leaves nothing.
    fn fail(&self, command: &mut Command) -> String {
        let before = self.0.files();
        let message = message(command.output_in_time());
        assert_eq!(self.0.files(), before, "{command:?} left a file");
        message
    }
}

/// The only line of a command that has failed.
fn message(output: Output) -> String {
    let message = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{message}");
    assert!(output.stdout.is_empty());
    assert!(
        message.starts_with("ragc: error: ") && message.lines().count() == 1,
        "{message}"
    );
    message
}

/// Runs a command with this on its standard input.
fn piped(command: &mut Command, text: &[u8]) -> Output {
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut run = command.spawn().unwrap();
    run.stdin.take().unwrap().write_all(text).unwrap();
    run.output_in_time()
}

fn succeed(command: &mut Command) -> Vec<u8> {
    let output = command.output_in_time();
    assert!(
        output.status.success(),
        "{command:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    output.stdout
}

#[test]
fn without_the_other_program_it_is_told_which_and_where() {
    let alone = Alone::new();
    alone.0.write("a.fa", ">c\nACGTACGTACGTACGTACGTACGTACGT\n");
    let lines = "a.fa\nx\thttps://me:secret@host.invalid/x.fa?sig=secret\n";
    alone.0.write("list", lines);
    let url = "https://me:secret@host.invalid/x.agc?sig=secret";
    let named = format!("x={url}");
    let commands: [&[&str]; 12] = [
        &["listset", url],
        &["getset", "-o", "x.fa", url, "a"],
        &["verify", "a.fa", url],
        &["create", "-o", "x.agc", "a.fa", url],
        &["create", "-o", "x.agc", "a.fa", &named],
        &["create", "-o", "s3://bucket/x.agc", "a.fa"],
        &["create", "-o", "x.agc", "-i", "list"],
        &["append", "-o", "x.agc", url, "a.fa"],
        &["sync", "x.agc", "-i", "list"],
        &["merge", "-o", "x.agc", url, "y.agc"],
        &["remove", "-o", "x.agc", url, "a"],
        &["undo", url],
    ];
    let folder = alone.0.path("bin").canonicalize().unwrap();
    let check = |message: String| {
        assert!(message.contains(&format!("the program {OTHER} ")), "{message}");
        assert!(
            message.contains(&format!(" in {} nor", folder.display())),
            "{message}"
        );
        assert!(!message.contains("secret"), "{message}");
    };
    for args in commands {
        check(alone.fail(&mut alone.command(args)));
    }
    for list in ["-", "/dev/fd/0"] {
        let mut create = alone.command(&["create", "-o", "x.agc", "-i", list]);
        check(message(piped(&mut create, lines.as_bytes())));
    }
}

#[test]
fn without_the_other_program_files_are_worked_on_as_ever() {
    let alone = Alone::new();
    alone
        .0
        .write("a.fa", ">https://host.invalid/c\nACGTACGTACGTACGTACGTACGTACGT\n");
    let created = piped(
        &mut alone.command(&["create", "-o", "x.agc", "-i", "-"]),
        b"a\ta.fa\n",
    );
    assert!(created.status.success());
    // A closed pipe is an error of the write, and no signal.
    let mut create = alone.command(&["create", "-i", "-"]);
    create
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut run = create.spawn().unwrap();
    drop(run.stdout.take());
    run.stdin.take().unwrap().write_all(b"a\ta.fa\n").unwrap();
    let told = message(run.output_in_time());
    assert!(told.contains("Broken pipe"), "{told}");
    assert_eq!(
        succeed(&mut alone.command(&["listset", "--cache-dir", "cache", "x.agc"])),
        b"a\n"
    );
    let contig = succeed(&mut alone.command(&["getctg", "x.agc", "https://host.invalid/c"]));
    assert!(contig.starts_with(b">https://host.invalid/c\nACGT"));
}

#[test]
fn the_other_program_is_found_beside_the_file_that_a_link_leads_to_and_on_the_path() {
    let Some(server) =
        Nginx::start("the_other_program_is_found_beside_the_file_that_a_link_leads_to_and_on_the_path")
    else {
        return;
    };
    fs::copy(sample_archive::path(), server.files().join("x.agc")).unwrap();
    let url = server.url("plain", "x.agc");
    let alone = Alone::new();
    let real = Path::new(env!("CARGO_BIN_EXE_ragc"));
    symlink(real, alone.0.path("bin/linked")).unwrap();
    let mut linked = Command::new(alone.0.path("bin/linked"));
    linked.args(["listset", &url]).env("PATH", alone.0.path("bin"));
    assert_eq!(succeed(&mut linked), b"s0\ns1\ns2\n");
    let mut on_path = alone.command(&["listset", &url]);
    assert_eq!(
        succeed(on_path.env("PATH", real.parent().unwrap())),
        b"s0\ns1\ns2\n"
    );
    // By itself it is a program like the other.
    let mut other = Command::new(env!("CARGO_BIN_EXE_ragc-net"));
    assert_eq!(succeed(other.args(["listset", &url])), b"s0\ns1\ns2\n");
    let mut local = Command::new(env!("CARGO_BIN_EXE_ragc-net"));
    assert_eq!(
        succeed(local.arg("listset").arg(sample_archive::path())),
        b"s0\ns1\ns2\n"
    );
}

#[test]
fn nothing_of_clients_is_in_the_program_that_works_on_files() {
    let has_clients = |program: &str| {
        let mut grep = Command::new("grep");
        grep.args(["-qaF", "rustls", program]);
        grep.status_in_time().success()
    };
    assert!(has_clients(env!("CARGO_BIN_EXE_ragc-net")));
    assert!(!has_clients(env!("CARGO_BIN_EXE_ragc")));
}

#[test]
fn what_cannot_take_its_place_is_told() {
    let alone = Alone::new();
    let url = "https://host.invalid/x.agc";
    let other = alone.0.path("bin").join(OTHER);
    fs::write(&other, "").unwrap();
    let message = alone.fail(&mut alone.command(&["listset", url]));
    assert!(
        message.contains(&format!(
            "{}, which cannot be started: ",
            other.canonicalize().unwrap().display()
        )),
        "{message}"
    );
    // A link to this very program would be called again and again.
    fs::remove_file(&other).unwrap();
    symlink("ragc", &other).unwrap();
    let message = alone.fail(&mut alone.command(&["listset", url]));
    assert!(message.contains(" is ragc itself"), "{message}");
}

#[test]
fn both_programs_have_to_be_of_one_version() {
    let mut other = Command::new(env!("CARGO_BIN_EXE_ragc-net"));
    other.args(["listset", "https://host.invalid/x.agc", "--option-of-later-days"]);
    let message = message(other.env("RAGC_CALLER", "99.1.0").output_in_time());
    let version = env!("CARGO_PKG_VERSION");
    assert!(
        message.contains(&format!("need the program {OTHER} 99.1.0, and /")),
        "{message}"
    );
    assert!(
        message.ends_with(&format!(" is {OTHER} {version}\n")),
        "{message}"
    );
}

#[test]
fn the_other_program_calls_itself_as_this_one() {
    let help = |args: &[&str]| {
        let mut other = Command::new(env!("CARGO_BIN_EXE_ragc-net"));
        String::from_utf8(succeed(other.args(args))).unwrap()
    };
    assert!(help(&["getset", "--help"]).contains("Usage: ragc getset [OPTIONS]"));
    assert!(help(&["--help"]).contains("Usage: ragc "));
    assert!(help(&["completions", "bash"]).contains("_ragc()"));
    for args in [&["--version"][..], &["man", "--help"]] {
        assert!(!help(args).contains(OTHER));
    }
}

#[test]
fn standard_input_goes_on_to_the_other_program() {
    let (server, bench) = (S3Server::start(), Bench::new());
    let texts = [0, 1, 2].map(|sample| sample_archive::fasta_of(sample, [250_000, 100_000]));
    for (sample, text) in texts.iter().enumerate() {
        fs::write(server.file(&format!("s{sample}.fa")), text).unwrap();
    }
    let stored = |archive: &str| {
        let mut command = bench.bare_command(&["listset", archive]);
        String::from_utf8(succeed(server.configure(&mut command))).unwrap()
    };
    let succeed_with = |args: &[&str], text: &[u8]| {
        let output = piped(server.configure(&mut bench.bare_command(args)), text);
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{args:?}: {told}");
    };
    // Lists with URLs, that can be read once.
    let list = format!("{}\nx\t{}\n", url("s0.fa"), url("s1.fa"));
    succeed_with(&["create", "-o", "listed.agc", "-i", "-"], list.as_bytes());
    succeed_with(
        &["create", "-o", "opened.agc", "-i", "/dev/stdin"],
        list.as_bytes(),
    );
    for archive in ["listed.agc", "opened.agc"] {
        assert_eq!(stored(archive), "s0\nx\n");
    }
    // A file, beside a sheet with URLs that can be read again.
    bench.write("sheet", format!("# samples\ny\t{}\n", url("s2.fa")));
    succeed_with(
        &["append", "--in-place", "listed.agc", "z=-", "-i", "sheet"],
        &texts[1],
    );
    assert_eq!(stored("listed.agc"), "s0\nx\ny\nz\n");
    assert_eq!(bench.sample("listed.agc", "z"), bench.sample("listed.agc", "x"));
    // An archive to a bucket.
    succeed_with(&["create", "-o", &url("x.agc"), "s1=-"], &texts[1]);
    assert_eq!(stored(&url("x.agc")), "s1\n");
}

#[test]
fn statuses_are_those_of_the_other_program() {
    let Some(server) = Nginx::start("statuses_are_those_of_the_other_program") else {
        return;
    };
    let bench = Bench::new();
    bench.write("bad.fa", "no FASTA\n");
    fs::write(server.files().join("a.fa"), ">c\nACGTACGTACGTACGTACGTACGTACGT\n").unwrap();
    let mut damaged = sample_archive::bytes();
    damaged[1000] ^= 1;
    fs::write(server.files().join("damaged.agc"), damaged).unwrap();
    let [file, damaged, absent] = ["a.fa", "damaged.agc", "absent.agc"].map(|name| server.url("plain", name));
    let cases: [(i32, &[&str]); 5] = [
        (0, &["create", "-o", "x.agc", &file]),
        (1, &["verify", &damaged]),
        (2, &["create", "-o", "y.agc", "-c", &format!("x={file}")]),
        (3, &["verify", &absent]),
        (3, &["create", "-o", "z.agc", "--skip-bad-files", &file, "bad.fa"]),
    ];
    for (status, args) in cases {
        assert_eq!(bench.run(args).status.code(), Some(status), "{args:?}");
    }
    // Nor is its output another one: the runtime of the first program has opened another file in its place.
    fs::copy(bench.path("x.agc"), server.files().join("x.agc")).unwrap();
    let mut closed = Command::new("sh");
    closed
        .args(["-c", "exec \"$0\" listset \"$1\" >&-"])
        .args([env!("CARGO_BIN_EXE_ragc"), &server.url("plain", "x.agc")]);
    let told = message(closed.output_in_time());
    assert!(told.contains("standard output: cannot write"), "{told}");
}
