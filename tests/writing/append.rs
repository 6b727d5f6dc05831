//! `ragc append`: old and new samples come back, whoever wrote the archive, and a failure leaves the old archive alone.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::process::Stdio;

use crate::bench::deadline::EndInTime;
use crate::bench::golden::{golden_archive, golden_fasta};
use crate::bench::{Bench, normal, random_bases};
use ragc_core::internals::container::{ContainerReader, ContainerWriter, names};
use serde_json::Value;

/// Golden samples that are appended, in steps.
const STEPS: [&[&str]; 3] = [&["c"], &["ref", "a"], &["d", "e", "f_lower"]];

/// What an archive holds, by sample.
type Samples = BTreeMap<String, String>;

fn samples_of(bench: &Bench, archive: &str) -> Samples {
    let sample = |name: String| {
        let text = bench.sample(archive, &name);
        (name, text)
    };
    bench.samples(archive).into_iter().map(sample).collect()
}

/// The golden samples under names that no archive has.
fn new_files(bench: &Bench) {
    for name in STEPS.concat() {
        let text = fs::read_to_string(golden_fasta(&format!("{name}.fa"))).unwrap();
        bench.write(&format!("new_{name}.fa"), text);
    }
}

/// Appends the files of a step in place; gives what comes back for each.
fn append_step(bench: &Bench, archive: &str, step: &[&str], flags: &[&str]) -> Samples {
    let files: Vec<String> = step.iter().map(|name| format!("new_{name}.fa")).collect();
    let args = [&["append", "--rewrite", "-o", archive], flags, &[archive]].concat();
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    bench.succeed(&[args, files].concat());
    step.iter()
        .map(|name| {
            let text = fs::read_to_string(bench.path(&format!("new_{name}.fa"))).unwrap();
            (format!("new_{name}"), normal(&text))
        })
        .collect()
}

#[test]
fn archives_of_agc_keep_their_samples_and_gain_the_new_ones() {
    let bench = Bench::new();
    new_files(&bench);
    for archive in [
        "tiny.agc",
        "v3_default.agc",
        "v3_s100.agc",
        "v3_s500.agc",
        "v3_s500_b1.agc",
        "v3_s500_b3.agc",
        "v3_k17_l15.agc",
        "v3_k32_l32.agc",
        "v3_append1.agc",
        "v3_append2.agc",
        "v3_adaptive.agc",
        "v3_fallback.agc",
        "v3_two.agc",
        "old_v3.0_s500.agc",
        "old_v3.0_b3.agc",
        "old_v3.2.1_append_trap13.agc",
    ] {
        fs::copy(golden_archive(archive), bench.path("x.agc")).unwrap();
        let mut expected = samples_of(&bench, "x.agc");
        for step in STEPS {
            expected.extend(append_step(&bench, "x.agc", step, &["-t", "3"]));
            assert!(samples_of(&bench, "x.agc") == expected, "{archive} {step:?}");
        }
    }
}

/// Every contig a sample: the text of all samples in archive order is the text of the files.
#[test]
fn contigs_are_samples_in_concatenated_mode() {
    let bench = Bench::new();
    let text = fs::read_to_string(golden_fasta("concat.fa")).unwrap();
    bench.write("more.fa", text.replace('>', ">more_"));
    for archive in ["v3_concat.agc", "old_v3.0_concat.agc", "v3_s500_b3.agc"] {
        fs::copy(golden_archive(archive), bench.path("x.agc")).unwrap();
        let mut expected = bench.succeed(&["getcol", "x.agc"]).0;
        bench.succeed(&["append", "-c", "-o", "x.agc", "x.agc", "more.fa"]);
        expected.extend(normal(&text.replace('>', ">more_")).into_bytes());
        assert!(bench.succeed(&["getcol", "x.agc"]).0 == expected, "{archive}");
        let message = bench.fail(1, &["append", "-c", "-o", "x.agc", "x.agc", "more.fa"]);
        assert!(
            message.contains("more.fa: line 1: ") && message.contains("already there"),
            "{message}"
        );
    }
}

