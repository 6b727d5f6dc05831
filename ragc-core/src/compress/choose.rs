//! Chooses the parameters that the user leaves open, by a bounded first look at the inputs.
//!
//! A contig of a few kilobases is one segment; longer ones of small genomes are one, or have segments of a third of the longest, which a trial tells, up to about
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
use crate::group::writer::SMALL_COLLECTION;
use crate::observe::Phase;
use crate::params::Params;

/// Segments of large genomes, in bases; AGC's default is 60,000. With 65,536 as for small ones collections take as much or some percent
/// more (docs/measurements.md, "Constants"): a segment is described with every sample, and begins with a
/// position. From 500,000 on packs become so long that a small window is read more slowly than it should be.
const LARGE_GENOME_SEGMENT: u64 = 3 << 16;

/// The same in a small collection: the fewer genomes there are, the less text a pack has, and the more a segment gains from being long
/// (docs/measurements.md, "Long segments").
const SMALL_COLLECTION_SEGMENT: u64 = 1 << 19;

/// Inputs that a small collection has at least. One that begins with a genome or two may become a large one.
const MIN_SMALL_COLLECTION: usize = 8;

/// A contig that is not longer is one segment: genomes of 11 kb (dengue virus) take 1 % more in shorter ones, of 30 kb (SARS-CoV-2) 1.6 % more in three
/// (docs/measurements.md, "Constants", "Long segments").
const WHOLE_CONTIG: u64 = 1 << 16;

/// A contig of a small genome that is not longer may be one segment. Haplotypes of 300 kb (LPA) take 9 % less so than in segments of 64 kb, but genomes of 197 kb whose ends
/// repeat each other on the other strand (monkeypox virus) 2 % more: a segment of the reference sample is not compared with itself.
const MAX_WHOLE_CONTIG: u64 = 1 << 19;

/// Otherwise segments are a third of the longest contig, and not longer than this. Genomes of 197 kb take less with three than with four
/// (docs/measurements.md, "Constants").
const MIN_SEGMENTS: u64 = 3;
const MAX_THIRD: u64 = 1 << 16;

/// Segments are not shorter, whatever the contigs.
const MIN_SEGMENT_SIZE: u64 = 20_000;

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
    let genome = Genome {
        len: n_bases,
        longest_contig: look.longest_contig,
    };
    let as_deltas = |size| choose_for_deltas(&look, genome, size, inputs.len(), options);
    let as_they_are = |item_len| choose_for_raw(&look, item_len, inputs, options);
    if options.raw_contigs == Some(true) {
        return Ok(as_they_are(look.longest_contig));
    }
    let may_be_raw = options.raw_contigs.is_none()
        && options.segment_size.is_none()
        && may_be_raw(genome, options.rules.samples_by);
    let sizes = segment_sizes_of(genome, inputs, options);
    if !may_be_raw && sizes.len() == 1 {
        return Ok(as_deltas(sizes[0]));
    }
    let trial = Trial::of_inputs(reference, inputs, genome, reading)?;
    if may_be_raw && let Some(item_len) = trial.raw_item_len(sizes[0], options, measure)? {
        return Ok(as_they_are(item_len));
    }
    Ok(as_deltas(trial.best_segment_size(&sizes, options, measure)?))
}

/// The segment size that is given, or those from which to choose.
fn segment_sizes_of(genome: Genome, inputs: &[Input], options: &CreateOptions) -> Vec<u32> {
    match options.segment_size {
        Some(size) => vec![size],
        None => {
            let genome_len = sample_len(genome, options.rules.samples_by);
            segment_sizes(genome.longest_contig, genome_len, || is_small(inputs))
        }
    }
}

/// Bases of a sample: where each contig is named after itself, of one of them.
fn sample_len(genome: Genome, samples_by: SamplesBy) -> u64 {
    match samples_by {
        SamplesBy::ShortName => genome.longest_contig,
        SamplesBy::Input | SamplesBy::PanSn => genome.len,
    }
}

