//! Chooses the parameters that the user leaves open, by a bounded first look at the inputs.
//!
//! Segments are a quarter of the longest contig, so that the genomes of viruses have a few and those of anything larger
//! have segments of AGC's default size. A pack holds many items, unless the genomes are so large that a batch of the
//! collection, which is as long, would have too many segments: the same allele in two items of one pack costs next to
//! nothing, in two packs it is stored twice.

use super::options::CreateOptions;
use super::read::{self, Reading};
use crate::error::Result;
use crate::fasta::Source;
use crate::params::Params;

/// Segment sizes that are chosen, in bases. 5,000 genomes of SARS-CoV-2 (30 kb) take 306,362 bytes with segments of 10 kb,
/// 307,179 with 3 kb, 327,506 with 1 kb, and 334,271 with 60 kb.
const SEGMENT_SIZES: (u64, u64) = (3_000, 60_000);

/// Pack cardinalities that are chosen. 100 genomes of *S. pneumoniae* take 3.69 MB with packs of 50, 3.01 MB with 100 (a
/// genome has several pieces in some groups) and 2.31 MB with 500; 5,000 of SARS-CoV-2 take 438 kB with 50, 319 kB with 500, and 285 kB with 5,000, but a query decodes a
/// whole pack.
const PACK_CARDINALITIES: (u64, u64) = (50, 500);

/// Segments in a batch of the collection: a query for a contig decodes the descriptors of one.
const BATCH_SEGMENTS: u64 = 1 << 20;

/// Seeds of the reference sample that are kept at most, about; more genomes add to them. A seed takes 11 to 21 bytes, so a
/// gigabase with one seed in 16 bases would take more memory than its sequence three times over.
const MAX_SEEDS: f64 = (1 << 24) as f64;

/// Bases looked at.
const LOOK_BASES: u64 = 1 << 24;

/// Bases in a byte of a compressed file, to guess the length of a genome.
const BASES_PER_COMPRESSED_BYTE: u64 = 4;

/// What the first look at the reference sample finds.
struct FirstLook {
    longest_contig: u64,
    n_contigs: u64,
}

/// The parameters of a new archive: those given, and choices for the others.
///
/// # Errors
/// Those of reading `reference`, from which the first input is read.
pub(super) fn params(reference: &Source, options: &CreateOptions, reading: &Reading) -> Result<Params> {
    let chosen = match (options.segment_size, options.pack_cardinality) {
        (Some(segment_size), Some(pack_cardinality)) => (segment_size, pack_cardinality),
        (segment_size, pack_cardinality) => {
            let look = first_look(reference, reading)?;
            let segment_size = segment_size.unwrap_or_else(|| choose_segment_size(&look));
            let n_segments = match options.rules.is_concatenated {
                true => look.longest_contig / u64::from(segment_size),
                false => look.n_contigs + n_bases(reference) / u64::from(segment_size),
            };
            let choose = || choose_pack_cardinality(n_segments);
            (segment_size, pack_cardinality.unwrap_or_else(choose))
        }
    };
    Ok(Params {
        k: options.k,
        min_match_len: options.min_match,
        segment_size: chosen.0,
        pack_cardinality: chosen.1,
    })
}

fn choose_segment_size(look: &FirstLook) -> u32 {
    (look.longest_contig / 4).clamp(SEGMENT_SIZES.0, SEGMENT_SIZES.1) as u32
}

fn choose_pack_cardinality(n_segments: u64) -> u32 {
    (BATCH_SEGMENTS / n_segments.max(1)).clamp(PACK_CARDINALITIES.0, PACK_CARDINALITIES.1) as u32
}

/// Reads until a contig is long enough to decide, or [`LOOK_BASES`] are read.
fn first_look(reference: &Source, reading: &Reading) -> Result<FirstLook> {
    let mut look = FirstLook {
        longest_contig: 0,
        n_contigs: 0,
    };
    let mut n_bases = 0;
    let mut len = 0;
    read::look(reference, reading, |piece| {
        match piece {
            Some(n_codes) => len += n_codes as u64,
            None => {
                look.n_contigs += 1;
                n_bases += len;
                len = 0;
            }
        }
        look.longest_contig = look.longest_contig.max(len);
        look.longest_contig < 4 * SEGMENT_SIZES.1 && n_bases < LOOK_BASES
    })?;
    Ok(look)
}

/// The fraction of k-mers that are seeds: the largest, less for large genomes.
pub(super) fn seed_fraction(n_bases: u64) -> f64 {
    (MAX_SEEDS / n_bases.max(1) as f64).min(*CreateOptions::SEED_FRACTION.end())
}

/// The length of the genome, roughly, by the size of its file.
pub(super) fn n_bases(reference: &Source) -> u64 {
    let size = reference.size().unwrap_or(0);
    match reference.is_compressed() {
        true => size.saturating_mul(BASES_PER_COMPRESSED_BYTE),
        false => size,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment_size(longest_contig: u64) -> u32 {
        choose_segment_size(&FirstLook {
            longest_contig,
            n_contigs: 1,
        })
    }

    #[test]
    fn segments_are_a_quarter_of_the_longest_contig_within_bounds() {
        assert_eq!(segment_size(0), 3_000);
        assert_eq!(segment_size(29_903), 7_475);
        assert_eq!(segment_size(197_000), 49_250);
        assert_eq!(segment_size(250_000_000), 60_000);
    }

    #[test]
    fn large_genomes_have_fewer_seeds() {
        assert_eq!(seed_fraction(0), 1.0 / 16.0);
        assert_eq!(seed_fraction(12_000_000), 1.0 / 16.0);
        assert_eq!(seed_fraction(1 << 30), 1.0 / 64.0);
    }

    #[test]
    fn packs_are_long_unless_a_batch_would_have_too_many_segments() {
        assert_eq!(choose_pack_cardinality(0), 500);
        assert_eq!(choose_pack_cardinality(2_000), 500);
        assert_eq!(choose_pack_cardinality(10_000), 104);
        assert_eq!(choose_pack_cardinality(52_000), 50);
    }
}
