//! Which samples a command line selects, and what it says when there are none.

use std::fs;
use std::io::Write;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

use crate::bench::deadline::{EndInTime, RunInTime};

/// Runs ragc in a folder with `x.agc`, whose samples are those of [`SAMPLES`].
struct Fixture {
    folder: TempDir,
}

/// Samples, in archive order, with the letters of their contig `chr1`.
const SAMPLES: [(&str, &str); 6] = [
    ("ref", "A"),
    ("HG002#2", "CC"),
    ("HG002#1", "C"),
    ("HG003", "G"),
    ("HG003#1", "GG"),
    ("NA1", "T"),
];

impl Fixture {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut create = Command::new(env!("CARGO_BIN_EXE_ragc"));
        create.args(["create", "-o", "x.agc"]).current_dir(folder.path());
        for (name, letters) in SAMPLES {
            let file = format!("{name}.fa");
            let extra = if name == "NA1" { ">chrY\nTTT\n" } else { "" };
            fs::write(
                folder.path().join(&file),
                format!(">chr1 of {name}\n{letters}\n{extra}"),
            )
            .unwrap();
            create.arg(file);
        }
        assert!(create.output_in_time().status.success());
        Self { folder }
    }

    fn ragc(&self, args: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ragc"));
        command.args(args).current_dir(self.folder.path());
        command.output_in_time()
    }

    /// Standard output of a command that succeeds.
    fn stdout(&self, args: &[&str]) -> String {
        let output = self.ragc(args);
        assert!(output.status.success(), "{args:?}");
        text(&output.stdout)
    }

    /// The sequences that a command prints, one after the other.
    fn bases(&self, args: &[&str]) -> Vec<String> {
        let lines = self.stdout(args);
        lines
            .lines()
            .filter(|line| !line.starts_with('>'))
            .map(str::to_owned)
            .collect()
    }

    /// The message of a command that fails without output.
    fn failure(&self, args: &[&str]) -> String {
        let output = self.ragc(args);
        assert_eq!(output.status.code(), Some(1), "{args:?}");
        assert!(output.stdout.is_empty(), "{args:?}");
        let message = text(&output.stderr);
        assert_eq!(message.lines().count(), 1, "{message}");
        message
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn samples_by_name_list_and_prefix() {
    let fixture = Fixture::new();
    let get = |args: &[&str]| fixture.bases(&[&["getset", "x.agc"], args].concat());
    fs::write(fixture.folder.path().join("list"), "NA1\r\n\nHG002#1\n").unwrap();
    assert_eq!(get(&["NA1", "ref", "NA1"]), ["T", "TTT", "A", "T", "TTT"]);
    assert_eq!(get(&["--prefix", "HG002"]), ["CC", "C"]);
    assert_eq!(
        get(&["--prefix", "HG003", "--prefix", "HG"]),
        ["G", "GG", "CC", "C"]
    );
    assert_eq!(get(&["--samples-from", "list"]), ["T", "TTT", "C"]);
    assert_eq!(
        get(&["ref", "--samples-from", "list", "--prefix", "HG002"]),
        ["A", "T", "TTT", "C", "CC"]
    );
    assert_eq!(get(&["--prefix", ""]).len(), 7);
    assert!(
        fixture
            .failure(&["getset", "x.agc", "--prefix", "X"])
            .contains("\"X\"")
    );
    assert!(
        fixture
            .failure(&["getset", "x.agc", "--samples-from", "nolist"])
            .contains("nolist")
    );
    fs::write(fixture.folder.path().join("list"), "NA1\nnobody\n").unwrap();
    let message = fixture.failure(&["getset", "x.agc", "--samples-from", "list"]);
    assert!(message.contains("list") && message.contains("nobody"));
}

#[test]
fn samples_from_standard_input() {
    let fixture = Fixture::new();
    let mut child = Command::new(env!("CARGO_BIN_EXE_ragc"))
        .args(["getset", "--samples-from", "-", "x.agc"])
        .current_dir(fixture.folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b"ref\n").unwrap();
    assert_eq!(child.output_in_time().stdout, b">chr1 of ref\nA\n");
}

#[test]
fn pansn_prefixes_select_haplotypes_in_archive_order() {
    let fixture = Fixture::new();
    assert_eq!(fixture.bases(&["getset", "x.agc", "HG002"]), ["CC", "C"]);
    assert_eq!(fixture.bases(&["getset", "x.agc", "HG002#1"]), ["C"]);
    // A sample of this name is taken at its word.
    assert_eq!(fixture.bases(&["getset", "x.agc", "HG003"]), ["G"]);
    assert!(
        fixture
            .failure(&["getset", "x.agc", "HG00"])
            .contains("near: \"HG003\"")
    );
    assert_eq!(fixture.bases(&["getctg", "x.agc", "chr1@HG002:0-0"]), ["C", "C"]);
    assert_eq!(fixture.bases(&["getctg", "x.agc", "chr1@HG003"]), ["G"]);
    assert!(
        fixture
            .failure(&["getctg", "x.agc", "chrY@HG002"])
            .contains("HG002")
    );
}

#[test]
fn contigs_of_selected_samples() {
    let fixture = Fixture::new();
    let output = fixture.ragc(&["getctg", "--with-sample", "--prefix", "HG", "x.agc", "chr1:0-0"]);
    assert_eq!(
        text(&output.stdout),
        ">HG002#2#chr1:1-1 of HG002#2\nC\n>HG002#1#chr1:1-1 of HG002#1\nC\n>HG003#chr1:1-1 of HG003\nG\n>HG003#1#chr1:1-1 of HG003#1\nG\n"
    );
    assert!(output.stderr.is_empty());
    let output = fixture.ragc(&["getctg", "--prefix", "", "x.agc", "chrY"]);
    assert_eq!(text(&output.stdout), ">chrY\nTTT\n");
    assert!(text(&output.stderr).contains("5 of 6 samples"));
    assert!(
        fixture
            .failure(&["getctg", "--prefix", "HG", "x.agc", "chrY"])
            .contains("chrY")
    );
}

#[test]
fn headers_with_samples_do_not_collide() {
    let fixture = Fixture::new();
    let whole = fixture.stdout(&["getcol", "--with-sample", "x.agc"]);
    let mut headers: Vec<&str> = whole.lines().filter(|line| line.starts_with('>')).collect();
    assert_eq!(headers[1], ">HG002#2#chr1 of HG002#2");
    let n = headers.len();
    headers.sort_unstable();
    headers.dedup();
    assert_eq!((headers.len(), n), (7, 7));
    assert_eq!(
        fixture.stdout(&["getset", "--with-sample", "x.agc", "NA1", "ref"]),
        ">NA1#chr1 of NA1\nT\n>NA1#chrY\nTTT\n>ref#chr1 of ref\nA\n"
    );
}

#[test]
fn what_is_absent_has_neighbours() {
    let fixture = Fixture::new();
    let cases: [(&[&str], &str); 5] = [
        (&["getset", "x.agc", "HG001"], "near: \"HG003\""),
        (&["listctg", "x.agc", "NA2"], "near: \"NA1\""),
        (&["getctg", "x.agc", "chr2@NA1"], "near: \"chr1\", \"chrY\""),
        (&["getctg", "x.agc", "chr2"], "near: \"chr1\", \"chrY\""),
        (&["getctg", "x.agc", "chr1@NA2:1-5"], "near: \"NA1\""),
    ];
    for (args, told) in cases {
        let message = fixture.failure(args);
        assert!(message.contains(told), "{message}");
        assert!(!message.contains("ref"), "too far: {message}");
    }
    assert!(!fixture.failure(&["getset", "x.agc", "somebody"]).contains("near"));
}

#[test]
fn every_reading_command_takes_a_cache() {
    let fixture = Fixture::new();
    for args in [
        &["getset", "x.agc", "NA1"][..],
        &["getctg", "x.agc", "chrY"],
        &["getcol", "x.agc"],
        &["listset", "x.agc"],
        &["listref", "x.agc"],
        &["listctg", "x.agc", "NA1"],
        &["info", "x.agc"],
        &["faidx", "x.agc", "chrY:1-2"],
    ] {
        let plain = fixture.stdout(args);
        for size in ["0", "64k", "256M", "1G"] {
            assert_eq!(fixture.stdout(&[args, &["--cache", size]].concat()), plain);
        }
        let wrong = fixture.ragc(&[args, &["--cache", "much"]].concat());
        assert_eq!(wrong.status.code(), Some(2));
    }
}
