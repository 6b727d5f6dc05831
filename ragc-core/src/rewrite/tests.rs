//! Archives that are changed, beside a plain model of what they hold.

use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::Archive;
use crate::compress::{AppendOptions, CreateOptions, Input, InputRules, append, append_behind, create};
use crate::container::State;
use crate::error::ErrorKind;
use crate::extract::Spelling;
use crate::observe::Silent;

/// Where a contig begins in the genome, its length, its differences, and whether its header line has several words.
type MadeOf = (usize, usize, Vec<(usize, String, usize)>, bool);

/// A sample: its name, and its contigs with their header lines.
type Sample = (String, Vec<(String, String)>);

fn text(sample: &Sample) -> String {
    let record = |(name, sequence): &(String, String)| format!(">{name}\n{sequence}\n");
    sample.1.iter().map(record).collect()
}

fn archive(samples: &[Sample], options: &CreateOptions) -> Vec<u8> {
    let dir = tempfile::tempdir().unwrap();
    let inputs: Vec<Input> = samples
        .iter()
        .map(|sample| {
            let path = dir.path().join(format!("{}.fa", sample.0));
            std::fs::write(&path, text(sample)).unwrap();
            Input::file(&path)
        })
        .collect();
    let mut archive = Vec::new();
    create(&inputs, options, &mut archive, Arc::new(Silent)).unwrap();
    archive
}

fn open(archive: Vec<u8>) -> Archive {
    Archive::from_reader(archive).unwrap()
}

/// What an archive holds; it must be intact, and able to give all files back.
fn content(archive: Vec<u8>) -> Vec<Sample> {
    let archive = open(archive);
    let report = archive.verify(2, &Silent);
    assert!(report.is_intact(), "{report:?}");
    let names = archive.samples().unwrap();
    let sample = |(place, name): (usize, &[u8])| {
        let headers = archive.contigs(name).unwrap();
        let contig = |(contig, header): (usize, &[u8])| {
            let id = crate::extract::ContigId {
                sample: place,
                contig,
            };
            let letters = archive.contig_letters(id, Spelling::Cased).unwrap();
            (string(header), string(&letters))
        };
        let contigs: Vec<(String, String)> = headers.iter().enumerate().map(contig).collect();
        let sample = (string(name), contigs);
        let mut file = Vec::new();
        archive.write_original(place, 1, &mut file).unwrap();
        assert_eq!(string(&file), text(&sample));
        sample
    };
    names.iter().enumerate().map(sample).collect()
}

fn string(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// A collection of relatives: stretches of one random genome with differences, some in lower case or with residues that have no code.
fn samples() -> impl Strategy<Value = Vec<Sample>> {
    let edit = (0usize..3000, "[ACGTNacgtn]{0,40}", 0usize..30);
    let contig = (
        0usize..2000,
        0usize..1500,
        proptest::collection::vec(edit, 0..3),
        any::<bool>(),
    );
    let contigs = proptest::collection::vec(contig, 0..4);
    (proptest::collection::vec(contigs, 1..9), any::<u64>()).prop_map(|(samples, seed)| {
        let genome = genome(seed, 3500);
        let sample = |(number, contigs): (usize, Vec<_>)| {
            let contig = |(i, contig): (usize, MadeOf)| {
                let (from, len, edits, is_described) = contig;
                let mut sequence = genome[from..from + len].to_owned();
                for (at, new, n_old) in edits {
                    let at = at.min(sequence.len());
                    let end = (at + n_old).min(sequence.len());
                    sequence.replace_range(at..end, &new);
                }
                let rest = if is_described { " of a sample" } else { "" };
                (format!("c{i}{rest}"), sequence)
            };
            let mut contigs: Vec<(String, String)> = contigs.into_iter().enumerate().map(contig).collect();
            if number == 0 || contigs.is_empty() {
                contigs.push(("whole".to_owned(), genome.clone()));
            }
            // A last record without bases is taken for a file that was cut.
            contigs.push(("end".to_owned(), "ACGTTGCA".to_owned()));
            (format!("s{number}"), contigs)
        };
        samples.into_iter().enumerate().map(sample).collect()
    })
}

fn genome(seed: u64, len: usize) -> String {
    let mut state = seed | 1;
    let mut letter = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        char::from(b"ACGT"[(state >> 62) as usize])
    };
    (0..len).map(|_| letter()).collect()
}

