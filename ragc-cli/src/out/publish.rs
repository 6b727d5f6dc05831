//! Files take their names when all that belongs together is complete.
//!
//! ```text
//! sync all ─▶ check the claim ─▶ remove old indexes ─▶ rename the text ─▶ rename its indexes ─▶ sync the folder
//! ```
//!
//! What an index tells must never stand beside another text: samtools would print wrong bases without a word. So the old ones go
//! before the text is replaced, and the new ones come after it. Whatever fails in between leaves a text without an index.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use ragc_core::internals::folder::{folder_of, sync_folder};
use ragc_core::internals::identity::named_itself;
use ragc_core::internals::unfinished::Unfinished;

use crate::out::claim::Claim;

/// A new file, and the name that it will have.
#[derive(Debug)]
pub(super) struct NewFile {
    pub(super) file: Unfinished,
    pub(super) path: PathBuf,
}

impl NewFile {
    fn sync(&mut self) -> anyhow::Result<()> {
        self.file
            .sync(&self.path)
            .with_context(|| cannot_write(&self.path))
    }

    fn rename(self) -> anyhow::Result<()> {
        self.file
            .rename_to(&self.path)
            .with_context(|| cannot_write(&self.path))
    }
}

fn cannot_write(path: &Path) -> String {
    format!("{}: cannot write", path.display())
}

/// Gives a new file and its indexes their names, when everything would survive a power cut; `outdated` goes before.
pub(super) fn publish(
    mut main: NewFile,
    claim: Option<&Claim>,
    mut indexes: Vec<NewFile>,
    outdated: &[PathBuf],
) -> anyhow::Result<()> {
    main.sync()?;
    indexes.iter_mut().try_for_each(NewFile::sync)?;
    claim.map_or(Ok(()), Claim::check)?;
    let replaced = indexes.iter().map(|index| &index.path);
    outdated.iter().chain(replaced).try_for_each(|path| {
        remove_index(path).with_context(|| format!("{}: cannot remove this old index", path.display()))
    })?;
    let paths = [&main].into_iter().chain(&indexes).map(|new| &new.path);
    let folders: BTreeSet<PathBuf> = paths.map(|path| folder_of(path).to_path_buf()).collect();
    let path = main.path.clone();
    main.rename()?;
    let with_indexes = indexes.into_iter().try_for_each(NewFile::rename);
    with_indexes.with_context(|| {
        format!(
            "{}: the file is complete and has its name, without an index",
            path.display()
        )
    })?;
    folders.iter().try_for_each(|folder| sync_folder(folder)).with_context(|| {
        format!(
            "{}: the file is complete and has its name, but a power cut may undo that: cannot sync its folder",
            path.display()
        )
    })
}

/// A folder of this name is no index, and says so to whoever takes it for one.
fn remove_index(path: &Path) -> anyhow::Result<()> {
    match named_itself(path)? {
        Some(found) if !found.is_dir() => Ok(fs::remove_file(path)?),
        _ => Ok(()),
    }
}
