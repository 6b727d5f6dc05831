//! Integers and strings as the archive writes them, and a reader that never steps outside its bytes.
//!
//! Three integer codes exist side by side. The container (the footer, and the number in front of each part) uses
//! *container integers*: a count byte, then that many bytes. The collection streams use *prefix integers*, whose
//! first byte tells the length. Streams that only ragc knows use LEB128, which has no limit of 32 bits. Each has its
//! reader as a method of [`Cursor`] and its writer as a `put_…` function beside it.
//!
//! A count from a file says nothing about memory until the bytes for it are seen: [`Cursor::count`] compares it with
//! what is left before anybody allocates.
//!
//! # Source
//! FORMAT.md, "Container" and "Prefix integers and strings".

use crate::error::{Error, Result};

/// Bytes of the longest container integer: the count and eight more.
pub(crate) const MAX_CONTAINER_INT_LEN: usize = 9;

/// First value of the prefix code's two-byte form, and so on up to five bytes.
const PREFIX_START: [u64; 4] = [
    1 << 7,
    (1 << 7) + (1 << 14),
    (1 << 7) + (1 << 14) + (1 << 21),
    PREFIX_START_5,
];
const PREFIX_START_5: u64 = (1 << 7) + (1 << 14) + (1 << 21) + (1 << 28);

/// Reads a byte slice from front to back; what is not there is an error.
#[derive(Debug, Clone)]
pub struct Cursor<'a> {
    rest: &'a [u8],
    what: &'static str,
}

impl<'a> Cursor<'a> {
    /// Starts at the front of `bytes`; `what` names them in errors (`"footer"`).
    #[must_use]
    pub fn new(bytes: &'a [u8], what: &'static str) -> Self {
        Self { rest: bytes, what }
    }

    /// Bytes not read yet.
    #[must_use]
    pub fn left(&self) -> usize {
        self.rest.len()
    }

