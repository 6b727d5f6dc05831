//! First stage: files to contigs to segments.
//!
//! A few reader threads take the next file each, cut it (`cut`) and send what they find through a channel of its own, bounded in
//! bytes. The stage after takes the channels in the order of the files, so reading ahead on several threads changes
//! nothing in what it sees. An error travels in the channel where its data would have been.

use super::ended::Ended;
use super::events::{self, Event, EventReceiver, EventSender, FileEnd};
use super::excerpt::Excerpt;
use super::headers::Headers;
use super::input::{Input, total_size};
use super::memory::Memory;
use super::notes::Noticed;
use super::options::{InputRules, SamplesBy};
use super::registry::{Begun, Registry};
use crate::alphabet::LETTERS;
use crate::error::{Error, Result};
use crate::fasta::{self, OddResidues, RawDigest, Residues, Source, Text, Token};
use crate::observe::{Observer, Phase};
use crate::original::{OriginalRecord, Recorder};
use crate::provenance::Provenance;
use crate::splitter::SplitterFinder;
use crate::times::{Stage, within};
use crossbeam_channel as channel;
use std::collections::VecDeque;
use std::sync::Arc;

/// Bytes of segments that wait for placement, over all files that are open.
const READ_AHEAD_BYTES: usize = 8 << 20;

/// Inputs that are read ahead at most: each has a channel of its own.
const MAX_AHEAD: u64 = 64;

/// More readers than this would each have little room to read ahead.
const MAX_READERS: usize = 8;

/// How files are read: all files of a run alike.
pub(super) struct Reading {
    pub(super) rules: InputRules,
    /// What is told of the files, if anything is.
    pub(super) provenance: Option<Provenance>,
    /// Learns of what is read.
    pub(super) observer: Arc<dyn Observer>,
}

/// An input to read and where its events go.
#[derive(Debug)]
pub(super) struct Assignment {
    pub(super) input: Input,
    pub(super) events: EventSender,
}

/// Number of reader threads beside `n_threads` encoders: decompressing and cutting are much of the work
/// (docs/measurements.md, "Details of making archives"), and many small files wait for the disk.
pub(super) fn n_readers(n_threads: usize) -> usize {
    n_threads.min(MAX_READERS)
}

/// Reads input after input and sends nothing but the names of contigs.
pub(super) fn run_checker(
    assignments: &channel::Receiver<Assignment>,
    reading: &Reading,
) -> Result<(), Ended> {
    for Assignment { input, mut events } in assignments {
        let read = scan(&input, reading, |piece| match piece {
            ReadPiece::Contig { name, line } => events.send(Event::contig(name, line)),
            ReadPiece::NextFile { end } => events.send(Event::NextFile { end }),
            ReadPiece::Sequence { .. } | ReadPiece::EndContig { .. } => Ok(()),
        });
        end_input(read, events)?;
    }
    Ok(())
}

/// Tells that an input has been read, or why not.
pub(super) fn end_input(read: Result<FileEnd, Ended>, events: EventSender) -> Result<(), Ended> {
    events.end(match read {
        Ok(end) => Event::EndInput { end },
        Err(Ended::Failed(error)) => Event::Failed(error),
        Err(Ended::CutOff) => return Err(Ended::CutOff),
    })
}

/// Reads the reference sample to choose splitters in it.
///
/// # Errors
/// As for reading any input, with the file.
pub(super) fn find_splitters(
    input: &Input,
    k: u32,
    segment_size: u32,
    reading: &Reading,
) -> Result<SplitterFinder> {
    reading.observer.phase_begins(Phase::FindSplitters, input.size());
    let mut finder = SplitterFinder::new(k, segment_size);
    let mut records = ReferenceRecords::new(reading.rules);
    let push = |piece: ReadPiece<'_>| {
        match piece {
            ReadPiece::NextFile { .. } => {}
            ReadPiece::Contig { name, .. } => return records.begin(name),
            ReadPiece::Sequence { codes, .. } if !records.is_duplicate => finder.push(codes),
            ReadPiece::EndContig { .. } if !records.is_duplicate => finder.end_contig(),
            ReadPiece::Sequence { .. } | ReadPiece::EndContig { .. } => {}
        }
        true
    };
    within(Stage::FindSplitters, || scan_start(input, reading, push))?;
    Ok(finder)
}

