//! An archive for programs that wait without holding a thread.

use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use ragc_core::{Archive, Error, OpenOptions};

use crate::address::Address;
use crate::block_cache::BlockCache;
use crate::object::RemoteObject;
use crate::runtime;

/// An archive whose queries are futures, for any executor.
///
/// A query is that of [`Archive`], on one of up to 64 threads that this crate has for it: decoding takes processor time, which must not be that of an
/// executor. Threads are started when they are needed, and end when there is nothing to do. A future that is dropped before its end leaves its query
/// running, whose answer nobody hears.
///
/// # Example
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../data/golden/archives/tiny.agc");
/// # let executor = tokio::runtime::Builder::new_current_thread().build()?;
/// # executor.block_on(async {
/// use ragc_remote::AsyncArchive;
/// let archive = AsyncArchive::of(ragc_core::Archive::open(path)?);
/// let samples = archive.samples().await?;
/// let contigs = archive.contigs(&samples[0]).await?;
/// let letters = archive.region(&samples[0], &contigs[0], 2..6).await?;
/// assert_eq!(letters.len(), 4);
/// # Ok(())
/// # })
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct AsyncArchive {
    archive: Arc<Archive>,
}

impl AsyncArchive {
    /// Opens an archive on a server, with the blocks that are kept of it if there is a cache.
    ///
    /// # Errors
    /// As [`RemoteObject::open`], as `Io`, and [`Archive::open`].
    pub async fn open(address: &Address, cache: Option<&BlockCache>) -> ragc_core::Result<Self> {
        Self::open_with(address, cache, OpenOptions::new()).await
    }

    /// As [`Self::open`], with other options.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub async fn open_with(
        address: &Address,
        cache: Option<&BlockCache>,
        options: OpenOptions,
    ) -> ragc_core::Result<Self> {
        let (address, cache) = (address.clone(), cache.cloned());
        let open = move || {
            let name = PathBuf::from(address.to_string());
            let object = match cache {
                Some(cache) => RemoteObject::open_cached(&address, &cache),
                None => RemoteObject::open(&address),
            };
            let object = object.map_err(|error| Error::from(error).in_file(&name))?;
            options.file_name(name).open_source(object)
        };
        runtime::query(open).await.map(Self::of)
    }

    /// One that is open already, of any source.
    #[must_use]
    pub fn of(archive: Archive) -> Self {
        Self {
            archive: Arc::new(archive),
        }
    }

    /// The archive, for what has no future here.
    #[must_use]
    pub fn archive(&self) -> &Arc<Archive> {
        &self.archive
    }

    /// Letters of a region, `range` of its bases, counted from 0, without its end; what lies past the end of the contig is left out.
    ///
    /// # Errors
    /// As [`Archive::region`].
    pub async fn region(
        &self,
        sample: impl AsRef<[u8]>,
        contig: impl AsRef<[u8]>,
        range: Range<u64>,
    ) -> ragc_core::Result<Vec<u8>> {
        let (sample, contig) = (sample.as_ref().to_vec(), contig.as_ref().to_vec());
        self.query(move |archive| archive.region(sample, contig, range))
            .await
    }

    /// Letters of a whole contig.
    ///
    /// # Errors
    /// As [`Archive::contig`].
    pub async fn contig(
        &self,
        sample: impl AsRef<[u8]>,
        contig: impl AsRef<[u8]>,
    ) -> ragc_core::Result<Vec<u8>> {
        let (sample, contig) = (sample.as_ref().to_vec(), contig.as_ref().to_vec());
        self.query(move |archive| archive.contig(sample, contig)).await
    }

    /// Names of all samples, in the order of the archive.
    ///
    /// # Errors
    /// As [`Archive::samples`].
    pub async fn samples(&self) -> ragc_core::Result<Vec<Vec<u8>>> {
        self.query(|archive| Ok(archive.samples()?.iter().map(<[u8]>::to_vec).collect()))
            .await
    }

    /// Names of the contigs of a sample, with all that stands in their headers.
    ///
    /// # Errors
    /// As [`Archive::contigs`].
    pub async fn contigs(&self, sample: impl AsRef<[u8]>) -> ragc_core::Result<Vec<Vec<u8>>> {
        let sample = sample.as_ref().to_vec();
        self.query(|archive| Ok(archive.contigs(sample)?.iter().map(<[u8]>::to_vec).collect()))
            .await
    }

    /// Does something with the archive on a thread for that.
    ///
    /// # Errors
    /// Those of `work`; `WorkerLost` when that panics.
    pub async fn query<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Archive) -> ragc_core::Result<T> + Send + 'static,
    ) -> ragc_core::Result<T> {
        let archive = Arc::clone(&self.archive);
        runtime::query(move || work(&archive)).await
    }
}
