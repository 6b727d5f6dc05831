//! Digests in an archive.

use super::sequence::{MD5_LEN, REFGET_LEN, SequenceDigest};
use crate::bytes::{Cursor, put_prefix_int};
use crate::error::{Error, Result};
use std::collections::BTreeMap;

/// Bytes of the digests of a contig.
pub(crate) const DIGEST_LEN: usize = REFGET_LEN + MD5_LEN;

/// The digests of those samples of an archive that have some.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StoredDigests {
    by_sample: BTreeMap<usize, Vec<SequenceDigest>>,
}

impl StoredDigests {
    /// The digests of the contigs of a sample, by its place in the archive, if it has some.
    #[must_use]
    pub fn of(&self, sample: usize) -> Option<&[SequenceDigest]> {
        self.by_sample.get(&sample).map(Vec::as_slice)
    }

    /// Samples that have digests, by their places in the archive, and of how many contigs.
    pub(crate) fn n_contigs(&self) -> impl Iterator<Item = (usize, usize)> {
        self.by_sample
            .iter()
            .map(|(sample, digests)| (*sample, digests.len()))
    }

    /// Reads a part: samples that follow one another, the first of which is the metadata.
    ///
    /// # Errors
    /// `Corrupt` or `Truncated` when it is no list of digests, or tells of a sample a second time.
    pub(crate) fn add_part(&mut self, first_sample: u64, payload: &[u8]) -> Result<()> {
        let mut cursor = Cursor::new(payload, "digests");
        let mut sample = usize::try_from(first_sample).unwrap_or(usize::MAX);
        while cursor.left() > 0 {
            let digests = read_sample(&mut cursor)?;
            if self.by_sample.insert(sample, digests).is_some() {
                return Err(Error::corrupt(format!(
                    "the digests of sample #{sample} come twice"
                )));
            }
            sample = sample.saturating_add(1);
        }
        Ok(())
    }
}

fn read_sample(cursor: &mut Cursor<'_>) -> Result<Vec<SequenceDigest>> {
    let n_contigs = cursor.prefix_int()?;
    let bytes = cursor.take(u64::from(n_contigs) * DIGEST_LEN as u64)?;
    let (digests, _) = bytes.as_chunks::<DIGEST_LEN>();
    Ok(digests.iter().map(read_digest).collect())
}

fn read_digest(bytes: &[u8; DIGEST_LEN]) -> SequenceDigest {
    let mut digest = SequenceDigest {
        sha512t24: [0; REFGET_LEN],
        md5: [0; MD5_LEN],
    };
    let (sha512t24, md5) = bytes.split_at(REFGET_LEN);
    digest.sha512t24.copy_from_slice(sha512t24);
    digest.md5.copy_from_slice(md5);
    digest
}

/// Appends the digests of a sample to a payload.
pub(crate) fn put_sample(payload: &mut Vec<u8>, digests: &[SequenceDigest]) {
    put_prefix_int(payload, digests.len() as u32);
    for digest in digests {
        payload.extend_from_slice(&digest.sha512t24);
        payload.extend_from_slice(&digest.md5);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_come_back_and_damage_is_told() {
        let digest = |byte| SequenceDigest {
            sha512t24: [byte; REFGET_LEN],
            md5: [byte + 1; MD5_LEN],
        };
        let samples = [vec![digest(1), digest(3)], vec![], vec![digest(5)]];
        let mut payload = Vec::new();
        samples.iter().for_each(|sample| put_sample(&mut payload, sample));
        assert_eq!(payload[..2], [2, 1]);
        assert_eq!((payload.len(), payload[25]), (3 + 3 * DIGEST_LEN, 2));
        let mut stored = StoredDigests::default();
        stored.add_part(7, &payload).unwrap();
        for (place, sample) in samples.iter().enumerate() {
            assert_eq!(stored.of(7 + place), Some(sample.as_slice()));
        }
        assert_eq!((stored.of(6), stored.of(10)), (None, None));
        assert!(stored.add_part(9, &payload).is_err(), "sample 9 again");
        for end in 1..payload.len() {
            let is_whole_sample = [81, 82].contains(&end);
            assert_eq!(
                StoredDigests::default().add_part(0, &payload[..end]).is_ok(),
                is_whole_sample,
                "{end}"
            );
        }
    }
}
