//! Readers beside a writer, and from before it.

use std::fs;
use std::io::Write;
use std::os::unix::fs::MetadataExt;
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, Ordering};

use super::{bench, bytes, filled, has_journal, has_journals, listed};
use crate::bench::deadline::{EndInTime, in_time, until};
use crate::bench::{Bench, random_bases};
use crate::children::{open_files, send};

/// Names a folder on a file system that shares the blocks of files that are cloned (btrfs, XFS); `scripts/clone-test` makes one.
const CLONING_FOLDER: &str = "RAGC_CLONING_FOLDER";

#[test]
fn where_files_are_cloned_other_readers_see_the_old_state_too() {
    let Some(folder) = std::env::var_os(CLONING_FOLDER) else {
        eprintln!("{CLONING_FOLDER} names no folder: changes of clones are not tested");
        return;
    };
    let bench = filled(Bench::within(folder.as_ref()));
    assert!(
        !has_journals(&bench),
        "{CLONING_FOLDER}: files are not cloned there"
    );
    bench.succeed(&["append", "--in-place", "x.agc", "b.fa"]);
    let (before, files) = (bytes(&bench), bench.files());
    let inode = || fs::metadata(bench.path("x.agc")).unwrap().ino();
    for signal in ["-KILL", "-TERM"] {
        let mut command = bench.command(&["append", "--in-place", "x.agc", "late=-"]);
        let mut child = command
            .stdin(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // It holds the clone, which has no name, when it has opened a file of the folder to write it.
        let mut input = child.stdin.take().unwrap();
        input.write_all(b">x\nACGT\n").unwrap();
        until("the clone is there", || {
            let mut files = open_files(&child).into_iter();
            files.any(|file| file.to_string_lossy().ends_with("(deleted)"))
        });
        assert!(bytes(&bench) == before && !has_journal(&bench));
        send(signal, &child);
        child.status_in_time();
        drop(input);
        assert!(bytes(&bench) == before, "nothing is to be recovered");
    }
    let lock = bench.path(".ragc-x.agc.lock");
    assert!(
        bench
            .files()
            .iter()
            .all(|file| files.contains(file) || *file == lock)
    );
    let old = inode();
    bench.succeed(&["rename", "--in-place", "x.agc", "b=new"]);
    assert!(bytes(&bench).starts_with(&before) && inode() != old);
    assert_eq!(listed(&bench), "a\nnew\n");
    bench.succeed(&["verify", "x.agc"]);
    bench.succeed(&["undo", "x.agc"]);
    assert!(bytes(&bench) == before);
}

#[test]
fn ten_readers_beside_a_writer_see_one_state_or_the_other() {
    in_time("the readers end", || {
        let bench = bench();
        let text = fs::read(bench.path("a.fa")).unwrap();
        let is_done = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let reader = || {
                let mut n_seen = Vec::new();
                // Once more when all is written.
                loop {
                    let was_done = is_done.load(Ordering::SeqCst);
                    assert_eq!(bench.succeed(&["getset", "x.agc", "a"]).0, text);
                    n_seen.push(listed(&bench).lines().count());
                    if was_done {
                        return n_seen;
                    }
                }
            };
            let readers: Vec<_> = (0..10).map(|_| scope.spawn(reader)).collect();
            for n in 0..6 {
                bench.write(&format!("s{n}.fa"), format!(">x\n{}\n", random_bases(n, 3000)));
                bench.succeed(&["append", "--in-place", "x.agc", &format!("s{n}.fa")]);
            }
            bench.succeed(&["append", "--rewrite", "-o", "x.agc", "x.agc", "b.fa"]);
            is_done.store(true, Ordering::SeqCst);
            for reader in readers {
                let n_seen = reader.join().unwrap();
                assert!(n_seen.is_sorted() && n_seen.last() == Some(&8), "{n_seen:?}");
            }
        });
    });
}

#[test]
fn who_has_opened_an_archive_before_goes_on_reading_it() {
    let bench = bench();
    let opened = ragc_core::Archive::open(bench.path("x.agc")).unwrap();
    let text = || {
        let mut text = Vec::new();
        opened.write_sample("a", &mut text, 80).unwrap();
        (text, opened.samples().unwrap().len())
    };
    let before = text();
    for args in [
        &["append", "--in-place", "x.agc", "b.fa"][..],
        &["undo", "x.agc"],
        &["append", "--rewrite", "-o", "x.agc", "x.agc", "c.fa"],
        &["remove", "x.agc", "a"],
    ] {
        bench.succeed(args);
        assert_eq!(text(), before, "{args:?}");
    }
    assert_eq!(listed(&bench), "c\n");
}
