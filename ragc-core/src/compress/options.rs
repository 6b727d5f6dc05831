//! What the user may choose when an archive is created or appended to.

use crate::digest;
use crate::error::{Error, ErrorKind, Result};
use crate::fasta::UNPACK_MEMORY;
use crate::original::Keep;
use crate::params::Params;
use crate::provenance::Provenance;
use crate::setters::setters;
use std::fmt::Display;
use std::ops::RangeInclusive;

/// What matters more where an archive is smaller if more is decoded for a query.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Access {
    /// Small packs: a query decodes little.
    Fast,
    /// Packs as large as a query of a few milliseconds allows.
    #[default]
    Balanced,
    /// Large packs, for archives that are extracted as a whole.
    Small,
}

/// Parameters of a new archive, with AGC's ranges.
///
/// # Example
/// ```
/// use ragc_core::compress::{CreateOptions, InputRules};
/// let rules = InputRules::default().with_any_residues(true);
/// let options = CreateOptions::default().with_threads(4).with_rules(rules);
/// assert_eq!((options.k, options.n_threads), (31, 4));
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct CreateOptions {
    /// Length of splitter k-mers, in bases.
    pub k: u32,
    /// Matches in deltas have more symbols than this. The default is the smallest that AGC accepts, where AGC takes 20: archives are
    /// smaller in the same time (docs/measurements.md, "Constants").
    pub min_match: u32,
    /// Wished distance of splitters, in bases; `None` to choose by the first look at the inputs.
    pub segment_size: Option<u32>,
    /// Items in a pack, and samples in a batch of the collection; `None` to choose by the first look at the inputs, and by `access`.
    pub pack_cardinality: Option<u32>,
    /// How large packs are, unless `pack_cardinality` tells.
    pub access: Access,
    /// Fraction of k-mers by which a segment finds the groups that it follows; 0 leaves only its splitters, `None` chooses by
    /// the length of the reference sample.
    pub seed_fraction: Option<f64>,
    /// Store contigs as they are, in raw groups, instead of as deltas: short and divergent ones take less space so. `None` tries
    /// both with some of the inputs if the genomes are small and no segment size is given.
    pub raw_contigs: Option<bool>,
    /// Choose further splitters in contigs that have none.
    pub is_adaptive: bool,
    /// Bytes that the run may take at its peak, about; `None` takes what serves well. References and open packs have to be held, and a
    /// limit that they exceed ends the run. With less than it would like it finds less, or takes longer.
    pub memory: Option<usize>,
    /// What is asked of the inputs.
    pub rules: InputRules,
    /// Store checksums of all parts and of the sequences.
    pub has_checksums: bool,
    /// Store refget and MD5 digests of all contigs.
    pub has_digests: bool,
    /// Tell which files samples come from, and that they are stored at this time.
    pub provenance: Option<Provenance>,
    /// Threads that encode; reading, placing and writing have one each beside them.
    pub n_threads: usize,
}

setters!(CreateOptions {
    with_k: k: u32,
    with_min_match: min_match: u32,
    with_segment_size: segment_size: Option<u32>,
    with_pack_cardinality: pack_cardinality: Option<u32>,
    with_access: access: Access,
    with_seed_fraction: seed_fraction: Option<f64>,
    with_raw_contigs: raw_contigs: Option<bool>,
    with_adaptive: is_adaptive: bool,
    with_memory: memory: Option<usize>,
    with_rules: rules: InputRules,
    with_checksums: has_checksums: bool,
    with_digests: has_digests: bool,
    with_provenance: provenance: Option<Provenance>,
    with_threads: n_threads: usize,
});

impl CreateOptions {
    /// Values of `k` that are accepted.
    pub const K: RangeInclusive<u32> = 17..=32;
    /// Values of `min_match` that are accepted.
    pub const MIN_MATCH: RangeInclusive<u32> = 15..=32;
    /// Values of `segment_size` that are accepted.
    pub const SEGMENT_SIZE: RangeInclusive<u32> = 100..=1_000_000;
    /// Values of `pack_cardinality` that are accepted.
    pub const PACK_CARDINALITY: RangeInclusive<u32> = Params::PACK_CARDINALITY;

