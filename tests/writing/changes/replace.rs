//! `ragc replace`: which samples become others.

use std::fs;

use super::{bench_with_archive, samples};
use crate::bench::Bench;
use crate::bench::golden::golden_fasta;

/// Samples in the order of the archive, which is not that of their names.
fn order(bench: &Bench) -> String {
    let listed = String::from_utf8(bench.succeed(&["listctg", "x.agc"]).0).unwrap();
    let samples: Vec<&str> = listed.lines().filter(|line| !line.starts_with(' ')).collect();
    samples.join(" ")
}

#[test]
fn what_is_replaced_keeps_its_place() {
    let bench = Bench::new();
    for (name, sequence) in [
        ("d", "ACGTACGTTG"),
        ("b", "ACGTACGTTGA"),
        ("c", "ACGTTCGTTG"),
        ("a", "GATTACA"),
    ] {
        bench.write(&format!("{name}.fa"), format!(">{name}\n{sequence}\n"));
    }
    for batch in ["1", "3", "50"] {
        bench.succeed(&[
            "create", "-b", batch, "-o", "x.agc", "d.fa", "b.fa", "c.fa", "a.fa",
        ]);
        bench.succeed(&["replace", "x.agc", "c=a.fa", "d=b.fa"]);
        assert_eq!(order(&bench), "d b c a");
        assert_eq!(
            bench.succeed(&["getcol", "x.agc"]).0,
            b">b\nACGTACGTTGA\n>b\nACGTACGTTGA\n>a\nGATTACA\n>a\nGATTACA\n"
        );
        bench.succeed(&["verify", "x.agc"]);
        // d is told by no file and stays, c is as it was, b and a have changed, f is new.
        bench.write("f.fa", ">f\nCCC\n");
        bench.succeed(&["sync", "x.agc", "f.fa", "c=a.fa", "b=f.fa", "a=c.fa"]);
        assert_eq!(order(&bench), "d b c a f");
        assert_eq!(bench.sample("x.agc", "b"), ">f\nCCC\n");
        assert_eq!(bench.sample("x.agc", "a"), ">c\nACGTTCGTTG\n");
        bench.succeed(&["sync", "--delete", "x.agc", "a=c.fa", "f=a.fa", "b=f.fa"]);
        assert_eq!(order(&bench), "b a f");
        bench.succeed(&["verify", "x.agc"]);
        assert_eq!(bench.files().len(), 6, "{:?}", bench.files());
    }
}

#[test]
fn replaced_samples_have_to_be_there() {
    let bench = bench_with_archive(&[]);
    let old = fs::read(bench.path("x.agc")).unwrap();
    let message = bench.fail(1, &["replace", "x.agc", "z=a.fa"]);
    assert!(
        message.contains("there is no sample \"z\"") && message.contains("append adds"),
        "{message}"
    );
    bench.fail(2, &["replace", "-c", "x.agc", "a.fa"]);
    bench.fail(2, &["replace", "--skip-bad-files", "x.agc", "a.fa"]);
    bench.fail(1, &["replace", "x.agc", "a=nowhere.fa"]);
    assert!(fs::read(bench.path("x.agc")).unwrap() == old);
    // The name of the file is that of the sample; the reference sample can be replaced too.
    bench.write("ref.fa", fs::read(golden_fasta("d.fa")).unwrap());
    let a = bench.sample("x.agc", "a");
    bench.succeed(&["replace", "--purge", "x.agc", "ref.fa"]);
    let now = samples(&bench, "x.agc");
    assert_eq!((now.len(), &now["a"]), (3, &a));
    let file = fs::read_to_string(bench.path("ref.fa")).unwrap();
    assert_eq!(
        bench.succeed(&["getset", "--exact", "x.agc", "ref"]).0,
        file.as_bytes()
    );
}
