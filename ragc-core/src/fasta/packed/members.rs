//! One member after the other, and what stands between and behind them.

use super::decoder::Decoder;
use super::errors::damaged;
use super::kind::{MemberKind, START_LEN};
use super::lookahead::Peekable;
use super::window;
use crate::alphabet::{CODE_OF_LETTER, NO_CODE};
use crate::memory;
use std::io::{self, Read};

/// Decodes all members of a file.
#[derive(Debug)]
pub(super) struct Members<R> {
    input: Peekable<R>,
    /// Memory that a decoder may take.
    memory: u64,
    decoder: Option<Decoder>,
    /// The member that is open, or the last one.
    member: Option<Member>,
    is_open: bool,
    /// Some member was no skippable frame.
    has_text: bool,
    n_trailing: u64,
}

#[derive(Debug, Clone, Copy)]
struct Member {
    kind: MemberKind,
    /// How long it says it is.
    declared_len: Option<u64>,
    n_read: u64,
    is_empty: bool,
}

impl<R: Read> Members<R> {
    pub(super) fn new(input: Peekable<R>, memory: u64) -> Self {
        Self {
            input,
            memory,
            decoder: None,
            member: None,
            is_open: false,
            has_text: false,
            n_trailing: 0,
        }
    }

    pub(super) fn n_trailing(&self) -> u64 {
        self.n_trailing
    }

    /// Opens the next member; `false` if there is none.
    fn open_next(&mut self) -> io::Result<bool> {
        loop {
            let start = self.input.peek(START_LEN)?;
            let kind = MemberKind::of(start);
            self.check_bgzf_ends(kind)?;
            let start = self.input.peek(START_LEN)?;
            match (kind, start) {
                (_, []) => return Ok(false),
                (Some(kind), start) => {
                    if kind == MemberKind::Zstd {
                        window::check(start, self.memory)?;
                    }
                    let last = self.decoder.take();
                    self.decoder = Some(memory::make(|| Decoder::new(kind, last, self.memory))??);
                    self.member = Some(Member {
                        kind,
                        declared_len: kind.declared_len(&start[..start.len().min(START_LEN)]),
                        n_read: 0,
                        is_empty: true,
                    });
                    self.is_open = true;
                    self.has_text |= kind != MemberKind::Skippable;
                    return Ok(true);
                }
                (None, [0, ..]) => self.pass_zeros()?,
                (None, _) => {
                    let last = self.check_trailing()?;
                    self.n_trailing = self.count_trailing(last)?;
                    return Ok(false);
                }
            }
        }
    }

    /// BGZF whose last block is not empty was cut between two blocks.
    fn check_bgzf_ends(&mut self, next: Option<MemberKind>) -> io::Result<()> {
        match self.member {
            Some(Member {
                kind: MemberKind::Bgzf,
                is_empty: false,
                ..
            }) if next != Some(MemberKind::Bgzf) => {
                let why = "the empty block that ends every BGZF file is missing";
                Err(io::Error::new(io::ErrorKind::UnexpectedEof, why))
            }
            _ => Ok(()),
        }
    }

    fn pass_zeros(&mut self) -> io::Result<()> {
        let ahead = self.input.fill()?;
        let n_zeros = ahead.iter().position(|byte| *byte != 0).unwrap_or(ahead.len());
        self.input.consume(n_zeros);
        Ok(())
    }

    /// Refuses what follows the last member if it seems to be data; gives the kind of that.
    fn check_trailing(&mut self) -> io::Result<MemberKind> {
        let start = self.input.peek(START_LEN)?;
        let Some(last) = self.member.filter(|_| self.has_text) else {
            return Err(damaged(
                "behind skippable frames there is none that holds anything",
            ));
        };
        if last.kind.is_cut_in(start) {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if last.kind.is_spoilt_in(start) {
            return Err(damaged(
                "behind a part that is whole comes one with a damaged beginning",
            ));
        }
        if seems_fasta(start) {
            return Err(damaged("text that is not compressed follows them"));
        }
        Ok(last.kind)
    }

    /// Passes and counts everything up to the end, in which no further member may start.
    fn count_trailing(&mut self, last: MemberKind) -> io::Result<u64> {
        let mut count = 0;
        loop {
            let ahead = self.input.peek(START_LEN)?;
            if (0..ahead.len()).any(|from| last.surely_starts(&ahead[from..])) {
                return Err(damaged("other bytes stand between their parts"));
            }
            // What may be the beginning of one is looked at again.
            let n = match ahead.len() {
                n if n < START_LEN => n,
                n => n + 1 - START_LEN,
            };
            self.input.consume(n);
            count += n as u64;
            if n == 0 {
                return Ok(count);
            }
        }
    }
}

/// Whether a text that goes on so is FASTA, from a header or from within a sequence on. A few letters may be anything.
fn seems_fasta(start: &[u8]) -> bool {
    let is_line_end = |byte: &u8| matches!(byte, b'\n' | b'\r');
    let is_sequence = |byte: &u8| is_line_end(byte) || CODE_OF_LETTER[usize::from(*byte)] != NO_CODE;
    match start.iter().position(|byte| !is_line_end(byte)) {
        Some(first) if start[first] == b'>' => true,
        Some(first) => start[first..]
            .get(..START_LEN)
            .is_some_and(|line| line.iter().all(is_sequence)),
        None => false,
    }
}

impl<R: Read> Read for Members<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if buf.is_empty() {
            return Ok(0);
        }
        loop {
            if !self.is_open && !self.open_next()? {
                return Ok(0);
            }
            let (Some(decoder), Some(member)) = (&mut self.decoder, &mut self.member) else {
                return Ok(0);
            };
            let input = self.input.fill()?;
            let is_at_end = input.is_empty();
            let step = decoder.step(input, buf)?;
            self.input.consume(step.n_read);
            member.n_read += step.n_read as u64;
            member.is_empty &= step.n_written == 0;
            if step.is_end && member.declared_len.is_some_and(|len| len != member.n_read) {
                return Err(damaged("a block of BGZF is not as long as it says"));
            }
            self.is_open = !step.is_end;
            if step.n_written > 0 {
                return Ok(step.n_written);
            }
            if self.is_open && step.n_read == 0 {
                return Err(match is_at_end {
                    true => io::ErrorKind::UnexpectedEof.into(),
                    false => damaged("they lead nowhere"),
                });
            }
        }
    }
}