/// Which records of the first input belong to the reference sample.
struct ReferenceRecords {
    registry: Option<Registry>,
    is_duplicate: bool,
}

impl ReferenceRecords {
    fn new(rules: InputRules) -> Self {
        // Unless one of these is asked for, all records do.
        let is_asked = rules.skips_duplicates || rules.samples_by == SamplesBy::PanSn;
        Self {
            registry: is_asked.then(|| Registry::new(rules, &[])),
            is_duplicate: false,
        }
    }

    /// Takes the name of the next record; says no when that begins another sample.
    fn begin(&mut self, name: &[u8]) -> bool {
        let Some(registry) = &mut self.registry else {
            return true;
        };
        // What is wrong with a name will be told when it is stored. Its input is not called anything here.
        let begun = registry.begin_contig(name, "reference");
        self.is_duplicate = matches!(begun, Ok(Begun::Duplicate));
        match begun {
            Ok(Begun::Contig(changes)) => !(registry.has_several_samples() && changes.finished.is_some()),
            Ok(Begun::Duplicate) | Err(_) => true,
        }
    }
}

/// Shows the first part of the reference sample: how many symbols come next, `None` at the end of a contig; until `goes_on` says no.
///
/// # Errors
/// As for reading any input, with the file.
pub(super) fn look(
    input: &Input,
    reading: &Reading,
    mut goes_on: impl FnMut(Option<usize>) -> bool,
) -> Result<()> {
    let mut records = ReferenceRecords::new(reading.rules);
    scan_start(input, reading, |piece| match piece {
        ReadPiece::NextFile { .. } => true,
        ReadPiece::Contig { name, .. } => records.begin(name),
        ReadPiece::Sequence { .. } | ReadPiece::EndContig { .. } if records.is_duplicate => true,
        ReadPiece::Sequence { codes, .. } => goes_on(Some(codes.len())),
        ReadPiece::EndContig { .. } => goes_on(None),
    })
}

/// The first `most` symbols of an input.
///
/// # Errors
/// As for reading any input, with the file.
pub(super) fn excerpt(input: &Input, reading: &Reading, most: usize) -> Result<Excerpt> {
    let mut excerpt = Excerpt::new(most);
    scan_start(input, reading, |piece| {
        match piece {
            ReadPiece::Contig { .. } => excerpt.start_contig(),
            ReadPiece::Sequence { codes, .. } => {
                excerpt.letters(codes.iter().map(|code| LETTERS[usize::from(*code)]));
            }
            ReadPiece::NextFile { .. } | ReadPiece::EndContig { .. } => {}
        }
        !excerpt.is_full()
    })?;
    Ok(excerpt)
}

/// Hands an input over piece by piece until `goes_on` says no.
fn scan_start(
    input: &Input,
    reading: &Reading,
    mut goes_on: impl FnMut(ReadPiece<'_>) -> bool,
) -> Result<()> {
    let scanned = scan(input, reading, |piece| match goes_on(piece) {
        true => Ok(()),
        false => Err(Ended::CutOff),
    });
    match scanned {
        Ok(_) | Err(Ended::CutOff) => Ok(()),
        Err(Ended::Failed(error)) => Err(error),
    }
}

/// A piece of an input.
pub(super) enum ReadPiece<'a> {
    /// Another file of the sample begins.
    NextFile {
        end: FileEnd,
    },
    Contig {
        name: &'a [u8],
        line: u64,
    },
    /// Symbol codes, and the text that they stand for: blanks are still in it.
    Sequence {
        codes: &'a [u8],
        text: &'a [u8],
    },
    EndContig {
        odd: OddResidues,
        original: OriginalRecord,
        /// The header line, if the contig is not called so.
        header: Option<Vec<u8>>,
    },
}

