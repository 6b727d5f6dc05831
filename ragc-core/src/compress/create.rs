//! Makes an archive of files.

use super::choose::{self, Chosen};
use super::input::{Input, first_checked};
use super::memory::Memory;
use super::options::CreateOptions;
use super::placing::Placing;
use super::read::{self, Reading};
use super::route::Summary;
use super::run::Run;
use super::trial::Measured;
use crate::error::Result;
use crate::file_info::FileInfo;
use crate::observe::{Observer, Silent};
use crate::times::Tally;
use crate::track::Wanted;
use std::io::{self, Write};
use std::sync::Arc;

impl CreateOptions {
    /// Compresses `inputs`, of which the first is the reference sample, to an archive written to `sink` front to back.
    ///
    /// The bytes written depend on the inputs and the options, and not on the number of threads or on time.
    ///
    /// ```
    /// use ragc_core::compress::{CreateOptions, Input};
    /// use std::sync::Arc;
    /// # let dir = tempfile::tempdir()?;
    /// # let path = dir.path().join("a.fa");
    /// # std::fs::write(&path, ">chr1\nACGTTGCAAC\n")?;
    /// let mut archive = Vec::new();
    /// let options = CreateOptions::default();
    /// let summary = options.create(&[Input::file(&path)], &mut archive, Arc::new(ragc_core::observe::Silent))?;
    /// assert_eq!((summary.n_samples, summary.n_bases), (1, 10));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// `BadOption` for options out of range, `BadInput` for inputs that cannot be stored, `Io` from reading or writing. What
    /// was written to `sink` before is no archive.
    pub fn create<W: Write + Send>(
        &self,
        inputs: &[Input],
        sink: W,
        observer: Arc<dyn Observer>,
    ) -> Result<Summary> {
        Summary::timed(&*observer, |tally| {
            create_counted(inputs, self, sink, Arc::clone(&observer), tally)
        })
    }
}

fn create_counted<W: Write + Send>(
    inputs: &[Input],
    options: &CreateOptions,
    sink: W,
    observer: Arc<dyn Observer>,
    tally: &Tally,
) -> Result<Summary> {
    options.validate()?;
    let first = first_checked(inputs, options.rules, |_| false)?;
    let reading = &Reading {
        rules: options.rules,
        provenance: options.provenance.clone(),
        observer,
    };
    // It is read twice: once for the splitters, once as the first sample.
    let reference = &first.read_repeatedly()?;
    let n_bases = choose::n_reference_bases(reference, reading)?;
    let Chosen { params, raw } = choose::choose(reference, n_bases, inputs, options, reading, measure)?;
    let finder = read::find_splitters(reference, params.k, params.segment_size, reading)?;
    let reference_kmers = options.is_adaptive.then(|| finder.kmers());
    let splitters = finder.finish();
    let run = Run {
        inputs,
        first: reference,
        params,
        placing: Placing::of_genome(n_bases, options.seed_fraction, raw),
        memory: Memory::new(options.memory, options.n_threads),
        reading,
        wanted: wanted(options),
        n_threads: options.n_threads,
        splitters: &splitters,
        existing: None,
        tally,
        info: &FileInfo::of_this_program(),
    };
    run.write_archive(reference_kmers, sink)
}

fn wanted(options: &CreateOptions) -> Wanted {
    Wanted {
        keep: options.rules.keep,
        has_checksums: options.has_checksums,
        has_digests: options.has_digests,
        has_sources: options.provenance.is_some(),
        insists_on_sources: options.provenance.as_ref().is_some_and(|run| run.keeps_sources),
    }
}

/// The archive of these inputs, which is not kept.
pub(super) fn measure(inputs: &[Input], options: &CreateOptions) -> Result<Measured> {
    let mut size = Size(0);
    let options = options.clone().with_provenance(None);
    let summary = options.create(inputs, &mut size, Arc::new(Silent))?;
    Ok(Measured {
        n_bytes: size.0,
        n_segments: summary.n_segments,
    })
}

/// Counts what is written to it.
struct Size(u64);

impl Write for Size {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
