//! Checksums of decoded sequence: what samples were, whatever they are stored as.
//!
//! A checksum is of the symbol codes of contigs, one a byte, one contig after the other. Short samples share one; a
//! long sample has several, each of a run of its contigs, so that damage can be told to a megabase or a chromosome.
//!
//! ```text
//! samples   | a | b | c | d |        e           | f |
//! sums      |    a to c     |  e: contigs 0, 1 to 7  | …      d is with a to c if that makes less than a megabase
//! ```
//!
//! [`SumsBuilder`] decides on the runs; [`SequenceSums`] is the list of them and its bytes.
//!
//! # Source
//! FORMAT.md, "`ragc.sequence-sums`".

use crate::bytes::{Cursor, put_prefix_int};
use crate::checksum::Checksum;
use crate::error::{Error, Result};
use crate::memory;

/// A run ends when it has this many symbols.
const RUN_LEN: u64 = 1 << 20;

/// Samples in a run at most; those without sequence would fill none.
const MAX_SAMPLES: u32 = 1 << 20;

/// The low two bits of the number that an entry begins with.
const UNKNOWN: u32 = 0;
const SAMPLES: u32 = 1;
const CONTIGS: u32 = 2;

/// What is known of some samples that follow one another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SumEntry {
    /// So many samples without a checksum.
    Unknown(u32),
    /// Samples that have one checksum together.
    Samples {
        /// How many.
        n_samples: u32,
        /// CRC-32 of all their contigs.
        crc: u32,
    },
    /// One sample, whose contigs have several checksums.
    Contigs(Vec<ContigRun>),
}

impl SumEntry {
    /// Number of samples.
    #[must_use]
    pub fn n_samples(&self) -> u32 {
        match self {
            Self::Unknown(n_samples) | Self::Samples { n_samples, .. } => *n_samples,
            Self::Contigs(_) => 1,
        }
    }
}

/// Contigs of a sample that have one checksum together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ContigRun {
    /// How many.
    pub n_contigs: u32,
    /// Their CRC-32.
    pub crc: u32,
}

/// The checksums of all samples of an archive, in archive order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SequenceSums {
    entries: Vec<SumEntry>,
}

impl SequenceSums {
    /// So many samples, nothing being known of them.
    #[must_use]
    pub fn unknown(n_samples: u32) -> Self {
        let mut sums = Self::default();
        let mut left = n_samples;
        while left > 0 {
            let n = left.min(u32::MAX >> 2);
            sums.entries.push(SumEntry::Unknown(n));
            left -= n;
        }
        sums
    }

    /// One entry alone.
    #[must_use]
    pub fn of(entry: SumEntry) -> Self {
        Self { entries: vec![entry] }
    }

    /// Reads a payload of so many entries.
    ///
    /// # Errors
    /// `Truncated` when it ends early; `Corrupt` for an entry that there is not, or bytes behind the last.
    pub fn decode(n_entries: u64, payload: &[u8]) -> Result<Self> {
        let mut cursor = Cursor::new(payload, "sequence checksums");
        let mut entries = Vec::new();
        // Each takes bytes, so a wrong number runs out of them.
        for _ in 0..n_entries {
            memory::grow(&mut entries, 1)?;
            entries.push(read_entry(&mut cursor)?);
        }
        cursor.finish()?;
        Ok(Self { entries })
    }

    /// The number of entries, which is the metadata, and the payload.
    #[must_use]
    pub fn encode(&self) -> (u64, Vec<u8>) {
        let mut payload = Vec::new();
        for entry in &self.entries {
            put_entry(&mut payload, entry);
        }
        (self.entries.len() as u64, payload)
    }

    /// The entries, in archive order.
    #[must_use]
    pub fn entries(&self) -> &[SumEntry] {
        &self.entries
    }

    /// The entries, in archive order.
    #[must_use]
    pub fn into_entries(self) -> Vec<SumEntry> {
        self.entries
    }

    /// Number of samples, those of which nothing is known counted.
    #[must_use]
    pub fn n_samples(&self) -> u64 {
        self.entries
            .iter()
            .map(|entry| u64::from(entry.n_samples()))
            .sum()
    }
}

fn read_entry(cursor: &mut Cursor<'_>) -> Result<SumEntry> {
    let head = cursor.prefix_int()?;
    let n = head >> 2;
    match head & 3 {
        UNKNOWN => Ok(SumEntry::Unknown(n)),
        SAMPLES => Ok(SumEntry::Samples {
            n_samples: n,
            crc: cursor.u32_le()?,
        }),
        CONTIGS => (0..n)
            .map(|_| {
                Ok(ContigRun {
                    n_contigs: cursor.prefix_int()?,
                    crc: cursor.u32_le()?,
                })
            })
            .collect::<Result<_>>()
            .map(SumEntry::Contigs),
        _ => Err(Error::corrupt(format!("sequence checksums: an entry {head}"))),
    }
}

