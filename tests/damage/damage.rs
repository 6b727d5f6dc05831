//! A damaged archive is an error: no panic, no hang, no more memory than its bytes account for.

use std::fs;

use ragc_core::extract::{SampleSink, Spelling};
use ragc_core::{Archive, Result};

use crate::bench::golden::golden_archive;

fn archive(name: &str) -> Vec<u8> {
    fs::read(golden_archive(name)).unwrap()
}

struct Ignore;

impl SampleSink for Ignore {
    fn letters(&mut self, _letters: &[u8]) -> Result<()> {
        Ok(())
    }
}

/// Asks for everything; the first error ends it.
fn extract_everything(bytes: Vec<u8>, n_threads: usize) -> Result<()> {
    let opened = Archive::from_reader(bytes)?;
    let samples = opened.samples()?;
    for sample in samples.iter() {
        for contig in opened.contigs(sample)?.iter() {
            opened.contig_len(sample, contig)?;
            opened.contig(sample, contig)?;
            opened.region(sample, contig, 30..140)?;
        }
    }
    let all: Vec<usize> = (0..samples.len()).collect();
    opened.stream_samples(&all, Spelling::Cased, n_threads, &mut Ignore)
}

#[test]
fn every_prefix_of_an_archive_is_an_error() {
    let bytes = archive("tiny.agc");
    assert_eq!(bytes.len(), 1250);
    extract_everything(bytes.clone(), 2).unwrap();
    for end in 0..bytes.len() {
        assert!(extract_everything(bytes[..end].to_vec(), 1).is_err(), "{end}");
    }
}

#[test]
fn a_changed_byte_is_an_error_or_at_least_no_panic() {
    let bytes = archive("tiny.agc");
    let mut n_errors = 0;
    for place in 0..bytes.len() {
        for change in [0x01, 0x02, 0x10, 0x80, 0xFF] {
            let mut damaged = bytes.clone();
            damaged[place] ^= change;
            n_errors += usize::from(extract_everything(damaged, 1).is_err());
        }
    }
    // The format has no checksums, so some changes go unnoticed, but most do not.
    assert!(n_errors > bytes.len() * 5 / 2, "{n_errors}");
}

#[test]
fn changed_bytes_in_a_larger_archive_are_no_panic_on_threads() {
    let bytes = archive("v3_two.agc");
    for place in (0..bytes.len()).step_by(251) {
        let mut damaged = bytes.clone();
        damaged[place] ^= 0x5A;
        let _ = extract_everything(damaged, 2);
    }
}

#[test]
fn what_is_no_archive_is_an_error() {
    for bytes in [&b""[..], b"x", b">chr1\nACGTACGTACGT\n", &[0; 100], &[0xFF; 100]] {
        assert!(Archive::from_reader(bytes.to_vec()).is_err());
    }
}
