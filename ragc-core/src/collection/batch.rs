//! Compact, read-only forms of what the collection streams hold.
//!
//! A collection can have millions of contigs with a few bytes of name each, so nothing here is a `Vec` of `Vec`s:
//! columns are cut by a second column of ends.

use std::ops::Range;
use std::sync::OnceLock;

use crate::collection::SegmentDesc;
use crate::error::{Error, ErrorKind, Result};
use crate::memory;
use crate::name::short_name;

/// All names of a batch may not exceed this many bytes once decoded.
pub(super) const MAX_NAMES_LEN: u64 = 1 << 30;

/// What a name counts for beside its bytes: with none at all it takes memory and time as well.
pub(super) const NAME_LEN: u64 = 64;

/// A list of byte strings in one buffer.
#[derive(Debug, Clone)]
pub(crate) struct Strings {
    bytes: Vec<u8>,
    ends: Vec<u32>,
    max_len: u64,
}

impl Default for Strings {
    fn default() -> Self {
        Self::within(u64::MAX)
    }
}

impl Strings {
    /// Strings of `max_len` bytes in all, or fewer, each with 64 bytes more: a few bytes can repeat a long name any number of times, and a damaged
    /// archive must not fill the memory that way.
    pub(crate) fn within(max_len: u64) -> Self {
        Self {
            bytes: Vec::new(),
            ends: Vec::new(),
            max_len,
        }
    }

    /// Appends what `write` appends to the buffer; `write` sees the strings before it as well.
    pub(crate) fn push_with(&mut self, write: impl FnOnce(&mut Vec<u8>) -> Result<()>) -> Result<()> {
        write(&mut self.bytes)?;
        let n_bytes = self.bytes.len() as u64;
        let (len, limit) = (n_bytes + NAME_LEN * self.ends.len() as u64, self.max_len);
        if len > limit || n_bytes > MAX_NAMES_LEN {
            return Err(Error::new(ErrorKind::TooLarge { len, limit }));
        }
        memory::grow(&mut self.ends, 1)?;
        self.ends.push(self.bytes.len() as u32);
        Ok(())
    }

    pub(crate) fn push(&mut self, string: &[u8]) -> Result<()> {
        self.push_with(|bytes| {
            memory::grow(bytes, string.len())?;
            bytes.extend_from_slice(string);
            Ok(())
        })
    }

    /// Some neighbouring strings as a list of their own.
    fn slice(&self, range: Range<usize>) -> Self {
        let (from, to) = (start(&self.ends, range.start), start(&self.ends, range.end));
        Self {
            bytes: self.bytes[from..to].to_vec(),
            ends: self.ends[range].iter().map(|end| end - from as u32).collect(),
            max_len: self.max_len,
        }
    }

    pub(crate) fn range(&self, i: usize) -> Range<usize> {
        start(&self.ends, i)..self.ends[i] as usize
    }

    fn get(&self, i: usize) -> &[u8] {
        &self.bytes[self.range(i)]
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The first string that holds the end of a line.
    fn with_line_end(&self) -> Option<&[u8]> {
        let place = memchr::memchr2(b'\n', b'\r', &self.bytes)?;
        let i = self.ends.partition_point(|end| *end as usize <= place);
        Some(self.get(i))
    }

    fn mem_len(&self) -> usize {
        self.bytes.capacity() + self.ends.capacity() * 4
    }
}

/// Where entry `i` starts: where the one before it ends.
fn start(ends: &[u32], i: usize) -> usize {
    i.checked_sub(1).map_or(0, |before| ends[before] as usize)
}

/// Names of all samples of an archive, in archive order.
#[derive(Debug, Clone, Default)]
pub struct SampleNames {
    names: Strings,
    by_name: Vec<u32>,
}

impl SampleNames {
    pub(crate) fn new(names: Strings) -> Result<Self> {
        let mut by_name = memory::collected(0..names.len() as u32)?;
        // Names that are equal are an error, and this takes no memory.
        by_name.sort_unstable_by_key(|i| names.get(*i as usize));
        if let Some(pair) = by_name
            .windows(2)
            .find(|w| names.get(w[0] as usize) == names.get(w[1] as usize))
        {
            let name = String::from_utf8_lossy(names.get(pair[0] as usize)).into_owned();
            return Err(Error::corrupt(format!("two samples are named {name:?}")));
        }
        Ok(Self { names, by_name })
    }

