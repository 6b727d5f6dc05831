//! How often parts of an archive are read, and so decoded, when many samples are extracted or verified: counts, not times.

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::ops::Range;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use ragc_core::ReadAt;
use ragc_core::compress::{CreateOptions, Input};
use ragc_core::extract::{SampleSink, Spelling};
use ragc_core::internals::container::names::GroupNaming;
use ragc_core::internals::container::{ContainerReader, ContainerWriter};
use ragc_core::observe::Silent;
use ragc_core::{Archive, Result};

const N_SAMPLES: usize = 60;
const PACK_CARDINALITY: u32 = 20;

/// The number of a part, and nothing else of it, is no longer.
const NUMBER_LEN: usize = 9;

/// An archive that counts the reads of more than the number of a part, by their places.
struct Counting {
    bytes: Vec<u8>,
    reads: Arc<Mutex<HashMap<u64, usize>>>,
}

impl ReadAt for Counting {
    fn read_exact_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        if buf.len() > NUMBER_LEN {
            *self.reads.lock().unwrap().entry(offset).or_default() += 1;
        }
        self.bytes.read_exact_at(offset, buf)
    }

    /// Nothing can be read ahead: each part is read when it is decoded.
    fn read_ranges(&self, _ranges: &[Range<u64>]) -> io::Result<Vec<Bytes>> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn len(&self) -> io::Result<u64> {
        Ok(self.bytes.len() as u64)
    }
}

/// Samples that descend from each other: 12 kb, in two contigs.
fn archive() -> Vec<u8> {
    archive_with(
        CreateOptions::default()
            .with_segment_size(Some(1000))
            .with_pack_cardinality(Some(PACK_CARDINALITY)),
    )
}

fn archive_with(options: CreateOptions) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let mut state = 7u64;
    let mut number = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 20) as usize % below
    };
    let mut bases: Vec<u8> = (0..12_000).map(|_| b"ACGT"[number(4)]).collect();
    let mut inputs = Vec::new();
    for i in 0..N_SAMPLES {
        let (one, two) = bases.split_at(5000);
        let text = |bases| String::from_utf8_lossy(bases).into_owned();
        let path = folder.path().join(format!("s{i}.fa"));
        std::fs::write(&path, format!(">one\n{}\n>two\n{}\n", text(one), text(two))).unwrap();
        inputs.push(Input::file(path));
        for _ in 0..12 {
            bases[number(12_000)] = b"ACGT"[number(4)];
        }
    }
    create_of(&inputs, options)
}

fn create_of(inputs: &[Input], options: CreateOptions) -> Vec<u8> {
    // A reference whose length is looked at is read to be compared with its checksum.
    let options = options.with_checksums(false).with_threads(1);
    let mut archive = Vec::new();
    options.create(inputs, &mut archive, Arc::new(Silent)).unwrap();
    with_padding(archive)
}

/// The same archive with a stream of nothing at its end, which is read when it is opened.
fn with_padding(archive: Vec<u8>) -> Vec<u8> {
    let reader = ContainerReader::open(archive).unwrap();
    let mut writer = ContainerWriter::new(Vec::new());
    for stream in reader.footer().streams() {
        let copy = writer.register(std::str::from_utf8(reader.footer().name(stream)).unwrap());
        for number in 0..reader.n_parts(stream) {
            let part = reader.read_part(stream, number).unwrap();
            writer.add_part(copy, part.metadata, part.payload()).unwrap();
        }
    }
    let padding = writer.register("padding");
    writer.add_part(padding, 0, &[0; 1 << 16]).unwrap();
    writer.finish().unwrap()
}

/// What a stream is to a scan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Batches,
    References,
    Packs,
}

/// Opens the archive, does something with it, and tells per kind of stream the reads of the part that was read most often, and how many
/// parts were read at all.
fn count(bytes: &[u8], cache_limit: u64, work: impl FnOnce(&Archive)) -> BTreeMap<Kind, (usize, usize)> {
    let reads = Arc::default();
    let source = Counting {
        bytes: bytes.to_vec(),
        reads: Arc::clone(&reads),
    };
    let archive = Archive::options()
        .cache_limit(cache_limit)
        .open_source(source)
        .unwrap();
    work(&archive);
    let reads = reads.lock().unwrap();
    let mut counts = BTreeMap::<Kind, (usize, usize)>::new();
    let footer = archive.container().footer();
    for stream in footer.streams() {
        let Some(kind) = kind_of(footer.name(stream)) else {
            continue;
        };
        for n_reads in footer
            .parts(stream)
            .iter()
            .filter_map(|part| reads.get(&part.offset))
        {
            let count = counts.entry(kind).or_default();
            *count = (count.0.max(*n_reads), count.1 + 1);
        }
    }
    counts
}