    /// Takes the next `len` bytes.
    ///
    /// # Errors
    /// `Truncated` when fewer are left.
    pub fn take(&mut self, len: u64) -> Result<&'a [u8]> {
        let have = self.rest.len();
        match usize::try_from(len)
            .ok()
            .and_then(|len| self.rest.split_at_checked(len))
        {
            Some((taken, rest)) => {
                self.rest = rest;
                Ok(taken)
            }
            None => Err(Error::truncated(self.what, len, have as u64)),
        }
    }

    /// Takes all bytes up to the next of this value, and that one.
    ///
    /// # Errors
    /// `Truncated` when there is none.
    pub fn take_past(&mut self, byte: u8) -> Result<&'a [u8]> {
        let left = self.rest.len() as u64;
        match memchr::memchr(byte, self.rest) {
            Some(at) => self.take(at as u64 + 1),
            None => Err(Error::truncated(self.what, left + 1, left)),
        }
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        match self.rest.split_first_chunk::<N>() {
            Some((taken, rest)) => {
                self.rest = rest;
                Ok(*taken)
            }
            None => Err(Error::truncated(self.what, N as u64, self.rest.len() as u64)),
        }
    }

    /// Takes one byte.
    ///
    /// # Errors
    /// `Truncated` at the end.
    pub fn byte(&mut self) -> Result<u8> {
        self.array::<1>().map(|[byte]| byte)
    }

    /// Takes a little-endian `u32`.
    ///
    /// # Errors
    /// `Truncated` when fewer than four bytes are left.
    pub fn u32_le(&mut self) -> Result<u32> {
        self.array().map(u32::from_le_bytes)
    }

    /// Takes a little-endian `u64`.
    ///
    /// # Errors
    /// `Truncated` when fewer than eight bytes are left.
    pub fn u64_le(&mut self) -> Result<u64> {
        self.array().map(u64::from_le_bytes)
    }

    /// Takes a container integer: a count `n` of 0 to 8, then `n` bytes, most significant first.
    ///
    /// Leading zero bytes are accepted, though nobody writes them.
    ///
    /// # Errors
    /// `Truncated` when bytes are missing; `Corrupt` for a count above 8.
    pub fn container_int(&mut self) -> Result<u64> {
        let n = self.byte()?;
        if n > 8 {
            return Err(Error::corrupt(format!("{}: an integer of {n} bytes", self.what)));
        }
        let bytes = self.take(n.into())?;
        Ok(bytes.iter().fold(0, |value, byte| value << 8 | u64::from(*byte)))
    }

    /// Takes a prefix integer of one to five bytes.
    ///
    /// # Errors
    /// `Truncated` when bytes are missing; `Corrupt` for a value above `u32::MAX` or a first byte that the code does
    /// not have.
    #[inline]
    pub fn prefix_int(&mut self) -> Result<u32> {
        match self.rest.split_first() {
            Some((&first, rest)) if u64::from(first) < PREFIX_START[0] => {
                self.rest = rest;
                Ok(first.into())
            }
            // Of the segments of a collection most groups and lengths take two bytes.
            Some((&first, &[second, ref rest @ ..])) if first >> 6 == 0b10 => {
                self.rest = rest;
                Ok((u32::from(first & 0x3F) << 8 | u32::from(second)) + PREFIX_START[0] as u32)
            }
            _ => self.long_prefix_int(),
        }
    }

    /// A prefix integer of more than two bytes, or one that is not there.
    fn long_prefix_int(&mut self) -> Result<u32> {
        let first = self.byte()?;
        let n_more = first.leading_ones() as usize;
        let value = match n_more {
            1..=3 => {
                let mut value = u64::from(first) & (0x7F >> n_more);
                for byte in self.take(n_more as u64)? {
                    value = value << 8 | u64::from(*byte);
                }
                value + PREFIX_START[n_more - 1]
            }
            _ if first == 0xF0 => u64::from(u32::from_be_bytes(self.array()?)) + PREFIX_START_5,
            _ => {
                return Err(Error::corrupt(format!(
                    "{}: no integer starts with byte {first:02X}",
                    self.what
                )));
            }
        };
        u32::try_from(value)
            .map_err(|_| Error::corrupt(format!("{}: integer {value} exceeds 32 bits", self.what)))
    }

    /// Takes an integer of up to 64 bits in LEB128: seven bits a byte, the lowest first, the top bit set in all bytes but
    /// the last.
    ///
    /// # Errors
    /// `Truncated` when bytes are missing; `Corrupt` for a value above `u64::MAX`.
    #[inline]
    pub fn varint(&mut self) -> Result<u64> {
        match *self.rest {
            // Without a branch on which of the two it is: of lengths of runs either comes at random, and a wrong guess costs more than all of this.
            [first, second, ..] if first & second < 0x80 => {
                let is_long = first >> 7;
                self.rest = &self.rest[1 + usize::from(is_long)..];
                Ok(u64::from(first & 0x7F) | u64::from(second & is_long.wrapping_neg()) << 7)
            }
            // By value: a loop over integers keeps its place in registers.
            _ => {
                let (value, rest) = self.clone().long_varint()?;
                self.rest = rest;
                Ok(value)
            }
        }
    }

    /// A varint of more than two bytes, or one at the end, and what is behind it.
    fn long_varint(mut self) -> Result<(u64, &'a [u8])> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7F);
            if bits << shift >> shift != bits {
                break;
            }
            value |= bits << shift;
            if byte < 0x80 {
                return Ok((value, self.rest));
            }
        }
        Err(Error::corrupt(format!(
            "{}: an integer of more than 64 bits",
            self.what
        )))
    }

    /// Takes a prefix integer that counts things of at least `min_len` bytes each, all still to come in this slice.
    ///
    /// # Errors
    /// As [`Self::prefix_int`], and `Truncated` when so many things cannot be left.
    pub fn count(&mut self, min_len: u64) -> Result<usize> {
        let n = self.prefix_int()?;
        let need = u64::from(n).saturating_mul(min_len);
        if need > self.left() as u64 {
            return Err(Error::truncated(self.what, need, self.left() as u64));
        }
        Ok(n as usize)
    }

    /// Takes the bytes up to the next NUL, and the NUL.
    ///
    /// # Errors
    /// `Truncated` when there is no NUL.
    pub fn string(&mut self) -> Result<&'a [u8]> {
        match memchr::memchr(0, self.rest) {
            Some(len) => {
                let (string, rest) = self.rest.split_at(len);
                self.rest = &rest[1..];
                Ok(string)
            }
            None => Err(Error::truncated(
                self.what,
                self.rest.len() as u64 + 1,
                self.rest.len() as u64,
            )),
        }
    }

    /// Ends the reading: everything must have been read.
    ///
    /// # Errors
    /// `Corrupt` when bytes are left.
    pub fn finish(self) -> Result<()> {
        match self.rest.len() {
            0 => Ok(()),
            n => Err(Error::corrupt(format!("{}: {n} bytes after the end", self.what))),
        }
    }
}

