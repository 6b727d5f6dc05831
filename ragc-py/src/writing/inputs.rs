//! What is compressed: files, bytes, and objects of Python that are read.

use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::PyBytes;
use ragc_core::compress::{Input, InputRules};
use ragc_core::fasta::Source;
use ragc_core::internals::folder::fasta_files;
use ragc_core::internals::identity::is_among;
use ragc_core::{Error, ErrorKind};

use super::pipe;
use crate::errors::{Raised, exception};
use crate::memory::copied;
use crate::watched::Watch;

/// A sample as `_writing.py` gives it: its name, if it is not named after its file, and where its records are.
#[derive(FromPyObject)]
pub(crate) struct Given(Option<String>, Vec<RecordsInput>);

impl Given {
    /// The folder that was given in the place of a sample.
    fn folder(&self) -> Option<&Path> {
        match (&self.0, &self.1[..]) {
            (None, [RecordsInput::File(path)]) if path.is_dir() => Some(path),
            _ => None,
        }
    }
}

/// Where records are.
pub(crate) enum RecordsInput {
    File(PathBuf),
    Bytes(Vec<u8>),
    Reader(Py<PyAny>),
}

impl<'py> FromPyObject<'_, 'py> for RecordsInput {
    type Error = PyErr;

    fn extract(given: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        if let Ok(bytes) = given.cast::<PyBytes>() {
            return Ok(Self::Bytes(copied(bytes.as_bytes()).raised()?));
        }
        match given.hasattr("read")? {
            true => Ok(Self::Reader(given.to_owned().unbind())),
            false => Ok(Self::File(given.extract()?)),
        }
    }
}

/// The same samples, with the FASTA files in folders in the place of these.
pub(super) fn of_folders(given: Vec<Given>) -> ragc_core::Result<Vec<Given>> {
    let mut all = Vec::with_capacity(given.len());
    for given in given {
        match given.folder() {
            Some(folder) => {
                let files = fasta_files(folder)?.into_iter();
                all.extend(files.map(|file| Given(None, vec![RecordsInput::File(file)])));
            }
            None => all.push(given),
        }
    }
    Ok(all)
}

/// The inputs that these samples are, with the files of tar archives in the place of these. None of them is the file that is written.
pub(super) fn inputs(
    given: Vec<Given>,
    rules: InputRules,
    output: &Path,
    watch: &Arc<Watch>,
) -> ragc_core::Result<Vec<Input>> {
    let inputs = given.into_iter().map(|given| input(given, watch));
    let inputs: Vec<Input> = inputs.collect::<ragc_core::Result<_>>()?;
    let containers = || inputs.iter().flat_map(Input::sources).map(Source::container);
    if is_among(output, containers())? && output.is_file() {
        let why = "this is an input; write to another file";
        return Err(Error::new(ErrorKind::BadOption(why.to_owned())).in_file(output));
    }
    Ok(rules.unpack_tarballs(inputs))
}

fn input(given: Given, watch: &Arc<Watch>) -> ragc_core::Result<Input> {
    let Given(sample, from) = given;
    let label = sample.as_deref().unwrap_or("input").to_owned();
    let mut sources = from.into_iter().map(|from| match from {
        RecordsInput::File(path) => pipe::source(path, watch),
        RecordsInput::Bytes(bytes) => Source::bytes(&label, bytes),
        RecordsInput::Reader(object) => {
            let reader = PythonReader::new(&label, object, watch);
            Source::reader(&label, reader)
        }
    });
    let Some(first) = sources.next() else {
        let why = format!("sample {label} has no input");
        return Err(Error::new(ErrorKind::BadOption(why)));
    };
    let rest = sources.collect();
    let input = match sample {
        Some(sample) => Input::named(sample, first),
        None => Input::of(first),
    };
    Ok(input.with_more(rest))
}

/// An object of Python whose `read` gives bytes. Threads of the library read it, each time with the lock of the interpreter. What it raises is
/// raised in the end.
struct PythonReader {
    /// The sample, or another word for the input.
    label: String,
    object: Py<PyAny>,
    watch: Arc<Watch>,
}

impl PythonReader {
    fn new(label: &str, object: Py<PyAny>, watch: &Arc<Watch>) -> Self {
        Self {
            label: label.to_owned(),
            object,
            watch: Arc::clone(watch),
        }
    }

    /// The exception of an object that does not do what those do that are open for reading bytes.
    fn wrong(&self, why: &str) -> PyErr {
        let error = Error::new(ErrorKind::Io(why.to_owned()));
        exception(&error.in_sample(&self.label), Vec::new())
    }
}

impl Read for PythonReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.watch.check()?;
        let read = |py: Python<'_>| -> PyResult<usize> {
            let piece = self.object.bind(py).call_method1("read", (buffer.len(),))?;
            let Ok(piece) = piece.cast::<PyBytes>() else {
                return Err(self.wrong("read() of an input has to give bytes: open it with \"rb\""));
            };
            let piece = piece.as_bytes();
            match buffer.get_mut(..piece.len()) {
                Some(buffer) => buffer.copy_from_slice(piece),
                None => return Err(self.wrong("read(n) of an input has given more than n bytes")),
            }
            Ok(piece.len())
        };
        Python::attach(read).map_err(|raised| {
            self.watch.keep(raised);
            io::Error::other("the object that is read has raised an exception")
        })
    }
}
