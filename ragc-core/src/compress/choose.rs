//! Chooses the parameters that the user leaves open, by a bounded first look at the inputs.
//!
//! A genome of a few kilobases is one segment; longer ones have segments of a third of the longest contig, up to about
//! AGC's default size. A pack holds many items, unless the genomes are so large that a batch of the
//! collection, which is as long, would have too many segments: the same allele in two items of one pack costs next to
//! nothing, in two packs it is stored twice.

use super::excerpt::Genome;
use super::input::Input;
use super::options::{Access, CreateOptions, SamplesBy};
use super::placing::{MAX_RAW_CONTIG, RawPlacing, SMALL_GENOME};
use super::read::{self, Reading};
use super::trial::{MeasureArchive, Trial};
use crate::error::Result;
use crate::fasta::Source;
use crate::observe::Phase;
use crate::params::Params;

/// Segments of large genomes, in bases; AGC's default is 60,000. With 65,536 as for small ones collections take as much or some percent
/// more (docs/measurements.md, "Constants"): a segment is described with every sample, and begins with a
/// position. From 500,000 on packs become so long that a small window is read more slowly than it should be.
const LARGE_GENOME_SEGMENT: u64 = 3 << 16;

/// Longest segments of small genomes: with three times that they take more, and so does a genome of 197 kb (monkeypox virus), which has three segments so, with
/// four (docs/measurements.md, "Constants").
const MAX_SEGMENT_SIZE: u64 = 1 << 16;

/// Segments in the longest contig, at least. Genomes of 30 kb (SARS-CoV-2) take less with three than with one, and with four next to nothing less
/// (docs/measurements.md, "Constants").
const MIN_SEGMENTS: u64 = 3;

/// A contig that is not longer is one segment: genomes of 11 kb (dengue virus) take 1 % more in shorter ones
/// (docs/measurements.md, "Constants").
const SHORT_CONTIG: u64 = 20_000;

/// Mean length of contigs below which a pack of few items holds next to nothing: unitigs take two thirds of the bytes in long packs
/// (docs/measurements.md, "Constants").
const TINY_CONTIG: u64 = 1000;

/// Bases looked at.
const LOOK_BASES: u64 = 1 << 24;

/// Bases in a byte of a compressed file, to guess the length of a genome.
const BASES_PER_COMPRESSED_BYTE: u64 = 4;

/// Longest genome whose contigs may be stored as they are, in bases. To read a sample, all packs with a contig of it are decoded.
const MAX_RAW_GENOME: u64 = 1 << 20;

/// How large packs are made.
struct PackSizes {
    /// Items of a pack. 100 genomes of *S. pneumoniae* take less and less up to packs of 2,000: a genome has several pieces
    /// in some groups (docs/measurements.md, "Constants").
    cardinalities: (u64, u64),
    /// Segments in a batch of the collection, which has as many samples as a pack has items: a query for a contig decodes the
    /// descriptors of one.
    batch_segments: u64,
    /// Bases in a pack of sequences that are stored as they are: half of it is decoded to read one of them, on average.
    raw_bases: u64,
    /// Items of such a pack.
    raw_cardinalities: (u64, u64),
}

impl PackSizes {
    /// docs/measurements.md, "Size and access", has what each gives.
    const fn of(access: Access) -> Self {
        match access {
            Access::Fast => Self {
                cardinalities: (50, 500),
                batch_segments: 1 << 20,
                raw_bases: 1 << 21,
                raw_cardinalities: (16, 1000),
            },
            Access::Balanced => Self {
                cardinalities: (50, 2500),
                batch_segments: 1 << 20,
                raw_bases: 1 << 23,
                raw_cardinalities: (16, 5000),
            },
            Access::Small => Self {
                cardinalities: (50, 20_000),
                batch_segments: 1 << 23,
                raw_bases: 1 << 24,
                raw_cardinalities: (16, 20_000),
            },
        }
    }

    /// Items of a pack, if a genome has so many segments.
    fn cardinality(&self, n_segments: u64) -> u32 {
        let (least, most) = self.cardinalities;
        (self.batch_segments / n_segments.max(1)).clamp(least, most) as u32
    }

