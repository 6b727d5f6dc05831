//! Cuts inputs into segments, while they are read.
//!
//! Of a large input only one can be read at a time, so where there are cores for it one thread reads the text and another cuts what that
//! gives, which is 38 % of the work (docs/scaling.md).
//!
//! ```text
//! text ─ lines, symbols, case, layout, digests ─▶ pieces ─ splitters, two bits a base ─▶ events
//! ```

use super::batch::BatchSender;
use super::ended::Ended;
use super::events::{Event, EventSender, FileEnd};
use super::input::Input;
use super::read::{Assignment, ReadPiece, Reading, end_input, scan};
use super::record::RecordEnd;
use crate::memory;
use crate::queue;
use crate::splitter::{Cutter, Splitters};
use crate::threads::start;
use crate::times::{Role, Stage, Tally, within};
use crate::track::{HeardStretch, Listeners, Wanted};
use crossbeam_channel as channel;
use std::borrow::Cow;
use std::thread;

/// Bytes of pieces that are handed over together.
const BATCH_BYTES: usize = 1 << 18;
/// Bytes of pieces that wait to be cut.
const WAITING_BYTES: usize = 1 << 20;

/// Inputs with fewer bytes are read and cut by one thread: there are others beside them.
const LARGE_INPUT: u64 = 1 << 24;
/// With fewer threads they have other work.
const MIN_THREADS: usize = 4;

/// Reads inputs and cuts them.
pub(super) struct InputCutter<'a> {
    pub(super) splitters: &'a Splitters,
    pub(super) wanted: Wanted,
    pub(super) reading: &'a Reading,
    /// Threads of the run.
    pub(super) n_threads: usize,
    pub(super) tally: &'a Tally,
}

impl InputCutter<'_> {
    /// Takes input after input until there are no more.
    ///
    /// # Errors
    /// `CutOff` when nobody takes what it sends. What is wrong with an input is sent.
    pub(super) fn run(&self, assignments: &channel::Receiver<Assignment>) -> Result<(), Ended> {
        for Assignment { input, mut events } in assignments {
            let read = within(Stage::Read, || self.cut(&input, &mut events));
            end_input(read, events)?;
        }
        Ok(())
    }

    fn cut(&self, input: &Input, events: &mut EventSender) -> Result<FileEnd, Ended> {
        let is_large = input.size().is_none_or(|size| size >= LARGE_INPUT);
        let beside = match is_large && self.n_threads >= MIN_THREADS {
            true => self.cut_beside(input, events),
            false => None,
        };
        beside.unwrap_or_else(|| self.cut_here(input, events))
    }

    fn cut_here(&self, input: &Input, events: &mut EventSender) -> Result<FileEnd, Ended> {
        let mut segments = SegmentSender::new(self.splitters, events);
        self.pieces(input, |piece| segments.take(piece))
    }

    /// Cuts on a thread of its own what this one reads; `None` if there is no such thread to be had.
    fn cut_beside(&self, input: &Input, events: &mut EventSender) -> Option<Result<FileEnd, Ended>> {
        let (batches, to_cut) = queue::bounded::<Vec<TextPiece<'static>>>(WAITING_BYTES);
        let cut = move || {
            let mut segments = SegmentSender::new(self.splitters, events);
            while let Ok(batch) = to_cut.recv() {
                batch.into_iter().try_for_each(|piece| segments.take(piece))?;
            }
            Ok::<_, Ended>(())
        };
        thread::scope(|scope| {
            let counted = move || self.tally.count_thread(Role::Reader, Stage::Read, cut);
            let cutting = start(scope, "cut", counted).ok()?;
            let mut sender = PieceSender(BatchSender::new(batches, BATCH_BYTES));
            let read = self.pieces(input, |piece| sender.send(piece));
            // What came before an error goes before it.
            let sent = sender.0.flush();
            drop(sender);
            // If it has failed, reading was cut off.
            Some(cutting.join().and(read).and_then(|end| sent.map(|()| end)))
        })
    }

    /// Hands over what an input consists of; gives what was noticed in its last file.
    fn pieces(
        &self,
        input: &Input,
        mut take: impl FnMut(TextPiece<'_>) -> Result<(), Ended>,
    ) -> Result<FileEnd, Ended> {
        let mut listeners = Listeners::new(self.wanted);
        scan(input, self.reading, |piece| match piece {
            ReadPiece::NextFile { end } => take(TextPiece::Other(Event::NextFile { end })),
            ReadPiece::Contig { name, line } => take(TextPiece::Other(Event::contig(name, line))),
            ReadPiece::Sequence { codes, text } => {
                listeners.push(HeardStretch { codes, text });
                take(TextPiece::Codes(Cow::Borrowed(codes)))
            }
            ReadPiece::EndContig {
                odd,
                original,
                header,
            } => take(TextPiece::EndContig(RecordEnd {
                odd,
                original,
                header,
                notes: listeners.take(),
            })),
        })
    }
}

/// What is cut.
enum TextPiece<'a> {
    /// Symbol codes of the contig that has begun.
    Codes(Cow<'a, [u8]>),
    /// The contig is complete.
    EndContig(RecordEnd),
    /// What goes on as it is.
    Other(Event),
}

/// Cuts pieces into segments, and sends these.
struct SegmentSender<'a> {
    cutter: Cutter<'a>,
    events: &'a mut EventSender,
}

impl<'a> SegmentSender<'a> {
    fn new(splitters: &'a Splitters, events: &'a mut EventSender) -> Self {
        Self {
            cutter: Cutter::new(splitters),
            events,
        }
    }

