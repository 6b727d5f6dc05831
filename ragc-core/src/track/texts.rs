//! Texts of samples, see [`crate::original`].

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::io::Write;
use std::marker::PhantomData;

use crate::container::ContainerWriter;
use crate::error::{Error, Result};
use crate::original::case::CaseRuns;
use crate::original::layout::{forget_headers, pick_layouts};
use crate::original::names::{names_text, read_names};
use crate::original::odd::OddRuns;
use crate::original::texts::{TextsIndex, TextsWriter};
use crate::original::{ContigTexts, Keep, Runs, TextKind, entries_text, layout_text};
use crate::track::kept::{KeptContigs, KeptSample, KeptSamples};
use crate::track::stored_texts::StoredTexts;
use crate::track::traits::{HearSample, Old, Track, Wanted, WrittenContig};

/// A kind of texts.
pub(crate) trait KeptText {
    const KIND: TextKind;

    /// Whether it is kept.
    fn is_kept(keep: Keep) -> bool;

    /// Whether it tells of names of contigs.
    const KNOWS_NAMES: bool = false;

    /// The text of a sample, if it has one.
    fn of<'c>(contigs: impl Iterator<Item = WrittenContig<'c>>) -> Option<Vec<u8>>;

    /// What becomes of the text of a sample whose contigs are kept so.
    ///
    /// # Errors
    /// `Corrupt` when it is damaged.
    fn pick(text: Option<Vec<u8>>, contigs: &KeptContigs) -> Result<Option<Vec<u8>>>;
}

/// Residues that are no nucleotide code: kept always.
pub(crate) struct Odd;

impl KeptText for Odd {
    const KIND: TextKind = TextKind::Odd;

    fn is_kept(_keep: Keep) -> bool {
        true
    }

    fn of<'c>(contigs: impl Iterator<Item = WrittenContig<'c>>) -> Option<Vec<u8>> {
        let text = entries_text(contigs.map(|contig| contig.original.odd.as_slice()));
        (!text.is_empty()).then_some(text)
    }

    fn pick(text: Option<Vec<u8>>, contigs: &KeptContigs) -> Result<Option<Vec<u8>>> {
        let text = pick_entries::<OddRuns>(text, contigs)?;
        Ok(text.filter(|text| !text.is_empty()))
    }
}

/// Lower case. A sample without any has an empty text, which tells that it has none.
pub(crate) struct Case;

impl KeptText for Case {
    const KIND: TextKind = TextKind::Case;

    fn is_kept(keep: Keep) -> bool {
        keep.case
    }

    fn of<'c>(contigs: impl Iterator<Item = WrittenContig<'c>>) -> Option<Vec<u8>> {
        Some(entries_text(
            contigs.map(|contig| contig.original.case.as_slice()),
        ))
    }

    fn pick(text: Option<Vec<u8>>, contigs: &KeptContigs) -> Result<Option<Vec<u8>>> {
        pick_entries::<CaseRuns>(text, contigs)
    }
}

/// What stands between the residues.
pub(crate) struct LineLayout;

impl KeptText for LineLayout {
    const KIND: TextKind = TextKind::Layout;

    fn is_kept(keep: Keep) -> bool {
        keep.layout
    }

    fn of<'c>(contigs: impl Iterator<Item = WrittenContig<'c>>) -> Option<Vec<u8>> {
        layout_text(
            contigs.filter_map(|contig| Some((contig.original.layout.as_ref()?, contig.original_name))),
        )
    }

    const KNOWS_NAMES: bool = true;

    /// A contig with a new name has that as its header line.
    fn pick(text: Option<Vec<u8>>, contigs: &KeptContigs) -> Result<Option<Vec<u8>>> {
        match (text, contigs) {
            (None, _) => Ok(None),
            (text, KeptContigs::All) => Ok(text),
            (Some(text), KeptContigs::Listed(kept)) => pick_layouts(text, kept).map(Some),
            (Some(text), KeptContigs::Renamed(names)) => {
                let renamed: Vec<usize> = names.iter().map(|(contig, _)| *contig).collect();
                forget_headers(text, &renamed).map(Some)
            }
        }
    }
}

/// Header lines that the collection cannot hold: kept always.
pub(crate) struct Names;

impl KeptText for Names {
    const KIND: TextKind = TextKind::Names;

    fn is_kept(_keep: Keep) -> bool {
        true
    }

    fn of<'c>(contigs: impl Iterator<Item = WrittenContig<'c>>) -> Option<Vec<u8>> {
        let text = names_text(contigs.map(|contig| contig.has_substitute.then_some(contig.name)));
        (!text.is_empty()).then_some(text)
    }

    const KNOWS_NAMES: bool = true;

    fn pick(text: Option<Vec<u8>>, contigs: &KeptContigs) -> Result<Option<Vec<u8>>> {
        let text = text.unwrap_or_default();
        let old = read_names(&text, usize::MAX)?;
        let mut names: BTreeMap<usize, &[u8]> = BTreeMap::new();
        match contigs {
            KeptContigs::All => names.extend(old),
            KeptContigs::Renamed(renamed) => {
                names.extend(old);
                for (contig, name) in renamed {
                    match &name.true_name {
                        Some(name) => names.insert(*contig, name),
                        None => names.remove(contig),
                    };
                }
            }
            KeptContigs::Listed(kept) => {
                let placed = |(contig, name)| Some((kept.binary_search(&contig).ok()?, name));
                names.extend(old.into_iter().filter_map(placed));
            }
        }
        let end = names.last_key_value().map_or(0, |(last, _)| last + 1);
        let text = names_text((0..end).map(|contig| names.get(&contig).copied()));
        Ok((!text.is_empty()).then_some(text))
    }
}

