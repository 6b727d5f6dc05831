//! Joins the stages: files in, archive out.

use super::choose;
use super::encode::GroupWorker;
use super::input::{Input, check_sample_names};
use super::options::CreateOptions;
use super::place::{Catalogue, Placer};
use super::pool;
use super::read::{self, OrderedFiles};
use super::round::Rounds;
use super::route::{Outcome, PlacementStage, Summary};
use super::write::ArchiveStage;
use crate::archive::{ArchiveWriter, names};
use crate::error::{Error, ErrorKind, Result};
use crate::fasta::Source;
use crate::file_info::FileInfo;
use crate::group::key::Key;
use crate::observe::Observer;
use crate::params::Params;
use crate::queue;
use crate::splitter::{AdaptiveSplitters, Splitters};
use crate::splitter_streams::{SegmentKey, encode_segment_keys, encode_splitters};
use std::io::Write;
use std::sync::Arc;
use std::thread::{self, Scope, ScopedJoinHandle};

/// Bytes of parts and descriptors that wait for the writer.
const WRITER_BYTES: usize = 8 << 20;

/// Compresses `inputs`, of which the first is the reference sample, to an archive written to `sink` front to back.
///
/// The bytes written depend on the inputs and the options, and not on the number of threads or on time.
///
/// ```
/// use ragc_core::compress::{CreateOptions, Input, create};
/// use std::sync::Arc;
/// # let dir = tempfile::tempdir()?;
/// # let path = dir.path().join("a.fa");
/// # std::fs::write(&path, ">chr1\nACGTTGCAAC\n")?;
/// let mut archive = Vec::new();
/// let options = CreateOptions::default();
/// let summary = create(&[Input::file(&path)], &options, &mut archive, Arc::new(ragc_core::observe::Silent))?;
/// assert_eq!((summary.n_samples, summary.n_bases), (1, 10));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// `BadOption` for options out of range, `BadInput` for inputs that cannot be stored, `Io` from reading or writing. What
/// was written to `sink` before is no archive.
pub fn create<W: Write + Send>(
    inputs: &[Input],
    options: &CreateOptions,
    sink: W,
    observer: Arc<dyn Observer>,
) -> Result<Summary> {
    options.validate()?;
    let Some(reference) = inputs.first() else {
        return Err(Error::bad_input("there are no input files"));
    };
    if !options.is_concatenated {
        check_sample_names(inputs)?;
    }
    // It is read twice: once for the splitters, once as the first sample.
    let in_reference = |error: Error| error.in_file(reference.source.label());
    let reference_source = reference.source.read_repeatedly().map_err(in_reference)?;
    let reference_source = reference_source.source();
    let params = choose::params(reference_source, options, &observer)?;
    let finder = read::find_splitters(reference_source, params.k, params.segment_size, &observer)?;
    let reference_kmers = options.is_adaptive.then(|| finder.kmers());
    let splitters = finder.finish();
    let adaptive =
        reference_kmers.map(|kmers| AdaptiveSplitters::new(&splitters, params.segment_size, kmers));
    let choose_seeds = || choose::seed_fraction(choose::n_bases(reference_source));
    let run = Run {
        inputs,
        options,
        params,
        seed_fraction: options.seed_fraction.unwrap_or_else(choose_seeds),
        splitters: &splitters,
        observer: &observer,
    };
    let (mut archive, outcome) = run.stages(reference_source, adaptive, sink)?;
    let mut splitters = splitters.clone();
    if let Some(more) = &outcome.more_splitters {
        splitters.extend(more);
    }
    write_small_streams(&mut archive, &run.params, &splitters, &outcome.catalogue)?;
    archive.finish()?;
    Ok(outcome.summary)
}

/// What all stages of a run know.
struct Run<'a> {
    inputs: &'a [Input],
    options: &'a CreateOptions,
    params: Params,
    seed_fraction: f64,
    splitters: &'a Splitters,
    observer: &'a Arc<dyn Observer>,
}