    /// Values of `seed_fraction` that are accepted.
    pub const SEED_FRACTION: RangeInclusive<f64> = 0.0..=0.0625;

    /// The parameters of AGC's `create` without flags.
    #[must_use]
    pub fn of_agc() -> Self {
        Self {
            min_match: 20,
            segment_size: Some(60_000),
            pack_cardinality: Some(50),
            ..Self::default()
        }
    }

    /// Checks that every value lies in its range.
    ///
    /// # Errors
    /// `BadOption`, naming the value and its range.
    pub fn validate(&self) -> Result<()> {
        check("k-mer length", self.k, &Self::K)?;
        check("minimum match length", self.min_match, &Self::MIN_MATCH)?;
        if let Some(segment_size) = self.segment_size {
            check("segment size", segment_size, &Self::SEGMENT_SIZE)?;
        }
        if let Some(pack_cardinality) = self.pack_cardinality {
            check("pack cardinality", pack_cardinality, &Self::PACK_CARDINALITY)?;
        }
        check_seed_fraction(self.seed_fraction)?;
        check_digests(self.has_digests)?;
        check_threads(self.n_threads)
    }
}

impl Default for CreateOptions {
    fn default() -> Self {
        AppendOptions::default().into()
    }
}

/// What tells which sample a record belongs to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum SamplesBy {
    /// Its input: each is a sample.
    #[default]
    Input,
    /// The first word of its header, as in AGC's concatenated mode: nearly every record is a sample of its own.
    ShortName,
    /// The two first parts of its PanSN name, `sample#haplotype#contig`. Records of a sample follow one another in one input.
    PanSn,
}

/// What is asked of the inputs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct InputRules {
    /// What tells which sample a record belongs to.
    pub samples_by: SamplesBy,
    /// Records are stored even if more than a tenth of their residues is no nucleotide code.
    pub takes_any_residues: bool,
    /// A sample or contig whose name is taken is stored under another one, instead of being an error.
    pub renames_duplicates: bool,
    /// A sample or contig whose name is taken is left out, instead of being an error; it is not renamed then.
    pub skips_duplicates: bool,
    /// Records without a name are stored as `unnamed_1`, `unnamed_2` …, instead of being an error.
    pub names_unnamed: bool,
    /// What is kept of them beside the sequences. Appending also keeps what the archive keeps. The default is nothing, so that a
    /// program which calls the library as it would call AGC gets what AGC stores; `ragc create` keeps [`Keep::ALL`].
    pub keep: Keep,
    /// Memory that unpacking one of them may take, if that is more than 128 MiB.
    pub memory: Option<usize>,
}

setters!(InputRules {
    with_samples_by: samples_by: SamplesBy,
    with_any_residues: takes_any_residues: bool,
    with_renamed_duplicates: renames_duplicates: bool,
    with_skipped_duplicates: skips_duplicates: bool,
    with_named_unnamed: names_unnamed: bool,
    with_keep: keep: Keep,
    with_memory: memory: Option<usize>,
});

impl InputRules {
    /// Memory that unpacking an input may take.
    pub(super) fn unpack_memory(self) -> u64 {
        UNPACK_MEMORY.max(self.memory.map_or(0, |memory| memory as u64))
    }
}

/// What is to be chosen when samples are added to an archive; the rest is settled by the archive.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct AppendOptions {
    /// As [`CreateOptions::seed_fraction`].
    pub seed_fraction: Option<f64>,
    /// As [`CreateOptions::raw_contigs`]. `None` goes on as the last sample is stored, and tries again when the samples of an archive of
    /// small genomes, whose parameters were chosen, have become twice as many, up to 128.
    pub raw_contigs: Option<bool>,
    /// Choose further splitters in contigs that have none.
    pub is_adaptive: bool,
    /// As [`CreateOptions::memory`].
    pub memory: Option<usize>,
    /// What is asked of the inputs.
    pub rules: InputRules,
    /// Store checksums of all parts and of the sequences, whether or not the archive has some.
    pub has_checksums: bool,
    /// Store refget and MD5 digests of the new contigs. They are stored as well if the archive has some.
    pub has_digests: bool,
    /// Tell which files the new samples come from, and that they are stored at this time.
    pub provenance: Option<Provenance>,
    /// Threads that encode; reading, placing and writing have one each beside them.
    pub n_threads: usize,
}

