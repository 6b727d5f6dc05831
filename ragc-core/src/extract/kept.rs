//! What the archive keeps of original files.

use crate::error::Result;
use crate::extract::Archive;
use crate::original::{Keep, TextKind};

impl Archive {
    /// What the archive keeps of original files beside the sequences, of some sample at least.
    ///
    /// # Errors
    /// `Corrupt` when what it keeps is damaged.
    pub fn keep(&self) -> Result<Keep> {
        self.placed(|| {
            Ok(Keep {
                case: self.store().texts().index(TextKind::Case)?.is_some(),
                layout: self.store().texts().index(TextKind::Layout)?.is_some(),
            })
        })
    }

    /// Whether some residues of the archive are no nucleotide code, and kept.
    ///
    /// # Errors
    /// As [`Self::keep`].
    pub fn has_odd_residues(&self) -> Result<bool> {
        self.placed(|| Ok(self.store().texts().index(TextKind::Odd)?.is_some()))
    }

    /// What the archive keeps of the file of a sample, by its place.
    ///
    /// # Errors
    /// As [`Self::keep`].
    pub fn keep_of(&self, sample: usize) -> Result<Keep> {
        let has = |kind| self.store().texts().has(kind, sample);
        self.placed(|| {
            Ok(Keep {
                case: has(TextKind::Case)?,
                layout: has(TextKind::Layout)?,
            })
        })
    }
}
