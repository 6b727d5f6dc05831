//! A contig as a stream of bytes.

use std::io::{self, BufRead, Read};
use std::ops::{Deref, Range};
use std::sync::Arc;

use crate::alphabet::{Codes, Letters};
use crate::error::Result;
use crate::extract::assembly::LoadedContig;
use crate::extract::store::Overlays;
use crate::extract::{Archive, ContigId};

/// Symbols decoded at a time: several segments of the usual size.
const BUFFER_LEN: u64 = 1 << 18;

/// A stretch of a contig, decoded as it is read.
///
/// # Example
/// ```
/// use std::io::Read;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../data/golden/archives/tiny.agc");
/// let archive = ragc_core::Archive::open(path)?;
/// let id = archive.find_contig(Some(b"s"), "tiny")?;
/// let mut letters = String::new();
/// archive.read_letters(id, 1..u64::MAX, Default::default())?.read_to_string(&mut letters)?;
/// assert_eq!(letters, "CGTN");
/// # Ok(())
/// # }
/// ```
///
/// One of [`Archive::read_letters_shared`] owns its archive, and goes where it likes:
/// ```
/// use std::io::Read;
/// use std::sync::Arc;
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../data/golden/archives/tiny.agc");
/// let archive = Arc::new(ragc_core::Archive::open(path)?);
/// let id = archive.find_contig(Some(b"s"), "tiny")?;
/// let mut reader = archive.read_letters_shared(id, 0..u64::MAX, Default::default())?;
/// drop(archive);
/// let letters = std::thread::spawn(move || -> std::io::Result<String> {
///     let mut letters = String::new();
///     reader.read_to_string(&mut letters)?;
///     Ok(letters)
/// });
/// assert_eq!(letters.join().unwrap()?, "ACGTN");
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct ContigReader<'a> {
    archive: Handle<'a>,
    id: ContigId,
    contig: LoadedContig,
    symbols: Symbols,
    /// What is not decoded yet.
    left: Range<u64>,
    buffer: Vec<u8>,
    /// Bytes of the buffer that were read.
    n_read: usize,
}

/// The archive of a reader.
#[derive(Debug)]
pub(super) enum Handle<'a> {
    Borrowed(&'a Archive),
    Shared(Arc<Archive>),
}

impl Deref for Handle<'_> {
    type Target = Archive;

    fn deref(&self) -> &Archive {
        match self {
            Self::Borrowed(archive) => archive,
            Self::Shared(archive) => archive,
        }
    }
}

/// How symbols are told.
#[derive(Debug)]
pub(super) enum Symbols {
    /// With what is put over them.
    Letters(Overlays),
    Codes,
}

impl<'a> ContigReader<'a> {
    pub(super) fn new(
        archive: Handle<'a>,
        id: ContigId,
        contig: LoadedContig,
        range: Range<u64>,
        symbols: Symbols,
    ) -> Result<Self> {
        let end = range.end.min(contig.len(archive.store())?);
        Ok(Self {
            archive,
            id,
            contig,
            symbols,
            left: range.start.min(end)..end,
            buffer: Vec::new(),
            n_read: 0,
        })
    }

    /// Symbols still to be read.
    #[must_use]
    pub fn remaining(&self) -> u64 {
        self.left.end - self.left.start + (self.buffer.len() - self.n_read) as u64
    }

    fn decode_more(&mut self) -> Result<()> {
        let end = self.left.end.min(self.left.start.saturating_add(BUFFER_LEN));
        self.buffer.clear();
        self.n_read = 0;
        let range = self.left.start..end;
        let (archive, contig, buffer) = (&*self.archive, &self.contig, &mut self.buffer);
        let store = archive.store();
        archive.in_contig(self.id, || match &mut self.symbols {
            Symbols::Letters(overlays) => {
                let start = range.start;
                contig.append_region::<Letters>(store, range, buffer)?;
                overlays.apply(start, buffer)
            }
            Symbols::Codes => contig.append_region::<Codes>(store, range, buffer),
        })?;
        self.left.start = end;
        Ok(())
    }
}

impl BufRead for ContigReader<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.n_read == self.buffer.len() && !self.left.is_empty() {
            self.decode_more()?;
        }
        Ok(&self.buffer[self.n_read..])
    }

    fn consume(&mut self, amount: usize) {
        self.n_read = self.n_read.saturating_add(amount).min(self.buffer.len());
    }
}

impl Read for ContigReader<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.fill_buf()?.read(buf)?;
        self.consume(n);
        Ok(n)
    }
}
