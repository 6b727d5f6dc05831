//! What is kept of the original files: put over the letters of each sample that has such texts, as reading does.

use std::{io, iter};

use crate::error::{Error, ErrorKind, Result};
use crate::extract::assembly;
use crate::extract::scan::Scan;
use crate::extract::store::{LoadedSample, Store};
use crate::extract::stream::{self, Targets};
use crate::extract::verify::report::{Report, no_answer};
use crate::extract::{Archive, ContigId, SampleSink, Spelling};
use crate::observe::Observer;
use crate::original::{Keep, TextKind};
use crate::threads;

/// Samples whose answers are waited for together.
const ROUND_LEN: usize = 1 << 8;

/// Those of the first samples of which something is kept, as far as that can be told.
pub(super) fn samples_with_texts(store: &Store, n_samples: usize) -> Vec<usize> {
    (0..n_samples).filter(|sample| has_text(store, *sample)).collect()
}

/// Stand for those of a sequence.
static LETTERS: [u8; 1 << 16] = [b'N'; 1 << 16];

/// Goes through all samples that have texts. Sequences were verified before; of them nothing is noted again.
pub(super) fn verify(
    archive: &Archive,
    samples: &[usize],
    n_threads: usize,
    observer: &dyn Observer,
    report: &mut Report,
) {
    let store = archive.store();
    let all = 0..report.n_samples.unwrap_or(0);
    for kind in TextKind::ALL {
        if let Err(error) = store.texts().index(kind) {
            // Any sample may have odd residues, names that the collection cannot hold, or letters in lower case.
            all.clone().for_each(|sample| lose(store, kind, sample, report));
            if !report.knows(&error) {
                report.add_damage(error);
            }
        }
    }
    all.clone().for_each(|sample| verify_names(store, sample, report));
    let mut scan = Scan::new(store, samples);
    loop {
        // That a sample cannot be loaded was noted with its contigs.
        let next = iter::from_fn(|| scan.next_sample()).take(ROUND_LEN);
        let round: Vec<(usize, Result<LoadedSample>)> = next.collect();
        if round.is_empty() {
            break;
        }
        let answers = threads::map("verify", round.len(), n_threads, |i| {
            let errors = match &round[i] {
                _ if observer.is_cancelled() => Vec::new(),
                (sample, Ok(loaded)) => verify_sample(archive, *sample, loaded),
                (sample, Err(_)) => archive.packing_of(*sample).err().into_iter().collect(),
            };
            observer.verified(1);
            errors
        });
        let answers = match answers {
            Ok(answers) => answers,
            Err(error) => return report.add_damage(error),
        };
        for ((sample, _), answer) in round.iter().zip(answers) {
            for error in answer.unwrap_or_else(|| vec![no_answer()]) {
                note(store, *sample, error, report);
            }
        }
    }
}

/// Reads the true names of a sample, if it has any. That those of the collection cannot be read was noted with its contigs.
fn verify_names(store: &Store, sample: usize, report: &mut Report) {
    if has(store, TextKind::Names, sample)
        && let Ok(names) = store.catalogue().names_of(sample)
        && let Err(error) = store.texts().true_names(sample, names.as_stored())
    {
        note(store, sample, error, report);
    }
}

/// Whether there is something to put over the letters of a sample, or around them.
fn has_text(store: &Store, sample: usize) -> bool {
    let kinds = [TextKind::Odd, TextKind::Case, TextKind::Layout];
    kinds.into_iter().any(|kind| has(store, kind, sample))
}

fn has(store: &Store, kind: TextKind, sample: usize) -> bool {
    store.texts().has(kind, sample).unwrap_or(false)
}

