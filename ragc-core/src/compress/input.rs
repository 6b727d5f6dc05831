//! The files to compress and the names of their samples.

use super::options::InputRules;
use crate::error::{Error, Quoted, Result};
use crate::fasta::{Source, name};
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// A FASTA file and the sample that it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// Where the text comes from.
    pub source: Source,
    /// Name of the sample; unused when every contig is a sample.
    pub sample: String,
}

impl Input {
    /// A file whose sample is named after it.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        Self {
            sample: name::sample_name(&path),
            source: Source::file(path),
        }
    }
}

/// Puts the files in tar archives in the place of these, each with the sample of its name. Decompressing them goes by
/// `rules`. Archives that cannot be read stay: reading them will tell why.
#[must_use]
pub fn unpack_tarballs(inputs: Vec<Input>, rules: InputRules) -> Vec<Input> {
    let memory = rules.unpack_memory();
    let unpack = |Input { source, sample }: Input| {
        let sources = source.unpack_tarball(memory).into_iter();
        sources.map(move |(source, path)| Input {
            source,
            sample: path.map_or_else(|| sample.clone(), |path| name::sample_name(&path)),
        })
    };
    inputs.into_iter().flat_map(unpack).collect()
}

/// Reads a list of input files: one a line; a line that is no file may name several, separated by blanks.
///
/// # Errors
/// `Io` when the list cannot be read, `BadInput` when it is not UTF-8.
pub fn read_list(path: &Path) -> Result<Vec<PathBuf>> {
    let bytes = std::fs::read(path).map_err(|error| Error::io("cannot read", error).in_file(path))?;
    let text = String::from_utf8(bytes)
        .map_err(|_| Error::bad_input("the list of input files is not UTF-8 text").in_file(path))?;
    let mut files = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if Path::new(line).exists() {
            files.push(PathBuf::from(line));
        } else {
            files.extend(line.split_whitespace().map(PathBuf::from));
        }
    }
    Ok(files)
}

/// What may be done about a name that is taken.
const WAY_OUT: &str = "(--rename-duplicates gives it another name)";

/// Checks that no two inputs have one sample name, and none has that of a sample which `is_stored` already; where files
/// are samples that are not renamed.
///
/// # Errors
/// `BadInput`, naming both files.
pub(super) fn check_sample_names(
    inputs: &[Input],
    rules: InputRules,
    is_stored: impl Fn(&[u8]) -> bool,
) -> Result<()> {
    if rules.is_concatenated || rules.renames_duplicates {
        return Ok(());
    }
    let mut seen: HashMap<&str, &Input> = HashMap::with_capacity(inputs.len());
    for input in inputs {
        if is_stored(input.sample.as_bytes()) {
            let why = format!(
                "sample {} is in the archive already {WAY_OUT}",
                Quoted(&input.sample)
            );
            return Err(Error::bad_input(why).in_file(input.source.label()));
        }
        if let Some(other) = seen.insert(&input.sample, input) {
            return Err(Error::bad_input(format!(
                "sample {} is already taken by {} {WAY_OUT}",
                Quoted(&input.sample),
                other.source.label().display()
            ))
            .in_file(input.source.label()));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_has_a_file_a_line_or_several() {
        let dir = tempfile::tempdir().unwrap();
        let spaced = dir.path().join("with blank.fa");
        std::fs::write(&spaced, ">a\nA\n").unwrap();
        let list = dir.path().join("list");
        std::fs::write(&list, format!("{}\r\n\n a.fa\tb.fa \nc.fa", spaced.display())).unwrap();
        let expected: Vec<PathBuf> = [spaced, "a.fa".into(), "b.fa".into(), "c.fa".into()].into();
        assert_eq!(read_list(&list).unwrap(), expected);
        assert!(
            read_list(&dir.path().join("none"))
                .unwrap_err()
                .to_string()
                .contains("none: cannot read")
        );
    }

    #[test]
    fn two_files_of_one_sample_are_named() {
        let inputs = [
            Input::file("d1/s.fa"),
            Input::file("x.fa"),
            Input::file("d2/s.fa.gz"),
        ];
        let check = |stored: &[u8]| check_sample_names(&inputs, InputRules::default(), |name| name == stored);
        let error = check(b"y").unwrap_err().to_string();
        assert!(error.starts_with("d2/s.fa.gz: sample \"s\" is already taken by d1/s.fa ("));
        let error = check(b"x").unwrap_err().to_string();
        assert!(error.starts_with("x.fa: sample \"x\" is in the archive already ("));
    }
}
