//! An archive whose own file a command changes, and nothing else.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use ragc_core::internals::recovery::check_not_alone;

use crate::out::{Claim, Claiming};
use crate::remote::refuse_url;

/// The archive, and whether to wait for it.
#[derive(Debug, clap::Args)]
pub(crate) struct OwnFileArgs {
    /// The archive
    #[arg(value_name = "ARCHIVE")]
    archive: PathBuf,

    /// Fail at once if another command is writing the archive, instead of waiting for it
    #[arg(long)]
    no_wait: bool,
}

impl OwnFileArgs {
    /// Where the archive is.
    pub(crate) fn path(&self) -> &Path {
        &self.archive
    }

    /// Bytes of the file as it is.
    ///
    /// # Errors
    /// When there is none.
    pub(crate) fn len(&self) -> anyhow::Result<u64> {
        refuse_url(&self.archive)?;
        check_not_alone(&self.archive)?;
        let found = fs::metadata(&self.archive);
        let found = found.with_context(|| format!("{}: cannot open", self.archive.display()))?;
        Ok(found.len())
    }

    /// Has the archive for itself; `None` for what is no regular file.
    ///
    /// # Errors
    /// As [`Claim::of`].
    pub(crate) fn claim(&self) -> anyhow::Result<Option<Claim>> {
        let how = Claiming {
            continues: Some(&self.archive),
            is_forced: true,
            waits: !self.no_wait,
        };
        Claim::of(&self.archive, how)
    }
}