/// The entries of the contigs that are kept.
fn pick_entries<R: Runs>(text: Option<Vec<u8>>, contigs: &KeptContigs) -> Result<Option<Vec<u8>>> {
    match (text, contigs) {
        (Some(text), KeptContigs::Listed(kept)) => {
            let texts = ContigTexts::parse::<R>(text, usize::MAX)?;
            Ok(Some(entries_text(kept.iter().map(|contig| texts.of(*contig)))))
        }
        (text, _) => Ok(text),
    }
}

/// Writes the texts of a kind.
pub(crate) struct TextTrack<T> {
    writer: TextsWriter,
    kind: PhantomData<T>,
}

impl<T> TextTrack<T> {
    fn of(writer: TextsWriter) -> Self {
        Self {
            writer,
            kind: PhantomData,
        }
    }
}

impl<T: KeptText> TextTrack<T> {
    /// The text of a sample, if it has one.
    fn text_of(old: &Old<'_>, texts: Option<&StoredTexts<'_>>, sample: usize) -> Result<Option<Vec<u8>>> {
        texts.map_or(Ok(None), |texts| old.placed(|| texts.of(sample)))
    }

    /// What becomes of the text of a sample that is kept.
    fn picked(old: &Old<'_>, text: Option<Vec<u8>>, kept: &KeptSample) -> Result<Option<Vec<u8>>> {
        let picked = T::pick(text, &kept.contigs);
        let placed = |error: Error| {
            old.placed_error(old.in_sample(kept.sample, error).in_stream(T::KIND.stream_name()))
        };
        picked.map_err(placed)
    }
}

impl<T: KeptText> Track for TextTrack<T> {
    const STREAM: &'static str = T::KIND.stream_name();
    const KNOWS_NAMES: bool = T::KNOWS_NAMES;
    type Listener = Infallible;
    type Verifier = Infallible;

    fn is_wanted(wanted: Wanted) -> bool {
        T::is_kept(wanted.keep)
    }

    fn begin() -> Self {
        Self::of(TextsWriter::new(T::KIND))
    }

    /// Copies the parts that stay as they are, and goes on behind them.
    fn go_on<W: Write>(old: &Old<'_>, container: &mut ContainerWriter<W>) -> Result<Self> {
        let Some((stream, index)) =
            old.placed(|| TextsIndex::read(old.container, T::KIND, || Ok(old.samples.len())))?
        else {
            return Ok(Self::begin());
        };
        let n_kept = TextsWriter::n_kept_parts(&index);
        let mut open = Vec::new();
        for part in n_kept..old.container.n_parts(stream) - 1 {
            let read = index.read_part(old.container, stream, part as u64);
            let texts = old.placed(|| read.map_err(|e| e.in_part(part as u64).in_stream(Self::STREAM)));
            open.append(&mut texts?);
        }
        old.copy_parts(stream, Self::STREAM, n_kept, container)?;
        Ok(Self::of(TextsWriter::behind(T::KIND, index, open)))
    }

    fn stays(old: &Old<'_>, kept: KeptSamples<'_>) -> Result<bool> {
        if kept.are_same(old.samples.len(), !Self::KNOWS_NAMES) {
            return Ok(true);
        }
        // Few names are told here, so most of them can change without that.
        if !kept.are_same(old.samples.len(), true) {
            return Ok(false);
        }
        let texts = old.placed(|| StoredTexts::open(old, T::KIND))?;
        for (_, sample) in kept.0.iter().filter(|(_, sample)| sample.contigs.are_renamed()) {
            let text = Self::text_of(old, texts.as_ref(), sample.sample)?;
            if Self::picked(old, text.clone(), sample)? != text {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn carry<W: Write>(
        &mut self,
        old: &Old<'_>,
        kept: KeptSamples<'_>,
        _hear: &HearSample<'_, Infallible>,
        container: &mut ContainerWriter<W>,
    ) -> Result<()> {
        let texts = old.placed(|| StoredTexts::open(old, T::KIND))?;
        for (place, sample) in kept.0 {
            let text = Self::text_of(old, texts.as_ref(), sample.sample)?;
            if let Some(text) = Self::picked(old, text, sample)? {
                self.writer.push(*place, &text, container)?;
            }
        }
        Ok(())
    }

    fn add_sample<'c, W: Write>(
        &mut self,
        sample: usize,
        contigs: impl Iterator<Item = (WrittenContig<'c>, Option<&'c Infallible>)>,
        container: &mut ContainerWriter<W>,
    ) -> Result<()> {
        match T::of(contigs.map(|(contig, _)| contig)) {
            Some(text) => self.writer.push(sample, &text, container),
            None => Ok(()),
        }
    }

    fn finish<W: Write>(self, container: &mut ContainerWriter<W>) -> Result<()> {
        self.writer.finish(container)
    }
}
