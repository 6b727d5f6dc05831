//! Questions put to a catalogue of two neighbouring groups, on both strands.

use super::*;
use crate::group::key::Key;
use crate::kmer::{Kmer, KmerWindow, mix};

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
        codes
            .iter()
            .filter_map(|code| window.push(*code))
            .next_back()
            .unwrap()
    }

    /// The stretch from one splitter to another, both included.
    fn between(&self, front: usize, back: usize) -> Sequence {
        Sequence::from_codes(&self.codes[self.places[front]..self.places[back] + K as usize])
    }

    fn segment(&self, front: usize, back: usize) -> CutSegment {
        CutSegment {
            sequence: self.between(front, back),
            front: Some(self.kmer(front)),
            back: Some(self.kmer(back)),
        }
    }
}

fn reverse(segment: &CutSegment) -> CutSegment {
    CutSegment {
        sequence: segment.sequence.reverse_complement(),
        front: segment.back.map(|kmer| kmer.reversed(K)),
        back: segment.front.map(|kmer| kmer.reversed(K)),
    }
}

/// A placer that knows the two segments between the three splitters as groups 16 and 17.
fn placer(genome: &Genome) -> Placer {
    let mut placer = Placer::new(K, MIN_MATCH);
    for (front, back) in [(0, 1), (1, 2)] {
        let placed = placer.place(&genome.segment(front, back), None);
        assert!(matches!(placed[0].content, Content::Reference(_)));
    }
    placer
}

fn ask(placer: &Placer, segment: &CutSegment) -> Option<Finding> {
    placer
        .question(&Arc::new(segment.clone()))
        .map(|question| question())
}

/// What a reader gets back from placed pieces, in the order of the contig.
fn restored(placed: &[Placed]) -> Vec<u8> {
    let mut codes = Vec::new();
    for piece in placed {
        let stored = match &piece.content {
            Content::Raw(sequence) | Content::Delta { sequence, .. } => sequence,
            Content::Reference(reference) => reference.sequence(),
        };
        let piece = oriented(stored, piece.is_rev_comp).to_codes();
        let overlap = if codes.is_empty() { 0 } else { K as usize };
        assert_eq!(codes[codes.len() - overlap..], piece[..overlap]);
        codes.extend_from_slice(&piece[overlap..]);
    }
    codes
}

fn groups(placed: &[Placed]) -> Vec<u32> {
    placed.iter().map(|piece| piece.group).collect()
}

#[test]
fn a_known_key_needs_no_question_on_either_strand() {
    let genome = Genome::new(1);
    let mut placer = placer(&genome);
    for segment in [genome.segment(0, 1), reverse(&genome.segment(0, 1))] {
        assert_eq!(ask(&placer, &segment), None);
        let placed = placer.place(&segment, None);
        assert_eq!(groups(&placed), [16]);
        let Content::Delta { reference, sequence } = &placed[0].content else {
            panic!("a delta is expected");
        };
        assert_eq!(sequence, reference.sequence());
        assert_eq!(restored(&placed), segment.sequence.to_codes());
    }
}

#[test]
fn a_lost_middle_splitter_cuts_the_segment_in_two() {
    for seed in 0..4 {
        let genome = Genome::new(1000 * seed);
        let mut placer = placer(&genome);
        let mut mutated = genome.segment(0, 2).sequence.to_codes();
        let middle = genome.places[1] - genome.places[0] + 8;
        mutated[middle] = (mutated[middle] + 1) % 4;
        let segment = CutSegment {
            sequence: Sequence::from_codes(&mutated),
            ..genome.segment(0, 2)
        };
        for (segment, expected) in [(segment.clone(), [16, 17]), (reverse(&segment), [17, 16])] {
            let finding = ask(&placer, &segment);
            assert!(
                matches!(finding, Some(Finding::Split { .. })),
                "seed {seed}: {finding:?}"
            );
            let placed = placer.place(&segment, finding);
            assert_eq!(groups(&placed), expected);
            assert_eq!(restored(&placed), segment.sequence.to_codes());
        }
    }
}

#[test]
fn strange_sequence_between_known_splitters_founds_a_group() {
    let genome = Genome::new(1);
    let mut placer = placer(&genome);
    let mut segment = genome.segment(0, 2);
    segment.sequence = Sequence::from_codes(&Genome::new(99_999).codes);
    let finding = ask(&placer, &segment);
    assert_eq!(finding, Some(Finding::Nothing));
    assert_eq!(groups(&placer.place(&segment, finding)), [18]);
}

#[test]
fn one_splitter_finds_the_neighbour_that_the_segment_follows() {
    for seed in 0..4 {
        let genome = Genome::new(1000 * seed);
        let mut placer = placer(&genome);
        // From the middle splitter on, both groups are candidates; the contig ends before the next splitter.
        let codes = &genome.codes[genome.places[1]..genome.places[2] - 100];
        let segment = CutSegment {
            sequence: Sequence::from_codes(codes),
            front: Some(genome.kmer(1)),
            back: None,
        };
        for segment in [segment.clone(), reverse(&segment)] {
            let finding = ask(&placer, &segment);
            let placed = placer.place(&segment, finding);
            assert_eq!(groups(&placed), [17], "seed {seed}: {finding:?}");
            assert_eq!(restored(&placed), segment.sequence.to_codes());
        }
    }
}

#[test]
fn one_splitter_and_nothing_alike_founds_a_group_that_the_next_one_finds() {
    let genome = Genome::new(1);
    let mut placer = placer(&genome);
    let strange = CutSegment {
        sequence: Sequence::from_codes(&Genome::new(99_999).codes),
        front: Some(genome.kmer(1)),
        back: None,
    };
    let finding = ask(&placer, &strange);
    assert_eq!(finding, Some(Finding::Nothing));
    assert_eq!(groups(&placer.place(&strange, finding)), [18]);
    let again = reverse(&strange);
    let finding = ask(&placer, &again);
    assert!(
        matches!(finding, Some(Finding::Whole(home)) if home.group == 18),
        "{finding:?}"
    );
    assert_eq!(groups(&placer.place(&again, finding)), [18]);
}

#[test]
fn segments_without_splitters_are_dealt_to_raw_groups_and_long_ones_found_groups() {
    let mut placer = placer(&Genome::new(1));
    let segment = |len: usize| CutSegment {
        sequence: Sequence::from_codes(&vec![1; len]),
        front: None,
        back: None,
    };
    let short = segment(MAX_RAW_LEN);
    assert_eq!(ask(&placer, &short), None);
    let dealt: Vec<u32> = (0..17)
        .flat_map(|_| groups(&placer.place(&short, None)))
        .collect();
    assert_eq!(dealt, (0..16).chain([0]).collect::<Vec<_>>());
    assert_eq!(groups(&placer.place(&segment(MAX_RAW_LEN + 1), None)), [18]);
    assert_eq!(placer.into_catalogue().n_groups(), 19);
}

#[test]
fn the_catalogue_lists_its_keys_in_order() {
    let genome = Genome::new(1);
    let catalogue = placer(&genome).into_catalogue();
    let keys = catalogue.sorted_keys();
    assert_eq!(keys.len(), 2);
    assert!(keys.is_sorted());
    assert!(keys.iter().all(|(Key(low, high), _)| low < high));
}
