//! Digests: those of the specification, computed and stored alike, kept by appending.

use std::fs;

use crate::bench::archives::changed;
use crate::bench::golden::golden_fasta;
use crate::bench::{Bench, normal};
use ragc_core::internals::container::{ContainerReader, names};
use serde_json::Value;

/// The collection of refget's documentation; blanks, line ends and case do not count.
const BASE: &str = ">chrX first\nTTGG\nGG AA\n>chr1\nggaa\n>chr2\nGCGC\n";
const LISTED: &str = "base\tXZlrcEGi6mlopZ2uD8ObHkQB1d0oDwKk\n   \
     chrX first\t8\tSQ.iYtREV555dUFKg2_agSJW6suquUyPpMw\t5f63cfaa3ef61f88c9635fb9d18ec945\n   \
     chr1\t4\tSQ.YBbVX0dLKG1ieEDCiMmkrTZFt_Z5Vdaj\t31fc6ca291a32fb9df82b85e5f077e31\n   \
     chr2\t4\tSQ.AcLxtBuKEPk_7PGE_H4dGElwZHCujwH6\t92c6a56c9e9459d8a42b96f7884710bc\n";

fn text(bench: &Bench, args: &[&str]) -> String {
    String::from_utf8(bench.succeed(args).0).unwrap()
}

fn json(bench: &Bench, args: &[&str]) -> Value {
    serde_json::from_slice(&bench.succeed(args).0).unwrap()
}

#[test]
fn digests_are_those_of_the_specification_stored_or_computed() {
    let bench = Bench::new();
    bench.write("base.fa", BASE);
    bench.succeed(&["create", "--digests", "-o", "x.agc", "base.fa"]);
    bench.succeed(&["create", "-o", "plain.agc", "base.fa"]);
    assert_eq!(text(&bench, &["listctg", "--digests", "x.agc", "base"]), LISTED);
    assert_eq!(text(&bench, &["digest", "x.agc"]), LISTED);
    assert_eq!(text(&bench, &["digest", "-t", "2", "plain.agc", "base"]), LISTED);

    let computed = json(&bench, &["digest", "--json", "plain.agc"]);
    assert_eq!(
        json(&bench, &["listctg", "--digests", "--json", "x.agc", "base"]),
        computed
    );
    let sample = &computed["samples"][0];
    assert_eq!(sample["seqcol"], "XZlrcEGi6mlopZ2uD8ObHkQB1d0oDwKk");
    assert_eq!(
        sample["contigs"][1]["refget"],
        "SQ.YBbVX0dLKG1ieEDCiMmkrTZFt_Z5Vdaj"
    );
    assert_eq!(sample["contigs"][1]["md5"], "31fc6ca291a32fb9df82b85e5f077e31");
    let info = json(&bench, &["info", "--json", "x.agc"]);
    assert_eq!(info["samples"][0]["seqcol"], sample["seqcol"]);
    assert!(info["samples"][0].get("contigs").is_none());
    assert!(
        json(&bench, &["info", "--json", "plain.agc"])
            .get("samples")
            .is_none()
    );

    let message = bench.fail(1, &["listctg", "--digests", "plain.agc", "base"]);
    assert!(
        message.contains("sample base: no digests are stored"),
        "{message}"
    );
}

#[test]
fn residues_that_are_no_code_count_and_appending_keeps_digests() {
    let bench = Bench::new();
    let odd = ">a\nACGTACGTACGTAC-GT*ACGTACGTAC\n>empty\n>u\nACGU\n";
    bench.write("a.fa", BASE);
    bench.write("b.fa", odd);
    bench.write("c.fa", BASE.replace("chr", "c"));
    bench.succeed(&["create", "-o", "plain.agc", "a.fa"]);
    bench.succeed(&["append", "--digests", "-o", "late.agc", "plain.agc", "b.fa"]);
    bench.succeed(&["create", "--digests", "-o", "1.agc", "a.fa", "b.fa"]);
    bench.succeed(&["append", "-o", "2.agc", "1.agc", "c.fa"]);
    for (archive, samples) in [("2.agc", &["a", "b", "c"][..]), ("late.agc", &["b"])] {
        for sample in samples {
            let stored = text(&bench, &["listctg", "--digests", archive, sample]);
            assert_eq!(
                stored,
                text(&bench, &["digest", archive, sample]),
                "{archive} {sample}"
            );
        }
    }
    let message = bench.fail(1, &["listctg", "--digests", "late.agc", "a"]);
    assert!(message.contains("no digests are stored"), "{message}");
    // md5sum of the letters themselves.
    let listed = text(&bench, &["digest", "2.agc", "b"]);
    assert!(listed.contains("5027f60ebb1e560e4f699bb0f923e080"), "{listed}");
    assert!(
        listed.contains("   empty\t0\tSQ.") && listed.contains("d41d8cd98f00b204e9800998ecf8427e"),
        "{listed}"
    );
    bench.succeed(&["verify", "2.agc"]);
    let upper = bench.sample("2.agc", "a").to_ascii_uppercase();
    assert_eq!(upper, normal(BASE).to_ascii_uppercase());
    bench.succeed(&[
        "create",
        "-o",
        "golden.agc",
        golden_fasta("ref.fa").to_str().unwrap(),
    ]);
    let listed = text(&bench, &["digest", "golden.agc"]);
    assert!(listed.starts_with("ref\t"), "{listed}");
}

