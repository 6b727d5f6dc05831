//! Folders of FASTA files.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use ragc_core::internals::name::has_suffix;

/// The files and the list with those in the place of folders that they hold.
pub(super) fn opened<'a>(
    files: &[PathBuf],
    list: Option<&'a Path>,
) -> anyhow::Result<(Vec<PathBuf>, Option<&'a Path>)> {
    let mut all = Vec::with_capacity(files.len());
    for file in files {
        match file.is_dir() {
            true => all.extend(fasta_files(file)?),
            false => all.push(file.clone()),
        }
    }
    match list.filter(|list| list.is_dir()) {
        Some(folder) => {
            all.extend(fasta_files(folder)?);
            Ok((all, None))
        }
        None => Ok((all, list)),
    }
}

/// Files in a folder that are named as FASTA files are, in the order of their names. Hidden ones, and folders in it, are left alone.
fn fasta_files(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let cannot_read = || format!("{}: cannot read", folder.display());
    let mut files = Vec::new();
    for entry in folder.read_dir().with_context(cannot_read)? {
        let path = entry.with_context(cannot_read)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if !name.starts_with('.') && has_suffix(&name) && path.is_file() {
            files.push(path);
        }
    }
    if files.is_empty() {
        bail!("{}: there is no FASTA file in this folder", folder.display());
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fasta_files_of_a_folder_come_in_order() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        assert!(fasta_files(folder.path()).is_err());
        for name in ["b.fa", "a.fna.gz", "notes.txt", ".c.fa", "x.agc"] {
            std::fs::write(at(name), "").unwrap();
        }
        std::fs::create_dir(at("d.fa")).unwrap();
        let (files, list) = opened(&[at("x.agc")], Some(folder.path())).unwrap();
        assert_eq!(files, [at("x.agc"), at("a.fna.gz"), at("b.fa")]);
        assert_eq!(list, None);
    }
}
