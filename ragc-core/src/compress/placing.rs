//! How segments are placed: which go to raw groups, and how the others find what they follow.

use crate::group::N_RAW_GROUPS;
use crate::params::Params;

/// Bases of a genome that has four times, and of one that has twice the seeds of larger ones.
pub(super) const SMALL_GENOME: u64 = 1 << 20;
const MEDIUM_GENOME: u64 = 1 << 22;

/// Seeds of the reference sample that are kept at most, about; more genomes add to them. A seed takes 11 to 21 bytes, so a
/// gigabase with one seed in 16 bases would take more memory than its sequence three times over.
const MAX_SEEDS: f64 = (1 << 24) as f64;

/// Longest contig that may be stored as it is, in bases: one sequence in a pack of 8 MB at least 32 times.
pub(super) const MAX_RAW_CONTIG: u64 = 1 << 18;

/// Longest segment without splitters that goes to a raw group of any collection, in bases: no other can follow it.
const TINY: usize = 64;

/// Which segments go to raw groups, and to how many of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RawPlacing {
    /// Longest segment without splitters that goes there, in bases.
    pub(super) max_len: usize,
    /// Groups that are used.
    pub(super) n_groups: u32,
}

impl RawPlacing {
    /// Only what is too short for a delta.
    pub(super) const TINY: Self = Self {
        max_len: TINY,
        n_groups: N_RAW_GROUPS,
    };

    /// Whole contigs, of an archive with `n_bases` in all that uses so many groups already. Its segment size is the length of a
    /// contig, so its parameters tell how large its packs were to be.
    pub(super) fn of_archive(n_bases: u64, params: &Params, n_used: u32) -> Self {
        let pack_bases = u64::from(params.pack_cardinality) * u64::from(params.segment_size);
        let raw = Self::of_contigs(n_bases, pack_bases);
        Self {
            n_groups: raw.n_groups.max(n_used),
            ..raw
        }
    }

    /// Whole contigs, as many groups as there will be packs.
    pub(super) fn of_contigs(n_bases: u64, pack_bases: u64) -> Self {
        let n_packs = n_bases.div_ceil(pack_bases.max(1));
        Self {
            max_len: MAX_RAW_CONTIG as usize,
            n_groups: n_packs.clamp(1, N_RAW_GROUPS.into()) as u32,
        }
    }
}

/// How a segment is placed among the references.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Placing {
    /// Bases of the reference sample, about.
    pub(super) n_bases: u64,
    pub(super) raw: RawPlacing,
    /// The fraction of k-mers by which segments find what they follow.
    pub(super) seed_fraction: f64,
    /// A segment follows others if that takes less than so many twentieths of what a group of its own takes.
    pub(super) max_followed: u64,
    /// What a piece costs of a segment of the reference sample that has a key, in bits.
    pub(super) first_piece_bits: u64,
}

impl Placing {
    /// What serves genomes of this length; the fraction of seeds may be given.
    pub(super) fn of_genome(n_bases: u64, seed_fraction: Option<f64>, raw: RawPlacing) -> Self {
        Self {
            n_bases,
            raw,
            seed_fraction: seed_fraction.unwrap_or_else(|| choose_seed_fraction(n_bases)),
            max_followed: choose_max_followed(n_bases),
            first_piece_bits: choose_first_piece_bits(n_bases),
        }
    }
}

/// A whole segment as a reference serves others better than its pieces, and the more of them there are. Of small genomes there
/// are many, far apart: so these take less with 15 twentieths than with 19, and large ones more (docs/measurements.md, "Constants").
fn choose_max_followed(n_bases: u64) -> u64 {
    if n_bases <= SMALL_GENOME { 15 } else { 19 }
}

/// Genomes that are longer are taken to be full of old repeats.
const LARGE_GENOME: u64 = 1 << 25;

/// Most seeds of a large genome: one in so many k-mers. Three times as many lead to old repeats that are not worth following, in a fifth more
/// time and a quarter more memory (docs/measurements.md, "Old repeats").
const LARGE_GENOME_INTERVAL: f64 = 48.0;

/// A segment of the reference sample that is stored as pieces of others founds no group that the like of it could go to by its key: every
/// sample to come is cut into pieces as well, each of which follows the old copy of a repeat that suits it best, and not the segment. So a piece has to gain
/// more than it takes once. At the price of all others large genomes full of repeats took more bytes and three times as long; small ones whose repeats are young take
/// a little less at it (docs/measurements.md, "Old repeats").
fn choose_first_piece_bits(n_bases: u64) -> u64 {
    match n_bases {
        0..=SMALL_GENOME => 400,
        n_bases if n_bases > LARGE_GENOME => 1000,
        _ => 192,
    }
}

/// The fraction of k-mers that are seeds: more of small genomes, where they are cheap, less of large ones.
///
/// The genomes of viruses differ in so many bases that sparse seeds miss each other: with a quarter of all k-mers they take less than with
/// a sixteenth, and with all of them hardly less than that. An eighth gives bacteria a little, and yeast nothing (docs/measurements.md, "Constants").
fn choose_seed_fraction(n_bases: u64) -> f64 {
    if n_bases <= SMALL_GENOME {
        1.0 / 4.0
    } else if n_bases <= MEDIUM_GENOME {
        1.0 / 8.0
    } else if n_bases <= LARGE_GENOME {
        1.0 / 16.0
    } else {
        (MAX_SEEDS / n_bases as f64).min(1.0 / LARGE_GENOME_INTERVAL)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_genomes_have_fewer_seeds() {
        assert_eq!(choose_seed_fraction(0), 1.0 / 4.0);
        assert_eq!(choose_seed_fraction(2_100_000), 1.0 / 8.0);
        assert_eq!(choose_seed_fraction(12_000_000), 1.0 / 16.0);
        assert_eq!(choose_seed_fraction(100_000_000), 1.0 / 48.0);
        assert_eq!(choose_seed_fraction(1 << 30), 1.0 / 64.0);
    }
}
