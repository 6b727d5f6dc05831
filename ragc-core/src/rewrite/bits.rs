//! A set of small numbers.

/// Numbers from 0 on, a bit each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Bits(Vec<u64>);

impl Bits {
    pub(super) fn insert(&mut self, number: u32) {
        let word = (number / 64) as usize;
        if word >= self.0.len() {
            self.0.resize(word + 1, 0);
        }
        self.0[word] |= 1 << (number % 64);
    }

    pub(super) fn contains(&self, number: u32) -> bool {
        let word = self.0.get((number / 64) as usize);
        word.is_some_and(|word| word >> (number % 64) & 1 == 1)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    /// All of them, ascending.
    pub(super) fn iter(&self) -> impl Iterator<Item = u32> {
        let in_word = |(i, word): (usize, &u64)| {
            let word = *word;
            (0..64u32)
                .filter(move |bit| word >> bit & 1 == 1)
                .map(move |bit| i as u32 * 64 + bit)
        };
        self.0.iter().enumerate().flat_map(in_word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_inserted_is_there() {
        let mut bits = Bits::default();
        assert!(bits.is_empty() && !bits.contains(0) && !bits.contains(1000));
        for number in [64, 0, 63, 200, 64] {
            bits.insert(number);
        }
        assert!(bits.iter().eq([0, 63, 64, 200]));
        assert!(bits.contains(200) && !bits.contains(199) && !bits.contains(201));
        assert!(!bits.is_empty());
    }
}
