//! What AGC 3.2.2 loses, changes or passes over in silence, and what happens here instead.
//!
//! | input | test |
//! |---|---|
//! | missing archive, sample, contig; unwritable output | `commands`: failures_exit_with_1_and_one_line_that_names_the_culprit |
//! | unknown command | `commands`: wrong_usage_exits_with_2 |
//! | missing input file | `create`: inputs_that_are_missing_or_clash_are_refused; in a list: below |
//! | full disk | `commands`: a_full_disk_is_a_failure; `interrupted`: a_disk_that_fills_up_fails_the_run |
//! | truncated or damaged gzip, BGZF, zstd | `create`: input_that_cannot_be_stored_is_refused_with_its_place; every bit: below |
//! | record without sequence, leading blank line | `create`: unusual_but_valid_records_come_back; below |
//! | two files with one base name | `create`: inputs_that_are_missing_or_clash_are_refused; `input_options` |
//! | two contigs with one name | `create`: input_that_cannot_be_stored_is_refused_with_its_place; `input_options` |
//! | `>` inside a sequence line | `create`: input_that_cannot_be_stored_is_refused_with_its_place |
//! | letters outside IUPAC, `-`, `*`, digits | `create`: odd_residues_are_kept_and_the_first_is_named; `originals`: odd_residues_come_back_in_every_reading_command |
//! | lower case, line ends, blanks | `originals`: everything_is_kept_unless_it_is_folded, case_comes_back_where_it_is_asked_for |
//! | FASTQ, binary, amino acids | `create`: input_that_cannot_be_stored_is_refused_with_its_place |
//! | flipped bits in an archive | `flips`: with_checksums_nothing_wrong_comes_out_and_all_damage_is_found |
//! | `getctg -s` on a long range, `-s -g` | `commands`: streaming_changes_nothing_in_long_ranges_and_keeps_gzip |
//! | ranges backwards, of letters, past the end | `commands`: a_range_that_is_none_is_refused, a_range_beyond_the_contig_is_cut_and_told_when_asked |
//! | contig names with `:`, `-`, `@` | below; `addresses` |

use std::fs;

use crate::bench::golden::golden_fasta;
use crate::bench::packed::gzip;
use crate::bench::{Bench, normal};

#[test]
fn a_missing_file_in_a_list_stops_the_run() {
    let bench = Bench::new();
    for name in ["a", "b", "c"] {
        bench.write(&format!("{name}.fa"), ">x\nACGT\n");
    }
    for list in [
        "missing.fa\nb.fa\nc.fa\n",
        "b.fa\nmissing.fa\nc.fa\n",
        "b.fa\nc.fa\nmissing.fa",
    ] {
        bench.write("list", list);
        let message = bench.fail(1, &["create", "-o", "x.agc", "-i", "list", "a.fa"]);
        assert!(
            message.starts_with("ragc: error: missing.fa: cannot open: "),
            "{message}"
        );
    }
}

/// A flipped bit in the header of a gzip file may be one that means nothing, such as the time; then the text comes back.
#[test]
fn every_flipped_bit_of_a_gzip_file_is_an_error_or_means_nothing() {
    let bench = Bench::new();
    let text = ">x\nACGTTGCAACGGATCCATTGCA\n>y\nGGATCA\n";
    bench.write("ref.fa", text);
    let whole = gzip(text.as_bytes());
    let mut n_errors = 0;
    for bit in 0..whole.len() * 8 {
        let mut flipped = whole.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        bench.write("a.fa.gz", flipped);
        let output = bench.run(&["create", "--preset", "agc", "-o", "x.agc", "ref.fa", "a.fa.gz"]);
        match output.status.code() {
            Some(0) => assert_eq!(bench.sample("x.agc", "a"), text, "bit {bit}"),
            status => {
                let message = String::from_utf8(output.stderr).unwrap();
                assert_eq!(status, Some(1), "bit {bit}: {message}");
                assert!(
                    message.starts_with("ragc: error: a.fa.gz: ") && message.lines().count() == 1,
                    "{message}"
                );
                n_errors += 1;
            }
        }
        let _ = fs::remove_file(bench.path("x.agc"));
    }
    // The time takes 32 bits, and what compressed it and where 16 more.
    assert!(n_errors >= (whole.len() - 8) * 8, "{n_errors}");
    assert_eq!(bench.files().len(), 2);
}