/// Appends a container integer in its shortest form.
pub fn put_container_int(out: &mut Vec<u8>, value: u64) {
    let bytes = value.to_be_bytes();
    let skip = value.leading_zeros() as usize / 8;
    out.push((bytes.len() - skip) as u8);
    out.extend_from_slice(&bytes[skip..]);
}

/// Bytes of a container integer in its shortest form.
pub(crate) fn container_int_len(value: u64) -> u64 {
    1 + u64::from(u64::BITS - value.leading_zeros()).div_ceil(8)
}

/// Appends a prefix integer.
pub fn put_prefix_int(out: &mut Vec<u8>, value: u32) {
    let value = u64::from(value);
    let n_more = PREFIX_START.iter().take_while(|start| value >= **start).count();
    if n_more == 0 {
        out.push(value as u8);
        return;
    }
    let bytes = (value - PREFIX_START[n_more - 1]).to_be_bytes();
    if n_more == 4 {
        out.push(0xF0);
        out.extend_from_slice(&bytes[4..]);
    } else {
        let first = out.len();
        out.extend_from_slice(&bytes[7 - n_more..]);
        out[first] |= !(0xFF >> n_more);
    }
}

/// Appends an integer in LEB128.
pub fn put_varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Appends a string and its NUL. The string itself must not contain one; callers check names when they arrive.
pub fn put_string(out: &mut Vec<u8>, string: &[u8]) {
    debug_assert!(!string.contains(&0));
    out.extend_from_slice(string);
    out.push(0);
}

/// Codes `value` against a prediction: small results for values near it.
///
/// Values below twice the prediction alternate around it (`p → 0, p-1 → 1, p+1 → 2, …`), larger ones stay as they
/// are. A bijection; with prediction 0 the identity.
#[must_use]
pub fn fold(value: u64, prediction: u64) -> u64 {
    if value < prediction {
        2 * (prediction - value) - 1
    } else if value - prediction < prediction {
        2 * (value - prediction)
    } else {
        value
    }
}

