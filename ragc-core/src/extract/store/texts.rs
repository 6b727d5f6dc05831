//! What an archive keeps of the original files beside the sequences.

use std::sync::{Arc, OnceLock};

use crate::collection::ContigList;
use crate::container::StreamId;
use crate::error::{Error, Result};
use crate::extract::contig_id::ContigId;
use crate::extract::store::basis::Basis;
use crate::extract::store::demand::Demand;
use crate::extract::store::frames::Frames;
use crate::extract::store::key;
use crate::extract::store::overlays::{Overlays, SampleTexts};
use crate::extract::store::shelf::Shelf;
use crate::extract::store::spelling::Spelling;
use crate::original::case::CaseRuns;
use crate::original::names::read_names;
use crate::original::odd::OddRuns;
use crate::original::texts::{TextsIndex, append_piece, read_text};
use crate::original::{ContigTexts, Overlay, Runs, TextKind};

/// Texts about original files, a kind in a stream.
#[derive(Debug)]
pub(crate) struct Texts {
    basis: Arc<Basis>,
    shelf: Arc<Shelf>,
    frames: Arc<Frames>,
    /// Where the texts of each kind lie, when that was looked up.
    indexes: [OnceLock<Option<(StreamId, TextsIndex)>>; TextKind::ALL.len()],
    /// Where the true names of contigs are damaged, those that the collection has stand for them: for whoever looks for damage.
    takes_substitutes: bool,
}

impl Texts {
    pub(super) fn new(
        basis: &Arc<Basis>,
        shelf: &Arc<Shelf>,
        frames: &Arc<Frames>,
        takes_substitutes: bool,
    ) -> Self {
        Self {
            basis: Arc::clone(basis),
            shelf: Arc::clone(shelf),
            frames: Arc::clone(frames),
            indexes: Default::default(),
            takes_substitutes,
        }
    }

    /// Where the texts of a kind lie; `None` if the archive has none.
    pub(crate) fn index(&self, kind: TextKind) -> Result<Option<&(StreamId, TextsIndex)>> {
        let place = &self.indexes[kind as usize];
        if let Some(index) = place.get() {
            return Ok(index.as_ref());
        }
        let index = TextsIndex::read(self.basis.container(), kind, || Ok(self.frames.samples()?.len()))?;
        Ok(place.get_or_init(|| index).as_ref())
    }

    /// A part of the texts of a kind, decoded as far as this byte at least.
    ///
    /// As with packs, the first query decodes what it needs and whoever needs more decodes all, so that nothing is decoded more often than twice;
    /// of a source that is slow to answer all is decoded at once.
    fn part(&self, kind: TextKind, part: u64, end: u64) -> Result<Arc<Vec<u8>>> {
        let (whole, start) = (key::TextsPart(kind, part), key::TextsPartStart(kind, part));
        if let Some(bytes) = self.shelf.get(whole) {
            return Ok(bytes);
        }
        if self.basis.container().lookahead() == 0 {
            let first = self
                .shelf
                .get_or_load(start, || self.read_part(kind, part, end))?;
            if first.len() as u64 >= end {
                return Ok(first);
            }
        }
        let bytes = self
            .shelf
            .get_or_load(whole, || self.read_part(kind, part, u64::MAX))?;
        self.shelf.forget(start);
        Ok(bytes)
    }

    fn read_part(&self, kind: TextKind, part: u64, end: u64) -> Result<Vec<u8>> {
        let Some((stream, index)) = self.index(kind)? else {
            return Err(Error::corrupt("there are no texts").in_stream(kind.stream_name()));
        };
        let read = index.read_part_through(self.basis.container(), *stream, part, end);
        read.map_err(|e| e.in_part(part).in_stream(kind.stream_name()))
    }

