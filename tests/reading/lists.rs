//! What lists tell, and of which samples.

use crate::bench::Bench;

/// `x.agc`, whose samples are `ref`, `HG2#2`, `HG2#1` and `NA1`.
fn bench() -> Bench {
    let bench = Bench::new();
    bench.write("ref.fa", ">c one\nACGTACGTAC\n>d\nGGGG\n");
    bench.write("HG2#2.fa", ">c\nACGTTCGT\n");
    bench.write("HG2#1.fa", ">c two\nACGTTCG\n");
    bench.write("NA1.fa", ">e\nTTTTTT\n");
    let files = ["ref.fa", "HG2#2.fa", "HG2#1.fa", "NA1.fa"];
    bench.succeed(&[&["create", "--lossless", "--digests", "-o", "x.agc"], &files[..]].concat());
    bench.write("list", "NA1\nHG2\n");
    bench
}

fn stdout(bench: &Bench, args: &[&str]) -> String {
    let (stdout, stderr) = bench.succeed(args);
    assert_eq!(stderr, "", "{args:?}");
    String::from_utf8(stdout).unwrap()
}

/// As [`stdout`], with this text on standard input.
fn piped(bench: &Bench, args: &[&str], input: &str) -> String {
    let output = bench.piped(args, input.as_bytes());
    assert!(output.stderr.is_empty(), "{args:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn samples_are_listed_by_prefix_and_by_list() {
    let bench = bench();
    let list = |args: &[&str]| stdout(&bench, &[&["listset", "x.agc"], args].concat());
    assert_eq!(list(&[]), "HG2#1\nHG2#2\nNA1\nref\n");
    assert_eq!(list(&["--prefix", "HG"]), "HG2#1\nHG2#2\n");
    assert_eq!(list(&["--prefix", "HG", "--prefix", "H"]), "HG2#1\nHG2#2\n");
    assert_eq!(list(&["--samples-from", "list"]), "HG2#1\nHG2#2\nNA1\n");
    assert_eq!(
        list(&["--tsv"]),
        "HG2#1\t1\t7\tplain\t.\t.\t.\t.\nHG2#2\t1\t8\tplain\t.\t.\t.\t.\n\
         NA1\t1\t6\tplain\t.\t.\t.\t.\nref\t2\t14\tplain\t.\t.\t.\t.\n"
    );
    let json = list(&["--json", "--prefix", "N"]);
    assert!(json.contains("NA1") && !json.contains("ref"), "{json}");
    let listed = piped(&bench, &["listset", "--samples-from", "-", "x.agc"], "ref\nref\n");
    assert_eq!(listed, "ref\n");
    assert!(
        bench
            .fail(1, &["listset", "--prefix", "X", "x.agc"])
            .contains("\"X\"")
    );
}

#[test]
fn contigs_are_listed_of_all_samples_and_of_some() {
    let bench = bench();
    let list = |args: &[&str]| stdout(&bench, &[&["listctg", "x.agc"], args].concat());
    assert_eq!(
        list(&[]),
        "ref\n   c one\n   d\nHG2#2\n   c\nHG2#1\n   c two\nNA1\n   e\n"
    );
    assert_eq!(
        list(&["NA1", "--prefix", "HG"]),
        "NA1\n   e\nHG2#2\n   c\nHG2#1\n   c two\n"
    );
    assert_eq!(list(&["HG2"]), "HG2#2\n   c\nHG2#1\n   c two\n");
    assert_eq!(
        list(&["--tsv"]),
        "c\t10\tref\nd\t4\tref\nc\t8\tHG2#2\nc\t7\tHG2#1\ne\t6\tNA1\n"
    );
    let row = list(&["--tsv", "--digests", "NA1"]);
    let columns: Vec<&str> = row.trim_end().split('\t').collect();
    assert_eq!(columns[..3], ["e", "6", "NA1"]);
    assert!(columns[3].starts_with("SQ.") && columns[4].len() == 32, "{row}");
    let listed = piped(&bench, &["listctg", "--samples-from", "-", "x.agc"], "NA1\n");
    assert_eq!(listed, "NA1\n   e\n");
    assert_eq!(list(&["--json"]).matches("\"length\"").count(), 5);
    let digests = stdout(&bench, &["digest", "--prefix", "NA", "x.agc"]);
    assert!(
        digests.starts_with("NA1\t") && digests.lines().count() == 2,
        "{digests}"
    );
}

#[test]
fn info_tells_in_text_what_it_tells_in_json() {
    let bench = bench();
    let text = stdout(&bench, &["info", "x.agc"]);
    let n_bytes = std::fs::metadata(bench.path("x.agc")).unwrap().len();
    for line in [
        "No. samples      : 4".to_owned(),
        "No. contigs      : 5".to_owned(),
        "No. bases        : 35".to_owned(),
        format!("File size        : {n_bytes}"),
        "File version     : 3.0".to_owned(),
        format!("Made by          : ragc v. {}", env!("CARGO_PKG_VERSION")),
        "Checksums        : yes".to_owned(),
        "Odd residues     : no".to_owned(),
        "Case kept        : of 4 of 4 samples".to_owned(),
        "Layout kept      : of 4 of 4 samples, 4 plain".to_owned(),
    ] {
        assert!(text.lines().any(|told| told == line), "{line}: {text}");
    }
}

#[test]
fn tables_and_lines_of_the_whole_archive() {
    let bench = bench();
    let whole = stdout(&bench, &["faidx", "--fai", "--with-sample", "x.agc"]);
    bench.succeed(&[
        "getset",
        "--with-sample",
        "--index",
        "-o",
        "all.fa",
        "x.agc",
        "ref",
        "HG2",
        "NA1",
    ]);
    assert_eq!(whole, std::fs::read_to_string(bench.path("all.fa.fai")).unwrap());
    let (_, told) = bench.succeed(&["faidx", "--fai", "x.agc"]);
    assert!(told.contains("several contigs are named \"c\""), "{told}");
    for command in [
        &["getset", "-l", "0", "x.agc", "ref"][..],
        &["getctg", "-l", "0", "x.agc", "c@ref", "d"],
    ] {
        assert_eq!(stdout(&bench, command), ">c one\nACGTACGTAC\n>d\nGGGG\n");
    }
    bench.write("long.fa", format!(">l\n{}\n", "ACGTTGCA".repeat(100)));
    bench.succeed(&["create", "-o", "l.agc", "long.fa"]);
    for command in ["getset", "getcol"] {
        let args = [
            &[command, "-l", "0", "l.agc"],
            &["long"][usize::from(command == "getcol")..],
        ]
        .concat();
        assert_eq!(stdout(&bench, &args).lines().nth(1).unwrap().len(), 800);
    }
}

#[test]
fn lists_of_regions_come_from_standard_input() {
    let bench = bench();
    let regions = piped(&bench, &["faidx", "-r", "-", "x.agc"], "d:1-2\r\n\nHG2#2#c:8-8\n");
    assert_eq!(regions, ">d:1-2\nGG\n>HG2#2#c:8-8\nT\n");
    let regions = piped(
        &bench,
        &["faidx", "--bed", "-", "x.agc"],
        "ref#c\t0\t4\tx\t0\t-\n",
    );
    assert_eq!(regions, ">ref#c:1-4/rc\nACGT\n");
    for args in [
        &["getset", "--samples-from", "-", "-l", "0", "x.agc"][..],
        &["getctg", "--samples-from", "-", "x.agc", "e"],
        &["digest", "--samples-from", "-", "x.agc"],
    ] {
        assert!(piped(&bench, args, "NA1\n").lines().count() == 2, "{args:?}");
    }
}
