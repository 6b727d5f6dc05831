//! Checksums of sequences, see [`crate::sequence_sums`].

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::io::Write;
use std::ops::Range;

use crate::checksum::{Checksum, Summer};
use crate::container::{ContainerReader, ContainerWriter, names};
use crate::error::{Error, Result};
use crate::sequence_sums::{SequenceSums, SumEntry, SumsBuilder};
use crate::track::kept::KeptSamples;
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

    fn go_on<W: Write>(old: &Old<'_>, _container: &mut ContainerWriter<W>) -> Result<Self> {
        let sums = old.placed(|| read_sums(old.container, old.samples.len()))?;
        let n_samples =
            u32::try_from(old.samples.len()).map_err(|_| Error::corrupt("more than 2^32 samples"))?;
        let sums = sums.unwrap_or_else(|| SequenceSums::unknown(n_samples));
        Ok(Self(SumsBuilder::behind(sums, old.last_lens)))
    }

    fn has_gaps(old: &Old<'_>) -> Result<bool> {
        let sums = old.placed(|| read_sums(old.container, old.samples.len()))?;
        let is_unknown = |entry: &SumEntry| matches!(entry, SumEntry::Unknown(_));
        Ok(old.adds_checksums && sums.is_none_or(|sums| sums.entries().iter().any(is_unknown)))
    }

    /// Samples that share a checksum with one that is dropped or has another place, and those of which contigs are dropped, are heard, and compared
    /// with what was stored.
    fn carry<W: Write>(
        &mut self,
        old: &Old<'_>,
        kept: KeptSamples<'_>,
        hear: &HearSample<'_, Checksum>,
        _container: &mut ContainerWriter<W>,
    ) -> Result<()> {
        let n_samples = old.samples.len();
        let sums = old.placed(|| read_sums(old.container, n_samples))?;
        let sums =
            sums.unwrap_or_else(|| SequenceSums::unknown(u32::try_from(n_samples).unwrap_or(u32::MAX)));
        let mut entries = Entries::of(sums, kept);
        let mut left = kept.0;
        while let [(_, sample), ..] = left {
            let number = entries.number_of(sample.sample);
            let (samples, entry) = &entries.all[number];
            let run = left.iter().zip(samples.clone());
            let are_whole = run
                .clone()
                .all(|((_, kept), place)| kept.sample == place && kept.contigs.are_all())
                && run.len() == samples.len();
            let n_taken = match entry {
                SumEntry::Unknown(_) if old.adds_checksums => {
                    self.0.add_sample(&sample.contigs.pick(hear(sample.sample)?));
                    1
                }
                SumEntry::Unknown(_) => {
                    let of_entry = left.iter().take_while(|(_, kept)| samples.contains(&kept.sample));
                    let n_unknown = of_entry.count();
                    self.0.add_unknown(n_unknown as u32);
                    n_unknown
                }
                _ if are_whole => {
                    self.0.add_entry(entry.clone());
                    samples.len()
                }
                _ => {
                    let sums = entries.heard(number, sample.sample, old, hear)?;
                    self.0.add_sample(&sample.contigs.pick(sums));
                    1
                }
            };
            left = &left[n_taken..];
        }
        Ok(())
    }

    fn add_sample<'c, W: Write>(
        &mut self,
        _sample: usize,
        contigs: impl Iterator<Item = (WrittenContig<'c>, Option<&'c Checksum>)>,
        _container: &mut ContainerWriter<W>,
    ) -> Result<()> {
        let sums: Vec<Checksum> = contigs.filter_map(|(_, sum)| sum.copied()).collect();
        self.0.add_sample(&sums);
        Ok(())
    }

    fn finish<W: Write>(self, container: &mut ContainerWriter<W>) -> Result<()> {
        let stream = container.register(Self::STREAM);
        let (metadata, payload) = self.0.finish().encode();
        container.add_part(stream, metadata, &payload)
    }

    fn check(old: &Old<'_>, n_contigs: &[u64]) -> Result<()> {
        let Some(sums) = read_sums(old.container, old.samples.len())? else {
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
        let sums = read_sums(old.container, old.samples.len())?;
        Ok(sums.map(SumsVerifier::new))
    }
}

/// The entries of an archive, and what was heard of those that do not stay.
struct Entries {
    /// Each with its samples, ascending.
    all: Vec<(Range<usize>, SumEntry)>,
    /// How many samples of each are kept and were not taken out of what was heard.
    n_left: Vec<usize>,
    /// Of samples of an entry, one after the other.
    heard: BTreeMap<usize, Vec<Vec<Checksum>>>,
}

impl Entries {
    fn of(sums: SequenceSums, kept: KeptSamples<'_>) -> Self {
        let mut end = 0;
        let with_samples = |entry: SumEntry| {
            let first = end;
            end += entry.n_samples() as usize;
            (first..end, entry)
        };
        let all: Vec<_> = sums.into_entries().into_iter().map(with_samples).collect();
        let mut entries = Self {
            n_left: vec![0; all.len()],
            all,
            heard: BTreeMap::new(),
        };
        for (_, kept) in kept.0 {
            let number = entries.number_of(kept.sample);
            entries.n_left[number] += 1;
        }
        entries
    }

    /// The entry of a sample. All samples have one: there are as many of them as entries tell of.
    fn number_of(&self, sample: usize) -> usize {
        self.all.partition_point(|(samples, _)| samples.end <= sample)
    }

    /// What is heard of a sample; all samples of its entry are, once, and have to be what was stored.
    fn heard(
        &mut self,
        number: usize,
        sample: usize,
        old: &Old<'_>,
        hear: &HearSample<'_, Checksum>,
    ) -> Result<Vec<Checksum>> {
        let (samples, entry) = &self.all[number];
        let all = match self.heard.entry(number) {
            Entry::Occupied(all) => all.into_mut(),
            Entry::Vacant(place) => {
                let all: Vec<Vec<Checksum>> = samples.clone().map(hear).collect::<Result<_>>()?;
                compare(old, samples.clone(), entry, &all)?;
                place.insert(all)
            }
        };
        let sums = std::mem::take(&mut all[sample - samples.start]);
        self.n_left[number] -= 1;
        if self.n_left[number] == 0 {
            self.heard.remove(&number);
        }
        Ok(sums)
    }
}

/// Checks that what was heard of the samples of an entry is what it tells.
fn compare(old: &Old<'_>, samples: Range<usize>, entry: &SumEntry, heard: &[Vec<Checksum>]) -> Result<()> {
    let mut verifier = SumsVerifier::new(SequenceSums::of(entry.clone()));
    for (sample, sums) in samples.zip(heard) {
        let sums: Vec<Option<&Checksum>> = sums.iter().map(Some).collect();
        if let Some(mismatch) = verifier.compare(sample, Some(&sums)).pop() {
            let error = old.in_sample(sample, Error::new(mismatch.kind));
            return Err(old.placed_error(error));
        }
    }
    Ok(())
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
pub(crate) fn read_sums(container: &ContainerReader, n_samples: usize) -> Result<Option<SequenceSums>> {
    let name = SumsTrack::STREAM;
    if container.footer().find(name).is_none() {
        return Ok(None);
    }
    let part = container.read_only_part(name)?;
    let decode = || {
        container.check_unit_len(part.metadata)?;
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
