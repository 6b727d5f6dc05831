//! Packed and indexed outputs.

use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// The empty block that ends a BGZF file (SAM specification, "End-of-file marker").
const BGZF_END: [u8; 28] = [
    0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff, 6, 0, 0x42, 0x43, 2, 0, 0x1b, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0,
];

fn archive(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/golden/archives");
    path.join(name).to_str().unwrap().to_owned()
}

fn ragc_in(folder: &TempDir, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ragc"));
    command.args(args).current_dir(folder.path());
    command.output().unwrap()
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
    let entries = fs::read_dir(folder.path()).unwrap();
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
    let samtools = Command::new("samtools")
        .arg("--version")
        .stdout(Stdio::null())
        .status();
    if !samtools.is_ok_and(|status| status.success()) {
        let test = "samtools_reads_what_is_indexed_here_and_indexes_it_alike";
        let message = format!("{test}: left out, because samtools is not installed\n");
        io::stderr().write_all(message.as_bytes()).unwrap();
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let archive = archive("v3_s500.agc");
    let samtools = |args: &[&str]| {
        let mut command = Command::new("samtools");
        command.arg("faidx").args(args).current_dir(folder.path());
        let output = command.output().unwrap();
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
        let output = child.wait_with_output().unwrap();
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
        let output = command.output().unwrap();
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