fn put_entry(out: &mut Vec<u8>, entry: &SumEntry) {
    match entry {
        SumEntry::Unknown(n) => put_prefix_int(out, n << 2 | UNKNOWN),
        SumEntry::Samples { n_samples, crc } => {
            put_prefix_int(out, n_samples << 2 | SAMPLES);
            out.extend_from_slice(&crc.to_le_bytes());
        }
        SumEntry::Contigs(runs) => {
            put_prefix_int(out, (runs.len() as u32) << 2 | CONTIGS);
            for run in runs {
                put_prefix_int(out, run.n_contigs);
                out.extend_from_slice(&run.crc.to_le_bytes());
            }
        }
    }
}

/// Gathers the checksums of samples as they come.
#[derive(Debug, Default)]
pub struct SumsBuilder {
    sums: SequenceSums,
    /// Short samples that no entry has yet.
    n_open: u32,
    open: Checksum,
}

impl SumsBuilder {
    /// Goes on behind samples that have their entries; of the last of them the number of symbols is known. If they are all that share
    /// the last entry, the next samples join them, as if they came together.
    #[must_use]
    pub fn behind(mut sums: SequenceSums, last_lens: &[u64]) -> Self {
        let mut open = (0, Checksum::default());
        if let Some(SumEntry::Samples { n_samples, crc }) = sums.entries.last()
            && let Some(first) = last_lens.len().checked_sub(*n_samples as usize)
        {
            let len = last_lens[first..].iter().sum();
            open = (*n_samples, Checksum { crc: *crc, len });
            sums.entries.pop();
        }
        Self {
            sums,
            n_open: open.0,
            open: open.1,
        }
    }

    /// Takes samples of which nothing is known.
    pub fn add_unknown(&mut self, n_samples: u32) {
        self.close();
        self.sums.entries.extend(SequenceSums::unknown(n_samples).entries);
    }

    /// Takes the entry of the next samples as it is.
    pub fn add_entry(&mut self, entry: SumEntry) {
        self.close();
        self.sums.entries.push(entry);
    }

    /// Takes the checksums of all contigs of the next sample.
    pub fn add_sample(&mut self, contigs: &[Checksum]) {
        let len: u64 = contigs.iter().map(|contig| contig.len).sum();
        if len >= RUN_LEN {
            self.close();
            self.sums.entries.push(SumEntry::Contigs(runs_of(contigs)));
            return;
        }
        if self.open.len + len >= RUN_LEN || self.n_open >= MAX_SAMPLES {
            self.close();
        }
        self.n_open += 1;
        self.open = contigs.iter().copied().fold(self.open, Checksum::followed_by);
    }

    /// All checksums.
    #[must_use]
    pub fn finish(mut self) -> SequenceSums {
        self.close();
        self.sums
    }

    fn close(&mut self) {
        let (n_samples, sum) = (std::mem::take(&mut self.n_open), std::mem::take(&mut self.open));
        if n_samples > 0 {
            let crc = sum.crc;
            self.sums.entries.push(SumEntry::Samples { n_samples, crc });
        }
    }
}

/// A run ends with the contig that makes it long enough, and in front of a contig that is long enough alone.
fn runs_of(contigs: &[Checksum]) -> Vec<ContigRun> {
    let mut runs = Vec::new();
    let mut rest = contigs;
    while !rest.is_empty() {
        let (run, behind) = rest.split_at(run_len(rest));
        let sum = run
            .iter()
            .copied()
            .fold(Checksum::default(), Checksum::followed_by);
        runs.push(ContigRun {
            n_contigs: run.len() as u32,
            crc: sum.crc,
        });
        rest = behind;
    }
    runs
}