    /// Items of a pack of tiny contigs: as many as can be if there are so few inputs that they make up one batch in any case.
    fn tiny_cardinality(&self, n_segments: u64, n_inputs: usize) -> u32 {
        let (least, most) = self.cardinalities;
        match n_inputs as u64 <= least {
            true => most as u32,
            false => self.cardinality(n_segments),
        }
    }

    /// Items of a pack of contigs that are stored as they are; items have this length on average.
    fn raw_cardinality(&self, item_len: u64) -> u32 {
        let (least, most) = self.raw_cardinalities;
        (self.raw_bases / item_len.max(1)).clamp(least, most) as u32
    }
}

/// What the first look at the reference sample finds.
#[derive(Debug, Clone, Copy, Default)]
struct FirstLook {
    longest_contig: u64,
    n_contigs: u64,
    n_bases: u64,
}

impl FirstLook {
    fn has_tiny_contigs(&self) -> bool {
        self.n_bases < self.n_contigs * TINY_CONTIG
    }
}

/// What is settled before an archive is begun.
pub(super) struct Chosen {
    pub(super) params: Params,
    pub(super) raw: RawPlacing,
}

/// The parameters of a new archive, whose reference sample has about `n_bases`: those given, and choices for the others.
///
/// # Errors
/// Those of reading `reference`, which is the first input as it is read.
pub(super) fn choose(
    reference: &Input,
    n_bases: u64,
    inputs: &[Input],
    options: &CreateOptions,
    reading: &Reading,
    measure: MeasureArchive,
) -> Result<Chosen> {
    if let (Some(segment_size), Some(pack_cardinality)) = (options.segment_size, options.pack_cardinality)
        && options.raw_contigs != Some(true)
    {
        return Ok(Chosen {
            params: params(options, segment_size, pack_cardinality),
            raw: RawPlacing::TINY,
        });
    }
    reading.observer.phase_begins(Phase::Choose, None);
    let look = first_look(reference, reading)?;
    Ok(
        match raw_item_len(&look, reference, n_bases, inputs, options, reading, measure)? {
            Some(item_len) => choose_for_raw(&look, item_len, inputs, options),
            None => choose_for_deltas(&look, n_bases, inputs.len(), options),
        },
    )
}

fn params(options: &CreateOptions, segment_size: u32, pack_cardinality: u32) -> Params {
    Params {
        k: options.k,
        min_match_len: options.min_match,
        segment_size,
        pack_cardinality,
    }
}

/// Bases of a contig or of a part of one, about, if contigs are to be stored as they are.
fn raw_item_len(
    look: &FirstLook,
    reference: &Input,
    n_bases: u64,
    inputs: &[Input],
    options: &CreateOptions,
    reading: &Reading,
    measure: MeasureArchive,
) -> Result<Option<u64>> {
    let genome = Genome {
        len: n_bases,
        longest_contig: look.longest_contig,
    };
    match options.raw_contigs {
        Some(true) => Ok(Some(look.longest_contig)),
        None if may_be_raw(genome, options.rules.samples_by) && options.segment_size.is_none() => {
            Trial::of_inputs(reference, inputs, genome, reading)?.raw_item_len(options, measure)
        }
        _ => Ok(None),
    }
}

/// Whether contigs of such genomes may be stored as they are. Where each is named after itself, a genome is a contig.
pub(super) fn may_be_raw(genome: Genome, samples_by: SamplesBy) -> bool {
    let is_contig = samples_by == SamplesBy::ShortName;
    genome.longest_contig <= MAX_RAW_CONTIG && (is_contig || genome.len <= MAX_RAW_GENOME)
}

/// Whether a segment size is one that is chosen for such genomes.
pub(super) fn is_chosen(segment_size: u32, genome: Genome) -> bool {
    let longest = genome.longest_contig;
    let chosen = [
        choose_raw_segment_size(longest),
        choose_segment_size(longest, genome.len),
        choose_segment_size(longest, longest),
    ];
    chosen.contains(&segment_size)
}

