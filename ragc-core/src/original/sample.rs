//! The texts of a sample out of those of its records.

use crate::original::layout::LayoutText;
use crate::original::{Keep, OriginalRecord};

/// The texts of one sample, as far as they are kept. Entries at the end that tell nothing are left out.
#[derive(Debug, Default)]
pub(crate) struct SampleTexts {
    pub(crate) odd: Vec<u8>,
    pub(crate) case: Option<Vec<u8>>,
    pub(crate) layout: Option<Vec<u8>>,
}

impl SampleTexts {
    /// Puts together the records of a sample, each with its header line as it was if the contig has another name.
    pub(crate) fn of<'a>(
        keep: Keep,
        records: impl Iterator<Item = (&'a OriginalRecord, Option<&'a [u8]>)>,
    ) -> Self {
        let (mut odd, mut case) = (Entries::default(), keep.case.then(Entries::default));
        let mut layout: Option<LayoutText> = None;
        for (record, header) in records {
            odd.push(&record.odd);
            if let Some(case) = &mut case {
                case.push(&record.case);
            }
            if let Some(record) = &record.layout {
                let start = || LayoutText::new(record.packing, &record.before_header);
                layout.get_or_insert_with(start).push(record, header);
            }
        }
        Self {
            odd: odd.finish(),
            case: case.map(Entries::finish),
            layout: layout.map(LayoutText::finish),
        }
    }
}

/// Entries of contigs, one after the other.
#[derive(Debug, Default)]
struct Entries {
    text: Vec<u8>,
    /// Up to the last entry that tells something.
    len: usize,
}

impl Entries {
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
