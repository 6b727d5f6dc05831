//! Segments put to a placer that knows two neighbouring groups, on both strands.

use super::*;
use crate::alphabet::Codes;
use crate::compress::placing::RawPlacing;
use crate::deadline::in_time_or_abort;
use crate::kmer::{Kmer, KmerWindow, mix};
use crate::lz_diff;
use std::thread;

const K: u32 = 17;
const MIN_MATCH: u32 = 15;

/// A genome with three splitters: `[left]` splitter `[first]` splitter `[second]` splitter.
struct Genome {
    codes: Vec<u8>,
    /// Where the splitters begin.
    places: [usize; 3],
}

impl Genome {
    fn new(seed: u64) -> Self {
        let codes = (0..3000).map(|i| (mix(seed + i) & 3) as u8).collect();
        Self {
            codes,
            places: [500, 1500, 2600],
        }
    }

    fn kmer(&self, splitter: usize) -> Kmer {
        let mut window = KmerWindow::new(K);
        let start = self.places[splitter];
        let codes = &self.codes[start..start + K as usize];
        let kmers = codes.iter().filter_map(|code| window.push(*code));
        kmers.last().expect("the window is full")
    }

    /// The codes from one splitter to another, both included.
    fn between(&self, front: usize, back: usize) -> Vec<u8> {
        self.codes[self.places[front]..self.places[back] + K as usize].to_vec()
    }

    fn segment(&self, front: usize, back: usize) -> CutSegment {
        segment(
            &self.between(front, back),
            Some(self.kmer(front)),
            Some(self.kmer(back)),
        )
    }
}

fn segment(codes: &[u8], front: Option<Kmer>, back: Option<Kmer>) -> CutSegment {
    CutSegment {
        sequence: Sequence::from_codes(codes),
        front,
        back,
    }
}

fn reverse(segment: &CutSegment) -> CutSegment {
    CutSegment {
        sequence: segment.sequence.reverse_complement(),
        front: segment.back.map(|kmer| kmer.reversed(K)),
        back: segment.front.map(|kmer| kmer.reversed(K)),
    }
}

fn new_placer() -> Placer<'static> {
    placer_of_genome(12_000_000)
}

/// A placer without groups, for genomes of so many bases.
fn placer_of_genome(n_bases: u64) -> Placer<'static> {
    let params = Params {
        k: K,
        min_match_len: MIN_MATCH,
        pack_cardinality: 50,
        segment_size: 1000,
    };
    Placer::new(
        &params,
        Placing::of_genome(n_bases, None, RawPlacing::TINY),
        Memory::new(None, 1),
    )
}

/// A placer that knows the two segments between the three splitters as groups 16 and 17.
fn placer(genome: &Genome) -> Placer<'static> {
    let mut placer = new_placer();
    for (front, back) in [(0, 1), (1, 2)] {
        let placed = place_new(&mut placer, &genome.segment(front, back));
        assert!(matches!(placed[0].content, Content::Reference));
    }
    placer.end_sample();
    end_round(&mut placer);
    placer
}

/// Ends a round without other threads.
fn end_round(placer: &mut Placer<'_>) {
    let (pool, _work) = pool::channels::<()>(1, 1 << 20);
    placer.publish_pool();
    placer.index_alone();
    placer.end_round(&pool).unwrap();
    assert!(placer.indexing.is_none());
    assert!(placer.look(&[], &pool).unwrap().is_empty());
}

/// Does something beside a worker.
fn with_worker<T>(work: impl FnOnce(&pool::Pool<()>) -> T) -> T {
    let (pool, inboxes) = pool::channels::<()>(1, 1 << 20);
    in_time_or_abort("a placement", || {
        thread::scope(|scope| {
            for inbox in inboxes {
                scope.spawn(move || while inbox.next_job().is_some() {});
            }
            let done = work(&pool);
            drop(pool);
            done
        })
    })
}

/// Places a segment as in a round of its own.
fn place(placer: &mut Placer<'_>, segment: &CutSegment) -> Vec<Placed> {
    let looked = (!placer.is_raw(segment)).then(|| {
        let state = placer.state.read().unwrap();
        let finding = question::answer(&state, &segment.sequence, placer.key_of(segment), K as usize);
        Looked::new(&state, &segment.sequence, finding)
    });
    let placed = with_worker(|pool| placer.place(segment, looked, pool)).unwrap();
    end_round(placer);
    placed
}

