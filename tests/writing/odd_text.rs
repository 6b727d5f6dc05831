//! Text that is nearly FASTA: what of it is sequence, and what is said of the rest.

use std::fs;

use crate::bench::golden::golden_fasta;
use crate::bench::{Bench, normal};

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
fn a_carriage_return_within_a_line_is_told() {
    let bench = Bench::new();
    let text = ">a\nACGTACGT\n>chr1 desc\r tag\nACGT\n";
    bench.write("a.fa", text);
    let (_, told) = bench.succeed(&["create", "-o", "x.agc", "a.fa"]);
    let expected = "ragc: warning: a.fa: line 3 ends with a carriage return alone, and others do not: what follows on it is taken for a line of its own\n";
    assert!(told.contains(expected), "{told}");
    let (back, _) = bench.succeed(&["getset", "--exact", "x.agc", "a"]);
    assert_eq!(back, text.as_bytes());
    for text in [">a\rACGT\r", ">a\r\nACGT\r\n"] {
        bench.write("b.fa", text);
        let (_, told) = bench.succeed(&["create", "-o", "x.agc", "b.fa"]);
        assert!(!told.contains("carriage"), "{told}");
    }
}

#[test]
fn comments_are_no_sequence_and_come_back_with_the_layout() {
    let bench = Bench::new();
    let (with, without) = with_and_without_comments();
    fs::copy(golden_fasta("ref.fa"), bench.path("ref.fa")).unwrap();
    bench.write("a.fa", &with);
    bench.write("d/a.fa", &without);
    bench.succeed(&["create", "-o", "plain.agc", "ref.fa", "d/a.fa"]);
    bench.succeed(&["create", "-o", "ref.agc", "--fold", "ref.fa"]);
    let expected = normal(&without);
    assert_eq!(bench.sample("plain.agc", "a"), expected);
    for args in [
        &["create", "-o", "x.agc", "--fold", "ref.fa", "a.fa"][..],
        &[
            "create",
            "-o",
            "x.agc",
            "--fold",
            "-c",
            "--raw-contigs",
            "true",
            "a.fa",
        ],
        &[
            "create",
            "-o",
            "x.agc",
            "--fold",
            "--skip-bad-files",
            "a.fa",
            "ref.fa",
        ],
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
        ("acgtacgtac # assembled by hand", "a comment behind a blank"),
        ("acgtacgtac\t;by hand", "a comment behind a blank"),
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
                    message.starts_with("ragc: error: a.fa: line ") && message.contains(reason),
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

#[test]
fn a_last_record_without_bases_is_told() {
    let bench = Bench::new();
    fs::copy(golden_fasta("ref.fa"), bench.path("ref.fa")).unwrap();
    bench.succeed(&["create", "-o", "ref.agc", "ref.fa"]);
    let note = |args: &[&str]| -> Vec<String> {
        let stderr = bench.succeed(args).1;
        let notes = stderr.lines().filter(|line| line.contains("no bases"));
        notes.map(str::to_owned).collect()
    };
    for text in [
        ">c1 x\nACGT\n>c2 y",
        ">c1 x\nACGT\n>c2 y\r\n\r\n",
        ">c1\nACGT\n>c2 y\n; comment\n \n",
    ] {
        bench.write("a.fa", text);
        for args in [
            &["create", "-o", "x.agc", "ref.fa", "a.fa"][..],
            &["create", "-o", "x.agc", "--lossless", "a.fa", "ref.fa"],
            &["create", "-o", "x.agc", "-c", "a.fa"],
            &["append", "-o", "x.agc", "ref.agc", "a.fa"],
        ] {
            let expected = "ragc: warning: a.fa: line 3: the last record, contig \"c2 y\", has no bases: is the file complete?";
            assert_eq!(note(args), [expected]);
        }
    }
    bench.write("a.fa", ">c1\n>c2 y\n\n>c3\nN\n");
    assert!(note(&["create", "-o", "x.agc", "ref.fa", "a.fa"]).is_empty());
}

#[test]
fn records_without_a_name_are_let_in_when_asked() {
    let bench = Bench::new();
    let text = ">\nACGT\n>b c\nGG\n>  \nTT\n";
    bench.write("a.fa", text);
    bench.write("d/b.fa", text);
    let message = bench.fail(1, &["create", "-o", "x.agc", "a.fa"]);
    assert_eq!(
        message,
        "ragc: error: a.fa: line 1: a record without a name (--allow-unnamed lets it in)\n"
    );
    bench.write("named.fa", ">b c\nGG\n>  \nTT\n");
    let message = bench.fail(1, &["create", "-o", "x.agc", "named.fa"]);
    assert!(
        message.starts_with("ragc: error: named.fa: line 3: a record without a name"),
        "{message}"
    );

    let create = ["create", "-o", "x.agc", "--allow-unnamed", "a.fa", "d/b.fa"];
    let (_, stderr) = bench.succeed(&create);
    assert!(
        stderr
            .contains("ragc: warning: a.fa: 2 records without a name are stored as unnamed_1 to unnamed_2\n"),
        "{stderr}"
    );
    let named = ">unnamed_1\nACGT\n>b c\nGG\n>unnamed_2\nTT\n";
    assert_eq!(bench.sample("x.agc", "a"), named);
    assert_eq!(bench.sample("x.agc", "b"), named);
    bench.succeed(&[&create[..], &["--lossless", "--skip-bad-files"]].concat());
    assert_eq!(bench.sample("x.agc", "a"), named);
    let (exact, _) = bench.succeed(&["getset", "--exact", "x.agc", "a"]);
    assert_eq!(String::from_utf8(exact).unwrap(), text);

    // A name that is taken is no other than any.
    bench.write("c.fa", ">unnamed_1\nAC\n>\nACGT\n");
    let message = bench.fail(1, &["create", "-o", "y.agc", "--allow-unnamed", "c.fa"]);
    assert!(
        message.contains("line 3: contig \"unnamed_1\": a contig of this name"),
        "{message}"
    );
    let rename = [
        "create",
        "-o",
        "y.agc",
        "--lossless",
        "--allow-unnamed",
        "--rename-duplicates",
        "c.fa",
    ];
    bench.succeed(&rename);
    assert_eq!(bench.sample("y.agc", "c"), ">unnamed_1\nAC\n>unnamed_1.2\nACGT\n");
    let (exact, _) = bench.succeed(&["getset", "--exact", "y.agc", "c"]);
    assert_eq!(exact, b">unnamed_1\nAC\n>\nACGT\n");
}

#[test]
fn messages_are_short_and_name_the_record_that_is_meant() {
    let bench = Bench::new();
    let long = "h".repeat(65_000);
    for (text, expected) in [
        (
            format!(">{long}\nACGT\n>\nACGT\n"),
            "a.fa: line 3: a record without a name",
        ),
        (
            format!(">{long}\nACGT\n>b\0c\nACGT\n"),
            "a.fa: line 3: a NUL byte",
        ),
        (
            format!(">{long}\nACGT\n>{long}\nACGT\n"),
            "a.fa: line 3: contig \"hhh",
        ),
        (
            format!(">a\nACGT\n>{long}\nA\x01\n"),
            "a.fa: line 4: contig \"hhh",
        ),
        (
            format!(">a\nACGT\n>{long}\n{}\n>b\n", "j".repeat(65_000)),
            "a.fa: line 4: contig \"hhh",
        ),
        (
            format!(">a\nACGT\n>{}\nAC\n", "h".repeat(1 << 21)),
            "a.fa: line 3: a header line is longer",
        ),
    ] {
        bench.write("a.fa", text);
        // Where every contig is a sample, contigs of one name are one sample.
        let is_twice = expected.starts_with("a.fa: line 3: contig");
        let other = if is_twice { "--digests" } else { "-c" };
        for flags in [&[][..], &[other], &["--lossless"]] {
            let message = bench.fail(1, &[&["create", "-o", "x.agc", "a.fa"], flags].concat());
            assert!(
                message.len() <= 320 && message.starts_with(&format!("ragc: error: {expected}")),
                "{message:.400}"
            );
        }
    }
    let name = "n".repeat(5000);
    bench.write(
        "b.fa",
        format!(">{name}\nAC*GTACGTACGT\n>{name}\nACGT\n>x\nacgt\n>{name} end"),
    );
    let (_, stderr) = bench.succeed(&["create", "-o", "x.agc", "--rename-duplicates", "b.fa"]);
    assert!(
        stderr.lines().count() > 3 && stderr.lines().all(|line| line.len() <= 320),
        "{stderr}"
    );
    for args in [
        &["getctg", "x.agc", &name[..]][..],
        &["getctg", "x.agc", &format!("{name}x")],
        &["faidx", "x.agc", &format!("{name}x:1-2")],
        &["getset", "x.agc", &name],
    ] {
        let output = bench.run(args);
        assert!(output.stderr.len() <= 320, "{args:.60?}");
    }
}

#[test]
fn what_is_no_fasta_is_told_what_it_looks_like() {
    let bench = Bench::new();
    fs::copy(golden_fasta("ref.fa"), bench.path("ref.fa")).unwrap();
    bench.succeed(&["create", "-o", "old.agc", "ref.fa"]);
    let gzip = |data: &[u8]| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        std::io::Write::write_all(&mut encoder, data).unwrap();
        encoder.finish().unwrap()
    };
    for (text, expected) in [
        (&b"@r\nACGT\n+\nIIII\n"[..], "FASTQ"),
        (b"LOCUS       X 10 bp\nORIGIN\n        1 acgt\n//\n", "GenBank"),
        (b"ID   X; SV 1\nXX\n", "EMBL"),
        (b"##gff-version 3\nchr1\tx\tgene\t1\t2\t.\t+\t.\tID=1\n", "GFF"),
        (b"##gff-version 3\n##sequence-region x 1 2\n", "GFF"),
        (b"@HD\tVN:1.6\n@SQ\tSN:x\tLN:4\n", "SAM"),
        (b"BAM\x01\0\0\0\0", "BAM"),
        (b"CRAM\x03\0", "CRAM"),
        (b"##fileformat=VCFv4.2\n#CHROM\tPOS\n", "VCF"),
        (b"<!DOCTYPE html>\n<html><body>404</body></html>\n", "HTML"),
        (b"PK\x03\x04\x14\0\0\0", "zip"),
        (&[0x43, 0x27, 0x41, 0x1A, 0, 0, 0, 0], "2bit"),
        (b"PK\x05\x06\0\0\0\0", "zip"),
        (&[0x02, 0x21, 0x4C, 0x18, 0], "lz4"),
        (b">\0a\0\n\0A\0", "UTF-16"),
        (b"\0>\0a\0\n\0A", "UTF-16"),
        (b"version https://git-lfs.github.com/spec/v1\n", "Git LFS"),
        (b"\x7FELF\x02\x01", "a program"),
        (&[0; 600], "nothing but zeros"),
        (
            &gzip(&gzip(b">a\nACGT\n")),
            "compressed with gzip (within what was unpacked",
        ),
        (&gzip(b"BZh91AY&SY"), "(within what was unpacked"),
    ] {
        for data in [text.to_vec(), gzip(text)] {
            bench.write("a.fa", data);
            for files in [["a.fa", "ref.fa"], ["ref.fa", "a.fa"]] {
                let message = bench.fail(1, &[&["create", "-o", "x.agc"], &files[..]].concat());
                assert!(
                    message.starts_with("ragc: error: a.fa: ") && message.contains(expected),
                    "{message}"
                );
            }
        }
    }
    let agc = "ragc: error: old.agc: this is an archive, and not FASTA: append";
    for files in [["old.agc", "ref.fa"], ["ref.fa", "old.agc"]] {
        let message = bench.fail(1, &[&["create", "-o", "x.agc"], &files[..]].concat());
        assert!(message.starts_with(agc), "{message}");
    }
    let message = bench.fail(1, &["append", "-o", "x.agc", "old.agc", "old.agc"]);
    assert!(message.starts_with(agc), "{message}");
}