impl Run<'_> {
    /// Runs all stages to their end and joins every thread. `reference` is where the first input is read from.
    fn stages<W: Write + Send>(
        &self,
        reference: &Source,
        adaptive: Option<AdaptiveSplitters>,
        sink: W,
    ) -> Result<(ArchiveWriter<W>, Outcome)> {
        let Self { inputs, options, .. } = *self;
        let (n_workers, n_readers) = (options.n_threads, read::n_readers(options.n_threads));
        let others = inputs.iter().skip(1).map(|input| input.source.clone());
        let (files, assignments) =
            OrderedFiles::new([reference.clone()].into_iter().chain(others).collect(), n_readers);
        let (pool, work) = pool::channels(n_workers);
        let (to_writer, messages) = queue::bounded(WRITER_BYTES);
        let archive_stage = ArchiveStage::new(sink, self.params, n_workers);

        thread::scope(|scope| {
            let readers: Vec<_> = (0..n_readers)
                .map(|_| assignments.clone())
                .map(|files| {
                    spawn(scope, "read", move || {
                        read::run_reader(&files, self.splitters, self.observer)
                    })
                })
                .collect::<Result<_>>()?;
            drop(assignments);
            let workers: Vec<_> = work
                .into_iter()
                .enumerate()
                .map(|(number, work)| {
                    let worker =
                        GroupWorker::new(number, n_workers, self.params.pack_cardinality, to_writer.clone());
                    spawn(scope, "encode", move || worker.run(&work))
                })
                .collect::<Result<_>>()?;
            let writer = spawn(scope, "write", move || archive_stage.run(&messages))?;
            let rounds = Rounds::new(files, inputs, options.is_concatenated, adaptive);
            let placer = Placer::new(&self.params, self.seed_fraction, options.index_bytes);
            let stage = PlacementStage::new(self.params, rounds, placer, pool, to_writer, &**self.observer);
            let outcome = stage.run();
            let worked: Vec<Result<()>> = readers.into_iter().chain(workers).map(join).collect();
            let archive = join(writer);
            finished(outcome, worked, archive)
        })
    }
}

/// Starts a thread with a name that profilers and debuggers show.
fn spawn<'scope, T: Send + 'scope>(
    scope: &'scope Scope<'scope, '_>,
    name: &str,
    work: impl FnOnce() -> Result<T> + Send + 'scope,
) -> Result<ScopedJoinHandle<'scope, Result<T>>> {
    thread::Builder::new()
        .name(name.to_owned())
        .spawn_scoped(scope, work)
        .map_err(|error| Error::io("cannot start a thread", error))
}

/// The result of a thread; a panic in it is a lost worker.
fn join<T>(thread: ScopedJoinHandle<'_, Result<T>>) -> Result<T> {
    thread
        .join()
        .unwrap_or_else(|_| Err(Error::new(ErrorKind::WorkerLost)))
}

/// All results, or the error that tells most: the stage that failed first knows why, its neighbours only know that it
/// is gone.
fn finished<W>(
    outcome: Result<Outcome>,
    worked: Vec<Result<()>>,
    archive: Result<ArchiveWriter<W>>,
) -> Result<(ArchiveWriter<W>, Outcome)> {
    let mut errors: Vec<Error> = worked.into_iter().filter_map(Result::err).collect();
    match (outcome, archive) {
        (Ok(outcome), Ok(archive)) if errors.is_empty() => return Ok((archive, outcome)),
        (outcome, archive) => errors.extend(outcome.err().into_iter().chain(archive.err())),
    }
    let lost = |error: &Error| *error.kind() == ErrorKind::WorkerLost;
    errors.sort_by_key(lost);
    Err(errors.swap_remove(0))
}

fn write_small_streams<W: Write>(
    archive: &mut ArchiveWriter<W>,
    params: &Params,
    splitters: &Splitters,
    catalogue: &Catalogue,
) -> Result<()> {
    let keys: Vec<SegmentKey> = catalogue
        .sorted_keys()
        .into_iter()
        .chain([(Key::NO_SPLITTER, 0)])
        .map(|(key, group)| SegmentKey {
            a: key.0,
            b: key.1,
            group,
        })
        .collect();
    let (n_splitters, splitters) = encode_splitters(&splitters.sorted());
    let (n_keys, keys) = encode_segment_keys(&keys);
    let (n_pairs, info) = FileInfo::of_this_program().encode();
    let mut add = |name: &str, metadata: u64, payload: &[u8]| {
        let stream = archive.register(name);
        archive.add_part(stream, metadata, payload)
    };
    add(names::PARAMS, 0, &params.encode())?;
    add(names::SPLITTERS, n_splitters, &splitters)?;
    add(names::SEGMENT_SPLITTERS, n_keys, &keys)?;
    add(names::FILE_INFO, n_pairs, &info)
}
