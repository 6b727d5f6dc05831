//! Where a contig that is stored as it is should be turned.
//!
//! zstd copies along one strand only. So what stands on the other strand in the pack, or in the contig itself, becomes a piece that
//! is stored turned: chloroplasts repeat 25 kb inverted, and genomes of phages are published from either strand.

use super::seeds::{SEED_LEN, Seed};
use super::strand_seeds::StrandSeeds;
use ahash::AHashMap;
use std::ops::Range;

/// More seeds that one strand has to find for a turn to pay. A turn takes a descriptor and two copies; docs/measurements.md, "Strands in raw
/// packs", has what other figures gave.
const TURN_SEEDS: i64 = 20;

/// A part of a contig that is stored on one strand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct StrandPart {
    pub(super) range: Range<usize>,
    pub(super) is_rev_comp: bool,
}

/// A way to store the seeds of a contig up to one of them.
#[derive(Debug, Clone, Default)]
struct Way {
    /// Seeds that it finds, less those that its turns cost.
    n_found: i64,
    begins_turned: bool,
    /// Numbers of the seeds that are the first on the other strand, ascending.
    turns: Vec<usize>,
}

/// Cuts a contig of `len` bases, whose seeds these are, where the other strand finds more: in `text`, and in the contig in front.
/// No cut lies in front of `least`.
pub(super) fn stretches(len: usize, seeds: &[Seed], text: &StrandSeeds, least: usize) -> Vec<StrandPart> {
    let way = best_way(seeds, text);
    let mut stretches = Vec::with_capacity(way.turns.len() + 1);
    let (mut start, mut is_rev_comp) = (0, way.begins_turned);
    for turn in way.turns {
        // What is found on the strand before goes up to the end of its last seed.
        let end = seeds[turn - 1].pos + SEED_LEN;
        if end >= least {
            let range = start..end;
            stretches.push(StrandPart { range, is_rev_comp });
            start = end;
        }
        is_rev_comp = !is_rev_comp;
    }
    let range = start..len;
    stretches.push(StrandPart { range, is_rev_comp });
    stretches
}

/// The way that finds most.
fn best_way(seeds: &[Seed], text: &StrandSeeds) -> Way {
    let finds = |is_turned| {
        seeds
            .iter()
            .filter(|seed| text.contains(**seed, is_turned))
            .count()
    };
    // The contig itself has a seed where it was first.
    let mut own: AHashMap<u64, usize> = AHashMap::new();
    // The best ways that end as the contig reads, and turned.
    let mut ways = [Way::default(), Way::TURNED];
    for (i, seed) in seeds.iter().enumerate() {
        let before = own.get(&seed.hash).copied();
        own.entry(seed.hash).or_insert(i);
        if i > 0 {
            let [direct, turned] = &mut ways;
            direct.turn_from(turned, i);
            turned.turn_from(direct, i);
        }
        for (way, is_turned) in ways.iter_mut().zip([false, true]) {
            let is_own = before.is_some_and(|before| {
                let is_alike = seeds[before].is_direct == seed.is_direct;
                is_alike == (way.is_turned_at(before) == is_turned)
            });
            way.n_found += i64::from(is_own || text.contains(*seed, is_turned));
        }
    }
    let [direct, turned] = ways;
    let best = if turned.n_found > direct.n_found {
        turned
    } else {
        direct
    };
    match best.turns[..] {
        // To turn all of a contig costs nothing.
        [] if finds(true) > finds(false) => Way::TURNED,
        [] => Way::default(),
        _ => best,
    }
}

impl Way {
    /// All turned.
    const TURNED: Self = Self {
        n_found: -TURN_SEEDS,
        begins_turned: true,
        turns: Vec::new(),
    };

    /// Goes on from the other way, which turns at this seed, if that has found as much: of two that are as good the later turn, since the contig
    /// itself should have been as it reads.
    fn turn_from(&mut self, other: &Self, seed: usize) {
        let n_found = other.n_found - TURN_SEEDS;
        if n_found >= self.n_found {
            self.n_found = n_found;
            self.begins_turned = other.begins_turned;
            self.turns.clone_from(&other.turns);
            self.turns.push(seed);
        }
    }

