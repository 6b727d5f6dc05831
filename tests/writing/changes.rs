//! `ragc remove`, `rename`, `subset`, `repack` and `replace`: what is left is as it was, whoever wrote the archive, and a failure leaves the
//! old archive alone.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Output;

use crate::bench::golden::{golden_archive, golden_fasta};
use crate::bench::{Bench, normal, random_bases};

/// What an archive holds, by sample.
type Samples = BTreeMap<String, String>;

/// All samples; the archive must be intact.
fn samples(bench: &Bench, archive: &str) -> Samples {
    bench.succeed(&["verify", archive]);
    let sample = |name: String| {
        let text = bench.sample(archive, &name);
        (name, text)
    };
    bench.samples(archive).into_iter().map(sample).collect()
}

/// Contigs of samples, as `listctg` prints them.
fn contigs(bench: &Bench, archive: &str, sample: &str) -> String {
    String::from_utf8(bench.succeed(&["listctg", archive, sample]).0).unwrap()
}

/// A folder with three files and an archive that keeps all of them.
fn bench_with_archive(flags: &[&str]) -> Bench {
    let bench = Bench::new();
    for name in ["ref", "a", "f_lower"] {
        bench.write(
            &format!("{name}.fa"),
            fs::read(golden_fasta(&format!("{name}.fa"))).unwrap(),
        );
    }
    let args = [
        &["create", "-o", "x.agc", "-s", "500"][..],
        flags,
        &["ref.fa", "a.fa", "f_lower.fa"],
    ]
    .concat();
    bench.succeed(&args);
    bench
}

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
fn the_new_archive_goes_where_it_is_told_to() {
    let bench = bench_with_archive(&[]);
    let old = fs::read(bench.path("x.agc")).unwrap();
    let files = bench.files();
    let (piped, _) = bench.succeed(&["remove", "-o", "-", "x.agc", "a"]);
    assert!(fs::read(bench.path("x.agc")).unwrap() == old);
    bench.succeed(&["remove", "-o", "y.agc", "x.agc", "a"]);
    assert!(fs::read(bench.path("y.agc")).unwrap() == piped);
    let message = bench.fail(1, &["remove", "-o", "y.agc", "x.agc", "ref"]);
    assert!(
        message.contains("y.agc: there is an archive of this name: --force replaces it"),
        "{message}"
    );
    bench.succeed(&["remove", "--force", "-o", "y.agc", "x.agc", "ref"]);
    assert_eq!(bench.samples("y.agc"), ["a", "f_lower"]);
    fs::remove_file(bench.path("y.agc")).unwrap();
    // In the place of the old one, through a link too, and read back before.
    std::os::unix::fs::symlink("x.agc", bench.path("link.agc")).unwrap();
    bench.succeed(&["remove", "--verify", "link.agc", "a"]);
    assert!(fs::read(bench.path("x.agc")).unwrap() == piped);
    assert!(bench.path("link.agc").is_symlink());
    fs::remove_file(bench.path("link.agc")).unwrap();
    assert_eq!(bench.files(), files);
    bench.fail(2, &["remove", "--verify", "-o", "-", "x.agc", "ref"]);
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

#[test]
fn samples_and_contigs_get_new_names() {
    let bench = Bench::new();
    bench.write("one.fa", ">c1 of a\nACGTACGTTG\n>c2\nACGGGTTG\n");
    bench.write("d.fa", ">c1\nACGTACGTTC\n");
    bench.succeed(&["create", "-o", "x.agc", "a=one.fa", "d.fa"]);
    assert_eq!(bench.samples("x.agc"), ["a", "d"]);
    // Two names are exchanged.
    bench.succeed(&["rename", "x.agc", "a=d", "d=a"]);
    assert_eq!(contigs(&bench, "x.agc", "a").lines().count(), 2);
    bench.succeed(&["rename", "x.agc", "a=d@1=2"]);
    bench.succeed(&["rename", "x.agc", "d@1=2=e"]);
    assert_eq!(bench.samples("x.agc"), ["d", "e"]);
    bench.succeed(&["rename", "--contigs-of", "d", "x.agc", "c1=chr1", "c2=chr2 whole"]);
    assert_eq!(
        bench.sample("x.agc", "d"),
        ">chr1 of a\nACGTACGTTG\n>chr2 whole\nACGGGTTG\n"
    );
    bench.write("samples.tsv", "d\tf\n");
    bench.succeed(&["rename", "--from-tsv", "samples.tsv", "x.agc", "e=g"]);
    assert_eq!(bench.samples("x.agc"), ["f", "g"]);
    bench.write("all.tsv", "f\tchr1\tx\ng\tc1\ty\nf\th\n");
    bench.succeed(&["rename", "--from-tsv", "all.tsv", "x.agc"]);
    assert_eq!(bench.samples("x.agc"), ["g", "h"]);
    assert!(bench.sample("x.agc", "h").starts_with(">x of a\n"));
    assert!(bench.sample("x.agc", "g").starts_with(">y\n"));
    bench.succeed(&["verify", "x.agc"]);
    let old = fs::read(bench.path("x.agc")).unwrap();
    for (args, why) in [
        (&["g=h"][..], "two samples would be named \"h\""),
        (&["i=j"], "there is no sample \"i\""),
        (&["g=k", "g=l"], "gets two new names"),
        (&["g="], "would hold nothing"),
        (&["--contigs-of", "h", "z=1"], "there is no contig \"z\""),
        (
            &["--contigs-of", "h", "x=chr2"],
            "two contigs would be named \"chr2\"",
        ),
        (&["--contigs-of", "no", "x=chr2"], "there is no sample \"no\""),
    ] {
        let args = [&["rename", "x.agc"], args].concat();
        let message = bench.fail(1, &args);
        assert!(message.contains(why), "{args:?}: {message}");
        assert!(fs::read(bench.path("x.agc")).unwrap() == old, "{args:?}");
    }
    bench.fail(2, &["rename", "x.agc", "g"]);
    bench.write("bad.tsv", "one\n");
    bench.fail(1, &["rename", "--from-tsv", "bad.tsv", "x.agc"]);
}

#[test]
fn one_of_several_contigs_of_a_word_is_renamed_by_its_whole_header() {
    let bench = Bench::new();
    bench.write("a.fa", ">S 1\nACGTACGTTG\n>S 2\nACGGGTTG\n>S\nACGGG\n>T\nACG\n");
    bench.succeed(&["create", "-o", "x.agc", "a.fa"]);
    bench.write("words.tsv", "a\tS 1\tV\n");
    bench.write("b.fa", ">S 1\nACGTACGTTG\n>S 2\nACGGGTTG\n");
    bench.succeed(&["create", "-o", "y.agc", "b.fa"]);
    let old = ["x.agc", "y.agc"].map(|file| fs::read(bench.path(file)).unwrap());
    bench.write("both.tsv", "b\tS\tV\n");
    for (args, why) in [
        (
            &["--contigs-of", "b", "y.agc", "S=V"][..],
            "give the whole header line",
        ),
        (&["--from-tsv", "both.tsv", "y.agc"], "give the whole header line"),
        // Another header line is no name of one that begins so.
        (
            &["--contigs-of", "a", "x.agc", "S 3=V"],
            "there is no contig \"S 3\"",
        ),
        (
            &["--contigs-of", "a", "x.agc", "T 3=V"],
            "there is no contig \"T 3\"",
        ),
        (
            &["--contigs-of", "a", "x.agc", "S 1=S 2"],
            "two contigs would be named \"S 2\"",
        ),
    ] {
        for place in [&["--in-place"][..], &[]] {
            let message = bench.fail(1, &[&["rename"], place, args].concat());
            assert!(message.contains(why), "{args:?}: {message}");
        }
    }
    let new = ["x.agc", "y.agc"].map(|file| fs::read(bench.path(file)).unwrap());
    assert!(old == new);
    bench.succeed(&["rename", "--contigs-of", "a", "x.agc", "S 2=U=2", "S=W"]);
    bench.succeed(&["rename", "--from-tsv", "words.tsv", "x.agc"]);
    assert_eq!(
        bench.sample("x.agc", "a"),
        ">V\nACGTACGTTG\n>U=2\nACGGGTTG\n>W\nACGGG\n>T\nACG\n"
    );
}

#[test]
fn names_that_no_file_could_have_given_are_refused() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let bench = Bench::new();
    bench.write("s.fa", ">a\nACGTACGTTG\n>b\nACGGGTTG\n");
    bench.succeed(&["create", "-o", "x.agc", "s.fa"]);
    let old = fs::read(bench.path("x.agc")).unwrap();
    for (name, why) in [
        ("a= ", "would hold nothing but blanks"),
        ("a=\t", "would hold nothing but blanks"),
        ("a= y", "would begin with a blank"),
        ("a=\tx", "would begin with a blank"),
        ("a=", "would hold nothing"),
        ("a=x\u{7}", "would hold a control character (07 hex)"),
    ] {
        let message = bench.fail(1, &["rename", "--contigs-of", "s", "x.agc", name]);
        assert!(message.contains(why), "{name:?}: {message}");
    }
    for name in [&b"s=caf\xE9"[..], "s=\u{FFFD}".as_bytes()] {
        let name = OsStr::from_bytes(name);
        let output = bench.command(&["rename", "x.agc"]).arg(name).output().unwrap();
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{message}");
        assert!(
            message.contains("would hold bytes that are not UTF-8"),
            "{message}"
        );
    }
    assert!(fs::read(bench.path("x.agc")).unwrap() == old);
    // A blank stays where it may stand.
    bench.succeed(&["rename", "--contigs-of", "s", "x.agc", "a=x y\tz", "b=é"]);
    bench.succeed(&["rename", "x.agc", "s= s t"]);
    assert_eq!(
        bench.sample("x.agc", " s t"),
        ">x y\tz\nACGTACGTTG\n>é\nACGGGTTG\n"
    );
}

