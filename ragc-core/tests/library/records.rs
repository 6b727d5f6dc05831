//! Records and readers that own their archive.

use std::io::Read;
use std::sync::Arc;

use ragc_core::extract::{ContigId, Record, Spelling};
use ragc_core::{Archive, Result};

use crate::deadline::in_time;

fn golden(name: &str) -> Arc<Archive> {
    let path = format!("{}/../data/golden/archives/{name}", env!("CARGO_MANIFEST_DIR"));
    Arc::new(Archive::open(path).unwrap())
}

/// All contigs of a sample, by queries.
fn queried(archive: &Archive, sample: usize) -> Vec<(ContigId, Vec<u8>, Vec<u8>)> {
    let names = archive.names_of(sample).unwrap();
    let contig = |(contig, name): (usize, &[u8])| {
        let id = ContigId { sample, contig };
        (
            id,
            name.to_vec(),
            archive.contig_letters(id, Spelling::Cased).unwrap(),
        )
    };
    names.iter().enumerate().map(contig).collect()
}

#[test]
fn records_are_the_contigs_of_samples_on_any_number_of_threads() {
    in_time("the threads end", || {
        for name in ["v3_s500_b3.agc", "old_v1.0_s500.agc", "tiny.agc"] {
            let archive = golden(name);
            let samples: Vec<usize> = (0..archive.samples().unwrap().len()).rev().chain([0]).collect();
            let expected: Vec<_> = samples
                .iter()
                .flat_map(|sample| queried(&archive, *sample))
                .collect();
            for n_threads in [1, 2, 5] {
                let records = archive.records(&samples, Spelling::Cased, n_threads);
                let records: Result<Vec<Record>> = records.collect();
                let records: Vec<_> = records
                    .unwrap()
                    .into_iter()
                    .map(|record| (record.id, record.name, record.letters))
                    .collect();
                assert!(records == expected, "{name} {n_threads}");
            }
        }
    });
}

#[test]
fn dropping_records_ends_their_work() {
    in_time("the threads end", || {
        let archive = golden("v3_s500_b3.agc");
        // More letters than wait for who takes them, so that threads are left in the middle.
        let samples: Vec<usize> = (0..archive.samples().unwrap().len()).cycle().take(2000).collect();
        for (n_threads, n_taken) in [(1, 3), (3, 0), (3, 3)] {
            let mut records = archive.records(&samples, Spelling::Residues, n_threads);
            for _ in 0..n_taken {
                records.next().unwrap().unwrap();
            }
            drop(records);
            assert_eq!(Arc::strong_count(&archive), 1, "nobody else holds the archive");
        }
    });
}

#[test]
fn records_end_with_the_first_error() {
    in_time("the threads end", || {
        let archive = golden("tiny.agc");
        for n_threads in [1, 3] {
            let mut records = archive.records(&[1, 99], Spelling::Residues, n_threads);
            let error = records.by_ref().find_map(Result::err).unwrap();
            assert!(error.to_string().contains("#99"), "{error}");
            assert!(records.next().is_none());
        }
    });
}

#[test]
fn readers_outlive_the_handle_that_made_them() {
    let archive = golden("tiny.agc");
    let id = archive.find_contig(Some(b"s"), "tiny").unwrap();
    let mut letters = archive.read_letters_shared(id, 1..3, Spelling::Residues).unwrap();
    let mut codes = archive.read_codes_shared(id, 0..u64::MAX).unwrap();
    drop(archive);
    let (mut text, mut symbols) = (String::new(), Vec::new());
    letters.read_to_string(&mut text).unwrap();
    codes.read_to_end(&mut symbols).unwrap();
    assert_eq!((&text[..], &symbols[..]), ("CG", &[0, 1, 2, 3, 4][..]));
}