fn options() -> impl Strategy<Value = CreateOptions> {
    let flags = (any::<bool>(), any::<bool>(), any::<bool>());
    (flags, 1u32..7, prop_oneof![Just(100), Just(400), Just(20_000)]).prop_map(
        |((raw, has_checksums, has_digests), pack_cardinality, segment_size)| CreateOptions {
            raw_contigs: Some(raw),
            segment_size: Some(segment_size),
            pack_cardinality: Some(pack_cardinality),
            has_checksums,
            has_digests,
            n_threads: 2,
            rules: options_of_rules(),
            ..CreateOptions::default()
        },
    )
}

fn options_of_rules() -> InputRules {
    InputRules {
        keep: crate::original::Keep::ALL,
        takes_any_residues: true,
        ..InputRules::default()
    }
}

/// A change, by numbers that are taken modulo what there is.
#[derive(Debug, Clone)]
enum Change {
    Remove(Vec<usize>),
    Subset(Vec<usize>, u64),
    RenameSample(usize, &'static str),
    RenameContig(usize, usize, &'static str),
    Repack(u32),
    /// A relative of the sample of this number; in place or not.
    Append(usize, bool),
}

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let some = || proptest::collection::vec(0usize..20, 0..5);
    let name = || prop_oneof![Just("new"), Just("süß"), Just("two words é")];
    let change = prop_oneof![
        some().prop_map(Change::Remove),
        (some(), any::<u64>()).prop_map(|(samples, mask)| Change::Subset(samples, mask)),
        (0usize..20, name()).prop_map(|(sample, name)| Change::RenameSample(sample, name)),
        (0usize..20, 0usize..9, name())
            .prop_map(|(sample, contig, name)| Change::RenameContig(sample, contig, name)),
        (1u32..6).prop_map(Change::Repack),
        (0usize..20, any::<bool>()).prop_map(|(sample, in_place)| Change::Append(sample, in_place)),
        (0usize..20, any::<bool>()).prop_map(|(sample, in_place)| Change::Append(sample, in_place)),
    ];
    proptest::collection::vec(change, 1..6)
}

/// Whether a contig stays, by its first letter's number in a mask.
fn stays(mask: u64, sample: &[u8], header: &[u8]) -> bool {
    let sum: u64 = sample.iter().chain(header).map(|byte| u64::from(*byte)).sum();
    mask >> (sum % 64) & 1 == 1
}

/// Changes an archive and its model alike; what is refused changes neither.
fn apply(change: &Change, archive: Vec<u8>, model: &mut Vec<Sample>) -> Vec<u8> {
    let old = open(archive.clone());
    let mut new = Vec::new();
    let n = model.len().max(1);
    let chosen = |places: &[usize]| -> Vec<String> {
        let places = places.iter().map(|place| place % n);
        places
            .filter_map(|place| Some(model.get(place)?.0.clone()))
            .collect()
    };
    let result = match change {
        Change::Remove(places) => {
            let chosen = chosen(places);
            let result = remove(&old, chosen.iter().map(String::as_bytes), 2, &mut new);
            model.retain(|sample| !chosen.contains(&sample.0));
            result
        }
        Change::Subset(places, mask) => {
            let chosen = chosen(places);
            let result = subset(
                &old,
                chosen.iter().map(String::as_bytes),
                |sample, header| stays(*mask, sample, header),
                2,
                &mut new,
            );
            if result.is_ok() {
                model.retain(|sample| chosen.contains(&sample.0));
                for (name, contigs) in model.iter_mut() {
                    contigs.retain(|(header, _)| stays(*mask, name.as_bytes(), header.as_bytes()));
                }
            }
            result
        }
        Change::RenameSample(place, to) => {
            let Some(from) = chosen(&[*place]).pop() else {
                return archive;
            };
            let names = Renames {
                samples: vec![(from.clone().into(), (*to).into())],
                ..Renames::default()
            };
            let result = rename(&old, &names, 2, &mut new);
            assert_eq!(
                result.is_ok(),
                from == *to || model.iter().all(|sample| sample.0 != *to)
            );
            if result.is_ok() {
                model
                    .iter_mut()
                    .filter(|sample| sample.0 == from)
                    .for_each(|sample| sample.0 = (*to).to_owned());
            }
            result
        }
        Change::RenameContig(place, contig, to) => {
            let place = place % n;
            let Some(sample) = model.get_mut(place) else {
                return archive;
            };
            let n_contigs = sample.1.len().max(1);
            let Some((from, _)) = sample.1.get(contig % n_contigs).cloned() else {
                return archive;
            };
            let name = ContigName {
                sample: sample.0.clone().into(),
                from: from.clone().into(),
                to: (*to).into(),
            };
            let names = Renames {
                contigs: vec![name],
                ..Renames::default()
            };
            let result = rename(&old, &names, 2, &mut new);
            if result.is_ok() {
                sample.1[contig % n_contigs].0 = (*to).to_owned();
            }
            result
        }
        Change::Append(place, in_place) => return appended(archive, model, *place, *in_place),
        Change::Repack(cardinality) => repack(&old, Some(*cardinality), 2, &mut new),
    };
    match result {
        Ok(_) => new,
        // A name that is taken, and no contig at all.
        Err(error) => {
            assert!(matches!(error.kind(), ErrorKind::BadInput(_)), "{error}");
            archive
        }
    }
}

/// Adds a sample that is like one that is there.
fn appended(archive: Vec<u8>, model: &mut Vec<Sample>, place: usize, in_place: bool) -> Vec<u8> {
    let n = model.len().max(1);
    let mut contigs = match model.get(place % n) {
        Some((_, contigs)) if !contigs.is_empty() => contigs.clone(),
        _ => vec![("only".to_owned(), genome(7, 300))],
    };
    let number = archive.len();
    for (_, sequence) in &mut contigs {
        let half = sequence.len() / 2;
        sequence.replace_range(half..half, &genome(number as u64, 30));
    }
    let sample = (format!("added-{number}"), contigs);
    let text = text(&sample);
    let inputs = [Input::bytes(&sample.0, text.into_bytes())];
    let old = open(archive.clone());
    let options = AppendOptions::default()
        .with_threads(2)
        .with_rules(options_of_rules());
    let mut new = Vec::new();
    match in_place {
        false => drop(append(&old, &inputs, &options, &mut new, Arc::new(Silent)).unwrap()),
        true => {
            let mut end = Vec::new();
            append_behind(&old, &inputs, &options, &mut end, Arc::new(Silent)).unwrap();
            new = archive.clone();
            new.extend(end);
            let before = State::before(open(new.clone()).container()).unwrap().unwrap();
            assert_eq!(before, old.container().state());
            assert_eq!(before.len, archive.len() as u64);
        }
    }
    model.push(sample);
    new
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]
    #[test]
    fn changed_archives_hold_what_their_model_holds(
        samples in samples(),
        options in options(),
        changes in changes(),
    ) {
        let mut model = samples;
        let mut archive = archive(&model, &options);
        prop_assert_eq!(content(archive.clone()), model.clone());
        for change in &changes {
            archive = apply(change, archive, &mut model);
            let found = content(archive.clone());
            prop_assert_eq!(found, model.clone(), "after {:?}", change);
        }
    }
}
