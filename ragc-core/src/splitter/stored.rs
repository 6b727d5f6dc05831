//! Splitters that an archive holds already.

use super::{Sampling, Splitters};
use crate::kmer::Strands;

impl Sampling {
    /// The filter that passes every k-mer.
    const NONE: Self = Self { limit: u64::MAX };

    /// The filter for splitters that are `segment_size` bases apart, if all of them pass it. Archives of AGC have
    /// splitters that do not: it looks at every k-mer.
    fn for_stored(k: u32, segment_size: u32, values: &[u64]) -> Self {
        let sampling = Self::for_segment_size(segment_size);
        match values.iter().all(|value| sampling.passes(Strands::of(*value, k))) {
            true => sampling,
            false => Self::NONE,
        }
    }
}

impl Splitters {
    /// The splitters of an archive whose k-mer length and segment size these are.
    #[must_use]
    pub fn stored(k: u32, segment_size: u32, values: &[u64]) -> Self {
        Self {
            k,
            sampling: Sampling::for_stored(k, segment_size, values),
            values: values.iter().copied().collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kmer::mix;

    #[test]
    fn every_stored_splitter_is_found_whoever_chose_it() {
        let canonical = |i: u64| Strands::of(mix(i) & (u64::MAX << 22), 21).kmer().value;
        let mut all: Vec<u64> = (1..10_000).map(canonical).collect();
        all.sort_unstable();
        let sampling = Sampling::for_segment_size(60_000);
        let sampled: Vec<u64> = all
            .iter()
            .copied()
            .filter(|value| sampling.passes(Strands::of(*value, 21)))
            .collect();
        assert!(sampled.len() > 10 && sampled.len() < all.len() / 50);
        for values in [&all, &sampled] {
            let splitters = Splitters::stored(21, 60_000, values);
            assert!(
                values
                    .iter()
                    .all(|value| splitters.find(Strands::of(*value, 21)).is_some())
            );
            assert_eq!(splitters.sorted(), *values);
        }
        assert_eq!(Splitters::stored(21, 60_000, &sampled).sampling, sampling);
        assert!(
            Splitters::stored(21, 60_000, &all)
                .find(Strands::of(0, 21))
                .is_none()
        );
    }
}
