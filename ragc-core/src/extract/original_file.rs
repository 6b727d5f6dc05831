//! The file that a sample was made of, byte for byte.

use std::io::Write;

use crate::error::{Error, ErrorKind, Result};
use crate::extract::{Archive, SampleSink, Spelling};
use crate::original::layout::{LayoutReader, LayoutWriter};
use crate::original::{Keep, Packing, TextKind};
use crate::visibility::internal;

impl Archive {
    /// Writes the file that a sample was made of, as it was when it was unpacked, decoding ahead on `n_threads` threads.
    /// In an archive of a sample per record, it is the part of the file that belongs to the sample.
    ///
    /// # Errors
    /// `NotKept` when the archive does not keep case or layout of the sample; `Corrupt` when anything is damaged; `Io`
    /// when `out` fails.
    pub fn write_original<W: Write + Send>(&self, sample: usize, n_threads: usize, out: W) -> Result<W> {
        let mut writer = self.original_writer(sample, out)?;
        self.stream_samples(&[sample], Spelling::Cased, n_threads, &mut writer)?;
        self.placed(|| writer.finish())
    }

    /// Checks that all of this is kept of a sample; all of [`Keep::ALL`] is needed for its original file.
    ///
    /// # Errors
    /// `NotKept`, telling what is missing; as [`Self::keep`](Self::keep).
    pub fn check_kept(&self, sample: usize, wanted: Keep) -> Result<()> {
        let kept = self.keep_of(sample)?;
        let missing = match (wanted.case && !kept.case, wanted.layout && !kept.layout) {
            (false, false) => return Ok(()),
            (true, false) => "case is",
            (false, true) => "layout is",
            (true, true) => "case and layout are",
        };
        let error = Error::new(ErrorKind::NotKept(format!(
            "its {missing} not kept in the archive"
        )));
        self.placed(|| Err(self.store().catalogue().in_sample(sample, error)))
    }

    internal! {
        /// Something that takes a sample spelled as [`Spelling::Cased`] and writes the file that it was made of.
        ///
        /// # Errors
        /// As [`Self::check_kept`].
        fn original_writer<W: Write + Send>(&self, sample: usize, out: W) -> Result<OriginalWriter<W>> {
            self.check_kept(sample, Keep::ALL)?;
            let (layout, _, before_header) = self.layout_of(sample)?;
            Ok(OriginalWriter(LayoutWriter::new(out, layout, &before_header)))
        }
    }

    internal! {
        /// How the file of a sample was packed, if its layout is kept.
        ///
        /// # Errors
        /// As [`Self::keep`](Self::keep).
        fn packing_of(&self, sample: usize) -> Result<Option<Packing>> {
            match self.keep_of(sample)?.layout {
                true => Ok(Some(self.layout_of(sample)?.1)),
                false => Ok(None),
            }
        }
    }

    fn layout_of(&self, sample: usize) -> Result<(LayoutReader, Packing, Vec<u8>)> {
        self.placed(|| {
            let text = self
                .store()
                .texts()
                .text(TextKind::Layout, sample)?
                .unwrap_or_default();
            LayoutReader::new(text).map_err(|e| self.store().catalogue().in_sample(sample, in_layout(e)))
        })
    }
}

/// Writes the file that a sample was made of.
///
/// # Finish
/// The end is only written by [`Self::finish`].
#[derive(Debug)]
pub struct OriginalWriter<W>(LayoutWriter<W>);

impl<W: Write> OriginalWriter<W> {
    /// Ends the file and gives the output back.
    ///
    /// # Errors
    /// `Corrupt` when there were fewer contigs or letters than the layout tells; `Io` when the output fails.
    pub fn finish(self) -> Result<W> {
        self.0.finish().map_err(in_layout)
    }
}

fn in_layout(error: Error) -> Error {
    match error.kind() {
        ErrorKind::Io(_) => error,
        _ => error.in_stream(TextKind::Layout.stream_name()),
    }
}

impl<W: Write + Send> SampleSink for OriginalWriter<W> {
    fn start_contig(&mut self, name: &[u8]) -> Result<()> {
        self.0.start_contig(name).map_err(in_layout)
    }

    fn letters(&mut self, letters: &[u8]) -> Result<()> {
        self.0.letters(letters).map_err(in_layout)
    }
}
