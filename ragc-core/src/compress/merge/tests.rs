//! Shards that are merged, beside a plain model of what they hold.

use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::compress::{AppendOptions, CreateOptions, Input, InputRules};
use crate::extract::{Archive, ContigId, Spelling};
use crate::observe::Silent;
use crate::original::Keep;
use crate::rewrite::{self, RewriteOptions};

/// A sample: its name, and the names and letters of its contigs.
type Sample = (String, Vec<(String, String)>);

fn text(sample: &Sample) -> String {
    let record = |(name, letters): &(String, String)| format!(">{name}\n{letters}\n");
    sample.1.iter().map(record).collect()
}

fn archive(samples: &[Sample], options: &CreateOptions) -> Arc<Archive> {
    let inputs: Vec<Input> = samples
        .iter()
        .map(|sample| Input::bytes(sample.0.clone(), text(sample)))
        .collect();
    let mut archive = Vec::new();
    options.create(&inputs, &mut archive, Arc::new(Silent)).unwrap();
    open(archive)
}

fn open(archive: Vec<u8>) -> Arc<Archive> {
    Arc::new(Archive::from_reader(archive).unwrap())
}

/// The archive without its samples.
fn emptied(archive: &Archive) -> Arc<Archive> {
    let names: Vec<&[u8]> = archive.samples().unwrap().iter().collect();
    let mut empty = Vec::new();
    RewriteOptions::default()
        .remove(archive, names, &Silent, &mut empty)
        .unwrap();
    open(empty)
}

/// The bytes of a merged archive, which are the same for any number of threads.
fn merged(archives: &[Arc<Archive>], options: &MergeOptions) -> crate::Result<(Vec<u8>, Merged)> {
    let with_threads = |n_threads: usize| {
        let mut bytes = Vec::new();
        let options = options.clone().with_threads(n_threads);
        let merged = options.merge(archives, &mut bytes, Arc::new(Silent))?;
        Ok((bytes, merged))
    };
    let once = with_threads(1)?;
    assert!(once == with_threads(3)?, "threads are to be seen in the bytes");
    Ok(once)
}

/// What an intact archive holds.
fn content(archive: &Archive) -> Vec<Sample> {
    let report = archive.verify(2, &Silent);
    assert!(report.is_intact(), "{report:?}");
    let names = archive.samples().unwrap();
    let sample = |(sample, name): (usize, &[u8])| {
        let headers = archive.names_of(sample).unwrap();
        let contig = |(contig, header): (usize, &[u8])| {
            let id = ContigId { sample, contig };
            let letters = archive.contig_letters(id, Spelling::Cased).unwrap();
            (string(header), string(&letters))
        };
        (string(name), headers.iter().enumerate().map(contig).collect())
    };
    names.iter().enumerate().map(sample).collect()
}

fn string(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// A random genome.
fn genome(seed: u64, len: usize) -> String {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut letter = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        char::from(b"ACGT"[(state >> 62) as usize])
    };
    (0..len).map(|_| letter()).collect()
}

/// A stretch of the reference genome or of another one that shards have in common, on either strand, with differences.
type Stretch = (bool, usize, usize, bool, Vec<(usize, String, usize)>);

fn stretches() -> impl Strategy<Value = Vec<Stretch>> {
    let edit = (0usize..3000, "[ACGTNacgt]{0,30}", 0usize..30);
    let edits = proptest::collection::vec(edit, 0..3);
    let stretch = (any::<bool>(), 0usize..9000, 0usize..3000, any::<bool>(), edits);
    proptest::collection::vec(stretch, 1..3)
}

fn letters(stretches: &[Stretch], genomes: &[String; 2]) -> String {
    let stretch = |(is_common, from, len, is_reversed, edits): &Stretch| {
        let genome = &genomes[usize::from(*is_common)];
        let mut letters = genome[*from..(from + len).min(genome.len())].to_owned();
        for (at, new, n_old) in edits {
            let at = (*at).min(letters.len());
            letters.replace_range(at..(at + n_old).min(letters.len()), new);
        }
        match is_reversed {
            false => letters,
            true => letters.chars().rev().map(complement).collect(),
        }
    };
    stretches.iter().map(stretch).collect()
}

