//! Folders of FASTA files.

use std::path::{Path, PathBuf};

use ragc_core::internals::folder::fasta_files;

/// The files and the list with those in the place of folders that they hold.
pub(super) fn opened<'a>(
    files: &[PathBuf],
    list: Option<&'a Path>,
) -> ragc_core::Result<(Vec<PathBuf>, Option<&'a Path>)> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_a_folder_come_in_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for name in ["b.fa", "a.fna.gz"] {
            std::fs::write(at(name), "").unwrap();
        }
        let (files, list) = opened(&[at("x.agc")], Some(folder.path())).unwrap();
        assert_eq!(files, [at("x.agc"), at("a.fna.gz"), at("b.fa")]);
        assert_eq!(list, None);
    }
}
