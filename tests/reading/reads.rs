//! Which bytes of the file a query reads.

use std::fs;
use std::io;
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};

use ragc_core::Decompressor;
use ragc_core::read_at::ReadAt;

use crate::bench::deadline::RunInTime;

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
        Self::of(fs::read(path).unwrap())
    }

    fn of(bytes: Vec<u8>) -> Self {
        Self {
            bytes: Arc::new(bytes),
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

/// What each read is of: `size`, `footer`, or a stream and its part. A read that is none of them fails, as does one
/// that takes more than a part and the longest number in front of it.
fn named(opened: &Decompressor, file_len: u64, reads: &[(u64, usize)]) -> Vec<String> {
    let archive = opened.archive();
    let last_part = |stream| {
        archive
            .footer()
            .parts(stream)
            .iter()
            .max_by_key(|part| part.offset)
    };
    // The checksums are the last part; their metadata takes one byte.
    let last = archive
        .footer()
        .streams()
        .filter_map(last_part)
        .max_by_key(|part| part.offset);
    let data_len = last.map_or(0, |part| part.offset + 1 + part.len);
    let name = |(offset, len): &(u64, usize)| {
        if offset + *len as u64 == file_len {
            return "size".to_owned();
        }
        for stream in archive.footer().streams() {
            let name = String::from_utf8_lossy(archive.footer().name(stream));
            for (i, part) in archive.footer().parts(stream).iter().enumerate() {
                if part.offset == *offset {
                    assert!(*len as u64 <= part.len + 9, "{name} {i}");
                    return format!("{name} {i}");
                }
            }
        }
        // The footer, and the 16 bytes in front of it that tell whether there are checksums.
        assert_eq!((*offset, offset + *len as u64), (data_len - 16, file_len - 8));
        "footer".to_owned()
    };
    reads.iter().map(name).collect()
}

/// An archive of contigs that differ in a base each; every one is a sample.
fn concatenated(n: usize) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let mut state = 1u32;
    let mut base = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        b"ACGT"[(state >> 30) as usize]
    };
    let ancestor: Vec<u8> = (0..9000).map(|_| base()).collect();
    // The reference is a file of its own: splitters are k-mers that occur once in it.
    let mut texts = [Vec::new(), Vec::new()];
    for i in 0..n {
        let mut bases = ancestor.clone();
        bases[i] = b'N';
        texts[usize::from(i > 0)].extend(format!(">contig{i}\n").bytes().chain(bases).chain([b'\n']));
    }
    let [first, others, output] = ["first.fa", "others.fa", "out.agc"].map(|name| folder.path().join(name));
    fs::write(&first, &texts[0]).unwrap();
    fs::write(&others, &texts[1]).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_ragc"));
    command
        .args(["create", "-c", "-s", "1000", "-b", "50", "-o"])
        .args([&output, &first, &others]);
    assert!(command.status_in_time().success());
    fs::read(output).unwrap()
}

#[test]
fn opening_listing_and_a_range_read_these_bytes_and_no_others() {
    for n in [60, 600] {
        let source = Recording::of(concatenated(n));
        let file_len = source.len().unwrap();
        let opened = Decompressor::from_reader(source.clone()).unwrap();
        let reads = |source: &Recording| named(&opened, file_len, &source.take());
        assert_eq!(
            reads(&source),
            ["size", "footer", "ragc.sums 0", "file_type_info 0", "params 0"]
        );
        assert_eq!(opened.samples().unwrap().len(), n);
        assert_eq!(reads(&source), ["collection-samples 0"]);
        let codes = opened.region("contig55", "contig55", 2000..6096).unwrap();
        assert_eq!(codes.len(), 4096);
        let read = reads(&source);
        // The batch of this sample, and nothing of others.
        assert_eq!(read[..2], ["collection-contigs 1", "collection-details 1"]);
        // A reference, to see by its length how lengths are coded; then references, or packs and references, of the
        // segments that the range touches: it spans five borders between segments at most.
        assert!(read[2].starts_with('x') && read[2].ends_with("r 0"), "{read:?}");
        let of_groups = |name: &String| name.starts_with('x');
        assert!(
            read[2..].iter().all(of_groups) && read.len() <= 3 + 2 * 6,
            "{n}: {read:?}"
        );
        assert_eq!(opened.region("contig55", "contig55", 2000..6096).unwrap(), codes);
        assert_eq!(source.take(), []);
    }
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
