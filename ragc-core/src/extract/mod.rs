//! Taking samples, contigs and regions out of an archive.
//!
//! ```text
//! Decompressor ── query.rs   what a query names
//!      │       ── plan.rs    range of a contig → slices of segments
//!      │       ── stream.rs  whole samples, decoded ahead by threads, in order
//!      ▼
//!    store.rs  ── cache.rs   names, segments, references, packs: decoded once, kept within a limit
//!      │
//!   archive, collection, group, lz_diff
//! ```
//!
//! One [`Decompressor`] is one open archive. All queries take `&self` and may run on any number of threads, which
//! share what was decoded. Opening reads the end of the file and two small streams; names and segments of a batch of
//! samples are read with the first query that needs them.
//!
//! What comes out is checked on the way: lengths against what the archive declares, and the `k` symbols that
//! neighbouring segments share.

mod cache;
mod describe;
mod fasta;
mod join;
mod plan;
mod query;
mod store;
mod stream;

use std::fs::File;
use std::io::Write;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use fasta::{DEFAULT_LINE_WIDTH, FastaWriter};
pub use query::Query;
pub use stream::SampleSink;

use crate::alphabet::LETTERS;
use crate::archive::ArchiveReader;
use crate::collection::{BatchNames, SampleNames};
use crate::error::{Error, ErrorKind, Result};
use crate::extract::join::Joiner;
use crate::extract::store::Store;
use crate::extract::stream::Target;
use crate::fasta::name::short_name;
use crate::file_info::FileInfo;
use crate::params::Params;
use crate::read_at::ReadAt;

/// Bytes kept of what was decoded, unless something else is asked for.
pub const DEFAULT_CACHE_LIMIT: u64 = 256 << 20;

/// An open archive.
///
/// # Example
/// ```no_run
/// # fn main() -> ragc_core::Result<()> {
/// let archive = ragc_core::Decompressor::open("yeast.agc")?;
/// for sample in archive.samples()?.iter() {
///     let n_contigs = archive.contigs(sample)?.len();
///     println!("{}: {n_contigs}", String::from_utf8_lossy(sample));
/// }
/// let start = archive.region("S288C", "chrI", 0..1000)?;
/// assert!(start.len() <= 1000);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Decompressor {
    store: Store,
    path: Option<PathBuf>,
}

/// A contig of an archive, by its places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ContigId {
    /// Place of the sample in the archive.
    pub sample: usize,
    /// Place of the contig in the sample.
    pub contig: usize,
}

/// What a query names: a contig, and the range asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The contig.
    pub contig: ContigId,
    /// First and last position asked for, both included, counted from 0.
    pub range: Option<(u64, u64)>,
}

/// Names of the contigs of a sample, in archive order.
#[derive(Debug, Clone)]
pub struct ContigNames {
    batch: Arc<BatchNames>,
    slot: usize,
}

impl ContigNames {
    /// Number of contigs.
    #[must_use]
    pub fn len(&self) -> usize {
        self.batch.n_contigs(self.slot)
    }

    /// Whether the sample has no contigs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Name of a contig: its complete header line.
    #[must_use]
    pub fn get(&self, contig: usize) -> Option<&[u8]> {
        (contig < self.len()).then(|| self.batch.name(self.slot, contig))
    }

    /// All names.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &[u8]> {
        self.batch.of_sample(self.slot)
    }

    /// The first contig that `wanted` means.
    fn find(&self, wanted: Wanted<'_>) -> Option<usize> {
        self.iter().position(|contig| wanted.matches(contig))
    }
}

