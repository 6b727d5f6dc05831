//! The files to compress and the names of their samples.

use super::options::{InputRules, SamplesBy};
use crate::error::{Error, Quoted, Result};
use crate::fasta::Source;
use crate::name;
use crate::setters::setters;
use crate::threads;
use bytes::Bytes;
use std::collections::HashMap;
use std::io::Read;
use std::path::PathBuf;

/// A sample and the FASTA files that hold it, which is one in most cases.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Input {
    /// Where the text comes from.
    pub source: Source,
    /// Further files of the sample, which come behind that.
    pub more: Vec<Source>,
    /// Name of the sample; unused when records tell which sample they belong to.
    pub sample: String,
}

setters!(Input {
    with_sample: sample: String,
    with_more: more: Vec<Source>,
});

impl Input {
    /// A file whose sample is named after it; a file that has no name of its own leaves that empty.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self::of(Source::file(path))
    }

    /// A source whose sample is named after it; one that has no name of its own leaves that empty.
    #[must_use]
    pub fn of(source: Source) -> Self {
        let sample = source.file_name().map(name::sample_name).unwrap_or_default();
        Self::named(sample, source)
    }

    /// A sample whose text is in memory, plain or compressed.
    pub fn bytes(sample: impl Into<String>, bytes: impl Into<Bytes>) -> Self {
        let sample = sample.into();
        let source = Source::bytes(&sample, bytes);
        Self::named(sample, source)
    }

    /// A sample whose text a reader gives, plain or compressed. It is read when its turn comes, see [`Source::reader`].
    pub fn reader(sample: impl Into<String>, reader: impl Read + Send + 'static) -> Self {
        let sample = sample.into();
        let source = Source::reader(&sample, reader);
        Self::named(sample, source)
    }

    /// A sample out of one source.
    pub fn named(sample: impl Into<String>, source: Source) -> Self {
        Self {
            source,
            more: Vec::new(),
            sample: sample.into(),
        }
    }

    /// All files of the sample, in their order.
    pub fn sources(&self) -> impl Iterator<Item = &Source> {
        [&self.source].into_iter().chain(&self.more)
    }

    /// Bytes of all files, if each of them is one with a size.
    #[must_use]
    pub fn size(&self) -> Option<u64> {
        self.sources().map(Source::size).sum()
    }

    /// The same sample out of files that can be read again and again, see [`Source::read_repeatedly`].
    ///
    /// # Errors
    /// `Io`, with the file.
    pub(super) fn read_repeatedly(&self) -> Result<Self> {
        let repeatedly = |source: &Source| {
            let copy = source.read_repeatedly();
            copy.map_err(|error| error.in_file(source.label()))
        };
        Ok(Self {
            source: repeatedly(&self.source)?,
            more: self.more.iter().map(repeatedly).collect::<Result<_>>()?,
            sample: self.sample.clone(),
        })
    }
}

/// Threads that look at the beginnings of files at most, and how many files one is worth: to open 5,000 took a twentieth of the time that it takes to store
/// genomes of viruses in them, and a server lets wait for each.
const MAX_LOOKING: usize = 4;
const FILES_TO_LOOK_AT: usize = 64;

impl InputRules {
    /// Puts the files in tar archives in the place of these, each with the sample of its name; those of an input that was given a name, or
    /// has several files, become files of its sample. Decompressing them goes by these rules. Archives that cannot be read stay: reading
    /// them will tell why.
    #[must_use]
    pub fn unpack_tarballs(self, inputs: Vec<Input>) -> Vec<Input> {
        let memory = self.unpack_memory();
        let n_threads = (inputs.len() / FILES_TO_LOOK_AT).clamp(1, MAX_LOOKING);
        let unpack = |i: usize| unpack_tarball(inputs[i].clone(), memory);
        match threads::map("look", inputs.len(), n_threads, unpack) {
            // One whose thread was lost stays, too.
            Ok(unpacked) => unpacked
                .into_iter()
                .zip(&inputs)
                .flat_map(|(files, input)| files.unwrap_or_else(|| vec![input.clone()]))
                .collect(),
            Err(_) => inputs,
        }
    }
}

fn unpack_tarball(input: Input, memory: u64) -> Vec<Input> {
    let is_named = !input.more.is_empty() || input.sample != Input::of(input.source.clone()).sample;
    let Input { source, more, sample } = input;
    let sources = [source].into_iter().chain(more);
    let files = sources.flat_map(|source| source.unpack_tarball(memory));
    if !is_named {
        let name =
            |path: Option<PathBuf>| path.map_or_else(|| sample.clone(), |path| name::sample_name(&path));
        return files
            .map(|(source, path)| Input::named(name(path), source))
            .collect();
    }
    let mut sources = files.map(|(source, _)| source);
    let first = sources.next();
    let all = first.map(|source| Input {
        source,
        more: sources.collect(),
        sample,
    });
    all.into_iter().collect()
}

/// Bytes of all inputs, if every one has a size.
pub(super) fn total_size<'a>(inputs: impl IntoIterator<Item = &'a Input>) -> Option<u64> {
    inputs.into_iter().map(Input::size).sum()
}

