//! What of the original files is kept, and what is asked back.
//!
//! `create` keeps everything unless told otherwise, and letters are printed in the case that they had. `append` goes on with what
//! the archive keeps.

use anyhow::anyhow;
use ragc_core::Keep;
use ragc_core::extract::Spelling;
use ragc_core::internals::container::names;
use ragc_core::{Archive, Error};

/// What is kept beside the sequences.
#[derive(Debug, clap::Args)]
pub(crate) struct KeepArgs {
    /// Keep this of the files beside their sequences, in streams that other programs ignore; several with commas [default:
    /// create keeps everything, append what the archive keeps]
    #[arg(long, value_name = "WHAT", value_delimiter = ',')]
    keep: Vec<Keepable>,

    /// Keep everything, so that --exact gives the files back byte for byte: as --keep case,layout
    #[arg(long)]
    lossless: bool,
}

/// What can be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Keepable {
    /// Lower case (soft-masking)
    Case,
    /// Line lengths and line ends, blank lines, blanks, headers
    Layout,
}

impl KeepArgs {
    /// What is to be kept, if that is said.
    pub(crate) fn keep(&self) -> Option<Keep> {
        let is_said = self.lossless || !self.keep.is_empty();
        is_said.then(|| {
            Keep::default()
                .with_case(self.lossless || self.keep.contains(&Keepable::Case))
                .with_layout(self.lossless || self.keep.contains(&Keepable::Layout))
        })
    }
}

/// The case of letters that are printed.
#[derive(Debug, clap::Args)]
pub(crate) struct CaseArgs {
    /// Print all letters in upper case [default: in the case that the files had, where the archive keeps it]
    #[arg(long)]
    upper: bool,

    /// As without it, but refuse samples of which the archive does not keep the case
    #[arg(long, hide = true, conflicts_with = "upper")]
    case: bool,
}

impl CaseArgs {
    /// How to spell letters of these samples.
    pub(crate) fn spelling(
        &self,
        archive: &Archive,
        mut samples: impl Iterator<Item = usize>,
    ) -> ragc_core::Result<Spelling> {
        if self.upper {
            return Ok(Spelling::Residues);
        }
        if self.case {
            let case = Keep::default().with_case(true);
            samples.try_for_each(|sample| archive.check_kept(sample, case))?;
        }
        Ok(Spelling::Cased)
    }

    /// An error of reading; if it is the case that is damaged, with what can be had without it.
    pub(crate) fn explain(&self, error: Error) -> anyhow::Error {
        match error.location().stream.as_deref() {
            Some(names::CASE) if !self.upper => anyhow!("{error}; --upper prints the letters without it"),
            _ => error.into(),
        }
    }

    /// Whether lower case is wanted.
    pub(crate) fn has_lower(&self) -> bool {
        !self.upper
    }
}

/// Whether files are given back as they were.
#[derive(Debug, clap::Args)]
pub(crate) struct ExactArgs {
    /// Print the files as they were, byte for byte (unpacked, unless -g packs them again). The archive must not have been
    /// made with --fold
    #[arg(long, conflicts_with_all = ["case", "upper", "line_length", "with_sample", "index"])]
    pub(crate) exact: bool,
}
