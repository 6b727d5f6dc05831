//! `compress::append` as a library: archives of other producers, damaged archives, outputs that fail.

use ragc_core::Keep;
use ragc_core::Params;
use ragc_core::compress::{AppendOptions, CreateOptions, Input, InputRules, Summary};
use ragc_core::extract::{ContigId, Spelling};
use ragc_core::internals::collection::encode_samples;
use ragc_core::internals::container::{ContainerReader, ContainerWriter, names};
use ragc_core::internals::file_info::FileInfo;
use ragc_core::observe::Silent;
use ragc_core::{Archive, Error, ErrorKind};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../data/golden")
        .join(name)
}

fn input(name: &str) -> Input {
    Input::file(golden("fasta").join(name))
}

/// An archive of three samples, in batches of three: the last batch is full.
fn archive() -> Vec<u8> {
    let options = CreateOptions::default()
        .with_segment_size(Some(500))
        .with_pack_cardinality(Some(3));
    let inputs = [input("ref.fa"), input("a.fa"), input("b.fa")];
    let mut archive = Vec::new();
    options.create(&inputs, &mut archive, Arc::new(Silent)).unwrap();
    archive
}

fn append_to<W: Write + Send>(archive: &[u8], inputs: &[Input], sink: W) -> Result<Summary, Error> {
    let archive = Archive::from_reader(archive.to_vec())?;
    let options = AppendOptions::default().with_threads(2);
    options.append(&archive, inputs, sink, Arc::new(Silent))
}

fn appended(archive: &[u8], inputs: &[Input]) -> (Vec<u8>, Summary) {
    let mut new = Vec::new();
    let summary = append_to(archive, inputs, &mut new).unwrap();
    (new, summary)
}

fn text(archive: &[u8], sample: &str) -> Vec<u8> {
    let mut text = Vec::new();
    let opened = Archive::from_reader(archive.to_vec()).unwrap();
    opened.write_sample(sample, &mut text, 80).unwrap();
    text
}

/// A stream: its name, and metadata and payload of each part.
type Stream = (String, Vec<(u64, Vec<u8>)>);

fn streams(archive: &[u8]) -> Vec<Stream> {
    let reader = ContainerReader::open(archive.to_vec()).unwrap();
    let stream = |stream| {
        let parts = (0..reader.n_parts(stream)).map(|part| {
            let part = reader.read_part(stream, part).unwrap();
            (part.metadata, part.payload().to_vec())
        });
        let name = String::from_utf8(reader.footer().name(stream).to_vec()).unwrap();
        (name, parts.collect())
    };
    reader.footer().streams().map(stream).collect()
}

fn rewrite(streams: &[Stream]) -> Vec<u8> {
    let mut writer = ContainerWriter::new(Vec::new());
    for (name, parts) in streams {
        let stream = writer.register(name);
        for (metadata, payload) in parts {
            writer.add_part(stream, *metadata, payload).unwrap();
        }
    }
    writer.finish().unwrap()
}

/// The archive after a change to its streams, without the checksums of what it was.
fn changed(change: impl FnOnce(&mut Vec<Stream>)) -> Vec<u8> {
    let mut streams = streams(&archive());
    streams.retain(|(name, _)| name != names::SUMS);
    change(&mut streams);
    rewrite(&streams)
}

fn parts_of<'a>(streams: &'a [Stream], name: &str) -> &'a [(u64, Vec<u8>)] {
    let stream = streams.iter().find(|(other, _)| other == name);
    &stream.unwrap_or_else(|| panic!("no stream {name}")).1
}

