//! The files of samples, and their bytes in an archive.

use std::collections::BTreeMap;

use crate::bytes::{Cursor, put_varint};
use crate::error::{Error, Result};
use crate::provenance::Provenance;

/// Bits of the byte that a file begins with: what is told of it.
const HAS_MEMBER: u8 = 1;
const HAS_SIZE: u8 = 2;
const HAS_MODIFIED: u8 = 4;
const HAS_DIGEST: u8 = 8;

/// A file that a sample, or a part of it, was read from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SourceFile {
    /// Its path as it was given, or what messages call it.
    pub path: Vec<u8>,
    /// The file in it, if it is a tar archive.
    pub member: Option<Vec<u8>>,
    /// Its bytes.
    pub size: Option<u64>,
    /// When it was changed: nanoseconds since 1970.
    pub modified: Option<i64>,
    /// XXH3 of 128 bits of the bytes as they lay there: compressed ones as they are, those of the member of a tar archive. None where a
    /// sample is not all of the file.
    pub xxh3: Option<u128>,
}

impl SourceFile {
    /// Its digest in hexadecimal digits, as `xxhsum -H2` prints it.
    #[must_use]
    pub fn xxh3_hex(&self) -> Option<String> {
        self.xxh3.map(|digest| format!("{digest:032x}"))
    }

    /// What is still true of it when the sample is not as it was read any more: nothing by which the sample could be known.
    pub(crate) fn of_other_content(&self) -> Self {
        Self {
            path: self.path.clone(),
            member: self.member.clone(),
            ..Self::default()
        }
    }
}

/// Where a sample came from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SampleSource {
    /// When it was stored: seconds since 1970.
    pub stored: u64,
    /// Its files, in their order.
    pub files: Vec<SourceFile>,
}

impl SampleSource {
    /// These files, stored by a run.
    #[cfg_attr(not(feature = "compress"), allow(dead_code))]
    pub(crate) fn of(run: &Provenance, files: Vec<SourceFile>) -> Self {
        Self {
            stored: run.time,
            files,
        }
    }
}

/// Where the samples of an archive came from, as far as it tells.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sources {
    by_sample: BTreeMap<usize, SampleSource>,
}

impl Sources {
    /// That of a sample, by its place in the archive.
    #[must_use]
    pub fn of(&self, sample: usize) -> Option<&SampleSource> {
        self.by_sample.get(&sample)
    }

    /// The last sample that has one.
    pub(crate) fn last(&self) -> Option<usize> {
        self.by_sample.last_key_value().map(|(sample, _)| *sample)
    }

    /// Reads a part: samples that follow one another, the first of which is the metadata.
    ///
    /// # Errors
    /// `Corrupt` or `Truncated` when it is no such list, or tells of a sample a second time.
    pub(crate) fn add_part(&mut self, first_sample: u64, text: &[u8]) -> Result<()> {
        let mut cursor = Cursor::new(text, "sources");
        let mut sample = usize::try_from(first_sample).unwrap_or(usize::MAX);
        while cursor.left() > 0 {
            let source = read_sample(&mut cursor)?;
            if self.by_sample.insert(sample, source).is_some() {
                return Err(Error::corrupt(format!(
                    "the source of sample #{sample} comes twice"
                )));
            }
            sample = sample.saturating_add(1);
        }
        Ok(())
    }
}

fn read_sample(cursor: &mut Cursor<'_>) -> Result<SampleSource> {
    let n_files = cursor.varint()?;
    let stored = cursor.varint()?;
    let mut files = Vec::new();
    // Each takes bytes, so a wrong number runs out of them.
    for _ in 0..n_files {
        files.push(read_file(cursor)?);
    }
    Ok(SampleSource { stored, files })
}

fn read_file(cursor: &mut Cursor<'_>) -> Result<SourceFile> {
    let told = cursor.byte()?;
    if told & !(HAS_MEMBER | HAS_SIZE | HAS_MODIFIED | HAS_DIGEST) != 0 {
        return Err(Error::corrupt(format!(
            "sources: no file begins with byte {told:02X}"
        )));
    }
    let has = |bit| told & bit != 0;
    Ok(SourceFile {
        path: read_text(cursor)?,
        member: has(HAS_MEMBER).then(|| read_text(cursor)).transpose()?,
        size: has(HAS_SIZE).then(|| cursor.varint()).transpose()?,
        modified: has(HAS_MODIFIED)
            .then(|| cursor.u64_le().map(u64::cast_signed))
            .transpose()?,
        xxh3: has(HAS_DIGEST).then(|| read_digest(cursor)).transpose()?,
    })
}

