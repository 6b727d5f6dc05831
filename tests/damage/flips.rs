//! Single flipped bits and cuts at random places: with checksums each is an error or the right answer, and `verify` finds
//! all of them; without, at least nothing panics. `scripts/flip-bits` does the same at length, with limits of time and
//! memory.

use std::fs;
use std::io;
use std::sync::Arc;

use ragc_core::compress::{CreateOptions, Input};
use ragc_core::internals::container::check_end;
use ragc_core::internals::streamable::make_streamable;
use ragc_core::observe::Silent;
use ragc_core::{Archive, OpenOptions, ReadAt, Result};

use crate::bench::golden::{golden_archive, golden_fasta};

/// Numbers that are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % n
    }
}

/// Damaged copies of an archive, and what was done to them.
fn damaged(bytes: &[u8], n_flips: usize, n_cuts: usize) -> impl Iterator<Item = (String, Vec<u8>)> {
    let mut numbers = Numbers(bytes.len() as u64);
    (0..n_flips + n_cuts).map(move |i| {
        if i < n_flips {
            let bit = numbers.below(bytes.len() * 8);
            let mut copy = bytes.to_vec();
            copy[bit / 8] ^= 1 << (bit % 8);
            (format!("bit {bit}"), copy)
        } else {
            let len = numbers.below(bytes.len());
            (format!("cut to {len}"), bytes[..len].to_vec())
        }
    })
}

/// All samples, each with its name.
fn extract(bytes: impl ReadAt + 'static) -> Result<Vec<u8>> {
    let archive = Archive::options()
        .cache_limit(OpenOptions::DEFAULT_CACHE_LIMIT)
        .open_source(bytes)?;
    let mut text = Vec::new();
    for name in archive.samples()?.iter() {
        text.extend_from_slice(name);
        text.push(b'\n');
        archive.write_sample(name, &mut text, 80)?;
    }
    Ok(text)
}

fn is_intact(bytes: Vec<u8>) -> Result<bool> {
    let archive = Archive::options()
        .cache_limit(OpenOptions::DEFAULT_CACHE_LIMIT)
        .open_source(bytes)?;
    Ok(archive.verify(1, &Silent).is_intact())
}

/// An archive with checksums.
fn archive() -> Vec<u8> {
    let inputs = ["ref", "a", "b", "c"].map(|name| Input::file(golden_fasta(&format!("{name}.fa"))));
    let options = CreateOptions::default()
        .with_segment_size(Some(500))
        .with_pack_cardinality(Some(3));
    let mut bytes = Vec::new();
    options.create(&inputs, &mut bytes, Arc::new(Silent)).unwrap();
    bytes
}

/// Bytes of which nobody has said yet that they are all.
struct Incoming(Vec<u8>);

impl ReadAt for Incoming {
    fn read_exact_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        self.0.read_exact_at(offset, buf)
    }

    fn len(&self) -> io::Result<u64> {
        ReadAt::len(&self.0)
    }

    fn is_complete(&self) -> bool {
        false
    }
}

#[test]
fn of_a_streamable_archive_that_is_coming_in_nothing_wrong_comes_out_either() {
    let archive = Archive::from_reader(archive()).unwrap();
    let mut bytes = Vec::new();
    make_streamable(&archive, &mut bytes).unwrap();
    let expected = extract(bytes.clone()).unwrap();
    assert!(is_intact(bytes.clone()).unwrap());
    assert!(extract(Incoming(bytes.clone())).unwrap() == expected);
    let mut n_errors = 0;
    for (what, copy) in damaged(&bytes, 150, 40) {
        let checked = extract(Incoming(copy.clone())).and_then(|text| check_end(&copy).map(|()| text));
        match checked {
            Ok(text) => assert!(text == expected, "{what}"),
            Err(_) => n_errors += 1,
        }
        assert!(!is_intact(copy).unwrap_or(false), "{what}");
    }
    assert!(n_errors > 130, "{n_errors}");
}

#[test]
fn with_checksums_nothing_wrong_comes_out_and_all_damage_is_found() {
    let bytes = archive();
    let expected = extract(bytes.clone()).unwrap();
    assert!(is_intact(bytes.clone()).unwrap());
    let mut n_errors = 0;
    for (what, copy) in damaged(&bytes, 150, 40) {
        match extract(copy.clone()) {
            Ok(text) => assert!(text == expected, "{what}"),
            Err(_) => n_errors += 1,
        }
        assert!(!is_intact(copy).unwrap_or(false), "{what}");
    }
    assert!(n_errors > 150, "{n_errors}");
}

#[test]
fn without_checksums_nothing_panics() {
    for name in [
        "tiny.agc",
        "v3_s500_b3.agc",
        "old_v2.1_b3.agc",
        "old_v1.1_b3.agc",
        "v3_concat.agc",
    ] {
        let bytes = fs::read(golden_archive(name)).unwrap();
        for (_, copy) in damaged(&bytes, 25, 5) {
            let _ = extract(copy.clone());
            let _ = is_intact(copy);
        }
    }
}
