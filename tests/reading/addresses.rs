//! Addresses of contigs and regions mean the same in all commands, and one of two things never in silence.

use crate::bench::Bench;

const A: &str = "CCGTACGTACGTTTGACCAA";

/// `x.agc`: sample `a` with contigs whose names hold marks, `b`, and `P` and `P#1`, which claim the same text.
fn bench() -> Bench {
    let bench = Bench::new();
    let a =
        format!(">c first\n{A}\n>c:5-9\nGGGTACGTACGT\n>only\nACGT\n>x@b\nAAAA\n>b#x\nGGGG\n>b#x:1-2\nTTTT\n");
    bench.write("a.fa", a);
    bench.write("b.fa", ">x\nCCCC\n>y:1\nTTGG\n>c\nTTTTTTTTTTTTTTTTTTTT\n");
    bench.write("P.fa", ">1#c\nACAC\n>q\nACCA\n");
    bench.write("P#1.fa", ">c\nTGTG\n>q\nTGGT\n");
    bench.write("d.fa", ">c@s\nGAGA\n");
    bench.write("s.fa", ">z\nCTCT\n");
    bench.succeed(&[
        "create", "-o", "x.agc", "a.fa", "b.fa", "P.fa", "P#1.fa", "d.fa", "s.fa",
    ]);
    bench
}

/// The bases that a command prints, and what it tells.
fn bases(bench: &Bench, command: &str, address: &str) -> (String, String) {
    let (stdout, stderr) = bench.succeed(&[command, "x.agc", address]);
    let text = String::from_utf8(stdout).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('>'));
    (lines.collect(), stderr)
}

#[test]
fn a_complete_header_is_taken_at_its_word() {
    let bench = bench();
    for command in ["getctg", "faidx"] {
        for address in ["c first@a", "a#c first"] {
            assert_eq!(bases(&bench, command, address), (A.to_owned(), String::new()));
        }
    }
}

#[test]
fn the_form_of_an_address_tells_how_it_counts_in_every_command() {
    let bench = bench();
    for (address, from, to) in [
        ("c@a:5-9", 5, 10),
        ("a#c:6-10", 5, 10),
        ("a#c:1,0-1,5", 9, 15),
        ("c@a:1,0-1,5", 10, 16),
    ] {
        for command in ["getctg", "faidx"] {
            let (found, told) = bases(&bench, command, address);
            assert_eq!(found, A[from..to], "{command} {address}");
            let is_own = (command == "faidx") == address.starts_with('a');
            assert_eq!(told.is_empty(), is_own, "{command} {address}: {told}");
        }
    }
    // Without a form the command counts in its own way.
    assert_eq!(
        bases(&bench, "getctg", "only:1-2"),
        ("CG".to_owned(), String::new())
    );
    assert_eq!(
        bases(&bench, "faidx", "only:1-2"),
        ("AC".to_owned(), String::new())
    );
    let told = bases(&bench, "getctg", "a#c:6-10").1;
    assert!(
        told.contains("c@a:5-9") && told.contains("counts from 1"),
        "{told}"
    );
    let told = bases(&bench, "faidx", "c@a:5-9").1;
    assert!(
        told.contains("a#c:6-10") && told.contains("counts from 0"),
        "{told}"
    );
}