#[test]
fn finished_parts_are_copied_as_they_are_and_the_collection_comes_first() {
    let old = archive();
    let (new, _) = appended(&old, &[input("c.fa"), input("d.fa")]);
    let (old, new) = (streams(&old), streams(&new));
    let first: Vec<&str> = new.iter().take(3).map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        first,
        [
            names::COLLECTION_SAMPLES,
            names::COLLECTION_CONTIGS,
            names::COLLECTION_DETAILS
        ]
    );
    for (name, parts) in &old {
        let copied = parts_of(&new, name);
        match name.as_str() {
            names::COLLECTION_SAMPLES | names::SPLITTERS | names::SEGMENT_SPLITTERS | names::SUMS => {}
            names::SEQUENCE_SUMS => assert!(copied[0].1.starts_with(&parts[0].1), "{name}"),
            names::COLLECTION_CONTIGS | names::COLLECTION_DETAILS => {
                assert_eq!(copied[..1], parts[..1], "{name}: the full batch");
                assert_eq!(copied.len(), 2, "{name}");
            }
            name if name.ends_with('d') => {
                let n_full = parts.len().saturating_sub(1);
                assert_eq!(copied[..n_full], parts[..n_full], "{name}");
                assert!(copied.len() >= parts.len(), "{name}");
            }
            name => assert_eq!(copied, parts, "{name}"),
        }
    }
}

#[test]
fn surplus_batches_are_left_out() {
    let archive = changed(|streams| {
        for (_, parts) in &mut streams[1..3] {
            let surplus = parts[0].clone();
            parts.push(surplus);
        }
    });
    let (new, _) = appended(&archive, &[input("c.fa")]);
    assert_eq!(parts_of(&streams(&new), names::COLLECTION_CONTIGS).len(), 2);
    for (sample, from) in [("ref", &archive), ("a", &archive), ("b", &archive)] {
        assert!(text(&new, sample) == text(from, sample));
    }
    let opened = Archive::from_reader(new).unwrap();
    assert_eq!(opened.samples().unwrap().len(), 4);
    assert_eq!(
        opened.contigs("c").unwrap().len(),
        Archive::open(golden("archives/v3_default.agc"))
            .unwrap()
            .contigs("c")
            .unwrap()
            .len()
    );
}

#[test]
fn archives_of_other_producers_lose_nothing() {
    let expected = text(&appended(&archive(), &[input("c.fa")]).0, "c");
    let is_raw = |name: &str| (0..16).any(|group| names::delta_stream(group) == name);
    let only_for_appending = [names::SPLITTERS, names::SEGMENT_SPLITTERS];
    let without_raw_groups = changed(|streams| streams.retain(|(name, _)| !is_raw(name)));
    let without_splitters = changed(|streams| {
        streams.retain(|(name, _)| !only_for_appending.contains(&name.as_str()));
    });
    let in_another_order = changed(|streams| streams.reverse());
    for archive in [without_raw_groups, without_splitters, in_another_order] {
        let (new, summary) = appended(&archive, &[input("c.fa")]);
        assert!(summary.dropped_streams.is_empty());
        for sample in ["ref", "a", "b"] {
            assert!(text(&new, sample) == text(&archive, sample));
        }
        assert!(text(&new, "c") == expected);
        let new = streams(&new);
        for group in 0..16 {
            let first = &parts_of(&new, &names::delta_stream(group))[0];
            assert!(first.0 > 0 || first.1.starts_with(&[0x7F, 0xFF]), "{group}");
        }
        assert_eq!(new[0].0, names::COLLECTION_SAMPLES);
    }
}

#[test]
fn unknown_streams_are_left_out_and_named() {
    let archive = changed(|streams| {
        streams.push(("ragc.index".to_owned(), vec![(7, b"old".to_vec())]));
        streams.push(("extra".to_owned(), Vec::new()));
    });
    let (new, summary) = appended(&archive, &[input("c.fa")]);
    assert_eq!(summary.dropped_streams, ["ragc.index", "extra"]);
    assert!(
        streams(&new)
            .iter()
            .all(|(name, _)| name != "ragc.index" && name != "extra")
    );
}

#[test]
fn groups_with_holes_are_refused() {
    let hole = [names::reference_stream(18), names::delta_stream(18)];
    let archive = changed(|streams| streams.retain(|(name, _)| !hole.contains(name)));
    let error = append_to(&archive, &[input("c.fa")], Vec::new()).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Unsupported(_)), "{error}");
    assert!(error.to_string().contains("group 18"), "{error}");
}

