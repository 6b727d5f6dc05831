//! What is new goes behind the end of the file, where it can, and where there is something new.

use std::fs;
use std::os::unix::fs::MetadataExt;

use super::{bench, bytes, has_journal, has_journals, listed};
use crate::bench::golden::golden_archive;

#[test]
fn what_is_new_goes_behind_the_old_end() {
    let bench = bench();
    let before = bytes(&bench);
    let inode = fs::metadata(bench.path("x.agc")).unwrap().ino();
    for args in [
        &["append", "--in-place", "x.agc", "b.fa"][..],
        &["append", "-o", "x.agc", "x.agc", "c.fa"],
    ] {
        bench.succeed(args);
        assert!(bytes(&bench).starts_with(&before), "{args:?}");
        assert!(!has_journal(&bench));
    }
    assert_eq!(listed(&bench), "a\nb\nc\n");
    bench.succeed(&["verify", "x.agc"]);
    for name in ["a", "b", "c"] {
        let (text, _) = bench.succeed(&["getset", "x.agc", name]);
        assert_eq!(text, fs::read(bench.path(&format!("{name}.fa"))).unwrap());
    }
    if has_journals(&bench) {
        assert_eq!(fs::metadata(bench.path("x.agc")).unwrap().ino(), inode);
    }
}

#[test]
fn rewriting_gives_the_archive_that_a_new_file_would_be() {
    let bench = bench();
    bench.succeed(&["append", "-o", "new.agc", "x.agc", "b.fa"]);
    bench.succeed(&["append", "--rewrite", "-o", "x.agc", "x.agc", "b.fa"]);
    assert_eq!(bytes(&bench), fs::read(bench.path("new.agc")).unwrap());
    let error = bench.fail(1, &["append", "--in-place", "x.agc", "b.fa"]);
    assert!(error.contains("is in the archive already"), "{error}");
    assert_eq!(bytes(&bench), fs::read(bench.path("new.agc")).unwrap());
}

#[test]
fn archives_of_agc_are_changed_in_place() {
    let folder = golden_archive("");
    let bench = bench();
    let mut n_changed = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let archive = fs::read(entry.unwrap().path()).unwrap();
        bench.write("x.agc", &archive);
        let before = bench.run(&["getcol", "x.agc"]);
        let appended = bench.run(&[
            "append",
            "--in-place",
            "x.agc",
            "in-place-b=b.fa",
            "in-place-c=c.fa",
        ]);
        if !appended.status.success() {
            // Another version, or damaged.
            assert!(bytes(&bench) == archive);
            continue;
        }
        n_changed += 1;
        assert!(bytes(&bench).starts_with(&archive));
        bench.succeed(&["verify", "x.agc"]);
        let after = bench.succeed(&["getcol", "x.agc"]).0;
        assert!(before.status.success() && after.starts_with(&before.stdout));
        assert!(after.ends_with(&fs::read(bench.path("c.fa")).unwrap()));
        bench.succeed(&["undo", "x.agc"]);
        assert!(bytes(&bench) == archive);
    }
    assert!(n_changed > 3, "{n_changed}");
}

/// A journal is beside one of the names, so who reads by another would see half of a change.
#[test]
fn a_file_with_several_names_is_written_anew() {
    let bench = bench();
    if !has_journals(&bench) {
        return;
    }
    let before = bytes(&bench);
    fs::hard_link(bench.path("x.agc"), bench.path("y.agc")).unwrap();
    for args in [
        &["append", "--in-place", "x.agc", "b.fa"][..],
        &["rename", "--in-place", "x.agc", "a=b"],
    ] {
        let told = bench.fail(1, args);
        assert!(told.contains("hard links"), "{told}");
        assert!(bytes(&bench) == before);
    }
    bench.succeed(&["append", "-o", "x.agc", "x.agc", "b.fa"]);
    assert_eq!(listed(&bench), "a\nb\n");
    assert!(fs::read(bench.path("y.agc")).unwrap() == before);
    bench.succeed(&["append", "--in-place", "x.agc", "c.fa"]);
    assert_eq!(listed(&bench), "a\nb\nc\n");
    fs::remove_file(bench.path("y.agc")).unwrap();
    fs::hard_link(bench.path("x.agc"), bench.path("y.agc")).unwrap();
    let before = bytes(&bench);
    bench.write("d.fa", ">x\nACGGTCGTTGCC\n");
    bench.succeed(&["sync", "x.agc", "d.fa"]);
    assert_eq!(listed(&bench), "a\nb\nc\nd\n");
    assert!(fs::read(bench.path("y.agc")).unwrap() == before);
}

