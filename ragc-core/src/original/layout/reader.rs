//! The text of the layout of a sample: reading.

use crate::bytes::Cursor;
use crate::error::{Error, Result};
use crate::original::Packing;
use crate::original::layout::code::{HEADER, LINES, SAME, WITHOUT_END, WRAP};
use crate::original::layout::lines::{Fit, Lines, Wrap};

const WHAT: &str = "layout";

/// Reads the text of a sample, record by record and, where it has to be, line by line.
#[derive(Debug)]
pub(crate) struct LayoutReader {
    text: Vec<u8>,
    offset: usize,
    wrap: Wrap,
}

/// The lines of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// [`LayoutReader::wrap`], with or without the last end.
    Wrapped(Fit),
    /// To be read one by one with [`LayoutReader::next_lines`].
    Listed,
}

/// What stands before the residues of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RecordStart {
    /// The header line, if it is not the name of the contig.
    pub(super) header: Option<Vec<u8>>,
    pub(super) after_header: Vec<u8>,
    pub(super) shape: Shape,
}

impl LayoutReader {
    /// Starts a text; gives how the file was packed and what stands before its first header as well.
    ///
    /// # Errors
    /// `Truncated` or `Corrupt` when the text is damaged.
    pub(crate) fn new(text: Vec<u8>) -> Result<(Self, Packing, Vec<u8>)> {
        let mut reader = Self {
            text,
            offset: 0,
            wrap: Wrap::default(),
        };
        let (packing, before) =
            reader.read(|cursor| Ok((Packing::of_code(cursor.byte()?)?, take_bytes(cursor)?)))?;
        Ok((reader, packing, before))
    }

    pub(super) fn wrap(&self) -> &Wrap {
        &self.wrap
    }

    /// Starts the next record.
    pub(super) fn next_record(&mut self) -> Result<RecordStart> {
        let mut header = None;
        loop {
            let number = match self.is_at_end() {
                true => SAME,
                false => self.read(|cursor| cursor.varint())?,
            };
            let (after_header, shape) = match number {
                HEADER => {
                    header = Some(self.read(take_bytes)?);
                    continue;
                }
                WRAP => {
                    self.wrap = self.read(|cursor| {
                        Ok(Wrap {
                            after_header: take_bytes(cursor)?,
                            width: cursor.varint()?,
                            end: take_bytes(cursor)?,
                        })
                    })?;
                    continue;
                }
                SAME => (self.wrap.after_header.clone(), Shape::Wrapped(Fit::Whole)),
                WITHOUT_END => (self.wrap.after_header.clone(), Shape::Wrapped(Fit::WithoutEnd)),
                LINES => (self.read(take_bytes)?, Shape::Listed),
                _ => return Err(Error::corrupt(format!("{WHAT}: an entry of kind {number}"))),
            };
            return Ok(RecordStart {
                header,
                after_header,
                shape,
            });
        }
    }

    /// The next lines of a record whose lines are listed; `None` behind the last.
    pub(super) fn next_lines(&mut self) -> Result<Option<Lines>> {
        self.read(|cursor| {
            let count = cursor.varint()?;
            if count == 0 {
                return Ok(None);
            }
            let len = cursor.varint()?;
            if len == 0 {
                return Err(Error::corrupt("layout: a line without residues"));
            }
            let end = take_bytes(cursor)?;
            Ok(Some(Lines { count, len, end }))
        })
    }

    /// Ends the sample: all entries must have been read.
    pub(super) fn finish(&self) -> Result<()> {
        match self.is_at_end() {
            true => Ok(()),
            false => Err(Error::corrupt("layout: there are more records than contigs")),
        }
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.offset == self.text.len()
    }

    fn read<T>(&mut self, read: impl FnOnce(&mut Cursor<'_>) -> Result<T>) -> Result<T> {
        let mut cursor = Cursor::new(&self.text[self.offset..], WHAT);
        let value = read(&mut cursor)?;
        self.offset = self.text.len() - cursor.left();
        Ok(value)
    }
}

fn take_bytes(cursor: &mut Cursor<'_>) -> Result<Vec<u8>> {
    let len = cursor.varint()?;
    cursor.take(len).map(<[u8]>::to_vec)
}
