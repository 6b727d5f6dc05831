//! `ragc create`: what goes in comes out, the bytes do not depend on threads, and bad input leaves nothing behind.

use std::fs;
use std::io::Write;
use std::process::Stdio;

use crate::bench::deadline::EndInTime;
use crate::bench::{Bench, golden_fasta, normal};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

const SAMPLES: [&str; 7] = ["ref", "a", "b", "c", "d", "e", "f_lower"];

/// Runs a `create` that must fail with this status; gives its message.
fn refuse(bench: &Bench, status: i32, args: &[&str]) -> String {
    let all: Vec<&str> = ["create", "-o", "out.agc"].iter().chain(args).copied().collect();
    bench.fail(status, &all)
}

fn golden_paths() -> Vec<String> {
    let path = |sample: &&str| golden_fasta(&format!("{sample}.fa")).to_str().unwrap().to_owned();
    SAMPLES.iter().map(path).collect()
}

/// Runs `create` with these flags over the golden samples and gives the bytes of the archive.
fn create_golden(bench: &Bench, flags: &[&str], archive: &str) -> Vec<u8> {
    let files = golden_paths();
    let args: Vec<&str> = ["create", "-o", archive]
        .iter()
        .chain(flags)
        .copied()
        .chain(files.iter().map(String::as_str))
        .collect();
    bench.succeed(&args);
    fs::read(bench.path(archive)).unwrap()
}

