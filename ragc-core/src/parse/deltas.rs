//! Finds the cheapest way to write a text of deltas as literals and copies.
//!
//! Which places may be copied from is known before ([`LongestCopies`]), so the text can be gone through twice: once by prices that follow what was
//! chosen so far, and once by those of what was chosen around each place the first time.

use super::Step;
use super::choices::{Adapted, DeltaPrices, Known, PriceSource};
use super::copies::{Copies, Copy};
use super::longest::{EarlierCopy, LongestCopies, MAX_LEN};
use super::prices::{MIN_MATCH, Prices};
use super::text::common;
use super::ways::{Chunk, ParsedTo, Ways};
use crate::error::Result;

/// Symbols after which the best way is settled and prices are made anew. With 2,048 yeast takes 0.2 % more, with 512 nothing less.
const CHUNK: usize = 1024;

/// While a copy goes on for at least this long none with one of the last offsets is looked for. Without a limit sizes are the same.
const GOES_ON: u32 = 64;

/// Where a copy goes on for at least this long, ways between are left out, but for the last places of it. From 128 on, but for 64, deltas of SARS-CoV-2 take 1.3 % more
/// and pneumococci 0.3, from 256 on 0.4 and 0.1.
const VERY_LONG: u32 = 512;
const LAST: u32 = 128;

/// Of texts from so many bytes on, the first time only one chunk in four is gone through, and the others are left out: *D. pigrum* takes 0.05 % more, pneumococci
/// 0.09, in nine tenths of the time of `create`.
const LONG: usize = 1 << 18;
const LEFT_OUT: usize = 3 * CHUNK;

/// Parses texts, keeping its tables from one to the next.
#[derive(Debug, Default)]
pub(super) struct DeltaParser {
    longest: LongestCopies,
    ways: Ways,
    copies: Copies,
    /// Copies that begin in front of a chunk and go on in it.
    open: Vec<EarlierCopy>,
}

impl DeltaParser {
    /// The steps of the whole text, the last of them without a match; `None` when it is too long.
    ///
    /// # Errors
    /// `NoMemory`.
    pub(super) fn parse(&mut self, text: &[u8]) -> Result<Option<Vec<Step>>> {
        if text.len() > MAX_LEN {
            return Ok(None);
        }
        self.longest.find(text)?;
        let left_out = if text.len() < LONG { 0 } else { LEFT_OUT };
        let first = self.go_through(text, Adapted::new(text), left_out);
        let second = self.go_through(text, Known::new(text, &first), 0);
        Ok(Some(second))
    }

    /// The steps of a text. So many symbols behind each chunk are left out, which stand as literals without a match.
    fn go_through(&mut self, text: &[u8], mut source: impl PriceSource, left_out: usize) -> Vec<Step> {
        let mut steps = Vec::new();
        let mut place = ParsedTo::FIRST;
        let mut n_passed = 0;
        self.open.clear();
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
        let found = self.longest.found();
        while let Some(copy) = found.get(n_passed).filter(|copy| copy.start < at) {
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
            while let Some(&copy) = self
                .longest
                .found()
                .get(next)
                .filter(|copy| copy.start as usize <= at)
            {
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
        let copy = Copy::new(offset, self.ways.last(), end, entry, prices);
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
