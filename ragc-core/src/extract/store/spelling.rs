//! How letters are told.

use crate::original::TextKind;

/// How letters are told. The default is that of the library: as AGC has them, and what AGC cannot say of the sequence beside them.
/// `ragc` prints [`Spelling::Cased`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Spelling {
    /// The sixteen letters of the format, in upper case: `N` for what is no nucleotide code.
    Nucleotides,
    /// With the residues that are no nucleotide code, in upper case.
    #[default]
    Residues,
    /// With residues and lower case, of samples for which the archive keeps it. Others are told in upper case.
    Cased,
    /// With lower case, but `N` for what is no nucleotide code: for archives whose residues are lost.
    CasedNucleotides,
}

impl Spelling {
    pub(super) fn has_residues(self) -> bool {
        matches!(self, Self::Residues | Self::Cased)
    }

    pub(super) fn has_case(self) -> bool {
        matches!(self, Self::Cased | Self::CasedNucleotides)
    }

    /// The texts that it takes.
    pub(super) fn kinds(self) -> impl Iterator<Item = TextKind> {
        let odd = self.has_residues().then_some(TextKind::Odd);
        odd.into_iter().chain(self.has_case().then_some(TextKind::Case))
    }
}
