//! Archives whose groups cannot stand in one: their samples are decoded and appended to the first.

use std::io::{self, PipeReader, Read, Write};
use std::sync::Arc;
use std::thread::JoinHandle;

use super::options::{MergeOptions, Merged};
use crate::compress::input::Input;
use crate::compress::options::{AppendOptions, InputRules};
use crate::error::{Error, ErrorKind, Result};
use crate::extract::{Archive, FastaSink, Spelling};
use crate::observe::Observer;
use crate::original::Keep;
use crate::provenance::Provenance;
use crate::rewrite::{Existing, Plan, commit};
use crate::threads::start_alone;

/// Width of lines of samples whose own are not kept.
const LINE_WIDTH: usize = 80;

/// Appends the samples of all archives but the first that a plan keeps.
///
/// # Errors
/// As [`AppendOptions::append`](crate::compress::AppendOptions::append).
pub(super) fn recompress<W: Write + Send>(
    archives: &[Arc<Archive>],
    plan: &Plan,
    sources: &[Existing<'_>],
    options: &MergeOptions,
    merged: Merged,
    sink: W,
    observer: Arc<dyn Observer>,
) -> Result<Merged> {
    let (inputs, keep) = inputs(archives, plan)?;
    if inputs.is_empty() {
        let rewritten = commit(plan, &sources[..1], options.n_threads, &*observer, sink)?;
        return Ok(Merged {
            n_samples: rewritten.n_samples,
            n_groups: rewritten.n_groups,
            dropped_streams: rewritten.dropped_streams,
            stream_lens: rewritten.stream_lens,
            ..merged
        });
    }
    let rules = InputRules {
        keep,
        takes_any_residues: true,
        names_unnamed: true,
        ..InputRules::default()
    };
    let options = AppendOptions {
        rules,
        memory: options.memory,
        has_digests: sources.iter().any(Existing::has_digests),
        provenance: options.provenance.clone().map(Provenance::without_sources),
        n_threads: options.n_threads,
        ..AppendOptions::default()
    };
    let summary = options.append(&archives[0], &inputs, sink, observer)?;
    Ok(Merged {
        n_samples: plan.samples.len(),
        n_groups: summary.n_groups as usize,
        dropped_streams: summary.dropped_streams,
        stream_lens: summary.stream_lens,
        ..merged
    })
}

/// The samples of all archives but the first, and what is kept of them.
fn inputs(archives: &[Arc<Archive>], plan: &Plan) -> Result<(Vec<Input>, Keep)> {
    let mut keep = Keep::default();
    let mut inputs = Vec::new();
    for kept in plan.samples.iter().filter(|kept| kept.source > 0) {
        let archive = &archives[kept.source];
        let old = archive.samples()?.get(kept.sample).unwrap_or_default();
        let name = String::from_utf8_lossy(kept.name.as_deref().unwrap_or(old)).into_owned();
        keep = keep.or(archive.keep_of(kept.sample)?);
        inputs.push(Input::reader(name, SampleText::new(archive, kept.sample)));
    }
    Ok((inputs, keep))
}

/// The file that a sample was made of, or its sequences as FASTA, as somebody else decodes it.
struct SampleText {
    archive: Arc<Archive>,
    sample: usize,
    /// What is read, and who writes it; from the first reading on.
    running: Option<(PipeReader, JoinHandle<Result<()>>)>,
    has_ended: bool,
}

impl SampleText {
    fn new(archive: &Arc<Archive>, sample: usize) -> Self {
        Self {
            archive: Arc::clone(archive),
            sample,
            running: None,
            has_ended: false,
        }
    }

    fn start(&self) -> io::Result<(PipeReader, JoinHandle<Result<()>>)> {
        let (reader, writer) = io::pipe()?;
        let (archive, sample) = (Arc::clone(&self.archive), self.sample);
        let thread = start_alone("decode", move || write_sample(&archive, sample, writer))?;
        Ok((reader, thread))
    }
}

impl Read for SampleText {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.has_ended {
            return Ok(0);
        }
        let (mut reader, thread) = match self.running.take() {
            Some(running) => running,
            None => self.start()?,
        };
        let n = reader.read(buf)?;
        if n > 0 || buf.is_empty() {
            self.running = Some((reader, thread));
            return Ok(n);
        }
        self.has_ended = true;
        let lost = || Error::new(ErrorKind::WorkerLost);
        thread.join().unwrap_or_else(|_| Err(lost()))?;
        Ok(0)
    }
}

fn write_sample(archive: &Archive, sample: usize, out: impl Write + Send) -> Result<()> {
    if archive.keep_of(sample)? == Keep::ALL {
        return archive.write_original(sample, 1, out).map(drop);
    }
    let mut sink = FastaSink::new(out, LINE_WIDTH);
    archive.stream_samples(&[sample], Spelling::Cased, 1, &mut sink)?;
    sink.finish().map(drop)
}
