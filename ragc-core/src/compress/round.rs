//! Second stage, front half: gathers what the readers send into rounds, and registers samples and contigs.
//!
//! A round is what is placed together. Its end is a function of the input alone, so the archive is too.

use super::ended::Ended;
use super::events::{Event, EventReceiver, FileEnd};
use super::input::Input;
use super::item::RoundItem;
use super::notes::{Note, Notes, Noticed};
use super::options::SamplesBy;
use super::read::{OrderedInputs, Reading};
use super::registry::{Begun, Duplicates, Registry};
use super::rename::{Renaming, Renamings};
use crate::error::Result;
use crate::fasta::{OddResidues, Source};
use crate::provenance::{Provenance, SampleSource, SourceFile};
use crate::splitter::AdaptiveSplitters;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::sync::Arc;

/// Bases in a round; the segment that reaches the limit is the last.
///
/// Segments of a round are compared only with references of rounds before, so the first rounds are short: with long ones from the beginning
/// a small collection is a quarter larger (docs/measurements.md, "Constants"). Rounds grow with what has
/// been read, up to a length that keeps all threads busy.
const ROUND_BASES: RangeInclusive<u64> = 1 << 16..=8 << 20;

/// A round is one in this many of all bases so far.
const ROUND_SHARE: u64 = 8;

/// Entries in a round: contigs without sequence fill one, too.
const ROUND_ITEMS: usize = 1 << 16;

/// Odd residues of all inputs, and where the first was found.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OddReport {
    /// How many residues were stored as `N`.
    pub count: u64,
    /// The first of them.
    pub residue: u8,
    /// Its file.
    pub path: PathBuf,
    /// Its 1-based line.
    pub line: u64,
    /// Its contig.
    pub contig: Vec<u8>,
}

/// What is to be told of the inputs.
pub(super) struct Told {
    /// Residues stored as `N`.
    pub(super) odd: Option<OddReport>,
    pub(super) samples_renamed: Renamings,
    pub(super) notes: Notes,
}

/// Reads rounds from the ordered events of all files.
pub(super) struct Rounds<'a> {
    ordered: OrderedInputs,
    inputs: std::slice::Iter<'a, Input>,
    current: Option<OpenInput<'a>>,
    registry: Registry,
    n_bases: u64,
    in_reference_sample: bool,
    /// The reference sample is not a whole input.
    ends_within_inputs: bool,
    inputs_are_samples: bool,
    adaptive: Option<AdaptiveSplitters>,
    odd: Option<OddReport>,
    /// Samples.
    renamed: Renamings,
    notes: Notes,
    /// What is told of where samples come from, if anything is.
    provenance: Option<Provenance>,
}

struct OpenInput<'a> {
    input: &'a Input,
    /// The file that is being read, and those behind it.
    source: &'a Source,
    more: std::slice::Iter<'a, Source>,
    events: EventReceiver,
    contig: Vec<u8>,
    /// The contig is left out.
    is_duplicate: bool,
    /// What is told of its files: of those that have been read, or of all without their digests if its samples end before it does.
    files: Vec<SourceFile>,
}

impl<'a> Rounds<'a> {
    /// `adaptive` chooses further splitters, if that is wanted.
    pub(super) fn new(
        ordered: OrderedInputs,
        inputs: &'a [Input],
        reading: &Reading,
        adaptive: Option<AdaptiveSplitters>,
    ) -> Self {
        let rules = reading.rules;
        Self {
            ordered,
            inputs: inputs.iter(),
            current: None,
            registry: Registry::new(rules, inputs),
            n_bases: 0,
            in_reference_sample: true,
            ends_within_inputs: rules.samples_by == SamplesBy::PanSn,
            inputs_are_samples: rules.samples_by == SamplesBy::Input,
            adaptive,
            odd: None,
            renamed: Renamings::default(),
            notes: Notes::default(),
            provenance: reading.provenance.clone(),
        }
    }