fn gzip(data: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

fn bgzf(data: &[u8]) -> Vec<u8> {
    let mut writer = noodles_bgzf::io::Writer::new(Vec::new());
    for block in data.chunks(10_000) {
        writer.write_all(block).unwrap();
        writer.flush().unwrap();
    }
    writer.finish().unwrap()
}

/// As the program `zstd` packs: with a checksum.
fn zstd(data: &[u8]) -> Vec<u8> {
    let mut encoder = zstd::Encoder::new(Vec::new(), 3).unwrap();
    encoder.include_checksum(true).unwrap();
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn every_sample_comes_back_for_every_parameter_set() {
    let sets: [&[&str]; 14] = [
        &[],
        &["--preset", "agc"],
        &["-a", "-s", "500"],
        &["-a", "-f", "0.01", "-b", "500", "-s", "300"],
        &["-f", "0", "-s", "1000"],
        &["-k", "17", "-l", "15", "-s", "100"],
        &["-k", "32", "-l", "32", "-s", "500"],
        &["-s", "500", "-b", "1"],
        &["-s", "500", "-b", "3"],
        &["-s", "1000", "-b", "2", "-m", "17"],
        &["-k", "21", "-s", "10000", "-l", "20", "-t", "6"],
        &["-s", "1000000", "-b", "1000000000"],
        &[
            "--kmer-length",
            "25",
            "--min-match-length",
            "24",
            "--segment-size",
            "2000",
            "--batch-size",
            "4",
        ],
        &["-d", "-v", "0", "-f", "0", "-s", "250"],
    ];
    let bench = Bench::new();
    for flags in sets {
        create_golden(&bench, flags, "x.agc");
        assert_eq!(bench.succeed(&["listref", "x.agc"]).0, b"ref", "{flags:?}");
        for sample in SAMPLES {
            let input = fs::read_to_string(golden_fasta(&format!("{sample}.fa"))).unwrap();
            let (upper, _) = bench.succeed(&["getset", "--upper", "x.agc", sample]);
            assert!(upper == normal(&input).as_bytes(), "{flags:?} {sample}");
            if !flags.contains(&"--preset") {
                let (exact, _) = bench.succeed(&["getset", "--exact", "x.agc", sample]);
                assert!(exact == input.as_bytes(), "{flags:?} {sample}");
            }
        }
    }
}

#[test]
fn access_decides_the_size_of_packs_unless_that_is_given() {
    let bench = Bench::new();
    let batch_size = |archive: &str| {
        let (info, _) = bench.succeed(&["info", archive]);
        let info = String::from_utf8(info).unwrap();
        let line = info.lines().find(|line| line.starts_with("Batch size")).unwrap();
        line.rsplit(' ').next().unwrap().parse::<u32>().unwrap()
    };
    let balanced = create_golden(&bench, &[], "x.agc");
    assert!(create_golden(&bench, &["--access", "balanced"], "x.agc") == balanced);
    let chosen = batch_size("x.agc");
    create_golden(&bench, &["--access", "fast"], "fast.agc");
    create_golden(&bench, &["--access", "small"], "small.agc");
    assert!(batch_size("fast.agc") < chosen && chosen < batch_size("small.agc"));
    for archive in ["fast.agc", "small.agc"] {
        bench.succeed(&["verify", archive]);
        for sample in SAMPLES {
            assert_eq!(bench.sample(archive, sample), bench.sample("x.agc", sample));
        }
    }
    // What is appended goes on with the packs that are there.
    let more = bench.write("more.fa", ">c\nACGTTGCATTGACCAGTTAC\n");
    bench.succeed(&["append", "-o", "more.agc", "fast.agc", more.to_str().unwrap()]);
    assert_eq!(batch_size("more.agc"), batch_size("fast.agc"));
    for access in ["fast", "small"] {
        create_golden(&bench, &["--access", access, "-b", "7"], "x.agc");
        assert_eq!(batch_size("x.agc"), 7);
    }
    let message = refuse(&bench, 2, &["--access", "slow", &golden_paths()[0]]);
    assert!(message.contains("balanced"), "{message}");
}

#[test]
fn the_archive_is_the_same_for_any_number_of_threads() {
    let bench = Bench::new();
    for flags in [
        &["-s", "500", "-b", "3"][..],
        &["-s", "100"],
        &["-k", "20"],
        &["-a", "-s", "400"],
    ] {
        let archives: Vec<Vec<u8>> = ["1", "2", "7"]
            .iter()
            .map(|threads| create_golden(&bench, &[flags, &["-t", threads]].concat(), "x.agc"))
            .collect();
        assert!(
            archives[0] == archives[1] && archives[0] == archives[2],
            "{flags:?}"
        );
    }
}

#[test]
fn every_contig_is_a_sample_in_concatenated_mode() {
    let bench = Bench::new();
    let (reference, viruses) = (golden_fasta("concat_ref.fa"), golden_fasta("concat.fa"));
    let (reference, viruses) = (reference.to_str().unwrap(), viruses.to_str().unwrap());
    let create = |threads| {
        bench.succeed(&[
            "create", "-c", "-s", "700", "-o", "c.agc", "-t", threads, reference, viruses,
        ]);
        fs::read(bench.path("c.agc")).unwrap()
    };
    assert!(create("1") == create("5"));
    let mut records = normal(&fs::read_to_string(reference).unwrap());
    records.push_str(&normal(&fs::read_to_string(viruses).unwrap()));
    assert_eq!(
        String::from_utf8(bench.succeed(&["getcol", "c.agc"]).0).unwrap(),
        records
    );
    let n_samples = bench
        .succeed(&["listset", "c.agc"])
        .0
        .iter()
        .filter(|b| **b == b'\n')
        .count();
    assert_eq!(n_samples, records.matches('>').count());
}

#[test]
fn a_name_that_comes_again_later_is_refused_in_concatenated_mode() {
    let bench = Bench::new();
    bench.write("x.fa", ">a 1\nACGT\n>a 2\nAC\n>b\nGG\n");
    bench.succeed(&["create", "-c", "-o", "x.agc", "x.fa"]);
    assert_eq!(bench.sample("x.agc", "a"), ">a 1\nACGT\n>a 2\nAC\n");
    bench.write("x.fa", ">a 1\nACGT\n>b\nGG\n>a 2\nAC\n");
    let message = refuse(&bench, 1, &["-c", "x.fa"]);
    assert!(
        message.contains("x.fa: line 5: contig \"a 2\"") && message.contains("already there"),
        "{message}"
    );
}

#[test]
fn every_kind_of_input_gives_the_same_archive() {
    let bench = Bench::new();
    let [a, b] = ["a.fa", "b.fa"].map(|name| fs::read(golden_fasta(name)).unwrap());
    bench.write("plain/a.fa", &a);
    bench.write("plain/b.fa", &b);
    bench.write("gz/a.fa.gz", gzip(&a));
    bench.write("gz/b.fa.gz", [gzip(&b[..1000]), gzip(&b[1000..])].concat());
    bench.write("bgzf/a.fa.gz", bgzf(&a));
    bench.write("bgzf/b.fa.gz", [bgzf(&b[..1000]), bgzf(&b[1000..])].concat());
    bench.write("zst/a.fa", zstd::encode_all(&a[..], 3).unwrap());
    bench.write("zst/b.fasta", zstd::encode_all(&b[..], 3).unwrap());
    bench.write("list", "gz/a.fa.gz\n\ngz/b.fa.gz\n");
    // Without --fold, how files were packed is kept, too.
    let flags = ["create", "--fold", "-s", "500"];
    let (expected, _) = bench.succeed(&[&flags[..], &["plain/a.fa", "plain/b.fa"]].concat());
    for files in [
        ["gz/a.fa.gz", "gz/b.fa.gz"],
        ["bgzf/a.fa.gz", "bgzf/b.fa.gz"],
        ["zst/a.fa", "zst/b.fasta"],
    ] {
        assert!(
            bench.succeed(&[&flags[..], &files].concat()).0 == expected,
            "{files:?}"
        );
    }
    assert!(bench.succeed(&[&flags[..], &["-i", "list"]].concat()).0 == expected);
    assert!(
        bench
            .succeed(&[&flags[..], &["-i", "list", "gz/a.fa.gz"]].concat())
            .0
            == expected
    );

    let pipe = |text: &[u8], args: &[&str]| {
        let mut command = bench.command(&[&flags[..], args].concat());
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(text).unwrap();
        let output = child.output_in_time();
        assert!(output.status.success());
        output.stdout
    };
    // Standard input as the reference is read twice, as another sample once.
    assert!(pipe(&a, &["--sample", "a", "-", "plain/b.fa"]) == expected);
    assert!(pipe(&gzip(&b), &["--sample", "b", "plain/a.fa", "-"]) == expected);
}

#[test]
fn a_file_that_is_named_twice_is_taken_once_and_that_is_said() {
    let bench = Bench::new();
    bench.write("a.fa", ">x\nACGT\n");
    let (_, stderr) = bench.succeed(&["create", "--preset", "agc", "-o", "x.agc", "a.fa", "a.fa"]);
    assert_eq!(stderr, "ragc: warning: a.fa: named twice, taken once\n");
    assert_eq!(bench.succeed(&["listset", "x.agc"]).0, b"a\n");
}

#[test]
fn unusual_but_valid_records_come_back() {
    let bench = Bench::new();
    let long = "ACGTTGCA".repeat(30);
    let text = format!(
        "\r\n>x one\ttwo  \r\nacgtRYSWKMBDHVUn\r\nAC GT\r\n>empty\r\n>single\r\nG\r\n>n\r\n{}\r\n>last>one\r\n{long}",
        "N".repeat(300)
    );
    bench.write("odd.fa", &text);
    bench.write("mac.fa", ">x\rACGT\rGG\r>y\rTT");
    let (_, stderr) = bench.succeed(&[
        "create", "--fold", "-s", "100", "-b", "50", "-k", "17", "-o", "x.agc", "odd.fa", "mac.fa",
    ]);
    assert_eq!(
        stderr,
        "ragc: warning: 5 bases (0.9 %) are lower case and are stored in upper case: --keep case keeps them\n"
    );
    let expected = format!(
        ">x one\ttwo  \nACGTRYSWKMBDHVUNACGT\n>empty\n>single\nG\n>n\n{0}\n{0}\n{0}\n{1}\n>last>one\n{2}\n{2}\n{2}\n",
        "N".repeat(80),
        "N".repeat(60),
        &long[..80],
    );
    assert_eq!(bench.sample("x.agc", "odd"), expected);
    assert_eq!(bench.sample("x.agc", "mac"), ">x\nACGTGG\n>y\nTT\n");
}

#[test]
fn odd_residues_are_kept_and_the_first_is_named() {
    let bench = Bench::new();
    bench.write(
        "a.fa",
        ">x\nACGTACGTACGTACGTACGT\n>y z\nACGTACGTACGTACGTACGT\nACGTACGTA-GTACGTAXGT\n",
    );
    bench.write("b.fa", ">x\nACGTACGTACGTACGTAC*T\n");
    let (_, stderr) = bench.succeed(&["create", "--preset", "agc", "-o", "x.agc", "a.fa", "b.fa"]);
    assert_eq!(
        stderr,
        "ragc: 3 residues that are no nucleotide code are kept, but other programs read them as N; the first is '-' in \
         a.fa, line 5, contig \"y z\"\n"
    );
    assert_eq!(bench.sample("x.agc", "b"), ">x\nACGTACGTACGTACGTAC*T\n");
}

#[test]
fn input_that_cannot_be_stored_is_refused_with_its_place() {
    let bench = Bench::new();
    bench.write("good.fa", ">x\nACGT\n");
    let whole = gzip(&fs::read(golden_fasta("a.fa")).unwrap());
    let mut damaged = whole.clone();
    damaged[5000] ^= 0x10;
    let blocks = bgzf(&fs::read(golden_fasta("a.fa")).unwrap());
    // Between two blocks, where gzip sees nothing amiss.
    let first_block = usize::from(u16::from_le_bytes([blocks[16], blocks[17]])) + 1;
    let mut damaged_zstd = zstd(&fs::read(golden_fasta("a.fa")).unwrap());
    damaged_zstd[5000] ^= 0x10;
    let cases: [(&str, &[u8], &str); 19] = [
        (
            "cut.bgzf.fa.gz",
            &blocks[..first_block],
            "cut short: the empty block",
        ),
        (
            "no_end.bgzf.fa.gz",
            &blocks[..blocks.len() - 28],
            "cut short: the empty block",
        ),
        (
            "cut_in_block.bgzf.fa.gz",
            &blocks[..first_block + 100],
            "cut short",
        ),
        ("damaged.zst", &damaged_zstd, "the compressed data are damaged"),
        ("cut.fa.gz", &whole[..whole.len() - 9], "cut short"),
        ("cut_in_header.fa.gz", &whole[..7], "cut short"),
        ("damaged.fa.gz", &damaged, "the compressed data are damaged"),
        (
            "cut.zst",
            &zstd::encode_all(&b">x\nACGTACGTAGCTAGCTA\n"[..], 3).unwrap()[..20],
            "cut short",
        ),
        (
            "trailing.fa.gz",
            &[&whole[..], b">y\nACGT\n"].concat(),
            "damaged: text that is not compressed",
        ),
        (
            "reads.fq",
            b"@r\nACGT\n+\nIIII\n",
            "line 1: this looks like FASTQ",
        ),
        ("text.fa", b"hello\n>x\nACGT\n", "line 1: not FASTA"),
        (
            "protein.fa",
            b">p\nMKVLITTEXQPEFLIQ\n",
            "line 2: contig \"p\": 11 of 16 residues",
        ),
        (
            "nameless.fa",
            b">x\nAC\n>\nGT\n",
            "line 3: a record without a name (--allow-unnamed",
        ),
        (
            "joined.fa",
            b">x\nAC\nGT>y\nTT\n",
            "line 3: contig \"x\": a '>' inside a sequence line",
        ),
        (
            "binary.fa",
            b">x\nAC\n\x00\x01\n",
            "line 3: contig \"x\": byte 0x00",
        ),
        ("empty.fa", b"", "no sequence record"),
        ("blank.fa", b"\n\n", "no sequence record"),
        (
            "twice.fa",
            b">x\nAC\n>y\nAC\n>x\nGT\n",
            "line 5: contig \"x\": a contig of this name",
        ),
        ("x.fa.bz2", b"BZh91AY&SY", "cut short"),
    ];
    for (name, content, expected) in cases {
        bench.write(name, content);
        // As the reference, which is read twice, and as another sample.
        for files in [[name, "good.fa"], ["good.fa", name]] {
            let message = refuse(&bench, 1, &files);
            assert!(
                message.starts_with(&format!("ragc: error: {name}: ")),
                "{message}"
            );
            assert!(message.contains(expected), "{name}: {message}");
        }
    }
}

#[test]
fn inputs_that_are_missing_or_clash_are_refused() {
    let bench = Bench::new();
    bench.write("a.fa", ">x\nACGT\n");
    bench.write("d/a.fa.gz", ">x\nACGT\n");
    bench.write("empty_list", "\n");
    for (args, expected) in [
        (&["missing.fa"][..], "missing.fa: cannot open"),
        (&["a.fa", "missing.fa"], "missing.fa: cannot open"),
        (&["a.fa", "d"], "d: cannot open: is a directory"),
        (&["d", "a.fa"], "d: cannot open: is a directory"),
        (
            &["a.fa", "d/a.fa.gz"],
            "d/a.fa.gz: sample \"a\" is already taken by a.fa",
        ),
        (&["-i", "missing_list"], "missing_list: cannot read"),
        (&["-i", "empty_list"], "no input files"),
    ] {
        let message = refuse(&bench, 1, args);
        assert!(message.contains(expected), "{args:?}: {message}");
    }
}

/// The memory of a process cannot be read at position 0.
#[test]
#[cfg(target_os = "linux")]
fn a_read_error_is_told() {
    let bench = Bench::new();
    bench.write("a.fa", ">x\nACGT\n");
    for files in [["a.fa", "/proc/self/mem"], ["/proc/self/mem", "a.fa"]] {
        let message = refuse(&bench, 1, &files);
        assert!(
            message.starts_with("ragc: error: /proc/self/mem: cannot read: "),
            "{message}"
        );
    }
}

#[test]
fn wrong_usage_exits_with_2() {
    let bench = Bench::new();
    bench.write("a.fa", ">x\nACGT\n");
    for (args, expected) in [
        (&[][..], "<FASTA>"),
        (&["-k", "16", "a.fa"], "17..=32"),
        (&["-k", "33", "a.fa"], "17..=32"),
        (&["-l", "14", "a.fa"], "15..=32"),
        (&["-s", "99", "a.fa"], "100..=1000000"),
        (&["-b", "0", "a.fa"], "1..=1000000000"),
        (&["-t", "0", "a.fa"], "zero"),
        (&["-v", "3", "a.fa"], "0..=2"),
        (&["-f", "0.07", "a.fa"], "not a number between 0 and 0.0625"),
        (&["--preset", "gzip", "a.fa"], "agc"),
        (&["--unknown", "a.fa"], "--unknown"),
        (&["-", "a.fa"], "--sample"),
        (&["--sample", "x", "a.fa"], "not read"),
    ] {
        let message = refuse(&bench, 2, args);
        assert!(message.contains(expected), "{args:?}: {message}");
    }
}

#[test]
fn an_input_is_never_overwritten() {
    let bench = Bench::new();
    bench.write("a.fa", ">x\nACGT\n");
    bench.write("b.fa", ">x\nACGT\n");
    std::os::unix::fs::symlink("b.fa", bench.path("link")).unwrap();
    bench.succeed(&["create", "-o", "x.agc", "a.fa"]);
    for args in [
        &["create", "-o", "a.fa", "a.fa", "b.fa"][..],
        &["create", "-o", "link", "a.fa", "b.fa"],
        &["append", "-o", "./b.fa", "x.agc", "b.fa"],
    ] {
        let message = bench.fail(1, args);
        assert!(message.contains(": this is an input file"), "{message}");
    }
    assert_eq!(fs::read(bench.path("b.fa")).unwrap(), b">x\nACGT\n");
}

#[test]
fn a_failed_run_leaves_the_archive_that_was_there() {
    let bench = Bench::new();
    bench.write("a.fa", ">x\nACGT\n");
    bench.write("out.agc", "precious");
    bench.write("bad.fa", ">x\nACGT\n>x\nACGT\n");
    refuse(&bench, 1, &["a.fa", "bad.fa"]);
    assert_eq!(fs::read(bench.path("out.agc")).unwrap(), b"precious");
    bench.succeed(&["create", "-o", "out.agc", "a.fa"]);
    assert_eq!(bench.succeed(&["listset", "out.agc"]).0, b"a\n");
    assert_eq!(bench.files().len(), 3);
}

#[test]
fn a_closed_pipe_is_a_failure_of_create() {
    let bench = Bench::new();
    let files = golden_paths();
    // More than a pipe holds, so that the end of its reader is noticed.
    let mut command = bench.command(&["create", "-s", "100", "-b", "1"]);
    let mut child = command
        .args(&files)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.output_in_time();
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn verbosity_tells_more_and_silence_is_the_default() {
    let bench = Bench::new();
    bench.write("a.fa", ">x\nACGT\n>y\nAC\n");
    let stderr = |level| {
        bench
            .succeed(&["create", "--preset", "agc", "-o", "x.agc", "-v", level, "a.fa"])
            .1
    };
    assert_eq!(stderr("0"), "");
    let all = "ragc: 1 samples, 2 contigs, 6 bases in 16 groups\n";
    let n_bytes = || fs::metadata(bench.path("x.agc")).unwrap().len();
    for (level, before) in [("1", ""), ("2", "ragc: a: 2 contigs, 6 bases\n")] {
        let told = stderr(level);
        let figures = told.strip_prefix(before).and_then(|told| told.strip_prefix(all));
        let figures = figures.unwrap_or_else(|| panic!("{told}"));
        assert_eq!(figures.lines().count(), 1, "{told}");
        assert!(figures.starts_with("ragc: 1 files, 0.000 Mb in "), "{told}");
        let size = format!(
            "; {} bytes, {:.2} bases a byte\n",
            n_bytes(),
            6.0 / n_bytes() as f64
        );
        assert!(figures.contains(" files/s") && figures.ends_with(&size), "{told}");
        assert_eq!(
            figures.contains(" MiB at most, "),
            cfg!(target_os = "linux"),
            "{told}"
        );
    }
}

#[test]
fn the_figures_of_a_run_go_to_a_file_as_json() {
    let bench = Bench::new();
    bench.write("a.fa", ">x\nACGTacgt\n>y\nAC\n");
    bench.write("b.fa", ">x\nACGTACGA\n");
    let create = ["create", "--preset", "agc", "--lossless", "-o", "x.agc", "a.fa"];
    let n_segments = |figures: &Value| figures["n_segments"].as_u64().unwrap();
    let figures = |args: &[&str]| -> Value {
        let (_, stderr) = bench.succeed(&[args, &["--stats=run.json"]].concat());
        assert_eq!(stderr, "");
        let text = fs::read_to_string(bench.path("run.json")).unwrap();
        assert_eq!(text.lines().count(), 1);
        let document: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(document["schema"], 1);
        let figures = document["run"].clone();
        assert_eq!(
            figures["n_bytes"],
            fs::metadata(bench.path("x.agc")).unwrap().len()
        );
        let streams = figures["bytes_by_stream"].as_object().unwrap();
        let sum: u64 = streams.values().map(|len| len.as_u64().unwrap()).sum();
        assert_eq!(figures["n_bytes"], sum);
        assert!(streams.contains_key("ragc.case") && streams.contains_key("collection-details"));
        let stages = figures["processor_seconds_by_stage"].as_object().unwrap();
        assert!(stages.len() == 10 && stages.values().all(Value::is_f64));
        for rate in [
            "seconds",
            "processor_seconds",
            "files_per_second",
            "megabases_per_second",
        ] {
            assert!(figures[rate].as_f64() > Some(0.0), "{rate}: {figures}");
        }
        assert_eq!(figures["threads"]["writer"]["n"], 1);
        assert_eq!(figures["peak_memory"].is_u64(), cfg!(target_os = "linux"));
        figures
    };
    let created = figures(&create);
    assert_eq!(
        [
            "command",
            "n_files",
            "n_samples",
            "n_contigs",
            "n_bases",
            "n_groups"
        ]
        .map(|key| created[key].clone()),
        [
            json!("create"),
            json!(1),
            json!(1),
            json!(2),
            json!(10),
            json!(16)
        ]
    );
    assert_eq!(n_segments(&created), 2);
    let appended = figures(&["append", "--rewrite", "-o", "x.agc", "x.agc", "b.fa"]);
    assert_eq!(
        ["command", "n_files", "n_contigs", "n_bases"].map(|key| appended[key].clone()),
        [json!("append"), json!(1), json!(1), json!(8)]
    );
    // Without a file it is the table; what stands behind it is an input.
    let (_, stderr) = bench.succeed(&[&create[..], &["--stats", "b.fa"]].concat());
    assert!(
        stderr.contains("stage ") && stderr.contains("zstd of packs"),
        "{stderr}"
    );
    assert_eq!(bench.succeed(&["listset", "x.agc"]).0, b"a\nb\n");
    bench.fail(2, &[&create[..], &["--stats=x.agc"]].concat());
    for path in ["a.fa", "nowhere/run.json"] {
        bench.fail(1, &[&create[..], &[&format!("--stats={path}")]].concat());
    }
}

#[test]
fn a_contig_may_end_with_a_splitter_that_is_shorter_than_a_match() {
    let bench = Bench::new();
    let text = fs::read_to_string(golden_fasta("ref.fa")).unwrap();
    let contig: String = text.lines().skip(1).take(40).collect();
    bench.write("ref.fa", format!(">whole\n{contig}\n"));
    // Some of them end where a splitter ends, and leave a segment of k bases.
    let ends: String = (300..700)
        .map(|end| format!(">{end}\n{}\n", &contig[..end]))
        .collect();
    bench.write("ends.fa", &ends);
    bench.succeed(&[
        "create", "-k", "17", "-l", "32", "-s", "100", "-o", "x.agc", "ref.fa", "ends.fa",
    ]);
    assert_eq!(bench.sample("x.agc", "ends"), normal(&ends));
}

#[test]
fn parameters_are_chosen_by_the_inputs_unless_given_and_that_is_said() {
    let bench = Bench::new();
    // The longest contig is three times the segment size that is chosen for a genome of this length.
    bench.write("virus.fa", format!(">v\n{}\n", "ACGTTGCATC".repeat(2990)));
    let told = |flags: &[&str]| {
        bench
            .succeed(&[&["create", "-o", "x.agc", "virus.fa"], flags].concat())
            .1
    };
    assert_eq!(told(&[]), "ragc: chosen for these inputs: -s 9966 -b 2500\n");
    let info = String::from_utf8(bench.succeed(&["info", "x.agc"]).0).unwrap();
    assert!(info.contains(": 9966\n") && info.contains(": 2500\n"), "{info}");
    assert_eq!(
        told(&["-s", "1000"]),
        "ragc: chosen for these inputs: -s 1000 -b 2500\n"
    );
    assert_eq!(told(&["-c"]), "ragc: chosen for these inputs: -s 9966 -b 2500\n");
    assert_eq!(told(&["-s", "1000", "-b", "7"]), "");
    assert_eq!(told(&["--preset", "agc"]), "");
    let info = String::from_utf8(bench.succeed(&["info", "x.agc"]).0).unwrap();
    assert!(info.contains(": 60000\n") && info.contains(": 20\n"), "{info}");
}

#[test]
fn commands_that_decode_give_their_figures_as_json() {
    let bench = Bench::new();
    bench.write("a.fa", ">x\nACGTacgt\n>y\nAC\n");
    bench.write("b.fa", ">x\nACGTACGA\n");
    // A name in `.json` is no input.
    bench.succeed(&[
        "create",
        "-q",
        "--stats",
        "made.json",
        "-o",
        "x.agc",
        "a.fa",
        "b.fa",
    ]);
    let run_of = |name: &str| -> Value {
        let text = fs::read_to_string(bench.path(name)).unwrap();
        let document: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(document["schema"], 1);
        document["run"].clone()
    };
    assert_eq!(run_of("made.json")["n_files"], 2);
    for (args, n_contigs, n_bases) in [
        (&["getset", "x.agc", "a"][..], 2, 10),
        (&["getset", "--exact", "x.agc", "b"], 1, 8),
        (&["getctg", "x.agc", "x@a:2-4", "y"], 2, 5),
        (&["getcol", "x.agc"], 3, 18),
        (&["getcol", "-o", "folder", "x.agc"], 3, 18),
        (&["getcol", "--exact", "-o", "folder", "x.agc"], 3, 18),
        (&["getcol", "--salvage", "rest", "x.agc"], 3, 18),
        (&["faidx", "-i", "x.agc", "a#x:2-4", "y"], 2, 5),
        (&["digest", "x.agc"], 3, 18),
        (&["verify", "x.agc", "x.agc"], 6, 36),
    ] {
        let (_, told) = bench.succeed(&[args, &["--stats", "run"]].concat());
        assert_eq!(told, "", "{args:?}");
        let run = run_of("run");
        assert_eq!(run["command"], args[0]);
        assert_eq!(
            (&run["n_contigs"], &run["n_bases"]),
            (&n_contigs.into(), &n_bases.into()),
            "{args:?}"
        );
        assert!(run["seconds"].as_f64() > Some(0.0) && run["megabases_per_second"].as_f64() > Some(0.0));
    }
    bench.fail(2, &["getset", "--stats", "o", "-o", "o", "x.agc", "a"]);
    bench.fail(2, &["getset", "--stats", "-", "x.agc", "a"]);
    bench.fail(1, &["verify", "--stats", "x.agc", "x.agc"]);
}