#[test]
fn where_nothing_is_to_be_changed_nothing_is_written() {
    let bench = bench();
    bench.write("described.fa", ">x of a sample\nACGGTCGTTGCA\n");
    bench.succeed(&["append", "--in-place", "x.agc", "described.fa"]);
    bench.write("none.txt", "");
    let identity = || {
        let file = fs::metadata(bench.path("x.agc")).unwrap();
        (file.ino(), file.mtime(), file.mtime_nsec())
    };
    let (before, told_before, files) = (bytes(&bench), identity(), bench.files());
    for args in [
        &["rename", "--in-place", "x.agc", "a=a"][..],
        &["rename", "--in-place", "x.agc", "a=a", "described=described"],
        &[
            "rename",
            "--in-place",
            "--contigs-of",
            "described",
            "x.agc",
            "x=x",
        ],
        &["rename", "x.agc", "a=a"],
        &["rename", "-o", "x.agc", "x.agc", "a=a"],
        &["remove", "x.agc", "--samples-from", "none.txt"],
    ] {
        let (_, told) = bench.succeed(args);
        assert!(told.contains("nothing was written"), "{args:?}: {told}");
        assert!(bytes(&bench) == before && identity() == told_before, "{args:?}");
        assert_eq!(bench.files(), files);
    }
    for args in [
        &["rename", "--in-place", "x.agc", "a=a", "a=a"][..],
        &["append", "--in-place", "x.agc", "-i", "none.txt"],
        &["subset", "x.agc", "--samples-from", "none.txt"],
        &["replace", "x.agc", "-i", "none.txt"],
        &["sync", "x.agc", "-i", "none.txt"],
    ] {
        bench.fail(1, args);
        assert!(bytes(&bench) == before && identity() == told_before, "{args:?}");
    }
    // A new archive is made in any case.
    bench.succeed(&["rename", "-o", "y.agc", "x.agc", "a=a"]);
    assert_eq!(bench.succeed(&["listset", "y.agc"]).0, b"a\ndescribed\n");
    bench.succeed(&[
        "rename",
        "--in-place",
        "--contigs-of",
        "described",
        "x.agc",
        "x of a sample=x",
    ]);
    assert!(bytes(&bench).len() > before.len());
}

#[test]
fn info_tells_what_was_replaced_and_repack_gives_it_back() {
    let bench = bench();
    let info = || {
        let json = bench.succeed(&["info", "--json", "x.agc"]).0;
        let info: serde_json::Value = serde_json::from_slice(&json).unwrap();
        let tell = |field: &str| info["archive"][field].as_u64().unwrap();
        (tell("n_bytes"), tell("n_replaced_bytes"))
    };
    assert_eq!(info().1, 0);
    let mut replaced = vec![0];
    for file in ["b.fa", "c.fa"] {
        bench.succeed(&["append", "--in-place", "-d", "x.agc", file]);
        replaced.push(info().1);
    }
    bench.succeed(&["rename", "--in-place", "-d", "x.agc", "a=e"]);
    let (n_bytes, most) = info();
    replaced.push(most);
    // Footers and small streams at least.
    assert!(
        replaced.windows(2).all(|pair| pair[0] + 200 < pair[1]),
        "{replaced:?}"
    );
    let text = String::from_utf8(bench.succeed(&["info", "x.agc"]).0).unwrap();
    assert!(text.contains(&format!("Replaced in it   : {most}\n")), "{text}");
    bench.succeed(&["repack", "-d", "x.agc"]);
    let (len, none) = info();
    assert_eq!(none, 0);
    // What leads to the state before goes with it.
    let rest = n_bytes - most;
    assert!(len <= rest && rest < len + 100, "{len} {rest}");
}
