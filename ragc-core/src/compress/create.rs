//! Joins the stages: files in, archive out.

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
use crate::file_info::FileInfo;
use crate::group::key::Key;
use crate::observe::Observer;
use crate::params::Params;
use crate::queue;
use crate::splitter::Splitters;
use crate::splitter_streams::{SegmentKey, encode_segment_keys, encode_splitters};
use std::io::Write;
use std::sync::Arc;
use std::thread::{self, ScopedJoinHandle};

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
    let splitters = read::find_splitters(&reference.source, options.k, options.segment_size, &observer)?;
    let params = Params {
        k: options.k,
        min_match_len: options.min_match,
        pack_cardinality: options.pack_cardinality,
        segment_size: options.segment_size,
    };
    let (mut archive, outcome) = run_stages(inputs, options, &params, &splitters, sink, &observer)?;
    write_small_streams(&mut archive, &params, &splitters, &outcome.catalogue)?;
    archive.finish()?;
    Ok(outcome.summary)
}

/// Runs all stages to their end and joins every thread.
fn run_stages<W: Write + Send>(
    inputs: &[Input],
    options: &CreateOptions,
    params: &Params,
    splitters: &Splitters,
    sink: W,
    observer: &Arc<dyn Observer>,
) -> Result<(ArchiveWriter<W>, Outcome)> {
    let n_workers = options.n_threads;
    let n_readers = read::n_readers(options.n_threads);
    let sources = inputs.iter().map(|input| input.source.clone()).collect();
    let (files, assignments) = OrderedFiles::new(sources, n_readers);
    let (pool, work) = pool::channels(n_workers);
    let (to_writer, messages) = queue::bounded(WRITER_BYTES);
    let archive_stage = ArchiveStage::new(sink, *params, n_workers);

    thread::scope(|scope| {
        for _ in 0..n_readers {
            let assignments = assignments.clone();
            scope.spawn(move || read::run_reader(&assignments, splitters, observer));
        }
        drop(assignments);
        let workers: Vec<_> = work
            .into_iter()
            .enumerate()
            .map(|(number, work)| {
                let worker = GroupWorker::new(number, n_workers, options.pack_cardinality, to_writer.clone());
                scope.spawn(move || worker.run(&work))
            })
            .collect();
        let writer = scope.spawn(move || archive_stage.run(&messages));
        let rounds = Rounds::new(files, inputs, options.is_concatenated);
        let placer = Placer::new(options.k, options.min_match);
        let stage = PlacementStage::new(rounds, placer, pool, to_writer, &**observer);
        let outcome = stage.run();
        let worked: Vec<Result<()>> = workers.into_iter().map(join).collect();
        let archive = join(writer);
        finished(outcome, worked, archive)
    })
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
