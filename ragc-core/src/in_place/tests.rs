//! Changes that are interrupted at any place.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use super::recovery::{Recovered, recover};
use super::undo::undo;
use super::*;
use crate::Archive;
use crate::compress::{AppendOptions, CreateOptions, Input};
use crate::error::Result;
use crate::journal;
use crate::observe::Silent;

const BLOCK_LEN: usize = 64;

/// An archive, and what goes behind its end when a sample is added.
fn archive_and_end() -> (Vec<u8>, Vec<u8>) {
    let [a, b] = ["ACGTACGTTGCA", "ACGTACGATGCAAA"].map(|sequence| format!(">x\n{}\n", sequence.repeat(20)));
    let mut old = Vec::new();
    let inputs = [Input::bytes("a", a.into_bytes())];
    CreateOptions::default()
        .create(&inputs, &mut old, Arc::new(Silent))
        .unwrap();
    let mut end = Vec::new();
    AppendOptions::default()
        .append_behind(
            &Archive::from_reader(old.clone()).unwrap(),
            &[Input::bytes("b", b.into_bytes())],
            &mut end,
            Arc::new(Silent),
        )
        .unwrap();
    (old, end)
}

fn n_samples(path: &Path) -> Result<usize> {
    Archive::open(path).and_then(|archive| Ok(archive.samples()?.len()))
}

/// What a power cut may leave: any of the bytes that were not synced, and of the others nothing, or zeros.
fn left_of(end: &[u8], n_bytes: usize, seed: u64) -> Vec<u8> {
    let mut left = end[..n_bytes].to_vec();
    for (i, block) in left.chunks_mut(BLOCK_LEN).enumerate() {
        if seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(i as u32) & 1 == 1 {
            block.fill(0);
        }
    }
    left
}

#[test]
fn whatever_a_power_cut_leaves_is_the_old_state_or_the_new_one() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.agc");
    let (old, end) = archive_and_end();
    let state = Archive::from_reader(old.clone()).unwrap().container().state();
    for (n_bytes, seed) in (0..=end.len()).step_by(7).zip(0..) {
        fs::write(&path, &old).unwrap();
        journal::begin(&path, state).unwrap();
        fs::write(&path, [&old[..], &left_of(&end, n_bytes, seed)].concat()).unwrap();
        assert_eq!(n_samples(&path).unwrap(), 1, "{n_bytes}");
        assert_eq!(recover(&path).unwrap(), Recovered::CutBack(n_bytes as u64));
        assert!(fs::read(&path).unwrap() == old && !journal::exists(&path).unwrap());
        assert_eq!(recover(&path).unwrap(), Recovered::Nothing);
    }
    // The journal goes when everything is there.
    fs::write(&path, [&old[..], &end].concat()).unwrap();
    assert_eq!(n_samples(&path).unwrap(), 2);
    assert_eq!(undo(&path).unwrap(), state);
    assert!(fs::read(&path).unwrap() == old);
    assert!(undo(&path).is_err());
}

#[test]
fn a_journal_that_was_never_complete_means_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.agc");
    let (old, _) = archive_and_end();
    fs::write(&path, &old).unwrap();
    let state = Archive::open(&path).unwrap().container().state();
    journal::begin(&path, state).unwrap();
    let journal = dir.path().join("x.agc.ragc-journal");
    let text = fs::read(&journal).unwrap();
    for end in 0..text.len() {
        fs::write(&journal, &text[..end]).unwrap();
        assert_eq!(n_samples(&path).unwrap(), 1);
        assert_eq!(recover(&path).unwrap(), Recovered::JournalOnly);
    }
    assert!(fs::read(&path).unwrap() == old);
}

/// Another program knows of no lock, and may write over the file without giving its name to a new one.
#[test]
fn what_another_program_writes_meanwhile_stays() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.agc");
    let (old, end) = archive_and_end();
    let [shorter, longer] = [b"short".to_vec(), vec![7; old.len() + end.len() + 100]];
    for other in [&shorter, &longer] {
        for n_written in [0, 100, end.len()] {
            fs::write(&path, &old).unwrap();
            let archive = Archive::open(&path).unwrap();
            let mut change = Change::begin(&path, &archive).unwrap();
            change.write_all(&end[..n_written]).unwrap();
            fs::write(&path, other).unwrap();
            let more = change.write_all(&end[n_written..]);
            assert_eq!(more.is_err(), n_written < end.len());
            let error = change.finish().unwrap_err().to_string();
            assert!(error.contains("another program has written"), "{error}");
            assert!(fs::read(&path).unwrap() == *other, "{n_written}");
            assert!(!journal::exists(&path).unwrap());
        }
    }
    // Over the old state, from its front: what was put behind it goes.
    fs::write(&path, &old).unwrap();
    let archive = Archive::open(&path).unwrap();
    let mut change = Change::begin(&path, &archive).unwrap();
    change.write_all(&end).unwrap();
    let other = vec![7; old.len()];
    let mut file = fs::File::options().write(true).open(&path).unwrap();
    file.write_all(&other).unwrap();
    assert!(change.finish().is_err());
    assert!(fs::read(&path).unwrap() == other && !journal::exists(&path).unwrap());
}

#[test]
fn a_change_that_is_dropped_leaves_the_file_as_it_was() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.agc");
    let (old, end) = archive_and_end();
    fs::write(&path, &old).unwrap();
    let archive = Archive::open(&path).unwrap();
    let mut change = Change::begin(&path, &archive).unwrap();
    assert!(Change::begin(&path, &archive).is_err(), "one is going on");
    change.write_all(&end[..100]).unwrap();
    assert_eq!(n_samples(&path).unwrap(), 1);
    drop(change);
    assert!(fs::read(&path).unwrap() == old && !journal::exists(&path).unwrap());

    let mut change = Change::begin(&path, &archive).unwrap();
    change.write_all(&end).unwrap();
    assert_eq!(n_samples(&path).unwrap(), 1);
    change.finish().unwrap();
    assert_eq!(n_samples(&path).unwrap(), 2);
    assert!(!journal::exists(&path).unwrap());
    assert_eq!(
        archive.samples().unwrap().len(),
        1,
        "who opened it before reads on"
    );
    let now = Archive::open(&path).unwrap();
    let mut change = Change::begin(&path, &now).unwrap();
    change.write_all(b"more").unwrap();
    let other = dir.path().join("other.agc");
    fs::write(&other, &old).unwrap();
    fs::rename(&other, &path).unwrap();
    let error = change.finish().unwrap_err().to_string();
    assert!(error.contains("another program"), "{error}");
    assert!(fs::read(&path).unwrap() == old && !journal::exists(&path).unwrap());
    fs::write(&path, [&old[..], &end].concat()).unwrap();
    assert!(Change::begin(&path, &archive).is_err(), "it is another file now");

    // The same footer at the same place tells nothing of what is in front of it.
    let before = Archive::open(&path).unwrap();
    fs::copy(&path, &other).unwrap();
    fs::rename(&other, &path).unwrap();
    let error = Change::begin(&path, &before).unwrap_err().to_string();
    assert!(error.contains("another program"), "{error}");
    Change::begin(&path, &Archive::open(&path).unwrap()).unwrap();
}
