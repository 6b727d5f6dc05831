//! Makes an archive hold what a plan says.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::Arc;

use super::plan::SyncPlan;
use crate::collection::SampleNames;
use crate::compress::append::append_to_made;
use crate::compress::input::Input;
use crate::compress::options::AppendOptions;
use crate::compress::route::Summary;
use crate::error::{Error, Result};
use crate::extract::Archive;
use crate::observe::Observer;
use crate::rewrite::{RewriteOptions, reorder};

/// Bytes that are written to the archive in between at once.
const BUFFER_LEN: usize = 1 << 20;

/// What became of an archive.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Synced {
    /// What was stored, if anything was.
    pub stored: Option<Summary>,
    /// Samples that were removed; those that were replaced are among them.
    pub n_removed: usize,
    /// Bases of references that samples brought which are not there any more.
    pub foreign_bases: u64,
    /// Streams of the old archive that mean nothing to this program, and were left out before anything was stored.
    pub dropped_streams: Vec<String>,
}

impl AppendOptions {
    /// Writes the archive to `sink` that a plan makes of an old one. Samples that have changed keep their places, and new ones come behind all others, in
    /// the order of the files. Where some are removed and others stored, what is made in between goes to files without names in the folder `scratch`.
    ///
    /// # Errors
    /// As [`RewriteOptions::remove`] and [`Self::append`]; `BadInput` if there is nothing to do. What was written to `sink`
    /// before is no archive.
    pub fn sync<W: Write + Send>(
        &self,
        archive: &Archive,
        plan: &SyncPlan,
        removes_gone: bool,
        scratch: &Path,
        sink: W,
        observer: Arc<dyn Observer>,
    ) -> Result<Synced> {
        let inputs: Vec<Input> = plan.to_store().cloned().collect();
        let removed: Vec<&[u8]> = plan.to_remove(removes_gone).collect();
        if removed.is_empty() {
            let summary = self.append(archive, &inputs, sink, observer)?;
            return Ok(Synced {
                stored: Some(summary),
                ..Synced::default()
            });
        }
        let n_removed = removed.len();
        let returning = inputs.iter().map(|input| input.sample.as_bytes().to_vec());
        let rewriting = RewriteOptions::default()
            .with_threads(self.n_threads)
            .with_returning(returning.collect());
        let removed = removed.iter().copied();
        if inputs.is_empty() {
            let rewriting = rewriting.with_provenance(self.provenance.clone());
            let rewritten = rewriting.remove(archive, removed, &*observer, sink)?;
            return Ok(Synced {
                stored: None,
                n_removed,
                foreign_bases: rewritten.foreign_bases,
                dropped_streams: rewritten.dropped_streams,
            });
        }
        let between = between(scratch)?;
        let rewritten = rewriting.remove(archive, removed, &*observer, buffered(&between)?)?;
        let run = self.provenance.clone();
        let run = run.map(|run| run.with_removed(rewritten.removed));
        let options = &self.clone().with_provenance(run);
        let rest = Archive::from_reader(between)?;
        Ok(Synced {
            stored: Some(append_to_rest(
                archive, &rest, &inputs, options, scratch, sink, observer,
            )?),
            n_removed,
            foreign_bases: rewritten.foreign_bases,
            dropped_streams: rewritten.dropped_streams,
        })
    }
}

/// As [`AppendOptions::append`] to an archive of which samples were taken out: those that come back stand where they stood in `before`, and the others behind all. What
/// they are added to in between goes to a file without a name in the folder `scratch`, unless they are the last ones in any case.
///
/// # Errors
/// As [`AppendOptions::append`].
pub fn append_to_rest<W: Write + Send>(
    before: &Archive,
    rest: &Archive,
    inputs: &[Input],
    options: &AppendOptions,
    scratch: &Path,
    sink: W,
    observer: Arc<dyn Observer>,
) -> Result<Summary> {
    let order = SampleOrder::of(before)?;
    let added = inputs.iter().map(|input| input.sample.as_bytes());
    if order.is_kept(rest.samples()?.iter().chain(added)) {
        return append_to_made(rest, inputs, options, sink, &observer);
    }
    let between = between(scratch)?;
    let summary = append_to_made(rest, inputs, options, buffered(&between)?, &observer)?;
    let appended = Archive::from_reader(between)?;
    let names = order.sorted(appended.samples()?.iter());
    let rewriting = RewriteOptions::default().with_threads(options.n_threads);
    let rewritten = reorder(&appended, names, &rewriting, &*observer, sink)?;
    Ok(Summary {
        stream_lens: rewritten.stream_lens,
        ..summary
    })
}

