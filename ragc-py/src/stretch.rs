//! A stretch of a contig on a strand, and its letters and codes.

use std::ops::Range;
use std::sync::Arc;

use pyo3::prelude::*;
use ragc_core::Archive;
use ragc_core::extract::{ContigId, Spelling};
use ragc_core::internals::alphabet::{CODE_OF_LETTER, N, NO_CODE};
use ragc_core::internals::strand::{reverse_complement, reverse_complement_codes};

use crate::errors::Raised;
use crate::handle::ForkSafeHandle;
use crate::slice::SelectedRange;

/// Where letters are.
#[derive(Clone)]
pub(crate) struct StrandedStretch {
    pub(crate) handle: Arc<ForkSafeHandle>,
    pub(crate) id: ContigId,
    /// Bases of the forward strand, counted from 0, half-open.
    pub(crate) range: Range<u64>,
    pub(crate) is_reverse: bool,
}

impl StrandedStretch {
    /// All of a contig.
    pub(crate) fn whole(
        handle: &Arc<ForkSafeHandle>,
        archive: &Archive,
        id: ContigId,
    ) -> ragc_core::Result<Self> {
        Ok(Self {
            handle: Arc::clone(handle),
            id,
            range: 0..archive.contig_len_of(id)?,
            is_reverse: false,
        })
    }

    /// Bases.
    pub(crate) fn len(&self) -> u64 {
        self.range.end - self.range.start
    }

    /// What a slice selects of this.
    pub(crate) fn select(&self, selected: &SelectedRange) -> Self {
        let Range { start, end } = selected.range;
        let range = match self.is_reverse {
            false => self.range.start + start..self.range.start + end,
            true => self.range.end - end..self.range.end - start,
        };
        Self {
            range,
            is_reverse: self.is_reverse != selected.is_reverse,
            ..self.clone()
        }
    }

    /// Its letters.
    pub(crate) fn letters(&self, py: Python<'_>) -> PyResult<Vec<u8>> {
        let archive = self.handle.archive()?;
        py.detach(|| self.letters_of(&archive, self.handle.spelling()))
            .raised()
    }

    /// Its symbol codes, one a byte.
    pub(crate) fn codes(&self, py: Python<'_>) -> PyResult<Vec<u8>> {
        let archive = self.handle.archive()?;
        py.detach(|| self.codes_of(&archive)).raised()
    }

    pub(crate) fn letters_of(&self, archive: &Archive, spelling: Spelling) -> ragc_core::Result<Vec<u8>> {
        let mut letters = self.forward_letters_of(archive, spelling)?;
        if self.is_reverse {
            reverse_complement(&mut letters);
        }
        Ok(letters)
    }

    /// The letters of the forward strand.
    pub(crate) fn forward_letters_of(
        &self,
        archive: &Archive,
        spelling: Spelling,
    ) -> ragc_core::Result<Vec<u8>> {
        archive.region_letters(self.id, self.range.clone(), spelling)
    }

    pub(crate) fn codes_of(&self, archive: &Archive) -> ragc_core::Result<Vec<u8>> {
        let mut codes = archive.region_codes(self.id, self.range.clone())?;
        if self.is_reverse {
            reverse_complement_codes(&mut codes);
        }
        Ok(codes)
    }
}

/// The code of a letter; `N` of what is no nucleotide.
pub(crate) fn code_of_letter(letter: u8) -> u8 {
    match CODE_OF_LETTER[usize::from(letter)] {
        NO_CODE => N,
        code => code,
    }
}