#[test]
fn two_readings_are_refused_with_both() {
    let bench = bench();
    // What is asked for, and the two ways to write it, with their bases.
    let cases = [
        ("c:5-9@a", "", &[][..]),
        ("c@a:5-9", "", &[]),
        ("x@b", "2 ways", &[("{x}@{b}", "CCCC"), ("{x@b}@{a}", "AAAA")]),
        ("b#x", "2 ways", &[("{b}#{x}", "CCCC"), ("{b#x}@{a}", "GGGG")]),
        (
            "b#x:1-2",
            "3 ways",
            &[("{b}#{x}:1-2", "CC"), ("{b#x:1-2}@{a}", "TTTT")],
        ),
        ("P#1#c", "2 ways", &[("{P}#{1#c}", "ACAC"), ("{P#1}#{c}", "TGTG")]),
        (
            "c:5-9",
            "2 ways",
            &[("{c:5-9}@{a}", "GGGTACGTACGT"), ("{c}@{a}:4-8", &A[4..9])],
        ),
        // There is no contig `c` in `s`, so the name is the only reading.
        ("c@s", "", &[]),
        ("y:1", "", &[]),
    ];
    for (address, told, ways) in cases {
        for command in ["getctg", "faidx"] {
            if told.is_empty() {
                bench.succeed(&[command, "x.agc", address]);
                continue;
            }
            let message = bench.fail(1, &[command, "x.agc", address]);
            assert!(message.contains(told), "{command} {address}: {message}");
            for (way, expected) in ways {
                assert_eq!(bases(&bench, command, way).0, *expected, "{command} {way}");
            }
            // What is told to write can be written.
            for way in message
                .split(&[' ', ','][..])
                .filter(|word| word.contains("}@{") || word.contains("}#{"))
            {
                bench.succeed(&[command, "x.agc", way]);
            }
        }
    }
}

#[test]
fn headers_with_samples_are_addresses() {
    let bench = bench();
    let (whole, _) = bench.succeed(&[
        "getset",
        "--with-sample",
        "-l",
        "0",
        "x.agc",
        "a",
        "b",
        "P",
        "P#1",
    ]);
    let whole = String::from_utf8(whole).unwrap();
    let lines: Vec<&str> = whole.lines().collect();
    for record in lines.chunks(2) {
        let header = &record[0][1..];
        for address in [header, header.split(' ').next().unwrap()] {
            for command in ["getctg", "faidx"] {
                let output = bench.run(&[command, "x.agc", address]);
                let stdout = String::from_utf8(output.stdout).unwrap();
                match output.status.code() {
                    Some(0) => assert_eq!(stdout.lines().nth(1), Some(record[1]), "{command} {address}"),
                    // The few that stand for two things are refused.
                    _ => assert!(
                        String::from_utf8(output.stderr).unwrap().contains("2 ways"),
                        "{address}"
                    ),
                }
            }
        }
    }
    let (region, _) = bench.succeed(&["getctg", "--with-sample", "x.agc", "{c}@{a}:4-8"]);
    let region = String::from_utf8(region).unwrap();
    assert_eq!(region, format!(">a#c:5-9 first\n{}\n", &A[4..9]));
    for address in ["a#{c}:5-9", "{a}#{c}:5-9", "{a}#{c}:5-9 first"] {
        for command in ["getctg", "faidx"] {
            assert_eq!(bases(&bench, command, address).0, A[4..9], "{command} {address}");
        }
    }
    for command in ["getctg", "faidx"] {
        assert_eq!(bases(&bench, command, "b#c:5-9 and more").0, "TTTTT");
    }
}

#[test]
fn what_is_no_contig_is_told_as_what_it_is() {
    let bench = bench();
    for command in ["getctg", "faidx"] {
        for address in ["a", "a:1-2", "P#1"] {
            let message = bench.fail(1, &[command, "x.agc", address]);
            let name = address.trim_end_matches(":1-2");
            assert!(
                message.contains(&format!("{name:?} is a sample, not a contig")),
                "{message}"
            );
        }
        for (address, right) in [
            ("a@only", "only@a"),
            ("only#a", "a#only"),
            ("only#a:1-2", "a#only"),
        ] {
            let message = bench.fail(1, &[command, "x.agc", address]);
            assert!(
                message.contains(&format!("\"a\" is a sample: write {right}")),
                "{message}"
            );
        }
        let message = bench.fail(1, &[command, "x.agc", "onyl@a"]);
        assert!(
            message.contains("no contig \"onyl\" in sample \"a\"; near: \"only\""),
            "{message}"
        );
        let message = bench.fail(1, &[command, "x.agc", "a#onyl:1-2"]);
        assert!(message.contains("near: \"a#only\""), "{message}");
    }
    let message = bench.fail(1, &["getset", "x.agc", "only"]);
    assert!(
        message.contains("\"only\" is a contig, not a sample"),
        "{message}"
    );
}

