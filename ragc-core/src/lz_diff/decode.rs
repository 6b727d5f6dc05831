//! From a delta and its reference back to the sequence, or to a stretch of it.

use std::ops::Range;

use crate::alphabet::{self, Alphabet};
use crate::error::{Error, Result};
use crate::lz_diff::{LITERAL, MATCH_END, MATCH_SEPARATOR, MIN_N_RUN, N_RUN_END, N_RUN_START, SAME};
use crate::memory;
use crate::sequence::{BASES_PER_WORD, Sequence};

const LAST_LITERAL: u8 = LITERAL + 15;

/// The tokens that a delta may be made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// File version 1: neither `!` nor open matches.
    Closed,
    /// File versions 2 and 3: all tokens.
    Full,
}

/// What an archive fixes for all its deltas.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// Symbols that a match has beyond the number written.
    pub min_match_len: u32,
    /// The tokens that may occur.
    pub dialect: Dialect,
}

/// Decodes a delta against its reference and appends the symbols to `out`.
///
/// At most `max_len` symbols come; a delta that goes on is an error and not a matter of memory.
///
/// # Errors
/// `Corrupt` when the delta is no string of tokens, leaves the reference, or exceeds `max_len`.
pub fn decode<A: Alphabet>(
    delta: &[u8],
    reference: &Sequence,
    rules: Rules,
    max_len: usize,
    out: &mut Vec<u8>,
) -> Result<()> {
    let mut pieces = Pieces::new(delta, reference.len(), rules);
    let mut left = max_len as u64;
    while let Some(piece) = pieces.next()? {
        let len = piece.len();
        left = left
            .checked_sub(len)
            .ok_or_else(|| Error::corrupt(format!("a delta decodes to more than {max_len} symbols")))?;
        piece.append::<A>(0..len as usize, reference, out)?;
    }
    Ok(())
}

/// Decodes a stretch of the sequence that a delta describes and appends its symbols to `out`.
///
/// # Errors
/// `Corrupt` when the delta ends before `range` does, or is damaged up to there.
///
/// # Cost
/// Tokens in front of the range are read and not carried out; those behind it are not looked at.
pub fn decode_range<A: Alphabet>(
    delta: &[u8],
    reference: &Sequence,
    rules: Rules,
    range: Range<usize>,
    out: &mut Vec<u8>,
) -> Result<()> {
    let mut pieces = Pieces::new(delta, reference.len(), rules);
    append_range::<A>(&mut pieces, reference, range, out).map(drop)
}

/// As [`decode_range`], and checks that the delta describes `len` symbols.
///
/// # Errors
/// As [`decode_range`], and `Corrupt` when the delta is damaged anywhere or its sequence has another length.
pub fn decode_range_of<A: Alphabet>(
    delta: &[u8],
    len: u64,
    reference: &Sequence,
    rules: Rules,
    range: Range<usize>,
    out: &mut Vec<u8>,
) -> Result<()> {
    let mut pieces = Pieces::new(delta, reference.len(), rules);
    let pos = append_range::<A>(&mut pieces, reference, range, out)?;
    match pos.saturating_add(pieces.len_of_rest()?) {
        found if found == len => Ok(()),
        found => Err(Error::corrupt(format!(
            "a delta describes {found} symbols, {len} declared"
        ))),
    }
}

/// Appends the symbols of `range` and tells how many symbols the tokens read so far describe.
fn append_range<A: Alphabet>(
    pieces: &mut Pieces<'_>,
    reference: &Sequence,
    range: Range<usize>,
    out: &mut Vec<u8>,
) -> Result<u64> {
    let (from, to) = (range.start as u64, range.end as u64);
    let mut pos = 0u64;
    while pos < to {
        let Some(piece) = pieces.next()? else {
            return Err(Error::corrupt(format!(
                "a delta ends after {pos} of {to} symbols"
            )));
        };
        let len = piece.len();
        if pos + len > from {
            let start = from.saturating_sub(pos) as usize;
            let end = len.min(to - pos) as usize;
            piece.append::<A>(start..end, reference, out)?;
        }
        pos += len;
    }
    Ok(pos)
}

