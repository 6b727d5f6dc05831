//! Contigs that are stored as they are, and repeat themselves or each other on the other strand.

use ragc_core::compress::{AppendOptions, CreateOptions, Input};
use ragc_core::observe::Silent;
use ragc_core::{Archive, Error};
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use tempfile::TempDir;

const N_GENOMES: u64 = 8;

fn mix(seed: u64) -> u64 {
    let x = (seed ^ (seed >> 31)).wrapping_mul(0x7fb5_d329_728e_a185);
    let x = (x ^ (x >> 27)).wrapping_mul(0x81da_def4_bc2d_d44d);
    x ^ (x >> 33)
}

fn random(part: u64, len: u64) -> Vec<u8> {
    (0..len)
        .map(|i| b"ACGT"[mix(part << 40 | i) as usize % 4])
        .collect()
}

/// One base in 40 is another, and some are ambiguous.
fn varied(text: Vec<u8>, genome: u64) -> Vec<u8> {
    let vary = |(i, letter): (usize, u8)| match mix(genome << 32 | i as u64) % 400 {
        0 => b'N',
        1..10 => b"ACGT"[i % 4],
        _ => letter,
    };
    text.into_iter().enumerate().map(vary).collect()
}

fn turned(text: &[u8]) -> Vec<u8> {
    let complement = |letter: &u8| match letter {
        b'A' => b'T',
        b'C' => b'G',
        b'G' => b'C',
        b'T' => b'A',
        other => *other,
    };
    text.iter().rev().map(complement).collect()
}

/// As a chloroplast: two unique parts, the shorter of which lies either way round, between two copies of one sequence.
fn plastid(genome: u64, has_both_copies: bool) -> Vec<u8> {
    let long = varied(random(1, 4_800), genome);
    let repeat = varied(random(2, 3_200), genome);
    let short = varied(random(3, 1_600), genome);
    let short = if genome % 2 == 1 { turned(&short) } else { short };
    let copy = if has_both_copies {
        turned(&repeat)
    } else {
        Vec::new()
    };
    [long, repeat, short, copy].concat()
}

fn write(dir: &TempDir, name: &str, genomes: impl Fn(u64) -> Vec<u8>) -> Vec<PathBuf> {
    let write = |genome| {
        let path = dir.path().join(format!("{name}{genome}.fa"));
        fs::write(&path, [b">c\n", &genomes(genome)[..], b"\n"].concat()).unwrap();
        path
    };
    (0..N_GENOMES).map(write).collect()
}

fn inputs(paths: &[PathBuf]) -> Vec<Input> {
    paths.iter().map(Input::file).collect()
}

fn archive(paths: &[PathBuf], n_threads: usize) -> Result<(Vec<u8>, u64), Error> {
    let options = CreateOptions::default()
        .with_raw_contigs(Some(true))
        .with_threads(n_threads);
    let mut bytes = Vec::new();
    let summary = options.create(&inputs(paths), &mut bytes, Arc::new(Silent))?;
    Ok((bytes, summary.n_segments))
}

#[track_caller]
fn check(bytes: Vec<u8>) {
    let archive = Archive::from_reader(bytes).unwrap();
    assert!(archive.verify(2, &Silent).is_intact());
    for genome in 0..N_GENOMES {
        let (name, text) = (format!("p{genome}"), plastid(genome, true));
        assert_eq!(archive.contig(&name, "c").unwrap(), text);
        for i in 0..40 {
            let start = mix(genome << 8 | i) % text.len() as u64;
            let end = (start + mix(i) % 4_000).min(text.len() as u64);
            let region = archive.region(&name, "c", start..end).unwrap();
            assert_eq!(region, text[start as usize..end as usize]);
        }
    }
}

#[test]
fn an_inverted_repeat_is_stored_once() {
    let dir = tempfile::tempdir().unwrap();
    let (with, n_segments) = archive(&write(&dir, "p", |genome| plastid(genome, true)), 2).unwrap();
    let (without, _) = archive(&write(&dir, "half", |genome| plastid(genome, false)), 2).unwrap();
    // The second copy is a third of each genome.
    assert!(
        with.len() * 10 < without.len() * 11,
        "{} {}",
        with.len(),
        without.len()
    );
    assert!(n_segments > N_GENOMES, "{n_segments}");
    check(with);
}

#[test]
fn the_strand_of_what_is_appended_is_found_in_open_packs() {
    let dir = tempfile::tempdir().unwrap();
    let paths = write(&dir, "p", |genome| plastid(genome, true));
    let (all, _) = archive(&paths, 1).unwrap();
    assert!(archive(&paths, 3).unwrap().0 == all, "whatever the threads");
    let (half, _) = archive(&paths[..4], 2).unwrap();
    let mut appended = Vec::new();
    let existing = Archive::from_reader(half).unwrap();
    AppendOptions::default()
        .append(&existing, &inputs(&paths[4..]), &mut appended, Arc::new(Silent))
        .unwrap();
    assert!(
        appended.len() * 100 < all.len() * 103,
        "{} {}",
        appended.len(),
        all.len()
    );
    check(appended);
}