    /// Goes on behind samples that are stored already, with `n_bases` bases in references.
    ///
    /// How many bases the samples have in all stands in the collection, which would have to be decoded. Rounds are to
    /// be short only as long as there is little to compare with, and that the references tell as well.
    pub(super) fn resume<'n>(mut self, samples: impl Iterator<Item = &'n [u8]>, n_bases: u64) -> Self {
        self.registry.resume(samples);
        self.n_bases = n_bases;
        self.in_reference_sample = self.registry.is_empty();
        self
    }

    /// What is to be told of the inputs, and the splitters chosen on the way.
    pub(super) fn finish(self) -> (Told, Option<AdaptiveSplitters>) {
        let told = Told {
            odd: self.odd,
            samples_renamed: self.renamed,
            notes: self.notes,
        };
        (told, self.adaptive)
    }

    /// What was left out so far.
    pub(super) fn duplicates(&self) -> &Duplicates {
        self.registry.duplicates()
    }

    /// Whether contigs of one sample may have equal names, which then have to be made different.
    pub(super) fn renames_duplicates(&self) -> bool {
        self.registry.renames_duplicates()
    }

    /// Keeps what was noticed in a file.
    fn note(&mut self, source: &Source, noticed: Vec<Noticed>) {
        let path = || source.label().to_path_buf();
        let notes = noticed.into_iter().map(|what| Note { path: path(), what });
        notes.for_each(|note| self.notes.add(note));
    }

    /// The next round; empty behind the last.
    pub(super) fn next_round(&mut self) -> Result<Vec<RoundItem>, Ended> {
        let mut round = Vec::new();
        let end = self.n_bases + (self.n_bases / ROUND_SHARE).clamp(*ROUND_BASES.start(), *ROUND_BASES.end());
        while self.n_bases < end && round.len() < ROUND_ITEMS {
            let Some(mut input) = self.current_input()? else {
                break;
            };
            let event = input.events.recv()?;
            if let Event::Segment(segment) = &event
                && !input.is_duplicate
            {
                self.n_bases += segment.sequence.len() as u64;
            }
            let is_end = matches!(event, Event::EndInput { .. });
            self.take(event, &mut input, &mut round)
                .map_err(|error| error.in_file(input.source.label()))?;
            if !is_end {
                self.current = Some(input);
            }
            let has_ended = is_end
                || self.ends_within_inputs && matches!(round.last(), Some(RoundItem::EndSample { .. }));
            if has_ended && self.in_reference_sample {
                // All that follow it can be compared with it as a whole.
                self.in_reference_sample = false;
                break;
            }
        }
        Ok(round)
    }

    fn current_input(&mut self) -> Result<Option<OpenInput<'a>>, Ended> {
        if let Some(input) = self.current.take() {
            return Ok(Some(input));
        }
        let (Some(events), Some(input)) = (self.ordered.next_input()?, self.inputs.next()) else {
            return Ok(None);
        };
        Ok(Some(OpenInput {
            input,
            source: &input.source,
            more: input.more.iter(),
            events,
            contig: Vec::new(),
            is_duplicate: false,
            files: self.files_in_advance(input),
        }))
    }

    /// What is told of the files of samples that are no whole input.
    fn files_in_advance(&self, input: &Input) -> Vec<SourceFile> {
        let run = self.provenance.as_ref().filter(|_| !self.inputs_are_samples);
        let described = run.map(|run| input.sources().map(move |source| source.described(run)));
        described.into_iter().flatten().collect()
    }

    /// The end of a sample that these files, or a part of them, are.
    fn end_of(&self, name: Vec<u8>, files: &[SourceFile]) -> RoundItem {
        let source = self
            .provenance
            .as_ref()
            .map(|run| SampleSource::of(run, files.to_vec()));
        RoundItem::EndSample { name, source }
    }

    fn take(&mut self, event: Event, open: &mut OpenInput<'_>, round: &mut Vec<RoundItem>) -> Result<()> {
        match event {
            Event::Contig { name, line } => self.begin_contig(name, line, open, round)?,
            Event::Segment(_) | Event::EndContig { .. } if open.is_duplicate => {}
            Event::Segment(segment) => match &mut self.adaptive {
                None => round.push(RoundItem::Segment(Arc::new(segment))),
                Some(adaptive) => {
                    let pieces = adaptive.cut(segment)?;
                    round.extend(pieces.into_iter().map(Arc::new).map(RoundItem::Segment));
                }
            },
            Event::EndContig { record } => {
                self.note_odd(record.odd, open);
                round.push(RoundItem::EndContig {
                    name: std::mem::take(&mut open.contig),
                    record: Box::new(record),
                });
            }
            Event::NextFile { end } => {
                self.end_file(end, open);
                if let Some(source) = open.more.next() {
                    open.source = source;
                }
            }
            Event::EndInput { end } => {
                self.end_file(end, open);
                let finished = self.registry.end_input();
                round.extend(finished.map(|name| self.end_of(name, &open.files)));
            }
            Event::Failed(error) => return Err(error),
        }
        Ok(())
    }

    fn begin_contig(
        &mut self,
        name: Vec<u8>,
        line: u64,
        open: &mut OpenInput<'_>,
        round: &mut Vec<RoundItem>,
    ) -> Result<()> {
        let begun = self
            .registry
            .begin_contig(&name, &open.input.sample)
            .map_err(|error| error.at_line(line).in_contig(&String::from_utf8_lossy(&name)))?;
        open.is_duplicate = begun == Begun::Duplicate;
        let Begun::Contig(changes) = begun else {
            return Ok(());
        };
        round.extend(changes.finished.map(|name| self.end_of(name, &open.files)));
        if let Some((from, to)) = changes.renamed {
            let path = open.source.label().to_path_buf();
            self.renamed.add(Renaming::Sample { path, from, to });
        }
        open.contig = name;
        Ok(())
    }

    fn end_file(&mut self, end: FileEnd, open: &mut OpenInput<'_>) {
        self.note(open.source, end.noticed);
        open.files.extend(end.source.filter(|_| self.inputs_are_samples));
    }

    fn note_odd(&mut self, odd: OddResidues, open: &OpenInput<'_>) {
        let Some((residue, line)) = odd.first else {
            return;
        };
        let report = self.odd.get_or_insert_with(|| OddReport {
            count: 0,
            residue,
            path: open.source.label().to_path_buf(),
            line,
            contig: open.contig.clone(),
        });
        report.count += odd.count;
    }
}
