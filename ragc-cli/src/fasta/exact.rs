//! Original files, byte for byte, into one output or one for each sample.

use std::path::{Path, PathBuf};

use ragc_core::Archive;
use ragc_core::Keep;
use ragc_core::extract::{SampleSink, Spelling};
use ragc_core::internals::extract::OriginalWriter;

use crate::out::Out;
use crate::tally::WrittenTally;
use crate::watched::{ProgressSink, Screen};

/// Where files go.
pub(crate) trait Outputs: Send {
    /// The output of the next sample.
    fn open(&mut self, sample: &[u8]) -> anyhow::Result<Out>;

    /// The file of a sample is complete.
    fn close(&mut self, out: Out) -> anyhow::Result<()>;
}

/// One output for all, one file behind the other.
pub(crate) struct OneOutput(pub(crate) Option<Out>);

impl OneOutput {
    /// Ends the output and gives a file its name.
    pub(crate) fn finish(self) -> anyhow::Result<()> {
        self.0.map_or(Ok(()), Out::finish)
    }
}

impl Outputs for OneOutput {
    fn open(&mut self, _sample: &[u8]) -> anyhow::Result<Out> {
        self.0.take().ok_or_else(|| anyhow::anyhow!("the output is gone"))
    }

    fn close(&mut self, out: Out) -> anyhow::Result<()> {
        self.0 = Some(out);
        Ok(())
    }
}

/// Writes the files that samples were made of.
pub(crate) struct ExactFiles<'a, O> {
    archive: &'a Archive,
    outputs: O,
    current: Option<(OriginalWriter<Out>, PathBuf)>,
    tally: WrittenTally,
    /// Why the extraction was ended from here.
    error: Option<anyhow::Error>,
}

impl<'a, O: Outputs> ExactFiles<'a, O> {
    /// Writes all these samples and counts them; if the files of some are not kept, nothing is written.
    pub(crate) fn write(
        archive: &'a Archive,
        samples: &[usize],
        n_threads: usize,
        outputs: impl FnOnce() -> anyhow::Result<O>,
        (screen, verbosity): (Screen, u8),
    ) -> anyhow::Result<(O, WrittenTally)> {
        samples
            .iter()
            .try_for_each(|sample| archive.check_kept(*sample, Keep::ALL))?;
        let mut files = Self {
            archive,
            outputs: outputs()?,
            current: None,
            tally: WrittenTally::new(verbosity),
            error: None,
        };
        let mut watched = ProgressSink::samples(&mut files, archive, samples, screen);
        let written = archive.stream_samples_once(samples, Spelling::Cased, n_threads, &mut watched);
        drop(watched);
        if let Some(error) = files.error {
            return Err(error);
        }
        written?;
        Ok((files.outputs, files.tally))
    }

    /// Keeps an error with its context and ends the extraction.
    fn keep<T>(&mut self, result: anyhow::Result<T>) -> ragc_core::Result<T> {
        result.map_err(|error| {
            let message = error.to_string();
            self.error = Some(error);
            ragc_core::Error::bad_input(message)
        })
    }

    fn start(&mut self, name: &[u8]) -> anyhow::Result<()> {
        let out = self.outputs.open(name)?;
        let path = out.name().to_path_buf();
        let sample = self.archive.find_sample(name)?;
        self.current = Some((self.archive.original_writer(sample, out)?, path));
        Ok(())
    }

    fn write_in_file(
        &mut self,
        write: impl FnOnce(&mut OriginalWriter<Out>) -> ragc_core::Result<()>,
    ) -> ragc_core::Result<()> {
        self.current.as_mut().map_or(Ok(()), |(writer, path)| {
            write(writer).map_err(|e| in_output(e, path))
        })
    }

    fn end(&mut self) -> anyhow::Result<()> {
        match self.current.take() {
            Some((writer, path)) => {
                let out = writer.finish().map_err(|e| in_output(e, &path))?;
                self.outputs.close(out)
            }
            None => Ok(()),
        }
    }
}

/// An output that fails is named; anything else is in the archive.
fn in_output(error: ragc_core::Error, path: &Path) -> ragc_core::Error {
    match error.kind() {
        ragc_core::ErrorKind::Io(_) => error.in_file(path),
        _ => error,
    }
}

impl<O: Outputs> SampleSink for ExactFiles<'_, O> {
    fn start_sample(&mut self, name: &[u8]) -> ragc_core::Result<()> {
        self.tally.start_sample(name);
        let started = self.start(name);
        self.keep(started)
    }

    fn start_contig(&mut self, name: &[u8]) -> ragc_core::Result<()> {
        self.tally.n_contigs += 1;
        self.write_in_file(|writer| writer.start_contig(name))
    }

    fn letters(&mut self, letters: &[u8]) -> ragc_core::Result<()> {
        self.tally.n_bases += letters.len() as u64;
        self.write_in_file(|writer| writer.letters(letters))
    }

    fn end_sample(&mut self) -> ragc_core::Result<()> {
        let ended = self.end();
        self.keep(ended)
    }
}