#[test]
fn an_archive_without_samples_is_begun_anew() {
    let params = Params {
        k: 31,
        min_match_len: 15,
        pack_cardinality: 3,
        segment_size: 500,
    };
    let (n_pairs, info) = FileInfo::of_this_program().encode();
    let (samples_len, samples) = encode_samples::<&[u8]>(&[]).unwrap();
    let empty = rewrite(&[
        (names::COLLECTION_SAMPLES.into(), vec![(samples_len, samples)]),
        (names::COLLECTION_CONTIGS.into(), Vec::new()),
        (names::COLLECTION_DETAILS.into(), Vec::new()),
        (names::PARAMS.into(), vec![(0, params.encode())]),
        (names::SPLITTERS.into(), vec![(0, Vec::new())]),
        (names::SEGMENT_SPLITTERS.into(), vec![(0, Vec::new())]),
        (names::FILE_INFO.into(), vec![(n_pairs, info)]),
    ]);
    let (new, _) = appended(&empty, &[input("ref.fa"), input("a.fa"), input("b.fa")]);
    assert!(new == archive(), "as created");
}

#[test]
fn append_without_inputs_is_refused() {
    let error = append_to(&archive(), &[], Vec::new()).unwrap_err();
    assert_eq!(error.to_string(), "there are no input files");
}

#[test]
fn a_damaged_archive_is_an_error_or_at_least_no_panic() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("new.fa");
    let tiny = std::fs::read(golden("archives/tiny.agc")).unwrap();
    let mut fasta = text(&tiny, "u");
    fasta.extend(b">short\nACGT\n");
    std::fs::write(&file, fasta).unwrap();
    let inputs = [Input::file(file)];
    appended(&tiny, &inputs);
    let mut n_errors = 0;
    for place in 0..tiny.len() {
        for change in [0x01, 0xFF] {
            let mut damaged = tiny.clone();
            damaged[place] ^= change;
            match append_to(&damaged, &inputs, io::sink()) {
                Ok(_) => {}
                Err(error) => {
                    assert_ne!(*error.kind(), ErrorKind::WorkerLost, "a panic at {place}");
                    n_errors += 1;
                }
            }
        }
    }
    assert!(n_errors > tiny.len() / 2, "{n_errors}");
}

/// Scrambles a number.
fn mix(x: u64) -> u64 {
    let x = (x ^ x >> 31).wrapping_mul(0x7FB5_D329_728E_A185);
    let x = (x ^ x >> 27).wrapping_mul(0x81DA_DEF4_BC2D_D44D);
    x ^ x >> 33
}

/// A genome that has each stretch from one of four ancestors, which differ in every fifth base: best stored as it is.
fn mosaic(number: u64) -> Vec<u8> {
    let ancestor = |i: u64| mix((number << 32) | (i / 100)) & 3;
    let differs = |i: u64| mix(ancestor(i) << 50 | i).is_multiple_of(5);
    let code = |i: u64| mix(i) & 3 ^ u64::from(differs(i));
    (0..6000).map(|i| b"ACGT"[code(i) as usize]).collect()
}

/// A genome in which one base of 3,000 differs from the others.
fn close(number: u64) -> Vec<u8> {
    let differs = |i: u64| mix(number << 32 | i).is_multiple_of(3000);
    (0..6000)
        .map(|i| b"ACGT"[(mix(i) & 3 ^ u64::from(differs(i))) as usize])
        .collect()
}

/// Whether the last sample is stored as it is.
fn ends_raw(archive: &[u8]) -> bool {
    let archive = Archive::from_reader(archive.to_vec()).unwrap();
    let last = archive.samples().unwrap().len() - 1;
    archive.describe(last).unwrap().contigs[0].segments[0].group < 16
}

