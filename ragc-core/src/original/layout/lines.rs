//! The lines of a record, and lines of one width.

use crate::original::Packing;

/// What stands between the residues of a record.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RecordLayout {
    /// How the file was packed.
    pub packing: Packing,
    /// What stands before the first header of a file: blank lines. Empty for the records behind.
    pub before_header: Vec<u8>,
    /// What stands between the header and the first residue: a line end, perhaps blank lines.
    pub after_header: Vec<u8>,
    /// Lines of residues, equal neighbours together.
    pub lines: Vec<Lines>,
    /// Residues behind the last of [`Self::lines`], without an end.
    pub open_len: u64,
}

impl RecordLayout {
    /// Bytes in memory beside the value itself.
    #[must_use]
    pub fn mem_len(&self) -> usize {
        let lines = self
            .lines
            .iter()
            .map(|lines| size_of::<Lines>() + lines.end.len());
        self.before_header.len() + self.after_header.len() + lines.sum::<usize>()
    }

    /// Adds bytes that are no residues behind the record.
    pub(crate) fn add_end(&mut self, bytes: &[u8]) {
        let open_len = std::mem::take(&mut self.open_len);
        if open_len > 0 {
            self.lines.push(Lines {
                count: 1,
                len: open_len,
                end: bytes.to_vec(),
            });
            return;
        }
        let Some(last) = self.lines.last_mut() else {
            self.after_header.extend_from_slice(bytes);
            return;
        };
        let end = [&last.end, bytes].concat();
        let len = last.len;
        last.count -= 1;
        if last.count == 0 {
            self.lines.pop();
        }
        self.lines.push(Lines { count: 1, len, end });
    }
}

/// Equal lines that follow one another. A blank inside a line ends it as well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lines {
    /// How many.
    pub count: u64,
    /// Residues in each.
    pub len: u64,
    /// What follows each.
    pub end: Vec<u8>,
}

/// Lines of one width, of which only the last may be shorter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wrap {
    pub(super) after_header: Vec<u8>,
    /// Residues in a line; 0 for all in one line.
    pub(super) width: u64,
    pub(super) end: Vec<u8>,
}

/// How a record follows a [`Wrap`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit {
    Whole,
    /// The last line end, or that of the header if there are no residues, is missing.
    WithoutEnd,
}

impl Default for Wrap {
    /// As `getset` writes.
    fn default() -> Self {
        Self {
            after_header: b"\n".to_vec(),
            width: 80,
            end: b"\n".to_vec(),
        }
    }
}

impl Wrap {
    /// The lines that a record most likely has.
    pub(super) fn likely(record: &RecordLayout) -> Self {
        let is_open = record.open_len > 0;
        let (width, end) = match record.lines.as_slice() {
            [] => (0, &record.after_header),
            [only] if only.count == 1 && !is_open => (0, &only.end),
            [first, ..] => (first.len, &first.end),
        };
        Self {
            after_header: record.after_header.clone(),
            width,
            end: end.clone(),
        }
    }

    /// Whether the lines of a record are these.
    pub(super) fn fit(&self, record: &RecordLayout) -> Option<Fit> {
        let RecordLayout {
            after_header,
            lines,
            open_len,
            ..
        } = record;
        if lines.is_empty() && *open_len == 0 && after_header.is_empty() {
            return (!self.after_header.is_empty()).then_some(Fit::WithoutEnd);
        }
        let (last, full) = match (lines.as_slice(), *open_len) {
            ([], 0) => return (*after_header == self.after_header).then_some(Fit::Whole),
            (lines, open_len) if open_len > 0 => (open_len, lines),
            ([front @ .., last], _) if last.count == 1 => (last.len, front),
            ([.., last], _) => (last.len, lines.as_slice()),
            ([], _) => return None,
        };
        let is_full = |lines: &Lines| lines.len == self.width && lines.end == self.end;
        let has_ends = lines.iter().all(|lines| lines.end == self.end);
        let last_fits = if self.width == 0 {
            full.is_empty()
        } else {
            last <= self.width
        };
        let fits = *after_header == self.after_header && has_ends && full.iter().all(is_full) && last_fits;
        let fit = if *open_len > 0 && !self.end.is_empty() {
            Fit::WithoutEnd
        } else {
            Fit::Whole
        };
        fits.then_some(fit)
    }
}