fn complement(letter: char) -> char {
    match letter {
        'A' => 'T',
        'C' => 'G',
        'G' => 'C',
        'T' => 'A',
        'a' => 't',
        'c' => 'g',
        'g' => 'c',
        't' => 'a',
        other => other,
    }
}

/// Shards of a collection, each with the reference sample first.
fn shards() -> impl Strategy<Value = Vec<Vec<Sample>>> {
    let sample = proptest::collection::vec(stretches(), 1..3);
    let shard = proptest::collection::vec(sample, 0..4);
    (proptest::collection::vec(shard, 1..4), any::<u64>()).prop_map(|(shards, seed)| {
        let genomes = [genome(seed, 9000), genome(!seed, 9000)];
        let reference = ("reference".to_owned(), contigs(vec![genomes[0].clone()]));
        let shard = |(number, samples): (usize, Vec<Vec<Vec<Stretch>>>)| {
            let sample = |(i, contigs_of): (usize, Vec<Vec<Stretch>>)| {
                let all = contigs_of.iter().map(|stretches| letters(stretches, &genomes));
                (format!("s{number}.{i}"), contigs(all.collect()))
            };
            let others = samples.into_iter().enumerate().map(sample);
            std::iter::once(reference.clone()).chain(others).collect()
        };
        shards.into_iter().enumerate().map(shard).collect()
    })
}

/// A last record without bases is taken for a file that was cut.
fn contigs(mut all: Vec<String>) -> Vec<(String, String)> {
    all.push("ACGTTGCA".to_owned());
    let named = |(i, letters)| (format!("c{i} of it"), letters);
    all.into_iter().enumerate().map(named).collect()
}

fn options() -> impl Strategy<Value = CreateOptions> {
    let flags = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
    (flags, 1u32..7, prop_oneof![Just(100), Just(400), Just(20_000)]).prop_map(
        |((raw, has_checksums, has_digests, is_adaptive), pack_cardinality, segment_size)| CreateOptions {
            raw_contigs: Some(raw),
            segment_size: Some(segment_size),
            pack_cardinality: Some(pack_cardinality),
            is_adaptive,
            has_checksums,
            has_digests,
            n_threads: 2,
            rules: InputRules {
                keep: Keep::ALL,
                takes_any_residues: true,
                ..CreateOptions::default().rules
            },
            ..CreateOptions::default()
        },
    )
}

/// The samples of all shards, the reference sample once.
fn union(shards: &[Vec<Sample>]) -> Vec<Sample> {
    let others = shards.iter().flat_map(|shard| &shard[1..]);
    shards[..1]
        .iter()
        .map(|shard| &shard[0])
        .chain(others)
        .cloned()
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn merged_shards_hold_what_their_model_holds(
        shards in shards(),
        options in options(),
        cardinality in 1u32..7,
        recompresses in any::<bool>(),
        empty_at in proptest::collection::vec(0usize..4, 0..3),
    ) {
        let mut archives: Vec<Arc<Archive>> = shards
            .iter()
            .enumerate()
            .map(|(number, shard)| {
                let mut options = options.clone();
                if number > 0 {
                    options.pack_cardinality = Some(cardinality);
                }
                archive(shard, &options)
            })
            .collect();
        for place in empty_at {
            let empty = emptied(&archives[place % archives.len()]);
            archives.insert(place.min(archives.len()), empty);
        }
        let model = union(&shards);
        let merge_options = MergeOptions::default().with_recompression(recompresses);
        let (bytes, report) = merged(&archives, &merge_options).unwrap();
        prop_assert_eq!(report.n_same, shards.len() - 1);
        prop_assert_eq!(report.n_samples, model.len());
        let all = open(bytes);
        prop_assert_eq!(content(&all), model.clone());
        for (sample, expected) in model.iter().enumerate() {
            let file = all.write_original(sample, 1, Vec::new()).unwrap();
            prop_assert_eq!(string(&file), text(expected));
        }
        // Once more, and with what it was made of, it is the same; what is appended to it finds its place.
        let (again, _) = merged(&[Arc::clone(&all), Arc::clone(&archives[0])], &MergeOptions::default()).unwrap();
        prop_assert_eq!(content(&open(again)), model.clone());
        let more: Sample = ("more".to_owned(), model[model.len() - 1].1.clone());
        let mut longer = Vec::new();
        crate::compress::AppendOptions::default().append(&all, &[Input::bytes(more.0.clone(), text(&more))], &mut longer, Arc::new(Silent)).unwrap();
        let expected: Vec<Sample> = model.into_iter().chain([more]).collect();
        prop_assert_eq!(content(&open(longer)), expected);
    }

    #[test]
    fn trees_of_any_shape_hold_the_same_samples(shards in shards(), options in options(), order in any::<bool>()) {
        let mut archives: Vec<Arc<Archive>> = shards.iter().map(|shard| archive(shard, &options)).collect();
        let mut expected = union(&shards);
        expected.sort();
        while archives.len() > 1 {
            let from = if order { 0 } else { archives.len() - 2 };
            let pair: Vec<Arc<Archive>> = archives.drain(from..from + 2).collect();
            let (bytes, _) = merged(&pair, &MergeOptions::default()).unwrap();
            archives.push(open(bytes));
        }
        let mut found = content(&archives[0]);
        found.sort();
        prop_assert_eq!(found, expected);
    }
}

