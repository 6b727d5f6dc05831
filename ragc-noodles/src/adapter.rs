//! The adapter.

use std::io;
use std::sync::Arc;

use noodles_fasta::Record;
use noodles_fasta::record::{Definition, Sequence};
use noodles_fasta::repository::Adapter;
use ragc_core::extract::{ContigId, Spelling};
use ragc_core::{Archive, Error, ErrorKind};

/// What stands between the names of a sample and a contig, as PanSN and `ragc getset --with-sample` have it.
const BETWEEN: u8 = b'#';

/// Contigs of an archive, whole, by their names: the first words of their header lines.
///
/// A [`Repository`](noodles_fasta::Repository) asks for each name once and keeps the sequence until it is cleared, a byte a base; the archive
/// itself may be shared with others.
#[derive(Debug, Clone)]
pub struct ArchiveAdapter {
    archive: Arc<Archive>,
    /// The one whose contigs go by their own names.
    sample: Option<Vec<u8>>,
    spelling: Spelling,
}

impl ArchiveAdapter {
    /// All samples. A contig is `SAMPLE#CONTIG`, or `CONTIG` if one sample only has such; both names may hold `#`.
    #[must_use]
    pub fn new(archive: Arc<Archive>) -> Self {
        Self {
            archive,
            sample: None,
            spelling: Spelling::default(),
        }
    }

    /// One sample, whose contigs go by their own names.
    ///
    /// # Errors
    /// `NotFound` when there is no such sample; `Corrupt` when the archive is damaged.
    pub fn of_sample(archive: Arc<Archive>, sample: impl AsRef<[u8]>) -> ragc_core::Result<Self> {
        let sample = sample.as_ref();
        archive.find_sample(sample)?;
        Ok(Self {
            sample: Some(sample.to_vec()),
            ..Self::new(archive)
        })
    }

    /// Gives letters so, where they would be in upper case, with the residues that are no nucleotide code.
    #[must_use]
    pub fn with_spelling(mut self, spelling: Spelling) -> Self {
        self.spelling = spelling;
        self
    }

    fn find(&self, name: &[u8]) -> ragc_core::Result<Option<ContigId>> {
        if let Some(sample) = &self.sample {
            return found(self.archive.find_contig(Some(sample), name));
        }
        let mut readings = Vec::new();
        for place in (0..name.len()).filter(|place| name[*place] == BETWEEN) {
            let (sample, contig) = (&name[..place], &name[place + 1..]);
            readings.extend(found(self.archive.find_contig(Some(sample), contig))?);
        }
        match readings.as_slice() {
            [] => found(self.archive.find_contig(None, name)),
            [one] => Ok(Some(*one)),
            _ => {
                let name = String::from_utf8_lossy(name).into_owned();
                let n_samples = readings.len();
                Err(Error::new(ErrorKind::Ambiguous { name, n_samples }))
            }
        }
    }

    fn record(&self, name: &[u8]) -> ragc_core::Result<Option<Record>> {
        let Some(id) = self.find(name)? else {
            return Ok(None);
        };
        let letters = self.archive.contig_letters(id, self.spelling)?;
        let definition = Definition::new(name, None);
        Ok(Some(Record::new(definition, Sequence::from(letters))))
    }
}

/// What is not there is no error.
fn found(result: ragc_core::Result<ContigId>) -> ragc_core::Result<Option<ContigId>> {
    match result {
        Ok(id) => Ok(Some(id)),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

impl Adapter for ArchiveAdapter {
    /// Nothing for a name that no contig has; an error where several have it, or the archive is damaged.
    fn get(&mut self, name: &[u8]) -> Option<io::Result<Record>> {
        self.record(name).map_err(io::Error::from).transpose()
    }
}