fn read_text(cursor: &mut Cursor<'_>) -> Result<Vec<u8>> {
    let len = cursor.varint()?;
    Ok(cursor.take(len)?.to_vec())
}

/// Digests are written most significant byte first, as they are printed.
fn read_digest(cursor: &mut Cursor<'_>) -> Result<u128> {
    let bytes = cursor.take(size_of::<u128>() as u64)?;
    Ok(bytes
        .iter()
        .fold(0, |digest, byte| digest << 8 | u128::from(*byte)))
}

/// Appends the source of a sample to a part.
pub(crate) fn put_sample(text: &mut Vec<u8>, source: &SampleSource) {
    put_varint(text, source.files.len() as u64);
    put_varint(text, source.stored);
    source.files.iter().for_each(|file| put_file(text, file));
}

fn put_file(text: &mut Vec<u8>, file: &SourceFile) {
    let bit = |is_told: bool, bit: u8| if is_told { bit } else { 0 };
    text.push(
        bit(file.member.is_some(), HAS_MEMBER)
            | bit(file.size.is_some(), HAS_SIZE)
            | bit(file.modified.is_some(), HAS_MODIFIED)
            | bit(file.xxh3.is_some(), HAS_DIGEST),
    );
    put_text(text, &file.path);
    if let Some(member) = &file.member {
        put_text(text, member);
    }
    if let Some(size) = file.size {
        put_varint(text, size);
    }
    if let Some(modified) = file.modified {
        text.extend_from_slice(&modified.to_le_bytes());
    }
    if let Some(digest) = file.xxh3 {
        text.extend_from_slice(&digest.to_be_bytes());
    }
}

fn put_text(to: &mut Vec<u8>, text: &[u8]) {
    put_varint(to, text.len() as u64);
    to.extend_from_slice(text);
}

#[cfg(test)]
mod tests {
    use super::*;

    const LITERAL: &[u8] = b"\x01\x80\x01\x0E\x04a.fa\x05\xFE\xFF\xFF\xFF\xFF\xFF\xFF\xFF\
        \x01\x02\x03\x04\x05\x06\x07\x08\x09\x0A\x0B\x0C\x0D\x0E\x0F\x10\
        \x02\x00\x01\x05x.tar\x01b\x00\x01-";

    fn samples() -> [SampleSource; 2] {
        let file = |path: &[u8]| SourceFile {
            path: path.to_vec(),
            ..SourceFile::default()
        };
        let plain = SourceFile {
            size: Some(5),
            modified: Some(-2),
            xxh3: Some(0x0102_0304_0506_0708_090A_0B0C_0D0E_0F10),
            ..file(b"a.fa")
        };
        let packed = SourceFile {
            member: Some(b"b".to_vec()),
            ..file(b"x.tar")
        };
        [
            SampleSource {
                stored: 128,
                files: vec![plain],
            },
            SampleSource {
                stored: 0,
                files: vec![packed, file(b"-")],
            },
        ]
    }

    #[test]
    fn samples_have_these_bytes_and_come_back() {
        let mut text = Vec::new();
        samples().iter().for_each(|sample| put_sample(&mut text, sample));
        assert_eq!(text, LITERAL);
        let mut sources = Sources::default();
        sources.add_part(7, LITERAL).unwrap();
        let [first, second] = samples();
        assert_eq!(
            (sources.of(6), sources.of(7), sources.of(8), sources.of(9)),
            (None, Some(&first), Some(&second), None)
        );
        assert_eq!(
            first.files[0].xxh3_hex().as_deref(),
            Some("0102030405060708090a0b0c0d0e0f10")
        );
        assert_eq!(sources.last(), Some(8));
        assert!(sources.add_part(8, LITERAL).is_err(), "sample 8 again");
    }

    #[test]
    fn every_prefix_and_every_unknown_bit_is_an_error() {
        let end_of_first = LITERAL.len() - 14;
        for end in 1..LITERAL.len() {
            let read = Sources::default().add_part(0, &LITERAL[..end]);
            assert_eq!(read.is_ok(), end == end_of_first, "{end}");
        }
        let mut other = LITERAL.to_vec();
        other[3] |= 16;
        assert!(Sources::default().add_part(0, &other).is_err());
    }
}
