//! The ordered end: headers, overlaps between stretches, and the sink.

use crate::error::{Error, ErrorKind, Result};
use crate::extract::join::Joiner;
use crate::extract::store::Store;
use crate::extract::stream::task::{Decoded, Piece, Stretch, Task};

/// Takes samples, contigs and symbols in the order of the archive.
pub trait SampleSink {
    /// A sample begins.
    ///
    /// # Errors
    /// Whatever keeps the sink from going on; the extraction ends with it.
    fn start_sample(&mut self, name: &[u8]) -> Result<()>;

    /// A contig of the sample begins; the name is the complete header line.
    ///
    /// # Errors
    /// As [`Self::start_sample`].
    fn start_contig(&mut self, name: &[u8]) -> Result<()>;

    /// The next symbols of the contig, as upper-case letters.
    ///
    /// # Errors
    /// As [`Self::start_sample`].
    fn letters(&mut self, letters: &[u8]) -> Result<()>;

    /// All contigs of the sample are complete.
    ///
    /// # Errors
    /// As [`Self::start_sample`].
    fn end_sample(&mut self) -> Result<()>;
}

/// Takes the answers of tasks in order.
pub(super) struct Output<'a, 'b> {
    store: &'a Store,
    joiner: Joiner,
    sink: &'b mut dyn SampleSink,
}

impl<'a, 'b> Output<'a, 'b> {
    pub(super) fn new(store: &'a Store, sink: &'b mut dyn SampleSink) -> Self {
        Self {
            store,
            joiner: Joiner::new(store.params().k),
            sink,
        }
    }

    pub(super) fn take(&mut self, task: &Task, decoded: &Decoded) -> Result<()> {
        let mut stretches = decoded.stretches();
        for piece in &task.pieces {
            match piece {
                Piece::StartSample(sample) => {
                    let name = self.store.samples()?.get(*sample).unwrap_or_default();
                    self.sink.start_sample(name)?;
                }
                Piece::Stretch(stretch) => {
                    let letters = stretches
                        .next()
                        .ok_or_else(|| Error::new(ErrorKind::WorkerLost))?;
                    self.stretch(stretch, letters)?;
                }
                Piece::EndSample => self.sink.end_sample()?,
            }
        }
        Ok(())
    }

    fn stretch(&mut self, stretch: &Stretch, letters: &[u8]) -> Result<()> {
        if stretch.is_start {
            self.joiner.restart();
            self.sink.start_contig(stretch.name())?;
        }
        let new = self.joiner.join(letters);
        self.sink.letters(new.map_err(|e| stretch.place(self.store, e))?)
    }
}
