//! Which bytes of the file a query reads.

use std::fs;
use std::io;
use std::ops::Range;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use ragc_core::extract::{ContigId, SampleSink, Spelling};
use ragc_core::observe::Silent;
use ragc_core::{Archive, PendingRange, ReadAt};

use crate::bench::deadline::{RunInTime, in_time};
use crate::bench::golden::golden_archive;

/// An archive in memory that notes every call, and the ranges that it asks for.
#[derive(Clone)]
struct Recording {
    bytes: Arc<Vec<u8>>,
    rounds: Arc<Mutex<Vec<Vec<Range<u64>>>>>,
}

impl Recording {
    fn new(name: &str) -> Self {
        Self::of(fs::read(golden_archive(name)).unwrap())
    }

    fn of(bytes: Vec<u8>) -> Self {
        Self {
            bytes: Arc::new(bytes),
            rounds: Arc::default(),
        }
    }

    /// The calls since this was last asked.
    fn rounds(&self) -> Vec<Vec<Range<u64>>> {
        std::mem::take(&mut *self.rounds.lock().unwrap())
    }

    /// Ranges that are there when they are waited for, and are not noted.
    fn pending(&self, ranges: &[Range<u64>]) -> Vec<PendingRange> {
        let pending = |range: &Range<u64>| {
            let (bytes, range) = (Arc::clone(&self.bytes), range.start as usize..range.end as usize);
            Box::new(move || Ok(Bytes::copy_from_slice(&bytes[range]))) as PendingRange
        };
        ranges.iter().map(pending).collect()
    }

    /// The ranges of all calls since this was last asked.
    fn take(&self) -> Vec<Range<u64>> {
        self.rounds().concat()
    }
}

impl ReadAt for Recording {
    fn read_exact_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        let range = offset..offset + buf.len() as u64;
        self.rounds.lock().unwrap().push(vec![range]);
        self.bytes.read_exact_at(offset, buf)
    }

    fn read_ranges(&self, ranges: &[Range<u64>]) -> io::Result<Vec<Bytes>> {
        self.rounds.lock().unwrap().push(ranges.to_vec());
        self.bytes.read_ranges(ranges)
    }

    fn len(&self) -> io::Result<u64> {
        ReadAt::len(&*self.bytes)
    }
}

/// The same behind a line: it wants to know what comes, and what it begins to read ahead is no round.
struct Slow {
    source: Recording,
    /// Bytes of the end that have come with its length.
    end_len: Option<usize>,
}

impl Slow {
    fn of(source: &Recording) -> Self {
        Self {
            source: source.clone(),
            end_len: None,
        }
    }

    fn with_end(source: &Recording, end_len: usize) -> Self {
        Self {
            end_len: Some(end_len),
            ..Self::of(source)
        }
    }
}

impl ReadAt for Slow {
    fn read_exact_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        self.source.read_exact_at(offset, buf)
    }

    fn read_ranges(&self, ranges: &[Range<u64>]) -> io::Result<Vec<Bytes>> {
        self.source.read_ranges(ranges)
    }

    fn lookahead(&self) -> u64 {
        1 << 20
    }

    fn begin_ranges(&self, ranges: &[Range<u64>]) -> Option<Vec<PendingRange>> {
        Some(self.source.pending(ranges))
    }

    fn end_at_hand(&self) -> Option<Bytes> {
        let bytes = self.source.bytes.as_slice();
        Some(Bytes::copy_from_slice(&bytes[bytes.len() - self.end_len?..]))
    }

    fn len(&self) -> io::Result<u64> {
        ReadAt::len(&self.source)
    }
}

/// As [`Slow`], with room for all of a small archive; counts how often it begins to read ahead.
struct FarAhead(Recording, Arc<AtomicUsize>);

impl ReadAt for FarAhead {
    fn read_exact_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        self.0.read_exact_at(offset, buf)
    }

    fn lookahead(&self) -> u64 {
        16 << 20
    }

    fn begin_ranges(&self, ranges: &[Range<u64>]) -> Option<Vec<PendingRange>> {
        self.1.fetch_add(1, Ordering::Relaxed);
        Some(self.0.pending(ranges))
    }

    fn len(&self) -> io::Result<u64> {
        ReadAt::len(&self.0)
    }
}

