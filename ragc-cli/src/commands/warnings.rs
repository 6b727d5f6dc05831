//! What is said after genomes have been stored otherwise than they were.

use ragc_core::Keep;
use ragc_core::compress::{Renaming, Summary};
use ragc_core::internals::noticed::{Comments, Duplicates, Note, Notes, Noticed, OddReport, Substitutes};
use ragc_core::internals::quoted::Quoted;

use crate::tell;

/// Says what could not be stored as it was.
pub(crate) fn warn(summary: &Summary) {
    if let Some(odd) = summary.odd() {
        note!("{}", odd_notice(odd));
    }
    if let Some(notice) = case_notice(summary) {
        warning!("{notice}");
    }
    if let Some(notice) = substitutes_notice(summary.substitutes()) {
        note!("{notice}");
    }
    warn_of_names(summary);
    warn_of_inputs(summary.notes(), summary.keep);
    if let Some(notice) = duplicates_notice(summary.duplicates()) {
        note!("{notice}");
    }
    tell::dropped_streams(&summary.dropped_streams);
}

fn odd_notice(odd: &OddReport) -> String {
    format!(
        "{} residues that are no nucleotide code are kept, but other programs read them as N; the first is {:?} in {}, \
         line {}, contig {}",
        odd.count,
        char::from(odd.residue),
        odd.path.display(),
        odd.line,
        Quoted(&String::from_utf8_lossy(&odd.contig))
    )
}

/// Letters that come back in upper case only.
fn case_notice(summary: &Summary) -> Option<String> {
    let n_lower = summary.n_lower;
    let share = 100.0 * n_lower as f64 / summary.n_bases as f64;
    (n_lower > 0 && !summary.keep.case).then(|| {
        format!("{n_lower} bases ({share:.1} %) are lower case and are stored in upper case: --keep case keeps them")
    })
}

fn substitutes_notice(substitutes: &Substitutes) -> Option<String> {
    let (name, stored) = substitutes.first.as_ref()?;
    let [name, stored] = [name, stored].map(|name| String::from_utf8_lossy(name));
    Some(format!(
        "headers with bytes that the format cannot hold: {}; they are kept, and other programs read plain ones; the first is {name:?}, for \
         them {stored:?}",
        substitutes.count
    ))
}

fn duplicates_notice(duplicates: &Duplicates) -> Option<String> {
    let Duplicates {
        n_samples,
        n_contigs,
        first,
        ..
    } = duplicates;
    let first = String::from_utf8_lossy(first.as_deref()?);
    let (samples, contigs) = (counted(*n_samples, "sample"), counted(*n_contigs, "contig"));
    Some(format!(
        "left out because their names are taken: {samples}, and {contigs} of others; the first is {first:?}"
    ))
}

fn counted(n: u64, what: &str) -> String {
    match n {
        1 => format!("1 {what}"),
        n => format!("{n} {what}s"),
    }
}

fn warn_of_names(summary: &Summary) {
    for renaming in summary.renamed() {
        let names = [renaming.from(), renaming.to()].map(String::from_utf8_lossy);
        let [from, to] = names.each_ref().map(|name| Quoted(name));
        match renaming {
            Renaming::Sample { path, .. } => {
                note!("{}: sample {from} is stored as {to}", path.display());
            }
            Renaming::Contig { sample, .. } => {
                let sample = String::from_utf8_lossy(sample);
                let sample = Quoted(&sample);
                note!("sample {sample}: contig {from} is stored as {to}");
            }
            other => note!("{} {from} is stored as {to}", other.code()),
        }
    }
    let n_more = summary.n_renamed() - summary.renamed().len() as u64;
    if n_more > 0 {
        note!("{n_more} more names were taken and have got a number behind them");
    }
}

fn warn_of_inputs(notes: &Notes, keep: Keep) {
    for Note { path, what, .. } in &notes.first {
        warning!("{}: {}", path.display(), notice(what, keep));
    }
    let n_more = notes.count - notes.first.len() as u64;
    if n_more > 0 {
        warning!("{n_more} more of such notes");
    }
}

fn notice(what: &Noticed, keep: Keep) -> String {
    match what {
        Noticed::TrailingBytes(n) => {
            format!("{n} bytes behind the compressed data belong to nothing and are left out")
        }
        Noticed::EmptyEnd { contig, line } => {
            let contig = String::from_utf8_lossy(contig);
            let contig = Quoted(&contig);
            format!("line {line}: the last record, contig {contig}, has no bases: is the file complete?")
        }
        Noticed::Links { count, first } => {
            let links = counted(*count, "link");
            let (are, first) = (if *count == 1 { "is" } else { "are" }, first.display());
            format!("{links} in its tar archive {are} passed over, the first is {first}")
        }
        Noticed::TrailingBytesOfTar(n) => {
            format!("{n} bytes behind the end of its tar archive belong to nothing and are left out")
        }
        Noticed::Unnamed(1) => "a record without a name is stored as unnamed_1".to_owned(),
        Noticed::Unnamed(n) => format!("{n} records without a name are stored as unnamed_1 to unnamed_{n}"),
        Noticed::Comments(Comments {
            count, first_line, ..
        }) => {
            let kept = match keep.layout {
                true => "are kept for --exact only",
                false => "are left out (--keep layout keeps them)",
            };
            format!(
                "{count} lines are comments, the first is line {first_line}: they are no sequence and {kept}"
            )
        }
        Noticed::OddLineEnd(line) => format!(
            "line {line} ends with a carriage return alone, and others do not: what follows on it is taken for a line of its own"
        ),
        // What the library learns to notice is told here, too; until then as it is.
        other => format!("{other:?}"),
    }
}