    /// Number of samples.
    #[must_use]
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there are no samples.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.names.len() == 0
    }

    /// Name of a sample, by its place in the archive.
    #[must_use]
    pub fn get(&self, sample: usize) -> Option<&[u8]> {
        (sample < self.len()).then(|| self.names.get(sample))
    }

    /// The first name that holds the end of a line, which none of a file does.
    #[must_use]
    pub(crate) fn with_line_end(&self) -> Option<&[u8]> {
        self.names.with_line_end()
    }

    /// All names in archive order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &[u8]> {
        (0..self.len()).map(|i| self.names.get(i))
    }

    /// All names in the order of their bytes.
    pub fn iter_sorted(&self) -> impl ExactSizeIterator<Item = &[u8]> {
        self.by_name.iter().map(|i| self.names.get(*i as usize))
    }

    /// Places of all samples, in the order of their names' bytes.
    pub fn places_sorted(&self) -> impl ExactSizeIterator<Item = usize> {
        self.by_name.iter().map(|i| *i as usize)
    }

    /// Place of a sample in the archive.
    #[must_use]
    pub fn find(&self, name: &[u8]) -> Option<usize> {
        let found = self
            .by_name
            .binary_search_by(|i| self.names.get(*i as usize).cmp(name));
        found.ok().map(|place| self.by_name[place] as usize)
    }
}

/// A sample of up to so many contigs is searched from front to back.
const MAX_SCANNED: usize = 16;

/// Contig names of one sample.
#[derive(Debug, Clone, Default)]
pub struct ContigList {
    names: Strings,
    /// If there are many, the contigs in the order of their short names; made by the first search.
    by_short_name: OnceLock<Box<[u32]>>,
    /// What the collection calls the contigs, if it cannot hold all names.
    stored: Option<Box<ContigList>>,
}

impl ContigList {
    pub(crate) fn new(names: Strings) -> Self {
        Self {
            names,
            by_short_name: OnceLock::new(),
            stored: None,
        }
    }

    /// These contigs under their true names; `true_names` tells those that are others, in ascending order of contigs.
    pub(crate) fn with_true_names(self, true_names: &[(usize, &[u8])], max_len: u64) -> Result<Self> {
        let mut names = Strings::within(max_len);
        let mut true_names = true_names.iter().peekable();
        for contig in 0..self.len() {
            match true_names.next_if(|(next, _)| *next == contig) {
                Some((_, name)) => names.push(name)?,
                None => names.push(self.name(contig))?,
            }
        }
        Ok(Self {
            stored: Some(Box::new(self)),
            ..Self::new(names)
        })
    }

    /// The contigs as the collection calls them, and other programs do.
    pub(crate) fn as_stored(&self) -> &Self {
        self.stored.as_deref().unwrap_or(self)
    }

    /// Number of contigs.
    #[must_use]
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there are no contigs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Name of a contig that exists: its complete header line.
    #[must_use]
    pub fn name(&self, contig: usize) -> &[u8] {
        self.names.get(contig)
    }

    /// The first name that holds the end of a line, which none of a FASTA file does.
    #[must_use]
    pub(crate) fn with_line_end(&self) -> Option<&[u8]> {
        self.names.with_line_end()
    }

    /// All names, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &[u8]> {
        (0..self.len()).map(|i| self.names.get(i))
    }

    /// Contigs whose name up to the first blank is `short`, in order.
    ///
    /// # Cost
    /// Logarithmic in the number of contigs, but for the first search, which sorts them.
    pub fn with_short_name<'a>(&'a self, short: &'a [u8]) -> impl Iterator<Item = usize> + 'a {
        let short_of = move |contig: usize| short_name(self.name(contig));
        let index = (self.len() > MAX_SCANNED).then(|| self.index()).flatten();
        let (scanned, sorted) = index.map_or((self.len(), &[][..]), |sorted| (0, sorted));
        let from = sorted.partition_point(|contig| short_of(*contig as usize) < short);
        let found = sorted[from..].iter().map(|contig| *contig as usize);
        (0..scanned)
            .filter(move |contig| short_of(*contig) == short)
            .chain(found.take_while(move |contig| short_of(*contig) == short))
    }

    /// Without memory for one, who searches goes from front to back.
    fn index(&self) -> Option<&[u32]> {
        if let Some(index) = self.by_short_name.get() {
            return Some(index);
        }
        let mut sorted = memory::collected(0..self.len() as u32).ok()?;
        // With their places, so that those of one name stay in order: to sort in place takes no memory.
        sorted.sort_unstable_by_key(|contig| (short_name(self.name(*contig as usize)), *contig));
        Some(self.by_short_name.get_or_init(|| sorted.into_boxed_slice()))
    }

    /// Bytes held, those of the index that a search may add included.
    pub(crate) fn mem_len(&self) -> usize {
        let stored = self.stored.as_deref().map_or(0, Self::mem_len);
        size_of::<Self>() + self.names.mem_len() + self.names.len() * 4 + stored
    }
}

