//! `ragc sync`: an archive becomes what files are, does nothing that need not be done, and stays as it was where that fails.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::time::{Duration, UNIX_EPOCH};

use crate::bench::Bench;
use crate::bench::deadline::RunInTime;
use crate::bench::golden::golden_fasta;
use crate::bench::packed::gzip;

/// Samples that are relatives, each with a line of its own.
fn text(number: usize) -> String {
    let golden = fs::read_to_string(golden_fasta("ref.fa")).unwrap();
    format!("{golden}>own\nACGT{}\n", "GATTACA".repeat(number + 1))
}

/// A bench with `in/s0.fa` … and the archive of it.
fn bench(n: usize) -> Bench {
    let bench = Bench::new();
    for number in 0..n {
        bench.write(&format!("in/s{number}.fa"), text(number));
    }
    bench.succeed(&["sync", "x.agc", "in"]);
    bench
}

/// What is said to be done, without unchanged samples.
fn plan(bench: &Bench, args: &[&str]) -> Vec<String> {
    let printed = bench.succeed(&[&["sync", "--dry-run", "x.agc"], args].concat()).0;
    let printed = String::from_utf8(printed).unwrap();
    printed.lines().map(str::to_owned).collect()
}

/// Each sample has the bytes of its file, and nothing is damaged.
fn assert_holds(bench: &Bench, expected: &[(&str, &str)]) {
    let names: Vec<&str> = expected.iter().map(|(name, _)| *name).collect();
    assert_eq!(bench.samples("x.agc"), names);
    for (name, file) in expected {
        let stored = bench.succeed(&["getset", "--exact", "x.agc", name]).0;
        assert!(stored == fs::read(bench.path(file)).unwrap(), "{name}");
    }
    bench.succeed(&["verify", "x.agc"]);
}

/// What tells whether a file was written again.
fn identity(bench: &Bench) -> (u64, i64, i64) {
    let file = fs::metadata(bench.path("x.agc")).unwrap();
    (file.ino(), file.mtime(), file.mtime_nsec())
}

fn set_time(bench: &Bench, name: &str, seconds: u64) {
    let file = fs::File::options().append(true).open(bench.path(name)).unwrap();
    file.set_modified(UNIX_EPOCH + Duration::from_secs(seconds))
        .unwrap();
}

#[test]
fn an_archive_that_is_not_there_is_made() {
    let bench = Bench::new();
    bench.write("in/a.fa", text(0));
    bench.write("in/b.fa", text(1));
    assert_eq!(plan(&bench, &["in"]), ["new\ta\tin/a.fa", "new\tb\tin/b.fa"]);
    assert!(!bench.path("x.agc").exists());
    let told = bench.succeed(&["sync", "x.agc", "in"]).1;
    assert!(told.contains("x.agc: there is no such archive"), "{told}");
    assert_holds(&bench, &[("a", "in/a.fa"), ("b", "in/b.fa")]);
    assert!(bench.fail(2, &["sync", "-", "in"]).contains("'-'"));
}

#[test]
fn nothing_is_written_if_nothing_has_changed() {
    let bench = bench(3);
    let before = (identity(&bench), bench.files());
    for args in [
        &["sync", "x.agc", "in"][..],
        &["sync", "--delete", "x.agc", "in"],
        &["sync", "--fast", "x.agc", "in"],
        &["sync", "--no-wait", "x.agc", "in/s2.fa", "in/s0.fa", "in/s1.fa"],
    ] {
        let (stdout, stderr) = bench.succeed(args);
        assert!(stdout.is_empty() && stderr.is_empty(), "{stderr}");
        assert_eq!((identity(&bench), bench.files()), before, "{args:?}");
    }
}

/// The archive of which another one was the beginning.
fn is_grown_from(bench: &Bench, before: &[u8]) -> bool {
    fs::read(bench.path("x.agc")).unwrap().starts_with(before)
}

fn history(bench: &Bench) -> Vec<String> {
    let told = bench.succeed(&["log", "--json", "x.agc"]).0;
    let told: serde_json::Value = serde_json::from_slice(&told).unwrap();
    let commands = told["history"].as_array().unwrap().iter();
    commands.map(|entry| entry["command"].to_string()).collect()
}