/// What a name asked for means. AGC goes by short names alone; a complete header line is taken at its word first.
#[derive(Debug, Clone, Copy)]
enum Wanted<'a> {
    Whole(&'a [u8]),
    Short(&'a [u8]),
}

impl<'a> Wanted<'a> {
    /// The meanings of a name, the one to prefer first.
    fn of(name: &'a [u8]) -> impl Iterator<Item = Self> {
        let short = short_name(name);
        let whole = (short != name).then_some(Self::Whole(name));
        whole.into_iter().chain([Self::Short(short)])
    }

    fn matches(self, contig: &[u8]) -> bool {
        match self {
            Self::Whole(name) => contig == name,
            Self::Short(name) => short_name(contig) == name,
        }
    }
}

impl Decompressor {
    /// Opens an archive with the default cache.
    ///
    /// # Errors
    /// `Io` when the file cannot be read; `Truncated` or `Corrupt` when it is no archive, or a damaged one;
    /// `Unsupported` for file versions that are not read.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        Self::open_with_cache(path, DEFAULT_CACHE_LIMIT)
    }

    /// Opens an archive that keeps at most `cache_limit` bytes of what it decodes.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_with_cache(path: impl AsRef<Path>, cache_limit: u64) -> Result<Self> {
        let path = path.as_ref();
        let open = || {
            let file = File::open(path).map_err(|e| Error::io("cannot open", e))?;
            Self::from_reader_with_cache(file, cache_limit)
        };
        let mut opened = open().map_err(|e| e.in_file(path))?;
        opened.path = Some(path.to_path_buf());
        Ok(opened)
    }

    /// Opens an archive from any source of bytes.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn from_reader(source: impl ReadAt + 'static) -> Result<Self> {
        Self::from_reader_with_cache(source, DEFAULT_CACHE_LIMIT)
    }

    /// Opens an archive from any source of bytes, keeping at most `cache_limit` bytes of what it decodes.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn from_reader_with_cache(source: impl ReadAt + 'static, cache_limit: u64) -> Result<Self> {
        let store = Store::open(ArchiveReader::open(source)?, cache_limit)?;
        Ok(Self { store, path: None })
    }

    /// Parameters of the archive.
    #[must_use]
    pub fn params(&self) -> &Params {
        self.store.params()
    }

    /// What the archive says about its format and its producer.
    #[must_use]
    pub fn file_info(&self) -> &FileInfo {
        self.store.info()
    }

    /// The container below: its streams and parts.
    #[must_use]
    pub fn archive(&self) -> &ArchiveReader {
        self.store.archive()
    }

    /// Names of all samples, in archive order.
    ///
    /// # Errors
    /// `Corrupt` when they are damaged.
    pub fn samples(&self) -> Result<&SampleNames> {
        self.placed(|| self.store.samples())
    }

    /// Name of the reference sample, the first one.
    ///
    /// # Errors
    /// `NotFound` in an archive without samples; as [`Self::samples`].
    pub fn reference_sample(&self) -> Result<&[u8]> {
        self.placed(|| {
            let not_found = || {
                Error::new(ErrorKind::NotFound {
                    what: "sample",
                    name: String::new(),
                })
            };
            self.store.samples()?.get(0).ok_or_else(not_found)
        })
    }

    /// Place of a sample in the archive.
    ///
    /// # Errors
    /// `NotFound`; as [`Self::samples`].
    pub fn find_sample(&self, name: impl AsRef<[u8]>) -> Result<usize> {
        self.placed(|| self.sample_idx(name.as_ref()))
    }

    /// Names of the contigs of a sample, in order.
    ///
    /// # Errors
    /// `NotFound` without the sample; `Corrupt` when the names are damaged.
    pub fn contigs(&self, sample: impl AsRef<[u8]>) -> Result<ContigNames> {
        self.placed(|| self.contig_names(self.sample_idx(sample.as_ref())?))
    }

    /// A contig by its name: the first whose header line starts with this word or, if `name` has several words, the
    /// first with exactly this header line; if there is none, the first word decides after all.
    ///
    /// # Errors
    /// `NotFound` without sample or contig; without `sample` also `Ambiguous` when several samples have the contig.
    ///
    /// # Cost
    /// Without `sample` the names of all samples are read.
    pub fn find_contig(&self, sample: Option<&[u8]>, name: impl AsRef<[u8]>) -> Result<ContigId> {
        let name = name.as_ref();
        self.placed(|| match sample {
            Some(sample) => {
                let idx = self.sample_idx(sample)?;
                let names = self.contig_names(idx)?;
                let contig = Wanted::of(name).find_map(|wanted| names.find(wanted));
                let not_found = || contig_not_found(name).in_sample(&String::from_utf8_lossy(sample));
                Ok(ContigId {
                    sample: idx,
                    contig: contig.ok_or_else(not_found)?,
                })
            }
            None => self.find_in_all(name),
        })
    }

    /// Finds what the text of a query names, see [`Query`].
    ///
    /// # Errors
    /// As [`Self::find_contig`]; when no reading of the text exists, the error of the first one.
    pub fn find(&self, query: impl AsRef<[u8]>) -> Result<Found> {
        let mut first_error = None;
        for reading in Query::readings(query.as_ref()) {
            match self.find_contig(reading.sample, reading.name) {
                Ok(contig) => {
                    return Ok(Found {
                        contig,
                        range: reading.range,
                    });
                }
                Err(error) if matches!(error.kind(), ErrorKind::NotFound { .. }) => {
                    first_error.get_or_insert(error);
                }
                Err(error) => return Err(error),
            }
        }
        Err(first_error.unwrap_or_else(|| contig_not_found(query.as_ref())))
    }

    /// Name of a contig: its complete header line.
    ///
    /// # Errors
    /// `NotFound` when there is no such place.
    pub fn contig_name(&self, id: ContigId) -> Result<Vec<u8>> {
        self.placed(|| {
            let names = self.contig_names(id.sample)?;
            names
                .get(id.contig)
                .map(<[u8]>::to_vec)
                .ok_or_else(|| no_such_place(id))
        })
    }

    /// Length of a contig in bases.
    ///
    /// # Errors
    /// `NotFound` without sample or contig; `Corrupt` when the segments cannot be joined.
    ///
    /// # Cost
    /// No sequence is decoded (see FORMAT.md, "Lengths of appended samples", for the rare exception).
    pub fn contig_len(&self, sample: impl AsRef<[u8]>, contig: impl AsRef<[u8]>) -> Result<u64> {
        let id = self.find_contig(Some(sample.as_ref()), contig)?;
        self.contig_len_of(id)
    }

    /// Length of a contig in bases, by its places.
    ///
    /// # Errors
    /// As [`Self::contig_len`].
    pub fn contig_len_of(&self, id: ContigId) -> Result<u64> {
        self.in_contig(id, || {
            let sample = self.store.sample(id.sample)?;
            if id.contig >= sample.n_contigs() {
                return Err(no_such_place(id));
            }
            plan::contig_len(
                &self.store.segment_lens(&sample, id.contig)?,
                self.params().k.into(),
            )
        })
    }

    /// A whole contig as letters.
    ///
    /// # Errors
    /// `NotFound` without sample or contig; `Corrupt` when anything it is made of is damaged.
    pub fn contig(&self, sample: impl AsRef<[u8]>, contig: impl AsRef<[u8]>) -> Result<Vec<u8>> {
        let id = self.find_contig(Some(sample.as_ref()), contig)?;
        Ok(to_letters(self.contig_codes(id)?))
    }

    /// A stretch of a contig as letters; what lies past its end is left out.
    ///
    /// # Errors
    /// As [`Self::contig`].
    ///
    /// # Cost
    /// Only the segments that the range touches are decoded.
    pub fn region(
        &self,
        sample: impl AsRef<[u8]>,
        contig: impl AsRef<[u8]>,
        range: Range<u64>,
    ) -> Result<Vec<u8>> {
        let id = self.find_contig(Some(sample.as_ref()), contig)?;
        Ok(to_letters(self.region_codes(id, range)?))
    }

    /// A whole contig as symbol codes.
    ///
    /// # Errors
    /// As [`Self::contig`].
    pub fn contig_codes(&self, id: ContigId) -> Result<Vec<u8>> {
        self.in_contig(id, || {
            let sample = self.store.sample(id.sample)?;
            if id.contig >= sample.n_contigs() {
                return Err(no_such_place(id));
            }
            let mut joiner = Joiner::new(self.params().k);
            let mut codes = Vec::new();
            for segment in sample.segments(id.contig) {
                codes.extend_from_slice(joiner.join(&self.store.segment(segment)?)?);
            }
            Ok(codes)
        })
    }

    /// A stretch of a contig as symbol codes; what lies past its end is left out.
    ///
    /// # Errors
    /// As [`Self::contig`].
    pub fn region_codes(&self, id: ContigId, range: Range<u64>) -> Result<Vec<u8>> {
        self.in_contig(id, || {
            let sample = self.store.sample(id.sample)?;
            if id.contig >= sample.n_contigs() {
                return Err(no_such_place(id));
            }
            let lens = self.store.segment_lens(&sample, id.contig)?;
            let segments = sample.segments(id.contig);
            let mut joiner = Joiner::new(self.params().k);
            let mut codes = Vec::new();
            let mut expected = None;
            for slice in plan::slices(&lens, self.params().k.into(), &range)? {
                let decoded = self.store.segment(&segments[slice.segment])?;
                stream::check_len(&decoded, slice.segment_len)?;
                // A segment that adds nothing is left out of the plan; what follows cannot be compared then.
                if expected != Some(slice.segment) {
                    joiner.restart();
                }
                joiner.join(&decoded)?;
                expected = Some(slice.segment + 1);
                // The range lies in the segment: both come from the same length, which was just checked.
                codes.extend_from_slice(&decoded[slice.range.start as usize..slice.range.end as usize]);
            }
            Ok(codes)
        })
    }

    /// Sends whole samples through `sink`, in the order given, decoding ahead on `n_threads` threads.
    ///
    /// # Errors
    /// `NotFound` for a place that does not exist; `Corrupt` when anything is damaged; what the sink returns.
    ///
    /// # Cost
    /// Memory is bounded whatever the length of contigs and the speed of the sink.
    pub fn stream_samples(
        &self,
        samples: &[usize],
        n_threads: usize,
        sink: &mut dyn SampleSink,
    ) -> Result<()> {
        self.placed(|| {
            let n_samples = self.store.samples()?.len();
            if let Some(sample) = samples.iter().find(|sample| **sample >= n_samples) {
                return Err(Error::new(ErrorKind::NotFound {
                    what: "sample",
                    name: format!("#{sample}"),
                }));
            }
            let targets: Vec<Target> = samples.iter().copied().map(Target::Sample).collect();
            stream::stream(&self.store, &targets, n_threads, sink)
        })
    }

    /// Sends stretches of contigs through `sink`, in the order given, decoding ahead on `n_threads` threads. What lies
    /// past the end of a contig is left out; `0..u64::MAX` is a whole contig. The sink sees no samples.
    ///
    /// # Errors
    /// As [`Self::stream_samples`].
    pub fn stream_regions(
        &self,
        regions: &[(ContigId, Range<u64>)],
        n_threads: usize,
        sink: &mut dyn SampleSink,
    ) -> Result<()> {
        self.placed(|| {
            let n_samples = self.store.samples()?.len();
            if let Some((id, _)) = regions.iter().find(|(id, _)| id.sample >= n_samples) {
                return Err(no_such_place(*id));
            }
            let targets: Vec<Target> = regions
                .iter()
                .map(|(id, range)| Target::Region(*id, range.clone()))
                .collect();
            stream::stream(&self.store, &targets, n_threads, sink)
        })
    }

    /// Writes a whole sample as FASTA with lines of `line_width` symbols.
    ///
    /// # Errors
    /// As [`Self::stream_samples`], and `Io` when `out` fails.
    pub fn write_sample(&self, sample: impl AsRef<[u8]>, out: impl Write, line_width: usize) -> Result<()> {
        let idx = self.find_sample(sample)?;
        let mut sink = FastaSink {
            fasta: FastaWriter::new(out, line_width),
        };
        self.stream_samples(&[idx], 1, &mut sink)?;
        sink.fasta.finish().map(drop)
    }

    fn sample_idx(&self, name: &[u8]) -> Result<usize> {
        let not_found = || {
            let name = String::from_utf8_lossy(name).into_owned();
            Error::new(ErrorKind::NotFound { what: "sample", name })
        };
        self.store.samples()?.find(name).ok_or_else(not_found)
    }

    fn contig_names(&self, sample: usize) -> Result<ContigNames> {
        let (batch, slot) = self.store.names_of(sample)?;
        if slot >= batch.n_samples() {
            return Err(no_such_place(ContigId { sample, contig: 0 }));
        }
        Ok(ContigNames { batch, slot })
    }

    fn find_in_all(&self, name: &[u8]) -> Result<ContigId> {
        for wanted in Wanted::of(name) {
            let mut found = None;
            let mut n_samples = 0;
            for sample in 0..self.store.samples()?.len() {
                if let Some(contig) = self.contig_names(sample)?.find(wanted) {
                    n_samples += 1;
                    found.get_or_insert(ContigId { sample, contig });
                }
            }
            match found {
                Some(_) if n_samples > 1 => {
                    let name = String::from_utf8_lossy(name).into_owned();
                    return Err(Error::new(ErrorKind::Ambiguous { name, n_samples }));
                }
                Some(contig) => return Ok(contig),
                None => {}
            }
        }
        Err(contig_not_found(name))
    }

    /// Runs a query and adds the file to its error.
    pub(crate) fn placed<T>(&self, query: impl FnOnce() -> Result<T>) -> Result<T> {
        query().map_err(|error| match &self.path {
            Some(path) => error.in_file(path),
            None => error,
        })
    }

    /// Runs a query on a contig and adds file, sample and contig to its error.
    fn in_contig<T>(&self, id: ContigId, query: impl FnOnce() -> Result<T>) -> Result<T> {
        let with_names = |mut error: Error| {
            if let Some(name) = self
                .store
                .samples()
                .ok()
                .and_then(|samples| samples.get(id.sample))
            {
                error = error.in_sample(&String::from_utf8_lossy(name));
                if let Ok(names) = self.contig_names(id.sample)
                    && let Some(name) = names.get(id.contig)
                {
                    error = error.in_contig(&String::from_utf8_lossy(name));
                }
            }
            error
        };
        self.placed(|| query().map_err(with_names))
    }
}

/// FASTA of one sample.
struct FastaSink<W> {
    fasta: FastaWriter<W>,
}

impl<W: Write> SampleSink for FastaSink<W> {
    fn start_sample(&mut self, _name: &[u8]) -> Result<()> {
        Ok(())
    }

    fn start_contig(&mut self, name: &[u8]) -> Result<()> {
        self.fasta.start_contig(name)
    }

    fn symbols(&mut self, codes: &[u8]) -> Result<()> {
        self.fasta.symbols(codes)
    }

    fn end_sample(&mut self) -> Result<()> {
        Ok(())
    }
}

fn to_letters(mut codes: Vec<u8>) -> Vec<u8> {
    for code in &mut codes {
        *code = LETTERS[usize::from(*code & 15)];
    }
    codes
}

fn contig_not_found(name: &[u8]) -> Error {
    let name = String::from_utf8_lossy(name).into_owned();
    Error::new(ErrorKind::NotFound { what: "contig", name })
}

fn no_such_place(id: ContigId) -> Error {
    let name = format!("#{} of sample #{}", id.contig, id.sample);
    Error::new(ErrorKind::NotFound { what: "contig", name })
}
