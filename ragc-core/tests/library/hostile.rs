//! Archives of a few kilobytes that stand for very much: refused before memory is taken, unless the cache allows it.

use ragc_core::Params;
use ragc_core::ReadAt;
use ragc_core::extract::ContigId;
use ragc_core::internals::bytes::put_prefix_int;
use ragc_core::internals::collection::{
    ContigDesc, SampleDesc, SegmentDesc, encode_contig_names, encode_details, encode_samples,
};
use ragc_core::internals::container::{ContainerWriter, names};
use ragc_core::internals::file_info::FileInfo;
use ragc_core::internals::tuple;
use ragc_core::internals::zstd::Compressor;
use ragc_core::observe::Silent;
use ragc_core::{Archive, ErrorKind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

const PARAMS: Params = Params {
    k: 31,
    min_match_len: 20,
    pack_cardinality: 50,
    segment_size: 1000,
};

/// More than any unit of a small archive may decode to.
const MUCH: u32 = 70 << 20;

/// A cache that allows that much.
const LARGE_CACHE: u64 = 32 << 20;

/// The parts that a test replaces.
#[derive(Clone)]
struct Parts {
    sample: SampleDesc,
    names: Option<(u64, Vec<u8>)>,
    details: Option<Vec<u8>>,
    reference: (u64, Vec<u8>),
    deltas: (u64, Vec<u8>),
}

impl Parts {
    /// A sample of one contig of one segment of `len` symbols.
    fn of_segment(in_group_id: u32, len: u32) -> Self {
        let segment = SegmentDesc {
            group: 16,
            in_group_id,
            is_rev_comp: false,
            raw_len: len,
        };
        Self {
            sample: SampleDesc {
                name: b"s".to_vec(),
                contigs: vec![ContigDesc {
                    name: b"c".to_vec(),
                    segments: vec![segment],
                }],
            },
            names: None,
            details: None,
            reference: (0, vec![0; 1000]),
            deltas: (0, b"0.\xFF".to_vec()),
        }
    }

    fn archive(self) -> Vec<u8> {
        let batch = [self.sample];
        let mut writer = ContainerWriter::new(Vec::new());
        let mut add = |name: &str, metadata: u64, payload: &[u8]| {
            let stream = writer.register(name);
            writer.add_part(stream, metadata, payload).unwrap();
        };
        let (metadata, payload) = encode_samples(&["s"]).unwrap();
        add(names::COLLECTION_SAMPLES, metadata, &payload);
        let (metadata, payload) = self.names.unwrap_or_else(|| encode_contig_names(&batch).unwrap());
        add(names::COLLECTION_CONTIGS, metadata, &payload);
        let details = self
            .details
            .unwrap_or_else(|| encode_details(&batch, PARAMS.predicted_len()).unwrap());
        add(names::COLLECTION_DETAILS, 0, &details);
        add("xGr", self.reference.0, &self.reference.1);
        add("xGd", self.deltas.0, &self.deltas.1);
        add(names::PARAMS, 0, &PARAMS.encode());
        let (metadata, payload) = FileInfo::of_this_program().encode();
        add(names::FILE_INFO, metadata, &payload);
        let bytes = writer.finish_with_sums().unwrap();
        assert!(bytes.len() < 100_000);
        bytes
    }
}

fn frame(bytes: &[u8]) -> Vec<u8> {
    Compressor::new().compress(bytes, 1).unwrap().to_vec()
}

/// The only contig, with a cache of this size.
fn contig(archive: &[u8], cache: u64) -> ragc_core::Result<Vec<u8>> {
    let archive = Archive::options()
        .cache_limit(cache)
        .open_source(archive.to_vec())?;
    archive.contig_codes(ContigId { sample: 0, contig: 0 })
}

fn assert_refused(archive: &[u8]) {
    let error = contig(archive, 1 << 20).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::TooLarge { .. }), "{error}");
    let archive = Archive::options()
        .cache_limit(1 << 20)
        .open_source(archive.to_vec())
        .unwrap();
    assert!(!archive.verify(1, &Silent).is_intact());
}

#[test]
fn a_reference() {
    let mut payload = frame(&tuple::pack(&vec![0; MUCH as usize]));
    payload.push(1);
    let parts = Parts {
        reference: (MUCH.into(), payload),
        ..Parts::of_segment(0, MUCH)
    };
    let archive = parts.archive();
    assert_refused(&archive);
    assert_eq!(contig(&archive, LARGE_CACHE).unwrap().len(), MUCH as usize);
}

