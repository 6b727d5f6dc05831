//! Contigs of whole samples as an iterator, which whoever takes them pulls.
//!
//! ```text
//! several threads   stream/ ─▶ Teller ─▶ queue(bytes) ─▶ Records::next
//! one               decoded when it is asked for ───────▶ Records::next
//! ```
//!
//! Dropping the iterator closes the queue. What decodes ahead notices with the next stretch, and is waited for.

use std::sync::Arc;
use std::thread::JoinHandle;

use crate::error::{Error, ErrorKind, Result};
use crate::extract::{Archive, ContigId, SampleSink, Spelling};
use crate::queue::{self, Receiver};
use crate::{memory, threads};

/// Letters that wait for who takes them.
const MAX_WAITING: usize = 1 << 20;

/// A contig with its letters.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Record {
    /// Where it is in the archive.
    pub id: ContigId,
    /// The complete header line.
    pub name: Vec<u8>,
    /// All of it.
    pub letters: Vec<u8>,
}

/// The contigs of whole samples, in order. It ends with the first error.
///
/// # Example
/// ```
/// use std::sync::Arc;
/// # fn main() -> ragc_core::Result<()> {
/// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../data/golden/archives/tiny.agc");
/// let archive = Arc::new(ragc_core::Archive::open(path)?);
/// let mut records = archive.records(&[0, 1], Default::default(), 2);
/// let first = records.next().unwrap()?;
/// assert_eq!((&first.name[..], first.letters.len()), (&b"chr1 demo"[..], 150));
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Records(RecordSource);

#[derive(Debug)]
enum RecordSource {
    /// Decoded ahead by other threads.
    Ahead(DecodedAhead),
    /// Decoded when asked for.
    Asked(Asked),
    Ended,
}

impl Archive {
    /// The contigs of whole samples by their places, in the order given, as an iterator that owns its archive. Dropping it ends its
    /// work.
    ///
    /// # Cost
    /// With one thread a contig is decoded when it is asked for. Several decode ahead of who takes them, some megabases at most.
    pub fn records(self: &Arc<Self>, samples: &[usize], spelling: Spelling, n_threads: usize) -> Records {
        let asked = Asked::new(Arc::clone(self), samples.to_vec(), spelling);
        let ahead = (n_threads > 1).then(|| DecodedAhead::start(asked.clone(), n_threads));
        Records(match ahead {
            Some(Ok(ahead)) => RecordSource::Ahead(ahead),
            // Where no thread can be started, it goes without.
            Some(Err(_)) | None => RecordSource::Asked(asked),
        })
    }
}

impl Iterator for Records {
    type Item = Result<Record>;

    fn next(&mut self) -> Option<Self::Item> {
        let next = match &mut self.0 {
            RecordSource::Ahead(ahead) => ahead.next(),
            RecordSource::Asked(asked) => asked.next().transpose(),
            RecordSource::Ended => None,
        };
        if !matches!(next, Some(Ok(_))) {
            self.0 = RecordSource::Ended;
        }
        next
    }
}

/// What is decoded when it is asked for.
#[derive(Debug, Clone)]
struct Asked {
    archive: Arc<Archive>,
    samples: Vec<usize>,
    spelling: Spelling,
    /// Place of the sample among these.
    place: usize,
    /// Its next contig.
    contig: usize,
}

impl Asked {
    fn new(archive: Arc<Archive>, samples: Vec<usize>, spelling: Spelling) -> Self {
        Self {
            archive,
            samples,
            spelling,
            place: 0,
            contig: 0,
        }
    }

    fn next(&mut self) -> Result<Option<Record>> {
        while let Some(sample) = self.samples.get(self.place).copied() {
            let names = self.archive.names_of(sample)?;
            if let Some(name) = names.get(self.contig) {
                let contig = self.contig;
                self.contig += 1;
                let id = ContigId { sample, contig };
                let letters = self.archive.contig_letters(id, self.spelling)?;
                let name = name.to_vec();
                return Ok(Some(Record { id, name, letters }));
            }
            (self.place, self.contig) = (self.place + 1, 0);
        }
        Ok(None)
    }
}