    /// Adds what tells where texts lie, as far as that was not looked up.
    pub(super) fn demand_indexes(&self, demand: &mut Demand<'_>) {
        let container = self.basis.container();
        for kind in [TextKind::Names, TextKind::Odd, TextKind::Case] {
            if let Some(stream) = container.footer().find(kind.stream_name())
                && let Some(index) = container.n_parts(stream).checked_sub(1)
                && self.indexes[kind as usize].get().is_none()
            {
                demand.add(stream, index);
            }
        }
    }

    /// Adds those parts that hold the text of a sample.
    pub(super) fn demand_text(&self, demand: &mut Demand<'_>, kind: TextKind, sample: usize) {
        if let Ok(Some((stream, index))) = self.index(kind)
            && let Some(parts) = index.parts_of(sample)
        {
            for part in parts.filter(|part| self.shelf.get(key::TextsPart(kind, *part)).is_none()) {
                demand.add(*stream, part as usize);
            }
        }
    }

    /// Whether something of this kind is kept of a sample.
    pub(crate) fn has(&self, kind: TextKind, sample: usize) -> Result<bool> {
        let index = self.index(kind)?;
        Ok(index.is_some_and(|(_, index)| index.range(sample).is_some()))
    }

    /// The text of a sample; `None` if nothing of this kind was kept of it.
    pub(crate) fn text(&self, kind: TextKind, sample: usize) -> Result<Option<Vec<u8>>> {
        let Some((_, index)) = self.index(kind)? else {
            return Ok(None);
        };
        let read = || {
            let range = index.range(sample).unwrap_or_default();
            self.basis.container().check_unit_len(range.end - range.start)?;
            read_text(index, sample, |part, end| self.part(kind, part, end))
        };
        read().map_err(|e| e.in_stream(kind.stream_name()))
    }

    /// What is to be put over the letters of a contig, up to this base if not all of the sample will be read; `n_contigs` tells how many
    /// it has.
    pub(crate) fn overlays(
        &self,
        id: ContigId,
        end: Option<u64>,
        spelling: Spelling,
        n_contigs: &dyn Fn() -> Result<usize>,
    ) -> Result<Overlays> {
        let odd = match spelling.has_residues() {
            true => self.overlay(TextKind::Odd, id, end, n_contigs)?,
            false => None,
        };
        let case = match spelling.has_case() {
            true => self.overlay(TextKind::Case, id, end, n_contigs)?,
            false => None,
        };
        Ok(Overlays::new(odd, case))
    }

    fn overlay<R: Runs>(
        &self,
        kind: TextKind,
        id: ContigId,
        end: Option<u64>,
        n_contigs: &dyn Fn() -> Result<usize>,
    ) -> Result<Option<Overlay<R>>> {
        if self.is_empty(kind, id.sample)? {
            return Ok(None);
        }
        let texts = self.contig_texts::<R>(kind, id, end, n_contigs);
        let texts = texts.map_err(|e| e.in_stream(kind.stream_name()))?;
        Ok(texts.has(id.contig).then(|| Overlay::new(texts, id.contig)))
    }

    /// What is to be put over the letters of a sample of so many contigs that is read once.
    pub(crate) fn of_sample(
        &self,
        sample: usize,
        spelling: Spelling,
        n_contigs: usize,
    ) -> Result<SampleTexts> {
        Ok(SampleTexts {
            odd: match spelling.has_residues() {
                true => self.texts_of_sample::<OddRuns>(TextKind::Odd, sample, n_contigs)?,
                false => None,
            },
            case: match spelling.has_case() {
                true => self.texts_of_sample::<CaseRuns>(TextKind::Case, sample, n_contigs)?,
                false => None,
            },
        })
    }

    fn texts_of_sample<R: Runs>(
        &self,
        kind: TextKind,
        sample: usize,
        n_contigs: usize,
    ) -> Result<Option<Arc<ContigTexts>>> {
        if self.is_empty(kind, sample)? {
            return Ok(None);
        }
        let texts = self.read_contig_texts::<R>(kind, sample, n_contigs, None);
        Ok(Some(Arc::new(
            texts.map_err(|e| e.in_stream(kind.stream_name()))?,
        )))
    }

