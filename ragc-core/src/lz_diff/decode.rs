//! From a delta and its reference back to the sequence.

use crate::alphabet;
use crate::error::{Error, Result};
use crate::lz_diff::{LITERAL, MATCH_END, MATCH_SEPARATOR, MIN_N_RUN, N_RUN_END, N_RUN_START, SAME};

const LAST_LITERAL: u8 = LITERAL + 15;

/// Decodes a delta (file version 2 or 3) against its reference, both as symbol codes.
///
/// The result is at most `max_len` symbols long; a delta that goes on is an error and not a matter of memory.
///
/// # Errors
/// `Corrupt` when the delta is no string of tokens, leaves the reference, or exceeds `max_len`.
pub fn decode(delta: &[u8], reference: &[u8], min_match_len: u32, max_len: usize) -> Result<Vec<u8>> {
    let mut decoder = Decoder {
        rest: delta,
        reference,
        p: 0,
        out: Vec::new(),
        max_len,
    };
    while let Some((&token, rest)) = decoder.rest.split_first() {
        match token {
            LITERAL..=LAST_LITERAL => decoder.literal(token - LITERAL, rest)?,
            SAME => decoder.same(rest)?,
            N_RUN_START => decoder.n_run(rest)?,
            b'-' | b'0'..=b'9' => decoder.a_match(min_match_len)?,
            _ => {
                return Err(Error::corrupt(format!(
                    "no token of a delta starts with byte {token:02X}"
                )));
            }
        }
    }
    Ok(decoder.out)
}

struct Decoder<'a> {
    rest: &'a [u8],
    reference: &'a [u8],
    /// Position in the reference. Literals move it, so it can pass the end.
    p: u64,
    out: Vec<u8>,
    max_len: usize,
}

impl<'a> Decoder<'a> {
    fn literal(&mut self, code: u8, rest: &'a [u8]) -> Result<()> {
        self.reserve(1)?;
        self.out.push(code);
        self.p += 1;
        self.rest = rest;
        Ok(())
    }

    fn same(&mut self, rest: &'a [u8]) -> Result<()> {
        let symbol = usize::try_from(self.p).ok().and_then(|p| self.reference.get(p));
        let Some(symbol) = symbol else {
            return Err(Error::corrupt(
                "a delta takes a symbol past the end of its reference",
            ));
        };
        self.reserve(1)?;
        self.out.push(*symbol);
        self.p += 1;
        self.rest = rest;
        Ok(())
    }

    fn n_run(&mut self, rest: &'a [u8]) -> Result<()> {
        self.rest = rest;
        let len = u64::from(self.number()?) + u64::from(MIN_N_RUN);
        if self.byte()? != N_RUN_END {
            return Err(Error::corrupt("an N run of a delta has no end"));
        }
        self.reserve(len)?;
        self.out.resize(self.out.len() + len as usize, alphabet::N);
        Ok(())
    }

    fn a_match(&mut self, min_match_len: u32) -> Result<()> {
        let back = self.rest[0] == b'-';
        self.rest = &self.rest[usize::from(back)..];
        let distance = u64::from(self.number()?);
        let from = if back {
            self.p.checked_sub(distance)
        } else {
            self.p.checked_add(distance)
        };
        let end = match self.byte()? {
            MATCH_END => Some(self.reference.len() as u64),
            MATCH_SEPARATOR => {
                let len = u64::from(self.number()?) + u64::from(min_match_len);
                if self.byte()? != MATCH_END {
                    return Err(Error::corrupt("a match of a delta has no end"));
                }
                from.and_then(|from| from.checked_add(len))
            }
            _ => return Err(Error::corrupt("a match of a delta has no end")),
        };
        let symbols = from.zip(end).and_then(|(from, end)| {
            let range = usize::try_from(from).ok()?..usize::try_from(end).ok()?;
            self.reference.get(range).filter(|symbols| !symbols.is_empty())
        });
        let (Some(symbols), Some(end)) = (symbols, end) else {
            return Err(Error::corrupt("a match of a delta leaves its reference"));
        };
        self.reserve(symbols.len() as u64)?;
        self.out.extend_from_slice(symbols);
        self.p = end;
        Ok(())
    }

    fn byte(&mut self) -> Result<u8> {
        let (byte, rest) = self
            .rest
            .split_first()
            .ok_or_else(|| Error::corrupt("a delta ends inside a token"))?;
        self.rest = rest;
        Ok(*byte)
    }

    /// Decimal digits, without leading zeros.
    fn number(&mut self) -> Result<u32> {
        let n_digits = self.rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (digits, rest) = self.rest.split_at(n_digits);
        self.rest = rest;
        if digits.is_empty() || (digits[0] == b'0' && n_digits > 1) {
            return Err(Error::corrupt("a delta lacks a number"));
        }
        let push = |number: u32, digit: &u8| number.checked_mul(10)?.checked_add(u32::from(digit - b'0'));
        let number = digits.iter().try_fold(0, push);
        number.ok_or_else(|| Error::corrupt("a number of a delta exceeds 32 bits"))
    }

    /// Makes sure that `len` more symbols are allowed.
    fn reserve(&mut self, len: u64) -> Result<()> {
        if len > (self.max_len - self.out.len()) as u64 {
            return Err(Error::corrupt(format!(
                "a delta decodes to more than {} symbols",
                self.max_len
            )));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REFERENCE: &[u8] = b"GAATCGAAGGTCGCCCTAACAGTGACTTTCATGACGCTGGAGCGAATGGTTAACCCAGTCTCCAGTGGCGTTTGTTCCACACGACCACATTGATGCATACTCCTTCTTGTACCTGTC";

    fn codes(letters: &[u8]) -> Vec<u8> {
        letters
            .iter()
            .map(|letter| alphabet::CODE_OF_LETTER[usize::from(*letter)])
            .collect()
    }

    fn decoded(delta: &[u8]) -> Result<Vec<u8>> {
        decode(delta, &codes(REFERENCE), 15, 1000)
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
        let r = codes(REFERENCE);
        for delta in [
            &b"AAAA"[..],
            b"!!!!",
            b"\x1E0\x04",
            b"\x1E4294967295\x04",
            b"0,0.",
            b"0.",
        ] {
            assert!(decode(delta, &r, 15, 3).is_err());
        }
        assert_eq!(decode(b"\x1E0\x04", &r, 15, 4).unwrap(), [4; 4]);
    }
}