/// Number of symbols that a delta describes, against a reference of `reference_len` symbols.
///
/// # Errors
/// `Corrupt` when the delta is no string of tokens or leaves the reference.
pub fn decoded_len(delta: &[u8], reference_len: usize, rules: Rules) -> Result<u64> {
    Pieces::new(delta, reference_len, rules).len_of_rest()
}

/// What one token, or some neighbouring literals, put out.
#[derive(Debug, Clone)]
enum TokenOutput<'a> {
    /// Literals, as they stand in the delta.
    Literals(&'a [u8]),
    /// Symbols of the reference; the range lies inside it and is not empty.
    Copy(Range<usize>),
    /// So many `N`.
    Ns(u64),
}

impl TokenOutput<'_> {
    fn len(&self) -> u64 {
        match self {
            Self::Literals(bytes) => bytes.len() as u64,
            Self::Copy(range) => range.len() as u64,
            Self::Ns(len) => *len,
        }
    }

    /// Appends the symbols of `range`, which counts from the beginning of the piece and lies inside it.
    fn append<A: Alphabet>(
        &self,
        range: Range<usize>,
        reference: &Sequence,
        out: &mut Vec<u8>,
    ) -> Result<()> {
        // Whole words are written.
        memory::grow(out, range.len() + BASES_PER_WORD)?;
        match self {
            Self::Literals(bytes) => out.extend(bytes[range].iter().map(|byte| A::symbol(byte - LITERAL))),
            Self::Copy(copied) => {
                reference.append_symbols::<A>(copied.start + range.start..copied.start + range.end, out);
            }
            Self::Ns(_) => out.resize(out.len() + range.len(), A::symbol(alphabet::N)),
        }
        Ok(())
    }
}

/// Reads a delta token by token.
struct Pieces<'a> {
    rest: &'a [u8],
    reference_len: u64,
    /// Position in the reference. Literals move it, so it can pass the end.
    p: u64,
    rules: Rules,
}

impl<'a> Pieces<'a> {
    fn new(delta: &'a [u8], reference_len: usize, rules: Rules) -> Self {
        Self {
            rest: delta,
            reference_len: reference_len as u64,
            p: 0,
            rules,
        }
    }