#[test]
fn appending_one_by_one_holds_what_creating_at_once_holds() {
    let bench = Bench::new();
    new_files(&bench);
    let all: Vec<String> = STEPS
        .concat()
        .iter()
        .map(|name| format!("new_{name}.fa"))
        .collect();
    for flags in [
        &["-s", "500"][..],
        &["-s", "500", "-b", "2"],
        &["-s", "300", "-b", "1"],
        &["-a", "-f", "0.01", "-s", "300"],
        &["-k", "17", "-l", "32", "-s", "100"],
        &[],
    ] {
        let files: Vec<&str> = all.iter().map(String::as_str).collect();
        bench.succeed(&[&["create", "-o", "all.agc"], flags, &files].concat());
        bench.succeed(&[&["create", "-o", "x.agc"], flags, &files[..1]].concat());
        let size = |name: &str| fs::metadata(bench.path(name)).unwrap().len();
        // Whether genomes are stored as deltas is decided when the second comes; the first stays as it is.
        let undecided = if flags.is_empty() { size("x.agc") } else { 0 };
        for name in &STEPS.concat()[1..] {
            let mode: &[&str] = if flags[..].contains(&"-a") {
                &["-a", "-f", "0.01"]
            } else {
                &[]
            };
            append_step(&bench, "x.agc", &[name], mode);
        }
        let at_once = bench.succeed(&["getcol", "all.agc"]).0;
        assert!(bench.succeed(&["getcol", "x.agc"]).0 == at_once, "{flags:?}");
        let reference = bench.succeed(&["listref", "x.agc"]).0;
        assert_eq!(reference, b"new_c");
        assert!(
            (size("x.agc") - undecided) * 100 < size("all.agc") * 112,
            "{flags:?}"
        );
    }
}

#[test]
fn the_first_sample_that_is_appended_is_cut_as_a_second_one_of_a_new_archive() {
    let bench = Bench::new();
    let first = random_bases(1, 40_000);
    // New, and in it a repeat that is worth a cut, which it would not be in the reference sample.
    let inserted = [
        &random_bases(2, 3_000),
        &first[7_000..7_300],
        &random_bases(3, 3_000),
    ]
    .concat();
    let second = [&first[..15_000], &inserted, &first[15_000..]].concat();
    bench.write("a.fa", format!(">c\n{first}\n"));
    bench.write("b.fa", format!(">c\n{second}\n"));
    let n_segments = |command: &str| {
        let args: Vec<&str> = command.split(' ').collect();
        bench.succeed(&[&args[..], &["--stats=run.json"]].concat());
        let text = fs::read_to_string(bench.path("run.json")).unwrap();
        let stats: Value = serde_json::from_str(&text).unwrap();
        stats["run"]["n_segments"].as_u64().unwrap()
    };
    let alone = n_segments("create --raw-contigs false -s 10000 -o a.agc a.fa");
    let both = n_segments("create --raw-contigs false -s 10000 -o ab.agc a.fa b.fa");
    assert_eq!(n_segments("append -o appended.agc a.agc b.fa"), both - alone);
}

#[test]
fn the_archive_is_the_same_for_any_number_of_threads() {
    let bench = Bench::new();
    new_files(&bench);
    for (archive, mode) in [
        ("v3_s500_b3.agc", &[][..]),
        ("v3_default.agc", &[]),
        ("v3_s500_b1.agc", &["-f", "0"]),
        ("v3_s500.agc", &["-a"]),
    ] {
        let archives: Vec<Vec<u8>> = ["1", "2", "7"]
            .iter()
            .map(|threads| {
                fs::copy(golden_archive(archive), bench.path("x.agc")).unwrap();
                append_step(
                    &bench,
                    "x.agc",
                    &STEPS.concat(),
                    &[mode, &["-t", threads]].concat(),
                );
                fs::read(bench.path("x.agc")).unwrap()
            })
            .collect();
        assert!(
            archives[0] == archives[1] && archives[0] == archives[2],
            "{archive}"
        );
    }
}