/// Contig names of all samples of a collection that keeps them in one piece.
#[derive(Debug, Clone, Default)]
pub struct AllNames {
    names: Strings,
    /// Per sample, the number of contigs up to its end.
    sample_ends: Vec<u32>,
}

impl AllNames {
    pub(crate) fn new(names: Strings, sample_ends: Vec<u32>) -> Self {
        Self { names, sample_ends }
    }

    /// Names of the contigs of a sample, if it exists.
    #[must_use]
    pub fn of_sample(&self, sample: usize) -> Option<ContigList> {
        let contigs = start(&self.sample_ends, sample)..*self.sample_ends.get(sample)? as usize;
        Some(ContigList::new(self.names.slice(contigs)))
    }

    pub(crate) fn mem_len(&self) -> usize {
        self.names.mem_len() + self.sample_ends.capacity() * 4
    }
}

/// Segments of all contigs of a batch. Samples and contigs are counted from 0 in the batch and in the sample.
#[derive(Debug, Clone, Default)]
pub struct BatchDetails {
    pub(crate) segments: Vec<SegmentDesc>,
    /// Per contig, the number of segments up to its end.
    pub(crate) contig_ends: Vec<u32>,
    /// Per sample, the number of contigs up to its end.
    pub(crate) sample_ends: Vec<u32>,
}

impl BatchDetails {
    /// Number of samples in the batch.
    #[must_use]
    pub fn n_samples(&self) -> usize {
        self.sample_ends.len()
    }

    /// Number of contigs of a sample.
    #[must_use]
    pub fn n_contigs(&self, sample: usize) -> usize {
        self.sample_ends[sample] as usize - start(&self.sample_ends, sample)
    }

    /// Segments of a contig, in order.
    #[must_use]
    pub fn segments(&self, sample: usize, contig: usize) -> &[SegmentDesc] {
        debug_assert!(contig < self.n_contigs(sample));
        let contig = start(&self.sample_ends, sample) + contig;
        &self.segments[start(&self.contig_ends, contig)..self.contig_ends[contig] as usize]
    }

    /// Segments of all contigs of a sample, in order.
    #[must_use]
    pub fn segments_of_sample(&self, sample: usize) -> &[SegmentDesc] {
        let first = start(&self.contig_ends, start(&self.sample_ends, sample));
        &self.segments[first..start(&self.contig_ends, self.sample_ends[sample] as usize)]
    }

    pub(crate) fn mem_len(&self) -> usize {
        self.segments.capacity() * size_of::<SegmentDesc>()
            + (self.contig_ends.capacity() + self.sample_ends.capacity()) * 4
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn searches_find_all_contigs_of_a_short_name_in_order() {
        let many: Vec<String> = (0..1000).map(|i| format!("c{} {i}", i * 7 % 500)).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        let mut names = Strings::default();
        for name in ["c1 x", "c2", "c1"].iter().chain(&many) {
            names.push(name.as_bytes()).unwrap();
        }
        let all = AllNames::new(names, vec![3, 1003]);
        assert!(all.of_sample(2).is_none());
        let lists = [0, 1].map(|sample| all.of_sample(sample).unwrap());
        assert!(lists[1].iter().eq(many.iter().map(|name| name.as_bytes())));
        let found = |sample: usize, short: &str| -> Vec<usize> {
            lists[sample].with_short_name(short.as_bytes()).collect()
        };
        assert_eq!(found(0, "c1"), [0, 2]);
        assert!(found(0, "c3").is_empty());
        for i in 0..500 {
            let expected: Vec<usize> = (0..1000).filter(|j| j * 7 % 500 == i).collect();
            assert_eq!(found(1, &format!("c{i}")), expected);
        }
        assert!(found(1, "c").is_empty());
        assert!(found(1, "d").is_empty());
    }
}
