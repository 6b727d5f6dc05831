//! What a first sample is like, and the beginning of a sample: to try something with.

/// What the first sample is like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Genome {
    /// Its bases, about.
    pub(super) len: u64,
    pub(super) longest_contig: u64,
}

/// Up to so many symbols of a sample as FASTA text, whose records have no names but their numbers, counted from 1.
#[derive(Debug)]
pub(super) struct Excerpt {
    text: Vec<u8>,
    contig_lens: Vec<usize>,
    room: usize,
}

impl Excerpt {
    /// Room for `most` symbols.
    pub(super) fn new(most: usize) -> Self {
        Self {
            text: Vec::new(),
            contig_lens: Vec::new(),
            room: most,
        }
    }

    /// Whether what follows is left out.
    pub(super) fn is_full(&self) -> bool {
        self.room == 0
    }

    /// Whether there is no contig in it.
    pub(super) fn is_empty(&self) -> bool {
        self.contig_lens.is_empty()
    }

    /// A contig begins.
    pub(super) fn start_contig(&mut self) {
        if self.is_full() {
            return;
        }
        if !self.contig_lens.is_empty() {
            self.text.push(b'\n');
        }
        self.contig_lens.push(0);
        let header = format!(">{}\n", self.contig_lens.len());
        self.text.extend_from_slice(header.as_bytes());
    }

    /// The next letters of the contig.
    pub(super) fn letters(&mut self, letters: impl ExactSizeIterator<Item = u8>) {
        let Some(contig_len) = self.contig_lens.last_mut() else {
            return;
        };
        let n_letters = letters.len().min(self.room);
        self.text.extend(letters.take(n_letters));
        *contig_len += n_letters;
        self.room -= n_letters;
    }

    /// The text, and the number of symbols in each of its contigs.
    pub(super) fn finish(mut self) -> (Vec<u8>, Vec<usize>) {
        self.text.push(b'\n');
        (self.text, self.contig_lens)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_ends_where_there_is_no_more_room() {
        let mut excerpt = Excerpt::new(7);
        for contig in ["ACGT", "", "ACGTA", "ACGT"] {
            excerpt.start_contig();
            excerpt.letters(contig.bytes());
        }
        assert!(excerpt.is_full());
        let (text, contig_lens) = excerpt.finish();
        assert_eq!(String::from_utf8(text).unwrap(), ">1\nACGT\n>2\n\n>3\nACG\n");
        assert_eq!(contig_lens, [4, 0, 3]);
    }
}
