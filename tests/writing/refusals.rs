//! What `create` refuses, with its place, and what a failed run leaves: nothing of its own, and all that was there.

use std::fs;
use std::io::Write;
use std::process::Stdio;

use crate::bench::Bench;
use crate::bench::deadline::EndInTime;
use crate::bench::golden::golden_fasta;
use crate::bench::packed::{bgzf, gzip};
use crate::runs::{golden_paths, refuse};

/// As the program `zstd` packs: with a checksum.
fn zstd(data: &[u8]) -> Vec<u8> {
    let mut encoder = zstd::Encoder::new(Vec::new(), 3).unwrap();
    encoder.include_checksum(true).unwrap();
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
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

/// Whoever keeps a list of samples, and gives its name once more by mistake, has it still.
#[test]
fn no_output_takes_the_place_of_a_list_that_is_read() {
    let bench = Bench::new();
    bench.write("a.fa", ">x\nACGTacgt\n>y\nAC\n");
    bench.succeed(&["create", "-q", "-o", "x.agc", "a.fa"]);
    for (list, args) in [
        ("b=a.fa\n", &["create", "-o", "list", "-i", "./list"][..]),
        ("b\ta.fa\n", &["append", "-o", "list", "-i", "list", "x.agc"]),
        (
            "b\ta.fa\n",
            &["create", "-o", "y.agc", "-i", "list", "--stats=./list"],
        ),
        (
            "a\n",
            &["getset", "-o", "list", "--samples-from", "list", "x.agc"],
        ),
        (
            "a\n",
            &[
                "getset",
                "-o",
                "y.fa",
                "--stats",
                "list",
                "--samples-from",
                "list",
                "x.agc",
            ],
        ),
        (
            "a\n",
            &["listset", "-o", "list", "--samples-from", "list", "x.agc"],
        ),
        (
            "a\n",
            &["listctg", "-o", "list", "--samples-from", "list", "x.agc"],
        ),
        (
            "a\n",
            &["digest", "-o", "list", "--samples-from", "list", "x.agc"],
        ),
        (
            "a\n",
            &["subset", "-o", "list", "--samples-from", "list", "x.agc"],
        ),
        (
            "a\n",
            &["remove", "-o", "list", "--samples-from", "list", "x.agc"],
        ),
        ("a\tb\n", &["rename", "-o", "list", "--from-tsv", "list", "x.agc"]),
        ("a#x\n", &["faidx", "-o", "list", "-r", "list", "x.agc"]),
        ("a#x\t0\t2\n", &["faidx", "-o", "list", "--bed", "list", "x.agc"]),
    ] {
        bench.write("list", list);
        let told = bench.fail(1, args);
        assert!(
            told.ends_with("list: this file is read by the command; write to another file\n"),
            "{args:?}: {told}"
        );
        assert_eq!(fs::read_to_string(bench.path("list")).unwrap(), list);
        assert_eq!(bench.files().len(), 3, "{args:?}");
    }
}

/// Nor by a name that is not its own: as an index, as standard input, or by another link.
#[cfg(target_os = "linux")]
#[test]
fn no_output_takes_the_place_of_what_is_read_by_another_name() {
    let bench = Bench::new();
    let text = ">x\nACGTacgt\n>y\nAC\n";
    bench.write("a.fa", text);
    bench.succeed(&["create", "-q", "-o", "x.agc", "a.fa"]);
    let getset = ["getset", "x.agc", "-o", "o.fa", "--samples-from"];
    for ending in ["fai", "gzi"] {
        let list = format!("o.fa.{ending}");
        bench.write(&list, "a\n");
        for index in [&[][..], &["--index", "--bgzf"]] {
            bench.fail(1, &[&getset[..], &[&list], index].concat());
        }
        assert_eq!(fs::read_to_string(bench.path(&list)).unwrap(), "a\n");
        fs::remove_file(bench.path(&list)).unwrap();
    }
    for (read, args) in [
        (
            "a\n",
            &["getset", "x.agc", "-o", "read", "--samples-from", "-"][..],
        ),
        (
            "a\n",
            &[
                "getset",
                "x.agc",
                "-o",
                "read",
                "--samples-from",
                "/proc/self/fd/0",
            ],
        ),
        ("a\n", &["subset", "x.agc", "-o", "read", "--samples-from", "-"]),
        ("a#x\n", &["faidx", "x.agc", "-o", "read", "-r", "-"]),
        ("b\ta.fa\n", &["create", "-o", "read", "-i", "-"]),
        ("b\ta.fa\n", &["append", "-o", "read", "-i", "-", "x.agc"]),
        (text, &["create", "-o", "read", "b=-"]),
        (text, &["create", "-o", "read", "b=/dev/stdin"]),
    ] {
        let path = bench.write("read", read);
        let _ = fs::remove_file(bench.path("link"));
        fs::hard_link(&path, bench.path("link")).unwrap();
        for output in ["read", "link"] {
            let args: Vec<&str> = args
                .iter()
                .map(|arg| if *arg == "read" { output } else { *arg })
                .collect();
            let mut command = bench.command(&args);
            command.stdin(fs::File::open(&path).unwrap());
            let run = command.stderr(Stdio::piped()).spawn().unwrap().output_in_time();
            let told = String::from_utf8(run.stderr).unwrap();
            assert_eq!(
                (run.status.code(), told.lines().count()),
                (Some(1), 1),
                "{args:?}: {told}"
            );
            assert_eq!(fs::read_to_string(bench.path(output)).unwrap(), read);
        }
    }
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
