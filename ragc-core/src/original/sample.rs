//! The text of a sample out of those of its records.

use crate::original::layout::{LayoutText, RecordLayout};
use std::borrow::Cow;

/// The text of entries of contigs, one after the other. Those at the end that tell nothing are left out.
pub(crate) fn entries_text<'a>(entries: impl Iterator<Item = &'a [u8]>) -> Vec<u8> {
    let mut text = ContigEntries::default();
    entries.for_each(|entry| text.push(entry));
    text.finish()
}

/// The text of layouts of records, each with its header line as it was if the contig has another name; `None` without records.
pub(crate) fn layout_text<'a>(
    records: impl Iterator<Item = (&'a RecordLayout, Option<&'a [u8]>)>,
) -> Option<Vec<u8>> {
    let mut text = Layouts::default();
    records.for_each(|(record, header)| text.push(record, header));
    text.finish()
}

/// Entries of contigs, one after the other.
#[derive(Debug, Default)]
struct ContigEntries {
    text: Vec<u8>,
    /// Up to the last entry that tells something.
    len: usize,
}

impl ContigEntries {
    fn push(&mut self, entry: &[u8]) {
        if entry.is_empty() {
            self.text.push(0);
        } else {
            self.text.extend_from_slice(entry);
            self.len = self.text.len();
        }
    }

    fn finish(mut self) -> Vec<u8> {
        self.text.truncate(self.len);
        self.text
    }
}

/// Layouts of records, one after the other. The last is held back: what stands before the first header of another file of the
/// sample goes to its end.
#[derive(Debug, Default)]
struct Layouts<'a> {
    text: Option<LayoutText>,
    last: Option<(Cow<'a, RecordLayout>, Option<&'a [u8]>)>,
}

impl<'a> Layouts<'a> {
    fn push(&mut self, record: &'a RecordLayout, header: Option<&'a [u8]>) {
        match &mut self.last {
            Some((last, _)) if !record.before_header.is_empty() => {
                last.to_mut().add_end(&record.before_header)
            }
            _ => {}
        }
        self.put_last();
        self.last = Some((Cow::Borrowed(record), header));
    }

    fn put_last(&mut self) {
        if let Some((record, header)) = self.last.take() {
            let start = || LayoutText::new(record.packing, &record.before_header);
            self.text.get_or_insert_with(start).push(&record, header);
        }
    }

    /// The text, if there are any records.
    fn finish(mut self) -> Option<Vec<u8>> {
        self.put_last();
        self.text.map(LayoutText::finish)
    }
}
