//! The course of a run that stores genomes, which `create` and `append` share: [`Claimed`], [`Ready`], [`Finished`].

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{anyhow, bail};
use ragc_core::Archive;
use ragc_core::compress::{Input, InputRules, Summary};
use ragc_core::fasta::Source;

use crate::commands::inputs::InputArgs;
use crate::commands::skipped::Skipped;
use crate::commands::stats::{Stats, StoringFigures};
use crate::commands::warnings;
use crate::exit::UsageError;
use crate::out::{Claim, Out};
use crate::progress::ProgressDisplay;
use crate::took::Took;

/// What a run is about from its beginning to its end.
#[derive(Clone, Copy)]
struct About<'a> {
    command: &'static str,
    args: &'a InputArgs,
    output: Option<&'a Path>,
    /// The archive that it goes on from.
    continued: Option<&'a Path>,
    took: Took,
}

/// A run that has the name of its archive for itself, and knows its files.
pub(super) struct Claimed<'a> {
    about: About<'a>,
    files: Vec<Input>,
    claim: Option<Claim>,
}

/// A run whose outputs are open.
pub(super) struct Ready<'a> {
    about: About<'a>,
    /// The samples to store, in their order.
    pub(super) files: Vec<Input>,
    archive: Out,
    stats: Stats,
}

/// A run whose archive has its name.
pub(super) struct Finished<'a> {
    about: About<'a>,
    pub(super) summary: Summary,
    n_files: usize,
    skipped: Skipped,
    stats: Stats,
}

impl<'a> Claimed<'a> {
    /// Gathers the files, and claims the name of the new archive, which may be that of the one that it goes on from.
    pub(super) fn new(
        command: &'static str,
        args: &'a InputArgs,
        output: Option<&'a Path>,
        continued: Option<&'a Path>,
    ) -> anyhow::Result<Self> {
        args.check_output(output)?;
        let took = Took::start();
        let files = args.inputs()?;
        if files.is_empty() {
            bail!("there are no input files");
        }
        let claim = args.claim(output, continued)?;
        let about = About {
            command,
            args,
            output,
            continued,
            took,
        };
        Ok(Self { about, files, claim })
    }

    /// Opens the outputs, then looks for tar archives among the files. An archive that is `changed` in place is written to behind its end.
    pub(super) fn open(self, changed: Option<(&Path, &Archive)>) -> anyhow::Result<Ready<'a>> {
        let Self { about, files, claim } = self;
        let labels = || files.iter().flat_map(Input::sources).map(Source::container);
        let archive = match changed {
            Some((path, archive)) => Out::open_end(labels(), path, archive, claim)?,
            None => Out::open_archive(labels(), about.output, claim)?,
        };
        let stats = about.args.stats(labels().chain(about.continued), about.output)?;
        let files = about.args.unpack(files)?;
        Ok(Ready {
            about,
            files,
            archive,
            stats,
        })
    }
}

/// The text of an error, with the name of the archive if that could not be written.
fn told(archive: &Out, error: &anyhow::Error) -> String {
    let of_library = error.downcast_ref::<ragc_core::Error>();
    match of_library.is_some_and(|inner| inner.is_of_sink() && inner.location().path.is_none()) {
        true => format!("{}: {error}", archive.name().display()),
        false => error.to_string(),
    }
}

impl<'a> Ready<'a> {
    /// What messages call the first file.
    pub(super) fn first_label(&self) -> Option<PathBuf> {
        self.files.first().map(|input| input.source.label().to_owned())
    }

    /// Puts the sample first that is named so, or is stored in the file of this name.
    pub(super) fn put_first(&mut self, reference: &OsStr) -> Result<(), UsageError> {
        self.about.args.put_first(reference, &mut self.files)
    }

    /// Sifts the files, has them stored, and gives the archive its name. If anything fails, no archive appears.
    pub(super) fn store(
        self,
        rules: InputRules,
        continued: Option<&Archive>,
        store: impl FnOnce(&[Input], &mut Out, Arc<ProgressDisplay>) -> anyhow::Result<Summary>,
    ) -> anyhow::Result<Finished<'a>> {
        let Self {
            about,
            files,
            mut archive,
            stats,
        } = self;
        let progress = Arc::new(ProgressDisplay::new(about.args.verbosity > 1));
        let sifted = about.args.sift(files, rules, continued, progress.clone());
        let stored = sifted.and_then(|(files, skipped)| {
            let summary = store(&files, &mut archive, progress.clone());
            // Whoever closes the pipe of an archive has half an archive: unlike with text, that is a failure.
            let summary = summary.map_err(|error| anyhow!(told(&archive, &error)))?;
            let n_files = files.iter().flat_map(Input::sources).count();
            Ok((summary, n_files, skipped))
        });
        progress.clear();
        let (summary, n_files, skipped) = stored?;
        about.args.finish(archive)?;
        Ok(Finished {
            about,
            summary,
            n_files,
            skipped,
            stats,
        })
    }
}

impl Finished<'_> {
    /// Tells what is to be told: what is stored otherwise than it was, with `-v` what `report` says and the figures, what was left out.
    pub(super) fn tell(self, report: impl FnOnce(&Summary)) -> anyhow::Result<()> {
        warnings::warn(&self.summary);
        let figures = StoringFigures {
            command: self.about.command,
            n_files: self.n_files,
            took: self.about.took,
            summary: &self.summary,
        };
        if self.about.args.verbosity > 0 {
            report(&self.summary);
            figures.tell();
        }
        self.stats.finish(&figures)?;
        self.skipped.report()
    }
}
