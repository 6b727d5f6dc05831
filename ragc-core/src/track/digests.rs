//! Digests of contigs, see [`crate::digest`].

use std::io::Write;

use crate::container::{ContainerReader, ContainerWriter, names};
use crate::digest::{DIGEST_LEN, Digester, SequenceDigest, StoredDigests, check_can_be_taken, put_sample};
use crate::error::{Error, ErrorKind, Result};
use crate::track::kept::KeptSamples;
use crate::track::traits::{
    HearSample, HeardStretch, Listener, Mismatch, Old, Track, Verifier, Wanted, WrittenContig,
};

/// Bytes of a part, about.
const PART_LEN: usize = 1 << 20;

/// Writes them, a part from time to time.
#[derive(Debug, Default)]
pub(crate) struct DigestsTrack {
    /// Place of the first sample in `payload`.
    first_sample: usize,
    payload: Vec<u8>,
}

impl Track for DigestsTrack {
    const STREAM: &'static str = names::DIGESTS;
    type Listener = Digester;
    type Verifier = StoredDigests;

    fn is_wanted(wanted: Wanted) -> bool {
        wanted.has_digests
    }

    fn begin() -> Self {
        Self::default()
    }

    fn go_on<W: Write>(old: &Old<'_>, container: &mut ContainerWriter<W>) -> Result<Self> {
        check_can_be_taken()?;
        if let Some(stream) = old.container.footer().find(Self::STREAM) {
            old.copy_parts(stream, Self::STREAM, old.container.n_parts(stream), container)?;
        }
        Ok(Self::default())
    }

    fn has_gaps(old: &Old<'_>) -> Result<bool> {
        let digests = old.placed(|| read_digests(old.container))?.unwrap_or_default();
        Ok(old.adds_digests && (0..old.samples.len()).any(|sample| digests.of(sample).is_none()))
    }

    fn carry<W: Write>(
        &mut self,
        old: &Old<'_>,
        kept: KeptSamples<'_>,
        hear: &HearSample<'_, Box<SequenceDigest>>,
        container: &mut ContainerWriter<W>,
    ) -> Result<()> {
        let digests = old.placed(|| read_digests(old.container))?.unwrap_or_default();
        for (place, sample) in kept.0 {
            let of_sample = match digests.of(sample.sample) {
                Some(digests) => Some(digests.to_vec()),
                None if old.adds_digests => {
                    let heard = hear(sample.sample)?.into_iter();
                    Some(heard.map(|digest| *digest).collect())
                }
                None => None,
            };
            self.add(*place, of_sample.map(|all| sample.contigs.pick(all)), container)?;
        }
        Ok(())
    }

    /// If some contig has no digest the sample is left out.
    fn add_sample<'c, W: Write>(
        &mut self,
        sample: usize,
        contigs: impl Iterator<Item = (WrittenContig<'c>, Option<&'c Box<SequenceDigest>>)>,
        container: &mut ContainerWriter<W>,
    ) -> Result<()> {
        let digests: Option<Vec<_>> = contigs.map(|(_, digest)| digest.map(|it| **it)).collect();
        self.add(sample, digests, container)
    }

    fn finish<W: Write>(mut self, container: &mut ContainerWriter<W>) -> Result<()> {
        self.flush(container)
    }

    fn check(old: &Old<'_>, n_contigs: &[u64]) -> Result<()> {
        let Some(digests) = read_digests(old.container)? else {
            return Ok(());
        };
        let is_other = |(sample, n): &(usize, usize)| n_contigs.get(*sample) != Some(&(*n as u64));
        match digests.n_contigs().find(is_other) {
            Some((sample, n)) => {
                let error = Error::corrupt(format!("digests of {n} contigs, which are not as many"));
                Err(old.in_sample(sample, error).in_stream(Self::STREAM))
            }
            None => Ok(()),
        }
    }

    fn verifier(old: &Old<'_>) -> Result<Option<StoredDigests>> {
        let digests = read_digests(old.container)?;
        let n_samples = old.samples.len();
        let mut samples = digests.iter().flat_map(StoredDigests::n_contigs);
        let too_late = samples.find(|(sample, _)| *sample >= n_samples);
        drop(samples);
        match too_late {
            Some((sample, _)) => {
                let why = format!("digests of sample #{sample}, and there are {n_samples}");
                Err(Error::corrupt(why).in_stream(Self::STREAM))
            }
            None if digests.is_some() => check_can_be_taken()
                .map(|()| digests)
                .map_err(|error| error.in_stream(Self::STREAM)),
            None => Ok(None),
        }
    }
}

impl Verifier<Box<SequenceDigest>> for StoredDigests {
    fn compare(&mut self, sample: usize, contigs: Option<&[Option<&Box<SequenceDigest>>]>) -> Vec<Mismatch> {
        let (Some(stored), Some(contigs)) = (self.of(sample), contigs) else {
            return Vec::new();
        };
        let mismatch = |contigs, why: String| Mismatch {
            samples: sample..sample + 1,
            contigs,
            kind: ErrorKind::Corrupt(why),
        };
        if stored.len() != contigs.len() {
            let why = format!("digests of {} contigs for {}", stored.len(), contigs.len());
            return vec![mismatch(None, why)];
        }
        let pairs = stored.iter().zip(contigs).enumerate();
        let others = pairs.filter(|(_, (stored, found))| found.is_some_and(|found| **found != **stored));
        let why = "the contig has other digests than those that are stored";
        others
            .map(|(contig, _)| mismatch(Some(contig..contig + 1), why.to_owned()))
            .collect()
    }
}

impl DigestsTrack {
    /// Takes the digests of a sample by its place, if it has some.
    fn add<W: Write>(
        &mut self,
        sample: usize,
        digests: Option<Vec<SequenceDigest>>,
        container: &mut ContainerWriter<W>,
    ) -> Result<()> {
        let Some(digests) = digests else {
            return self.flush(container);
        };
        if self.payload.len() + digests.len() * DIGEST_LEN > PART_LEN {
            self.flush(container)?;
        }
        if self.payload.is_empty() {
            self.first_sample = sample;
        }
        put_sample(&mut self.payload, &digests);
        Ok(())
    }

    fn flush<W: Write>(&mut self, container: &mut ContainerWriter<W>) -> Result<()> {
        if self.payload.is_empty() {
            return Ok(());
        }
        let stream = container.register(Self::STREAM);
        container.add_part(stream, self.first_sample as u64, &self.payload)?;
        self.payload.clear();
        Ok(())
    }
}

impl Listener for Digester {
    type Note = Box<SequenceDigest>;
    const HEARS_TEXT: bool = true;

    fn begin() -> Option<Self> {
        Self::start()
    }

    fn push(&mut self, piece: HeardStretch<'_>) {
        self.push(piece.text);
    }

    fn take(&mut self) -> Box<SequenceDigest> {
        Box::new(self.take())
    }
}

/// The digests of an archive, if it holds some.
///
/// # Errors
/// `Corrupt` when they are damaged.
pub(crate) fn read_digests(container: &ContainerReader) -> Result<Option<StoredDigests>> {
    let name = DigestsTrack::STREAM;
    let Some(stream) = container.footer().find(name) else {
        return Ok(None);
    };
    let mut digests = StoredDigests::default();
    for part in 0..container.n_parts(stream) {
        let stored = container.read_part(stream, part)?;
        digests
            .add_part(stored.metadata, stored.payload())
            .map_err(|error| error.in_part(part as u64).in_stream(name))?;
    }
    Ok(Some(digests))
}
