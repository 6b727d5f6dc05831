//! Chooses the splitters in the reference sample.

use super::{Sampling, Splitters};
use crate::kmer::KmerWindow;

/// A sampled k-mer of the reference sample.
#[derive(Debug, Clone, Copy)]
struct Candidate {
    value: u64,
    /// Symbols of its contig up to and including its last base.
    end: u64,
}

/// Collects the sampled k-mers of the reference sample, contig by contig, and chooses among those that occur once.
///
/// In every contig the first candidate is a splitter, then each that ends at least `segment_size` symbols after the one
/// before, and the last candidate of the contig (FORMAT.md, "How ragc decides"). If no contig is longer than `segment_size`,
/// there are no splitters: contigs are segments then, and only those like the reference sample would be cut, which makes
/// archives larger (docs/measurements.md, "Constants").
#[derive(Debug)]
pub struct SplitterFinder {
    k: u32,
    segment_size: u64,
    sampling: Sampling,
    window: KmerWindow,
    candidates: Vec<Candidate>,
    /// For each finished contig, the number of candidates up to its end.
    contig_ends: Vec<usize>,
    n_symbols: u64,
    longest_contig: u64,
}

impl SplitterFinder {
    /// Starts with no contig read.
    #[must_use]
    pub fn new(k: u32, segment_size: u32) -> Self {
        Self {
            k,
            segment_size: u64::from(segment_size),
            sampling: Sampling::for_segment_size(segment_size),
            window: KmerWindow::new(k),
            candidates: Vec::new(),
            contig_ends: Vec::new(),
            n_symbols: 0,
            longest_contig: 0,
        }
    }

    /// Takes the next symbol codes of the contig.
    pub fn push(&mut self, codes: &[u8]) {
        let Self {
            window,
            candidates,
            n_symbols,
            ..
        } = self;
        self.sampling.scan(window, codes, |end, strands| {
            candidates.push(Candidate {
                value: strands.kmer().value,
                end: *n_symbols + end as u64,
            });
        });
        self.n_symbols += codes.len() as u64;
    }

    /// Ends the contig.
    pub fn end_contig(&mut self) {
        self.window.clear();
        self.longest_contig = self.longest_contig.max(self.n_symbols);
        self.n_symbols = 0;
        self.contig_ends.push(self.candidates.len());
    }

    /// All sampled k-mers so far, ascending, each once.
    #[must_use]
    pub fn kmers(&self) -> Vec<u64> {
        let mut kmers = sorted_values(&self.candidates);
        kmers.dedup();
        kmers
    }

    /// Chooses the splitters.
    #[must_use]
    pub fn finish(self) -> Splitters {
        self.finish_without(&[])
    }

    /// Chooses the splitters, none of them in `others`, which ascend.
    #[must_use]
    pub fn finish_without(self, others: &[u64]) -> Splitters {
        if self.longest_contig <= self.segment_size {
            return Splitters::new(self.k, []);
        }
        let mut splitters = Vec::new();
        let mut singletons = singletons(&self.candidates);
        singletons.retain(|value| others.binary_search(value).is_err());
        let mut first = 0;
        for end in &self.contig_ends {
            self.choose(&self.candidates[first..*end], &singletons, |value| {
                splitters.push(value)
            });
            first = *end;
        }
        Splitters::new(self.k, splitters)
    }

    fn choose(&self, candidates: &[Candidate], singletons: &[u64], mut take: impl FnMut(u64)) {
        let is_singleton = |candidate: &Candidate| singletons.binary_search(&candidate.value).is_ok();
        let mut last_end: Option<u64> = None;
        for candidate in candidates {
            let far_enough = last_end.is_none_or(|last| candidate.end >= last + self.segment_size);
            if far_enough && self.is_behind(candidate, last_end) && is_singleton(candidate) {
                take(candidate.value);
                last_end = Some(candidate.end);
            }
        }
        let last = candidates
            .iter()
            .rev()
            .take_while(|candidate| self.is_behind(candidate, last_end))
            .find(|candidate| is_singleton(candidate));
        if let Some(candidate) = last {
            take(candidate.value);
        }
    }

    /// Whether the k-mer shares no base with the last splitter.
    fn is_behind(&self, candidate: &Candidate, last_end: Option<u64>) -> bool {
        last_end.is_none_or(|last| candidate.end >= last + u64::from(self.k))
    }
}

fn sorted_values(candidates: &[Candidate]) -> Vec<u64> {
    let mut values: Vec<u64> = candidates.iter().map(|candidate| candidate.value).collect();
    values.sort_unstable();
    values
}

/// Values that occur exactly once, ascending.
fn singletons(candidates: &[Candidate]) -> Vec<u64> {
    let mut values = sorted_values(candidates);
    let mut n_kept = 0;
    let mut first = 0;
    while first < values.len() {
        let value = values[first];
        let n_equal = values[first..]
            .iter()
            .take_while(|other| **other == value)
            .count();
        if n_equal == 1 {
            values[n_kept] = value;
            n_kept += 1;
        }
        first += n_equal;
    }
    values.truncate(n_kept);
    values
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sequence::Sequence;

    /// Pseudo-random bases from a seed.
    pub(crate) fn random_codes(len: usize, mut seed: u64) -> Vec<u8> {
        (0..len)
            .map(|_| {
                seed = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
                (crate::kmer::mix(seed) & 3) as u8
            })
            .collect()
    }

    fn find(contigs: &[&[u8]], k: u32, segment_size: u32) -> Splitters {
        let mut finder = SplitterFinder::new(k, segment_size);
        for contig in contigs {
            for piece in contig.chunks(61) {
                finder.push(piece);
            }
            finder.end_contig();
        }
        finder.finish()
    }

    #[test]
    fn splitters_are_spaced_and_no_repeat_is_one() {
        let repeat = random_codes(3000, 1);
        let unique = random_codes(20_000, 2);
        let contig = [&repeat[..], &unique, &repeat].concat();
        let splitters = find(&[&contig], 21, 1000);
        // One at the start of the unique part, then about one in 1000, and the last candidate.
        let n = splitters.sorted().len();
        assert!((18..=22).contains(&n), "{n} splitters");
        assert_eq!(splitters.first_in(&Sequence::from_codes(&repeat), 0), None);
    }

    #[test]
    fn small_segments_look_at_every_base() {
        let contig = random_codes(1000, 3);
        let splitters = find(&[&contig], 17, 100);
        let first = splitters.first_in(&Sequence::from_codes(&contig), 0);
        assert_eq!(first.map(|(pos, _)| pos), Some(0), "the first k-mer of a contig");
    }

    #[test]
    fn contigs_without_a_full_window_have_no_splitter() {
        let short = random_codes(16, 4);
        let interrupted: Vec<u8> = (0..200)
            .map(|i| if i % 10 == 0 { 4 } else { (i % 4) as u8 })
            .collect();
        assert!(find(&[&short, &interrupted, &[]], 17, 100).sorted().is_empty());
    }
}
