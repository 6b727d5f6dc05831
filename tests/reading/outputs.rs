//! Packed and indexed outputs.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

use crate::bench::deadline::{EndInTime, RunInTime};
use crate::bench::golden::golden_archive;
use crate::bench::installed::installed;

/// The empty block that ends a BGZF file (SAM specification, "End-of-file marker").
const BGZF_END: [u8; 28] = [
    0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff, 6, 0, 0x42, 0x43, 2, 0, 0x1b, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0,
];

fn archive(name: &str) -> String {
    golden_archive(name).to_str().unwrap().to_owned()
}

fn ragc_in(folder: &TempDir, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ragc"));
    command.args(args).current_dir(folder.path());
    command.output_in_time()
}

fn plain_text(args: &[&str]) -> Vec<u8> {
    let output = ragc_in(&tempfile::tempdir().unwrap(), args);
    assert!(output.status.success());
    assert!(output.stdout.len() > 300_000);
    output.stdout
}

fn gunzip(packed: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    flate2::read::MultiGzDecoder::new(packed)
        .read_to_end(&mut text)
        .unwrap();
    text
}

/// Whether this starts as a BGZF block.
fn is_bgzf(packed: &[u8]) -> bool {
    packed.len() > 18 && packed[3] == 4 && packed[12..14] == *b"BC"
}

fn names_in(folder: &TempDir) -> Vec<String> {
    names_in_folder(folder.path())
}

