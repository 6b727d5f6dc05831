//! From letters and the text of a layout back to the bytes of the file.

use crate::error::{Error, Result};
use crate::original::layout::LayoutReader;
use crate::original::layout::lines::{Fit, Lines};
use crate::original::layout::reader::Shape;
use crate::text_buffer::{BUFFER_LEN, TextBuffer};
use std::io::Write;

/// Writes the file that a sample was made of.
///
/// # Finish
/// The end is only written by [`Self::finish`].
#[derive(Debug)]
pub(crate) struct LayoutWriter<W> {
    out: TextBuffer<W>,
    layout: LayoutReader,
    /// What stands before the next residue of this record, or its end.
    pending: Vec<u8>,
    record: Option<OpenRecord>,
}

/// The record that is being written.
#[derive(Debug)]
struct OpenRecord {
    shape: Shape,
    /// Residues until the line is full.
    room: u64,
    /// The lines that are being written, if they are listed: how many are left, this one counted.
    listed: Option<Lines>,
    has_residues: bool,
}

impl<W: Write> LayoutWriter<W> {
    /// Starts a sample with this layout, whose first header comes behind these bytes.
    pub(crate) fn new(sink: W, layout: LayoutReader, before_header: &[u8]) -> Self {
        let mut out = TextBuffer::new(sink);
        out.text.extend_from_slice(before_header);
        Self {
            out,
            layout,
            pending: Vec::new(),
            record: None,
        }
    }

    /// Starts a contig of this name.
    pub(crate) fn start_contig(&mut self, name: &[u8]) -> Result<()> {
        self.end_record()?;
        let start = self.layout.next_record()?;
        self.out.text.push(b'>');
        self.out
            .text
            .extend_from_slice(start.header.as_deref().unwrap_or(name));
        self.pending = start.after_header;
        let mut record = OpenRecord {
            shape: start.shape,
            room: 0,
            listed: None,
            has_residues: false,
        };
        self.start_line(&mut record)?;
        self.record = Some(record);
        self.out.flush_if_full()
    }

    /// Writes letters of the contig.
    pub(crate) fn letters(&mut self, mut letters: &[u8]) -> Result<()> {
        let Some(mut record) = self.record.take() else {
            return Err(Error::corrupt("layout: letters before a header"));
        };
        while !letters.is_empty() {
            if record.room == 0 {
                self.end_line(&mut record)?;
            }
            self.out.text.append(&mut self.pending);
            let room = usize::try_from(record.room).unwrap_or(usize::MAX);
            let (line, rest) = letters.split_at(letters.len().min(room).min(BUFFER_LEN));
            self.out.text.extend_from_slice(line);
            record.room -= line.len() as u64;
            record.has_residues = true;
            letters = rest;
            self.out.flush_if_full()?;
        }
        self.record = Some(record);
        Ok(())
    }

    /// Ends the sample and gives the sink back.
    pub(crate) fn finish(mut self) -> Result<W> {
        self.end_record()?;
        self.layout.finish()?;
        self.out.finish()
    }

    /// A line is full, and more residues come.
    fn end_line(&mut self, record: &mut OpenRecord) -> Result<()> {
        match &record.listed {
            Some(lines) => self.pending.extend_from_slice(&lines.end),
            None => self.pending.extend_from_slice(&self.layout.wrap().end),
        }
        self.start_line(record)
    }

    fn start_line(&mut self, record: &mut OpenRecord) -> Result<()> {
        if let Shape::Wrapped(_) = record.shape {
            record.room = match self.layout.wrap().width {
                0 => u64::MAX,
                width => width,
            };
            return Ok(());
        }
        match &mut record.listed {
            Some(lines) if lines.count > 1 => lines.count -= 1,
            listed => *listed = self.layout.next_lines()?,
        }
        // Behind the last line there may be residues without an end.
        record.room = record.listed.as_ref().map_or(u64::MAX, |lines| lines.len);
        Ok(())
    }

    fn end_record(&mut self) -> Result<()> {
        let Some(mut record) = self.record.take() else {
            return Ok(());
        };
        match record.shape {
            Shape::Wrapped(fit) => {
                if record.has_residues {
                    self.pending.extend_from_slice(&self.layout.wrap().end);
                }
                if fit == Fit::WithoutEnd {
                    self.pending.clear();
                }
            }
            Shape::Listed => {
                while record.listed.is_some() && record.room == 0 {
                    self.end_line(&mut record)?;
                }
                if record.listed.is_some() {
                    return Err(Error::corrupt("layout: there are more lines than residues"));
                }
            }
        }
        self.out.text.append(&mut self.pending);
        Ok(())
    }
}