fn kind_of(stream: &[u8]) -> Option<Kind> {
    use ragc_core::internals::container::names::GroupStream;
    match GroupNaming::Base64.group_of(stream) {
        Some(GroupStream::Reference(_)) => Some(Kind::References),
        Some(GroupStream::Deltas(_)) => Some(Kind::Packs),
        None => [&b"collection-contigs"[..], b"collection-details"]
            .contains(&stream)
            .then_some(Kind::Batches),
    }
}

/// Takes samples and leaves them.
struct Ignore;

impl SampleSink for Ignore {
    fn letters(&mut self, _letters: &[u8]) -> Result<()> {
        Ok(())
    }
}

#[test]
fn a_scan_decodes_every_part_once() {
    let bytes = archive();
    let n_batches = N_SAMPLES.div_ceil(PACK_CARDINALITY as usize);
    let forwards: Vec<usize> = (0..N_SAMPLES).collect();
    let in_no_order: Vec<usize> = (0..N_SAMPLES).map(|i| i * 37 % N_SAMPLES).collect();
    for order in [forwards, in_no_order] {
        for n_threads in [1, 3] {
            let counts = count(&bytes, 256 << 20, |archive| {
                let scanned = archive.stream_samples_once(&order, Spelling::Residues, n_threads, &mut Ignore);
                scanned.unwrap();
            });
            assert_eq!(counts[&Kind::Batches], (1, 2 * n_batches));
            assert!(
                counts[&Kind::References].0 == 1 && counts[&Kind::References].1 > 5,
                "{counts:?}"
            );
            assert!(
                counts[&Kind::Packs].0 == 1 && counts[&Kind::Packs].1 > 10,
                "{counts:?}"
            );
        }
    }
}

#[test]
fn a_cache_of_nothing_costs_packs_and_references_and_no_batch() {
    let bytes = archive();
    let all: Vec<usize> = (0..N_SAMPLES).collect();
    let counts = count(&bytes, 0, |archive| {
        archive
            .stream_samples_once(&all, Spelling::Residues, 2, &mut Ignore)
            .unwrap();
    });
    assert_eq!(counts[&Kind::Batches].0, 1);
    // A portion is a sample, however many of its segments are in the pack.
    assert!((2..=N_SAMPLES).contains(&counts[&Kind::Packs].0), "{counts:?}");
}

#[test]
fn a_verification_decodes_every_part_as_such_and_once_for_all_contigs() {
    let bytes = archive();
    let counts = count(&bytes, 256 << 20, |archive| {
        assert!(archive.verify(2, &Silent).is_intact());
    });
    for kind in [Kind::Batches, Kind::References, Kind::Packs] {
        assert_eq!(counts[&kind].0, 2, "{counts:?}");
    }
}

#[test]
fn a_pack_is_decoded_twice_at_most_for_single_queries_and_first_as_far_as_needed() {
    // One pack of 120 items and 720 kB, which are six blocks at least.
    let bytes = archive_with(
        CreateOptions::default()
            .with_raw_contigs(Some(true))
            .with_pack_cardinality(Some(1000)),
    );
    let n_reads_after = |samples: &[usize]| {
        let counts = count(&bytes, 256 << 20, |archive| {
            for sample in samples {
                let two = archive.contig(format!("s{sample}"), "two").unwrap();
                assert_eq!(
                    archive.region(format!("s{sample}"), "two", 10..20).unwrap(),
                    two[10..20]
                );
            }
        });
        assert_eq!(counts[&Kind::Packs].1, 1);
        counts[&Kind::Packs].0
    };
    let last = N_SAMPLES - 1;
    assert_eq!(n_reads_after(&[20, 3, 0, 20]), 1);
    assert_eq!(n_reads_after(&[last, 3, last - 1]), 1);
    assert_eq!(n_reads_after(&[0, last / 2, last]), 2);
    let all: Vec<usize> = (0..N_SAMPLES).collect();
    assert_eq!(n_reads_after(&all), 2);
}