/// A contig that the reference sample lacks has no splitters until they are chosen in it.
#[test]
fn adaptive_mode_chooses_splitters_for_contigs_without_any() {
    let bench = Bench::new();
    let foreign = fs::read_to_string(golden_fasta("concat.fa")).unwrap();
    bench.write("foreign.fa", &foreign);
    fs::copy(golden_archive("v3_s500.agc"), bench.path("x.agc")).unwrap();
    let n_splitters = |flags: &[&str]| {
        let args = [&["append", "-o", "y.agc"], flags, &["x.agc", "foreign.fa"]].concat();
        bench.succeed(&args);
        assert_eq!(bench.sample("y.agc", "foreign"), normal(&foreign));
        let archive = ragc_core::Archive::open(bench.path("y.agc")).unwrap();
        archive.container().read_only_part("splitters").unwrap().metadata
    };
    assert!(n_splitters(&["-a"]) > n_splitters(&[]));
}

#[test]
fn inputs_come_from_a_list_and_from_standard_input_and_the_archive_goes_to_standard_output() {
    let bench = Bench::new();
    new_files(&bench);
    bench.write("list", "new_c.fa\nnew_a.fa\n");
    fs::copy(golden_archive("v3_two.agc"), bench.path("x.agc")).unwrap();
    let (expected, _) = bench.succeed(&["append", "x.agc", "new_c.fa", "new_a.fa"]);
    assert!(bench.succeed(&["append", "x.agc", "-d", "-i", "list"]).0 == expected);
    let mut command = bench.command(&["append", "--sample", "new_c", "x.agc", "-", "new_a.fa"]);
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let text = fs::read(bench.path("new_c.fa")).unwrap();
    child.stdin.take().unwrap().write_all(&text).unwrap();
    let output = child.output_in_time();
    assert!(output.status.success() && output.stdout == expected);
}

#[test]
fn a_sample_that_is_there_is_refused_before_anything_is_read() {
    let bench = Bench::new();
    bench.write("a.fa", ">x\nACGT\n");
    bench.succeed(&["create", "-o", "x.agc", "a.fa"]);
    // No such file: it would be an error to open it.
    let message = bench.fail(1, &["append", "-o", "x.agc", "x.agc", "b.fa", "d/a.fa.gz"]);
    assert_eq!(
        message,
        "ragc: error: d/a.fa.gz: sample \"a\" is in the archive already (--rename-duplicates gives it another name)\n"
    );
    let message = bench.fail(1, &["append", "-o", "x.agc", "x.agc", "b.fa", "d/b.fa"]);
    assert_eq!(
        message,
        "ragc: error: d/b.fa: sample \"b\" is already taken by b.fa (--rename-duplicates gives it another name)\n"
    );
}

#[test]
fn a_failed_run_leaves_the_archive_that_was_there() {
    let bench = Bench::new();
    bench.write("a.fa", ">x\nACGT\n");
    bench.write("good.fa", ">x\nACGT\n");
    bench.write("bad.fa", ">x\nACGT\n>x\nACGT\n");
    bench.write("empty_list", "\n");
    bench.write("text.agc", "this is no archive");
    bench.succeed(&["create", "-o", "x.agc", "a.fa"]);
    let before = fs::read(bench.path("x.agc")).unwrap();
    for (args, expected) in [
        (
            &["x.agc", "good.fa", "bad.fa"][..],
            "bad.fa: line 3: contig \"x\"",
        ),
        (&["x.agc", "missing.fa"], "missing.fa: cannot open"),
        (&["x.agc", "-i", "empty_list"], "no input files"),
        (&["missing.agc", "good.fa"], "missing.agc: cannot open"),
        (&["text.agc", "good.fa"], "text.agc: "),
    ] {
        let message = bench.fail(1, &[&["append", "-o", "x.agc"], args].concat());
        assert!(message.contains(expected), "{message}");
        assert!(fs::read(bench.path("x.agc")).unwrap() == before);
    }
}