/// Hands an input over piece by piece; gives what was noticed in its last file. Errors name the file.
pub(super) fn scan(
    input: &Input,
    reading: &Reading,
    mut visit: impl FnMut(ReadPiece<'_>) -> Result<(), Ended>,
) -> Result<FileEnd, Ended> {
    let mut end = FileEnd::default();
    for (number, source) in input.sources().enumerate() {
        if number > 0 {
            visit(ReadPiece::NextFile { end })?;
        }
        end = scan_file(source, reading, &mut visit).map_err(|ended| ended.in_file(source.label()))?;
    }
    Ok(end)
}

/// Hands a file over piece by piece; gives what was noticed in it.
fn scan_file(
    source: &Source,
    reading: &Reading,
    mut visit: impl FnMut(ReadPiece<'_>) -> Result<(), Ended>,
) -> Result<FileEnd, Ended> {
    let mut has_begun = false;
    let scanned = scan_text(source, reading, |piece| {
        has_begun = true;
        visit(piece)
    });
    match scanned {
        Err(_) if !has_begun && source.is_archive() => Err(Error::bad_input(
            "this is an archive, and not FASTA: append adds samples to it, getset takes them out",
        )
        .into()),
        scanned => scanned,
    }
}

fn scan_text(
    source: &Source,
    reading: &Reading,
    mut visit: impl FnMut(ReadPiece<'_>) -> Result<(), Ended>,
) -> Result<FileEnd, Ended> {
    // Before it is opened: a file that is changed later has another time than that.
    let mut described = reading.provenance.as_ref().map(|run| source.described(run));
    let digest = described.is_some().then(RawDigest::default);
    let memory = reading.rules.unpack_memory();
    let text = fasta::open_digested(source, &reading.observer, memory, digest.clone())?;
    let mut open = ScannedText::new(text, reading.rules);
    while open.visit_next(&mut visit)? {}
    let empty_end = open.visit_end(&mut visit)?;
    let passed_over = source.passed_over().cloned().into_iter();
    let noticed = [open.headers.noticed(), empty_end]
        .into_iter()
        .flatten()
        .chain(noticed_by(&open.reader))
        .chain(passed_over.flat_map(Noticed::of_tarball))
        .collect();
    if let (Some(file), Some(digest)) = (&mut described, digest) {
        digest.describe(file);
    }
    Ok(FileEnd {
        noticed,
        source: described,
    })
}

/// A text of which pieces are handed over.
struct ScannedText {
    reader: fasta::Reader<Text>,
    residues: Residues,
    headers: Headers,
    takes_any_residues: bool,
}

impl ScannedText {
    fn new(text: Text, rules: InputRules) -> Self {
        Self {
            residues: Residues::noted_by(Recorder::new(rules.keep, text.packing())),
            reader: fasta::Reader::new(text),
            headers: Headers::new(rules),
            takes_any_residues: rules.takes_any_residues,
        }
    }

    /// Hands the next piece over; tells whether there was one.
    fn visit_next(
        &mut self,
        visit: &mut impl FnMut(ReadPiece<'_>) -> Result<(), Ended>,
    ) -> Result<bool, Ended> {
        let recorder = self.residues.recorder();
        match self.reader.next_token_after(|byte| recorder.between(byte)) {
            Ok(Some(Token::Sequence { piece, line })) => {
                let codes = self
                    .residues
                    .translate(piece, line)
                    .map_err(|error| self.headers.blame(error))?;
                visit(ReadPiece::Sequence { codes, text: piece })?;
            }
            Ok(Some(Token::Header { name, line })) => {
                if self.headers.is_open() {
                    let (residues, headers) = (&mut self.residues, &mut self.headers);
                    visit(end_contig(residues, headers, self.takes_any_residues)?)?;
                }
                self.residues.recorder().start_record();
                let name = self.headers.start(name, line)?;
                visit(ReadPiece::Contig { name, line })?;
            }
            Ok(None) => return Ok(false),
            // What is wrong with a header is no matter of the record before.
            Err(error) => {
                let error = match self.reader.is_in_header() {
                    true => error,
                    false => self.headers.blame(error),
                };
                return Err(error.into());
            }
        }
        Ok(true)
    }

    /// Hands the end of the last contig over; gives the note that it is empty, if it is.
    fn visit_end(
        &mut self,
        visit: &mut impl FnMut(ReadPiece<'_>) -> Result<(), Ended>,
    ) -> Result<Option<Noticed>, Ended> {
        if !self.headers.is_open() {
            return Err(self.reader.no_record().into());
        }
        let is_empty = self.residues.recorder().n_residues() == 0;
        let empty_end = self.headers.empty_end().filter(|_| is_empty);
        let (residues, headers) = (&mut self.residues, &mut self.headers);
        visit(end_contig(residues, headers, self.takes_any_residues)?)?;
        Ok(empty_end)
    }
}

fn end_contig(
    residues: &mut Residues,
    headers: &mut Headers,
    takes_any_residues: bool,
) -> Result<ReadPiece<'static>> {
    let ended = match takes_any_residues {
        true => residues.end_record(),
        false => residues.end_nucleotide_record(),
    };
    let (odd, original) = ended.map_err(|error| headers.blame(error))?;
    Ok(ReadPiece::EndContig {
        odd,
        original,
        header: headers.end(),
    })
}

fn noticed_by(reader: &fasta::Reader<Text>) -> impl Iterator<Item = Noticed> + use<> {
    let n_trailing = reader.input().n_trailing();
    let comments = reader.comments();
    [
        (comments.count > 0).then_some(Noticed::Comments(comments)),
        reader.odd_line_end().map(Noticed::OddLineEnd),
        (n_trailing > 0).then_some(Noticed::TrailingBytes(n_trailing)),
    ]
    .into_iter()
    .flatten()
}

/// The events of all inputs, in their order, while a few of them are being read ahead.
pub(super) struct OrderedInputs {
    to_readers: channel::Sender<Assignment>,
    waiting: std::vec::IntoIter<Input>,
    open: VecDeque<EventReceiver>,
    n_ahead: usize,
    ahead_bytes: usize,
}

impl OrderedInputs {
    /// Inputs in their order, to be read by as many threads as `n_readers`; the other end of the channel is theirs.
    pub(super) fn new(
        inputs: Vec<Input>,
        n_readers: usize,
        memory: &Memory,
    ) -> (Self, channel::Receiver<Assignment>) {
        let (to_readers, assignments) = channel::unbounded();
        let ahead_bytes = memory.channel_bytes(READ_AHEAD_BYTES);
        let ordered = Self {
            to_readers,
            n_ahead: n_ahead(&inputs, n_readers, ahead_bytes),
            waiting: inputs.into_iter(),
            open: VecDeque::new(),
            ahead_bytes,
        };
        (ordered, assignments)
    }

    /// The events of the next input, or `None` behind the last.
    pub(super) fn next_input(&mut self) -> Result<Option<EventReceiver>, Ended> {
        while self.open.len() < self.n_ahead
            && let Some(input) = self.waiting.next()
        {
            let (events, receiver) = events::channel(self.ahead_bytes / self.n_ahead);
            self.to_readers.send(Assignment { input, events })?;
            self.open.push_back(receiver);
        }
        Ok(self.open.pop_front())
    }
}

/// How many inputs are read ahead: as many of their mean size as there is room for, so that readers of small ones have work while those of a round
/// are compared.
fn n_ahead(inputs: &[Input], n_readers: usize, ahead_bytes: usize) -> usize {
    let total = total_size(inputs).unwrap_or(u64::MAX);
    let mean = (total / inputs.len().max(1) as u64).max(1);
    let n_fitting = ahead_bytes as u64 / mean;
    (n_fitting.min(MAX_AHEAD) as usize).max(n_readers + 1)
}
