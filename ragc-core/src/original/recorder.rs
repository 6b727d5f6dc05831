//! Takes what the format cannot say while a FASTA file is read.

use crate::error::Result;
use crate::original::case::{CaseRecorder, count_lower};
use crate::original::layout::{LayoutRecorder, RecordLayout};
use crate::original::odd::OddRecorder;
use crate::original::{Keep, Packing};

/// What the format cannot say of one record.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OriginalRecord {
    /// Entry of [`odd`](super::odd), empty if there is none.
    pub odd: Vec<u8>,
    /// Entry of [`case`](super::case), empty if all letters are upper case or case is not kept.
    pub case: Vec<u8>,
    /// Letters in lower case, whether or not they are kept.
    pub n_lower: u64,
    /// If the layout is kept.
    pub layout: Option<RecordLayout>,
}

impl OriginalRecord {
    /// Bytes in memory beside the value itself.
    #[must_use]
    pub fn mem_len(&self) -> usize {
        self.odd.len() + self.case.len() + self.layout.as_ref().map_or(0, RecordLayout::mem_len)
    }
}

/// Takes the records of one file after the other.
#[derive(Debug, Default)]
pub struct Recorder {
    odd: OddRecorder,
    /// If case is kept.
    case: Option<CaseRecorder>,
    /// If the layout is kept.
    layout: Option<LayoutRecorder>,
    n_lower: u64,
    /// Residues of the record so far.
    n_residues: u64,
}

impl Recorder {
    /// Starts a file that was packed so, of which this is to be kept.
    #[must_use]
    pub fn new(keep: Keep, packing: Packing) -> Self {
        Self {
            case: keep.case.then(CaseRecorder::default),
            layout: keep.layout.then(|| LayoutRecorder::new(packing)),
            ..Self::default()
        }
    }

    /// A header line comes.
    pub fn start_record(&mut self) {
        if let Some(layout) = &mut self.layout {
            layout.start_record();
        }
    }

    /// Takes letters, nothing else being among them.
    #[inline]
    pub fn letters(&mut self, letters: &[u8]) {
        match &mut self.case {
            Some(case) => case.push(self.n_residues, letters),
            None => self.n_lower += count_lower(letters),
        }
        self.pass(letters.len() as u64);
    }

    /// Takes a residue that is no nucleotide code.
    pub fn odd(&mut self, residue: u8) {
        self.odd.push(self.n_residues, residue);
        if residue.is_ascii_alphabetic() {
            self.letters(&[residue]);
        } else {
            self.pass(1);
        }
    }

    /// Takes a byte that is no residue: of a line end, or a blank.
    #[inline]
    pub fn between(&mut self, byte: u8) {
        if let Some(layout) = &mut self.layout {
            layout.between(byte);
        }
    }

    /// Residues of the record so far.
    #[must_use]
    pub fn n_residues(&self) -> u64 {
        self.n_residues
    }

    /// Ends a record.
    ///
    /// # Errors
    /// `BadInput` for a layout that is too odd to be kept.
    pub fn end_record(&mut self) -> Result<OriginalRecord> {
        let (case, n_lower) = self
            .case
            .as_mut()
            .map(CaseRecorder::end_record)
            .unwrap_or_default();
        self.n_residues = 0;
        Ok(OriginalRecord {
            odd: self.odd.end_record(),
            case,
            n_lower: n_lower + std::mem::take(&mut self.n_lower),
            layout: self.layout.as_mut().map(LayoutRecorder::end_record).transpose()?,
        })
    }

    fn pass(&mut self, n_residues: u64) {
        self.n_residues += n_residues;
        if let Some(layout) = &mut self.layout {
            layout.residues(n_residues);
        }
    }
}