#[test]
fn wrong_usage_exits_with_2() {
    let bench = Bench::new();
    bench.write("a.fa", ">x\nACGT\n");
    bench.succeed(&["create", "-o", "x.agc", "a.fa"]);
    for (args, expected) in [
        (&[][..], "<ARCHIVE>"),
        (&["x.agc"], "<FASTA>"),
        (&["-k", "21", "x.agc", "b.fa"], "-k"),
        (&["-t", "0", "x.agc", "b.fa"], "zero"),
        (
            &["-f", "0.07", "x.agc", "b.fa"],
            "not a number between 0 and 0.0625",
        ),
        (&["x.agc", "-"], "--sample"),
        (&["--sample", "x", "x.agc", "b.fa"], "not read"),
    ] {
        let message = bench.fail(2, &[&["append", "-o", "out.agc"], args].concat());
        assert!(message.contains(expected), "{args:?}: {message}");
    }
}

#[test]
fn verbosity_tells_what_was_added() {
    let bench = Bench::new();
    bench.write("a.fa", ">x\nACGT\n");
    bench.write("b.fa", ">x\nACGT\n>y\nACGTACGTACGTACGTAC-A\n");
    bench.succeed(&["create", "-o", "x.agc", "a.fa"]);
    let stderr = |level| {
        let args = ["append", "-o", "y.agc", "-v", level, "x.agc", "b.fa"];
        bench.succeed(&args).1
    };
    let odd = "ragc: 1 residues that are no nucleotide code are kept, but other programs read them as N; the first is '-' \
               in b.fa, line 4, contig \"y\"\n";
    let added = "ragc: 1 samples, 2 contigs, 24 bases added; 16 groups in all\n";
    assert_eq!(stderr("0"), odd);
    for (level, before) in [("1", ""), ("2", "ragc: b: 2 contigs, 24 bases\n")] {
        let told = stderr(level);
        let figures = told.strip_prefix(&format!("{before}{odd}{added}"));
        let figures = figures.unwrap_or_else(|| panic!("{told}"));
        assert!(
            figures.starts_with("ragc: 1 files, ") && figures.lines().count() == 1,
            "{told}"
        );
    }
}

/// Copies an archive without the streams of this name, and without checksums.
fn lose_stream(bench: &Bench, from: &str, to: &str, lost: &str) {
    let archive = ContainerReader::open(fs::read(bench.path(from)).unwrap()).unwrap();
    let mut writer = ContainerWriter::new(Vec::new());
    for stream in archive.footer().streams() {
        let name = std::str::from_utf8(archive.footer().name(stream)).unwrap();
        if name == lost || name.starts_with("ragc.") {
            continue;
        }
        let copy = writer.register(name);
        for part in 0..archive.n_parts(stream) {
            let part = archive.read_part(stream, part).unwrap();
            writer.add_part(copy, part.metadata, part.payload()).unwrap();
        }
    }
    bench.write(to, writer.finish().unwrap());
}

#[test]
fn an_archive_that_has_lost_items_stays_as_it_is() {
    let bench = Bench::new();
    let files = ["ref.fa", "a.fa", "b.fa"].map(|name| golden_fasta(name).to_str().unwrap().to_owned());
    bench.succeed(&[
        "create",
        "-s",
        "500",
        "--raw-contigs",
        "false",
        "-o",
        "x.agc",
        &files[0],
        &files[1],
    ]);
    lose_stream(&bench, "x.agc", "y.agc", &names::delta_stream(20));
    let before = fs::read(bench.path("y.agc")).unwrap();
    bench.fail(1, &["getset", "y.agc", "a"]);
    let message = bench.fail(1, &["append", "-o", "y.agc", "y.agc", &files[2]]);
    assert_eq!(
        message,
        "ragc: error: y.agc: stream xKd: sample \"a\": damaged archive: item 1 of group 20 is in use and not there; nothing is \
         appended to that: verify tells all damage, getcol --salvage gives what is intact\n"
    );
    assert!(fs::read(bench.path("y.agc")).unwrap() == before);
}
