//! `ragc merge`: shards become one archive, archives of AGC too; what cannot be done leaves everything as it was.

use std::fs;

use crate::bench::Bench;
use crate::bench::golden::golden_archive;

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

#[test]
fn shards_become_one_archive_that_gives_all_files_back() {
    let bench = shards();
    let merge = [
        "merge", "-v", "1", "--verify", "-o", "all.agc", "one.agc", "two.agc",
    ];
    let (_, told) = bench.succeed(&merge);
    assert!(told.contains("3 samples, 1 more"), "{told}");
    assert_eq!(bench.samples("all.agc"), ["a", "b", "r"]);
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
    assert_eq!(bench.samples("z.agc"), ["a", "r"]);
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
    assert_eq!(bench.samples("x.agc"), ["b", "b.2", "r"]);
    let (_, told) = bench.succeed(&[&merge[..], &["--skip-duplicates", "--force"]].concat());
    assert!(told.contains("sample \"b\" was left out"), "{told}");
    assert_eq!(bench.samples("x.agc"), ["b", "r"]);
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

/// With the same parameters their groups meet; with others their samples are compressed again.
#[test]
fn archives_of_agc_are_merged_with_each_other() {
    let bench = Bench::new();
    let all = [
        "tiny.agc",
        "v3_default.agc",
        "v3_append2.agc",
        "v3_s100.agc",
        "v3_s500_b3.agc",
        "v3_s500.agc",
        "old_v3.0_s500.agc",
        "old_v3.2.1_append_trap13.agc",
    ];
    let mut n_that_fit = 0;
    for (one, two) in all.iter().zip(all.iter().cycle().skip(1)) {
        let paths = [*one, *two].map(golden_archive);
        let [one, two] = paths.each_ref().map(|path| path.to_str().unwrap());
        let merge = [
            "merge",
            "-q",
            "--rename-duplicates",
            "--force",
            "-o",
            "x.agc",
            one,
            two,
        ];
        if bench.run(&merge).status.success() {
            n_that_fit += 1;
            check_merged(&bench, one, two);
        }
        bench.succeed(&[&merge[..], &["--recompress"]].concat());
        check_merged(&bench, one, two);
    }
    assert!(n_that_fit > 2, "{n_that_fit}");
}

/// The archive holds the samples of both, some perhaps under another name.
fn check_merged(bench: &Bench, one: &str, two: &str) {
    bench.succeed(&["verify", "-q", "x.agc"]);
    let merged_names = bench.samples("x.agc");
    let sample = |name: &str| {
        merged_names
            .iter()
            .any(|there| there == name)
            .then(|| bench.sample("x.agc", name))
    };
    for name in bench.samples(one) {
        assert_eq!(
            sample(&name),
            Some(bench.sample(one, &name)),
            "{one} {two} {name}"
        );
    }
    for name in bench.samples(two) {
        let expected = Some(bench.sample(two, &name));
        let found = sample(&name) == expected || sample(&format!("{name}.2")) == expected;
        assert!(found, "{one} {two} {name}");
    }
}