/// Number of contigs in the run that begins here.
fn run_len(contigs: &[Checksum]) -> usize {
    let mut len = 0;
    for (n, contig) in contigs.iter().enumerate() {
        if n > 0 && (len >= RUN_LEN || contig.len >= RUN_LEN) {
            return n;
        }
        len += contig.len;
    }
    contigs.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(crc: u32, len: u64) -> Checksum {
        Checksum { crc, len }
    }

    fn entries() -> SequenceSums {
        SequenceSums {
            entries: vec![
                SumEntry::Unknown(33),
                SumEntry::Samples {
                    n_samples: 3,
                    crc: 0x0403_0201,
                },
                SumEntry::Contigs(vec![
                    ContigRun {
                        n_contigs: 1,
                        crc: 0x0807_0605,
                    },
                    ContigRun {
                        n_contigs: 200,
                        crc: 9,
                    },
                ]),
            ],
        }
    }

    #[rustfmt::skip]
    const BYTES: [u8; 19] = [
        0x80, 0x04,                 // 33 samples without
        13, 1, 2, 3, 4,             // 3 samples, CRC-32
        10,                         // a sample in 2 runs
        1, 5, 6, 7, 8,              // 1 contig, CRC-32
        0x80, 0x48, 9, 0, 0, 0,     // 200 contigs, CRC-32
    ];

    #[test]
    fn entries_read_and_write_the_same_bytes() {
        let sums = entries();
        assert_eq!(sums.encode(), (3, BYTES.to_vec()));
        assert_eq!(SequenceSums::decode(3, &BYTES).unwrap(), sums);
        assert_eq!(sums.n_samples(), 37);
        for end in 0..BYTES.len() {
            assert!(SequenceSums::decode(3, &BYTES[..end]).is_err(), "{end}");
        }
        assert!(SequenceSums::decode(2, &BYTES).is_err());
        assert!(SequenceSums::decode(u64::MAX, &BYTES).is_err());
        assert!(SequenceSums::decode(1, &[3]).is_err());
        let many = SequenceSums::decode(1, &[0xF0, 0xEF, 0xDF, 0xBF, 0x7E]);
        assert!(many.is_err(), "two to the thirtieth runs take more bytes");
    }

    #[test]
    fn samples_that_come_later_join_those_that_share_a_sum() {
        let samples = [5, RUN_LEN, 7, 0, RUN_LEN / 2, RUN_LEN / 2, 3].map(|len| sum(len as u32, len));
        let add = |builder: &mut SumsBuilder, samples: &[Checksum]| {
            samples.iter().for_each(|sample| builder.add_sample(&[*sample]));
        };
        let mut at_once = SumsBuilder::default();
        add(&mut at_once, &samples);
        let at_once = at_once.finish();
        for n_before in 0..samples.len() {
            let (before, behind) = samples.split_at(n_before);
            let lens: Vec<u64> = before.iter().map(|sum| sum.len).collect();
            let mut first = SumsBuilder::default();
            add(&mut first, before);
            let first = first.finish();
            let mut builder = SumsBuilder::behind(first.clone(), &lens);
            add(&mut builder, behind);
            assert_eq!(builder.finish(), at_once, "{n_before}");
            // Of too few samples the number of symbols is known.
            let mut builder = SumsBuilder::behind(first.clone(), &[]);
            add(&mut builder, behind);
            assert!(builder.finish().entries().starts_with(first.entries()));
        }
    }

    #[test]
    fn short_samples_share_a_sum_and_long_ones_have_several() {
        let mut builder = SumsBuilder::behind(SequenceSums::unknown(2), &[]);
        builder.add_sample(&[sum(1, RUN_LEN / 2), sum(2, 10)]);
        builder.add_sample(&[]);
        builder.add_sample(&[sum(3, RUN_LEN / 2 - 11)]);
        builder.add_sample(&[sum(4, 1)]);
        builder.add_sample(&[
            sum(5, RUN_LEN),
            sum(6, 0),
            sum(7, RUN_LEN - 1),
            sum(8, 1),
            sum(9, 1),
            sum(10, RUN_LEN),
        ]);
        builder.add_sample(&[sum(11, 1)]);
        let sums = builder.finish();
        let joined = |sums: &[Checksum]| {
            sums.iter()
                .copied()
                .fold(Checksum::default(), Checksum::followed_by)
                .crc
        };
        let run = |n_contigs, crc| ContigRun { n_contigs, crc };
        assert_eq!(
            sums.entries(),
            [
                SumEntry::Unknown(2),
                SumEntry::Samples {
                    n_samples: 3,
                    crc: joined(&[sum(1, RUN_LEN / 2), sum(2, 10), sum(3, RUN_LEN / 2 - 11)])
                },
                SumEntry::Samples { n_samples: 1, crc: 4 },
                SumEntry::Contigs(vec![
                    run(1, 5),
                    run(3, joined(&[sum(6, 0), sum(7, RUN_LEN - 1), sum(8, 1)])),
                    run(1, 9),
                    run(1, 10)
                ]),
                SumEntry::Samples {
                    n_samples: 1,
                    crc: 11
                },
            ]
        );
        assert_eq!(SequenceSums::unknown(u32::MAX).n_samples(), u64::from(u32::MAX));
        assert_eq!(SequenceSums::unknown(0).entries(), []);
    }
}