/// What other threads decode ahead.
#[derive(Debug)]
struct DecodedAhead {
    /// Gone when nobody takes records any more.
    told: Option<Receiver<Result<RecordMessage>>>,
    /// The contig whose letters are coming.
    record: Option<Record>,
    thread: Option<JoinHandle<()>>,
}

/// What the thread tells.
#[derive(Debug)]
enum RecordMessage {
    Contig(ContigId, Vec<u8>),
    Letters(Vec<u8>),
}

impl DecodedAhead {
    fn start(asked: Asked, n_threads: usize) -> std::io::Result<Self> {
        let (sender, told) = queue::bounded(MAX_WAITING);
        let thread = threads::start_alone("records", move || {
            let Asked { archive, samples, .. } = &asked;
            let mut teller = Teller::new(samples, &sender);
            if let Err(error) = archive.stream_samples(samples, asked.spelling, n_threads, &mut teller) {
                // If nobody takes it, nobody wants to know.
                let _ = sender.send(Err(error), 0);
            }
        })?;
        Ok(Self {
            told: Some(told),
            record: None,
            thread: Some(thread),
        })
    }

    fn next(&mut self) -> Option<Result<Record>> {
        while let Ok(told) = self.told.as_ref()?.recv() {
            match told {
                Ok(RecordMessage::Contig(id, name)) => {
                    let letters = Vec::new();
                    if let Some(record) = self.record.replace(Record { id, name, letters }) {
                        return Some(Ok(record));
                    }
                }
                Ok(RecordMessage::Letters(letters)) => {
                    if let Some(record) = &mut self.record {
                        if let Err(error) = memory::grow(&mut record.letters, letters.len()) {
                            return Some(Err(error));
                        }
                        record.letters.extend_from_slice(&letters);
                    }
                }
                Err(error) => return Some(Err(error)),
            }
        }
        match self.end() {
            Ok(()) => self.record.take().map(Ok),
            Err(error) => Some(Err(error)),
        }
    }

    /// Lets the thread end, and waits for that; an error if it panicked.
    fn end(&mut self) -> Result<()> {
        self.told = None;
        let ended = self.thread.take().map_or(Ok(()), JoinHandle::join);
        ended.map_err(|_| Error::new(ErrorKind::WorkerLost))
    }
}

impl Drop for DecodedAhead {
    fn drop(&mut self) {
        // Whoever leaves early does not want to know how it ended.
        let _ = self.end();
    }
}

/// Tells what is streamed.
struct Teller<'a> {
    /// Samples that have not ended.
    samples: &'a [usize],
    n_contigs: usize,
    sender: &'a queue::Sender<Result<RecordMessage>>,
}

impl<'a> Teller<'a> {
    fn new(samples: &'a [usize], sender: &'a queue::Sender<Result<RecordMessage>>) -> Self {
        Self {
            samples,
            n_contigs: 0,
            sender,
        }
    }

    fn tell(&self, told: RecordMessage, len: usize) -> Result<()> {
        let taken = self.sender.send(Ok(told), len);
        taken.map_err(|_| Error::new(ErrorKind::Cancelled))
    }
}

impl SampleSink for Teller<'_> {
    fn start_contig(&mut self, name: &[u8]) -> Result<()> {
        let id = ContigId {
            sample: self.samples.first().copied().unwrap_or_default(),
            contig: self.n_contigs,
        };
        self.n_contigs += 1;
        self.tell(RecordMessage::Contig(id, name.to_vec()), name.len())
    }

    fn letters(&mut self, letters: &[u8]) -> Result<()> {
        self.tell(RecordMessage::Letters(memory::copied(letters)?), letters.len())
    }

    fn end_sample(&mut self) -> Result<()> {
        self.samples = self.samples.get(1..).unwrap_or_default();
        self.n_contigs = 0;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_nobody_takes_records_any_more_the_work_was_cancelled() {
        let (sender, told) = queue::bounded(MAX_WAITING);
        let mut teller = Teller::new(&[0], &sender);
        teller.start_contig(b"c").unwrap();
        drop(told);
        let ended = [teller.letters(b"ACGT"), teller.start_contig(b"d")];
        assert!(
            ended
                .iter()
                .all(|ended| *ended.as_ref().unwrap_err().kind() == ErrorKind::Cancelled)
        );
    }
}
