//! Does a sequence repeat itself? Sampled k-mers tell.

use crate::kmer::mix;
use crate::sequence::Sequence;
use std::ops::Range;

/// Bases of a k-mer: by chance none occurs twice in a reference.
const LEN: usize = 24;
/// The bits of one.
const MASK: u64 = (1 << (2 * LEN)) - 1;

/// One k-mer in so many is looked at.
const INTERVAL: u64 = 16;

/// A sequence repeats itself if one k-mer in so many has been there before.
const MIN_SHARE: usize = 12;

/// Longer references are not asked: they would take long as symbols.
const MAX_LEN: usize = 1 << 24;

/// Whether enough of the k-mers occur once more, on the same strand, for copies to pay.
pub(super) fn repeats_itself(reference: &Sequence) -> bool {
    if reference.len() > MAX_LEN {
        return false;
    }
    let mut hashes = Vec::with_capacity(reference.len() / INTERVAL as usize + 1);
    let stretches =
        stretches(reference).flat_map(|Range { start, end }| start..(end + 1).saturating_sub(LEN));
    let kmers = stretches.map(|at| mix(reference.window(at) & MASK));
    hashes.extend(kmers.filter(|hash| hash.is_multiple_of(INTERVAL)));
    let n = hashes.len();
    hashes.sort_unstable();
    hashes.dedup();
    (n - hashes.len()) * MIN_SHARE > n
}

/// Stretches of bases between other symbols, some of them empty.
fn stretches(sequence: &Sequence) -> impl Iterator<Item = Range<usize>> {
    let runs = sequence.runs().iter();
    let bounds = |at: u32, len: u32| (at as usize, (at + len) as usize);
    let runs = runs.map(move |run| bounds(run.start, run.len));
    let ends = runs.chain([(sequence.len(), sequence.len())]);
    ends.scan(0, |start, (end, next)| Some(std::mem::replace(start, next)..end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn random(len: u64) -> Vec<u8> {
        (0..len).map(|i| (mix(i) & 3) as u8).collect()
    }

    fn repeats_itself(codes: &[u8]) -> bool {
        super::repeats_itself(&Sequence::from_codes(codes))
    }

    #[test]
    fn copies_are_noticed_wherever_they_lie() {
        let codes = random(20_000);
        assert!(!repeats_itself(&codes));
        for shift in 0..5 {
            let twice = [&codes[..], &codes[1000 + shift..4000]].concat();
            assert!(repeats_itself(&twice), "{shift}");
        }
    }

    #[test]
    fn short_and_ambiguous_sequences_have_nothing_to_repeat() {
        for codes in [vec![], vec![0; 5], vec![4; 1000]] {
            assert!(!repeats_itself(&codes));
        }
        let unit = random(500);
        assert!(repeats_itself(&unit.repeat(3)));
    }
}
