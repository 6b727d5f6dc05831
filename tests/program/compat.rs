//! The surface of the other library gives what the own one gives; the examples run.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use ragc_core::Keep;
use ragc_core::compat::{Decompressor, DecompressorConfig};
use ragc_core::compress::{CreateOptions, Input};
use ragc_core::extract::Spelling;
use ragc_core::observe::Silent;

use crate::deadline::{EndInTime, LONG_DEADLINE, RunInTime, in_time};
use crate::golden::golden_archive;

fn open(name: &str) -> Decompressor {
    Decompressor::open(
        golden_archive(name).to_str().unwrap(),
        DecompressorConfig { verbosity: 0 },
    )
    .unwrap()
}

#[test]
fn names_ranges_and_segments_agree_with_whole_contigs() {
    for name in [
        "v3_s500.agc",
        "old_v3.2.1_append_trap13.agc",
        "old_v1.1_b3.agc",
        "old_v2.1_b3.agc",
    ] {
        let mut handle = open(name);
        let k = handle.inner().params().k as usize;
        for sample in handle.list_samples() {
            let contigs = handle.get_sample(&sample).unwrap();
            let names: Vec<String> = contigs.iter().map(|(name, _)| name.clone()).collect();
            assert_eq!(handle.list_contigs(&sample).unwrap(), names);
            assert_eq!(handle.list_contigs_names_only(&sample).unwrap(), names);
            for (contig, codes) in contigs {
                let len = codes.len();
                assert_eq!(handle.get_contig_length(&sample, &contig).unwrap(), len);
                assert_eq!(handle.get_contig(&sample, &contig).unwrap(), codes);
                let mut range = |from, to| handle.get_contig_range(&sample, &contig, from, to).unwrap();
                assert_eq!(range(0, len + 10), codes);
                assert_eq!(range(len / 3, len / 2), codes[len / 3..len / 2]);
                let backwards = range(9, 3);
                assert!(backwards.is_empty() && range(len, len + 1).is_empty());
                let segments = handle.get_contig_segments_desc(&sample, &contig).unwrap();
                let sum: usize = segments.iter().map(|segment| segment.raw_length as usize).sum();
                assert_eq!(sum - k * segments.len().saturating_sub(1), len, "{name} {contig}");
            }
        }
    }
}

#[test]
fn clones_share_an_archive_and_prefixes_select() {
    in_time("all clones have read", || {
        let mut handle = open("v3_concat.agc");
        let all = handle.list_samples();
        let some = handle.list_samples_with_prefix("virus/00");
        assert!(some.len() == 10 && all.len() > 100);
        let by_prefix = handle.get_samples_by_prefix("virus/00").unwrap();
        assert_eq!(by_prefix.len(), 10);
        std::thread::scope(|scope| {
            for sample in some {
                let (mut clone, by_prefix) = (handle.clone_for_thread().unwrap(), &by_prefix);
                scope.spawn(move || {
                    assert_eq!(clone.get_sample(&sample).unwrap(), by_prefix[&sample]);
                    clone.close().unwrap();
                });
            }
        });
        assert!(handle.list_contigs("nosuch").is_err());
        assert!(handle.get_contig_range("nosuch", "c", 0, 1).is_err());
    });
}

#[test]
fn a_sample_is_written_and_a_wrong_name_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s.fa");
    let mut handle = open("tiny.agc");
    assert!(handle.write_sample_fasta("nosuch", &path).is_err());
    assert!(!path.exists());
    handle.write_sample_fasta("s", &path).unwrap();
    assert!(
        std::fs::read_to_string(&path)
            .unwrap()
            .ends_with(">tiny\nACGTN\n")
    );
}

#[test]
fn letters_are_those_of_agc_whatever_the_archive_keeps() {
    let folder = tempfile::tempdir().unwrap();
    let [fasta, archive, out] = ["s.fa", "s.agc", "out.fa"].map(|name| folder.path().join(name));
    std::fs::write(&fasta, ">x\nACGTacgt\nnnac\n").unwrap();
    let mut create = Command::new(env!("CARGO_BIN_EXE_ragc"));
    create.args(["create", "-o"]).arg(&archive).arg(&fasta);
    assert!(create.output_in_time().status.success());
    let mut handle =
        Decompressor::open(archive.to_str().unwrap(), DecompressorConfig { verbosity: 0 }).unwrap();
    handle.write_sample_fasta("s", &out).unwrap();
    assert_eq!(std::fs::read_to_string(&out).unwrap(), ">x\nACGTACGTNNAC\n");
    assert_eq!(handle.get_contig("s", "x").unwrap()[4..8], [0, 1, 2, 3]);
    let id = handle.inner().find_contig(Some(b"s"), "x").unwrap();
    let cased = handle.inner().contig_letters(id, Spelling::Cased).unwrap();
    assert_eq!(cased, b"ACGTacgtnnac");

    // The library makes archives as AGC does.
    let mut folded = Vec::new();
    let inputs = [Input::file(&fasta)];
    CreateOptions::default()
        .create(&inputs, &mut folded, Arc::new(Silent))
        .unwrap();
    let folded = ragc_core::Archive::from_reader(folded).unwrap();
    assert_eq!(folded.keep().unwrap(), Keep::default());
}

/// Runs a command, and gives what it prints.
fn printed(command: &mut Command) -> String {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let output = command.spawn().unwrap().output_within(LONG_DEADLINE);
    assert!(
        output.status.success(),
        "{command:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_examples_do_what_they_say() {
    // Those of the whole workspace are what its tests are built with: of the library alone, which has fewer features then, all would be built once more.
    printed(Command::new(env!("CARGO")).args(["build", "--quiet", "--offline", "--workspace", "--examples"]));
    let target = Path::new(env!("CARGO_BIN_EXE_ragc")).ancestors().nth(2).unwrap();
    let example = |name: &str, args: &[&str]| {
        let program = target.join("debug/examples").join(name);
        printed(Command::new(program).args(args))
    };
    let path = golden_archive("tiny.agc");
    let path = path.to_str().unwrap();
    assert!(example("list", &[path]).contains("s\n   chr1 demo\t157\n   tiny\t5\n"));
    assert_eq!(example("region", &[path, "r", "chr1", "2", "6"]), "CAGG\n");
    assert_eq!(
        example("base_counts", &[path, "s", "tiny"]),
        "A\t1\nC\t1\nG\t1\nN\t1\nT\t1\n"
    );
    let windows = example("windows", &[path, "9", "check"]);
    assert_eq!(windows, "1265 letters b87e97fc\n");
    assert_eq!(example("windows", &[path, "9"]), "1265 letters\n");
    let shares = example("threads", &[path, "2"]);
    assert_eq!(shares.lines().count(), 4);
    assert_eq!(shares, example("threads", &[path, "1"]));
}
