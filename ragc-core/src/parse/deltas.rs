//! Finds the cheapest way to write a text of deltas as literals and copies.
//!
//! Which places may be copied from is known before ([`LongestCopies`]), so the text can be gone through twice: once by prices that follow what was
//! chosen so far, and once by those of what was chosen around each place the first time.

use super::Step;
use super::choices::{Adapted, DeltaPrices, Known, PriceSource};
use super::copies::{Copies, RunningCopy};
use super::longest::{EarlierCopy, LongestCopies, MAX_LEN};
use super::prices::{MIN_MATCH, Prices};
use super::text::common;
use super::ways::{Chunk, ParsedTo, Ways};
use crate::error::Result;
use crate::memory;
use crate::threads::Helped;
use std::sync::Arc;

/// Symbols after which the best way is settled and prices are made anew. With 2,048 yeast takes 0.2 % more, with 512 nothing less.
const CHUNK: usize = 1024;

/// While a copy goes on for at least this long none with one of the last offsets is looked for. Without a limit sizes are the same.
const GOES_ON: u32 = 64;

/// Where a copy goes on for at least this long, ways between are left out, but for the last places of it. From 128 on, but for 64, deltas of SARS-CoV-2 take 1.3 % more
/// and pneumococci 0.3, from 256 on 0.4 and 0.1.
const VERY_LONG: u32 = 512;
const LAST: u32 = 128;

/// Texts are parsed in parts that have at least so many bytes. In parts from this length on, the first time only one chunk in four is gone through, and the others are left out: *D. pigrum* takes 0.05 % more, pneumococci
/// 0.09, in nine tenths of the time of `create`.
const LONG: usize = 1 << 18;
const LEFT_OUT: usize = 3 * CHUNK;

/// Parts of a text at most: the end of a run waits for the last of them.
const MAX_PARTS: usize = 4;

/// Parses texts, keeping its tables from one to the next.
#[derive(Debug, Default)]
pub(super) struct DeltaParser {
    longest: LongestCopies,
}

impl DeltaParser {
    /// The steps of the whole text, with help if there is any, the last of them without a match; `None` when it is too long.
    ///
    /// # Errors
    /// `NoMemory`; `WorkerLost`.
    pub(super) fn parse(&mut self, text: &[u8], helped: Option<&Helped>) -> Result<Option<Vec<Step>>> {
        if text.len() > MAX_LEN {
            return Ok(None);
        }
        self.longest.find(text)?;
        let n_parts = (text.len() / LONG).clamp(1, MAX_PARTS);
        let part = move |text: &[u8], found: &[EarlierCopy], i: usize| {
            let end = |i| text.len() * i / n_parts;
            PartParser::new(&text[..end(i + 1)], end(i), found).parse()
        };
        let parts = match helped.filter(|_| n_parts > 1) {
            Some(helped) => {
                let text: Arc<[u8]> = memory::copied(text)?.into();
                let found = self.longest.take_found();
                helped.map(n_parts, move |i| part(&text, &found, i))?
            }
            None => (0..n_parts)
                .map(|i| part(text, self.longest.found(), i))
                .collect(),
        };
        Ok(Some(joined(parts)))
    }
}

/// The steps of all parts: literals at the end of one belong to the first step of the next.
fn joined(parts: Vec<Vec<Step>>) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut end = ParsedTo::FIRST.last_step();
    for step in parts.into_iter().flatten() {
        end.run += step.run;
        if step.len > 0 {
            steps.push(Step { run: end.run, ..step });
            end.run = 0;
        }
    }
    steps.push(end);
    steps
}

/// Parses a part of a text by itself.
struct PartParser<'t> {
    /// It ends with the part.
    text: &'t [u8],
    start: usize,
    /// What can be copied in all of the text.
    found: &'t [EarlierCopy],
    ways: Ways,
    copies: Copies,
    /// Copies that begin in front of a chunk and go on in it.
    open: Vec<EarlierCopy>,
}

impl<'t> PartParser<'t> {
    fn new(text: &'t [u8], start: usize, found: &'t [EarlierCopy]) -> Self {
        Self {
            text,
            start,
            found,
            ways: Ways::default(),
            copies: Copies::default(),
            open: Vec::new(),
        }
    }

    /// The steps of the part, the last of them without a match.
    fn parse(&mut self) -> Vec<Step> {
        let (text, start) = (self.text, self.start);
        let left_out = if text.len() - start < LONG { 0 } else { LEFT_OUT };
        let first = self.go_through(Adapted::new(text, start), left_out);
        self.go_through(Known::new(text, start, &first), 0)
    }

