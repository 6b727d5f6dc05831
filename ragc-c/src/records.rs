//! Contigs one after the other, as who takes them asks for them.

use std::ffi::CString;
use std::sync::Arc;

use ragc_core::Archive;
use ragc_core::extract::{Record, Records, Spelling};

use crate::failure::Result;
use crate::memory::{collect, with_nul};

/// The contigs of some samples that are still to come, and the one that came last.
pub(crate) struct RecordReader {
    archive: Arc<Archive>,
    records: Records,
    current: Option<Current>,
}

/// A contig that stays where it is until the next one is asked for.
pub(crate) struct Current {
    pub(crate) sample: CString,
    pub(crate) name: CString,
    pub(crate) letters: Vec<u8>,
}

impl RecordReader {
    pub(crate) fn new(
        archive: Arc<Archive>,
        samples: &[usize],
        spelling: Spelling,
        n_threads: usize,
    ) -> Self {
        let records = archive.records(samples, spelling, n_threads);
        Self {
            archive,
            records,
            current: None,
        }
    }

    /// The next contig; `None` behind the last.
    pub(crate) fn next(&mut self) -> Result<Option<&Current>> {
        self.current = match self.records.next().transpose()? {
            None => None,
            Some(record) => Some(self.current_of(record)?),
        };
        Ok(self.current.as_ref())
    }

    fn current_of(&self, record: Record) -> Result<Current> {
        let sample = self.archive.samples()?.get(record.id.sample).unwrap_or_default();
        let letters = with_nul(record.letters)?;
        Ok(Current {
            sample: text(sample.to_vec()),
            name: text(record.name),
            letters,
        })
    }
}

/// No name of an archive holds a NUL: it ends there.
fn text(name: Vec<u8>) -> CString {
    CString::new(name).unwrap_or_default()
}

/// Places of the samples of these names; of all, in the order of the archive, without names.
pub(crate) fn places(archive: &Archive, names: Option<&[&[u8]]>) -> Result<Vec<usize>> {
    match names {
        None => collect((0..archive.samples()?.len()).map(Ok)),
        Some(names) => collect(names.iter().map(|name| Ok(archive.find_sample(name)?))),
    }
}