/// By what each sample is known with `--fast`.
fn known_by(bench: &Bench) -> Vec<String> {
    let json = bench
        .succeed(&["sync", "-n", "--json", "--fast", "x.agc", "in"])
        .0;
    let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
    let samples = json["sync"]["samples"].as_array().unwrap().iter();
    samples
        .map(|sample| sample["known_by"].as_str().unwrap_or_default().to_owned())
        .collect()
}

#[test]
fn what_is_only_added_goes_behind_the_end() {
    let bench = bench(2);
    let before = fs::read(bench.path("x.agc")).unwrap();
    bench.write("in/s2.fa", text(2));
    bench.write("in/s3.fa", text(3));
    fs::copy(bench.path("x.agc"), bench.path("anew.agc")).unwrap();
    bench.succeed(&["sync", "x.agc", "in"]);
    assert!(is_grown_from(&bench, &before));
    let expected = [
        ("s0", "in/s0.fa"),
        ("s1", "in/s1.fa"),
        ("s2", "in/s2.fa"),
        ("s3", "in/s3.fa"),
    ];
    assert_holds(&bench, &expected);
    assert_eq!(history(&bench).len(), 2);
    assert!(history(&bench).iter().all(|command| command.contains("sync")));
    // As if all had been written anew.
    bench.succeed(&["sync", "--rewrite", "anew.agc", "in"]);
    assert!(!fs::read(bench.path("anew.agc")).unwrap().starts_with(&before));
    for command in [&["getcol"][..], &["listctg"], &["listset"]] {
        let of = |archive| bench.succeed(&[command, &[archive]].concat()).0;
        assert!(of("x.agc") == of("anew.agc"), "{command:?}");
    }
    // All files are known by their sizes and times, and one that was touched by what is in it.
    assert_eq!(known_by(&bench), ["stamps"; 4]);
    set_time(&bench, "in/s1.fa", 5);
    bench.write("in/s4.fa", text(4));
    bench.succeed(&["sync", "--fast", "x.agc", "in"]);
    assert_eq!(
        known_by(&bench),
        ["stamps", "digest", "stamps", "stamps", "stamps"]
    );
    bench.succeed(&["undo", "x.agc"]);
    bench.succeed(&["undo", "x.agc"]);
    assert!(fs::read(bench.path("x.agc")).unwrap() == before);
    // What is removed leaves nothing behind, what is to be read back has no name before.
    bench.write("kept/s0.fa", text(0));
    bench.write("kept/s5.fa", text(5));
    for options in [&["--delete"][..], &["--verify"], &["--rewrite"]] {
        bench.write("x.agc", &before);
        bench.succeed(&[&["sync", "x.agc", "kept"], options].concat());
        assert!(!is_grown_from(&bench, &before), "{options:?}");
    }
}

#[test]
fn new_and_changed_samples_are_stored_and_others_left_alone() {
    let bench = bench(4);
    bench.write("in/s1.fa", text(7));
    bench.write("in/s9.fa", text(9));
    fs::remove_file(bench.path("in/s3.fa")).unwrap();
    let told = ["changed\ts1\tin/s1.fa", "new\ts9\tin/s9.fa", "gone\ts3\tin/s3.fa"];
    assert_eq!(plan(&bench, &["in"]), told);
    bench.write("kept.fa", text(3));
    bench.succeed(&["sync", "x.agc", "in"]);
    let mut expected = vec![
        ("s0", "in/s0.fa"),
        ("s1", "in/s1.fa"),
        ("s2", "in/s2.fa"),
        ("s3", "kept.fa"),
        ("s9", "in/s9.fa"),
    ];
    assert_holds(&bench, &expected);
    assert_eq!(plan(&bench, &["in"]), ["gone\ts3\tin/s3.fa"]);
    assert_eq!(plan(&bench, &["--delete", "in"]), ["removed\ts3\tin/s3.fa"]);
    bench.succeed(&["sync", "--delete", "x.agc", "in"]);
    expected.remove(3);
    assert_holds(&bench, &expected);
    assert_eq!(plan(&bench, &["--delete", "in"]), Vec::<String>::new());
}

#[test]
fn all_samples_may_change_at_once() {
    let bench = bench(2);
    bench.write("in/s0.fa", text(5));
    bench.write("in/s1.fa", text(6));
    bench.succeed(&["sync", "x.agc", "in"]);
    assert_holds(&bench, &[("s0", "in/s0.fa"), ("s1", "in/s1.fa")]);
    bench.write("other/t.fa", text(3));
    bench.succeed(&["sync", "--delete", "x.agc", "other"]);
    assert_holds(&bench, &[("t", "other/t.fa")]);
}

