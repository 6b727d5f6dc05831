//! Putting segments together, with a look at what they share.

use crate::error::{Error, Result};

/// The longest overlap of two segments: the largest `k` that an archive may have.
const MAX_SHARED: usize = 32;

/// Appends a segment to a contig that ends with the segment before it, or with a stretch of that.
///
/// Symbols of the contig from `start` on are those of this contig. What it has of the `k` symbols that the two
/// segments share is taken off, `append` appends the segment from there on (it is told how many of its symbols to
/// leave out), and the shared symbols are compared. So nothing is decoded twice, and nothing is moved.
pub(crate) fn append_joined(
    contig: &mut Vec<u8>,
    start: usize,
    k: u32,
    append: impl FnOnce(&mut Vec<u8>, u64) -> Result<()>,
) -> Result<()> {
    let k = k as usize;
    let n_shared = k.min(contig.len() - start).min(MAX_SHARED);
    let place = contig.len() - n_shared;
    let mut shared = [0; MAX_SHARED];
    shared[..n_shared].copy_from_slice(&contig[place..]);
    contig.truncate(place);
    append(contig, (k - n_shared) as u64)?;
    if contig[place..].starts_with(&shared[..n_shared]) {
        Ok(())
    } else {
        Err(differ())
    }
}

/// Checks that each stretch begins with the `k` symbols that the one before ends with.
#[derive(Debug)]
pub(crate) struct Joiner {
    k: usize,
    /// Last symbols of the stretch before, `k` of them unless it is shorter: a region may begin close to the end of a
    /// segment.
    tail: Vec<u8>,
    /// Whether there is no stretch before.
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

    /// Forgets the stretch before: another contig begins.
    pub(crate) fn restart(&mut self) {
        self.is_first = true;
    }

    /// Takes the next symbols, which begin with the overlap unless they are the first, and returns what is new.
    pub(crate) fn join<'a>(&mut self, codes: &'a [u8]) -> Result<&'a [u8]> {
        let new = if self.is_first {
            codes
        } else {
            match codes.split_at_checked(self.k) {
                Some((overlap, new)) if overlap.ends_with(&self.tail) => new,
                _ => return Err(differ()),
            }
        };
        self.is_first = false;
        self.tail.clear();
        self.tail
            .extend_from_slice(&codes[codes.len().saturating_sub(self.k)..]);
        Ok(new)
    }
}

fn differ() -> Error {
    Error::corrupt("two neighbouring segments differ where they overlap")
}

/// Checks the length of a segment that has neighbours: it reaches over the overlap.
pub(crate) fn check_overlaps(len: u64, k: u32) -> Result<()> {
    if len < u64::from(k) {
        return Err(Error::corrupt(format!(
            "a segment of {len} symbols cannot overlap by {k}"
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_overlap_is_compared_and_left_out() {
        let mut joiner = Joiner::new(2);
        assert_eq!(joiner.join(&[0, 1, 2]).unwrap(), [0, 1, 2]);
        assert_eq!(joiner.join(&[1, 2, 3]).unwrap(), [3]);
        assert!(joiner.join(&[2, 3]).unwrap().is_empty());
        assert!(joiner.join(&[2, 2, 0]).is_err());
        joiner.restart();
        assert_eq!(joiner.join(&[1]).unwrap(), [1]);
        assert_eq!(joiner.join(&[3, 1, 0]).unwrap(), [0]);
        assert!(joiner.join(&[1]).is_err());
    }

    #[test]
    fn a_segment_replaces_what_it_shares() {
        let join = |contig: &[u8], start, segment: &[u8]| {
            let mut contig = contig.to_vec();
            let append = |out: &mut Vec<u8>, skip: u64| {
                out.extend_from_slice(&segment[skip as usize..]);
                Ok(())
            };
            append_joined(&mut contig, start, 2, append).map(|()| contig)
        };
        assert_eq!(join(&[0, 1, 2], 0, &[1, 2, 3]).unwrap(), [0, 1, 2, 3]);
        assert_eq!(join(&[0, 1, 2], 0, &[1, 2]).unwrap(), [0, 1, 2]);
        // Only the last symbol belongs to this contig.
        assert_eq!(join(&[0, 1, 2], 2, &[9, 2, 3]).unwrap(), [0, 1, 2, 3]);
        assert!(join(&[0, 1, 2], 0, &[9, 2, 3]).is_err());
        assert!(join(&[0, 1, 2], 0, &[1]).is_err());
        assert!(check_overlaps(1, 2).is_err() && check_overlaps(2, 2).is_ok());
    }
}
