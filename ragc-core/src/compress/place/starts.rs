//! Where references begin in the concatenation of all.

use std::ops::Range;

/// Bases of a bucket, as a power of two: one of them holds few beginnings, so that looking in it is one look at memory.
const BUCKET_BITS: u32 = 12;

/// What stands behind a place in the concatenation: a reference, from one of its positions on.
#[derive(Debug, Clone, Copy)]
struct ReferenceStart {
    at: u64,
    group: u32,
    /// 0, unless the reference has grown.
    from: u32,
}

/// The beginnings of all references, in ascending order, with their groups. A reference that grows has a beginning for each part.
#[derive(Debug, Default)]
pub(super) struct Starts {
    starts: Vec<ReferenceStart>,
    /// For each bucket, how many references begin before it.
    buckets: Vec<u32>,
    n_bases: u64,
}

impl Starts {
    /// Adds a part of a reference behind all others, and gives its beginning.
    pub(super) fn push(&mut self, group: u32, part: Range<usize>) -> u64 {
        let start = self.n_bases;
        self.starts.push(ReferenceStart {
            at: start,
            group,
            from: part.start as u32,
        });
        self.n_bases += part.len() as u64;
        let n_buckets = (self.n_bases >> BUCKET_BITS) as usize + 2;
        // Where a bucket begins inside a reference or behind the last, that one begins before it.
        self.buckets.resize(n_buckets.max(self.buckets.len()), 0);
        for bucket in (start >> BUCKET_BITS) as usize + 1..n_buckets {
            self.buckets[bucket] = self.starts.len() as u32;
        }
        start
    }

    /// Bases of all references.
    pub(super) fn n_bases(&self) -> u64 {
        self.n_bases
    }

    /// The group at a place, and the position in its reference.
    #[inline]
    pub(super) fn resolve(&self, pos: u64) -> (u32, usize) {
        let bucket = (pos >> BUCKET_BITS) as usize;
        let (before, end) = (self.buckets[bucket] as usize, self.buckets[bucket + 1] as usize);
        let n_inside = self.starts[before..end].partition_point(|start| start.at <= pos);
        let start = self.starts[before + n_inside - 1];
        (start.group, (pos - start.at) as usize + start.from as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_belongs_to_the_reference_that_begins_last_before_it() {
        let mut starts = Starts::default();
        let lens = [5, 4091, 1, 1, 4095, 20_000, 4096, 4096, 3, 1];
        for from in [0, 7] {
            let begins = lens.map(|len| (starts.push(len as u32, from..from + len), len));
            for (begin, len) in begins {
                for offset in 0..len {
                    assert_eq!(starts.resolve(begin + offset as u64), (len as u32, from + offset));
                }
            }
        }
    }
}