/// Reads a sample with all that is kept of it; if that fails, whether its case, and if not its odd residues at least can be
/// told.
fn verify_sample(archive: &Archive, sample: usize, loaded: &LoadedSample) -> Vec<Error> {
    let read = |spelling, sink: &mut dyn SampleSink| match has_odd(archive.store(), sample) {
        true => {
            let target = Targets::Loaded(Some((sample, loaded.clone())));
            stream::stream(archive.store(), target, spelling, 1, sink)?;
            finish_texts(archive.store(), sample, loaded, spelling)
        }
        false => lay_out(archive.store(), sample, loaded, spelling, sink),
    };
    let with_all = || {
        let kept = archive.keep_of(sample)?;
        if kept == Keep::ALL {
            let mut writer = archive.original_writer(sample, io::sink())?;
            read(Spelling::Cased, &mut writer)?;
            return writer.finish().map(drop);
        }
        archive.packing_of(sample)?;
        read(Spelling::Cased, &mut Ignore)
    };
    let mut errors = Vec::from_iter(with_all().err());
    for (spelling, kind) in [
        (Spelling::Cased, TextKind::Case),
        (Spelling::Residues, TextKind::Odd),
    ] {
        match errors.last() {
            None => break,
            Some(error) if is_of(TextKind::Odd, error) => break,
            Some(error) if is_of(kind, error) => continue,
            Some(_) => {}
        }
        match read(spelling, &mut Ignore) {
            Ok(()) => break,
            Err(error) => errors.push(error),
        }
    }
    errors
}

/// Whether a sample may have odd residues.
fn has_odd(store: &Store, sample: usize) -> bool {
    store.texts().has(TextKind::Odd, sample).unwrap_or(true)
}

/// Goes through a sample whose texts tell where something is and not over which letters, as reading does, without decoding its
/// sequences, which were verified before: decoding takes most of the time (docs/measurements.md, "Details of reading").
fn lay_out(
    store: &Store,
    sample: usize,
    loaded: &LoadedSample,
    spelling: Spelling,
    sink: &mut dyn SampleSink,
) -> Result<()> {
    let lengths = store.length_code(loaded)?;
    for contig in 0..loaded.n_contigs() {
        sink.start_contig(loaded.name(contig))?;
        let lens = loaded
            .segments(contig)
            .iter()
            .map(|segment| lengths.len_of(segment));
        let mut left = assembly::contig_len(lens, store.params().k)?;
        while left > 0 {
            let n = left.min(LETTERS.len() as u64);
            sink.letters(&LETTERS[..n as usize])?;
            left -= n;
        }
    }
    finish_texts(store, sample, loaded, spelling)
}

/// Reads the texts of all contigs to the end, also what stands behind the last letters.
fn finish_texts(store: &Store, sample: usize, loaded: &LoadedSample, spelling: Spelling) -> Result<()> {
    let n_contigs = || Ok(loaded.n_contigs());
    for contig in 0..loaded.n_contigs() {
        let id = ContigId { sample, contig };
        store.texts().overlays(id, None, spelling, &n_contigs)?.finish()?;
    }
    store.texts().forget_overlays(sample);
    Ok(())
}

fn is_of(kind: TextKind, error: &Error) -> bool {
    error.location().stream.as_deref() == Some(kind.stream_name())
}

fn note(store: &Store, sample: usize, error: Error, report: &mut Report) {
    match TextKind::ALL.iter().find(|kind| is_of(**kind, &error)) {
        Some(kind) => lose(store, *kind, sample, report),
        None if *error.kind() == ErrorKind::WorkerLost => {}
        // Of the sequence, and noted with its contigs.
        None => return,
    }
    report.add_damage(store.catalogue().in_sample(sample, error));
}

/// Notes what it costs that the text of a sample cannot be read.
fn lose(store: &Store, kind: TextKind, sample: usize, report: &mut Report) {
    let n_contigs = || store.catalogue().names_of(sample).map_or(0, |names| names.len());
    match kind {
        TextKind::Odd => report.lose_residues(sample, n_contigs()),
        TextKind::Names => report.lose_names(sample, n_contigs()),
        TextKind::Case => {
            report.without_case.insert(sample);
        }
        TextKind::Layout => {}
    }
}

/// Takes a sample and leaves it.
struct Ignore;

impl SampleSink for Ignore {
    fn letters(&mut self, _letters: &[u8]) -> Result<()> {
        Ok(())
    }
}
