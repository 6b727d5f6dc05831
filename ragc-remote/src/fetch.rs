//! Parts of one object from its server.

use std::ops::Range;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use futures_util::TryStreamExt;
use futures_util::future::join_all;
use object_store::path::Path;
use object_store::{GetOptions, GetRange, GetResult, ObjectStore, ObjectStoreExt};
use tokio::sync::Semaphore;

use crate::error::{Error, ErrorKind, Result};
use crate::identity::Identity;
use crate::pieces::{AnswerPiece, AnswerPieces};

/// The end of an object that is read when it is opened, before its length is known. Footer, checksums, names of samples and parameters
/// of most archives are in it (docs/measurements.md, "From a bucket").
const END_LEN: u64 = 64 << 10;

/// Bytes that are asked for at once, for one object: three times what is on a line of 100 MB/s whose answers take 50 ms, since a request that needs
/// a new connection takes twice as long. Others wait in the order in which they were wanted, so that what is wanted first comes first.
const MAX_UNDER_WAY: u32 = 16 << 20;

/// A request counts as so many bytes at least, which bounds the number of connections.
const MIN_COUNTED: u64 = 64 << 10;

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
            permits: Semaphore::new(MAX_UNDER_WAY as usize),
        }
    }

    /// Opens an object, and gives its last bytes. One request, unless the server gives no ends.
    pub(crate) async fn open(store: Arc<dyn ObjectStore>, path: Path) -> Result<(Self, Bytes)> {
        let options = GetOptions::new().with_range(Some(GetRange::Suffix(END_LEN)));
        match store.get_opts(&path, options).await {
            Ok(answer) => {
                let identity = Identity::of(&answer.meta);
                let mut end = BytesMut::new();
                body(answer, |chunk| end.extend_from_slice(&chunk)).await?;
                Ok((Self::new(store, path, identity), end.freeze()))
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
        let mut bytes = BytesMut::new();
        if !end.is_empty() {
            fetcher
                .request(end, |chunk| bytes.extend_from_slice(&chunk))
                .await?;
        }
        Ok((fetcher, bytes.freeze()))
    }

    pub(crate) fn len(&self) -> u64 {
        self.identity.len()
    }

    pub(crate) fn identity(&self) -> &Identity {
        &self.identity
    }

    /// Asks for pieces, each list of which is one request, and gives each when it is here.
    pub(crate) async fn fetch(&self, requests: Vec<Vec<AnswerPiece>>) {
        join_all(requests.into_iter().map(|pieces| self.fetch_together(pieces))).await;
    }

    async fn fetch_together(&self, pieces: Vec<AnswerPiece>) {
        let mut pieces = AnswerPieces::new(pieces);
        let range = pieces.range();
        let counted = (range.end - range.start).max(MIN_COUNTED);
        let counted = u32::try_from(counted).unwrap_or(u32::MAX).min(MAX_UNDER_WAY);
        // It is never closed.
        let _permits = self.permits.acquire_many(counted).await;
        if let Err(error) = self.request(range, |chunk| pieces.take(&chunk)).await {
            pieces.fail(&error);
        }
    }

    /// Asks for a range, and shows its bytes as they come.
    async fn request(&self, range: Range<u64>, see: impl FnMut(Bytes)) -> Result<()> {
        let len = range.end - range.start;
        let mut options = GetOptions::new().with_range(Some(GetRange::Bounded(range)));
        options.if_match = self.identity.to_match();
        let answer = self.store.get_opts(&self.path, options).await?;
        self.identity.check(&answer.meta)?;
        let announced = answer.range.end - answer.range.start;
        if announced != len {
            let why = format!("{announced} bytes come instead of {len}");
            return Err(Error::new(ErrorKind::Broken(why)));
        }
        body(answer, see).await
    }
}

/// Shows the bytes of an answer as they come, and no more than it has announced.
async fn body(answer: GetResult, mut see: impl FnMut(Bytes)) -> Result<()> {
    let len = answer.range.end - answer.range.start;
    let mut chunks = answer.into_stream();
    let mut n_seen = 0;
    while let Some(chunk) = chunks.try_next().await? {
        n_seen += chunk.len() as u64;
        if n_seen > len {
            return Err(Error::new(ErrorKind::Broken(
                "more bytes came than were announced".to_owned(),
            )));
        }
        see(chunk);
    }
    match n_seen == len {
        true => Ok(()),
        false => Err(Error::new(ErrorKind::Broken(format!(
            "it ended after {n_seen} of {len} bytes"
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