fn names_in_folder(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn the_name_or_a_flag_decides_the_packing() {
    let folder = tempfile::tempdir().unwrap();
    let archive = archive("v3_s500.agc");
    let text = plain_text(&["getcol", "--with-sample", &archive]);
    let samples = ["ref", "a", "b", "c", "d", "e", "f_lower"];
    let write = |args: &[&str]| {
        let command = ["getset", "--with-sample", &archive];
        let output = ragc_in(&folder, &[&command, &samples[..], args].concat());
        assert!(output.status.success(), "{args:?} {output:?}");
        assert!(output.stderr.is_empty());
        output.stdout
    };
    let read = |name: &str| fs::read(folder.path().join(name)).unwrap();
    for (name, threads) in [("x.fa.gz", "1"), ("y.bgz", "3")] {
        write(&["-o", name, "-t", threads]);
        let packed = read(name);
        assert!(is_bgzf(&packed) && packed.ends_with(&BGZF_END), "{name}");
        assert_eq!(gunzip(&packed), text);
    }
    assert_eq!(read("x.fa.gz"), read("y.bgz"), "threads do not change the bytes");
    let packed = write(&["--bgzf"]);
    assert!(is_bgzf(&packed) && packed.ends_with(&BGZF_END));
    assert_eq!(gunzip(&packed), text);
    let smallest = write(&["--bgzf", "-g", "9"]);
    let fastest = write(&["--bgzf", "-g", "1"]);
    assert!(is_bgzf(&smallest) && smallest.len() < fastest.len());
    // AGC's flag means AGC's gzip whatever the name.
    write(&["-g", "5", "-o", "z.fa.gz"]);
    assert!(!is_bgzf(&read("z.fa.gz")));
    assert_eq!(gunzip(&read("z.fa.gz")), text);
    write(&["-g", "0", "-o", "z.fa.gz"]);
    assert_eq!(read("z.fa.gz"), text);
    write(&["-o", "x.fa.zst"]);
    assert_eq!(zstd::decode_all(&read("x.fa.zst")[..]).unwrap(), text);
    write(&["-o", "x.fa"]);
    assert_eq!(read("x.fa"), text);
    assert_eq!(
        names_in(&folder),
        ["x.fa", "x.fa.gz", "x.fa.zst", "y.bgz", "z.fa.gz"]
    );
}

#[test]
fn samtools_reads_what_is_indexed_here_and_indexes_it_alike() {
    let test = "samtools_reads_what_is_indexed_here_and_indexes_it_alike";
    if installed(test, &["samtools"], "--version").is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let archive = archive("v3_s500.agc");
    let samtools = |args: &[&str]| {
        let mut command = Command::new("samtools");
        command.arg("faidx").args(args).current_dir(folder.path());
        let output = command.output_in_time();
        assert!(output.status.success(), "{output:?}");
        output.stdout
    };
    for name in ["x.fa.gz", "x.fa"] {
        let args = ["getcol", "--with-sample", &archive];
        let whole = ragc_in(&folder, &args).stdout;
        let all = ["ref", "a", "b", "c", "d", "e", "f_lower"];
        let args = [
            &[
                "getset",
                "--index",
                "--with-sample",
                "-t",
                "2",
                "-o",
                name,
                &archive,
            ],
            &all[..],
        ]
        .concat();
        assert!(ragc_in(&folder, &args).status.success());
        let ours = samtools(&[name, "a#chr1:1001-2000", "f_lower#inv:100-"]);
        assert!(ours.len() > 1000 && whole.len() > 200_000);
        let endings: &[&str] = if name == "x.fa" { &["fai"] } else { &["fai", "gzi"] };
        let paths: Vec<PathBuf> = endings
            .iter()
            .map(|end| folder.path().join(format!("{name}.{end}")))
            .collect();
        let indexes: Vec<Vec<u8>> = paths.iter().map(|path| fs::read(path).unwrap()).collect();
        paths.iter().for_each(|path| fs::remove_file(path).unwrap());
        samtools(&[name]);
        for (path, index) in paths.iter().zip(indexes) {
            assert_eq!(fs::read(path).unwrap(), index, "{}", path.display());
        }
        assert_eq!(samtools(&[name, "a#chr1:1001-2000", "f_lower#inv:100-"]), ours);
        assert!(!folder.path().join("x.fa.gzi").exists());
    }
}

#[test]
fn getcol_packs_and_indexes_a_file_per_sample() {
    let folder = tempfile::tempdir().unwrap();
    let archive = archive("v3_two.agc");
    let args = ["getcol", "--bgzf", "--index", "-o", ".", &archive];
    assert!(ragc_in(&folder, &args).status.success());
    assert_eq!(
        names_in(&folder),
        [
            "a.fa.gz",
            "a.fa.gz.fai",
            "a.fa.gz.gzi",
            "ref.fa.gz",
            "ref.fa.gz.fai",
            "ref.fa.gz.gzi"
        ]
    );
    let text = gunzip(&fs::read(folder.path().join("a.fa.gz")).unwrap());
    assert_eq!(text, ragc_in(&folder, &["getset", &archive, "a"]).stdout);
}

#[test]
fn an_index_needs_a_file_that_can_be_indexed() {
    let folder = tempfile::tempdir().unwrap();
    let archive = archive("tiny.agc");
    for (args, status) in [
        (&["--index"][..], 2),
        (&["--index", "-g", "3", "-o", "x.fa.gz"], 2),
        (&["--index", "-o", "x.zst"], 2),
        (&["--index", "-o", "/dev/null"], 1),
    ] {
        let output = ragc_in(&folder, &[&["getset", &archive, "r"], args].concat());
        assert_eq!(output.status.code(), Some(status), "{args:?}");
        assert!(output.stdout.is_empty());
    }
    assert!(names_in(&folder).is_empty());
    let args = ["getset", "--index", "-o", "x.fa", &archive, "r", "r"];
    let output = ragc_in(&folder, &args);
    assert!(output.status.success());
    assert!(
        String::from_utf8(output.stderr)
            .unwrap()
            .contains("several contigs are named")
    );
}

/// samtools would take bases from where they were in the text before.
#[test]
fn an_index_never_stands_beside_another_text() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["r.fa", "t.fa"] {
        fs::write(folder.path().join(name), ">chr1\nACGTTGCA\n>chr2\nAC\n").unwrap();
    }
    let args = ["create", "--lossless", "-o", "x.agc", "r.fa", "t.fa"];
    assert!(ragc_in(&folder, &args).status.success());
    fs::create_dir(folder.path().join("d")).unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join("d").join(name), text).unwrap();
    for (args, output) in [
        (&["getset", "-o", "d/t.fa", "x.agc", "t"][..], "t.fa"),
        (&["getset", "--exact", "-o", "d/t.fa", "x.agc", "t"], "t.fa"),
        (&["getset", "-o", "d/t.fa.gz", "x.agc", "t"], "t.fa.gz"),
        (&["getset", "-g", "3", "-o", "d/t.fa.gz", "x.agc", "t"], "t.fa.gz"),
        (&["getctg", "-o", "d/t.fa", "x.agc", "chr1@t"], "t.fa"),
        (&["faidx", "-o", "d/t.fa", "x.agc", "t#chr1"], "t.fa"),
        (&["getcol", "-o", "d", "x.agc"], "t.fa"),
        (&["getcol", "--exact", "-o", "d", "x.agc"], "t.fa"),
        (&["getcol", "--bgzf", "-o", "d", "x.agc"], "t.fa.gz"),
        (&["getcol", "--salvage", "d", "x.agc"], "t.fa"),
        (&["listset", "-o", "d/t.fa", "x.agc"], "t.fa"),
    ] {
        write(output, "old");
        write(&format!("{output}.fai"), "old");
        write(&format!("{output}.gzi"), "old");
        let run = ragc_in(&folder, args);
        assert!(run.status.success(), "{args:?} {run:?}");
        let mut left = names_in_folder(&folder.path().join("d"));
        left.retain(|name| name.starts_with(output) || name.starts_with('.'));
        assert_eq!(left, [output], "{args:?}");
        fs::remove_file(folder.path().join("d").join(output)).unwrap();
    }
    // A new index replaces what was there, and a kind that the text has no longer goes.
    for (output, expected) in [
        ("u.fa", &["u.fa", "u.fa.fai"][..]),
        ("v.gz", &["v.gz", "v.gz.fai", "v.gz.gzi"]),
    ] {
        write(&format!("{output}.fai"), "old");
        write(&format!("{output}.gzi"), "old");
        let args = ["getset", "--index", "-o", &format!("d/{output}"), "x.agc", "t"];
        assert!(ragc_in(&folder, &args).status.success());
        let mut left = names_in_folder(&folder.path().join("d"));
        left.retain(|name| name.starts_with(output));
        assert_eq!(left, expected);
        for name in expected {
            assert_ne!(fs::read(folder.path().join("d").join(name)).unwrap(), b"old");
        }
    }
}

