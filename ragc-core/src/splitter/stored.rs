//! Splitters that an archive holds already.

use super::{Sampling, Splitters};

impl Sampling {
    /// The filter that passes every k-mer.
    const NONE: Self = Self { mask: 0 };

    /// The filter for splitters that are `segment_size` bases apart, if all of them pass it. Archives of AGC have
    /// splitters that do not: it looks at every k-mer.
    fn for_stored(segment_size: u32, values: &[u64]) -> Self {
        let sampling = Self::for_segment_size(segment_size);
        match values.iter().all(|value| sampling.passes(*value)) {
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
            sampling: Sampling::for_stored(segment_size, values),
            values: values.iter().copied().collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_stored_splitter_is_found_whoever_chose_it() {
        let all: Vec<u64> = (0..10_000u64).map(|i| i << 20).collect();
        let sampling = Sampling::for_segment_size(60_000);
        let sampled: Vec<u64> = all
            .iter()
            .copied()
            .filter(|value| sampling.passes(*value))
            .collect();
        assert!(sampled.len() > 10 && sampled.len() < all.len() / 50);
        for values in [&all, &sampled] {
            let splitters = Splitters::stored(21, 60_000, values);
            assert!(values.iter().all(|value| splitters.contains(*value)));
            assert_eq!(splitters.sorted(), *values);
        }
        assert_eq!(Splitters::stored(21, 60_000, &sampled).sampling, sampling);
        assert!(!Splitters::stored(21, 60_000, &all).contains(1));
    }
}
