//! Where the samples of an archive came from.

use std::collections::BTreeMap;

use crate::error::{Error, Result};
use crate::provenance::columns;
use crate::provenance::file::SampleSource;

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
        let mut reader = columns::ColumnReader::new(text)?;
        let mut sample = usize::try_from(first_sample).unwrap_or(usize::MAX);
        while let Some(source) = reader.next_sample()? {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provenance::SourceFile;

    /// Lengths of columns; shapes; paths; sizes and times; digests.
    const LITERAL: &[u8] = b"\x09\x12\x06\
        \x01\x80\x02\x0E\x02\xFF\x01\x01\x00\
        \x00\x04a.fa\x00\x05x.tar\x01b\x00\x01-\
        \x05\x01\xFE\xC9\x9A\x3B\
        \x01\x02\x03\x04\x05\x06\x07\x08\x09\x0A\x0B\x0C\x0D\x0E\x0F\x10";

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
        let mut columns = columns::Columns::default();
        samples().iter().for_each(|sample| columns.push(sample));
        assert_eq!(columns.take(), LITERAL);
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
        for end in 0..LITERAL.len() {
            assert!(Sources::default().add_part(0, &LITERAL[..end]).is_err(), "{end}");
        }
        let mut other = LITERAL.to_vec();
        other[6] |= 16;
        assert!(Sources::default().add_part(0, &other).is_err());
    }
}
