//! The bytes of sources: what is alike stands together, and what is near to what came before is told by the difference.
//!
//! With all of a file one after the other it took several times as much, for coronaviruses as much as their sequences (docs/measurements.md, "Keeping up").

use crate::bytes::{Cursor, put_varint};
use crate::error::{Error, Result};
use crate::provenance::file::{SampleSource, SourceFile};
use crate::provenance::text::{put_text, read_text};

/// Bits of the byte that a file has in the column of shapes: what is told of it.
const HAS_MEMBER: u8 = 1;
const HAS_SIZE: u8 = 2;
const HAS_MODIFIED: u8 = 4;
const HAS_DIGEST: u8 = 8;

/// Nanoseconds in a second.
const NANOSECONDS: i64 = 1_000_000_000;

/// What the next sample is told against.
#[derive(Debug, Default)]
struct Last {
    stored: u64,
    seconds: i64,
    path: Vec<u8>,
}

/// Gathers samples that follow one another.
#[derive(Debug, Default)]
pub(crate) struct Columns {
    /// Numbers of files, times of storing, and what is told of each file.
    shapes: Vec<u8>,
    paths: Vec<u8>,
    /// Sizes and times.
    numbers: Vec<u8>,
    digests: Vec<u8>,
    last: Last,
}

impl Columns {
    /// Takes the next sample.
    pub(crate) fn push(&mut self, source: &SampleSource) {
        put_varint(&mut self.shapes, source.files.len() as u64);
        let since = source.stored.wrapping_sub(self.last.stored);
        put_varint(&mut self.shapes, zigzag(since.cast_signed()));
        self.last.stored = source.stored;
        source.files.iter().for_each(|file| self.push_file(file));
    }

    fn push_file(&mut self, file: &SourceFile) {
        let bit = |is_told: bool, bit: u8| if is_told { bit } else { 0 };
        self.shapes.push(
            bit(file.member.is_some(), HAS_MEMBER)
                | bit(file.size.is_some(), HAS_SIZE)
                | bit(file.modified.is_some(), HAS_MODIFIED)
                | bit(file.xxh3.is_some(), HAS_DIGEST),
        );
        self.push_path(&file.path);
        if let Some(member) = &file.member {
            put_text(&mut self.paths, member);
        }
        if let Some(size) = file.size {
            put_varint(&mut self.numbers, size);
        }
        if let Some(modified) = file.modified {
            let seconds = modified.div_euclid(NANOSECONDS);
            let fraction = modified.rem_euclid(NANOSECONDS) as u32;
            let since = seconds.wrapping_sub(self.last.seconds);
            put_varint(&mut self.numbers, zigzag(since));
            self.numbers.extend_from_slice(&fraction.to_le_bytes());
            self.last.seconds = seconds;
        }
        if let Some(digest) = file.xxh3 {
            self.digests.extend_from_slice(&digest.to_be_bytes());
        }
    }

    fn push_path(&mut self, path: &[u8]) {
        let pairs = path.iter().zip(&self.last.path);
        let n_shared = pairs.take_while(|(now, last)| now == last).count();
        put_varint(&mut self.paths, n_shared as u64);
        put_text(&mut self.paths, &path[n_shared..]);
        self.last.path = path.to_vec();
    }

    /// Bytes that no compressor makes fewer.
    pub(crate) fn incompressible_len(&self) -> u64 {
        self.digests.len() as u64
    }

    /// Bytes of all columns.
    pub(crate) fn len(&self) -> usize {
        self.shapes.len() + self.paths.len() + self.numbers.len() + self.digests.len()
    }

    /// The text of a part, which nothing of is left.
    pub(crate) fn take(&mut self) -> Vec<u8> {
        let Self {
            shapes,
            paths,
            numbers,
            digests,
            ..
        } = std::mem::take(self);
        let mut text = Vec::new();
        for column in [&shapes, &paths, &numbers] {
            put_varint(&mut text, column.len() as u64);
        }
        for column in [shapes, paths, numbers, digests] {
            text.extend_from_slice(&column);
        }
        text
    }
}

/// Reads samples that follow one another.
pub(super) struct ColumnReader<'a> {
    shapes: Cursor<'a>,
    paths: Cursor<'a>,
    numbers: Cursor<'a>,
    digests: Cursor<'a>,
    last: Last,
}

impl<'a> ColumnReader<'a> {
    /// Finds the columns.
    ///
    /// # Errors
    /// `Truncated` when they are longer than the text.
    pub(super) fn new(text: &'a [u8]) -> Result<Self> {
        let mut cursor = Cursor::new(text, WHAT);
        let lens = [cursor.varint()?, cursor.varint()?, cursor.varint()?];
        let mut column = |len| Ok::<_, Error>(Cursor::new(cursor.take(len)?, WHAT));
        let [shapes, paths, numbers] = [column(lens[0])?, column(lens[1])?, column(lens[2])?];
        let left = cursor.left() as u64;
        Ok(Self {
            shapes,
            paths,
            numbers,
            digests: Cursor::new(cursor.take(left)?, WHAT),
            last: Last::default(),
        })
    }