/// Parameters for contigs that are stored as they are, in items of this length, about.
fn choose_for_raw(look: &FirstLook, item_len: u64, inputs: &[Input], options: &CreateOptions) -> Chosen {
    let pack_cardinality = options
        .pack_cardinality
        .unwrap_or_else(|| PackSizes::of(options.access).raw_cardinality(item_len));
    let pack_bases = u64::from(pack_cardinality).saturating_mul(item_len);
    Chosen {
        params: params(
            options,
            choose_raw_segment_size(look.longest_contig),
            pack_cardinality,
        ),
        raw: RawPlacing::of_contigs(n_all_bases(inputs), pack_bases),
    }
}

/// Parameters for segments that are stored as deltas, where the reference sample has about `n_bases`.
fn choose_for_deltas(look: &FirstLook, n_bases: u64, n_inputs: usize, options: &CreateOptions) -> Chosen {
    let (genome_len, n_contigs) = match options.rules.samples_by {
        // A sample is a contig.
        SamplesBy::ShortName => (look.longest_contig, 0),
        SamplesBy::Input | SamplesBy::PanSn => (n_bases, look.n_contigs),
    };
    let segment_size = options
        .segment_size
        .unwrap_or_else(|| choose_segment_size(look.longest_contig, genome_len));
    let n_segments = n_contigs + genome_len / u64::from(segment_size);
    let sizes = PackSizes::of(options.access);
    let pack_cardinality = options
        .pack_cardinality
        .unwrap_or_else(|| match look.has_tiny_contigs() {
            true => sizes.tiny_cardinality(n_segments, n_inputs),
            false => sizes.cardinality(n_segments),
        });
    Chosen {
        params: params(options, segment_size, pack_cardinality),
        raw: RawPlacing::TINY,
    }
}

/// No contig of the reference sample is cut, and lengths are written as differences from this one.
fn choose_raw_segment_size(longest_contig: u64) -> u32 {
    let (least, most) = CreateOptions::SEGMENT_SIZE.into_inner();
    longest_contig.clamp(least.into(), most.into()) as u32
}

fn choose_segment_size(longest_contig: u64, genome_len: u64) -> u32 {
    let size = match longest_contig {
        longest if longest > SHORT_CONTIG && genome_len > SMALL_GENOME => LARGE_GENOME_SEGMENT,
        0..=SHORT_CONTIG => SHORT_CONTIG,
        longest => (longest / MIN_SEGMENTS).min(MAX_SEGMENT_SIZE),
    };
    size as u32
}

/// Reads until a contig is long enough to decide, or [`LOOK_BASES`] are read.
fn first_look(reference: &Input, reading: &Reading) -> Result<FirstLook> {
    let mut look = FirstLook::default();
    let mut len = 0;
    read::look(reference, reading, |piece| {
        match piece {
            Some(n_codes) => len += n_codes as u64,
            None => {
                look.n_contigs += 1;
                look.n_bases += len;
                len = 0;
            }
        }
        look.longest_contig = look.longest_contig.max(len);
        look.longest_contig < MIN_SEGMENTS * MAX_SEGMENT_SIZE && look.n_bases < LOOK_BASES
    })?;
    Ok(look)
}

/// Bases of the reference sample, about, if that is the first of an input.
///
/// # Errors
/// Those of reading the input, where it may be a part of it.
pub(super) fn n_reference_bases(reference: &Input, reading: &Reading) -> Result<u64> {
    if reading.rules.samples_by != SamplesBy::PanSn {
        return Ok(n_bases(reference));
    }
    let mut n_bases = 0;
    read::look(reference, reading, |piece| {
        n_bases += piece.unwrap_or(0) as u64;
        true
    })?;
    Ok(n_bases)
}

/// Bases of all inputs, about.
pub(super) fn n_all_bases(inputs: &[Input]) -> u64 {
    inputs.iter().map(n_bases).sum()
}

