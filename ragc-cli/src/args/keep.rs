//! What of the original files is kept, and what is asked back.

use ragc_core::Decompressor;
use ragc_core::extract::Spelling;
use ragc_core::original::Keep;

/// What is kept beside the sequences.
#[derive(Debug, clap::Args)]
pub(crate) struct KeepArgs {
    /// Keep more of the files than their sequences, in streams that other programs ignore; several with commas. What the
    /// archive keeps already is also kept of files that are appended
    #[arg(long, value_name = "WHAT", value_delimiter = ',')]
    keep: Vec<Kept>,

    /// Keep everything, so that --exact gives the files back byte for byte: as --keep case,layout
    #[arg(long)]
    lossless: bool,
}

/// What can be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Kept {
    /// Lower case (soft-masking)
    Case,
    /// Line lengths and line ends, blank lines, blanks, headers
    Layout,
}

impl KeepArgs {
    /// What is to be kept.
    pub(crate) fn keep(&self) -> Keep {
        Keep {
            case: self.lossless || self.keep.contains(&Kept::Case),
            layout: self.lossless || self.keep.contains(&Kept::Layout),
        }
    }
}

/// The case of letters that are printed.
#[derive(Debug, clap::Args)]
pub(crate) struct CaseArgs {
    /// Print lower case where the files had it. The archive must have been made with --keep case [default: upper case]
    #[arg(long)]
    case: bool,
}

impl CaseArgs {
    /// How to spell letters of these samples.
    pub(crate) fn spelling(
        &self,
        archive: &Decompressor,
        mut samples: impl Iterator<Item = usize>,
    ) -> ragc_core::Result<Spelling> {
        if !self.case {
            return Ok(Spelling::Residues);
        }
        let case = Keep {
            case: true,
            layout: false,
        };
        samples.try_for_each(|sample| archive.check_kept(sample, case))?;
        Ok(Spelling::Cased)
    }
}

/// Whether files are given back as they were.
#[derive(Debug, clap::Args)]
pub(crate) struct ExactArgs {
    /// Print the files as they were, byte for byte (unpacked, unless -g packs them again). The archive must have been
    /// made with --lossless
    #[arg(long, conflicts_with_all = ["case", "line_length", "with_sample", "index"])]
    pub(crate) exact: bool,
}