#[test]
fn indexes_are_those_of_a_link_and_of_what_it_points_to() {
    let folder = tempfile::tempdir().unwrap();
    let archive = archive("tiny.agc");
    let path = |name: &str| folder.path().join(name);
    fs::create_dir(path("real")).unwrap();
    for name in ["real/t.fa", "real/t.fa.fai", "real/index", "t.fa.gzi"] {
        fs::write(path(name), "old").unwrap();
    }
    let link = |to: &str, from: &str| std::os::unix::fs::symlink(to, path(from)).unwrap();
    link("real/t.fa", "t.fa");
    link("real/index", "t.fa.fai");
    let args = ["getset", "--index", "-o", "t.fa", &archive, "r"];
    assert!(ragc_in(&folder, &args).status.success());
    assert_eq!(names_in(&folder), ["real", "t.fa", "t.fa.fai"]);
    assert_eq!(names_in_folder(&path("real")), ["index", "t.fa"]);
    assert_eq!(fs::read_link(path("t.fa.fai")).unwrap(), Path::new("real/index"));
    assert!(
        fs::read_to_string(path("t.fa.fai"))
            .unwrap()
            .starts_with("chr1\t")
    );
    assert!(
        ragc_in(&folder, &["getset", "-o", "t.fa", &archive, "r"])
            .status
            .success()
    );
    assert_eq!(names_in(&folder), ["real", "t.fa"]);
}

