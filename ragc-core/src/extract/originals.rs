//! What an archive keeps of the original files beside the sequences.

use std::sync::{Arc, OnceLock};

use crate::archive::StreamId;
use crate::collection::ContigList;
use crate::error::{Error, Result};
use crate::extract::store::{Key, Store};
use crate::extract::{ContigId, Decompressor};
use crate::original::case::CaseRuns;
use crate::original::names::read_names;
use crate::original::odd::OddRuns;
use crate::original::texts::{TextsIndex, read_text};
use crate::original::{ContigTexts, Keep, Overlay, Runs, TextKind};
use crate::zstd;

/// How letters are told. The default is that of the library: as AGC has them, and what AGC cannot say of the sequence beside them.
/// `ragc` prints [`Spelling::Cased`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Spelling {
    /// The sixteen letters of the format, in upper case: `N` for what is no nucleotide code.
    Nucleotides,
    /// With the residues that are no nucleotide code, in upper case.
    #[default]
    Residues,
    /// With residues and lower case, of samples for which the archive keeps it. Others are told in upper case.
    Cased,
    /// With lower case, but `N` for what is no nucleotide code: for archives whose residues are lost.
    CasedNucleotides,
}

impl Spelling {
    fn has_residues(self) -> bool {
        matches!(self, Self::Residues | Self::Cased)
    }

    fn has_case(self) -> bool {
        matches!(self, Self::Cased | Self::CasedNucleotides)
    }

    /// The texts that it takes.
    pub(super) fn kinds(self) -> impl Iterator<Item = TextKind> {
        let odd = self.has_residues().then_some(TextKind::Odd);
        odd.into_iter().chain(self.has_case().then_some(TextKind::Case))
    }
}

/// Where the texts of each kind lie, when that was looked up.
#[derive(Debug, Default)]
pub(super) struct TextsIndexes([OnceLock<Option<(StreamId, TextsIndex)>>; TextKind::ALL.len()]);

impl TextsIndexes {
    /// Whether those of a kind were looked up.
    pub(super) fn knows(&self, kind: TextKind) -> bool {
        self.0[kind as usize].get().is_some()
    }
}

/// What is put over the letters of a contig.
#[derive(Debug, Default)]
pub(crate) struct Overlays {
    odd: Option<Overlay<OddRuns>>,
    case: Option<Overlay<CaseRuns>>,
}

impl Overlays {
    /// Changes the letters of a stretch that begins at this base; stretches ascend.
    pub(crate) fn apply(&mut self, start: u64, letters: &mut [u8]) -> Result<()> {
        if let Some(odd) = &mut self.odd {
            odd.apply(start, letters)
                .map_err(|e| e.in_stream(TextKind::Odd.stream_name()))?;
        }
        if let Some(case) = &mut self.case {
            case.apply(start, letters)
                .map_err(|e| e.in_stream(TextKind::Case.stream_name()))?;
        }
        Ok(())
    }
}

impl Overlays {
    /// Reads what is left of the texts of the contig, also behind its last letter.
    pub(crate) fn finish(&mut self) -> Result<()> {
        if let Some(odd) = &mut self.odd {
            odd.finish()
                .map_err(|e| e.in_stream(TextKind::Odd.stream_name()))?;
        }
        if let Some(case) = &mut self.case {
            case.finish()
                .map_err(|e| e.in_stream(TextKind::Case.stream_name()))?;
        }
        Ok(())
    }
}

impl Store {
    /// Where the texts of a kind lie; `None` if the archive has none.
    pub(crate) fn texts_index(&self, kind: TextKind) -> Result<Option<&(StreamId, TextsIndex)>> {
        let place = &self.texts.0[kind as usize];
        if let Some(index) = place.get() {
            return Ok(index.as_ref());
        }
        let index = TextsIndex::read(&self.archive, kind, || Ok(self.samples()?.len()))?;
        Ok(place.get_or_init(|| index).as_ref())
    }

    /// A part of the texts of a kind, decoded.
    pub(crate) fn texts_part(&self, kind: TextKind, part: u64) -> Result<Arc<Vec<u8>>> {
        let Some((stream, index)) = self.texts_index(kind)? else {
            return Err(Error::corrupt("there are no texts").in_stream(kind.stream_name()));
        };
        self.cached(Key::TextsPart(kind, part), || {
            let read = || {
                let stored = self.archive.read_part(*stream, part as usize)?;
                let len = index.len_of_part(part);
                self.archive.check_unit_len(len)?;
                zstd::decompress(stored.payload(), len)
            };
            read().map_err(|e| e.in_part(part).in_stream(kind.stream_name()))
        })
    }

