//! What a verification found.

use std::collections::{BTreeMap, BTreeSet};

use crate::container::ContainerReader;
use crate::error::{Error, ErrorKind};
use crate::extract::{Archive, ContigId};
use crate::visibility::internal;

/// Errors that are kept; of more damage than that only the amount is told.
const MAX_ERRORS: usize = 10_000;

/// What is damaged in an archive, and what is intact.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Report {
    /// Damage to the file: streams, parts, items. Not more than ten thousand.
    pub damages: Vec<Error>,
    /// How much damage to the file there is in all.
    pub n_damages: u64,
    /// Samples that cannot be read as they were stored, by their places in the archive.
    pub(super) lost: BTreeMap<usize, LostSample>,
    /// Samples of which the archive keeps the case and cannot tell it: their letters come in upper case only.
    pub without_case: BTreeSet<usize>,
    /// Samples in the archive; `None` if their names are damaged.
    pub n_samples: Option<usize>,
    /// Contigs of all samples of which the collection tells any.
    pub n_contigs: u64,
    /// Bases of the contigs that can be decoded.
    pub n_bases: u64,
    /// Parts in the file.
    pub n_parts: u64,
    /// Groups of segments.
    pub n_groups: u64,
    /// Items of groups that are intact, references counted.
    pub n_items: u64,
    /// Whether parts were compared with checksums.
    pub has_part_sums: bool,
    /// Whether sequences were compared with checksums.
    pub has_sequence_sums: bool,
    /// Whether contigs were compared with digests.
    pub has_digests: bool,
    /// What could not be looked at for want of memory, first of all: it may be intact, and what this report tells of it is nothing.
    pub no_memory: Option<String>,
    /// Whether [`Observer::is_cancelled`](crate::observe::Observer::is_cancelled) ended it early: what else it tells is then nothing.
    pub is_cancelled: bool,
    n_errors: usize,
}

/// A sample of which something cannot be read as it was stored.
#[derive(Debug)]
#[non_exhaustive]
pub struct LostSample {
    /// Its contigs, as far as the collection tells.
    pub n_contigs: usize,
    /// What is lost of it.
    pub lost: Lost,
    /// Whether its residues that are no nucleotide code are lost: they can be told as `N`, which they were not.
    pub has_lost_residues: bool,
    /// Whether names that the collection cannot hold are lost: contigs have those that other programs read.
    pub has_lost_names: bool,
}

/// What is lost of a sample, and why; of more than ten thousand errors the reason is not kept.
#[derive(Debug)]
#[non_exhaustive]
pub enum Lost {
    /// All of it.
    Whole(Option<Error>),
    /// The contigs at these places.
    Contigs(BTreeMap<usize, Option<Error>>),
}

impl LostSample {
    fn new(n_contigs: usize, lost: Lost) -> Self {
        Self {
            n_contigs,
            lost,
            has_lost_residues: false,
            has_lost_names: false,
        }
    }

    /// Number of contigs that cannot be read as they were stored.
    #[must_use]
    pub fn n_lost(&self) -> usize {
        match &self.lost {
            Lost::Contigs(contigs) if !self.has_lost_residues && !self.has_lost_names => contigs.len(),
            Lost::Whole(_) | Lost::Contigs(_) => self.n_contigs,
        }
    }

    /// Whether the sequence of a contig of the sample is lost.
    #[must_use]
    pub fn has_lost(&self, contig: usize) -> bool {
        match &self.lost {
            Lost::Whole(_) => true,
            Lost::Contigs(contigs) => contigs.contains_key(&contig),
        }
    }
}

impl Report {
    pub(super) fn new(container: &ContainerReader) -> Self {
        Self {
            n_parts: container.footer().n_parts() as u64,
            has_part_sums: container.has_sums(),
            ..Self::default()
        }
    }

    /// Whether nothing is damaged, and all was looked at.
    #[must_use]
    pub fn is_intact(&self) -> bool {
        !self.is_cancelled && self.n_damages == 0 && self.lost.is_empty()
    }

