//! Options that let in what is otherwise refused: names that are taken, odd residues, files that are bad.

use std::fs;
use std::io::Write;
use std::process::Stdio;

use crate::bench::deadline::EndInTime;
use crate::bench::golden::golden_fasta;
use crate::bench::{Bench, normal};

/// Runs a command that leaves something out; gives what it wrote to standard error.
fn incomplete(bench: &Bench, args: &[&str]) -> String {
    let output = bench.run(args);
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(3), "{args:?}: {stderr}");
    stderr
}

fn list(bench: &Bench, command: &str, args: &[&str]) -> String {
    String::from_utf8(bench.succeed(&[&[command], args].concat()).0).unwrap()
}

const CREATE: [&str; 5] = ["create", "--preset", "agc", "-o", "x.agc"];

#[test]
fn contigs_of_one_name_get_numbers_that_are_free() {
    let bench = Bench::new();
    bench.write(
        "a.fa",
        ">x one\nAC\n>y\nGG\n>x one\nGT\n>x.2\nCC\n>x one\nTT\n>y\nTC\n",
    );
    let message = bench.fail(1, &[&CREATE[..], &["a.fa"]].concat());
    assert!(
        message.contains("a.fa: line 5: contig \"x one\": a contig of this name is already in the sample")
            && message.contains("--rename-duplicates"),
        "{message}"
    );
    let (_, stderr) = bench.succeed(&[&CREATE[..], &["--rename-duplicates", "a.fa"]].concat());
    assert_eq!(
        stderr,
        "ragc: sample \"a\": contig \"x one\" is stored as \"x.3 one\"\n\
         ragc: sample \"a\": contig \"x one\" is stored as \"x.4 one\"\n\
         ragc: sample \"a\": contig \"y\" is stored as \"y.2\"\n"
    );
    assert_eq!(
        bench.sample("x.agc", "a"),
        ">x one\nAC\n>y\nGG\n>x.3 one\nGT\n>x.2\nCC\n>x.4 one\nTT\n>y.2\nTC\n"
    );
    assert_eq!(list(&bench, "getctg", &["x.agc", "x.4"]), ">x.4 one\nTT\n");
}

#[test]
fn many_new_names_are_counted() {
    let bench = Bench::new();
    bench.write("a.fa", ">x\nACGT\n".repeat(50));
    bench.write("b.fa", ">x\nACGT\n".repeat(3));
    let (_, stderr) = bench.succeed(&[&CREATE[..], &["--rename-duplicates", "a.fa", "b.fa"]].concat());
    assert_eq!(stderr.lines().count(), 21);
    assert!(stderr.ends_with("ragc: 31 more names were taken and have got a number behind them\n"));
}

#[test]
fn samples_of_one_name_get_numbers_that_are_free() {
    let bench = Bench::new();
    for (file, base) in [("s.fa", "A"), ("d/s.fa", "C"), ("s.2.fa", "G"), ("e/s.fa", "T")] {
        bench.write(file, format!(">x\n{base}\n"));
    }
    let files = ["s.fa", "d/s.fa", "s.2.fa", "e/s.fa"];
    bench.fail(1, &[&CREATE[..], &files].concat());
    let (_, stderr) = bench.succeed(&[&CREATE[..], &["--rename-duplicates"], &files].concat());
    assert_eq!(
        stderr,
        "ragc: d/s.fa: sample \"s\" is stored as \"s.3\"\nragc: e/s.fa: sample \"s\" is stored as \"s.4\"\n"
    );
    assert_eq!(list(&bench, "listset", &["x.agc"]), "s\ns.2\ns.3\ns.4\n");
    assert_eq!(bench.sample("x.agc", "s.3"), ">x\nC\n");
    let append = ["append", "-o", "x.agc", "x.agc", "d/s.fa"];
    bench.fail(1, &append);
    let (_, stderr) = bench.succeed(&[&append[..], &["--rename-duplicates"]].concat());
    assert_eq!(stderr, "ragc: d/s.fa: sample \"s\" is stored as \"s.5\"\n");
    assert_eq!(bench.sample("x.agc", "s.5"), ">x\nC\n");
}

#[test]
fn samples_of_a_concatenated_file_are_renamed_when_they_come_again() {
    let bench = Bench::new();
    bench.write(
        "a.fa",
        ">a 1\nAA\n>a 1\nAC\n>b\nGG\n>a 2\nTT\n>a 3\nTC\n>a.2\nTG\n",
    );
    let (_, stderr) = bench.succeed(&[&CREATE[..], &["-c", "--rename-duplicates", "a.fa"]].concat());
    assert_eq!(
        stderr,
        "ragc: a.fa: sample \"a\" is stored as \"a.2\"\n\
         ragc: a.fa: sample \"a.2\" is stored as \"a.2.2\"\n\
         ragc: sample \"a\": contig \"a 1\" is stored as \"a.2 1\"\n"
    );
    assert_eq!(bench.sample("x.agc", "a"), ">a 1\nAA\n>a.2 1\nAC\n");
    assert_eq!(bench.sample("x.agc", "a.2"), ">a 2\nTT\n>a 3\nTC\n");
    assert_eq!(bench.sample("x.agc", "a.2.2"), ">a.2\nTG\n");
}

