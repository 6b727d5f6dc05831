//! `ragc merge`: shards become one archive, archives of AGC too; what cannot be done leaves everything as it was.

use std::fs;
use std::path::{Path, PathBuf};

use crate::bench::Bench;

const REFERENCE: &str = "ACGTTGCAACGGATTCTTAGCAGGCATCGAATCC";

/// Two shards with a common reference sample, and another archive of the sample `b`.
fn shards() -> Bench {
    let bench = Bench::new();
    let genome = |seed: usize| -> String {
        let letter = |i: usize| REFERENCE.as_bytes()[(i * i * 7 + i * seed) % REFERENCE.len()];
        (0..4000).map(|i| char::from(letter(i))).collect()
    };
    for (name, seed) in [("r", 3), ("a", 5), ("b", 11)] {
        bench.write(
            &format!("{name}.fa"),
            format!(">c of {name}\n{}\nacgtn\n", genome(seed)),
        );
    }
    bench.write("other/b.fa", format!(">c of b\n{}\n", genome(13)));
    for (archive, files) in [
        ("one.agc", &["r.fa", "a.fa"][..]),
        ("two.agc", &["r.fa", "b.fa"]),
        ("three.agc", &["r.fa", "other/b.fa"]),
    ] {
        bench.succeed(&[&["create", "-q", "-s", "1000", "-o", archive], files].concat());
    }
    bench
}

fn names(bench: &Bench, archive: &str) -> String {
    String::from_utf8(bench.succeed(&["listset", archive]).0).unwrap()
}

#[test]
fn shards_become_one_archive_that_gives_all_files_back() {
    let bench = shards();
    let merge = [
        "merge", "-v", "1", "--verify", "-o", "all.agc", "one.agc", "two.agc",
    ];
    let (_, told) = bench.succeed(&merge);
    assert!(told.contains("3 samples, 1 more"), "{told}");
    assert_eq!(names(&bench, "all.agc"), "a\nb\nr\n");
    for name in ["r", "a", "b"] {
        let file = fs::read(bench.path(&format!("{name}.fa"))).unwrap();
        assert_eq!(bench.succeed(&["getset", "--exact", "all.agc", name]).0, file);
    }
    let (piped, _) = bench.succeed(&["merge", "-q", "-t", "3", "one.agc", "two.agc"]);
    assert_eq!(piped, fs::read(bench.path("all.agc")).unwrap());
}

#[test]
fn one_archive_and_an_archive_that_is_named_twice_are_taken_once() {
    let bench = shards();
    bench.succeed(&["merge", "-o", "x.agc", "one.agc"]);
    let (_, told) = bench.succeed(&["merge", "-o", "y.agc", "one.agc", "one.agc"]);
    assert!(told.contains("one.agc: named twice, taken once"), "{told}");
    let (x, y) = (bench.path("x.agc"), bench.path("y.agc"));
    assert_eq!(fs::read(x).unwrap(), fs::read(y).unwrap());
    bench.succeed(&["merge", "-q", "-o", "z.agc", "one.agc", "./one.agc"]);
    assert_eq!(names(&bench, "z.agc"), "a\nr\n");
}

#[test]
fn names_that_clash_are_an_error_or_renamed_or_left_out() {
    let bench = shards();
    let before = bench.files();
    let merge = ["merge", "-o", "x.agc", "two.agc", "three.agc"];
    let error = bench.fail(1, &merge);
    assert!(
        error.contains("three.agc: sample \"b\" is another one than that of two.agc"),
        "{error}"
    );
    assert_eq!(bench.files(), before);
    let (_, told) = bench.succeed(&[&merge[..], &["--rename-duplicates"]].concat());
    assert!(told.contains("sample \"b\" is stored as \"b.2\""), "{told}");
    assert_eq!(names(&bench, "x.agc"), "b\nb.2\nr\n");
    let (_, told) = bench.succeed(&[&merge[..], &["--skip-duplicates", "--force"]].concat());
    assert!(told.contains("sample \"b\" was left out"), "{told}");
    assert_eq!(names(&bench, "x.agc"), "b\nr\n");
}

