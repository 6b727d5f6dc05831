//! The commands that an archive was made by, in its stream.

#[cfg(feature = "compress")]
use std::io::Write;

#[cfg(feature = "compress")]
use crate::container::ContainerWriter;
use crate::container::{ContainerReader, names};
use crate::error::{Error, Result};
#[cfg(feature = "compress")]
use crate::provenance::Forgotten;
use crate::provenance::HistoryEntry;

/// What was done to an archive, oldest first; empty if it does not tell.
///
/// # Errors
/// `Corrupt` when it is damaged.
pub(crate) fn read_history(container: &ContainerReader) -> Result<Vec<HistoryEntry>> {
    let Some(stream) = container.footer().find(names::HISTORY) else {
        return Ok(Vec::new());
    };
    let entry = |number: usize| {
        let part = container.read_part(stream, number)?;
        HistoryEntry::read(part.payload())
            .map_err(|error: Error| error.in_part(number as u64).in_stream(names::HISTORY))
    };
    (0..container.n_parts(stream)).map(entry).collect()
}

/// Writes what was done to old archives, if there are any, and behind it what is done now, if that is told; without the names of samples
/// that are to be forgotten.
///
/// # Errors
/// `Corrupt` when an old part is damaged; `Io`.
#[cfg(feature = "compress")]
pub(crate) fn write_history<'a, W: Write>(
    old: impl Iterator<Item = &'a ContainerReader>,
    mut forgotten: Forgotten,
    entry: Option<HistoryEntry>,
    to: &mut ContainerWriter<W>,
) -> Result<()> {
    let entry = entry.map(|mut entry| {
        forgotten.redact(&mut entry);
        entry
    });
    for archive in old {
        let Some(stream) = archive.footer().find(names::HISTORY) else {
            continue;
        };
        let copy = to.register(names::HISTORY);
        if forgotten.is_empty() {
            for number in 0..archive.n_parts(stream) {
                to.copy_part(copy, archive, stream, number)?;
            }
            continue;
        }
        let mut entries = read_history(archive)?;
        entries.iter_mut().rev().for_each(|entry| forgotten.redact(entry));
        for entry in entries {
            to.add_part(copy, 0, &entry.payload())?;
        }
    }
    let Some(entry) = entry else {
        return Ok(());
    };
    let stream = to.register(names::HISTORY);
    to.add_part(stream, 0, &entry.payload())
}
