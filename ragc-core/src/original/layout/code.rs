//! The text of the layout of a sample: writing.

use crate::bytes::put_varint;
use crate::original::Packing;
use crate::original::layout::RecordLayout;
use crate::original::layout::lines::{Fit, Wrap};

pub(super) const SAME: u64 = 0;
pub(super) const WRAP: u64 = 1;
pub(super) const WITHOUT_END: u64 = 2;
pub(super) const LINES: u64 = 3;
pub(super) const HEADER: u64 = 4;

/// Makes the text of a sample.
#[derive(Debug)]
pub(crate) struct LayoutText {
    text: Vec<u8>,
    /// Up to the last entry that is not [`SAME`].
    len: usize,
    wrap: Wrap,
}

impl LayoutText {
    /// Starts the text of a sample out of a file that was packed so, and begins with these bytes.
    pub(crate) fn new(packing: Packing, before_header: &[u8]) -> Self {
        let mut text = vec![packing.code()];
        put_bytes(&mut text, before_header);
        Self {
            len: text.len(),
            text,
            wrap: Wrap::default(),
        }
    }

    /// Adds the next record, with its header line if that is not the name of the contig.
    pub(crate) fn push(&mut self, record: &RecordLayout, header: Option<&[u8]>) {
        self.put_header(header);
        match self.fit(record) {
            Some(fit) => self.put_fit(fit),
            None => self.put_lines(record),
        }
    }

    /// The header line of the next record, if it is not the name of the contig.
    pub(super) fn put_header(&mut self, header: Option<&[u8]>) {
        if let Some(header) = header {
            put_varint(&mut self.text, HEADER);
            put_bytes(&mut self.text, header);
            self.len = self.text.len();
        }
    }

    /// The next record has the lines told before.
    pub(super) fn put_fit(&mut self, fit: Fit) {
        match fit {
            Fit::Whole => put_varint(&mut self.text, SAME),
            Fit::WithoutEnd => {
                put_varint(&mut self.text, WITHOUT_END);
                self.len = self.text.len();
            }
        }
    }

    /// The lines of the next record, coded already.
    pub(super) fn put_listed(&mut self, lines: &[u8]) {
        put_varint(&mut self.text, LINES);
        self.text.extend_from_slice(lines);
        self.len = self.text.len();
    }

    /// Tells the lines that the records from here on have, if they are others than before.
    pub(super) fn turn_to(&mut self, wrap: &Wrap) {
        if self.wrap == *wrap {
            return;
        }
        put_varint(&mut self.text, WRAP);
        put_bytes(&mut self.text, &wrap.after_header);
        put_varint(&mut self.text, wrap.width);
        put_bytes(&mut self.text, &wrap.end);
        self.len = self.text.len();
        self.wrap = wrap.clone();
    }

    /// The text.
    pub(crate) fn finish(mut self) -> Vec<u8> {
        self.text.truncate(self.len);
        self.text
    }

    /// How the record follows the lines told before, or those that are told now.
    fn fit(&mut self, record: &RecordLayout) -> Option<Fit> {
        if let Some(fit) = self.wrap.fit(record) {
            return Some(fit);
        }
        let wrap = Wrap::likely(record);
        let fit = wrap.fit(record)?;
        self.turn_to(&wrap);
        Some(fit)
    }

    fn put_lines(&mut self, record: &RecordLayout) {
        let mut coded = Vec::new();
        put_bytes(&mut coded, &record.after_header);
        for lines in &record.lines {
            put_varint(&mut coded, lines.count);
            put_varint(&mut coded, lines.len);
            put_bytes(&mut coded, &lines.end);
        }
        put_varint(&mut coded, 0);
        self.put_listed(&coded);
    }
}

pub(super) fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    put_varint(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}