fn sample(name: &str, letters: &str) -> Sample {
    (name.to_owned(), vec![("c".to_owned(), letters.to_owned())])
}

fn lossless() -> CreateOptions {
    CreateOptions::default()
        .with_rules(InputRules::default().with_keep(Keep::ALL))
        .with_segment_size(Some(1000))
        .with_raw_contigs(Some(false))
}

#[test]
fn other_samples_of_one_name_are_an_error_or_renamed_or_left_out() {
    let genomes = [genome(1, 3000), genome(2, 3000)];
    let one = archive(&[sample("a", &genomes[0]), sample("b", &genomes[1])], &lossless());
    // Only the case of a letter differs.
    let other = genomes[1].to_lowercase();
    let two = archive(&[sample("a", &genomes[0]), sample("b", &other)], &lossless());
    let archives = [one, two];
    let error = merged(&archives, &MergeOptions::default())
        .unwrap_err()
        .to_string();
    assert!(error.contains("sample \"b\" is another one"), "{error}");
    let names = |options: &MergeOptions| {
        let (bytes, report) = merged(&archives, options).unwrap();
        let names: Vec<String> = open(bytes).samples().unwrap().iter().map(string).collect();
        (names, report)
    };
    let (renamed, report) = names(&MergeOptions::default().with_renamed_duplicates(true));
    assert_eq!(renamed, ["a", "b", "b.2"]);
    assert_eq!(report.renamed, [(b"b".to_vec(), b"b.2".to_vec())]);
    let (skipped, report) = names(&MergeOptions::default().with_skipped_duplicates(true));
    assert_eq!(skipped, ["a", "b"]);
    assert_eq!(report.skipped, [b"b".to_vec()]);
}

#[test]
fn archives_without_samples_add_nothing_wherever_they_stand() {
    let samples = ["a", "b"].map(|name| sample(name, &genome(name.len() as u64, 3000).replace("ACG", "acg")));
    let options = lossless().with_digests(true);
    let full = archive(&samples, &options);
    let empty = emptied(&full);
    for shape in ["fe", "ef", "efe", "fee", "eefee", "e", "ee"] {
        let archives: Vec<Arc<Archive>> = shape
            .chars()
            .map(|kind| Arc::clone(if kind == 'f' { &full } else { &empty }))
            .collect();
        for recompresses in [false, true] {
            let options = MergeOptions::default().with_recompression(recompresses);
            let all = open(merged(&archives, &options).unwrap().0);
            let expected: &[Sample] = if shape.contains('f') { &samples } else { &[] };
            assert_eq!(content(&all), expected, "{shape}");
            let digests = all.stored_digests().unwrap().unwrap_or_default();
            for (sample, expected) in expected.iter().enumerate() {
                let file = all.write_original(sample, 1, Vec::new()).unwrap();
                assert_eq!(string(&file), text(expected), "{shape}");
                assert!(digests.of(sample).is_some(), "{shape}");
            }
        }
    }
}

