//! What is kept of the original files beside their sequences.

use crate::error::{Error, Result};
use crate::extract::store::Store;
use crate::extract::verify::report::Report;
use crate::original::TextKind;

/// Reads the texts of all samples. A sample whose odd residues are damaged cannot be read as it was stored; case and
/// layout are only missed by who asks for them.
pub(super) fn verify(store: &Store, report: &mut Report) {
    let n_samples = report.n_samples.unwrap_or(0);
    for kind in TextKind::ALL {
        for sample in 0..n_samples {
            if let Err(error) = store.check_texts(kind, sample) {
                note(store, kind, sample, error, report);
            }
        }
    }
}

fn note(store: &Store, kind: TextKind, sample: usize, error: Error, report: &mut Report) {
    let is_lost = report.lost.contains_key(&sample);
    if kind == TextKind::Odd && !is_lost {
        let n_contigs = n_contigs(store, sample).unwrap_or(0);
        report.lose_sample(sample, n_contigs, in_sample(store, sample, error));
    } else if !is_lost && !report.knows(&error) {
        report.add_damage(in_sample(store, sample, error));
    }
}

fn n_contigs(store: &Store, sample: usize) -> Result<usize> {
    let (names, slot) = store.names_of(sample)?;
    Ok(names.n_contigs(slot))
}

fn in_sample(store: &Store, sample: usize, error: Error) -> Error {
    match store.samples().ok().and_then(|samples| samples.get(sample)) {
        Some(name) => error.in_sample(&String::from_utf8_lossy(name)),
        None => error,
    }
}
