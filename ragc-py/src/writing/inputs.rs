//! What is compressed: files, bytes, and objects of Python that are read.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use pyo3::prelude::*;
use pyo3::types::PyBytes;
use ragc_core::compress::{Input, InputRules, unpack_tarballs};
use ragc_core::fasta::Source;
use ragc_core::internals::identity::is_same_file;
use ragc_core::{Error, ErrorKind};

/// A sample as `_writing.py` gives it: its name, if it is not named after its file, and where its records are.
pub(super) type Given<'py> = (Option<String>, Vec<Bound<'py, PyAny>>);

/// The inputs that these samples are.
pub(super) fn inputs(given: Vec<Given<'_>>) -> PyResult<Vec<Input>> {
    given.into_iter().map(input).collect()
}

fn input((sample, sources): Given<'_>) -> PyResult<Input> {
    let label = sample.as_deref().unwrap_or("input").to_owned();
    let sources: PyResult<Vec<Source>> = sources.iter().map(|given| source(given, &label)).collect();
    let mut sources = sources?.into_iter();
    let Some(first) = sources.next() else {
        let why = "a sample needs an input";
        return Err(pyo3::exceptions::PyValueError::new_err(why));
    };
    let input = match sample {
        Some(sample) => Input::named(sample, first),
        None => Input::of(first),
    };
    Ok(input.with_more(sources.collect()))
}

fn source(given: &Bound<'_, PyAny>, label: &str) -> PyResult<Source> {
    if let Ok(bytes) = given.cast::<PyBytes>() {
        return Ok(Source::bytes(label, bytes.as_bytes().to_vec()));
    }
    if given.hasattr("read")? {
        return Ok(Source::reader(label, Object(given.clone().unbind())));
    }
    Ok(Source::file(given.extract::<PathBuf>()?))
}

/// The inputs with the files of tar archives in the place of these. None of them is the file that is written.
pub(super) fn ready(inputs: Vec<Input>, rules: InputRules, output: &Path) -> ragc_core::Result<Vec<Input>> {
    let is_output = |source: &Source| is_same_file(source.container(), output);
    if output.is_file() && inputs.iter().flat_map(Input::sources).any(is_output) {
        let why = "this is an input; write to another file";
        return Err(Error::new(ErrorKind::BadOption(why.to_owned())).in_file(output));
    }
    Ok(unpack_tarballs(inputs, rules))
}

/// An object of Python whose `read` gives bytes. Threads of the library read it, each time with the lock of the interpreter.
struct Object(Py<PyAny>);

impl Read for Object {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = |py: Python<'_>| -> PyResult<Result<usize, &'static str>> {
            let piece = self.0.bind(py).call_method1("read", (buffer.len(),))?;
            let Ok(piece) = piece.cast::<PyBytes>() else {
                return Ok(Err("read() of an input has to give bytes: open it with \"rb\""));
            };
            let piece = piece.as_bytes();
            match buffer.get_mut(..piece.len()) {
                Some(buffer) => buffer.copy_from_slice(piece),
                None => return Ok(Err("read(n) of an input has given more than n bytes")),
            }
            Ok(Ok(piece.len()))
        };
        match Python::attach(read) {
            Ok(Ok(n)) => Ok(n),
            Ok(Err(why)) => Err(io::Error::other(why)),
            Err(raised) => Err(io::Error::other(raised.to_string())),
        }
    }
}
