//! Inputs of `create` of every kind, and unusual ones: what they hold is stored.

use std::fs;
use std::io::Write;
use std::process::Stdio;

use crate::bench::Bench;
use crate::bench::deadline::EndInTime;
use crate::bench::golden::golden_fasta;
use crate::bench::packed::bgzf;
use crate::bench::packed::gzip;

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