#[test]
fn small_genomes_come_to_be_stored_as_suits_many_of_them() {
    let dir = tempfile::tempdir().unwrap();
    for (genome, is_raw) in [(mosaic as fn(u64) -> Vec<u8>, true), (close, false)] {
        let file = |number: u64| {
            let path = dir.path().join(format!("{is_raw}{number}.fa"));
            std::fs::write(&path, [&b">1\n"[..], &genome(number), b"\n"].concat()).unwrap();
            Input::file(path)
        };
        let inputs: Vec<Input> = (0..17).map(file).collect();
        let begun = |inputs: &[Input]| {
            let mut archive = Vec::new();
            CreateOptions::default()
                .create(inputs, &mut archive, Arc::new(Silent))
                .unwrap();
            archive
        };
        let at_once = begun(&inputs);
        assert_eq!(ends_raw(&at_once), is_raw);
        let first = begun(&inputs[..1]);
        assert!(!ends_raw(&first));
        // Each time there are twice as many, and then one more.
        let mut by_doubling = first.clone();
        for range in [1..2, 2..4, 4..8, 8..16, 16..17] {
            by_doubling = appended(&by_doubling, &inputs[range]).0;
        }
        assert_eq!(ends_raw(&by_doubling), is_raw);
        let at_twice = appended(&first, &inputs[1..]).0;
        assert_eq!(ends_raw(&at_twice), is_raw);
        for archive in [&by_doubling, &at_twice] {
            // A genome or two are references.
            assert!(archive.len() < at_once.len() + 2 * 6000 / 4 + 400);
            assert_eq!(
                text(archive, &inputs[16].sample),
                text(&at_once, &inputs[16].sample)
            );
        }
        // Whoever decides is asked no more.
        let options = AppendOptions::default().with_raw_contigs(Some(!is_raw));
        let mut decided = Vec::new();
        let archive = Archive::from_reader(first).unwrap();
        options
            .append(&archive, &inputs[1..], &mut decided, Arc::new(Silent))
            .unwrap();
        assert_eq!(ends_raw(&decided), !is_raw);
    }
}

/// Bases of which so many stretches are in another case than the one before, each of a length of its own.
fn masked(number: u64, n_stretches: u64) -> Vec<u8> {
    let stretch = |i: u64| {
        let len = 1 + mix(number << 32 | i) % 100;
        vec![if i.is_multiple_of(2) { b'N' } else { b'n' }; len as usize]
    };
    (0..n_stretches).flat_map(stretch).collect()
}

#[test]
fn masks_that_share_nothing_are_in_short_parts_whenever_they_come() {
    let dir = tempfile::tempdir().unwrap();
    // 35,000 bytes of text each, of which the third is that of the second.
    let genomes = [1, 2, 2].map(|number| masked(number, 35_000));
    let inputs: Vec<Input> = (0..)
        .zip(&genomes)
        .map(|(number, genome)| {
            let path = dir.path().join(format!("{number}.fa"));
            std::fs::write(&path, [b">1\n", &genome[..], b"\n"].concat()).unwrap();
            Input::file(path)
        })
        .collect();
    let begun = |n: usize| {
        let rules = InputRules::default().with_keep(Keep::default().with_case(true));
        let options = CreateOptions::default().with_rules(rules);
        let mut archive = Vec::new();
        options
            .create(&inputs[..n], &mut archive, Arc::new(Silent))
            .unwrap();
        archive
    };
    let masks = |archive: &[u8]| parts_of(&streams(archive), names::CASE).to_vec();
    let mut archive = begun(1);
    assert_eq!(masks(&archive).len(), 1 + 1);
    // Parts of 65,536 bytes; with the third sample a quarter is gone, and all is one part again.
    for (n, n_parts) in [(2, 2), (3, 1)] {
        archive = appended(&archive, &inputs[n - 1..n]).0;
        assert!(masks(&archive) == masks(&begun(n)), "{n}");
        assert_eq!(masks(&archive).len(), n_parts + 1, "{n}");
        let opened = Archive::from_reader(archive.clone()).unwrap();
        for (sample, genome) in genomes[..n].iter().enumerate() {
            let id = ContigId { sample, contig: 0 };
            assert!(
                opened.contig_letters(id, Spelling::Cased).unwrap() == *genome,
                "{n}"
            );
        }
    }
}