/// Takes letters.
#[derive(Default)]
struct Letters(Vec<u8>);

impl SampleSink for Letters {
    fn letters(&mut self, letters: &[u8]) -> ragc_core::Result<()> {
        self.0.extend_from_slice(letters);
        Ok(())
    }
}

/// Every part of which these ranges have a byte, as `STREAM NUMBER`.
fn parts_in(opened: &Archive, ranges: &[Range<u64>]) -> Vec<String> {
    let footer = opened.container().footer();
    let mut found = Vec::new();
    for stream in footer.streams() {
        let name = String::from_utf8_lossy(footer.name(stream));
        for (i, part) in footer.parts(stream).iter().enumerate() {
            let is_in =
                |range: &Range<u64>| part.offset < range.end && range.start < part.offset + 1 + part.len;
            if ranges.iter().any(is_in) {
                found.push(format!("{name} {i}"));
            }
        }
    }
    found
}

fn len_of(ranges: &[Range<u64>]) -> u64 {
    ranges.iter().map(|range| range.end - range.start).sum()
}

/// Letters without repeats, and other numbers of which nobody knows what comes.
struct Dice(u32);

impl Dice {
    fn roll(&mut self) -> u32 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        self.0 >> 8
    }

    fn bases(&mut self, n: usize) -> Vec<u8> {
        (0..n).map(|_| b"ACGT"[(self.roll() >> 22) as usize]).collect()
    }
}

/// An archive of these files, made with these options.
fn archive_of(texts: &[(String, Vec<u8>)], options: &[&str]) -> Recording {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_ragc"));
    command
        .args(["create", "-d", "-q", "-o", "out.agc"])
        .args(options);
    for (name, text) in texts {
        fs::write(folder.path().join(name), text).unwrap();
        command.arg(name);
    }
    assert!(command.current_dir(folder.path()).status_in_time().success());
    Recording::of(fs::read(folder.path().join("out.agc")).unwrap())
}

/// Few samples of many segments: the footer is longer than what is read at first.
fn archive_with_long_footer() -> Recording {
    let mut dice = Dice(3);
    let ancestor = dice.bases(2_000_000);
    let text = |i: usize| {
        let mut bases = ancestor.clone();
        for base in bases.iter_mut().skip(100 + i).step_by(3000) {
            *base = b'N';
        }
        let text = [b">chr1\n", bases.as_slice(), b"\n"].concat();
        (format!("s{i}.fa"), text)
    };
    archive_of(&(0..3).map(text).collect::<Vec<_>>(), &["-s", "1000"])
}

/// Many small samples whose names have nothing in common: they take more than what is read at first.
fn archive_with_many_names() -> (Recording, Vec<String>) {
    let mut dice = Dice(4);
    let ancestor = dice.bases(300);
    let names: Vec<String> = (0..2000)
        .map(|_| (0..5).map(|_| format!("{:06x}", dice.roll())).collect())
        .collect();
    let text = names.iter().enumerate().flat_map(|(i, name)| {
        let mut bases = ancestor.clone();
        bases[i % 300] = b'N';
        [b">", name.as_bytes(), b"\n", &bases, b"\n"].concat()
    });
    let files = [("all.fa".to_owned(), text.collect())];
    (archive_of(&files, &["-c", "-b", "50"]), names)
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
    let unrelated: Vec<u8> = (0..800_000).map(|_| base()).collect();
    for i in 0..n {
        let mut bases = ancestor.clone();
        bases[i] = b'N';
        texts[usize::from(i > 0)].extend(format!(">contig{i}\n").bytes().chain(bases).chain([b'\n']));
    }
    texts[0].extend(b">unrelated\n".iter().chain(&unrelated).chain(b"\n"));
    let [first, others, output] = ["first.fa", "others.fa", "out.agc"].map(|name| folder.path().join(name));
    fs::write(&first, &texts[0]).unwrap();
    fs::write(&others, &texts[1]).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_ragc"));
    command
        .args(["create", "-d", "-c", "-s", "1000", "-b", "50", "-o"])
        .args([&output, &first, &others]);
    assert!(command.status_in_time().success());
    fs::read(output).unwrap()
}

