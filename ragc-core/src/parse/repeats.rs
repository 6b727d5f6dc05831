//! The last three offsets, which a match may take up again for little.

/// The last three offsets, the last first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Repeats([u32; 3]);

impl Repeats {
    /// What a frame begins with.
    pub(super) const FIRST: Self = Self([1, 4, 8]);

    /// Offsets that cost little behind a run of literals of this length.
    #[inline]
    pub(super) fn cheap(&self, run: u32) -> [u32; 3] {
        let [last, second, third] = self.0;
        match run {
            // A match that goes on where another ended has another offset, so the first is of no use there.
            0 => [second, third, last - 1],
            _ => self.0,
        }
    }

    /// The value that stands for an offset.
    #[inline]
    pub(super) fn value(&self, run: u32, offset: u32) -> u32 {
        let [first, second, third] = self.cheap(run);
        match offset {
            _ if offset == first => 1,
            _ if offset == second => 2,
            _ if offset == third => 3,
            _ => offset + 3,
        }
    }

    /// The last offsets after a match.
    #[inline]
    pub(super) fn after(&self, run: u32, offset: u32) -> Self {
        let [last, second, third] = self.0;
        match offset {
            _ if offset == last && run > 0 => *self,
            _ if offset == second => Self([offset, last, third]),
            _ => Self([offset, last, second]),
        }
    }
}
