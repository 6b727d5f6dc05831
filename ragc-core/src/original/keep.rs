//! What is kept of the files, and how they were packed.

use crate::error::{Error, Result};
use crate::setters::setters;

/// What is kept of the original files beside the sequences. Residues that are no nucleotide code always are. The default is
/// nothing, as in AGC; the program `ragc` keeps [`Self::ALL`] unless told otherwise.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Keep {
    /// Which letters are lower case.
    pub case: bool,
    /// Lines, blanks and headers as they were.
    pub layout: bool,
}

setters!(Keep {
    with_case: case: bool,
    with_layout: layout: bool,
});

impl Keep {
    /// Everything, so that files come back byte for byte.
    pub const ALL: Self = Self {
        case: true,
        layout: true,
    };

    /// What either keeps.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            case: self.case || other.case,
            layout: self.layout || other.layout,
        }
    }
}

/// How a file was packed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Packing {
    /// Plain text.
    #[default]
    Plain,
    /// gzip, one member or several.
    Gzip,
    /// gzip in blocks that can be found one by one.
    Bgzf,
    /// zstd.
    Zstd,
    /// xz.
    Xz,
    /// bzip2.
    Bzip2,
}

impl Packing {
    /// Its number in layouts.
    #[must_use]
    pub fn code(self) -> u8 {
        self as u8
    }

    /// The packing of a number.
    ///
    /// # Errors
    /// `Corrupt` for a number that stands for none.
    pub fn of_code(code: u8) -> Result<Self> {
        match code {
            0 => Ok(Self::Plain),
            1 => Ok(Self::Gzip),
            2 => Ok(Self::Bgzf),
            3 => Ok(Self::Zstd),
            4 => Ok(Self::Xz),
            5 => Ok(Self::Bzip2),
            _ => Err(Error::corrupt(format!("{code} is no way to pack a file"))),
        }
    }

    /// Its usual name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Gzip => "gzip",
            Self::Bgzf => "bgzf",
            Self::Zstd => "zstd",
            Self::Xz => "xz",
            Self::Bzip2 => "bzip2",
        }
    }
}
