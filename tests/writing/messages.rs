//! What is said on standard error: in one style, and no more than is wanted.

use std::fs;
use std::io::Write;
use std::process::Command;

use crate::bench::Bench;
use crate::bench::deadline::RunInTime;
use flate2::Compression;
use flate2::write::GzEncoder;

/// A folder with `x.agc` of the samples `a` and `b`.
fn bench() -> Bench {
    let bench = Bench::new();
    bench.write("a.fa", ">c one\nACGTACGT\n>d\nGGGG\n");
    bench.write("b.fa", ">c\nACGTTCGT\n");
    bench.succeed(&["create", "-o", "x.agc", "a.fa", "b.fa"]);
    bench
}

#[test]
fn errors_are_one_line_in_one_style() {
    let bench = bench();
    let failures: [(i32, &[&str]); 8] = [
        (1, &["listset", "nowhere.agc"]),
        (1, &["getset", "x.agc", "nobody"]),
        (1, &["getset", "-o", "nowhere/x.fa", "x.agc", "a"]),
        (1, &["create", "-o", "y.agc", "nowhere.fa"]),
        (2, &["getset", "x.agc"]),
        (2, &["getset", "-t", "0", "x.agc", "a"]),
        (2, &["listst", "x.agc"]),
        (2, &["getset", "--index", "x.agc", "a"]),
    ];
    for (status, args) in failures {
        let message = bench.fail(status, args);
        assert!(message.starts_with("ragc: error: "), "{message}");
        assert_eq!(message.lines().count(), 1, "{message}");
        assert!(!message.contains(".tmp"), "a path that nobody knows: {message}");
    }
    assert_eq!(
        bench.fail(2, &["getset", "--nosuch", "x.agc", "a"]),
        "ragc: error: unexpected argument '--nosuch' found; tip: to pass '--nosuch' as a value, use '-- --nosuch'; usage: \
         ragc getset [OPTIONS] <ARCHIVE> [SAMPLE]...\n"
    );
}

#[test]
fn quiet_leaves_the_errors() {
    let bench = bench();
    bench.write("odd.fa", ">c\nACGT-acgt\n");
    let told = [
        &["create", "-v", "2", "--any-residues", "a.fa", "a.fa", "odd.fa"][..],
        &["append", "-v", "1", "--any-residues", "x.agc", "odd.fa"],
        &["getset", "-v", "2", "x.agc", "a"],
        &["getctg", "x.agc", "d", "--prefix", ""],
        &["getset", "--index", "-o", "two.fa", "x.agc", "a", "b"],
        &["faidx", "-c", "x.agc", "a#c", "nosuch"],
        &["verify", "-v", "1", "x.agc"],
    ];
    for args in told {
        let (stdout, stderr) = bench.succeed(args);
        assert!(stderr.lines().all(|line| line.starts_with("ragc: ")), "{stderr}");
        assert!(!stderr.is_empty(), "{args:?}");
        for quiet in [[args, &["-q"]].concat(), [&["--quiet"], args].concat()] {
            assert_eq!(bench.succeed(&quiet), (stdout.clone(), String::new()), "{args:?}");
        }
    }
    assert!(
        bench
            .fail(1, &["getset", "-q", "x.agc", "nobody"])
            .starts_with("ragc: error: ")
    );
}