/// The places that samples had.
struct SampleOrder<'a>(&'a SampleNames);

impl<'a> SampleOrder<'a> {
    fn of(before: &'a Archive) -> Result<Self> {
        Ok(Self(before.samples()?))
    }

    /// The place of a sample; those that are new have one behind all.
    fn place(&self, name: &[u8]) -> usize {
        self.0.find(name).unwrap_or(self.0.len())
    }

    fn is_kept<'n>(&self, names: impl Iterator<Item = &'n [u8]>) -> bool {
        names.map(|name| self.place(name)).is_sorted()
    }

    fn sorted<'n>(&self, names: impl Iterator<Item = &'n [u8]>) -> Vec<&'n [u8]> {
        let mut names: Vec<&[u8]> = names.collect();
        names.sort_by_key(|name| self.place(name));
        names
    }
}

/// A file without a name for an archive that something else is made of.
fn between(scratch: &Path) -> Result<File> {
    tempfile::tempfile_in(scratch)
        .map_err(|error| Error::io("cannot write a temporary archive", error).in_file(scratch))
}

fn buffered(file: &File) -> Result<BufWriter<File>> {
    let copy = file.try_clone();
    let copy = copy.map_err(|error| Error::io("cannot write a temporary archive", error))?;
    Ok(BufWriter::with_capacity(BUFFER_LEN, copy))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compress::CreateOptions;
    use crate::observe::Silent;
    use crate::provenance::{HistoryEntry, Provenance};

    fn files(dir: &tempfile::TempDir, texts: &[(&str, &str)]) -> Vec<Input> {
        let write = |(name, text): &(&str, &str)| {
            let path = dir.path().join(format!("{name}.fa"));
            std::fs::write(&path, text).unwrap();
            Input::file(path)
        };
        texts.iter().map(write).collect()
    }

    fn run(time: u64, word: &str) -> Option<Provenance> {
        Some(Provenance::fixed(time).with_command(vec![word.as_bytes().to_vec()]))
    }

    /// Of each command its word, and samples and bases added and removed.
    fn history(archive: &Archive) -> Vec<(String, [u64; 4])> {
        let told = |entry: HistoryEntry| {
            let word = String::from_utf8(entry.command.concat()).unwrap();
            let (added, removed) = (entry.added, entry.removed);
            let counts = [added.n_samples, added.n_bases, removed.n_samples, removed.n_bases];
            (word, counts)
        };
        archive.history().unwrap().into_iter().map(told).collect()
    }

    #[test]
    fn each_change_is_told_behind_those_before_it() {
        let dir = tempfile::tempdir().unwrap();
        let mut archive = Vec::new();
        let inputs = files(&dir, &[("a", ">x\nACGTACGT\n"), ("b", ">x\nACGT\n")]);
        let options = CreateOptions::default().with_provenance(run(1, "create"));
        options.create(&inputs, &mut archive, Arc::new(Silent)).unwrap();
        let mut archive = Archive::from_reader(archive).unwrap();
        let mut expected = vec![("create".to_owned(), [2, 12, 0, 0])];
        assert_eq!(history(&archive), expected);
        for (word, texts, counts) in [
            (
                "new and changed",
                &[("b", ">x\nACGTA\n"), ("c", ">x\nAC\n")][..],
                [2, 7, 2, 12],
            ),
            ("gone", &[("c", ">x\nAC\n")], [0, 0, 1, 5]),
            ("new", &[("c", ">x\nAC\n"), ("d", ">x\nA\n")], [1, 1, 0, 0]),
        ] {
            let inputs = files(&dir, texts);
            let observer: Arc<dyn Observer> = Arc::new(Silent);
            let compared = AppendOptions::default().with_threads(1);
            let plan = compared
                .plan_sync(Some(&archive), &inputs, false, &observer)
                .unwrap();
            let options = AppendOptions::default().with_provenance(run(2, word));
            let mut new = Vec::new();
            options
                .sync(&archive, &plan, true, dir.path(), &mut new, observer)
                .unwrap();
            archive = Archive::from_reader(new).unwrap();
            expected.push((word.to_owned(), counts));
            assert_eq!(history(&archive), expected);
            assert!(archive.verify(1, &Silent).is_intact());
        }
        // What tells nothing leaves what was told.
        let mut rest = Vec::new();
        crate::rewrite::RewriteOptions::default()
            .remove(&archive, [&b"d"[..]], &crate::observe::Silent, &mut rest)
            .unwrap();
        assert_eq!(history(&Archive::from_reader(rest).unwrap()), expected);
    }
}