/// The first of inputs, all of which pass [`check_inputs`].
///
/// # Errors
/// `BadInput` if there are none; as [`check_inputs`].
pub(super) fn first_checked(
    inputs: &[Input],
    rules: InputRules,
    is_stored: impl Fn(&[u8]) -> bool,
) -> Result<&Input> {
    let Some(first) = inputs.first() else {
        return Err(Error::bad_input("there are no input files"));
    };
    check_inputs(inputs, rules, is_stored)?;
    Ok(first)
}

/// Checks what can be known of inputs before they are read: their names, of which `is_stored` tells those that samples have already, and
/// that their files are there.
///
/// # Errors
/// As [`check_sample_names`] and [`check_files_exist`].
pub(super) fn check_inputs(
    inputs: &[Input],
    rules: InputRules,
    is_stored: impl Fn(&[u8]) -> bool,
) -> Result<()> {
    check_sample_names(inputs, rules, is_stored)?;
    check_files_exist(inputs)
}

/// Missing files that are named.
const MAX_NAMED: usize = 20;

/// Checks that all files are there, so that whoever has listed a thousand need not find out about them one by one.
///
/// # Errors
/// `Io` for a file that is missing, `BadInput` for several, naming them.
fn check_files_exist(inputs: &[Input]) -> Result<()> {
    let sources = || inputs.iter().flat_map(Input::sources);
    let paths = || sources().filter_map(Source::path);
    // One with a size is there, which is not asked for again.
    let mut missing: Vec<_> = sources()
        .filter(|source| source.size().is_none())
        .filter_map(Source::path)
        .filter_map(|path| Some((path, path.metadata().err()?)))
        .collect();
    if missing.len() < 2 {
        return match missing.pop() {
            Some((path, error)) => Err(Error::io("cannot open", error).in_file(path)),
            None => Ok(()),
        };
    }
    let named = missing.iter().take(MAX_NAMED);
    let named: Vec<_> = named.map(|(path, _)| path.display().to_string()).collect();
    let more = match missing.len() - named.len() {
        0 => String::new(),
        n_more => format!(" and {n_more} more"),
    };
    let (n_missing, n_all, (_, error)) = (missing.len(), paths().count(), &missing[0]);
    Err(Error::bad_input(format!(
        "{n_missing} of {n_all} input files cannot be opened: {}{more}: {error}",
        named.join(", "),
    )))
}

/// What may be done about a name that is taken.
pub(super) const WAY_OUT: &str = "(--rename-duplicates gives it another name)";

/// Checks that no two inputs have one sample name, and none has that of a sample which `is_stored` already; where files
/// are samples that are not renamed.
///
/// # Errors
/// `BadInput`, naming both files.
fn check_sample_names(inputs: &[Input], rules: InputRules, is_stored: impl Fn(&[u8]) -> bool) -> Result<()> {
    if rules.samples_by != SamplesBy::Input {
        return Ok(());
    }
    inputs.iter().try_for_each(check_sample_name)?;
    if rules.renames_duplicates || rules.skips_duplicates {
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

/// Refuses a name that no sample can have.
fn check_sample_name(input: &Input) -> Result<()> {
    match name::fault_in_sample(input.sample.as_bytes()) {
        None => Ok(()),
        Some(what) => {
            let why = format!("the name of the sample, {:?}, would hold {what}", input.sample);
            Err(Error::bad_input(why).in_file(input.source.label()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_missing_files_are_named() {
        let dir = tempfile::tempdir().unwrap();
        let there = dir.path().join("there.fa");
        std::fs::write(&there, ">a\nA\n").unwrap();
        let check = |missing: &[&str], more: &[&str]| {
            let mut inputs = vec![Input::file(&there)];
            inputs.extend(missing.iter().map(Input::file));
            inputs[0].more = more.iter().map(Source::file).collect();
            check_files_exist(&inputs).map_err(|error| error.to_string())
        };
        assert_eq!(check(&[], &[]), Ok(()));
        let error = check(&["none.fa"], &[]).unwrap_err();
        assert!(error.starts_with("none.fa: cannot open: No such file"), "{error}");
        let error = check(&["none.fa"], &["more.fa"]).unwrap_err();
        assert!(
            error.starts_with("2 of 3 input files cannot be opened: more.fa, none.fa: No such file"),
            "{error}"
        );
        let error = check(&["x"; 25], &[]).unwrap_err();
        assert!(
            error.starts_with("25 of 26 ") && error.contains(", x and 5 more: "),
            "{error}"
        );
    }

    #[test]
    #[cfg(unix)]
    fn names_that_are_no_line_of_text_are_refused() {
        use std::ffi::OsStr;
        use std::os::unix::ffi::OsStrExt;
        for (file, what) in [
            (&b"a\nb.fa"[..], "0A hex"),
            (b"a\x1B[2J.fa", "1B hex"),
            (b"a\tb.fa", "09 hex"),
            (b"caf\xE9.fa", "not UTF-8"),
        ] {
            let input = Input::file(OsStr::from_bytes(file));
            let error = check_sample_names(&[input], InputRules::default(), |_| false);
            let error = error.unwrap_err().to_string();
            assert!(error.contains(what), "{error}");
        }
        let accents = Input::file("café 1.fa");
        check_sample_names(&[accents], InputRules::default(), |_| false).unwrap();
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