/// Inverse of [`fold`].
#[must_use]
pub fn unfold(code: u64, prediction: u64) -> u64 {
    if code / 2 >= prediction {
        code
    } else if code % 2 == 1 {
        prediction - code.div_ceil(2)
    } else {
        prediction + code / 2
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const CONTAINER: [(u64, &[u8]); 6] = [
        (0, &[0]),
        (1, &[1, 1]),
        (255, &[1, 0xFF]),
        (256, &[2, 1, 0]),
        (65536, &[3, 1, 0, 0]),
        (u64::MAX, &[8, 255, 255, 255, 255, 255, 255, 255, 255]),
    ];

    const PREFIX: [(u32, &[u8]); 12] = [
        (0, &[0]),
        (127, &[0x7F]),
        (128, &[0x80, 0]),
        (300, &[0x80, 0xAC]),
        (16511, &[0xBF, 0xFF]),
        (16512, &[0xC0, 0, 0]),
        (60031, &[0xC0, 0xA9, 0xFF]),
        (2113663, &[0xDF, 0xFF, 0xFF]),
        (2113664, &[0xE0, 0, 0, 0]),
        (270549119, &[0xEF, 0xFF, 0xFF, 0xFF]),
        (270549120, &[0xF0, 0, 0, 0, 0]),
        (u32::MAX, &[0xF0, 0xEF, 0xDF, 0xBF, 0x7F]),
    ];

    #[test]
    fn container_integers_read_and_write_the_same_bytes() {
        for (value, bytes) in CONTAINER {
            let mut out = Vec::new();
            put_container_int(&mut out, value);
            assert_eq!(out, bytes);
            assert_eq!(Cursor::new(bytes, "test").container_int().unwrap(), value);
            for end in 0..bytes.len() {
                assert!(Cursor::new(&bytes[..end], "test").container_int().is_err());
            }
        }
        assert!(Cursor::new(&[9; 10], "test").container_int().is_err());
        assert_eq!(Cursor::new(&[3, 0, 0, 7], "test").container_int().unwrap(), 7);
    }

    #[test]
    fn prefix_integers_read_and_write_the_same_bytes() {
        for (value, bytes) in PREFIX {
            let mut out = Vec::new();
            put_prefix_int(&mut out, value);
            assert_eq!(out, bytes, "{value}");
            assert_eq!(Cursor::new(bytes, "test").prefix_int().unwrap(), value);
            for end in 0..bytes.len() {
                assert!(Cursor::new(&bytes[..end], "test").prefix_int().is_err());
            }
        }
        assert!(
            Cursor::new(&[0xF0, 255, 255, 255, 255], "test")
                .prefix_int()
                .is_err()
        );
        assert!(Cursor::new(&[0xF1, 0, 0, 0, 0], "test").prefix_int().is_err());
    }

    #[test]
    fn varints_read_and_write_the_same_bytes() {
        let cases: [(u64, &[u8]); 5] = [
            (0, &[0]),
            (127, &[0x7F]),
            (128, &[0x80, 1]),
            (300, &[0xAC, 2]),
            (u64::MAX, &[255, 255, 255, 255, 255, 255, 255, 255, 255, 1]),
        ];
        for (value, bytes) in cases {
            let mut out = Vec::new();
            put_varint(&mut out, value);
            assert_eq!(out, bytes);
            for n_more in [0, 8] {
                let followed = [bytes, &[0xFF; 8][..n_more]].concat();
                let mut cursor = Cursor::new(&followed, "test");
                assert_eq!((cursor.varint().unwrap(), cursor.left()), (value, n_more));
            }
            for end in 0..bytes.len() {
                assert!(Cursor::new(&bytes[..end], "test").varint().is_err());
            }
        }
        for too_long in [[255; 11], [255, 255, 255, 255, 255, 255, 255, 255, 255, 2, 0]] {
            assert!(Cursor::new(&too_long, "test").varint().is_err());
        }
    }

    #[test]
    fn folding_alternates_around_the_prediction() {
        let cases = [
            (60031, 0),
            (60030, 1),
            (60032, 2),
            (31, 119999),
            (120061, 120060),
            (120062, 120062),
            (150000, 150000),
        ];
        for (value, code) in cases {
            assert_eq!(fold(value, 60031), code);
            assert_eq!(unfold(code, 60031), value);
        }
        assert_eq!(fold(7, 0), 7);
    }

    #[test]
    fn strings_and_counts_stay_inside() {
        let mut cursor = Cursor::new(b"ab\0\0c", "test");
        assert_eq!(cursor.string().unwrap(), b"ab");
        assert_eq!(cursor.string().unwrap(), b"");
        assert!(cursor.string().is_err());
        assert!(Cursor::new(&[5, 0, 0, 0], "test").count(1).is_err());
        assert_eq!(Cursor::new(&[3, 0, 0, 0], "test").count(1).unwrap(), 3);
        assert!(Cursor::new(&[1, 2], "test").take(u64::MAX).is_err());
        assert!(Cursor::new(&[1], "test").finish().is_err());
    }

    proptest! {
        #[test]
        fn integers_come_back(small: u32, large: u64, prediction: u32) {
            let mut out = Vec::new();
            put_prefix_int(&mut out, small);
            put_container_int(&mut out, large);
            put_varint(&mut out, large);
            let mut cursor = Cursor::new(&out, "test");
            prop_assert_eq!(cursor.prefix_int().unwrap(), small);
            prop_assert_eq!(cursor.container_int().unwrap(), large);
            prop_assert_eq!(cursor.varint().unwrap(), large);
            prop_assert_eq!(unfold(fold(small.into(), prediction.into()), prediction.into()), u64::from(small));
        }
    }
}