#[test]
fn digests_come_as_a_table_of_contigs_with_what_was_decoded_told() {
    let bench = Bench::new();
    bench.write("a.fa", ">one with more\nACGT\n>two\nGGCC\nA\n");
    bench.write("b.fa", ">one\nACGT\n");
    bench.succeed(&["create", "--digests", "-q", "-o", "x.agc", "a.fa", "b.fa"]);
    let (table, told) = bench.succeed(&["digest", "--tsv", "-v", "1", "x.agc"]);
    let table = String::from_utf8(table).unwrap();
    let first = "one\t4\ta\tSQ.aKF498dAxcJAqme6QYQ7EZ07-fiw8Kw2\tf1f8f4bf413b16ad135722aa4591043e\n";
    assert!(table.starts_with(first), "{table}");
    assert_eq!(table, text(&bench, &["listctg", "--tsv", "--digests", "x.agc"]));
    assert!(table.lines().all(|row| row.split('\t').count() == 5), "{table}");
    assert!(
        told.contains("3 contigs, 13 bases\n") && told.contains(" Mb/s"),
        "{told}"
    );
    assert_eq!(
        text(&bench, &["digest", "--tsv", "--prefix", "b", "x.agc"])
            .lines()
            .count(),
        1
    );
    assert!(bench.succeed(&["digest", "-q", "-v", "1", "x.agc"]).1.is_empty());
    bench.fail(2, &["digest", "--tsv", "--json", "x.agc"]);
}

/// Writes an archive again without the checksums of parts, with another last byte in its last digests.
fn change_digest(bench: &Bench, from: &str, to: &str) {
    let old = ContainerReader::open(fs::read(bench.path(from)).unwrap()).unwrap();
    let last = old.n_parts(old.stream(names::DIGESTS).unwrap()) - 1;
    let new = changed(&old, |name, number, (_, payload)| {
        if name == names::DIGESTS && number == last {
            *payload.last_mut().unwrap() ^= 1;
        }
    });
    bench.write(to, new.finish().unwrap());
}

#[test]
fn verify_compares_digests() {
    let bench = Bench::new();
    bench.write("a.fa", ">one\nACGT-ACGTNNRYacgu\n>two\nGGGG*CCCGGGTTTAAAC\n");
    bench.write("b.fa", ">three\nACGTTTTTT\n>four\n>five\n");
    bench.succeed(&["create", "--no-checksums", "--digests", "-o", "x.agc", "a.fa"]);
    bench.succeed(&["append", "--no-checksums", "-o", "2.agc", "x.agc", "b.fa"]);
    bench.succeed(&["create", "--digests", "--fold", "-o", "sums.agc", "a.fa", "b.fa"]);
    for archive in ["x.agc", "2.agc", "sums.agc"] {
        let (told, _) = bench.succeed(&["verify", archive]);
        let told = String::from_utf8(told).unwrap();
        assert!(told.trim_end().ends_with(", and compared with digests"), "{told}");
        let told = json(&bench, &["verify", "--json", archive]);
        assert_eq!(told["verification"]["has_digests"], true);
    }
    let damages = |archive: &str| {
        let told = bench.run(&["verify", archive]);
        assert_eq!(told.status.code(), Some(1));
        String::from_utf8(told.stderr).unwrap()
    };
    // Without checksums the sequence may be what is damaged; with them, it is known not to be.
    change_digest(&bench, "x.agc", "x2.agc");
    let told = damages("x2.agc");
    let damage = r#"contig "two" of sample "a": damaged archive: the contig has other digests than those that are stored"#;
    assert!(told.contains(damage), "{told}");
    assert!(
        told.contains("0 of 1 samples and 1 of 2 contigs can be read"),
        "{told}"
    );
    change_digest(&bench, "sums.agc", "sums2.agc");
    let told = damages("sums2.agc");
    assert!(
        told.contains("ragc.digests") && told.contains(r#"contig "five" of sample "b""#),
        "{told}"
    );
    assert!(
        told.contains("2 of 2 samples and 5 of 5 contigs can be read"),
        "{told}"
    );
}
