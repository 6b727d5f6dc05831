//! Does a sequence repeat itself? Sampled k-mers tell.

use crate::sequence::Sequence;
use std::ops::Range;

/// Bases of a k-mer: by chance none occurs twice in a reference.
const LEN: usize = 24;
/// The bits of one.
const MASK: u64 = (1 << (2 * LEN)) - 1;

/// One k-mer in so many is looked at.
const INTERVAL: usize = 16;
/// Odd, so that no two k-mers have one hash; the highest bits follow from all bases.
const MULTIPLIER: u64 = 0x9E37_79B9_7F4A_7C15;

/// A sequence repeats itself if one k-mer in so many has been there before.
const MIN_SHARE: usize = 12;

/// Longer references are not asked: they would take long as symbols.
const MAX_LEN: usize = 1 << 24;

/// Whether enough of the k-mers occur once more, on the same strand, for copies to pay.
pub(super) fn repeats_itself(reference: &Sequence) -> bool {
    if reference.len() > MAX_LEN {
        return false;
    }
    let mut hashes = Vec::with_capacity(reference.len() / INTERVAL + 1);
    for Range { start, end } in stretches(reference) {
        for at in start..(end + 1).saturating_sub(LEN) {
            let hash = (reference.window(at) & MASK).wrapping_mul(MULTIPLIER);
            if hash < u64::MAX / INTERVAL as u64 {
                hashes.push(hash);
            }
        }
    }
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
    use crate::kmer::mix;

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