    fn is_turned_at(&self, seed: usize) -> bool {
        let n_turns = self.turns.partition_point(|turn| *turn <= seed);
        self.begins_turned != (n_turns % 2 == 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compress::place::seeds::Seeds;
    use crate::kmer::mix;
    use crate::sequence::Sequence;

    const LEAST: usize = 31;

    fn seeds() -> Seeds {
        Seeds::new(1.0 / 4.0)
    }

    fn random(seed: u64, len: u64) -> Sequence {
        let codes: Vec<u8> = (0..len).map(|i| (mix(seed << 32 | i) & 3) as u8).collect();
        Sequence::from_codes(&codes)
    }

    fn joined(parts: &[&Sequence]) -> Sequence {
        let codes: Vec<u8> = parts.iter().flat_map(|part| part.to_codes()).collect();
        Sequence::from_codes(&codes)
    }

    fn cut(contig: &Sequence, text: &Sequence) -> Vec<(Range<usize>, bool)> {
        let mut of_text = StrandSeeds::default();
        seeds().for_each(text, |seed| of_text.add(seed, false));
        let mut of_contig = Vec::new();
        seeds().for_each(contig, |seed| of_contig.push(seed));
        let stretches = stretches(contig.len(), &of_contig, &of_text, LEAST);
        let parts = stretches.into_iter().map(|it| (it.range, it.is_rev_comp));
        parts.collect()
    }

    /// Stretches that end within a few seeds of where they should, one behind the other.
    #[track_caller]
    fn check(contig: &Sequence, text: &Sequence, ends: &[usize], first: bool) {
        let stretches = cut(contig, text);
        assert_eq!(stretches.len(), ends.len(), "{stretches:?}");
        let (mut from, mut is_rev_comp) = (0, first);
        for ((range, strand), end) in stretches.iter().zip(ends) {
            assert_eq!((range.start, *strand), (from, is_rev_comp), "{stretches:?}");
            assert!(range.end.abs_diff(*end) < 40, "{stretches:?}");
            (from, is_rev_comp) = (range.end, !is_rev_comp);
        }
        assert_eq!(from, contig.len());
    }

    #[test]
    fn what_stands_on_the_other_strand_is_turned() {
        let [a, b, c] = [1, 2, 3].map(|seed| random(seed, 2000));
        let text = joined(&[&a, &b, &c]);
        let none = Sequence::from_codes(&[]);
        check(&text, &none, &[6000], false);
        check(&text, &text, &[6000], false);
        check(&text.reverse_complement(), &text, &[6000], true);
        let inverted = joined(&[&a, &b.reverse_complement(), &c]);
        check(&inverted, &text, &[2000, 4000, 6000], false);
        let ends_turned = joined(&[&a.reverse_complement(), &b, &c.reverse_complement()]);
        check(&ends_turned, &text, &[2000, 4000, 6000], true);
    }

    #[test]
    fn an_inverted_repeat_is_turned_towards_its_own_contig() {
        let [a, b, c] = [4, 5, 6].map(|seed| random(seed, 3000));
        let contig = joined(&[&a, &b, &c, &b.reverse_complement()]);
        check(&contig, &Sequence::from_codes(&[]), &[9000, 12_000], false);
    }

    #[test]
    fn a_short_inversion_is_not_worth_a_turn() {
        let [a, b, c] = [7, 8, 9].map(|seed| random(seed, 2000));
        let short = b.slice(0..60);
        let text = joined(&[&a, &short, &c]);
        let contig = joined(&[&a, &short.reverse_complement(), &c]);
        check(&contig, &text, &[4060], false);
    }

    #[test]
    fn nothing_is_cut_off_that_could_not_overlap() {
        let [a, b] = [10, 11].map(|seed| random(seed, 2000));
        let begins = random(12, 60).slice(0..60);
        let text = joined(&[&begins, &a, &b.reverse_complement()]);
        let contig = joined(&[&begins.slice(0..25), &a.reverse_complement(), &b]);
        let stretches = cut(&contig, &text);
        assert!(stretches[0].0.end >= LEAST, "{stretches:?}");
    }

    #[test]
    fn cuts_are_the_same_once_the_pieces_are_stored() {
        let [a, b, c] = [13, 14, 15].map(|seed| random(seed, 2000));
        let contig = joined(&[&a, &b, &c, &b.reverse_complement(), &a]);
        let first = cut(&contig, &Sequence::from_codes(&[]));
        let pieces: Vec<Sequence> = first
            .iter()
            .map(|(range, is_rev_comp)| {
                let piece = contig.slice(range.start.saturating_sub(LEAST)..range.end);
                match is_rev_comp {
                    true => piece.reverse_complement(),
                    false => piece,
                }
            })
            .collect();
        let text = joined(&pieces.iter().collect::<Vec<_>>());
        assert_eq!(cut(&contig, &text), first);
        assert_eq!(first.len(), 3);
    }
}