#[test]
fn renaming_changes_nothing_where_names_differ() {
    let bench = Bench::new();
    let files = ["ref.fa", "a.fa", "c.fa"].map(|name| golden_fasta(name).to_str().unwrap().to_owned());
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    let create = |flags: &[&str]| {
        bench
            .succeed(&[&["create", "-s", "500"], flags, &files].concat())
            .0
    };
    let plain = create(&[]);
    assert!(create(&["--rename-duplicates", "-t", "1"]) == plain);
    assert!(create(&["--any-residues", "--skip-bad-files", "--rename-duplicates"]) == plain);
}

#[test]
fn records_of_any_residues_are_let_in_when_asked() {
    let bench = Bench::new();
    bench.write("a.fa", ">p\nMKVLITTEXQPEFLIQ\n>gap\n----\n");
    for command in [
        &["create", "-o", "x.agc", "a.fa"][..],
        &["create", "-o", "x.agc", "good.fa", "a.fa"],
    ] {
        bench.write("good.fa", ">x\nACGT\n");
        let message = bench.fail(1, command);
        assert!(
            message.starts_with("ragc: error: a.fa: line 2: contig \"p\": 11 of 16 residues")
                && message.contains("--any-residues"),
            "{message}"
        );
    }
    bench.succeed(&[&CREATE[..], &["--any-residues", "a.fa"]].concat());
    let names = list(&bench, "listctg", &["x.agc", "a"]);
    assert!(names.contains("gap"), "{names}");
    // What is not even text is refused all the same.
    bench.write("b.fa", b">x\nAC\x01\n");
    bench.fail(1, &[&CREATE[..], &["--any-residues", "b.fa"]].concat());
}

/// Good files, bad files of many kinds among them, and the beginning of what is said of each.
fn good_and_bad(bench: &Bench) -> (Vec<&'static str>, Vec<(&'static str, &'static str)>) {
    let text = |name: &str| fs::read(golden_fasta(name)).unwrap();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(&text("d.fa")).unwrap();
    let gzip = gzip.finish().unwrap();
    bench.write("ref.fa", text("ref.fa"));
    bench.write("a.fa", text("a.fa"));
    bench.write("c.fa", text("c.fa"));
    bench.write("cut.fa.gz", &gzip[..gzip.len() - 10]);
    bench.write("late.fa", [&text("b.fa")[..], b">x\nACGT\x02\n"].concat());
    bench.write("reads.fq", "@r\nACGT\n+\nIIII\n");
    bench.write("twice.fa", [text("b.fa"), text("b.fa")].concat());
    bench.write("d/a.fa", text("b.fa"));
    bench.write("protein.fa", ">p\nMKVLITTEXQPEFLIQ\n");
    bench.write("empty.fa", "");
    let bad = vec![
        ("missing.fa", "cannot open: "),
        ("cut.fa.gz", "line "),
        ("late.fa", "line "),
        ("reads.fq", "line 1: this looks like FASTQ"),
        ("d/a.fa", "line 1: contig \"chr1\": sample \"a\" is already there"),
        ("twice.fa", "line "),
        ("protein.fa", "line 2: contig \"p\": 11 of 16 residues"),
        ("empty.fa", "there is no sequence record"),
        ("d", "cannot open: is a directory"),
    ];
    (vec!["ref.fa", "a.fa", "c.fa"], bad)
}

/// What is said of skipped files: a line for each, and their number.
fn check_skipped(stderr: &str, bad: &[(&str, &str)], n_files: usize) {
    let lines: Vec<&str> = stderr.lines().collect();
    assert_eq!(lines.len(), bad.len() + 1, "{stderr}");
    for ((file, why), line) in bad.iter().zip(&lines) {
        assert!(
            line.starts_with(&format!("ragc: warning: skipped: {file}: {why}")),
            "{line}"
        );
    }
    let expected = format!("ragc: error: {} of {n_files} input files were skipped", bad.len());
    assert_eq!(lines[bad.len()], expected);
}