#[test]
fn records_without_sequence_lose_nothing_around_them() {
    let bench = Bench::new();
    let texts = [
        ">a\n>b\nACGT\n>c\n>d\n\n>e\nGG\n>f\n",
        ">only\n",
        ">a\n>b\n>c",
        "\n\n>a\n\nAC\n\n\nGT\n\n",
    ];
    let expected = [
        ">a\n>b\nACGT\n>c\n>d\n>e\nGG\n>f\n",
        ">only\n",
        ">a\n>b\n>c\n",
        ">a\nACGT\n",
    ];
    for (text, expected) in texts.iter().zip(expected) {
        bench.write("s.fa", text);
        bench.write("t.fa", format!(">x\nACGT\n{text}"));
        bench.succeed(&["create", "-o", "x.agc", "s.fa", "t.fa"]);
        assert_eq!(bench.sample("x.agc", "s"), expected);
        let list = String::from_utf8(bench.succeed(&["listctg", "x.agc", "s"]).0).unwrap();
        assert_eq!(list.lines().count(), 1 + expected.matches('>').count());
    }
}

#[test]
fn contigs_with_odd_names_can_be_asked_for() {
    let bench = Bench::new();
    let names = ["HLA:A-1", "chr1:5-9", "x@y", "a@s:1-2", "-", "1,000", "chr1"];
    let bases = ["AAAC", "CCCA", "GGGA", "TTTA", "ACAC", "GTGT", "ACGTACGTAC"];
    let text: String = names
        .iter()
        .zip(bases)
        .map(|(name, bases)| format!(">{name}\n{bases}\n"))
        .collect();
    bench.write("s.fa", &text);
    bench.write("t.fa", ">other\nACGT\n");
    bench.succeed(&["create", "-o", "x.agc", "s.fa", "t.fa"]);
    assert_eq!(bench.sample("x.agc", "s"), text);
    let getctg = |query: &str| String::from_utf8(bench.succeed(&["getctg", "x.agc", "--", query]).0).unwrap();
    for (name, bases) in names.iter().zip(bases) {
        // Or a region of `chr1`, which is the reading that AGC takes: refused.
        if *name != "chr1:5-9" {
            assert_eq!(getctg(name), format!(">{name}\n{bases}\n"));
        }
        assert_eq!(getctg(&format!("{name}@s")), format!(">{name}\n{bases}\n"));
        assert_eq!(
            getctg(&format!("{name}@s:1-2")),
            format!(">{name}:1-2\n{}\n", &bases[1..3])
        );
        let faidx = bench.succeed(&["faidx", "x.agc", &format!("{{s#{name}}}")]).0;
        assert_eq!(
            String::from_utf8(faidx).unwrap(),
            format!(">{{s#{name}}}\n{bases}\n")
        );
    }
    let refused = bench.fail(1, &["getctg", "x.agc", "chr1:5-9"]);
    assert!(refused.contains("2 ways"), "{refused}");
    assert_eq!(getctg("{chr1}@s:5-9"), ">chr1:5-9\nCGTAC\n");
    assert_eq!(getctg("{chr1:5-9}@s"), ">chr1:5-9\nCCCA\n");
}

#[test]
fn what_comes_out_of_damaged_input_is_never_half_a_collection() {
    let bench = Bench::new();
    let text = fs::read_to_string(golden_fasta("a.fa")).unwrap();
    bench.write("ref.fa", &text);
    bench.write("good.fa", &text);
    let packed = gzip(text.as_bytes());
    for len in [packed.len() / 2, packed.len() - 8, packed.len() - 1] {
        bench.write("cut.fa.gz", &packed[..len]);
        for files in [
            ["ref.fa", "cut.fa.gz", "good.fa"],
            ["ref.fa", "good.fa", "cut.fa.gz"],
            ["cut.fa.gz", "ref.fa", "good.fa"],
        ] {
            let message = bench.fail(1, &[&["create", "-o", "x.agc"], &files[..]].concat());
            assert!(message.starts_with("ragc: error: cut.fa.gz: line "), "{message}");
        }
    }
    bench.succeed(&["create", "-o", "x.agc", "ref.fa", "good.fa"]);
    assert_eq!(bench.sample("x.agc", "good"), normal(&text));
}