#[test]
fn archives_of_other_parameters_are_compressed_again_or_refused() {
    let genomes = [genome(1, 3000), genome(2, 3000)];
    let one = archive(&[sample("a", &genomes[0])], &lossless());
    let two = archive(&[sample("b", &genomes[1])], &lossless().with_k(21));
    let archives = [one, two];
    let error = merged(&archives, &MergeOptions::default())
        .unwrap_err()
        .to_string();
    assert!(error.contains("--recompress"), "{error}");
    let (bytes, _) = merged(&archives, &MergeOptions::default().with_recompression(true)).unwrap();
    let expected = [sample("a", &genomes[0]), sample("b", &genomes[1])];
    assert_eq!(content(&open(bytes)), expected);
    assert!(merged(&[], &MergeOptions::default()).is_err());
}

#[test]
fn what_shards_have_in_common_is_stored_once() {
    let reference = sample("r", &genome(1, 60_000));
    let common = genome(2, 60_000);
    let shard = |name: &str, letters: &str| archive(&[reference.clone(), sample(name, letters)], &lossless());
    let reversed: String = common.chars().rev().map(complement).collect();
    let other = format!("{}{}", &reference.1[0].1[..9000], &reversed[500..59_000]);
    let archives = [shard("a", &common), shard("b", &other)];
    let (bytes, report) = merged(&archives, &MergeOptions::default()).unwrap();
    let alone = merged(&archives[..1], &MergeOptions::default()).unwrap().0;
    assert!(
        report.n_groups_joined > 0 && report.n_groups_dissolved > 0,
        "{report:?}"
    );
    assert!(
        bytes.len() < alone.len() + 1000,
        "{} {}",
        bytes.len(),
        alone.len()
    );
    assert_eq!(content(&open(bytes)).len(), 3);
}

/// A disk that takes so many bytes.
struct Full(usize);

impl std::io::Write for Full {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        match self.0.checked_sub(bytes.len()) {
            Some(left) => self.0 = left,
            None => return Err(std::io::ErrorKind::StorageFull.into()),
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_sink_that_fails_is_not_taken_for_a_file_that_is_read() {
    let dir = tempfile::tempdir().unwrap();
    let archives = ["a", "b"].map(|name| {
        let genome = genome(name.len() as u64 + u64::from(name.as_bytes()[0]), 9000);
        let mut bytes = Vec::new();
        let inputs = [Input::bytes(name, text(&sample(name, &genome)))];
        lossless().create(&inputs, &mut bytes, Arc::new(Silent)).unwrap();
        let path = dir.path().join(format!("{name}.agc"));
        std::fs::write(&path, bytes).unwrap();
        Arc::new(Archive::open(&path).unwrap())
    });
    let first = &archives[0];
    let mut n_failed = 0;
    for n_bytes in (0..10_000).step_by(97) {
        let full = || Full(n_bytes);
        let inputs = [Input::bytes("c", ">c\nACGTTGCA\n")];
        let merging = |recompresses| {
            let options = MergeOptions::default().with_recompression(recompresses);
            options.merge(&archives, full(), Arc::new(Silent)).map(drop)
        };
        let options = RewriteOptions::default();
        let results = [
            merging(false),
            merging(true),
            options.repack(first, &Silent, full()).map(drop),
            options.remove(first, [&b"a"[..]], &Silent, full()).map(drop),
            rewrite::streamable::make_streamable(first, full()).map(drop),
            AppendOptions::default()
                .append(first, &inputs, full(), Arc::new(Silent))
                .map(drop),
            lossless().create(&inputs, full(), Arc::new(Silent)).map(drop),
            first.write_original(0, 1, full()).map(drop),
        ];
        for error in results.into_iter().filter_map(Result::err) {
            assert!(error.is_of_sink() && error.location().path.is_none(), "{error}");
            let told = error.in_sink("out").to_string();
            assert!(told.starts_with("out: cannot write: "), "{told}");
            n_failed += 1;
        }
    }
    assert!(n_failed > 100, "{n_failed}");
}
