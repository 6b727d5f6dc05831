//! The ordered end: headers, overlaps between stretches, and the sink.

use crate::error::{Error, ErrorKind, Result};
use crate::extract::assembly::Joiner;
use crate::extract::store::{Overlays, SampleTexts, Spelling, Store};
use crate::extract::stream::task::{DecodeTask, Decoded, OutputStep, Stretch};

/// Takes samples, contigs and symbols in the order of the archive. What is not told takes no notice.
///
/// One call follows the other, but not always on the same thread: the thread that has decoded symbols hands them over.
pub trait SampleSink: Send {
    /// A sample begins.
    ///
    /// # Errors
    /// Whatever keeps the sink from going on; the extraction ends with it.
    fn start_sample(&mut self, name: &[u8]) -> Result<()> {
        let _ = name;
        Ok(())
    }

    /// A contig of the sample begins; the name is the complete header line.
    ///
    /// # Errors
    /// As [`Self::start_sample`].
    fn start_contig(&mut self, name: &[u8]) -> Result<()> {
        let _ = name;
        Ok(())
    }

    /// The next symbols of the contig, as upper-case letters.
    ///
    /// # Errors
    /// As [`Self::start_sample`].
    fn letters(&mut self, letters: &[u8]) -> Result<()>;

    /// All contigs of the sample are complete.
    ///
    /// # Errors
    /// As [`Self::start_sample`].
    fn end_sample(&mut self) -> Result<()> {
        Ok(())
    }
}

/// Letters that are changed and handed on together, while they are in the nearest cache of the core.
const PIECE_LEN: usize = 1 << 14;

/// Takes the answers of tasks in order.
pub(super) struct Output<'a, 'b> {
    store: &'a Store,
    spelling: Spelling,
    joiner: Joiner,
    /// What is put over the letters of the sample, when a contig of it has begun.
    texts: Option<SampleTexts>,
    /// What is put over the letters of the contig.
    overlays: Overlays,
    /// Base of the contig that comes next.
    pos: u64,
    sink: &'b mut dyn SampleSink,
}

impl<'a, 'b> Output<'a, 'b> {
    pub(super) fn new(store: &'a Store, spelling: Spelling, sink: &'b mut dyn SampleSink) -> Self {
        Self {
            store,
            spelling,
            joiner: Joiner::new(store.params().k),
            texts: None,
            overlays: Overlays::default(),
            pos: 0,
            sink,
        }
    }

    pub(super) fn take(&mut self, task: &DecodeTask, decoded: &mut Decoded) -> Result<()> {
        let mut stretches = decoded.stretches_mut();
        for step in &task.steps {
            match step {
                OutputStep::StartSample(sample) => {
                    let name = self.store.catalogue().samples()?.get(*sample).unwrap_or_default();
                    self.sink.start_sample(name)?;
                }
                OutputStep::Stretch(stretch) => {
                    let letters = stretches
                        .next()
                        .ok_or(ErrorKind::Internal("a stretch was not decoded"))
                        .map_err(Error::new)?;
                    self.stretch(stretch, letters)?;
                }
                OutputStep::EndSample => {
                    self.texts = None;
                    self.sink.end_sample()?;
                }
            }
        }
        Ok(())
    }

    fn stretch(&mut self, stretch: &Stretch, letters: &mut [u8]) -> Result<()> {
        if let Some(start) = stretch.start {
            self.joiner.restart();
            self.pos = start;
            let overlays = self.overlays_of(stretch);
            self.overlays = overlays.map_err(|e| stretch.place(self.store, e))?;
            self.sink.start_contig(stretch.name())?;
        }
        let n_new = self.joiner.join(letters).map(<[u8]>::len);
        let n_new = n_new.map_err(|e| stretch.place(self.store, e))?;
        let n_shared = letters.len() - n_new;
        for piece in letters[n_shared..].chunks_mut(PIECE_LEN) {
            self.overlays
                .apply(self.pos, piece)
                .map_err(|e| stretch.place(self.store, e))?;
            self.pos += piece.len() as u64;
            self.sink.letters(piece)?;
        }
        Ok(())
    }

    fn overlays_of(&mut self, stretch: &Stretch) -> Result<Overlays> {
        let (id, n_contigs) = (stretch.contig_id(), stretch.sample.n_contigs());
        let texts = self.store.texts();
        if let Some(end) = stretch.end {
            return texts.overlays(id, Some(end), self.spelling, &|| Ok(n_contigs));
        }
        let of_sample = match &mut self.texts {
            Some(of_sample) => of_sample,
            none => none.insert(texts.of_sample(id.sample, self.spelling, n_contigs)?),
        };
        Ok(of_sample.overlays(id.contig))
    }
}