/// An archive of `n` samples in batches of 50, and of unrelated ones in front of them, so that it is long.
fn long_archive(n: usize) -> Recording {
    let source = Recording::of(concatenated(n));
    assert!(source.len().unwrap() > 150_000, "{}", source.len().unwrap());
    source
}

#[test]
fn a_region_of_a_cold_archive_takes_three_rounds_and_a_list_of_samples_two() {
    for n in [60, 600] {
        let source = long_archive(n);
        let file_len = source.len().unwrap();
        let opened = Archive::from_reader(source.clone()).unwrap();
        // And the unrelated one.
        assert_eq!(opened.samples().unwrap().len(), n + 1);
        let listing = source.rounds();
        assert!(listing.len() <= 2, "{listing:?}");
        assert!(len_of(&listing.concat()) <= 32 << 10, "{listing:?}");

        let letters = opened.region("contig55", "contig55", 2000..6096).unwrap();
        assert_eq!(letters.len(), 4096);
        let region = source.rounds();
        assert!(listing.len() + region.len() <= 3, "{n}: {listing:?}, {region:?}");
        // Each byte once.
        let mut ranges = [listing.concat(), region.concat()].concat();
        ranges.sort_unstable_by_key(|range| range.start);
        assert!(
            ranges.windows(2).all(|pair| pair[0].end <= pair[1].start),
            "{ranges:?}"
        );
        assert!(
            len_of(&ranges) < file_len / 2,
            "{n}: {} of {file_len}",
            len_of(&ranges)
        );

        assert_eq!(
            opened.region("contig55", "contig55", 2000..6096).unwrap(),
            letters
        );
        assert_eq!(source.take(), []);
    }
}

#[test]
fn names_and_segments_come_with_a_long_footer() {
    let source = archive_with_long_footer();
    let opened = Archive::from_reader(source.clone()).unwrap();
    let opening = source.rounds();
    assert_eq!(opening.len(), 2, "{opening:?}");
    opened.region("s1", "chr1", 2000..6096).unwrap();
    let region = source.rounds();
    assert_eq!(region.len(), 1, "{region:?}");
    let file_len = source.len().unwrap();
    let n_bytes = len_of(&[opening.concat(), region.concat()].concat());
    assert!(n_bytes < file_len, "{n_bytes} of {file_len}");
}

#[test]
fn what_a_slow_source_is_opened_by_comes_with_names_and_segments() {
    let source = archive_with_long_footer();
    let whole = Archive::from_reader(source.clone()).unwrap();
    let expected = whole.region("s1", "chr1", 2000..6096).unwrap();
    // The end begins behind what every query reads first, or behind the beginning of what parts and footer are checked with.
    for part in ["params 0", "ragc.sums 0"] {
        let end_len = source.bytes.as_slice().len() - offset_of_part(&whole, part) as usize - 1;
        source.take();
        let opened = Archive::from_reader(Slow::with_end(&source, end_len)).unwrap();
        let opening = source.rounds();
        assert_eq!(opening.len(), 1, "{part}: {opening:?}");
        assert_eq!(opened.samples().unwrap().len(), 3);
        let mut letters = Letters::default();
        opened
            .stream_samples_once(&[1], Spelling::Residues, 1, &mut letters)
            .unwrap();
        assert_eq!(letters.0[2000..6096], *expected);
        // All of the rest was asked for before it was wanted.
        assert_eq!(source.take(), [], "{part}");
    }
}

#[test]
fn of_many_samples_those_that_tell_of_contigs_come_with_their_names() {
    let (source, names) = archive_with_many_names();
    let opened = Archive::from_reader(source.clone()).unwrap();
    let opening = source.rounds();
    opened.samples().unwrap();
    let listing = source.rounds();
    assert_eq!((opening.len(), listing.len()), (1, 1), "the list is short");
    let len_of_list = len_of_part(&opened, "collection-samples 0");

    let opened = Archive::from_reader(source.clone()).unwrap();
    let name = &names[1000];
    let letters = opened.region(name, name, 100..200).unwrap();
    assert_eq!(letters.len(), 100);
    let rounds = source.rounds();
    assert!(rounds.len() <= 3, "{rounds:?}");
    // Names of contigs are those of samples, and of segments there is little to tell.
    let n_bytes = len_of(&rounds[..2].concat());
    assert!(
        n_bytes <= len_of(&opening.concat()) + 3 * len_of_list,
        "{n_bytes}, {len_of_list}"
    );
}