    /// The next sample; `None` when all columns have come to their end.
    ///
    /// # Errors
    /// `Corrupt` or `Truncated` when they have not at the same time, or tell what there is not.
    pub(super) fn next_sample(&mut self) -> Result<Option<SampleSource>> {
        if self.shapes.left() == 0 {
            for column in [&self.paths, &self.numbers, &self.digests] {
                column.clone().finish()?;
            }
            return Ok(None);
        }
        let n_files = self.shapes.varint()?;
        let since = unzigzag(self.shapes.varint()?);
        let stored = self.last.stored.wrapping_add(since.cast_unsigned());
        self.last.stored = stored;
        let mut files = Vec::new();
        // Each takes bytes, so a wrong number runs out of them.
        for _ in 0..n_files {
            files.push(self.next_file()?);
        }
        Ok(Some(SampleSource { stored, files }))
    }

    fn next_file(&mut self) -> Result<SourceFile> {
        let told = self.shapes.byte()?;
        if told & !(HAS_MEMBER | HAS_SIZE | HAS_MODIFIED | HAS_DIGEST) != 0 {
            return Err(Error::corrupt(format!(
                "{WHAT}: no file is told by byte {told:02X}"
            )));
        }
        let has = |bit| told & bit != 0;
        Ok(SourceFile {
            path: self.next_path()?,
            member: has(HAS_MEMBER).then(|| read_text(&mut self.paths)).transpose()?,
            size: has(HAS_SIZE).then(|| self.numbers.varint()).transpose()?,
            modified: has(HAS_MODIFIED).then(|| self.next_time()).transpose()?,
            xxh3: has(HAS_DIGEST).then(|| self.next_digest()).transpose()?,
        })
    }

    fn next_path(&mut self) -> Result<Vec<u8>> {
        let n_shared = self.paths.varint()?;
        let shared = usize::try_from(n_shared)
            .ok()
            .and_then(|n_shared| self.last.path.get(..n_shared));
        let Some(shared) = shared else {
            let why = format!("{WHAT}: {n_shared} bytes of a path of {}", self.last.path.len());
            return Err(Error::corrupt(why));
        };
        let path = [shared, &read_text(&mut self.paths)?].concat();
        self.last.path.clone_from(&path);
        Ok(path)
    }

    fn next_time(&mut self) -> Result<i64> {
        let since = unzigzag(self.numbers.varint()?);
        let seconds = self.last.seconds.wrapping_add(since);
        self.last.seconds = seconds;
        let fraction = i64::from(self.numbers.u32_le()?);
        // The first second of all begins before the first nanosecond that can be told.
        let time = i128::from(seconds) * i128::from(NANOSECONDS) + i128::from(fraction);
        match i64::try_from(time) {
            Ok(time) if fraction < NANOSECONDS => Ok(time),
            _ => Err(Error::corrupt(format!("{WHAT}: there is no such time"))),
        }
    }

    /// Digests are written most significant byte first, as they are printed.
    fn next_digest(&mut self) -> Result<u128> {
        let bytes = self.digests.take(size_of::<u128>() as u64)?;
        Ok(bytes
            .iter()
            .fold(0, |digest, byte| digest << 8 | u128::from(*byte)))
    }
}

const WHAT: &str = "sources";

/// Differences of either sign as numbers, small ones as small numbers: 0, -1, 1, -2 …
fn zigzag(difference: i64) -> u64 {
    (difference << 1 ^ difference >> 63).cast_unsigned()
}

fn unzigzag(number: u64) -> i64 {
    (number >> 1).cast_signed() ^ -(number & 1).cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provenance::Sources;
    use proptest::prelude::*;

    fn file() -> impl Strategy<Value = SourceFile> {
        let path = || proptest::collection::vec(97u8..100, 0..4);
        let told = (
            proptest::option::of(path()),
            proptest::option::of(any::<u64>()),
            proptest::option::of(any::<i64>()),
            proptest::option::of(any::<u128>()),
        );
        (path(), told).prop_map(|(path, (member, size, modified, xxh3))| SourceFile {
            path,
            member,
            size,
            modified,
            xxh3,
        })
    }

    proptest! {
        #[test]
        fn samples_come_back_and_every_prefix_is_an_error(
            samples in proptest::collection::vec((any::<u64>(), proptest::collection::vec(file(), 0..3)), 1..5),
        ) {
            let mut columns = Columns::default();
            let samples: Vec<SampleSource> = samples
                .into_iter()
                .map(|(stored, files)| SampleSource { stored, files })
                .collect();
            samples.iter().for_each(|sample| columns.push(sample));
            let text = columns.take();
            prop_assert_eq!(columns.len(), 0);
            let mut sources = Sources::default();
            sources.add_part(0, &text).unwrap();
            for (place, sample) in samples.iter().enumerate() {
                prop_assert_eq!(sources.of(place), Some(sample));
            }
            for end in 0..text.len() {
                prop_assert!(Sources::default().add_part(0, &text[..end]).is_err());
            }
        }
    }

    #[test]
    fn differences_of_either_sign_are_numbers() {
        for (difference, number) in [
            (0, 0),
            (-1, 1),
            (1, 2),
            (i64::MAX, u64::MAX - 1),
            (i64::MIN, u64::MAX),
        ] {
            assert_eq!((zigzag(difference), unzigzag(number)), (number, difference));
        }
    }
}