    /// Steps by these prices. So many symbols behind each chunk are left out, which stand as literals without a match.
    fn go_through(&mut self, mut source: impl PriceSource, left_out: usize) -> Vec<Step> {
        let text = self.text;
        let mut steps = Vec::new();
        let mut place = ParsedTo::beginning_at(self.start);
        self.open.clear();
        let mut n_passed = self.pass(0, place.at);
        while place.at < text.len() {
            let chunk = Chunk {
                text,
                start: place.at,
                end: (place.at + CHUNK).min(text.len()),
            };
            self.find_ways(&chunk, &place, n_passed, source.prices(place.at));
            let n_before = steps.len();
            place = self.ways.settle(&chunk, place, &mut steps);
            let left_out = left_out.min(text.len() - place.at);
            if left_out > 0 {
                steps.push(place.leave_out(left_out));
            }
            source.learn(text, &steps[n_before..]);
            n_passed = self.pass(n_passed, place.at);
        }
        steps.push(place.last_step());
        steps
    }

    /// Keeps the copies that go on behind `at`, and gives how many begin before it.
    fn pass(&mut self, mut n_passed: usize, at: usize) -> usize {
        let at = at as u32;
        let goes_on = |copy: &EarlierCopy| copy.end >= at + MIN_MATCH;
        self.open.retain(goes_on);
        while let Some(copy) = self.found.get(n_passed).filter(|copy| copy.start < at) {
            self.open.extend(Some(copy).filter(|copy| goes_on(copy)));
            n_passed += 1;
        }
        n_passed
    }

    /// Finds the cheapest way to each place of a chunk.
    fn find_ways(&mut self, chunk: &Chunk<'_>, place: &ParsedTo, n_passed: usize, prices: &DeltaPrices) {
        self.copies.clear();
        self.ways.begin(place, &prices.codes);
        for i in 0..self.open.len() {
            self.begin(chunk, self.open[i], prices);
        }
        let (mut at, mut next) = (chunk.start, n_passed);
        while at < chunk.end {
            while let Some(&copy) = self.found.get(next).filter(|copy| copy.start as usize <= at) {
                self.begin(chunk, copy, prices);
                next += 1;
            }
            let node = self.ways.last();
            let end = self.go_on(chunk, at, prices);
            if end >= node + VERY_LONG {
                self.ways.go_to(end - LAST, &mut self.copies, &prices.codes);
                at += (end - LAST - node) as usize;
            } else {
                let literal = prices.literals[usize::from(chunk.text[at])];
                self.ways.step(literal, &mut self.copies, &prices.codes);
                at += 1;
            }
        }
    }

    /// Lets copies begin here that are under way, or that have one of the last offsets. Gives where the last of them ends.
    #[inline]
    fn go_on(&mut self, chunk: &Chunk<'_>, at: usize, prices: &DeltaPrices) -> u32 {
        let (node, here) = (self.ways.last(), *self.ways.here());
        let end = self.copies.begin_anew(node, &here, &prices.codes);
        if end >= node + GOES_ON {
            return end;
        }
        for offset in here.repeats.cheap(here.run) {
            if begins_alike(chunk, at, offset as usize) && !self.copies.has(offset) {
                let len = common(chunk.text, at - offset as usize, &chunk.text[at..chunk.end]);
                self.add(offset, node + len, &prices.codes);
            }
        }
        end
    }

    /// Lets a copy begin here.
    #[inline]
    fn begin(&mut self, chunk: &Chunk<'_>, copy: EarlierCopy, prices: &DeltaPrices) {
        let end = (copy.end as usize).min(chunk.end) - chunk.start;
        let (node, end) = (self.ways.last(), end as u32);
        if end >= node + MIN_MATCH && !self.copies.extend(copy.offset, end) {
            self.add(copy.offset, end, &prices.codes);
        }
    }

    fn add(&mut self, offset: u32, end: u32, prices: &Prices) {
        let entry = self.ways.here().entry(offset, prices);
        let copy = RunningCopy::new(offset, self.ways.last(), end, entry, prices);
        self.copies.add(copy);
    }
}

/// Whether a copy from so far back is as long as the shortest.
#[inline]
fn begins_alike(chunk: &Chunk<'_>, at: usize, offset: usize) -> bool {
    const LEN: usize = MIN_MATCH as usize;
    (1..=at).contains(&offset)
        && at + LEN <= chunk.end
        && chunk.text[at..at + LEN] == chunk.text[at - offset..at - offset + LEN]
}
