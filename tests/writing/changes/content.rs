//! What all of these commands keep: the sequences of archives of all versions, files, checksums, digests.

use std::fs;

use super::{bench_with_archive, samples};
use crate::bench::golden::{golden_archive, golden_fasta};
use crate::bench::{Bench, normal};

fn info(bench: &Bench, archive: &str) -> serde_json::Value {
    let json = bench.succeed(&["info", "--json", archive]).0;
    serde_json::from_slice::<serde_json::Value>(&json).unwrap()["archive"].clone()
}

#[test]
fn archives_of_all_versions_are_changed() {
    let bench = Bench::new();
    for archive in [
        "tiny.agc",
        "v3_s500_b3.agc",
        "v3_append2.agc",
        "v3_adaptive.agc",
        "old_v1.0_b3.agc",
        "old_v1.1_append.agc",
        "old_v2.0_s500.agc",
        "old_v2.1_then_3.2.2.agc",
    ] {
        fs::copy(golden_archive(archive), bench.path("old.agc")).unwrap();
        let mut expected = samples(&bench, "old.agc");
        let (_, told) = bench.succeed(&["repack", "-o", "x.agc", "--force", "-b", "4", "old.agc"]);
        assert!(!told.contains("unknown"), "{archive}: {told}");
        assert!(samples(&bench, "x.agc") == expected, "{archive}");
        let told = info(&bench, "x.agc");
        assert_eq!(
            (&told["batch_size"], &told["has_checksums"]),
            (&4.into(), &true.into())
        );
        assert!(
            told["file_version"].as_str().unwrap().starts_with("3."),
            "{archive}"
        );

        let first = String::from_utf8(bench.succeed(&["listref", "old.agc"]).0).unwrap();
        let first = first.trim_end();
        let last = expected.keys().rfind(|name| *name != first).unwrap().clone();
        bench.succeed(&[
            "rename",
            "-o",
            "x.agc",
            "--force",
            "old.agc",
            &format!("{last}=new=name"),
        ]);
        let text = expected.remove(&last).unwrap();
        expected.insert("new=name".to_owned(), text);
        assert!(samples(&bench, "x.agc") == expected, "{archive}");

        for flags in [&[][..], &["--purge"]] {
            let args = [
                &["remove", "-o", "y.agc", "--force"][..],
                flags,
                &["x.agc", first],
            ]
            .concat();
            bench.succeed(&args);
            let mut rest = expected.clone();
            rest.remove(first);
            assert!(samples(&bench, "y.agc") == rest, "{archive} {flags:?}");
        }
        bench.succeed(&["subset", "-o", "y.agc", "--force", "old.agc", first]);
        assert_eq!(bench.samples("y.agc"), [first]);
        assert!(bench.sample("y.agc", first) == expected[first], "{archive}");

        let file = fs::read_to_string(golden_fasta("d.fa")).unwrap();
        bench.write("d.fa", &file);
        bench.succeed(&["replace", "old.agc", &format!("{first}=d.fa")]);
        expected.insert(first.to_owned(), normal(&file));
        let text = expected.remove("new=name").unwrap();
        expected.insert(last, text);
        assert!(samples(&bench, "old.agc") == expected, "{archive}");
    }
}

#[test]
fn what_is_kept_of_files_and_checksums_stay_right() {
    let bench = bench_with_archive(&["--digests"]);
    let exact = |archive: &str, sample: &str| bench.succeed(&["getset", "--exact", archive, sample]).0;
    let original = |file: &str| fs::read(bench.path(file)).unwrap();
    bench.succeed(&["remove", "-o", "y.agc", "x.agc", "ref"]);
    bench.succeed(&["rename", "y.agc", "a=b"]);
    bench.succeed(&["repack", "-b", "1", "y.agc"]);
    bench.succeed(&["replace", "y.agc", "f_lower=ref.fa"]);
    assert_eq!(samples(&bench, "y.agc").len(), 2);
    assert!(exact("y.agc", "b") == original("a.fa"));
    assert!(exact("y.agc", "f_lower") == original("ref.fa"));
    let told = info(&bench, "y.agc");
    assert_eq!(told["has_checksums"], true);
    let digests = |archive: &str, sample: &str| bench.succeed(&["listctg", "--digests", archive, sample]).0;
    let without_name = |text: Vec<u8>| String::from_utf8(text).unwrap().replace("ref", "f_lower");
    assert_eq!(
        without_name(digests("y.agc", "f_lower")),
        without_name(digests("x.agc", "ref"))
    );
}

#[test]
fn repack_adds_checksums_and_digests() {
    let bench = bench_with_archive(&["--no-checksums"]);
    let expected = samples(&bench, "x.agc");
    bench.succeed(&["repack", "--no-checksums", "x.agc"]);
    assert_eq!(info(&bench, "x.agc")["has_checksums"], false);
    bench.fail(1, &["listctg", "--digests", "x.agc", "a"]);
    bench.succeed(&["repack", "--digests", "x.agc"]);
    assert_eq!(info(&bench, "x.agc")["has_checksums"], true);
    let json = bench.succeed(&["verify", "--json", "x.agc"]).0;
    let told = &serde_json::from_slice::<serde_json::Value>(&json).unwrap()["verification"];
    for what in [
        "is_intact",
        "has_part_checksums",
        "has_sequence_checksums",
        "has_digests",
    ] {
        assert_eq!(told[what], true, "{what}");
    }
    assert_eq!(samples(&bench, "x.agc"), expected);
}

#[test]
fn archives_are_the_same_for_any_number_of_threads() {
    let bench = bench_with_archive(&["--digests"]);
    for args in [
        &["remove", "--purge", "x.agc", "ref"][..],
        &["remove", "x.agc", "a"],
        &["repack", "-b", "2", "x.agc"],
        &["replace", "-d", "x.agc", "a=f_lower.fa"],
    ] {
        let by = |threads: &str| {
            let output = ["-o", "-", "-t", threads];
            bench.succeed(&[&args[..1], &output, &args[1..]].concat()).0
        };
        let one = by("1");
        assert!(one == by("3") && one == by("3"), "{args:?}");
    }
}
