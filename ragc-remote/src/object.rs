//! An object that is read at any place.

use std::io;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use ragc_core::{PendingRange, ReadAt};

use crate::address::Address;
use crate::awaited::{Awaited, AwaitedParts};
use crate::block_cache::{BlockCache, ObjectBlocks};
use crate::error::{Error, ErrorKind, Result};
use crate::fetch::Fetcher;
use crate::identity::Identity;
use crate::runtime;
use crate::store::{Purpose, store_of};

/// Bytes that are asked for ahead by whoever goes through an archive: twice what is under way at once, since what comes first is decoded
/// while others come.
const LOOKAHEAD: u64 = 32 << 20;

/// What has failed, after all that was tried again, fails at once for so long: many threads may want the same of a server that is gone.
const FAILURE_TIME: Duration = Duration::from_secs(1);

/// An object on a server, open to be read at any place by any number of threads.
///
/// What it is, as the server tells by ETag, length and time, is taken down when it is opened, and compared with every later answer:
/// an object that is replaced meanwhile is an error, never a mixture of both. Opening is one request, which brings the end of the object along.
///
/// # Example
/// ```no_run
/// use ragc_remote::{Address, RemoteObject};
/// let object = RemoteObject::open(&Address::parse("https://host.org/yeast.agc")?)?;
/// let archive = ragc_core::Archive::from_reader(object)?;
/// let letters = archive.region("SK1", "chrIV", 1000..2000)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct RemoteObject {
    fetcher: Arc<Fetcher>,
    /// The last bytes, which came when it was opened.
    end: Bytes,
    /// What is kept of it on the disk.
    blocks: Option<ObjectBlocks>,
    failed: Mutex<Option<(Instant, Error)>>,
}

impl RemoteObject {
    /// Opens an object.
    ///
    /// # Errors
    /// All of [`ErrorKind`] but `Exists`.
    pub fn open(address: &Address) -> Result<Self> {
        let (store, path) = store_of(address, Purpose::Read)?;
        let (fetcher, end) = runtime::wait(Fetcher::open(store, path))?;
        Ok(Self {
            fetcher: Arc::new(fetcher),
            end,
            blocks: None,
            failed: Mutex::new(None),
        })
    }

    /// As [`Self::open`]; what is read is kept on the disk, and what is there is not read again. Whether it is still the same object is
    /// asked each time it is opened.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_cached(address: &Address, cache: &BlockCache) -> Result<Self> {
        let object = Self::open(address)?;
        let blocks = cache.of_object(address, object.identity());
        Ok(Self { blocks, ..object })
    }

    /// What the server told of it when it was opened, to see whether its URL leads to the same object later.
    #[must_use]
    pub fn identity(&self) -> &Identity {
        self.fetcher.identity()
    }

    /// Length in bytes.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.fetcher.len()
    }

    /// Whether it has no bytes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The bytes of several ranges, read at once.
    ///
    /// # Errors
    /// All of [`ErrorKind`] but `Exists`; `Broken` for what lies past the end.
    pub fn ranges(&self, ranges: &[Range<u64>]) -> Result<Vec<Bytes>> {
        self.not_just_failed()?;
        let read = || -> Result<Vec<Bytes>> { self.begin(ranges)?.iter().map(Awaited::wait).collect() };
        read().inspect_err(|error| {
            *self.failed.lock().unwrap_or_else(PoisonError::into_inner) =
                Some((Instant::now(), error.clone()));
        })
    }

    fn not_just_failed(&self) -> Result<()> {
        let failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        match &*failed {
            Some((when, error)) if *error.kind() == ErrorKind::Changed || when.elapsed() < FAILURE_TIME => {
                Err(error.clone())
            }
            _ => Ok(()),
        }
    }

    fn begin(&self, ranges: &[Range<u64>]) -> Result<Vec<Awaited>> {
        if ranges.iter().any(|range| range.end > self.len()) {
            return Err(Error::new(ErrorKind::Broken("the object ends before".to_owned())));
        }
        let end = (self.len() - self.end.len() as u64..self.len(), self.end.clone());
        let mut parts = AwaitedParts::new(self.blocks.as_ref(), &end);
        let awaited = ranges.iter().map(|range| parts.of(range)).collect();
        let requests = parts.into_requests();
        if !requests.is_empty() {
            let fetcher = Arc::clone(&self.fetcher);
            runtime::begin(async move { fetcher.fetch(requests).await })?;
        }
        Ok(awaited)
    }
}

impl ReadAt for RemoteObject {
    fn read_exact_at(&self, offset: u64, buf: &mut [u8]) -> io::Result<()> {
        let end = offset
            .checked_add(buf.len() as u64)
            .ok_or(io::ErrorKind::UnexpectedEof)?;
        let range = offset..end;
        let read = self.read_ranges(std::slice::from_ref(&range))?;
        buf.copy_from_slice(&read[0]);
        Ok(())
    }

    fn read_ranges(&self, ranges: &[Range<u64>]) -> io::Result<Vec<Bytes>> {
        if ranges.iter().any(|range| range.end > self.len()) {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(self.ranges(ranges)?)
    }

    fn lookahead(&self) -> u64 {
        LOOKAHEAD
    }

    fn begin_ranges(&self, ranges: &[Range<u64>]) -> Option<Vec<PendingRange>> {
        let begun = self.not_just_failed().and_then(|()| self.begin(ranges)).ok()?;
        let pending = begun
            .into_iter()
            .map(|awaited| Box::new(move || Ok(awaited.wait()?)) as PendingRange);
        Some(pending.collect())
    }

    /// What came damaged may come intact.
    fn forget(&self, range: &Range<u64>) -> bool {
        let range = range.start..range.end.min(self.len());
        if let Some(blocks) = &self.blocks {
            blocks.forget(&range);
        }
        true
    }

    fn end_at_hand(&self) -> Option<Bytes> {
        Some(self.end.clone())
    }

    fn len(&self) -> io::Result<u64> {
        Ok(self.len())
    }
}
