//! Checksums of sequences, see [`crate::sequence_sums`].

use std::io::Write;
use std::ops::Range;

use crate::checksum::{Checksum, Summer};
use crate::container::{ContainerReader, ContainerWriter, names};
use crate::error::{Error, Result};
use crate::sequence_sums::{SequenceSums, SumEntry, SumsBuilder};
use crate::track::kept::{KeptSample, KeptSamples};
use crate::track::sums_verifier::SumsVerifier;
use crate::track::traits::{HearSample, HeardStretch, Listener, Old, Track, Verifier, Wanted, WrittenContig};

/// Writes them: all at the end.
#[derive(Debug)]
pub(crate) struct SumsTrack(SumsBuilder);

impl Track for SumsTrack {
    const STREAM: &'static str = names::SEQUENCE_SUMS;
    type Listener = Summer;
    type Verifier = SumsVerifier;

    fn is_wanted(wanted: Wanted) -> bool {
        wanted.has_checksums
    }

    fn begin() -> Self {
        Self(SumsBuilder::default())
    }

    fn go_on<W: Write>(old: &Old<'_>, _archive: &mut ContainerWriter<W>) -> Result<Self> {
        let sums = old.placed(|| read_sums(old.archive, old.samples.len()))?;
        let n_samples =
            u32::try_from(old.samples.len()).map_err(|_| Error::corrupt("more than 2^32 samples"))?;
        let sums = sums.unwrap_or_else(|| SequenceSums::unknown(n_samples));
        Ok(Self(SumsBuilder::behind(sums, old.last_lens)))
    }

    fn has_gaps(old: &Old<'_>) -> Result<bool> {
        let sums = old.placed(|| read_sums(old.archive, old.samples.len()))?;
        let is_unknown = |entry: &SumEntry| matches!(entry, SumEntry::Unknown(_));
        Ok(old.adds_checksums && sums.is_none_or(|sums| sums.entries().iter().any(is_unknown)))
    }

    /// Samples that share a checksum with one that is dropped, and those of which contigs are, are heard, and compared with what was stored.
    fn carry<W: Write>(
        &mut self,
        old: &Old<'_>,
        kept: KeptSamples<'_>,
        hear: &HearSample<'_, Checksum>,
        _archive: &mut ContainerWriter<W>,
    ) -> Result<()> {
        let n_samples = old.samples.len();
        let sums = old.placed(|| read_sums(old.archive, n_samples))?;
        let sums =
            sums.unwrap_or_else(|| SequenceSums::unknown(u32::try_from(n_samples).unwrap_or(u32::MAX)));
        let mut first = 0;
        for entry in sums.into_entries() {
            let samples = first..first + entry.n_samples() as usize;
            first = samples.end;
            let kept = kept.within(samples.clone());
            let are_all =
                kept.len() == samples.len() && kept.iter().all(|(_, sample)| sample.contigs.are_all());
            match &entry {
                SumEntry::Unknown(_) if old.adds_checksums => self.add_unknown(kept, hear)?,
                SumEntry::Unknown(_) => self.0.add_unknown(kept.len() as u32),
                _ if are_all => self.0.add_entry(entry),
                _ if kept.is_empty() => {}
                _ => self.add_heard(old, samples, &entry, kept, hear)?,
            }
        }
        Ok(())
    }

    fn add_sample<'c, W: Write>(
        &mut self,
        _sample: usize,
        contigs: impl Iterator<Item = (WrittenContig<'c>, Option<&'c Checksum>)>,
        _archive: &mut ContainerWriter<W>,
    ) -> Result<()> {
        let sums: Vec<Checksum> = contigs.filter_map(|(_, sum)| sum.copied()).collect();
        self.0.add_sample(&sums);
        Ok(())
    }

    fn finish<W: Write>(self, archive: &mut ContainerWriter<W>) -> Result<()> {
        let stream = archive.register(Self::STREAM);
        let (metadata, payload) = self.0.finish().encode();
        archive.add_part(stream, metadata, &payload)
    }

    fn check(old: &Old<'_>, n_contigs: &[u64]) -> Result<()> {
        let Some(sums) = read_sums(old.archive, old.samples.len())? else {
            return Ok(());
        };
        let mut sample = 0;
        for entry in sums.entries() {
            if let SumEntry::Contigs(runs) = entry {
                let n: u64 = runs.iter().map(|run| u64::from(run.n_contigs)).sum();
                if n_contigs.get(sample) != Some(&n) {
                    let error = Error::corrupt(format!("checksums of {n} contigs, which are not as many"));
                    return Err(old.in_sample(sample, error).in_stream(Self::STREAM));
                }
            }
            sample += entry.n_samples() as usize;
        }
        Ok(())
    }

    fn verifier(old: &Old<'_>) -> Result<Option<SumsVerifier>> {
        let sums = read_sums(old.archive, old.samples.len())?;
        Ok(sums.map(SumsVerifier::new))
    }
}

impl SumsTrack {
    /// Takes samples without checksums as they are now.
    fn add_unknown(&mut self, kept: &[(usize, &KeptSample)], hear: &HearSample<'_, Checksum>) -> Result<()> {
        for (_, sample) in kept {
            self.0.add_sample(&sample.contigs.pick(hear(sample.sample)?));
        }
        Ok(())
    }

    /// Hears all samples of an entry and takes those that are kept.
    fn add_heard(
        &mut self,
        old: &Old<'_>,
        samples: Range<usize>,
        entry: &SumEntry,
        kept: &[(usize, &KeptSample)],
        hear: &HearSample<'_, Checksum>,
    ) -> Result<()> {
        let heard: Vec<Vec<Checksum>> = samples.clone().map(hear).collect::<Result<_>>()?;
        let mut verifier = SumsVerifier::new(SequenceSums::of(entry.clone()));
        for (sample, sums) in samples.clone().zip(&heard) {
            let sums: Vec<Option<&Checksum>> = sums.iter().map(Some).collect();
            if let Some(mismatch) = verifier.compare(sample, Some(&sums)).pop() {
                let error = old.in_sample(sample, Error::new(mismatch.kind));
                return Err(old.placed_error(error));
            }
        }
        for (_, sample) in kept {
            let sums = &heard[sample.sample - samples.start];
            self.0.add_sample(&sample.contigs.pick(sums.clone()));
        }
        Ok(())
    }
}

impl Listener for Summer {
    type Note = Checksum;
    const HEARS_TEXT: bool = false;

    fn begin() -> Option<Self> {
        Some(Self::default())
    }

    fn push(&mut self, piece: HeardStretch<'_>) {
        self.push(piece.codes);
    }

    fn take(&mut self) -> Checksum {
        self.take()
    }
}

/// The checksums of an archive, if it has some.
///
/// # Errors
/// `Corrupt` when they are damaged, or are those of another number of samples.
pub(crate) fn read_sums(archive: &ContainerReader, n_samples: usize) -> Result<Option<SequenceSums>> {
    let name = SumsTrack::STREAM;
    if archive.footer().find(name).is_none() {
        return Ok(None);
    }
    let part = archive.read_only_part(name)?;
    let decode = || {
        archive.check_unit_len(part.metadata)?;
        SequenceSums::decode(part.metadata, part.payload())
    };
    let sums = decode().map_err(|error| error.in_part(0).in_stream(name))?;
    let n_sums = sums.n_samples();
    match n_sums == n_samples as u64 {
        true => Ok(Some(sums)),
        false => {
            Err(Error::corrupt(format!("checksums of {n_sums} samples, {n_samples} there")).in_stream(name))
        }
    }
}
