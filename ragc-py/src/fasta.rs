//! Samples as FASTA text, to a file or to an object that is written to.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use ragc_core::extract::{FastaWriter, SampleSink, Spelling};
use ragc_core::internals::container::is_archive;
use ragc_core::internals::unfinished::Unfinished;
use ragc_core::{Archive, Error, ErrorKind};

use crate::errors::{Raised, exception};
use crate::memory::to_bytes;
use crate::watched::{self, CancellableSink, Watch};

/// Bytes that are handed to an object of Python at a time: each call needs the lock of the interpreter.
const PIECE_LEN: usize = 1 << 20;

/// What is written, and how.
pub(crate) struct FastaOptions {
    pub(crate) samples: Vec<usize>,
    pub(crate) width: usize,
    pub(crate) with_sample: bool,
    pub(crate) spelling: Spelling,
    pub(crate) n_threads: usize,
}

/// Writes FASTA to a path, where it appears when it is complete, or to an object with a method `write` that takes bytes.
pub(crate) fn write(
    py: Python<'_>,
    archive: &Archive,
    wanted: &FastaOptions,
    target: &Bound<'_, PyAny>,
) -> PyResult<()> {
    if !target.hasattr("write")? {
        let path: PathBuf = target.extract()?;
        check(&path)?;
        return watched::run(py, None, |watch| write_file(archive, wanted, &path, watch));
    }
    let target = target.clone().unbind();
    watched::run(py, None, |watch| {
        let object = PythonSink {
            target,
            watch: Arc::clone(watch),
        };
        let pieces = io::BufWriter::with_capacity(PIECE_LEN, object);
        write_to(archive, wanted, pieces, watch).map(drop)
    })
}

/// Nobody is to find text in a file that says that it is packed, nor lose an archive.
fn check(path: &Path) -> PyResult<()> {
    let refuse = |why| Err(PyValueError::new_err(format!("{}: {why}", path.display())));
    let packed = ["gz", "bgz", "zst", "xz", "bz2"];
    let ending = path.extension().and_then(|ending| ending.to_str());
    if ending.is_some_and(|ending| packed.contains(&ending)) {
        return refuse(
            "the text is written as it is: give an open file that packs it, such as gzip.open(path, \"wb\")",
        );
    }
    match is_archive(path).raised()? {
        true => refuse("this is an archive; write to another file"),
        false => Ok(()),
    }
}

fn write_file(
    archive: &Archive,
    wanted: &FastaOptions,
    path: &Path,
    watch: &Arc<Watch>,
) -> ragc_core::Result<()> {
    let failed = |error| Error::io("cannot write", error).in_file(path);
    let mut file = Unfinished::beside(path, Ok(())).map_err(failed)?;
    write_to(archive, wanted, file.as_file(), watch).map_err(|error| error.in_file(path))?;
    file.sync(path).map_err(failed)?;
    watch.settle()?;
    file.rename_to(path).map_err(failed)
}

fn write_to<W: Write + Send>(
    archive: &Archive,
    wanted: &FastaOptions,
    out: W,
    watch: &Arc<Watch>,
) -> ragc_core::Result<W> {
    let mut sink = Labelled {
        fasta: FastaWriter::new(CancellableSink::new(out, watch), wanted.width),
        sample: Vec::new(),
        with_sample: wanted.with_sample,
    };
    archive.stream_samples(&wanted.samples, wanted.spelling, wanted.n_threads, &mut sink)?;
    Ok(sink.fasta.finish()?.into_inner())
}

/// FASTA whose headers may begin with the sample.
struct Labelled<W> {
    fasta: FastaWriter<W>,
    sample: Vec<u8>,
    with_sample: bool,
}

impl<W: Write + Send> SampleSink for Labelled<W> {
    fn start_sample(&mut self, name: &[u8]) -> ragc_core::Result<()> {
        self.sample = name.to_vec();
        Ok(())
    }

    fn start_contig(&mut self, name: &[u8]) -> ragc_core::Result<()> {
        match self.with_sample {
            true => self.fasta.start_contig(&[&self.sample, &b"#"[..], name].concat()),
            false => self.fasta.start_contig(name),
        }
    }

    fn letters(&mut self, letters: &[u8]) -> ragc_core::Result<()> {
        self.fasta.letters(letters)
    }
}

/// An object of Python that is written to; what it raises is raised in the end.
struct PythonSink {
    target: Py<PyAny>,
    watch: Arc<Watch>,
}

impl Write for PythonSink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = Python::attach(|py| {
            let piece = to_bytes(py, bytes)?;
            let n = self.target.bind(py).call_method1("write", (piece,))?;
            // Files that are not buffered may take less; others tell nothing, and take all.
            let n_taken = n.extract::<Option<i64>>()?;
            match n_taken.map_or(Ok(bytes.len()), usize::try_from) {
                Ok(n_taken) if n_taken <= bytes.len() => Ok(n_taken),
                _ => {
                    let n_given = bytes.len();
                    let why =
                        format!("write() of the target was given {n_given} bytes and says that it took {n}");
                    Err(exception(&Error::new(ErrorKind::Io(why)), Vec::new()))
                }
            }
        });
        written.map_err(|raised| {
            self.watch.keep(raised);
            io::Error::other("the object that is written to has raised an exception")
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
