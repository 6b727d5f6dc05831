//! Making archives, and adding to them.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use ragc_core::archive_file::{ArchiveFile, ArchiveLock};
use ragc_core::compress::{AppendOptions, CreateOptions, Input, InputRules};
use ragc_core::fasta::Source;
use ragc_core::in_place::Change;
use ragc_core::observe::Observer;
use ragc_core::{Archive, Error, ErrorKind, Keep};

use crate::failure::Result;

/// What the caller wants otherwise than it would be. `None` is what the program does of itself.
#[derive(Debug, Clone, Default)]
pub(crate) struct Options {
    pub(crate) n_threads: Option<usize>,
    pub(crate) memory: Option<usize>,
    pub(crate) k: Option<u32>,
    pub(crate) min_match: Option<u32>,
    pub(crate) segment_size: Option<u32>,
    pub(crate) pack_cardinality: Option<u32>,
    pub(crate) keep: Option<Keep>,
    /// An archive of this name may be replaced.
    pub(crate) replaces: bool,
    /// What is new goes behind the end of the file.
    pub(crate) in_place: bool,
}

/// Makes an archive. If that fails, none appears.
pub(crate) fn create_archive(
    path: &Path,
    inputs: Vec<Input>,
    options: &Options,
    observer: Arc<dyn Observer>,
) -> Result<()> {
    let options_of_create = options.of_create()?;
    check_is_no_input(path, &inputs)?;
    let lock = ArchiveLock::take_observed(path, &*observer)?;
    let mut file = match options.replaces {
        true => ArchiveFile::replace(lock)?,
        false => ArchiveFile::create_with(lock)?,
    };
    let inputs = options_of_create.rules.unpack_tarballs(inputs);
    options_of_create
        .create(&inputs, &mut file, observer)
        .map_err(|error| error.in_sink(path))?;
    Ok(file.finish()?)
}

/// Adds samples to an archive. If that fails, it stays as it was.
pub(crate) fn append_to_archive(
    path: &Path,
    inputs: Vec<Input>,
    options: &Options,
    observer: Arc<dyn Observer>,
) -> Result<()> {
    let lock = ArchiveLock::take_observed(path, &*observer)?;
    let archive = Archive::open(path)?;
    let options_of_append = options.of_append(&archive)?;
    let inputs = options_of_append.rules.unpack_tarballs(inputs);
    if options.in_place {
        let mut change = Change::begin(lock.path(), &archive)?;
        let added = options_of_append.append_behind(&archive, &inputs, &mut change, observer);
        added.map_err(|error| error.in_sink(path))?;
        return Ok(change.finish()?);
    }
    let mut file = ArchiveFile::replace(lock)?;
    let added = options_of_append.append(&archive, &inputs, &mut file, observer);
    added.map_err(|error| error.in_sink(path))?;
    Ok(file.finish()?)
}

impl Options {
    fn of_create(&self) -> Result<CreateOptions> {
        if self.in_place {
            return Err(bad_option("in_place is for adding to an archive"));
        }
        let defaults = CreateOptions::default();
        let options = CreateOptions::default()
            .with_threads(self.n_threads.unwrap_or(defaults.n_threads))
            .with_memory(self.memory)
            .with_k(self.k.unwrap_or(defaults.k))
            .with_min_match(self.min_match.unwrap_or(defaults.min_match))
            .with_segment_size(self.segment_size)
            .with_pack_cardinality(self.pack_cardinality)
            .with_rules(self.rules(Keep::ALL));
        options.validate()?;
        Ok(options)
    }

    fn of_append(&self, archive: &Archive) -> Result<AppendOptions> {
        let of_create = [self.k, self.min_match, self.segment_size, self.pack_cardinality];
        if of_create.iter().any(Option::is_some) || self.replaces {
            return Err(bad_option(
                "k, min_match, segment_size, pack_cardinality and replace are for a new archive: this one has its own",
            ));
        }
        let keep = match archive.samples()?.is_empty() {
            true => Keep::ALL,
            false => archive.keep()?,
        };
        let defaults = AppendOptions::default();
        let options = AppendOptions::default()
            .with_threads(self.n_threads.unwrap_or(defaults.n_threads))
            .with_memory(self.memory)
            .with_rules(self.rules(keep));
        options.validate()?;
        Ok(options)
    }

    fn rules(&self, keep: Keep) -> InputRules {
        InputRules::default()
            .with_keep(self.keep.unwrap_or(keep))
            .with_memory(self.memory)
    }
}

fn bad_option(why: &str) -> crate::failure::Failure {
    Error::new(ErrorKind::BadOption(why.to_owned())).into()
}

/// An archive does not take the name of a file that it is made of.
fn check_is_no_input(path: &Path, inputs: &[Input]) -> Result<()> {
    let Ok(output) = fs::canonicalize(path) else {
        // There is no such file yet.
        return Ok(());
    };
    let mut files = inputs.iter().flat_map(Input::sources).filter_map(Source::path);
    match files.any(|file| fs::canonicalize(file).is_ok_and(|file| file == output)) {
        true => Err(
            Error::bad_input("the archive would be written over one of its inputs")
                .in_file(path)
                .into(),
        ),
        false => Ok(()),
    }
}
