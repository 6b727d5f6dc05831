//! How sequences are packed.

use std::num::NonZeroUsize;
use std::path::Path;

use crate::exit::UsageError;
use crate::out::OutputPacking;

/// Options of every command that prints sequences: packing, and an index beside the file.
#[derive(Debug, clap::Args)]
pub(crate) struct PackingArgs {
    /// Gzip the output at this level; 0 leaves it plain. Without -g and --bgzf the name of the output decides: BGZF
    /// for .gz and .bgz, zstd for .zst
    #[arg(short = 'g', long, value_name = "LEVEL", value_parser = clap::value_parser!(u32).range(0..=9))]
    gzip_level: Option<u32>,

    /// Write BGZF, the gzip that samtools and tabix can index, at the level of -g if there is one
    #[arg(long)]
    bgzf: bool,

    /// Write FILE.fai beside the output and, if that is BGZF, FILE.gzi
    #[arg(long)]
    index: bool,
}

impl PackingArgs {
    /// The packing of the output of this name, if it has one.
    pub(crate) fn packing(
        &self,
        path: Option<&Path>,
        n_threads: NonZeroUsize,
    ) -> Result<OutputPacking, UsageError> {
        let packing = match (self.bgzf, self.gzip_level, path) {
            (true, level, _) => OutputPacking::bgzf(level, n_threads),
            (false, Some(level), _) => level.into(),
            (false, None, Some(path)) => OutputPacking::of_name(path, n_threads),
            (false, None, None) => OutputPacking::Plain,
        };
        if self.index && path.is_none() {
            return Err(UsageError(
                "--index needs a file to stand beside: name it with -o".to_owned(),
            ));
        }
        if self.index && !packing.is_seekable() {
            let why = "--index needs plain text or BGZF: gzip and zstd cannot be read from the middle";
            return Err(UsageError(why.to_owned()));
        }
        Ok(packing)
    }

    /// Whether an index is to be written.
    pub(crate) fn has_index(&self) -> bool {
        self.index
    }

    /// Whether the output is gzip of either kind whatever its name.
    pub(crate) fn is_gzip(&self) -> bool {
        self.bgzf || self.gzip_level.is_some_and(|level| level > 0)
    }
}

/// How the text of a command is laid out.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TextLayout<'a> {
    pub(crate) packing: &'a PackingArgs,
    /// Bases per line.
    pub(crate) line_width: usize,
    pub(crate) n_threads: NonZeroUsize,
}
