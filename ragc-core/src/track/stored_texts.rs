//! Texts of the samples of an archive, one after the other.

use std::cell::RefCell;
use std::sync::Arc;

use crate::container::StreamId;
use crate::error::Result;
use crate::original::TextKind;
use crate::original::texts::{TextsIndex, read_text};
use crate::track::traits::Old;

/// The texts of a kind. The part that was read last is at hand, so samples are best asked for in their order.
pub(super) struct StoredTexts<'a> {
    old: &'a Old<'a>,
    kind: TextKind,
    stream: StreamId,
    index: TextsIndex,
    last: RefCell<Option<(u64, Arc<Vec<u8>>)>>,
}

impl<'a> StoredTexts<'a> {
    /// Those of an archive, if it has some.
    ///
    /// # Errors
    /// `Corrupt` when it cannot be known where they lie.
    pub(super) fn open(old: &'a Old<'a>, kind: TextKind) -> Result<Option<Self>> {
        let found = TextsIndex::read(old.container, kind, || Ok(old.samples.len()))?;
        Ok(found.map(|(stream, index)| Self {
            old,
            kind,
            stream,
            index,
            last: RefCell::default(),
        }))
    }

    /// The text of a sample, if it has one.
    ///
    /// # Errors
    /// `Corrupt` when it is damaged.
    pub(super) fn of(&self, sample: usize) -> Result<Option<Vec<u8>>> {
        let range = self.index.range(sample).unwrap_or_default();
        self.old.container.check_unit_len(range.end - range.start)?;
        let text = read_text(&self.index, sample, |part, _| self.part(part));
        text.map_err(|error| error.in_stream(self.kind.stream_name()))
    }

    fn part(&self, number: u64) -> Result<Arc<Vec<u8>>> {
        if let Some((last, bytes)) = &*self.last.borrow()
            && *last == number
        {
            return Ok(bytes.clone());
        }
        let read = self.index.read_part(self.old.container, self.stream, number);
        let bytes = Arc::new(read.map_err(|error| error.in_part(number))?);
        self.last.replace(Some((number, bytes.clone())));
        Ok(bytes)
    }
}
