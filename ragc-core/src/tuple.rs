//! Tuple form of a reference: several symbols in one byte.
//!
//! ```text
//! symbols 0 1 2 3 0 1 (ACGTAC), largest 3, so 4 per byte in base 4:
//!
//!   1B          01             42
//!   0 1 2 3     the rest, 0 1  4 per byte, 2 in the rest
//! ```
//!
//! The byte of the rest is there even when nothing remains. With one symbol per byte there is no rest and no byte for
//! it, only the last byte, `10`.
//!
//! # Source
//! FORMAT.md, "Tuple form".

use crate::alphabet;
use crate::error::{Error, Result};
use crate::memory;
use crate::sequence::Sequence;

/// Marker of the form with one symbol per byte.
const PLAIN_MARKER: u8 = 0x10;

/// Symbols per byte and the base of their number, for symbols up to `largest`.
const fn shape_of(largest: u8) -> (usize, u8) {
    match largest {
        0..=3 => (4, 4),
        4..=5 => (3, 6),
        6..=15 => (2, 16),
        _ => (1, 0),
    }
}

/// The four symbols of each byte in base 4.
const QUADS: [[u8; 4]; 256] = {
    let mut quads = [[0; 4]; 256];
    let mut byte = 0;
    while byte < 256 {
        quads[byte] = [
            (byte >> 6) as u8,
            (byte >> 4 & 3) as u8,
            (byte >> 2 & 3) as u8,
            (byte & 3) as u8,
        ];
        byte += 1;
    }
    quads
};

/// The longest tuple form of `n` symbols, in bytes.
pub(crate) fn max_len(n: u64) -> u64 {
    n.saturating_add(2)
}

/// Packs symbols as densely as the largest of them allows.
#[must_use]
pub fn pack(symbols: &[u8]) -> Vec<u8> {
    let (per_byte, base) = shape_of(symbols.iter().copied().max().unwrap_or(0));
    if per_byte == 1 {
        let mut out = Vec::with_capacity(symbols.len() + 1);
        out.extend_from_slice(symbols);
        out.push(PLAIN_MARKER);
        return out;
    }
    // At most 4 digits of base 4, 3 of base 6 or 2 of base 16: always below 256.
    let number = |tuple: &[u8]| tuple.iter().fold(0, |number: u8, symbol| number * base + symbol);
    let tuples = symbols.chunks_exact(per_byte);
    let rest = tuples.remainder();
    let mut out = Vec::with_capacity(symbols.len() / per_byte + 2);
    match base {
        4 => out.extend(tuples.map(|t| t[0] << 6 | t[1] << 4 | t[2] << 2 | t[3])),
        _ => out.extend(tuples.map(number)),
    }
    out.push(number(rest));
    out.push((per_byte as u8) << 4 | rest.len() as u8);
    out
}

/// Packs a sequence, as [`pack`] does its symbols; bases stay packed.
#[must_use]
pub(crate) fn pack_sequence(sequence: &Sequence) -> Vec<u8> {
    if !sequence.runs().is_empty() {
        return pack(&sequence.to_codes());
    }
    let n_rest = sequence.len() % 4;
    let mut out = sequence.to_quads();
    let rest = sequence.len() - n_rest..sequence.len();
    out.push(rest.fold(0, |number, at| number * 4 + sequence.code(at)));
    out.push(4 << 4 | n_rest as u8);
    out
}

/// Unpacks the tuple form of exactly `n` symbols.
///
/// # Errors
/// `Corrupt` when the marker is unknown, the number of symbols is another one, or a byte holds no tuple.
pub fn unpack(tuples: &[u8], n: usize) -> Result<Vec<u8>> {
    let form = Form::read(tuples, n)?;
    let mut out = memory::room(n)?;
    match form.base {
        PLAIN_BASE => out.extend_from_slice(form.bytes),
        4 => form
            .bytes
            .iter()
            .for_each(|byte| out.extend_from_slice(&QUADS[usize::from(*byte)])),
        base => form
            .bytes
            .iter()
            .try_for_each(|byte| push_digits(&mut out, *byte, form.per_byte, base))?,
    }
    push_digits(&mut out, form.rest, form.n_rest, form.base)?;
    Ok(out)
}

/// Unpacks the tuple form of exactly `n` symbols into a sequence; four to a byte, they stay packed.
///
/// # Errors
/// As [`unpack`], and `Corrupt` for a symbol that is no nucleotide code.
pub fn unpack_sequence(tuples: &[u8], n: usize) -> Result<Sequence> {
    let form = Form::read(tuples, n)?;
    if form.base != 4 {
        let codes = unpack(tuples, n)?;
        alphabet::check_codes(&codes)?;
        return Sequence::try_from_codes(&codes);
    }
    let mut sequence = Sequence::from_quads(form.bytes)?;
    let mut rest = Vec::new();
    push_digits(&mut rest, form.rest, form.n_rest, form.base)?;
    sequence.extend(&rest);
    Ok(sequence)
}

