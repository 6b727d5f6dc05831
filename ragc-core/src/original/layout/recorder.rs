//! From the bytes of a file to the layout of its records.

use crate::error::{Error, Result};
use crate::original::Packing;
use crate::original::layout::{Lines, RecordLayout};

/// Longest stretch without a residue that is kept, in bytes.
const MAX_BETWEEN_LEN: usize = 1 << 20;

/// Takes what stands in one record after the other. Header lines are told by [`Self::start_record`] alone.
#[derive(Debug, Default)]
pub struct LayoutRecorder {
    packing: Packing,
    record: RecordLayout,
    /// Bytes since the last residue or header.
    between: Vec<u8>,
    /// Residues of the open line.
    len: u64,
    /// No residue came since the header.
    is_after_header: bool,
}

impl LayoutRecorder {
    /// Starts a file that was packed so.
    #[must_use]
    pub fn new(packing: Packing) -> Self {
        Self {
            packing,
            ..Self::default()
        }
    }

    /// A header line comes.
    pub fn start_record(&mut self) {
        self.record.before_header = std::mem::take(&mut self.between);
        self.is_after_header = true;
    }

    /// Residues come.
    #[inline]
    pub fn residues(&mut self, n: u64) {
        if n > 0 && (!self.between.is_empty() || self.is_after_header) {
            self.end_line();
        }
        self.len += n;
    }

    /// A byte comes that is no residue.
    #[inline]
    pub fn between(&mut self, byte: u8) {
        if self.between.len() <= MAX_BETWEEN_LEN {
            self.between.push(byte);
        }
    }

    /// Ends the record.
    ///
    /// # Errors
    /// `BadInput` when a megabyte of it held no residue: that is not worth its memory.
    pub fn end_record(&mut self) -> Result<RecordLayout> {
        if !self.between.is_empty() || self.is_after_header {
            self.end_line();
        }
        let mut record = std::mem::take(&mut self.record);
        record.packing = self.packing;
        record.open_len = std::mem::take(&mut self.len);
        let between = record.lines.iter().map(|lines| lines.end.len());
        let longest = between.max().max(Some(record.after_header.len()));
        if longest.max(Some(record.before_header.len())) > Some(MAX_BETWEEN_LEN) {
            return Err(Error::bad_input(
                "more than a megabyte of blanks, line ends and comments follow one another: such a layout cannot be kept (--keep case keeps the rest)",
            ));
        }
        Ok(record)
    }

    fn end_line(&mut self) {
        if std::mem::take(&mut self.is_after_header) {
            self.record.after_header = std::mem::take(&mut self.between);
            return;
        }
        let len = std::mem::take(&mut self.len);
        match self.record.lines.last_mut() {
            Some(lines) if lines.len == len && lines.end == self.between => {
                lines.count += 1;
                self.between.clear();
            }
            _ => self.record.lines.push(Lines {
                count: 1,
                len,
                end: std::mem::take(&mut self.between),
            }),
        }
    }
}
