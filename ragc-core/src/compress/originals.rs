//! What the format cannot say of the inputs, on its way to the archive.

use super::existing::Existing;
use super::messages::ContigLayout;
use crate::archive::ArchiveWriter;
use crate::error::Result;
use crate::original::names::names_text;
use crate::original::texts::TextsWriter;
use crate::original::{Keep, SampleTexts, TextKind};
use std::io::Write;

/// Takes the samples in archive order.
pub(super) struct Originals {
    keep: Keep,
    odd: TextsWriter,
    case: TextsWriter,
    layout: TextsWriter,
    names: TextsWriter,
}

impl Originals {
    pub(super) fn new(keep: Keep) -> Self {
        Self {
            keep,
            odd: TextsWriter::new(TextKind::Odd),
            case: TextsWriter::new(TextKind::Case),
            layout: TextsWriter::new(TextKind::Layout),
            names: TextsWriter::new(TextKind::Names),
        }
    }

    /// Goes on behind what an archive holds.
    pub(super) fn go_on<W: Write>(
        &mut self,
        existing: &Existing<'_>,
        archive: &mut ArchiveWriter<W>,
    ) -> Result<()> {
        self.odd = existing.copy_texts(TextKind::Odd, archive)?;
        self.case = existing.copy_texts(TextKind::Case, archive)?;
        self.layout = existing.copy_texts(TextKind::Layout, archive)?;
        self.names = existing.copy_texts(TextKind::Names, archive)?;
        Ok(())
    }

    /// Takes the contigs of a sample, by the place of the sample.
    pub(super) fn add_sample<'c, W: Write>(
        &mut self,
        sample: usize,
        contigs: &'c [ContigLayout],
        archive: &mut ArchiveWriter<W>,
    ) -> Result<()> {
        let records = contigs
            .iter()
            .map(|contig| (&contig.record.original, contig.original_name.as_deref()));
        let texts = SampleTexts::of(self.keep, records);
        if !texts.odd.is_empty() {
            self.odd.push(sample, &texts.odd, archive)?;
        }
        if let Some(case) = &texts.case {
            self.case.push(sample, case, archive)?;
        }
        if let Some(layout) = &texts.layout {
            self.layout.push(sample, layout, archive)?;
        }
        let true_name =
            |contig: &'c ContigLayout| contig.substitute.is_some().then_some(contig.name.as_slice());
        let names = names_text(contigs.iter().map(true_name));
        if !names.is_empty() {
            self.names.push(sample, &names, archive)?;
        }
        Ok(())
    }

    /// Writes what is left of all streams that have something to tell.
    pub(super) fn finish<W: Write>(self, archive: &mut ArchiveWriter<W>) -> Result<()> {
        [self.odd, self.case, self.layout, self.names]
            .into_iter()
            .try_for_each(|texts| texts.finish(archive))
    }
}