/// What can be lost of a stream.
type Loss = (&'static str, fn(&mut Vec<Stream>, usize));

const LOSSES: [Loss; 7] = [
    ("the stream", |streams, place| drop(streams.remove(place))),
    ("all parts", |streams, place| streams[place].1.clear()),
    ("the last part", |streams, place| drop(streams[place].1.pop())),
    ("the first part", |streams, place| {
        if !streams[place].1.is_empty() {
            streams[place].1.remove(0);
        }
    }),
    ("what the last part holds", |streams, place| {
        if let Some(part) = streams[place].1.last_mut() {
            *part = (0, Vec::new());
        }
    }),
    ("what the first part holds", |streams, place| {
        if let Some(part) = streams[place].1.first_mut() {
            *part = (0, Vec::new());
        }
    }),
    ("the last item of the last pack", |streams, place| {
        let (name, parts) = &mut streams[place];
        if let Some(part) = parts.last_mut().filter(|_| is_pack(name)) {
            let pack = unpacked(part);
            let n_items = pack.split_inclusive(|byte| *byte == 0xFF).count();
            let items = pack.split_inclusive(|byte| *byte == 0xFF).take(n_items - 1);
            *part = (0, items.flatten().copied().collect());
        }
    }),
];

fn is_pack(stream: &str) -> bool {
    stream.starts_with('x') && stream.ends_with('d')
}

fn unpacked((metadata, payload): &(u64, Vec<u8>)) -> Vec<u8> {
    match metadata {
        0 => payload.clone(),
        len => ragc_core::internals::zstd::decompress(&payload[..payload.len() - 1], *len).unwrap(),
    }
}

/// The beginnings of genomes: as deltas, with several packs a group, and as they are.
fn kinds_of_archives() -> [Vec<u8>; 2] {
    let dir = tempfile::tempdir().unwrap();
    let inputs = ["ref.fa", "a.fa", "b.fa", "f_lower.fa", "e.fa"].map(|name| {
        let text = std::fs::read_to_string(golden("fasta").join(name)).unwrap();
        let lines: Vec<&str> = text.lines().take(36).collect();
        std::fs::write(dir.path().join(name), lines.join("\n")).unwrap();
        Input::file(dir.path().join(name))
    });
    [(Some(false), 2), (Some(true), 3)].map(|(raw_contigs, cardinality)| {
        let options = CreateOptions::default()
            .with_segment_size(Some(500))
            .with_pack_cardinality(Some(cardinality))
            .with_raw_contigs(raw_contigs)
            .with_digests(true)
            .with_rules(InputRules::default().with_keep(Keep::ALL));
        let mut archive = Vec::new();
        options.create(&inputs, &mut archive, Arc::new(Silent)).unwrap();
        archive
    })
}

/// A number that is in use and whose item is lost would be given to something new, and an old sample would read as that.
#[test]
fn what_has_lost_anything_is_not_appended_to() {
    let mut n_refused = 0;
    for archive in kinds_of_archives() {
        let mut whole = streams(&archive);
        whole.retain(|(name, _)| name != names::SUMS);
        for place in 0..whole.len() {
            for (what, lose) in LOSSES {
                let mut damaged = whole.clone();
                lose(&mut damaged, place);
                if damaged == whole {
                    continue;
                }
                let damaged = rewrite(&damaged);
                let is_intact = Archive::from_reader(damaged.clone())
                    .is_ok_and(|opened| opened.verify(1, &Silent).is_intact());
                if !is_intact {
                    let appended = append_to(&damaged, &[input("concat_ref.fa")], io::sink());
                    assert!(appended.is_err(), "{what} of {}", whole[place].0);
                    n_refused += 1;
                }
            }
        }
    }
    assert!(n_refused > 100, "{n_refused}");
}
