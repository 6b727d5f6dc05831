//! Damaged archives: opened as far as that goes, and told about on standard error.

use std::path::Path;

use anyhow::{anyhow, bail};
use ragc_core::extract::{ContigId, Lost, LostSample, Report};
use ragc_core::observe::Silent;
use ragc_core::{Decompressor, Error, ErrorKind};

use crate::args::ArchiveArgs;

/// Opens an archive even if it is damaged, and gives the damage that was noticed on the way.
pub(crate) fn open(args: &ArchiveArgs) -> anyhow::Result<(Decompressor, Option<Error>)> {
    args.open_damaged().map_err(|error| {
        let what = match error.location().stream {
            Some(_) => "this stream",
            None => "its footer",
        };
        match error.kind() {
            ErrorKind::Io(_) | ErrorKind::Unsupported(_) => anyhow!(error),
            _ => anyhow!("{error}; nothing of an archive can be read without {what}"),
        }
    })
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
            n_samples - report.lost.len(),
            report.n_contigs - report.n_lost_contigs(),
            report.n_contigs
        ),
    }
}

/// Prints what is damaged and what that costs, a line each, and as many as `max_lines`.
pub(crate) fn print(archive: &Decompressor, report: Report, path: &Path, max_lines: usize) {
    let n_all = n_errors(&report);
    let mut n_lines = 0;
    for error in errors(archive, report).take(max_lines) {
        let line = error.in_file(path).to_string();
        eprintln!("ragc: {}", line.replace(['\n', '\r'], " "));
        n_lines += 1;
    }
    let n_more = n_all.saturating_sub(n_lines);
    if n_more > 0 {
        eprintln!("ragc: {}: and {n_more} more of these", path.display());
    }
}

/// Damage to the file, then what it costs. Where there was too much for the reasons to be kept, the names are told.
fn errors(archive: &Decompressor, report: Report) -> impl Iterator<Item = Error> {
    let of_sample = |(sample, lost): (usize, LostSample)| match lost.lost {
        Lost::Whole(error) => vec![error.unwrap_or_else(|| lost_place(archive, sample, None))],
        Lost::Contigs(contigs) => contigs
            .into_iter()
            .map(|(contig, error)| error.unwrap_or_else(|| lost_place(archive, sample, Some(contig))))
            .collect(),
    };
    let lost = report.lost.into_iter().flat_map(of_sample);
    report.damages.into_iter().chain(lost)
}

fn lost_place(archive: &Decompressor, sample: usize, contig: Option<usize>) -> Error {
    let text = |name: &[u8]| String::from_utf8_lossy(name).into_owned();
    let mut error = Error::corrupt("damaged, too");
    if let Some(name) = archive.samples().ok().and_then(|names| names.get(sample)) {
        error = error.in_sample(&text(name));
    }
    match contig.map(|contig| archive.contig_name(ContigId { sample, contig })) {
        Some(Ok(name)) => error.in_contig(&text(&name)),
        _ => error,
    }
}

fn n_errors(report: &Report) -> u64 {
    let of_sample = |sample: &LostSample| match &sample.lost {
        Lost::Whole(_) => 1,
        Lost::Contigs(contigs) => contigs.len() as u64,
    };
    report.n_damages + report.lost.values().map(of_sample).sum::<u64>()
}

/// Reads an archive back that has just been written; it must be intact.
pub(crate) fn read_back(path: &Path, n_threads: usize) -> anyhow::Result<()> {
    let archive = Decompressor::open(path)?;
    let report = archive.verify(n_threads, &Silent);
    if report.is_intact() {
        return Ok(());
    }
    let why = errors(&archive, report)
        .next()
        .map_or_else(String::new, |error| error.to_string());
    bail!("{why}: so the archive would read back, which is why it was not written")
}
