//! Adds samples to an archive.

use super::choose;
use super::continued;
use super::input::{Input, first_checked};
use super::memory::Memory;
use super::options::{AppendOptions, InputRules};
use super::placing::{Placing, RawPlacing};
use super::read::{self, Reading};
use super::reconsider;
use super::route::Summary;
use super::run::Run;
use crate::error::Result;
use crate::extract::Archive;
use crate::observe::Observer;
use crate::provenance::Provenance;
use crate::rewrite::Existing;
use crate::splitter::Splitters;
use crate::times::Tally;
use crate::track::Wanted;
use std::io::Write;
use std::sync::Arc;

impl AppendOptions {
    /// Writes a new archive to `sink`, front to back, that holds the samples of `archive` and those of `inputs` behind them.
    ///
    /// Parameters and splitters are those of the archive. What is complete in it is copied without being decoded; the last
    /// batch of samples, and the last pack of each group that receives a segment, are continued. New samples are placed as
    /// [`CreateOptions::create`](super::CreateOptions::create) would place them behind the old ones. An archive without samples is begun anew: the first
    /// input becomes its reference sample.
    ///
    /// The bytes written depend on the archive, the inputs and the options, and not on the number of threads or on time.
    ///
    /// ```
    /// use ragc_core::Archive;
    /// use ragc_core::compress::{AppendOptions, CreateOptions, Input};
    /// use ragc_core::observe::Silent;
    /// use std::sync::Arc;
    /// # let dir = tempfile::tempdir()?;
    /// # let [a, b] = ["a.fa", "b.fa"].map(|name| dir.path().join(name));
    /// # std::fs::write(&a, ">chr1\nACGTTGCAAC\n")?;
    /// # std::fs::write(&b, ">chr1\nACGTTGCAACAC\n")?;
    /// let mut old = Vec::new();
    /// CreateOptions::default().create(&[Input::file(&a)], &mut old, Arc::new(Silent))?;
    /// let old = Archive::from_reader(old)?;
    ///
    /// let mut new = Vec::new();
    /// let summary = AppendOptions::default().append(&old, &[Input::file(&b)], &mut new, Arc::new(Silent))?;
    /// assert_eq!((summary.n_samples, summary.n_bases), (1, 12));
    /// let new = Archive::from_reader(new)?;
    /// assert!(new.samples()?.iter().eq(["a", "b"].map(str::as_bytes)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// `Unsupported` for archives of file version 1 or 2 and for groups that are not numbered as the format demands;
    /// `BadInput` without inputs, for a sample that is there already and for inputs that cannot be stored; `Corrupt` when
    /// the archive is damaged, which is read from checksums, and without them all of it is decoded; `Io`. What was written to `sink` before is no archive.
    pub fn append<W: Write + Send>(
        &self,
        archive: &Archive,
        inputs: &[Input],
        sink: W,
        observer: Arc<dyn Observer>,
    ) -> Result<Summary> {
        append_timed(&Existing::open(archive)?, inputs, self, sink, &observer)
    }

    /// As [`Self::append`], and writes to `sink` only what goes behind the end of the archive's file: new parts and a new footer, which refers to the old
    /// parts where they are. File and `sink` together are the new archive; the file alone stays the old one until the last byte is there, so whoever
    /// puts them together takes care that nobody reads half of it ([`Change`](crate::in_place::Change)).
    ///
    /// Long open packs are filled up and not continued, so it takes time and bytes for what is new, and more bytes in all than [`Self::append`]; checksums
    /// of parts are kept if the archive has them, and not begun.
    ///
    /// # Errors
    /// As [`Self::append`]; of a file of more than 64 MiB, or without checksums of more than 128 megabases, parts that stay where they are and are not
    /// needed are not read, and damage in them is not told.
    pub fn append_behind<W: Write + Send>(
        &self,
        archive: &Archive,
        inputs: &[Input],
        sink: W,
        observer: Arc<dyn Observer>,
    ) -> Result<Summary> {
        append_timed(
            &Existing::open(archive)?.changed_in_place(),
            inputs,
            self,
            sink,
            &observer,
        )
    }
}