fn decoded(delta: &[u8], reference: &Sequence, len: u32) -> Vec<u8> {
    let rules = lz_diff::Rules {
        min_match_len: MIN_MATCH,
        dialect: lz_diff::Dialect::Full,
    };
    let mut codes = Vec::new();
    lz_diff::decode::<Codes>(delta, reference, rules, len as usize, &mut codes).unwrap();
    codes
}

/// Places a segment that nothing before the round was like.
fn place_new(placer: &mut Placer<'_>, segment: &CutSegment) -> Vec<Placed> {
    let looked = Looked::new(&placer.state.read().unwrap(), &segment.sequence, Finding::New);
    with_worker(|pool| placer.place(segment, Some(looked), pool)).unwrap()
}

/// What a reader gets back from placed pieces, in the order of the contig.
fn restored(placer: &Placer<'_>, placed: &[Placed]) -> Vec<u8> {
    let state = placer.state.read().unwrap();
    let mut codes = Vec::new();
    for piece in placed {
        let reference = || state.catalogue.reference(piece.group).unwrap().sequence();
        let mut stored = match &piece.content {
            Content::Raw(sequence) => sequence.to_codes(),
            Content::Reference => reference().to_codes(),
            Content::Stored(_) => unreachable!("no piece is so short"),
            Content::Delta(delta) => decoded(delta, reference(), piece.raw_len),
        };
        assert_eq!(stored.len(), piece.raw_len as usize);
        if piece.is_rev_comp {
            crate::alphabet::reverse_complement(&mut stored);
        }
        let overlap = if codes.is_empty() { 0 } else { K as usize };
        assert_eq!(codes[codes.len() - overlap..], stored[..overlap]);
        codes.extend_from_slice(&stored[overlap..]);
    }
    codes
}

/// Places a segment and its reverse complement, checks that both come back, and gives the groups of both.
fn groups_on_both_strands(placer: &mut Placer<'_>, segment: &CutSegment) -> [Vec<u32>; 2] {
    [segment.clone(), reverse(segment)].map(|segment| {
        let placed = place(placer, &segment);
        assert_eq!(restored(placer, &placed), segment.sequence.to_codes());
        placed.iter().map(|piece| piece.group).collect()
    })
}

#[test]
fn a_known_key_is_the_home_on_either_strand() {
    let genome = Genome::new(1);
    let mut placer = placer(&genome);
    let known = genome.segment(0, 1);
    assert_eq!(groups_on_both_strands(&mut placer, &known), [[16], [16]]);
    assert!(matches!(
        place(&mut placer, &known)[0].content,
        Content::Reference
    ));
}

#[test]
fn a_lost_splitter_cuts_the_segment_in_two() {
    for seed in 0..4 {
        let genome = Genome::new(10_000 * seed);
        let mut placer = placer(&genome);
        let mut codes = genome.between(0, 2);
        let middle = genome.places[1] - genome.places[0] + 8;
        codes[middle] = (codes[middle] + 1) % 4;
        let lost = segment(&codes, Some(genome.kmer(0)), Some(genome.kmer(2)));
        assert_eq!(
            groups_on_both_strands(&mut placer, &lost),
            [[16, 17], [17, 16]],
            "seed {seed}"
        );
    }
}

#[test]
fn one_splitter_or_none_finds_the_group_that_the_segment_follows() {
    let genome = Genome::new(1);
    let mut placer = placer(&genome);
    let codes = &genome.codes[genome.places[1]..genome.places[2] - 100];
    let ended = segment(codes, Some(genome.kmer(1)), None);
    assert_eq!(groups_on_both_strands(&mut placer, &ended), [[17], [17]]);
    let nameless = segment(&codes[50..900], None, None);
    assert_eq!(groups_on_both_strands(&mut placer, &nameless), [[17], [17]]);
}

#[test]
fn a_segment_with_dense_differences_follows_to_its_end() {
    for seed in 0..4 {
        let genome = Genome::new(10_000 * seed);
        let mut placer = placer(&genome);
        let mut codes = genome.between(0, 1);
        // Behind the first bases no seed is left.
        codes[150..]
            .iter_mut()
            .step_by(7)
            .for_each(|code| *code = (*code + 1) % 4);
        let divergent = segment(&codes, None, None);
        assert_eq!(
            groups_on_both_strands(&mut placer, &divergent),
            [[16], [16]],
            "seed {seed}"
        );
    }
}