#[test]
fn a_sample_is_known_by_its_name_and_what_its_file_holds() {
    let bench = bench(2);
    // Elsewhere, and packed.
    bench.write("moved/s0.fa.gz", gzip(text(0).as_bytes()));
    fs::rename(bench.path("in/s1.fa"), bench.path("moved/any.fa")).unwrap();
    let files = ["moved/s0.fa.gz", "s1=moved/any.fa"];
    assert_eq!(plan(&bench, &files), Vec::<String>::new());
    let told = ["new\tany\tmoved/any.fa", "gone\ts1\tin/s1.fa"];
    assert_eq!(plan(&bench, &["moved"]), told);
    // Packed, and another.
    bench.write("moved/s0.fa.gz", gzip(text(8).as_bytes()));
    assert_eq!(plan(&bench, &files), ["changed\ts0\tmoved/s0.fa.gz"]);
    bench.succeed(&[&["sync", "x.agc"], &files[..]].concat());
    bench.write("s0.fa", text(8));
    assert_holds(&bench, &[("s0", "s0.fa"), ("s1", "moved/any.fa")]);
    assert_eq!(plan(&bench, &files), Vec::<String>::new());
}

#[test]
fn sheets_name_samples_of_several_files() {
    let bench = Bench::new();
    bench.write("a1.fa", text(1));
    bench.write("a2.fa", ">other\nACGTACGTAC\n");
    bench.write("b.fa", text(2));
    bench.write("sheet.tsv", "a\ta1.fa\ta2.fa\nb.fa\n");
    bench.succeed(&["sync", "x.agc", "-i", "sheet.tsv"]);
    let whole = [text(1), ">other\nACGTACGTAC\n".to_owned()].concat();
    bench.write("whole.fa", &whole);
    assert_holds(&bench, &[("a", "whole.fa"), ("b", "b.fa")]);
    for args in [&["-i", "sheet.tsv"][..], &["a=whole.fa", "b.fa"]] {
        assert_eq!(plan(&bench, args), Vec::<String>::new(), "{args:?}");
    }
    bench.write("a2.fa", ">other\nACGTACGTAA\n");
    assert_eq!(plan(&bench, &["-i", "sheet.tsv"]), ["changed\ta\ta1.fa\ta2.fa"]);
    bench.succeed(&["sync", "x.agc", "-i", "sheet.tsv"]);
    bench.write("whole.fa", [text(1), ">other\nACGTACGTAA\n".to_owned()].concat());
    assert_holds(&bench, &[("a", "whole.fa"), ("b", "b.fa")]);
}

#[test]
fn fast_trusts_sizes_and_times_and_nothing_else_does() {
    let bench = bench(2);
    let time = fs::metadata(bench.path("in/s0.fa")).unwrap().modified().unwrap();
    // As long as it was, and another.
    let other = text(0).replace("GATTACA", "GATTAGA");
    bench.write("in/s0.fa", &other);
    assert_eq!(plan(&bench, &["--fast", "in"]), ["changed\ts0\tin/s0.fa"]);
    let file = fs::File::options()
        .append(true)
        .open(bench.path("in/s0.fa"))
        .unwrap();
    file.set_modified(time).unwrap();
    assert_eq!(plan(&bench, &["--fast", "in"]), Vec::<String>::new());
    assert_eq!(plan(&bench, &["in"]), ["changed\ts0\tin/s0.fa"]);
    // Touched, and as it was: it is read.
    set_time(&bench, "in/s1.fa", 5);
    bench.write("in/s0.fa", text(0));
    assert_eq!(plan(&bench, &["--fast", "in"]), Vec::<String>::new());
    let json = bench
        .succeed(&["sync", "-n", "--json", "--fast", "x.agc", "in"])
        .0;
    let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
    let known = |place: usize| json["sync"]["samples"][place]["known_by"].clone();
    assert_eq!((known(0), known(1)), ("digest".into(), "digest".into()));
    assert_eq!(json["sync"]["counts"]["unchanged"], 2);
}

