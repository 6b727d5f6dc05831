//! Tracks of a new archive: what old ones hold of the samples that are kept.

use std::io::Write;

use crate::alphabet::CODE_OF_LETTER;
use crate::container::{ContainerWriter, names};
use crate::error::Result;
use crate::extract::{SampleSink, Spelling};
use crate::original::Keep;
use crate::rewrite::Existing;
use crate::rewrite::plan::Plan;
use crate::track::{ContigNotes, HeardStretch, KeptSample, KeptSamples, Listeners, Old, Wanted, Writers};

/// Writes all tracks that some of the old archives have. Says whether the new one is to have checksums of its parts.
///
/// # Errors
/// `Corrupt` when what they hold is damaged, or has to be decoded and is; `Io`.
pub(super) fn write<W: Write>(
    plan: &Plan,
    sources: &[Existing<'_>],
    n_threads: usize,
    container: &mut ContainerWriter<W>,
) -> Result<bool> {
    let wanted = wanted(plan, sources)?;
    let mut tracks = Writers::new(wanted);
    for (existing, kept) in carrying(plan, sources) {
        let last_lens = existing.lens(&existing.open_batch()?)?;
        let hear = |sample: usize, listeners: &mut Listeners| hear(existing, sample, n_threads, listeners);
        let old = Old {
            adds_checksums: plan.adds_checksums,
            adds_digests: plan.adds_digests,
            is_renamed_in_place: existing.len_before_change() > 0,
            ..existing.old(&last_lens)
        };
        tracks.carry(&old, KeptSamples(&kept), &hear, container)?;
    }
    tracks.finish(container)?;
    Ok(wanted.has_checksums)
}

/// The archives that tell something of samples that are kept, and those samples. One of which none is kept has nothing to tell behind others,
/// and a track that went on behind it would forget them; without any the first one is gone on from.
fn carrying<'a>(
    plan: &'a Plan,
    sources: &'a [Existing<'a>],
) -> impl Iterator<Item = (&'a Existing<'a>, Vec<(usize, &'a KeptSample)>)> {
    let all = sources.iter().enumerate();
    let is_first = |source: usize| source == 0 && plan.samples.is_empty();
    all.map(|(source, existing)| (source, existing, plan.of_source(source)))
        .filter(move |(source, _, kept)| !kept.is_empty() || is_first(*source))
        .map(|(_, existing, kept)| (existing, kept))
}

fn wanted(plan: &Plan, sources: &[Existing<'_>]) -> Result<Wanted> {
    let mut wanted = Wanted {
        keep: Keep::default(),
        has_checksums: plan.adds_checksums,
        has_digests: plan.adds_digests,
        has_sources: false,
        insists_on_sources: false,
    };
    for existing in sources {
        let has = |stream| existing.archive().container().footer().find(stream).is_some();
        wanted.keep = wanted.keep.or(existing.keep()?);
        wanted.has_checksums |= has(names::SUMS) || has(names::SEQUENCE_SUMS);
        wanted.has_digests |= existing.has_digests();
        wanted.has_sources |= existing.has_sources();
    }
    Ok(wanted)
}

/// Decodes a sample and has its contigs heard.
fn hear(
    existing: &Existing<'_>,
    sample: usize,
    n_threads: usize,
    listeners: &mut Listeners,
) -> Result<Vec<ContigNotes>> {
    let spelling = match listeners.hear_text() {
        true => Spelling::Residues,
        false => Spelling::Nucleotides,
    };
    let mut hearing = Hearing {
        listeners,
        codes: Vec::new(),
        has_begun: false,
        notes: Vec::new(),
    };
    existing
        .archive()
        .stream_samples(&[sample], spelling, n_threads, &mut hearing)?;
    hearing.end_contig();
    Ok(hearing.notes)
}

/// Shows letters and their codes to what hears them.
struct Hearing<'a> {
    listeners: &'a mut Listeners,
    codes: Vec<u8>,
    has_begun: bool,
    notes: Vec<ContigNotes>,
}

impl Hearing<'_> {
    fn end_contig(&mut self) {
        if std::mem::take(&mut self.has_begun) {
            self.notes.push(self.listeners.take());
        }
    }
}

impl SampleSink for Hearing<'_> {
    fn start_contig(&mut self, _name: &[u8]) -> Result<()> {
        self.end_contig();
        self.has_begun = true;
        Ok(())
    }

    /// Residues that are no nucleotide code come only where text is heard, and codes are not.
    fn letters(&mut self, letters: &[u8]) -> Result<()> {
        self.codes.clear();
        let codes = letters.iter().map(|letter| CODE_OF_LETTER[usize::from(*letter)]);
        self.codes.extend(codes);
        self.listeners.push(HeardStretch {
            codes: &self.codes,
            text: letters,
        });
        Ok(())
    }
}
