//! Archives that are changed, beside a plain model of what they hold.

mod taken_out;

use std::collections::BTreeSet;
use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::Archive;
use crate::alphabet::{CODE_OF_LETTER, Codes};
use crate::compress::{AppendOptions, CreateOptions, Input, InputRules};
use crate::container::{changed, names, state_before};
use crate::error::ErrorKind;
use crate::extract::Spelling;
use crate::group::{ITEM_END, PLACEHOLDER, is_raw};
use crate::lz_diff::{self, Rules};
use crate::observe::{Observer, Silent};
use crate::sequence::Sequence;
use crate::splitter_streams::NO_SPLITTER;
use crate::zstd;

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
    options.create(&inputs, &mut archive, Arc::new(Silent)).unwrap();
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

/// Options that keep files as they are.
fn lossless() -> CreateOptions {
    CreateOptions {
        n_threads: 2,
        rules: options_of_rules(),
        ..CreateOptions::default()
    }
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
            ..lossless()
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
    Remove(Vec<usize>, bool),
    Subset(Vec<usize>, u64),
    /// In place or not, as the next one.
    RenameSample(usize, &'static str, bool),
    RenameContig(usize, usize, &'static str, bool),
    Repack(u32, bool),
    /// The sample of one place goes to another.
    Reorder(usize, usize),
    /// A relative of the sample of this number; in place or not.
    Append(usize, bool),
    /// Files of all samples but these, of which others have another text, and perhaps a new one; samples without a file may go.
    Sync(Vec<usize>, Vec<usize>, bool, bool),
}

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let some = || proptest::collection::vec(0usize..20, 0..5);
    let name = || prop_oneof![Just("new"), Just("süß"), Just("two words é")];
    let change = prop_oneof![
        (some(), any::<bool>()).prop_map(|(samples, purges)| Change::Remove(samples, purges)),
        (some(), any::<u64>()).prop_map(|(samples, mask)| Change::Subset(samples, mask)),
        (0usize..20, name(), any::<bool>())
            .prop_map(|(sample, name, in_place)| Change::RenameSample(sample, name, in_place)),
        (0usize..20, 0usize..9, name(), any::<bool>()).prop_map(|(sample, contig, name, in_place)| {
            Change::RenameContig(sample, contig, name, in_place)
        }),
        (1u32..6, any::<bool>()).prop_map(|(items, adds)| Change::Repack(items, adds)),
        (0usize..20, 0usize..20).prop_map(|(from, to)| Change::Reorder(from, to)),
        (0usize..20, any::<bool>()).prop_map(|(sample, in_place)| Change::Append(sample, in_place)),
        (0usize..20, any::<bool>()).prop_map(|(sample, in_place)| Change::Append(sample, in_place)),
        (some(), some(), any::<bool>(), any::<bool>())
            .prop_map(|(absent, changed, adds, deletes)| Change::Sync(absent, changed, adds, deletes)),
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
    let options = RewriteOptions::default().with_threads(2);
    let n = model.len().max(1);
    let chosen = |places: &[usize]| -> Vec<String> {
        let places = places.iter().map(|place| place % n);
        places
            .filter_map(|place| Some(model.get(place)?.0.clone()))
            .collect()
    };
    let result = match change {
        Change::Remove(places, purges) => {
            let chosen = chosen(places);
            let names = chosen.iter().map(String::as_bytes);
            let result = options
                .clone()
                .with_purge(*purges)
                .remove(&old, names, &Silent, &mut new);
            model.retain(|sample| !chosen.contains(&sample.0));
            result
        }
        Change::Subset(places, mask) => {
            let chosen = chosen(places);
            let result = options.with_purge(mask % 2 == 0).subset(
                &old,
                chosen.iter().map(String::as_bytes),
                |sample, header| stays(*mask, sample, header),
                &Silent,
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
        Change::RenameSample(place, to, in_place) => {
            let Some(from) = chosen(&[*place]).pop() else {
                return archive;
            };
            let mut names = Renames::default();
            names.add_sample(from.clone(), *to);
            let result = renamed(&archive, &names, &options, *in_place, &mut new);
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
        Change::RenameContig(place, contig, to, in_place) => {
            let place = place % n;
            let Some(sample) = model.get_mut(place) else {
                return archive;
            };
            let n_contigs = sample.1.len().max(1);
            let Some((from, _)) = sample.1.get(contig % n_contigs).cloned() else {
                return archive;
            };
            let mut names = Renames::default();
            names.add_contig(sample.0.clone(), from.clone(), *to);
            let result = renamed(&archive, &names, &options, *in_place, &mut new);
            if result.is_ok() {
                sample.1[contig % n_contigs].0 = (*to).to_owned();
            }
            result
        }
        Change::Repack(cardinality, adds) => {
            let options = options.with_pack_cardinality(Some(*cardinality));
            let options = options.with_checksums(*adds).with_digests(*adds);
            options.repack(&old, &Silent, &mut new)
        }
        Change::Reorder(from, to) => {
            if !model.is_empty() {
                let sample = model.remove(from % n);
                model.insert(to % n, sample);
            }
            let names = model.iter().map(|sample| sample.0.as_bytes());
            reorder(&old, names, &options, &Silent, &mut new)
        }
        Change::Append(place, in_place) => return appended(archive, model, *place, *in_place),
        Change::Sync(absent, changed, adds, deletes) => {
            let [absent, changed] = [absent, changed].map(|places| chosen(places));
            return synced(archive, model, (&absent, &changed), *adds, *deletes);
        }
    };
    match result {
        Ok(rewritten) => {
            assert!(!matches!(change, Change::Remove(_, true)) || rewritten.foreign_bases == 0);
            new
        }
        // A name that is taken, and no contig at all.
        Err(error) => {
            assert!(matches!(error.kind(), ErrorKind::BadInput(_)), "{error}");
            archive
        }
    }
}

/// An archive under other names; in place the old file comes first.
fn renamed(
    archive: &[u8],
    names: &Renames,
    options: &RewriteOptions,
    in_place: bool,
    new: &mut Vec<u8>,
) -> crate::Result<Rewritten> {
    let old = open(archive.to_vec());
    if !in_place {
        return options.rename(&old, names, &Silent, new);
    }
    new.extend(archive);
    let rewritten = options.rename_behind(&old, names, &Silent, &mut *new)?;
    assert_eq!(rewritten.n_packs_recoded, 0);
    let before = state_before(open(new.clone()).container()).unwrap();
    assert_eq!(before, Some(old.container().state()));
    Ok(rewritten)
}

/// Makes an archive hold what files hold: its samples but those that are absent, some with another text, and perhaps one more.
fn synced(
    archive: Vec<u8>,
    model: &mut Vec<Sample>,
    (absent, changed): (&[String], &[String]),
    adds: bool,
    deletes: bool,
) -> Vec<u8> {
    let (number, old_model) = (archive.len(), model.clone());
    for (name, contigs) in model.iter_mut() {
        if changed.contains(name) && !absent.contains(name) {
            contigs.push((format!("of-{number}"), genome(number as u64, 50)));
        }
    }
    let mut files: Vec<Sample> = model.clone();
    files.retain(|(name, _)| !absent.contains(name));
    if adds || files.is_empty() {
        let sample = (
            format!("synced-{number}"),
            vec![("only".to_owned(), genome(number as u64, 300))],
        );
        files.push(sample.clone());
        model.push(sample);
    }
    model.retain(|(name, _)| !(deletes && absent.contains(name)));
    let inputs: Vec<Input> = files
        .iter()
        .map(|sample| Input::bytes(&sample.0, text(sample).into_bytes()))
        .collect();
    let old = open(archive.clone());
    let observer: Arc<dyn Observer> = Arc::new(Silent);
    let compared = AppendOptions::default()
        .with_rules(options_of_rules())
        .with_threads(1);
    let plan = compared.plan_sync(Some(&old), &inputs, false, &observer).unwrap();
    assert_eq!(plan.is_empty(deletes), *model == old_model);
    if plan.is_empty(deletes) {
        return archive;
    }
    let options = AppendOptions::default()
        .with_threads(2)
        .with_rules(options_of_rules());
    let keeps_all = old_model.iter().all(|sample| model.contains(sample));
    assert_eq!(plan.adds_only(deletes), keeps_all);
    if keeps_all {
        let inputs: Vec<Input> = plan.to_store().cloned().collect();
        let mut new = archive;
        options.append_behind(&old, &inputs, &mut new, observer).unwrap();
        return new;
    }
    let dir = tempfile::tempdir().unwrap();
    let mut new = Vec::new();
    options
        .sync(&old, &plan, deletes, dir.path(), &mut new, observer)
        .unwrap();
    new
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
        false => drop(options.append(&old, &inputs, &mut new, Arc::new(Silent)).unwrap()),
        true => {
            let mut end = Vec::new();
            options
                .append_behind(&old, &inputs, &mut end, Arc::new(Silent))
                .unwrap();
            new = archive.clone();
            new.extend(end);
            let before = state_before(open(new.clone()).container()).unwrap().unwrap();
            assert_eq!(before, old.container().state());
            assert_eq!(before.len, archive.len() as u64);
        }
    }
    model.push(sample);
    new
}

/// Three relatives of which the first and the second have something of their own: it founds groups, and is in items of groups of others.
fn with_private_sequence() -> (Vec<Sample>, [String; 2]) {
    let genome = genome(7, 30_000);
    let private = [super::tests::genome(11, 900), super::tests::genome(13, 900)];
    let sample = |name: &str, sequence: String, own: &str| {
        let contigs = vec![("c1".to_owned(), sequence), ("own".to_owned(), own.to_owned())];
        (name.to_owned(), contigs)
    };
    let with = |own: &str| format!("{}{own}{}", &genome[..15_000], &genome[15_000..]);
    let samples = vec![
        sample("first", with(&private[0]), &private[0]),
        sample("second", with(&private[1]), &private[1]),
        sample("third", genome.clone(), "ACGTTGCA"),
        sample("fourth", genome.replacen("ACG", "TTT", 3), "ACGTTGCA"),
    ];
    (samples, private)
}

/// Whatever the bytes are, an archive comes of it that holds what the old one holds, or an error if anything in that is damaged.
#[test]
fn damaged_archives_are_changed_or_refused() {
    let (samples, _) = with_private_sequence();
    let options = CreateOptions {
        segment_size: Some(1000),
        pack_cardinality: Some(2),
        has_checksums: false,
        ..lossless()
    };
    let bytes = archive(&samples, &options);
    let options = RewriteOptions::default().with_threads(1);
    let mut n_changed = 0;
    for number in 0..300u64 {
        let mut damaged = bytes.clone();
        let random = crate::kmer::mix(number + 1);
        // Half of them in the footer and the small streams before it.
        let from = if number % 2 == 0 {
            0
        } else {
            bytes.len() - bytes.len() / 8
        };
        let place = from + random as usize % (bytes.len() - from);
        damaged[place] ^= 1 << (random >> 61);
        let Ok(old) = Archive::from_reader(damaged) else {
            continue;
        };
        let mut new = Vec::new();
        let options = options.clone().with_purge(number % 3 == 0);
        let changed = match number % 4 {
            0 | 1 => options.remove(&old, [&b"second"[..]], &Silent, &mut new),
            2 => options
                .with_pack_cardinality(Some(3))
                .repack(&old, &Silent, &mut new),
            _ => options.repack(&old, &Silent, &mut new),
        };
        if changed.is_ok() {
            n_changed += 1;
            assert!(old.verify(1, &Silent).is_intact());
            assert!(open(new).verify(1, &Silent).is_intact());
        }
    }
    assert!(n_changed > 10);
}

/// Whether relatives are stored as they are is tried with samples that are there.
#[test]
fn samples_can_be_added_behind_some_without_contigs() {
    let (mut samples, _) = with_private_sequence();
    let options = CreateOptions {
        segment_size: None,
        ..lossless()
    };
    let old = open(archive(&samples[..3], &options));
    let mut new = Vec::new();
    let names = samples[..3].iter().map(|sample| sample.0.as_bytes());
    let is_of_first = |sample: &[u8], _: &[u8]| sample == b"first";
    RewriteOptions::default()
        .subset(&old, names, is_of_first, &Silent, &mut new)
        .unwrap();
    samples.truncate(3);
    samples[1].1.clear();
    samples[2].1.clear();
    let new = appended(new, &mut samples, 0, false);
    assert_eq!(content(new), samples);
}

#[test]
fn an_archive_can_lose_all_its_samples() {
    let (samples, _) = with_private_sequence();
    let old = open(archive(&samples, &lossless()));
    let names = samples.iter().map(|sample| sample.0.as_bytes());
    let (mut empty, options) = (Vec::new(), RewriteOptions::default());
    let rewritten = options.remove(&old, names, &Silent, &mut empty).unwrap();
    assert_eq!((rewritten.n_samples, rewritten.n_groups), (0, 16));
    assert_eq!(content(empty), []);
}

#[test]
fn what_fills_packs_up_goes_when_an_archive_is_repacked() {
    let (mut model, _) = with_private_sequence();
    let options = CreateOptions {
        raw_contigs: Some(false),
        segment_size: Some(1000),
        pack_cardinality: Some(100),
        ..lossless()
    };
    let mut old = archive(&model, &options);
    for place in 0..4 {
        old = appended(old, &mut model, place, true);
    }
    let n_items = |archive: &Archive| {
        let existing = Existing::open(archive).unwrap();
        let all = (0..existing.n_groups()).map(|group| existing.end_of_items(group).unwrap());
        all.sum::<u32>()
    };
    let mut new = Vec::new();
    RewriteOptions::default()
        .repack(&open(old.clone()), &Silent, &mut new)
        .unwrap();
    assert_eq!(content(new.clone()), model);
    assert!(new.len() < old.len());
    let (before, after) = (n_items(&open(old)), n_items(&open(new.clone())));
    assert!(after < before, "{after} {before}");
    // Nothing is left to be done.
    let mut again = Vec::new();
    let rewritten = RewriteOptions::default()
        .repack(&open(new.clone()), &Silent, &mut again)
        .unwrap();
    assert_eq!(rewritten.n_packs_recoded, 0);
    assert!(again == new);
}

/// Of a collection in which little is told of contigs beside their names, two parts and the footer are written for a contig, and less for a
/// sample.
#[test]
fn what_does_not_tell_names_stays_where_it_is_when_they_change() {
    let (samples, _) = with_private_sequence();
    let options = CreateOptions {
        has_digests: true,
        has_checksums: true,
        pack_cardinality: Some(2),
        ..lossless()
    };
    let old = archive(&samples, &options);
    let places = |archive: &[u8]| -> Vec<(String, Vec<crate::container::PartMeta>)> {
        let archive = open(archive.to_vec());
        let footer = archive.container().footer();
        let streams = footer.streams();
        streams
            .map(|stream| (string(footer.name(stream)), footer.parts(stream).to_vec()))
            .collect()
    };
    let mut samples_changed = Renames::default();
    samples_changed.add_sample("third", "x");
    let mut contigs_changed = Renames::default();
    contigs_changed.add_contig("third", "c1", "other");
    for (names, n_new_batches) in [(&samples_changed, 0), (&contigs_changed, 1)] {
        let mut new = Vec::new();
        renamed(&old, names, &RewriteOptions::default(), true, &mut new).unwrap();
        let is_new = |part: &crate::container::PartMeta| part.offset >= old.len() as u64;
        for (stream, parts) in places(&new) {
            let n_new = parts.iter().filter(|part| is_new(part)).count();
            let expected = match stream.as_str() {
                names::COLLECTION_SAMPLES | names::PREVIOUS | names::SUMS => 1,
                names::COLLECTION_CONTIGS => n_new_batches,
                _ => 0,
            };
            assert_eq!(n_new, expected, "{stream}");
        }
    }
    let other = RewriteOptions::default().with_purge(true);
    assert!(renamed(&old, &samples_changed, &other, true, &mut Vec::new()).is_err());
}

#[test]
fn an_order_has_each_sample_once() {
    let (samples, _) = with_private_sequence();
    let old = open(archive(&samples, &lossless()));
    let reorder = |names: &[&str]| {
        let names = names.iter().map(|name| name.as_bytes());
        reorder(&old, names, &RewriteOptions::default(), &Silent, Vec::new())
    };
    for names in [
        &["first", "second", "third"][..],
        &["first", "second", "third", "third"],
        &["first", "second", "third", "fourth", "fourth"],
        &["first", "second", "third", "fifth"],
        &[],
    ] {
        assert!(reorder(names).is_err(), "{names:?}");
    }
    let moved = reorder(&["fourth", "first", "third", "second"]).unwrap();
    assert_eq!((moved.n_samples, moved.n_packs_recoded), (4, 0));
}

/// More of them where the environment says so.
fn n_cases() -> u32 {
    let asked = std::env::var("PROPTEST_CASES");
    asked.ok().and_then(|n| n.parse().ok()).unwrap_or(60)
}

/// Of the last pack nobody asks whether it is full: one that lacks items must not become the last, and its items pass for others.
#[test]
fn a_pack_that_lacks_items_is_not_taken_over_as_the_last() {
    let genome = genome(5, 900);
    let samples: Vec<Sample> = (0..8usize)
        .map(|i| {
            let mut sequence = genome.clone();
            sequence.replace_range(100 + 50 * i..101 + 50 * i, "N");
            (format!("s{i}"), vec![("c".to_owned(), sequence)])
        })
        .collect();
    let options = CreateOptions {
        pack_cardinality: Some(3),
        raw_contigs: Some(false),
        ..lossless()
    };
    let whole = archive(&samples, &options);
    let naming = open(whole.clone()).version().group_naming();
    let packs_of_group = naming.delta_stream(crate::group::N_RAW_GROUPS);
    let n_packs = std::cell::Cell::new(0);
    let damaged = changed(&whole, |name, metadata, payload| {
        if name == packs_of_group && n_packs.replace(n_packs.get() + 1) == 0 {
            let pack = match *metadata {
                0 => payload.clone(),
                len => zstd::decompress(&payload[..payload.len() - 1], len).unwrap(),
            };
            let end = pack.iter().position(|byte| *byte == ITEM_END).unwrap();
            (*metadata, *payload) = (0, pack[..=end].to_vec());
        }
        true
    });
    assert_eq!(n_packs.get(), 3);
    let remove = |archive: &[u8], names: &[&'static str]| {
        let mut new = Vec::new();
        let names = names.iter().map(|name| name.as_bytes());
        RewriteOptions::default()
            .remove(&open(archive.to_vec()), names, &Silent, &mut new)
            .map(|_| new)
    };
    // All that is in the packs behind it, and less.
    for names in [&["s4", "s5", "s6", "s7"][..], &["s5", "s6", "s7"], &["s7"]] {
        let new = remove(&whole, names).unwrap();
        assert_eq!(content(new), samples[..8 - names.len()]);
    }
    let error = remove(&damaged, &["s4", "s5", "s6", "s7"]).unwrap_err();
    assert!(
        error.to_string().contains("a pack of 1 items, 3 expected"),
        "{error}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(n_cases()))]
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
