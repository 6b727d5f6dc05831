//! Putting segments together, with a look at what they share.

use crate::error::{Error, Result};

/// Checks that each segment begins with the `k` symbols that the one before ends with.
#[derive(Debug)]
pub(crate) struct Joiner {
    k: usize,
    /// Last symbols of the segment before, `k` of them unless it is shorter.
    tail: Vec<u8>,
    /// Whether there is no segment before.
    is_first: bool,
}

impl Joiner {
    pub(crate) fn new(k: u32) -> Self {
        Self {
            k: k as usize,
            tail: Vec::with_capacity(k as usize),
            is_first: true,
        }
    }

    /// Forgets the segment before: another contig begins, or some segments are skipped.
    pub(crate) fn restart(&mut self) {
        self.is_first = true;
    }

    /// Takes the next symbols, which begin with the overlap unless they are the first, and returns what is new.
    pub(crate) fn join<'a>(&mut self, codes: &'a [u8]) -> Result<&'a [u8]> {
        let new = if self.is_first {
            codes
        } else {
            match codes.split_at_checked(self.k) {
                Some((overlap, new)) if overlap == self.tail => new,
                _ => {
                    return Err(Error::corrupt(
                        "two neighbouring segments differ where they overlap",
                    ));
                }
            }
        };
        self.is_first = false;
        self.tail.clear();
        // A segment shorter than k stands alone; if another follows, the overlap cannot be equal.
        self.tail
            .extend_from_slice(&codes[codes.len().saturating_sub(self.k)..]);
        Ok(new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_overlap_is_compared_and_left_out() {
        let mut joiner = Joiner::new(2);
        assert_eq!(joiner.join(&[0, 1, 2]).unwrap(), [0, 1, 2]);
        assert_eq!(joiner.join(&[1, 2, 3]).unwrap(), [3]);
        assert_eq!(joiner.join(&[2, 3]).unwrap(), []);
        assert!(joiner.join(&[2, 2, 0]).is_err());
        joiner.restart();
        assert_eq!(joiner.join(&[1]).unwrap(), [1]);
        assert!(joiner.join(&[1, 1]).is_err());
        assert!(joiner.join(&[1]).is_err());
        joiner.restart();
        joiner.join(&[]).unwrap();
        assert!(joiner.join(&[1, 1]).is_err());
    }
}
