//! What is put over the letters of a contig.

use crate::error::Result;
use crate::original::case::CaseRuns;
use crate::original::odd::OddRuns;
use crate::original::{ContigTexts, Overlay, Runs, TextKind};
use std::sync::Arc;

/// What is put over the letters of a contig.
#[derive(Debug, Default)]
pub(crate) struct Overlays {
    odd: Option<Overlay<OddRuns>>,
    case: Option<Overlay<CaseRuns>>,
}

impl Overlays {
    /// Those that there are. Without odd residues all that is put into another case is a letter.
    pub(super) fn new(odd: Option<Overlay<OddRuns>>, mut case: Option<Overlay<CaseRuns>>) -> Self {
        if let (None, Some(case)) = (&odd, &mut case) {
            case.runs_mut().expect_letters();
        }
        Self { odd, case }
    }

    /// Changes the letters of a stretch that begins at this base; stretches ascend.
    pub(crate) fn apply(&mut self, start: u64, letters: &mut [u8]) -> Result<()> {
        in_stream(TextKind::Odd, apply(&mut self.odd, start, letters))?;
        in_stream(TextKind::Case, apply(&mut self.case, start, letters))
    }

    /// Reads what is left of the texts of the contig, also behind its last letter.
    pub(crate) fn finish(&mut self) -> Result<()> {
        in_stream(TextKind::Odd, finish(&mut self.odd))?;
        in_stream(TextKind::Case, finish(&mut self.case))
    }
}

/// What is put over the letters of a whole sample, of which nothing is kept for others.
#[derive(Debug, Default)]
pub(crate) struct SampleTexts {
    pub(super) odd: Option<Arc<ContigTexts>>,
    pub(super) case: Option<Arc<ContigTexts>>,
}

impl SampleTexts {
    /// What is put over the letters of a contig.
    pub(crate) fn overlays(&self, contig: usize) -> Overlays {
        Overlays::new(overlay(&self.odd, contig), overlay(&self.case, contig))
    }
}

fn overlay<R: Runs>(texts: &Option<Arc<ContigTexts>>, contig: usize) -> Option<Overlay<R>> {
    let texts = texts.as_ref().filter(|texts| texts.has(contig))?;
    Some(Overlay::new(Arc::clone(texts), contig))
}

fn apply<R: Runs>(overlay: &mut Option<Overlay<R>>, start: u64, letters: &mut [u8]) -> Result<()> {
    match overlay {
        Some(overlay) => overlay.apply(start, letters),
        None => Ok(()),
    }
}

fn finish<R: Runs>(overlay: &mut Option<Overlay<R>>) -> Result<()> {
    match overlay {
        Some(overlay) => overlay.finish(),
        None => Ok(()),
    }
}

fn in_stream(kind: TextKind, result: Result<()>) -> Result<()> {
    result.map_err(|error| error.in_stream(kind.stream_name()))
}
