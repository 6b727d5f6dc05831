//! `ragc remove`: which samples go, and what is left of their sequence.

use std::fs;

use super::{bench_with_archive, samples};
use crate::bench::Bench;

#[test]
fn samples_are_removed_by_their_whole_names_only() {
    let bench = Bench::new();
    for name in ["HG1#1", "HG1#2", "HG10#1"] {
        bench.write(
            &format!("{name}.fa"),
            format!(">c\nACGTACCGTTGA{}\n", "ACGA".repeat(name.len())),
        );
    }
    bench.succeed(&["create", "-o", "x.agc", "HG1#1.fa", "HG1#2.fa", "HG10#1.fa"]);
    let message = bench.fail(1, &["remove", "x.agc", "HG1"]);
    assert!(
        message.contains("no sample is named \"HG1\": 2 have names that go on with #"),
        "{message}"
    );
    let message = bench.fail(1, &["remove", "x.agc", "HG1#3"]);
    assert!(message.contains("near: \"HG1#1\""), "{message}");
    bench.succeed(&["remove", "-o", "y.agc", "--prefix", "HG1#", "x.agc"]);
    assert_eq!(bench.samples("y.agc"), ["HG10#1"]);
    bench.write("list", "HG1#2\n");
    bench.succeed(&["remove", "--samples-from", "list", "x.agc", "HG1#1"]);
    assert!(fs::read(bench.path("x.agc")).unwrap() == fs::read(bench.path("y.agc")).unwrap());
    // None is left, and others can come.
    bench.succeed(&["remove", "x.agc", "HG10#1"]);
    assert!(samples(&bench, "x.agc").is_empty());
    bench.succeed(&["append", "-o", "x.agc", "x.agc", "HG1#2.fa"]);
    assert_eq!(samples(&bench, "x.agc").len(), 1);
}

#[test]
fn what_is_left_of_removed_sequence_is_told() {
    let bench = bench_with_archive(&[]);
    let (_, told) = bench.succeed(&["remove", "-o", "y.agc", "--stats", "y.json", "x.agc", "ref"]);
    assert!(
        told.contains(" that others need may hold sequence of what was taken out: --purge leaves none\n"),
        "{told}"
    );
    let stats = |file: &str| {
        let json = fs::read(bench.path(file)).unwrap();
        serde_json::from_slice::<serde_json::Value>(&json).unwrap()["run"].clone()
    };
    assert!(stats("y.json")["foreign_bases"].as_u64().unwrap() > 0);
    assert_eq!(stats("y.json")["command"], "remove");
    let (_, told) = bench.succeed(&[
        "remove", "-o", "z.agc", "--purge", "--stats", "z.json", "x.agc", "ref",
    ]);
    assert_eq!(told, "");
    assert_eq!(stats("z.json")["foreign_bases"], 0);
    // What was left once can go later.
    bench.succeed(&["repack", "--purge", "--stats", "z.json", "y.agc"]);
    assert_eq!(stats("z.json")["foreign_bases"], 0);
    assert_eq!(samples(&bench, "y.agc"), samples(&bench, "z.agc"));
    let n_bytes = stats("z.json")["n_bytes"].as_u64().unwrap();
    assert_eq!(n_bytes, fs::metadata(bench.path("y.agc")).unwrap().len());
}