    fn take(&mut self, piece: TextPiece<'_>) -> Result<(), Ended> {
        let mut send = |segment| self.events.send(Event::Segment(segment));
        match piece {
            TextPiece::Codes(codes) => self.cutter.push(&codes, send),
            TextPiece::EndContig(record) => {
                self.cutter.end_contig(&mut send)?;
                self.events.send(Event::EndContig { record })
            }
            TextPiece::Other(event) => self.events.send(event),
        }
    }
}

/// Pieces on their way to the thread that cuts them.
struct PieceSender(BatchSender<TextPiece<'static>>);

impl PieceSender {
    fn send(&mut self, piece: TextPiece<'_>) -> Result<(), Ended> {
        const LEN: usize = size_of::<TextPiece<'static>>();
        match piece {
            TextPiece::Codes(codes) => self.send_codes(&codes),
            TextPiece::EndContig(record) => {
                let len = LEN + record.original.mem_len();
                self.0.send(TextPiece::EndContig(record), len)
            }
            TextPiece::Other(event) => self.0.send(TextPiece::Other(event), LEN),
        }
    }

    /// Lines become one piece.
    fn send_codes(&mut self, codes: &[u8]) -> Result<(), Ended> {
        if let Some(TextPiece::Codes(Cow::Owned(last))) = self.0.last_mut() {
            memory::grow(last, codes.len())?;
            last.extend_from_slice(codes);
            return self.0.grown_by(codes.len());
        }
        let piece = TextPiece::Codes(Cow::Owned(memory::copied(codes)?));
        self.0.send(piece, codes.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compress::events;
    use crate::compress::options::InputRules;
    use crate::deadline::in_time;
    use crate::fasta::Source;
    use crate::kmer::mix;
    use crate::observe::Silent;
    use crate::original::Keep;
    use crate::splitter::SplitterFinder;
    use std::sync::Arc;

    const K: u32 = 17;

    /// Contigs of all lengths, with lower case, odd residues, and names that are theirs alone.
    fn fasta() -> Vec<u8> {
        let letter =
            |i: u64| b"ACGTacgtNn-"[(mix(i) % if mix(i / 997).is_multiple_of(5) { 11 } else { 4 }) as usize];
        let lens = [0, 1, 40, 100_000, 7, 350_000, 61].into_iter().enumerate();
        lens.flat_map(|(number, len)| {
            let letters: Vec<u8> = (0..len).map(|i| letter(1000 * number as u64 + i)).collect();
            let lines = letters
                .chunks(60)
                .flat_map(|line| line.iter().chain(b"\n").copied());
            [format!(">c{number} x\n").into_bytes(), lines.collect()].concat()
        })
        .collect()
    }

    fn splitters() -> Splitters {
        let codes: Vec<u8> = (0..50_000).map(|i| (mix(3000 + i) & 3) as u8).collect();
        let mut finder = SplitterFinder::new(K, 500);
        finder.push(&codes);
        finder.end_contig();
        finder.finish()
    }

    fn cutter<'a>(splitters: &'a Splitters, reading: &'a Reading, tally: &'a Tally) -> InputCutter<'a> {
        InputCutter {
            splitters,
            wanted: Wanted {
                keep: Keep::default(),
                has_checksums: true,
                has_digests: true,
                has_sources: false,
                insists_on_sources: false,
            },
            reading,
            n_threads: MIN_THREADS,
            tally,
        }
    }

    fn reading() -> Reading {
        Reading {
            rules: InputRules::default(),
            provenance: None,
            observer: Arc::new(Silent),
        }
    }

    /// All events of an input, cut on a thread of its own or not.
    fn events_of(text: &[u8], is_beside: bool) -> Vec<String> {
        let (splitters, reading, tally) = (splitters(), reading(), Tally::default());
        let cutter = cutter(&splitters, &reading, &tally);
        let input = Input::of(Source::bytes("a.fa", text.to_vec()));
        let (mut sender, mut receiver) = events::channel(1 << 30);
        let read = match is_beside {
            true => cutter.cut_beside(&input, &mut sender).expect("a thread"),
            false => cutter.cut_here(&input, &mut sender),
        };
        end_input(read, sender).unwrap();
        std::iter::from_fn(|| receiver.recv().ok())
            .map(|event| format!("{event:?}"))
            .collect()
    }

    #[test]
    fn a_thread_that_cuts_changes_nothing() {
        in_time("all is cut", || {
            let text = fasta();
            let events = events_of(&text, false);
            let n_segments = events.iter().filter(|event| event.starts_with("Segment")).count();
            assert!(n_segments > 50, "{n_segments}");
            assert!(events == events_of(&text, true));
        });
    }

    #[test]
    fn what_is_wrong_comes_behind_what_was_read() {
        in_time("the error comes", || {
            let text = [&fasta()[..], b">d\nAC>GT\n"].concat();
            let events = events_of(&text, true);
            assert!(events == events_of(&text, false));
            let last = events.last().unwrap();
            assert!(
                last.starts_with("Failed") && last.contains("inside a sequence line"),
                "{last}"
            );
        });
    }

    #[test]
    fn without_anybody_who_takes_events_both_threads_end() {
        in_time("both end", || {
            let (splitters, reading, tally) = (splitters(), reading(), Tally::default());
            let input = Input::of(Source::bytes("a.fa", fasta()));
            let (mut sender, receiver) = events::channel(1);
            drop(receiver);
            let ended = cutter(&splitters, &reading, &tally).cut_beside(&input, &mut sender);
            assert!(matches!(ended, Some(Err(Ended::CutOff))), "{ended:?}");
        });
    }
}