/// The length of a genome, roughly, by the size of its files.
fn n_bases(input: &Input) -> u64 {
    let of_file = |source: &Source| {
        let size = source.size().unwrap_or(0);
        match source.is_compressed() {
            true => size.saturating_mul(BASES_PER_COMPRESSED_BYTE),
            false => size,
        }
    };
    input.sources().map(of_file).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::group::N_RAW_GROUPS;

    #[test]
    fn segments_are_a_third_of_the_longest_contig_unless_that_is_short_or_the_genome_large() {
        for genome_len in [0, SMALL_GENOME] {
            assert_eq!(choose_segment_size(0, genome_len), 20_000);
            assert_eq!(choose_segment_size(10_735, genome_len), 20_000);
            assert_eq!(choose_segment_size(29_903, genome_len), 9_967);
            assert_eq!(choose_segment_size(250_000, genome_len), 65_536);
        }
        assert_eq!(choose_segment_size(10_735, SMALL_GENOME + 1), 20_000);
        assert_eq!(choose_segment_size(29_903, SMALL_GENOME + 1), 196_608);
        assert_eq!(choose_segment_size(250_000_000, 3_000_000_000), 196_608);
    }

    #[test]
    fn packs_are_long_unless_a_batch_would_have_too_many_segments() {
        let sizes = PackSizes::of(Access::Balanced);
        let cardinalities = [0, 200, 2_000, 10_000, 52_000].map(|n_segments| sizes.cardinality(n_segments));
        assert_eq!(cardinalities, [2500, 2500, 524, 104, 50]);
        let cardinalities = [0, 9_700, 153_000, 1 << 18].map(|contig_len| sizes.raw_cardinality(contig_len));
        assert_eq!(cardinalities, [5000, 864, 54, 32]);
    }

    #[test]
    fn packs_of_tiny_contigs_are_long_if_all_samples_make_up_a_batch_anyway() {
        let look = |contig_len| FirstLook {
            longest_contig: 300,
            n_contigs: 100_000,
            n_bases: 100_000 * contig_len,
        };
        let cardinality = |contig_len, n_inputs| {
            let options = CreateOptions::default();
            let chosen = choose_for_deltas(&look(contig_len), 51_000_000, n_inputs, &options);
            chosen.params.pack_cardinality
        };
        assert_eq!(
            [1, 2, 50, 51].map(|n_inputs| cardinality(170, n_inputs)),
            [2500, 2500, 2500, 50]
        );
        assert_eq!(cardinality(TINY_CONTIG, 2), 50);
    }

    #[test]
    fn an_archive_goes_on_with_as_many_raw_groups_as_it_would_have_been_begun_with() {
        let n_groups = |access, n_bases, n_used| {
            let params = Params {
                k: 31,
                min_match_len: 15,
                segment_size: 10_000,
                pack_cardinality: PackSizes::of(access).raw_cardinality(10_000),
            };
            RawPlacing::of_archive(n_bases, &params, n_used).n_groups
        };
        assert_eq!(n_groups(Access::Balanced, 5_000_000, 1), 1);
        assert_eq!(n_groups(Access::Balanced, 10_000_000, 1), 2);
        assert_eq!(n_groups(Access::Fast, 10_000_000, 1), 5);
        assert_eq!(n_groups(Access::Fast, 10_000_000, 7), 7);
        assert_eq!(n_groups(Access::Fast, 1 << 40, 1), N_RAW_GROUPS);
    }

    #[test]
    fn access_orders_the_sizes_of_packs() {
        let [fast, balanced, small] = [Access::Fast, Access::Balanced, Access::Small].map(PackSizes::of);
        for n_segments in [1, 100, 2_000] {
            let of = |sizes: &PackSizes| sizes.cardinality(n_segments);
            assert!(
                of(&fast) < of(&balanced) && of(&balanced) < of(&small),
                "{n_segments}"
            );
        }
        for contig_len in [1_000, 10_000, 150_000] {
            let of = |sizes: &PackSizes| sizes.raw_cardinality(contig_len);
            assert!(
                of(&fast) < of(&balanced) && of(&balanced) < of(&small),
                "{contig_len}"
            );
        }
    }
}
