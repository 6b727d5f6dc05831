//! Canonical k-mers, rolled along a sequence.
//!
//! A k-mer is a left-aligned number: its first base stands in the two highest bits (FORMAT.md, "`splitters`"), so
//! that numbers of every k sort alphabetically.

/// The value that stands for "no k-mer" in keys of groups. No canonical k-mer has it.
pub const NONE: u64 = u64::MAX;

/// An occurrence of a k-mer: its canonical value and the strand it was read on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kmer {
    /// The smaller of the value as read and that of the reverse complement, left-aligned.
    pub value: u64,
    /// Whether the value as read is the canonical one (also for palindromes).
    pub is_direct: bool,
}

impl Kmer {
    /// The same place seen from the other strand.
    #[must_use]
    pub fn reversed(self, k: u32) -> Self {
        let palindrome = reverse_complement(self.value, k) == self.value;
        Self {
            value: self.value,
            is_direct: palindrome || !self.is_direct,
        }
    }
}

/// Reverse complement of a left-aligned k-mer.
#[must_use]
pub fn reverse_complement(value: u64, k: u32) -> u64 {
    let swapped = value.reverse_bits();
    let reversed = (swapped >> 1 & 0x5555_5555_5555_5555) | (swapped & 0x5555_5555_5555_5555) << 1;
    // The k bases are now right-aligned; align left, complement, and clear what is below them.
    (!reversed << (64 - 2 * k)) & (u64::MAX << (64 - 2 * k))
}

/// A k-mer as read on both strands, both left-aligned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Strands {
    /// Value as read.
    pub direct: u64,
    /// Value of the reverse complement.
    pub reverse: u64,
}

impl Strands {
    /// Both strands of a canonical value.
    #[must_use]
    pub fn of(value: u64, k: u32) -> Self {
        Self {
            direct: value,
            reverse: reverse_complement(value, k),
        }
    }

    /// The k-mer by its canonical value.
    #[inline]
    #[must_use]
    pub fn kmer(self) -> Kmer {
        Kmer {
            value: self.direct.min(self.reverse),
            is_direct: self.direct <= self.reverse,
        }
    }
}

/// The last `k` bases of a sequence, updated base by base.
#[derive(Debug, Clone)]
pub struct KmerWindow {
    k: u32,
    strands: Strands,
    n_bases: u32,
}

impl KmerWindow {
    /// An empty window of `k` bases, 1 to 32.
    #[must_use]
    pub fn new(k: u32) -> Self {
        debug_assert!((1..=32).contains(&k));
        Self {
            k,
            strands: Strands {
                direct: 0,
                reverse: 0,
            },
            n_bases: 0,
        }
    }

    /// Forgets all bases.
    #[inline]
    pub fn clear(&mut self) {
        self.n_bases = 0;
    }

    /// Appends a base code (0 to 3) and gives the k-mer that ends with it, if the window is full.
    #[inline]
    pub fn push(&mut self, code: u8) -> Option<Kmer> {
        self.push_strands(code).map(Strands::kmer)
    }

    /// As [`Self::push`], without looking which strand is the canonical one.
    #[inline]
    pub fn push_strands(&mut self, code: u8) -> Option<Strands> {
        let low = 64 - 2 * self.k;
        let Strands { direct, reverse } = self.strands;
        self.strands = Strands {
            direct: direct << 2 | u64::from(code) << low,
            reverse: (reverse >> 2 & u64::MAX << low) | u64::from(3 - code) << 62,
        };
        self.n_bases += 1;
        (self.n_bases >= self.k).then_some(self.strands)
    }
}

impl KmerWindow {
    /// Appends eight base codes and tells whether any of the k-mers that end with them is `wanted`, if all are bases and the window
    /// is full by the first; else nothing is appended.
    #[inline]
    pub fn push_eight(&mut self, codes: [u8; 8], wanted: impl Fn(Strands) -> bool) -> Option<bool> {
        if u64::from_le_bytes(codes) & 0xFCFC_FCFC_FCFC_FCFC != 0 || self.n_bases + 1 < self.k {
            return None;
        }
        let low = 64 - 2 * self.k;
        let Strands {
            mut direct,
            mut reverse,
        } = self.strands;
        let mut is_any_wanted = false;
        for code in codes {
            direct = direct << 2 | u64::from(code) << low;
            // What is below the k-mer is cleared on the way out, so that the next base need not wait for it.
            reverse = reverse >> 2 | u64::from(3 - code) << 62;
            is_any_wanted |= wanted(Strands {
                direct,
                reverse: reverse & u64::MAX << low,
            });
        }
        self.strands = Strands {
            direct,
            reverse: reverse & u64::MAX << low,
        };
        Some(is_any_wanted)
    }
}

/// Scrambles a number; a bijection. The constants are those of MurmurHash3's finalizer.
#[inline]
#[must_use]
pub const fn mix(mut x: u64) -> u64 {
    x ^= x >> 33;
    x = x.wrapping_mul(0xFF51_AFD7_ED55_8CCD);
    x ^= x >> 33;
    x = x.wrapping_mul(0xC4CE_B9FE_1A85_EC53);
    x ^ x >> 33
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alphabet::{self, CODE_OF_LETTER};

    fn codes(text: &str) -> Vec<u8> {
        text.bytes()
            .map(|letter| CODE_OF_LETTER[letter as usize])
            .collect()
    }

    fn as_read(kmer: Kmer, k: u32) -> u64 {
        if kmer.is_direct {
            kmer.value
        } else {
            reverse_complement(kmer.value, k)
        }
    }

    fn last_kmer(codes: &[u8], k: u32) -> Kmer {
        let mut window = KmerWindow::new(k);
        let kmers: Vec<_> = codes.iter().filter_map(|code| window.push(*code)).collect();
        *kmers.last().expect("the window is full")
    }

    #[test]
    fn values_are_left_aligned_and_canonical() {
        // 17 bases fill the upper 34 bits.
        let kmer = last_kmer(&codes("GACAGGTACAAGAAGGA"), 17);
        assert_eq!(
            kmer,
            Kmer {
                value: 0x84AC_420A_0000_0000,
                is_direct: true
            }
        );
        let other_strand = last_kmer(&codes("TCCTTCTTGTACCTGTC"), 17);
        assert_eq!(
            other_strand,
            Kmer {
                value: 0x84AC_420A_0000_0000,
                is_direct: false
            }
        );
        assert_eq!(kmer.reversed(17), other_strand);
        let strands = Strands::of(kmer.value, 17);
        assert_eq!(strands.kmer(), kmer);
        assert_eq!(Strands::of(strands.reverse, 17).kmer(), other_strand);
    }

    #[test]
    fn every_length_agrees_with_the_reverse_complement_of_the_text() {
        let text = codes("GATTACATTTCGCGATATCCGGAGTCAACCGTTAGC");
        for k in 1..=32u32 {
            let forward = &text[..k as usize];
            let mut backward = forward.to_vec();
            alphabet::reverse_complement(&mut backward);
            let (a, b) = (last_kmer(forward, k), last_kmer(&backward, k));
            assert_eq!(a.value, b.value, "k = {k}");
            assert_eq!(a.reversed(k), b, "k = {k}");
            assert_eq!(reverse_complement(as_read(a, k), k), as_read(b, k), "k = {k}");
        }
    }
}