/// Samples `H#1` and `H#2` with a contig `c` each, of which `H#1` alone has `only`, and a sample `b`.
fn haplotypes() -> Bench {
    let bench = Bench::new();
    bench.write("one.fa", ">c\nACGTA\n>only\nTTGCA\n");
    bench.write("two.fa", ">c\nGGTAC\n");
    bench.write("b.fa", ">c\nCCCCC\n");
    bench.succeed(&["create", "-q", "-o", "x.agc", "H#1=one.fa", "H#2=two.fa", "b.fa"]);
    bench
}

#[test]
fn the_beginning_of_pansn_names_is_an_address_of_every_command() {
    let bench = haplotypes();
    for command in ["getctg", "faidx"] {
        for address in ["only@H", "H#only", "{only}@{H}"] {
            assert_eq!(bases(&bench, command, address).0, "TTGCA", "{command} {address}");
        }
        for address in ["only@H:1-3", "H#only:2-4"] {
            assert_eq!(bases(&bench, command, address).0, "TGC", "{command} {address}");
        }
    }
    // One region is one record here.
    for address in ["c@H", "H#c:1-2"] {
        assert_eq!(bases(&bench, "getctg", address).0.len() % 2, 0);
        let message = bench.fail(1, &["faidx", "x.agc", address]);
        assert!(
            message.contains("contig \"c\" occurs in 2 samples: name one (SAMPLE#CONTIG)"),
            "{message}"
        );
    }
}

#[test]
fn what_an_address_is_in_the_other_form_is_an_address() {
    let bench = haplotypes();
    for (address, other) in [
        ("H#c:2-3", "c@H:1-2"),
        ("b#c:4-", "c@b:3-4"),
        ("b#c:3", "c@b:2-4"),
        ("H#1#only:2", "only@H#1:1-4"),
    ] {
        let (found, told) = bases(&bench, "getctg", address);
        assert!(told.trim_end().ends_with(&format!("it is {other}")), "{told}");
        assert_eq!(bases(&bench, "getctg", other).0, found, "{address}");
    }
}

#[test]
fn a_sample_is_told_from_a_contig_whatever_stands_behind_it() {
    let bench = haplotypes();
    for command in ["getctg", "faidx"] {
        for address in ["b", "b:0-5", "b:1-5", "b:9-2", "b:", "b:1,0"] {
            let message = bench.fail(1, &[command, "x.agc", address]);
            assert!(
                message.contains("\"b\" is a sample, not a contig"),
                "{command} {address}: {message}"
            );
        }
    }
    for (address, right) in [("b@c:0-2", "c@b:0-2"), ("c#b:1-2", "b#c:1-2"), ("b@c", "c@b")] {
        let message = bench.fail(1, &["getctg", "x.agc", address]);
        assert!(
            message.trim_end().ends_with(&format!("write {right}")),
            "{message}"
        );
    }
    for command in ["getset", "listctg", "digest"] {
        let message = bench.fail(1, &[command, "x.agc", "only"]);
        let told = "x.agc: \"only\" is a contig, not a sample: getctg prints contigs";
        assert!(message.contains(told), "{command}: {message}");
    }
}

#[test]
fn lists_of_names_and_regions_may_begin_with_a_byte_order_mark() {
    let bench = haplotypes();
    bench.write("samples", "\u{feff}b\r\n");
    bench.write("regions", "\u{feff}b#c:1-2\r\n");
    bench.write("c.bed", "\u{feff}b#c\t0\t2\r\n");
    let print = |args: &[&str]| String::from_utf8(bench.succeed(args).0).unwrap();
    for (command, printed) in [
        ("listset", "b\n"),
        ("listctg", "b\n   c\n"),
        ("getset", ">c\nCCCCC\n"),
    ] {
        assert_eq!(print(&[command, "--samples-from", "samples", "x.agc"]), printed);
    }
    for (flag, file) in [("-r", "regions"), ("--bed", "c.bed")] {
        assert_eq!(print(&["faidx", flag, file, "x.agc"]), ">b#c:1-2\nCC\n");
    }
}