/// A sample of twenty copies of a contig of another one, which differ in many bases: their deltas are in one pack, which is longer than what is decoded at
/// once.
fn archive_of_copies() -> Recording {
    let mut dice = Dice(5);
    let ancestor = dice.bases(40_000);
    let copies = (0..20).flat_map(|i| {
        let mut bases = ancestor.clone();
        bases
            .iter_mut()
            .skip(i)
            .step_by(30)
            .for_each(|base| *base = b"ACGT"[dice.roll() as usize % 4]);
        [format!(">c{i}\n").as_bytes(), &bases, b"\n"].concat()
    });
    let copies = copies.collect();
    let files = [
        ("s0.fa".to_owned(), [b">c\n", ancestor.as_slice(), b"\n"].concat()),
        ("s1.fa".to_owned(), copies),
    ];
    archive_of(&files, &["-s", "100000"])
}

#[test]
fn of_a_slow_source_no_pack_is_read_twice_for_a_region() {
    let source = archive_of_copies();
    let whole = Archive::from_reader(source.clone()).unwrap();
    let end_len = source.bytes.as_slice().len() - offset_of_part(&whole, "params 0") as usize;
    for contig in (0..20).map(|j| format!("c{j}")) {
        source.take();
        let opened = Archive::from_reader(Slow::with_end(&source, end_len)).unwrap();
        opened.region("s1", &contig, 0..400).unwrap();
        let read = source.take();
        let packs = |range: &Range<u64>| {
            let parts = parts_in(&opened, std::slice::from_ref(range));
            parts.into_iter().filter(|part| part.ends_with("d 0"))
        };
        let mut packs: Vec<String> = read.iter().flat_map(packs).collect();
        let n_read = packs.len();
        packs.sort();
        packs.dedup();
        assert_eq!((packs.len(), n_read > 0), (n_read, true), "{contig}: {read:?}");
    }
}

#[test]
fn many_regions_of_a_slow_source_are_asked_for_together() {
    let source = long_archive(600);
    let regions: Vec<(ContigId, Range<u64>)> = (0..200)
        .map(|i| {
            (
                ContigId {
                    sample: i * 3,
                    contig: 0,
                },
                100 + i as u64..4200,
            )
        })
        .collect();
    let mut expected = Letters::default();
    let all_at_once = Archive::from_reader(source.bytes.to_vec()).unwrap();
    all_at_once
        .stream_regions(&regions, Spelling::Cased, 2, &mut expected)
        .unwrap();
    let opened = Archive::from_reader(Slow::of(&source)).unwrap();
    source.take();
    let mut found = Letters::default();
    opened
        .stream_regions(&regions, Spelling::Cased, 2, &mut found)
        .unwrap();
    assert_eq!(found.0, expected.0);
    // Samples, and names and segments of twelve batches.
    let rounds = source.rounds();
    assert!(rounds.len() <= 2, "{} rounds: {rounds:?}", rounds.len());
}

#[test]
fn a_reference_of_many_segments_counts_once_in_what_is_read_ahead() {
    let mut dice = Dice(3);
    let genome = dice.bases(3_000_000);
    let mut pieces = Vec::new();
    // In order, so that those of one reference follow one another.
    for number in 0..2400 {
        let start = number * (genome.len() - 2500) / 2400;
        pieces.extend_from_slice(format!(">p{number}\n").as_bytes());
        pieces.extend_from_slice(&genome[start..start + 2500]);
        pieces.push(b'\n');
    }
    let texts = [
        ("a.fa".to_owned(), [b">c\n", &genome[..], b"\n"].concat()),
        ("b.fa".to_owned(), pieces),
    ];
    let recording = archive_of(&texts, &["--raw-contigs", "false"]);
    let n_goes = Arc::new(AtomicUsize::new(0));
    let archive = Archive::from_reader(FarAhead(recording, Arc::clone(&n_goes))).unwrap();
    let segments = archive.describe(1).unwrap();
    assert!(segments.contigs.len() == 2400);
    let mut letters = Letters::default();
    archive
        .stream_samples_once(&[1], Spelling::Residues, 2, &mut letters)
        .unwrap();
    assert_eq!(letters.0.len(), 2400 * 2500);
    // All of it takes less than a megabyte, of which a go may have two; the references of all segments, one after the other, take a hundred.
    let n_goes = n_goes.load(Ordering::Relaxed);
    assert!((1..=2).contains(&n_goes), "{n_goes}");
}

