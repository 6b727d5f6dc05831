//! Parts of one object from its server.

use std::ops::Range;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use futures_util::TryStreamExt;
use futures_util::future::try_join_all;
use object_store::path::Path;
use object_store::{GetOptions, GetRange, GetResult, ObjectStore, ObjectStoreExt};
use tokio::sync::Semaphore;

use crate::error::{Error, ErrorKind, Result};
use crate::identity::Identity;
use crate::plan::Answer;

/// The end of an object that is read when it is opened, before its length is known. Footer, checksums, names of samples and parameters
/// of most archives are in it (docs/measurements.md, "From a bucket").
const END_LEN: u64 = 64 << 10;

/// Requests that are under way at once, for one object: with those of 40 kB that a sample of a large archive takes, what is on a line of
/// 100 MB/s whose answers take 50 ms. Others wait in the order in which they were wanted, so that what is wanted first comes first.
const MAX_REQUESTS: usize = 128;

/// An object as it was when it was opened.
pub(crate) struct Fetcher {
    store: Arc<dyn ObjectStore>,
    path: Path,
    identity: Identity,
    permits: Semaphore,
}

impl Fetcher {
    fn new(store: Arc<dyn ObjectStore>, path: Path, identity: Identity) -> Self {
        Self {
            store,
            path,
            identity,
            permits: Semaphore::new(MAX_REQUESTS),
        }
    }

    /// Opens an object, and gives its last bytes. One request, unless the server gives no ends.
    pub(crate) async fn open(store: Arc<dyn ObjectStore>, path: Path) -> Result<(Self, Bytes)> {
        let options = GetOptions::new().with_range(Some(GetRange::Suffix(END_LEN)));
        match store.get_opts(&path, options).await {
            Ok(answer) => {
                let identity = Identity::of(&answer.meta);
                let end = body(answer).await?;
                Ok((Self::new(store, path, identity), end))
            }
            Err(error) if may_give_ranges(&error) => Self::open_by_length(store, path).await,
            Err(error) => Err(error.into()),
        }
    }

    /// As [`Self::open`], where the length has to be asked for first: of an empty object there is no end, and not all servers give ends.
    async fn open_by_length(store: Arc<dyn ObjectStore>, path: Path) -> Result<(Self, Bytes)> {
        let identity = Identity::of(&store.head(&path).await?);
        let fetcher = Self::new(store, path, identity);
        let end = fetcher.len().saturating_sub(END_LEN)..fetcher.len();
        let bytes = match end.is_empty() {
            true => Bytes::new(),
            false => fetcher.request(end).await?,
        };
        Ok((fetcher, bytes))
    }

    pub(crate) fn len(&self) -> u64 {
        self.identity.len()
    }

    pub(crate) fn identity(&self) -> &Identity {
        &self.identity
    }

    /// The bytes of each of these ranges, which are asked for at once.
    pub(crate) async fn fetch(&self, ranges: Vec<Range<u64>>) -> Result<Vec<Answer>> {
        let request = async |range: Range<u64>| {
            // It is never closed.
            let _permit = self.permits.acquire().await;
            let bytes = self.request(range.clone()).await?;
            Ok((range, bytes))
        };
        try_join_all(ranges.into_iter().map(request)).await
    }

    async fn request(&self, range: Range<u64>) -> Result<Bytes> {
        let len = range.end - range.start;
        let mut options = GetOptions::new().with_range(Some(GetRange::Bounded(range)));
        options.if_match = self.identity.to_match();
        let answer = self.store.get_opts(&self.path, options).await?;
        self.identity.check(&answer.meta)?;
        let bytes = body(answer).await?;
        match bytes.len() as u64 == len {
            true => Ok(bytes),
            false => Err(Error::new(ErrorKind::Broken(format!(
                "{} bytes came instead of {len}",
                bytes.len()
            )))),
        }
    }
}

/// The bytes of an answer, and no more than it has announced.
async fn body(answer: GetResult) -> Result<Bytes> {
    let len = answer.range.end - answer.range.start;
    let mut chunks = answer.into_stream();
    let mut bytes = BytesMut::new();
    while let Some(chunk) = chunks.try_next().await? {
        if bytes.is_empty() && chunk.len() as u64 == len {
            return Ok(chunk);
        }
        if bytes.len() as u64 + chunk.len() as u64 > len {
            return Err(Error::new(ErrorKind::Broken(
                "more bytes came than were announced".to_owned(),
            )));
        }
        bytes.reserve(len as usize - bytes.len());
        bytes.extend_from_slice(&chunk);
    }
    match bytes.len() as u64 == len {
        true => Ok(bytes.freeze()),
        false => Err(Error::new(ErrorKind::Broken(format!(
            "it ended after {} of {len} bytes",
            bytes.len()
        )))),
    }
}

/// Whether a server that does not give the end of an object may give the same bytes when they are asked for by their place.
fn may_give_ranges(error: &object_store::Error) -> bool {
    matches!(
        error,
        object_store::Error::NotSupported { .. } | object_store::Error::NotImplemented { .. }
    ) || error.to_string().contains("status code: 416")
}
