//! Damaged archives: opened as far as that goes, and told about on standard error.

use std::path::Path;

use anyhow::{anyhow, bail};
use ragc_core::extract::Report;
use ragc_core::internals::extract::{Lost, LostSample};
use ragc_core::internals::unfinished;
use ragc_core::{Archive, Error, ErrorKind};

use crate::args::ArchiveArgs;
use crate::progress::ProgressDisplay;

/// Nothing of an archive can be read.
#[derive(Debug)]
pub(crate) struct Unopened(Error);

impl std::error::Error for Unopened {}

impl std::fmt::Display for Unopened {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self(error) = self;
        let what = match error.location().stream {
            Some(_) => "this stream",
            None => "its footer",
        };
        match self.is_damage() {
            true => write!(f, "{error}; nothing of an archive can be read without {what}"),
            false => write!(f, "{error}"),
        }
    }
}

impl Unopened {
    /// Whether this is an archive all the same, one that is damaged: a file that could be read, of a version that is known, and of no
    /// other kind.
    pub(crate) fn is_damage(&self) -> bool {
        !matches!(
            self.0.kind(),
            ErrorKind::Io(_) | ErrorKind::Unsupported(_) | ErrorKind::NotArchive(_)
        )
    }
}

/// Opens an archive even if it is damaged, and gives the damage that was noticed on the way.
pub(crate) fn open(args: &ArchiveArgs) -> Result<(Archive, Option<Error>), Unopened> {
    args.open_damaged().map_err(Unopened)
}

/// What could not be looked at for want of memory is not damaged by that.
pub(crate) fn check_memory(report: &Report, path: &Path) -> anyhow::Result<()> {
    match &report.no_memory {
        Some(what) => bail!("{}: {what}: not all was looked at", path.display()),
        None => Ok(()),
    }
}

/// Whether an error says that there was no memory for something.
pub(crate) fn is_want_of_memory(error: &anyhow::Error) -> bool {
    let kind = error.downcast_ref::<Error>().map(Error::kind);
    matches!(kind, Some(ErrorKind::NoMemory(_)))
}

/// Adds what to do to an error, if that is damage to this archive.
pub(crate) fn with_advice(error: anyhow::Error, path: &Path, advice: &str) -> anyhow::Error {
    match error.downcast_ref::<Error>() {
        Some(damage) if is_damage(damage) && damage.location().path.as_deref() == Some(path) => {
            anyhow!("{damage}; {advice}")
        }
        _ => error,
    }
}

fn is_damage(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::Corrupt(_) | ErrorKind::Checksum { .. } | ErrorKind::Truncated { .. }
    )
}

/// How much of an archive is intact.
pub(crate) fn summary(report: &Report) -> String {
    match report.n_samples {
        None => "the names of its samples cannot be read".to_owned(),
        Some(n_samples) => format!(
            "{} of {n_samples} samples and {} of {} contigs can be read",
            n_samples - report.lost().len(),
            report.n_contigs - report.n_lost_contigs(),
            report.n_contigs
        ),
    }
}

/// Prints what is damaged and what that costs.
pub(crate) fn print(archive: &Archive, report: Report, path: &Path, max_lines: usize) {
    for line in lines(archive, report, path, max_lines) {
        error!("{line}");
    }
}

/// What is damaged and what that costs, a line each, and as many as `max_lines`; one more tells how many there are.
pub(crate) fn lines<'a>(
    archive: &'a Archive,
    report: Report,
    path: &'a Path,
    max_lines: usize,
) -> impl Iterator<Item = String> + 'a {
    let n_more = n_errors(&report).saturating_sub(max_lines as u64);
    let line = move |error: Error| error.in_file(path).to_string().replace(['\n', '\r'], " ");
    let last = (n_more > 0).then(|| format!("{}: and {n_more} more of these", path.display()));
    report.into_errors(archive).take(max_lines).map(line).chain(last)
}

/// Lines that would tell of all of it.
pub(crate) fn n_errors(report: &Report) -> u64 {
    let of_sample = |sample: &LostSample| match &sample.lost {
        Lost::Contigs(contigs) => contigs.len() as u64,
        _ => 1,
    };
    report.n_damages + report.lost().values().map(of_sample).sum::<u64>()
}

/// Reads an archive back that has just been written; it must be intact.
pub(crate) fn read_back(path: &Path, n_threads: usize) -> anyhow::Result<()> {
    let progress = ProgressDisplay::of_steps("reading back");
    let is_intact = unfinished::read_back(path, n_threads, &progress);
    progress.clear();
    Ok(is_intact?)
}

#[cfg(test)]
mod tests {
    use super::{Archive, Unopened};

    #[test]
    fn texts_and_compressed_files_are_no_archives() {
        for start in [
            &b""[..],
            b">chr1 one\nACGT\n",
            b"{\"a\": 1}\r\n",
            &[0x1F, 0x8B, 8, 4],
            &[0x28, 0xB5, 0x2F, 0xFD, 4],
            b"BZh91AY\x01",
        ] {
            assert!(!is_damage(start), "{start:?}");
        }
        let archive = format!("{}/../data/golden/archives/tiny.agc", env!("CARGO_MANIFEST_DIR"));
        let archive = std::fs::read(archive).unwrap();
        assert!(is_damage(&archive[..archive.len() / 2]));
    }

    /// Whether a file of these bytes, which cannot be opened, is a damaged archive.
    fn is_damage(bytes: &[u8]) -> bool {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bytes).unwrap();
        let opened = Archive::options().cache_limit(0).open_damaged(file.path());
        Unopened(opened.unwrap_err()).is_damage()
    }
}
