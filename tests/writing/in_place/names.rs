//! Names of samples and contigs that are changed in place.

use std::fs;

use super::{bench, bytes, listed};
use crate::bench::Bench;
use crate::bench::golden::golden_archive;

#[test]
fn names_are_changed_behind_the_old_end() {
    let bench = bench();
    bench.succeed(&["append", "--in-place", "x.agc", "b.fa"]);
    let (before, files) = (bytes(&bench), bench.files());
    bench.succeed(&["rename", "--in-place", "x.agc", "b=new"]);
    bench.succeed(&["rename", "--in-place", "--contigs-of", "new", "x.agc", "x=y"]);
    assert!(bytes(&bench).starts_with(&before));
    assert_eq!(bench.files(), files);
    assert_eq!(listed(&bench), "a\nnew\n");
    assert_eq!(
        bench.succeed(&["getset", "x.agc", "new"]).0,
        b">y\nACGGACGTTGCA\n"
    );
    assert_eq!(bench.succeed(&["getset", "x.agc", "a"]).0, b">x\nACGTACGTTGCA\n");
    bench.succeed(&["verify", "x.agc"]);
    for (state, names) in [("2", "a\nb\n"), ("3", "a\nnew\n")] {
        assert_eq!(
            bench.succeed(&["listset", "--at", state, "x.agc"]).0,
            names.as_bytes()
        );
    }
    bench.succeed(&["append", "--in-place", "x.agc", "b.fa", "c.fa"]);
    assert_eq!(listed(&bench), "a\nb\nc\nnew\n");
    bench.succeed(&["verify", "x.agc"]);
    for _ in 0..3 {
        bench.succeed(&["undo", "x.agc"]);
    }
    assert!(bytes(&bench) == before);
    for names in ["b=a", "nobody=c", "b=", "b=two\nlines"] {
        bench.fail(1, &["rename", "--in-place", "x.agc", names]);
        assert!(bytes(&bench) == before, "{names}");
        assert_eq!(bench.files(), files);
    }
    for option in [&["--verify"][..], &["-o", "y.agc"], &["--force"]] {
        bench.fail(
            2,
            &[&["rename", "--in-place"][..], option, &["x.agc", "b=c"]].concat(),
        );
    }
}

#[test]
fn archives_of_other_versions_are_not_renamed_in_place() {
    let folder = golden_archive("");
    let bench = bench();
    let mut n_refused = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let archive = fs::read(entry.unwrap().path()).unwrap();
        bench.write("x.agc", &archive);
        let Some(sample) = listed_first(&bench) else {
            continue;
        };
        let other = format!("{sample}=renamed");
        let anew = bench.run(&["rename", "--force", "-o", "y.agc", "x.agc", &other]);
        let in_place = bench.run(&["rename", "--in-place", "x.agc", &other]);
        if !in_place.status.success() {
            assert!(bytes(&bench) == archive);
            let told = String::from_utf8(in_place.stderr).unwrap();
            n_refused += usize::from(told.contains("only those of version 3"));
            continue;
        }
        assert!(anew.status.success() && bytes(&bench).starts_with(&archive));
        bench.succeed(&["verify", "x.agc"]);
        let content = |name| bench.succeed(&["getcol", name]).0;
        assert!(content("x.agc") == content("y.agc"));
        assert_eq!(
            bench.succeed(&["listset", "x.agc"]),
            bench.succeed(&["listset", "y.agc"])
        );
    }
    assert!(n_refused > 1, "{n_refused}");
}

/// The first sample of an archive that can be listed.
fn listed_first(bench: &Bench) -> Option<String> {
    let output = bench.run(&["listset", "x.agc"]);
    let text = String::from_utf8(output.stdout).ok()?;
    text.lines().next().map(str::to_owned)
}