#[test]
fn where_no_index_can_be_written_the_text_stays_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let archive = archive("tiny.agc");
    let path = |name: &str| folder.path().join(name);
    fs::create_dir(path("t.fa.gz.gzi")).unwrap();
    fs::write(path("t.fa.gz"), "old").unwrap();
    fs::write(path("t.fa.gz.fai"), "old").unwrap();
    let output = ragc_in(&folder, &["getset", "--index", "-o", "t.fa.gz", &archive, "r"]);
    assert_eq!(output.status.code(), Some(1));
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(
        message.starts_with("ragc: error: t.fa.gz.gzi: cannot create: "),
        "{message}"
    );
    assert_eq!(names_in(&folder), ["t.fa.gz", "t.fa.gz.fai", "t.fa.gz.gzi"]);
    for name in ["t.fa.gz", "t.fa.gz.fai"] {
        assert_eq!(fs::read(path(name)).unwrap(), b"old");
    }
    // A folder is no index of anything.
    assert!(
        ragc_in(&folder, &["getset", "-o", "t.fa.gz", &archive, "r"])
            .status
            .success()
    );
    assert_eq!(names_in(&folder), ["t.fa.gz", "t.fa.gz.gzi"]);
}

#[test]
fn a_closed_pipe_is_no_failure_for_packed_output() {
    let folder = tempfile::tempdir().unwrap();
    for packing in [&["--bgzf", "-g", "1", "-t", "3"][..], &["-g", "1"]] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_ragc"))
            .args(["getcol", &archive("v3_concat.agc")])
            .args(packing)
            .current_dir(folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.output_in_time();
        assert_eq!(output.status.code(), Some(0), "{packing:?}");
        assert!(output.stderr.is_empty(), "{output:?}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_a_failure_for_packed_output() {
    for packing in [&["--bgzf", "-t", "2"][..], &["-g", "1"], &["-l", "7"]] {
        let full = fs::File::options().write(true).open("/dev/full").unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_ragc"));
        command
            .args(["getcol", &archive("v3_s500.agc")])
            .args(packing)
            .stdout(full);
        let output = command.stderr_in_time();
        assert_eq!(output.status.code(), Some(1), "{packing:?}");
        let message = String::from_utf8(output.stderr).unwrap();
        assert_eq!(message.lines().count(), 1, "{message}");
    }
}

/// A reader of the pipe must not take half of the text for all of it.
#[test]
fn packed_output_that_fails_has_no_end() {
    let folder = tempfile::tempdir().unwrap();
    let mut damaged = fs::read(archive("v3_two.agc")).unwrap();
    damaged[10_000..10_100].fill(0x55);
    fs::write(folder.path().join("broken.agc"), damaged).unwrap();
    // Too far from each other for gzip to find the repeats, so that some of it is written before the damage is met.
    let contigs = [
        &["chr1@ref", "plasmid@ref", "chr1@a"].repeat(40)[..],
        &["chr2@ref"],
    ]
    .concat();
    for packing in [&["--bgzf"][..], &["-g", "6"], &[]] {
        let output = ragc_in(
            &folder,
            &[&["getctg", "-t", "1"], packing, &["broken.agc"], &contigs].concat(),
        );
        assert_eq!(output.status.code(), Some(1));
        assert!(output.stdout.len() > 100_000, "something comes before the damage");
        assert!(!output.stdout.ends_with(&BGZF_END), "{packing:?}");
        let mut text = Vec::new();
        let unpacked = flate2::read::GzDecoder::new(&output.stdout[..]).read_to_end(&mut text);
        // BGZF is whole in each of its blocks: only the mark of the end tells.
        assert!(unpacked.is_err() || packing == ["--bgzf"], "{packing:?}");
    }
}
