//! Text that is nearly FASTA: what of it is sequence, and what is said of the rest.

mod bench;

use std::fs;

use bench::{Bench, golden_fasta, normal};

/// Six hundred bases.
fn bases() -> String {
    (0..600u64)
        .map(|i| b"ACGT"[(i * i * 7 + i / 3) as usize % 4] as char)
        .collect()
}

/// What a file with comments in all places is, and the same without them.
fn with_and_without_comments() -> (String, String) {
    let bases = bases();
    let (front, back) = bases.split_at(300);
    let with = format!(
        "\u{feff};by hand\n# of 2 records\n>x one\n; start\n{front}\n#middle\n ;{front}\n{back}\n;end\n>y\n;none\n>z\n{back}\n;last"
    );
    (with, format!(">x one\n{front}\n{back}\n>y\n>z\n{back}\n"))
}

#[test]
fn comments_are_no_sequence_and_come_back_with_the_layout() {
    let bench = Bench::new();
    let (with, without) = with_and_without_comments();
    fs::copy(golden_fasta("ref.fa"), bench.path("ref.fa")).unwrap();
    bench.write("a.fa", &with);
    bench.write("d/a.fa", &without);
    bench.succeed(&["create", "-o", "plain.agc", "ref.fa", "d/a.fa"]);
    bench.succeed(&["create", "-o", "ref.agc", "ref.fa"]);
    let expected = normal(&without);
    assert_eq!(bench.sample("plain.agc", "a"), expected);
    for args in [
        &["create", "-o", "x.agc", "ref.fa", "a.fa"][..],
        &["create", "-o", "x.agc", "-c", "--raw-contigs", "true", "a.fa"],
        &["create", "-o", "x.agc", "--skip-bad-files", "a.fa", "ref.fa"],
        &["append", "-o", "x.agc", "ref.agc", "a.fa"],
    ] {
        let (_, stderr) = bench.succeed(args);
        assert!(
            stderr.contains(
                "ragc: warning: a.fa: 8 lines are comments, the first is line 1: they are no sequence and are left out \
                 (--keep layout keeps them)\n"
            ),
            "{stderr}"
        );
        if !args.contains(&"-c") {
            assert_eq!(bench.sample("x.agc", "a"), expected, "{args:?}");
        }
    }
    for flags in [
        &["--lossless"][..],
        &["--keep", "layout", "--keep", "case", "-b", "1"],
    ] {
        let create = [&["create", "-o", "x.agc", "ref.fa", "a.fa"], flags].concat();
        let (_, stderr) = bench.succeed(&create);
        assert!(stderr.contains("are kept for --exact only"), "{stderr}");
        assert_eq!(bench.sample("x.agc", "a"), expected);
        let (exact, _) = bench.succeed(&["getset", "--exact", "x.agc", "a"]);
        assert_eq!(String::from_utf8(exact).unwrap(), with);
        bench.succeed(&["verify", "x.agc"]);
    }
    bench.succeed(&["create", "-o", "c.agc", "-c", "--lossless", "a.fa"]);
    let (exact, _) = bench.succeed(&["getcol", "--exact", "c.agc"]);
    assert_eq!(String::from_utf8(exact).unwrap(), with);
}

#[test]
fn lines_that_are_no_sequence_are_refused() {
    let bench = Bench::new();
    let bases = bases();
    bench.write("ref.fa", format!(">r\n{bases}\n"));
    for (line, reason) in [
        ("        1 acgtacgtac gtacgtacgt", "begins with a number"),
        ("61 ACGT", "begins with a number"),
        ("     acgtacgtac gtacgtacgt        60", "a number behind a blank"),
        ("--", "'--', as grep writes"),
        ("//", "begins with '/'"),
        ("@r1", "begins with '@'"),
        ("=", "begins with '='"),
        ("<br>", "begins with '<'"),
    ] {
        for text in [
            format!(">x\n{line}\n{bases}\n"),
            format!(">x\n{bases}\n{line}"),
            format!(">x\r\n{bases}\r\n{line}\r\n>y\r\nACGT\r\n"),
        ] {
            bench.write("a.fa", text);
            for flags in [&[][..], &["--lossless"], &["--any-residues"]] {
                let create = [&["create", "-o", "x.agc", "ref.fa", "a.fa"], flags].concat();
                let message = bench.fail(1, &create);
                assert!(
                    message.starts_with("ragc: a.fa: line ") && message.contains(reason),
                    "{line}: {message}"
                );
            }
        }
    }
}

#[test]
fn blanks_in_front_of_a_name_do_not_belong_to_it() {
    let bench = Bench::new();
    bench.write("a.fa", "> seq1 one\nACGTACGTACGT\n>\t seq2 two\nTTGACCATTG\n");
    let (_, _) = bench.succeed(&["create", "-o", "x.agc", "a.fa"]);
    assert_eq!(
        bench.sample("x.agc", "a"),
        "> seq1 one\nACGTACGTACGT\n>\t seq2 two\nTTGACCATTG\n"
    );
    let out = |args: &[&str]| String::from_utf8(bench.succeed(args).0).unwrap();
    assert_eq!(out(&["faidx", "x.agc", "seq2:1-3"]), ">seq2:1-3\nTTG\n");
    assert_eq!(out(&["getctg", "x.agc", "seq1"]), "> seq1 one\nACGTACGTACGT\n");
    assert_eq!(
        out(&["getctg", "x.agc", " seq1 one"]),
        "> seq1 one\nACGTACGTACGT\n"
    );
    assert_eq!(
        out(&["getset", "--with-sample", "x.agc", "a"]),
        ">a#seq1 one\nACGTACGTACGT\n>a#seq2 two\nTTGACCATTG\n"
    );
    assert_eq!(
        out(&["faidx", "--fai", "x.agc", "a"]),
        "seq1\t12\t11\t12\t13\nseq2\t10\t36\t10\t11\n"
    );
    bench.succeed(&["create", "-c", "-o", "c.agc", "a.fa"]);
    assert_eq!(out(&["listset", "c.agc"]), "seq1\nseq2\n");
}
