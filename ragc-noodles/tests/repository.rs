//! Repositories of noodles over archives.

use std::io::ErrorKind;
use std::sync::Arc;
use std::thread;

use noodles_fasta::{Repository, io::Reader};
use ragc_core::Archive;
use ragc_core::compress::{CreateOptions, Input};
use ragc_core::extract::Spelling;
use ragc_core::{Keep, observe::Silent};
use ragc_noodles::ArchiveAdapter;

#[path = "../../tests/bench/deadline.rs"]
#[allow(dead_code, reason = "other tests wait for more")]
mod deadline;

use deadline::in_time;

/// `x` and `x#y`, which have contigs that are both `x#y#z`, and `s`.
fn archive_bytes() -> Vec<u8> {
    let inputs = [
        ("s", ">c1 first\nACGTnnacgt\n>c2\nAC-GT\n>only\nTTTT\n"),
        ("x", ">c1\nAAAA\n>y#z\nCCCC\n"),
        ("x#y", ">z\nGGGG\n>c#d\nGGTT\n"),
    ];
    let inputs = inputs.map(|(name, text)| Input::bytes(name, text.as_bytes()));
    let options = CreateOptions::default();
    let rules = options.rules.with_keep(Keep::ALL).with_any_residues(true);
    let mut bytes = Vec::new();
    options
        .with_rules(rules)
        .create(&inputs, &mut bytes, Arc::new(Silent))
        .unwrap();
    bytes
}

fn archive() -> Arc<Archive> {
    Arc::new(Archive::from_reader(archive_bytes()).unwrap())
}

fn letters(repository: &Repository, name: &str) -> Option<String> {
    let sequence = repository.get(name.as_bytes())?.unwrap();
    Some(String::from_utf8((*sequence).as_ref().to_vec()).unwrap())
}

#[test]
fn contigs_are_found_with_and_without_their_samples() {
    let all = Repository::new(ArchiveAdapter::new(archive()));
    for (name, expected) in [
        ("s#c1", "ACGTNNACGT"),
        ("s#c2", "AC-GT"),
        ("x#c1", "AAAA"),
        ("only", "TTTT"),
        ("x#y#c#d", "GGTT"),
        ("y#z", "CCCC"),
    ] {
        assert_eq!(letters(&all, name).as_deref(), Some(expected), "{name}");
    }
    for name in ["", "#", "s#", "s", "absent", "s#absent", "s#c1#c1"] {
        assert_eq!(letters(&all, name), None, "{name}");
    }
    // In two samples, and in two readings.
    for name in ["c1", "x#y#z"] {
        let error = all.get(name.as_bytes()).unwrap().unwrap_err();
        assert!(error.to_string().contains(name), "{error}");
    }
    let one = ArchiveAdapter::of_sample(archive(), "x").unwrap();
    let one = Repository::new(one.with_spelling(Spelling::Cased));
    assert_eq!(letters(&one, "c1").as_deref(), Some("AAAA"));
    assert_eq!(letters(&one, "only"), None);
    assert!(ArchiveAdapter::of_sample(archive(), "absent").is_err());
    let cased = ArchiveAdapter::of_sample(archive(), "s").unwrap();
    let cased = Repository::new(cased.with_spelling(Spelling::Cased));
    assert_eq!(letters(&cased, "c1").as_deref(), Some("ACGTnnacgt"));
}

#[test]
fn sequences_are_those_that_noodles_reads_from_the_text_on_all_threads() {
    in_time("all threads have read", || {
        let archive = archive();
        let repository = Repository::new(ArchiveAdapter::of_sample(Arc::clone(&archive), "s").unwrap());
        let mut text = Vec::new();
        archive.write_sample("s", &mut text, 3).unwrap();
        let records: Vec<_> = Reader::new(text.as_slice())
            .records()
            .collect::<Result<_, _>>()
            .unwrap();
        assert_eq!(records.len(), 3);
        thread::scope(|scope| {
            for _ in 0..4 {
                let (repository, records) = (repository.clone(), &records);
                scope.spawn(move || {
                    for record in records {
                        let sequence = repository.get(record.name()).unwrap().unwrap();
                        assert_eq!(&*sequence, record.sequence());
                    }
                });
            }
        });
    });
}

#[test]
fn damage_is_an_error_and_not_an_absent_sequence() {
    let whole = archive_bytes();
    let mut n_errors = 0;
    // What stands before names and footer holds the sequences.
    for place in 0..whole.len() / 3 {
        let mut damaged = whole.clone();
        damaged[place] ^= 1;
        let Ok(archive) = Archive::from_reader(damaged) else {
            continue;
        };
        let repository = Repository::new(ArchiveAdapter::new(Arc::new(archive)));
        match repository.get(b"s#c1") {
            Some(Ok(sequence)) => assert_eq!((*sequence).as_ref(), b"ACGTNNACGT"),
            Some(Err(error)) => {
                assert_eq!(error.kind(), ErrorKind::InvalidData, "{error}");
                n_errors += 1;
            }
            None => panic!("{place}: told to be absent"),
        }
    }
    assert!(n_errors > 0);
}