    /// Whether a part of the texts of a kind is decoded.
    pub(super) fn has_texts_part(&self, kind: TextKind, part: u64) -> bool {
        self.cached_already::<Vec<u8>>(Key::TextsPart(kind, part))
            .is_some()
    }

    /// The text of a sample; `None` if nothing of this kind was kept of it.
    pub(crate) fn text(&self, kind: TextKind, sample: usize) -> Result<Option<Vec<u8>>> {
        let Some((_, index)) = self.texts_index(kind)? else {
            return Ok(None);
        };
        let read = || {
            let range = index.range(sample).unwrap_or_default();
            self.archive.check_unit_len(range.end - range.start)?;
            read_text(index, sample, |part| self.texts_part(kind, part))
        };
        read().map_err(|e| e.in_stream(kind.stream_name()))
    }

    /// What is to be put over the letters of a contig; `n_contigs` tells how many its sample has.
    pub(crate) fn overlays(
        &self,
        id: ContigId,
        spelling: Spelling,
        n_contigs: &dyn Fn() -> Result<usize>,
    ) -> Result<Overlays> {
        let mut overlays = Overlays::default();
        if spelling.has_residues() {
            overlays.odd = self.overlay(TextKind::Odd, id, n_contigs)?;
        }
        if spelling.has_case() {
            overlays.case = self.overlay(TextKind::Case, id, n_contigs)?;
        }
        if let (None, Some(case)) = (&overlays.odd, &mut overlays.case) {
            case.runs_mut().expect_letters();
        }
        Ok(overlays)
    }

    fn overlay<R: Runs>(
        &self,
        kind: TextKind,
        id: ContigId,
        n_contigs: &dyn Fn() -> Result<usize>,
    ) -> Result<Option<Overlay<R>>> {
        let range = self
            .texts_index(kind)?
            .and_then(|(_, index)| index.range(id.sample));
        if range.is_none_or(|range| range.is_empty()) {
            return Ok(None);
        }
        let texts = self.contig_texts::<R>(kind, id.sample, n_contigs)?;
        Ok(texts.has(id.contig).then(|| Overlay::new(texts, id.contig)))
    }

    /// The text of a sample, cut into those of its contigs.
    fn contig_texts<R: Runs>(
        &self,
        kind: TextKind,
        sample: usize,
        n_contigs: &dyn Fn() -> Result<usize>,
    ) -> Result<Arc<ContigTexts>> {
        self.cached(Key::Texts(kind, sample), || {
            let text = self.text(kind, sample)?.unwrap_or_default();
            ContigTexts::parse::<R>(text, n_contigs()?).map_err(|e| e.in_stream(kind.stream_name()))
        })
    }
}

impl Store {
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
    pub(super) fn true_names(&self, sample: usize, stored: &ContigList) -> Result<Option<ContigList>> {
        let kind = TextKind::Names;
        let Some(text) = self.text(kind, sample)? else {
            return Ok(None);
        };
        let names = || {
            let names = read_names(&text, stored.len())?;
            stored
                .clone()
                .with_true_names(&names, self.archive.max_unit_len())
        };
        names().map(Some).map_err(|e| e.in_stream(kind.stream_name()))
    }

    /// Forgets what [`Self::overlays`] has decoded for the contigs of a sample.
    pub(crate) fn forget_overlays(&self, sample: usize) {
        for kind in TextKind::ALL {
            self.cache.forget(Key::Texts(kind, sample));
        }
    }
}

impl Decompressor {
    /// What the archive keeps of original files beside the sequences, of some sample at least.
    ///
    /// # Errors
    /// `Corrupt` when what it keeps is damaged.
    pub fn keep(&self) -> Result<Keep> {
        self.placed(|| {
            Ok(Keep {
                case: self.store.texts_index(TextKind::Case)?.is_some(),
                layout: self.store.texts_index(TextKind::Layout)?.is_some(),
            })
        })
    }

    /// Whether some residues of the archive are no nucleotide code, and kept.
    ///
    /// # Errors
    /// As [`Self::keep`].
    pub fn has_odd_residues(&self) -> Result<bool> {
        self.placed(|| Ok(self.store.texts_index(TextKind::Odd)?.is_some()))
    }

    /// What the archive keeps of the file of a sample, by its place.
    ///
    /// # Errors
    /// As [`Self::keep`].
    pub fn keep_of(&self, sample: usize) -> Result<Keep> {
        let has = |kind| {
            let index = self.store.texts_index(kind)?;
            Ok(index.is_some_and(|(_, index)| index.range(sample).is_some()))
        };
        self.placed(|| {
            Ok(Keep {
                case: has(TextKind::Case)?,
                layout: has(TextKind::Layout)?,
            })
        })
    }
}