#[test]
fn a_subset_holds_what_was_asked_for() {
    let bench = Bench::new();
    for name in ["a", "b", "c"] {
        bench.write(
            &format!("{name}.fa"),
            format!(">chr1 of {name}\nACGTACGTTG\n>only_{name}\nACGGGTTG\n"),
        );
    }
    bench.succeed(&["create", "-o", "x.agc", "a.fa", "b.fa", "c.fa"]);
    bench.write("list", "c\n");
    bench.succeed(&["subset", "-o", "y.agc", "--samples-from", "list", "x.agc", "a"]);
    assert_eq!(bench.samples("y.agc"), ["a", "c"]);
    assert_eq!(bench.sample("y.agc", "c"), bench.sample("x.agc", "c"));
    bench.succeed(&["subset", "-o", "y.agc", "--force", "--contig", "chr1", "x.agc"]);
    let (text, _) = bench.succeed(&["getcol", "y.agc"]);
    let chr1 = |name: &str| format!(">chr1 of {name}\nACGTACGTTG\n");
    assert_eq!(
        String::from_utf8(text).unwrap(),
        ["a", "b", "c"].map(chr1).concat()
    );
    bench.write("contigs", "only_b\nchr1 of a\n");
    bench.succeed(&[
        "subset",
        "-o",
        "y.agc",
        "--force",
        "--contigs-from",
        "contigs",
        "x.agc",
    ]);
    let (text, _) = bench.succeed(&["getcol", "y.agc"]);
    assert_eq!(
        String::from_utf8(text).unwrap(),
        chr1("a") + ">only_b\nACGGGTTG\n"
    );
    assert_eq!(samples(&bench, "y.agc").len(), 2);
    let message = bench.fail(1, &["subset", "--contigs-from", "contigs", "x.agc", "a"]);
    assert!(
        message.contains("no contig of these samples is named \"only_b\""),
        "{message}"
    );
    bench.fail(2, &["subset", "x.agc"]);
}

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
fn an_empty_list_takes_nothing_away() {
    let bench = bench_with_archive(&[]);
    let old = fs::read(bench.path("x.agc")).unwrap();
    bench.write("list", "");
    for (args, why) in [
        (
            &["subset", "--samples-from", "list", "x.agc"][..],
            "no sample is named",
        ),
        (
            &["subset", "--contigs-from", "list", "x.agc"],
            "no sample is named",
        ),
        (&["sync", "--delete", "-i", "list", "x.agc"], "no input files"),
        (&["sync", "-i", "list", "x.agc"], "no input files"),
        (&["replace", "-i", "list", "x.agc"], "no input files"),
        (
            &[
                "replace",
                "--rename-duplicates",
                "x.agc",
                "a=ref.fa",
                "a=f_lower.fa",
            ],
            "\"a\" is given twice",
        ),
    ] {
        let told = bench.fail(1, args);
        assert!(told.contains(why), "{told}");
        assert!(fs::read(bench.path("x.agc")).unwrap() == old, "{args:?}");
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

#[test]
fn no_earlier_state_can_be_read_after_a_change() {
    let bench = bench_with_archive(&[]);
    let expected = samples(&bench, "x.agc");
    for name in ["d", "e"] {
        bench.write(
            &format!("{name}.fa"),
            fs::read(golden_fasta(&format!("{name}.fa"))).unwrap(),
        );
        bench.succeed(&["append", "--in-place", "x.agc", &format!("{name}.fa")]);
    }
    let grown = fs::read(bench.path("x.agc")).unwrap();
    for args in [
        &["remove", "x.agc", "d", "e"][..],
        &["subset", "x.agc", "ref", "a", "f_lower"],
        &["repack", "x.agc"],
        &["rename", "x.agc", "d=g"],
        &["replace", "x.agc", "d=e.fa"],
    ] {
        bench.write("x.agc", &grown);
        bench.succeed(args);
        let message = bench.fail(1, &["undo", "x.agc"]);
        assert!(message.contains("x.agc"), "{message}");
        let now = samples(&bench, "x.agc");
        assert!(expected.iter().all(|(name, text)| now[name] == *text), "{args:?}");
    }
}

#[test]
fn a_change_that_fails_leaves_the_old_archive() {
    let bench = bench_with_archive(&[]);
    let old = fs::read(bench.path("x.agc")).unwrap();
    let files = bench.files();
    let commands = [
        &["remove", "x.agc", "ref"][..],
        &["rename", "x.agc", "ref=z"],
        &["subset", "x.agc", "a"],
        &["repack", "-b", "1", "x.agc"],
        &["replace", "x.agc", "a=f_lower.fa"],
    ];
    for args in commands {
        // The disk is full when the file has reached the limit of the shell.
        let Output { status, stderr, .. } = bench.run_on_small_disk(4, args);
        let message = String::from_utf8(stderr).unwrap();
        assert_eq!(
            (status.code(), message.lines().count()),
            (Some(1), 1),
            "{args:?}: {message}"
        );
        let message = bench.fail(1, &[args, &["-o", "nowhere/y.agc"]].concat());
        assert!(message.contains("nowhere/y.agc"), "{message}");
        assert!(fs::read(bench.path("x.agc")).unwrap() == old);
        assert_eq!(bench.files(), files);
    }
    // What is damaged is not gone on from.
    let mut damaged = old.clone();
    let len = damaged.len();
    for place in (0..len / 2).step_by(16) {
        damaged[place] ^= 0x55;
    }
    bench.write("x.agc", &damaged);
    for args in commands {
        let message = bench.fail(1, args);
        assert!(message.contains("x.agc"), "{message}");
        assert!(fs::read(bench.path("x.agc")).unwrap() == damaged);
    }
    bench.write("x.agc", "no archive");
    for args in commands {
        bench.fail(1, args);
    }
}

/// A folder on another file system than that of temporary files and inputs, if there is one here.
fn other_file_system(than: &Path) -> Option<tempfile::TempDir> {
    use std::os::unix::fs::MetadataExt;
    let folder = tempfile::tempdir_in("/dev/shm").ok()?;
    let device = |path: &Path| fs::metadata(path).map(|metadata| metadata.dev()).ok();
    (device(folder.path()) != device(than)).then_some(folder)
}

#[test]
fn an_archive_may_lie_on_another_file_system_than_all_else() {
    let bench = bench_with_archive(&[]);
    let Some(folder) = other_file_system(&bench.path("")) else {
        println!("there is one file system here: this was not tried");
        return;
    };
    let elsewhere = folder.path().join("there.agc");
    fs::copy(bench.path("x.agc"), &elsewhere).unwrap();
    std::os::unix::fs::symlink(&elsewhere, bench.path("link.agc")).unwrap();
    fs::write(bench.path("new.fa"), fs::read(bench.path("a.fa")).unwrap()).unwrap();
    // The link is changed once and the file that it leads to the other time: the one is the other.
    let changes: [&[&str]; 8] = [
        &["append", "--in-place", "ARCHIVE", "new.fa"],
        &["undo", "ARCHIVE"],
        &["append", "--rewrite", "-o", "ARCHIVE", "ARCHIVE", "new.fa"],
        &["rename", "ARCHIVE", "new=newer"],
        &["replace", "ARCHIVE", "newer=ref.fa"],
        &["remove", "ARCHIVE", "newer"],
        &["sync", "ARCHIVE", "ref.fa", "a.fa", "f_lower.fa", "new.fa"],
        &["repack", "ARCHIVE"],
    ];
    for (i, change) in changes.iter().enumerate() {
        let archive = match i % 2 {
            0 => "link.agc",
            _ => elsewhere.to_str().unwrap(),
        };
        let named = |arg: &&str| (*arg).replace("ARCHIVE", archive);
        let args: Vec<String> = change.iter().map(named).collect();
        bench.succeed(&args.iter().map(String::as_str).collect::<Vec<_>>());
        assert!(bench.path("link.agc").is_symlink(), "{change:?}");
        bench.succeed(&["verify", "link.agc"]);
    }
    let others = fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(others, 1, "nothing is left beside it");
    for name in ["ref", "a", "f_lower", "new"] {
        let file = if name == "new" { "a" } else { name };
        let (kept, expected) = (bench.sample("link.agc", name), bench.sample("x.agc", file));
        assert!(kept == expected, "{name}");
    }
    // What fails leaves it as it is.
    let before = fs::read(&elsewhere).unwrap();
    for change in [
        &["append", "--in-place", "link.agc", "new.fa"][..],
        &["replace", "link.agc", "a=absent.fa"],
        &["sync", "link.agc", "ref.fa", "absent.fa"],
        &["rename", "link.agc", "a=ref"],
    ] {
        let output = bench.run(change);
        assert_eq!(output.status.code(), Some(1), "{change:?}");
        assert_eq!(
            String::from_utf8_lossy(&output.stderr).lines().count(),
            1,
            "{change:?}"
        );
        assert!(fs::read(&elsewhere).unwrap() == before, "{change:?}");
    }
}

#[test]
fn a_disk_that_is_full_is_told_by_the_name_of_the_output() {
    let bench = Bench::new();
    for (name, seed) in [("a", 1), ("b", 2), ("c", 3)] {
        let letters = random_bases(seed, 800_000);
        bench.write(&format!("{name}.fa"), format!(">{name}\n{letters}\n"));
    }
    bench.succeed(&["create", "-o", "x.agc", "a.fa", "b.fa"]);
    bench.succeed(&["create", "-o", "y.agc", "c.fa"]);
    for args in [
        &["create", "a.fa", "b.fa"][..],
        &["append", "x.agc", "c.fa"],
        &["merge", "x.agc", "y.agc"],
        &["merge", "--recompress", "x.agc", "y.agc"],
        &["repack", "x.agc"],
        &["rename", "x.agc", "a=d"],
        &["remove", "x.agc", "a"],
        &["remove", "--purge", "x.agc", "a"],
        &["subset", "x.agc", "a"],
    ] {
        let message = bench.fail(1, &[args, &["-o", "/dev/full"]].concat());
        let expected = "ragc: error: /dev/full: cannot write: No space left on device";
        assert!(message.starts_with(expected), "{args:?}: {message}");
    }
}
