//! Does a sequence repeat itself? Sampled k-mers tell.

use crate::alphabet::FIRST_AMBIGUOUS;
use crate::kmer::{KmerWindow, mix};

/// Bases of a k-mer: by chance none occurs twice in a reference.
const LEN: u32 = 24;

/// One k-mer in so many is looked at.
const INTERVAL: u64 = 16;

/// A sequence repeats itself if one k-mer in so many has been there before.
const MIN_SHARE: usize = 12;

/// Longer references are not asked: they would take long as symbols.
const MAX_LEN: usize = 1 << 24;

/// Whether enough of the k-mers occur once more, on the same strand, for copies to pay.
pub(super) fn repeats_itself(codes: &[u8]) -> bool {
    if codes.len() > MAX_LEN {
        return false;
    }
    let mut window = KmerWindow::new(LEN);
    let mut hashes = Vec::with_capacity(codes.len() / INTERVAL as usize + 1);
    for code in codes.iter().copied() {
        if code >= FIRST_AMBIGUOUS {
            window.clear();
            continue;
        }
        let Some(strands) = window.push_strands(code) else {
            continue;
        };
        let hash = mix(strands.direct);
        if hash.is_multiple_of(INTERVAL) {
            hashes.push(hash);
        }
    }
    let n = hashes.len();
    hashes.sort_unstable();
    hashes.dedup();
    (n - hashes.len()) * MIN_SHARE > n
}

#[cfg(test)]
mod tests {
    use super::*;

    fn random(len: u64) -> Vec<u8> {
        (0..len).map(|i| (mix(i) & 3) as u8).collect()
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
