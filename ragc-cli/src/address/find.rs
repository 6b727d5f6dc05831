//! Contigs of all readings of a command, looked up together: the names of a sample are gone through once, however many
//! addresses there are, and those of all samples at most once.

use std::collections::{BTreeMap, HashMap, HashSet};

use ragc_core::extract::ContigId;
use ragc_core::{Archive, Result};

use crate::address::text::AddressReading;
use crate::args::{Named, Samples};

/// In which samples a reading looks for its contig.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    /// In all; the contig must be in one only.
    Anywhere,
    /// In each of these, those that a prefix or a selection means.
    In(Vec<usize>),
    /// In these, which a prefix means; the contig must be in one of them only.
    OneOf(Vec<usize>),
    /// In none: there is no such sample.
    Nowhere,
}

impl Place {
    /// Where a reading looks; without a sample of its own in the selected ones, if there are any.
    pub(super) fn of(
        reading: &AddressReading<'_>,
        samples: &Samples<'_>,
        selected: Option<&[usize]>,
    ) -> Self {
        match (reading.sample, selected) {
            (None, None) => Self::Anywhere,
            (None, Some(selected)) => Self::In(selected.to_vec()),
            (Some(name), _) => match samples.find(name) {
                Some(Named::One(sample)) => Self::In(vec![sample]),
                Some(Named::Several(samples)) => Self::In(samples),
                None => Self::Nowhere,
            },
        }
    }
}

/// The contigs of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum MatchingContigs {
    /// Of whichever sample has one: the first, and the number of samples that do.
    Any(ContigId, usize),
    /// Of each of several samples, those that have one.
    Each(Vec<ContigId>),
}

/// What was found of all names that were wanted.
#[derive(Debug, Default)]
pub(super) struct FoundContigs<'a> {
    in_sample: HashMap<(usize, &'a [u8]), ContigId>,
    anywhere: HashMap<&'a [u8], (ContigId, usize)>,
}

impl<'a> FoundContigs<'a> {
    /// Looks up all these readings.
    pub(super) fn of<'p>(
        archive: &Archive,
        readings: impl Iterator<Item = (&'p AddressReading<'a>, &'p Place)> + Clone,
    ) -> Result<Self>
    where
        'a: 'p,
    {
        let mut found = Self::default();
        let mut wanted: BTreeMap<usize, HashSet<&'a [u8]>> = BTreeMap::new();
        let mut anywhere = HashSet::new();
        for (reading, place) in readings {
            match place {
                Place::Anywhere => drop(anywhere.insert(reading.contig)),
                Place::In(samples) | Place::OneOf(samples) => {
                    for sample in samples {
                        wanted.entry(*sample).or_default().insert(reading.contig);
                    }
                }
                Place::Nowhere => {}
            }
        }
        archive.fetch_contigs(wanted.keys().copied(), !anywhere.is_empty());
        for (sample, names) in wanted {
            found.look_into(archive, sample, names)?;
        }
        let anywhere: Vec<&[u8]> = anywhere.into_iter().collect();
        for (name, place) in anywhere.iter().zip(archive.find_anywhere(&anywhere)?) {
            if let Some(first) = place.first {
                found.anywhere.insert(name, (first, place.n_samples));
            }
        }
        Ok(found)
    }

    fn look_into(&mut self, archive: &Archive, sample: usize, names: HashSet<&'a [u8]>) -> Result<()> {
        let contigs = archive.contigs(archive.samples()?.get(sample).unwrap_or_default())?;
        for name in names {
            if let Some(contig) = contigs.find(name) {
                self.in_sample.insert((sample, name), ContigId { sample, contig });
            }
        }
        Ok(())
    }

    fn in_samples(&self, samples: &[usize], reading: &AddressReading<'a>) -> Vec<ContigId> {
        let of = |sample: &usize| self.in_sample.get(&(*sample, reading.contig)).copied();
        samples.iter().filter_map(of).collect()
    }

    /// The contigs of a reading, if there are any.
    pub(super) fn contigs(&self, reading: &AddressReading<'a>, place: &Place) -> Option<MatchingContigs> {
        match place {
            Place::Nowhere => None,
            Place::Anywhere => {
                let (first, n_samples) = self.anywhere.get(reading.contig)?;
                Some(MatchingContigs::Any(*first, *n_samples))
            }
            Place::In(samples) => {
                let contigs = self.in_samples(samples, reading);
                (!contigs.is_empty()).then_some(MatchingContigs::Each(contigs))
            }
            Place::OneOf(samples) => {
                let contigs = self.in_samples(samples, reading);
                Some(MatchingContigs::Any(*contigs.first()?, contigs.len()))
            }
        }
    }
}
