//! What a track is.

use std::convert::Infallible;
use std::io::Write;
use std::ops::Range;
use std::path::Path;

use crate::collection::SampleNames;
use crate::container::{ContainerReader, ContainerWriter, StreamId};
use crate::error::{Error, ErrorKind, Result};
use crate::original::{Keep, OriginalRecord};
use crate::provenance::SampleSource;
use crate::track::kept::KeptSamples;

/// One thing that is known of samples, and how it comes into its stream and out of it. The value itself takes samples while an archive is
/// written.
pub(crate) trait Track: Sized {
    /// Name of its stream.
    const STREAM: &'static str;

    /// Whether it tells of names of contigs.
    const KNOWS_NAMES: bool = false;

    /// What hears a contig while it is read; [`Infallible`] if the track is content with what [`WrittenContig`] tells.
    type Listener: Listener;

    /// What compares it with contigs that are decoded; [`Infallible`] if there is nothing to compare.
    type Verifier: Verifier<NoteOf<Self>>;

    /// Whether a run is to write it. An archive that is appended to need not have it.
    fn is_wanted(wanted: Wanted) -> bool;

    /// Begins a new archive.
    fn begin() -> Self;

    /// Goes on behind what an archive holds, which is copied. Without its stream there is nothing of the samples before.
    ///
    /// # Errors
    /// `Corrupt` when what it holds is damaged; `Io`.
    fn go_on<W: Write>(old: &Old<'_>, container: &mut ContainerWriter<W>) -> Result<Self>;

    /// Whether the archive does not hold what has to be heard of samples, and is to get that.
    ///
    /// # Errors
    /// `Corrupt` when what it holds is damaged.
    fn has_gaps(_old: &Old<'_>) -> Result<bool> {
        Ok(false)
    }

    /// Whether what an archive holds is true of the samples that are kept as it is.
    ///
    /// # Errors
    /// `Corrupt` when what it holds is damaged.
    fn stays(old: &Old<'_>, kept: KeptSamples<'_>) -> Result<bool> {
        Ok(kept.are_same(old.samples.len(), !Self::KNOWS_NAMES))
    }

    /// Takes over what an archive holds of the samples that are kept, which follow those that were taken before.
    ///
    /// # Errors
    /// `Corrupt` when what it holds, or what has to be heard, is damaged; `Io`.
    fn carry<W: Write>(
        &mut self,
        old: &Old<'_>,
        kept: KeptSamples<'_>,
        hear: &HearSample<'_, NoteOf<Self>>,
        container: &mut ContainerWriter<W>,
    ) -> Result<()>;

    /// Takes a sample by its place, and its contigs, each with its note if it was heard. Samples come in archive order.
    ///
    /// # Errors
    /// `Io`.
    fn add_sample<'c, W: Write>(
        &mut self,
        sample: usize,
        contigs: impl Iterator<Item = (WrittenContig<'c>, Option<&'c NoteOf<Self>>)>,
        container: &mut ContainerWriter<W>,
    ) -> Result<()>
    where
        NoteOf<Self>: 'c;

    /// Takes where a sample came from, by its place, if that is to be told; its contigs come next.
    ///
    /// # Errors
    /// `Io`.
    fn add_source<W: Write>(
        &mut self,
        _sample: usize,
        _source: Option<&SampleSource>,
        _container: &mut ContainerWriter<W>,
    ) -> Result<()> {
        Ok(())
    }

    /// Has it written whatever it takes, if it is one that is left out where it takes much.
    fn insist(&mut self) {}

    /// Writes what is left.
    ///
    /// # Errors
    /// `Io`.
    fn finish<W: Write>(self, container: &mut ContainerWriter<W>) -> Result<()>;

    /// Whether what the stream of an archive tells is of as many contigs as each of its samples has: what was added behind the rest would
    /// become that of others.
    ///
    /// # Errors
    /// `Corrupt` when it is not, or damaged.
    fn check(_old: &Old<'_>, _n_contigs: &[u64]) -> Result<()> {
        Ok(())
    }

    /// Begins to compare what an archive holds; `None` if it has no such stream.
    ///
    /// # Errors
    /// `Corrupt` when it is damaged.
    fn verifier(_old: &Old<'_>) -> Result<Option<Self::Verifier>> {
        Ok(None)
    }
}

/// Decodes a sample of the old archive, by its place there, and gives what a track notes of each of its contigs.
pub(crate) type HearSample<'a, N> = dyn Fn(usize) -> Result<Vec<N>> + 'a;

/// The note of a track.
pub(crate) type NoteOf<T> = <<T as Track>::Listener as Listener>::Note;

