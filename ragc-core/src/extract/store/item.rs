//! One item as it is stored.

use std::ops::Range;

use crate::alphabet::{self, Alphabet};
use crate::error::{Error, Result};
use crate::lz_diff::{self, Rules};
use crate::memory;
use crate::sequence::{BASES_PER_WORD, Sequence};

/// An item as it is stored.
#[derive(Debug, Clone, Copy)]
pub(super) enum StoredItem<'a> {
    Reference(&'a Sequence),
    Raw(&'a [u8]),
    Delta(&'a [u8], &'a Sequence),
}

impl StoredItem<'_> {
    pub(super) fn len(self, rules: Rules) -> Result<u64> {
        match self {
            Self::Reference(sequence) => Ok(sequence.len() as u64),
            Self::Raw(codes) => Ok(codes.len() as u64),
            Self::Delta(delta, reference) => lz_diff::decoded_len(delta, reference.len(), rules),
        }
    }

    /// Appends all symbols, `max_len` at most if they come out of a delta.
    pub(super) fn append<A: Alphabet>(self, rules: Rules, max_len: usize, out: &mut Vec<u8>) -> Result<()> {
        match self {
            Self::Reference(sequence) => {
                memory::grow(out, sequence.len() + BASES_PER_WORD)?;
                sequence.append_symbols::<A>(0..sequence.len(), out);
                Ok(())
            }
            Self::Raw(codes) => append_codes::<A>(codes, out),
            Self::Delta(delta, reference) => lz_diff::decode::<A>(delta, reference, rules, max_len, out),
        }
    }

    /// Appends the symbols of `range`; if `whole` is given, the item must have that many symbols in all.
    pub(super) fn append_range<A: Alphabet>(
        self,
        rules: Rules,
        range: Range<usize>,
        whole: Option<u64>,
        out: &mut Vec<u8>,
    ) -> Result<()> {
        match self {
            Self::Delta(delta, reference) => match whole {
                Some(len) => lz_diff::decode_range_of::<A>(delta, len, reference, rules, range, out),
                None => lz_diff::decode_range::<A>(delta, reference, rules, range, out),
            },
            Self::Reference(sequence) => {
                check_reaches(sequence.len(), range.end, whole)?;
                memory::grow(out, range.len() + BASES_PER_WORD)?;
                sequence.append_symbols::<A>(range, out);
                Ok(())
            }
            Self::Raw(codes) => {
                check_reaches(codes.len(), range.end, whole)?;
                append_codes::<A>(&codes[range], out)
            }
        }
    }
}

/// Checks that an item of `len` symbols reaches up to `end`, and has `whole` symbols if that is known.
fn check_reaches(len: usize, end: usize, whole: Option<u64>) -> Result<()> {
    if end <= len && whole.is_none_or(|whole| whole == len as u64) {
        Ok(())
    } else {
        let declared = whole.unwrap_or(end as u64);
        Err(Error::corrupt(format!(
            "an item holds {len} symbols, {declared} declared"
        )))
    }
}

fn append_codes<A: Alphabet>(codes: &[u8], out: &mut Vec<u8>) -> Result<()> {
    alphabet::check_codes(codes)?;
    memory::grow(out, codes.len())?;
    out.extend(codes.iter().map(|code| A::symbol(*code)));
    Ok(())
}