#[test]
fn an_inversion_is_cut_out_and_follows_on_the_other_strand() {
    let genome = Genome::new(1);
    let mut placer = placer(&genome);
    let mut codes = genome.between(0, 1);
    crate::alphabet::reverse_complement(&mut codes[300..700]);
    let inverted = segment(&codes, Some(genome.kmer(0)), Some(genome.kmer(1)));
    let placed = place(&mut placer, &inverted);
    assert_eq!(
        placed.iter().map(|piece| piece.group).collect::<Vec<_>>(),
        [16, 16, 16]
    );
    assert_ne!(placed[0].is_rev_comp, placed[1].is_rev_comp);
    assert_eq!(placed[0].is_rev_comp, placed[2].is_rev_comp);
    assert_eq!(restored(&placer, &placed), codes);
}

#[test]
fn a_long_insertion_becomes_a_reference_that_the_next_one_follows() {
    let genome = Genome::new(1);
    let mut placer = placer(&genome);
    let insertion = &Genome::new(99_999).codes[..1500];
    let mut codes = genome.between(0, 1);
    codes.splice(400..400, insertion.iter().copied());
    let longer = segment(&codes, Some(genome.kmer(0)), Some(genome.kmer(1)));
    let placed = place(&mut placer, &longer);
    assert_eq!(
        placed.iter().map(|piece| piece.group).collect::<Vec<_>>(),
        [16, 18, 16]
    );
    assert_eq!(restored(&placer, &placed), codes);
    let moved = segment(&insertion[100..], None, None);
    assert_eq!(groups_on_both_strands(&mut placer, &moved), [[18], [18]]);
}

#[test]
fn short_new_sequence_is_gathered_and_long_founds_a_group() {
    let mut placer = placer(&Genome::new(1));
    let new = |seed: u64, len: usize| {
        let codes: Vec<u8> = (0..len as u64).map(|i| (mix(seed << 32 | i) & 3) as u8).collect();
        segment(&codes, None, None)
    };
    let pooled: Vec<u32> = (1..4)
        .map(|seed| place_new(&mut placer, &new(seed, 500))[0].group)
        .collect();
    assert_eq!(pooled, [18, 18, 18]);
    let long = place_new(&mut placer, &new(4, MIN_REFERENCE));
    assert_eq!(long[0].group, 19);
    assert!(matches!(long[0].content, Content::Reference));
    end_round(&mut placer);
    assert_eq!(place(&mut placer, &new(2, 400))[0].group, 18);
    assert_eq!(
        place_new(&mut placer, &new(5, MIN_REFERENCE - 1))[0].group,
        18,
        "the pool goes on"
    );
    assert_eq!(place_new(&mut placer, &new(6, MIN_REFERENCE - 1))[0].group, 18);
    assert_eq!(place_new(&mut placer, &new(7, 500))[0].group, 20, "it was full");
    let founded: Vec<u32> = placer
        .take_founded()
        .iter()
        .map(|founded| founded.group)
        .collect();
    assert_eq!(founded, [16, 17, 19, 18]);
}

#[test]
fn what_follows_a_pool_does_not_depend_on_where_it_ends() {
    let mut placer = placer(&Genome::new(1));
    let codes = &Genome::new(77_777).codes[..1000];
    let pooled = |codes: &[u8]| segment(codes, None, None);
    place_new(&mut placer, &pooled(codes));
    end_round(&mut placer);
    let placed: Vec<_> = [codes, &codes[400..], &allele(codes)]
        .into_iter()
        .map(|codes| (place(&mut placer, &pooled(codes)), codes.to_vec()))
        .collect();
    place_new(&mut placer, &pooled(&Genome::new(99_999).codes));
    placer.close_pool();
    for (placed, codes) in placed {
        assert_eq!(placed[0].group, 18);
        assert!(matches!(placed[0].content, Content::Delta(_)));
        assert_eq!(restored(&placer, &placed), codes);
    }
    let whole = [codes, &Genome::new(99_999).codes].concat();
    let state = placer.state.read().unwrap();
    assert_eq!(
        state.catalogue.reference(18).unwrap().sequence().to_codes(),
        whole
    );
}

