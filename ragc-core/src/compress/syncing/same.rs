//! Is a sample of an archive what files hold?

use std::sync::Arc;

use super::content;
use crate::compress::input::Input;
use crate::compress::options::InputRules;
use crate::compress::read::Reading;
use crate::error::{Error, Result};
use crate::extract::Archive;
use crate::observe::{Observer, Uncounted};
use crate::original::{Keep, Packing};
use crate::provenance::{Provenance, SourceFile, Sources};

/// An archive that is compared with files.
pub(super) struct ComparedArchive<'a> {
    archive: &'a Archive,
    sources: Sources,
    trusts_stamps: bool,
    observer: Arc<dyn Observer>,
    /// For what is read a second time.
    again: Reading,
}

/// By what a sample is known, or told from that of the archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Evidence {
    /// Sizes and times of its files; they were not read.
    Stamps,
    /// Digests of its files, and what kind of files they are.
    Digest,
    /// What the archive holds, which was decoded.
    Content,
}

impl Evidence {
    /// A word for it that stays the same from release to release.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Stamps => "stamps",
            Self::Digest => "digest",
            Self::Content => "content",
        }
    }
}

/// What a comparison has shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sameness {
    Same(Evidence),
    Other(Evidence),
}

impl<'a> ComparedArchive<'a> {
    /// Reads what an archive tells of the files that it was made of.
    ///
    /// # Errors
    /// `Corrupt` when that is damaged.
    pub(super) fn open(
        archive: &'a Archive,
        rules: InputRules,
        trusts_stamps: bool,
        observer: &Arc<dyn Observer>,
    ) -> Result<Self> {
        Ok(Self {
            archive,
            sources: archive.sources()?.unwrap_or_default(),
            trusts_stamps,
            observer: Arc::clone(observer),
            again: Reading {
                rules,
                provenance: None,
                observer: Arc::new(Uncounted(Arc::clone(observer))),
            },
        })
    }

    /// The place of a sample.
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        self.archive.samples().ok()?.find(name.as_bytes())
    }

    /// Whether files have the sizes and times that they had, if that is asked for: `None` if not all of them have.
    pub(super) fn compare_stamps(&self, sample: usize, input: &Input) -> Option<Sameness> {
        let stored = self.files(sample).filter(|_| self.trusts_stamps)?;
        let same = stored.len() == input.sources().count()
            && stored.iter().zip(input.sources()).all(|(stored, source)| {
                let now = source.described(&Provenance::at(0));
                has_stamps(stored) && (now.size, now.modified) == (stored.size, stored.modified)
            });
        same.then_some(Sameness::Same(Evidence::Stamps))
    }

    /// Compares files with a sample, by their digests, and by what they hold if these do not tell.
    ///
    /// # Errors
    /// `Io` when a file cannot be read; `Corrupt` when what has to be decoded is damaged; `BadInput` for what is not FASTA.
    pub(super) fn compare(&self, sample: usize, input: &Input) -> Result<Sameness> {
        let stored = self.files(sample).unwrap_or_default();
        let n_sources = input.sources().count();
        if stored.len() == n_sources && stored.iter().all(|file| file.xxh3.is_some()) {
            if self.has_digests(stored, input)? {
                return Ok(Sameness::Same(Evidence::Digest));
            }
            if self.is_sure_to_differ(sample, input)? {
                return Ok(Sameness::Other(Evidence::Digest));
            }
        }
        Ok(
            match content::is_same(self.archive, sample, input, &self.again)? {
                true => Sameness::Same(Evidence::Content),
                false => Sameness::Other(Evidence::Content),
            },
        )
    }

    fn files(&self, sample: usize) -> Option<&[SourceFile]> {
        self.sources.of(sample).map(|source| source.files.as_slice())
    }

    fn has_digests(&self, stored: &[SourceFile], input: &Input) -> Result<bool> {
        for (stored, source) in stored.iter().zip(input.sources()) {
            let digest = source.raw_digest(&*self.observer);
            let digest = digest.map_err(|error: Error| error.in_file(source.label()))?;
            if stored.xxh3 != Some(digest) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether a file that has other bytes has another text, all of which is kept: it is not packed, and was not.
    fn is_sure_to_differ(&self, sample: usize, input: &Input) -> Result<bool> {
        Ok(self.archive.keep_of(sample)? == Keep::ALL
            && self.archive.packing_of(sample)? == Some(Packing::Plain)
            && input.more.is_empty()
            && !input.source.is_compressed())
    }
}

/// Whether a file that was not read can be known by what is told of it.
fn has_stamps(file: &SourceFile) -> bool {
    file.member.is_none() && file.xxh3.is_some() && file.size.is_some() && file.modified.is_some()
}