#[test]
fn archives_that_do_not_fit_are_refused_in_one_line() {
    let bench = shards();
    bench.succeed(&["create", "-q", "-s", "500", "-o", "other.agc", "b.fa"]);
    let before = bench.files();
    let error = bench.fail(1, &["merge", "-o", "x.agc", "one.agc", "other.agc"]);
    assert!(
        error.contains("other.agc: made with k 31") && error.contains("--recompress"),
        "{error}"
    );
    let old = golden_archive("old_v2.0_s500.agc");
    let error = bench.fail(1, &["merge", "-o", "x.agc", "one.agc", old.to_str().unwrap()]);
    assert!(error.contains("file version 1 or 2"), "{error}");
    let error = bench.fail(1, &["merge", "--force", "-o", "one.agc", "one.agc", "two.agc"]);
    assert!(error.contains("one.agc: this is an input file"), "{error}");
    let error = bench.fail(1, &["merge", "-o", "two.agc", "one.agc", "three.agc"]);
    assert!(error.contains("--force replaces it"), "{error}");
    bench.write("torn.agc", &fs::read(bench.path("two.agc")).unwrap()[..300]);
    bench.fail(1, &["merge", "-o", "x.agc", "one.agc", "torn.agc"]);
    fs::remove_file(bench.path("torn.agc")).unwrap();
    assert_eq!(bench.files(), before);
    bench.succeed(&[
        "merge",
        "-q",
        "--recompress",
        "-o",
        "x.agc",
        "one.agc",
        "other.agc",
    ]);
    let file = fs::read(bench.path("b.fa")).unwrap();
    assert_eq!(bench.succeed(&["getset", "--exact", "x.agc", "b"]).0, file);
}

#[test]
fn figures_are_written_as_json() {
    let bench = shards();
    bench.succeed(&["merge", "--stats=run.json", "-o", "x.agc", "one.agc", "two.agc"]);
    let text = fs::read_to_string(bench.path("run.json")).unwrap();
    let figures: serde_json::Value = serde_json::from_str(&text).unwrap();
    let n_bytes = fs::metadata(bench.path("x.agc")).unwrap().len();
    assert_eq!(figures["run"]["command"], "merge");
    assert_eq!(figures["run"]["n_same"], 1);
    assert_eq!(figures["run"]["n_bytes"], n_bytes);
}

fn golden_archive(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../data/golden/archives")
        .join(name)
}

/// With the same parameters their groups meet; with others their samples are compressed again.
#[test]
fn archives_of_agc_are_merged_with_each_other() {
    let bench = Bench::new();
    let all = [
        "tiny.agc",
        "v3_default.agc",
        "v3_s100.agc",
        "v3_s500_b3.agc",
        "v3_append2.agc",
        "v3_concat.agc",
        "old_v3.0_s500.agc",
        "old_v3.2.1_append_trap13.agc",
    ];
    for (one, two) in all.iter().flat_map(|one| all.map(|two| (*one, two))) {
        let paths = [one, two].map(golden_archive);
        let [one, two] = paths.each_ref().map(|path| path.to_str().unwrap());
        let merge = [
            "merge",
            "-q",
            "--recompress",
            "--rename-duplicates",
            "--force",
            "-o",
            "x.agc",
        ];
        let same_parameters = bench.run(&[
            "merge",
            "-q",
            "--rename-duplicates",
            "--force",
            "-o",
            "y.agc",
            one,
            two,
        ]);
        bench.succeed(&[&merge[..], &[one, two]].concat());
        let archives = if same_parameters.status.success() {
            &["x.agc", "y.agc"][..]
        } else {
            &["x.agc"]
        };
        for merged in archives {
            bench.succeed(&["verify", "-q", merged]);
            for sample in names(&bench, one).lines() {
                assert_eq!(
                    bench.sample(merged, sample),
                    bench.sample(one, sample),
                    "{one} {two} {sample}"
                );
            }
            for sample in names(&bench, two).lines() {
                let expected = bench.sample(two, sample);
                let holds = |name: &str| bench.sample(merged, name) == expected;
                let numbered = format!("{sample}.2");
                let merged_names = names(&bench, merged);
                let is_there = |name: &str| merged_names.lines().any(|there| there == name);
                assert!(
                    holds(sample) || (is_there(&numbered) && holds(&numbered)),
                    "{one} {two} {sample}"
                );
            }
        }
    }
    let same = golden_archive("v3_s500.agc");
    let same = same.to_str().unwrap();
    let (_, told) = bench.succeed(&[
        "merge",
        "-v",
        "1",
        "-o",
        "z.agc",
        same,
        golden_archive("v3_s500_b3.agc").to_str().unwrap(),
    ]);
    assert!(told.contains("joined"), "{told}");
}
