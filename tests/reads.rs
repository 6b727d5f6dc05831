//! Which bytes of the file a query reads.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex};

use ragc_core::Decompressor;
use ragc_core::read_at::ReadAt;

/// An archive in memory that notes every read.
#[derive(Clone)]
struct Recording {
    bytes: Arc<Vec<u8>>,
    reads: Arc<Mutex<Vec<(u64, usize)>>>,
}

impl Recording {
    fn new(name: &str) -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../data/golden/archives")
            .join(name);
        Self {
            bytes: Arc::new(fs::read(path).unwrap()),
            reads: Arc::default(),
        }
    }

    /// The reads since the last call.
    fn take(&self) -> Vec<(u64, usize)> {
        std::mem::take(&mut *self.reads.lock().unwrap())
    }
}

impl ReadAt for Recording {
    fn read_exact_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        self.reads.lock().unwrap().push((offset, buf.len()));
        self.bytes.read_exact_at(offset, buf)
    }

    fn len(&self) -> io::Result<u64> {
        ReadAt::len(&*self.bytes)
    }
}

#[test]
fn opening_reads_the_tail_and_two_small_streams() {
    for name in ["v3_s500.agc", "v3_concat.agc"] {
        let source = Recording::new(name);
        let _opened = Decompressor::from_reader(source.clone()).unwrap();
        let reads = source.take();
        assert_eq!(reads.len(), 4, "{reads:?}");
        assert_eq!(
            reads[0].0 + reads[0].1 as u64,
            ReadAt::len(&*source.bytes).unwrap()
        );
    }
}

#[test]
fn a_region_reads_the_parts_it_needs_and_only_once() {
    let source = Recording::new("v3_s500.agc");
    let opened = Decompressor::from_reader(source.clone()).unwrap();
    source.take();
    let first = opened.region("a", "chr1", 1000..1100).unwrap();
    let n_reads = source.take().len();
    // Three collection streams, one length, and reference and pack of one or two segments.
    assert!(n_reads <= 8, "{n_reads}");
    assert_eq!(opened.region("a", "chr1", 1000..1100).unwrap(), first);
    assert_eq!(source.take(), []);
}

#[test]
fn lengths_and_names_read_no_sequences() {
    let source = Recording::new("v3_s500.agc");
    let opened = Decompressor::from_reader(source.clone()).unwrap();
    source.take();
    for sample in opened.samples().unwrap().iter() {
        for contig in opened.contigs(sample).unwrap().iter() {
            opened.contig_len(sample, contig).unwrap();
        }
    }
    let n_samples = opened.samples().unwrap().len();
    let reads = source.take();
    assert!(reads.len() <= 3 + n_samples, "{reads:?}");
}

#[test]
fn extracting_everything_reads_no_part_twice() {
    let source = Recording::new("v3_s500_b3.agc");
    let opened = Decompressor::from_reader(source.clone()).unwrap();
    source.take();
    for sample in opened.samples().unwrap().iter() {
        opened.write_sample(sample, io::sink(), 80).unwrap();
    }
    let mut reads = source.take();
    reads.sort_unstable();
    assert!(reads.windows(2).all(|pair| pair[0] != pair[1]));
}

#[test]
fn a_cache_without_room_changes_nothing_but_the_reads() {
    let source = Recording::new("v3_two.agc");
    let small = Decompressor::from_reader_with_cache(source.clone(), 0).unwrap();
    let large = Decompressor::from_reader(source).unwrap();
    for sample in large.samples().unwrap().iter() {
        for contig in large.contigs(sample).unwrap().iter() {
            assert_eq!(
                small.contig(sample, contig).unwrap(),
                large.contig(sample, contig).unwrap()
            );
        }
    }
}

#[test]
fn threads_share_one_archive() {
    fn send_and_sync<T: Send + Sync>(shared: &T) -> &T {
        shared
    }
    // Room for a few items only, so that the threads push out what the others need.
    let source = Recording::new("v3_s100.agc");
    let opened = Decompressor::from_reader_with_cache(source, 20_000).unwrap();
    let opened = send_and_sync(&opened);
    let whole = opened.contig("a", "chr1").unwrap();
    std::thread::scope(|scope| {
        for thread in 0..4u64 {
            let whole = &whole;
            scope.spawn(move || {
                for i in 0..200 {
                    let from = (i * 977 + thread * 131) % (whole.len() as u64 - 300);
                    let region = opened.region("a", "chr1", from..from + 300).unwrap();
                    assert_eq!(region, whole[from as usize..from as usize + 300]);
                }
            });
        }
    });
}
