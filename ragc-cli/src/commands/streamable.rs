//! `--streamable`: an archive with its index in front.

use std::collections::BTreeMap;
use std::io::{BufWriter, Write};
use std::path::Path;

use ragc_core::internals::streamable::make_streamable;
use ragc_core::{Archive, Error, ErrorKind, Result};

use crate::out::{Out, Scratch};

/// Bytes written to the file at once.
const BUFFER_LEN: usize = 1 << 18;

/// Has an archive written to a file that nobody sees, beside the `output` to come, and writes it from there to `out`: what stands in front is known
/// when everything else is. Gives what `write` does, and bytes by kind of stream.
pub(super) fn with_index_in_front<T>(
    output: Option<&Path>,
    out: &mut Out,
    write: impl FnOnce(&mut BufWriter<&mut Scratch>) -> Result<T>,
) -> Result<(T, BTreeMap<String, u64>)> {
    let told = |error: anyhow::Error| Error::new(ErrorKind::Io(format!("{error:#}")));
    let mut scratch = Scratch::beside(output).map_err(told)?;
    let mut buffered = BufWriter::with_capacity(BUFFER_LEN, &mut scratch);
    let written = write(&mut buffered)?;
    let flushed = buffered.flush();
    flushed.map_err(|error| Error::io("cannot write the file beside it", error))?;
    drop(buffered);
    let archive = Archive::from_reader(scratch.reader().map_err(told)?)?;
    let mut out = BufWriter::with_capacity(BUFFER_LEN, out);
    let lens = make_streamable(&archive, &mut out)?;
    Ok((written, lens))
}