/// What is given for an archive, and what it is told as.
#[test]
fn what_is_no_archive_is_told_as_what_it_is() {
    let bench = bench();
    let whole = fs::read(bench.path("x.agc")).unwrap();
    bench.write("empty.agc", "");
    bench.write("cut.agc", &whole[..whole.len() - 9]);
    bench.write("shorter.agc", &whole[..whole.len() / 2]);
    bench.write("last.agc", &whole[..whole.len() - 1]);
    bench.write("few.agc", &whole[..3]);
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(&whole).unwrap();
    bench.write("x.agc.gz", packed.finish().unwrap());
    fs::create_dir(bench.path("folder")).unwrap();
    bench.write("x.gff", "##gff-version 3\nc\tx\tgene\t1\t2\t.\t+\t.\tID=1\n");
    bench.write("x.2bit", [0x43, 0x27, 0x41, 0x1A, 0, 0, 0, 0, 1, 0, 0, 0]);
    bench.write("x.7z", b"7z\xBC\xAF\x27\x1C\0\x04");
    let cases = [
        ("x.gff", "this is GFF, not an archive"),
        ("x.2bit", "this is 2bit, not an archive"),
        (
            "x.7z",
            "this is a 7z archive, not an archive: an archive must be unpacked first",
        ),
        ("a.fa", "this is FASTA text, not an archive"),
        ("x.agc.gz", "compressed with gzip"),
        ("empty.agc", "this is an empty file"),
        ("folder", "this is a directory"),
        ("/dev/null", "this is a device"),
        ("ftp://example.org/x.agc", "not a URL that will do"),
        ("cut.agc", "is the file complete?"),
        ("shorter.agc", "is the file complete?"),
        ("last.agc", "is the file complete?"),
        ("few.agc", "is the file complete?"),
    ];
    let commands: [(&[&str], &[&str]); 14] = [
        (&["listset"], &[]),
        (&["listref"], &[]),
        (&["listctg"], &["a"]),
        (&["info"], &[]),
        (&["info", "--json"], &[]),
        (&["getset"], &["a"]),
        (&["getctg"], &["c@a"]),
        (&["getcol"], &[]),
        (&["faidx"], &["a#c"]),
        (&["digest"], &[]),
        (&["verify"], &[]),
        (&["log"], &[]),
        (&["getcol", "--salvage", "out"], &[]),
        (&["append", "-o", "y.agc"], &["b.fa"]),
    ];
    for (file, told) in cases {
        for (before, behind) in commands {
            let output = bench.run(&[before, &["--", file][..], behind].concat());
            let message = String::from_utf8(output.stderr).unwrap();
            assert!(
                message.starts_with(&format!("ragc: error: {file}: ")) && message.contains(told),
                "{before:?}: {message}"
            );
            assert_eq!(message.lines().count(), 1, "{message}");
            assert!(!message.contains("announced"), "{message}");
            assert!(!output.status.success() && output.stdout.is_empty());
        }
    }
}

#[test]
fn a_pipe_is_no_archive_that_can_be_changed() {
    let bench = bench();
    let made = Command::new("mkfifo")
        .arg(bench.path("pipe.agc"))
        .status_in_time();
    assert!(made.success());
    for (name, told) in [("pipe.agc", "this is a pipe"), ("-", "this is standard input")] {
        let message = bench.fail(1, &["append", "-o", "y.agc", "--", name, "b.fa"]);
        assert!(message.contains(told), "{message}");
    }
}

#[test]
fn names_in_another_writing_are_near() {
    let bench = Bench::new();
    bench.write("S288C.fa", ">chrI\nACGT\n>chrIV\nGGGG\n>chrVI\nCCCC\n>MT\nAAAA\n");
    bench.write("SK1#1.fa", ">chr1\nACGA\n");
    bench.write("other.fa", ">NC_001133.9\nACGA\n");
    bench.succeed(&["create", "-o", "x.agc", "S288C.fa", "SK1#1.fa", "other.fa"]);
    let cases: [(&[&str], &str); 13] = [
        (&["getctg", "x.agc", "chr4@S288C"], "near: \"chrIV\""),
        (&["getctg", "x.agc", "4"], "near: \"chrIV\""),
        (&["getctg", "x.agc", "4:1-2"], "near: \"chrIV\""),
        (&["getctg", "x.agc", "chrM@S288C"], "near: \"MT\""),
        (&["faidx", "x.agc", "S288C#4:1-2"], "near: \"S288C#chrIV\""),
        (&["faidx", "x.agc", "1"], "near: \"chr1\", \"chrI\""),
        (&["getctg", "x.agc", "NC_001133"], "near: \"NC_001133.9\""),
        (&["getset", "x.agc", "S288C.fa.gz"], "near: \"S288C\""),
        (&["listctg", "x.agc", "folder/s288c.fasta"], "near: \"S288C\""),
        (&["digest", "x.agc", "S288"], "near: \"S288C\""),
        (&["getset", "x.agc", "--prefix", "s288c"], "near: \"S288C\""),
        (&["getctg", "x.agc", "chrI@S288C.fa"], "near: \"S288C\""),
        (&["listset", "x"], "near: \"x.agc\""),
    ];
    for (args, told) in cases {
        let message = bench.fail(1, args);
        assert!(message.contains(told), "{args:?}: {message}");
    }
}