#[test]
fn bad_files_leave_nothing_of_themselves_behind() {
    let bench = Bench::new();
    let (good, bad) = good_and_bad(&bench);
    let flags = ["-s", "500", "-b", "50"];
    bench.succeed(&[&["create", "-o", "good.agc"], &flags[..], &good].concat());
    let expected = fs::read(bench.path("good.agc")).unwrap();
    let mut files = vec![good[0], good[1]];
    files.extend(bad.iter().map(|(file, _)| *file));
    files.push(good[2]);
    for threads in ["1", "3"] {
        let args = [
            &["create", "--skip-bad-files", "-t", threads, "-o", "x.agc"],
            &flags[..],
            &files,
        ]
        .concat();
        check_skipped(&incomplete(&bench, &args), &bad, files.len());
        assert!(
            fs::read(bench.path("x.agc")).unwrap() == expected,
            "as if they had not been named"
        );
    }

    bench.succeed(&[&["create", "-o", "one.agc"], &flags[..], &good[..2]].concat());
    bench.succeed(&["append", "-o", "two.agc", "one.agc", "c.fa"]);
    let append = ["append", "--skip-bad-files", "-o", "x.agc", "one.agc"];
    check_skipped(
        &incomplete(&bench, &[&append[..], &files[2..]].concat()),
        &bad,
        files.len() - 2,
    );
    assert!(fs::read(bench.path("x.agc")).unwrap() == fs::read(bench.path("two.agc")).unwrap());
}

#[test]
fn nothing_skipped_is_status_0_and_nothing_good_is_status_1() {
    let bench = Bench::new();
    let (good, bad) = good_and_bad(&bench);
    let (_, stderr) = bench.succeed(&[&CREATE[..], &["--skip-bad-files"], &good].concat());
    assert_eq!(stderr, "");
    let bad: Vec<&str> = bad.iter().map(|(file, _)| *file).collect();
    // The reference sample is not left out.
    let message = bench.fail(
        1,
        &["create", "-o", "y.agc", "--skip-bad-files", "missing.fa", "a.fa"],
    );
    assert!(
        message.starts_with("ragc: error: missing.fa: cannot open"),
        "{message}"
    );
    let append = ["append", "--skip-bad-files", "-o", "x.agc", "x.agc"];
    let message = bench.fail(1, &[&append[..], &bad].concat());
    assert!(
        message.starts_with("ragc: error: missing.fa: cannot open"),
        "{message}"
    );
}

#[test]
fn the_names_of_bad_files_stay_free() {
    let bench = Bench::new();
    bench.write("ref.fa", ">x\nACGT\n");
    bench.write("s.fa", ">x\nACGT\n>x\nACGT\n");
    bench.write("d/s.fa", ">x\nGGCC\n");
    let args = [&CREATE[..], &["--skip-bad-files", "ref.fa", "s.fa", "d/s.fa"]].concat();
    check_skipped(&incomplete(&bench, &args), &[("s.fa", "line 3: contig \"x\"")], 3);
    assert_eq!(bench.sample("x.agc", "s"), ">x\nGGCC\n");
    // Samples of a concatenated file that is bad at its end.
    bench.write("many.fa", ">a\nAC\n>b\nAC\n>c\nAC\n>a\nAC\n");
    bench.write("more.fa", ">a\nGG\n>c\nGG\n");
    let args = [
        &CREATE[..],
        &["-c", "--skip-bad-files", "ref.fa", "many.fa", "more.fa"],
    ]
    .concat();
    check_skipped(
        &incomplete(&bench, &args),
        &[("many.fa", "line 7: contig \"a\"")],
        3,
    );
    assert_eq!(list(&bench, "listset", &["x.agc"]), "a\nc\nx\n");
    assert_eq!(bench.sample("x.agc", "a"), ">a\nGG\n");
}

#[test]
fn standard_input_can_be_skipped_and_stored() {
    let bench = Bench::new();
    let text = fs::read_to_string(golden_fasta("a.fa")).unwrap();
    bench.write("ref.fa", &text);
    let run = |input: &[u8]| {
        let args = [
            "create",
            "-o",
            "x.agc",
            "--preset",
            "agc",
            "--skip-bad-files",
            "--sample",
            "s",
            "ref.fa",
            "-",
        ];
        let mut child = bench
            .command(&args)
            .stdin(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A command that has seen enough closes the pipe.
        let _ = child.stdin.take().unwrap().write_all(input);
        let output = child.output_in_time();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    assert_eq!(run(text.as_bytes()), (Some(0), String::new()));
    assert_eq!(bench.sample("x.agc", "s"), normal(&text));
    let (status, stderr) = run(b"no FASTA");
    assert_eq!(status, Some(3));
    check_skipped(&stderr, &[("standard input", "line 1: not FASTA")], 2);
    assert_eq!(list(&bench, "listset", &["x.agc"]), "ref\n");
}