/// Hears one contig after the other and makes a note of each.
pub(crate) trait Listener: Sized {
    /// What is noted of a contig. Contigs of drafts wait by the ten thousands: what is large belongs behind a pointer.
    type Note;

    /// Whether it hears the text of a contig, and not only its symbol codes. Where residues that have no code are lost there is none.
    const HEARS_TEXT: bool;

    /// Begins, if there is anything to hear.
    fn begin() -> Option<Self>;

    /// Takes the next stretch of a contig.
    fn push(&mut self, piece: HeardStretch<'_>);

    /// What was heard of the contig, which is forgotten.
    fn take(&mut self) -> Self::Note;
}

/// A stretch of a contig.
#[derive(Debug, Clone, Copy)]
pub(crate) struct HeardStretch<'a> {
    /// Symbol codes, one a byte.
    pub(crate) codes: &'a [u8],
    /// The text that they stand for, of either case; blanks may be in it.
    pub(crate) text: &'a [u8],
}

impl Listener for Infallible {
    type Note = Infallible;
    const HEARS_TEXT: bool = false;

    fn begin() -> Option<Self> {
        None
    }

    fn push(&mut self, _piece: HeardStretch<'_>) {
        match *self {}
    }

    fn take(&mut self) -> Self::Note {
        *self
    }
}

/// Compares samples, in archive order, with what is stored of them.
pub(crate) trait Verifier<N> {
    /// Takes what was heard of the contigs of the next sample, as far as they could be decoded, and tells what is now known to be
    /// something else than what was stored.
    fn compare(&mut self, sample: usize, contigs: Option<&[Option<&N>]>) -> Vec<Mismatch>;
}

impl<N> Verifier<N> for Infallible {
    fn compare(&mut self, _sample: usize, _contigs: Option<&[Option<&N>]>) -> Vec<Mismatch> {
        match *self {}
    }
}

/// Contigs that together are not what was stored.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Mismatch {
    /// The samples that they are of.
    pub(crate) samples: Range<usize>,
    /// Their places in the sample, if they are not all contigs of the samples.
    pub(crate) contigs: Option<Range<usize>>,
    /// How they differ.
    pub(crate) kind: ErrorKind,
}

/// What is asked of a run. What the archive has that is appended to is wanted too.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wanted {
    pub(crate) keep: Keep,
    pub(crate) has_checksums: bool,
    pub(crate) has_digests: bool,
    pub(crate) has_sources: bool,
    /// Whether they are kept even if they take much of the archive.
    pub(crate) insists_on_sources: bool,
}

/// What is known of a contig beside its segments when it is written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct WrittenContig<'a> {
    pub(crate) name: &'a [u8],
    /// What the input calls it, if that name was taken or is none.
    pub(crate) original_name: Option<&'a [u8]>,
    /// Whether the collection cannot hold the name and has another one.
    pub(crate) has_substitute: bool,
    pub(crate) original: &'a OriginalRecord,
}

/// An archive that a track goes on from, or is compared with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Old<'a> {
    pub(crate) container: &'a ContainerReader,
    pub(crate) samples: &'a SampleNames,
    /// Symbols of each sample of the last batch, if that is not full and the archive is gone on from.
    pub(crate) last_lens: &'a [u64],
    /// Where it lies, for errors.
    pub(crate) path: Option<&'a Path>,
    /// Whether samples without checksums are to be heard.
    pub(crate) adds_checksums: bool,
    /// Whether samples without digests are.
    pub(crate) adds_digests: bool,
    /// Whether parts stay where they are, and no sample comes behind those that there are.
    pub(crate) is_renamed_in_place: bool,
}

impl Old<'_> {
    /// Adds the file to the error of something that is read.
    pub(super) fn placed<T>(&self, read: impl FnOnce() -> Result<T>) -> Result<T> {
        read().map_err(|error| self.placed_error(error))
    }

    /// Adds the file to an error.
    pub(super) fn placed_error(&self, error: Error) -> Error {
        match self.path {
            Some(path) => error.in_source(path),
            None => error,
        }
    }

    /// Adds a sample to an error.
    pub(super) fn in_sample(&self, sample: usize, error: Error) -> Error {
        match self.samples.get(sample) {
            Some(name) => error.in_sample(&String::from_utf8_lossy(name)),
            None => error,
        }
    }

    /// Copies the first parts of a stream as they are.
    pub(super) fn copy_parts<W: Write>(
        &self,
        stream: StreamId,
        name: &str,
        n_parts: usize,
        to: &mut ContainerWriter<W>,
    ) -> Result<()> {
        let copy = to.register(name);
        for number in 0..n_parts {
            self.placed(|| to.copy_part(copy, self.container, stream, number))?;
        }
        Ok(())
    }
}