#[test]
fn a_slow_source_is_verified_without_waiting_for_each_part() {
    // Many groups; and packs of many samples, which are not at the end of the file.
    for (source, most) in [(archive_with_long_footer(), 20), (long_archive(600), 40)] {
        let opened = Archive::from_reader(Slow::of(&source)).unwrap();
        source.take();
        let report = opened.verify(2, &Silent);
        assert!(report.is_intact(), "{report:?}");
        // Names and segments of each batch, and few others.
        let rounds = source.rounds();
        assert!(rounds.len() < most, "{} rounds: {rounds:?}", rounds.len());
    }
}

#[test]
fn a_range_reads_its_batch_and_its_groups_and_nothing_of_others() {
    let source = long_archive(600);
    let opened = Archive::from_reader(source.clone()).unwrap();
    let end = source.take();
    opened.region("contig55", "contig55", 2000..6096).unwrap();
    let read = parts_in(&opened, &source.take());
    let at_the_end = parts_in(&opened, &end);
    let is_here = |name: &str| read.iter().chain(&at_the_end).any(|part| part == name);
    assert!(
        is_here("collection-contigs 1") && is_here("collection-details 1"),
        "{read:?}"
    );
    // What is short between two parts that are wanted is read with them. Groups are few: the range spans five borders at most.
    let is_of_group = |part: &&String| part.starts_with('x');
    let n_long = read
        .iter()
        .filter(is_of_group)
        .filter(|part| len_of_part(&opened, part) > 4096)
        .count();
    assert!(n_long <= 2 * 6 + 1, "{read:?}");
}

/// Bytes of a part that is named as [`parts_in`] does.
fn len_of_part(opened: &Archive, part: &str) -> u64 {
    place_of_part(opened, part).1
}

fn offset_of_part(opened: &Archive, part: &str) -> u64 {
    place_of_part(opened, part).0
}

/// Where a part lies in the file, and its bytes.
fn place_of_part(opened: &Archive, part: &str) -> (u64, u64) {
    let (name, number) = part.split_once(' ').unwrap();
    let archive = opened.container();
    let stream = archive.stream(name).unwrap();
    let part = archive.footer().parts(stream)[number.parse::<usize>().unwrap()];
    (part.offset, part.len)
}

#[test]
fn lengths_and_names_read_no_sequences() {
    let source = Recording::new("v3_s500.agc");
    let opened = Archive::from_reader(source.clone()).unwrap();
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
    let opened = Archive::from_reader(source.clone()).unwrap();
    source.take();
    for sample in opened.samples().unwrap().iter() {
        opened.write_sample(sample, io::sink(), 80).unwrap();
    }
    let mut reads = source.take();
    reads.sort_unstable_by_key(|range| range.start);
    assert!(reads.windows(2).all(|pair| pair[0] != pair[1]), "{reads:?}");
    // What is small and lies between two parts that are wanted comes twice.
    assert!(len_of(&reads) < source.len().unwrap() * 5 / 4, "{reads:?}");
}

#[test]
fn a_cache_without_room_changes_nothing_but_the_reads() {
    let source = Recording::new("v3_two.agc");
    let small = Archive::options()
        .cache_limit(0)
        .open_source(source.clone())
        .unwrap();
    let large = Archive::from_reader(source).unwrap();
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
    in_time("all threads have read", || {
        fn send_and_sync<T: Send + Sync>(shared: &T) -> &T {
            shared
        }
        // Room for a few items only, so that the threads push out what the others need.
        let source = Recording::new("v3_s100.agc");
        let opened = Archive::options()
            .cache_limit(20_000)
            .open_source(source)
            .unwrap();
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
    });
}