#[test]
fn what_is_too_short_for_a_seed_is_dealt_to_raw_groups() {
    let mut placer = placer(&Genome::new(1));
    let short = segment(&[1; RawPlacing::TINY.max_len], None, None);
    let dealt: Vec<u32> = (0..17).map(|_| place(&mut placer, &short)[0].group).collect();
    assert_eq!(dealt, (0..16).chain([0]).collect::<Vec<_>>());
}

#[test]
fn a_key_founded_in_the_same_round_is_followed() {
    let genome = Genome::new(1);
    let mut placer = new_placer();
    let first = place_new(&mut placer, &genome.segment(0, 1));
    let again = place_new(&mut placer, &reverse(&genome.segment(0, 1)));
    assert_eq!(first[0].group, again[0].group);
    assert!(matches!(again[0].content, Content::Reference));
    assert_eq!(placer.take_founded().len(), 1);
    let keys = placer.finish().keys;
    assert_eq!(keys.len(), 1);
    assert!(keys[0].0.0 < keys[0].0.1);
}

/// The codes with one base in a hundred changed.
fn allele(codes: &[u8]) -> Vec<u8> {
    let mutate = |(place, code): (usize, &u8)| if place % 100 == 50 { code ^ 1 } else { *code };
    codes.iter().enumerate().map(mutate).collect()
}

#[test]
fn alleles_of_one_round_follow_each_other() {
    let mut placer = placer(&Genome::new(1));
    for (seed, len) in [(2, MIN_REFERENCE), (3, 4000)] {
        let codes: Vec<u8> = (0..len as u64).map(|i| (mix(seed << 32 | i) & 3) as u8).collect();
        let is_pooled = len < MIN_REFERENCE;
        let first = place_new(&mut placer, &segment(&codes, None, None));
        assert_eq!(matches!(first[0].content, Content::Delta(_)), is_pooled);
        let second = place_new(&mut placer, &segment(&allele(&codes), None, None));
        assert_eq!(second[0].group, first[0].group);
        let Content::Delta(delta) = &second[0].content else {
            panic!("the second allele follows the first");
        };
        assert!(delta.len() < len / 10, "{}", delta.len());
        assert_eq!(restored(&placer, &second), allele(&codes));
        end_round(&mut placer);
    }
}

#[test]
fn tiny_contigs_of_the_reference_sample_are_gathered_when_there_are_many() {
    let mut placer = new_placer();
    let new = |seed: u64, len: u64| {
        let codes: Vec<u8> = (0..len).map(|i| (mix(seed << 32 | i) & 3) as u8).collect();
        segment(&codes, None, None)
    };
    let groups: Vec<u32> = (0..100)
        .map(|seed| place_new(&mut placer, &new(seed, 150))[0].group)
        .collect();
    let founded = 16..16 + MAX_TINY_GROUPS as u32;
    let pooled = std::iter::repeat(founded.end);
    assert!(groups.into_iter().eq(founded.clone().chain(pooled).take(100)));
    let longer = place_new(&mut placer, &new(100, TINY as u64));
    assert_eq!(longer[0].group, founded.end + 1);
}

/// Of a large genome, a segment of the reference sample that holds a short repeat founds a group, so that others of its key can follow it as a
/// whole; of a smaller one, and in later samples, the repeat is a piece that follows its like.
#[test]
fn a_repeat_cuts_segments_of_the_reference_sample_only_if_it_is_worth_more_there() {
    let (genome, other) = (Genome::new(1), Genome::new(90_000));
    for (n_bases, is_cut) in [(12_000_000, true), (300_000_000, false)] {
        // Seeds of large genomes are few.
        let mut placer = placer_of_genome(n_bases);
        let placed = place(&mut placer, &genome.segment(0, 1));
        assert!(matches!(placed[0].content, Content::Reference));
        let repeat = &genome.codes[700..1200];
        let codes = [&other.between(0, 1), repeat, &other.between(1, 2)].concat();
        let with_repeat = segment(&codes, Some(other.kmer(0)), Some(other.kmer(2)));
        let placed = place(&mut placer, &with_repeat);
        assert_eq!(placed.len() > 1, is_cut, "{n_bases}");
        placer.end_sample();
        let later = Genome::new(180_000);
        let codes = [&later.between(0, 1), repeat, &later.between(1, 2)].concat();
        let with_repeat = segment(&codes, Some(later.kmer(0)), Some(later.kmer(2)));
        assert!(place(&mut placer, &with_repeat).len() > 1, "{n_bases}");
    }
}