    #[inline]
    fn next(&mut self) -> Result<Option<TokenOutput<'a>>> {
        let Some(&token) = self.rest.first() else {
            return Ok(None);
        };
        let piece = match token {
            LITERAL..=LAST_LITERAL => self.literals(),
            SAME if self.rules.dialect == Dialect::Full => self.same()?,
            N_RUN_START => self.n_run()?,
            b'-' | b'0'..=b'9' => self.a_match()?,
            _ => {
                return Err(Error::corrupt(format!(
                    "no token of a delta starts with byte {token:02X}"
                )));
            }
        };
        Ok(Some(piece))
    }

    /// Number of symbols that all tokens still to come describe.
    fn len_of_rest(&mut self) -> Result<u64> {
        let mut len = 0u64;
        while let Some(piece) = self.next()? {
            len = len.saturating_add(piece.len());
        }
        Ok(len)
    }

    fn literals(&mut self) -> TokenOutput<'a> {
        let is_literal = |byte: &u8| (LITERAL..=LAST_LITERAL).contains(byte);
        let n = self.rest.iter().take_while(|byte| is_literal(byte)).count();
        let (literals, rest) = self.rest.split_at(n);
        self.rest = rest;
        self.p += n as u64;
        TokenOutput::Literals(literals)
    }

    /// All neighbouring `!` at once.
    fn same(&mut self) -> Result<TokenOutput<'a>> {
        let n = self.rest.iter().take_while(|byte| **byte == SAME).count();
        self.rest = &self.rest[n..];
        match self.copy(Some(self.p), n as u64) {
            Some(piece) => Ok(piece),
            None => Err(Error::corrupt(
                "a delta takes a symbol past the end of its reference",
            )),
        }
    }

    fn n_run(&mut self) -> Result<TokenOutput<'a>> {
        self.rest = &self.rest[1..];
        let len = u64::from(self.number()?) + u64::from(MIN_N_RUN);
        if self.byte()? != N_RUN_END {
            return Err(Error::corrupt("an N run of a delta has no end"));
        }
        Ok(TokenOutput::Ns(len))
    }

    #[inline]
    fn a_match(&mut self) -> Result<TokenOutput<'a>> {
        let back = self.rest[0] == b'-';
        self.rest = &self.rest[usize::from(back)..];
        let distance = u64::from(self.number()?);
        let from = if back {
            self.p.checked_sub(distance)
        } else {
            self.p.checked_add(distance)
        };
        let len = match (self.byte()?, self.rules.dialect) {
            (MATCH_END, Dialect::Full) => from.map_or(0, |from| self.reference_len.saturating_sub(from)),
            (MATCH_SEPARATOR, _) => {
                let len = u64::from(self.number()?) + u64::from(self.rules.min_match_len);
                if self.byte()? != MATCH_END {
                    return Err(Error::corrupt("a match of a delta has no end"));
                }
                len
            }
            _ => return Err(Error::corrupt("a match of a delta has no end")),
        };
        self.copy(from, len)
            .ok_or_else(|| Error::corrupt("a match of a delta leaves its reference"))
    }

    /// A stretch of the reference, if it lies there and is not empty; the position moves behind it.
    fn copy(&mut self, from: Option<u64>, len: u64) -> Option<TokenOutput<'a>> {
        let from = from?;
        let end = from.checked_add(len)?;
        if len == 0 || end > self.reference_len {
            return None;
        }
        self.p = end;
        // Both lie inside the reference, which is in memory.
        Some(TokenOutput::Copy(from as usize..end as usize))
    }

    #[inline(always)]
    fn byte(&mut self) -> Result<u8> {
        match self.rest.split_first() {
            Some((byte, rest)) => {
                self.rest = rest;
                Ok(*byte)
            }
            None => Err(Error::corrupt("a delta ends inside a token")),
        }
    }

    /// Decimal digits. Nothing but `0` begins with a zero: what follows one is left to be no end of a token.
    #[inline(always)]
    fn number(&mut self) -> Result<u32> {
        let mut number = match self.rest.first() {
            Some(digit @ b'0'..=b'9') => u64::from(digit - b'0'),
            _ => return Err(Error::corrupt("a delta lacks a number")),
        };
        let mut rest = &self.rest[1..];
        if number > 0 {
            while let Some((digit @ b'0'..=b'9', behind)) = rest.split_first() {
                number = number * 10 + u64::from(digit - b'0');
                rest = behind;
                if number > u64::from(u32::MAX) {
                    return Err(Error::corrupt("a number of a delta exceeds 32 bits"));
                }
            }
        }
        self.rest = rest;
        Ok(number as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alphabet::Codes;
    use proptest::prelude::*;

    const REFERENCE: &[u8] = b"GAATCGAAGGTCGCCCTAACAGTGACTTTCATGACGCTGGAGCGAATGGTTAACCCAGTCTCCAGTGGCGTTTGTTCCACACGACCACATTGATGCATACTCCTTCTTGTACCTGTC";
    const RULES: Rules = Rules {
        min_match_len: 15,
        dialect: Dialect::Full,
    };

    fn codes(letters: &[u8]) -> Vec<u8> {
        letters
            .iter()
            .map(|letter| alphabet::CODE_OF_LETTER[usize::from(*letter)])
            .collect()
    }

    fn reference() -> Sequence {
        Sequence::from_codes(&codes(REFERENCE))
    }

    fn decoded_at_most(delta: &[u8], rules: Rules, max_len: usize) -> Result<Vec<u8>> {
        let mut out = Vec::new();
        decode::<Codes>(delta, &reference(), rules, max_len, &mut out).map(|()| out)
    }

    fn decoded(delta: &[u8]) -> Result<Vec<u8>> {
        decoded_at_most(delta, RULES, 1000)
    }

    #[test]
    fn the_worked_examples_decode() {
        let r = codes(REFERENCE);
        let item_3 = [
            &codes(b"AAGGTCGC")[..],
            &r[17..36],
            &[0],
            &r[37..72],
            &[2],
            &r[73..76],
            &[0],
            &r[77..],
        ]
        .concat();
        assert_eq!(decoded(b"AACCDBCB9,4.A0,20.C!!!A0.").unwrap(), item_3);
        let item_1 = [&r[..27], &[4; 7], &r[27..56], &[3], &r[57..]].concat();
        assert_eq!(decoded(b"0,12.\x1E3\x040,14.D0.").unwrap(), item_1);
        assert_eq!(decoded(b"47.").unwrap(), r[47..]);
        assert_eq!(decoded(b"").unwrap(), b"");
        assert_eq!(decoded(b"50,0.-65,0.").unwrap(), [&r[50..65], &r[..15]].concat());
    }

    #[test]
    fn version_1_has_neither_same_nor_open_match() {
        let rules = Rules {
            dialect: Dialect::Closed,
            ..RULES
        };
        let pairs: [(&[u8], &[u8]); 3] = [
            (b"AACCDBCB9,4.A0,20.CCDDA0,25.", b"AACCDBCB9,4.A0,20.C!!!A0."),
            (b"0,12.\x1E3\x040,14.D0,45.", b"0,12.\x1E3\x040,14.D0."),
            (b"47,55.", b"47."),
        ];
        for (closed, full) in pairs {
            assert_eq!(
                decoded_at_most(closed, rules, 1000).unwrap(),
                decoded(full).unwrap()
            );
            assert!(decoded_at_most(full, rules, 1000).is_err());
        }
        assert!(decoded_at_most(b"A!A", rules, 1000).is_err());
    }

    #[test]
    fn whatever_leaves_the_reference_or_the_language_is_an_error() {
        let bad: [&[u8]; 18] = [
            b"-1,0.",
            b"117.",
            b"118.",
            b"0,103.",
            b"0.!",
            b"Q",
            b"a",
            b"4294967296,0.",
            b"0,4294967295.",
            b"01,0.",
            b",0.",
            b"-",
            b"1",
            b"1,",
            b"1,2",
            b"\x1E\x04",
            b"\x1E3",
            b"\x1E3.",
        ];
        for delta in bad {
            assert!(decoded(delta).is_err(), "{delta:?}");
            assert!(decoded_len(delta, REFERENCE.len(), RULES).is_err(), "{delta:?}");
        }
    }

    #[test]
    fn every_prefix_decodes_or_fails_quietly() {
        let delta = b"0,12.\x1E3\x04-3,14.D!0.";
        for end in 0..delta.len() {
            let _ = decoded(&delta[..end]);
        }
    }

    #[test]
    fn the_limit_holds_for_every_token() {
        for delta in [
            &b"AAAA"[..],
            b"!!!!",
            b"\x1E0\x04",
            b"\x1E4294967295\x04",
            b"0,0.",
            b"0.",
        ] {
            assert!(decoded_at_most(delta, RULES, 3).is_err());
        }
        assert_eq!(decoded_at_most(b"\x1E0\x04", RULES, 4).unwrap(), [4; 4]);
    }

    #[test]
    fn a_range_ends_the_reading() {
        let mut out = Vec::new();
        // What follows the range is no delta at all.
        decode_range::<Codes>(b"AB\x1E0\x04Q", &reference(), RULES, 1..4, &mut out).unwrap();
        assert_eq!(out, [1, 4, 4]);
        assert!(decode_range::<Codes>(b"AB\x1E0\x04Q", &reference(), RULES, 1..7, &mut out).is_err());
        assert!(decode_range::<Codes>(b"AB", &reference(), RULES, 1..3, &mut out).is_err());
    }

    proptest! {
        #[test]
        fn every_range_is_a_slice_of_the_whole(tokens in proptest::collection::vec(prop_oneof![
            Just("A"), Just("D"), Just("!"), Just("\x1E3\x04"), Just("0,1."), Just("-10,5."), Just("20.-30,0.")
        ], 0..12), a in 0usize..400, b in 0usize..400) {
            let delta = tokens.concat();
            if let Ok(whole) = decoded(delta.as_bytes()) {
                prop_assert_eq!(decoded_len(delta.as_bytes(), REFERENCE.len(), RULES).unwrap(), whole.len() as u64);
                let (a, b) = (a.min(whole.len()), b.min(whole.len()));
                let range = a.min(b)..a.max(b);
                let mut out = vec![9];
                decode_range::<Codes>(delta.as_bytes(), &reference(), RULES, range.clone(), &mut out).unwrap();
                prop_assert_eq!(&out[1..], &whole[range.clone()]);
                let mut of = |len| decode_range_of::<Codes>(delta.as_bytes(), len, &reference(), RULES, range.clone(), &mut out);
                prop_assert!(of(whole.len() as u64).is_ok());
                prop_assert!(of(whole.len() as u64 + 1).is_err());
            }
        }
    }
}
