//! What fails leaves the old archive; what is done leaves no earlier state.

use std::fs;
use std::process::Output;

use super::{bench_with_archive, samples};
use crate::bench::golden::golden_fasta;

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
