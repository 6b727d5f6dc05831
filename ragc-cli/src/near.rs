//! What is near when a name is absent.

use std::path::Path;

use ragc_core::internals::quoted::Quoted;
use ragc_core::{Archive, Error, ErrorKind};

use crate::out::with_ending;

pub(crate) use ragc_core::internals::near::{did_you_mean, near_contigs, near_samples};

/// Adds to an error about a name that does not exist the names that are near, for a command that reads.
pub(crate) fn with_near(archive: &Archive, error: Error) -> anyhow::Error {
    with_near_or(archive, error, "getctg prints contigs")
}

/// As [`with_near`]; of a contig that was taken for a sample this tells what can be done with it.
pub(crate) fn with_near_or(archive: &Archive, error: Error, of_contigs: &str) -> anyhow::Error {
    let near = match error.kind() {
        ErrorKind::NotFound { what: "sample", name } if is_contig(archive, name) => {
            let path = error.location().path.as_deref();
            let path = path.map_or_else(String::new, |path| format!("{}: ", path.display()));
            return anyhow::anyhow!("{path}{} is a contig, not a sample: {of_contigs}", Quoted(name));
        }
        ErrorKind::NotFound { what: "sample", name } => near_samples(archive, name),
        ErrorKind::NotFound { what: "contig", name } => {
            near_contigs(archive, error.location().sample.as_deref(), name)
        }
        _ => Vec::new(),
    };
    if near.is_empty() {
        return error.into();
    }
    anyhow::anyhow!("{error}{}", did_you_mean(&near))
}

/// Adds to an error about an archive that does not exist the file that was meant: the one with the ending.
pub(crate) fn near_file(path: &Path, error: Error) -> Error {
    let meant = with_ending(path, "agc");
    match error.kind() {
        ErrorKind::Io(why) if !path.exists() && meant.is_file() => {
            let near = did_you_mean(&[meant.to_string_lossy().into_owned()]);
            Error::new(ErrorKind::Io(format!("{why}{near}"))).in_file(path)
        }
        _ => error,
    }
}

fn is_contig(archive: &Archive, name: &str) -> bool {
    let found = archive.find_anywhere(&[name.as_bytes()]);
    found.is_ok_and(|found| found.iter().any(|found| found.first.is_some()))
}
