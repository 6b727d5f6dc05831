//! What is said after genomes have been stored otherwise than they were.

use ragc_core::compress::{Duplicates, OddReport, Renamed, Renaming, Renamings, Substitutes, Summary};

/// Says what could not be stored as it was.
pub(crate) fn warn(summary: &Summary) {
    if let Some(odd) = &summary.odd {
        eprintln!("ragc: {}", odd_notice(odd));
    }
    if let Some(notice) = case_notice(summary) {
        eprintln!("ragc: {notice}");
    }
    if let Some(notice) = substitutes_notice(&summary.substitutes) {
        eprintln!("ragc: {notice}");
    }
    warn_of_names(&summary.renamed);
    if let Some(notice) = duplicates_notice(&summary.duplicates) {
        eprintln!("ragc: {notice}");
    }
    for name in &summary.dropped_streams {
        eprintln!("ragc: warning: stream {name:?} of the archive is unknown and was left out of the new one");
    }
}

fn odd_notice(odd: &OddReport) -> String {
    format!(
        "{} residues that are no nucleotide code are kept, but other programs read them as N; the first is {:?} in {}, \
         line {}, contig {:?}",
        odd.count,
        char::from(odd.residue),
        odd.path.display(),
        odd.line,
        String::from_utf8_lossy(&odd.contig)
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

fn warn_of_names(renamed: &Renamings) {
    for Renaming { what, from, to } in &renamed.first {
        let [from, to] = [from, to].map(|name| String::from_utf8_lossy(name));
        match what {
            Renamed::Sample(path) => {
                eprintln!("ragc: {}: sample {from:?} is stored as {to:?}", path.display());
            }
            Renamed::Contig(sample) => {
                let sample = String::from_utf8_lossy(sample);
                eprintln!("ragc: sample {sample:?}: contig {from:?} is stored as {to:?}");
            }
        }
    }
    let n_more = renamed.count - renamed.first.len() as u64;
    if n_more > 0 {
        eprintln!("ragc: {n_more} more names were taken and have got a number behind them");
    }
}
