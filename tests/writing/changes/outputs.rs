//! Where the new archive goes, and what is told of a place that does not take it.

use std::fs;
use std::path::Path;

use super::bench_with_archive;
use crate::bench::{Bench, random_bases};

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