    /// Damage to the file, then what it costs, sample by sample. Where there was too much for the reasons to be kept, the names are told.
    pub fn into_errors(self, archive: &Archive) -> impl Iterator<Item = Error> {
        let of_sample = |(sample, lost): (usize, LostSample)| match lost.lost {
            Lost::Whole(error) => vec![error.unwrap_or_else(|| lost_place(archive, sample, None))],
            Lost::Contigs(contigs) => contigs
                .into_iter()
                .map(|(contig, error)| error.unwrap_or_else(|| lost_place(archive, sample, Some(contig))))
                .collect(),
        };
        let lost = self.lost.into_iter().flat_map(of_sample);
        self.damages.into_iter().chain(lost)
    }

    /// Places of the samples that cannot be read as they were stored, in order.
    pub fn lost_samples(&self) -> impl ExactSizeIterator<Item = usize> {
        self.lost.keys().copied()
    }

    internal! {
        /// What is lost of samples that cannot be read as they were stored, by their places in the archive.
        #[must_use]
        fn lost(&self) -> &BTreeMap<usize, LostSample> {
            &self.lost
        }
    }

    /// Number of contigs that are lost.
    #[must_use]
    pub fn n_lost_contigs(&self) -> u64 {
        self.lost.values().map(|sample| sample.n_lost() as u64).sum()
    }

    /// Notes damage to the file.
    pub fn add_damage(&mut self, error: Error) {
        self.n_damages += 1;
        let error = self.keep(error);
        self.damages.extend(error);
    }

    pub(super) fn lose_sample(&mut self, sample: usize, n_contigs: usize, error: Error) {
        let lost = Lost::Whole(self.keep(error));
        self.lost.insert(sample, LostSample::new(n_contigs, lost));
    }

    pub(super) fn lose_residues(&mut self, sample: usize, n_contigs: usize) {
        self.lost_sample(sample, n_contigs).has_lost_residues = true;
    }

    pub(super) fn lose_names(&mut self, sample: usize, n_contigs: usize) {
        self.lost_sample(sample, n_contigs).has_lost_names = true;
    }

    /// A sample of which nothing need be lost yet.
    fn lost_sample(&mut self, sample: usize, n_contigs: usize) -> &mut LostSample {
        let new = || LostSample::new(n_contigs, Lost::Contigs(BTreeMap::new()));
        self.lost.entry(sample).or_insert_with(new)
    }

    pub(super) fn lose_contig(&mut self, sample: usize, n_contigs: usize, contig: usize, error: Error) {
        let error = self.keep(error);
        if let Lost::Contigs(contigs) = &mut self.lost_sample(sample, n_contigs).lost {
            contigs.insert(contig, error);
        }
    }

    fn keep(&mut self, error: Error) -> Option<Error> {
        self.n_errors += 1;
        if let ErrorKind::NoMemory(_) = error.kind() {
            // The first one says it, and there is no memory for many.
            if self.no_memory.is_some() {
                return None;
            }
            self.no_memory = Some(error.to_string());
        }
        (self.n_errors <= MAX_ERRORS).then_some(error)
    }

    /// Whether this damage to a part is in the list already.
    pub(super) fn knows(&self, error: &Error) -> bool {
        let at = error.location();
        let is_same = |known: &Error| {
            let known = known.location();
            (&known.stream, &known.part) == (&at.stream, &at.part)
        };
        at.stream.is_some() && self.damages.iter().any(is_same)
    }
}

/// The error of a thread that came to no answer.
pub(super) fn no_answer() -> Error {
    Error::new(ErrorKind::WorkerLost)
}

fn lost_place(archive: &Archive, sample: usize, contig: Option<usize>) -> Error {
    let text = |name: &[u8]| String::from_utf8_lossy(name).into_owned();
    let mut error = Error::corrupt("damaged, too");
    if let Some(name) = archive.samples().ok().and_then(|names| names.get(sample)) {
        error = error.in_sample(&text(name));
    }
    match contig.map(|contig| archive.contig_name(ContigId { sample, contig })) {
        Some(Ok(name)) => error.in_contig(&text(&name)),
        _ => error,
    }
}