    /// Whether nothing is put over the letters of a sample.
    fn is_empty(&self, kind: TextKind, sample: usize) -> Result<bool> {
        let range = self.index(kind)?.and_then(|(_, index)| index.range(sample));
        Ok(range.is_none_or(|range| range.is_empty()))
    }

    /// The text of a sample, cut into those of its contigs, as far as what is put over a contig up to `end` at least.
    ///
    /// The first stretch reads the parts that it needs: of a large genome with many runs they are many, and half of them on average. Who
    /// needs more reads all.
    fn contig_texts<R: Runs>(
        &self,
        kind: TextKind,
        id: ContigId,
        end: Option<u64>,
        n_contigs: &dyn Fn() -> Result<usize>,
    ) -> Result<Arc<ContigTexts>> {
        let (whole, start) = (
            key::ContigTexts(kind, id.sample),
            key::ContigTextsStart(kind, id.sample),
        );
        if let Some(texts) = self.shelf.get(whole) {
            return Ok(texts);
        }
        let read = |until| self.read_contig_texts::<R>(kind, id.sample, n_contigs()?, until);
        if let Some(end) = end {
            let first = self.shelf.get_or_load(start, || read(Some((id.contig, end))))?;
            if Overlay::<R, _>::new(&*first, id.contig).reaches(end)? {
                return Ok(first);
            }
        }
        let texts = self.shelf.get_or_load(whole, || read(None))?;
        self.shelf.forget(start);
        Ok(texts)
    }

    /// As [`Self::contig_texts`], out of the parts of the stream: of a sample of so many contigs, up to this base of this one or all.
    fn read_contig_texts<R: Runs>(
        &self,
        kind: TextKind,
        sample: usize,
        n_contigs: usize,
        until: Option<(usize, u64)>,
    ) -> Result<ContigTexts> {
        let mut texts = ContigTexts::begin(n_contigs);
        let Some((_, index)) = self.index(kind)? else {
            return Ok(texts);
        };
        let range = index.range(sample).unwrap_or_default();
        self.basis.container().check_unit_len(range.end - range.start)?;
        let mut n_left = range.end - range.start;
        for piece in index.pieces_of(range) {
            n_left -= piece.1.end - piece.1.start;
            texts.extend::<R>(n_left == 0, |text| {
                append_piece(text, piece, |part, end| self.part(kind, part, end))
            })?;
            if let Some((contig, end)) = until
                && Overlay::<R, _>::new(&texts, contig).reaches(end)?
            {
                break;
            }
        }
        Ok(texts)
    }

    /// The contigs of a sample under their true names, if the collection cannot hold all of them.
    pub(super) fn with_true_names(&self, sample: usize, stored: ContigList) -> Result<ContigList> {
        match self.true_names(sample, &stored) {
            Ok(None) => Ok(stored),
            Ok(Some(names)) => Ok(names),
            Err(_) if self.takes_substitutes => Ok(stored),
            Err(error) => Err(error),
        }
    }

    /// As [`Self::with_true_names`]; `None` if the collection holds all names.
    pub(crate) fn true_names(&self, sample: usize, stored: &ContigList) -> Result<Option<ContigList>> {
        let kind = TextKind::Names;
        let Some(text) = self.text(kind, sample)? else {
            return Ok(None);
        };
        let names = || {
            let names = read_names(&text, stored.len())?;
            stored
                .clone()
                .with_true_names(&names, self.basis.container().max_unit_len())
        };
        names().map(Some).map_err(|e| e.in_stream(kind.stream_name()))
    }

    /// Forgets what [`Self::overlays`] has decoded for the contigs of a sample.
    pub(crate) fn forget_overlays(&self, sample: usize) {
        for kind in TextKind::ALL {
            self.shelf.forget(key::ContigTexts(kind, sample));
            self.shelf.forget(key::ContigTextsStart(kind, sample));
        }
    }
}