#[test]
fn a_delta() {
    // Each open match repeats the reference.
    let n = MUCH / 100_000;
    let delta = "0.-100000.";
    let again = "-100000.".repeat(n as usize - 2);
    let mut payload = frame(&tuple::pack(&vec![0; 100_000]));
    payload.push(1);
    let parts = Parts {
        reference: (100_000, payload),
        deltas: (0, [delta.as_bytes(), again.as_bytes(), b"\xFF"].concat()),
        ..Parts::of_segment(1, n * 100_000)
    };
    let archive = parts.archive();
    assert_refused(&archive);
    assert_eq!(contig(&archive, LARGE_CACHE).unwrap().len() as u32, n * 100_000);
    // A wrong declaration is an error of its own: nothing is decoded beyond it.
    let parts = Parts {
        deltas: (0, [delta.as_bytes(), b"\xFF"].concat()),
        ..Parts::of_segment(1, 500)
    };
    assert!(contig(&parts.archive(), LARGE_CACHE).is_err());
}

#[test]
fn names_of_contigs() {
    // One byte repeats the name before.
    let (n, len) = (7_000u32, 10_000usize);
    let mut bytes = Vec::new();
    put_prefix_int(&mut bytes, 1);
    put_prefix_int(&mut bytes, n);
    bytes.extend(std::iter::repeat_n(b'n', len));
    bytes.extend([0, 0x81].repeat(n as usize - 1));
    bytes.push(0);
    let parts = Parts {
        names: Some((bytes.len() as u64, frame(&bytes))),
        ..Parts::of_segment(0, 1000)
    };
    assert_refused(&parts.archive());
}

/// Details of a batch in these columns.
fn refuse_details(columns: [&[u8]; 5]) {
    let (mut sizes, mut frames) = (Vec::new(), Vec::new());
    for column in columns {
        let frame = frame(column);
        put_prefix_int(&mut sizes, column.len() as u32);
        put_prefix_int(&mut sizes, frame.len() as u32);
        frames.extend(frame);
    }
    let parts = Parts {
        details: Some([sizes, frames].concat()),
        ..Parts::of_segment(0, 1000)
    };
    assert_refused(&parts.archive());
}

#[test]
fn segments() {
    let n = MUCH / 16;
    let mut counts = vec![1, 1];
    put_prefix_int(&mut counts, n);
    let zeros = vec![0; n as usize];
    refuse_details([&counts[..], &zeros, &zeros, &zeros, &zeros]);
}

/// Items and names of no bytes at all: what they cost is their number.
const MANY: u32 = 30_000_000;

/// Names that begin so, go on with [`MANY`], and with as many zeros.
fn refuse_names_that_end_in_zeros(mut bytes: Vec<u8>) {
    put_prefix_int(&mut bytes, MANY);
    bytes.resize(bytes.len() + MANY as usize, 0);
    let parts = Parts {
        names: Some((bytes.len() as u64, frame(&bytes))),
        ..Parts::of_segment(0, 1000)
    };
    assert_refused(&parts.archive());
}

#[test]
fn empty_names() {
    refuse_names_that_end_in_zeros(vec![1]);
}

#[test]
fn samples_without_contigs() {
    refuse_names_that_end_in_zeros(Vec::new());
}

#[test]
fn contigs_without_segments() {
    let mut counts = vec![1];
    put_prefix_int(&mut counts, MANY);
    counts.resize(counts.len() + MANY as usize, 0);
    refuse_details([&counts[..], &[], &[], &[], &[]]);
}

#[test]
fn empty_items() {
    let mut payload = frame(&vec![0xFF; MANY as usize]);
    payload.push(0);
    let parts = Parts {
        deltas: (MANY.into(), payload),
        ..Parts::of_segment(0, 1000)
    };
    let archive = Archive::options()
        .cache_limit(LARGE_CACHE)
        .open_source(parts.archive())
        .unwrap();
    let damages: Vec<String> = archive
        .verify(1, &Silent)
        .damages
        .iter()
        .map(ToString::to_string)
        .collect();
    assert!(
        damages
            .iter()
            .any(|damage| damage.contains("items in an archive of this size")),
        "{damages:?}"
    );
}

