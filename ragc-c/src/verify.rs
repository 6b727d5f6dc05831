//! Whether an archive is intact.

use std::fmt::Write;
use std::path::Path;

use ragc_core::extract::Report;
use ragc_core::{Archive, Error, ErrorKind};

use crate::failure::{Failure, Result};
use crate::progress::{ProgressListener, observer};

/// Lines of damage that are told at most; one more tells that there are more.
const MAX_LINES: usize = 1000;

/// An archive that is not intact.
pub(crate) struct Damaged {
    /// What is damaged and what that costs, in lines.
    pub(crate) lines: String,
    /// How much is left.
    pub(crate) failure: Failure,
}

/// Reads and decodes everything; `None` if the archive is intact.
pub(crate) fn verify(
    path: &Path,
    n_threads: usize,
    listener: Option<ProgressListener>,
) -> Result<Option<Damaged>> {
    let (archive, damage) = Archive::options().open_damaged(path)?;
    let mut report = archive.verify(n_threads, &*observer(listener));
    if report.is_cancelled {
        return Err(Error::new(ErrorKind::Cancelled).into());
    }
    if let Some(why) = report.no_memory.take() {
        let kind = ErrorKind::NoMemory(String::new());
        return Err(Failure::of_kind(&kind, format!("{why}: not all was looked at")));
    }
    damage.into_iter().for_each(|damage| report.add_damage(damage));
    if report.is_intact() {
        return Ok(None);
    }
    let left = report.n_contigs - report.n_lost_contigs();
    let summary = format!("{left} of {} contigs can be read", report.n_contigs);
    Ok(Some(Damaged {
        failure: Error::corrupt(summary).in_file(path).into(),
        lines: lines(&archive, report, path),
    }))
}

fn lines(archive: &Archive, report: Report, path: &Path) -> String {
    let mut told = report
        .into_errors(archive)
        .map(|error| error.in_file(path).to_string().replace(['\n', '\r'], " "));
    let mut lines = String::new();
    for line in told.by_ref().take(MAX_LINES) {
        // Writing to a string does not fail.
        let _ = writeln!(lines, "{line}");
    }
    if told.next().is_some() {
        let _ = writeln!(lines, "{}: and more of these", path.display());
    }
    lines
}