#[test]
fn archives_that_tell_nothing_of_files_are_compared_by_what_they_hold() {
    for (made, case_counts) in [
        (&["-d"][..], true),
        (&["-d", "--fold"], false),
        (&["-d", "--keep", "case"], true),
    ] {
        let bench = Bench::new();
        bench.write("in/s0.fa", text(0));
        bench.write("in/s1.fa", text(1));
        let args = [&["create", "-o", "x.agc"], made, &["in/s0.fa", "in/s1.fa"]].concat();
        bench.succeed(&args);
        assert_eq!(plan(&bench, &["in"]), Vec::<String>::new(), "{made:?}");
        // Other lines, and letters of another case: that matters where they are kept.
        let lower = text(1).replace("GATTACA", "gattaca\n");
        bench.write("in/s1.fa", &lower);
        let told: &[&str] = if case_counts {
            &["changed\ts1\tin/s1.fa"]
        } else {
            &[]
        };
        assert_eq!(plan(&bench, &["in"]), told, "{made:?}");
        bench.write("in/s1.fa", text(1).replace("GATTACA", "GATTAGA"));
        assert_eq!(plan(&bench, &["in"]), ["changed\ts1\tin/s1.fa"], "{made:?}");
        bench.write("in/s1.fa", text(1).replace(">own", ">mine"));
        assert_eq!(plan(&bench, &["in"]), ["changed\ts1\tin/s1.fa"], "{made:?}");
    }
}

#[test]
fn what_cannot_be_read_leaves_the_archive_as_it_was() {
    let bench = bench(2);
    bench.write("in/s0.fa", text(4));
    let before = (identity(&bench), fs::read(bench.path("x.agc")).unwrap());
    bench.write("bad.fa", "no FASTA\n");
    let cut = gzip(text(1).as_bytes());
    bench.write("cut/s1.fa.gz", &cut[..cut.len() / 2]);
    bench.write("empty/notes.txt", "");
    for (args, why) in [
        (&["in", "bad.fa"][..], "bad.fa"),
        (&["in", "absent.fa"], "absent.fa"),
        (&["in/s0.fa", "cut/s1.fa.gz"], "cut/s1.fa.gz"),
        (&["in", "s1=in/s0.fa"], "s1"),
        (&["empty"], "empty"),
    ] {
        let message = bench.fail(1, &[&["sync", "x.agc"], args].concat());
        assert!(
            message.starts_with("ragc: error: ") && message.contains(why),
            "{message}"
        );
        let now = (identity(&bench), fs::read(bench.path("x.agc")).unwrap());
        assert!(now == before, "{args:?}");
    }
    let help = String::from_utf8(bench.succeed(&["sync", "--help"]).0).unwrap();
    let refused = [
        "-c",
        "--pansn",
        "--skip-bad-files",
        "--rename-duplicates",
        "--skip-duplicates",
    ];
    for option in refused {
        let message = bench.fail(2, &["sync", option, "x.agc", "in"]);
        assert!(message.contains(option), "{message}");
        assert!(
            !help.contains(&format!("{option} ")) && !help.contains(&format!("{option}\n")),
            "{help}"
        );
    }
    assert!(help.contains("--any-residues\n"), "{help}");
}

#[test]
fn bytes_do_not_depend_on_threads_or_time() {
    let archives = ["1", "3"].map(|threads| {
        let bench = Bench::new();
        let sync = |args: &[&str]| {
            let mut command = bench.command(&[&["sync", "-t", threads, "x.agc"], args].concat());
            let output = command.env("SOURCE_DATE_EPOCH", "1700000000").output_in_time();
            assert!(output.status.success(), "{output:?}");
        };
        for number in 0..5 {
            bench.write(&format!("in/s{number}.fa"), text(number));
        }
        sync(&["in"]);
        bench.write("in/s2.fa", text(8));
        bench.write("in/s6.fa", text(6));
        fs::remove_file(bench.path("in/s4.fa")).unwrap();
        sync(&["--delete", "in"]);
        let told = bench.succeed(&["listset", "--tsv", "x.agc"]).0;
        let told = String::from_utf8(told).unwrap();
        assert_eq!(told.matches("2023-11-14T22:13:20Z").count(), 5, "{told}");
        fs::read(bench.path("x.agc")).unwrap()
    });
    assert!(archives[0] == archives[1]);
}
