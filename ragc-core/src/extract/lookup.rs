//! Samples and contigs by their names.

use std::ops::RangeInclusive;

use crate::collection::SampleNames;
use crate::error::{Error, ErrorKind, Result};
use crate::extract::contig_names::Meaning;
use crate::extract::{Archive, ContigId, ContigNames, Query, no_such_place};
use crate::file_info::FormatVersion;
use crate::visibility::internal;

impl Archive {
    /// Names of all samples, in archive order.
    ///
    /// # Errors
    /// `Corrupt` when they are damaged.
    pub fn samples(&self) -> Result<&SampleNames> {
        self.placed(|| self.store().catalogue().samples())
    }

    /// Places of all samples in the order in which AGC extracts a whole archive: by name in archives of versions 1
    /// and 2, in archive order later.
    ///
    /// # Errors
    /// As [`Self::samples`].
    pub fn samples_in_output_order(&self) -> Result<Vec<usize>> {
        let samples = self.samples()?;
        Ok(match self.version() {
            FormatVersion::V1 | FormatVersion::V2 => samples.places_sorted().collect(),
            FormatVersion::V3 => (0..samples.len()).collect(),
        })
    }

    /// Name of the reference sample, the first one.
    ///
    /// # Errors
    /// `NotFound` in an archive without samples; as [`Self::samples`].
    pub fn reference_sample(&self) -> Result<&[u8]> {
        let not_found = || {
            Error::new(ErrorKind::NotFound {
                what: "sample",
                name: String::new(),
            })
        };
        self.placed(|| self.store().catalogue().samples()?.get(0).ok_or_else(not_found))
    }

    /// Place of a sample in the archive.
    ///
    /// # Errors
    /// `NotFound`; as [`Self::samples`].
    pub fn find_sample(&self, name: impl AsRef<[u8]>) -> Result<usize> {
        self.placed(|| self.sample_idx(name.as_ref()))
    }

    /// Names of the contigs of a sample, in order.
    ///
    /// # Errors
    /// `NotFound` without the sample; `Corrupt` when the names are damaged.
    pub fn contigs(&self, sample: impl AsRef<[u8]>) -> Result<ContigNames> {
        self.placed(|| self.contig_names(self.sample_idx(sample.as_ref())?))
    }

    /// A contig by its name: the first whose header line starts with this word or, if `name` has several words, the
    /// first with exactly this header line; if there is none, the first word decides after all.
    ///
    /// # Errors
    /// `NotFound` without sample or contig; without `sample` also `Ambiguous` when several samples have the contig.
    ///
    /// # Cost
    /// Logarithmic in the number of contigs of the sample. Without `sample` the names of all samples are read.
    pub fn find_contig(&self, sample: Option<&[u8]>, name: impl AsRef<[u8]>) -> Result<ContigId> {
        let name = name.as_ref();
        self.placed(|| match sample {
            Some(sample) => self.find_in_sample(sample, name),
            None => self.find_in_all(name),
        })
    }

    /// Finds what the text of a query names, a contig and maybe a range: `CONTIG`, `CONTIG@SAMPLE`, `CONTIG:FROM-TO` or `CONTIG@SAMPLE:FROM-TO`, counted from 0, both ends
    /// included. Names may hold `@`, `:` and `-` themselves: of the readings of a text the first that exists is taken, in this order: with sample and
    /// range, with a sample, with a range, all of it the name of a contig.
    ///
    /// # Errors
    /// As [`Self::find_contig`]; when no reading of the text exists, the error of the first one.
    pub fn find(&self, query: impl AsRef<[u8]>) -> Result<(ContigId, Option<RangeInclusive<u64>>)> {
        let mut first_error = None;
        for reading in Query::readings(query.as_ref()) {
            match self.find_contig(reading.sample, reading.name) {
                Ok(contig) => {
                    return Ok((contig, reading.range.map(|(from, to)| from..=to)));
                }
                Err(error) if matches!(error.kind(), ErrorKind::NotFound { .. }) => {
                    first_error.get_or_insert(error);
                }
                Err(error) => return Err(error),
            }
        }
        Err(first_error.unwrap_or_else(|| contig_not_found(query.as_ref())))
    }

    /// Name of a contig: its complete header line.
    ///
    /// # Errors
    /// `NotFound` when there is no such place.
    pub fn contig_name(&self, id: ContigId) -> Result<Vec<u8>> {
        self.placed(|| {
            let names = self.contig_names(id.sample)?;
            names
                .get(id.contig)
                .map(<[u8]>::to_vec)
                .ok_or_else(|| no_such_place(id))
        })
    }

    /// Names of the contigs of a sample, by its place.
    ///
    /// # Errors
    /// As [`Self::contigs`].
    pub fn names_of(&self, sample: usize) -> Result<ContigNames> {
        self.placed(|| self.contig_names(sample))
    }

    internal! {
        /// Reads the names of samples for whoever looks one up and reads what it has: with them comes what tells of contigs, where that takes no
        /// more.
        fn fetch_samples(&self) {
            self.store().catalogue().fetch_samples();
        }
    }

    internal! {
        /// Reads names and segments of these samples together, and names of all others too if `with_all_names`, for whoever looks contigs up and reads them. Does
        /// nothing where the source answers at once.
        fn fetch_contigs(&self, samples: impl IntoIterator<Item = usize>, with_all_names: bool) {
            let catalogue = self.store().catalogue();
            catalogue.fetch_batches_of(samples.into_iter(), with_all_names);
        }
    }

    fn contig_names(&self, sample: usize) -> Result<ContigNames> {
        Ok(ContigNames(self.store().catalogue().names_of(sample)?))
    }

    fn sample_idx(&self, name: &[u8]) -> Result<usize> {
        let not_found = || {
            let name = String::from_utf8_lossy(name).into_owned();
            Error::new(ErrorKind::NotFound { what: "sample", name })
        };
        self.store()
            .catalogue()
            .samples()?
            .find(name)
            .ok_or_else(not_found)
    }

    fn find_in_sample(&self, sample: &[u8], name: &[u8]) -> Result<ContigId> {
        self.fetch_samples();
        let idx = self.sample_idx(sample)?;
        let names = ContigNames(self.store().catalogue().names_to_read(idx)?);
        let not_found = || contig_not_found(name).in_sample(&String::from_utf8_lossy(sample));
        Ok(ContigId {
            sample: idx,
            contig: names.find(name).ok_or_else(not_found)?,
        })
    }

    fn find_in_all(&self, name: &[u8]) -> Result<ContigId> {
        for meaning in Meaning::of(name) {
            let mut found = None;
            let mut n_samples = 0;
            for sample in 0..self.store().catalogue().samples()?.len() {
                if let Some(contig) = self.contig_names(sample)?.find_meaning(meaning) {
                    n_samples += 1;
                    found.get_or_insert(ContigId { sample, contig });
                }
            }
            match found {
                Some(_) if n_samples > 1 => {
                    let name = String::from_utf8_lossy(name).into_owned();
                    return Err(Error::new(ErrorKind::Ambiguous { name, n_samples }));
                }
                Some(contig) => return Ok(contig),
                None => {}
            }
        }
        Err(contig_not_found(name))
    }
}

fn contig_not_found(name: &[u8]) -> Error {
    let name = String::from_utf8_lossy(name).into_owned();
    Error::new(ErrorKind::NotFound { what: "contig", name })
}