/// Base of the form with one symbol per byte: any byte is a digit.
const PLAIN_BASE: u16 = 256;

/// The parts of a tuple form.
struct Form<'a> {
    per_byte: usize,
    base: u16,
    bytes: &'a [u8],
    /// The number of the `n_rest` symbols that fill no byte.
    rest: u8,
    n_rest: usize,
}

impl<'a> Form<'a> {
    /// Reads the end of a tuple form, and checks that it has `n` symbols.
    fn read(tuples: &'a [u8], n: usize) -> Result<Self> {
        let Some((&marker, bytes)) = tuples.split_last() else {
            return Err(Error::corrupt("an empty tuple form"));
        };
        let (per_byte, n_rest) = (usize::from(marker >> 4), usize::from(marker & 15));
        let base = match per_byte {
            4 => 4,
            3 => 6,
            2 => 16,
            _ if marker == PLAIN_MARKER => PLAIN_BASE,
            _ => return Err(Error::corrupt(format!("unknown tuple marker {marker:02X}"))),
        };
        let (rest, bytes) = match bytes.split_last() {
            _ if base == PLAIN_BASE => (0, bytes),
            Some((rest, bytes)) if n_rest < per_byte => (*rest, bytes),
            _ => {
                return Err(Error::corrupt(format!(
                    "tuple form of {} bytes with marker {marker:02X}",
                    tuples.len()
                )));
            }
        };
        check_n(bytes.len() * per_byte + n_rest, n)?;
        Ok(Self {
            per_byte,
            base,
            bytes,
            rest,
            n_rest,
        })
    }
}

fn check_n(got: usize, expected: usize) -> Result<()> {
    if got == expected {
        Ok(())
    } else {
        Err(Error::corrupt(format!(
            "tuple form of {got} symbols, {expected} declared"
        )))
    }
}

/// Appends the `n` digits of `number`, most significant first.
fn push_digits(out: &mut Vec<u8>, number: u8, n: usize, base: u16) -> Result<()> {
    let mut left = u16::from(number);
    let start = out.len();
    for _ in 0..n {
        out.push((left % base) as u8);
        left /= base;
    }
    if left != 0 {
        return Err(Error::corrupt(format!(
            "byte {number:02X} holds no {n} symbols of base {base}"
        )));
    }
    out[start..].reverse();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const CASES: [(&[u8], &[u8]); 6] = [
        (&[0, 1, 2, 3, 0, 1], &[0x1B, 0x01, 0x42]),
        (&[0, 1, 2, 3], &[0x1B, 0x00, 0x40]),
        (&[0, 1], &[0x01, 0x42]),
        (&[0, 1, 2, 3, 4], &[0x08, 0x16, 0x32]),
        (&[0, 1, 5], &[0x0B, 0x00, 0x30]),
        (&[2, 6, 0], &[0x26, 0x00, 0x21]),
    ];

    #[test]
    fn symbols_and_bytes_are_twins() {
        for (symbols, bytes) in CASES {
            assert_eq!(pack(symbols), bytes);
            assert_eq!(unpack(bytes, symbols.len()).unwrap(), symbols);
            assert!(unpack(bytes, symbols.len() + 1).is_err());
            for end in 0..bytes.len() {
                assert!(unpack(&bytes[..end], symbols.len()).is_err());
            }
        }
        assert_eq!(pack(&[0, 30]), [0x00, 0x1E, 0x10]);
        assert_eq!(unpack(&[0x00, 0x1E, 0x10], 2).unwrap(), [0, 30]);
    }

    #[test]
    fn markers_and_bytes_outside_the_form_are_refused() {
        for bytes in [
            &[0x1B, 0x00, 0x50][..],
            &[0x1B, 0x00, 0x00],
            &[0xD8, 0x00, 0x30],
            &[0x1B, 0x04, 0x41],
            &[0x00, 0x44],
        ] {
            for n in 0..8 {
                assert!(unpack(bytes, n).is_err(), "{bytes:02X?}");
            }
        }
    }

    proptest! {
        #[test]
        fn symbols_come_back(largest in 0u8..20, seed in proptest::collection::vec(any::<u8>(), 0..140)) {
            let symbols: Vec<u8> = seed.iter().map(|s| s % (largest + 1)).collect();
            let tuples = pack(&symbols);
            prop_assert!(tuples.len() as u64 <= max_len(symbols.len() as u64));
            prop_assert_eq!(unpack(&tuples, symbols.len()).unwrap(), symbols.clone());
            match unpack_sequence(&tuples, symbols.len()) {
                Ok(sequence) => {
                    prop_assert_eq!(pack_sequence(&sequence), tuples);
                    prop_assert_eq!(sequence.to_codes(), symbols);
                }
                Err(_) => prop_assert!(symbols.iter().any(|symbol| *symbol > 15)),
            }
        }
    }
}