/// A megabyte that many contigs of many samples repeat: each sample alone is let in.
fn archive_of_long_names(n_samples: u32, n_contigs: u32) -> Vec<u8> {
    let names: Vec<String> = (0..n_samples).map(|sample| format!("s{sample}")).collect();
    let mut contigs = Vec::new();
    put_prefix_int(&mut contigs, n_samples);
    for _ in 0..n_samples {
        put_prefix_int(&mut contigs, n_contigs);
        contigs.extend(std::iter::repeat_n(b'n', 1 << 20));
        contigs.extend([0, 0x81].repeat(n_contigs as usize - 1));
        contigs.push(0);
    }
    let empty = SampleDesc {
        name: b"s".to_vec(),
        contigs: vec![ContigDesc::default(); n_contigs as usize],
    };
    let batch = vec![empty; n_samples as usize];
    let mut writer = ContainerWriter::new(Vec::new());
    let mut add = |name: &str, metadata: u64, payload: &[u8]| {
        let stream = writer.register(name);
        writer.add_part(stream, metadata, payload).unwrap();
    };
    let (metadata, payload) = encode_samples(&names).unwrap();
    add(names::COLLECTION_SAMPLES, metadata, &payload);
    add(names::COLLECTION_CONTIGS, contigs.len() as u64, &frame(&contigs));
    add(
        names::COLLECTION_DETAILS,
        0,
        &encode_details(&batch, PARAMS.predicted_len()).unwrap(),
    );
    add(names::PARAMS, 0, &PARAMS.encode());
    let (metadata, payload) = FileInfo::of_this_program().encode();
    add(names::FILE_INFO, metadata, &payload);
    writer.finish().unwrap()
}

#[test]
fn names_of_all_samples() {
    let bytes = archive_of_long_names(20, 30);
    let open = |cache| {
        Archive::options()
            .cache_limit(cache)
            .open_source(bytes.clone())
            .unwrap()
    };
    let n_read = |archive: &Archive| {
        (0..20)
            .take_while(|i| archive.contigs(format!("s{i}")).is_ok())
            .count()
    };
    let archive = open(1 << 20);
    let n = n_read(&archive);
    assert!((2..10).contains(&n), "{n}");
    // What was let in once is let in again.
    assert_eq!(n_read(&archive), n);
    assert!(!open(1 << 20).verify(1, &Silent).is_intact());
    assert_eq!(n_read(&open(1 << 30)), 20);
}

/// An archive whose reads are counted.
struct Counted(Vec<u8>, Arc<AtomicUsize>);

impl ReadAt for Counted {
    fn len(&self) -> std::io::Result<u64> {
        ReadAt::len(&self.0)
    }

    fn read_exact_at(&self, offset: u64, buf: &mut [u8]) -> std::io::Result<()> {
        self.1.fetch_add(1, Ordering::Relaxed);
        ReadAt::read_exact_at(&self.0, offset, buf)
    }
}

/// The time of a listing grows with the contigs of a sample, and not with their square.
#[test]
fn names_that_the_cache_cannot_hold_are_decoded_once_for_all_contigs() {
    let n_reads = Arc::new(AtomicUsize::new(0));
    let source = Counted(archive_of_long_names(1, 20), Arc::clone(&n_reads));
    let archive = Archive::options()
        .cache_limit(1 << 10)
        .open_source(source)
        .unwrap();
    for contig in 0..20 {
        let id = ContigId { sample: 0, contig };
        assert_eq!(archive.contig_len_of(id).unwrap(), 0);
        assert_eq!(archive.contig_name(id).unwrap().len(), 1 << 20);
    }
    assert_eq!(archive.contig_lens(0).unwrap(), [0; 20]);
    let n_reads = n_reads.load(Ordering::Relaxed);
    assert!(n_reads < 15, "{n_reads} reads");
}

/// Who goes on after damage meets the same unit with each contig that refers to it: it is decoded once all the same.
#[test]
fn what_cannot_be_decoded_is_not_tried_again_for_each_contig() {
    let many = |in_group_id| {
        let mut parts = Parts::of_segment(in_group_id, 1000);
        let contig = &parts.sample.contigs[0];
        parts.sample.contigs = (0..500)
            .map(|i| ContigDesc {
                name: format!("c{i}").into_bytes(),
                ..contig.clone()
            })
            .collect();
        parts
    };
    let mut items = frame(&vec![b'!'; MUCH as usize]);
    items.push(0);
    let mut bases = frame(&tuple::pack(&vec![0; MUCH as usize]));
    bases.push(1);
    let pack = Parts {
        deltas: (MUCH.into(), items),
        ..many(1)
    };
    let reference = Parts {
        reference: (MUCH.into(), bases),
        ..many(0)
    };
    for parts in [pack, reference] {
        let n_reads = Arc::new(AtomicUsize::new(0));
        let source = Counted(parts.archive(), Arc::clone(&n_reads));
        let archive = Archive::options()
            .cache_limit(1 << 20)
            .open_source(source)
            .unwrap();
        let report = archive.verify(2, &Silent);
        assert_eq!(report.lost_samples().len(), 1, "{:?}", report.damages);
        let n_reads = n_reads.load(Ordering::Relaxed);
        assert!(n_reads < 60, "{n_reads} reads");
    }
}