/// Whether so much time is taken for a collection of these inputs as for a small one, and it is not one that only begins.
fn is_small(inputs: &[Input]) -> bool {
    let add = |sum: u64, input: &Input| {
        let sum = sum.saturating_add(n_bases(input));
        (sum <= SMALL_COLLECTION).then_some(sum)
    };
    inputs.len() >= MIN_SMALL_COLLECTION && inputs.iter().try_fold(0, add).is_some()
}

fn params(options: &CreateOptions, segment_size: u32, pack_cardinality: u32) -> Params {
    Params {
        k: options.k,
        min_match_len: options.min_match,
        segment_size,
        pack_cardinality,
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
    let of_genome = |genome_len| segment_sizes(longest, genome_len, || false).contains(&segment_size);
    segment_size == choose_raw_segment_size(longest)
        || segment_size == third(longest)
        || of_genome(genome.len)
        || of_genome(longest)
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

/// Parameters for segments of this size that are stored as deltas.
fn choose_for_deltas(
    look: &FirstLook,
    genome: Genome,
    segment_size: u32,
    n_inputs: usize,
    options: &CreateOptions,
) -> Chosen {
    let samples_by = options.rules.samples_by;
    let n_contigs = match samples_by {
        SamplesBy::ShortName => 0,
        SamplesBy::Input | SamplesBy::PanSn => look.n_contigs,
    };
    let genome_len = sample_len(genome, samples_by);
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

/// Sizes of segments, of which a trial may choose; without one the first is taken.
fn segment_sizes(longest_contig: u64, genome_len: u64, is_small_collection: impl Fn() -> bool) -> Vec<u32> {
    let is_large = genome_len > SMALL_GENOME || longest_contig > MAX_WHOLE_CONTIG;
    let (whole, third) = (longest_contig as u32, third(longest_contig));
    match longest_contig <= MIN_SEGMENT_SIZE {
        true => vec![MIN_SEGMENT_SIZE as u32],
        false if is_large && is_small_collection() => vec![SMALL_COLLECTION_SEGMENT as u32],
        false if is_large => vec![LARGE_GENOME_SEGMENT as u32],
        false if longest_contig <= WHOLE_CONTIG => vec![whole],
        false => vec![third, whole],
    }
}

fn third(longest_contig: u64) -> u32 {
    (longest_contig / MIN_SEGMENTS).min(MAX_THIRD) as u32
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
        look.longest_contig <= MAX_WHOLE_CONTIG && look.n_bases < LOOK_BASES
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
    inputs.iter().map(n_bases).fold(0, u64::saturating_add)
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
    input.sources().map(of_file).fold(0, u64::saturating_add)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::group::N_RAW_GROUPS;

    #[test]
    fn segments_follow_from_the_longest_contig_and_the_genome() {
        for genome_len in [0, SMALL_GENOME] {
            for is_small in [false, true] {
                let sizes = |longest| segment_sizes(longest, genome_len, || is_small);
                assert_eq!(sizes(0), [20_000]);
                assert_eq!(sizes(10_735), [20_000]);
                assert_eq!(sizes(29_903), [29_903]);
                // A trial chooses.
                assert_eq!(sizes(120_000), [40_000, 120_000]);
                assert_eq!(sizes(250_000), [65_536, 250_000]);
            }
        }
        for (is_small, large) in [(false, 196_608), (true, 524_288)] {
            let sizes = |longest, genome_len| segment_sizes(longest, genome_len, || is_small);
            assert_eq!(sizes(10_735, SMALL_GENOME + 1), [20_000]);
            assert_eq!(sizes(29_903, SMALL_GENOME + 1), [large]);
            assert_eq!(sizes(MAX_WHOLE_CONTIG + 1, SMALL_GENOME), [large]);
            assert_eq!(sizes(250_000_000, 3_000_000_000), [large]);
        }
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
            let genome = Genome {
                len: 51_000_000,
                longest_contig: 300,
            };
            let chosen = choose_for_deltas(&look(contig_len), genome, 196_608, n_inputs, &options);
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