setters!(AppendOptions {
    with_seed_fraction: seed_fraction: Option<f64>,
    with_raw_contigs: raw_contigs: Option<bool>,
    with_adaptive: is_adaptive: bool,
    with_memory: memory: Option<usize>,
    with_rules: rules: InputRules,
    with_checksums: has_checksums: bool,
    with_digests: has_digests: bool,
    with_provenance: provenance: Option<Provenance>,
    with_threads: n_threads: usize,
});

impl AppendOptions {
    /// Checks that every value lies in its range.
    ///
    /// # Errors
    /// `BadOption`, naming the value and its range.
    pub fn validate(&self) -> Result<()> {
        check_seed_fraction(self.seed_fraction)?;
        check_digests(self.has_digests)?;
        check_threads(self.n_threads)
    }
}

impl Default for AppendOptions {
    fn default() -> Self {
        Self {
            seed_fraction: None,
            raw_contigs: None,
            is_adaptive: false,
            memory: None,
            rules: InputRules::default(),
            has_checksums: true,
            has_digests: false,
            provenance: None,
            n_threads: 1,
        }
    }
}

/// A new archive of what would be added to one, of parameters that are the defaults.
impl From<AppendOptions> for CreateOptions {
    fn from(options: AppendOptions) -> Self {
        Self {
            k: 31,
            min_match: *Self::MIN_MATCH.start(),
            segment_size: None,
            pack_cardinality: None,
            access: Access::Balanced,
            seed_fraction: options.seed_fraction,
            raw_contigs: options.raw_contigs,
            is_adaptive: options.is_adaptive,
            memory: options.memory,
            rules: options.rules,
            has_checksums: options.has_checksums,
            has_digests: options.has_digests,
            provenance: options.provenance,
            n_threads: options.n_threads,
        }
    }
}

fn check_seed_fraction(seed_fraction: Option<f64>) -> Result<()> {
    seed_fraction.map_or(Ok(()), |fraction| {
        check("fraction of seeds", fraction, &CreateOptions::SEED_FRACTION)
    })
}

fn check_digests(are_wanted: bool) -> Result<()> {
    match are_wanted {
        true => digest::check_can_be_taken(),
        false => Ok(()),
    }
}

fn check_threads(n_threads: usize) -> Result<()> {
    match n_threads {
        0 => Err(Error::new(ErrorKind::BadOption("no threads".to_owned()))),
        _ => Ok(()),
    }
}

fn check<T: PartialOrd + Display>(what: &str, value: T, range: &RangeInclusive<T>) -> Result<()> {
    if range.contains(&value) {
        return Ok(());
    }
    Err(Error::new(ErrorKind::BadOption(format!(
        "{what} {value} is not between {} and {}",
        range.start(),
        range.end()
    ))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_of_each_range_are_in_and_their_neighbours_out() {
        let valid = |k, min_match, segment_size, pack_cardinality| {
            let (segment_size, pack_cardinality) = (Some(segment_size), Some(pack_cardinality));
            CreateOptions {
                k,
                min_match,
                segment_size,
                pack_cardinality,
                ..CreateOptions::default()
            }
            .validate()
            .is_ok()
        };
        assert!(CreateOptions::default().validate().is_ok());
        assert!(valid(17, 15, 100, 1));
        assert!(valid(32, 32, 1_000_000, 1_000_000_000));
        for (k, l, s, b) in [
            (16, 20, 100, 1),
            (33, 20, 100, 1),
            (31, 14, 100, 1),
            (31, 33, 100, 1),
            (31, 20, 99, 1),
            (31, 20, 1_000_001, 1),
            (31, 20, 100, 0),
            (31, 20, 100, 1_000_000_001),
        ] {
            assert!(!valid(k, l, s, b), "{k} {l} {s} {b}");
        }
        assert!(
            CreateOptions {
                n_threads: 0,
                ..CreateOptions::default()
            }
            .validate()
            .is_err()
        );
    }
}