/// As [`AppendOptions::append`], to an archive that this run made.
///
/// # Errors
/// As there.
pub(super) fn append_to_made<W: Write + Send>(
    made: &Archive,
    inputs: &[Input],
    options: &AppendOptions,
    sink: W,
    observer: &Arc<dyn Observer>,
) -> Result<Summary> {
    append_timed(
        &Existing::open(made)?.known_intact(),
        inputs,
        options,
        sink,
        observer,
    )
}

fn append_timed<W: Write + Send>(
    existing: &Existing<'_>,
    inputs: &[Input],
    options: &AppendOptions,
    sink: W,
    observer: &Arc<dyn Observer>,
) -> Result<Summary> {
    Summary::timed(&**observer, |tally| {
        append_counted(existing, inputs, options, sink, Arc::clone(observer), tally)
    })
}

fn append_counted<W: Write + Send>(
    existing: &Existing<'_>,
    inputs: &[Input],
    options: &AppendOptions,
    sink: W,
    observer: Arc<dyn Observer>,
    tally: &Tally,
) -> Result<Summary> {
    options.validate()?;
    let first = first_checked(inputs, options.rules, |name| existing.has_sample(name))?;
    existing.check_intact(options.n_threads, &*observer)?;
    let reading = &Reading {
        rules: InputRules {
            keep: options.rules.keep.or(existing.keep()?),
            ..options.rules
        },
        provenance: options.provenance.clone(),
        observer,
    };
    let beginning = Beginning::of(existing, first, options, reading)?;
    let run = Run {
        inputs,
        first: &beginning.first,
        params: existing.params(),
        placing: placing(existing, &beginning.first, inputs, options, reading)?,
        memory: Memory::new(options.memory, options.n_threads),
        reading,
        wanted: wanted(existing, options, reading),
        n_threads: options.n_threads,
        splitters: &beginning.splitters,
        existing: Some(existing),
        tally,
        info: existing.file_info(),
    };
    let summary = run.write_archive(beginning.reference_kmers, sink)?;
    Ok(Summary {
        dropped_streams: existing.unknown_streams().to_vec(),
        ..summary
    })
}

/// What contigs are cut at, which the first input tells if there is no sample before it.
struct Beginning {
    /// The first input as it is read.
    first: Input,
    splitters: Splitters,
    /// In adaptive mode.
    reference_kmers: Option<Vec<u64>>,
}

impl Beginning {
    fn of(
        existing: &Existing<'_>,
        first: &Input,
        options: &AppendOptions,
        reading: &Reading,
    ) -> Result<Self> {
        if existing.has_samples() {
            let kmers = || continued::reference_kmers(existing, options.n_threads);
            return Ok(Self {
                first: first.clone(),
                splitters: existing.splitters(),
                reference_kmers: options.is_adaptive.then(kmers).transpose()?,
            });
        }
        let first = first.read_repeatedly()?;
        let params = existing.params();
        let finder = read::find_splitters(&first, params.k, params.segment_size, reading)?;
        Ok(Self {
            first,
            reference_kmers: options.is_adaptive.then(|| finder.kmers()),
            splitters: finder.finish(),
        })
    }
}

/// As `create` did, by the length of the reference sample.
fn placing(
    existing: &Existing<'_>,
    first: &Input,
    inputs: &[Input],
    options: &AppendOptions,
    reading: &Reading,
) -> Result<Placing> {
    let (n_bases, raw) = match continued::reference_genome(existing)? {
        Some(genome) => (
            genome.len,
            reconsider::raw_placing(existing, genome, inputs, options, reading)?,
        ),
        None => (choose::n_reference_bases(first, reading)?, RawPlacing::TINY),
    };
    Ok(Placing::of_genome(n_bases, options.seed_fraction, raw))
}

/// The tracks of the archive, and those that are asked for.
fn wanted(existing: &Existing<'_>, options: &AppendOptions, reading: &Reading) -> Wanted {
    let run = options.provenance.as_ref();
    Wanted {
        keep: reading.rules.keep,
        has_checksums: options.has_checksums,
        has_digests: options.has_digests || existing.has_digests(),
        has_sources: run.is_some_and(Provenance::tells_sources) || existing.has_sources(),
        insists_on_sources: run.is_some_and(|run| run.keeps_sources),
    }
}
